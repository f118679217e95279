"""A Flask project in the real wizard and a real browser: from its folder to the app that answers.

Packed by PyInstaller in earnest, with the packages of the project from the package index.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import tarfile
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import FletPage
from tests.journeys.test_wizard import Slipway, home, page, started

__all__ = ["home", "page", "started"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(sys.platform != "linux", reason="its menu and its way without a screen"),
]

BUILD = 300_000  # milliseconds; the first one fetches what is not in the cache

APP = """\
import sqlite3
from pathlib import Path

from flask import Flask, redirect, render_template, request

HERE = Path(__file__).parent


def store():
    database = sqlite3.connect(HERE / "notes.db")
    database.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT)")
    return database


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def index():
        with store() as database:
            notes = database.execute("SELECT text FROM notes").fetchall()
        return render_template("index.html", notes=notes, motto=(HERE / "motto.txt").read_text())

    @app.post("/")
    def add():
        with store() as database:
            database.execute("INSERT INTO notes VALUES (?)", [request.form["text"]])
        return redirect("/")

    return app
"""
PAGE = "<h1>{{ motto }}</h1>{% for (text,) in notes %}<p>{{ text }}</p>{% endfor %}"
PYPROJECT = """\
# The notes of everyone.
[project]
name = "notes"
version = "1.2.0"
dependencies = ["flask"]

[tool.flet.app]
exclude = [
  "drafts",  # not for others
]
"""


def notes(folder: Path) -> Path:
    """A factory, a template, a file that is read, and a database with the developer's own data."""
    package = folder / "notes"
    (package / "templates").mkdir(parents=True)
    (package / "templates" / "index.html").write_text(PAGE)
    (package / "__init__.py").write_text(APP)
    (package / "motto.txt").write_text("Write it down")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    with sqlite3.connect(package / "notes.db") as database:
        database.execute("CREATE TABLE notes (text TEXT)")
        database.execute("INSERT INTO notes VALUES ('my own secret')")
    database.close()
    return folder


def answer(address: str, note: str = "") -> str:
    """The page of the app, after a note was added."""
    data = urllib.parse.urlencode({"text": note}).encode() if note else None
    with urllib.request.urlopen(address, data, timeout=60) as response:
        text: str = response.read().decode()
    return text


def test_from_a_flask_folder_to_an_app_that_answers(
    tmp_path: Path,
    home: Path,
    page: Page,
    started: list[Slipway],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As on a computer without a screen: the app is looked at in the browser of the wizard.
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    project = notes(tmp_path / "my notes ü")
    slipway = Slipway()
    started.append(slipway)
    flet = FletPage(page).open(slipway.address)
    flet.fill("Project folder", str(project))

    # What it is, and what it writes: the developer's own data stays here.
    expect(page.get_by_text("A Flask app: create_app() in notes/__init__.py").last).to_be_visible()
    expect(flet.says("Holds your own data")).to_be_visible()
    flet.id("pack-notes/notes.db").get_by_role("checkbox").click()
    expect(flet.says("everybody begins without it")).to_be_visible()
    said = (project / "pyproject.toml").read_text()
    assert said == PYPROJECT.replace("others\n", 'others\n  "notes/notes.db",\n')

    # The target is chosen by itself: of a Flask app only this can be made here.
    flet.click("Next: Target")
    expect(page.get_by_role("button", name=re.compile("Linux app, chosen")).first).to_be_visible()
    flet.click("Next: Identity")
    for words in ("Next: Icons", "Next: Splash", "Next: Options", "Next: Build"):
        flet.click(words)
    expect(flet.says("tried as on somebody else")).to_be_visible()
    expect(flet.says("How the app is served")).to_be_visible()

    flet.click("Build the Linux app")
    expect(flet.button("Next: Result")).to_be_visible(timeout=BUILD)
    flet.click("Next: Result")
    archive = (
        project
        / "dist"
        / "linux"
        / next(name.name for name in (project / "dist" / "linux").iterdir() if name.suffix == ".gz")
    )
    expect(page.get_by_text(archive.name).last).to_be_visible()
    with tarfile.open(archive) as packed:
        names = packed.getnames()
    assert any(name.endswith("notes/motto.txt") for name in names)
    assert not any(name.endswith("notes.db") for name in names)

    flet.click("Add to the menu")
    expect(flet.button("Take out of the menu")).to_be_visible()
    assert list((home / "data" / "applications").glob("*.desktop"))
    flet.click("Take out of the menu")
    expect(flet.button("Add to the menu")).to_be_visible()
    assert not list((home / "data" / "applications").glob("*.desktop"))

    flet.click("Start it")
    shown = page.get_by_text(re.compile(r"http://127\.0\.0\.1:\d+"))
    expect(shown.first).to_be_visible()
    found = re.search(r"http://127\.0\.0\.1:\d+/?", shown.first.inner_text())
    assert found
    assert "Write it down" in answer(found[0])
    assert "secret" not in answer(found[0])
    assert "buy a hat" in answer(found[0], "buy a hat")
    assert list((home / "data").rglob("notes.db")), "it is kept in the user's own folder"

    flet.click("Stop")
    expect(flet.id("address")).to_have_count(0)
    with pytest.raises(OSError, match="refused"):
        answer(found[0])


def test_a_tab_says_that_slipway_has_ended(
    home: Path, page: Page, started: list[Slipway], tmp_path: Path
) -> None:
    slipway = Slipway(str(notes(tmp_path / "notes")))
    started.append(slipway)
    flet = FletPage(page).open(slipway.address)
    expect(flet.button("Next: Target")).to_be_visible()
    slipway.process.terminate()
    expect(page.get_by_role("heading", name="Slipway has ended")).to_be_visible()
    assert page.url.endswith("/.slipway/ended")
