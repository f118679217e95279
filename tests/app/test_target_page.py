"""The Target page: what works can be chosen, what does not says why and what else to do."""

from __future__ import annotations

from pathlib import Path

import flet as ft
import pytest

from builder.host import Host
from builder.targets import TARGETS, matrix
from tests.app.fakes import make_project
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


def test_only_what_is_ready_can_be_chosen(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            tab.wizard.go("target")
            tab.wizard.choose_target("ipa")
            assert tab.wizard.state.target == "web"
            await tab.settle()
            for cell in matrix(tab.wizard.state.host):
                card = tab.one(ft.Semantics, identifier=f"target-{cell.target}")
                inside = card.content
                assert isinstance(inside, ft.Container)
                assert (inside.on_click is not None) == (cell.state == "ready")
                assert bool(card.button) == (cell.state == "ready")
                assert TARGETS[cell.target].title in (card.label or "")
            web = tab.one(ft.Semantics, identifier="target-web")
            assert web.selected
            assert web.content is not None
            await tab.event(web.content, "click")
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
