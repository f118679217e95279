"""What drawn pictures are held against: sources, an exact resampling in light, and a distance."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.float64]

GROUNDS = (255, 0, 128)


# ---- Sources -----------------------------------------------------------------------------------


def logo(side: int, hidden: tuple[int, int, int] = (0, 0, 0), margin: float = 0.06) -> Image.Image:
    """A disc with a letter and thin rays, RGBA; `hidden` is the colour where alpha is 0."""
    return _logo(side, hidden, margin).copy()


@lru_cache
def _logo(side: int, hidden: tuple[int, int, int], margin: float) -> Image.Image:
    large = side * 4
    image = Image.new("RGBA", (large, large))
    draw = ImageDraw.Draw(image)
    draw.ellipse([margin * large, margin * large, (1 - margin) * large, (1 - margin) * large], BLUE)
    draw.polygon([(x * large, y * large) for x, y in LETTER], "white")
    for ray in range(14):
        x = (0.5 + 0.03 * ray) * large
        colour = (255, 205, 40) if ray % 2 else (210, 30, 60)
        draw.line([x, 0.62 * large, x, 0.86 * large], colour, max(1, int(0.006 * large)))
    image = image.convert("RGBa").reduce(4).convert("RGBA")
    out = Image.new("RGBA", image.size, (*hidden, 0))
    out.paste(image, (0, 0), image.getchannel("A").point([0] + [255] * 255))
    return out


BLUE = (20, 110, 230)
LETTER = (
    *[(0.30, 0.22), (0.72, 0.22), (0.72, 0.34), (0.44, 0.34), (0.44, 0.45)],
    *[(0.64, 0.45), (0.64, 0.57), (0.44, 0.57), (0.44, 0.80), (0.30, 0.80)],
)


def opaque(side: int) -> Image.Image:
    """The logo on a gradient, RGB."""
    across = np.linspace(0, 255, side).astype("u1")
    bands = np.broadcast_arrays(across[None, :], across[:, None], np.full((1, 1), 120, "u1"))
    image = Image.fromarray(np.stack(bands, -1))
    mark = logo(side)
    image.paste(mark, (0, 0), mark)
    return image


def photo(side: int) -> Image.Image:
    """Soft colours under noise of four sizes, RGB."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:side, 0:side] / side
    value = np.stack(
        [0.5 + 0.5 * np.sin(6 * x + 3 * y), 0.5 + 0.5 * np.cos(5 * y - 2 * x), 0.6 * x + 0.4 * y],
        -1,
    )
    for block, strength in ((1, 0.05), (4, 0.08), (16, 0.10), (64, 0.10)):
        noise = random.standard_normal((-(-side // block), -(-side // block), 3))
        value += strength * np.repeat(np.repeat(noise, block, 0), block, 1)[:side, :side]
    return Image.fromarray((np.clip(value, 0, 1) * 255).astype("u1"))


# ---- The exact drawing -------------------------------------------------------------------------


def in_light(image: Image.Image, side: int) -> Pixels:
    """A square picture at `side` pixels: Lanczos3 on floats, in linear light, premultiplied.

    Straight RGBA from 0 to 255 again, not rounded.
    """
    values = np.asarray(image.convert("RGBA"), float) / 255
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    share = values[..., 3:]
    weights = _lanczos(image.width, side)
    small = np.concatenate([light[..., :3] * share, share], -1)
    small = np.tensordot(weights, np.tensordot(weights, small, (1, 0)), (1, 1)).swapaxes(0, 1)
    share = np.clip(small[..., 3:], 0, 1)
    light = np.clip(np.where(share > 1e-4, small[..., :3] / np.maximum(share, 1e-4), 0), 0, 1)
    values = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.concatenate([values, share], -1) * 255)


@lru_cache
def _lanczos(length: int, side: int) -> Pixels:
    scale = length / side
    centres = (np.arange(side) + 0.5) * scale
    away = ((np.arange(length) + 0.5)[None] - centres[:, None]) / max(scale, 1)
    weights = np.where(np.abs(away) < 3, np.sinc(away) * np.sinc(away / 3), 0)
    return np.asarray(weights / weights.sum(1, keepdims=True))


# ---- The distance ------------------------------------------------------------------------------


def decibels(one: Image.Image | Pixels, other: Image.Image | Pixels) -> float:
    """How near two pictures are, as PSNR over white, black and grey grounds; inf when equal."""
    errors = [np.mean((_over(one, ground) - _over(other, ground)) ** 2) for ground in GROUNDS]
    mean = float(np.mean(errors))
    return 10 * math.log10(255**2 / mean) if mean else math.inf


def _over(picture: Image.Image | Pixels, ground: int) -> Pixels:
    pixels = np.asarray(picture, float)
    if pixels.shape[-1] == 3:
        return pixels
    share = pixels[..., 3:] / 255
    return np.asarray(pixels[..., :3] * share + ground * (1 - share))
