"""The largest picture inside an `.ico` or `.icns`, told by its own header.

The tables of these files often lie about sizes, and whoever believes them decodes a bomb: so each
picture inside is measured where it lies.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import IcnsImagePlugin, IcoImagePlugin, Image, Jpeg2KImagePlugin, PngImagePlugin

PNG = b"\x89PNG\r\n\x1a\n"
JPEG_2000 = (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")
LARGEST_BITMAP = 1024  # what is not compressed inside is never larger in earnest


@dataclass(frozen=True)
class Frame:
    """One picture of the file: its pixels, its bits a pixel and its bytes."""

    width: int
    height: int
    depth: int
    data: bytes

    def open(self) -> Image.Image:
        """The picture; compressed ones are decoded when they are loaded."""
        if self.data.startswith(PNG):
            return PngImagePlugin.PngImageFile(io.BytesIO(self.data))
        if self.data.startswith(JPEG_2000):
            return Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(self.data))
        if self.data.startswith(b"icns"):
            return IcnsImagePlugin.IcnsFile(io.BytesIO(self.data)).getimage()
        return _bitmap(self)


def largest_of_ico(data: bytes) -> Frame:
    """The largest picture of an `.ico`, the deepest of equals. Raises ValueError for none.

    A file that ends before its last picture does is no better than one that ends in it.
    """
    return _largest(_of_ico(data))


def largest_of_icns(data: bytes) -> Frame:
    """The largest picture of an `.icns`. Raises ValueError for none."""
    frames = list(_of_icns(data))
    if frames:
        return _largest(iter(frames))
    # None but the formats of old, which are 128 pixels at most by their definition.
    width, height, scale = IcnsImagePlugin.IcnsFile(io.BytesIO(data)).bestsize()
    return Frame(width * scale, height * scale, 32, data)


def _largest(frames: Iterator[Frame]) -> Frame:
    found = max(frames, key=lambda f: (f.width * f.height, f.depth), default=None)
    if found is None:
        raise ValueError("there is no picture inside")
    return found


def _of_ico(data: bytes) -> Iterator[Frame]:
    (count,) = struct.unpack_from("<H", data, 4)
    for index in range(min(count, (len(data) - 6) // 16)):
        size, offset = struct.unpack_from("<II", data, 6 + 16 * index + 8)
        if offset + size > len(data):
            raise ValueError("the file is cut short")
        frame = _measured(data[offset : offset + size])
        if frame is not None:
            yield frame


def _of_icns(data: bytes) -> Iterator[Frame]:
    if struct.unpack_from(">I", data, 4)[0] > len(data):
        raise ValueError("the file is cut short")
    at = 8
    while at + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, at + 4)
        part = data[at + 8 : at + max(size, 8)]
        if part.startswith((PNG, *JPEG_2000)) and (frame := _measured(part)) is not None:
            yield frame
        at += max(size, 8)


def _measured(data: bytes) -> Frame | None:
    if data.startswith(PNG) and len(data) >= 33:
        width, height, depth = struct.unpack_from(">IIB", data, 16)
        return Frame(width, height, depth, data)
    if data.startswith(JPEG_2000):
        return Frame(*Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data)).size, 32, data)
    if len(data) < 40 or data.startswith(PNG):
        return None
    header, width, height, _, depth = struct.unpack_from("<IiiHH", data)
    if header < 40 or not (0 < width <= LARGEST_BITMAP and 0 < height <= 2 * LARGEST_BITMAP):
        return None
    return Frame(width, height // 2, depth, data)


def _bitmap(frame: Frame) -> Image.Image:
    # An icon with this picture alone, because the mask behind the pixels needs its own reader.
    entry = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, frame.depth, len(frame.data), 22)
    icon = struct.pack("<HHH", 0, 1, 1) + entry + frame.data
    return IcoImagePlugin.IcoFile(io.BytesIO(icon)).frame(0)
