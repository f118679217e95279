"""The terminal of a person: colours, and a bar for each stage at work."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from builder.terminal_paper import Part


class ColourScreen:
    """Lines in colours, and below them what is at work."""

    def __init__(self, file: IO[str]) -> None:
        self._console = Console(file=file, markup=False, emoji=False)
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[said]}", style="dim", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )

    def line(self, *parts: Part) -> None:
        styled = (part if isinstance(part, str) else (part[1], part[0]) for part in parts)
        self._console.print(Text.assemble(*styled), highlight=False, soft_wrap=True)

    def begin(self, stage: str, title: str, said: str) -> None:
        self._bars.start()
        self._tasks[stage] = self._bars.add_task(title, total=None, said=said)

    def advance(self, stage: str, done: float, total: float | None, said: str) -> None:
        if stage in self._tasks:
            self._bars.update(self._tasks[stage], completed=done, total=total, said=said)

    def end(self, stage: str) -> None:
        if stage in self._tasks:
            self._bars.remove_task(self._tasks.pop(stage))
        if not self._tasks:
            self._bars.stop()

    def stop(self) -> None:
        self._bars.stop()
