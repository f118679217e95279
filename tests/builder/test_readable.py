"""What a tool says is shown without what no screen shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.readable import is_text, readable


@given(st.text())
def test_nothing_is_left_that_no_screen_shows(line: str) -> None:
    assert readable(line).isprintable()


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_a_text_stays_as_it_is(line: str) -> None:
    assert readable(line) == line
    assert is_text(line) == bool(line)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [("", False), ("  ", False), ("\tat main.dart:3", True), ("日本語", True), ("\0\1\2ab", False),
     ("\ufffd\ufffd.\ufffd", False), ("one \x07 bell in many words", True)],
    ids=["nothing", "spaces", "indented", "Japanese", "binary", "other encoding", "bell"],
)  # fmt: skip
def test_what_is_text(line: str, is_one: bool) -> None:
    assert is_text(line) is is_one
