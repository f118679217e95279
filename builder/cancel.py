"""Hears "stop" (stdin, Ctrl+C, a signal) and keeps the promise that all is over in three seconds.

The listening threads need nothing of the main thread, and at the end of `PATIENCE` the process
ends itself, whatever a stage does.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable

from builder.problems import EXIT_CANCELLED
from builder.process import Tools

PATIENCE = 2.4  # seconds from "stop" until the process ends itself; three are promised
LAST_WORD = 0.3  # seconds for the last event, in case its reader hangs


class Canceller:
    """Stops `tools` when somebody says so; `last_word` says `done` when nobody else does."""

    def __init__(self, tools: Tools, last_word: Callable[[], object]) -> None:
        self._tools = tools
        self._last_word = last_word
        self._asked = threading.Event()
        self._killed = threading.Event()
        self._over = threading.Event()
        _daemon("cancels", self._wait)

    def request(self) -> None:
        """Stop. May be called from any thread, any number of times; returns at once."""
        self._asked.set()

    def over(self) -> None:
        """The engine comes to its end by itself; returns when nothing is left to be killed."""
        if self._asked.is_set():
            self._killed.wait(PATIENCE)
        self._over.set()

    def hear_signals(self) -> None:
        """Take Ctrl+C, and being asked to end or hung up on, as "stop". Main thread only."""
        reading, writing = os.pipe()
        if sys.platform != "win32":  # which asks for this, and where Windows cannot
            os.set_blocking(writing, False)
        # By way of the file descriptor a signal arrives even while the main thread is in C code.
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda number, frame: None)

        def listen() -> None:
            while os.read(reading, 16):
                self.request()

        _daemon("hears signals", listen)

    def hear_stdin(self) -> None:
        """Take `{"command": "cancel"}` and the end of a pipe on stdin as "stop"."""
        if sys.stdin is None or sys.stdin.closed:
            return
        descriptor = sys.stdin.fileno()
        mode = os.fstat(descriptor).st_mode
        # The end of /dev/null or of a file says nothing: nobody holds the other end of them.
        means_stop = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
        _daemon("hears stdin", lambda: self._read(descriptor, means_stop))

    def _read(self, descriptor: int, end_means_stop: bool) -> None:
        rest = b""
        # Not sys.stdin: a thread that waits in it would hold its lock when Python ends.
        while data := _read_some(descriptor):
            *lines, rest = (rest + data).split(b"\n")
            if any(map(_is_cancel, lines)):
                self.request()
        if end_means_stop:
            self.request()

    def _wait(self) -> None:
        self._asked.wait()
        asked = time.monotonic()
        self._tools.stop()
        self._killed.set()
        if self._over.wait(max(0.0, asked + PATIENCE - time.monotonic())):
            return
        _daemon("says the last word", self._last_word).join(LAST_WORD)
        os._exit(EXIT_CANCELLED)


def _daemon(name: str, work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(name=name, target=work, daemon=True)
    thread.start()
    return thread


def _read_some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""  # a closed terminal reads like an end


def _is_cancel(line: bytes) -> bool:
    try:
        command = json.loads(line)
    except ValueError:
        return False
    return isinstance(command, dict) and command.get("command") == "cancel"
