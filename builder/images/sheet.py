"""All previews on one sheet, by day and by night: for a README or a review.

Sizes are in logical pixels; the sheet has `DENSITY` pixels for each. An icon of true size has its
pixels doubled, so that a reader sees each of them, and a browser that halves the sheet shows
exactly them.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from builder.images import letter, png, shapes
from builder.images.previews import TITLES, Ground, Item, Scene
from builder.images.screens import DENSITY
from builder.images.style import RGB, Platform

PLATFORM_TITLES: dict[Platform, str] = {
    "android": "Android",
    "ios": "iPhone and iPad",
    "macos": "macOS",
    "linux": "Linux",
    "windows": "Windows",
    "web": "Web",
}
"""The headings, in the order in which they fill the rows of a sheet."""

_BOLD = letter.FONT
_PLAIN = _BOLD.with_name("JetBrainsMonoNL-Regular.ttf")

_MARK = b"Software\0Slipway preview"  # a text of a PNG, by the words of its specification
_AFTER_HEADER = 33  # the signature, and the first part, which must be IHDR

_MARGIN = 56
_TILE = (172, 124)
_GAP = 12
_CORNER = 14
_MOST_COLUMNS, _FEWEST_COLUMNS = 5, 3
_HEADING = 34  # above a row of tiles
_CAPTION = 26  # below it
_BETWEEN = 22  # two rows
_HEADER = 112
_AIR = 24  # above and below a splash screen in its box


@dataclass(frozen=True)
class _Theme:
    """The colours of one half; a wall goes from its first colour to its second, diagonally."""

    page: RGB
    ink: RGB
    grey: RGB
    line: RGB
    plain: RGB
    wall: tuple[RGB, RGB]
    grounds: tuple[Ground, Ground]


_DAY = _Theme(
    page=(246, 247, 249),
    ink=(20, 24, 29),
    grey=(86, 96, 107),
    line=(223, 227, 232),
    plain=(236, 239, 243),
    wall=((205, 226, 245), (243, 232, 214)),
    grounds=("light", "wall-light"),
)
_NIGHT = _Theme(
    page=(15, 20, 26),
    ink=(238, 242, 246),
    grey=(154, 165, 177),
    line=(40, 49, 59),
    plain=(23, 30, 38),
    wall=((28, 45, 58), (62, 42, 68)),
    grounds=("dark", "wall-dark"),
)


def draw(title: str, scenes: Sequence[Scene]) -> Image.Image:
    """The sheet, RGB. `scenes` as `previews` makes them, of icons, splash screens or both."""
    columns = _columns(scenes)
    day, night = (_half(scenes, theme, columns) for theme in (_DAY, _NIGHT))
    header = _header(title, _width(columns), what=_what(scenes))
    sheet = Image.new("RGB", (day.width, header.height + day.height + night.height))
    top = 0
    for part in (header, day, night):
        sheet.paste(part, (0, top))
        top += part.height
    return sheet


def encode(image: Image.Image) -> bytes:
    """The sheet as a PNG that says who made it."""
    data, text = png.encode(image), b"tEXt" + _MARK
    mark = struct.pack(">I", len(_MARK)) + text + struct.pack(">I", zlib.crc32(text))
    return data[:_AFTER_HEADER] + mark + data[_AFTER_HEADER:]


def is_ours(path: Path) -> bool:
    """Whether a file is a sheet as `encode` makes them, so that a new one may take its place."""
    try:
        with path.open("rb") as file:
            head = file.read(_AFTER_HEADER + len(_MARK) + 8)
    except OSError:
        return False
    return head.startswith(b"\x89PNG") and head.endswith(b"tEXt" + _MARK)


def can_write(text: str) -> bool:
    """Whether the fonts of the sheet have every sign of the text."""
    font = _font(_BOLD, 20)
    missing = bytes(font.getmask("\uffff"))
    return text.isprintable() and all(
        sign == " " or bytes(font.getmask(sign)) != missing for sign in text
    )


# ---- the parts of a sheet --------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """Scenes under one heading."""

    title: str
    scenes: Sequence[Scene]


class _Board:
    """A part of the sheet to draw on, in logical pixels."""

    def __init__(self, width: float, height: float, theme: _Theme) -> None:
        size = (round(width * DENSITY), round(height * DENSITY))
        self.image = Image.new("RGB", size, theme.page)
        self.theme = theme
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self, x: float, y: float, text: str, *, size: float, anchor: str, bold: bool = False
    ) -> None:
        """A line of text; `anchor` as Pillow's."""
        font = _font(_BOLD if bold else _PLAIN, size)
        colour = self.theme.ink if bold else self.theme.grey
        self._draw.text((x * DENSITY, y * DENSITY), text, colour, font, anchor)

    def box(self, x: float, y: float, size: tuple[float, float], ground: Ground) -> None:
        """The place of a scene: a rounded box with a hairline around it."""
        width, height = round(size[0] * DENSITY), round(size[1] * DENSITY)
        left, top = round(x * DENSITY), round(y * DENSITY)
        edge = Image.new("RGB", (width, height), self.theme.line)
        self.image.paste(edge, (left, top), _rounded((width, height), _CORNER * DENSITY))
        inner = (width - 2, height - 2)
        fill = _ground(inner, self.theme, ground)
        self.image.paste(fill, (left + 1, top + 1), _rounded(inner, _CORNER * DENSITY - 1))

    def item(self, x: float, y: float, item: Item) -> None:
        """A picture with its upper left corner there, to the pixel."""
        image = _for_print(item)
        place = (round(x * DENSITY), round(y * DENSITY))
        self.image.paste(image, place, image if image.mode == "RGBA" else None)


