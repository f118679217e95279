"""Pictures in linear light: what one averages where a small icon must keep its brightness.

A grey value of 128 sends out a fifth of the light of 255, not half of it. Averaged as numbers, thin
bright lines on a dark ground fade as they get small; averaged as light they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from PIL import Image, ImageMath

from builder.images.style import RGB

Box = tuple[float, float, float, float]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]

_FULL = 65535


def light_of(value: float) -> float:
    """How much light, 0 to 1, an sRGB value from 0 to 1 sends out (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _values() -> bytes:
    """The sRGB value, rounded, for each of 65,536 steps of light."""
    last = [int(light_of((value + 0.5) / 255) * _FULL) for value in range(255)] + [_FULL]
    lengths = [a - b for a, b in zip(last, [-1, *last], strict=False)]
    return b"".join(bytes([value]) * length for value, length in enumerate(lengths))


_LIGHT = [light_of(value / 255) for value in range(256)]
_SHARE = [value / 255 for value in range(256)]
_VALUES = _values()


@dataclass(frozen=True)
class Light:
    """Red, green and blue light, and where there is alpha, each times alpha: 0 to 1, mode F.

    It is reduced, padded and resized like a picture, all bands alike.
    """

    colours: Sequence[Image.Image]
    alpha: Image.Image | None = None

    @classmethod
    def of(cls, image: Image.Image, factor: Pair) -> Light:
        """The light of an RGB or RGBA picture, each side divided by `factor`."""
        bands = image.split()
        light = (band.point(_LIGHT, "F") for band in bands[:3])
        if len(bands) < 4:
            return cls([band.reduce(factor) for band in light])
        alpha = bands[3].point(_SHARE, "F")
        return cls([_times(band, alpha).reduce(factor) for band in light], alpha.reduce(factor))

    @property
    def size(self) -> Pair:
        """Width and height in pixels."""
        return self.colours[0].size

    def reduce(self, factor: Pair) -> Light:
        """Each block of `factor` pixels as one."""
        return self._each(lambda band: band.reduce(factor))

    def padded(self, sides: Sides) -> Light:
        """With so many empty pixels at the left, top, right and bottom."""
        return self._each(lambda band: padded(band, sides))

    def resize(self, size: Pair, resample: Image.Resampling, box: Box) -> Light:
        """What `box` holds, as `size` pixels."""
        return self._each(lambda band: band.resize(size, resample, box))

    def picture(self, background: RGB | None) -> Image.Image:
        """The picture again: RGBA where something shines through, else RGB."""
        if self.alpha is None:
            return Image.merge("RGB", [_as_values(band) for band in self.colours])
        if background is not None:
            grounds = zip(self.colours, background, strict=True)
            on = [_over(band, self.alpha, _LIGHT[value]) for band, value in grounds]
            return Image.merge("RGB", [_as_values(band) for band in on])
        alpha = self.alpha.point(lambda share: share * 255 + 0.5).convert("L")
        straight = [_as_values(_divided(band, self.alpha)) for band in self.colours]
        return without_hidden(Image.merge("RGBA", [*straight, alpha]))

    def _each(self, change: Callable[[Image.Image], Image.Image]) -> Light:
        return Light([change(band) for band in self.colours], self.alpha and change(self.alpha))


def padded(image: Image.Image, sides: Sides) -> Image.Image:
    """The picture with so many empty pixels at the left, top, right and bottom."""
    left, top, right, bottom = sides
    out = Image.new(image.mode, (left + image.width + right, top + image.height + bottom))
    out.paste(image, (left, top))
    return out


def without_hidden(image: Image.Image) -> Image.Image:
    """An RGBA picture without the colours that nobody sees: black where alpha is 0."""
    seen = image.getchannel("A").point([0] + [255] * 255)
    out = Image.new("RGBA", image.size)
    out.paste(image, (0, 0), seen)
    return out


def _as_values(band: Image.Image) -> Image.Image:
    """Light as 8-bit sRGB. Pillow clips to 16 bits; its own tables end at 8."""
    steps = band.point(lambda light: light * _FULL + 0.5).convert("I").convert("I;16").tobytes()
    # Two pixels at least: of one, itemgetter gives no tuple.
    values = itemgetter(*memoryview(steps).cast("H"), 0)(_VALUES)
    return Image.frombytes("L", band.size, bytes(values[:-1]))


def _times(band: Image.Image, alpha: Image.Image) -> Image.Image:
    return _image(ImageMath.lambda_eval(lambda of: of["a"] * of["b"], a=band, b=alpha))


def _divided(band: Image.Image, alpha: Image.Image) -> Image.Image:
    return _image(ImageMath.lambda_eval(lambda of: of["a"] / of["b"], a=band, b=alpha))


def _over(band: Image.Image, alpha: Image.Image, ground: float) -> Image.Image:
    rest = alpha.point(lambda share: share * -ground + ground)
    return _image(ImageMath.lambda_eval(lambda of: of["a"] + of["b"], a=band, b=rest))


def _image(result: object) -> Image.Image:
    assert isinstance(result, Image.Image)
    return result
