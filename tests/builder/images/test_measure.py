"""How far art reaches, whether there is any, and whether it is a tile already."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from builder.images import measure, shapes
from tests.builder.images import make


def box(size: tuple[int, int], place: tuple[int, int, int, int]) -> Image.Image:
    """A filled rectangle on nothing."""
    image = Image.new("RGBA", size)
    image.paste((200, 0, 0, 255), place)
    return image


def shaped(shape: shapes.Shape, side: int = 200, canvas: int = 256) -> Image.Image:
    """A shape in the middle of an empty canvas."""
    image = Image.new("RGBA", (canvas, canvas))
    corner = (canvas - side) // 2
    image.paste((20, 90, 200, 255), (corner, corner), shapes.mask(shape, side))
    return image


def test_opaque_art_has_no_reach() -> None:
    assert measure.axis_extent(make.opaque()) is None
    assert measure.radial_extent(make.opaque()) is None
    assert measure.axis_extent(make.opaque().convert("RGBA")) is None
    assert measure.radial_extent(make.opaque().convert("RGBA")) is None


def test_empty_art_reaches_nowhere() -> None:
    empty = Image.new("RGBA", (30, 50))
    assert measure.axis_extent(empty) == 0
    assert measure.radial_extent(empty) == 0


def test_the_axis_reach_is_that_of_the_farthest_side() -> None:
    assert measure.axis_extent(box((100, 100), (25, 25, 75, 75))) == 0.5
    assert measure.axis_extent(box((100, 100), (50, 50, 60, 90))) == 0.8
    assert measure.axis_extent(box((100, 50), (0, 10, 50, 40))) == 1.0


def test_the_axis_reach_counts_against_the_longest_side() -> None:
    assert measure.axis_extent(box((50, 100), (0, 45, 50, 55))) == 0.5


def test_the_radial_reach_of_a_disc_is_its_diameter() -> None:
    assert measure.radial_extent(shaped("circle")) == pytest.approx(200 / 256, abs=0.01)


def test_the_radial_reach_of_a_square_is_its_diagonal() -> None:
    assert measure.radial_extent(shaped("square")) == pytest.approx(2**0.5 * 200 / 256, abs=0.01)


def test_the_radial_reach_is_the_same_for_a_larger_picture() -> None:
    small, large = make.logo(200), make.logo(1000)
    assert measure.radial_extent(large) == pytest.approx(measure.radial_extent(small), abs=0.02)


def test_what_nobody_sees_is_nothing() -> None:
    faint = Image.new("RGBA", (40, 40), (0, 0, 0, measure.VISIBLE))
    assert measure.is_empty(faint)
    faint.putpixel((3, 3), (0, 0, 0, measure.VISIBLE + 1))
    assert not measure.is_empty(faint)
    assert not measure.is_empty(Image.new("RGB", (4, 4)))


@pytest.mark.parametrize("shape", ["squircle", "rounded"])
def test_a_tile_with_its_corners_cut_away_is_shaped(shape: shapes.Shape) -> None:
    assert measure.looks_shaped(shaped(shape))


def test_a_full_square_is_shaped_only_within_a_margin() -> None:
    assert measure.looks_shaped(shaped("square"))
    full = Image.new("RGBA", (64, 64), (9, 9, 9, 255))
    full.putpixel((30, 30), (0, 0, 0, 0))
    assert not measure.looks_shaped(full)
    assert measure.looks_shaped(full, framed=True)


def test_a_disc_is_no_tile_but_for_flet() -> None:
    assert not measure.looks_shaped(shaped("circle"))
    assert measure.looks_shaped(shaped("circle"), discs=True)
    assert not measure.looks_shaped(make.logo(256))


@pytest.mark.parametrize(
    "image",
    [
        make.opaque(),
        Image.new("RGBA", (64, 64)),
        box((100, 100), (10, 30, 90, 70)),
        box((100, 100), (0, 0, 100, 99)),
    ],
    ids=["opaque", "empty", "a banner", "to its edges"],
)
def test_what_is_no_tile(image: Image.Image) -> None:
    assert not measure.looks_shaped(image)


def test_a_letter_is_no_tile() -> None:
    letter = Image.new("RGBA", (100, 100))
    pen = ImageDraw.Draw(letter)
    pen.rectangle((20, 20, 35, 80), fill="black")
    pen.rectangle((20, 20, 80, 35), fill="black")
    assert not measure.looks_shaped(letter)


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (300, 1), (1, 4000), (2, 2)])
@pytest.mark.parametrize("alpha", [0, 1, 128, 255])
def test_tiny_and_thin_pictures_can_be_measured(size: tuple[int, int], alpha: int) -> None:
    image = Image.new("RGBA", size, (1, 2, 3, alpha))
    for found in (measure.axis_extent(image), measure.radial_extent(image)):
        assert found is None if alpha == 255 else found is not None
    measure.looks_shaped(image)
    assert measure.is_empty(image) is (alpha < 9)
