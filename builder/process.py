"""The only place that starts processes: streaming, a clean environment, killing the whole tree.

A tool may start more tools, detach them, ignore signals or print without end. So every tool gets
its own session and a mark in its environment; stopping looks for children, for the session and
for the mark, and a guard process does the same when the engine itself is killed.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from builder.problems import Cancelled, ComputerError, Problem

Stream = Literal["out", "err"]
OnLines = Callable[[Stream, Sequence[str]], None]
OnOpenLine = Callable[[str], None]

MARK = "SLIPWAY_ENGINE"
"""The environment variable by which the tools of one engine are known."""

TOOL_MARK = "SLIPWAY_TOOL"
"""The one by which a single tool is known, with all that it starts."""

OPEN_BYTES = 400  # of a line that has no end yet, so much is shown
LINE_BYTES = 4 * 1024 * 1024  # the longest line that is kept whole; the rest of it is dropped
KEPT_BYTES = 64 * 1024 * 1024  # what is kept of one stream; older lines go first
READ_BYTES = 64 * 1024
DRAIN_SECONDS = 0.5  # how long a stream may be silent after its tool ended

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True)
class Finished:
    """A tool that ended: its exit status (negative: the signal that ended it) and what it said."""

    argv: Sequence[str]
    status: int
    out: Sequence[str]
    err: Sequence[str]


def clean_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for tools: the user's own, without our Python's variables and venv.

    Otherwise our `app` and `builder`, or our packages, would shadow those of the user.
    """
    base = os.environ if base is None else base
    ours = _own_bin_folders(base)
    env = {k: v for k, v in base.items() if not _belongs_to_our_python(k)}
    for name in [k for k in env if k.upper() == "PATH"]:
        kept = (p for p in env[name].split(os.pathsep) if _folder(p) not in ours)
        env[name] = os.pathsep.join(kept)
    env["PYTHONIOENCODING"] = "utf-8"
    return env


def _belongs_to_our_python(name: str) -> bool:
    # PYTHONPATH, PYTHONHOME…, but not variables of other programs such as PYTHON_KEYRING_BACKEND.
    return name.upper() in {"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "__PYVENV_LAUNCHER__"} or bool(
        re.fullmatch(r"PYTHON[A-Z]+", name.upper())
    )


def _own_bin_folders(env: Mapping[str, str]) -> set[str]:
    roots = {env.get("VIRTUAL_ENV", "")}
    if sys.prefix != sys.base_prefix:
        roots.add(sys.prefix)
    return {
        _folder(str(Path(root) / name)) for root in roots if root for name in ("bin", "Scripts")
    }


def _folder(path: str) -> str:
    return os.path.normcase(os.path.normpath(path)) if path else ""


