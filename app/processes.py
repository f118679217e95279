"""Processes: the only place of the face that starts them, and that ends them with all they started.

The engine gets an environment in which neither the current folder nor the user's settings shadow
our modules; a user's app gets one in which ours do not shadow its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

from builder.problems import Problem, SlipwayError

ROOT = Path(__file__).resolve().parent.parent
ENGINE: tuple[str, ...] = (sys.executable, "-P", "-m", "builder")

Program = subprocess.Popen[bytes]  # it may outlive Slipway, and so nothing of the loop's
Process = asyncio.subprocess.Process | Program

LONGEST_LINE = 8 << 20  # bytes; a longer line is taken in pieces

_UNWANTED = {"PYTHONHOME", "PYTHONINSPECT", "PYTHONSAFEPATH", "PYTHONSTARTUP", "PYTHONWARNINGS"}
_MARK = "SLIPWAY_RUN"  # in the environment of all that a build starts, to find what outlives it

_log = logging.getLogger(__name__)

_tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references


def background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Do something on the event loop without waiting for it."""
    task = asyncio.get_running_loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


# --- Starting ------------------------------------------------------------------------------------


async def spawn_engine(argv: Sequence[str], mark: str = "") -> asyncio.subprocess.Process:
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


def no_answer(argv: Sequence[str], reason: str) -> SlipwayError:
    """What to raise when the engine, started with `argv`, does not say what it was asked for."""
    return SlipwayError(
        Problem(
            "engine-silent",
            "Slipway's engine gave no answer",
            why=f"It was asked for “{argv[0]}”: {reason}.",
            do="Try once more. If it stays like this, start Slipway again.",
        )
    )


async def spawn_program(path: Path) -> asyncio.subprocess.Process:
    """Start a user's program to hear what it says; it must not outlive Slipway, as pipes break.

    Raises OSError.
    """
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        str(path),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        cwd=path.parent,
        env=_without_ours(),
        start_new_session=True,
    )


def start_detached(path: Path, said: IO[bytes] | None) -> Program:
    """Start a user's program that may outlive Slipway; what it says goes to the file `said`.

    Raises OSError.
    """
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [str(path)],
        stdin=quiet,
        stdout=quiet if said is None else said,
        stderr=quiet,
        cwd=path.parent,
        env=_without_ours(),
        start_new_session=True,
    )


def open_by_system(what: str) -> bool:
    """Have the system open a file, folder or address; False where there is nothing to ask."""
    if sys.platform == "win32":
        os.startfile(what)
        return True
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None:
        return False
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [opener, what], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    # It may live as long as the browser does; somebody has to take its exit status.
    threading.Thread(target=process.wait, daemon=True).start()
    return True


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


# --- Hearing what they say -----------------------------------------------------------------------


async def pump(stream: asyncio.StreamReader, take: Callable[[bytes], None]) -> None:
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


# --- Their end -----------------------------------------------------------------------------------


async def exit_status(process: Program, seconds: float) -> int | None:
    """Its exit status; None when it still runs after so many seconds."""
    try:
        return await asyncio.to_thread(process.wait, seconds)
    except subprocess.TimeoutExpired:
        return None


def when_ended(process: Program, tell: Callable[[Program], None]) -> None:
    """Call `tell` on the event loop once it has ended; this also takes its exit status."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        process.wait()
        with contextlib.suppress(RuntimeError):  # Slipway has ended before
            loop.call_soon_threadsafe(tell, process)

    threading.Thread(target=wait, daemon=True).start()


async def gone(process: Process, seconds: float) -> None:
    """Until it has ended, at most so many seconds."""
    deadline = time.monotonic() + seconds
    while process.returncode is None and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


async def kill_and_wait(process: Process, mark: str = "") -> None:
    """Kill the whole tree, and give asyncio the moment that it needs to notice."""
    await asyncio.to_thread(_kill_all, process.pid, mark)
    await gone(process, 1)


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
