"""Measures art: how far it reaches on its canvas, and what shape it has."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageStat

from builder.images import shapes

VISIBLE = 8  # alpha up to here nobody sees
SAMPLE = 256  # longest side at which circles are measured: as fine as an edge is soft

# Already a tile is what fills that much of a box that is that close to a square, and leaves the
# corners of its canvas (that much of the shorter side) empty.
TILE_FILL = 0.70
TILE_ASPECT = 0.08
CORNER = 0.06


def is_empty(image: Image.Image) -> bool:
    """Whether there is nothing to see."""
    return image.mode == "RGBA" and _alpha(image).histogram()[VISIBLE + 1 :] == _NOTHING


def axis_extent(image: Image.Image) -> float | None:
    """How far the art reaches from the centre, as a share of half the longest side.

    1.0 touches a side, 0.0 is empty. None when all of it is opaque: a finished composition has
    no reach.
    """
    box = _box(image)
    if box is None or box == (0, 0, 0, 0):
        return None if box is None else 0.0
    left, top, right, bottom = box
    middle_x, middle_y = image.width / 2, image.height / 2
    reach = max(middle_x - left, right - middle_x, middle_y - top, bottom - middle_y)
    return 2 * reach / max(image.size)


def radial_extent(image: Image.Image) -> float | None:
    """The same for a round mask: how far the farthest pixel is, as a share of the inscribed circle.

    Up to 1.41, in a corner. None when all of it is opaque, 0.0 when it is empty.
    """
    if _box(image) is None:
        return None
    alpha = _sampled(_alpha(image)).point(_SEEN)
    width, rows = alpha.width, alpha.tobytes()
    middle_x, middle_y = (width - 1) / 2, (alpha.height - 1) / 2
    farthest = 0.0
    for y in range(alpha.height):
        row = rows[y * width : (y + 1) * width]
        left = width - len(row.lstrip(b"\0"))
        if left == width:
            continue
        right = len(row.rstrip(b"\0")) - 1
        across = max(abs(left - middle_x), abs(right - middle_x))
        farthest = max(farthest, math.hypot(across, y - middle_y))
    return farthest / (max(middle_x, middle_y) or 1.0)


def looks_shaped(image: Image.Image, *, framed: bool = False, discs: bool = False) -> bool:
    """Whether the art is already a tile: filled, nearly square, with its corners cut away.

    `framed`: the art will stand in a margin, so that the canvas' corners are empty anyway.
    `discs` takes a disc for a tile, as flet-platform-assets 1.0.5 does.
    """
    box = _box(image)
    if box is None or box == (0, 0, 0, 0):
        return False
    width, height = box[2] - box[0], box[3] - box[1]
    if abs(width / height - 1) > TILE_ASPECT:
        return False
    alpha = _alpha(image)
    if not framed and not _has_empty_corners(alpha):
        return False
    art = alpha.crop(box)
    if art.histogram()[255] < TILE_FILL * width * height:
        return False
    return discs or not _is_disc(art)


def _has_empty_corners(alpha: Image.Image) -> bool:
    side = max(1, round(min(alpha.size) * CORNER))
    right, bottom = alpha.width - side, alpha.height - side
    corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)]
    return all(
        ImageStat.Stat(alpha.crop((x, y, x + side, y + side))).mean[0] < VISIBLE for x, y in corners
    )


def _is_disc(art: Image.Image) -> bool:
    """Whether what a tile has outside of a circle is mostly empty."""
    side = 64
    between = ImageChops.subtract(shapes.mask("squircle", side), shapes.mask("circle", side))
    small = art.resize((side, side), Image.Resampling.BOX)
    return ImageStat.Stat(small, between.point(_SEEN)).mean[0] < 128


def _sampled(alpha: Image.Image) -> Image.Image:
    scale = SAMPLE / max(alpha.size)
    if scale >= 1:
        return alpha
    size = (max(1, round(alpha.width * scale)), max(1, round(alpha.height * scale)))
    return alpha.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """What the art takes of its canvas (all zeros where it is empty); None when all is opaque."""
    if image.mode != "RGBA":
        return None
    alpha = _alpha(image)
    if alpha.getextrema()[0] == 255:
        return None
    return alpha.getbbox() or (0, 0, 0, 0)


def _alpha(image: Image.Image) -> Image.Image:
    return image.getchannel("A")


_NOTHING = [0] * (255 - VISIBLE)
_SEEN = [0] * (VISIBLE + 1) + [255] * (255 - VISIBLE)