def _columns(scenes: Sequence[Scene]) -> int:
    """How many tiles lie side by side: enough for the icons, and for the splash screens below."""
    icons = [scene for scene in scenes if not _is_splash(scene)]
    splashes = [item for s in scenes if _is_splash(s) and s.ground == "light" for item in s.items]
    needed = sum(item.width for item in splashes) + _GAP * (len(splashes) + 1)
    for_splashes = math.ceil((needed + _GAP) / (_TILE[0] + _GAP))
    return max(_FEWEST_COLUMNS, min(_MOST_COLUMNS, len(icons)), for_splashes)


def _width(columns: int) -> int:
    return columns * (_TILE[0] + _GAP) - _GAP + 2 * _MARGIN


def _is_splash(scene: Scene) -> bool:
    return scene.id.startswith("splash-")


def _what(scenes: Sequence[Scene]) -> str:
    """What is to be seen on the sheet."""
    kinds = {_is_splash(scene) for scene in scenes}
    if len(kinds) == 2:
        return "The icons and splash screens that ship"
    return "The splash screens that ship" if True in kinds else "The icons that ship"


def _header(title: str, width: float, *, what: str) -> Image.Image:
    board = _Board(width, _HEADER, _DAY)
    title, size = _fitted(title, (width - 2 * _MARGIN) * DENSITY)
    board.text(_MARGIN, 62, title, size=size, anchor="ls", bold=True)
    board.text(_MARGIN, 90, what, size=13, anchor="ls")
    return board.image


def _fitted(title: str, room: float) -> tuple[str, float]:
    """A long title gets smaller, and a very long one ends early; `room` in pixels."""
    for size in range(30, 17, -1):
        if _font(_BOLD, size).getlength(title) <= room:
            return title, size
    while title and _font(_BOLD, 18).getlength(f"{title}…") > room:
        title = title[:-1]
    return f"{title}…", 18


def _half(scenes: Sequence[Scene], theme: _Theme, columns: int) -> Image.Image:
    rows = _rows(list(_groups(scenes)), columns)
    splashes = [s for s in scenes if _is_splash(s) and s.ground == theme.grounds[0]]
    row_height = _HEADING + _TILE[1] + _CAPTION + _BETWEEN
    splash_height = (
        _HEADING + _tallest(splashes) + 2 * _AIR + _CAPTION + _BETWEEN if splashes else 0
    )
    top = _MARGIN * 0.75 if theme is _NIGHT else 0
    height = top + len(rows) * row_height + splash_height + _MARGIN * 0.75
    board = _Board(_width(columns), height, theme)
    for row in rows:
        _draw_row(board, top, row)
        top += row_height
    if splashes:
        _draw_splashes(board, top, splashes)
    return board.image


