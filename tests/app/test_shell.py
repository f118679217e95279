"""The frame: the rail, the bar, keys, tabs, and that nothing of ours ends in a traceback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import flet as ft
import pytest

from app import shell
from app import wizard as verbs
from app.parts.component import component
from tests.app.fakes import FakeEngine, FakeShowing, make_project
from tests.app.headless import Tab, run


def test_the_rail_says_where_one_is_and_why_not_further(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            names = [
                str(s.label) for s in tab.all(ft.Semantics) if str(s.identifier)[:5] == "step-"
            ]
            assert names[0] == "Step 1, Project, you are here"
            assert names[1] == "Step 2, Target. Choose a project first"
            assert len(names) == 8
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            step = tab.one(ft.Semantics, identifier="step-identity").content
            assert isinstance(step, ft.Container)
            await tab.event(step, "click")
            assert tab.title() == "What is your app called?"
            done = tab.one(ft.Semantics, identifier="step-project")
            assert done.label == "Step 1, Project, done"

    run(test)


@pytest.mark.parametrize(("width", "folded"), [(899, True), (900, False), (1280, False)])
def test_the_rail_folds(width: float, folded: bool) -> None:
    async def test() -> None:
        async with Tab(width=width) as tab:
            assert ("Slipway" in tab.texts()) is not folded

    run(test)


def test_the_rail_folds_when_the_window_shrinks() -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.session.apply_page_patch({"width": 800, "height": 600})
            await tab.event(tab.page, "resize", {"width": 800, "height": 600})
            await tab.settle()
            assert "Slipway" not in tab.texts()

    run(test)


def test_keys(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await tab.press("Enter", ctrl=True)
            assert tab.wizard.state.step == "project"
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            await tab.press("Enter", ctrl=True)
            assert tab.wizard.state.step == "target"
            await tab.press("Arrow Left", alt=True)
            await tab.press("Arrow Left", alt=True)
            assert tab.wizard.state.step == "project"
            await tab.press("Enter")
            await tab.press("a")
            assert tab.wizard.state.step == "project"

    run(test)


def test_escape_puts_away_what_one_chooses_from(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.browse(tmp_path)
            await tab.settle()
            assert tab.has("folder-browser")
            await tab.press("Escape")
            await tab.settle()
            assert not tab.has("folder-browser")
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            tab.wizard.go("icons")
            tab.wizard.studio.chooser.open("icon")
            await tab.settle()
            assert tab.has("picture-browser")
            await tab.press("Escape")
            await tab.settle()
            assert not tab.has("picture-browser")

    run(test)


def test_every_button_with_only_a_sign_has_a_name(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(make_project(tmp_path))
            tab.wizard.browse(tmp_path)
            await tab.settle()
            inside = {id(m.content) for m in tab.all(ft.MergeSemantics)}
            for button in tab.all(ft.IconButton):
                assert button.tooltip
                assert id(button) in inside
            assert not tab.all(ft.Text, selectable=True)

    run(test)


def test_a_handler_that_raises_becomes_a_calm_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(verbs.Wizard, "browse", fail)

    async def test() -> None:
        async with Tab() as tab:
            await tab.click("Browse…")
            await tab.settle()
            assert tab.reads("Slipway stumbled here")
            assert not tab.reads("secret detail")
            await tab.click("All right")
            assert not tab.reads("Slipway stumbled here")

    run(test)
    assert "secret detail" in caplog.text


def test_a_task_that_raises_becomes_a_calm_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(FakeShowing):
        async def stop_serving(self) -> None:
            raise ZeroDivisionError("secret detail")

    async def test() -> None:
        async with Tab(verbs.Wizard(FakeEngine(), Broken())) as tab:
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            tab.wizard.build()
            await tab.settle()
            assert tab.reads("Slipway stumbled here")
            tab.wizard.close()

    run(test)


def test_a_page_that_cannot_be_drawn_does_not_freeze_the_window(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.state.recents = [3]  # type: ignore[list-item]
            tab.wizard.state.notify()
            await tab.settle()
            assert tab.reads("Slipway stumbled here")
            tab.wizard.state.recents = []
            tab.wizard.state.notify()
            await tab.settle()
            assert tab.title() == "Which project do you want to package?"

    run(test)


def test_a_component_keeps_its_name() -> None:
    @component
    def part() -> ft.Control:
        """What it is."""
        return ft.Text()

    assert part.__name__ == "part"


def test_a_tab_that_was_away_is_drawn_anew(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await tab.lose()
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            await tab.come_back()
            await tab.settle()
            assert "A Flet app" in tab.place("found")

    run(test)


def test_a_tab_that_comes_back_gets_controls_that_it_has_not(tmp_path: Path) -> None:
    """What its client still has is compared with what it gets, and that would take minutes."""

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            before = {words._i for words in tab.all(ft.Text)}
            await tab.lose()
            await tab.settle()
            assert not tab.all(ft.Text), "what a client gets that registers again"
            tab.wizard.go("target")
            await tab.come_back()
            await tab.settle()
            after = {words._i for words in tab.all(ft.Text)}
            assert len(after) > 10
            assert not before & after
            await tab.click("Next: Identity")
            assert tab.title() == "What is your app called?"

    run(test)


def test_an_answer_of_who_has_gone_does_no_harm(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            gone = max(tab.session.index) + 1
            tab.session.handle_invoke_method_results(gone, "asked", None, None)
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            assert "A Flet app" in tab.place("found")

    run(test)


def test_each_tab_is_drawn_in_its_own_name(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as first, Tab(first.wizard) as second:
            sent = second.connection.sent
            await first.type("Project folder", str(make_project(tmp_path)))
            first.wizard.enter_path()
            await first.settle()
            await second.settle()
            assert "A Flet app" in first.place("found")
            assert "A Flet app" in second.place("found")
            assert second.connection.sent > sent
            second.session.close()
            await asyncio.sleep(0)
            await first.click("Next: Target")
            assert first.title() == "What should your app become?"

    run(test)


def test_one_wizard_for_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_the_wizard", None)

    async def test() -> None:
        shell.open_project(make_project(tmp_path))
        one = shell.the_wizard()
        assert one is shell.the_wizard()
        await one.settle()
        assert one.state.project is not None
        async with Tab(one) as tab:
            assert "A Flet app" in tab.place("found")
        one.close()

    run(test)


def test_at_the_end_every_tab_is_sent_to_the_last_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_tabs", [])

    async def test() -> None:
        async with Tab() as tab, Tab(tab_wizard := tab.wizard) as other, Tab(tab_wizard) as away:
            await away.lose()
            assert shell.send_away("/.slipway/ended") == 2
            await tab.settle()
            for one in (tab, other):
                [(name, asked)] = [c for c in one.connection.calls if c[0] == "launch_url"]
                assert asked["url"] == "/.slipway/ended"
                assert asked["web_only_window_name"] == "_self", name
            assert not [c for c in away.connection.calls if c[0] == "launch_url"]
            assert other.page.on_close is not None
            other.page.on_close(None)
            assert shell.send_away("/.slipway/ended") == 1

    run(test)
