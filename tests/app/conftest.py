"""A script for an engine, and for real browsers a Chromium and the app of `looks_app.py`."""

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

from app import engine, processes, showing
from tests.app import art, fakes, scripted
from tests.app.fakes import PYPROJECT, make_project
from tests.browser import browser

HERE = Path(__file__).resolve().parent


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> scripted.Fake:
    """Puts a script in the place of the engine."""
    script = tmp_path / "fake engine.py"
    monkeypatch.setattr(processes, "ENGINE", (sys.executable, str(script)))
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(engine, "_current", None)
    monkeypatch.setattr(showing, "_served", None)
    return lambda body: scripted.write_engine(script, body)


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
    shop = place / "shop"
    shop.mkdir()
    (shop / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    (shop / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["flask"]\n')
    _paint(place)
    port = _free_port()
    env = {
        **os.environ,
        "SLIPWAY_LOOKS": str(place),
        "SLIPWAY_DATA_DIR": str(place / ".data"),
        "SLIPWAY_CACHE_DIR": str(place / ".cache"),
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


def _paint(place: Path) -> None:
    """Projects with pictures: good ones, one that needs advice, one that cannot be read."""
    painted = make_project(place / "painted") / "src" / "assets"
    art.logo(painted / "icon.png")
    art.logo(painted / "icon_android.png", radius=0.0, share=1.0)
    photographed = make_project(place / "photographed") / "src" / "assets"
    art.logo(photographed / "icon.png", 96, radius=0.2, share=1.0)
    broken = make_project(place / "broken") / "src" / "assets"
    broken.mkdir()
    (broken / "icon.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    splashed = make_project(
        place / "splashed",
        PYPROJECT + '\n[tool.flet.splash]\ncolor = "#DCEEF6"\ndark_color = "#0C2A3E"\n',
    )
    art.logo(splashed / "src" / "assets" / "icon.png")
    art.logo(splashed / "src" / "assets" / "splash.png", share=0.7)
    art.logo(splashed / "src" / "assets" / "splash_dark.png", radius=0.2, share=0.7)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise AssertionError(f"the app ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError("the app did not come up")
