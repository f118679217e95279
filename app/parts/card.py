"""The card, and the small label with a word and a sign beside its colour."""

from __future__ import annotations

from typing import Any, Literal

import flet as ft

from app import theme

Tone = Literal["good", "look", "bad", "quiet", "main"]

_GROUNDS = {
    "good": (theme.GOOD_GROUND, theme.ON_GOOD_GROUND),
    "look": (theme.LOOK_GROUND, theme.ON_LOOK_GROUND),
    "bad": (theme.BAD_GROUND, theme.ON_BAD_GROUND),
    "quiet": (theme.QUIET_GROUND, theme.GREY),
    "main": (theme.CHOSEN, theme.ON_CHOSEN),
}


def card(content: ft.Control, *, edge: Any = None, padding: float = 22, **more: Any) -> ft.Control:
    """A card on the ground, with a hairline or an edge in a colour that says something."""
    return ft.Container(
        content,
        padding=padding,
        bgcolor=theme.CARD,
        border_radius=theme.CORNER,
        border=ft.Border.all(1, edge or theme.HAIRLINE),
        **more,
    )


def label(words: str, tone: Tone, icon: Any = None, *, wraps: bool = False) -> ft.Control:
    """A pill with a word; the colour only underlines what it says.

    One that `wraps` breaks its words where there is no room, and needs a place of limited width.
    """
    ground, ink = _GROUNDS[tone]
    parts: list[ft.Control] = [ft.Icon(icon, size=15, color=ink)] if icon else []
    said = ft.Text(words, size=theme.SMALL, font_family=theme.BOLD, color=ink)
    if wraps:
        said.expand = said.expand_loose = True
    parts.append(said)
    return ft.Container(
        ft.Row(parts, spacing=6, tight=True),
        padding=ft.Padding.symmetric(horizontal=12, vertical=5),
        border_radius=20,
        bgcolor=ground,
    )
