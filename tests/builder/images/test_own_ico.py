"""The entries of an `.ico` of the author's own, also of one that lies or is damaged."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import ico, own_ico
from tests.builder.images import make


def icon(*sides: int) -> bytes:
    return ico.encode({side: make.logo(side) for side in sides})


def test_every_entry_as_it_is() -> None:
    found = own_ico.entries(icon(16, 24, 32))
    assert sorted(found) == [16, 24, 32]
    for side, image in found.items():
        assert image.convert("RGBA").tobytes() == make.logo(side).tobytes()


def test_bitmaps_are_read_too() -> None:
    data = make.saved(make.logo(48), "ICO", sizes=[(16, 16), (48, 48)], bitmap_format="bmp")
    assert sorted(own_ico.entries(data)) == [16, 48]


def test_the_header_of_a_picture_goes_before_the_table() -> None:
    data = bytearray(icon(16, 32))
    data[6] = data[7] = 99
    assert sorted(own_ico.entries(bytes(data))) == [16, 32]


def test_a_damaged_entry_is_left_out() -> None:
    data = icon(16, 32)
    _, start = struct.unpack_from("<II", data, 6 + 16 + 8)
    assert sorted(own_ico.entries(data[: start + 60])) == [16]


def test_one_that_is_not_square_stands_in_a_square() -> None:
    [image] = own_ico.entries(ico.encode({32: Image.new("RGB", (32, 16), "red")})).values()
    assert image.size == (32, 32)
    assert image.getpixel((16, 0))[3] == 0
    assert image.getpixel((16, 16)) == (255, 0, 0, 255)


def test_the_deepest_of_a_size_counts() -> None:
    deep, flat = make.saved(make.logo(16), "PNG"), make.saved(Image.new("1", (16, 16)), "PNG")
    entries = [(32, deep), (1, flat)]
    head, offset = struct.pack("<HHH", 0, 1, 2), 6 + 32
    for depth, data in entries:
        head += struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, depth, len(data), offset)
        offset += len(data)
    [image] = own_ico.entries(head + deep + flat).values()
    assert image.getpixel((8, 8))[:3] != (0, 0, 0)


def test_a_file_that_is_too_short_has_none() -> None:
    assert own_ico.entries(b"\0\0\1") == own_ico.entries(b"") == {}


def test_nothing_is_shown_larger_than_an_icon_can_be() -> None:
    data = ico.encode({256: Image.new("RGB", (600, 600), "red")})
    assert sorted(own_ico.entries(data)) == [256]
    assert own_ico.entries(ico.encode({256: Image.new("RGB", (2000, 2000))})) == {}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_is_a_traceback(data: st.DataObject) -> None:
    whole = bytearray(icon(16, 32))
    for at in data.draw(st.lists(st.integers(4, len(whole) - 1), max_size=6)):
        whole[at] = data.draw(st.integers(0, 255))
    own_ico.entries(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
