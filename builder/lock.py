"""One at a time: a lock on a file that the system lets go of when its holder dies, however."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import TracebackType


class Held(Exception):
    """Somebody else holds the lock; `pid` is theirs, 0 when unknown."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"held by process {pid}")
        self.pid = pid


class Lock:
    """`with Lock(path):` holds the lock, or raises Held at once. The file stays: removing races."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> Lock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        if not _try_lock(file):
            pid = _read_pid(file)
            os.close(file)
            raise Held(pid)
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)  # which also unlocks
        self._file = -1


def _read_pid(file: int) -> int:
    try:
        os.lseek(file, 0, os.SEEK_SET)
        return int(os.read(file, 20) or b"0")
    except (OSError, ValueError):
        return 0  # Windows lets nobody read what is locked


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        os.lseek(file, 1024, os.SEEK_SET)  # beyond the text, so that it can be read
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Some network file systems know no locks. Building there is better than not building.
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
        return True
