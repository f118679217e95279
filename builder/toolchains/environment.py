"""The user's environment as the tools see it: where programs are looked for, and what they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from builder import host
from builder.process import clean_environment


def variable(name: str) -> str:
    """A variable of the user's environment, "" where it is not set or blank."""
    return os.environ.get(name, "").strip()


def folders() -> Sequence[Path]:
    """Where programs are looked for, without the folders of our own Python.

    Relative ones are left out: a program of the folder that we happen to be in is none of ours.
    """
    path = clean_environment().get("PATH", "")
    return [folder for folder in map(Path, path.split(os.pathsep)) if folder.is_absolute()]


def find(name: str) -> Path | None:
    """The program that a terminal would start, by its name."""
    found = shutil.which(name, path=os.pathsep.join(map(str, folders())))
    return Path(found) if found else None


def named(folder: Path, name: str) -> Path | None:
    """What is called `name` in a folder, on Windows with the endings of scripts and programs."""
    endings = (".bat", ".exe", "") if host.current() == "windows" else ("",)
    paths = [folder / f"{name}{ending}" for ending in endings]
    return next((path for path in paths if os.path.lexists(path)), None)


def why_not_run(path: Path) -> str:
    """Why the system would not run this file, as the end of a sentence; "" when it would."""
    if path.is_dir():
        return "is a folder, not a program"
    if not path.exists():
        return "is a link to something that is gone"
    return "" if os.access(path, os.X_OK) else "may not be run by this user"
