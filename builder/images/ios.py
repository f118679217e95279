"""iOS's other two icons, since iOS 18: one for a dark home screen, one that the system colours in.

iOS lays both on a dark ground of its own. The catalog names every size with its three appearances,
which is the only form of it that takes appearances and leaves the small sizes to us: from Xcode's
form for one size, Xcode would make them. That form wants a few sizes more than the classic one;
the files at one pixel a point, for iPads of long ago, stay and are no longer named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageChops

from builder.images import figure, slots
from builder.images.easel import Easel
from builder.images.slots import IOS_ICONS, Slot

CATALOG_PATH = f"{IOS_ICONS}/Contents.json"

POINTS = {
    "20x20": (2, 3),
    "29x29": (2, 3),
    "38x38": (2, 3),
    "40x40": (2, 3),
    "60x60": (2, 3),
    "64x64": (2, 3),
    "68x68": (2,),
    "76x76": (2,),
    "83.5x83.5": (2,),
    "1024x1024": (1,),
}
_SIZES = tuple((points, scale) for points, scales in POINTS.items() for scale in scales)

LIGHT, DARK, TINTED = (
    tuple(slots.ios(*size, look) for size in _SIZES) for look in ("", "-Dark", "-Tinted")
)
MORE: Sequence[Slot] = tuple(slot for slot in LIGHT if slot not in slots.IOS)

DIMMED = 0.6  # of the light of a photo, where there is no ground to turn dark


def catalog() -> str:
    """The catalog's `Contents.json`."""
    images = [
        *(_entry(slot, size) for slot, size in zip(LIGHT, _SIZES, strict=True)),
        *(_entry(slot, size, "dark") for slot, size in zip(DARK, _SIZES, strict=True)),
        *(_entry(slot, size, "tinted") for slot, size in zip(TINTED, _SIZES, strict=True)),
        # The App Store shows the ordinary one.
        {
            "filename": _name(LIGHT[-1]),
            "idiom": "ios-marketing",
            "scale": "1x",
            "size": _SIZES[-1][0],
        },
    ]
    content = {"images": images, "info": {"author": "xcode", "version": 1}}
    return json.dumps(content, indent=2) + "\n"


def _entry(slot: Slot, size: tuple[str, int], appearance: str = "") -> dict[str, Any]:
    points, scale = size
    seen = [{"appearance": "luminosity", "value": appearance}]
    return {
        **({"appearances": seen} if appearance else {}),
        "filename": _name(slot),
        "idiom": "universal",
        "platform": "ios",
        "scale": f"{scale}x",
        "size": points,
    }


def _name(slot: Slot) -> str:
    return slot.path.rpartition("/")[2]


def dark(easel: Easel, slot: Slot) -> Image.Image:
    """The art alone (RGBA), lightened where it would vanish; opaque art (RGB).

    A pale ground turns dark, be it a tile or all there is; a photo, which has none, is dimmed.
    """
    seen, art = easel.look, easel.draw(slot.size, frame=slot.frame)
    if easel.is_opaque:
        art = art.convert("RGB")
        if not seen.layers:
            return art.point(_DIM * 3)
        return _turned(art) if seen.is_on_pale else art
    if not seen.is_lost_at_night and not seen.is_on_pale:
        return art
    turned = _turned(art)
    turned.putalpha(art.getchannel("A"))
    return turned


def tinted(easel: Easel, slot: Slot) -> Image.Image:
    """The light of the art on black, mode L: as bright as it gets, for the tint to show."""
    seen, art = easel.look, easel.draw(slot.size, frame=slot.frame)
    if seen.is_dark:
        return figure.figure(seen, art, easel.extent(slot.frame))
    light = art.convert("L")
    if easel.is_opaque and seen.is_on_bright:
        return ImageChops.invert(light)
    brightened = light.point([min(255, round(v * 255 / seen.brightest)) for v in range(256)])
    return ImageChops.multiply(brightened, art.getchannel("A"))


def _turned(art: Image.Image) -> Image.Image:
    """Light made dark and dark made light, each colour keeping its hue."""
    red, green, blue = art.convert("RGB").split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    missing = ImageChops.invert(most)
    bands = [
        ImageChops.add(ImageChops.subtract(band, least), missing) for band in (red, green, blue)
    ]
    return Image.merge("RGB", bands)


_DIM = [round(value * DIMMED) for value in range(256)]
