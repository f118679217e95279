"""The Result page: what was made, and the ways to it."""

from __future__ import annotations

from pathlib import Path

from builder.problems import Problem, SlipwayError
from tests.app import fakes
from tests.app.fakes import make_project
from tests.app.headless import Tab, run


async def on_page(tab: Tab, folder: Path) -> None:
    tab.wizard.open(make_project(folder))
    await tab.settle()
    tab.wizard.build()
    await tab.settle()
    assert tab.engine.run is not None
    fakes.built(tab.engine.run)
    await tab.settle()
    assert tab.title() == "Your web site is built"
    await tab.click("Next: Result")
    await tab.settle()


def test_says_what_was_made(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert tab.title() == "Your web site is ready"
            words = tab.place("made")
            assert "Tide Table" in words
            assert "38 MB" in words
            assert str(tmp_path / "dist" / "web") in words

    run(test)


def test_opens_in_the_browser(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.click("Open it in the browser")
            await tab.settle()
            assert tab.engine.served == [(tmp_path / "dist" / "web", "")]
            assert tab.engine.opened == ["http://127.0.0.1:4000/"]
            assert "http://127.0.0.1:4000/" in tab.buttons()

    run(test)


def test_a_site_that_cannot_be_served_is_said(tmp_path: Path) -> None:
    async def refuse(folder: Path, base_url: str = "") -> str:
        raise SlipwayError(Problem("engine-silent", "Slipway’s engine gave no answer"))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.engine.serve = refuse  # type: ignore[method-assign]
            await tab.click("Open it in the browser")
            await tab.settle()
            assert tab.reads("Slipway’s engine gave no answer")

    run(test)


def test_shows_the_folder(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.click("Show the folder")
            assert tab.engine.opened == [str(tmp_path / "dist" / "web")]

    run(test)


def test_without_a_file_manager_the_place_is_named(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.engine.can_open = False
            await tab.click("Show the folder")
            await tab.settle()
            assert tab.reads("no file manager")

    run(test)


def test_copies_the_path(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.click_icon("Copy the path")
            assert ("set", {"data": str(tmp_path / "dist" / "web")}) in tab.connection.calls

    run(test)


def test_builds_again(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.click("Build again")
            await tab.settle()
            assert len(tab.engine.builds) == 2
            assert tab.title() == "Building the web site"

    run(test)


def test_another_project_has_no_result(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path / "one")
            tab.wizard.open(make_project(tmp_path / "two"))
            await tab.settle()
            assert tab.title() == "There is nothing here yet"
            assert tab.button("Open it in the browser").disabled

    run(test)
