"""The Target page: what works can be chosen, what does not says why and what else to do."""

from __future__ import annotations

from pathlib import Path

import flet as ft
import pytest

from app import wizard as verbs
from builder.host import Host
from builder.targets import TARGETS, matrix
from builder.toolchains.inventory import Has
from tests.app.fakes import PYPROJECT, make_project
from tests.app.headless import Tab, run


@pytest.mark.parametrize("host", ["linux", "macos", "windows"])
def test_every_target_is_shown_with_its_reason(tmp_path: Path, host: Host) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.state.host = host
            tab.wizard.open(tmp_path)
            await tab.settle()
            await tab.click("Next: Target")
            assert tab.title() == "What should your app become?"
            for cell in matrix(host):
                words = tab.place(f"target-{cell.target}")
                assert TARGETS[cell.target].title in words
                assert cell.label in words
                assert cell.instead.replace("`", "") in words

    run(test)


async def on_page(tab: Tab, folder: Path) -> None:
    tab.wizard.state.host = "linux"
    tab.wizard.open(make_project(folder))
    await tab.settle()
    tab.wizard.go("target")
    await tab.settle()


def card_of(tab: Tab, target: str) -> tuple[ft.Semantics, ft.Container]:
    card = tab.one(ft.Semantics, identifier=f"target-{target}")
    assert isinstance(card.content, ft.Container)
    return card, card.content


def test_what_cannot_be_made_here_cannot_be_chosen(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.wizard.choose_target("ipa")
            assert tab.wizard.state.target == "web"
            for cell in matrix("linux"):
                card, inside = card_of(tab, cell.target)
                assert (inside.on_click is None) == (cell.state == "never")
                assert bool(card.button) == (cell.state != "never")
                assert TARGETS[cell.target].title in (card.label or "")
            web, inside = card_of(tab, "web")
            assert web.selected
            await tab.event(inside, "click")
            assert not tab.button("Next: Identity").disabled

    run(test)


def test_what_needs_tools_can_be_chosen_for_a_rehearsal_only(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert not tab.has("rehearsal")
            await tab.event(card_of(tab, "apk")[1], "click")
            await tab.settle()
            assert card_of(tab, "apk")[0].label == "Android app, chosen for a rehearsal"
            assert "as if you were building the Android app" in tab.place("rehearsal")
            assert tab.place("readiness") == "Ready to rehearse"
            tab.wizard.go("build")
            await tab.settle()
            assert tab.title() == "Ready to rehearse the Android app"
            assert "No app is made" in tab.place("before")
            await tab.click("Rehearse the Android app")
            await tab.settle()
            assert tab.engine.builds == [("apk", tmp_path, {"rehearse": True})]

    run(test)


def test_tools_that_arrive_open_their_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "TOOLS_SECONDS", 0.01)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.wizard.choose_target("apk")
            await tab.settle()
            assert tab.has("rehearsal")
            tab.engine.has = Has(flutter=True, jdk=True)
            await tab.until(lambda: "Needs the Android tools" in tab.place("target-apk"))
            tab.engine.has = Has(flutter=True, jdk=True, android=True)
            await tab.until(lambda: not tab.has("rehearsal"))
            assert "Ready now" in tab.place("target-apk")
            tab.wizard.go("build")
            await tab.settle()
            await tab.click("Build the Android app")
            await tab.settle()
            assert tab.engine.builds == [("apk", tmp_path, {})]

    run(test)


def test_tools_are_looked_for_when_the_window_comes_to_the_front(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.engine.has = Has(flutter=True)
            await tab.event(tab.page, "app_lifecycle_state_change", {"state": "resume"})
            await tab.settle()
            assert tab.wizard.state.has.flutter

    run(test)


def test_where_one_cannot_look_for_tools_nothing_changes(tmp_path: Path) -> None:
    async def refuse() -> Has:
        raise OSError("no")

    async def test() -> None:
        async with Tab() as tab:
            tab.engine.tools = refuse  # type: ignore[method-assign]
            await on_page(tab, tmp_path)
            assert tab.wizard.state.notice is None
            assert "Ready now" in tab.place("target-web")

    run(test)


def test_of_two_ways_the_usual_one_is_taken_and_the_other_can_be(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert not tab.has("ways")
            tab.engine.has = Has(flutter=True)
            tab.wizard.look_at_tools()
            await tab.settle()
            assert tab.one(ft.Semantics, identifier="way-prebuilt").selected
            other = tab.one(ft.Semantics, identifier="way-flutter")
            assert other.content is not None
            await tab.event(other.content, "click")
            await tab.settle()
            assert tab.one(ft.Semantics, identifier="way-flutter").selected
            text = (tmp_path / "pyproject.toml").read_text("utf-8")
            assert '[tool.slipway.web]\nbackend = "flutter"' in text
            tab.wizard.build()
            await tab.settle()
            assert tab.engine.builds == [("web", tmp_path, {"backend": "flutter"})]
            tab.wizard.choose_backend("web", "prebuilt")
            await tab.settle()
            assert "flutter" not in (tmp_path / "pyproject.toml").read_text("utf-8")

    run(test)


def test_a_way_that_does_not_work_here_is_not_taken(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            make_project(tmp_path, PYPROJECT + '\n[tool.slipway.web]\nbackend = "flutter"\n')
            tab.wizard.open(tmp_path)
            await tab.settle()
            assert tab.wizard.state.backend() == "prebuilt"
            assert tab.wizard.state.options() == {}

    run(test)


def test_a_flask_app_becomes_an_app_for_this_computer(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\ndependencies = ["flask"]\n')

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.state.host = "linux"
            tab.wizard.open(tmp_path)
            await tab.settle()
            await tab.click("Next: Target")
            await tab.settle()
            assert tab.wizard.state.target == "linux"
            assert "Not for a Flask app" in tab.place("target-web")
            assert card_of(tab, "web")[1].on_click is None
            assert not tab.button("Next: Identity").disabled

    run(test)


def test_narrow_cards_stand_one_below_the_other(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab(width=900, height=640) as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            tab.wizard.go("target")
            await tab.settle()
            assert not tab.all(ft.Row, intrinsic_height=True)

    run(test)
