"""Runs the stages of a build: order, what may run side by side, stamps, cancel.

A stage declares what it reads and what it writes. One whose inputs are as they were and whose
output is there is skipped; a changed one says what changed. Handing over is `delivery.py`.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal

from builder import __version__, events
from builder.flutter.kit import Kit
from builder.history import read_json, write_json
from builder.problems import Cancelled, Problem
from builder.process import Finished, OnLines, OnOpenLine, Tools
from builder.process import Stream as ToolStream
from builder.project import Project
from builder.settings import Settings

STAMPS = ".stamps"
NAMED = 3  # so many changes are named, the rest is counted
ABANDON_SECONDS = 1.0  # what the other stages get to end after one failed

Say = Callable[[events.Event], None]


@dataclass(frozen=True)
class Build:
    """What is being built. `work` is the folder of this project and target, kept between builds.

    `kit` is there for the backend `flutter` only, once its checks are done.
    """

    project: Project
    settings: Settings
    target: str
    work: Path
    output: Path
    options: Mapping[str, Any]
    kit: Kit | None = None


@dataclass(frozen=True)
class Stage:
    """One step of a build.

    `reads` names what the stage depends on, in words a person knows, each with a fingerprint
    (`{"main.py": "sha256…", "base URL": "/"}`). `writes` are paths below `work` that must be there
    for the stage to be skipped. `after` are the ids of the stages that it waits for; a stage
    may call `reads` only when those are done. `missing` is for what a stage makes outside of
    `work` (a shared cache): what of it is gone, in words, or "". It does not belong into `reads`,
    which must be the same before and after the stage. `always` is why the stage runs even when
    nothing changed, for tools that know better than we what they have to do.
    """

    id: str
    title: str
    run: Callable[[Job], None]
    reads: Callable[[Build], Mapping[str, str]]
    writes: Sequence[str]
    after: Sequence[str] = ()
    missing: Callable[[Build], str] | None = None
    always: str = ""


class Job:
    """What a running stage may do besides its own work: speak, start tools, notice a cancel."""

    def __init__(self, build: Build, stage: str, say: Say, tools: Tools) -> None:
        self.build = build
        self._stage = stage
        self._say = say
        self._tools = tools

    def log(self, *lines: str) -> None:
        """Say something in the log, as the engine itself."""
        self._say(events.Log(self._stage, "own", lines))

    def progress(self, done: float, total: float | None, unit: str, detail: str = "") -> None:
        """Say how far the stage is; call it as often as you like, five a second are sent.

        `detail` is the step it is at, in words. Raises Cancelled, as `check_cancelled` does.
        """
        self._tools.check_stopped()
        self._say(events.Progress(self._stage, done, total, unit, detail))

    def problem(self, problem: Problem) -> None:
        """Tell a warning or a hint; an error is raised, not told."""
        self._say(events.ProblemFound(problem))

    def run_tool(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        quiet: bool = False,
        limit: float | None = None,
        leaves_nothing: bool = False,
        line: str | None = None,
        watch: OnLines | None = None,
        watch_open_line: OnOpenLine | None = None,
    ) -> Finished:
        """Run a tool with a clean environment; its lines go to the log (`quiet`: only back).

        `watch(stream, lines)` is handed them as they come, too, and `watch_open_line` what a line
        without an end holds so far; never two calls at a time. Any exit status is an answer.
        Raises ComputerError when it cannot be started, Cancelled, and TimeoutError when it took
        longer than `limit` seconds and was killed. `leaves_nothing`: what it has left running
        is killed when it has ended. `line` is what it reads on its stdin.
        """
        one_at_a_time = threading.Lock()  # both streams have a thread of their own

        def tell_open_line(line: str) -> None:
            assert watch_open_line is not None
            with one_at_a_time:
                watch_open_line(line)

        def tell(stream: ToolStream, lines: Sequence[str]) -> None:
            if not quiet:
                self._say(events.Log(self._stage, stream, lines))
            if watch:
                with one_at_a_time:
                    watch(stream, lines)

        return self._tools.run(
            argv,
            cwd=cwd,
            env=env,
            on_lines=tell,
            on_open_line=tell_open_line if watch_open_line else None,
            limit=limit,
            leaves_nothing=leaves_nothing,
            line=line,
        )

    def check_cancelled(self) -> None:
        """Raise `Cancelled` when the user said stop; long loops call it often."""
        self._tools.check_stopped()


@dataclass
class Outcome:
    """What a run did: stage id -> seconds for those that ran, and the ids of those skipped."""

    ran: dict[str, float] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Forecast:
    """What would happen to a stage: `later` when that shows only once another has run."""

    id: str
    title: str
    state: Literal["run", "skip", "later"]
    reason: str


def run(stages: Sequence[Stage], build: Build, say: Say, tools: Tools) -> Outcome:
    """Run what has changed, each stage after those it waits for, independent ones side by side.

    Raises what the first failed stage raised, when the others are stopped; Cancelled when
    `tools` was stopped; ValueError when the stages wait for each other in a circle.
    """
    return _Run(stages, build, say, tools).finish()


def forecast(stages: Sequence[Stage], build: Build) -> list[Forecast]:
    """What `run` would do, in order, without doing it."""
    found: list[Forecast] = []
    open_ids: set[str] = set()
    for stage in in_order(stages):
        waits = [f.title for f in found if f.id in stage.after and f.id in open_ids]
        if waits:
            found.append(Forecast(stage.id, stage.title, "later", f"after “{waits[0]}”"))
            open_ids.add(stage.id)
            continue
        reason = why_run(stage, build, inputs_of(stage, build))
        found.append(
            Forecast(
                stage.id, stage.title, "run" if reason else "skip", reason or events.NOTHING_CHANGED
            )
        )
        if reason:
            open_ids.add(stage.id)
    return found


def first_timers(stages: Sequence[Stage], build: Build) -> frozenset[str]:
    """The ids of the stages that have no result of an earlier run: those take their full time."""
    return frozenset(stage.id for stage in stages if not _succeeded_before(stage, build))


def _succeeded_before(stage: Stage, build: Build) -> bool:
    stamp = read_json(_stamp(build, stage))
    return isinstance(stamp.get("inputs"), dict) or stamp.get("succeeded_before") is True


def in_order(stages: Sequence[Stage]) -> list[Stage]:
    """The stages so that each comes after those it waits for.

    Raises ValueError for a circle, and for a stage that waits for one which is not there.
    """
    by_id = {stage.id: stage for stage in stages}
    if len(by_id) != len(stages):
        raise ValueError("two stages have the same id")
    for stage in stages:
        for other in stage.after:
            if other not in by_id:
                raise ValueError(f"stage {stage.id} waits for {other}, which is not there")
    try:
        order = list(TopologicalSorter({s.id: s.after for s in stages}).static_order())
    except CycleError as error:
        raise ValueError(f"stages wait for each other: {error.args[1]}") from error
    return [by_id[stage_id] for stage_id in order]


def inputs_of(stage: Stage, build: Build) -> dict[str, str]:
    """What a stage depends on: what it names itself, and what all do.

    That is us, who may work otherwise tomorrow, and the target: a user may name one work folder
    for several.
    """
    return {"Slipway": __version__, "the target": build.target, **stage.reads(build)}


def why_run(stage: Stage, build: Build, inputs: Mapping[str, str]) -> str:
    """Why the stage has to run, in words; "" when nothing changed and its output is there."""
    stamp = read_json(_stamp(build, stage))
    if not stamp:
        return "first time"
    before = stamp.get("inputs")
    if not isinstance(before, dict):
        return "it did not finish last time"
    changes = describe_changes(before, inputs)
    if changes:
        return changes
    gone = [name for name in stage.writes if not _is_whole(build.work / name)]
    if gone:
        return f"its result {gone[0]} is missing"
    lost = stage.missing(build) if stage.missing else ""
    return f"{lost} is missing" if lost else stage.always


def _is_whole(path: Path) -> bool:
    """Whether a result is there; of a note, whether it is as it was written."""
    return bool(read_json(path)) if path.suffix == ".json" else path.exists()


def describe_changes(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What changed between two sets of inputs, in words; "" when nothing did."""
    changes = [
        _describe(name, before.get(name), now.get(name))
        for name in (*now, *(n for n in before if n not in now))
        if before.get(name) != now.get(name)
    ]
    named = ", ".join(changes[:NAMED])
    return f"{named} and {len(changes) - NAMED} more" if len(changes) > NAMED else named


