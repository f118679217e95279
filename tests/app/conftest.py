"""A Chromium, and the app of `looks_app.py`, for the tests of the face in a real browser."""

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
from playwright.sync_api import Browser

from tests.app import fakes
from tests.app.fakes import make_project
from tests.browser import browser

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def looks_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the projects of that app."""
    place = tmp_path_factory.mktemp("projects")
    make_project(place / "tide-table")
    return place


@pytest.fixture(scope="module")
def address(looks_place: Path) -> Iterator[str]:
    """The app of `looks_app.py`, running."""
    place = looks_place
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
