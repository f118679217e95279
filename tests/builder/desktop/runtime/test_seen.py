"""A trial knows when Flet's own window shows the app, and when it never will."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import FunctionType, SimpleNamespace
from typing import Any

import pytest

from builder.desktop.runtime import seen

ENOUGH = 30.0


class Trial:
    """What a watch said; `flet` is Flet's module, whose window calls `main` when told."""

    def __init__(self, run: Callable[..., Any]) -> None:
        self.said: list[str] = []
        self._any = threading.Event()
        self.flet = SimpleNamespace(run=run, app=run, run_async=run, Page=object)
        watch = seen.Watch(lambda: self._say("shown"), lambda: self._say("failed"))
        watch.begin(self.flet)

    def _say(self, what: str) -> None:
        self.said.append(what)
        self._any.set()

    @property
    def first(self) -> str:
        assert self._any.wait(ENOUGH)
        return self.said[0]


def calls_main(main: Callable[[str], Any], name: str = "") -> Any:
    return main("page")


def calls_main_by_name(main: Any = None, target: Any = None) -> Any:
    return (main or target)("page")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "SOON", 0.01)
    monkeypatch.setattr(seen, "LONG", 3600.0)
    monkeypatch.setattr(seen, "NEVER", 3600.0)


@pytest.mark.parametrize("runner", ["run", "app", "run_async"])
def test_a_main_that_comes_back_is_shown(runner: str) -> None:
    trial = Trial(calls_main)
    assert getattr(trial.flet, runner)(lambda page: f"{page}!", name="x") == "page!"
    assert trial.first == "shown"


@pytest.mark.parametrize("key", ["main", "target"])
def test_it_may_be_given_by_name(key: str) -> None:
    trial = Trial(calls_main_by_name)
    assert trial.flet.run(**{key: lambda page: page}) == "page"
    assert trial.first == "shown"


def test_a_coroutine_stays_one() -> None:
    async def main(page: str) -> str:
        await asyncio.sleep(0)
        return page

    trial = Trial(lambda main: asyncio.run(main("page")))
    assert trial.flet.run(main) == "page"
    assert trial.first == "shown"


def test_one_that_goes_in_steps_goes_in_steps() -> None:
    def main(page: str) -> Iterator[str]:
        yield page
        yield "more"

    async def waiting(page: str) -> AsyncIterator[str]:
        yield page
        yield "more"

    async def steps(main: Callable[[str], AsyncIterator[str]]) -> list[str]:
        assert inspect.isasyncgenfunction(main)
        return [step async for step in main("page")]

    trial = Trial(lambda main: (inspect.isgeneratorfunction(main), *main("page")))
    assert trial.flet.run(main) == (True, "page", "more")
    assert trial.first == "shown"
    trial = Trial(lambda main: asyncio.run(steps(main)))
    assert trial.flet.run(waiting) == ["page", "more"]
    assert trial.first == "shown"


class Window:
    """A window that answers what it is asked when `answer` is let go."""

    def __init__(self, trial: Trial, answer: Callable[[], None] = lambda: None) -> None:
        self.window = self
        self.said_before: list[str] = []
        self._trial = trial
        self._answer = answer

    async def wait_until_ready_to_show(self) -> None:
        self.said_before = list(self._trial.said)
        self._answer()

    def run_task(self, task: Callable[..., Any], *args: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(task(*args))


def test_a_window_that_can_be_asked_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "SOON", 3600.0)
    trial = Trial(lambda main: main(window))
    window = Window(trial)
    trial.flet.run(lambda page: None)
    assert (window.said_before, trial.said) == ([], ["shown"])


def test_a_refusal_is_an_answer() -> None:
    def refuse() -> None:
        raise RuntimeError("no such method")

    trial = Trial(lambda main: main(Window(trial, refuse)))
    trial.flet.run(lambda page: None)
    assert trial.said == ["shown"]


def test_a_window_that_goes_while_it_is_asked_has_not_answered() -> None:
    def go() -> None:
        raise asyncio.CancelledError

    trial = Trial(lambda main: main(Window(trial, go)))
    trial.flet.run(lambda page: None)
    assert trial.said == []


def test_a_window_that_is_slow_counts_as_shown_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow(Window):
        def run_task(self, task: Callable[..., Any], *args: Any) -> None:
            """Never come to an answer."""

    trial = Trial(lambda main: main(Slow(trial)))
    monkeypatch.setattr(seen, "LONG", 0.01)
    trial.flet.run(lambda page: None)
    assert trial.first == "shown"


def test_a_mistake_in_main_is_heard_and_goes_on_to_flet() -> None:
    def main(page: str) -> None:
        raise KeyError(page)

    async def waiting(page: str) -> None:
        raise KeyError(page)

    trial = Trial(calls_main)
    with pytest.raises(KeyError):
        trial.flet.run(main)
    assert trial.first == "failed"
    trial = Trial(lambda main: asyncio.run(main("page")))
    with pytest.raises(KeyError):
        trial.flet.run(waiting)
    assert trial.first == "failed"


def test_a_main_that_goes_on_is_shown_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    trial = Trial(calls_main)
    monkeypatch.setattr(seen, "LONG", 0.01)
    assert trial.flet.run(lambda page: trial.first) == "shown"


def test_a_window_that_never_comes_up_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "NEVER", 0.01)
    trial = Trial(lambda main: None)
    trial.flet.run(print)
    assert trial.first == "failed"


def test_one_that_cannot_be_watched_counts_as_shown_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seen, "LONG", 0.01)
    assert Trial(lambda *_: None).first == "shown"


def test_what_is_no_app_is_let_through() -> None:
    trial = Trial(lambda *args, **kwargs: (args, kwargs))
    assert trial.flet.run(1, a=2) == ((1,), {"a": 2})
    assert trial.flet.Page is object
    assert isinstance(trial.flet.run, FunctionType)
    assert trial.said == []


def test_flet_itself_has_what_is_watched() -> None:
    import flet

    assert isinstance(flet.run, FunctionType)
    assert inspect.iscoroutinefunction(flet.Window.wait_until_ready_to_show)
    assert flet.Page.run_task
