"""How much of its canvas art may take where a system cuts the edges away, or wants air.

Only a picture that was made for no platform in particular is framed, only when it has
transparency (an opaque one is a finished composition), and only ever smaller. The shares are
those of flet-platform-assets 1.0.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from builder.images import measure

SLACK = 1.02  # art that is this close stays as it is, so that framing twice changes nothing


Reach = Callable[[Image.Image], float | None]  # as those of `measure`


@dataclass(frozen=True)
class Frame:
    """The `share` of the canvas that art may take, by the `reach` that counts there."""

    share: float
    reach: Reach


IOS = Frame(0.60, measure.axis_extent)
MACOS = Frame(0.68, measure.axis_extent)
MACOS_TILE = Frame(824 / 1024, measure.axis_extent)  # as large as Apple's grid has its tiles
ANDROID = Frame(0.567, measure.radial_extent)  # 85 % of the circle that launchers cut out
MASKABLE = Frame(0.80, measure.radial_extent)  # the safe zone of the web's specification
SPLASH = Frame(0.60, measure.axis_extent)


def extent(image: Image.Image, frame: Frame) -> float:
    """How large to draw art on its canvas, at most 1.0, so that it stays within the frame."""
    return extent_of(frame.reach(image), frame)


def extent_of(reach: float | None, frame: Frame) -> float:
    """The same for art that was measured before."""
    return frame.share / reach if reach and reach > frame.share * SLACK else 1.0
