"""Follows pip while `serious_python` runs it, which keeps to itself what pip says.

pip writes a log of its own where it is told to; that is read as it grows.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from builder.problems import Cancelled
from builder.process import LineSplitter

VARIABLE = "PIP_LOG"

_SECONDS = 0.3  # between two looks
_READ_BYTES = 4 * 1024 * 1024

# Of the thousand lines that pip writes about one install, those that say how far it is.
_TOLD = re.compile(
    r"\S+ (?P<line> *(?:Collecting|Obtaining|Processing|Downloading|Using cached|Building wheel"
    r"|Preparing metadata|Getting requirements|Installing collected|Successfully installed"
    r"|ERROR: |WARNING: (?!Location )).*)"
)
_COLLECTING = re.compile(r"Collecting ([\w.-]+)")


def environment(path: Path) -> dict[str, str]:
    """What makes pip write its log; nothing where the user has it written somewhere already."""
    return {} if os.environ.get(VARIABLE) else {VARIABLE: str(path)}


@contextmanager
def following(path: Path, hear: Callable[[Sequence[str]], None]) -> Iterator[None]:
    """Hand the lines that are of interest to `hear` as they come, until the block ends.

    `hear` is called from another thread; when it raises Cancelled, nobody listens any more.
    """
    path.unlink(missing_ok=True)
    ended = threading.Event()
    thread = threading.Thread(
        target=_follow, args=(path, hear, ended), name="follows pip", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        path.unlink(missing_ok=True)


def collected(line: str) -> str:
    """The package that a line says is looked for, "" where it says something else."""
    found = _COLLECTING.match(line.strip())
    return found[1] if found else ""


def _follow(path: Path, hear: Callable[[Sequence[str]], None], ended: threading.Event) -> None:
    splitter, read = LineSplitter(), 0
    while True:
        is_last = ended.wait(_SECONDS)
        data = _more(path, read)
        read += len(data)
        told = [found["line"] for line in splitter.feed(data) if (found := _TOLD.match(line))]
        try:
            if told:
                hear(told)
        except Cancelled:
            return
        if is_last and not data:
            return


def _more(path: Path, start: int) -> bytes:
    """What was written since, nothing while the file is not there."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(_READ_BYTES)
    except OSError:  # pip opens it when it begins, and a cancel may take it away
        return b""
