"""What earlier builds left behind: how long their stages took, and their logs."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder import events, places

RUNS = 5  # a stage usually takes the median of its last runs
LOGS = 40  # so many logs are kept; a build from the wizard has two


def usual_seconds(target: str) -> dict[str, float]:
    """Stage id -> seconds that it usually takes on this computer; only stages that ran before."""
    runs = _read().get(target, {})
    return {stage: float(statistics.median(seconds)) for stage, seconds in runs.items() if seconds}


def remember(target: str, seconds: Mapping[str, float]) -> None:
    """Learn how long stages really took (those that were skipped have nothing to say)."""
    if not seconds:
        return
    known = _read()
    runs = known.setdefault(target, {})
    for stage, took in seconds.items():
        runs[stage] = [*runs.get(stage, []), round(took, 3)][-RUNS:]
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


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of ours; empty when missing or damaged: it can be learnt again."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.write_text(json.dumps(value), "utf-8")
    new.replace(path)


class LogFile:
    """A listener that writes the whole log of a build, and the tracebacks that nobody is shown."""

    def __init__(self, name: str) -> None:
        folder = places.logs()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{name}.log"
        self._file = self.path.open("w", encoding="utf-8", errors="replace")
        self._full = False
        _rotate(folder)

    def __call__(self, event: events.Event) -> None:
        self.text("".join(f"{line}\n" for line in _as_text(event)))

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
