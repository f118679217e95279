"""Kills processes with all that they started: by children, by session, by a mark they inherited.

A module of its own, because psutil takes long to load and a build that is not stopped needs none
of it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Literal

import psutil

TERM_SECONDS = 0.7  # what a tool gets to clean up before it is killed
KILL_SECONDS = 1.3


def kill_trees(roots: Iterable[int], mark: str = "", patience: float = TERM_SECONDS) -> None:
    """Kill processes with all that they started, also what they detached.

    `mark` is a `NAME=value` by whose place in its environment a process is known too. They get
    `patience` seconds to clean up; with none they are killed at once. Returns after about two
    seconds at the latest.
    """
    roots = set(roots)
    start = time.monotonic()
    found = _find(roots, mark)
    if found and patience:
        _signal_all(found, "terminate")
        _wait_until_gone(found, patience)
        found = {*_alive(found), *_find(roots, mark)}
    while found and time.monotonic() - start < patience + KILL_SECONDS:
        _signal_all(found, "kill")
        _wait_until_gone(found, 0.2)
        found = {*_alive(found), *_find(roots, mark)}


def _find(roots: set[int], mark: str) -> set[psutil.Process]:
    found: set[psutil.Process] = set()
    for process in _processes():
        if process.pid != os.getpid() and _is_ours(process, roots, mark):
            found.add(process)
            found.update(_children(process))
    # Not the dead that nobody has buried yet: they would be found for ever.
    return {p for p in found if p.pid != os.getpid() and _runs(p)}


def _processes() -> Iterator[psutil.Process]:
    yield from psutil.process_iter()


def _is_ours(process: psutil.Process, roots: set[int], mark: str) -> bool:
    if process.pid in roots or (roots and _session(process.pid) in roots):
        return True
    if not mark:
        return False
    name, _, value = mark.partition("=")
    try:
        return process.environ().get(name) == value
    except (psutil.Error, OSError):
        return False  # gone, a zombie, or somebody else's: none of them is ours to kill


def _session(pid: int) -> int:
    if sys.platform == "win32":
        return -1
    try:
        return os.getsid(pid)
    except OSError:
        return -1


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def _signal_all(processes: Iterable[psutil.Process], how: Literal["terminate", "kill"]) -> None:
    for process in processes:
        try:
            process.terminate() if how == "terminate" else process.kill()
        except (psutil.Error, OSError):
            continue  # it ended by itself in the meantime


def _alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    return [p for p in processes if _runs(p)]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _wait_until_gone(processes: Iterable[psutil.Process], seconds: float) -> None:
    # psutil.wait_procs would reap our own children under the feet of subprocess.
    end = time.monotonic() + seconds
    while _alive(processes) and time.monotonic() < end:
        time.sleep(0.02)
