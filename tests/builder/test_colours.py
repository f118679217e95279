"""What is a colour, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.colours import CSS_NAMES, is_colour


@pytest.mark.parametrize("text", ["#fff", "#0B6E99", "#0b6e99ff", "navy", "Navy", "transparent"])
def test_colours(text: str) -> None:
    assert is_colour(text)


@pytest.mark.parametrize("text", ["", "#", "#ff", "#ffff1", "fff", "#fff\n", "rgb(0,0,0)", "none"])
def test_what_is_none(text: str) -> None:
    assert not is_colour(text)


def test_all_names_of_css_are_there() -> None:
    assert len(CSS_NAMES) == 148 + 1  # and `transparent`


@given(st.text())
def test_any_text_is_one_or_is_not(text: str) -> None:
    assert is_colour(text) in (True, False)
