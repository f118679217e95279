"""Makes the finished square picture that is saved: padded or cropped, on a background or none."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from builder.images import measure
from builder.images.picture import LARGEST, Picture
from builder.images.scaling import Art
from builder.images.style import RGB, Platform

Fit = Literal["pad", "crop"]

MOST_PADDING = 0.45  # more would leave less than a tenth of the canvas
SIZE = 1024  # pixels; the largest icon that any platform asks for

# The circle that every launcher leaves uncut, as a share of the canvas: 66 of the 108 dp of an
# adaptive icon (Android's design guide), the inner 80 % of a maskable icon (W3C manifest).
SAFE_ZONES: dict[Platform, float] = {"android": 66 / 108, "web": 0.8}


@dataclass(frozen=True)
class Finish:
    """How a picture is finished.

    `padding` is the share of the canvas that stays free on each side (0 to 0.45), `background`
    fills what is see-through, `fit` says what becomes of a picture that is not square: the canvas
    grows (`pad`), or the longer side is cut at both ends (`crop`).
    """

    padding: float = 0.0
    background: RGB | None = None
    fit: Fit = "pad"

    def __post_init__(self) -> None:
        if not 0 <= self.padding <= MOST_PADDING:  # also false for what is not a number
            raise ValueError(f"padding is {self.padding!r}, not 0 to {MOST_PADDING}")
        if self.background is not None and not _is_rgb(self.background):
            raise ValueError(f"background is {self.background!r}, not three numbers of 0 to 255")
        if self.fit not in ("pad", "crop"):
            raise ValueError(f"fit is {self.fit!r}, not pad or crop")


def finish(picture: Picture, how: Finish, *, size: int = SIZE, quick: bool = False) -> Image.Image:
    """The finished picture, a square of `size` pixels: RGB with a background, else RGBA.

    `quick`: as `scaling.Art`, for a slider that is being moved. It may be shared: to be read, never
    changed. Raises ValueError for a size that is not 1 to `LARGEST`.
    """
    if not 1 <= size <= LARGEST:
        raise ValueError(f"size is {size!r}, not 1 to {LARGEST}")
    image = _centre_square(picture.image) if how.fit == "crop" else picture.image
    art = Art(image, quick=quick)
    return art.draw(size, extent=1 - 2 * how.padding, background=how.background)


def as_picture(image: Image.Image, like: Picture) -> Picture:
    """A picture made of `like`, to be shown as if it were saved already."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    content = hashlib.sha256(f"{image.mode} {image.size} ".encode())
    content.update(image.tobytes())
    return replace(
        like, image=image, width=image.width, height=image.height, format="png",
        is_finished=False, digest=content.hexdigest(),
    )  # fmt: skip


def shrunk_to_safe_zone(picture: Picture, platform: Platform) -> Finish:
    """The padding with which the art just fits the circle that a platform never cuts into.

    No padding where the platform has no such circle, or where the art fits it as it is. Of a
    picture that is opaque all over, the corners are art too.
    """
    zone = SAFE_ZONES.get(platform)
    reach = measure.radial_extent(picture.image)
    if reach is None:
        reach = math.hypot(*picture.image.size) / max(picture.image.size)
    if zone is None or reach <= zone:
        return Finish()
    return Finish(padding=(1 - zone / reach) / 2)


def _centre_square(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _is_rgb(colour: object) -> bool:
    return (
        isinstance(colour, tuple)
        and len(colour) == 3
        and all(isinstance(part, int) and 0 <= part <= 255 for part in colour)
    )
