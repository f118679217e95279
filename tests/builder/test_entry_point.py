"""What code says about itself, read without running it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import entry_point
from builder.entry_point import (
    candidates,
    hides_package,
    parse_source,
    read_all,
    read_source,
)


@pytest.mark.parametrize(
    "code",
    [
        "import flet\nflet.run(main)",
        "import flet as ft\nft.app(target=main)",
        "import flet as ft\nif __name__ == '__main__':\n    ft.run(main)",
        "from flet import run\nrun(main)",
        "from flet import app as start\nstart(main)",
        "import flet as ft\nimport asyncio\nasyncio.run(ft.run_async(main))",
        "import flet as ft\ndef go():\n    ft.run(main)",
    ],
)
def test_code_that_starts_flet(code: str) -> None:
    source = parse_source(code.encode())
    assert source.flet
    assert source.starts


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\nasyncio.run(main())",
        "import flet as ft\nsubprocess.run(x)",
        "from .flet import run\nrun()",
        "import fletcher\nfletcher.run()",
        "# flet.run(main)",
        "'import flet'",
    ],
)
def test_code_that_does_not(code: str) -> None:
    assert not parse_source(code.encode()).starts


def test_flask() -> None:
    source = parse_source(b"import flask\napp = flask.Flask(__name__)\n")
    assert source.flask
    assert source.starts
    assert not source.flet


def test_code_of_another_python_still_says_what_it_imports() -> None:
    source = parse_source(b"import flet\nprint 'hello'\n")
    assert source.flet
    assert source.line == 2


@pytest.mark.parametrize("raw", [b"\0", b"\xff", b"(" * 10_000, b"-" * 200_000 + b"1", b"'\\d'"])
def test_what_is_no_code(raw: bytes) -> None:
    assert not parse_source(raw).starts


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    parse_source(raw)


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert read_source(tmp_path / "gone.py") == parse_source(b"")


def test_the_likeliest_comes_first(tmp_path: Path) -> None:
    start = "import flet as ft\nft.run(main)\n"
    guarded = "import flet\nif __name__ == '__main__':\n    go()\n"
    files = {
        "z.py": start,
        "a.py": guarded,
        "app.py": "import flet\n",
        "src/main.py": start,
        "src/other.py": start,
        "web/main.py": start,
        "deep/down/main.py": start,
        "test_x.py": start,
        "setup.py": start,
        "library.py": "import flet\n",
        "notes.txt": start,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert candidates(tmp_path, files) == ["src/main.py", "z.py", "web/main.py", "app.py", "a.py"]


def hides(root: Path, files: dict[str, str], kind: str = "flask", folder: str = "") -> list[str]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    found = hides_package(root, files, folder, kind, ["my-shop", "requests"])
    return [f"{problem.severity} {problem.where}" for problem in found]


@pytest.mark.parametrize(
    ("file", "code", "kind", "expected"),
    [
        ("flask.py", "import os\nfrom flask import Flask\n", "flask", ["error flask.py, line 2"]),
        ("jinja2.py", "x = 1\n", "flask", ["error jinja2.py"]),
        ("flask.py", "x = 1\n", "flet", []),
        ("flet.py", "import flet as ft\n", "flet", ["error flet.py, line 1"]),
        ("click/__init__.py", "import click\n", "flask", ["error click/__init__.py, line 1"]),
        ("flask/__init__.py", "from .app import Flask\n", "flask", []),
        ("requests.py", "import requests\n", "flask", ["warn requests.py, line 1"]),
        ("requests.py", "x = 1\n", "flask", []),
        ("random.py", "    import random\n", "flask", ["warn random.py, line 1"]),
        ("random.py", "import randomly\n", "flask", []),
        ("email/__init__.py", "from email import x\n", "flask", []),
        ("shop/flask.py", "import flask\n", "flask", []),
        ("shop.py", "import shop\n", "flask", []),
        ("flask.txt", "import flask\n", "flask", []),
        ("flask.py", "import flask\n", "unknown", []),
    ],
)  # fmt: skip
def test_a_module_that_hides_a_package(
    file: str, code: str, kind: str, expected: list[str], tmp_path: Path
) -> None:
    assert hides(tmp_path, {file: code}, kind) == expected


def test_hidden_from_the_folder_that_modules_are_imported_from(tmp_path: Path) -> None:
    files = {"src/flask.py": "", "flask.py": "", "srcs/flask.py": "", "src/a/flask.py": ""}
    assert hides(tmp_path, files, folder="src") == ["error src/flask.py"]


def test_only_files_that_name_a_framework_are_understood(tmp_path: Path) -> None:
    files = {
        "b/c.py": "import flet\n",
        "a.py": "import flask\n",
        "d.py": "(",
        "e.txt": "import flet",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    sources = list(read_all(tmp_path, [*files, "gone.py"]))
    assert [(one.flet, one.flask, one.line) for one in sources] == [
        (False, True, 0), (True, False, 0)
    ]  # fmt: skip
    assert len(list(read_all(tmp_path, files, most=1))) == 1


def test_no_more_is_understood_than_takes_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_point, "_MOST_UNDERSTOOD", 70)
    files = {f"{name}.py": "import flet as ft\nft.run(main)\n" for name in "abc"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert len(list(read_all(tmp_path, files))) == 2
    assert candidates(tmp_path, files) == ["a.py", "b.py"]
