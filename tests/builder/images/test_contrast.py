"""Contrast as WCAG works it out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from builder.images import contrast
from builder.images.style import RGB


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((255, 255, 255), (255, 255, 255), 1.0),
        ((118, 118, 118), (255, 255, 255), 4.54),  # WCAG's lightest grey for text on white
        ((255, 0, 0), (255, 255, 255), 4.0),
        ((0, 0, 255), (255, 255, 255), 8.59),
    ],
)
def test_known_ratios(one: RGB, other: RGB, expected: float) -> None:
    assert contrast.ratio(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast.ratio(other, one) == contrast.ratio(one, other)


WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@pytest.mark.parametrize(
    ("colour", "ground", "expected"),
    [
        (BLACK, WHITE, 0.0),
        ((240, 240, 240), WHITE, 1.0),
        ((255, 240, 90), WHITE, 1.0),  # yellow on white
        ((200, 30, 30), (120, 120, 120), 0.0),  # as light as its ground, but red
    ],
)
def test_one_colour_is_lost_or_not(colour: RGB, ground: RGB, expected: float) -> None:
    assert contrast.share_lost(Image.new("RGB", (9, 200), colour), ground) == expected


def drawn(*boxes: tuple[int, int, int, int, RGB]) -> Image.Image:
    """Boxes on a transparent canvas of 100 x 100."""
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 5))
    for left, top, right, bottom, colour in boxes:
        ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), (*colour, 255))
    return image


def test_only_what_is_visible_counts() -> None:
    assert contrast.share_lost(drawn(), WHITE) == 0.0
    assert contrast.share_lost(drawn((0, 0, 100, 10, WHITE)), WHITE) == 1.0


def test_a_part_with_something_clear_in_it_is_seen() -> None:
    tile = drawn((10, 10, 90, 90, BLACK), (40, 30, 60, 70, WHITE))
    assert contrast.share_lost(tile, BLACK) == 0.0
    assert contrast.share_lost(tile, WHITE) == 0.0


def test_parts_apart_are_lost_by_themselves() -> None:
    name = drawn((0, 0, 40, 40, BLACK), (60, 0, 100, 40, WHITE), (0, 60, 40, 100, BLACK))
    assert contrast.share_lost(name, BLACK) == pytest.approx(2 / 3, abs=0.02)
    assert contrast.share_lost(name, WHITE) == pytest.approx(1 / 3, abs=0.02)


def test_parts_that_meet_further_down_are_one() -> None:
    cup = drawn((0, 0, 20, 100, BLACK), (80, 0, 100, 100, BLACK), (0, 80, 100, 100, WHITE))
    assert contrast.share_lost(cup, BLACK) == 0.0
    ring = drawn((10, 10, 90, 90, BLACK))
    ImageDraw.Draw(ring).rectangle((30, 30, 69, 69), (0, 0, 0, 0))
    assert contrast.share_lost(ring, BLACK) == 1.0
    assert contrast.share_lost(ring, WHITE) == 0.0


def test_what_is_half_transparent_is_seen_on_its_ground() -> None:
    assert contrast.share_lost(Image.new("RGBA", (10, 10), (0, 0, 0, 20)), WHITE) == 1.0
    assert contrast.share_lost(Image.new("RGBA", (10, 10), (0, 0, 0, 90)), WHITE) == 0.0


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=64, max_size=64), st.integers(1, 64))
def test_the_parts_are_all_there_is(noise: bytes, width: int) -> None:
    marks = bytes(value % 3 for value in noise)[: 64 // width * width]
    parts = contrast._parts(marks, width)
    assert sum(size for size, _ in parts) == len(marks) - marks.count(0)
    assert sum(clear for _, clear in parts) == marks.count(2)
    assert len(parts) == len(_islands(marks, width))


def _islands(marks: bytes, width: int) -> list[set[tuple[int, int]]]:
    """The same the slow way: from each point to all its neighbours."""
    left = {(i % width, i // width) for i, mark in enumerate(marks) if mark}
    islands = []
    while left:
        island, todo = set[tuple[int, int]](), [left.pop()]
        while todo:
            x, y = todo.pop()
            island.add((x, y))
            near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & left
            left -= near
            todo += near
        islands.append(island)
    return islands
