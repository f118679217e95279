"""A file under a second name: costs neither time nor room, where nobody writes to it later."""

from __future__ import annotations

import os
import shutil


def give(source: str, target: str) -> None:
    """Give a file a second name, links as links; a copy where the disk knows no second names.

    In the form that `shutil.copytree` takes as its `copy_function`.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # another disk, or a file system without such names
        shutil.copy2(source, target, follow_symlinks=False)
