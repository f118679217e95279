"""Exchanges two folders in one step, where the system can: Linux and macOS."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

AT_FDCWD = -100  # fcntl.h: paths relative to the working folder
RENAME_EXCHANGE = 2  # linux/fs.h
RENAME_SWAP = 2  # sys/stdio.h of macOS

_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def exchange(a: Path, b: Path) -> bool:
    """Exchange what the two names stand for; False when this system or file system cannot.

    Raises OSError when it could but must not.
    """
    if sys.platform == "win32":
        return False
    import ctypes  # here: it takes long to load, and an unchanged build exchanges nothing

    libc = ctypes.CDLL(None, use_errno=True)
    name = "renamex_np" if sys.platform == "darwin" else "renameat2"
    if not hasattr(libc, name):
        return False
    x, y = os.fsencode(a), os.fsencode(b)
    if sys.platform == "darwin":
        status = libc.renamex_np(x, y, ctypes.c_uint(RENAME_SWAP))
    else:
        status = libc.renameat2(AT_FDCWD, x, AT_FDCWD, y, ctypes.c_uint(RENAME_EXCHANGE))
    if status == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(b))
