"""Hands a result over: the output folder is the old result or the new one, never anything between.

The new result is copied beside the output folder and exchanged with it: in one step where the
system can, else by two renames. A journal in the user's data folder says what is under way, so
that `recover` can finish it after a kill. What was delivered is remembered there too; a folder
that holds anything else, or a delivered file that was edited since, is the user's and stays.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from builder import exchange, places
from builder.history import read_json, write_json
from builder.lock import Held, Lock
from builder.problems import ComputerError, Fix, Problem, ProjectError, SlipwayError

OF_THE_SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file browsers leave behind in folders that were looked at: nobody's work."""

SPARE_BYTES = 16 * 1024 * 1024  # a file system wants some room of its own
BLOCK = 1024 * 1024

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """One delivered thing; `digest` is of a file's content or a link's target, "" for a folder."""

    digest: str
    size: int
    mtime_ns: int


Listing = dict[str, Entry]
"""Path below a folder, with `/` -> what is there."""


@dataclass(frozen=True)
class Delivered:
    """What lies in the output folder now; `kept` says where files of the user's went, mostly ""."""

    folder: Path
    files: int
    bytes: int
    kept: str = ""


def deliver(made: Path, output: Path, tick: Tick = lambda done, total: None) -> Delivered:
    """Put a copy of the folder `made` in the place of `output`.

    `tick(bytes done, bytes in all)` is called while copying, and may raise to stop: nothing has
    changed then. Raises ProjectError when `output` holds what is not ours, ComputerError when
    the disk is full or the system refuses; the previous result is whole in all these cases.
    """
    output = output.resolve()
    new = listing(made)
    try:
        with Lock(_lock_file(output)):
            _recover_one(_journal_file(output))
            refuse_foreign(output)
            return _Delivery(made, new, output, tick).run()
    except Held as held:
        raise ProjectError(_busy(output)) from held
    except OSError as error:
        raise explain(error, output) from error


def is_current(made: Path, output: Path) -> bool:
    """Whether `output` already holds what is in `made`, as we delivered it."""
    output = output.resolve()
    record = _record(output)
    if not record or not output.is_dir() or _foreign(output, record):
        return False
    there = {name: e.digest for name, e in record.items() if os.path.lexists(output / name)}
    return there == {name: entry.digest for name, entry in listing(made).items()}


def refuse_foreign(output: Path) -> None:
    """Raise ProjectError when `output` holds anything that we did not put there like that."""
    output = output.resolve()
    if not os.path.lexists(output):
        return
    if not output.is_dir():
        raise ProjectError(_not_a_folder(output))
    foreign = _foreign(output, _record(output))
    if foreign:
        raise ProjectError(_not_ours(output, foreign))


def recover() -> list[str]:
    """Finish or undo what killed engines left half done; says what it did, for the log.

    Deliveries of an engine that still works are left alone.
    """
    said = []
    for journal in sorted(places.deliveries().glob("*.journal")):
        try:
            with Lock(journal.with_suffix(".lock")):
                said.append(_recover_one(journal))
        except Held:
            continue
        except (OSError, ComputerError) as error:
            said.append(f"{journal.name} could not be finished yet: {error}")
    return [line for line in said if line]


def free_folder(output: Path) -> Path:
    """A folder beside `output` that does not exist yet: `web-2`, `web-3`…"""
    number = 2
    while os.path.lexists(free := output.with_name(f"{output.name}-{number}")):
        number += 1
    return free


def listing(folder: Path) -> Listing:
    """Everything below `folder`, with digests. Links are not followed."""
    return {name: _entry(folder / name) for name in _names(folder)}


