"""The only door to a build: starts the engine as a process, reads its events, stops it.

The engine is a process of its own so that nothing it does, and nothing a project does to it, can
hold up or take down the window. A `BuildRun` belongs to Slipway's process, not to a page: a tab
may be closed or reloaded and finds the same run again with `current()`.

Everything here runs on the event loop and is called from there.
"""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, TextIO

import psutil

from builder import events, history, places
from builder.history import LastBuild
from builder.options import OPTIONS, RUN
from builder.problems import EXIT_CANCELLED, EXIT_OURS, Problem, SlipwayError
from builder.toolchains import inventory
from builder.toolchains.inventory import Has

ROOT = Path(__file__).resolve().parent.parent
ENGINE: tuple[str, ...] = (sys.executable, "-P", "-m", "builder")

RunState = Literal["running", "ok", "failed", "cancelled", "died"]
ViewState = Literal["waiting", "started", "done", "skipped", "failed"]

CANCEL_SECONDS = 3.0  # what the engine has to end by itself, as it promises
LINGER_SECONDS = 2.0  # between `done` and the end of the process
NOTIFY_SECONDS = 1 / 12  # more repaints a second only cost time
ANSWER_SECONDS = 60.0  # for commands that compute something and print it
END_SECONDS = 3.0  # what an app gets to end in good order
HEAR_SECONDS = 0.2  # between two looks at what an app says
START_SECONDS = 2.0  # after which an app that was started counts as running
SERVE_SECONDS = 20.0  # until the server of a finished site has said its address
LONGEST_LINE = 8 << 20  # bytes; a longer line is taken in pieces

_UNWANTED = {"PYTHONHOME", "PYTHONINSPECT", "PYTHONSAFEPATH", "PYTHONSTARTUP", "PYTHONWARNINGS"}
_MARK = "SLIPWAY_RUN"  # in the environment of all that a build starts, to find what outlives it

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

_ERROR_LINE = re.compile(
    r"\b(error|fatal|exception|failed)\b\s*[:\]]|^Traceback \(most recent call last\)"
    r"|^[\w.]*(Error|Exception)\b|^e: ",
    re.IGNORECASE,
)

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


# --- The log -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log, and who said it in which stage."""

    text: str
    stage: str
    stream: events.Stream


class LogStore:
    """All lines of one build, in order, only ever growing; the same goes to the file at `path`.

    `path` is None when no file can be written; the lines in memory are whole in any case.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lines: list[str] = []
        self._starts: list[int] = []  # where a run of lines with the same tags begins
        self._tags: list[tuple[str, events.Stream]] = []
        self._first_error = -1
        self._file = self._open()

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def lines(self, start: int, stop: int) -> list[LogLine]:
        """The lines from `start` up to but not including `stop`, as far as there are any."""
        first = max(0, start)
        return [
            LogLine(text, *self._tag(index))
            for index, text in enumerate(self._lines[first : max(first, stop)], first)
        ]

    def find(self, text: str, start: int = 0) -> int:
        """The first line from `start` on that holds `text` in any case, or -1."""
        wanted = text.casefold()
        if not wanted:
            return -1
        first = max(0, start)
        for index in range(first, len(self._lines)):
            if wanted in self._lines[index].casefold():
                return index
        return -1

    def first_error(self) -> int:
        """The first line that reads like an error, or -1."""
        return self._first_error

    def add(self, stage: str, stream: events.Stream, lines: Sequence[str]) -> None:
        """Append lines."""
        if not lines:
            return
        if not self._tags or self._tags[-1] != (stage, stream):
            self._starts.append(len(self._lines))
            self._tags.append((stage, stream))
        if self._first_error < 0:
            self._look_for_error(lines)
        self._lines.extend(lines)
        self._write("".join(f"{line}\n" for line in lines))

    def flush(self) -> None:
        """Make the file as complete as the lines in memory."""
        self._on_disk(lambda file: file.flush())

    def close(self) -> None:
        """No more lines will come."""
        self._on_disk(lambda file: file.close())
        self._file = None

    def _tag(self, index: int) -> tuple[str, events.Stream]:
        return self._tags[bisect.bisect_right(self._starts, index) - 1]

    def _look_for_error(self, lines: Sequence[str]) -> None:
        for offset, line in enumerate(lines):
            if _ERROR_LINE.search(line):
                self._first_error = len(self._lines) + offset
                return

    def _open(self) -> TextIO | None:
        if self.path is None:
            return None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return self.path.open("w", encoding="utf-8", errors="replace")
        except OSError as error:
            _log.warning("no log file at %s: %s", self.path, error)
            self.path = None
            return None

    def _write(self, text: str) -> None:
        self._on_disk(lambda file: file.write(text))

    def _on_disk(self, act: Callable[[TextIO], object]) -> None:
        """A full disk costs the file, never the build or the lines in memory."""
        if self._file is None:
            return
        try:
            act(self._file)
        except OSError as error:
            _log.warning("the log file %s ends early: %s", self.path, error)
            with contextlib.suppress(OSError):  # it tries to write the rest once more
                self._file.close()
            self._file = None


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
        self.log = LogStore(_log_path(target))
        self._argv = tuple(argv)
        self._process: asyncio.subprocess.Process | None = None
        self._done: events.Done | None = None
        self._done_at = 0.0
        self._cancel_by: float | None = None
        self._seconds = 0.0
        self._subscribers: list[Callable[[], None]] = []
        self._notified = 0.0
        self._notify_soon: asyncio.TimerHandle | None = None
        self._task = _background(self._drive())

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
            self._process = await _spawn(self._argv, mark=self.id)
        except OSError as error:
            self._finish(f"It could not be started: {error}.")
            return
        if self._cancel_by is not None:
            self._send_cancel()
        out, err = self._process.stdout, self._process.stderr
        assert out is not None
        assert err is not None
        readers = [_background(_pump(out, self._take)), _background(_pump(err, self._take_text))]
        await self._until_over(self._process)
        await asyncio.wait(readers, timeout=0.5)
        if self._done is None or self._process.returncode is None:
            await _kill_and_wait(self._process, self.id)
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


# --- Answers, the server of a finished site, and the desktop -------------------------------------


async def plan(target: str, project: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a build would do, as `python -m builder plan --json` says it.

    Raises SlipwayError when the engine gives no answer.
    """
    return await _answer(("plan", target, str(project), "--json", *arguments(options)))


