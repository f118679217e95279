"""Makes a picture of every page in every situation, for people to look at.

Light and dark, wide and as narrow as the wizard promises, into `tests/screenshots/`. Beside that it
asserts what a machine can see: the page came up, and it has a title.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app import fakes
from tests.app.fakes import make_project
from tests.browser import FletPage, browser

HERE = Path(__file__).resolve().parent
PICTURES = HERE.parent / "screenshots"
SIZES = {"wide": (1280, 860), "narrow": (900, 640)}
SITUATIONS = {
    "project-nothing": "Which project do you want to package?",
    "project-no-such-folder": "Which project do you want to package?",
    "project-folders": "Which project do you want to package?",
    "project-found": "Which project do you want to package?",
    "project-two-starts": "Which project do you want to package?",
    "target": "What should your app become?",
    "identity": "What is your app called?",
    "identity-wrong": "What is your app called?",
    "build-before": "Ready to build the web site",
    "build-running": "Building the web site",
    "build-failed": "The web site could not be built yet",
    "build-ok": "Your web site is built",
    "result": "Your web site is ready",
    "crashed": "",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app of `looks_app.py`, running."""
    place = tmp_path_factory.mktemp("projects")
    make_project(place / "tide-table")
    make_project(place / "moon")
    starts = make_project(place / "two-starts", fakes.PYPROJECT.replace('path = "src"', ""))
    for name in ("app.py", "window.py"):
        (starts / name).write_text((starts / "src" / "main.py").read_text())
    (place / "photos").mkdir()
    port = _free_port()
    env = {
        **os.environ,
        "SLIPWAY_LOOKS": str(place),
        "SLIPWAY_DATA_DIR": str(place / ".data"),
        "FLET_FORCE_WEB_SERVER": "true",
        "FLET_SERVER_IP": "127.0.0.1",
        "FLET_SERVER_PORT": str(port),
        "FLET_WEB_NO_CDN": "true",
    }
    log = (place / "looks.log").open("w")
    process = subprocess.Popen([sys.executable, str(HERE / "looks_app.py")], env=env, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/version.json", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)
        log.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as one:
        yield one


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_picture(address: str, chromium: Browser, situation: str, scheme: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    try:
        tab = FletPage(context.new_page()).open(f"{address}{situation}")
        if words := SITUATIONS[situation]:
            tab.expect_title(words)
        expect(tab.id("readiness")).to_be_visible()
        tab.page.wait_for_timeout(900)  # for the fonts, which come last
        PICTURES.mkdir(exist_ok=True)
        tab.page.screenshot(path=PICTURES / f"{situation}-{scheme}-{size}.png")
    finally:
        context.close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise AssertionError(f"the app ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError("the app did not come up")
