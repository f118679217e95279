"""Stage: the Flutter sides of the app's extensions, which their Python packages bring along."""

from __future__ import annotations

import shutil
from pathlib import Path

from builder.flutter import layout
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import Problem, ToolError
from builder.stages import package_python

_NOTE = "extensions.json"


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "extensions",
        "Register Flutter extensions",
        run,
        reads,
        writes=(_NOTE,),
        after=("package",),
        missing=_missing,
    )


def reads(build: Build) -> dict[str, str]:
    """Which packages are installed; with those of the last time nothing is to be done."""
    return {"the installed packages": package_python.installed(build)}


def run(job: Job) -> None:
    """Put those of the latest install in the place of the earlier ones, and note them."""
    build = job.build
    final, temp = build.work / layout.FLUTTER_PACKAGES, build.work / layout.FLUTTER_PACKAGES_TEMP
    expected = list(package_python.extensions_expected(build))
    if temp.is_dir():
        shutil.rmtree(final, ignore_errors=True)
        temp.rename(final)
    elif not expected:
        shutil.rmtree(final, ignore_errors=True)
    lost = [name for name in expected if not (final / name).is_dir()]
    if lost:
        raise ToolError(_lost(lost))
    names = [name for name in expected if (final / name / layout.PUBSPEC).is_file()]
    write_json(build.work / _NOTE, {"extensions": names})
    if names:
        job.log(f"Flutter extensions: {', '.join(names)}")


def of(build: Build) -> dict[str, Path]:
    """Dart package -> its folder, for a build whose extensions stage is done."""
    names = read_json(build.work / _NOTE).get("extensions", ())
    return {str(name): build.work / layout.FLUTTER_PACKAGES / str(name) for name in names}


def _missing(build: Build) -> str:
    gone = [name for name, folder in of(build).items() if not (folder / layout.PUBSPEC).is_file()]
    return f"the Flutter package {gone[0]}" if gone else ""


def _lost(names: list[str]) -> Problem:
    return Problem(
        "extensions-lost",
        f"The Flutter side of {', '.join(names)} is not there any more",
        "Something removed it from the work folder during the build.",
        "Build again: the packages are then installed anew.",
    )
