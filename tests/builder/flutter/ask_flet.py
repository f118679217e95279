"""Asks flet_cli what it makes of projects: run as a program, with cases as JSON on stdin.

A case is `{folder, target, argv}`; the answer to each is what cookiecutter would be given, or the
message with which the official tool would end.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """What one project becomes."""
    from flet_cli.commands.build import Command
    from flet_cli.utils.pyproject_toml import load_pyproject_toml

    parser = argparse.ArgumentParser()
    command: Any = Command(parser)
    command.options = parser.parse_args([case["target"], case["folder"], *case["argv"]])
    command.target_platform = case["target"]
    about = command.platforms[case["target"]]
    command.package_platform = about["package_platform"]
    command.config_platform = about["config_platform"]
    command.python_app_path = Path(case["folder"])
    command.flutter_dir = Path(case["folder"]) / "build" / "flutter"
    command.get_pyproject = load_pyproject_toml(command.python_app_path)
    command.python_release = SimpleNamespace(
        short="3.14", pyodide="314.0.7", android_abis=["arm64-v8a", "x86_64", "armeabi-v7a"]
    )
    command.python_module_name = "main"
    command.cleanup = _end
    try:
        command.setup_template_data()
        lane = command.resolve_macos_distribution() if case["target"] == "macos" else "none"
    except _Ended as ended:
        return {"ended": str(ended)}
    return {**command.template_data, "macos_distribution": lane, "pyproject": None}


class _Ended(Exception):
    """The official tool would leave here."""


def _end(code: int, message: Any = None, **more: Any) -> None:
    raise _Ended(str(message))


if __name__ == "__main__":
    out, sys.stdout = sys.stdout, sys.stderr
    json.dump([answer(case) for case in json.load(sys.stdin)], out, default=str)
