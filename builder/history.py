"""What earlier builds left behind: how long their stages took, their versions, their logs."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import time
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder import events, places
from builder.problems import ComputerError, Problem

LOG_CHARACTERS = 30_000_000  # of what tools say; one that never ends must not fill the disk
RUNS = 5  # a stage usually takes the median of its last runs
_FIRST = " at first"
LOGS = 40  # so many logs are kept; a build from the wizard has two


def usual_seconds(target: str, first: Collection[str] = ()) -> dict[str, float]:
    """Stage id -> seconds that it usually takes on this computer; only stages that ran before.

    `first` are the stages that have nothing of an earlier run to begin with. They take longer, and
    learn from their like only; the others take at most as long as they did the first time.
    """
    runs = _read().get(target, {})
    usual: dict[str, float] = {}
    for stage in {name.removesuffix(_FIRST) for name in runs}:
        at_first, again = runs.get(stage + _FIRST, []), runs.get(stage, [])
        if seconds := at_first if stage in first else again or at_first:
            usual[stage] = float(sorted(seconds)[len(seconds) // 2])
    return usual


def remember(target: str, seconds: Mapping[str, float], first: Collection[str] = ()) -> None:
    """Learn how long stages really took (those that were skipped have nothing to say).

    `first` are those that began with nothing.
    """
    if not seconds:
        return
    known = _read()
    runs = known.setdefault(target, {})
    for stage, took in seconds.items():
        name = stage + _FIRST if stage in first else stage
        runs[name] = [*runs.get(name, []), round(took, 3)][-RUNS:]
    write_json(_file(), known)


def _file() -> Path:
    return places.data() / "history.json"


def _read() -> dict[str, dict[str, list[float]]]:
    found = read_json(_file())
    good: dict[str, dict[str, list[float]]] = {}
    for target, stages in found.items():
        if isinstance(stages, dict):
            good[target] = {k: _numbers(v) for k, v in stages.items() if isinstance(v, list)}
    return good


def _numbers(values: list[Any]) -> list[float]:
    return [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]


@dataclass(frozen=True)
class LastBuild:
    """What was built last of a project for a target."""

    version: str
    number: int


def remember_build(project: Path, target: str, version: str, number: int) -> None:
    """Note that a version was built and handed over."""
    path = _builds_of(project)
    write_json(path, {**read_json(path), target: {"version": version, "number": number}})


def last_build(project: Path, target: str) -> LastBuild | None:
    """The version that was built last, None where none is known."""
    found = read_json(_builds_of(project)).get(target)
    if not isinstance(found, dict):
        return None
    version, number = found.get("version"), found.get("number")
    if not isinstance(version, str) or not isinstance(number, int) or isinstance(number, bool):
        return None
    return LastBuild(version, number)


def _builds_of(project: Path) -> Path:
    """A file for each project, so that two builds at once do not forget each other's."""
    folder = os.path.normcase(os.path.realpath(project))
    return places.data() / "builds" / f"{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}.json"


def read_json(path: Path) -> dict[str, Any]:
    """What `write_json` wrote there; empty where that is missing, damaged or changed by hand.

    So nobody who reads a note has to doubt what is in it: all of it can be learnt again.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        return {}
    if raw[:_BEGIN] != _begin(raw[_BEGIN:]):
        return {}
    found: dict[str, Any] = json.loads(raw)
    del found["sum"]
    return found


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object so that a reader sees the old one or the new one, never a part.

    Raises ComputerError where nothing can be written, and OSError when the disk is full.
    """
    inner = json.dumps(value).encode()[1:]
    rest = inner if inner == b"}" else b", " + inner
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(_begin(rest) + rest)
        new.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(_not_noted(path, error)) from error


def _begin(rest: bytes) -> bytes:
    """How a note begins whose other part is `rest`: with a sum of that."""
    return b'{"sum": "%08x"' % zlib.crc32(rest)


_BEGIN = len(_begin(b""))


def _not_noted(path: Path, error: OSError) -> Problem:
    return Problem(
        "note-not-written",
        "Slipway cannot note down what it did",
        f"The system says about {path}: {error.strerror or error}.",
        "Change the rights of that folder, or remove what is in the way, and build again.",
        where=str(path),
    )


class LogFile:
    """A listener that writes the whole log of a build, and the tracebacks that nobody is shown."""

    def __init__(self, name: str) -> None:
        folder = places.logs()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{name}.log"
        self._file = self.path.open("w", encoding="utf-8", errors="replace")
        self._full = False
        self._left = LOG_CHARACTERS
        _rotate(folder)

    def __call__(self, event: events.Event) -> None:
        text = "".join(f"{line}\n" for line in _as_text(event))
        if isinstance(event, events.Log):
            text = self._bounded(text)
        self.text(text)

    def _bounded(self, text: str) -> str:
        """What tools say until that is too much; what Slipway itself tells is always written."""
        if self._left <= 0:
            return ""
        self._left -= len(text)
        return text if self._left > 0 else f"{text}… the tools said more than is kept here\n"

    def text(self, text: str) -> None:
        """Write `text` as it is. A full disk costs the rest of the log, never the build."""
        if self._full:
            return
        try:
            self._file.write(text)
            self._file.flush()
        except OSError:
            self._full = True

    def close(self) -> None:
        """No more will be written."""
        with contextlib.suppress(OSError):  # it tries once more to write what did not fit
            self._file.close()
        self._full = True


def _as_text(event: events.Event) -> list[str]:
    now = time.strftime("%H:%M:%S")
    if isinstance(event, events.Log):
        mark = {"out": " ", "err": "!", "own": "·"}[event.stream]
        return [f"{now} {event.stage} {mark} {line}" for line in event.lines]
    if isinstance(event, events.Progress):
        return []
    if isinstance(event, events.ProblemFound):
        problem = event.problem
        parts = (problem.title, problem.why, problem.do, problem.where)
        return [f"{now} {problem.severity}: {problem.code}", *(f"    {p}" for p in parts if p)]
    return [f"{now} {event}"]


def _rotate(folder: Path) -> None:
    for old in sorted(folder.glob("*.log"))[:-LOGS]:
        old.unlink(missing_ok=True)
