"""Draws one picture at many sizes, each from the full picture, premultiplied.

A picture is prepared once: cut to what is visible, premultiplied, and reduced to smaller and
smaller ones as sizes need them. Each size is then one LANCZOS step from the smallest of these that
is still at least twice too large, straight to its place, in fractions of pixels: nothing is scaled
twice for the sake of its margin. Small sizes are drawn in light (`linear`).
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from builder.images.by_image import ByImage
from builder.images.linear import Box, Light, Pair, Sides, padded, without_hidden
from builder.images.style import RGB

LANCZOS, BICUBIC = Image.Resampling.LANCZOS, Image.Resampling.BICUBIC

# How many times too large a reduced picture must at least be: in light it costs next to nothing.
_GAP, _QUICK_GAP, _LIGHT_GAP = 2.0, 1.0, 3.0
_BORDER = 16  # empty pixels around a reduced picture: as far as LANCZOS reaches at twice the gap
_LIGHT_SIDE = 256  # the longest side, at least, of a picture in light; small ones come from it
_NEAR = 1e-6


class Art:
    """A picture made ready to be drawn many times.

    `image` (RGB or RGBA) must not be changed any more: what is prepared for it serves every Art of
    the same image, for as long as that lives. `quick` gives up some sharpness for speed: for
    previews that stand in for a moment. `linear` says up to which side in pixels light is averaged
    as light (0: never).
    """

    def __init__(self, image: Image.Image, *, quick: bool = False, linear: int = 64) -> None:
        self.image = image
        self.quick = quick
        self.linear = 0 if quick else linear
        self._prepared = _prepared.of(image)
        self._drawn: dict[_Wish, Image.Image] = {}

    @property
    def is_opaque(self) -> bool:
        """Whether no pixel lets anything through."""
        return self._prepared.is_opaque

    def draw(
        self,
        canvas: int,
        *,
        extent: float = 1.0,
        background: RGB | None = None,
        grid: int | None = None,
    ) -> Image.Image:
        """The picture centred on a square of `canvas` pixels.

        Its longest side is `extent` of the square, in fractions of pixels where need be; what is
        beyond the square is cut off. RGB with a `background`, else RGBA, transparent around it.
        With `grid` it lies on whole pixels of a square of so many instead. Equal arguments give the
        same object, which must not be changed.
        """
        wish = (canvas, extent, background, grid)
        if wish not in self._drawn:
            # Sets of other platforms share what is still there.
            there = self._prepared.drawn.get((self.quick, self.linear, *wish))
            drawn = self._draw(*wish) if there is None else there
            self._drawn[wish] = self._prepared.drawn[self.quick, self.linear, *wish] = drawn
        return self._drawn[wish]

    def _draw(
        self, canvas: int, extent: float, background: RGB | None, grid: int | None
    ) -> Image.Image:
        out = Image.new("RGBA" if background is None else "RGB", (canvas, canvas), background or 0)
        if place := self._prepared.place(canvas, extent, grid):
            art = self._part(place, canvas, background)
            mask = art if art.mode == "RGBA" and background is not None else None
            out.paste(art, (place.across.first, place.down.first), mask)
        return out

    def _part(self, place: _Place, canvas: int, background: RGB | None) -> Image.Image:
        """The part of the canvas where something may be seen: RGB or RGBA."""
        if place.is_exact:
            return self._prepared.cut(self.image, place)
        if canvas <= self.linear:
            return (
                self._prepared.light(self.image)
                .draw(place, LANCZOS, _LIGHT_GAP)
                .picture(background)
            )
        resample, gap = (BICUBIC, _QUICK_GAP) if self.quick else (LANCZOS, _GAP)
        return self._prepared.plain(self.image).draw(place, resample, gap).picture(background)


_Wish = tuple[int, float, RGB | None, int | None]


# ---- Where a picture lies ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Span:
    """One axis: `count` pixels of the canvas from `first` on show `low` to `high` of the picture.

    Beyond what is seen of the picture there is nothing, except where it is `flush`: where an edge
    of it lies on the edge of a pixel, and stays as sharp as it is.
    """

    first: int
    count: int
    low: float
    high: float
    flush: tuple[bool, bool]

    @property
    def scale(self) -> float:
        """Pixels of the picture for one of the canvas."""
        return (self.high - self.low) / self.count


@dataclass(frozen=True)
class _Place:
    """Both axes."""

    across: _Span
    down: _Span

    @property
    def is_exact(self) -> bool:
        """Whether each pixel of the canvas is a pixel of the picture."""
        return all(
            abs(span.scale - 1) < _NEAR and abs(span.low - round(span.low)) < _NEAR
            for span in (self.across, self.down)
        )


def _axis(
    length: int, longest: int, canvas: int, extent: float, grid: int | None
) -> tuple[float, float]:
    """Where a side of `length` begins on the canvas, and how much of it it takes."""
    drawn = canvas * extent * length / longest
    if grid is None and drawn >= 1:
        return (canvas - drawn) / 2, drawn
    # Never less than a pixel: a line stays a line.
    grid = grid or canvas
    whole = max(1, round(max(1, round(grid * extent)) * length / longest))
    return (grid - whole) // 2 * canvas / grid, whole * canvas / grid


def _span(begin: float, drawn: float, length: int, seen: Pair, canvas: int) -> _Span | None:
    """The pixels of the canvas that show something; None where all of it is beyond the canvas.

    `seen`: from where to where there is something in the `length` pixels of the picture.
    """
    scale = length / drawn
    first = max(0, math.floor(begin + seen[0] / scale + _NEAR))
    stop = min(canvas, math.ceil(begin + seen[1] / scale - _NEAR))
    if stop <= first:
        return None
    low, high = (first - begin) * scale, (stop - begin) * scale
    flush = (seen[0] == 0 and low > -_NEAR, seen[1] == length and high < length + _NEAR)
    return _Span(first, stop - first, low, high, flush)


# ---- What is prepared --------------------------------------------------------------------------


class _Layer(Protocol):
    """What can be reduced and drawn from: `_Plain` or `Light`."""

    @property
    def size(self) -> Pair: ...
    def reduce(self, factor: Pair) -> _Layer: ...
    def padded(self, sides: Sides) -> _Layer: ...
    def resize(self, size: Pair, resample: Image.Resampling, box: Box) -> _Layer: ...
    def picture(self, background: RGB | None) -> Image.Image: ...


@dataclass(frozen=True)
class _Plain:
    """A picture as it is, 8 bits a band: RGB, or RGBa (premultiplied)."""

    image: Image.Image

    @property
    def size(self) -> Pair:
        return self.image.size

    def reduce(self, factor: Pair) -> _Plain:
        return _Plain(self.image.reduce(factor))

    def padded(self, sides: Sides) -> _Plain:
        return _Plain(padded(self.image, sides))

    def resize(self, size: Pair, resample: Image.Resampling, box: Box) -> _Plain:
        return _Plain(self.image.resize(size, resample, box))

    def picture(self, background: RGB | None) -> Image.Image:
        return self.image if self.image.mode == "RGB" else self.image.convert("RGBA")


class _Levels:
    """The visible part of a picture, and reduced ones of it, each made when it is first needed.

    `corner`: its left and top in the picture; `factor`: by what it was reduced beforehand.
    """

    def __init__(self, full: _Layer, corner: Pair, factor: int) -> None:
        self._corner = corner
        self._factor = factor
        self._levels: dict[Pair, _Layer] = {(1, 1): full}
        self._padded: dict[tuple[Pair, Sides], _Layer] = {}

    def draw(self, place: _Place, resample: Image.Resampling, gap: float) -> _Layer:
        """The pixels of `place`, in one step."""
        across, down = place.across, place.down
        gap *= self._factor
        factor = (_largest_factor(across.scale / gap), _largest_factor(down.scale / gap))
        flush = (across.flush[0], down.flush[0], across.flush[1], down.flush[1])
        sides = _sides(flush)
        level = self._with_border(factor, sides)
        wide, high = factor[0] * self._factor, factor[1] * self._factor
        # Not the size of the level: its last pixel may stand for less than a whole block.
        box = (
            max(0.0, (across.low - self._corner[0]) / wide + sides[0]),
            max(0.0, (down.low - self._corner[1]) / high + sides[1]),
            min(level.size[0], (across.high - self._corner[0]) / wide + sides[0]),
            min(level.size[1], (down.high - self._corner[1]) / high + sides[1]),
        )
        return level.resize((across.count, down.count), resample, box)

    def _with_border(self, factor: Pair, sides: Sides) -> _Layer:
        if not any(sides):
            return self._level(factor)
        if (factor, sides) not in self._padded:
            self._padded[factor, sides] = self._level(factor).padded(sides)
        return self._padded[factor, sides]

    def _level(self, factor: Pair) -> _Layer:
        if factor not in self._levels:
            (wide, across), (high, down) = _step(factor[0]), _step(factor[1])
            self._levels[factor] = self._level((wide, high)).reduce((across, down))
        return self._levels[factor]


def _sides(flush: tuple[bool, bool, bool, bool]) -> Sides:
    left, top, right, bottom = (0 if is_flush else _BORDER for is_flush in flush)
    return left, top, right, bottom


def _largest_factor(most: float) -> int:
    """The largest of 1, 2, 3, 4, 6, 8, 12, … that is not above `most`."""
    power = 1 << max(0, math.floor(math.log2(most))) if most >= 2 else 1
    return power * 3 // 2 if power > 1 and power * 1.5 <= most else power


def _step(factor: int) -> Pair:
    """From which factor, and by what, the reduced picture of a factor is made."""
    if factor == 1:
        return 1, 1
    return (factor // 3, 3) if factor % 3 == 0 else (factor // 2, 2)


class _Prepared:
    """What is known and kept of an image; not the image itself, which is handed in."""

    def __init__(self, image: Image.Image) -> None:
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        self.size = image.size
        self.is_opaque = alpha is None or alpha.getextrema() == (255, 255)
        self._seen = alpha.getbbox() if alpha and not self.is_opaque else (0, 0, *image.size)
        self.drawn = weakref.WeakValueDictionary[tuple[bool, int, *_Wish], Image.Image]()
        self._plain: _Levels | None = None
        self._light: _Levels | None = None

    def place(self, canvas: int, extent: float, grid: int | None) -> _Place | None:
        """Where the picture lies; None where nothing of it is seen."""
        if self._seen is None:
            return None
        left, top, right, bottom = self._seen
        # An opaque picture has straight edges to keep sharp: whole pixels.
        grid = canvas if grid is None and self.is_opaque else grid
        spans = [
            _span(*_axis(length, max(self.size), canvas, extent, grid), length, seen, canvas)
            for length, seen in zip(self.size, [(left, right), (top, bottom)], strict=True)
        ]
        return _Place(spans[0], spans[1]) if spans[0] and spans[1] else None

    def cut(self, image: Image.Image, place: _Place) -> Image.Image:
        """The pixels of a place that is exact, as they are."""
        left, top = round(place.across.low), round(place.down.low)
        part = image.crop((left, top, left + place.across.count, top + place.down.count))
        return part if self.is_opaque else without_hidden(part)

    def plain(self, image: Image.Image) -> _Levels:
        """The levels for ordinary sizes."""
        if self._plain is None:
            part, corner = self._part(image)
            full = part if part.mode == "RGB" else part.convert("RGBa")
            self._plain = _Levels(_Plain(full), corner, 1)
        return self._plain

    def light(self, image: Image.Image) -> _Levels:
        """The levels for small sizes."""
        if self._light is None:
            part, corner = self._part(image)
            factor = 1 << max(0, math.floor(math.log2(max(self.size) / _LIGHT_SIDE)))
            self._light = _Levels(Light.of(part, (factor, factor)), corner, factor)
        return self._light

    def _part(self, image: Image.Image) -> tuple[Image.Image, Pair]:
        """What is visible, begun and ended where blocks of 8 do, and its left and top."""
        left, top, right, bottom = self._seen or (0, 0, 1, 1)
        box = (left & -8, top & -8, -(-right // 8) * 8, -(-bottom // 8) * 8)
        part = image.crop((*box[:2], min(box[2], image.width), min(box[3], image.height)))
        return part.convert("RGB") if self.is_opaque and part.mode != "RGB" else part, box[:2]


_prepared = ByImage(_Prepared)  # the six platforms share it
