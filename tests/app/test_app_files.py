"""What the app reads and writes: what of it is packed, and what a tick writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app import app_files
from app.app_files import AppFile
from builder import project, settings

SHOP = """
import json
import sqlite3
from pathlib import Path
from flask import Flask

HERE = Path(__file__).parent

def create_app():
    app = Flask(__name__)
    app.config["UPLOAD_FOLDER"] = HERE / "uploads"
    return app

def store():
    return sqlite3.connect(HERE / "shop.db")

def prices():
    return json.load(open(HERE / "prices.json"))

def mine():
    return open("/home/me/notes.txt").read()
"""


def make_shop(folder: Path, pyproject: str = "") -> Path:
    (folder / "uploads").mkdir(parents=True)
    (folder / "uploads" / "cat.png").write_bytes(b"x" * 300)
    (folder / "app.py").write_text(SHOP)
    (folder / "prices.json").write_text("{}")
    (folder / "requirements.txt").write_text("flask\n")
    (folder / "templates").mkdir()
    (folder / "templates" / "index.html").write_text("x")
    if pyproject:
        (folder / "pyproject.toml").write_text(pyproject)
    return folder


def database(file: Path, *rows: str) -> None:
    with sqlite3.connect(file) as one:
        one.execute("CREATE TABLE orders (what TEXT)")
        one.executemany("INSERT INTO orders VALUES (?)", [(row,) for row in rows])
    one.close()


def seen(folder: Path) -> dict[str, AppFile]:
    return {one.path: one for one in app_files.look(project.read(folder, target="linux"), "linux")}


def changed(folder: Path, path: str, is_packed: bool) -> Mapping[str, Any]:
    found = project.read(folder, target="linux")
    return app_files.changes(found, "linux", [path], is_packed)


def test_what_it_writes_comes_first_and_each_has_its_state(tmp_path: Path) -> None:
    found = seen(make_shop(tmp_path))
    assert list(found) == ["shop.db", "uploads", "/home/me/notes.txt", "prices.json"]
    assert {path: one.state for path, one in found.items()} == {
        "shop.db": "made",
        "uploads": "packed",
        "/home/me/notes.txt": "outside",
        "prices.json": "packed",
    }
    assert found["uploads"].bytes == 300
    assert found["shop.db"].writes
    assert not found["prices.json"].writes


def test_a_database_of_the_developer_is_known_by_its_rows(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    database(folder / "shop.db")
    assert not seen(folder)["shop.db"].holds_data
    (folder / "shop.db").unlink()
    database(folder / "shop.db", "a hat")
    assert seen(folder)["shop.db"].holds_data


def test_what_is_no_database_holds_nothing(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    (folder / "shop.db").write_bytes(b"not SQLite, whatever its name")
    assert not seen(folder)["shop.db"].holds_data


def test_a_look_leaves_a_database_as_it_is(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    database(folder / "shop.db", "a hat")
    before = (folder / "shop.db").read_bytes(), sorted(folder.iterdir())
    seen(folder)
    assert ((folder / "shop.db").read_bytes(), sorted(folder.iterdir())) == before


def test_what_sqlite_keeps_beside_a_database_goes_with_it(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    database(folder / "shop.db", "a hat")
    (folder / "shop.db-wal").write_bytes(b"")
    assert seen(folder)["shop.db"].beside == ("shop.db-wal",)


def test_unticked_and_ticked_again(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    out = changed(folder, "uploads", False)
    assert out == {"tool.flet.app.exclude": ["uploads"]}
    settings.save(folder, out)
    assert seen(folder)["uploads"].state == "left_out"
    assert changed(folder, "uploads", False) == out
    again = changed(folder, "uploads", True)
    assert again == {"tool.flet.app.exclude": None}
    settings.save(folder, again)
    assert seen(folder)["uploads"].state == "packed"


def test_what_was_left_out_before_stays_so_however_it_is_written(tmp_path: Path) -> None:
    folder = make_shop(tmp_path, '[tool.flet.app]\nexclude = ["a.txt", ".\\\\uploads/"]\n')
    assert seen(folder)["uploads"].state == "left_out"
    assert changed(folder, "uploads", True) == {"tool.flet.app.exclude": ["a.txt"]}


def test_a_platform_with_a_list_of_its_own_keeps_it(tmp_path: Path) -> None:
    folder = make_shop(tmp_path, '[tool.flet.linux.app]\nexclude = ["a.txt"]\n')
    out = changed(folder, "uploads", False)
    assert out == {"tool.flet.linux.app.exclude": ["a.txt", "uploads"]}


def test_another_rule_leaves_nothing_to_tick(tmp_path: Path) -> None:
    folder = make_shop(tmp_path)
    text = (folder / "app.py").read_text().replace('"prices.json"', '".prices.json"')
    (folder / "app.py").write_text(text)
    (folder / ".prices.json").write_text("{}")
    one = seen(folder)[".prices.json"]
    assert one.state == "held_out"
    assert not one.can_tick


def test_a_list_of_another_kind_is_no_list(tmp_path: Path) -> None:
    folder = make_shop(tmp_path, "[tool.flet.app]\nexclude = 3\n")
    assert changed(folder, "uploads", False) == {"tool.flet.app.exclude": ["uploads"]}


def test_other_projects_name_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import flet as ft\nopen('a.txt', 'w')\n")
    assert not seen(tmp_path)
