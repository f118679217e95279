"""The only place that starts processes: streaming, a clean environment, killing the whole tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finished:
    """A tool that ended: its exit status (negative: the signal that ended it) and what it said."""

    argv: Sequence[str]
    status: int
    out: Sequence[str]
    err: Sequence[str]
