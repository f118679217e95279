"""Writes the icon file of macOS: the drawn PNGs in one container.

The types are those that `iconutil` writes for the pictures of 128 pixels and more. The two small
ones, which it writes in a way of its own, stand here as the plain colours and mask that every macOS
reads; a PNG of their size is shown wrongly by some.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping

from PIL import Image

# Pixels -> the types: a size, and the half of it on a screen of twice the density.
_AS_PNG: Mapping[int, tuple[bytes, ...]] = {
    32: (b"ic11",),
    64: (b"ic12",),
    128: (b"ic07",),
    256: (b"ic08", b"ic13"),
    512: (b"ic09", b"ic14"),
    1024: (b"ic10",),
}
_AS_COLOURS: Mapping[int, tuple[bytes, bytes]] = {16: (b"is32", b"s8mk"), 32: (b"il32", b"l8mk")}
_RUN = 128  # so many bytes a block without repetition may have


def encode(pngs: Mapping[int, bytes]) -> bytes:
    """One `.icns` of square PNG files, given by their side in pixels; other sizes are left out."""
    body = b"".join(
        struct.pack(">4sI", kind, 8 + len(data)) + data for kind, data in _entries(pngs)
    )
    return struct.pack(">4sI", b"icns", 8 + len(body)) + body


def _entries(pngs: Mapping[int, bytes]) -> Iterator[tuple[bytes, bytes]]:
    for size, (colours, mask) in _AS_COLOURS.items():
        if size in pngs:
            with Image.open(io.BytesIO(pngs[size])) as opened:
                *bands, alpha = opened.convert("RGBA").split()
            yield colours, b"".join(_blocks(band.tobytes()) for band in bands)
            yield mask, alpha.tobytes()
    for size, kinds in _AS_PNG.items():
        if size in pngs:
            for kind in kinds:
                yield kind, pngs[size]


def _blocks(band: bytes) -> bytes:
    """One colour of all pixels, in blocks that begin with their length less one."""
    starts = range(0, len(band), _RUN)
    blocks = (band[start : start + _RUN] for start in starts)
    return b"".join(bytes([len(block) - 1]) + block for block in blocks)
