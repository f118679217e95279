"""The engine's face in a terminal: stages with marks and times, a progress bar, what was made.

Without a terminal (a file, a pipe, CI) the same lines, without colour and without a bar.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from typing import IO, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from builder import events
from builder.checks.computer import in_words
from builder.problems import Problem

EVIDENCE_LINES = 12
STEP_LENGTH = 60

_ARTIFACTS = {
    "site": "Web site",
    "executable": "Program",
    "bundle": "App",
    "archive": "Archive",
    "guide": "Page for those who get it",
    "apk": "Android app",
    "aab": "Android bundle for Google Play",
    "ipa": "iPhone app",
}
_MARKS = {"done": "[green]✓[/]", "skipped": "[dim]–[/]", "failed": "[red]✗[/]"}
_SEVERITIES = {
    "error": "[bold red]Problem[/]",
    "warn": "[bold yellow]Warning[/]",
    "hint": "[bold]Note[/]",
}


class Face:
    """A listener that shows a build to a person. `verbose`: also what the tools say."""

    def __init__(self, *, verbose: bool = False, file: IO[str] | None = None) -> None:
        self._console = console(file or sys.stdout)
        self._verbose = verbose
        self._titles: dict[str, str] = {}
        self._usual: dict[str, float | None] = {}
        self._tasks: dict[str, TaskID] = {}
        self._artifacts: list[events.Artifact] = []
        self._log_path = ""
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("[dim]{task.fields[how_far]}[/]"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )

    def tell_log(self, path: str) -> None:
        """Where the whole log of this build is, said when it fails."""
        self._log_path = path

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.Plan():
                self._titles |= {stage.id: stage.title for stage in event.stages}
                self._usual |= {stage.id: stage.usual_seconds for stage in event.stages}
            case events.Check():
                self._check(event)
            case events.Stage():
                self._stage(event)
            case events.Progress():
                self._advance(event)
            case events.Log() if self._verbose or _is_about_the_build(event):
                for line in event.lines:
                    self._line(f"  [dim]{escape(line)}[/]")
            case events.ProblemFound():
                self.problem(event.problem)
            case events.Artifact():
                self._artifacts.append(event)
            case events.Done():
                self._done(event)

    def problem(self, problem: Problem) -> None:
        """Show a problem as a block that can be read on its own."""
        self._line("")
        self._line(f"{_SEVERITIES[problem.severity]}: [bold]{escape(problem.title)}[/]")
        where = f"In {problem.where}." if problem.where else ""
        for text in (where, problem.why, problem.do):
            if text:
                self._line(f"  {escape(text)}")
        for line in problem.evidence[-EVIDENCE_LINES:]:
            self._line(f"  [dim]│ {escape(line)}[/]")
        self._line("")

    def _check(self, check: events.Check) -> None:
        if self._verbose or check.state in ("warn", "fail"):
            mark = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "fail": "[red]✗[/]"}
            detail = f"  [dim]{escape(check.detail)}[/]" if check.detail else ""
            self._line(f"{mark.get(check.state, '–')} {escape(check.title)}{detail}")

    def _stage(self, stage: events.Stage) -> None:
        title = escape(self._titles.get(stage.id, stage.id))
        if stage.state == "started":
            self._progress.start()
            hint = self._usually(stage.id)
            self._tasks[stage.id] = self._progress.add_task(title, total=None, how_far=hint)
            return
        task = self._tasks.pop(stage.id, None)
        if task is not None:
            self._progress.remove_task(task)
        if not self._tasks:
            self._progress.stop()
        took = in_seconds(stage.seconds) if stage.state != "skipped" else ""
        tail = "  ".join(text for text in (took, escape(stage.reason)) if text)
        self._line(f"{_MARKS[stage.state]} {title}  [dim]{tail}[/]".rstrip())

    def _advance(self, progress: events.Progress) -> None:
        task = self._tasks.get(progress.stage)
        if task is None:
            return
        said = escape(how_far(progress))
        if not progress.unit:  # no count of which one sees the end, so the usual time stays
            said = "  ".join(text for text in (said, self._usually(progress.stage)) if text)
        self._progress.update(task, completed=progress.done, total=progress.total, how_far=said)

    def _usually(self, stage: str) -> str:
        usual = self._usual.get(stage)
        return f"usually {in_seconds(usual)}" if usual and usual >= 1 else ""

    def _done(self, done: events.Done) -> None:
        self._progress.stop()
        if done.status == "cancelled":
            self._line("Stopped. Your previous result is as it was.")
        elif done.status == "failed":
            if self._log_path:
                self._line(f"[dim]The whole log: {escape(self._log_path)}[/]")
        elif self._artifacts:
            self._line("")
            self._line(f"[bold green]Done[/] in {in_seconds(done.seconds)}.")
            for artifact in self._artifacts:
                self._line(_made(artifact))

    def _line(self, markup: str) -> None:
        self._console.print(markup, highlight=False, soft_wrap=True)


def _is_about_the_build(log: events.Log) -> bool:
    """Whether the engine says something about the whole build: which way it goes, and why."""
    return log.stream == "own" and not log.stage


def console(file: IO[str]) -> Console:
    """A console that fails on no character, whatever the terminal's encoding."""
    reconfigure: Any = getattr(file, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")
    return Console(file=file, markup=True, emoji=False)


def in_seconds(seconds: float) -> str:
    """A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def how_far(progress: events.Progress) -> str:
    """How far a stage is: `12 of 30 files`, `1.2 MB of 30.0 MB`, and its step in words.

    Without a unit it is a share: `45 %  Compiling`.
    """
    step = progress.detail[:STEP_LENGTH]
    return "  ".join(text for text in (_amount(progress), step) if text)


def _amount(progress: events.Progress) -> str:
    if not progress.unit:
        return f"{100 * progress.done / progress.total:.0f} %" if progress.total else ""
    in_bytes = progress.unit == "bytes"
    done = in_words(progress.done) if in_bytes else f"{progress.done:g}"
    if progress.total is None:
        return done if in_bytes else f"{done} {progress.unit}"
    total = in_words(progress.total) if in_bytes else f"{progress.total:g} {progress.unit}"
    return f"{done} of {total}"


def _made(artifact: events.Artifact) -> str:
    path = escape(artifact.path)
    what = _ARTIFACTS.get(artifact.artifact, artifact.artifact.capitalize())
    said = f"{what}: [bold]{path}[/] ({in_words(artifact.bytes)})"
    if artifact.artifact == "site":
        # A plain "python" may be another one, or none at all.
        argv = [sys.executable, "-m", "builder", "serve", artifact.path]
        said += f"\nTry it:   {escape(_command_line(argv))}"
    elif artifact.artifact == "executable":
        said += f"\nTry it:   {escape(_command_line([artifact.path]))}"
    return said


def _command_line(argv: Sequence[str]) -> str:
    """The words as they are typed; a Windows path holds no quotes."""
    if os.name == "nt":
        return " ".join(f'"{word}"' if " " in word else word for word in argv)
    return shlex.join(argv)
