"""The log keeps up, follows, stops following, finds and copies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from app.build_log import LogLine
from app.parts import log_view
from app.parts.log_view import BLOCK_LINES, MOST_BLOCKS, LogView, shown
from tests.app import fakes
from tests.app.fakes import make_project
from tests.app.headless import Tab, run


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_view, "PERIOD", 0.005)


async def building(tab: Tab, folder: Path) -> tuple[fakes.FakeRun, LogView]:
    tab.wizard.open(make_project(folder))
    await tab.settle()
    tab.wizard.build()
    await tab.settle()
    assert tab.engine.run is not None
    return tab.engine.run, tab.one(LogView)


def say(run_: fakes.FakeRun, lines: Sequence[str], stage: str = "a") -> None:
    run_.log.add(stage, "out", lines)
    run_.tell()


def in_view(view: LogView) -> list[str]:
    return [line for block in view._list.controls for line in str(block.value).split("\n")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LogLine("text", "pack", "out"), "[pack] text"),
        (LogLine("text", "", "own"), "text"),
        (LogLine("x" * 2000, "", "out"), "x" * 500 + " …"),
    ],
)
def test_how_a_line_is_shown(line: LogLine, words: str) -> None:
    assert shown(line) == words


def test_keeps_few_controls_whatever_comes(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            for start in range(0, 60_000, 2_000):
                say(run_, [f"line {n}" for n in range(start, start + 2_000)])
                await tab._turns(3)
            await tab.until(lambda: in_view(view)[-1] == "[a] line 59999")
            assert len(view._list.controls) <= MOST_BLOCKS
            assert len(in_view(view)) <= MOST_BLOCKS * BLOCK_LINES
            assert tab.reads("60,000 lines")

    run(test)


def test_a_batch_of_lines_leaves_what_is_shown_as_it_is(tmp_path: Path) -> None:
    """Ten thousand lines a second leave time for a click: old blocks are not drawn anew."""

    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            say(run_, [f"line {n}" for n in range(MOST_BLOCKS * BLOCK_LINES)])
            await tab.until(lambda: len(in_view(view)) > 1000)
            run_.log.add("a", "out", [f"more {n}" for n in range(833)])
            before = list(view._list.controls)
            await view.paint()
            kept = [one for one in view._list.controls if any(one is old for old in before)]
            assert 0 < len(view._list.controls) - len(kept) <= 833 // BLOCK_LINES + 2

    run(test)


def test_follows_and_stops_when_one_scrolls_up(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            say(run_, ["one", "two"])
            await tab.until(lambda: in_view(view) == ["[a] one", "[a] two"])
            assert "Following" in tab.buttons()
            await scroll(tab, view, "forward")
            assert not view.follows
            assert "Follow" in tab.buttons()
            say(run_, ["three"])
            await tab.until(lambda: "1 new line" in tab.buttons())
            assert in_view(view) == ["[a] one", "[a] two"]
            await tab.click("1 new line")
            await tab.until(lambda: in_view(view)[-1] == "[a] three")
            assert view.follows

    run(test)


def test_its_own_scrolling_is_not_taken_for_the_users(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            say(run_, ["one"])
            await scroll(tab, view, "reverse")
            assert view.follows

    run(test)


def test_search_goes_from_one_to_the_next_and_round(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            say(run_, [f"line {n}{' needle' if n in (7, 900) else ''}" for n in range(1000)])
            await tab.until(lambda: len(in_view(view)) == 1000)
            await tab.type("Search the log", "NEEDLE")
            for number in (7, 900, 7):
                await tab.click_icon("Find the next one")
                assert not view.follows
                marked = [b for b in view._list.controls if b.data[0] == "found"]
                assert [str(getattr(b, "value", "")) for b in marked] == [
                    f"[a] line {number} needle"
                ]
                assert in_view(view).index(f"[a] line {number} needle") <= 3

    run(test)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, _ = await building(tab, tmp_path)
            say(run_, ["one"])
            await tab.type("Search the log", "zebra")
            await tab.click_icon("Find the next one")
            assert tab.reads("Not in the log")
            await tab.click("First error")
            assert tab.reads("No error in the log")

    run(test)


def test_the_first_error(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            say(run_, [f"line {n}" for n in range(300)])
            say(run_, ["ERROR: no such package", "error: another"])
            await tab.until(lambda: len(in_view(view)) == 302)
            await tab.click("First error")
            assert "[a] ERROR: no such package" in in_view(view)[:5]

    run(test)


def test_copies_all_and_opens_the_file(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, _ = await building(tab, tmp_path)
            run_.log.path = tmp_path / "build.log"
            say(run_, ["x" * 900, "two"])
            await tab.click_icon("Copy the log")
            assert ("set", {"data": "x" * 900 + "\ntwo"}) in tab.connection.calls
            assert tab.reads("Copied 2 lines")
            await tab.click_icon("Open the log file")
            assert tab.showing.opened == [str(tmp_path / "build.log")]

    run(test)


def test_a_page_drawn_anew_leaves_the_view_alone(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, view = await building(tab, tmp_path)
            say(run_, ["one"])
            await tab.until(lambda: in_view(view) == ["[a] one"])
            for _ in range(5):
                tab.wizard.state.notify()
                await tab.settle()
            assert tab.one(LogView) is view
            assert view.page is tab.page
            say(run_, ["two"])
            await tab.until(lambda: in_view(view) == ["[a] one", "[a] two"])

    run(test)


def test_a_tab_may_come_and_go_while_a_build_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, _ = await building(tab, tmp_path)
            before = len(run_.subscribers)
            lines = []
            for word in ("one", "two", "three"):
                await tab.lose()
                await tab.settle()
                say(run_, [word])
                await tab.settle()
                assert not tab.all(LogView)
                await tab.come_back()
                await tab.settle()
                lines.append(f"[a] {word}")
                view = tab.one(LogView)
                await tab.until(lambda view=view: in_view(view) == lines)  # type: ignore[misc]
            assert len(run_.subscribers) == before

    run(test)
    assert not caplog.records


def test_the_view_lets_go_when_one_leaves(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_, _ = await building(tab, tmp_path)
            before = len(run_.subscribers)
            await tab.click("Back")
            await tab.settle()
            assert len(run_.subscribers) == before - 1
            await tab.click("Next: Build")
            await tab.settle()
            assert len(run_.subscribers) == before

    run(test)


async def scroll(tab: Tab, view: LogView, direction: str) -> None:
    event: dict[str, Any] = {
        "event_type": "user",
        "pixels": 10.0,
        "min_scroll_extent": 0.0,
        "max_scroll_extent": 100.0,
        "viewport_dimension": 50.0,
        "direction": direction,
    }
    await tab.event(view._list, "scroll", event)


def test_events_of_the_client_have_the_names_that_we_know() -> None:
    assert ft.ScrollType.USER.value == "user"
    assert ft.ScrollDirection.FORWARD.value == "forward"
