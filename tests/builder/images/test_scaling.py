"""Drawing: where a picture lies, what is exact, what is shared, and odd shapes."""

from __future__ import annotations

import gc
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from builder.images import scaling
from builder.images.scaling import Art
from tests.builder.images.reference import BLUE, decibels, logo, opaque, photo

RED, WHITE = (255, 0, 0), (255, 255, 255)


@pytest.fixture(scope="module")
def mark() -> Image.Image:
    return logo(512)


# ---- Exactness ---------------------------------------------------------------------------------


def lanczos(image: Image.Image, size: int) -> Image.Image:
    """One step from the full picture, which ours must come close to."""
    return image.resize((size, size), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("size", [48, 72, 96, 108, 192, 256, 300, 432])
@pytest.mark.parametrize("make", [logo, opaque, photo])
def test_a_size_is_as_drawn_from_the_full_picture(make, size: int) -> None:
    image = make(512)
    assert decibels(Art(image, linear=0).draw(size), lanczos(image, size)) > 42


@pytest.mark.parametrize("side", [509, 511, 513])
def test_a_side_that_no_block_divides_moves_nothing(side: int) -> None:
    image = logo(side)
    assert decibels(Art(image, linear=0).draw(48), lanczos(image, 48)) > 42


def test_a_picture_of_the_very_size_keeps_its_pixels(mark) -> None:
    assert Art(mark).draw(512).tobytes() == mark.tobytes()
    photograph = photo(64)
    assert Art(photograph).draw(64, background=RED).tobytes() == photograph.tobytes()


def test_a_background_is_what_lies_under_the_alpha(mark) -> None:
    for size in (192, 512):
        drawn, on = Art(mark).draw(size), Image.new("RGB", (size, size), RED)
        on.paste(drawn, (0, 0), drawn)
        assert decibels(Art(mark).draw(size, background=RED), on) > 50


@pytest.mark.parametrize("size", [16, 48, 64, 100, 512])
@pytest.mark.parametrize("extent", [1.0, 0.6])
def test_colours_that_nobody_sees_change_nothing(size: int, extent: float) -> None:
    plain, magenta = logo(512), logo(512, hidden=(255, 0, 255))
    drawn = [Art(image).draw(size, extent=extent).tobytes() for image in (plain, magenta)]
    assert drawn[0] == drawn[1]


def test_half_transparent_edges_take_no_colour_from_outside() -> None:
    disc = Image.new("RGBA", (512, 512), (255, 0, 255, 0))
    ImageDraw.Draw(disc).ellipse([30, 30, 480, 480], (*BLUE, 255))
    for linear in (0, 64):
        drawn = Art(disc, linear=linear).draw(40)
        pixels = zip(*(band.tobytes() for band in drawn.split()), strict=True)
        rim = [pixel for pixel in pixels if 60 < pixel[3] < 200]
        assert len(rim) > 30
        assert all(math.dist(pixel[:3], BLUE) < 12 for pixel in rim)


# ---- Where it lies -----------------------------------------------------------------------------


def edges(image: Image.Image) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a filled shape, in fractions of pixels."""
    alpha = image.getchannel("A")
    across, down = (
        [value / 255 for value in line.tobytes()]
        for line in (
            alpha.crop((0, alpha.height // 2, alpha.width, alpha.height // 2 + 1)),
            alpha.crop((alpha.width // 2, 0, alpha.width // 2 + 1, alpha.height)),
        )
    )
    left, top = (sum(1 - share for share in line[: len(line) // 2]) for line in (across, down))
    right, bottom = (
        len(line) - sum(1 - share for share in line[len(line) // 2 :]) for line in (across, down)
    )
    return left, top, right, bottom


def see_through(width: int, height: int) -> Image.Image:
    """Filled to its edges but for one corner, so that it is not opaque."""
    image = Image.new("RGBA", (width, height), (*RED, 255))
    image.putpixel((0, 0), (0, 0, 0, 0))
    return image


@pytest.mark.parametrize("extent", [0.3, 0.567, 0.6, 0.85])
@pytest.mark.parametrize("canvas", [49, 108, 432])
def test_art_stands_in_the_middle_in_fractions_of_pixels(extent: float, canvas: int) -> None:
    drawn = Art(see_through(300, 300)).draw(canvas, extent=extent)
    margin = canvas * (1 - extent) / 2
    wanted = (margin, margin, canvas - margin, canvas - margin)
    assert edges(drawn) == pytest.approx(wanted, abs=0.2)


def test_a_wide_picture_has_air_above_and_below() -> None:
    drawn = Art(see_through(400, 100)).draw(101)
    assert edges(drawn) == pytest.approx((0, 37.875, 101, 63.125), abs=0.2)


def test_what_fills_the_canvas_is_not_faded_at_its_edges() -> None:
    for size in (48, 100, 300):
        assert Art(see_through(200, 200)).draw(size).getpixel((size - 1, size // 2))[3] == 255


def test_opaque_pictures_lie_on_whole_pixels() -> None:
    drawn = Art(Image.new("RGB", (300, 200), RED)).draw(101, extent=0.6)
    assert drawn.getbbox() == (20, 30, 81, 71)
    assert set(drawn.getchannel("A").tobytes()) == {0, 255}


def test_a_grid_gives_the_whole_pixels_of_another_square() -> None:
    drawn = Art(see_through(300, 300)).draw(100, extent=0.555, grid=100)
    assert drawn.getbbox() == (22, 22, 78, 78)
    assert drawn.getchannel("A").getextrema() == (0, 255)
    assert edges(Art(see_through(300, 300)).draw(400, extent=0.555, grid=100)) == (88, 88, 312, 312)


def test_what_is_beyond_the_canvas_is_cut_off(mark) -> None:
    whole = Art(mark, linear=0).draw(400)
    cut = Art(mark, linear=0).draw(200, extent=2.0)
    assert decibels(cut, whole.crop((100, 100, 300, 300))) > 42


def test_art_that_lies_beyond_the_canvas_draws_nothing() -> None:
    corner = Image.new("RGBA", (100, 100))
    corner.putpixel((0, 0), (*RED, 255))
    assert Art(corner).draw(10, extent=4.0).getbbox() is None


# ---- Odd pictures ------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)) | st.just((2048, 1)) | st.just((1, 900)),
    fill=st.sampled_from([(*RED, 255), (*RED, 90), (0, 0, 0, 0)]),
    canvas=st.integers(1, 130),
    extent=st.floats(0.01, 3),
    background=st.none() | st.just(WHITE),
    grid=st.none() | st.integers(1, 2048),
    quick=st.booleans(),
)
def test_every_shape_is_drawn(size, fill, canvas, extent, background, grid, quick) -> None:
    art = Art(Image.new("RGBA", size, fill), quick=quick)
    drawn = art.draw(canvas, extent=extent, background=background, grid=grid)
    assert drawn.size == (canvas, canvas)
    assert drawn.mode == ("RGB" if background else "RGBA")
    ground = background or (0, 0, 0, 0)
    assert (fill[3] == 0) == (drawn.getcolors() == [(canvas**2, ground)])


def test_a_line_stays_a_line() -> None:
    for image in (Image.new("RGB", (2000, 1), RED), Image.new("RGBA", (2000, 1), (*RED, 255))):
        drawn = Art(image).draw(48)
        assert drawn.getbbox() == (0, 23, 48, 24)
        assert drawn.getpixel((20, 23)) == (*RED, 255)


def test_a_small_picture_is_enlarged_softly() -> None:
    image = Image.new("RGB", (2, 1), "black")
    image.putpixel((1, 0), WHITE)
    drawn = Art(image).draw(100, background=RED).crop((0, 30, 100, 31)).convert("L")
    assert len(drawn.getcolors()) > 20
    assert (drawn.getpixel((2, 0)), drawn.getpixel((97, 0))) == (0, 255)


def test_alpha_that_hides_nothing_is_no_alpha() -> None:
    assert Art(Image.new("RGBA", (9, 9), WHITE)).is_opaque
    assert Art(Image.new("RGB", (9, 9))).is_opaque
    assert not Art(see_through(9, 9)).is_opaque


# ---- Sharing -----------------------------------------------------------------------------------


def test_equal_wishes_give_one_object(mark) -> None:
    art = Art(mark)
    assert art.draw(48) is art.draw(48, extent=1.0)
    assert art.draw(48) is not art.draw(48, background=WHITE)
    assert art.draw(48) is not art.draw(49)


def test_sets_of_several_platforms_share_their_drawings(mark) -> None:
    one = Art(mark).draw(100)
    assert Art(mark).draw(100) is one
    assert Art(mark, quick=True).draw(100) is not one
    pixels = one.tobytes()
    del one
    assert not mark_drawings(mark)
    assert Art(mark).draw(100).tobytes() == pixels


def mark_drawings(image: Image.Image) -> list[Image.Image]:
    gc.collect()
    return list(scaling._prepared.of(image).drawn.values())


def test_what_is_prepared_serves_every_art_and_goes_with_the_image() -> None:
    image = logo(64)
    assert Art(image)._prepared is Art(image, quick=True)._prepared
    known = len(scaling._prepared)
    Art(image).draw(48)
    del image
    gc.collect()
    assert len(scaling._prepared) == known - 1


def test_quick_is_close(mark) -> None:
    for size in (48, 96, 256):
        assert decibels(Art(mark, quick=True).draw(size), lanczos(mark, size)) > 30


@given(most=st.floats(0.001, 5000))
def test_factors_are_powers_of_two_or_thrice_one(most: float) -> None:
    factor = scaling._largest_factor(most)
    assert factor == 1 or factor <= most < factor * 2
    steps = 1
    while factor > 1:
        factor, by = scaling._step(factor)
        assert by in (2, 3)
        steps *= by
    assert steps == scaling._largest_factor(most)
    assert math.log2(steps if steps % 3 else steps // 3).is_integer()