async def needs_network(target: str, project: Path, options: Mapping[str, Any]) -> str:
    """Whether a build needs the network and for what, as a sentence; empty when nobody knows.

    Raises SlipwayError when the engine gives no answer.
    """
    return str((await plan(target, project, options)).get("network") or "")


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
    process = await _spawn(argv)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        raise _no_answer(argv, f"nothing came within {ANSWER_SECONDS:.0f} seconds") from None
    finally:
        if process.returncode is None:
            await _kill_and_wait(process)
    try:
        answer = json.loads(out)
    except ValueError:
        said = err.decode("utf-8", "replace").strip().splitlines()
        raise _no_answer(argv, said[-1] if said else f"status {process.returncode}") from None
    if not isinstance(answer, dict):
        raise _no_answer(argv, "the answer has another shape")
    return answer


def _no_answer(argv: Sequence[str], reason: str) -> SlipwayError:
    return SlipwayError(
        Problem(
            "engine-silent",
            "Slipway's engine gave no answer",
            why=f"It was asked for “{argv[0]}”: {reason}.",
            do="Try once more. If it stays like this, start Slipway again.",
        )
    )


@dataclass
class _Served:
    """What shows a site, or an app without a window of its own, for as long as it runs."""

    folder: Path
    base_url: str
    process: asyncio.subprocess.Process | subprocess.Popen[bytes]
    address: str


_served: _Served | None = None
_served_watchers: list[Callable[[], None]] = []


def served() -> str:
    """Where the site or app is that is served just now, by a process of ours; empty for none."""
    return _served.address if _served is not None else ""


def watch_served(changed: Callable[[], None]) -> Callable[[], None]:
    """Call `changed`, on the event loop, whenever `served` is another. Returns what ends that."""
    _served_watchers.append(changed)
    return lambda: _served_watchers.remove(changed)


def _now_serves(one: _Served | None) -> None:
    global _served
    _served = one
    for changed in tuple(_served_watchers):
        changed()


def _has_ended(process: asyncio.subprocess.Process | subprocess.Popen[bytes]) -> None:
    if _served is not None and _served.process is process:
        _now_serves(None)


async def _until_it_ends(process: asyncio.subprocess.Process) -> None:
    await process.wait()
    _has_ended(process)


