"""Draws the screens that pictures are seen on: a phone, a browser, a tab of it.

Every screen is drawn once, large, and kept: only the picture in it changes. Sizes are in logical
pixels unless they say otherwise; the pictures have `DENSITY` pixels for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from builder.images.letter import FONT
from builder.images.style import RGB

DENSITY = 2
PHONE = (154, 320)
BROWSER = (300, 200)
TABS = (148, 80)

System = Literal["android", "ios"]

PIXELS_PER_POINT: dict[System, float] = {"android": 280 / 360, "ios": 280 / 393}
"""Pixels of a drawn screen for each dp or pt of it: phones are 360 dp or 393 pt wide."""

PIXELS_PER_CSS_PIXEL = 0.5  # of a browser's window that is drawn: it is 1200 of them wide

CLOCK = "9:41"  # as on every phone that is shown to people

_SCREEN = (140, 308)  # of a phone
_TAB = (148, 36)
_LARGE = 4  # drawn so much larger and reduced: Pillow's own lines have no soft edges


def phone(picture: Image.Image, ground: RGB, system: System) -> Image.Image:
    """A phone that shows `picture` in the middle of its screen, at its size in pixels."""
    frame = _phone_frame(system, _is_dark(ground))
    left, top = (PHONE[0] - _SCREEN[0]) * DENSITY // 2, (PHONE[1] - _SCREEN[1]) * DENSITY // 2
    area = (left, top, left + _SCREEN[0] * DENSITY, top + _SCREEN[1] * DENSITY)
    return _in_frame(frame, area, picture, ground)


def browser(picture: Image.Image, ground: RGB, *, dark: bool) -> Image.Image:
    """A browser's window with `picture` in the middle of its page, at its size in pixels."""
    frame = _browser_frame(dark)
    area = (DENSITY, _BAR * DENSITY, (BROWSER[0] - 1) * DENSITY, (BROWSER[1] - 1) * DENSITY)
    return _in_frame(frame, area, picture, ground)


