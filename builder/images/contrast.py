"""How well one colour stands out from another, and a picture from its ground: WCAG 2's contrast."""

from __future__ import annotations

import re

from PIL import Image

from builder.images.linear import light_of
from builder.images.measure import VISIBLE
from builder.images.style import RGB

FAINT = 1.5  # contrast below which a shape is lost; text needs 4.5, shapes are seen much earlier
HUE = 90  # levels of red or green that tell equal lightness apart; blue is hardly seen (yellow)
FEW = 0.03  # of a part's area: when no more than that stands out, the part does not
SAMPLE = 64  # points in each direction at which a picture is looked at

_NOTHING, _LOST, _CLEAR = range(3)


def ratio(one: RGB, other: RGB) -> float:
    """From 1 (the same lightness) to 21 (black on white); text is read from 4.5 on."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: RGB) -> float:
    """How light a colour is, from 0 (black) to 1 (white): relative luminance, WCAG 2.2."""
    red, green, blue = colour
    return _RED[red] + _GREEN[green] + _BLUE[blue]


def share_lost(image: Image.Image, ground: RGB) -> float:
    """How much of what is visible of a picture (RGB or RGBA) is lost on a ground: 0.0 to 1.0.

    What counts are whole parts, such as the letters of a name: a dark tile with a bright letter is
    seen on a dark ground, though most of it is not.
    """
    parts = _parts(*_looked_at(image, ground))
    visible = sum(size for size, _ in parts)
    lost = sum(size for size, clear in parts if clear < FEW * size)
    return lost / visible if visible else 0.0


def _looked_at(image: Image.Image, ground: RGB) -> tuple[bytes, int]:
    """For a raster of points, by rows: nothing there, lost on the ground, or clear; and its width.

    Points, because an average of colours may be none of them.
    """
    side = (min(image.width, SAMPLE), min(image.height, SAMPLE))
    dots = image.convert("RGBA") if image.mode != "RGBA" else image
    dots = dots.resize(side, Image.Resampling.NEAREST)
    seen = Image.alpha_composite(Image.new("RGBA", side, (*ground, 255)), dots)
    seen.putalpha(dots.getchannel("A").point(_VISIBLE))
    colours, known = seen.tobytes(), dict[bytes, int]()
    marks = bytearray()
    for start in range(0, len(colours), 4):
        colour = colours[start : start + 4]
        if colour not in known:
            known[colour] = _mark(colour, ground)
        marks.append(known[colour])
    return bytes(marks), side[0]


def _mark(colour: bytes, ground: RGB) -> int:
    red, green, blue, alpha = colour
    if not alpha:
        return _NOTHING
    differs = max(abs(red - ground[0]), abs(green - ground[1])) >= HUE
    return _CLEAR if differs or ratio((red, green, blue), ground) >= FAINT else _LOST


def _parts(marks: bytes, width: int) -> list[tuple[int, int]]:
    """The parts that hang together: how many points each has, and how many of them are clear."""
    sizes: list[tuple[int, int]] = []  # of each run of a row
    joins: list[int] = []  # of each run: a later one that it hangs together with, else itself
    above: list[tuple[int, int, int]] = []  # the runs of a row: from, to, and the number
    for start in range(0, len(marks), width):
        row, here = marks[start : start + width], []
        for run in _RUN.finditer(row):
            (left, right), number = run.span(), len(sizes)
            sizes.append((right - left, row.count(_CLEAR, left, right)))
            joins.append(number)
            here.append((left, right, number))
            for begin, end, other in above:
                if begin <= right and left <= end:
                    joins[_last(joins, other)] = number
        above = here
    for number in reversed(range(len(sizes))):
        joins[number] = joins[joins[number]]
    parts = {number: (0, 0) for number in joins}
    for number, (size, clear) in zip(joins, sizes, strict=True):
        parts[number] = (parts[number][0] + size, parts[number][1] + clear)
    return list(parts.values())


def _last(joins: list[int], number: int) -> int:
    while joins[number] != number:
        number = joins[number]
    return number


_RUN = re.compile(rb"[\1\2]+")
_VISIBLE = [0] * (VISIBLE + 1) + [255] * (255 - VISIBLE)
_RED, _GREEN, _BLUE = (
    [weight * light_of(value / 255) for value in range(256)] for weight in (0.2126, 0.7152, 0.0722)
)
