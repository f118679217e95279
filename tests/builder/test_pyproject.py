"""Reading pyproject.toml: values, lines, and words for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import pyproject
from builder.pyproject import get, kind_of, line_of, load, parse

TEXT = """\
[project]
name = "x" # name
dependencies = [
  # "flet" is below
  'httpx',
  "flet",
]

[tool.flet]
app.path = "src"
web = { base_url = "/" }
"""


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("project", "", 1),
        ("project.name", "", 2),
        ("project.dependencies", "", 3),
        ("project.dependencies", "httpx", 5),
        ("tool.flet", "", 9),
        ("tool.flet.app.path", "", 10),
        ("tool.flet.web", "", 11),
        ("tool.flet.gone", "", 0),
        ("name", "", 0),
    ],
)
def test_lines(key: str, value: str, line: int) -> None:
    assert line_of(TEXT, key, value) == line


def test_a_place_without_a_line() -> None:
    assert pyproject.place("", "project.name") == "pyproject.toml"
    assert pyproject.place(TEXT, "project.name") == "pyproject.toml, line 2"


def test_values() -> None:
    data = parse(TEXT.encode(), Path("pyproject.toml")).data
    assert get(data, "tool.flet.app.path") == "src"
    assert get(data, "tool.flet.app.path.deeper") is None
    assert get(data, "tool.gone.x") is None


def test_no_file_is_an_empty_one(tmp_path: Path) -> None:
    assert load(tmp_path) == pyproject.Pyproject()


def test_a_path_that_no_system_takes() -> None:
    assert load(Path("\0")) == pyproject.Pyproject()


@pytest.mark.parametrize("text", ["0=", "[", "[a", "a", "a=[", "a='", "= 1", "a.=1"])
def test_what_is_no_toml_has_no_lines(text: str) -> None:
    assert line_of(text, "a") == 0


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert [problem.code for problem in load(tmp_path).problems] == ["pyproject-not-readable"]


def test_hundreds_of_levels() -> None:
    text = f"x = {'[' * 5000}{']' * 5000}"
    assert parse(text.encode(), Path("p")).problems[0].code == "pyproject-not-toml"


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, "true"), (3, "the number 3"), ("x", "the text “x”"), ([], "a list"), ({}, "a table")],
)
def test_kinds(value: object, words: str) -> None:
    assert kind_of(value) == words


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    for problem in parse(raw, Path("pyproject.toml")).problems:
        assert problem.title


@given(st.text(), st.text())
def test_any_text_has_lines(text: str, key: str) -> None:
    assert line_of(text, key) >= 0
