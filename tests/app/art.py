"""Draws the pictures that tests of the face put into a project."""

from __future__ import annotations

import functools
import math
from pathlib import Path

from PIL import Image, ImageDraw

LARGE = 2  # drawn so much larger, for soft edges


def logo(path: Path, side: int = 1024, *, radius: float = 0.5, share: float = 0.9) -> Path:
    """Waves and a sun on a blue tile with see-through corners; `share` of the canvas is art."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _drawn(side, radius, share).save(path)
    return path


@functools.cache
def _drawn(side: int, radius: float, share: float) -> Image.Image:
    whole = side * LARGE
    shades = Image.linear_gradient("L").resize((whole, whole))
    blue = Image.composite(
        Image.new("RGB", (whole, whole), "#0C4C75"),
        Image.new("RGB", (whole, whole), "#0E8CBF"),
        shades,
    )
    mask = Image.new("L", (whole, whole))
    edge = whole * (1 - share) / 2
    box = (edge, edge, whole - edge, whole - edge)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius * share * whole, fill=255)
    draw = ImageDraw.Draw(blue)
    _sun(draw, whole, share)
    for number, colour in enumerate(("#BFDCEB", "#FFFFFF")):
        _wave(draw, whole, share, 0.52 + 0.14 * number, colour)
    out = Image.new("RGBA", (whole, whole))
    out.paste(blue, (0, 0), mask)
    return out.resize((side, side), Image.Resampling.LANCZOS)


def plain(path: Path, size: tuple[int, int] = (1024, 1024), colour: str = "#B3261E") -> Path:
    """One colour all over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


def _sun(draw: ImageDraw.ImageDraw, whole: int, share: float) -> None:
    x, y, radius = (0.5 + share * 0.1) * whole, (0.5 - share * 0.17) * whole, 0.075 * share * whole
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#FFB547")


def _wave(draw: ImageDraw.ImageDraw, whole: int, share: float, height: float, colour: str) -> None:
    width = 0.065 * share * whole
    for step in range(200):
        at = step / 199
        x = (0.5 + share * (at - 0.5) * 0.56) * whole
        y = (0.5 + share * (height - 0.5 - 0.045 * math.sin(at * 4 * math.pi))) * whole
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=colour)
