"""Writes Windows icon files: bitmaps, and a PNG for what is as large as 256 pixels.

A PNG is allowed for every size since Windows Vista, but many that read icons still understand it
only as the large one, if at all: resource compilers, installers, .NET's own `Icon`. Uncompressed
the three small sizes of an app take 15 kB.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from PIL import Image

from builder.images import png

LARGE = 256


def encode(images: Mapping[int, Image.Image]) -> bytes:
    """One `.ico` with an entry of 32 bits for each size in pixels (at most 256), smallest first."""
    entries = [(size, _entry(images[size].convert("RGBA"))) for size in sorted(images)]
    head, offset = struct.pack("<HHH", 0, 1, len(entries)), 6 + 16 * len(entries)
    for size, data in entries:
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return head + b"".join(data for _, data in entries)


def _entry(image: Image.Image) -> bytes:
    # A PNG in an icon must have alpha, needed or not.
    return _bitmap(image) if image.width < LARGE else png.encode_all(image)


def _bitmap(image: Image.Image) -> bytes:
    """A bitmap without file header, bottom row first: colours with alpha, then the old mask.

    The mask has a bit for each pixel that is not drawn at all, rows of whole 32 bits; the header's
    height counts both.
    """
    width, height = image.size
    pixels = image.tobytes("raw", "BGRA", 0, -1)
    unseen = image.getchannel("A").point([255] + [0] * 255).convert("1")
    mask = unseen.tobytes("raw", "1", (width + 31) // 32 * 4, -1)
    size = len(pixels) + len(mask)
    return struct.pack("<IiiHHIIiiII", 40, width, height * 2, 1, 32, 0, size, 0, 0, 0, 0) + (
        pixels + mask
    )
