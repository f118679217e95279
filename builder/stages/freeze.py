"""Stage: PyInstaller makes a program of Python, the packages and our launcher.

The app's own code comes beside it in the next stage, so that a change of code alone does not run
PyInstaller again; only one executable, and a bundle of macOS, hold the code themselves.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder import host
from builder.desktop import freeze_failure, imports, info_plist, program_name, version_resource
from builder.desktop.runtime import about as packed
from builder.pipeline import Build, Job, Stage
from builder.process import Stream
from builder.stages import app_code, app_icon, desktop_client, environment, fingerprint

FROZEN = "frozen"
"""The folder in which PyInstaller's result lies, below `dist`."""

_SPEC = Path(__file__).parents[1] / "desktop" / "bundle.spec"
_RUNTIME = Path(__file__).parents[1] / "desktop" / "runtime"
_VERSION = "version.txt"
_LAUNCHER = "from slipway_desktop.start import main\n\nmain()\n"

# Neither imported by the app nor of any use in it.
_TOOLS = ("pyinstaller", "pyinstaller-hooks-contrib", "altgraph", "pip", "setuptools", "pefile",
          "macholib", "pywin32-ctypes")  # fmt: skip

# What Flet's web client has for other ways to draw, and for Python in the browser.
_FLET_WEB_LEFT_OUT = (
    "/pyodide/", "skwasm", "wimp", ".symbols", "main.dart.wasm", "main.dart.mjs",
    "experimental_webparagraph", "flutter.js.map",
)  # fmt: skip


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "freeze",
        "Pack Python and the packages",
        run,
        reads,
        writes=(f"{FROZEN}/dist",),
        after=("environment", "code", "icon"),
    )


def reads(build: Build) -> dict[str, str]:
    """The packages, what the code imports, and all that shows in the program."""
    plan = _plan(build)
    listed = {f"the package {n}": v for n, v in environment.packages(build).items()}
    held = {"the app's code": app_code.digest(build)} if holds_code(build) else {}
    return {
        **listed,
        **held,
        "Python": environment.version(build),
        "what the code imports": _imported(build),
        "how it is packed": json.dumps(plan, sort_keys=True),
        "what Windows shows of it": _version(build),
        "Flet's own client": desktop_client.checksum(build),
        "the icon": fingerprint.of_file(Path(plan["icon"])) if plan["icon"] else "",
        "what starts it": fingerprint.of_folder(_RUNTIME, "*.py") + fingerprint.of_file(_SPEC),
    }


def run(job: Job) -> None:
    """Run PyInstaller; raises what its words mean when it fails."""
    build = job.build
    place = build.work / FROZEN
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(
        _RUNTIME, place / "path" / "slipway_desktop", ignore=shutil.ignore_patterns("__pycache__")
    )
    (place / "path" / f"{imports.MODULE}.py").write_text(_imported(build), encoding="utf-8")
    (place / "launch.py").write_text(_LAUNCHER, encoding="utf-8")
    (place / _VERSION).write_text(_version(build), encoding="ascii")
    (place / "plan.json").write_text(json.dumps(_plan(build), indent=1), encoding="utf-8")
    steps = _Steps(job)
    finished = job.run_tool(
        [
            *[str(environment.python(build)), "-m", "PyInstaller", "--noconfirm", str(_SPEC)],
            *["--distpath", str(place / "dist"), "--workpath", str(place / "build")],
        ],
        cwd=place,
        env={
            "SLIPWAY_PLAN": str(place / "plan.json"),
            "PYINSTALLER_CONFIG_DIR": str(place / "config"),
            "PYTHONNOUSERSITE": "1",
            "FLET_CLIENT_URL": "file:///no-client-is-fetched-here",
        },
        watch=steps.watch,
    )
    if finished.status != 0 or not program(build).exists():
        raise freeze_failure.told(finished)


def name(build: Build) -> str:
    """The name of the program, without an ending."""
    return program_name.of(build.settings.flutter.artifact or build.settings.project)


