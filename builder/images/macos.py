"""macOS's icon tile: art on a rounded square of one colour, with the shadow that Apple's have."""

from __future__ import annotations

import functools

from PIL import Image, ImageChops, ImageFilter

from builder.images import framing, measure, shapes
from builder.images.easel import Easel
from builder.images.scaling import Art
from builder.images.style import RGB, Style

# All of a canvas of 1024 pixels, as flet-platform-assets 1.0.5 has it after Apple's grid.
CANVAS = 1024
TILE = 824
SHADOW_BLUR = 11
SHADOW_DROP = 8
SHADOW_ALPHA = 64

COARSE = 4  # a blurred shadow is drawn that much smaller, which nobody can tell


def takes_tile(easel: Easel, style: Style) -> bool:
    """Whether the icon is laid on a tile; else it is one already, or is to stay as it is."""
    if style.macos_style != "auto":
        return style.macos_style == "grid"
    if easel.picture.is_finished:
        return False
    if style.flet_way:
        return not measure.looks_shaped(easel.framed(framing.MACOS), discs=True)
    is_framed = easel.extent(framing.MACOS) < 1
    return not measure.looks_shaped(easel.picture.image, framed=is_framed)


class Tile:
    """The icon of a picture on a tile: composed once, for tile, art and shadow shrink together.

    A quick one is composed at its size.
    """

    def __init__(self, easel: Easel, colour: RGB) -> None:
        self._easel = easel
        self._colour = colour

    def draw(self, size: int) -> Image.Image:
        """The icon, RGBA, `size` pixels square."""
        if self._easel.quick:
            return self._at(self._easel.pixels(size))
        return self._icon if size == CANVAS else self._small.draw(size)

    @functools.cached_property
    def _icon(self) -> Image.Image:
        return self._at(CANVAS)

    @functools.cached_property
    def _small(self) -> Art:
        return Art(self._icon, linear=self._easel.linear)

    def _at(self, canvas: int) -> Image.Image:
        side = round(canvas * TILE / CANVAS)
        side -= (canvas - side) % 2  # as far from the left as from the right
        face = self._easel.draw(side, frame=framing.MACOS, background=self._colour)
        return _composed(face, canvas)


def _composed(face: Image.Image, canvas: int) -> Image.Image:
    corner = (canvas - face.width) // 2
    tile = face.convert("RGBA")
    tile.putalpha(shapes.mask("squircle", face.width))
    icon = Image.new("RGBA", (canvas, canvas))
    icon.putalpha(_shadow(canvas))
    icon.alpha_composite(tile, (corner, corner))
    return icon


@functools.lru_cache(maxsize=4)
def _shadow(canvas: int) -> Image.Image:
    """The alpha of the black shadow under the tile."""
    side = canvas // COARSE
    part = side / CANVAS
    tile = shapes.mask("squircle", round(TILE * part)).point(_FAINT)
    corner = (side - tile.width) // 2
    shadow = Image.new("L", (side, side))
    shadow.paste(tile, (corner, corner))
    shadow = shadow.filter(ImageFilter.GaussianBlur(SHADOW_BLUR * part))
    shadow = shadow.resize((canvas, canvas), Image.Resampling.BICUBIC)
    return ImageChops.offset(shadow, 0, round(SHADOW_DROP * canvas / CANVAS))


_FAINT = [round(alpha * SHADOW_ALPHA / 255) for alpha in range(256)]