async def serve(folder: Path, base_url: str = "") -> str:
    """Serve a finished site on loopback and return its address; one site at a time.

    Raises SlipwayError when no address comes.
    """
    if _served is not None and _served.process.returncode is None:
        if (_served.folder, _served.base_url) == (folder, base_url):
            return _served.address
        await stop_serving()
    argv = ["serve", str(folder)] + ([f"--base-url={base_url}"] if base_url else [])
    process = await _spawn(argv)
    try:
        async with asyncio.timeout(SERVE_SECONDS):
            _line, address = await _address_line(process)
    except TimeoutError:
        address = ""
    if not address:
        await _kill_and_wait(process)
        raise _no_answer(argv, "the site could not be served")
    _now_serves(_Served(folder, base_url, process, address))
    _background(_until_it_ends(process))
    return address


async def _address_line(
    process: asyncio.subprocess.Process, before: bytes = b""
) -> tuple[bytes, str]:
    """The first line with an address, right after the words `before` (a pattern) where given, and
    the address.

    What is said afterwards is read and dropped.
    """
    assert process.stdout is not None
    assert process.stderr is not None
    _background(_pump(process.stderr, lambda line: None))
    while line := await process.stdout.readline():
        if found := re.search(before + rb"(http://[^\s\"]+)", line):
            _background(_pump(process.stdout, lambda line: None))
            return line, found[1].decode()
    return b"", ""


async def stop_serving() -> None:
    """End what is served, if there is something: it is asked to, and killed if it does not."""
    one = _served
    if one is None:
        return
    with contextlib.suppress(ProcessLookupError):
        one.process.terminate()
    await _gone(one.process, END_SECONDS)
    await _kill_and_wait(one.process)
    _has_ended(one.process)


async def _gone(
    process: asyncio.subprocess.Process | subprocess.Popen[bytes], seconds: float
) -> None:
    """Until it has ended, at most so many seconds."""
    deadline = time.monotonic() + seconds
    while process.returncode is None and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


def open_folder(path: Path) -> bool:
    """Show a folder in the system's file manager; False where there is none to ask."""
    return _open(str(path))


def open_url(url: str) -> bool:
    """Open an address in the default browser; False where there is none to ask."""
    return _open(url)


_RUNS_ALREADY = b"runs already: "
_SAYS_WHERE = b"(?:The app is at |" + _RUNS_ALREADY + b")"  # in the words of a packed app


async def start_program(path: Path) -> str:
    """Start a finished app as a double click would; it outlives Slipway.

    One without a window of its own says its address: with no screen it is returned, else `served`
    tells it as soon as it is said. Such an app runs until `stop_serving`, the next build, or until
    Slipway ends; nobody would find it afterwards. Raises SlipwayError when it does not start, or
    ends at once with a bad status.
    """
    if not _has_screen():
        return await _start_for_a_browser(path)
    await _start_with_its_window(path)
    return ""


async def _start_for_a_browser(path: Path) -> str:
    if _served is not None and _served.process.returncode is None and _served.folder == path:
        return _served.address
    await stop_serving()
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            str(path), stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe,
            cwd=path.parent, env=_without_ours(), start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise _not_started(path, f"The system says: {error.strerror or error}.") from error
    try:
        async with asyncio.timeout(SERVE_SECONDS):
            line, address = await _address_line(process, _SAYS_WHERE)
    except TimeoutError:
        address = ""
    if not address:
        await _kill_and_wait(process)
        raise _not_started(path, "This computer has no screen that an app could be shown on.")
    if _RUNS_ALREADY not in line:  # started elsewhere: not ours to end
        _now_serves(_Served(path, "", process, address))
        _background(_until_it_ends(process))
    return address


async def _start_with_its_window(path: Path) -> None:
    if sys.platform == "darwin" and path.suffix == ".app":
        _open(str(path))
        return
    with contextlib.ExitStack() as held:
        said = held.enter_context(_paper())
        quiet = subprocess.DEVNULL
        try:
            process = subprocess.Popen(
                [str(path)],
                stdin=quiet,
                stdout=quiet if said is None else said,
                stderr=quiet,
                cwd=path.parent,
                env=_without_ours(),
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(path, f"The system says: {error.strerror or error}.") from error
        try:
            status = await asyncio.to_thread(process.wait, START_SECONDS)
        except subprocess.TimeoutExpired:  # it runs; somebody has to take its exit status
            loop = asyncio.get_running_loop()
            threading.Thread(target=_wait_for, args=(process, loop), daemon=True).start()
            if said is not None:
                paper = held.pop_all()
                task = _background(_hear_where(path, process, said))
                # Also when the loop ends before the task has begun.
                task.add_done_callback(lambda _task: paper.close())
            return
    if status:
        raise _not_started(path, f"It ended at once, with status {status}.")


def _paper() -> contextlib.AbstractContextManager[IO[bytes] | None]:
    """Where an app writes what it says, without a name; None where one cannot read beside it.

    Not a pipe: that would break when Slipway ends, and an app with a window goes on.
    """
    if not hasattr(os, "pread"):  # Windows, where there is always a browser with a window
        return contextlib.nullcontext()
    try:
        places.cache().mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=places.cache())
    except OSError as error:
        _log.warning("what an app says cannot be read: %s", error)
        return contextlib.nullcontext()


