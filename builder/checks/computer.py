"""Checks what the build needs of this computer: room on the disk, and the network or not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from builder.amounts import in_words
from builder.checks.finding import Finding, fail, ok
from builder.pipeline import Build
from builder.problems import ComputerError, Problem

MB = 1_000_000
WORK_BYTES = 250 * MB  # client wheel and its content (110 MB), packages, the site
RESULT_BYTES = 60 * MB  # a web site with its client, while the previous one is still there


def check_disk(
    build: Build, work_bytes: int = WORK_BYTES, result_bytes: int = RESULT_BYTES
) -> Finding:
    """Whether there is room for the work and for the result, besides what the app itself takes."""
    title = "Enough room on the disk"
    places = {
        build.work: work_bytes + 3 * build.project.bytes,  # copied, compiled, packed
        build.output: result_bytes + 2 * build.project.bytes,
    }
    free = {folder: _free(folder) for folder in places}
    for folder, needed in places.items():
        if free[folder] < needed:
            return fail("disk", title, _too_little(folder, needed, free[folder]))
    return ok("disk", title, f"{in_words(min(free.values()))} free")


def check_network(needs_network: str) -> Finding:
    """Whether the network is needed: `needs_network` is the backend's sentence, "" for no."""
    detail = needs_network or "Not needed: everything is on this computer."
    return ok("network", "Network", detail)


def _free(folder: Path) -> int:
    """Free bytes on the disk where `folder` is, or will be."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _too_little(folder: Path, needed: int, free: int) -> ComputerError:
    return ComputerError(
        Problem(
            "disk-full",
            f"There is too little room on the disk: {in_words(free)} are free",
            f"This build needs about {in_words(needed)} for {folder}.",
            "Free some space, or choose a folder on another disk, and build again.",
            where=str(folder),
        )
    )
