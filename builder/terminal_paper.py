"""Where the engine's lines are shown: what a screen can do, and the plainest one."""

from __future__ import annotations

from typing import IO, Protocol

Part = str | tuple[str, str]
"""A piece of a line: plain text, or a style by its name and the text."""


class Screen(Protocol):
    """Where lines are shown, and how far each stage is while it is at work."""

    def line(self, *parts: Part) -> None:
        """Show a line."""

    def begin(self, stage: str, title: str, said: str) -> None:
        """A stage is at work; `said` is what stands beside its bar."""

    def advance(self, stage: str, done: float, total: float | None, said: str) -> None:
        """A stage came this far."""

    def end(self, stage: str) -> None:
        """A stage is no longer at work."""

    def stop(self) -> None:
        """Nothing is at work any more."""


class Paper:
    """Where nothing that was said can be changed: lines only."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def line(self, *parts: Part) -> None:
        text = "".join(part if isinstance(part, str) else part[1] for part in parts)
        self._file.write(f"{text}\n")
        self._file.flush()

    def begin(self, stage: str, title: str, said: str) -> None:
        """A line follows when the stage has ended."""

    def advance(self, stage: str, done: float, total: float | None, said: str) -> None:
        """Not to be seen."""

    def end(self, stage: str) -> None:
        """Its line says so."""

    def stop(self) -> None:
        """Nothing to take away."""
