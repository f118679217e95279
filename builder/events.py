"""The engine's events: what it says while it works, one JSON object a line (protocol version 1).

The classes are the protocol: their fields are its fields. `encode` adds what every event carries
(`v`, `seq`, `t`, `type`); `decode` reads a line back and lets newer engines say more than we know.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

from builder.problems import Fix, Problem

VERSION = 1

NOTHING_CHANGED = "nothing changed"
"""Why a stage is skipped."""

CheckState = Literal["pending", "ok", "warn", "fail", "skip"]
StageState = Literal["started", "done", "skipped", "failed"]
Stream = Literal["out", "err", "own"]
Status = Literal["ok", "failed", "cancelled"]


@dataclass(frozen=True)
class Event:
    """What every event is; `type` is its name in the protocol."""

    type: ClassVar[str] = ""


@dataclass(frozen=True)
class Hello(Event):
    """First, once: which engine speaks, on which Python and host."""

    type = "hello"
    engine: str
    python: str
    host: str


@dataclass(frozen=True)
class PlannedStage:
    """A stage that will run; `usual_seconds` is what it took before on this computer."""

    id: str
    title: str
    usual_seconds: float | None = None


@dataclass(frozen=True)
class Plan(Event):
    """Once a build: what is going to happen, in order."""

    type = "plan"
    target: str
    backend: str
    stages: Sequence[PlannedStage]


@dataclass(frozen=True)
class Check(Event):
    """A check changed its state."""

    type = "check"
    id: str
    title: str
    state: CheckState
    detail: str = ""
    fixes: Sequence[Fix] = ()


@dataclass(frozen=True)
class Stage(Event):
    """A stage began or ended; `reason` says why it was skipped, or what had changed."""

    type = "stage"
    id: str
    state: StageState
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class Progress(Event):
    """How far a stage is; `total` is None while nobody knows. `detail` is the step, in words."""

    type = "progress"
    stage: str
    done: float
    total: float | None
    unit: str
    detail: str = ""


@dataclass(frozen=True)
class Log(Event):
    """Lines that a tool (`out`, `err`) or the engine itself (`own`) had to say."""

    type = "log"
    stage: str
    stream: Stream
    lines: Sequence[str]


@dataclass(frozen=True)
class Artifact(Event):
    """Something was delivered at an absolute `path`; `sha256` for files only."""

    type = "artifact"
    path: str
    artifact: str
    bytes: int
    sha256: str = ""


@dataclass(frozen=True)
class ProblemFound(Event):
    """Something is wrong, or worth knowing; on the wire it has the fields of the Problem."""

    type = "problem"
    problem: Problem


@dataclass(frozen=True)
class Done(Event):
    """Last, exactly once."""

    type = "done"
    status: Status
    exit: int
    seconds: float


@dataclass(frozen=True)
class Unknown(Event):
    """An event of a newer engine; readers pass over it."""

    type = "unknown"
    data: Mapping[str, Any] = field(default_factory=dict)


_TYPES: dict[str, type[Event]] = {
    cls.type: cls
    for cls in (Hello, Plan, Check, Stage, Progress, Log, Artifact, ProblemFound, Done)
}


def encode(event: Event, seq: int, t: float) -> str:
    """One line of JSON without its line end; `t` in Unix seconds, `seq` from 0 without holes."""
    body = event.problem.to_dict() if isinstance(event, ProblemFound) else _plain(event)
    return json.dumps({"v": VERSION, "seq": seq, "t": t, "type": event.type, **body})


def decode(line: str) -> Event:
    """Read one line of an engine.

    Raises ValueError when the line is not a JSON object. Unknown types come back as `Unknown`,
    unknown fields are dropped.
    """
    data = json.loads(line)
    if not isinstance(data, dict):
        raise ValueError("an event is a JSON object")
    cls = _TYPES.get(str(data.get("type")))
    if cls is None:
        return Unknown(data)
    if cls is ProblemFound:
        return ProblemFound(Problem.from_dict(data))
    known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
    if cls is Plan:
        known["stages"] = tuple(
            PlannedStage(s["id"], s["title"], s.get("usual_seconds")) for s in known["stages"]
        )
    if cls is Check:
        known["fixes"] = Problem.from_dict(data).fixes
    return cls(**known)


def _plain(value: Any) -> Any:
    """Dataclasses, tuples and mappings as what JSON knows."""
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value
