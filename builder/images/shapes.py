"""The shapes that systems cut icons to, as masks of any size."""

from __future__ import annotations

import bisect
import functools
import math
from typing import Literal

from PIL import Image

Shape = Literal["circle", "squircle", "rounded", "square"]
Point = tuple[float, float]

SQUIRCLE = 5.0  # exponent of the superellipse that comes closest to Apple's tile
FINE = 8  # rows that an edge is drawn with in each row of pixels

# A corner of iOS, in its radii from the corner of the square: a curve that leaves the straight
# edge before a circle would. Three cubic curves, by start, two handles and end, each; the second
# half mirrors the first. Figures as measured on iOS's own icons.
RADIUS = 0.2237
CORNER: tuple[tuple[Point, Point, Point, Point], ...] = (
    ((1.52866, 0.0), (1.08849, 0.0), (0.86841, 0.0), (0.63149, 0.07491)),
    ((0.63149, 0.07491), (0.37282, 0.16906), (0.16906, 0.37282), (0.07491, 0.63149)),
    ((0.07491, 0.63149), (0.0, 0.86841), (0.0, 1.08849), (0.0, 1.52866)),
)


@functools.lru_cache(maxsize=64)
def mask(shape: Shape, size: int) -> Image.Image:
    """A square mask (mode L) of `size` pixels: 255 within the shape, which touches all four sides.

    It is shared by all who ask: to be read, never written to.
    """
    if shape == "square":
        return Image.new("L", (size, size), 255)
    return _mirrored(_quarter(shape, size), size)


def _quarter(shape: Shape, size: int) -> Image.Image:
    """The upper left quarter, with the middle row and column where the size is odd."""
    side = (size + 1) // 2
    rows = []
    for row in range(side * FINE):
        left = _left(shape, min((row + 0.5) / (FINE * size), 0.5)) * size
        empty = int(left)
        edge = bytes([round(255 * (empty + 1 - left))])
        rows.append((b"\0" * empty + edge + b"\xff" * side)[:side])
    return Image.frombytes("L", (side, side * FINE), b"".join(rows)).reduce((1, FINE))


def _mirrored(quarter: Image.Image, size: int) -> Image.Image:
    flip, side = Image.Transpose, quarter.width
    out = Image.new("L", (size, size))
    out.paste(quarter, (0, 0))
    out.paste(quarter.transpose(flip.FLIP_LEFT_RIGHT), (size - side, 0))
    lower = out.crop((0, 0, size, side)).transpose(flip.FLIP_TOP_BOTTOM)
    out.paste(lower, (0, size - side))
    return out


def _left(shape: Shape, y: float) -> float:
    """Where the shape begins `y` below its top, in the upper half of a square of side 1."""
    if shape == "rounded":
        return _left_of_corner(y / RADIUS) * RADIUS
    power = 2.0 if shape == "circle" else SQUIRCLE
    return 0.5 - 0.5 * math.pow(1 - math.pow(1 - 2 * y, power), 1 / power)


def _left_of_corner(y: float) -> float:
    points = _corner()
    after = bisect.bisect(points, (y, 0.0))
    if after == len(points):
        return 0.0
    (above, from_x), (below, to_x) = points[max(0, after - 1)], points[after]
    return from_x + (to_x - from_x) * (y - above) / (below - above) if below > above else from_x


@functools.cache
def _corner() -> list[Point]:
    """The corner as points (y, x), downwards."""
    points = [_on_curve(curve, step / 64) for curve in CORNER for step in range(65)]
    return sorted((y, x) for x, y in points)


def _on_curve(curve: tuple[Point, Point, Point, Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, curve, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, curve, strict=True))
    return x, y
