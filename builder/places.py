"""Where Slipway keeps its own things: caches, logs, what it learnt, the work folder of a build.

`SLIPWAY_CACHE_DIR` and `SLIPWAY_DATA_DIR` move the two roots.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import platformdirs

SLUG_LENGTH = 16  # Windows allows 260 characters for a whole path


def cache() -> Path:
    """What can be fetched or made again: downloads, work folders."""
    return _root("SLIPWAY_CACHE_DIR", platformdirs.user_cache_path("slipway", appauthor=False))


def data() -> Path:
    """What cannot: logs, how long builds take, what was delivered where."""
    return _root("SLIPWAY_DATA_DIR", platformdirs.user_data_path("slipway", appauthor=False))


def logs() -> Path:
    """The logs of the last builds."""
    return data() / "logs"


def deliveries() -> Path:
    """What was delivered, and what is being delivered just now."""
    return data() / "deliveries"


def absolute(named: str) -> Path:
    """A path as a command line names it; links are not followed."""
    return Path(named).expanduser().absolute()


def build_name(target: str, way: str, *, is_rehearsal: bool = False) -> str:
    """What a build is called in our own folders: each way has a work folder and times of its own.

    What a rehearsal leaves behind is not what a build would have made.
    """
    if is_rehearsal:
        return f"{target}-rehearsal"
    return target if way == "prebuilt" else f"{target}-{way}"


def work(project: Path, target: str) -> Path:
    """The work folder of a project and target: always the same one, with a short name."""
    return cache() / "work" / _short_name(project) / target


def _root(variable: str, default: Path) -> Path:
    moved = os.environ.get(variable, "")
    return Path(moved).expanduser().resolve() if moved else default


def _short_name(project: Path) -> str:
    full = project.resolve()
    slug = re.sub(r"[^a-z0-9]+", "-", full.name.lower()).strip("-")[:SLUG_LENGTH].strip("-")
    digest = hashlib.sha256(os.fsencode(os.path.normcase(full))).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest
