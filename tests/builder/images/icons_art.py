"""Icons for tests, as people draw them: a letter, a disc, a tile, a scene."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from builder.images import shapes
from builder.images.picture import Picture

INK = (30, 80, 220)


def letter(side: int = 256, colour: tuple[int, int, int] = INK) -> Image.Image:
    """A letter on nothing, RGBA."""
    image = Image.new("RGBA", (side, side))
    _write(image, colour)
    return image


def on(shape: shapes.Shape, side: int = 256, colour: tuple[int, int, int] = INK) -> Image.Image:
    """A white letter on a filled shape, RGBA."""
    image = Image.new("RGBA", (side, side))
    margin = side // 20
    part = side - 2 * margin
    image.paste((*colour, 255), (margin, margin), shapes.mask(shape, part))
    _write(image, (255, 255, 255))
    return image


def opaque(
    side: int = 256,
    ground: tuple[int, int, int] = (255, 255, 255),
    colour: tuple[int, int, int] = (10, 10, 10),
) -> Image.Image:
    """A letter on a plain ground, RGB."""
    image = Image.new("RGB", (side, side), ground)
    _write(image, colour)
    return image


def picture(
    image: Image.Image, *, format: str = "png", is_finished: bool = False, path: str = "icon.png"
) -> Picture:
    """An image as if it had been read from a file."""
    return Picture(image, *image.size, format, is_finished, "", Path(path))


def _write(image: Image.Image, colour: tuple[int, int, int]) -> None:
    side = image.width
    pen = ImageDraw.Draw(image)
    for box in ((0.32, 0.24, 0.46, 0.76), (0.32, 0.24, 0.7, 0.37), (0.32, 0.45, 0.62, 0.57)):
        pen.rectangle([round(part * side) for part in box], fill=colour)