def _wait_for(process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
    process.wait()
    with contextlib.suppress(RuntimeError):  # Slipway has ended before
        loop.call_soon_threadsafe(_has_ended, process)


async def _hear_where(path: Path, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """An app that says where it is has no window whose closing would end it."""
    deadline = time.monotonic() + SERVE_SECONDS
    while process.returncode is None and time.monotonic() < deadline:
        words = os.pread(said.fileno(), 1 << 16, 0)
        if found := re.search(rb"The app is at (http://[^\s\"]+)\s", words):
            await stop_serving()
            _now_serves(_Served(path, "", process, found[1].decode()))
            return
        await asyncio.sleep(HEAR_SECONDS)


def _not_started(path: Path, why: str) -> SlipwayError:
    return SlipwayError(
        Problem(
            "app-not-started",
            f"“{path.name}” did not start",
            why=why,
            do="It is built and whole all the same. Try it on another computer, or open its "
            "folder and start it from there.",
            where=str(path),
        )
    )


def _has_screen() -> bool:
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform != "linux" or bool(has_display)


def _open(what: str) -> bool:
    if sys.platform == "win32":
        os.startfile(what)
        return True
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None or not _has_screen():
        return False
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [opener, what], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    # It may live as long as the browser does; somebody has to take its exit status.
    threading.Thread(target=process.wait, daemon=True).start()
    return True


async def shutdown() -> None:
    """End everything that was started here: Slipway is closing."""
    await stop_serving()
    run = _current
    if run is None or run.state != "running":
        return
    run.cancel()
    await run.wait()


# --- Processes -----------------------------------------------------------------------------------

_tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references


def _background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


async def _spawn(argv: Sequence[str], mark: str = "") -> asyncio.subprocess.Process:
    """Start the engine so that neither the current folder nor the user's settings shadow it."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *ENGINE,
        *argv,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        cwd=ROOT,
        env=_environment(mark),
        start_new_session=True,
        creationflags=_own_group(),
    )


def _without_ours() -> dict[str, str]:
    """The environment for a user's app, without what makes a Python find our modules."""
    ours = _UNWANTED | {"PYTHONPATH", "PYTHONUTF8", "PYTHONUNBUFFERED", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _environment(mark: str) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k not in _UNWANTED}
    env.update(PYTHONPATH=str(ROOT), PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    if mark:
        env[_MARK] = mark
    return env


def _own_group() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


async def _kill_and_wait(
    process: asyncio.subprocess.Process | subprocess.Popen[bytes], mark: str = ""
) -> None:
    """Kill the whole tree, and give asyncio the moment that it needs to notice."""
    await asyncio.to_thread(_kill_all, process.pid, mark)
    await _gone(process, 1)


async def _pump(stream: asyncio.StreamReader, take: Callable[[bytes], None]) -> None:
    """Hand on each line, however long, and let others have their turn after each chunk."""
    rest = b""
    while chunk := await stream.read(1 << 16):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            take(line)
        if len(rest) > LONGEST_LINE:
            take(rest)
            rest = b""
        await asyncio.sleep(0)
    if rest:
        take(rest)


def _kill_all(pid: int, mark: str = "") -> None:
    """Kill a process, what it started, and what outlived it; returns when they are gone.

    Killed parents leave children that nobody can trace back to them, so these are found by the
    mark in their environment. Twice, because something may start while we look.
    """
    for _ in range(2):
        victims = [*_family(pid), *(_marked(mark) if mark else ())]
        for victim in victims:
            _kill(victim)
        deadline = time.monotonic() + 1
        while any(_alive(victim) for victim in victims) and time.monotonic() < deadline:
            time.sleep(0.02)


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:  # already gone
        return []


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.environ().get(_MARK) == mark:
                yield process
        except (psutil.Error, OSError):  # not ours to read, or gone meanwhile
            continue


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.Error as error:
        _log.debug("could not kill %s: %s", process.pid, error)


def _alive(process: psutil.Process) -> bool:
    # Not process.wait(): it would take the exit status away from asyncio.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _log_path(target: str) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return places.logs() / f"{stamp}-{target}-{uuid.uuid4().hex[:6]}.log"
