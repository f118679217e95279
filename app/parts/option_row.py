"""One option of the table: its name, meaning, key and default, and the editor fit for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import flet as ft

from app import theme
from app.options import Shown, home, platforms_of, title_of, wanted
from app.options_desk import OptionsDesk
from app.parts import text
from app.parts.button import icon_button, plain_button, text_button
from app.parts.card import label
from app.parts.component import component
from app.parts.option_editor import option_editor
from app.parts.rule_field import clash_box, told_box
from app.texts import t
from builder.options import Option

Go = Callable[[str], Any]

_STRETCH = ft.CrossAxisAlignment.STRETCH


@component
def option_row(
    desk: OptionsDesk, go: Go, shown: Shown, is_wide: bool, is_plain: bool
) -> ft.Control:
    """What the option is for on the left, its editor on the right; one above the other if narrow.

    `go` leads to another page, for what has its place there. A plain one belongs to the simple
    part, where nobody has to see what it is called in the file.
    """
    right = _editing(desk, shown) if is_plain else _right(desk, go, shown)
    # A group each for screen readers: beside each other their order would follow their heights,
    # and a field whose place in that order changes loses the focus while one types.
    parts: list[ft.Control] = [
        ft.Semantics(container=True, content=one)
        for one in (
            _what(shown, is_plain),
            ft.Column(right, spacing=8, horizontal_alignment=_STRETCH),
        )
    ]
    if is_wide:
        row: ft.Control = ft.Row(
            [ft.Container(one, expand=1) for one in parts],
            spacing=28,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        row = ft.Column(parts, spacing=16, horizontal_alignment=_STRETCH)
    return text.ident(f"option-{shown.option.name}", row)


def _what(shown: Shown, is_plain: bool) -> ft.Control:
    option = shown.option
    head: list[ft.Control] = [text.bold(title_of(option), size=theme.TEXT)]
    if shown.is_changed and not is_plain:
        head.append(label(t("options.changed_one"), "main"))
    is_told = option.default and not is_plain
    facts = [t("options.default", default=option.default)] if is_told else []
    if not shown.is_used and option.platforms:
        facts.append(t("options.for_platforms", platforms=", ".join(platforms_of(option))))
    rows: list[ft.Control] = [
        ft.Row(head, spacing=10, run_spacing=4, wrap=True),
        text.grey(option.meaning),
    ]
    if shown.key and not is_plain:
        rows.append(_key(shown.key))
    rows += [text.small(one) for one in facts]
    return ft.Column(rows, spacing=4)


def _key(key: str) -> ft.Control:
    """Where it stands in the file; a click on the sign copies it."""

    async def copy() -> None:
        await ft.Clipboard().set(key)

    return ft.Row(
        [
            ft.SelectionArea(text.mono(key, size=theme.SMALL - 0.5, color=theme.GREY)),
            icon_button(ft.Icons.CONTENT_COPY, t("options.copy", setting=key), copy, small=True),
        ],
        spacing=2,
        wrap=True,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _right(desk: OptionsDesk, go: Go, shown: Shown) -> list[ft.Control]:
    option = shown.option
    if option.kind == "secret":
        return [text.small(t("options.secret", env=option.env))]
    if page := home(option):
        return [_elsewhere(go, shown, page)]
    if shown.is_simple:
        return [text.small(t("options.above"))]
    if not shown.key:
        return [text.small(t("options.only_flag", flag=option.flag or option.off_flag))]
    parts = _editing(desk, shown)
    if shown.is_changed and not shown.wrong_kind:
        words = t("options.reset", title=title_of(option))
        parts.append(_reset(words, functools.partial(desk.reset, option)))
    return parts


def _editing(desk: OptionsDesk, shown: Shown) -> list[ft.Control]:
    wrong = trouble(desk, shown)
    return wrong if shown.wrong_kind else [option_editor(desk, shown), *wrong]


def _reset(words: str, on_click: Callable[[], Any]) -> ft.Control:
    return ft.Row([text_button(words, on_click, icon=ft.Icons.RESTART_ALT)])


def _elsewhere(go: Go, shown: Shown, page: str) -> ft.Control:
    name = t(f"step.{page}")
    rows: list[ft.Control] = [text.small(t("options.elsewhere", page=name))]
    rows.append(ft.Row([text_button(t("options.go", page=name), lambda: go(page))]))
    return ft.Column(rows, spacing=2)


# --- What is not right ---


def trouble(desk: OptionsDesk, shown: Shown) -> list[ft.Control]:
    """What is not right about an option, each with what helps; nothing where all is well."""
    option = shown.option
    if shown.theirs is not None:
        return [_clash(desk, option, shown.theirs)]
    if shown.wrong_kind:
        return [_wrong_kind(desk, shown)]
    return [_said(option, shown.trouble)] if shown.trouble else []


def _said(option: Option, words: str) -> ft.Control:
    return text.ident(
        f"told-{option.name}",
        ft.Row(
            [
                ft.Icon(ft.Icons.ERROR_OUTLINE, size=17, color=theme.BAD),
                text.small(words, color=theme.BAD, expand=True),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        live_region=True,
    )


def _wrong_kind(desk: OptionsDesk, shown: Shown) -> ft.Control:
    """What the file holds instead, and the clicks that put it right."""
    option = shown.option
    words = t("options.wrong_kind", wanted=wanted(option), value=shown.wrong_kind)
    buttons = [
        plain_button(
            t("options.repair", value=value),
            functools.partial(desk.repair, option, at),
            icon=ft.Icons.AUTO_FIX_HIGH,
            low=True,
        )
        for at, value in enumerate(shown.repairs)
    ]
    remove = functools.partial(desk.remove, option)
    buttons.append(plain_button(t("options.repair_remove"), remove, low=True))
    return told_box(
        f"wrong-{option.name}",
        theme.BAD,
        [_said(option, words), ft.Row(buttons, spacing=8, run_spacing=8, wrap=True)],
    )


def _clash(desk: OptionsDesk, option: Option, theirs: str) -> ft.Control:
    mine = functools.partial(desk.keep_mine, option)
    take = functools.partial(desk.take_theirs, option)
    return clash_box(
        option.name,
        t("options.clash.title"),
        t("options.clash.why", theirs=theirs or t("options.clash.empty")),
        (t("options.clash.mine"), mine),
        (t("options.clash.theirs"), take),
    )
