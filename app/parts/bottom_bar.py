"""The bar at the foot: the light of readiness with its words, Back, and the one filled button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import main_button, plain_button
from app.texts import t

_LIGHTS: dict[str, tuple[Any, Any]] = {
    "idle": (ft.Icons.CIRCLE_OUTLINED, theme.GREY),
    "busy": (ft.Icons.MORE_HORIZ, theme.MAIN),
    "ready": (ft.Icons.CHECK_CIRCLE, theme.GOOD),
    "look": (ft.Icons.WARNING_ROUNDED, theme.LOOK),
    "stop": (ft.Icons.ERROR, theme.BAD),
}


@dataclass(frozen=True)
class MainAction:
    """What the filled button says and does; `closed` says why it cannot now, or is empty."""

    words: str
    act: Callable[[], Any]
    closed: str = ""
    icon: Any = None


def bottom_bar(
    level: str,
    words: str,
    on_back: Callable[[], Any] | None,
    action: MainAction | None,
) -> ft.Control:
    """The bar; the light always has a sign and words beside its colour."""
    icon, ink = _LIGHTS[level]
    buttons: list[ft.Control] = []
    if on_back is not None:
        buttons.append(plain_button(t("bar.back"), on_back))
    if action is not None:
        button = main_button(
            action.words, action.act, disabled=bool(action.closed), icon=action.icon
        )
        buttons.append(ft.Container(button, tooltip=action.closed) if action.closed else button)
    return ft.Container(
        ft.Row(
            [
                text.ident(
                    "readiness",
                    ft.Row(
                        [
                            ft.Icon(icon, size=18, color=ink),
                            text.body(
                                words,
                                color=theme.GREY,
                                expand=True,
                                max_lines=2,
                                overflow=ft.TextOverflow.ELLIPSIS,
                            ),
                        ],
                        spacing=10,
                    ),
                    live_region=True,
                    expand=True,
                ),
                *buttons,
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        height=76,
        padding=ft.Padding.symmetric(horizontal=theme.PAGE_PADDING),
        bgcolor=theme.CARD,
        border=ft.Border.only(top=ft.BorderSide(1, theme.HAIRLINE)),
    )
