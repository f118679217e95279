"""The icon file of macOS, read back by Pillow and by its own rules."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import pytest
from PIL import Image

from builder.desktop import icns
from builder.images import png

SIZES = (16, 32, 64, 128, 256, 512, 1024)


def picture(size: int) -> Image.Image:
    """Another colour in every corner, and a transparent one."""
    image = Image.linear_gradient("L").resize((size, size))
    return Image.merge("RGBA", (image, image.rotate(90), image.rotate(180), image.rotate(270)))


def pngs(*sizes: int) -> dict[int, bytes]:
    return {size: png.encode(picture(size)) for size in sizes}


def entries(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(data):
        kind, length = struct.unpack_from(">4sI", data, at)
        yield kind, data[at + 8 : at + length]
        at += length
    assert at == len(data)


def test_the_file_is_as_long_as_it_says_and_holds_every_size() -> None:
    data = icns.encode(pngs(*SIZES))
    assert struct.unpack_from(">4sI", data) == (b"icns", len(data))
    assert [kind for kind, _ in entries(data)] == [
        *(b"is32", b"s8mk", b"il32", b"l8mk"),
        *(b"ic11", b"ic12", b"ic07", b"ic08", b"ic13", b"ic09", b"ic14", b"ic10"),
    ]


def test_large_ones_are_the_files_themselves() -> None:
    made = pngs(*SIZES)
    found = dict(entries(icns.encode(made)))
    assert found[b"ic07"] == made[128]
    assert found[b"ic13"] == found[b"ic08"] == made[256]
    assert found[b"ic10"] == made[1024]


@pytest.mark.parametrize("size", [16, 32])
def test_small_ones_keep_every_pixel(size: int) -> None:
    # Alone, so that Pillow can take no other picture for it.
    data = icns.encode(pngs(size))
    only = {kind: content for kind, content in entries(data) if not kind.startswith(b"ic")}
    body = b"".join(struct.pack(">4sI", k, 8 + len(c)) + c for k, c in only.items())
    with Image.open(io.BytesIO(struct.pack(">4sI", b"icns", 8 + len(body)) + body)) as opened:
        assert opened.convert("RGBA").tobytes() == picture(size).tobytes()


def test_pillow_reads_the_largest() -> None:
    with Image.open(io.BytesIO(icns.encode(pngs(*SIZES)))) as opened:
        assert opened.convert("RGBA").tobytes() == picture(1024).tobytes()


def test_strange_sizes_are_left_out() -> None:
    assert list(entries(icns.encode(pngs(48)))) == []
