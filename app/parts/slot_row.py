"""A row of slots to choose from: one stands out, those with a picture of their own are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from app import theme
from app.parts import text

Mark = str  # what the dot beside the word says; empty for no dot


@dataclass(frozen=True)
class SlotChoice:
    """One slot in the row; `mark` says aloud what its dot means, and is empty where it has none."""

    id: str
    words: str
    icon: Any
    mark: str = ""
    is_unsaved: bool = False


def slot_row(
    choices: Sequence[SlotChoice],
    chosen: str,
    on_choose: Callable[[str], Any],
    *,
    signs: bool = True,
) -> ft.Control:
    """The slots, without their signs where room is short; Tab reaches each, Enter chooses."""
    return ft.Row(
        [_choice(one, one.id == chosen, on_choose, signs) for one in choices],
        wrap=True,
        spacing=8,
        run_spacing=8,
    )


def _choice(
    one: SlotChoice, chosen: bool, on_choose: Callable[[str], Any], signs: bool
) -> ft.Control:
    ink = theme.ON_CHOSEN if chosen else theme.GREY
    parts: list[ft.Control] = [text.bold(one.words, size=theme.SMALL + 0.5, color=ink)]
    if signs:
        parts.insert(0, ft.Icon(one.icon, size=18, color=theme.MAIN if chosen else theme.GREY))
    if one.mark:
        parts.append(
            ft.Container(
                width=8,
                height=8,
                border_radius=4,
                bgcolor=theme.LOOK if one.is_unsaved else theme.MAIN,
            )
        )
    return ft.MergeSemantics(
        ft.Semantics(
            identifier=f"slot-{one.id}",
            label=", ".join(word for word in (one.words, one.mark) if word),
            button=True,
            selected=chosen,
            content=ft.Container(
                ft.Semantics(exclude_semantics=True, content=ft.Row(parts, spacing=8, tight=True)),
                padding=ft.Padding.symmetric(horizontal=14, vertical=9),
                border_radius=20,
                bgcolor=theme.CHOSEN if chosen else theme.CARD,
                border=ft.Border.all(1, theme.MAIN if chosen else theme.HAIRLINE),
                tooltip=one.mark or None,
                ink=True,
                on_click=lambda _event: on_choose(one.id),
            ),
        )
    )
