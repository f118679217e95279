"""One target as a card: what it is, whether this computer can make it, and what else to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.card import Tone, label
from app.texts import t
from builder.targets import Cell, Target

_ICONS: dict[str, Any] = {
    "web": ft.Icons.LANGUAGE,
    "apk": ft.Icons.PHONE_ANDROID,
    "aab": ft.Icons.STOREFRONT_OUTLINED,
    "linux": ft.Icons.TERMINAL,
    "windows": ft.Icons.WINDOW,
    "macos": ft.Icons.LAPTOP_MAC,
    "ipa": ft.Icons.PHONE_IPHONE,
    "ios-simulator": ft.Icons.DEVELOPER_MODE,
}
_STATES: dict[str, tuple[Tone, Any]] = {
    "ready": ("good", ft.Icons.CHECK_CIRCLE_OUTLINE),
    "needs": ("look", ft.Icons.DOWNLOAD_OUTLINED),
    "never": ("quiet", ft.Icons.BLOCK),
}


def target_card(target: Target, cell: Cell, chosen: bool, on_choose: Callable[[], Any]) -> Any:
    """The card. What is ready can be chosen, and what needs tools, for a rehearsal without them.

    The others say why not, and what instead.
    """
    is_ready, is_open = cell.state == "ready", cell.state != "never"
    tone, icon = _STATES[cell.state]
    name = t(f"target.name.{_name(cell, chosen)}", title=target.title)
    rows: list[ft.Control] = [
        ft.Row(
            [
                _picture(target.id, is_ready, chosen),
                ft.Column(
                    [
                        text.heading(target.title),
                        ft.Text(target.subtitle, size=theme.SMALL + 1, color=theme.GREY),
                    ],
                    spacing=2,
                    expand=True,
                ),
                ft.Icon(
                    ft.Icons.RADIO_BUTTON_CHECKED if chosen else ft.Icons.RADIO_BUTTON_UNCHECKED,
                    color=theme.MAIN if chosen else theme.EDGE,
                    visible=is_open,
                ),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        ft.Row([label(cell.label, tone, icon, wraps=True)], wrap=True),
        text.small(cell.reason, visible=bool(cell.reason)),
        *(_instead(cell.instead) if cell.instead and not chosen else ()),
    ]
    return ft.MergeSemantics(
        ft.Semantics(
            identifier=f"target-{target.id}",
            label=name,
            button=is_open,
            selected=chosen,
            content=ft.Container(
                ft.Column(rows, spacing=12),
                padding=20,
                border_radius=theme.CORNER,
                bgcolor=theme.CHOSEN if chosen else theme.CARD,
                border=ft.Border.all(2 if chosen else 1, theme.MAIN if chosen else theme.HAIRLINE),
                ink=is_open,
                on_click=(lambda _event: on_choose()) if is_open else None,
            ),
        )
    )


def _name(cell: Cell, chosen: bool) -> str:
    if not chosen:
        return cell.state
    return "rehearsed" if cell.state == "needs" else "chosen"


def way_card(
    identifier: str, title: str, lead: str, note: str, chosen: bool, on_choose: Callable[[], Any]
) -> Any:
    """One way to build a target, to choose from; `note` is a word about it, or empty."""
    heading: list[ft.Control] = [text.bold(title, size=theme.TEXT)]
    if note:
        heading.append(label(note, "quiet"))
    return ft.MergeSemantics(
        ft.Semantics(
            identifier=identifier,
            label=t("target.name.chosen", title=title) if chosen else title,
            button=True,
            selected=chosen,
            content=ft.Container(
                ft.Row(
                    [
                        ft.Icon(
                            ft.Icons.RADIO_BUTTON_CHECKED
                            if chosen
                            else ft.Icons.RADIO_BUTTON_UNCHECKED,
                            color=theme.MAIN if chosen else theme.EDGE,
                            size=20,
                        ),
                        ft.Column(
                            [
                                ft.Row(heading, spacing=10, run_spacing=4, wrap=True),
                                text.small(lead),
                            ],
                            spacing=3,
                            expand=True,
                        ),
                    ],
                    spacing=12,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                ),
                padding=12,
                border_radius=12,
                ink=True,
                on_click=lambda _event: on_choose(),
            ),
        )
    )


def _picture(target: str, is_ready: bool, chosen: bool) -> ft.Control:
    return ft.Container(
        ft.Icon(
            _ICONS.get(target, ft.Icons.APPS), size=24, color=theme.MAIN if is_ready else theme.GREY
        ),
        width=44,
        height=44,
        border_radius=12,
        bgcolor=theme.CARD if chosen else (theme.CHOSEN if is_ready else theme.QUIET_GROUND),
        alignment=ft.Alignment.CENTER,
    )


def _instead(words: str) -> list[ft.Control]:
    return [
        ft.Row(
            [
                ft.Icon(ft.Icons.SUBDIRECTORY_ARROW_RIGHT, size=16, color=theme.GREY),
                text.small(words, color=theme.INK, expand=True),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    ]