def _describe(name: str, before: str | None, now: str | None) -> str:
    if before is None:
        return f"{name} is new"
    if now is None:
        return f"{name} is gone"
    if _is_digest(before) or _is_digest(now):
        return f"{name} changed"
    return f"{name} was {before or 'not set'} and is {now or 'not set'}"


def _is_digest(value: str) -> bool:
    """Whether a fingerprint would tell a person nothing."""
    return len(value) > 40 or bool(re.fullmatch(r"[0-9a-f]{12,}", value)) or "\n" in value


class _Run:
    """One run of a pipeline. Stages work in threads of their own; all bookkeeping is in ours."""

    def __init__(self, stages: Sequence[Stage], build: Build, say: Say, tools: Tools) -> None:
        self._waiting = in_order(stages)
        self._build = build
        self._say = say
        self._tools = tools
        self._running: dict[str, float] = {}
        self._done: set[str] = set()
        self._ended: queue.SimpleQueue[tuple[Stage, Mapping[str, str], BaseException | None]]
        self._ended = queue.SimpleQueue()
        self._outcome = Outcome()

    def finish(self) -> Outcome:
        while self._waiting or self._running:
            try:
                self._tools.check_stopped()
                self._start_what_can()
                self._wait_for_one()
            except BaseException:
                self._stop_the_others()
                raise
        return self._outcome

    def _start_what_can(self) -> None:
        """Begin every stage whose predecessors are done; a skipped one may free the next."""
        while ready := [s for s in self._waiting if self._done.issuperset(s.after)]:
            for stage in ready:
                self._waiting.remove(stage)
                self._begin(stage)

    def _begin(self, stage: Stage) -> None:
        began = time.monotonic()
        inputs = inputs_of(stage, self._build)
        reason = why_run(stage, self._build, inputs)
        if not reason:
            self._outcome.skipped.append(stage.id)
            self._done.add(stage.id)
            self._say(events.Stage(stage.id, "skipped", 0.0, events.NOTHING_CHANGED))
            return
        # From here until it succeeds the stage counts as unfinished, also when we are killed.
        before = _succeeded_before(stage, self._build)
        write_json(_stamp(self._build, stage), {"inputs": None, "succeeded_before": before})
        self._running[stage.id] = began
        self._say(events.Stage(stage.id, "started", 0.0, reason))
        name = f"stage {stage.id}"
        # Daemons, so that a stage which ignores a cancel cannot keep the engine alive.
        threading.Thread(target=self._work, args=(stage, inputs), name=name, daemon=True).start()

    def _work(self, stage: Stage, inputs: Mapping[str, str]) -> None:
        failure: BaseException | None = None
        try:
            self._tools.check_stopped()
            stage.run(Job(self._build, stage.id, self._say, self._tools))
        except BaseException as error:  # noqa: BLE001 - the worker's top: raised again in `run`
            failure = error
        self._ended.put((stage, inputs, failure))

    def _wait_for_one(self) -> None:
        if not self._running:
            return
        try:
            # With a timeout, because without one Windows would not notice Ctrl+C.
            stage, inputs, failure = self._ended.get(timeout=0.2)
        except queue.Empty:
            return
        seconds = time.monotonic() - self._running.pop(stage.id)
        if failure is not None:
            reason = "stopped" if isinstance(failure, Cancelled) else ""
            self._say(events.Stage(stage.id, "failed", seconds, reason))
            raise failure
        write_json(_stamp(self._build, stage), {"inputs": dict(inputs)})
        self._outcome.ran[stage.id] = seconds
        self._done.add(stage.id)
        self._say(events.Stage(stage.id, "done", seconds))

    def _stop_the_others(self) -> None:
        """After a failure: nothing goes on in the background."""
        if not self._running:
            return
        self._tools.stop()
        end = time.monotonic() + ABANDON_SECONDS
        while self._running and (left := end - time.monotonic()) > 0:
            try:
                stage, _, _ = self._ended.get(timeout=left)
            except queue.Empty:
                break
            self._say_stopped(stage.id)
        for stage_id in list(self._running):
            self._say_stopped(stage_id)

    def _say_stopped(self, stage_id: str) -> None:
        seconds = time.monotonic() - self._running.pop(stage_id)
        self._say(events.Stage(stage_id, "failed", seconds, "stopped"))


def _stamp(build: Build, stage: Stage) -> Path:
    return build.work / STAMPS / f"{stage.id}.json"
