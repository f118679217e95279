"""Small pictures for tests of what is done with pictures."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

RED, BLUE = (200, 30, 40), (30, 60, 200)


def png(size: int, colour: tuple[int, int, int] = RED) -> bytes:
    """A round logo of one colour on nothing, as a PNG."""
    image = Image.new("RGBA", (size, size))
    ImageDraw.Draw(image).ellipse((0, 0, size - 1, size - 1), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
