"""The whole wizard in a real browser with a Flutter that only plays: an Android app, from choosing
it to the file; stopped in the middle; and rehearsed where there is no Flutter.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import FletPage
from tests.flutter_stub import Stub
from tests.journeys.conftest import counter
from tests.journeys.test_flutter import alive
from tests.journeys.test_wizard import Slipway
from tests.oracle import pair

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the stub of Flutter is a shell script"),
]

LONG = 60_000  # milliseconds; for a build
GRADLE = [
    "Running Gradle task 'assembleRelease'...",
    "> Task :app:preBuild UP-TO-DATE",
    "> Task :app:compileReleaseKotlin",
]


STEP = "compile release kotlin"  # as the last of these lines is told


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pair.make_template(tmp_path_factory.mktemp("template") / "template")


@pytest.fixture
def project(tmp_path: Path, template: Path) -> Path:
    return counter(
        tmp_path / "tides",
        settings=f'[tool.flet]\norg = "org.example"\nbuild_number = 7\n'
        f'[tool.flet.template]\nurl = "{template.as_posix()}"\n',
    )


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


@pytest.fixture
def started() -> Iterator[list[Slipway]]:
    running: list[Slipway] = []
    yield running
    for slipway in running:
        slipway.end()


def start(started: list[Slipway], project: Path, page: Page) -> FletPage:
    started.append(Slipway(str(project)))
    flet = FletPage(page).open(started[-1].address)
    expect(page.get_by_text("A Flet app, starts in").last).to_be_visible()
    flet.click("Next: Target")
    return flet


def card(flet: FletPage, target: str, words: str) -> None:
    """Choose a target whose card says this."""
    one = flet.page.get_by_role("button", name=re.compile(target))
    expect(one.filter(has_text=re.compile(words)).or_(one).first).to_be_visible()
    one.first.click()


def walk_to_build(flet: FletPage) -> None:
    for step in ("Identity", "Icons", "Splash", "Options", "Build"):
        flet.click(f"Next: {step}")


def held(stub: Stub) -> Path:
    """A `flutter build` that is in the middle of it until something is written into the pipe."""
    pipe = stub.folder / "pipe"
    os.mkfifo(pipe)
    stub.behave("flutter build", say=GRADLE, log=pipe)
    return pipe


def test_an_android_app_from_choosing_it_to_the_file(
    project: Path, started: list[Slipway], page: Page, flutter_stub: Stub
) -> None:
    pipe = held(flutter_stub)
    flet = start(started, project, page)
    expect(flet.id("target-apk")).to_contain_text("Ready now")
    card(flet, "^Android app, ready", "Ready now")
    walk_to_build(flet)
    flet.expect_title("Ready to build the Android app")
    flet.click("Build the Android app")
    # The step within Flutter is told, in the bar too, and the page answers meanwhile.
    expect(flet.says(STEP)).to_be_visible(timeout=LONG)
    expect(flet.id("progress")).to_have_attribute("aria-label", re.compile("[1-9]"))
    flet.click("Back")
    flet.expect_title("How should it behave?")
    expect(flet.id("readiness")).to_contain_text(STEP)
    flet.click("Next: Build")
    pipe.write_text("> Task :app:assembleRelease\n")
    expect(page.get_by_text(re.compile(r"\d+ lines")).first).to_be_visible()
    expect(flet.button("Next: Result")).to_be_enabled(timeout=LONG)
    flet.click("Next: Result")
    flet.expect_title("Your Android app is ready")
    (apk,) = (project / "dist" / "apk").glob("*.apk")
    expect(flet.says(apk.name)).to_be_visible()
    expect(flet.says("Send the file to a phone")).to_be_visible()
    assert flet.button("Open it in the browser").count() == 0
    assert [call.step for call in flutter_stub.calls()][-2:] == ["dart run", "flutter build"]
    # The next build number is on offer now.
    page.get_by_role("button", name=re.compile("^Step 3, Identity")).click()
    flet.click("Use 8")
    expect(flet.field("Build number")).to_have_value("8")


def test_cancel_ends_flutter_and_all_that_it_started(
    project: Path, started: list[Slipway], page: Page, flutter_stub: Stub
) -> None:
    flutter_stub.behave("flutter build", say=["Running Gradle task 'x'..."], hang="child")
    flet = start(started, project, page)
    card(flet, "^Android app, ready", "Ready now")
    walk_to_build(flet)
    flet.click("Build the Android app")
    for _ in range(1200):
        if (flutter_stub.folder / "child.pid").exists():
            break
        page.wait_for_timeout(50)
    child = flutter_stub.child()
    flet.click("Cancel")
    expect(flet.says("Nothing was lost")).to_be_visible()
    assert alive([child]) == []
    assert not (project / "dist").exists()


def test_without_flutter_one_rehearses(
    project: Path, started: list[Slipway], page: Page, flutter_stub: Stub
) -> None:
    bin_ = flutter_stub.flutter / "bin"
    (bin_ / "flutter").rename(bin_ / "away")
    flet = start(started, project, page)
    expect(flet.id("target-apk")).to_contain_text("Needs Flutter")
    card(flet, "^Android app, needs tools", "Needs Flutter")
    expect(flet.says("Chosen for a rehearsal")).to_be_visible()
    walk_to_build(flet)
    flet.click("Rehearse the Android app")
    expect(flet.button("Rehearse again")).to_be_enabled(timeout=LONG)
    flet.expect_title("The rehearsal went well")
    expect(flet.says("the project is ready for “Android app”")).to_be_visible()
    assert not (project / "dist").exists()
    # Flutter comes while one looks: now the same page builds.
    (bin_ / "away").rename(bin_ / "flutter")
    page.get_by_role("button", name=re.compile("^Step 2, Target")).click()
    expect(flet.id("target-apk")).to_contain_text("Ready now")
    walk_to_build(flet)
    expect(flet.button("Build the Android app")).to_be_enabled()
