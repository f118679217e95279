"""A build of a desktop app that PyInstaller is done with: what it leaves, in small."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder import host, settings
from builder.history import write_json
from builder.pipeline import Build
from builder.stages import app_icon, freeze
from tests.builder.fake_build import fake_build, write


def frozen_app(folder: Path, **options: Any) -> Build:
    """The build for the system that `host.current` names; its stages up to `freeze` are done."""
    system = host.current()
    made = fake_build(folder, {}, **options)
    of_system, _ = settings.resolve(
        made.project.pyproject, made.project.folder, target=system, options=options
    )
    build = replace(made, target=system, settings=of_system)
    program = freeze.program(build)
    write(
        build.work,
        {
            "code/app/main.py": "print('hello')\n",
            "code/slipway.json": "{}",
            f"icon/hicolor/48x48/apps/{of_system.bundle_id}.png": "icon",
            f"icon/{app_icon.PAGE}": "icon",
            program.relative_to(build.work).as_posix(): "program",
        },
    )
    program.chmod(0o755)
    if not of_system.desktop.one_file or system == "macos":
        inner = program.parent / "_internal"
        write(inner, {"lib.so": "library"})
        if os.name != "nt":
            (inner / "lib.so.1").symlink_to("lib.so")
    write_json(build.work / "environment.json", {"packages": {"flet": "1"}, "python": "3.12.1"})
    return build
