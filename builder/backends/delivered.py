"""Artifacts as events: their size, and the SHA-256 of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from builder.events import Artifact


def of_folder(folder: Path, kind: str) -> Artifact:
    """A folder that is delivered as a whole."""
    sizes = (path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    return Artifact(str(folder), kind, sum(sizes))


def of_file(file: Path, kind: str) -> Artifact:
    """A file."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Artifact(str(file), kind, file.stat().st_size, digest)