def _groups(scenes: Sequence[Scene]) -> Iterator[_Group]:
    for platform, title in PLATFORM_TITLES.items():
        found = [s for s in scenes if s.platform == platform and not _is_splash(s)]
        found.sort(key=lambda scene: list(TITLES).index(scene.id))
        if found:
            yield _Group(title, found)


def _rows(groups: Sequence[_Group], columns: int) -> list[list[_Group]]:
    """Each group in one piece, in order, as many to a row as fit."""
    rows: list[list[_Group]] = []
    free = 0
    for group in groups:
        if len(group.scenes) > free:
            rows.append([])
            free = columns
        rows[-1].append(group)
        free -= len(group.scenes)
    return rows


def _draw_row(board: _Board, top: float, groups: Sequence[_Group]) -> None:
    x = float(_MARGIN)
    for group in groups:
        board.text(x, top + _HEADING - 14, group.title, size=15, anchor="ls", bold=True)
        for scene in group.scenes:
            _draw_scene(board, x, top + _HEADING, scene)
            x += _TILE[0] + _GAP


def _draw_scene(board: _Board, x: float, y: float, scene: Scene) -> None:
    is_wall = scene.ground.startswith("wall")
    board.box(x, y, _TILE, board.theme.grounds[is_wall])
    width = sum(item.width for item in scene.items)
    room = _TILE[0] - width
    gap = min(14, room / (len(scene.items) + 1))
    at = x + (room - gap * (len(scene.items) - 1)) / 2
    for item in scene.items:
        board.item(at, y + (_TILE[1] - item.height) / 2, item)
        at += item.width + gap
    middle = x + _TILE[0] / 2
    board.text(middle, y + _TILE[1] + 19, TITLES[scene.id], size=11.5, anchor="ms")


def _draw_splashes(board: _Board, top: float, splashes: Sequence[Scene]) -> None:
    board.text(_MARGIN, top + _HEADING - 14, "Splash screen", size=15, anchor="ls", bold=True)
    top += _HEADING
    inside = board.image.width / DENSITY - 2 * _MARGIN
    height = _tallest(splashes) + 2 * _AIR
    board.box(_MARGIN, top, (inside, height), board.theme.grounds[0])
    items = [(scene, item) for scene in splashes for item in scene.items]
    gap = (inside - sum(item.width for _, item in items)) / (len(items) + 1)
    x = _MARGIN + gap
    for scene, item in items:
        board.item(x, top + (height - item.height) / 2, item)
        middle = x + item.width / 2
        board.text(middle, top + height + 19, TITLES[scene.id], size=11.5, anchor="ms")
        x += item.width + gap


def _tallest(scenes: Sequence[Scene]) -> int:
    return max((item.height for scene in scenes for item in scene.items), default=0)


def _for_print(item: Item) -> Image.Image:
    size = (item.width * DENSITY, item.height * DENSITY)
    if item.image.size == size:
        return item.image
    how = Image.Resampling.NEAREST if item.is_true_size else Image.Resampling.LANCZOS
    return item.image.resize(size, how)


@lru_cache(maxsize=32)
def _font(path: Path, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size * DENSITY)


def _ground(size: tuple[int, int], theme: _Theme, ground: Ground) -> Image.Image:
    if not ground.startswith("wall"):
        return Image.new("RGB", size, theme.plain)
    return _diagonal(size, *theme.wall)


@lru_cache(maxsize=4)
def _diagonal(size: tuple[int, int], start: RGB, end: RGB) -> Image.Image:
    down = Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR)
    across = Image.linear_gradient("L").rotate(90).resize(size, Image.Resampling.BILINEAR)
    slope = Image.blend(down, across, 0.5)
    return Image.composite(Image.new("RGB", size, end), Image.new("RGB", size, start), slope)


@lru_cache(maxsize=8)
def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    """A mask of a box with the corners of the "rounded" shape, which a larger square has."""
    corner = round(radius / shapes.RADIUS)
    square = shapes.mask("rounded", corner)
    out = Image.new("L", size, 255)
    half = min(corner // 2, size[0] // 2, size[1] // 2)
    for left in (True, False):
        for upper in (True, False):
            x, y = 0 if left else corner - half, 0 if upper else corner - half
            piece = square.crop((x, y, x + half, y + half))
            out.paste(piece, (0 if left else size[0] - half, 0 if upper else size[1] - half))
    return out
