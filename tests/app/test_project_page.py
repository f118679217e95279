"""The Project page: every way to pick a folder, what is said about it, and each wrong input."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from app import wizard as verbs
from builder import project, settings
from builder.problems import Fix
from tests.app.fakes import PYPROJECT, make_project
from tests.app.headless import Tab, run
from tests.app.test_app_files import make_shop


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "TYPE_SECONDS", 0.0)
    monkeypatch.setattr(verbs, "SAVE_SECONDS", 0.0)


def test_says_at_once_what_was_found(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            assert tab.title() == "Which project do you want to package?"
            assert tab.button("Next: Target").disabled
            assert tab.place("readiness") == "Choose a project to begin"
            await tab.type("Project folder", str(tmp_path))
            await tab.until(lambda: tab.has("found") and "Flet app" in tab.place("found"))
            await tab.settle()
            assert tab.place("found").startswith("A Flet app, starts in src/main.py, 4 packages, ")
            assert tab.place("packing").startswith("Tide Table Flet app · src/main.py · 4 packages")
            assert tab.place("readiness") == "Ready to build"
            assert not tab.button("Next: Target").disabled

    run(test)


@pytest.mark.parametrize(
    "form",
    ["{}", "'{}'", '"{}"', "  {}\n", "file://{}", "“{}”", "{}/"],
)
def test_takes_a_path_as_people_paste_it(tmp_path: Path, form: str) -> None:
    folder = make_project(tmp_path / "ü 日本 project")

    async def test() -> None:
        async with Tab() as tab:
            await tab.type("Project folder", form.format(folder))
            await tab.until(lambda: tab.wizard.state.project is not None)
            assert tab.wizard.state.folder == folder

    run(test)


def test_takes_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path / "app")
    monkeypatch.setenv("HOME", str(tmp_path))

    async def test() -> None:
        async with Tab() as tab:
            await tab.type("Project folder", "~/app")
            await tab.until(lambda: tab.wizard.state.project is not None)
            assert tab.wizard.state.folder == tmp_path / "app"

    run(test)


def test_a_path_that_is_not_there_is_said_and_the_nearest_is_offered(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await tab.type("Project folder", str(tmp_path / "no" / "such"))
            await tab.until(lambda: tab.has("path-note"))
            assert "There is no folder with this name." in tab.place("path-note")
            assert tab.wizard.state.folder is None
            await tab.click(f"Use {tmp_path}")
            await tab.settle()
            assert tab.wizard.state.folder == tmp_path
            assert tab.field("Project folder").value == str(tmp_path)

    run(test)


def test_on_the_way_to_a_project_no_whole_disk_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photos").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await tab.type("Project folder", str(tmp_path))
            await tab.until(lambda: tab.has("path-note"))
            assert "Press Enter" in tab.place("path-note")
            assert tab.wizard.state.folder is None
            tab.wizard.enter_path()
            await tab.until(lambda: tab.wizard.state.folder == tmp_path)
            await tab.settle()
            assert not tab.wizard.state.recents  # it is no project

    run(test)


def test_a_wrong_path_is_not_called_ready(tmp_path: Path) -> None:
    make_project(tmp_path / "app")

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path / "app")
            await tab.settle()
            assert tab.wizard.state.readiness().level == "ready"
            await tab.type("Project folder", str(tmp_path / "aqq"))
            await tab.until(lambda: tab.has("path-note"))
            assert tab.wizard.state.readiness().level == "look"
            assert "There is no folder" in tab.wizard.state.readiness().words
            tab.wizard.go("target")  # with the project that is open
            assert tab.wizard.state.readiness().level == "ready"

    run(test)


def test_a_project_with_errors_is_not_called_found(tmp_path: Path) -> None:
    (make_project(tmp_path) / "pyproject.toml").write_text("[project\n")

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            assert "Needs a look" in tab.texts()

    run(test)


def test_a_file_is_said_and_its_folder_is_offered(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await tab.type("Project folder", str(tmp_path / "pyproject.toml"))
            await tab.until(lambda: tab.has("path-note"))
            assert "This is a file" in tab.place("path-note")
            await tab.click(f"Use {tmp_path}")
            await tab.settle()
            assert tab.wizard.state.project is not None

    run(test)


@pytest.mark.parametrize("words", ["src/app", "\0", "~nobody-has-this-name/x", "file://", "''"])
def test_other_nonsense_is_no_trouble(words: str) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await tab.type("Project folder", words)
            await asyncio.sleep(0.05)
            await tab.settle()
            assert tab.wizard.state.folder is None
            assert tab.button("Next: Target").disabled
            assert tab.field("Project folder").value == words

    run(test)


def test_nothing_typed_is_taken_back_while_a_project_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path / "app")

    async def test() -> None:
        async with Tab() as tab:
            words = str(tmp_path / "app")
            for end in range(1, len(words) + 1):
                field = tab.field("Project folder")
                # The client is already one key ahead when the handler of this one runs.
                tab.session.apply_patch(field._i, {"value": words[: end + 1]})
                await tab.session.dispatch_event(field._i, "change", words[:end])
                tab.wizard.state.notify()
                await asyncio.sleep(0)
                assert tab.field("Project folder").value == words[: end + 1]

    run(test)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p.mkdir(), "empty"),
        (lambda p: _with(p, "pyproject.toml", b"[project\nname = 1"), "pyproject.toml"),
        (lambda p: _with(p, "pyproject.toml", b"[project]\nname = '\xff'"), "pyproject.toml"),
        (lambda p: _with(p, "pyproject.toml", b"project = 3\ntool = 'x'"), ""),
        (lambda p: _with(p, "app.py", b"import flet\nflet.run(1)", "window.py"), "more than one"),
    ],
    ids=["empty", "no-toml", "no-utf8", "wrong-types", "two-starts"],
)
def test_what_is_wrong_becomes_a_card(tmp_path: Path, make: Any, says: str) -> None:
    make(tmp_path / "app")

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path / "app")
            await tab.settle()
            problems = tab.wizard.state.project_problems()
            assert problems
            assert problems[0].severity == "error"
            assert any(says in one.title + one.why + one.where for one in problems)
            assert tab.reads(problems[0].title)
            assert tab.reads("To fix")
            assert tab.button("Next: Target").disabled
            assert "to fix" in tab.place("readiness")
            assert not tab.reads("Traceback")

    run(test)


def test_one_of_two_starts_is_chosen_with_its_button(tmp_path: Path) -> None:
    _with(tmp_path / "app", "app.py", b"import flet\nflet.run(1)", "window.py")

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path / "app")
            await tab.settle()
            await tab.click("Start with window.py")
            await tab.settle()
            assert tab.wizard.state.project is not None
            assert tab.wizard.state.project.module == "window"
            assert not tab.button("Next: Target").disabled

    run(test)


def test_the_guess_is_changed_in_place(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT.replace('path = "src"', ""))
    source = (tmp_path / "src" / "main.py").read_text()
    (tmp_path / "main.py").write_text(source)
    (tmp_path / "other.py").write_text(source)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            entry = tab.one(ft.Dropdown)
            assert entry.value == "main.py"
            assert tab.one(ft.Semantics, identifier="entry").value == "main.py"
            await tab.event(entry, "select", "other.py", value="other.py")
            await tab.settle()
            assert "starts in other.py" in tab.place("found")
            await tab.event(tab.one(ft.Dropdown), "select", "src/main.py", value="src/main.py")
            await tab.settle()
            assert "starts in src/main.py" in tab.place("found")

    run(test)
    assert "# Tide Table" in (tmp_path / "pyproject.toml").read_text()


SHOP = """
import sqlite3
from flask import Flask