def program(build: Build) -> Path:
    """What PyInstaller made that is started: in its folder, or alone."""
    dist = build.work / FROZEN / "dist"
    ending = ".exe" if host.current() == "windows" else ""
    if host.current() == "macos":
        return dist / f"{name(build)}.app" / "Contents" / "MacOS" / name(build)
    inner = dist if build.settings.desktop.one_file else dist / name(build)
    return inner / f"{name(build)}{ending}"


def holds_code(build: Build) -> bool:
    """Whether the program holds the app's code, so that it is made anew when that changes."""
    return build.settings.desktop.one_file or host.current() == "macos"


# ---- What is packed --------------------------------------------------------------------------


def _plan(build: Build) -> dict[str, Any]:
    place, settings = build.work / FROZEN, build.settings
    is_flet = build.project.kind != "flask"
    code = build.work / app_code.CODE
    names = set(environment.packages(build))
    at_top = app_code.for_top_of_bundle(build) if holds_code(build) else []
    return {
        "name": name(build),
        "launcher": str(place / "launch.py"),
        "paths": [str(place / "path")],
        "hidden_imports": imports.of_packages(names) + (
            ["flet_desktop"] if is_flet and environment.is_native(build) else []
        ),
        "data_of": _data_of(build),
        "submodules_of": imports.whole(names, settings.desktop.hidden_imports) + (
            ["flet_web", "uvicorn", "websockets"] if "flet-web" in names else []
        ),
        "left_out": list(_FLET_WEB_LEFT_OUT) if "flet-web" in names else [],
        "tools": list(_TOOLS),
        "excludes": ["PyInstaller", "pip"],
        "datas": [
            [str(code / packed.CODE), packed.CODE],
            [str(code / packed.FILE), "."],
            *[[str(path), path.name if path.is_dir() else "."] for path in at_top],
        ] if holds_code(build) else [],
        "client": [str(file) for file in desktop_client.files(build)],
        "one_file": settings.desktop.one_file,
        "console": settings.desktop.console,
        "icon": _icon(build),
        "version_file": str(place / _VERSION) if _version(build) else "",
        "macos": host.current() == "macos",
        "bundle_id": settings.bundle_id,
        "info_plist": info_plist.entries(settings) if host.current() == "macos" else {},
    }  # fmt: skip


def _data_of(build: Build) -> list[str]:
    """The packages whose own files come along: those that the project asks for itself."""
    names = set(environment.packages(build))
    asked = {need.name for need in build.project.requirements}
    if build.project.kind != "flask":
        asked |= {name for name in names if name.startswith(("flet-desktop", "flet-web"))}
        asked.add("flet")
    return sorted(asked & names)


def _imports(build: Build) -> list[str]:
    files = [file.path for file in build.project.selection.files]
    return imports.of(build.project.app_folder, files)


def _imported(build: Build) -> str:
    flask = build.project.flask
    found = [one.module for one in flask.hidden_imports] if flask else []
    return imports.module(_imports(build), [*found, *build.settings.desktop.hidden_imports])


def _icon(build: Build) -> str:
    """The icon in the form that PyInstaller takes here; Linux has it beside the program."""
    return str(app_icon.for_program(build) or "")


def _version(build: Build) -> str:
    """What Windows shows of the program; "" on other systems."""
    if host.current() != "windows":
        return ""
    return version_resource.text(build.settings, name(build))


# ---- How far it is ---------------------------------------------------------------------------

_MARKS = (
    ("Analyzing", 0.1, "looking for what is needed"),
    ("Processing standard module hook", 0.3, "collecting modules"),
    ("Looking for dynamic libraries", 0.6, "collecting libraries"),
    ("Building PYZ", 0.75, "packing modules"),
    ("Building PKG", 0.8, "packing modules"),
    ("Building EXE", 0.85, "making the program"),
    ("Building COLLECT", 0.9, "putting everything together"),
)


class _Steps:
    """Turns PyInstaller's lines into progress that never goes back."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._done = 0.0

    def watch(self, _stream: Stream, lines: Sequence[str]) -> None:
        for line in lines:
            for mark, done, words in _MARKS:
                if mark in line and done >= self._done and re.match(r"\d+ INFO", line):
                    self._done = done
                    self._job.progress(done, 1, "", words)
