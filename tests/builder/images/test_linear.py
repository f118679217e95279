"""Light: small sizes against an exact reference, and the way to light and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from builder.images import linear
from builder.images.linear import Light
from builder.images.scaling import Art
from tests.builder.images.reference import decibels, in_light, logo, opaque, photo


@pytest.mark.parametrize(
    ("make", "side"), [(logo, 1024), (logo, 180), (logo, 500), (opaque, 600), (photo, 512)]
)
def test_small_sizes_are_averaged_as_light(make, side: int) -> None:
    image = make(side)
    art = Art(image)
    for size in (16, 24, 32, 48, 64) if side > 600 else (16, 20, 24, 32, 48, 58, 64):
        assert decibels(art.draw(size), in_light(image, size)) > 40


def test_hidden_colours_shine_nowhere() -> None:
    image = logo(512, hidden=(255, 0, 255))
    for size in (16, 32, 48):
        assert decibels(Art(image).draw(size), in_light(image, size)) > 40


@pytest.mark.parametrize("background", [(255, 255, 255), (32, 64, 96)])
def test_on_a_background_it_is_the_large_icon_made_small(background: tuple[int, int, int]) -> None:
    image = logo(512)
    flat = Image.new("RGB", image.size, background)
    flat.paste(image, (0, 0), image)
    for size in (20, 40, 58):
        drawn = Art(image).draw(size, background=background)
        assert decibels(drawn, in_light(flat, size)[..., :3]) > 38


def test_above_the_limit_values_are_averaged_as_ever() -> None:
    stripes = Image.new("RGB", (512, 512))
    for x in range(0, 512, 2):
        stripes.paste((255, 255, 255), (x, 0, x + 1, 512))
    middle = [Art(stripes).draw(size, background=(0, 0, 0)).getpixel((9, 9)) for size in (64, 65)]
    assert middle[0][0] == pytest.approx(188, abs=2)  # half the light
    assert middle[1][0] == pytest.approx(128, abs=2)
    assert Art(stripes, linear=0).draw(64).getpixel((9, 9))[0] == pytest.approx(128, abs=2)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_value_survives_the_way_to_light_and_back(mode: str) -> None:
    image = Image.new(mode, (256, 3))
    for value in range(256):
        for row, colour in enumerate([(value, 0, 0), (0, value, 255), (value, value, value)]):
            image.putpixel((value, row), (*colour, 255)[: len(mode)])
    assert Light.of(image, (1, 1)).picture(None).tobytes() == image.tobytes()


@given(st.tuples(*[st.integers(0, 255)] * 3), st.integers(1, 255))
def test_a_colour_survives_its_alpha(colour: tuple[int, int, int], alpha: int) -> None:
    image = Image.new("RGBA", (1, 1), (*colour, alpha))
    assert Light.of(image, (1, 1)).picture(None).getpixel((0, 0)) == (*colour, alpha)


def test_half_a_background_shines_through_as_light() -> None:
    image = Image.new("RGBA", (4, 4), (255, 255, 255, 128))
    value = Light.of(image, (2, 2)).picture((0, 0, 0)).getpixel((0, 0))
    assert value == (188, 188, 188)


def test_the_table_rounds_to_the_nearest_value() -> None:
    assert len(linear._VALUES) == 65536
    for value in range(256):
        assert linear._VALUES[round(linear._LIGHT[value] * 65535)] == value


def test_a_picture_loses_the_colours_that_nobody_sees() -> None:
    image = Image.new("RGBA", (2, 1), (9, 8, 7, 0))
    image.putpixel((1, 0), (9, 8, 7, 1))
    assert linear.without_hidden(image).tobytes() == bytes([0, 0, 0, 0, 9, 8, 7, 1])
