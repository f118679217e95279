"""Windows icons: what a reader finds in them."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from builder.images import ico
from builder.images.scaling import Art
from tests.builder.images.reference import logo, opaque

SIZES = (16, 32, 48, 256)


def drawn(image: Image.Image) -> dict[int, Image.Image]:
    art = Art(image)
    return {size: art.draw(size) for size in SIZES}


def entries(data: bytes) -> list[tuple[int, int, bytes]]:
    """Side, bits for a pixel, and the bytes of each."""
    kind, count = struct.unpack("<HH", data[2:6])
    assert kind == 1
    found = []
    for index in range(count):
        at = 6 + 16 * index
        wide, high, _, _, planes, bits, length, start = struct.unpack(
            "<BBBBHHII", data[at : at + 16]
        )
        assert (wide, planes) == (high, 1)
        found.append((wide or 256, bits, data[start : start + length]))
    return found


@pytest.mark.parametrize("make", [logo, opaque])
def test_every_size_is_read_back_pixel_by_pixel(make) -> None:
    images = drawn(make(300))
    with Image.open(io.BytesIO(ico.encode(images))) as icon:
        assert icon.info["sizes"] == {(size, size) for size in SIZES}
        for size, image in images.items():
            icon.size = (size, size)
            again = icon.copy()
            assert again.convert("RGBA").tobytes() == image.tobytes()


def test_only_the_large_one_is_a_png() -> None:
    found = entries(ico.encode(drawn(logo(300))))
    assert [(side, bits) for side, bits, _ in found] == [(size, 32) for size in SIZES]
    assert [data.startswith(b"\x89PNG") for _, _, data in found] == [False, False, False, True]
    assert found[-1][2][25] == 6  # RGBA


def test_the_large_one_keeps_alpha_that_hides_nothing() -> None:
    assert entries(ico.encode(drawn(opaque(300))))[-1][2][25] == 6


def test_the_mask_marks_what_is_not_drawn() -> None:
    image = Image.new("RGBA", (3, 3), (10, 20, 30, 255))
    image.putpixel((0, 0), (0, 0, 0, 0))
    image.putpixel((2, 2), (1, 2, 3, 4))
    ((_, _, data),) = entries(ico.encode({3: image}))
    assert struct.unpack("<IiiHH", data[:16]) == (40, 3, 6, 1, 32)
    pixels, mask = data[40:76], data[76:]
    assert pixels[8:12] == bytes([3, 2, 1, 4])  # the bottom row comes first, blue before red
    assert pixels[24:28] == bytes(4)
    assert mask == bytes(8) + b"\x80\0\0\0"


def test_sizes_without_alpha_are_taken_too() -> None:
    data = ico.encode({20: Image.new("RGB", (20, 20), (9, 8, 7))})
    with Image.open(io.BytesIO(data)) as icon:
        assert icon.convert("RGBA").getpixel((3, 3)) == (9, 8, 7, 255)
