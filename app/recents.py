"""The projects that were opened last, in a small JSON file in the user's data folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from builder import places

MOST = 6

_log = logging.getLogger(__name__)


def file() -> Path:
    """Where the list is kept."""
    return places.data() / "recent.json"


def load() -> list[Path]:
    """The projects, last one first. A file that cannot be read counts as empty and stays."""
    try:
        found = json.loads(file().read_text(encoding="utf-8"))
        return [Path(one) for one in found["projects"] if isinstance(one, str)][:MOST]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("the list of recent projects cannot be read: %s", error)
        return []


def remember(folder: Path, known: Sequence[Path]) -> list[Path]:
    """Put a project first and write the list; a disk that refuses costs only the list."""
    projects = [folder, *(one for one in known if one != folder)][:MOST]
    _write(projects)
    return projects


def forget(folder: Path, known: Sequence[Path]) -> list[Path]:
    """Take a project off the list and write it."""
    projects = [one for one in known if one != folder]
    _write(projects)
    return projects


def _write(projects: Sequence[Path]) -> None:
    target = file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _set_aside_if_broken(target)
        half = target.with_suffix(".new")
        text = json.dumps({"projects": [str(one) for one in projects]}, indent=1)
        half.write_text(text, encoding="utf-8")
        half.replace(target)
    except OSError as error:
        _log.warning("the list of recent projects cannot be written: %s", error)


def _set_aside_if_broken(target: Path) -> None:
    """A file that we cannot read may still be dear to someone: it is renamed, not overwritten."""
    try:
        json.loads(target.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        target.replace(target.with_suffix(".broken.json"))
