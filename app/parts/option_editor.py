"""The editor of one option, fit for its kind: a switch, a field, a choice, a list, pairs, TOML."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft

from app import theme
from app.options import (
    CATEGORIES,
    PATHS,
    PERMISSIONS,
    Browsing,
    Rows,
    Shown,
    Typed,
    title_of,
)
from app.options_desk import OptionsDesk
from app.parts import system_dialog, text
from app.parts.button import icon_button, text_button
from app.parts.colour_choice import colour_choice
from app.parts.folder_browser import path_browser
from app.parts.rule_field import typing_field
from app.pictures import SWATCHES
from app.texts import t
from builder.options import BY_NAME, Option

_STRETCH = ft.CrossAxisAlignment.STRETCH
_DEFAULT = "·"  # a choice that takes the key out of the file again
_BROWSER_HEIGHT = 240.0
_MONO = ("path", "table", "texts", "pairs", "number")


def option_editor(desk: OptionsDesk, shown: Shown) -> ft.Control:
    """The editor; its name for screen readers is that of the option."""
    option = shown.option
    match option.kind:
        case "flag":
            return switch(title_of(option), shown.is_on, functools.partial(desk.switch, option))
        case "choice":
            return _choice(desk, shown)
        case "texts" if shown.choices:
            return chips(desk, shown)
        case "pairs":
            return _pairs(desk, shown)
        case "colour":
            return _colour(desk, shown)
    return _field(desk, shown)


def switch(name: str, on: bool, on_turn: Callable[[bool], Any]) -> ft.Control:
    """A switch with its state in words, and a name for screen readers."""
    return ft.Semantics(
        container=True,
        label=name,
        content=ft.Switch(
            label=t("options.on" if on else "options.off"),
            value=on,
            label_text_style=ft.TextStyle(size=theme.SMALL, color=theme.GREY),
            on_change=lambda event: on_turn(bool(event.control.value)),
        ),
    )


def chips(desk: OptionsDesk, shown: Shown) -> ft.Control:
    """A list of which one takes as many as one likes."""
    option = shown.option

    def chip(item: str) -> ft.Control:
        chosen = item in shown.items
        return ft.Chip(
            label=item_words(option, item),
            selected=chosen,
            show_checkmark=True,
            check_color=theme.ON_CHOSEN,
            selected_color=theme.CHOSEN,
            bgcolor=theme.CARD,
            border_side=ft.BorderSide(1, theme.MAIN if chosen else theme.HAIRLINE),
            label_text_style=ft.TextStyle(
                size=theme.SMALL + 0.5, color=theme.ON_CHOSEN if chosen else theme.INK
            ),
            on_select=lambda event: desk.include(option, item, bool(event.control.selected)),
        )

    row = ft.Row([chip(one) for one in shown.choices], spacing=8, run_spacing=8, wrap=True)
    return ft.Semantics(container=True, label=title_of(option), content=row)


def item_words(option: Option, item: str) -> str:
    """What an item of a list is called for people; itself where it has no other name."""
    if option.name == "linux_categories" and item in CATEGORIES:
        return t(f"options.category.{item.casefold()}")
    if option.name == "permissions" and item in PERMISSIONS:
        return t(f"options.permission.{item}")
    return item


def _choice(desk: OptionsDesk, shown: Shown) -> ft.Control:
    option, title = shown.option, title_of(shown.option)
    now = shown.typed if isinstance(shown.typed, str) and shown.typed else _DEFAULT
    default = t("options.default_choice")
    if option.default:
        default = t("options.default_choice_is", default=option.default)
    words = {_DEFAULT: default, **{one: one for one in option.choices}}
    if now not in words:  # what the file says and nobody knows
        words[now] = now

    def choose(event: Any) -> None:
        value = event.control.value or _DEFAULT
        if value != now:
            desk.set(option, "" if value == _DEFAULT else value)

    return ft.Semantics(
        container=True,
        label=title,
        value=words[now],
        content=ft.Dropdown(
            label=title,
            value=now,
            options=[ft.DropdownOption(key=key, text=word) for key, word in words.items()],
            on_select=choose,
            border=theme.field_border(),
            text_size=theme.TEXT,
            menu_height=320,
            expand=True,
        ),
    )


def _field(desk: OptionsDesk, shown: Shown) -> ft.Control:
    option = shown.option
    is_long = option.kind in ("texts", "table")
    field = typing_field(
        title_of(option),
        shown.typed if isinstance(shown.typed, str) else "",
        functools.partial(desk.type, option),
        mono=option.kind in _MONO,
        dense=True,
        lines=3 if is_long else 1,
    )
    return ft.Column(
        [
            _with_browse(desk, option, field) if option.name in PATHS else field,
            *([text.small(words)] if (words := _hint(option)) else []),
            *([_browser(desk, shown.browsing)] if shown.browsing is not None else []),
        ],
        spacing=5,
        horizontal_alignment=_STRETCH,
    )


def _with_browse(desk: OptionsDesk, option: Option, field: ft.Control) -> ft.Control:
    words = t("options.browse", title=title_of(option))
    return ft.Row(
        [
            ft.Container(field, expand=True),
            icon_button(ft.Icons.FOLDER_OPEN_OUTLINED, words, lambda: _pick(desk, option)),
        ],
        spacing=6,
    )


async def _pick(desk: OptionsDesk, option: Option) -> None:
    """Choose what a path leads to."""
    try:
        picked = await _ask_system(option)
    except system_dialog.NoDialog:
        desk.chooser.open(option)
        return
    if picked:
        desk.take_path(option, picked)


async def _ask_system(option: Option) -> Path | None:
    """Its dialogs know files or folders: where either will do, it has none."""
    leads, words = PATHS[option.name], t("options.browse", title=title_of(option))
    if not leads.to_folder:
        return await system_dialog.file(words, leads.suffixes)
    if leads.suffixes:
        raise system_dialog.NoDialog
    return await system_dialog.folder(words)


def _browser(desk: OptionsDesk, browsing: Browsing) -> ft.Control:
    leads, title = PATHS[browsing.name], title_of(BY_NAME[browsing.name])
    return path_browser(
        t("options.browse", title=title),
        browsing.folder,
        browsing.listing,
        desk.chooser.browse,
        desk.chooser.pick,
        desk.chooser.close,
        _BROWSER_HEIGHT,
        to_folder=leads.to_folder,
        empty=t("browser.files.empty", endings=", ".join(sorted(leads.suffixes)))
        if leads.suffixes
        else "",
    )


def _hint(option: Option) -> str:
    if option.kind == "texts" and not option.example:
        return t("options.texts_help")
    key = {"texts": "texts_example", "table": "table_example"}.get(option.kind, "example")
    return t(f"options.{key}", example=f"`{option.example}`") if option.example else ""


def _colour(desk: OptionsDesk, shown: Shown) -> ft.Control:
    option = shown.option
    typed = shown.typed if isinstance(shown.typed, str) else ""
    return colour_choice(
        title_of(option), typed, option.default, SWATCHES, functools.partial(desk.type, option)
    )


# --- Pairs ---


def _pairs(desk: OptionsDesk, shown: Shown) -> ft.Control:
    """A row for each pair, and an empty one when one asks for it."""
    option, rows = shown.option, _rows(shown.typed)
    parts: list[ft.Control] = [_pair(desk, option, rows, at) for at in range(len(rows))]
    if not rows and option.example:
        name, _, value = option.example.partition("=")
        parts.append(text.small(t("options.pair_example", name=f"`{name}`", value=f"`{value}`")))
    add = functools.partial(desk.type, option, (*rows, ("", "")))
    parts.append(ft.Row([text_button(t("options.pair_add"), add, icon=ft.Icons.ADD)]))
    return ft.Semantics(
        container=True,
        label=title_of(option),
        content=ft.Column(parts, spacing=8, horizontal_alignment=_STRETCH),
    )


def _rows(typed: Typed) -> Rows:
    return typed if isinstance(typed, tuple) else ()


def _pair(desk: OptionsDesk, option: Option, rows: Rows, at: int) -> ft.Control:
    name, value = rows[at]
    number = at + 1

    def put(row: tuple[str, str]) -> None:
        now = _rows(desk.view.typed(option))  # a row may have been typed into since this was drawn
        desk.type(option, (*now[:at], row, *now[at + 1 :]))

    def type_name(typed: str) -> None:
        put((typed, _rows(desk.view.typed(option))[at][1]))

    def type_value(typed: str) -> None:
        put((_rows(desk.view.typed(option))[at][0], typed))

    def remove() -> None:
        now = _rows(desk.view.typed(option))
        desk.set(option, (*now[:at], *now[at + 1 :]))

    called = name or t("options.pair_nameless", number=number)
    return ft.Row(
        [
            ft.Container(
                typing_field(
                    t("options.pair_name", number=number),
                    name,
                    type_name,
                    mono=True,
                    dense=True,
                ),
                expand=3,
            ),
            ft.Container(
                typing_field(
                    t("options.pair_value", number=number),
                    value,
                    type_value,
                    mono=True,
                    dense=True,
                ),
                expand=2,
            ),
            icon_button(ft.Icons.CLOSE, t("options.pair_remove", name=called), remove),
        ],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
