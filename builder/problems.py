"""What went wrong, told to a person: Problem and Fix as data, and the one tree of exceptions.

Expected trouble is *returned* as a list of problems; trouble that ends the work at hand is *raised*
as one of the exceptions below, which carry their problem with them::

    SlipwayError            exit 70: our own fault
    ├── ProjectError        exit 10: the user can correct it
    ├── ComputerError       exit 20: this computer lacks something
    ├── ToolError           exit 30: a tool that we ran failed
    ├── DeviceError         exit 40: a phone or tablet refused
    └── Cancelled           exit 50: the user said stop

Only the engine's main function turns them into an exit status and an event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

Severity = Literal["error", "warn", "hint"]
FixKind = Literal["run", "set", "open", "copy"]

EXIT_DONE = 0
EXIT_USER = 10
EXIT_COMPUTER = 20
EXIT_TOOL = 30
EXIT_DEVICE = 40
EXIT_CANCELLED = 50
EXIT_OURS = 70


@dataclass(frozen=True)
class Fix:
    """A remedy that one click carries out.

    `kind` says what the click does: `set` writes settings (`data`: dotted key in `pyproject.toml`
    -> new value, or None to remove it), `run` starts an engine command (`data`: `{"argv": [...]}`),
    `open` shows a folder, file or address (`data`: `{"path": ...}` or `{"url": ...}`), `copy` puts
    text on the clipboard (`data`: `{"text": ...}`).
    """

    id: str
    title: str
    kind: FixKind
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Something wrong, for a person: what happened, likely why, what to do next.

    `where` is the place in the user's own things (`pyproject.toml, line 4`), empty where there is
    none. `evidence` holds the log lines that led to the verdict.
    """

    code: str
    title: str
    why: str = ""
    do: str = ""
    severity: Severity = "error"
    where: str = ""
    evidence: Sequence[str] = ()
    fixes: Sequence[Fix] = ()

    def to_dict(self) -> dict[str, Any]:
        """The problem in the form of the event protocol: plain JSON types only."""
        data = asdict(self)
        data["evidence"] = {"lines": list(self.evidence)}
        data["fixes"] = [{**asdict(fix), "data": dict(fix.data)} for fix in self.fixes]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Problem:
        """Read a problem from the event protocol; fields that are not known are ignored."""
        return cls(
            code=str(data.get("code", "")),
            title=str(data.get("title", "")),
            why=str(data.get("why", "")),
            do=str(data.get("do", "")),
            severity=data.get("severity", "error"),
            where=str(data.get("where", "")),
            evidence=tuple(data.get("evidence", {}).get("lines", ())),
            fixes=tuple(
                Fix(f.get("id", ""), f.get("title", ""), f.get("kind", "copy"), f.get("data", {}))
                for f in data.get("fixes", ())
            ),
        )


class SlipwayError(Exception):
    """The root of what Slipway raises on purpose; by itself it means a fault of our own."""

    exit: ClassVar[int] = EXIT_OURS

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


class ProjectError(SlipwayError):
    """The project, its settings or the command are not as needed; the user can correct it."""

    exit = EXIT_USER


class ComputerError(SlipwayError):
    """This computer lacks something: a tool, space, a right, the network."""

    exit = EXIT_COMPUTER


class ToolError(SlipwayError):
    """A tool that we started failed in a way that has no better name."""

    exit = EXIT_TOOL


class DeviceError(SlipwayError):
    """A phone, tablet or emulator refused."""

    exit = EXIT_DEVICE


class Cancelled(SlipwayError):
    """The user stopped the work."""

    exit = EXIT_CANCELLED

    def __init__(self) -> None:
        super().__init__(Problem("cancelled", "Stopped. Nothing was changed.", severity="hint"))
