"""Makes odd pictures for tests, small ones: what people and programs really leave in a folder."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

PNG = b"\x89PNG\r\n\x1a\n"
BLUE, RED = (20, 110, 230), (210, 30, 60)


def logo(side: int = 64) -> Image.Image:
    """A blue disc with a white bar on a transparent ground, RGBA."""
    big = Image.new("RGBA", (side * 4, side * 4))
    pen = ImageDraw.Draw(big)
    pen.ellipse([side * 0.24, side * 0.24, side * 3.76, side * 3.76], fill=(*BLUE, 255))
    pen.rectangle([side * 1.6, side, side * 2.4, side * 3], fill="white")
    return big.resize((side, side), Image.Resampling.BOX)


def opaque(side: int = 64) -> Image.Image:
    """The logo on white, RGB."""
    flat = Image.new("RGB", (side, side), "white")
    flat.paste(logo(side), (0, 0), logo(side))
    return flat


def quarters(width: int = 40, height: int = 20) -> Image.Image:
    """Red, green, blue and white, from the upper left in reading order: tells how it is turned."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    """The picture as the bytes of a file."""
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int,
    height: int,
    rows: Sequence[bytes],
    *,
    depth: int = 8,
    colour: int = 6,
    extra: bytes = b"",
) -> bytes:
    """A PNG written by hand: depths, colour types and chunks that Pillow does not write."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    body = chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return PNG + body


def png16(values: np.ndarray, *, extra: bytes = b"") -> bytes:
    """A PNG of 16 bits a channel from an array of height x width x channels (1, 3 or 4)."""
    height, width, channels = values.shape
    rows = [row.astype(">u2").tobytes() for row in values]
    colour = {1: 0, 3: 2, 4: 6}[channels]
    return png(width, height, rows, depth=16, colour=colour, extra=extra)


def bomb(side: int) -> bytes:
    """A small PNG whose header says that it has `side` x `side` pixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + side * 4)
    packed = b"".join(packer.compress(row) for _ in range(8)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def ico(entries: Sequence[tuple[int, int, bytes]]) -> bytes:
    """An `.ico` whose table says what it is told: width, height, the bytes of the picture."""
    table, at = struct.pack("<HHH", 0, 1, len(entries)), 6 + 16 * len(entries)
    for width, height, data in entries:
        table += struct.pack("<BBBBHHII", width % 256, height % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return table + b"".join(data for _, _, data in entries)


def icns(parts: Sequence[tuple[bytes, bytes]]) -> bytes:
    """An `.icns` of parts: their four letters and their bytes."""
    body = b"".join(kind + struct.pack(">I", len(data) + 8) + data for kind, data in parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def press_profile() -> bytes:
    """A colour profile for CMYK by which cyan ink prints red: whoever heeds it shows it so."""
    white, black, red = (255, 128, 128), (0, 128, 128), (136, 208, 195)  # L*a*b* in 8 bits
    corners = [
        black if key else red if cyan else white
        for cyan in (0, 1)
        for _ in range(4)  # magenta and yellow are left out
        for key in (0, 1)
    ]
    straight = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix
    table += straight * 4 + bytes(v for corner in corners for v in corner) + straight * 3
    table += bytes(-len(table) % 4)
    d50 = struct.pack(">3i", 63190, 65536, 54061)
    tags = [(b"A2B0", table), (b"wtpt", b"XYZ \0\0\0\0" + d50)]
    index, at = struct.pack(">I", len(tags)), 128 + 4 + 12 * len(tags)
    for name, data in tags:
        index += name + struct.pack(">II", at, len(data))
        at += len(data)
    head = struct.pack(">I4sI4s4s4s", at, b"none", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head += bytes(12) + b"acsp" + bytes(28) + d50 + bytes(48)
    return head + index + b"".join(data for _, data in tags)


def svg(inside: str, attributes: str = 'viewBox="0 0 100 100"') -> str:
    """A drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'


LOGO_SVG = svg('<circle cx="50" cy="50" r="44" fill="#146ee6"/>')
