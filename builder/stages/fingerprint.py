"""Fingerprints of what a stage reads: they differ when the content does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path


def of_file(path: Path) -> str:
    """The SHA-256 of a file; of one that cannot be read, or vanished just now, why."""
    if not path.is_file():  # opening a pipe would wait for ever
        return "no such file"
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"{error.strerror}"


def beside(own: Mapping[str, str], files: Mapping[str, Path]) -> dict[str, str]:
    """What a stage reads, by its names: `own`, and files by their content.

    A file of the user that is called like something of our own, `Python`, is `./Python`.
    """
    named = {f"./{name}" if name in own else name: of_file(path) for name, path in files.items()}
    return {**named, **own}


def of_text(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def of_requirements(requirements: Sequence[str]) -> str:
    """The requirements as they are, so that a person can read what changed.

    Not where there is an address among them: that may hold a password.
    """
    text = "\n".join(requirements)
    return of_text(text) if "://" in text else text


def of_folder(folder: Path, files: str = "*") -> str:
    """One for all files below a folder, which need not be there; `files` is what they are like."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob(files) if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {of_file(path)}\n".encode())
    return digest.hexdigest()
