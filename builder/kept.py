"""Folders that the cache keeps: each appears in one step, and counts only while it is whole.

Two builds may make the same folder at once, a build may be killed in the middle, and somebody may
tidy up by hand. So a folder is made beside its place, with a list of its files, and then moved
there; whoever comes second finds it and lets it be.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builder import places
from builder.history import read_json, write_json
from builder.problems import ComputerError, Problem

_LIST = ".files.json"
_FRESH = "new-"
_TRIES = 10  # another build may be faster, and Windows holds on to what was just written
_PAUSE = 0.1  # seconds
_LEFT_BEHIND = 24 * 3600  # seconds after which nobody works on a fresh folder any more


def is_whole(folder: Path) -> bool:
    """Whether a kept folder is there with all its files, each as long as it was."""
    sizes = read_json(folder / _LIST).get("sizes")
    if not isinstance(sizes, dict):
        return False
    return all(_size(folder / name) == size for name, size in sizes.items())


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place `folder` when the block ends without an error.

    One that is there and whole stays: it has the same content. Raises ComputerError when the cache
    may not be written to.
    """
    with _fresh(folder.parent) as fresh:
        whole = fresh / "whole"
        whole.mkdir()
        with _full_disk_by_its_name(folder):
            yield whole
        sizes = {
            path.relative_to(whole).as_posix(): path.stat().st_size
            for path in sorted(whole.rglob("*"))
            if path.is_file()
        }
        write_json(whole / _LIST, {"sizes": sizes})
        _take_place(whole, folder)


@contextmanager
def _fresh(parent: Path) -> Iterator[Path]:
    try:
        parent.mkdir(parents=True, exist_ok=True)
        name = tempfile.mkdtemp(dir=parent, prefix=_FRESH)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(_not_writable(parent, error)) from error
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
        _clear_left_behind(parent)


@contextmanager
def _full_disk_by_its_name(folder: Path) -> Iterator[None]:
    """What `shutil` raises at the end of a tree says only in its text that the disk is full."""
    try:
        yield
    except shutil.Error as error:
        if re.search(rf"\[(Errno {errno.ENOSPC}|Errno {errno.EDQUOT}|WinError 112)\]", str(error)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)) from error
        raise


def _take_place(whole: Path, folder: Path) -> None:
    """Move the new folder there; one that is there and damaged goes first."""
    for attempt in range(_TRIES):
        if is_whole(folder):
            return
        try:
            with contextlib.suppress(FileNotFoundError):
                folder.rename(whole.parent / f"damaged-{attempt}")
            whole.rename(folder)
            return
        except OSError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_PAUSE)


def _clear_left_behind(parent: Path) -> None:
    """Remove what builds left behind that were killed."""
    for path in parent.glob(_FRESH + "*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(path, ignore_errors=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _not_writable(folder: Path, error: OSError) -> Problem:
    return Problem(
        "cache-not-writable",
        "Slipway's cache folder cannot be written to",
        f"What is fetched once is kept in {places.cache()}. The system says about {folder}: "
        f"{error.strerror or error}.",
        "Give yourself the right to write there, or name another folder in the environment "
        "variable SLIPWAY_CACHE_DIR, and build again.",
        where=str(places.cache()),
    )
