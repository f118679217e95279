"""How a trial learns that Flet's own window shows the app: its `main` was called, and came back.

Flet calls it when the window has come up and speaks with the app. What goes wrong in it is shown
in the window only, where nobody looks during a trial.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any

SOON = 0.5  # seconds that the window gets to show what `main` made
LONG = 5.0  # a `main` that goes on for so long without an error shows the app by now
NEVER = 90.0  # a first start unpacks the client; after that no window comes up any more

_RUNNERS = ("run", "run_async", "app", "app_async")


class Watch:
    """Calls `shown` or `failed` once the one or the other is sure, from any thread."""

    def __init__(self, shown: Callable[[], None], failed: Callable[[], None]) -> None:
        self._shown, self._failed = shown, failed
        self._waits: threading.Timer | None = None

    def begin(self, flet: Any) -> None:
        """Watch what the app will hand to `flet`, which it has not imported yet."""
        for name in _RUNNERS:
            found = getattr(flet, name, None)
            if inspect.isfunction(found):
                setattr(flet, name, self._watched(found))
        # It may start Flet in another way, that cannot be watched.
        self._in(LONG, self._shown)

    def _watched(self, run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def watched(*args: Any, **kwargs: Any) -> Any:
            key = next((name for name in ("main", "target") if callable(kwargs.get(name))), "")
            if key:
                kwargs[key] = self._seen(kwargs[key])
            elif args and callable(args[0]):
                args = (self._seen(args[0]), *args[1:])
            else:
                return run(*args, **kwargs)
            self._in(NEVER, self._failed)
            return run(*args, **kwargs)

        return watched

    def _seen(self, main: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(main):

            @functools.wraps(main)
            async def seen(*args: Any) -> Any:
                self._in(LONG, self._shown)
                try:
                    result = await main(*args)
                except Exception:
                    self._failed()
                    raise
                self._in(SOON, self._shown)
                return result

        else:

            @functools.wraps(main)
            def seen(*args: Any) -> Any:
                self._in(LONG, self._shown)
                try:
                    result = main(*args)
                except Exception:
                    self._failed()
                    raise
                self._in(SOON, self._shown)
                return result

        return seen

    def _in(self, seconds: float, what: Callable[[], None]) -> None:
        """Call it after that time, if nothing else is known by then."""
        if self._waits:
            self._waits.cancel()
        self._waits = threading.Timer(seconds, what)
        self._waits.daemon = True
        self._waits.start()
