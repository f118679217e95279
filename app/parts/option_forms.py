"""Options that matter most, each in a form of its own and in plain words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app import theme
from app.options import PERMISSIONS, Shown, asked_for, title_of
from app.options_desk import OptionsDesk
from app.parts import text
from app.parts.card import card
from app.parts.option_editor import chips
from app.parts.option_row import trouble
from app.parts.rule_field import typing_field
from app.texts import t

_STRETCH = ft.CrossAxisAlignment.STRETCH
_HOST = "https://example.com"
_SIGNS: dict[str, Any] = {
    "camera": ft.Icons.PHOTO_CAMERA_OUTLINED,
    "microphone": ft.Icons.MIC_NONE,
    "location": ft.Icons.LOCATION_ON_OUTLINED,
    "photo_library": ft.Icons.PHOTO_LIBRARY_OUTLINED,
    "biometric": ft.Icons.FINGERPRINT,
}

Form = Callable[[OptionsDesk, Shown], ft.Control]


def forms(desk: OptionsDesk, offered: Sequence[Shown], *, is_slim: bool) -> list[ft.Control]:
    """The forms of those options that have one of their own; slim ones have no two in a row."""
    by_name = {one.option.name: one for one in offered}
    out = [form(desk, by_name[name]) for name, form in _FORMS.items() if name in by_name]
    if by_name.keys() >= _BOTH:
        scheme, host = (by_name[name] for name in sorted(_BOTH, reverse=True))
        out.append(_deep_links(desk, scheme, host, is_slim))
    return out


def has_form(name: str) -> bool:
    """Whether an option has a form of its own."""
    return name in _FORMS or name in _BOTH


def _form(shown: Shown, title: str, lead: str, rows: Sequence[ft.Control]) -> ft.Control:
    head = ft.Column([text.heading(title), *([text.small(lead)] if lead else [])], spacing=3)
    body = ft.Column([head, *rows], spacing=14, horizontal_alignment=_STRETCH)
    return text.ident(f"form-{shown.option.name}", card(body))


def _with_trouble(desk: OptionsDesk, shown: Shown, editor: ft.Control) -> list[ft.Control]:
    """The editor and what is not right; a value of the wrong kind comes first."""
    wrong = trouble(desk, shown)
    return wrong if shown.wrong_kind else [editor, *wrong]


# --- Permissions ---


def _permissions(desk: OptionsDesk, shown: Shown) -> ft.Control:
    names = asked_for(desk.view.platform)
    rows = ft.Column([_permission(desk, shown, one) for one in names], spacing=12)
    return _form(
        shown,
        t("options.permissions.title"),
        t("options.permissions.lead"),
        _with_trouble(desk, shown, rows),
    )


def _permission(desk: OptionsDesk, shown: Shown, name: str) -> ft.Control:
    systems = ", ".join(t(f"options.platform.{one}") for one in PERMISSIONS[name])
    means, asks = (
        t(f"options.permission_means.{name}"),
        t("options.permissions.asks", systems=systems),
    )
    return _switch_row(
        t(f"options.permission.{name}"),
        [f"{means}. {asks}."],
        name in shown.items,
        functools.partial(desk.include, shown.option, name),
        icon=_SIGNS[name],
        identifier=f"permission-{name}",
    )


def _switch_row(
    title: str,
    lines: Sequence[str],
    on: bool,
    on_turn: Callable[[bool], Any],
    *,
    icon: Any = None,
    identifier: str = "",
    size: float = theme.TEXT,
) -> ft.Control:
    """A switch behind its name and meaning, which a screen reader says in one breath."""
    words = ft.Column(
        [text.bold(title, size=size), *(text.small(one) for one in lines)],
        spacing=2,
        expand=True,
    )
    sign = [ft.Icon(icon, size=22, color=theme.MAIN if on else theme.GREY)] if icon else []
    return ft.Semantics(
        identifier=identifier,
        container=True,
        content=ft.MergeSemantics(
            ft.Row(
                [
                    *sign,
                    words,
                    ft.Switch(value=on, on_change=lambda event: on_turn(bool(event.control.value))),
                ],
                spacing=14,
            )
        ),
    )


def _split(desk: OptionsDesk, shown: Shown) -> ft.Control:
    return _one_switch(desk, shown, "split")


def _cdn(desk: OptionsDesk, shown: Shown) -> ft.Control:
    return _one_switch(desk, shown, "cdn")


def _one_switch(desk: OptionsDesk, shown: Shown, name: str) -> ft.Control:
    return switch_form(desk, shown, t(f"options.{name}.title"), t(f"options.{name}.lead"))


def switch_form(desk: OptionsDesk, shown: Shown, title: str, lead: str) -> ft.Control:
    """A single switch."""
    option = shown.option
    row = _switch_row(
        title,
        [lead],
        shown.is_on,
        functools.partial(desk.switch, option),
        size=theme.HEADING,
    )
    rows = [row, *trouble(desk, shown)]
    if shown.wrong_kind:
        return _form(shown, title, "", trouble(desk, shown))
    body = ft.Column(rows, spacing=14, horizontal_alignment=_STRETCH)
    return text.ident(f"form-{option.name}", card(body))


# --- Hosting ---


def _hosting(desk: OptionsDesk, shown: Shown) -> ft.Control:
    typed = shown.typed if isinstance(shown.typed, str) else ""
    path = typed.strip().strip("/")
    in_folder = bool(path) or desk.edits.in_folder
    shape = f"/{path if path and not shown.trouble else 'tides'}/"
    rows: list[ft.Control] = [
        _radios(
            t("options.hosting.title"),
            "folder" if in_folder else "root",
            {
                "root": (t("options.hosting.root"), t("options.hosting.root_means")),
                "folder": (
                    t("options.hosting.folder"),
                    t("options.hosting.folder_means", path=shape),
                ),
            },
            lambda value: desk.lie_in_folder(value == "folder"),
        )
    ]
    if in_folder:
        rows.append(_folder(desk, shown, typed, path))
    if shown.wrong_kind:
        rows = trouble(desk, shown)
    return _form(shown, t("options.hosting.title"), "", rows)


def _folder(desk: OptionsDesk, shown: Shown, typed: str, path: str) -> ft.Control:
    words = t("options.hosting.path_help")
    if path:
        words = t("options.hosting.serves", address=f"{_HOST}/{path}/")
    return ft.Container(
        ft.Column(
            [
                typing_field(
                    t("options.hosting.path"),
                    typed,
                    functools.partial(desk.type, shown.option),
                    mono=True,
                    dense=True,
                ),
                *(trouble(desk, shown) or [text.small(words)]),
            ],
            spacing=5,
            horizontal_alignment=_STRETCH,
        ),
        padding=ft.Padding.only(left=40),
    )


def _links(desk: OptionsDesk, shown: Shown) -> ft.Control:
    option = shown.option
    now = shown.typed if shown.typed in option.choices else option.default
    words = {
        one: (t(f"options.links.{one}"), t(f"options.links.{one}_means"))
        for one in ("path", "hash")
    }
    radios = _radios(t("options.links.title"), str(now), words, functools.partial(desk.set, option))
    return _form(shown, t("options.links.title"), "", _with_trouble(desk, shown, radios))


def _radios(
    name: str, now: str, words: dict[str, tuple[str, str]], on_choose: Callable[[str], Any]
) -> ft.Control:
    """A choice among few, each with what it means."""
    return ft.Semantics(
        container=True,
        label=name,
        content=ft.RadioGroup(
            value=now,
            on_change=lambda event: on_choose(str(event.control.value)),
            content=ft.Column([_radio(value, *one) for value, one in words.items()], spacing=8),
        ),
    )


def _radio(value: str, title: str, means: str) -> ft.Control:
    return ft.MergeSemantics(
        ft.Row(
            [
                ft.Radio(value=value),
                ft.Column(
                    [text.body(title), text.small(means)],
                    spacing=1,
                    expand=True,
                ),
            ],
            spacing=4,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )


# --- Links that open the app ---


def _deep_links(desk: OptionsDesk, scheme: Shown, host: Shown, is_slim: bool) -> ft.Control:
    """Both in one: neither says anything without the other."""
    start, domain = (str(one.typed).strip() for one in (scheme, host))
    words = t("options.deep.none")
    if start or domain:
        address = f"{start or 'https'}://{domain or 'example.com'}"
        is_whole = bool(start and domain)
        words = t("options.deep.opens" if is_whole else "options.deep.half", address=address)
    fields = [_field(desk, one) for one in (scheme, host)]
    both: ft.Control = ft.Column(fields, spacing=12, horizontal_alignment=_STRETCH)
    if not is_slim:
        shares = zip(fields, (2, 5), strict=True)
        both = ft.Row(
            [ft.Container(one, expand=share) for one, share in shares],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return _form(scheme, t("options.deep.title"), t("options.deep.lead"), [both, text.small(words)])


def _field(desk: OptionsDesk, shown: Shown) -> ft.Control:
    option = shown.option
    field = typing_field(
        title_of(option),
        shown.typed if isinstance(shown.typed, str) else "",
        functools.partial(desk.type, option),
        mono=True,
        dense=True,
    )
    parts = _with_trouble(desk, shown, field)
    return ft.Column(parts, spacing=6, horizontal_alignment=_STRETCH)


# --- Linux ---


def _menu(desk: OptionsDesk, shown: Shown) -> ft.Control:
    return _form(
        shown,
        t("options.menu.title"),
        t("options.menu.lead"),
        _with_trouble(desk, shown, chips(desk, shown)),
    )


_FORMS: dict[str, Form] = {
    "base_url": _hosting,
    "route_url_strategy": _links,
    "no_cdn": _cdn,
    "permissions": _permissions,
    "split_per_abi": _split,
    "linux_categories": _menu,
}
_BOTH = {"deep_linking_scheme", "deep_linking_host"}