class LineSplitter:
    """Cuts a stream of bytes into lines of text.

    UTF-8 with replacement, terminal colours taken out. Of a progress bar that redraws itself with
    carriage returns the last state counts. A line beyond `limit` bytes loses its tail.
    """

    def __init__(self, limit: int = LINE_BYTES) -> None:
        self._limit = limit
        self._rest = b""
        self._cut = False

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` completes."""
        if self._cut and b"\n" not in data:
            return []  # more of a line that is too long already
        *whole, rest = (self._rest + data).split(b"\n")
        lines = [self._end(line) for line in whole]
        self._rest = self._bounded(rest)
        return lines

    def close(self) -> list[str]:
        """What was left without a line end."""
        rest, self._rest = self._rest, b""
        return [self._end(rest)] if rest else []

    def open_line(self) -> str:
        """The beginning of the line that has no end yet: a step that is at work, a question."""
        return _text(self._rest.rstrip(b"\r").rpartition(b"\r")[2][:OPEN_BYTES])

    def _end(self, raw: bytes) -> str:
        raw = self._bounded(raw)
        cut, self._cut = self._cut, False
        return _text(raw.rstrip(b"\r").rpartition(b"\r")[2]) + (" … (cut)" if cut else "")

    def _bounded(self, raw: bytes) -> bytes:
        if len(raw) <= self._limit:
            return raw
        latest = raw.rstrip(b"\r").rpartition(b"\r")[2]
        self._cut = self._cut or len(latest) > self._limit
        return latest[: self._limit]


def _text(raw: bytes) -> str:
    return _ANSI.sub("", raw.decode("utf-8", "replace"))


class _Kept:
    """The last lines of a stream, bounded by their size."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self.lines: deque[str] = deque()

    def add(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.lines.append(line)
            self._size += len(line) + 1
        while self._size > self._limit and len(self.lines) > 1:
            self._size -= len(self.lines.popleft()) + 1


class _Reader(threading.Thread):
    """Reads one pipe to its end, and hands its lines on."""

    def __init__(
        self,
        pipe: IO[bytes],
        stream: Stream,
        on_lines: OnLines | None,
        on_open_line: OnOpenLine | None,
    ) -> None:
        super().__init__(name=f"reads {stream}", daemon=True)
        self._pipe = pipe
        self._stream: Stream = stream
        self._on_lines = on_lines
        self._on_open_line = on_open_line
        self.kept = _Kept()
        self.last_read = time.monotonic()
        self.failure: BaseException | None = None
        self.start()

    def run(self) -> None:
        splitter = LineSplitter()
        try:
            while data := os.read(self._pipe.fileno(), READ_BYTES):
                self.last_read = time.monotonic()
                self._hand_on(splitter.feed(data))
                if self._on_open_line and (line := splitter.open_line()):
                    self._on_open_line(line)
            self._hand_on(splitter.close())
        except (OSError, ValueError):
            # The pipe was closed under us, because its tool was killed: what was read stands.
            self._hand_on(splitter.close())
        except Exception as failure:  # noqa: BLE001 - raised again in the thread that waits
            self.failure = failure
        finally:
            self._pipe.close()

    def _hand_on(self, lines: list[str]) -> None:
        if lines:
            self.kept.add(lines)
            if self._on_lines:
                self._on_lines(self._stream, lines)

    def finish(self) -> None:
        """Wait for the rest, but not for a detached child that keeps the pipe open for ever."""
        ended = time.monotonic()
        while self.is_alive() and time.monotonic() - max(self.last_read, ended) < DRAIN_SECONDS:
            self.join(0.05)


@dataclass(frozen=True)
class _Started:
    """A tool that was started; `mark` is the `NAME=value` that it and all its own are known by."""

    process: subprocess.Popen[bytes]
    mark: str


class Tools:
    """The tools that one build runs. After `stop` none is left, and none starts any more.

    `guarded`: a process beside us kills them, too, when we are killed ourselves; then `close` is
    needed at the end.
    """

    def __init__(self, *, guarded: bool = False) -> None:
        self.stopped = threading.Event()
        self._mark = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        self._killing = threading.Lock()
        self._running: set[int] = set()
        self._ahead: dict[tuple[str, ...], _Started] = {}
        self._guard: subprocess.Popen[bytes] | None = None
        self._guarded = guarded

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        on_lines: OnLines | None = None,
        on_open_line: OnOpenLine | None = None,
        limit: float | None = None,
        leaves_nothing: bool = False,
        line: str | None = None,
    ) -> Finished:
        """Run a tool to its end; `env` is added to the clean environment.

        `line` is what the tool reads on its stdin, which is empty without; see `start_ahead`.
        `on_open_line` is called with what a line holds that has no end yet, maybe several times:
        many tools say what they are at, or ask, without ending the line.

        Any exit status is an answer, not an error. Raises ComputerError when the tool cannot be
        started, Cancelled when `stop` was called. After `limit` seconds the tool is killed with
        all that it started, and TimeoutError raised; other tools go on. With `leaves_nothing`,
        whatever it has left running is killed once it has ended.
        """
        self.check_stopped()
        ahead = self._ahead.pop(tuple(argv), None) if line is not None else None
        started = ahead or self._start(argv, cwd, env or {}, reads_line=line is not None)
        process = started.process
        if line is not None:
            _tell(process, line)
        assert process.stdout is not None
        assert process.stderr is not None
        with self._registered(process.pid):
            out = _Reader(process.stdout, "out", on_lines, on_open_line)
            err = _Reader(process.stderr, "err", on_lines, on_open_line)
            is_late = _killed_after(process, limit, started.mark)
            status = process.wait()
            if leaves_nothing:  # now, because what it left may hold its streams open
                _kill_trees(set(), started.mark, patience=0)
            for reader in (out, err):
                reader.finish()
        self.check_stopped()
        if is_late:
            raise TimeoutError(f"{Path(argv[0]).name} took longer than {limit:g} seconds")
        for reader in (out, err):
            if reader.failure:
                raise reader.failure
        return Finished(tuple(argv), status, tuple(out.kept.lines), tuple(err.kept.lines))

    def start_ahead(self, argv: Sequence[str]) -> None:
        """Start a tool that will wait for a line on its stdin: the next `run` of it takes it over.

        So it loads while there is other work. Raises ComputerError, and Cancelled, as `run` does.
        """
        self.check_stopped()
        started = self._start(argv, None, {}, reads_line=True)
        with self._lock:
            self._ahead[tuple(argv)] = started
        if self.stopped.is_set():  # meanwhile
            self.stop()
            raise Cancelled

    def check_stopped(self) -> None:
        """Raise Cancelled once `stop` was called."""
        if self.stopped.is_set():
            raise Cancelled

    def stop(self) -> None:
        """Kill every tool with all that it started; takes about two seconds at most."""
        self.stopped.set()
        with self._lock:
            # By number: in the moment in which a program takes the place of what started it, the
            # system tells no environment, and so no mark.
            roots = self._running | {started.process.pid for started in self._ahead.values()}
        with self._killing:  # whoever comes second waits for the first, and finds nothing left
            _kill_trees(roots, f"{MARK}={self._mark}")

    def close(self) -> None:
        """Let the guard go, and what was started ahead in vain: the engine ends by itself."""
        for started in self._ahead.values():
            started.process.kill()
            started.process.communicate()
        self._ahead.clear()
        with self._lock:
            guard, self._guard, self._guarded = self._guard, None, False
        if guard is None or guard.stdin is None:
            return
        try:
            guard.stdin.write(b"bye\n")
            guard.stdin.close()
        except OSError:
            guard.kill()  # it is gone already, or deaf
        guard.wait()

    def _start(
        self, argv: Sequence[str], cwd: Path | None, env: Mapping[str, str], *, reads_line: bool
    ) -> _Started:
        own = uuid.uuid4().hex
        full = {**clean_environment(), **env, TOOL_MARK: own, MARK: self._mark}
        self._start_guard()
        stdin = subprocess.PIPE if reads_line else subprocess.DEVNULL
        try:
            process = _popen(argv, cwd=cwd, env=full, stdin=stdin)
        except OSError as error:
            raise ComputerError(_cannot_start(argv[0], cwd, error)) from error
        return _Started(process, f"{TOOL_MARK}={own}")

    def _start_guard(self) -> None:
        """Before the first tool: many a build starts none."""
        with self._lock:
            if self._guarded and self._guard is None:
                self._guard = _popen_guard(f"{MARK}={self._mark}")

    def _registered(self, pid: int) -> _Registered:
        return _Registered(self, pid)


def _kill_trees(roots: set[int], mark: str = "", **how: float) -> None:
    from builder.process_tree import kill_trees  # here: few builds need it, and it loads psutil

    kill_trees(roots, mark, **how)


class _Registered:
    """A running tool: known to `stop` while it runs, and killed at once if `stop` came first."""

    def __init__(self, tools: Tools, pid: int) -> None:
        self._tools = tools
        self._pid = pid

    def __enter__(self) -> None:
        with self._tools._lock:
            self._tools._running.add(self._pid)
        if self._tools.stopped.is_set():
            _kill_trees({self._pid})

    def __exit__(self, *_: object) -> None:
        with self._tools._lock:
            self._tools._running.discard(self._pid)


def _killed_after(process: subprocess.Popen[bytes], seconds: float | None, mark: str) -> bool:
    """Wait for a tool; whether it took too long and was killed with all that it started.

    Not by the time limit of `wait`, which looks at longer and longer intervals, up to 50 ms.
    """
    if seconds is None:
        return False
    is_late = threading.Event()

    def kill() -> None:
        is_late.set()
        _kill_trees({process.pid}, mark)

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    process.wait()
    timer.cancel()
    timer.join()  # it may be killing what the tool has left
    return is_late.is_set()


def _tell(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError):  # it ended already: its exit status says why
        process.stdin.write(os.fsencode(line) + b"\n")
        process.stdin.flush()
    with contextlib.suppress(OSError):
        process.stdin.close()


def _flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def _popen(
    argv: Sequence[str], *, cwd: Path | None, env: Mapping[str, str], stdin: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(argv),
        cwd=cwd,
        env=dict(env),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        creationflags=_flags(),
    )


# The pipe is ours alone, so its end tells the guard that we are gone, however we went; a goodbye
# says that nothing is left. With our sys.path, so that it finds psutil and our code; and only
# when it has something to do, for nearly every build ends by itself.
_GUARD = """\
import sys
if not sys.stdin.buffer.read():
    sys.path[:] = {path!r}
    from builder.process_tree import kill_trees
    kill_trees(set(), {mark!r})
"""


def _popen_guard(mark: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _GUARD.format(path=sys.path, mark=mark)],
        env={k: v for k, v in os.environ.items() if k != MARK},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_flags(),
    )


def _cannot_start(program: str, cwd: Path | None, error: OSError) -> Problem:
    name = Path(program).name
    if cwd is not None and not cwd.is_dir():
        why = f"Its working folder is not there: {cwd}"
    elif isinstance(error, FileNotFoundError):
        why = "It is not installed, or not where programs are looked for."
    elif isinstance(error, PermissionError):
        why = "This computer does not allow it to be run."
    else:
        why = f"The system says: {error.strerror or error}"
    return Problem(
        "tool-not-started",
        f"{name} could not be started",
        why,
        f"Check that {name} works in a terminal, then build again.",
    )
