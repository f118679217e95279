"""The files that code names: read, written, there or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.code.file_use import FileUse, Roots, find

HEAD = """\
import gzip, io, json, logging, logging.handlers, os, shutil, sqlite3
from pathlib import Path
import pandas as pd
from PIL import Image
HERE = Path(__file__).parent
"""


def uses(root: Path, code: str, files: dict[str, str] | None = None) -> list[FileUse]:
    files = {"shop/code.py": HEAD + code + "\n", **(files or {})}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return find(root, list(files), Roots("shop", "instance"))


def short(use: FileUse) -> str:
    does = ("r" if use.reads else "") + ("w" if use.writes else "")
    anchor = "" if use.anchor == "code" else f"{use.anchor}:"
    return f"{does} {use.kind} {anchor}{use.path}"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("open('a.txt')", "r file start:a.txt"),
        ("open('a.txt', 'w')", "w file start:a.txt"),
        ("open('a.txt', mode='ab')", "w file start:a.txt"),
        ("open('a.txt', 'r+')", "rw file start:a.txt"),
        ("open(file=HERE / 'a.txt')", "r file shop/a.txt"),
        ("with open(os.path.join(os.path.dirname(__file__), 'a.txt')): x", "r file shop/a.txt"),
        ("io.open('a.txt')", "r file start:a.txt"),
        ("gzip.open('a.gz', 'wt')", "w file start:a.gz"),
        ("(HERE / 'data' / 'x.json').read_text()", "r file shop/data/x.json"),
        ("Path('x.txt').write_text('')", "w file start:x.txt"),
        ("(HERE / 'x.txt').open('a')", "w file shop/x.txt"),
        ("(HERE / 'x.txt').open()", "r file shop/x.txt"),
        ("Path('out').mkdir(exist_ok=True)", "w folder start:out"),
        ("os.makedirs('out', exist_ok=True)", "w folder start:out"),
        ("for x in (HERE / 'pages').glob('*.md'): x", "r folder shop/pages"),
        ("os.listdir('pages')", "r folder start:pages"),
        ("pd.read_csv('a.csv')", "r file start:a.csv"),
        ("pd.read_excel(HERE / 'a.xlsx', sheet_name=1)", "r file shop/a.xlsx"),
        ("frame.to_csv('out.csv')", "w file start:out.csv"),
        ("Image.open('a.png')", "r file start:a.png"),
        ("image.save('out/a.png')", "w file start:out/a.png"),
        ("upload.save(os.path.join('uploads', name))", "w folder start:uploads"),
        ("sqlite3.connect('a.db')", "rw database start:a.db"),
        ("sqlite3.connect(HERE / 'a')", "rw database shop/a"),
        ("open('a.sqlite3', 'rb')", "r database start:a.sqlite3"),
        ("DATABASE = HERE / 'a.sqlite'", "rw database shop/a.sqlite"),
        ("URI = 'sqlite:///a.db'", "rw database start:a.db"),
        ("app.config['X'] = f'sqlite:///{HERE}/a.db'", "rw database shop/a.db"),
        ("URI = 'sqlite:///' + str(HERE / 'a')", "rw database shop/a"),
        ("x = dict(UPLOAD_FOLDER=HERE / 'up')", "rw folder shop/up"),
        ("app.config['UPLOAD_FOLDER'] = 'up'", "rw folder start:up"),
        ("class C:\n    UPLOAD_FOLDER: str = 'up'", "rw folder start:up"),
        ("x = {'UPLOADED_PHOTOS_DEST': 'up'}", "rw folder start:up"),
        ("logging.FileHandler('a.log')", "w file start:a.log"),
        ("logging.basicConfig(filename='a.log')", "w file start:a.log"),
        ("app.open_resource('a.sql')", "r file shop/a.sql"),
        ("app.config.from_pyfile('a.cfg')", "r file shop/a.cfg"),
        ("from flask import send_file\nsend_file('a.pdf')", "r file shop/a.pdf"),
        ("from flask import send_from_directory as s\ns('media', x)", "r folder shop/media"),
        ("os.makedirs(app.instance_path)", "w folder instance:instance"),
        ("x = os.path.join(app.instance_path, 'a.db')", "rw database instance:instance/a.db"),
        ("open('/etc/hosts')", "r file outside:/etc/hosts"),
        ("open(Path.home() / 'x')", "r file outside:~/x"),
        ("open('../x.txt')", "r file start:../x.txt"),
    ],
)  # fmt: skip
def test_one(code: str, expected: str, tmp_path: Path) -> None:
    assert [short(use) for use in uses(tmp_path, code)] == [expected]


def test_a_copy_is_two(tmp_path: Path) -> None:
    found = uses(tmp_path, "shutil.copy(HERE / 'a.txt', 'b.txt')")
    assert [short(use) for use in found] == ["w file start:b.txt", "r file shop/a.txt"]


@pytest.mark.parametrize(
    "code",
    ["open(name)", "open(f'{name}.txt')", "json.load(f)", "URI = 'sqlite://'",
     "URI = 'sqlite:///:memory:'", "sqlite3.connect(':memory:')", "URI = 'sqlite:///' + name",
     "pd.read_csv('https://x/y.csv')", "webbrowser.open('https://x')", "form.save()", "''.open()",
     "'a.txt'.read_text()", "x.save(buffer)", "open(HERE / name)", "open(3)", "open()",
     "'The address begins with sqlite:///'", "zip.open('x')"]
)  # fmt: skip
def test_none(code: str, tmp_path: Path) -> None:
    assert [short(use) for use in uses(tmp_path, code)] == []


def test_place_and_presence(tmp_path: Path) -> None:
    found = uses(tmp_path, "open('a.txt')\nopen('b.txt')", {"a.txt": ""})
    assert [(use.where, use.exists) for use in found] == [
        ("shop/code.py, line 6", True),
        ("shop/code.py, line 7", False),
    ]


def test_read_here_and_written_there_is_one(tmp_path: Path) -> None:
    found = uses(tmp_path, "open('a.txt')\nopen('a.txt', 'w')\nsqlite3.connect('a.txt')")
    assert [short(use) for use in found] == ["rw database start:a.txt"]


def test_a_name_that_gets_its_folder_elsewhere(tmp_path: Path) -> None:
    found = uses(tmp_path, "NAME = 'a.db'\nsqlite3.connect(HERE / NAME)")
    assert [short(use) for use in found] == ["rw database shop/a.db"]


def test_flask_sqlalchemy_means_the_instance_folder(tmp_path: Path) -> None:
    code = "from flask_sqlalchemy import SQLAlchemy\nURI = 'sqlite:///a.db'"
    assert [short(use) for use in uses(tmp_path, code)] == [
        "rw database instance:instance/a.db"
    ]  # fmt: skip


def test_settings_of_the_instance(tmp_path: Path) -> None:
    code = (
        "import flask\napp = flask.Flask('x', instance_relative_config=True)\n"
        "app.config.from_pyfile('a.cfg')"
    )
    assert [short(use) for use in uses(tmp_path, code)] == ["r file instance:instance/a.cfg"]


def test_a_folder_that_is_no_package_may_be_where_it_starts(tmp_path: Path) -> None:
    found = uses(tmp_path, "open('x.txt')", {"shop/x.txt": ""})
    assert [short(use) for use in found] == ["r file start:shop/x.txt"]
    assert found[0].exists


def test_tests_do_not_count(tmp_path: Path) -> None:
    found = uses(tmp_path, "open('x.txt')", {"tests/test_a.py": "open('y.txt')"})
    assert [use.path for use in found] == ["x.txt"]


LINES = st.sampled_from(
    ["open(x)", "open('a' * 9)", "open('\\0')", "open('')", "open('..')", "open('a', 3)",
     "open(*x)",
     "Path().open()", "Path('').mkdir()", "sqlite3.connect()", "X_FOLDER = ''", "LOG_DIR = HERE",
     "x = {**y}", "URI = f'sqlite:///{x}'", "URI = 'sqlite:///%s' % HERE", "open('a' + x)", "def",
     "x.save(x.save('a'))", "app.open_resource(x)", "from_file()", "a.from_file('')", "open('.')"]
)  # fmt: skip


@given(st.lists(LINES, max_size=8))
def test_whatever_the_code_holds(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    for use in uses(tmp_path_factory.mktemp("p"), "\n".join(lines)):
        assert use.path
        assert use.reads or use.writes
