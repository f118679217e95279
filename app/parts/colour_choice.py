"""A colour to choose: a few swatches and a field for any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.rule_field import typing_field
from app.pictures import as_typed, colour_of, told_colour
from app.texts import t

SIDE = 30
FIELD_WIDTH = 106


def colour_choice(
    name: str,
    value: str,
    shown: str,
    swatches: Sequence[str],
    on_change: Callable[[str], Any],
    *,
    help_text: str = "",
) -> ft.Control:
    """`value` is what stands in the field, `shown` the colour that holds where it is no colour."""
    now = colour_of(as_typed(value)) or colour_of(shown)
    offered = {colour_of(one): one for one in (*swatches, *([now] if now else []))}
    wrong = told_colour(as_typed(value))
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    typing_field(
                        name,
                        value,
                        on_change,
                        meant=as_typed,
                        mono=True,
                        dense=True,
                    ),
                    width=FIELD_WIDTH,
                ),
                *(_swatch(name, key, key == now, on_change) for key in offered),
            ],
            spacing=3,
            run_spacing=4,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    if wrong or help_text:
        rows.append(text.small(wrong or help_text, color=theme.LOOK if wrong else theme.GREY))
    return ft.Column(rows, spacing=7)


def _swatch(name: str, colour: str, chosen: bool, on_change: Callable[[str], Any]) -> ft.Control:
    words = t("pictures.colour.chosen" if chosen else "pictures.colour.take", colour=colour)
    return ft.MergeSemantics(
        ft.Semantics(
            label=f"{name}, {words}",
            button=True,
            selected=chosen,
            content=ft.Container(
                ft.Container(
                    width=SIDE - 8,
                    height=SIDE - 8,
                    border_radius=SIDE,
                    bgcolor=colour,
                    border=ft.Border.all(1, theme.EDGE),
                ),
                width=SIDE,
                height=SIDE,
                alignment=ft.Alignment.CENTER,
                border_radius=SIDE,
                border=ft.Border.all(2, theme.MAIN if chosen else ft.Colors.TRANSPARENT),
                tooltip=colour,
                on_click=lambda _event: on_change(colour),
                ink=True,
            ),
        )
    )
