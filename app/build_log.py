"""The log of one build: its lines in memory, for the page, and in a file, for later.

It lies in the user's data folder and never in the output. The page draws a few lines out of
hundreds of thousands and jumps to the first error, so all lines are kept here, with an index of who
said them.
"""

from __future__ import annotations

import bisect
import contextlib
import logging
import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from builder import events, places

_ERROR_LINE = re.compile(
    r"\b(error|fatal|exception|failed)\b\s*[:\]]|^Traceback \(most recent call last\)"
    r"|^[\w.]*(Error|Exception)\b|^e: ",
    re.IGNORECASE,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log, and who said it in which stage."""

    text: str
    stage: str
    stream: events.Stream


class LogStore:
    """All lines of one build, in order, only ever growing; the same goes to the file at `path`.

    `path` is None when no file can be written; the lines in memory are whole in any case.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lines: list[str] = []
        self._starts: list[int] = []  # where a run of lines with the same tags begins
        self._tags: list[tuple[str, events.Stream]] = []
        self._first_error = -1
        self._file = self._open()

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def lines(self, start: int, stop: int) -> list[LogLine]:
        """The lines from `start` up to but not including `stop`, as far as there are any."""
        first = max(0, start)
        return [
            LogLine(text, *self._tag(index))
            for index, text in enumerate(self._lines[first : max(first, stop)], first)
        ]

    def find(self, text: str, start: int = 0) -> int:
        """The first line from `start` on that holds `text` in any case, or -1."""
        wanted = text.casefold()
        if not wanted:
            return -1
        first = max(0, start)
        for index in range(first, len(self._lines)):
            if wanted in self._lines[index].casefold():
                return index
        return -1

    def first_error(self) -> int:
        """The first line that reads like an error, or -1."""
        return self._first_error

    def add(self, stage: str, stream: events.Stream, lines: Sequence[str]) -> None:
        """Append lines."""
        if not lines:
            return
        if not self._tags or self._tags[-1] != (stage, stream):
            self._starts.append(len(self._lines))
            self._tags.append((stage, stream))
        if self._first_error < 0:
            self._look_for_error(lines)
        self._lines.extend(lines)
        self._write("".join(f"{line}\n" for line in lines))

    def flush(self) -> None:
        """Make the file as complete as the lines in memory."""
        self._on_disk(lambda file: file.flush())

    def close(self) -> None:
        """No more lines will come."""
        self._on_disk(lambda file: file.close())
        self._file = None

    def _tag(self, index: int) -> tuple[str, events.Stream]:
        return self._tags[bisect.bisect_right(self._starts, index) - 1]

    def _look_for_error(self, lines: Sequence[str]) -> None:
        for offset, line in enumerate(lines):
            if _ERROR_LINE.search(line):
                self._first_error = len(self._lines) + offset
                return

    def _open(self) -> TextIO | None:
        if self.path is None:
            return None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return self.path.open("w", encoding="utf-8", errors="replace")
        except OSError as error:
            _log.warning("no log file at %s: %s", self.path, error)
            self.path = None
            return None

    def _write(self, text: str) -> None:
        self._on_disk(lambda file: file.write(text))

    def _on_disk(self, act: Callable[[TextIO], object]) -> None:
        """A full disk costs the file, never the build or the lines in memory."""
        if self._file is None:
            return
        try:
            act(self._file)
        except OSError as error:
            _log.warning("the log file %s ends early: %s", self.path, error)
            with contextlib.suppress(OSError):  # it tries to write the rest once more
                self._file.close()
            self._file = None


def new_path(target: str) -> Path:
    """Where the log of a build that starts now goes."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return places.logs() / f"{stamp}-{target}-{uuid.uuid4().hex[:6]}.log"
