"""Flet's ready-made web client: what is in it, and which of its files a site needs.

Everything about Pyodide and its Python is read from the client itself: a new Flet brings its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from builder.index import TargetPython, applies
from builder.problems import Problem, ToolError

_NOTICES = "assets/NOTICES"


@dataclass(frozen=True)
class Client:
    """A client in the cache: the Flet version that it belongs to, its folder, what it brings."""

    flet: str
    folder: Path
    pyodide: str
    python: TargetPython
    build_config: dict[str, Any]

    @property
    def stdlib(self) -> Path:
        """Python's standard library, a zip of sources."""
        return self.folder / "pyodide" / "python_stdlib.zip"


def read(flet: str, folder: Path) -> Client:
    """Read what the client in `folder` brings.

    Raises ToolError when it is not a client that we know how to start.
    """
    try:
        lock = json.loads((folder / "pyodide" / "pyodide-lock.json").read_text("utf-8"))["info"]
        package = json.loads((folder / "pyodide" / "package.json").read_text("utf-8"))
        bootstrap = (folder / "flutter_bootstrap.js").read_text("utf-8")
        return Client(
            flet=flet,
            folder=folder,
            pyodide=package["version"],
            python=_target_python(lock),
            build_config=_build_config(bootstrap),
        )
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise ToolError(not_understood(flet, f"{type(error).__name__}: {error}")) from error


def not_understood(flet: str, what: str) -> Problem:
    """The problem of a client that is built in another way than those we know."""
    return Problem(
        "client-not-understood",
        f"The web client of Flet {flet} is not built as Slipway expects",
        f"What did not fit: {what}",
        "Use another version of Flet for this project, or a newer Slipway.",
    )


def may_apply(requirement: str) -> bool:
    """Whether a requirement holds in a browser, as far as one can say before a client is chosen.

    The client brings the Python, so a marker that asks for one holds when any would do.
    """
    info = {"arch": "wasm32", "abi_version": "", "platform": "emscripten"}
    pythons = (f"3.{minor}.0" for minor in range(11, 31))
    return any(
        applies(requirement, _target_python({**info, "python": python}).markers)
        for python in pythons
    )


def _target_python(info: dict[str, Any]) -> TargetPython:
    """The target that the lock of a Pyodide describes; tags newest scheme first (PEP 783)."""
    python, arch = info["python"], info["arch"]
    abi = info["abi_version"]
    system, _, _ = info["platform"].partition("_")
    return TargetPython(
        version=python,
        platforms=(
            f"py{system}_{abi}_{arch}",
            f"pyodide_{abi}_{arch}",
            f"{info['platform']}_{arch}",
        ),
        markers={
            "implementation_name": "cpython",
            "implementation_version": python,
            "os_name": "posix",
            "platform_machine": arch,
            "platform_python_implementation": "CPython",
            "platform_release": info["platform"].partition("_")[2].replace("_", "."),
            "platform_system": system.capitalize(),
            "platform_version": "",
            "python_full_version": python,
            "python_version": ".".join(python.split(".")[:2]),
            "sys_platform": system,
        },
    )


def _build_config(bootstrap: str) -> dict[str, Any]:
    found = re.search(r"_flutter\.buildConfig\s*=\s*(\{.*?\});", bootstrap, re.DOTALL)
    if not found:
        raise ValueError("no build configuration in flutter_bootstrap.js")
    config: dict[str, Any] = json.loads(found[1])
    if not all(isinstance(build, dict) for build in config["builds"]):
        raise ValueError("builds in flutter_bootstrap.js that are none")
    return config


# ---- Which files a site needs ----------------------------------------------------------------

# Replaced by ours, or of use only to those who work on the client.
_NEVER = (
    "index.html", "python.js", "python-worker.js", "manifest.json", "version.json",
    "flutter_bootstrap.js", "flutter_service_worker.js", "*.symbols", "*.map", _NOTICES,
    "icons/loading-animation.png",
    "pyodide/*.d.ts", "pyodide/*.whl", "pyodide/pyodide.js", "pyodide/python",
    "pyodide/python.bat", "pyodide/python.exe", "pyodide/*_cli_*", "pyodide/package.json",
    "canvaskit/wimp*", "canvaskit/experimental_webparagraph/*",
)  # fmt: skip
_ONLY_SKWASM = ("main.dart.wasm", "main.dart.mjs", "canvaskit/skwasm*")
_ONLY_CANVASKIT = ("main.dart.js", "canvaskit/canvaskit.*", "canvaskit/chromium/*")

# Fonts and scripts that serve one package of Flet's each.
_ONLY_WITH = {
    "flet-video": ("assets/packages/media_kit/*",),
    "flet-audio-recorder": ("assets/packages/record_web/*",),
    "flet-map": ("assets/packages/flutter_map/*",),
}
# Twenty fonts for formulas, all of them loaded at the start by whoever has them.
_ONLY_WITH_FORMULAS = ("assets/packages/flutter_math_fork/*",)


def files(
    client: Client, renderer: str, packages: Sequence[str], *, formulas: bool
) -> Iterator[str]:
    """The files of the client that a site needs, relative to its folder, with `/`.

    `renderer` is `auto`, `canvaskit` or `skwasm`; `packages` are the names of the app's packages,
    `formulas` whether it may show formulas.
    """
    patterns = [*_NEVER]
    if renderer == "canvaskit":
        patterns += _ONLY_SKWASM
    if renderer == "skwasm":
        patterns += _ONLY_CANVASKIT
    if not formulas:
        patterns += _ONLY_WITH_FORMULAS
    for package, its in _ONLY_WITH.items():
        if package not in packages:
            patterns += its
    for path in sorted(client.folder.rglob("*")):
        relative = path.relative_to(client.folder)
        if path.is_file() and not _matches(PurePosixPath(relative.as_posix()), patterns):
            yield relative.as_posix()


def notices(client: Client) -> Path:
    """The licence notices of all that the client is made of."""
    return client.folder / _NOTICES


def builds(client: Client, renderer: str) -> dict[str, Any]:
    """The client's build configuration with the builds whose files are in the site."""
    wanted = [
        build
        for build in client.build_config["builds"]
        if renderer == "auto" or build.get("renderer") == renderer
    ]
    return {**client.build_config, "builds": wanted}


def _matches(path: PurePosixPath, patterns: Sequence[str]) -> bool:
    return any(_match(path, pattern) for pattern in patterns)


def _match(path: PurePosixPath, pattern: str) -> bool:
    """`*.map` matches in every folder, `a/*` all below `a`, anything else the whole path."""
    if "/" not in pattern and "*" in pattern:
        return path.match(pattern)
    if pattern.endswith("/*"):
        return path.is_relative_to(pattern[:-2])
    return len(path.parts) == len(PurePosixPath(pattern).parts) and path.match(pattern)
