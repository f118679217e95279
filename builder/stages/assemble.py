"""Stage: the program and the app's code become the folder that is handed over."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from pathlib import Path

from builder import host
from builder.desktop import flet_client, linux_entry
from builder.desktop.runtime.about import CODE, FILE
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError
from builder.stages import (
    app_code,
    app_icon,
    desktop_client,
    file_problem,
    fingerprint,
    freeze,
    second_name,
)

ASSEMBLED = "assembled"
_INNER = "_internal"
"""The folder beside a program in which PyInstaller puts everything else."""


def stage() -> Stage:
    """The stage for the pipeline."""
    after = ("freeze", "code", "icon")
    return Stage("assemble", "Put the app together", run, reads, (ASSEMBLED,), after=after)


def reads(build: Build) -> dict[str, str]:
    """The code, and the program by its time: it is made anew when anything in it changes."""
    made = freeze.program(build).stat()
    return {
        "the app's code": app_code.digest(build),
        "the program": f"{made.st_mtime_ns} {made.st_size}",
        **_of_menu(build),
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
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "not-assembled", "The app")) from error


def program(build: Build) -> Path:
    """What is started of the assembled app."""
    made = freeze.program(build)
    return build.work / ASSEMBLED / made.relative_to(build.work / freeze.FROZEN / "dist")


def top(build: Build) -> Path:
    """The folder that is handed out as a whole: that of the program, or of the one file."""
    made = build.work / ASSEMBLED
    is_alone = host.current() == "macos" or build.settings.desktop.one_file
    return made if is_alone else made / freeze.name(build)


def _assemble(build: Build, fresh: Path) -> None:
    made = freeze.program(build)
    fresh.mkdir(parents=True)
    if host.current() == "macos":
        bundle = made.parents[2]
        shutil.copytree(bundle, fresh / bundle.name, symlinks=True, copy_function=second_name.give)
        return
    if build.settings.desktop.one_file:
        place = fresh
        second_name.give(str(made), str(place / made.name))
    else:
        place = fresh / made.parent.name
        shutil.copytree(made.parent, place, symlinks=True, copy_function=second_name.give)
        _put_code(build.work / app_code.CODE, place / _INNER)
        _put_at_top(app_code.for_top_of_bundle(build), place / _INNER)
    if host.current() == "linux":
        linux_entry.write(_entry(build), app_icon.hicolor(build), place)


def _put_code(code: Path, inner: Path) -> None:
    shutil.copytree(code / CODE, inner / CODE, copy_function=second_name.give)
    shutil.copy2(code / FILE, inner / FILE)


def _put_at_top(paths: Sequence[Path], inner: Path) -> None:
    """Put them beside the packages, where nothing has their name yet."""
    for path in paths:
        if (inner / path.name).exists():
            continue
        if path.is_dir():
            without = shutil.ignore_patterns("*.py")
            shutil.copytree(path, inner / path.name, ignore=without, copy_function=second_name.give)
        else:
            second_name.give(str(path), str(inner / path.name))


def _entry(build: Build) -> linux_entry.Entry:
    """How the app stands in the menu of a Linux desktop."""
    settings = build.settings
    return linux_entry.Entry(
        id=settings.bundle_id,
        name=settings.product,
        comment=settings.description,
        program=freeze.name(build),
        categories=settings.flutter.linux_categories,
        terminal=settings.desktop.console,
        window=flet_client.window_class(desktop_client.of(build)),
    )


def _of_menu(build: Build) -> dict[str, str]:
    if host.current() != "linux":
        return {}
    return {
        "the menu's entry": linux_entry.text(_entry(build), ""),
        "the icons": fingerprint.of_folder(app_icon.hicolor(build)),
        "what puts it into the menu": fingerprint.of_folder(linux_entry.TEMPLATES),
    }
