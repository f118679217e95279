"""Makes PNG files smaller, pixel by pixel the same: a step for releases, where seconds are there.

What is tried: fewer bands, a palette, four ways to filter rows, and a search in depth. oxipng does
this as well and a little better, but its package has no build for each Python and system of ours.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops, UnidentifiedImageError
from zlib_ng import zlib_ng

from builder.images import png

DEEP: png.Way = (9, zlib_ng.Z_DEFAULT_STRATEGY)
FILTERED: png.Way = (9, zlib_ng.Z_FILTERED)

_OURS = {b"IHDR", b"IDAT", b"IEND"}
_MOST_COLOURS = 256

# About how many bits a filtered byte takes: the nearer to 0, up or down, the fewer.
_BITS = [math.log2(1 + min(value, 256 - value)) for value in range(256)]


def shrink(data: bytes) -> bytes:
    """A PNG as `png` writes it, with fewer bytes if that is possible, never more.

    What is no such PNG, or has more in it than the picture, comes back as it is.
    """
    image = _opened(data)
    return min([data, *_tried(image)], key=len) if image else data


def _opened(data: bytes) -> Image.Image | None:
    try:
        if set(_chunks(data)) != _OURS:
            return None
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.load()
            # A greyscale of 16 or 1 bits would not come back as it was.
            return image if image.mode in png.COLOUR_TYPES and data[24] == 8 else None
    except (OSError, SyntaxError, ValueError, struct.error, UnidentifiedImageError):
        return None  # not one of ours, so nothing is done to it


def _chunks(data: bytes) -> Iterator[bytes]:
    """The types of the chunks of a PNG."""
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind
        at += 12 + length


def _tried(image: Image.Image) -> Iterator[bytes]:
    image = _fewest_bands(image)
    for name in ("none", "up"):
        yield png.whole(image, png.deflate(png.filtered(image, name), DEEP))
    mixed = _mixed(image)
    for way in (DEEP, FILTERED, png.NOISE):
        yield png.whole(image, png.deflate([mixed], way))
    if image.getcolors(_MOST_COLOURS):
        yield _with_palette(image)


def _fewest_bands(image: Image.Image) -> Image.Image:
    """Without alpha that hides nothing, and as one band where all colours are greys."""
    image = png.without_empty_alpha(image)
    if image.mode not in ("RGB", "RGBA"):
        return image
    red, green, blue, *alpha = image.split()
    if any(ImageChops.difference(red, other).getbbox() for other in (green, blue)):
        return image
    return Image.merge("LA", [red, *alpha]) if alpha else red


def _mixed(image: Image.Image) -> bytes:
    """The rows, each with the filter that leaves the least of it, as `png.filtered` gives them."""
    names: tuple[png.Filter, ...] = ("none", "sub", "up", "average")
    ways = [b"".join(png.filtered(image, name)) for name in names]
    row = len(ways[0]) // image.height
    costs = zip(*(_bits(way, row) for way in ways), strict=True)
    best = [min(range(len(ways)), key=of_row.__getitem__) for of_row in costs]
    return b"".join(ways[way][at * row : (at + 1) * row] for at, way in enumerate(best))


def _bits(rows: bytes, row: int) -> Sequence[float]:
    """About how many bits a byte of each row takes."""
    values = Image.frombytes("L", (row, len(rows) // row), rows).crop((1, 0, row, len(rows) // row))
    means = values.point(_BITS, "F").reduce((row - 1, 1))
    return memoryview(means.tobytes()).cast("f")


# ---- Palettes ----------------------------------------------------------------------------------


_RGBA = struct.Struct("=I")  # a pixel as one number and as four bytes


def _with_palette(image: Image.Image) -> bytes:
    """The picture as numbers of its colours, at most 256, in as few bits as they need."""
    pixels = memoryview(image.convert("RGBA").tobytes()).cast("I")
    # Those that let something through come first: only they need to be told of.
    palette = sorted(map(_RGBA.pack, set(pixels)), key=lambda rgba: (rgba[3] == 255, rgba))
    numbers = {_RGBA.unpack(rgba)[0]: number for number, rgba in enumerate(palette)}
    indices = Image.frombytes("P", image.size, bytes(map(numbers.__getitem__, pixels)))
    depth = next(bits for bits in (1, 2, 4, 8) if len(palette) <= 1 << bits)
    data = indices.tobytes("raw", "P" if depth == 8 else f"P;{depth}")
    row = (image.width * depth + 7) // 8
    rows = b"".join(b"\0" + data[start : start + row] for start in range(0, len(data), row))
    clear = bytes(rgba[3] for rgba in palette if rgba[3] < 255)
    return png.join(
        [
            (b"IHDR", struct.pack(">IIBBBBB", *image.size, depth, 3, 0, 0, 0)),
            (b"PLTE", b"".join(rgba[:3] for rgba in palette)),
            *([(b"tRNS", clear)] if clear else []),
            (b"IDAT", png.deflate([rows], DEEP)),
            (b"IEND", b""),
        ]
    )
