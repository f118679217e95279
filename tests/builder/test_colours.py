"""What is a colour, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.colours import CSS_NAMES, is_colour, rgb


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#0B6", (0x00, 0xBB, 0x66)),
        ("#0b6e99", (0x0B, 0x6E, 0x99)),
        ("#0b6e9980", (0x0B, 0x6E, 0x99)),
        ("Navy", (0, 0, 128)),
        ("rebeccapurple", (0x66, 0x33, 0x99)),
        ("transparent", (255, 255, 255)),
    ],
)
def test_what_a_colour_is_made_of(text: str, expected: tuple[int, int, int]) -> None:
    assert rgb(text) == expected


def test_every_name_is_made_of_something() -> None:
    assert all(0 <= part <= 255 for name in CSS_NAMES for part in rgb(name))


def test_what_is_no_colour_is_made_of_nothing() -> None:
    with pytest.raises(ValueError, match="not a colour"):
        rgb("none")
