"""Asks a tool for its version, whatever it does: hang, ask back, print without end, die."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from builder.process import OnLines, Stream, Tools
from builder.readable import readable

Ended = Literal["", "limit", "flood"]

LIMIT = 300.0  # seconds; a Flutter that starts for the first time fetches Dart and builds itself
MOST_LINES = 2_000  # nobody has that much to say about its version
KEPT_LINES = 12
LINE_LENGTH = 300


@dataclass(frozen=True)
class Answer:
    """What a tool said; `ended` is why it was stopped: `limit`, `flood`, or "" when it ended."""

    argv: Sequence[str]
    status: int
    out: str
    said: Sequence[str]
    ended: Ended = ""

    @property
    def signal(self) -> str:
        """The name of the signal that ended it, "" where none did."""
        if self.status >= 0:
            return ""
        try:
            return signal.Signals(-self.status).name
        except ValueError:
            return f"signal {-self.status}"

    @property
    def asked(self) -> bool:
        """Whether it ended after a question, which nobody can answer here."""
        last = [line.rstrip(": ").lower() for line in self.said[-3:]]
        return any(line.endswith(("?", "[y/n]", "(y/n)", "[yes/no]")) for line in last)


class _Flood(Exception):
    """The tool says more than anyone could want to know."""


@dataclass
class _Heard:
    """The lines so far: those of stdout as they are, the last of both for a person."""

    listen: OnLines
    out: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    count: int = 0

    def __call__(self, stream: Stream, lines: Sequence[str]) -> None:
        self.count += len(lines)
        if self.count > MOST_LINES:
            raise _Flood
        self.listen(stream, lines)
        if stream == "out":
            self.out.extend(lines)
        self.said.extend(readable(line[:LINE_LENGTH]) for line in lines if line.strip())


def ask(
    tools: Tools, argv: Sequence[str], env: Mapping[str, str] | None, listen: OnLines
) -> Answer:
    """Run a tool that has little to say; `listen` is handed its lines as they come.

    Raises ComputerError when it cannot start, Cancelled.
    """
    heard = _Heard(listen)
    status = 0
    ended: Ended = ""
    try:
        status = tools.run(argv, env=env, on_lines=heard, limit=LIMIT).status
    except TimeoutError:
        ended = "limit"
    except _Flood:
        ended = "flood"
    said = tuple(heard.said[-KEPT_LINES:])
    return Answer(tuple(argv), status, "\n".join(heard.out), said, ended)
