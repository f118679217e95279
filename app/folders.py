"""What the folder browser shows: the folders in a folder, and which of them look like projects."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.images import sources

Looks = Literal["", "flet", "flask", "python"]

MOST = 500  # more folders than anyone scrolls through
PICTURE_SUFFIXES = frozenset(sources.RANK)
_READ = 64 * 1024  # bytes of a file; what is asked for stands near its top
_TELLING = ("pyproject.toml", "requirements.txt", "main.py", "src/main.py", "app.py")


@dataclass(frozen=True)
class Entry:
    """One folder, and what kind of project it looks like from outside."""

    path: Path
    looks: Looks = ""


@dataclass(frozen=True)
class Listing:
    """The folders in `folder`; `trouble` is the system's word when it cannot be read.

    `files` are those in it that were asked for.
    """

    folder: Path
    entries: Sequence[Entry] = ()
    looks: Looks = ""
    more: int = 0
    trouble: str = ""
    files: Sequence[Path] = ()


def listing(folder: Path, *, suffixes: Collection[str] = ()) -> Listing:
    """Look into a folder. Never raises; takes as long as the disk does, so call it in a thread.

    With `suffixes` (".png") the files that end so are listed as well, and nobody asks which folders
    are projects.
    """
    try:
        with os.scandir(folder) as found:
            inside = sorted(found, key=lambda one: one.name.casefold())
    except OSError as error:
        return Listing(folder, trouble=error.strerror or str(error))
    names = [one.name for one in inside if _is_shown(one)]
    more = max(0, len(names) - MOST)
    if suffixes:
        files = [folder / one.name for one in inside if _ends_in(one, suffixes)]
        entries = [Entry(folder / name) for name in names[:MOST]]
        return Listing(folder, entries, more=more, files=files[:MOST])
    entries = [Entry(folder / name, looks_like(folder / name)) for name in names[:MOST]]
    return Listing(folder, entries, looks_like(folder), more)


def looks_like(folder: Path) -> Looks:
    """What kind of project a folder looks like, from a few small files; "" for none."""
    text, there = "", False
    for name in _TELLING:
        try:
            with (folder / name).open("rb") as file:
                text += file.read(_READ).decode("utf-8", "replace").lower()
                there = True
        except OSError:  # not there, or not ours to read: then it tells nothing
            continue
    if "flet" in text:
        return "flet"
    if "flask" in text:
        return "flask"
    return "python" if there else ""


def crumbs(folder: Path) -> list[Path]:
    """The way to a folder from the top, itself last."""
    return [*reversed(folder.parents), folder]


def is_wide(folder: Path) -> bool:
    """Whether a folder holds much more than one project: a whole disk, or the home folder."""
    return folder == folder.parent or Path.home().is_relative_to(folder)


def _ends_in(entry: os.DirEntry[str], suffixes: Collection[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return Path(entry.name).suffix.lower() in suffixes


def _is_shown(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name in ("__pycache__", "node_modules"):
        return False
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False
