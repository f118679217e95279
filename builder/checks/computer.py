"""Checks what the build needs of this computer: room on the disk, and the network or not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from builder.amounts import in_words
from builder.checks.finding import Finding, fail, ok
from builder.pipeline import Build
from builder.problems import ComputerError, Problem

MB = 1_000_000


@dataclass(frozen=True)
class Room:
    """Bytes that a build takes besides the app itself: for its work, and for its result.

    `elsewhere` is what tools of others keep in folders of their own.
    """

    work: int
    result: int
    elsewhere: Mapping[Path, int] = field(default_factory=dict)


def check_disk(build: Build, room: Room) -> Finding:
    """Whether there is room for the work and for the result, on one disk or on several."""
    title = "Enough room on the disk"
    places = {
        build.work: room.work + 3 * build.project.bytes,  # copied, compiled, packed
        # Besides the previous one, which is there until the new one is whole.
        build.output: room.result + 2 * build.project.bytes,
        **room.elsewhere,
    }
    free = {folder: _free(folder) for folder in places}
    for disk in _disks(places):
        needed, first = sum(places[folder] for folder in disk), disk[0]
        if free[first] < needed:
            return fail("disk", title, _too_little(first, needed, free[first]))
    return ok("disk", title, f"{in_words(min(free.values()))} free")


def _disks(places: Iterable[Path]) -> list[list[Path]]:
    """The folders that lie on the same disk together."""
    together: dict[int, list[Path]] = {}
    for folder in places:
        together.setdefault(_there(folder).stat().st_dev, []).append(folder)
    return list(together.values())


def check_network(needs_network: str) -> Finding:
    """Whether the network is needed: `needs_network` is the backend's sentence, "" for no."""
    detail = needs_network or "Not needed: everything is on this computer."
    return ok("network", "Network", detail)


def _free(folder: Path) -> int:
    """Free bytes on the disk where `folder` is, or will be."""
    return shutil.disk_usage(_there(folder)).free


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    while not os.path.exists(folder) and folder != folder.parent:  # noqa: PTH110 - never raises
        folder = folder.parent
    return folder


def _too_little(folder: Path, needed: int, free: int) -> ComputerError:
    return ComputerError(
        Problem(
            "disk-full",
            f"There is too little room on the disk: {in_words(free)} are free",
            f"This build needs about {in_words(needed)} on the disk of {folder}.",
            "Free some space, or choose a folder on another disk, and build again.",
            where=str(folder),
        )
    )
