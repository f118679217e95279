"""Stage: everything that is handed over: the app, an archive to send, its checksum, and a page.

It works beside the trial, which mostly waits; nothing is handed over before both are done.
"""

from __future__ import annotations

import errno
import hashlib
import platform
import shutil
from pathlib import Path

from builder import host
from builder.desktop import archive, how_to_open
from builder.desktop.how_to_open import Guided
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError
from builder.stages import (
    app_icon,
    assemble,
    environment,
    file_problem,
    fingerprint,
    freeze,
    second_name,
)
from builder.stages.collect import file_name

READY = "ready"
"""The folder of what is handed over."""

KEPT = f"{freeze.FROZEN}/packed"
"""The part of the archive that stays as it is while only the app's code changes."""

_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("ready", "Make it ready to send", run, reads, (READY,), after=("assemble",))


def reads(build: Build) -> dict[str, str]:
    """What was put together, and all that the archive and the page say of it."""
    settings = build.settings
    return {
        **assemble.reads(build),
        "the name": settings.product,
        "the app's ID": settings.bundle_id,
        "the version": settings.build_version,
        "the name of the archive": archive_name(build),
        "the icon": fingerprint.of_file(build.work / app_icon.ICON / app_icon.PAGE),
        "the page": fingerprint.of_folder(how_to_open.PAGES)
        + fingerprint.of_file(Path(how_to_open.__file__)),
        "how it is packed": fingerprint.of_file(Path(archive.__file__)),
    }


def run(job: Job) -> None:
    """Make it all beside the old one, then take its place."""
    build = job.build
    fresh, final = build.work / f"{READY}.new", build.work / READY
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        made = build.work / assemble.ASSEMBLED
        shutil.copytree(made, fresh, symlinks=True, copy_function=second_name.give)
        _add_archive(job, fresh)
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "not-made-ready", "The archive")) from error


def program(build: Build) -> Path:
    """What is started, in the folder that is handed over."""
    made = assemble.program(build)
    return build.work / READY / made.relative_to(build.work / assemble.ASSEMBLED)


def archive_name(build: Build) -> str:
    """The archive's file name: the app's, its version, and for which computers it is."""
    system = host.current()
    machine = platform.machine().lower()
    parts = (freeze.name(build), build.settings.build_version, system,
             _PROCESSORS.get(machine, machine))  # fmt: skip
    return file_name("-".join(parts)) + archive.ending(system)


def _add_archive(job: Job, fresh: Path) -> None:
    build = job.build
    page = fresh / how_to_open.name(build.settings.product)
    page.write_text(how_to_open.page(_guided(build)), encoding="utf-8")
    packed = fresh / archive_name(build)

    def tick(done: int, total: int) -> None:
        job.progress(done, total, "files")

    made = assemble.top(build)
    frozen = build.work / freeze.FROZEN / "dist" / made.relative_to(build.work / assemble.ASSEMBLED)
    kept = archive.Kept(build.work / KEPT, frozen)
    archive.pack(made, freeze.name(build), packed, {page.name: page}, kept, tick)
    with packed.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    # As `sha256sum -c` reads it.
    beside = packed.with_name(f"{packed.name}.sha256")
    beside.write_text(f"{digest}  {packed.name}\n", encoding="utf-8", newline="\n")
    job.log(f"{packed.name}: {packed.stat().st_size / 1e6:.1f} MB")


def _guided(build: Build) -> Guided:
    system, settings = host.current(), build.settings
    ending = {"windows": ".exe", "macos": ".app"}.get(system, "")
    machine = platform.machine().lower()
    return Guided(
        product=settings.product,
        version=settings.build_version,
        app_id=settings.bundle_id,
        system=system,
        processor=_PROCESSORS.get(machine, machine),
        program=freeze.name(build) + ending,
        folder=freeze.name(build),
        archive=archive_name(build),
        icon=(build.work / app_icon.ICON / app_icon.PAGE).read_bytes(),
        is_native=build.project.kind != "flask" and environment.is_native(build),
    )
