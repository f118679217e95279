"""PNG files: every reader gets the pixels back, in few bytes."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import png
from tests.builder.images.reference import logo, opaque, photo


def read(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def chunks(data: bytes) -> list[bytes]:
    """The types of the chunks; their checksums must hold."""
    kinds, at = [], 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 4 : at + 8 + length]
        assert zlib.crc32(body) == struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0]
        kinds.append(kind)
        at += 12 + length
    return kinds


@settings(max_examples=100, deadline=None)
@given(
    mode=st.sampled_from(["L", "LA", "RGB", "RGBA"]),
    width=st.integers(1, 70),
    height=st.integers(1, 70),
    seed=st.binary(min_size=1, max_size=40),
)
def test_every_picture_is_read_back_pixel_by_pixel(mode, width, height, seed) -> None:
    need = width * height * len(mode)
    image = Image.frombytes(mode, (width, height), (seed * need)[:need])
    again = read(png.encode_all(image))
    assert (again.mode, again.size, again.tobytes()) == (mode, image.size, image.tobytes())


@pytest.mark.parametrize("name", ["none", "sub", "up", "average"])
@pytest.mark.parametrize("make", [logo, opaque, photo])
def test_every_filter_can_be_undone(name, make) -> None:
    image = make(96)
    rows = png.deflate(png.filtered(image, name), png.USUAL)
    assert read(png.whole(image, rows)).tobytes() == image.tobytes()


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (500, 700)])
def test_strips_of_all_shapes_fit_together(size: tuple[int, int]) -> None:
    image = photo(64).resize(size)
    assert read(png.encode(image)).tobytes() == image.tobytes()


def test_there_is_nothing_but_the_picture() -> None:
    image = logo(32)
    image.info["dpi"] = (72, 72)
    image.info["comment"] = "made by somebody"
    assert chunks(png.encode(image)) == [b"IHDR", b"IDAT", b"IEND"]


def test_equal_pictures_give_equal_bytes() -> None:
    assert png.encode(photo(300)) == png.encode(photo(300))


def test_alpha_that_hides_nothing_is_left_out() -> None:
    image = opaque(40)
    assert png.encode(image.convert("RGBA")) == png.encode(image)
    assert read(png.encode(image.convert("L").convert("LA"))).mode == "L"
    assert read(png.encode_all(image.convert("RGBA"))).mode == "RGBA"
    assert read(png.encode(logo(40))).mode == "RGBA"


def test_noise_is_not_searched_for_repetitions_and_takes_no_more_for_it() -> None:
    noise, flat = photo(512), opaque(512)
    assert png._is_noise(noise)
    assert not png._is_noise(flat)
    as_usual = png.whole(noise, png.deflate(png.filtered(noise, "up"), png.USUAL))
    assert len(png.encode(noise)) < len(as_usual)


def test_what_repeats_is_no_noise() -> None:
    tile = photo(64)
    tiles = Image.new("RGB", (512, 512))
    for place in range(64):
        tiles.paste(tile, (place % 8 * 64, place // 8 * 64))
    assert not png._is_noise(tiles)


@pytest.mark.parametrize(("make", "most"), [(logo, 1.2), (opaque, 1.2), (photo, 1.03)])
def test_the_bytes_stay_near_those_of_a_search_for_the_best_filters(make, most: float) -> None:
    image = make(512)
    best = io.BytesIO()
    image.save(best, "PNG", optimize=True)
    assert len(png.encode(image)) < most * len(best.getvalue())
