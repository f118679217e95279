"""Tells the figure of an icon from the ground it stands on: the F from the disc around it.

Systems that colour icons in themselves take one picture in one tone. Of a logo that is a filled
disc, a tile or wholly opaque, its silhouette says nothing; what stands on it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps

from builder.images.style import RGB

SIDE = 64  # pixels, about, that the art takes when it is looked at
SOLID = 250  # alpha from which a pixel has its own colour, untouched by a soft edge
RIM = 5  # pixels, twice over: how wide the rim is on which the ground is looked for

DOTS = 100  # places, at most, of the rim that are asked for their colour
TILE_FILL = 0.7  # of its box: what fills more is a ground with something on it
ALIKE = 40  # levels of a channel within which a colour is still the ground's
EVEN = 0.7  # of the rim: so much must be alike, else there is no ground
EDGE = (0.55, 1.1)  # around the threshold: where the figure begins, and where it is full
SHADE = 102  # alpha that the darkest part of a silhouette keeps
FEWEST = (0.02, 0.1)  # of what is visible, layer by layer: less is a detail, no figure
MOST = 0.8  # of what is visible: more is all there is
DARK = 70  # levels of light: all below would vanish on a dark ground
BRIGHT = 140  # levels of light from which a ground is a bright one


@dataclass(frozen=True)
class Ground:
    """A colour that may change evenly: in the middle, and its growth to the right and bottom."""

    middle: tuple[float, ...]
    across: tuple[float, ...]
    down: tuple[float, ...]

    def at(self, x: float, y: float) -> RGB:
        """The colour at a place, from -1 (left, top) to 1."""
        red, green, blue = (
            min(255, max(0, round(middle + across * x + down * y)))
            for middle, across, down in zip(self.middle, self.across, self.down, strict=True)
        )
        return red, green, blue

    def painted(self, side: int) -> Image.Image:
        """The ground alone, RGB."""
        corners = Image.new("RGB", (2, 2))
        corners.putdata([self.at(x, y) for y in (-1, 1) for x in (-1, 1)])
        return corners.resize((side, side), Image.Resampling.BILINEAR, box=(0.5, 0.5, 1.5, 1.5))


@dataclass(frozen=True)
class Layer:
    """A ground, and from how many levels of difference on something stands on it."""

    ground: Ground
    threshold: int


@dataclass(frozen=True)
class Look:
    """What was seen of an icon.

    `layers`: what the figure stands on, outermost first; a disc on a coloured square makes two.
    `is_solid`: the silhouette says nothing; `is_opaque`: there is none. `darkest` and `brightest`
    are the light (0 to 255) of all but a few of the visible pixels, `figure` is that of most of the
    figure, 0 where no layer tells it.
    """

    layers: Sequence[Layer]
    is_solid: bool
    is_opaque: bool
    darkest: int
    brightest: int
    figure: int = 0

    @property
    def is_dark(self) -> bool:
        """Whether all of it would vanish on a dark ground."""
        return self.brightest < DARK

    @property
    def is_lost_at_night(self) -> bool:
        """Whether nothing that matters would be seen on a dark ground."""
        return self.is_dark and self.figure < DARK

    @property
    def is_on_bright(self) -> bool:
        """Whether the figure stands on a bright ground."""
        return bool(self.layers) and _light(self._ground) > BRIGHT

    @property
    def is_on_pale(self) -> bool:
        """Whether that is so bright that it is dark when light and dark change places."""
        if not self.is_on_bright:
            return False
        return _light(self._ground) + 255 - max(self._ground) - min(self._ground) < DARK

    @property
    def _ground(self) -> RGB:
        return self.layers[0].ground.at(0, 0)


def look(art: Image.Image) -> Look:
    """Look at an icon: RGBA and square, the art about `SIDE` pixels large on it."""
    visible = art.getchannel("A").point(_ABOVE_SOLID)
    light = art.convert("L")
    counts = light.histogram(visible)
    darkest, brightest = _level(counts, 0.05), _level(counts, 0.95)
    is_solid, is_opaque = _fills_box(visible), visible.getextrema() == (255, 255)
    layers, left = _layers(art, visible)
    figure = _level(light.histogram(left), 0.5) if layers else 0
    return Look(layers, is_solid, is_opaque, darkest, brightest, figure)


def _layers(art: Image.Image, visible: Image.Image) -> tuple[tuple[Layer, ...], Image.Image]:
    """The layers, and what is left of the visible pixels when they are taken away."""
    layers: tuple[Layer, ...] = ()
    for fewest in FEWEST:
        ground = _ground(art, visible) if _fills_box(visible) else None
        if ground is None:
            break
        distance = _distance(art, ground.painted(art.width))
        counts = distance.histogram(visible)
        threshold = _threshold(counts)
        if not fewest <= sum(counts[threshold:]) / max(1, sum(counts)) <= MOST:
            break
        layers = (*layers, Layer(ground, threshold))
        visible = ImageChops.multiply(visible, distance.point(_ramp(threshold - 1, threshold)))
    return layers, visible


def figure(seen: Look, art: Image.Image, extent: float = 1.0) -> Image.Image:
    """The figure of the same icon as an alpha (mode L), as large as `art`: RGBA and square.

    `extent` is how large the art is drawn on its canvas.
    """
    alpha = art.getchannel("A")
    for layer in seen.layers:
        distance = _distance(art, _behind(layer.ground, art.width, extent))
        begin, full = (round(layer.threshold * part) for part in EDGE)
        alpha = ImageChops.multiply(distance.point(_ramp(begin, full)), alpha)
    if not seen.layers and seen.is_solid and seen.brightest - seen.darkest > ALIKE:
        least = 0 if seen.is_opaque else SHADE
        light = art.convert("L").point(_ramp(seen.darkest, seen.brightest, least))
        return ImageChops.multiply(light, alpha)
    return alpha


def _behind(ground: Ground, side: int, extent: float) -> Image.Image:
    """The ground on a canvas on which the art, and its ground with it, is drawn smaller."""
    part = min(side, round(side * extent) + 2)  # a soft edge must not fall off it
    painted = Image.new("RGB", (side, side))
    painted.paste(ground.painted(part), ((side - part) // 2, (side - part) // 2))
    return painted


def _fills_box(visible: Image.Image) -> bool:
    box = visible.getbbox()
    if box is None:
        return False
    area = (box[2] - box[0]) * (box[3] - box[1])
    return visible.histogram()[255] >= TILE_FILL * area


def _ground(art: Image.Image, visible: Image.Image) -> Ground | None:
    """The colour of the rim, where most of the rim agrees."""
    rim = _rim(art, visible)
    if not rim:
        return None
    first = _fitted(rim)
    alike = [dot for dot in rim if _differs(dot.colour, first.at(dot.x, dot.y)) < 2 * ALIKE]
    second = _fitted(alike) if alike else first
    agree = sum(_differs(dot.colour, second.at(dot.x, dot.y)) < ALIKE for dot in rim)
    return second if agree >= EVEN * len(rim) else None


@dataclass(frozen=True)
class _Dot:
    x: float
    y: float
    colour: RGB


def _rim(art: Image.Image, visible: Image.Image) -> list[_Dot]:
    """What is visible within a few pixels of the outline, or a part of it that is enough."""
    grown = ImageOps.expand(visible, RIM)
    inner = ImageOps.crop(grown.filter(ImageFilter.MinFilter(RIM)), RIM)
    rim = ImageChops.subtract(visible, inner).tobytes()
    colours = art.convert("RGB").tobytes()
    half = (art.width - 1) / 2
    places = [index for index, value in enumerate(rim) if value]
    return [
        _Dot(
            index % art.width / half - 1,
            index // art.width / half - 1,
            (colours[3 * index], colours[3 * index + 1], colours[3 * index + 2]),
        )
        for index in places[:: 1 + len(places) // DOTS]
    ]


def _fitted(dots: Sequence[_Dot]) -> Ground:
    """The evenly changing colour that comes closest: a rim lies about evenly around its middle."""
    count = len(dots)
    middle_x, middle_y = sum(dot.x for dot in dots) / count, sum(dot.y for dot in dots) / count
    spread_x = sum((dot.x - middle_x) ** 2 for dot in dots) + 1
    spread_y = sum((dot.y - middle_y) ** 2 for dot in dots) + 1
    middle, across, down = [], [], []
    for band in range(3):
        mean = sum(dot.colour[band] for dot in dots) / count
        to_right = sum((dot.x - middle_x) * (dot.colour[band] - mean) for dot in dots) / spread_x
        to_bottom = sum((dot.y - middle_y) * (dot.colour[band] - mean) for dot in dots) / spread_y
        middle.append(mean - to_right * middle_x - to_bottom * middle_y)
        across.append(to_right)
        down.append(to_bottom)
    return Ground(tuple(middle), tuple(across), tuple(down))


def _threshold(counts: Sequence[int]) -> int:
    """Half way between what is near to the ground and what is far from it, never within `ALIKE`."""
    threshold, before = ALIKE, -1
    for _ in range(8):  # by then it stands
        if threshold == before:
            break
        near, far = _mean(counts, 0, threshold), _mean(counts, threshold, len(counts))
        threshold, before = max(ALIKE, round((near + far) / 2)), threshold
    return threshold


def _mean(counts: Sequence[int], start: int, end: int) -> float:
    number = sum(counts[start:end])
    return sum(value * counts[value] for value in range(start, end)) / number if number else start


def _distance(art: Image.Image, ground: Image.Image) -> Image.Image:
    """The largest difference of a channel, pixel by pixel."""
    red, green, blue = ImageChops.difference(art.convert("RGB"), ground).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _differs(one: RGB, other: RGB) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def _light(colour: RGB) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def _level(counts: Sequence[int], share: float) -> int:
    """The value below which that share of all lies."""
    wanted, seen = sum(counts) * share, 0
    for value, count in enumerate(counts):
        seen += count
        if seen and seen >= wanted:
            return value
    return 0


def _ramp(start: int, end: int, least: int = 0) -> list[int]:
    """A table: `least` up to `start`, 255 from `end` on."""
    span = max(1, end - start)
    parts = [min(1.0, max(0.0, (value - start) / span)) for value in range(256)]
    return [round(least + (255 - least) * part) for part in parts]


_ABOVE_SOLID = [0] * SOLID + [255] * (256 - SOLID)
