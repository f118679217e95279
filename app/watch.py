"""Notices when a project changes on disk: the only place that uses watchdog.

Watching costs the system a little for every folder, and a virtual environment has thousands. So
the project's own folder is watched flat, and each folder in it with all below, except those that
are never packed. A slow second look every two seconds sees what no event tells: that the project
was deleted, or came back.
"""

from __future__ import annotations

import asyncio
import logging
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from app.folders import is_wide

EXCLUDED = frozenset(
    {"node_modules", "__pycache__", "build", "dist", "venv", "env", "site-packages"}
)
GLANCE_SECONDS = 0.1  # for who would rather know early, and can bear half a file
QUIET_SECONDS = 0.3  # an editor that saves writes several times in a row
LONGEST_SECONDS = 2.0  # a tool that never stops writing must not keep us from looking
LOOK_SECONDS = 2.0
MOST_FOLDERS = 64

_log = logging.getLogger(__name__)

# For a folder that comes while watchdog looks at those that are there; it is watched all the same.
warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)


def is_excluded(path: Path, root: Path) -> bool:
    """Whether a change at `path` says nothing about the project in `root`."""
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return True
    return any(part in EXCLUDED or part.startswith(".") for part in parts)


class Watch:
    """Watches one folder at a time and calls back on the event loop when it has changed.

    `changed` is called after a burst of changes is over, and `glance` as soon as it pauses, when
    more may be to come. `gone` is called when the folder is not there any more, and `changed` again
    when it is back.
    """

    def __init__(
        self,
        changed: Callable[[], None],
        gone: Callable[[], None],
        glance: Callable[[], None] = lambda: None,
    ) -> None:
        self._changed = changed
        self._gone = gone
        self._glance = glance
        self._root: Path | None = None
        self._observer: BaseObserver | None = None
        self._soon: asyncio.TimerHandle | None = None
        self._early: asyncio.TimerHandle | None = None
        self._first = 0.0  # when the burst began
        self._task: asyncio.Task[None] | None = None

    def start(self, root: Path) -> None:
        """Watch `root` from now on, and nothing else any more."""
        if self._root == root and self._task is not None:
            return
        self.stop()
        self._root = root
        self._task = asyncio.get_running_loop().create_task(self._look())

    def stop(self) -> None:
        """Watch nothing any more."""
        if self._task is not None:
            self._task.cancel()
        for timer in (self._soon, self._early):
            if timer is not None:
                timer.cancel()
        self._unwatch()
        self._task = self._soon = self._early = self._root = None

    async def _look(self) -> None:
        """Watch, and look every two seconds whether the folder is still there."""
        root, there = self._root, False
        assert root is not None
        is_first = True
        while True:
            is_there = await asyncio.to_thread(root.is_dir)
            if is_there and not there:
                await self._watch(root)
                if not is_first:
                    self._changed()
            if there and not is_there:
                self._unwatch()
            if not is_there and (there or is_first):
                self._gone()
            there, is_first = is_there, False
            await asyncio.sleep(LOOK_SECONDS)

    async def _watch(self, root: Path) -> None:
        observer = Observer()
        self._observer = observer
        handler = _Handler(root, observer, asyncio.get_running_loop(), self._heard)
        # In a thread: with many folders the system takes its time.
        await asyncio.to_thread(_schedule, observer, handler, root)

    def _unwatch(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None and observer.is_alive():
            observer.stop()

    def _heard(self) -> None:
        """Something changed: call back when it has been quiet for a moment."""
        now = time.monotonic()
        if self._soon is None:
            self._first = now
        else:
            self._soon.cancel()
        if self._early is not None:
            self._early.cancel()
        wait = max(0.0, min(QUIET_SECONDS, self._first + LONGEST_SECONDS - now))
        loop = asyncio.get_running_loop()
        self._soon = loop.call_later(wait, self._fire)
        self._early = loop.call_later(GLANCE_SECONDS, self._glance)

    def _fire(self) -> None:
        self._soon = None
        self._changed()


class _Handler(FileSystemEventHandler):
    """Runs in watchdog's thread and hands what matters to the event loop."""

    def __init__(
        self,
        root: Path,
        observer: BaseObserver,
        loop: asyncio.AbstractEventLoop,
        heard: Callable[[], None],
    ) -> None:
        self._root = root
        self._observer = observer
        self._loop = loop
        self._heard = heard

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("opened", "closed_no_write"):
            return
        paths = [Path(str(p)) for p in (event.src_path, event.dest_path) if p]
        if all(is_excluded(path, self._root) for path in paths):
            return
        if event.is_directory and event.event_type == "modified":
            return  # a folder is modified whenever something in it is, also what is excluded
        if event.is_directory and event.event_type == "created" and paths[0].parent == self._root:
            _watch_below(self._observer, self, paths[0])
        try:
            self._loop.call_soon_threadsafe(self._heard)
        except RuntimeError:  # the loop is closed: Slipway is ending
            _log.debug("a change was seen after the end")


def _inside(root: Path) -> list[Path]:
    """The folders to watch with all below them: none where that would be half the computer."""
    if is_wide(root):
        return []
    inside = sorted(p for p in root.iterdir() if p.is_dir() and not is_excluded(p, root))
    return inside[:MOST_FOLDERS]


def _watch_below(observer: BaseObserver, handler: FileSystemEventHandler, folder: Path) -> None:
    try:
        observer.schedule(handler, str(folder), recursive=True)
    except OSError as error:
        _log.warning("changes in %s are not noticed by themselves: %s", folder, error)


def _schedule(observer: BaseObserver, handler: FileSystemEventHandler, root: Path) -> None:
    try:
        observer.schedule(handler, str(root))
        for folder in _inside(root):
            observer.schedule(handler, str(folder), recursive=True)
        observer.start()
    except OSError as error:  # the system's limit for watches, or the folder went away
        _log.warning("changes in %s are not noticed by themselves: %s", root, error)
