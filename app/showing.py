"""Shows a finished result: serves a site, starts an app, opens a folder or an address.

One site or app is served at a time, so that it can be found again and ended. An app with a window
of its own may outlive Slipway: whoever sees it can close it.

Everything here runs on the event loop and is called from there.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app import processes
from app.processes import Process, Program
from builder import places
from builder.problems import Problem, SlipwayError

END_SECONDS = 3.0  # what an app gets to end in good order
HEAR_SECONDS = 0.2  # between two looks at what an app says
START_SECONDS = 2.0  # after which an app that was started counts as running
SERVE_SECONDS = 20.0  # until the server of a finished site has said its address

_log = logging.getLogger(__name__)


@dataclass
class _Served:
    """What shows a site, or an app without a window of its own, for as long as it runs."""

    folder: Path
    base_url: str
    process: Process
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


def _has_ended(process: Process) -> None:
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
    process = await processes.spawn_engine(argv)
    try:
        async with asyncio.timeout(SERVE_SECONDS):
            _line, address = await _address_line(process)
    except TimeoutError:
        address = ""
    if not address:
        await processes.kill_and_wait(process)
        raise processes.no_answer(argv, "the site could not be served")
    _now_serves(_Served(folder, base_url, process, address))
    processes.background(_until_it_ends(process))
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
    processes.background(processes.pump(process.stderr, lambda line: None))
    while line := await process.stdout.readline():
        if found := re.search(before + rb"(http://[^\s\"]+)", line):
            processes.background(processes.pump(process.stdout, lambda line: None))
            return line, found[1].decode()
    return b"", ""


async def stop_serving() -> None:
    """End what is served, if there is something: it is asked to, and killed if it does not."""
    one = _served
    if one is None:
        return
    with contextlib.suppress(ProcessLookupError):
        one.process.terminate()
    await processes.gone(one.process, END_SECONDS)
    await processes.kill_and_wait(one.process)
    _has_ended(one.process)


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
    try:
        process = await processes.spawn_program(path)
    except OSError as error:
        raise _not_started(path, f"The system says: {error.strerror or error}.") from error
    try:
        async with asyncio.timeout(SERVE_SECONDS):
            line, address = await _address_line(process, _SAYS_WHERE)
    except TimeoutError:
        address = ""
    if not address:
        await processes.kill_and_wait(process)
        raise _not_started(path, "This computer has no screen that an app could be shown on.")
    if _RUNS_ALREADY not in line:  # started elsewhere: not ours to end
        _now_serves(_Served(path, "", process, address))
        processes.background(_until_it_ends(process))
    return address


async def _start_with_its_window(path: Path) -> None:
    if sys.platform == "darwin" and path.suffix == ".app":
        _open(str(path))
        return
    with contextlib.ExitStack() as held:
        said = held.enter_context(_paper())
        try:
            process = processes.start_detached(path, said)
        except OSError as error:
            raise _not_started(path, f"The system says: {error.strerror or error}.") from error
        status = await processes.exit_status(process, START_SECONDS)
        if status is None:  # it runs
            processes.when_ended(process, _has_ended)
            if said is not None:
                paper = held.pop_all()
                task = processes.background(_hear_where(path, process, said))
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


async def _hear_where(path: Path, process: Program, said: IO[bytes]) -> None:
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
    return _has_screen() and processes.open_by_system(what)
