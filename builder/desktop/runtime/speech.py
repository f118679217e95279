"""Where a packed app's words go: to the terminal if there is one, and always to a log file."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, TextIO

LOG = "app.log"
LARGEST = 5 << 20  # bytes; then it becomes `app.log.1` at the next start


def keep_log(home: Path) -> Path:
    """From now on write what is printed to the log file as well; where that is."""
    path = home / LOG
    if path.is_file() and path.stat().st_size > LARGEST:
        path.replace(home / f"{LOG}.1")
    file = path.open("a", encoding="utf-8", errors="replace", buffering=1)
    sys.stdout = _Both(sys.stdout, file)
    sys.stderr = _Both(sys.stderr, file)
    return path


class _Both(io.TextIOBase):
    """Writes to a terminal, if there is one (a program with a window has none), and to a file."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, terminal: TextIO | None, file: TextIO) -> None:
        self._terminal = terminal
        self._file = file
        self.buffer = _Bytes(self)

    def reconfigure(self, **_: object) -> None:
        """Do nothing: apps ask for UTF-8, and get it anyway."""

    def write(self, text: str) -> int:
        self._file.write(text)
        if self._terminal is not None:
            try:
                self._terminal.write(text)
            except UnicodeEncodeError:  # it knows few letters
                self._terminal.write(ascii(text))
            except (OSError, ValueError):  # it was closed: the file has it
                self._terminal = None
        return len(text)

    def flush(self) -> None:
        self._file.flush()
        if self._terminal is not None:
            try:
                self._terminal.flush()
            except (OSError, ValueError):
                self._terminal = None

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._terminal is not None and self._terminal.isatty()

    def fileno(self) -> int:
        return self._file.fileno()


class _Bytes(io.RawIOBase):
    """The same for those who write bytes."""

    def __init__(self, text: _Both) -> None:
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._text.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        if not self.closed:
            self._text.flush()
