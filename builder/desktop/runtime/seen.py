"""How a trial learns that Flet's own window shows the app: `main` came back, the window answered.

Flet calls `main` when the window has come up and speaks with the app. What goes wrong in it is
shown in the window only, where nobody looks during a trial.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

SOON = 0.5  # seconds that a window which cannot be asked gets to show what `main` made
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
        """The same `main`, watched: of the same kind, for Flet calls each kind in its own way."""

        async def coroutine(*args: Any) -> Any:
            with self._watching(*args):
                return await main(*args)

        async def steps_async(*args: Any) -> AsyncIterator[Any]:
            with self._watching(*args):
                async for step in main(*args):
                    yield step

        def steps(*args: Any) -> Iterator[Any]:
            with self._watching(*args):
                yield from main(*args)

        def function(*args: Any) -> Any:
            with self._watching(*args):
                return main(*args)

        kinds: tuple[tuple[Callable[..., bool], Callable[..., Any]], ...] = (
            (inspect.iscoroutinefunction, coroutine),
            (inspect.isasyncgenfunction, steps_async),
            (inspect.isgeneratorfunction, steps),
            (callable, function),
        )
        return functools.wraps(main)(next(seen for is_kind, seen in kinds if is_kind(main)))

    @contextlib.contextmanager
    def _watching(self, page: Any = None) -> Iterator[None]:
        self._in(LONG, self._shown)
        try:
            yield
        except Exception:
            self._failed()
            raise
        self._ask(page)

    def _ask(self, page: Any) -> None:
        """Ask the window: it answers after it has taken what `main` made, which is sent first."""
        question = getattr(getattr(page, "window", None), "wait_until_ready_to_show", None)
        if inspect.iscoroutinefunction(question):
            self._in(LONG, self._shown)
            page.run_task(self._shown_when_answered, question)
        else:  # Flet before 0.80
            self._in(SOON, self._shown)

    async def _shown_when_answered(self, question: Callable[[], Any]) -> None:
        with contextlib.suppress(RuntimeError):  # a refusal is an answer, too
            await question()
        self._shown()

    def _in(self, seconds: float, what: Callable[[], None]) -> None:
        """Call it after that time, if nothing else is known by then."""
        if self._waits:
            self._waits.cancel()
        self._waits = threading.Timer(seconds, what)
        self._waits.daemon = True
        self._waits.start()
