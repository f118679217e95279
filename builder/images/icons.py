"""Every icon file of a platform, in its place, size, shape and alpha rule.

The set is that of flet-platform-assets 1.0.5 and what it lacks: Android's monochrome layer, and
iOS's dark and tinted icons. What differs from it on purpose, and is drawn its way with
`Style.flet_way`:

- small sizes average light as light, which keeps thin bright lines alive (its: in gamma space);
- a round logo on macOS gets the tile that every icon there has (its: taken for a tile already), and
  a tile is told by the picture itself (its: by a framed copy, too soft where the picture is small);
- what is a tile already stands on macOS as large as its neighbours' tiles (its: a sixth smaller);
- Windows gets the 24 pixels that its taskbar shows (its: shrunk by Windows from 32);
- an `icon_windows.ico` ships as its author made it (its: drawn anew from the largest picture).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from PIL import Image

from builder.images import android, ios, macos, slots
from builder.images.easel import Easel
from builder.images.framing import MACOS_TILE
from builder.images.picture import Picture
from builder.images.rendered import Rendered, RenderedFile
from builder.images.slots import Slot
from builder.images.style import Platform, Style
from builder.problems import Problem, ProjectError

Content = Image.Image | Mapping[int, Image.Image] | str | bytes
Plan = Iterator[tuple[str, Callable[[], Content]]]  # files by path, not yet drawn


def render(
    picture: Picture,
    platform: Platform,
    style: Style,
    *,
    is_own: bool,
    wanted: Container[str] | None = None,
    quick: bool = False,
) -> Rendered:
    """The icon files of a platform; `wanted` names the paths that are drawn, None means all.

    `is_own`: the picture was made for this platform and is never framed anew. `quick`: as
    `scaling.Art`, and nothing is drawn larger than `easel.QUICK` pixels, whatever the file is.
    Raises ProjectError when an icon file that ships as it is cannot be read any more.
    """
    easel = Easel(picture, is_own=is_own, quick=quick, flet_way=style.flet_way)
    return Rendered(
        [
            RenderedFile(path, content())
            for path, content in _PLANS[platform](easel, style)
            if wanted is None or path in wanted
        ]
    )


def _android(easel: Easel, style: Style) -> Plan:
    yield from _plain(easel, style, slots.ANDROID)
    for slot in android.MONOCHROME:
        yield slot.path, partial(android.monochrome, easel, slot)
    colour = style.adaptive_background or style.background
    yield android.ADAPTIVE_PATH, partial(str, android.ADAPTIVE_ICON)
    yield android.COLOUR_PATH, partial(android.colour_resource, colour)


def _ios(easel: Easel, style: Style) -> Plan:
    yield from _plain(easel, style, slots.IOS)
    yield from _plain(easel, style, ios.MORE)
    for slot in ios.DARK:
        yield slot.path, partial(ios.dark, easel, slot)
    for slot in ios.TINTED:
        yield slot.path, partial(ios.tinted, easel, slot)
    yield ios.CATALOG_PATH, ios.catalog


def _macos(easel: Easel, style: Style) -> Plan:
    if not macos.takes_tile(easel, style):
        as_flet = style.flet_way or style.macos_style == "raw"
        yield from _plain(easel, style, slots.MACOS if as_flet else slots.macos(MACOS_TILE))
        return
    tile = macos.Tile(easel, style.background)
    for slot in slots.MACOS:
        yield slot.path, partial(tile.draw, slot.size)


def _windows(easel: Easel, style: Style) -> Plan:
    yield slots.WINDOWS_ICON, partial(_ico, easel, style)


def _ico(easel: Easel, style: Style) -> Content:
    picture = easel.picture
    if easel.is_own and picture.format == "ico" and not style.flet_way:
        return _as_it_is(picture.path)
    sizes = slots.FLET_WINDOWS_SIZES if style.flet_way else slots.WINDOWS_SIZES
    return {size: easel.draw(size) for size in sizes}


def _as_it_is(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProjectError(
            Problem(
                "picture-not-readable",
                f"{path.name} cannot be read any more",
                f"It could a moment ago; now the system says: {error.strerror or error}.",
                "Put it back where it was, or choose another icon for Windows.",
                where=str(path),
            )
        ) from error


def _web(easel: Easel, style: Style) -> Plan:
    return _plain(easel, style, slots.WEB)


def _linux(easel: Easel, style: Style) -> Plan:
    return _plain(easel, style, slots.linux(style.application_id))


def _plain(easel: Easel, style: Style, places: Sequence[Slot]) -> Plan:
    for slot in places:
        background = style.background if slot.is_opaque else None
        draw = partial(easel.draw, slot.size, frame=slot.frame, background=background)
        yield slot.path, draw


_PLANS: Mapping[Platform, Callable[[Easel, Style], Plan]] = {
    "android": _android,
    "ios": _ios,
    "macos": _macos,
    "windows": _windows,
    "web": _web,
    "linux": _linux,
}