class _Delivery:
    """One hand-over, under the lock of its output folder."""

    def __init__(self, made: Path, new: Listing, output: Path, tick: Tick) -> None:
        self._made = made
        self._new = new
        self._output = output
        self._tick = tick
        token = uuid.uuid4().hex[:8]
        self._staged = output.with_name(f".{output.name}.{token}.new")
        self._old = output.with_name(f".{output.name}.{token}.old")
        self._journal = _journal_file(output)
        self._state: dict[str, Any] = {
            "output": str(output),
            "staged": str(self._staged),
            "old": str(self._old),
        }

    def run(self) -> Delivered:
        total = sum(entry.size for entry in self._new.values())
        self._output.parent.mkdir(parents=True, exist_ok=True)
        self._check_space(total)
        try:
            staged = self._stage(total)
            refuse_foreign(self._output)  # it may have changed while we copied
            self._note(before=_to_json(_record(self._output)), new=_to_json(staged))
            put_in_place(self._staged, self._old, self._output)
        except BaseException:
            _recover_one(self._journal)
            raise
        kept = _recover_one(self._journal)  # the same way a killed delivery is finished
        files = sum(1 for entry in self._new.values() if entry.digest)
        return Delivered(self._output, files, total, kept)

    def _check_space(self, total: int) -> None:
        free = shutil.disk_usage(self._output.parent).free
        if free < total + SPARE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _stage(self, total: int) -> Listing:
        """Copy the result beside the output folder; its listing, with the times of the copies."""
        self._note()
        self._staged.mkdir()
        self._note(identity=_identity(self._staged))
        done = 0
        for name, entry in self._new.items():
            self._tick(done, total)
            _copy(self._made / name, self._staged / name)
            done += entry.size
        self._tick(done, total)
        return {
            name: Entry(entry.digest, entry.size, _mtime(self._staged / name))
            for name, entry in self._new.items()
        }

    def _note(self, **more: Any) -> None:
        self._state |= more
        write_json(self._journal, self._state)


def put_in_place(staged: Path, old: Path, output: Path) -> None:
    """Make `staged` the `output`; what was there is in `staged` or `old` afterwards."""
    if not os.path.lexists(output):
        staged.rename(output)
    elif not exchange.exchange(staged, output):
        output.rename(old)
        try:
            staged.rename(output)
        except OSError:
            old.rename(output)
            raise


def _recover_one(journal: Path) -> str:
    """Bring one delivery to an end, forwards when the new result is in place or can be."""
    state = read_json(journal)
    if not state:
        journal.unlink(missing_ok=True)
        return ""
    output, staged, old = (Path(state[k]) for k in ("output", "staged", "old"))
    identity = state.get("identity")
    if "new" in state and not os.path.lexists(output) and os.path.lexists(old):
        staged.rename(output)  # killed between the two renames: the new result is complete
    said = ""
    if "new" in state and identity and _is(output, identity):
        before = _from_json(state["before"])
        write_json(_record_file(output), {"output": str(output), "files": state["new"]})
        for previous in (staged, old):
            said = _remove_delivered(previous, before, output) or said
    elif identity is None:
        _remove_empty(staged)
    elif _is(staged, identity):
        _remove_ours(staged)
    journal.unlink(missing_ok=True)
    return said


def _remove_delivered(folder: Path, record: Listing, output: Path) -> str:
    """Remove the previous result; what the user put there in the last moment is moved aside."""
    if not os.path.lexists(folder):
        return ""
    foreign = set(_foreign(folder, record))
    names = list(_names(folder))
    for name in reversed(names):
        path = folder / name
        if name in foreign:
            continue
        if path.is_dir() and not path.is_symlink():
            _remove_empty(path)
        else:
            _unlink(path)
    _remove_empty(folder)
    if not os.path.lexists(folder):
        return ""
    kept = output.with_name(f"{output.name}-kept")
    kept = free_folder(kept) if os.path.lexists(kept) else kept
    folder.rename(kept)
    return f"Files that came into {output} during the build are in {kept}"


def _remove_ours(folder: Path) -> None:
    """Remove a folder that we made and nobody but us wrote to."""
    shutil.rmtree(folder)


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        path.chmod(stat.S_IWRITE | stat.S_IREAD)  # Windows removes nothing read-only
        path.unlink()


def _foreign(folder: Path, record: Mapping[str, Entry]) -> list[str]:
    """What in `folder` is not as we delivered it: added or edited. Missing files harm nobody."""
    return [
        name
        for name in _names(folder)
        if PurePosixPath(name).name not in OF_THE_SYSTEM
        and not _as_delivered(folder / name, record.get(name))
    ]


def _as_delivered(path: Path, entry: Entry | None) -> bool:
    if entry is None:
        return False
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        return not entry.digest
    if stat.S_ISREG(found.st_mode) and found.st_size != entry.size:
        return False
    same_time = stat.S_ISREG(found.st_mode) and found.st_mtime_ns == entry.mtime_ns
    return same_time or _entry(path).digest == entry.digest


def _names(folder: Path, below: str = "") -> Iterator[str]:
    """Paths below `folder`, parents before children, sorted. Links to folders are not entered."""
    with os.scandir(folder / below) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{below}{entry.name}"
        yield name
        if entry.is_dir(follow_symlinks=False):
            yield from _names(folder, f"{name}/")


