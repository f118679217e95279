"""Only one of an app runs at a time for a user: a second start shows the first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

LOCK = "running.lock"
ADDRESS = "running.txt"


class Running:
    """Held as long as the app runs. `is_first` is false where another one runs already."""

    def __init__(self, home: Path) -> None:
        self._address = home / ADDRESS
        self._file = (home / LOCK).open("a+b")
        self.is_first = _lock(self._file)
        if self.is_first:
            self._address.unlink(missing_ok=True)

    def tell(self, address: str) -> None:
        """Say where this one can be seen."""
        self._address.write_text(address, encoding="utf-8")

    def address(self) -> str:
        """Where the first one can be seen; "" while it is still starting."""
        try:
            return self._address.read_text("utf-8").strip()
        except FileNotFoundError:
            return ""


def _lock(file: IO[bytes]) -> bool:
    """Lock a file for as long as this process lives; whether that was possible."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
