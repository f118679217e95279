"""Where a packed app keeps its data: the user's own folder, with the app's code beside it.

The code is copied there and runs there, so that every path that it computes leads to a place it
may write to, however it computes it: from `__file__`, from the working folder, from Flask's
instance path. One rule for updates: what the app has changed or made stays, the rest comes anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs

from .about import CODE, About

MANIFEST = "shipped.json"
# A file of the app's own where we ship a folder, or the other way round: it stays.
_IN_THE_WAY = (FileExistsError, IsADirectoryError, NotADirectoryError)
MOVED = "SLIPWAY_APP_HOME"  # where data goes when somebody says so, for example for a trial


def folder(about: About) -> Path:
    """The app's own folder for this user; made when it is not there."""
    moved = os.environ.get(MOVED)
    home = Path(moved) if moved else platformdirs.user_data_path(about.id, appauthor=False)
    home.mkdir(parents=True, exist_ok=True)
    return home


def bring_code(about: About, shipped: Path, home: Path) -> Path:
    """Bring the code of this version to the user's folder, where it may write; where it is then.

    What the app wrote stays as it is: a file that is not as we shipped it. May be stopped at any
    point and done again: until all is there, a file counts as shipped in either version's form.
    """
    code, manifest = home / CODE, home / MANIFEST
    known = _read(manifest)
    if known.get("whole") == about.digest and code.is_dir():
        return code
    before = known.get("files", {})
    new = {path.relative_to(shipped).as_posix(): path for path in _files(shipped)}
    now = {name: [_digest(path)] for name, path in new.items()}
    both = {name: [*before.get(name, []), *now.get(name, [])] for name in {*before, *now}}
    _write(manifest, {"whole": "", "files": both})
    for name in before.keys() - now.keys():
        if _digest(code / name) in before[name]:
            (code / name).unlink()
    for name, path in new.items():
        there = _digest(code / name)
        if there not in now[name] and there in ["", *both[name]]:
            with contextlib.suppress(*_IN_THE_WAY):
                _place(path, code / name)
    for name in about.folders:
        with contextlib.suppress(*_IN_THE_WAY):
            (code / name).mkdir(parents=True, exist_ok=True)
    _write(manifest, {"whole": about.digest, "files": now})
    return code


def _files(top: Path) -> Iterator[Path]:
    for here, _, names in os.walk(top):
        yield from (Path(here, name) for name in sorted(names))


def _digest(path: Path) -> str:
    """A file's content in short; "" where there is no file."""
    if not path.is_file():
        return ""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _place(source: Path, target: Path) -> None:
    """Copy a file so that there is never half of it."""
    if target.is_dir():
        raise IsADirectoryError(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, beside)
    beside.chmod(source.stat().st_mode | stat.S_IWUSR)
    beside.replace(target)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
        is_whole = all(isinstance(forms, list) for forms in found["files"].values())
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}  # the first start, or damaged: all is compared anew
    return found if is_whole else {}


def _write(path: Path, content: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file)
    Path(name).replace(path)
