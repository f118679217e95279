"""Stage: the program and the app's code become the folder that is handed over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from builder import host
from builder.desktop.runtime.about import CODE, FILE
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError
from builder.stages import app_code, file_problem, freeze

ASSEMBLED = "assembled"
_INNER = "_internal"
"""The folder beside a program in which PyInstaller puts everything else."""


def stage() -> Stage:
    """The stage for the pipeline."""
    after = ("freeze", "code")
    return Stage("assemble", "Put the app together", run, reads, (ASSEMBLED,), after=after)


def reads(build: Build) -> dict[str, str]:
    """The code, and the program by its time: it is made anew when anything in it changes."""
    made = freeze.program(build).stat()
    return {
        "the app's code": app_code.digest(build),
        "the program": f"{made.st_mtime_ns} {made.st_size}",
    }


def run(job: Job) -> None:
    """Put it together beside the old one, then take its place."""
    fresh, final = job.build.work / f"{ASSEMBLED}.new", job.build.work / ASSEMBLED
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _assemble(job.build, fresh)
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
    except OSError as error:
        raise ComputerError(file_problem.of(error, "not-assembled", "The app")) from error


def program(build: Build) -> Path:
    """What is started of the assembled app."""
    made = freeze.program(build)
    return build.work / ASSEMBLED / made.relative_to(build.work / freeze.FROZEN / "dist")


def _assemble(build: Build, fresh: Path) -> None:
    made = freeze.program(build)
    fresh.mkdir(parents=True)
    if host.current() == "macos":
        bundle = made.parents[2]
        shutil.copytree(bundle, fresh / bundle.name, symlinks=True, copy_function=_link)
        return
    if build.settings.desktop.one_file:
        _link(str(made), str(fresh / made.name))
        return
    shutil.copytree(made.parent, fresh / made.parent.name, symlinks=True, copy_function=_link)
    inner = fresh / made.parent.name / _INNER
    code = build.work / app_code.CODE
    shutil.copytree(code / CODE, inner / CODE, copy_function=_link)
    shutil.copy2(code / FILE, inner / FILE)


def _link(source: str, target: str) -> str:
    """The same file under another name: nothing changes it later, and copying takes time."""
    try:
        os.link(source, target)
    except OSError:  # not every disk can
        shutil.copy2(source, target)
    return target
