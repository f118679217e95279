"""When to save what is typed: once the typing pauses, and one saving at a time; without flet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol


class Spawn(Protocol):
    """Starts a task that the wizard waits for at its end."""

    def __call__(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]: ...


class Saver:
    """Calls `save` later or now; a wish that comes while it saves leads to one more saving."""

    def __init__(self, spawn: Spawn, save: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._spawn = spawn
        self._save = save
        self._timer: asyncio.TimerHandle | None = None
        self._again = False
        self.task: asyncio.Task[None] | None = None

    def later(self, seconds: float) -> None:
        """Save so many seconds after the last call of this."""
        self.close()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.now)

    def now(self) -> None:
        """Save without waiting any longer."""
        self.close()
        self._again = True
        if self.task is None or self.task.done():
            self.task = self._spawn(self._until_quiet())

    def close(self) -> None:
        """No timer goes off any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _until_quiet(self) -> None:
        while self._again:
            self._again = False
            await self._save()
