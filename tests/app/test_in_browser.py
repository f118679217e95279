"""The wizard in a real Chromium: what only a client shows, with an engine that builds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import FletPage

pytestmark = pytest.mark.slow


@pytest.fixture
def tab(chromium: Browser) -> Iterator[FletPage]:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    try:
        yield FletPage(context.new_page())
    finally:
        context.close()


def test_the_whole_way_and_a_reload(tab: FletPage, address: str, looks_place: Path) -> None:
    tab.open(f"{address}project-nothing")
    expect(tab.button("Next: Target")).to_be_disabled()
    tab.fill("Project folder", str(looks_place / "moon"))
    expect(tab.id("found")).to_contain_text("A Flet app, starts in src/main.py, 4 packages")
    tab.click("Next: Target")
    tab.expect_title("What should your app become?")
    tab.id("target-web").click()
    tab.click("Next: Identity")
    tab.expect_title("What is your app called?")
    tab.fill("Product name", "Moon Table")
    tab.click("Next: Icons")
    tab.expect_title("Your icon, everywhere")
    tab.click("Next: Splash")
    tab.expect_title("While your app starts")
    tab.click("Next: Options")
    tab.expect_title("How should it behave?")
    tab.click("Next: Build")
    tab.expect_title("Ready to build the web site")
    expect(tab.id("before")).to_contain_text("“Moon Table” and the packages")
    assert 'product = "Moon Table"' in (looks_place / "moon" / "pyproject.toml").read_text()
    tab.click("Build the web site")
    tab.expect_title("Building the web site")
    tab.page.reload()
    tab.wake()
    tab.expect_title("Building the web site")
    tab.click("Cancel")
    expect(tab.button("Stopping…")).to_be_disabled()
    tab.click("Back")
    tab.expect_title("How should it behave?")
    tab.click("Step 3, Identity, done")
    tab.expect_title("What is your app called?")
    tab.expect_value("Product name", "Moon Table")


KEEP_SOCKETS = """
const Socket = WebSocket; window.sockets = [];
window.WebSocket = class extends Socket {
    constructor(...how) { super(...how); window.sockets.push(this); }
};
"""


@pytest.mark.parametrize("situation", ["project-found", "identity", "icons", "options"])
def test_a_connection_that_breaks_is_made_again_and_the_page_answers(
    tab: FletPage, address: str, situation: str
) -> None:
    """As when a laptop was asleep."""
    tab.page.add_init_script(KEEP_SOCKETS)
    tab.open(f"{address}{situation}")
    expect(tab.id("title")).to_be_visible()
    for opened in (1, 2, 3):
        tab.page.evaluate("sockets.at(-1).close()")
        tab.page.wait_for_function("before => sockets.length > before", arg=opened)
        tab.page.wait_for_function("sockets.at(-1).readyState === 1")
        tab.page.wait_for_timeout(300)
    tab.page.get_by_role("button", name=re.compile("^Step 2, Target")).click(timeout=20_000)
    tab.expect_title("What should your app become?")
    tab.click("Back")
    tab.expect_title("Which project do you want to package?")


def test_fast_typing_loses_nothing(tab: FletPage, address: str) -> None:
    tab.open(f"{address}identity")
    name = "The long and winding table of tides"
    field = tab.field("Product name")
    tab.fill("Product name", "")
    field.click()
    tab.page.wait_for_timeout(200)
    tab.page.keyboard.type(name, delay=4)
    expect(field).to_have_value(name)
    tab.page.wait_for_timeout(1500)  # saved, read and drawn again meanwhile
    expect(field).to_have_value(name)
    expect(tab.id("saved")).to_contain_text("Saved in pyproject.toml")


@pytest.mark.parametrize(
    ("situation", "told"),
    [
        ("typing-clash", "clash-product"),
        ("typing-notice", "problem-told"),
        ("typing-problem", "problem-refused"),
    ],
)
def test_what_comes_up_while_one_types_takes_no_letter(
    tab: FletPage, address: str, situation: str, told: str
) -> None:
    tab.open(f"{address}{situation}")
    tab.fill("Product name", "")
    field = tab.field("Product name")
    field.click()
    tab.page.wait_for_timeout(200)
    name = "The long and winding table of tides" * 2
    tab.page.keyboard.type(name, delay=40)
    expect(field).to_have_value(name)
    if told != "problem-refused":  # the next letter takes that away again
        expect(tab.id(told)).to_have_count(1)


def test_a_colour_is_typed_without_its_hash(tab: FletPage, address: str) -> None:
    """Three digits are a colour, and so are six: that takes the focus from nobody."""
    tab.open(f"{address}icons")
    tab.fill("Background", "")
    field = tab.field("Background")
    field.click()
    tab.page.wait_for_timeout(200)
    tab.page.keyboard.type("0b6 e99", delay=250)
    expect(field).to_have_value("0b6 e99")


def test_the_suggestion_is_taken_with_a_click(tab: FletPage, address: str) -> None:
    tab.open(f"{address}identity")
    tab.fill("Version", "1.2 beta")
    expect(tab.button("Next: Icons")).to_be_disabled()
    tab.click("Use 1.2.0")
    expect(tab.button("Next: Icons")).to_be_enabled()
    tab.expect_value("Version", "1.2.0")


def test_the_keyboard_all_the_way(tab: FletPage, address: str) -> None:
    tab.open(f"{address}project-found")
    tab.expect_title("Which project do you want to package?")
    tab.page.mouse.click(700, 700)
    tab.page.keyboard.press("Control+Enter")
    tab.expect_title("What should your app become?")
    tab.page.keyboard.press("Alt+ArrowLeft")
    tab.expect_title("Which project do you want to package?")
    for _ in range(40):
        tab.page.keyboard.press("Tab")
        tab.page.wait_for_timeout(30)
        if tab.page.evaluate("document.activeElement.textContent") == "Next: Target":
            break
    tab.page.keyboard.press("Enter")
    tab.expect_title("What should your app become?")


def test_ten_thousand_lines_a_second(tab: FletPage, address: str) -> None:
    tab.open(f"{address}torrent")
    tab.expect_title("Building the web site")
    expect(tab.button("Following")).to_be_visible()
    box = tab.id("log").bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + 100, box["y"] + 100)
    tab.page.wait_for_timeout(1500)
    tab.page.mouse.wheel(0, -400)
    still = tab.button(re.compile("new lines?$"), exact=False)
    expect(still).to_be_visible()
    before = _when_at_rest(tab)
    tab.page.wait_for_timeout(1000)
    assert tab.id("log").inner_text() == before
    still.click()
    expect(tab.button("Following")).to_be_visible()
    tab.click("Cancel")
    expect(tab.button("Stopping…")).to_be_visible()
    expect(tab.id("title")).to_have_text("Your web site is built")
    expect(tab.id("log")).to_contain_text("part-39-")


def _when_at_rest(tab: FletPage) -> str:
    """What the log shows when the wheel has run out."""
    shown = ""
    for _ in range(20):
        now = tab.id("log").inner_text()
        if now == shown:
            break
        shown = now
        tab.page.wait_for_timeout(300)
    return shown


def test_a_setting_is_found_and_typed_without_losing_the_focus(tab: FletPage, address: str) -> None:
    tab.open(f"{address}options")
    tab.expect_title("How should it behave?")
    tab.click("Show all settings")
    tab.fill("Search the settings", "packages from a folder")
    field = tab.field("Packages from a folder")
    field.click()
    tab.page.wait_for_timeout(300)
    words = 'a = "../a"\nb = "../b"'
    tab.page.keyboard.type(words, delay=20)  # wrong for most of the time, so that rules speak
    expect(field).to_have_value(words)
    tab.page.wait_for_timeout(1500)  # saved, read and drawn again meanwhile
    expect(field).to_have_value(words)
    expect(tab.id("saved")).to_contain_text("Saved in pyproject.toml")
    expect(tab.button("Reset Packages from a folder")).to_be_visible()
    tab.click("Reset Packages from a folder")
    expect(tab.button("Reset Packages from a folder")).to_have_count(0)


def test_folders_are_browsed_with_the_mouse(tab: FletPage, address: str, looks_place: Path) -> None:
    tab.open(f"{address}project-folders")
    expect(tab.button("Use this folder")).to_be_visible()
    tab.button(re.compile("tide-table"), exact=False).click()
    words = re.compile("This folder looks like a Flet app.")
    expect(tab.id("folder-browser")).to_have_attribute("aria-label", words)
    tab.click("Use this folder")
    expect(tab.id("found")).to_contain_text("A Flet app")


@pytest.mark.parametrize(
    ("situation", "buttons", "fields"),
    [
        ("build-failed", ["First error", "Copy the log", "Following"], ["Search the log"]),
        ("project-found", ["Browse…"], ["Project folder"]),
        ("options-all", ["Fold them"], ["Search the settings"]),
        ("options-android", ["Show all settings"], ["Link scheme", "Link domain"]),
        ("shop-started", ["Stop"], []),
    ],
)
def test_nothing_is_cut_off_in_a_slim_window(
    chromium: Browser, address: str, situation: str, buttons: list[str], fields: list[str]
) -> None:
    width = 480
    context = chromium.new_context(viewport={"width": width, "height": 2400})
    try:
        tab = FletPage(context.new_page())
        tab.open(f"{address}{situation}")
        for name in buttons:
            expect(tab.button(name)).to_be_visible()
            box = tab.button(name).bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width - 40
            assert box["width"] >= 30
        for name in fields:
            box = tab.field(name).bounding_box()
            assert box is not None
            assert box["width"] >= 140
    finally:
        context.close()
