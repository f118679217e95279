"""The Splash page: where its picture comes from, its colours and its switches."""

from __future__ import annotations

import asyncio
from pathlib import Path

import flet as ft
import pytest

from app import studio
from app.drawing import Drawing
from tests.app import art
from tests.app.fakes import make_project
from tests.app.headless import Tab, run
from tests.app.test_icons_page import assets, on_page, press, previews


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / ".cache"))
    monkeypatch.setattr(studio, "SAVE_SECONDS", 0.0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = make_project(tmp_path / "tides")
    art.logo(assets(folder) / "icon.png", 256)
    return folder


def test_says_where_the_picture_comes_from(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            assert tab.place("file-splash").startswith("From your icon, because there is no splash")
            await press(tab, "Dark")
            assert "neither a dark nor a light" in tab.place("file-splash_dark")
            art.logo(assets(project) / "splash.png", 256)
            await tab.until(lambda: "same as the light one" in tab.place("file-splash_dark"))
            await press(tab, "Light, has a picture of its own")
            assert tab.place("file-splash") == "assets/splash.png 256 × 256"

    run(test)


def test_shows_every_screen(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            for words in ("Android, light", "iPhone, dark", "Browser, light", "Browser, dark"):
                assert tab.reads(words)

    run(test)


def test_a_colour_is_saved_as_it_is_typed(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            first = previews(tab)
            await tab.type("Light", "dceef")
            await asyncio.sleep(0.05)
            await tab.settle()
            assert tab.reads("Write a colour as #0B6E99, or with its name.")
            assert "splash" not in (project / "pyproject.toml").read_text()
            await tab.type("Light", "dceef6")
            await tab.settle()
            assert 'color = "#dceef6"' in (project / "pyproject.toml").read_text()
            assert previews(tab) != first
            assert "saved in pyproject.toml at once" in tab.place("saved")
            await tab.type("Light", "")
            await tab.settle()
            assert "dceef6" not in (project / "pyproject.toml").read_text()

    run(test)


def test_what_was_typed_last_is_saved_at_the_end(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "SAVE_SECONDS", 60.0)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            await tab.type("Dark", "#0c2a3e")
            await tab.wizard.save_all()
            assert 'dark_color = "#0c2a3e"' in (project / "pyproject.toml").read_text()

    run(test)


def test_a_platform_may_do_without(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            switch = tab.one(ft.Switch, label="On Android")
            assert switch.value is True
            await tab.event(switch, "change", value=False)
            await tab.settle()
            assert "android = false" in (project / "pyproject.toml").read_text()
            assert not tab.reads("Android, light")
            await tab.event(tab.one(ft.Switch, label="On Android"), "change", value=True)
            await tab.settle()
            assert "android" not in (project / "pyproject.toml").read_text()
            assert tab.reads("Android, light")

    run(test)


def test_a_picture_for_one_system_alone(project: Path, tmp_path: Path) -> None:
    photo = art.logo(tmp_path / "photo.png", 200)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            assert not tab.has("slot-splash_web")
            await tab.click("For one system only")
            await press(tab, "Web light")
            assert "From your icon" in tab.place("file-splash_web")
            tab.wizard.studio.try_picture("splash_web", photo)
            await tab.settle()
            assert not (assets(project) / "splash_web.png").exists()
            await tab.click("Use this picture")
            await tab.settle()
            assert (assets(project) / "splash_web.png").read_bytes() == photo.read_bytes()
            await tab.click("Do without this picture")
            await tab.settle()
            assert not (assets(project) / "splash_web.png").exists()

    run(test)


def test_a_letter_for_the_splash_screen(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            await tab.click("Draw one")
            await tab.settle()
            assert tab.place("readiness") == "1 picture or colour is not saved yet"
            await tab.click("Use this")
            await tab.settle()
            assert (assets(project) / "splash.png").is_file()

    run(test)


def test_a_dark_picture_that_cannot_be_read_stops_the_build(project: Path) -> None:
    (assets(project) / "splash_dark.png").write_bytes(b"no picture")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            state = tab.wizard.state
            assert state.needs_attention("splash")
            assert not state.needs_attention("icons")
            assert state.blocked("build").startswith("The splash picture cannot be used")

    run(test)


def test_an_icon_that_cannot_be_read_is_named_where_it_would_stand_in(project: Path) -> None:
    (assets(project) / "icon.png").write_bytes(b"no picture")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            assert tab.place("file-splash").startswith("icon.png is not a picture")
            assert "until the picture can be used" in tab.place("previews")
            assert not tab.all(ft.Switch, label="Show Android’s circle")

    run(test)


def test_nothing_is_said_about_previews_before_they_are_drawn(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Drawing, "draw", lambda *_args, **_options: None)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            assert "Drawing…" in tab.place("previews")
            await on_page(tab, project, "icons")
            assert "Drawing…" in tab.place("previews")

    run(test)


def test_no_picture_at_all(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            await on_page(tab, project, "icons")
            assert previews(tab), "here a letter is offered"
            await on_page(tab, project, "splash")
            assert "There is no picture yet" in tab.place("file-splash")
            assert not previews(tab), "an offer is not what ships"

    run(test)


def test_a_target_without_a_splash_screen_says_that_one_can_go_on(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.state.target = "linux"
            tab.wizard.open(project)
            await tab.settle()
            tab.wizard.go("splash")
            await tab.settle()
            assert tab.reads("A Linux app starts without a splash screen, so you can go on.")
            tab.wizard.choose_target("web")
            await tab.settle()
            assert not tab.reads("without a splash screen")

    run(test)


def test_a_colour_without_its_hash_stays_as_it_is_typed(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "splash")
            field = tab.field("Light")
            for typed in ("0", "0b", "0b6", "0b6e", "0b6e9", "0b6e99"):
                await tab.type("Light", typed)
                assert tab.field("Light") is field
                assert field.value == typed
            await tab.settle()
            assert tab.field("Light") is field
            assert 'color = "#0b6e99"' in (project / "pyproject.toml").read_text()

    run(test)
