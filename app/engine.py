"""The only door to a build: starts the engine as a process, reads its events, stops it.

The engine is a process of its own so that nothing it does, and nothing a project does to it, can
hold up or take down the window. A `BuildRun` belongs to Slipway's process, not to a page: a tab
may be closed or reloaded and finds the same run again with `current()`.

Everything here runs on the event loop and is called from there.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app import build_log, processes, showing
from builder import events, history
from builder.history import LastBuild
from builder.options import OPTIONS, RUN
from builder.problems import EXIT_CANCELLED, EXIT_OURS, Problem, SlipwayError
from builder.toolchains import inventory
from builder.toolchains.inventory import Has

RunState = Literal["running", "ok", "failed", "cancelled", "died"]
ViewState = Literal["waiting", "started", "done", "skipped", "failed"]

CANCEL_SECONDS = 3.0  # what the engine has to end by itself, as it promises
LINGER_SECONDS = 2.0  # between `done` and the end of the process
NOTIFY_SECONDS = 1 / 12  # more repaints a second only cost time
ANSWER_SECONDS = 60.0  # for commands that compute something and print it

_KINDS: Mapping[str, Literal["value", "list", "flag"]] = {
    "flag": "flag",
    "texts": "list",
    "pairs": "list",
}


def _options() -> Mapping[str, Literal["value", "list", "flag"]]:
    """What a build can be told, by the name of its option on the command line."""
    found: dict[str, Literal["value", "list", "flag"]] = {}
    for option in (*OPTIONS, *RUN):
        if option.kind == "secret":  # never in the arguments of a process, where all can see them
            continue
        for flag in (option.flag, option.off_flag):
            if flag:
                kind = "flag" if flag == option.off_flag else _KINDS.get(option.kind, "value")
                found[flag.removeprefix("--").replace("-", "_")] = kind
    return found


_OPTIONS = _options()

_log = logging.getLogger(__name__)


def arguments(options: Mapping[str, Any]) -> list[str]:
    """The options of a build as the engine's command line has them; empty ones are left out.

    Raises KeyError for an option that does not exist.
    """
    argv: list[str] = []
    for name, value in options.items():
        kind, flag = _OPTIONS[name], "--" + name.replace("_", "-")
        if value is None or value == "" or value is False:
            continue
        if kind == "flag":
            argv.append(flag)
        elif kind == "list":
            argv += [f"{flag}={item}" for item in ([value] if isinstance(value, str) else value)]
        else:  # one word each, so that a value may begin with a dash
            argv.append(f"{flag}={value}")
    return argv


# --- A build -------------------------------------------------------------------------------------


@dataclass
class StageView:
    """What is known of one stage so far; `started` in Unix seconds, `detail` its step in words."""

    id: str
    title: str
    state: ViewState = "waiting"
    seconds: float = 0.0
    reason: str = ""
    done: float = 0.0
    total: float | None = None
    unit: str = ""
    detail: str = ""
    usual_seconds: float | None = None
    started: float | None = None

    def elapsed(self) -> float:
        """Seconds that the stage took, or has taken so far."""
        if self.state == "started" and self.started is not None:
            return time.time() - self.started
        return self.seconds

    def stop(self) -> None:
        """The engine is gone: what it had begun and not ended has failed."""
        if self.state == "started":
            self.seconds, self.state = self.elapsed(), "failed"


class BuildRun:
    """One build, running or over. `started` in Unix seconds; `exit` is None while it runs.

    `is_rehearsal`: everything but the last tool itself, so that nothing is delivered.
    """

    def __init__(
        self, target: str, project: Path, argv: Sequence[str], *, is_rehearsal: bool = False
    ) -> None:
        self.id = uuid.uuid4().hex
        self.target = target
        self.project = project
        self.is_rehearsal = is_rehearsal
        self.state: RunState = "running"
        self.started = time.time()
        self.plan: tuple[events.PlannedStage, ...] = ()
        self.backend = ""
        self.stages: dict[str, StageView] = {}
        self.checks: list[events.Check] = []
        self.problems: list[Problem] = []
        self.artifacts: list[events.Artifact] = []
        self.exit: int | None = None
        self.log = build_log.LogStore(build_log.new_path(target))
        self._argv = tuple(argv)
        self._process: asyncio.subprocess.Process | None = None
        self._done: events.Done | None = None
        self._done_at = 0.0
        self._cancel_by: float | None = None
        self._seconds = 0.0
        self._subscribers: list[Callable[[], None]] = []
        self._notified = 0.0
        self._notify_soon: asyncio.TimerHandle | None = None
        self._task = processes.background(self._drive())

    @property
    def seconds(self) -> float:
        """How long the build took, or has taken so far."""
        return time.time() - self.started if self.state == "running" else self._seconds

    @property
    def cancelling(self) -> bool:
        """Whether the user said stop and the build has not ended yet."""
        return self.state == "running" and self._cancel_by is not None

    def cancel(self) -> None:
        """Ask the engine to stop; after three seconds its whole tree of processes is killed."""
        if self.state != "running" or self._cancel_by is not None:
            return
        self._cancel_by = time.monotonic() + CANCEL_SECONDS
        self._send_cancel()
        self._changed()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back on the event loop after changes, at most twelve times a second.

        Returns what ends it.
        """
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    async def wait(self) -> None:
        """Until the build is over, however it ends."""
        await asyncio.shield(self._task)

    async def _drive(self) -> None:
        """From the start of the process until nothing of it is left."""
        try:
            self._process = await processes.spawn_engine(self._argv, mark=self.id)
        except OSError as error:
            self._finish(f"It could not be started: {error}.")
            return
        if self._cancel_by is not None:
            self._send_cancel()
        out, err = self._process.stdout, self._process.stderr
        assert out is not None
        assert err is not None
        readers = [
            processes.background(processes.pump(out, self._take)),
            processes.background(processes.pump(err, self._take_text)),
        ]
        await self._until_over(self._process)
        await asyncio.wait(readers, timeout=0.5)
        if self._done is None or self._process.returncode is None:
            await processes.kill_and_wait(self._process, self.id)
            await asyncio.wait(readers, timeout=0.5)
        for reader in readers:
            reader.cancel()
        self._finish(_how_it_ended(self._process.returncode))

    async def _until_over(self, process: asyncio.subprocess.Process) -> None:
        # Not process.wait(): in some Pythons it also waits for the pipes, and a tool that was left
        # behind holds them open for as long as it likes.
        while process.returncode is None:
            now = time.monotonic()
            if self._cancel_by is not None and now > self._cancel_by:
                return
            if self._done is not None and now > self._done_at + LINGER_SECONDS:
                return
            await asyncio.sleep(0.05)

    def _send_cancel(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(b'{"command": "cancel"}\n')

    def _finish(self, how: str) -> None:
        self._seconds = time.time() - self.started
        if self._done is not None:
            self.state, self.exit = self._done.status, self._done.exit
        elif self._cancel_by is not None:
            self.state, self.exit = "cancelled", EXIT_CANCELLED
        else:
            self.state, self.exit = "died", EXIT_OURS
            self.problems.append(_died(how))
        for stage in self.stages.values():
            stage.stop()
        self.log.close()
        self._process = None
        self._changed()

    def _take(self, line: bytes) -> None:
        """One line of the engine's stdout; whatever is no event goes to the log as it is."""
        text = line.decode("utf-8", "replace")
        try:
            self._apply(events.decode(text))
        except (ValueError, KeyError, TypeError, AttributeError):
            self._take_text(line)

    def _take_text(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r")
        if text:
            self.log.add("", "err", [text])
            self._changed()

    def _apply(self, event: events.Event) -> None:
        match event:
            case events.Plan():
                self.plan, self.backend = tuple(event.stages), event.backend
                for stage in self.plan:
                    self._stage(stage.id, stage.title).usual_seconds = stage.usual_seconds
            case events.Stage():
                self._apply_stage(event)
            case events.Progress():
                view = self._stage(event.stage)
                view.done, view.total, view.unit = event.done, event.total, event.unit
                view.detail = event.detail
            case events.Log():
                self.log.add(event.stage, event.stream, [str(line) for line in event.lines])
            case events.Check():
                self._apply_check(event)
            case events.ProblemFound():
                self.problems.append(event.problem)
            case events.Artifact():
                self.artifacts.append(event)
            case events.Done():
                self._done, self._done_at = event, time.monotonic()
        self._changed()

    def _stage(self, stage_id: str, title: str = "") -> StageView:
        return self.stages.setdefault(stage_id, StageView(stage_id, title or stage_id))

    def _apply_stage(self, event: events.Stage) -> None:
        view = self._stage(event.id)
        view.state, view.seconds, view.reason = event.state, event.seconds, event.reason
        if event.state == "started":
            view.started = time.time()

    def _apply_check(self, event: events.Check) -> None:
        for index, known in enumerate(self.checks):
            if known.id == event.id:
                self.checks[index] = event
                return
        self.checks.append(event)

    def _changed(self) -> None:
        """Call the subscribers now or soon, so that they run twelve times a second at most."""
        if self._notify_soon is None:
            wait = self._notified + NOTIFY_SECONDS - time.monotonic()
            loop = asyncio.get_running_loop()
            self._notify_soon = loop.call_later(max(0.0, wait), self._notify)

    def _notify(self) -> None:
        self._notify_soon = None
        self._notified = time.monotonic()
        self.log.flush()
        for callback in tuple(self._subscribers):
            try:
                callback()
            except Exception:  # noqa: BLE001 - a page that fails must not stop the build or the others
                _log.exception("a subscriber of the build failed")


def _died(how: str) -> Problem:
    return Problem(
        "engine-died",
        "The build ended without finishing",
        why=f"The part of Slipway that builds stopped working. {how}",
        do="What you built before is still whole, and nothing is left running. Build again; if it "
        "ends like this once more, open the log: its last lines say how far it came.",
    )


def _how_it_ended(status: int | None) -> str:
    if status is None:
        return "It no longer answered."
    if status < 0:
        return (
            f"Something ended it from outside (signal {-status}); "
            "often that is the system when memory runs out."
        )
    return f"It left with status {status}."


_current: BuildRun | None = None


def start_build(target: str, project: Path, options: Mapping[str, Any]) -> BuildRun:
    """Start a build and return at once.

    One build at a time: while one is running, that one is returned, so that two tabs, or two
    clicks, end up with the same run.

    Raises KeyError for an option that does not exist.
    """
    global _current
    if _current is None or _current.state != "running":
        argv = ("build", target, str(project), "--events", *arguments(options))
        is_rehearsal = bool(options.get("rehearse"))
        _current = BuildRun(target, project, argv, is_rehearsal=is_rehearsal)
    return _current


def current() -> BuildRun | None:
    """The build that runs, or else the last one; None before the first."""
    return _current


# --- Answers -------------------------------------------------------------------------------------


async def plan(target: str, project: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a build would do, as `python -m builder plan --json` says it.

    Raises SlipwayError when the engine gives no answer.
    """
    return await _answer(("plan", target, str(project), "--json", *arguments(options)))


async def tools() -> Has:
    """Which tools are on this computer, from a look at a few files.

    Raises OSError where one cannot look.
    """
    return await asyncio.to_thread(inventory.look)


async def last_build(project: Path, target: str) -> LastBuild | None:
    """What was built last for a project and target, None before the first time."""
    return await asyncio.to_thread(history.last_build, project, target)


async def in_menu(program: Path, wish: Literal["", "add", "remove"] = "") -> bool:
    """Whether an app is in the menu of this desktop, after it was put there or taken out.

    Raises SlipwayError when that does not work.
    """
    options = [f"--{wish}"] if wish else []
    answer = await _answer(("menu", str(program), "--json", *options))
    if problems := answer.get("problems"):
        raise SlipwayError(Problem.from_dict(problems[0]))
    return bool(answer.get("in_menu"))


async def _answer(argv: Sequence[str]) -> dict[str, Any]:
    process = await processes.spawn_engine(argv)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        raise processes.no_answer(
            argv, f"nothing came within {ANSWER_SECONDS:.0f} seconds"
        ) from None
    finally:
        if process.returncode is None:
            await processes.kill_and_wait(process)
    try:
        answer = json.loads(out)
    except ValueError:
        said = err.decode("utf-8", "replace").strip().splitlines()
        raise processes.no_answer(
            argv, said[-1] if said else f"status {process.returncode}"
        ) from None
    if not isinstance(answer, dict):
        raise processes.no_answer(argv, "the answer has another shape")
    return answer


async def shutdown() -> None:
    """End what is shown and the build that runs: Slipway is closing."""
    await showing.stop_serving()
    run = _current
    if run is None or run.state != "running":
        return
    run.cancel()
    await run.wait()
