"""What the app's code reads and writes by path: what of it is packed, and what a tick changes.

Plain data and rules, without flet. What the app writes is kept in each person's own folder; what
is packed of it is what everybody begins with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from builder import settings
from builder.project import Project, normalize

if TYPE_CHECKING:
    from builder.project import FileUse

State = Literal["packed", "left_out", "held_out", "made", "missing", "outside"]

_SIDES = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
_MOST_BYTES = 200_000_000  # a larger database is not looked into; that it holds something is clear


@dataclass(frozen=True)
class AppFile:
    """A file, folder or database that the code names, and what becomes of it.

    `packed` and `left_out` are what a tick changes between; `held_out` stays out by another rule;
    `made` is not there yet and comes when the app runs; `missing` is only read and not there;
    `outside` lies outside of the project. `beside` are files that go with it, `holds_data`: a
    database with something in it.
    """

    path: str
    kind: Literal["file", "folder", "database"]
    writes: bool
    where: str
    state: State
    bytes: int = 0
    holds_data: bool = False
    beside: tuple[str, ...] = ()

    @property
    def can_tick(self) -> bool:
        """Whether it is for the user to say whether it is packed."""
        return self.state in ("packed", "left_out")


def look(found: Project, target: str) -> list[AppFile]:
    """What the code of a project names, what it writes first. Takes a look at databases."""
    if found.flask is None:
        return []
    excluded = set(_excluded(found.pyproject, target))
    known = {folder.path for folder in found.flask.folders}
    files = [
        _file(found, use, excluded)
        for use in found.flask.uses
        if use.path and (use.writes or not _is_below(use.path, known))
    ]
    return sorted(files, key=lambda one: (not one.writes, one.path))


def changes(
    found: Project, target: str, paths: Iterable[str], is_packed: bool
) -> Mapping[str, Any]:
    """The settings after some paths were ticked or unticked, by their key in `pyproject.toml`."""
    key = settings.saved_key("exclude", found.pyproject, target)
    before, asked = _stored(found.pyproject, target), list(paths)
    if is_packed:
        after = [one for one in before if normalize(one) not in asked]
    else:
        known = {normalize(one) for one in before}
        after = [*before, *(one for one in asked if one not in known)]
    return {key: after or None}


def _stored(pyproject: Mapping[str, Any], target: str) -> list[str]:
    """What the file leaves out, as it is written there."""
    value = settings.stored(pyproject, settings.saved_key("exclude", pyproject, target))
    items = [value] if isinstance(value, str) else value
    return [str(one) for one in items] if isinstance(items, Sequence) else []


def _excluded(pyproject: Mapping[str, Any], target: str) -> list[str]:
    return [normalize(one) for one in _stored(pyproject, target)]


def _file(found: Project, use: FileUse, excluded: set[str]) -> AppFile:
    inside = [file for file in found.selection.files if _is_below(file.path, {use.path})]
    state = _state(found, use, bool(inside), excluded)
    place = found.app_folder / use.path
    is_database = use.kind == "database" and state in ("packed", "left_out")
    return AppFile(
        use.path,
        use.kind,
        use.writes,
        use.where,
        state,
        sum(file.size for file in inside),
        is_database and _holds_data(place),
        tuple(use.path + end for end in _SIDES if is_database and Path(f"{place}{end}").is_file()),
    )


def _state(found: Project, use: FileUse, is_packed: bool, excluded: set[str]) -> State:
    if use.anchor == "outside" or use.path.startswith("../"):
        return "outside"
    if is_packed:
        return "packed"
    place = found.app_folder / use.path
    if use.exists and use.path in excluded:
        return "left_out"
    if use.exists and not (place.is_dir() and not any(place.iterdir())):
        return "held_out"
    return "made" if use.writes or use.exists else "missing"


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in folders if one)


def _holds_data(file: Path) -> bool:
    """Whether a table of the database has a row; of what cannot be read, whether it is large."""
    try:
        size = file.stat().st_size
        if not size or size > _MOST_BYTES:
            return size > 0
        # Not one that waits for whoever writes to it just now, and nothing is written beside it.
        one = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)
    except (OSError, sqlite3.Error):
        return False
    try:
        tables = one.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return any(_has_rows(one, str(name)) for (name,) in tables)
    except sqlite3.Error:  # locked, encrypted, or no database
        return False
    finally:
        one.close()


def _has_rows(database: sqlite3.Connection, table: str) -> bool:
    if table.startswith(("sqlite_", "alembic_version")):
        return False
    quoted = table.replace('"', '""')
    return database.execute(f'SELECT 1 FROM "{quoted}" LIMIT 1').fetchone() is not None
