"""The grid of previews: how many side by side, and which of them are wide."""

from __future__ import annotations

import flet as ft
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parts import picture
from app.parts.picture import packed
from app.pictures import Preview, Shown


def preview(name: str, *widths: int) -> Preview:
    return Preview(name, "web", "light", [Shown(f"{name}.png", one, 72) for one in widths])


PREVIEWS = [
    preview("android-circle", 72),
    preview("android-themed", 72, 72),
    preview("ios-light", 60),
    preview("web-tab", 148),
    preview("macos-dock", 64),
]


@pytest.fixture(autouse=True)
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "source", lambda name: name)


def tiles(width: float) -> list[tuple[str, float]]:
    grid = picture.preview_grid(PREVIEWS, width)
    assert isinstance(grid, ft.Row)
    columns = [one for one in grid.controls if isinstance(one, ft.Column)]
    return [(str(one.key), float(one.width or 0)) for one in columns]


def test_where_it_is_narrow_two_are_side_by_side_and_what_is_wide_has_a_row() -> None:
    assert tiles(246) == [
        ("android-circle", 116),
        ("ios-light", 116),
        ("android-themed", 246),
        ("web-tab", 246),
        ("macos-dock", 116),
    ]


def test_where_there_is_room_all_are_alike_and_in_their_order() -> None:
    assert tiles(560) == [(one.id, 177) for one in PREVIEWS]


def test_where_there_is_hardly_any_room_there_is_one_a_row() -> None:
    assert tiles(200) == [(one.id, 200) for one in PREVIEWS]


@given(st.lists(st.integers(1, 2), max_size=14), st.integers(2, 4))
def test_a_hole_is_left_only_where_nothing_fits_any_more(widths: list[int], columns: int) -> None:
    previews = [preview(str(number)) for number in range(len(widths))]
    spans = {str(number): one for number, one in enumerate(widths)}
    found = packed(previews, spans, columns)
    assert sorted(one.id for one in found) == sorted(one.id for one in previews)
    room = columns
    for place, one in enumerate(found):
        if spans[one.id] > room:
            assert all(spans[later.id] > room for later in found[place:])
            room = columns
        room -= spans[one.id]
