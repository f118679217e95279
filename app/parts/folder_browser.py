"""Browsers of folders and of pictures, for where the system's own dialog cannot be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import flet as ft

from app import theme
from app.folders import Entry, Listing, crumbs
from app.parts import text
from app.parts.button import chosen_button, icon_button, plain_button, text_button
from app.parts.card import card, label
from app.texts import counted, t

_MOST_CRUMBS = 5


def folder_browser(
    folder: Path,
    listing: Listing | None,
    on_open: Callable[[Path], Any],
    on_use: Callable[[Path], Any],
    on_close: Callable[[], Any],
    height: float,
) -> ft.Control:
    """The way to `folder`, what is in it (`None` while one looks), and the button that takes it."""
    rows: list[ft.Control] = [
        _head(t("browser.title"), on_close),
        _way(folder, on_open),
        _box(_inside(folder, listing, on_open), height),
        ft.Row(
            [
                text.small(_verdict(listing), expand=True),
                plain_button(t("browser.cancel"), on_close),
                chosen_button(t("browser.use"), lambda: on_use(folder)),
            ],
            spacing=12,
        ),
    ]
    return text.ident("folder-browser", card(ft.Column(rows, spacing=12)))


def path_browser(
    words: str,
    folder: Path,
    listing: Listing | None,
    on_open: Callable[[Path], Any],
    on_pick: Callable[[Path], Any],
    on_close: Callable[[], Any],
    height: float,
    *,
    to_folder: bool,
    empty: str,
) -> ft.Control:
    """The same for what a setting leads to: a click on a file takes it, a button takes a folder.

    `empty` says that nothing is there.
    """
    rows: list[ft.Control] = [
        _head(words, on_close),
        _way(folder, on_open),
        _box(_inside(folder, listing, on_open, on_pick=on_pick, empty=empty), height),
    ]
    if to_folder:
        rows.append(
            ft.Row(
                [
                    plain_button(t("browser.cancel"), on_close, low=True),
                    chosen_button(t("browser.use"), lambda: on_pick(folder)),
                ],
                spacing=12,
                run_spacing=8,
                wrap=True,
                alignment=ft.MainAxisAlignment.END,
            )
        )
    inside = ft.Column(rows, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return text.ident(
        "path-browser",
        ft.Container(inside, padding=14, border_radius=12, border=ft.Border.all(1, theme.HAIRLINE)),
    )


def picture_browser(
    folder: Path,
    listing: Listing | None,
    thumbs: Mapping[Path, ft.Control],
    by_path: ft.Control,
    on_open: Callable[[Path], Any],
    on_pick: Callable[[Path], Any],
    on_close: Callable[[], Any],
    height: float,
) -> ft.Control:
    """The same for pictures: a click on one takes it. `by_path` is the field to type one into."""
    rows: list[ft.Control] = [
        _head(t("browser.pictures.title"), on_close),
        by_path,
        _way(folder, on_open),
        _box(
            _inside(
                folder,
                listing,
                on_open,
                thumbs,
                on_pick,
                sign=ft.Icons.IMAGE_OUTLINED,
                empty=t("browser.pictures.empty"),
            ),
            height,
        ),
    ]
    return text.ident("picture-browser", card(ft.Column(rows, spacing=12)))


def _head(words: str, on_close: Callable[[], Any]) -> ft.Control:
    return ft.Row(
        [
            text.heading(words, expand=True),
            icon_button(ft.Icons.CLOSE, t("browser.close"), on_close),
        ]
    )


def _box(inside: ft.Control, height: float) -> ft.Control:
    return ft.Container(
        inside,
        height=height,
        border=ft.Border.all(1, theme.HAIRLINE),
        border_radius=12,
        bgcolor=theme.SUNKEN,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )


def _way(folder: Path, on_open: Callable[[Path], Any]) -> ft.Control:
    way = crumbs(folder)
    parts: list[ft.Control] = [
        icon_button(ft.Icons.HOME_OUTLINED, t("browser.home"), lambda: on_open(Path.home())),
        icon_button(
            ft.Icons.ARROW_UPWARD,
            t("browser.up"),
            lambda: on_open(folder.parent),
            disabled=folder == folder.parent,
        ),
    ]
    if len(way) > _MOST_CRUMBS:
        parts.append(text.small("…"))
    for one in way[-_MOST_CRUMBS:]:
        parts.append(_crumb(one, on_open))
        if one != folder:
            parts.append(ft.Icon(ft.Icons.CHEVRON_RIGHT, size=16, color=theme.GREY))
    return ft.Row(parts, spacing=2, run_spacing=2, wrap=True)


def _crumb(folder: Path, on_open: Callable[[Path], Any]) -> ft.Control:
    button: ft.Control = text_button(folder.name or str(folder), lambda: on_open(folder))
    return button


def _inside(
    folder: Path,
    listing: Listing | None,
    on_open: Callable[[Path], Any],
    thumbs: Mapping[Path, ft.Control] | None = None,
    on_pick: Callable[[Path], Any] | None = None,
    *,
    sign: Any = ft.Icons.INSERT_DRIVE_FILE_OUTLINED,
    empty: str = "",
) -> ft.Control:
    if listing is None or listing.folder != folder:
        return _note(ft.Icons.HOURGLASS_EMPTY, t("browser.looking"))
    if listing.trouble:
        return _note(ft.Icons.LOCK_OUTLINE, t("browser.trouble", reason=listing.trouble))
    if not listing.entries and not listing.files:
        return _note(ft.Icons.FOLDER_OFF_OUTLINED, empty or t("browser.empty"))
    tiles = [_tile(one, on_open) for one in listing.entries]
    if on_pick is not None:
        tiles = [
            *(_file(one, (thumbs or {}).get(one), sign, on_pick) for one in listing.files),
            *tiles,
        ]
    if listing.more:
        tiles.append(_note(ft.Icons.MORE_HORIZ, counted("browser.more", listing.more)))
    return ft.ListView(tiles, key=str(folder), padding=ft.Padding.symmetric(vertical=4))


def _tile(entry: Entry, on_open: Callable[[Path], Any]) -> ft.Control:
    marks = {"flet": "good", "flask": "good", "python": "quiet"}
    return ft.ListTile(
        title=ft.Text(entry.path.name, size=theme.TEXT),
        leading=ft.Icon(ft.Icons.FOLDER_OUTLINED, color=theme.MAIN if entry.looks else theme.GREY),
        trailing=(
            label(t(f"browser.looks.{entry.looks}"), marks[entry.looks])  # type: ignore[arg-type]
            if entry.looks
            else None
        ),
        dense=True,
        key=entry.path.name,
        on_click=lambda _event: on_open(entry.path),
    )


def _file(
    path: Path, thumb: ft.Control | None, sign: Any, on_pick: Callable[[Path], Any]
) -> ft.Control:
    return ft.ListTile(
        title=ft.Text(path.name, size=theme.TEXT),
        leading=ft.Container(
            thumb or ft.Icon(sign, color=theme.GREY),
            width=40,
            height=40,
            alignment=ft.Alignment.CENTER,
        ),
        dense=True,
        key=path.name,
        on_click=lambda _event: on_pick(path),
    )


def _note(icon: Any, words: str) -> ft.Control:
    return ft.Container(
        ft.Row(
            [ft.Icon(icon, size=18, color=theme.GREY), text.grey(words, expand=True)], spacing=10
        ),
        padding=18,
    )


def _verdict(listing: Listing | None) -> str:
    return t(f"browser.this.{listing.looks or 'none'}") if listing else ""
