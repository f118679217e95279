"""The Result page: what was made, and the ways to it."""

from __future__ import annotations

from pathlib import Path

import flet as ft
import pytest

from app.steps.result import abi_of
from builder.events import Artifact
from builder.problems import Problem, SlipwayError
from builder.toolchains.inventory import Has
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
            assert tab.showing.sites == [(tmp_path / "dist" / "web", "")]
            assert tab.showing.opened == ["http://127.0.0.1:4000/"]
            assert "http://127.0.0.1:4000/" in tab.buttons()
            await tab.click("Stop")
            await tab.settle()
            assert not tab.has("address")
            assert tab.showing.shown == ""

    run(test)


def test_a_site_that_cannot_be_served_is_said(tmp_path: Path) -> None:
    async def refuse(folder: Path, base_url: str = "") -> str:
        raise SlipwayError(Problem("engine-silent", "Slipway’s engine gave no answer"))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.showing.serve = refuse  # type: ignore[method-assign]
            await tab.click("Open it in the browser")
            await tab.settle()
            assert tab.reads("Slipway’s engine gave no answer")

    run(test)


def test_shows_the_folder(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.click("Show the folder")
            assert tab.showing.opened == [str(tmp_path / "dist" / "web")]

    run(test)


def test_without_a_file_manager_the_place_is_named(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.showing.can_open = False
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


# --- Files ----------------------------------------------------------------------------------------


async def with_files(tab: Tab, folder: Path, target: str, *made: Artifact) -> fakes.FakeRun:
    """The page after a build that made these."""
    tab.engine.has = Has(flutter=True, jdk=True, android=True, xcode=True)
    is_apple = target in ("ipa", "ios-simulator", "macos")
    tab.wizard.state.host = "macos" if is_apple else "windows" if target == "windows" else "linux"
    tab.wizard.open(make_project(folder))
    tab.wizard.go("target")
    tab.wizard.look_at_tools()
    await tab.settle()
    tab.wizard.choose_target(target)
    await tab.settle()
    tab.wizard.build()
    await tab.settle()
    assert tab.engine.run is not None
    tab.engine.run.artifacts += made
    tab.engine.run.end("ok", 90.0)
    await tab.settle()
    tab.wizard.go("result")
    await tab.settle()
    return tab.engine.run


SUM = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("target", "made", "words"),
    [
        ("apk", Artifact("/d/tides.apk", "apk", 31_000_000, SUM), "Send the file to a phone"),
        ("aab", Artifact("/d/tides.aab", "aab", 9_000_000, SUM), "Google Play Console"),
        ("ipa", Artifact("/d/tides.ipa", "ipa", 9_000_000, SUM), "Transporter"),
        ("ipa", Artifact("/d/tides.xcarchive", "archive", 9_000_000), "Open it with Xcode"),
        ("ios-simulator", Artifact("/d/Runner.app", "bundle", 9_000_000), "Start the Simulator"),
        ("macos", Artifact("/d/Tides.app", "bundle", 9_000_000), "Applications folder"),
        ("linux", Artifact("/d/tides", "executable", 9_000, SUM), "The whole folder"),
        ("windows", Artifact("/d/tides.exe", "executable", 9_000, SUM), "Windows warns"),
    ],
)
def test_every_kind_has_its_next_steps_and_no_site_to_open(
    tmp_path: Path, target: str, made: Artifact, words: str
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_files(tab, tmp_path, target, made)
            assert "is ready" in tab.title()
            assert words in tab.place("next")
            assert made.path in tab.place("made")
            assert (made.sha256 in tab.place("made")) or not made.sha256
            assert "Open it in the browser" not in tab.buttons()
            assert ("Start it" in tab.buttons()) == (target in ("linux", "windows", "macos"))
            await tab.click("Show the folder")
            assert tab.showing.opened == ["/d"]

    run(test)


def test_several_apps_for_phones_are_told_apart(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await with_files(tab, tmp_path, "apk", Artifact("/d/x.apk", "apk", 1, SUM))
            run_.artifacts.clear()
            fakes.flutter_built(run_)
            tab.wizard.state.notify()
            await tab.settle()
            words = tab.place("files")
            assert "One file for each kind of phone" in words
            assert "For nearly all phones and tablets of today tide-table-arm64-v8a.apk" in words
            assert "For Chromebooks, and for emulators" in words
            assert words.count("9f2b" * 16) == 3
            button = tab.all(ft.IconButton, tooltip="Copy the SHA-256 sum")[-1]
            await tab.event(button, "click")
            assert ("set", {"data": "9f2b" * 16}) in tab.connection.calls

    run(test)


def test_a_program_is_started(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await with_files(tab, tmp_path, "linux", Artifact("/d/t", "executable", 1))
            run_.artifacts.clear()
            fakes.linux_built(run_)
            tab.wizard.state.notify()
            await tab.settle()
            assert "61 MB" in tab.place("made")
            await tab.click("Start it")
            await tab.settle()
            assert tab.showing.started == [tmp_path / "dist" / "linux" / "tide-table"]

    run(test)


def test_a_program_that_does_not_start_is_said(tmp_path: Path) -> None:
    async def refuse(path: Path) -> None:
        raise SlipwayError(Problem("app-not-started", "“t” did not start"))

    async def test() -> None:
        async with Tab() as tab:
            await with_files(tab, tmp_path, "linux", Artifact("/d/t", "executable", 1))
            tab.showing.start_program = refuse  # type: ignore[method-assign]
            await tab.click("Start it")
            await tab.settle()
            assert tab.reads("“t” did not start")

    run(test)


@pytest.mark.parametrize(
    ("name", "abi"),
    [
        ("tides-arm64-v8a.apk", "arm64-v8a"),
        ("tides-x86_64.apk", "x86_64"),
        ("tides-x86.apk", "x86"),
        ("tides.apk", ""),
        ("x86.apk", ""),
    ],
)
def test_the_kind_of_phone_by_the_name(name: str, abi: str) -> None:
    assert abi_of(name) == abi


async def with_shop(tab: Tab, folder: Path) -> None:
    tab.wizard.state.host = "linux"
    tab.wizard.open(fakes.make_shop(folder))
    await tab.settle()
    tab.wizard.build()
    await tab.settle()
    assert tab.engine.run is not None
    fakes.desktop_built(tab.engine.run)
    await tab.settle()
    tab.wizard.go("result")
    await tab.settle()


def test_an_app_for_this_computer_is_ready_to_send(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            assert "39 MB · Linux app" in tab.place("made")
            send = tab.place("send")
            assert "hat-shop-1.4.0-linux-x64.tar.gz" in send
            assert "9f2b" * 16 in send
            assert "whether to trust" in send
            assert "ab" * 32 not in " ".join(tab.texts())
            await tab.click("Look at it")
            [page] = tab.showing.opened
            assert page.startswith("file:///")
            assert page.endswith("/How%20to%20open%20Hat%20Shop.html")
            assert "A newer version finds it there" in tab.place("next")

    run(test)


def test_without_a_browser_the_page_is_named(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.showing.can_open = False
            await with_shop(tab, tmp_path)
            await tab.click("Look at it")
            assert "How to open Hat Shop.html" in tab.place("problem-no-browser")

    run(test)


def test_into_the_menu_and_out_of_it(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            await tab.click("Add to the menu")
            await tab.settle()
            assert [one.name for one in tab.engine.menu] == ["hat-shop"]
            assert "in the menu of this desktop" in tab.place("made")
            await tab.click("Take out of the menu")
            await tab.settle()
            assert not tab.engine.menu
            assert "Add to the menu" in tab.buttons()

    run(test)


def test_a_menu_that_refuses_is_told(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            tab.engine.menu_trouble = Problem("menu-not-writable", "The menu could not be changed")
            await tab.click("Add to the menu")
            await tab.settle()
            assert tab.has("problem-menu-not-writable")
            assert "Add to the menu" in tab.buttons()

    run(test)


def test_only_what_has_an_entry_is_put_into_a_menu(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert "Add to the menu" not in tab.buttons()
            tab.wizard.state.target = "linux"
            assert tab.wizard.state.for_menu() is None

    run(test)


def test_an_app_without_a_window_says_where_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.showing.address = "http://127.0.0.1:4321/"
            await with_shop(tab, tmp_path)
            await tab.click("Start it")
            await tab.settle()
            assert "http://127.0.0.1:4321/" in tab.buttons()
            assert "until you stop it" in tab.place("address")
            shop = tab.wizard.state.folder
            assert shop is not None
            tab.wizard.open(make_project(tmp_path / "other"))
            await tab.settle()
            tab.wizard.open(shop)
            await tab.settle()
            tab.wizard.go("result")
            await tab.settle()
            await tab.click("Stop")
            await tab.settle()
            assert tab.showing.shown == ""
            assert not tab.has("address")

    run(test)


def test_an_app_that_ends_by_itself_is_shown_no_longer(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            await tab.click("Start it")
            await tab.settle()
            assert not tab.has("address")  # it has a window
            tab.showing.shows("http://127.0.0.1:4321/")  # and now it turns out that it has none
            await tab.settle()
            assert "http://127.0.0.1:4321/" in tab.buttons()
            await tab.click("Start it")
            await tab.settle()
            assert "http://127.0.0.1:4321/" in tab.buttons()
            tab.showing.shows("")
            await tab.settle()
            assert not tab.has("address")

    run(test)


def test_an_app_that_was_started_elsewhere_cannot_be_stopped_here(tmp_path: Path) -> None:
    async def elsewhere(path: Path) -> str:
        return "http://127.0.0.1:4321/"

    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            tab.showing.start_program = elsewhere  # type: ignore[method-assign]
            await tab.click("Start it")
            await tab.settle()
            assert "outside of Slipway" in tab.place("address")
            assert "Stop" not in tab.buttons()

    run(test)
