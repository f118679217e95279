"""A script in the place of the engine, and what its tests do and wait with."""

from __future__ import annotations

import asyncio
import contextlib
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

PRELUDE = """
import json, os, signal, subprocess, sys, threading, time
seq = 0
def say(type, **fields):
    global seq
    print(json.dumps({"v": 1, "seq": seq, "t": time.time(), "type": type, **fields}), flush=True)
    seq += 1
def hello():
    say("hello", engine="fake", python="3", host="linux")
    say("plan", target="web", backend="prebuilt", stages=[
        {"id": "a", "title": "First", "usual_seconds": 2.0}, {"id": "b", "title": "Second"}])
def done(status="ok", exit=0):
    say("done", status=status, exit=exit, seconds=0.1)
"""

Fake = Callable[[str], None]


def write_engine(script: Path, body: str) -> None:
    """Write a script that says `body` in the words of the engine."""
    script.write_text(PRELUDE + textwrap.dedent(body), encoding="utf-8")


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Do it on an event loop of its own."""

    async def guarded() -> None:
        async with asyncio.timeout(90):
            await work()

    asyncio.run(guarded())


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds."""
    while not condition():
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process is still at work."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False