def create_app():
    app = Flask(__name__)
    return app

def store():
    return sqlite3.connect("shop.db")
"""


def _shop(folder: Path) -> Path:
    shop = folder / "shop"
    for name in ("templates/index.html", "templates/cart.html", "static/style.css"):
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text("x")
    (shop / "__init__.py").write_text(SHOP)
    (folder / "requirements.txt").write_text("flask\n")
    return folder


def test_a_flask_app_is_described_by_what_belongs_to_it(tmp_path: Path) -> None:
    _shop(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            assert tab.place("found").startswith(
                "A Flask app: create_app() in shop/__init__.py, 2 templates, 1 static file, "
                "one SQLite database, 1 package, "
            )
            assert not tab.has("entry")

    run(test)


def test_one_of_two_flask_apps_is_chosen_in_place(tmp_path: Path) -> None:
    text = "from flask import Flask\napp = Flask(__name__)\n"
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(text)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            assert "no app found in it yet" in tab.place("found")
            entry = tab.one(ft.Dropdown)
            assert [option.text for option in entry.options] == [
                "app · one.py, line 2",
                "app · two.py, line 2",
            ]
            await tab.event(entry, "select", "two:app", value="two:app")
            await tab.settle()
            assert "A Flask app: app in two.py" in tab.place("found")
            said = (tmp_path / "pyproject.toml").read_text()
            assert 'app = "two:app"' in said

    run(test)


def test_stays_true_while_files_change(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            await asyncio.sleep(0.3)  # until it is watched
            more = PYPROJECT.replace('"tabulate"', '"tabulate", "rich"')
            (tmp_path / "pyproject.toml").write_text(more)
            await tab.until(lambda: "5 packages" in tab.place("found"))

    run(test)


def test_a_folder_that_goes_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.watch.LOOK_SECONDS", 0.05)
    folder = make_project(tmp_path / "app")

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(folder)
            await tab.settle()
            await asyncio.sleep(0.3)
            shutil.rmtree(folder)
            await tab.until(lambda: "not there any more" in tab.place("found"))
            assert tab.button("Next: Target").disabled
            make_project(folder)
            await tab.until(lambda: "A Flet app" in tab.place("found"))
            await tab.settle()
            assert not tab.button("Next: Target").disabled

    run(test)


def test_an_error_of_ours_is_calm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path)

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(project, "read", fail)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            assert tab.reads("Slipway could not read this project")
            assert not tab.reads("secret detail")
            assert tab.button("Next: Target").disabled

    run(test)


def test_a_big_project_leaves_the_window_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    real = project.read

    def slow(*args: Any, **more: Any) -> project.Project:
        import time

        time.sleep(0.4)
        return real(*args, **more)

    monkeypatch.setattr(project, "read", slow)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await asyncio.sleep(0.05)
            assert tab.place("found") == "Looking at your project…"
            assert tab.place("readiness") == "Looking at your project…"
            await tab.type("Project folder", "x")
            assert tab.wizard.state.typed_path == "x"
            await tab.settle()

    run(test)


def test_the_folder_browser(tmp_path: Path) -> None:
    make_project(tmp_path / "tides")
    (tmp_path / "photos").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")

    async def test() -> None:
        async with Tab() as tab:
            await tab.click("Browse…")
            assert tab.has("folder-browser")
            tab.wizard.browse(tmp_path)
            await tab.settle()
            names = [str(tile.key) for tile in tab.all(ft.ListTile)]
            assert "tides" in names
            assert "photos" in names
            assert ".hidden" not in names
            assert "circle" not in names
            assert tab.reads("Flet app")
            await tab.event(tab.one(ft.ListTile, key="tides"), "click")
            await tab.settle()
            assert tab.reads("This folder looks like a Flet app.")
            await tab.click("Use this folder")
            await tab.settle()
            assert tab.wizard.state.folder == tmp_path / "tides"
            assert not tab.has("folder-browser")

    run(test)


def test_the_folder_browser_goes_up_home_and_away(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.browse(tmp_path)
            await tab.settle()
            await tab.click_icon("Up one folder")
            assert tab.wizard.state.browsing == tmp_path.parent
            await tab.click_icon("Your home folder")
            assert tab.wizard.state.browsing == Path.home()
            await tab.click_icon("Close the folder browser")
            assert not tab.has("folder-browser")

    run(test)


@pytest.mark.skipif(os.name == "nt", reason="rights work otherwise there")
def test_a_folder_that_cannot_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("app.folders.os.scandir", refuse)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.browse(tmp_path)
            await tab.settle()
            assert tab.reads("Slipway cannot look in here: Permission denied.")

    run(test)


def test_a_window_shows_the_dialog_of_the_system(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab(web=False) as tab:
            tab.connection.answers["get_directory_path"] = str(tmp_path)
            await tab.click("Browse…")
            await tab.settle()
            assert tab.wizard.state.folder == tmp_path
            assert not tab.has("folder-browser")

    run(test)


def test_recent_projects_and_the_sample(tmp_path: Path) -> None:
    first, second = make_project(tmp_path / "first"), make_project(tmp_path / "second")

    async def test() -> None:
        async with Tab() as tab:
            for folder in (first, second):
                tab.wizard.open(folder)
                await tab.settle()
        async with Tab() as tab:
            assert list(tab.wizard.state.recents) == [second, first]
            await tab.event(tab.one(ft.ListTile, key="recent-first"), "click")
            await tab.settle()
            assert tab.wizard.state.folder == first
            await tab.click_icon("Take second off this list")
            assert list(tab.wizard.state.recents) == [first]

    run(test)


def test_the_sample_is_one_click(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sample.folder", lambda: make_project(tmp_path / "sample"))

    async def test() -> None:
        async with Tab() as tab:
            await tab.event(tab.one(ft.ListTile, key="sample"), "click")
            await tab.settle()
            assert tab.wizard.state.folder == tmp_path / "sample"

    run(test)


def test_a_sample_that_cannot_be_copied_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.sample.folder", refuse)

    async def test() -> None:
        async with Tab() as tab:
            await tab.event(tab.one(ft.ListTile, key="sample"), "click")
            await tab.settle()
            assert tab.reads("The sample could not be copied")
            await tab.click("All right")
            assert not tab.reads("The sample could not be copied")

    run(test)


def test_a_fix_that_is_refused_becomes_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)

    def refuse(folder: Path, changes: Any) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(settings, "save", refuse)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            tab.wizard.fix(Fix("x", "X", "set", {"tool.flet.app.module": "y"}))
            await tab.settle()
            assert tab.wizard.state.save_problem is not None
            assert "to fix" in tab.place("readiness")

    run(test)


def _with(folder: Path, name: str, content: bytes, second: str = "") -> None:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    if second:
        (folder / second).write_bytes(content)
    elif name == "pyproject.toml":
        (folder / "main.py").write_text("import flet")


def test_what_a_flask_app_writes_is_listed_and_a_tick_is_saved(tmp_path: Path) -> None:
    _shop(tmp_path)
    (tmp_path / "pyproject.toml").write_text("# mine\n[tool.flet.app]\nexclude = [\n  # old\n]\n")
    with sqlite3.connect(tmp_path / "shop.db") as one:
        one.execute("CREATE TABLE orders (what TEXT)")
        one.execute("INSERT INTO orders VALUES ('a hat')")
    one.close()

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(tmp_path)
            await tab.settle()
            files = tab.place("app-files")
            assert "What your app writes lasts" in files
            assert "SQLite database" in files
            assert "Holds your own data" in files
            assert "What your app reads" not in files
            await tab.event(tab.one(ft.Checkbox, value=True), "change", False, value=False)
            await tab.settle()
            said = (tmp_path / "pyproject.toml").read_text()
            assert '"shop.db"' in said
            assert "# mine" in said
            assert "# old" in said
            assert "everybody begins without it" in tab.place("app-files")
            assert "Holds your own data" not in tab.place("app-files")
            await tab.event(tab.one(ft.Checkbox, value=False), "change", True, value=True)
            await tab.settle()
            assert "Holds your own data" in tab.place("app-files")

    run(test)


def test_two_ticks_in_a_row_are_both_saved(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(folder)
            await tab.settle()
            for file in tab.wizard.state.app_files:
                if file.can_tick:
                    tab.wizard.pack(file, False)
            await tab.settle()
            assert not tab.all(ft.Checkbox, value=True)
            assert len(tab.all(ft.Checkbox, value=False)) == 2

    run(test)


def test_a_file_of_settings_that_refuses_is_told_on_this_page(tmp_path: Path) -> None:
    folder = make_shop(tmp_path, "[tool.flet\n")

    async def test() -> None:
        async with Tab() as tab:
            tab.wizard.open(folder)
            await tab.settle()
            tab.wizard.pack(tab.wizard.state.app_files[1], False)
            await tab.settle()
            assert tab.wizard.state.save_problem is not None
            assert tab.reads(tab.wizard.state.save_problem.title)

    run(test)
