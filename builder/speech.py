"""How the engine speaks: events redacted, slowed down to what a reader can use, and in order.

Any thread may speak. Log lines are gathered and leave at most 20 times a second, progress at
most five times a second and stage; everything else leaves at once, after the lines before it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import BinaryIO

from builder import events
from builder.redaction import Redactor

LOG_SECONDS = 1 / 20
PROGRESS_SECONDS = 1 / 5
MOST_LINES = 5_000  # a batch leaves early when it is this big; a slow reader then slows the tools
LINE_LENGTH = 10_000

Listener = Callable[[events.Event], None]


class Speech:
    """Hands events to its listeners, one at a time; `finish` says the last word."""

    def __init__(self, listeners: Sequence[Listener], redactor: Redactor | None = None) -> None:
        self._listeners = list(listeners)
        self._redactor = redactor or Redactor()
        self._lock = threading.RLock()
        self._lines: dict[tuple[str, events.Stream], list[str]] = {}
        self._count = 0
        self._logged = 0.0
        self._progress: dict[str, events.Progress] = {}
        self._progressed: dict[str, float] = {}
        self._finished = threading.Event()
        self._ticker: threading.Thread | None = None

    def listen(self, listener: Listener) -> None:
        """From now on, hand events to `listener` too."""
        with self._lock:
            self._listeners.append(listener)

    def say(self, event: events.Event) -> None:
        """Speak. Ignored after `finish`: nothing comes after the last word."""
        with self._lock:
            if self._finished.is_set():
                return
            if isinstance(event, events.Log):
                self._gather(event)
            elif isinstance(event, events.Progress):
                self._progress[event.stage] = event
                self._send_progress()
            else:
                self._end_progress(event)
                self._send_lines()
                self._send(event)

    def finish(self, done: events.Done, timeout: float = -1) -> bool:
        """Say the last word; False when it was said before, or others speak without end.

        With a `timeout` in seconds it is said even when a reader blocks whoever speaks now.
        """
        if not self._lock.acquire(timeout=timeout):
            return False
        try:
            if self._finished.is_set():
                return False
            self._send_lines()
            self._finished.set()
            self._send(done)
            return True
        finally:
            self._lock.release()

    def _gather(self, log: events.Log) -> None:
        lines = self._lines.setdefault((log.stage, log.stream), [])
        lines.extend(_bounded(line) for line in log.lines)
        self._count += len(log.lines)
        if self._count > MOST_LINES or time.monotonic() - self._logged >= LOG_SECONDS:
            self._send_lines()
        self._start_ticker()

    def _send_lines(self) -> None:
        if not self._count:
            return
        gathered, self._lines, self._count = self._lines, {}, 0
        self._logged = time.monotonic()
        for (stage, stream), lines in gathered.items():
            self._send(events.Log(stage, stream, tuple(lines)))

    def _send_progress(self) -> None:
        now = time.monotonic()
        for stage, event in list(self._progress.items()):
            if now - self._progressed.get(stage, 0.0) >= PROGRESS_SECONDS:
                del self._progress[stage]
                self._progressed[stage] = now
                self._send(event)
        if self._progress:
            self._start_ticker()

    def _end_progress(self, event: events.Event) -> None:
        """A stage that ended has no progress any more that could come late."""
        if isinstance(event, events.Stage) and event.state != "started":
            self._progress.pop(event.id, None)

    def _send(self, event: events.Event) -> None:
        event = self._redactor.value(event)
        for listener in self._listeners:
            listener(event)

    def _start_ticker(self) -> None:
        if self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, name="speaks", daemon=True)
            self._ticker.start()

    def _tick(self) -> None:
        """Let go what was held back, when nobody else speaks."""
        while not self._finished.wait(LOG_SECONDS):
            with self._lock:
                if self._finished.is_set():
                    return
                if time.monotonic() - self._logged >= LOG_SECONDS:
                    self._send_lines()
                self._send_progress()


class JsonLines:
    """A listener that writes the protocol: one JSON object a line, numbered without holes."""

    def __init__(self, write: Callable[[bytes], object], on_broken: Callable[[], None]) -> None:
        self._write = write
        self._on_broken = on_broken
        self._seq = 0
        self._broken = False

    def __call__(self, event: events.Event) -> None:
        if self._broken:
            return
        line = events.encode(event, self._seq, time.time()) + "\n"
        try:
            self._write(line.encode("utf-8", "replace"))
        except (OSError, ValueError):
            # Whoever read us is gone. Nobody waits for this build any more.
            self._broken = True
            self._on_broken()
            return
        self._seq += 1


def json_to(out: BinaryIO, on_broken: Callable[[], None]) -> JsonLines:
    """The same, each line sent off at once."""

    def write(line: bytes) -> None:
        out.write(line)
        out.flush()

    return JsonLines(write, on_broken)


def _bounded(line: str) -> str:
    if len(line) <= LINE_LENGTH:
        return line
    return f"{line[:LINE_LENGTH]} … ({len(line) - LINE_LENGTH:,} more characters)"
