"""Pictures of the gallery on a page, and the grounds that they are seen on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flet as ft

from app import gallery, theme
from app.parts import text
from app.pictures import Preview, Shown
from app.texts import t

_TILE_HEIGHT = 148
_LEAST_TILE, _LEAST_OF_TWO = 168, 104  # two are side by side where they only just find room
_MOST_COLUMNS = 4
_BETWEEN = 12  # the pictures of a tile

_GROUNDS: dict[str, tuple[str, str]] = {
    "light": ("#F1F3F6", "#E9ECF1"),
    "dark": ("#171C23", "#10141A"),
    "wall-light": ("#CFE3F5", "#F4E9DA"),
    "wall-dark": ("#1C2B3A", "#3E2B44"),
}
_OTHER = {"light": "dark", "dark": "light", "wall-light": "wall-dark", "wall-dark": "wall-light"}


def picture(shown: Shown, name: str, *, side: float = 0, **more: Any) -> ft.Image:
    """A picture as large as it says, or fitted into a square of `side`; `name` is read aloud."""
    scale = side / max(shown.width, shown.height) if side else 1
    return ft.Image(
        source(shown.name),
        width=shown.width * scale,
        height=shown.height * scale,
        fit=ft.BoxFit.CONTAIN,
        gapless_playback=True,
        filter_quality=ft.FilterQuality.MEDIUM,
        semantics_label=name,
        **more,
    )


def source(name: str) -> str:
    """Where a page finds a picture: by an address in a browser, by its path in a window."""
    if ft.context.page.web:
        return f"{gallery.ROUTE}{name}"
    return str(gallery.folder() / name)


def preview_grid(previews: Sequence[Preview], width: float, *, swapped: bool = False) -> ft.Control:
    """All previews, as many side by side as find room in `width` pixels.

    One whose pictures need more room than a column has is as wide as two. `swapped` shows each on
    the other ground: dark where it is light.
    """
    gap = 14.0
    columns = min(_MOST_COLUMNS, int((width + gap) // (_LEAST_TILE + gap)))
    if columns < 2:
        columns = 2 if width >= 2 * _LEAST_OF_TWO + gap else 1
    column = (width - gap * (columns - 1)) // columns  # a fraction too wide would wrap
    spans = {one.id: 1 if columns == 1 or _breadth(one) <= column else 2 for one in previews}
    return ft.Row(
        [
            _tile(one, column * spans[one.id] + gap * (spans[one.id] - 1), swapped)
            for one in packed(previews, spans, columns)
        ],
        wrap=True,
        spacing=gap,
        run_spacing=16,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def packed(previews: Sequence[Preview], spans: Mapping[str, int], columns: int) -> list[Preview]:
    """In an order that leaves no hole: what finds no room in a row waits for the next one."""
    rows: list[list[Preview]] = []
    for one in previews:
        row = next(
            (r for r in rows if sum(spans[o.id] for o in r) + spans[one.id] <= columns), None
        )
        if row is None:
            rows.append(row := [])
        row.append(one)
    return [one for row in rows for one in row]


def _breadth(preview: Preview) -> float:
    """How wide the pictures of a preview are, side by side."""
    shown = preview.pictures
    return sum(one.width for one in shown) + _BETWEEN * (len(shown) - 1)


def splash_grid(previews: Sequence[Preview], width: float) -> ft.Control:
    """Phones side by side, and below them browsers, each no larger than it finds room."""
    gap = 14.0
    phones = [one for one in previews if one.platform != "web"]
    browsers = [one for one in previews if one.platform == "web"]
    rows = []
    for group, wanted, least in ((phones, 4, 112.0), (browsers, 2, 210.0)):
        columns = max(1, min(wanted, int((width + gap) // (least + gap))))
        tile = (width - gap * (columns - 1)) // columns
        rows += [_screen(one, tile) for one in group]
    return ft.Row(rows, wrap=True, spacing=gap, run_spacing=16)


def _screen(preview: Preview, width: float) -> ft.Control:
    words = t(f"pictures.preview.{preview.id}")
    [one] = preview.pictures
    inner = min(one.width, width - 24)
    return ft.Column(
        [
            ft.Container(
                picture(one, words, side=inner * max(1.0, one.height / one.width)),
                padding=ft.Padding.symmetric(vertical=14),
                alignment=ft.Alignment.CENTER,
                border_radius=14,
                gradient=ground(f"wall-{preview.ground}"),
            ),
            text.small(words, text_align=ft.TextAlign.CENTER),
        ],
        width=width,
        spacing=7,
        key=preview.id,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _tile(preview: Preview, width: float, swapped: bool) -> ft.Control:
    words = t(f"pictures.preview.{preview.id}")
    sizes = [one.width for one in preview.pictures]
    return ft.Column(
        [
            ft.Container(
                ft.Row(
                    [
                        picture(one, _name(words, one) if len(sizes) > 1 else words)
                        for one in preview.pictures
                    ],
                    alignment=ft.MainAxisAlignment.CENTER,
                    run_alignment=ft.MainAxisAlignment.CENTER,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                    wrap=True,
                    spacing=_BETWEEN,
                    run_spacing=10,
                ),
                height=_TILE_HEIGHT,
                alignment=ft.Alignment.CENTER,
                border_radius=14,
                gradient=ground(_OTHER[preview.ground] if swapped else preview.ground),
            ),
            text.small(words, text_align=ft.TextAlign.CENTER),
        ],
        width=width,
        spacing=7,
        key=preview.id,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _name(words: str, one: Shown) -> str:
    return t("pictures.preview_name", what=words, width=round(one.width))


def ground(name: str) -> ft.LinearGradient:
    """What lies behind an icon on a screen; the same by day and by night."""
    return ft.LinearGradient(
        list(_GROUNDS[name]), begin=ft.Alignment.TOP_LEFT, end=ft.Alignment.BOTTOM_RIGHT
    )


def empty_box(icon: Any, words: str) -> ft.Control:
    """What stands where a picture could be."""
    return ft.Column(
        [
            ft.Icon(icon, size=34, color=theme.GREY),
            text.small(words, text_align=ft.TextAlign.CENTER),
        ],
        spacing=8,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
