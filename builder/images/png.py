"""Writes PNG files: one filter for a whole picture, which Pillow computes, then one deflate.

Pillow's own encoder tries five filters on every row, which takes it several times as long as
deflating does. One filter costs a few per cent of bytes and saves most of the time.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from PIL import Image, ImageChops
from zlib_ng import zlib_ng

Filter = Literal["none", "sub", "up", "average"]
Way = tuple[int, int]

COLOUR_TYPES = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}

# Level and strategy. Where nothing repeats, as in photographs, looking for repetitions is in vain:
# without it the bytes are the same in a third of the time.
USUAL: Way = (6, zlib_ng.Z_DEFAULT_STRATEGY)
NOISE: Way = (1, zlib_ng.Z_RLE)

_STRIP = 1 << 18  # bytes: small enough to stay in memory that is at hand, which is half the time
_SLAB = 1 << 15  # bytes that are tried at three places: as far as deflate looks back
_NOISY = 0.3  # what is left at least of noise when it is compressed


def encode(image: Image.Image) -> bytes:
    """The picture (L, LA, RGB or RGBA) as a PNG without metadata, or alpha that hides nothing."""
    return encode_all(without_empty_alpha(image))


def encode_all(image: Image.Image) -> bytes:
    """As `encode`, with its alpha whatever that is."""
    if _is_noise(image):
        return whole(image, deflate(filtered(image, "average"), NOISE))
    up = deflate(filtered(image, "up"), USUAL)
    if _row(image) * image.height > _STRIP:
        return whole(image, up)
    # Small ones often pack better as they are, and to try costs next to nothing.
    return whole(image, min(up, deflate(filtered(image, "none"), USUAL), key=len))


def without_empty_alpha(image: Image.Image) -> Image.Image:
    """L or RGB where no pixel of LA or RGBA lets anything through."""
    if image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() == (255, 255):
        return image.convert(image.mode[:-1])
    return image


def filtered(image: Image.Image, name: Filter) -> Iterator[bytes]:
    """The rows, each with its filter byte, a strip of many at a time (PNG, section 9)."""
    rows = max(1, _STRIP // _row(image))
    for top in range(0, image.height, rows):
        yield _strip(image, name, top, min(image.height, top + rows))


def deflate(strips: Iterable[bytes], way: Way) -> bytes:
    """Compressed in one way, `USUAL` or another."""
    level, strategy = way
    stream = zlib_ng.compressobj(level, zlib_ng.DEFLATED, 15, 9, strategy)
    return b"".join([*map(stream.compress, strips), stream.flush()])


def whole(image: Image.Image, rows: bytes) -> bytes:
    """The PNG of a picture whose deflated rows these are."""
    head = struct.pack(">IIBBBBB", *image.size, 8, COLOUR_TYPES[image.mode], 0, 0, 0)
    return join([(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")])


def join(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A PNG of chunks: their types and what they hold."""
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, data in chunks:
        checksum = zlib.crc32(data, zlib.crc32(kind))
        parts += [struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum)]
    return b"".join(parts)


def _row(image: Image.Image) -> int:
    return image.width * len(image.getbands())


def _strip(image: Image.Image, name: Filter, top: int, bottom: int) -> bytes:
    number, predict = _FILTERS[name]
    strip = image.crop((0, top, image.width, bottom))
    pixels = ImageChops.subtract_modulo(strip, predict(image, top, bottom)) if predict else strip
    data, row, mark = pixels.tobytes(), _row(image), bytes([number])
    return b"".join([mark + data[start : start + row] for start in range(0, len(data), row)])


# What a strip is predicted to be. Beyond the picture a crop is 0, as the filters have it.


def _left(image: Image.Image, top: int, bottom: int) -> Image.Image:
    return image.crop((-1, top, image.width - 1, bottom))


def _above(image: Image.Image, top: int, bottom: int) -> Image.Image:
    return image.crop((0, top - 1, image.width, bottom - 1))


def _mean(image: Image.Image, top: int, bottom: int) -> Image.Image:
    return ImageChops.add(_left(image, top, bottom), _above(image, top, bottom), scale=2)


_FILTERS: dict[Filter, tuple[int, Callable[[Image.Image, int, int], Image.Image] | None]] = {
    "none": (0, None),
    "sub": (1, _left),
    "up": (2, _above),
    "average": (3, _mean),
}


def _is_noise(image: Image.Image) -> bool:
    """Whether nothing repeats in a picture, told by three parts of it."""
    rows = max(1, _SLAB // _row(image))
    if image.height < 4 * rows:
        return False
    tops = [image.height * place // 4 for place in (1, 2, 3)]
    slab = [_strip(image, "up", top, top + rows) for top in tops]
    as_noise = len(deflate(slab, NOISE))
    if as_noise < _NOISY * sum(map(len, slab)):
        return False
    return as_noise < 1.02 * len(deflate(slab, USUAL))