def tabs(icon: Image.Image) -> Image.Image:
    """A browser's tab, light and below it dark, with its `icon` of 16 logical pixels."""
    out = Image.new("RGBA", (TABS[0] * DENSITY, TABS[1] * DENSITY))
    for dark, top in ((False, 0), (True, (TABS[1] - _TAB[1]) * DENSITY)):
        out.paste(_tab_frame(dark), (0, top))
        place = (13 * DENSITY, top + (_TAB[1] - 16) * DENSITY // 2)
        out.alpha_composite(icon.convert("RGBA"), place)
    return out


def _in_frame(
    frame: tuple[Image.Image, Image.Image],
    area: tuple[int, int, int, int],
    picture: Image.Image,
    ground: RGB,
) -> Image.Image:
    """`frame` is what lies over the screen, and the mask of the screen below it."""
    over, mask = frame
    width, height = area[2] - area[0], area[3] - area[1]
    screen = Image.new("RGB", (width, height), ground)
    place = ((width - picture.width) // 2, (height - picture.height) // 2)
    screen.paste(picture, place, picture if picture.mode == "RGBA" else None)
    out = Image.new("RGBA", over.size)
    out.paste(screen, area[:2], mask.crop(area))
    out.alpha_composite(over)
    return out


def _is_dark(colour: RGB) -> bool:
    """Whether white signs are read better on it than black ones."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


# ---- the frames ------------------------------------------------------------------------------

_BODY = (24, 27, 32)
_RIM = (72, 79, 88)
_BAR = 34  # the bar on top of a browser's window
_RADIUS = 26  # of a phone's body

_Corners = tuple[bool, bool, bool, bool]  # upper left, upper right, lower right, lower left
_ALL: _Corners = (True, True, True, True)
_LOWER: _Corners = (False, False, True, True)


class _Pen:
    """Draws at `_LARGE` times the pixels, in logical pixels."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._scale = DENSITY * _LARGE
        # Premultiplied, as reducing wants it: all that is drawn is opaque, so it makes no odds.
        self._image = Image.new("RGBa", (size[0] * self._scale, size[1] * self._scale))
        self._draw = ImageDraw.Draw(self._image)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        radius: float,
        fill: RGB | None,
        *,
        corners: _Corners = _ALL,
    ) -> None:
        """A rounded box; without a `fill` it is a hole."""
        scaled = [value * self._scale for value in (left, top, right, bottom)]
        # The corners that Pillow is given lie inside the box.
        box = (scaled[0], scaled[1], scaled[2] - 1, scaled[3] - 1)
        colour = (*fill, 255) if fill else (0, 0, 0, 0)
        self._draw.rounded_rectangle(box, radius * self._scale, fill=colour, corners=corners)

    def dot(self, x: float, y: float, radius: float, fill: RGB) -> None:
        self.box(x - radius, y - radius, x + radius, y + radius, radius, fill)

    def shape(self, points: list[tuple[float, float]], fill: RGB) -> None:
        scaled = [(x * self._scale, y * self._scale) for x, y in points]
        self._draw.polygon(scaled, fill=(*fill, 255))

    def slice(
        self, x: float, y: float, radius: float, angles: tuple[float, float], fill: RGB
    ) -> None:
        """A piece of a cake with its tip at `x`, `y`; degrees, 0 is to the right."""
        box = [value * self._scale for value in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.pieslice(box, *angles, fill=(*fill, 255))

    def line(self, x: float, y: float, to_x: float, to_y: float, width: float, fill: RGB) -> None:
        """A line with round ends."""
        scaled = [value * self._scale for value in (x, y, to_x, to_y)]
        self._draw.line(scaled, fill=(*fill, 255), width=round(width * self._scale))
        for end_x, end_y in ((x, y), (to_x, to_y)):
            self.dot(end_x, end_y, width / 2, fill)

    def words(self, x: float, y: float, text: str, size: float, fill: RGB) -> None:
        """A line of text that begins at `x` and has its middle at `y`."""
        font = ImageFont.truetype(FONT, size * self._scale)
        self._draw.text((x * self._scale, y * self._scale), text, (*fill, 255), font, "lm")

    def done(self) -> Image.Image:
        return self._image.reduce(_LARGE).convert("RGBA")


@lru_cache(maxsize=8)
def _phone_frame(system: System, is_dark: bool) -> tuple[Image.Image, Image.Image]:
    width, height = PHONE
    edge = (width - _SCREEN[0]) / 2
    top = (height - _SCREEN[1]) / 2
    screen = (edge, top, width - edge, height - top)
    pen = _Pen(PHONE)
    _buttons(pen, system)
    pen.box(2, 0, width - 2, height, _RADIUS, _RIM)
    pen.box(3, 1, width - 3, height - 1, _RADIUS - 1, _BODY)
    pen.box(*screen, _RADIUS - 5, None)
    ink = (255, 255, 255) if is_dark else (20, 24, 29)
    _STATUS[system](pen, ink)
    return pen.done(), _mask(PHONE, screen, _RADIUS - 5)


def _mask(
    size: tuple[int, int],
    screen: tuple[float, float, float, float],
    radius: float,
    corners: _Corners = _ALL,
) -> Image.Image:
    """Where a screen is, and half a pixel beyond: the frame over it has the soft edge."""
    mask = Image.new("L", (size[0] * DENSITY, size[1] * DENSITY))
    left, top, right, bottom = (value * DENSITY for value in screen)
    box = (left - 1, top - 1, right, bottom)
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle(box, (radius + 0.5) * DENSITY, fill=255, corners=corners)
    return mask


def _buttons(pen: _Pen, system: System) -> None:
    right = PHONE[0]
    if system == "android":
        for top, bottom in ((76, 92), (104, 136)):
            pen.box(right - 4, top, right - 1, bottom, 1, _RIM)
        return
    pen.box(right - 4, 96, right - 1, 134, 1, _RIM)
    for top, bottom in ((68, 78), (90, 110), (116, 136)):
        pen.box(1, top, 4, bottom, 1, _RIM)


def _android_status(pen: _Pen, ink: RGB) -> None:
    middle = PHONE[0] / 2
    pen.dot(middle, 14.5, 3.6, (8, 9, 11))
    pen.words(17, 15, CLOCK, 8.5, ink)
    right = PHONE[0] - 18
    _upright_battery(pen, right - 4, 10.5, ink)
    pen.shape([(right - 14, 18), (right - 7, 18), (right - 7, 11)], ink)
    _fan(pen, right - 20.5, 18.2, 7.2, ink)
    pen.box(middle - 20, PHONE[1] - 13, middle + 20, PHONE[1] - 11.2, 0.9, ink)


def _ios_status(pen: _Pen, ink: RGB) -> None:
    middle = PHONE[0] / 2
    pen.box(middle - 22, 12, middle + 22, 25, 6.5, (8, 9, 11))
    pen.words(20, 18.6, CLOCK, 9, ink)
    right = PHONE[0] - 19
    pen.box(right - 12, 15.5, right - 1.6, 21, 1.6, ink)
    pen.box(right - 0.9, 17.2, right, 19.3, 0.4, ink)
    _fan(pen, right - 17.5, 21.4, 6, ink)
    middle = PHONE[0] / 2
    pen.box(middle - 25, PHONE[1] - 12.6, middle + 25, PHONE[1] - 10.4, 1.1, ink)


_STATUS: dict[System, Callable[[_Pen, RGB], None]] = {
    "android": _android_status,
    "ios": _ios_status,
}


def _fan(pen: _Pen, x: float, y: float, radius: float, ink: RGB) -> None:
    """The sign for a wireless network."""
    pen.slice(x, y, radius, (-135, -45), ink)


def _upright_battery(pen: _Pen, x: float, y: float, ink: RGB) -> None:
    pen.box(x + 1.1, y, x + 2.9, y + 1.6, 0.4, ink)
    pen.box(x, y + 0.9, x + 4, y + 7.7, 0.8, ink)


@lru_cache(maxsize=2)
def _browser_frame(dark: bool) -> tuple[Image.Image, Image.Image]:
    width, height = BROWSER
    rim, bar, field, ink = _browser_colours(dark)
    pen = _Pen(BROWSER)
    pen.box(0, 0, width, height, 11, rim)
    pen.box(1, 1, width - 1, height - 1, 10, bar)
    for number, colour in enumerate(((236, 106, 94), (244, 191, 79), (97, 197, 84))):
        pen.dot(16 + 13 * number, _BAR / 2, 4, colour)
    _arrows(pen, 62, _BAR / 2, ink)
    pen.box(96, 8, width - 40, _BAR - 8, 9, field)
    _padlock(pen, 107, _BAR / 2, ink)
    pen.box(116, _BAR / 2 - 1.5, 190, _BAR / 2 + 1.5, 1.5, ink)
    for dot in (-4.5, 0, 4.5):
        pen.dot(width - 20, _BAR / 2 + dot, 1.2, ink)
    page = (1, _BAR, width - 1, height - 1)
    pen.box(1, _BAR - 1, width - 1, _BAR, 0, rim)
    pen.box(*page, 10, None, corners=_LOWER)
    return pen.done(), _mask(BROWSER, page, 10, _LOWER)


def _browser_colours(dark: bool) -> tuple[RGB, RGB, RGB, RGB]:
    """The rim, the bar, the field for the address, and the signs."""
    if dark:
        return (58, 66, 76), (35, 41, 49), (22, 27, 33), (146, 156, 167)
    return (205, 211, 218), (238, 240, 244), (255, 255, 255), (126, 136, 147)


def _arrows(pen: _Pen, x: float, y: float, ink: RGB) -> None:
    pen.line(x + 3, y - 4, x - 1, y, 1.4, ink)
    pen.line(x - 1, y, x + 3, y + 4, 1.4, ink)
    pen.line(x + 16, y - 4, x + 20, y, 1.4, ink)
    pen.line(x + 20, y, x + 16, y + 4, 1.4, ink)


def _padlock(pen: _Pen, x: float, y: float, ink: RGB) -> None:
    steps = [math.pi * step / 12 for step in range(13)]
    arc = [(x + 2 * math.cos(step), y - 1 - 2.4 * math.sin(step)) for step in steps]
    for (from_x, from_y), (to_x, to_y) in pairwise(arc):
        pen.line(from_x, from_y, to_x, to_y, 1, ink)
    pen.box(x - 3, y - 1, x + 3, y + 4, 1, ink)


@lru_cache(maxsize=2)
def _tab_frame(dark: bool) -> Image.Image:
    width, height = _TAB
    rim, bar, _, ink = _browser_colours(dark)
    middle = height / 2
    pen = _Pen(_TAB)
    pen.box(0, 0, width, height, 10, rim)
    pen.box(0.5, 0.5, width - 0.5, height - 0.5, 9.5, bar if dark else (255, 255, 255))
    pen.box(38, middle - 1.75, 104, middle + 1.75, 1.75, ink)
    for rise in (-3, 3):
        pen.line(width - 20, middle - rise, width - 14, middle + rise, 1.3, ink)
    return pen.done()
