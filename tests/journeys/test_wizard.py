"""The whole wizard in a real browser with the guard on, from the folder to the running site."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import FletPage
from tests.journeys.conftest import ROOT, counter

pytestmark = [pytest.mark.slow, pytest.mark.network]

LONG = 60_000  # milliseconds; the first build of a cold cache fetches 90 MB


class Slipway:
    """A wizard that runs, started as its user starts it."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "main.py", "--web", "--no-open", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.address = self.next_address()

    def next_address(self) -> str:
        """Read on until an address is printed."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise AssertionError("no address was printed")

    def fresh_address(self) -> str:
        """What Enter in the terminal gives."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.next_address()

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, so that no file of whoever runs the test is touched."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


@pytest.fixture
def started(home: Path) -> Iterator[list[Slipway]]:
    running: list[Slipway] = []
    yield running
    for slipway in running:
        slipway.end()


def walk_to_build(flet: FletPage) -> None:
    expect(flet.page.get_by_text("A Flet app, starts in").last).to_be_visible()
    flet.click("Next: Target")
    flet.click("Next: Identity")
    expect(flet.field("Product name")).to_be_visible()
    for words in ("Next: Icons", "Next: Splash", "Next: Options", "Next: Build"):
        flet.click(words)


def test_from_the_folder_to_a_site_that_answers(
    tmp_path: Path, page: Page, started: list[Slipway], chrome: Browser
) -> None:
    project = counter(tmp_path / "my project ü")
    slipway = Slipway()
    started.append(slipway)
    flet = FletPage(page).open(slipway.address)
    flet.fill("Project folder", str(project))
    walk_to_build(flet)
    flet.click("Build the web site")
    # A reload in the middle of the build loses nothing.
    expect(page.get_by_text("Building the web site")).to_be_visible()
    page.reload()
    flet.wake()
    result = flet.button("Open it in the browser")
    expect(result.or_(flet.button("Next: Result"))).to_be_visible(timeout=LONG)
    if not result.is_visible():  # the page follows only whoever watched all the time
        expect(page.get_by_text(re.compile(r"\d\d+ lines")).first).to_be_visible()
        flet.click("Next: Result")
    assert (project / "dist" / "web" / "index.html").is_file()
    result.click()
    address = page.get_by_text(re.compile(r"http://127\.0\.0\.1:\d+"))
    expect(address.first).to_be_visible()
    found = re.search(r"http://127\.0\.0\.1:\d+/", address.first.inner_text())
    assert found
    site = FletPage(chrome.new_context().new_page()).open(found[0])
    site.click("Add one")
    expect(site.page.get_by_text("one", exact=True)).to_be_visible()
    site.page.context.close()


def test_the_sample_builds_and_cancel_stops_it(
    page: Page, started: list[Slipway], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A cache without the packages, so that there is something to cancel.
    cache = tmp_path / "cache"
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(cache))
    slipway = Slipway("--sample")
    started.append(slipway)
    flet = FletPage(page).open(slipway.address)
    walk_to_build(flet)
    flet.click("Build the web site")
    flet.click("Cancel")
    expect(page.get_by_text("Nothing was lost")).to_be_visible()
    children = psutil.Process(slipway.process.pid).children(recursive=True)
    assert not [child for child in children if "builder" in " ".join(child.cmdline())]
    assert not list(home.rglob("dist/web"))


def test_a_problem_is_a_card_with_a_button(
    tmp_path: Path, page: Page, started: list[Slipway]
) -> None:
    project = counter(tmp_path / "p", needs="nosuchpkg-xyz-1")
    slipway = Slipway(str(project))
    started.append(slipway)
    flet = FletPage(page).open(slipway.address)
    walk_to_build(flet)
    flet.click("Build the web site")
    card = page.get_by_role("group", name=re.compile("There is no package called “nosuchpkg"))
    expect(card.first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Nothing was lost").first).to_be_visible()


def test_what_is_typed_is_saved_and_what_changes_on_disk_is_seen(
    tmp_path: Path, page: Page, started: list[Slipway]
) -> None:
    project = counter(tmp_path / "p", settings="# a comment of mine\n")
    slipway = Slipway(str(project))
    started.append(slipway)
    flet = FletPage(page).open(slipway.address)
    expect(page.get_by_text("A Flet app, starts in").last).to_be_visible()
    shutil.move(project / "main.py", project / "start.py")
    expect(page.get_by_text("A Flet app, starts in")).to_have_count(0)
    shutil.move(project / "start.py", project / "main.py")
    expect(page.get_by_text("A Flet app, starts in").last).to_be_visible()
    flet.click("Next: Target")
    flet.click("Next: Identity")
    flet.fill("Bundle ID", "nodots")
    expect(flet.says("at least two parts")).to_be_visible()
    flet.fill("Bundle ID", "org.demo.app")
    flet.fill("Product name", "Zähler")
    for words in ("Next: Icons", "Next: Splash", "Next: Options", "Next: Build"):
        flet.click(words)
    expect(page.get_by_text("Ready to build the web site").last).to_be_visible()
    page.wait_for_timeout(1500)  # it is written when nobody has typed for a moment
    text = (project / "pyproject.toml").read_text("utf-8")
    assert 'product = "Zähler"' in text
    assert 'bundle_id = "org.demo.app"' in text
    assert "# a comment of mine" in text


def test_only_the_browser_that_was_let_in_may_look(
    page: Page, started: list[Slipway], chrome: Browser
) -> None:
    slipway = Slipway()
    started.append(slipway)
    FletPage(page).open(slipway.address)
    stranger = chrome.new_context().new_page()
    origin = slipway.address.split("?")[0]
    for address in (origin, slipway.address):  # without an address, and with one that was used
        response = stranger.goto(address)
        assert response is not None
        assert response.status == 403
    FletPage(stranger).open(slipway.fresh_address())
    stranger.context.close()
    again = subprocess.run(
        [sys.executable, "main.py", "--web", "--no-open"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert origin in again.stdout
