"""Runs the stages of a build: order, what may run side by side, stamps, cancel.

A stage declares what it reads and what it writes. One whose inputs are as they were and whose
output is there is skipped; a changed one says what changed. Handing over is `delivery.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.problems import Problem
from builder.process import Finished
from builder.project import Project
from builder.settings import Settings


@dataclass(frozen=True)
class Build:
    """What is being built. `work` is the folder of this project and target, kept between builds."""

    project: Project
    settings: Settings
    target: str
    work: Path
    output: Path
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """One step of a build.

    `reads` names what the stage depends on, in words a person knows, each with a fingerprint
    (`{"main.py": "sha256…", "base URL": "/"}`). `writes` are paths below `work` that must be there
    for the stage to be skipped. `after` are the ids of the stages that it waits for; a stage
    may call `reads` only when those are done.
    """

    id: str
    title: str
    run: Callable[[Job], None]
    reads: Callable[[Build], Mapping[str, str]]
    writes: Sequence[str]
    after: Sequence[str] = ()


class Job:
    """What a running stage may do besides its own work: speak, start tools, notice a cancel."""

    build: Build

    def log(self, *lines: str) -> None:
        """Say something in the log, as the engine itself."""
        raise NotImplementedError

    def progress(self, done: float, total: float | None, unit: str) -> None:
        """Say how far the stage is; called as often as one likes, sent at most five times a second."""
        raise NotImplementedError

    def problem(self, problem: Problem) -> None:
        """Tell a warning or a hint; an error is raised, not told."""
        raise NotImplementedError

    def run_tool(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        quiet: bool = False,
    ) -> Finished:
        """Run a tool with a clean environment; its lines go to the log (`quiet`: only back)."""
        raise NotImplementedError

    def check_cancelled(self) -> None:
        """Raise `Cancelled` when the user said stop; long loops call it often."""
        raise NotImplementedError
