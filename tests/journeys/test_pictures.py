"""Icons and splash screen in a real browser with the guard on, down to the files in the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app import gallery
from tests.app import art
from tests.browser import FletPage
from tests.journeys.conftest import counter
from tests.journeys.test_wizard import Slipway

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = counter(tmp_path / "tides", settings="# a comment of mine\n")
    art.logo(folder / "assets" / "icon.png", 640)
    return folder


@pytest.fixture
def started(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slipway]:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    slipway = Slipway(str(project))
    yield slipway
    slipway.end()


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


class Fetched:
    """The pictures that a tab has fetched from the gallery."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.names: list[str] = []
        page.on("response", lambda one: self._note(one.url, one.status))

    def _note(self, url: str, status: int) -> None:
        if gallery.ROUTE in url:
            assert status == 200, f"{url}: {status}"
            self.names.append(url.rsplit("/", 1)[1])

    def wait_for_more(self, than: int) -> None:
        """Until something new was fetched."""
        for _ in range(200):
            if len(self.names) > than:
                return
            self._page.wait_for_timeout(25)
        raise AssertionError(f"nothing new after {than} pictures")


def walk_to_icons(flet: FletPage) -> None:
    expect(flet.page.get_by_text("A Flet app, starts in").last).to_be_visible()
    for words in ("Next: Target", "Next: Identity", "Next: Icons"):
        flet.click(words)
    flet.expect_title("Your icon, everywhere")


def test_an_icon_from_the_file_to_the_saved_one_and_back(
    project: Path, started: Slipway, page: Page
) -> None:
    icon = project / "assets" / "icon.png"
    fetched = Fetched(page)
    flet = FletPage(page).open(started.address)
    walk_to_icons(flet)
    expect(page.get_by_role("img", name="Android, circle")).to_be_visible()
    fetched.wait_for_more(10)
    page.wait_for_timeout(1000)

    # What changes on disk is seen.
    seen = len(fetched.names)
    art.logo(icon, 640, radius=0.2)
    before = icon.read_bytes()
    fetched.wait_for_more(seen)
    page.wait_for_timeout(1000)

    # A padding is shown at once and written only on a click.
    seen = len(fetched.names)
    box = flet.id("slider").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    fetched.wait_for_more(seen)
    expect(flet.id("readiness")).to_contain_text("not saved yet")
    assert icon.read_bytes() == before
    flet.click("Save as icon.png")
    expect(page.get_by_role("group", name=re.compile("Kept the old picture"))).to_be_visible()
    with Image.open(icon) as saved:
        assert saved.width == saved.height > 640, "the picture itself, with room around it"
    kept = list((project / ".slipway" / "pictures").glob("*.png"))
    assert [one.read_bytes() for one in kept] == [before]
    flet.click("Put it back")
    expect(flet.id("kept")).to_have_count(0)
    assert icon.read_bytes() == before


def test_the_colours_of_the_splash_screen_are_saved(
    project: Path, started: Slipway, page: Page
) -> None:
    flet = FletPage(page).open(started.address)
    walk_to_icons(flet)
    flet.click("Next: Splash")
    flet.expect_title("While your app starts")
    expect(page.get_by_role("img", name="Browser, dark")).to_be_visible()
    expect(page.get_by_text("From your icon").first).to_be_visible()
    flet.fill("Light", "#dceef6")
    expect(flet.id("saved")).to_contain_text("are saved in pyproject.toml at once")
    page.wait_for_timeout(1500)
    text = (project / "pyproject.toml").read_text("utf-8")
    assert 'color = "#dceef6"' in text
    assert "# a comment of mine" in text


def test_choosing_a_picture_with_the_keyboard_alone(
    project: Path, started: Slipway, page: Page, tmp_path: Path
) -> None:
    photo = art.plain(tmp_path / "red.png", (600, 600))
    flet = FletPage(page).open(started.address)
    walk_to_icons(flet)
    flet.button("Change…").focus()
    page.keyboard.press("Enter")
    flet.fill("Or paste its path", str(photo))
    page.keyboard.press("Enter")
    expect(flet.id("file-icon")).to_contain_text("Not saved yet")
    flet.button("Use this picture").focus()
    page.keyboard.press("Enter")
    expect(flet.id("kept")).to_be_visible()
    assert (project / "assets" / "icon.png").read_bytes() == photo.read_bytes()
