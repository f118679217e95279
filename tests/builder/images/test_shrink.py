"""Shrinking: the same pixels, never more bytes, and nothing done to what is not ours."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import png
from builder.images.scaling import Art
from builder.images.shrink import shrink
from tests.builder.images.reference import logo, opaque, photo


def read(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA")


@settings(max_examples=80, deadline=None)
@given(
    mode=st.sampled_from(["L", "LA", "RGB", "RGBA"]),
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    seed=st.binary(min_size=1, max_size=60),
)
def test_the_pixels_stay_the_same_and_the_bytes_never_get_more(mode, width, height, seed) -> None:
    need = width * height * len(mode)
    data = png.encode_all(Image.frombytes(mode, (width, height), (seed * need)[:need]))
    less = shrink(data)
    assert len(less) <= len(data)
    assert read(less).tobytes() == read(data).tobytes()


@settings(max_examples=60, deadline=None)
@given(
    colours=st.lists(st.tuples(*[st.integers(0, 255)] * 4), min_size=1, max_size=30),
    width=st.integers(1, 30),
)
def test_a_few_colours_become_a_palette_in_as_few_bits_as_they_need(colours, width) -> None:
    image = Image.new("RGBA", (width, 31))
    for at in range(width * 31):
        image.putpixel((at % width, at // width), colours[at * 7 % len(colours)])
    data = png.encode_all(image)
    assert read(shrink(data)).tobytes() == image.tobytes()


def test_a_two_colour_picture_takes_a_bit_for_a_pixel() -> None:
    noise = photo(128).convert("L").point([0] * 128 + [255] * 128).convert("RGB")
    noise.putpixel((0, 0), (255, 0, 0))
    less = shrink(png.encode(noise))
    assert (less[24], less[25]) == (2, 3)  # three colours: two bits, and a palette
    assert len(less) < 128 * 128 * 2 / 8 + 200


def test_greys_need_one_band() -> None:
    grey = photo(64).convert("L").convert("RGB")
    assert read(shrink(png.encode(grey))).tobytes() == grey.convert("RGBA").tobytes()
    assert shrink(png.encode(grey))[25] == 0


@pytest.mark.parametrize(("make", "most"), [(logo, 0.97), (opaque, 0.97), (photo, 1.0)])
def test_pictures_as_we_ship_them_get_smaller(make, most: float) -> None:
    data = png.encode(Art(make(512)).draw(200))
    assert len(shrink(data)) <= most * len(data)


def test_what_is_not_ours_comes_back_as_it_is() -> None:
    data = png.encode(logo(40))
    told = png.join(
        [(b"IHDR", data[16:29]), (b"tEXt", b"Author\0me"), (b"IDAT", b""), (b"IEND", b"")]
    )
    wide = io.BytesIO()
    Image.new("I;16", (4, 4), 1000).save(wide, "PNG")
    for other in (b"", b"GIF89a", data[:-20], data[:40], told, wide.getvalue(), b"\x89PNG" + data):
        assert shrink(other) == other


def test_shrinking_twice_changes_nothing() -> None:
    less = shrink(png.encode(logo(64)))
    assert shrink(less) == less
