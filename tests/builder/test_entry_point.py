"""What code says about itself, read without running it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.entry_point import candidates, parse_source, read_source


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
