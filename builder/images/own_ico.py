"""The pictures inside an `.ico` that ships as its author made it, for looking at."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator, Mapping

from PIL import Image

from builder.images import decoding

LARGEST = 256  # pixels: no entry is larger in earnest, and none is shown larger
MOST_PIXELS = 1024 * 1024

_HEAD, _ENTRY = "<HHH", "<BBBBHHII"


def entries(data: bytes) -> Mapping[int, Image.Image]:
    """The pictures by their side in pixels, each the deepest of its size.

    Damaged ones are left out; one that is not square stands in a transparent square.
    """
    found: dict[int, Image.Image] = {}
    for alone in _one_by_one(data):
        with contextlib.suppress(*decoding.FAILURES):
            width, height = decoding.measure(io.BytesIO(alone), "ico")
            if width * height <= MOST_PIXELS:
                image = _square(decoding.decode(alone, "ico", LARGEST)[0])
                found[image.width] = image
    return found


def _one_by_one(data: bytes) -> Iterator[bytes]:
    """Each entry as an icon of its own, the deepest last."""
    if len(data) < struct.calcsize(_HEAD):
        return
    count = min(struct.unpack_from(_HEAD, data)[2], (len(data) - 6) // 16)
    places = [struct.unpack_from(_ENTRY, data, 6 + 16 * number) for number in range(count)]
    for *described, size, start in sorted(places, key=lambda place: place[5]):
        entry = struct.pack(_ENTRY, *described, size, 22)
        yield struct.pack(_HEAD, 0, 1, 1) + entry + data[start : start + size]


def _square(image: Image.Image) -> Image.Image:
    if image.width == image.height:
        return image
    side = max(image.size)
    out = Image.new("RGBA", (side, side))
    out.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return out
