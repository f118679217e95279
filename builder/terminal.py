"""What the engine says to a person: stages with marks and times, how far, what was made.

In a terminal with colours and a bar (`terminal_screen.py`); without one (a file, a pipe, CI) the
same lines, plain (`terminal_paper.py`).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from typing import IO, Any

from builder import events
from builder.amounts import in_seconds, in_words
from builder.problems import Problem
from builder.terminal_paper import Paper, Screen

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
_MARKS = {"done": ("green", "✓"), "skipped": ("dim", "–"), "failed": ("red", "✗")}
_CHECK_MARKS = {"ok": ("green", "✓"), "warn": ("yellow", "!"), "fail": ("red", "✗")}
_SEVERITIES = {
    "error": ("bold red", "Problem"),
    "warn": ("bold yellow", "Warning"),
    "hint": ("bold", "Note"),
}


class Face:
    """A listener that shows a build to a person. `verbose`: also what the tools say."""

    def __init__(self, *, verbose: bool = False, file: IO[str] | None = None) -> None:
        self._screen = _screen(file or sys.stdout)
        self._verbose = verbose
        self._titles: dict[str, str] = {}
        self._usual: dict[str, float | None] = {}
        self._artifacts: list[events.Artifact] = []
        self._log_path = ""

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
                    self._screen.line("  ", ("dim", line))
            case events.ProblemFound():
                self.problem(event.problem)
            case events.Artifact():
                self._artifacts.append(event)
            case events.Done():
                self._done(event)

    def problem(self, problem: Problem) -> None:
        """Show a problem as a block that can be read on its own."""
        line = self._screen.line
        line()
        line(_SEVERITIES[problem.severity], ": ", ("bold", problem.title))
        where = f"In {problem.where}." if problem.where else ""
        for text in filter(None, (where, problem.why, problem.do)):
            line("  ", text)
        for quoted in problem.evidence[-EVIDENCE_LINES:]:
            line("  ", ("dim", f"│ {quoted}"))
        line()

    def _check(self, check: events.Check) -> None:
        if self._verbose or check.state in ("warn", "fail"):
            tail = f"  {check.detail}" if check.detail else ""
            self._screen.line(_CHECK_MARKS.get(check.state, "–"), f" {check.title}", ("dim", tail))

    def _stage(self, stage: events.Stage) -> None:
        title = self._titles.get(stage.id, stage.id)
        if stage.state == "started":
            self._screen.begin(stage.id, title, self._usually(stage.id))
            return
        self._screen.end(stage.id)
        took = in_seconds(stage.seconds) if stage.state != "skipped" else ""
        tail = "".join(f"  {text}" for text in (took, stage.reason) if text)
        self._screen.line(_MARKS[stage.state], f" {title}", ("dim", tail))

    def _advance(self, progress: events.Progress) -> None:
        said = how_far(progress)
        if not progress.unit:  # no count of which one sees the end, so the usual time stays
            said = "  ".join(text for text in (said, self._usually(progress.stage)) if text)
        self._screen.advance(progress.stage, progress.done, progress.total, said)

    def _usually(self, stage: str) -> str:
        usual = self._usual.get(stage)
        return f"usually {in_seconds(usual)}" if usual and usual >= 1 else ""

    def _done(self, done: events.Done) -> None:
        line = self._screen.line
        self._screen.stop()
        if done.status == "cancelled":
            line("Stopped. Your previous result is as it was.")
        elif done.status == "failed":
            if self._log_path:
                line(("dim", f"The whole log: {self._log_path}"))
        elif self._artifacts:
            line()
            line(("bold green", "Done"), f" in {in_seconds(done.seconds)}.")
            for artifact in self._artifacts:
                self._made(artifact)

    def _made(self, artifact: events.Artifact) -> None:
        what = _ARTIFACTS.get(artifact.artifact, artifact.artifact.capitalize())
        size = in_words(artifact.bytes)
        self._screen.line(f"{what}: ", ("bold", artifact.path), f" ({size})")
        if argv := _to_try(artifact):
            self._screen.line(f"Try it:   {_command_line(argv)}")


def _is_about_the_build(log: events.Log) -> bool:
    """Whether the engine says something about the whole build: which way it goes, and why."""
    return log.stream == "own" and not log.stage


def _screen(file: IO[str]) -> Screen:
    """One that fails on no character, whatever the encoding, and is only as fine as is seen."""
    reconfigure: Any = getattr(file, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")
    is_fine = file.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
    if not (is_fine or os.environ.get("FORCE_COLOR")):
        return Paper(file)
    from builder.terminal_screen import ColourScreen  # here: it loads longer than many a build

    return ColourScreen(file)


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


def _to_try(artifact: events.Artifact) -> Sequence[str]:
    """The command that shows a result, if there is one."""
    if artifact.artifact == "site":
        # A plain "python" may be another one, or none at all.
        return [sys.executable, "-m", "builder", "serve", artifact.path]
    return [artifact.path] if artifact.artifact == "executable" else []


def _command_line(argv: Sequence[str]) -> str:
    """The words as they are typed; a Windows path holds no quotes."""
    if os.name == "nt":
        return " ".join(f'"{word}"' if " " in word else word for word in argv)
    return shlex.join(argv)
