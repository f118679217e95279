"""Puts files into the Flutter project, and takes away those that it put there before.

The project is also where Flutter, Gradle and Xcode work. So only files are touched that came from
here; one that is still wanted as it was is left as those tools have made it, with its time.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from builder.history import read_json, write_json

Files = Mapping[str, Path | bytes]
"""Files by their paths in the project, with `/`: a copy of another file, or these bytes."""


def files_of(folder: Path) -> dict[str, Path | bytes]:
    """All files below a folder, to be put elsewhere."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def bring(project: Path, files: Files, record: Path) -> tuple[int, int]:
    """Make the files that came from here be exactly `files`; how many were written, and removed.

    `record` is where it is kept which they are; after a kill in the middle it is still right.
    """
    wanted = {name: _digest(content) for name, content in files.items()}
    before = _recorded(record)
    stale = [name for name in before if name not in wanted]
    for name in stale:
        _remove(project, name)
    # Only now: where capitals do not count, one of the stale may have been one that is wanted.
    changed = [name for name in wanted if not _is_there(project / name, wanted[name], before, name)]
    if changed:
        write_json(record, {"files": {**before, **dict.fromkeys(changed, "")}})
    for name in changed:
        _write(project / name, files[name])
    if before != wanted:
        write_json(record, {"files": wanted})
    return len(changed), len(stale)


def lost(project: Path, record: Path) -> str:
    """One of the files that came from here and is not there any more; "" when all are."""
    return next((name for name in _recorded(record) if not (project / name).is_file()), "")


def _recorded(record: Path) -> dict[str, str]:
    files = read_json(record).get("files")
    return files if isinstance(files, dict) else {}


def _is_there(path: Path, digest: str, before: Mapping[str, str], name: str) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    return before.get(name) == digest or _digest(path) == digest


def _digest(content: Path | bytes) -> str:
    """Of what a file holds, and of whether it can be run."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    runs = "x" if content.stat().st_mode & 0o100 else ""
    return hashlib.sha256(content.read_bytes()).hexdigest() + runs


def _write(path: Path, content: Path | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # it may be a link, or not writable
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        shutil.copyfile(content, path)
        shutil.copymode(content, path)


def _remove(project: Path, name: str) -> None:
    """Remove a file, and the folders that are empty without it."""
    path = project / name
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == project:
            return
        with contextlib.suppress(OSError):  # it holds something else, or is gone as well
            folder.rmdir()
