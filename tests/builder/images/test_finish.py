"""Finished pictures: squares with padding, on a background, cut or not."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from builder.images import finish, measure
from builder.images.finish import Finish
from builder.images.picture import Picture
from builder.images.style import PLATFORMS, Platform

RED = (200, 30, 30)
BLUE = (20, 40, 220)


def picture(image: Image.Image, fmt: str = "png") -> Picture:
    """A picture as it would have been read."""
    return Picture(image, image.width, image.height, fmt, False, "digest", Path("a.png"))


def plain(width: int, height: int, colour: tuple[int, ...] = RED) -> Picture:
    """A picture of one colour."""
    return picture(Image.new("RGB" if len(colour) == 3 else "RGBA", (width, height), colour))


def disc(side: int, diameter: int) -> Picture:
    """A disc in the middle of nothing."""
    image = Image.new("RGBA", (side, side))
    free = (side - diameter) / 2
    ImageDraw.Draw(image).ellipse((free, free, side - free - 1, side - free - 1), RED)
    return picture(image)


def box(image: Image.Image) -> tuple[int, int, int, int]:
    """What can be seen of it."""
    return image.getchannel("A").point(lambda alpha: 255 * (alpha > 127)).getbbox() or (0, 0, 0, 0)


def test_unchanged_by_default() -> None:
    out = finish.finish(plain(64, 64), Finish(), size=64)
    assert out.mode == "RGBA"
    assert out.convert("RGB").tobytes() == plain(64, 64).image.tobytes()


def test_padding_is_the_share_of_each_side() -> None:
    out = finish.finish(plain(200, 200), Finish(padding=0.1), size=100)
    assert out.size == (100, 100)
    assert box(out) == (10, 10, 90, 90)
    assert out.getpixel((5, 50)) == (0, 0, 0, 0)


def test_a_background_fills_and_leaves_no_alpha() -> None:
    out = finish.finish(plain(200, 200), Finish(padding=0.25, background=BLUE), size=100)
    assert out.mode == "RGB"
    assert out.getpixel((5, 50)) == BLUE
    assert out.getpixel((50, 50)) == RED


@pytest.mark.parametrize(("width", "height"), [(200, 100), (100, 200)])
def test_what_is_not_square_is_padded(width: int, height: int) -> None:
    out = finish.finish(plain(width, height), Finish(), size=100)
    left, top, right, bottom = box(out)
    assert (right - left, bottom - top) == (width // 2, height // 2)
    assert (left + right, top + bottom) == (100, 100)


def test_or_cut_to_the_square_in_its_middle() -> None:
    image = Image.new("RGB", (300, 100), BLUE)
    image.paste(RED, (100, 0, 200, 100))
    out = finish.finish(picture(image), Finish(fit="crop"), size=100)
    assert out.convert("RGB").getcolors() == [(10_000, RED)]


def test_cut_and_padded() -> None:
    out = finish.finish(plain(300, 100), Finish(padding=0.2, fit="crop"), size=100)
    assert box(out) == (20, 20, 80, 80)


def test_a_thousand_and_twenty_four_pixels_by_itself() -> None:
    assert finish.finish(plain(10, 10), Finish()).size == (1024, 1024)


@pytest.mark.parametrize("padding", [-0.01, 0.46, math.nan, math.inf])
def test_padding_out_of_range(padding: float) -> None:
    with pytest.raises(ValueError, match="padding"):
        Finish(padding=padding)


@pytest.mark.parametrize("colour", [(1, 2), (1, 2, 256), (-1, 0, 0), (0.5, 0, 0), "red", (0,) * 4])
def test_backgrounds_that_are_no_colours(colour: Any) -> None:
    with pytest.raises(ValueError, match="background"):
        Finish(background=colour)


def test_fits_that_are_not_known() -> None:
    wrong: Any = "stretch"
    with pytest.raises(ValueError, match="fit"):
        Finish(fit=wrong)


@pytest.mark.parametrize("size", [0, -1, 4096])
def test_sizes_out_of_range(size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        finish.finish(plain(8, 8), Finish(), size=size)


def test_a_finished_picture_is_one_like_any_other() -> None:
    like = Picture(Image.new("RGB", (9, 9)), 9000, 9000, "svg", True, "digest", Path("a.svg"))
    made = finish.as_picture(Image.new("RGBA", (64, 64), (1, 2, 3, 4)), like)
    assert (made.width, made.height, made.format, made.is_finished) == (64, 64, "png", False)
    assert made.image.mode == "RGBA"
    assert made.path == like.path


def test_a_finished_picture_without_holes_is_opaque() -> None:
    made = finish.as_picture(Image.new("RGBA", (64, 64), (1, 2, 3, 255)), plain(1, 1))
    assert made.image.mode == "RGB"


def test_a_finished_picture_is_known_by_its_content() -> None:
    like = plain(1, 1)
    pictures = [
        Image.new("RGB", (2, 8), RED),
        Image.new("RGB", (8, 2), RED),
        Image.new("RGB", (2, 8), BLUE),
        Image.new("RGBA", (2, 8), (*RED, 9)),
    ]
    digests = [finish.as_picture(image, like).digest for image in pictures]
    assert len(set(digests)) == 4
    assert finish.as_picture(pictures[0].copy(), like).digest == digests[0]


@pytest.mark.parametrize(("platform", "zone"), [("android", 66 / 108), ("web", 0.8)])
@pytest.mark.parametrize("diameter", [400, 350, 330])
def test_art_is_shrunk_until_it_just_fits(platform: Platform, zone: float, diameter: int) -> None:
    art = disc(400, diameter)
    how = finish.shrunk_to_safe_zone(art, platform)
    shrunk = finish.finish(art, how, size=400)
    left, _, right, _ = box(shrunk)
    assert (right - left) / 400 == pytest.approx(zone, abs=0.012)
    assert measure.radial_extent(shrunk) == pytest.approx(zone, abs=0.012)


def test_art_that_fits_is_not_shrunk() -> None:
    assert finish.shrunk_to_safe_zone(disc(400, 200), "android") == Finish()
    assert finish.shrunk_to_safe_zone(disc(400, 300), "web") == Finish()


@pytest.mark.parametrize("platform", sorted(set(PLATFORMS) - {"android", "web"}))
def test_other_platforms_have_no_safe_zone(platform: Platform) -> None:
    assert finish.shrunk_to_safe_zone(disc(400, 400), platform) == Finish()


def test_of_an_opaque_picture_the_corners_are_shown_too() -> None:
    how = finish.shrunk_to_safe_zone(plain(100, 100), "web")
    assert how.padding == pytest.approx((1 - 0.8 / math.sqrt(2)) / 2)


def test_nothing_needs_no_padding() -> None:
    empty = picture(Image.new("RGBA", (100, 100)))
    assert finish.shrunk_to_safe_zone(empty, "android") == Finish()


COLOUR = st.tuples(*[st.integers(0, 255)] * 3)


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    padding=st.floats(0, 0.45),
    background=st.none() | COLOUR,
    fit=st.sampled_from(["pad", "crop"]),
    size=st.integers(1, 130),
    colour=COLOUR | st.tuples(*[st.integers(0, 255)] * 4),
)
def test_any_picture_in_any_way(
    width: int, height: int, padding: float, background: Any, fit: Any, size: int, colour: Any
) -> None:
    out = finish.finish(plain(width, height, colour), Finish(padding, background, fit), size=size)
    assert out.size == (size, size)
    assert out.mode == ("RGBA" if background is None else "RGB")


@settings(max_examples=100, deadline=None)
@given(
    padding=st.floats() | st.text(), background=st.tuples(st.integers()) | st.text(), fit=st.text()
)
def test_wild_values_raise_or_are_right(padding: Any, background: Any, fit: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        Finish(padding, background, fit)


def test_a_quick_one_looks_about_the_same() -> None:
    how = Finish(padding=0.1, background=BLUE)
    fine, quick = (finish.finish(disc(256, 200), how, size=200, quick=q) for q in (False, True))
    difference = ImageChops.difference(fine, quick)
    assert difference.getbbox() is not None
    assert max(ImageStat.Stat(difference).mean) < 1