def _entry(path: Path) -> Entry:
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        return Entry("", 0, 0)
    if stat.S_ISLNK(found.st_mode):
        target = os.fsencode(path.readlink())
        return Entry("link " + hashlib.sha256(target).hexdigest(), 0, 0)
    if not stat.S_ISREG(found.st_mode):
        return Entry(f"special {found.st_mode:o}", 0, 0)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(digest, found.st_size, found.st_mtime_ns)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def _mtime(path: Path) -> int:
    found = path.lstat()
    return found.st_mtime_ns if stat.S_ISREG(found.st_mode) else 0


def _identity(folder: Path) -> list[int]:
    found = folder.lstat()
    return [found.st_dev, found.st_ino]


def _is(folder: Path, identity: list[int]) -> bool:
    """Whether `folder` is the very folder that was noted, wherever it was renamed to."""
    try:
        return _identity(folder) == identity
    except FileNotFoundError:
        return False


def _key(output: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.normcase(output))).hexdigest()[:16]


def _record_file(output: Path) -> Path:
    return places.deliveries() / f"{_key(output)}.json"


def _journal_file(output: Path) -> Path:
    return places.deliveries() / f"{_key(output)}.journal"


def _lock_file(output: Path) -> Path:
    return places.deliveries() / f"{_key(output)}.lock"


def _record(output: Path) -> Listing:
    """What we delivered there last; empty when never, or when that was forgotten."""
    files = read_json(_record_file(output)).get("files")
    return _from_json(files) if isinstance(files, dict) else {}


def _to_json(found: Listing) -> dict[str, list[Any]]:
    return {name: [e.digest, e.size, e.mtime_ns] for name, e in found.items()}


def _from_json(files: Mapping[str, Any]) -> Listing:
    return {
        name: Entry(str(e[0]), int(e[1]), int(e[2]))
        for name, e in files.items()
        if isinstance(e, list) and len(e) == 3
    }


def _busy(output: Path) -> Problem:
    return Problem(
        "already-building",
        f"Another build is putting its result into {output}",
        "Two builds at once would overwrite each other.",
        "Wait until it is done, or choose another output folder.",
        where=str(output),
    )


def _not_a_folder(output: Path) -> Problem:
    return Problem(
        "output-not-a-folder",
        f"{output} is a file, not a folder",
        "The result is a folder with several files in it.",
        "Choose another output folder.",
        where=str(output),
        fixes=_another(output),
    )


def _not_ours(output: Path, foreign: list[str]) -> Problem:
    names = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
    return Problem(
        "output-not-ours",
        f"The output folder holds something that is not from Slipway: {names}",
        "A build replaces the whole folder. These files did not come from a build, or were edited "
        "since, so they may be yours, and they would be lost.",
        "Choose another output folder, or move these files away and build again.",
        where=str(output),
        fixes=(
            *_another(output),
            Fix("open-output", "Show the folder", "open", {"path": str(output)}),
        ),
    )


def _another(output: Path) -> tuple[Fix, ...]:
    free = free_folder(output)
    return (
        Fix(
            "use-free-folder", f"Use {free.name} instead", "run", {"argv": ["--output", str(free)]}
        ),
    )


def explain(error: OSError, output: Path) -> SlipwayError:
    """What the system said about the output folder, in words."""
    own = places.data()
    if error.filename and Path(os.fsdecode(error.filename)).is_relative_to(own):
        output = own  # what was delivered is remembered there
    where = str(output)
    whole = "The previous result is as it was."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ComputerError(
            Problem(
                "disk-full",
                f"There is not enough room for the result on the disk of {output.parent}",
                whole,
                "Free some space, or choose an output folder on another disk, and build again.",
                where=where,
            )
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ComputerError(
            Problem(
                "output-not-writable",
                f"The result could not be put into {output}",
                f"The system does not allow changes there ({error.strerror}). On Windows a "
                f"program that has one of its files open is enough. {whole}",
                "Close what uses the folder, or choose another output folder, and build again.",
                where=where,
            )
        )
    return ComputerError(
        Problem(
            "output-failed",
            f"The result could not be put into {output}",
            f"The system says: {error.strerror or error}. {whole}",
            "Choose another output folder, and build again.",
            where=where,
            fixes=_another(output),
        )
    )
