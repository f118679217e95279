"""A slider that is not torn from the hand that moves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import icon_button
from app.parts.component import component

STEP = 0.01


@component
def slider(
    name: str,
    value: float,
    most: float,
    words: str,
    less: str,
    more: str,
    on_move: Callable[[float], Any],
) -> ft.Control:
    """A share from 0 to `most` in steps of a hundredth; `words` is the value in words.

    `less` and `more` are the names of the buttons beside it, for whoever has no mouse.

    As with a text field, the control is kept as long as `value` is what it was moved to: drawing
    it anew with an older value would move it back under the hand.
    """
    held = ft.use_ref(value)
    version = ft.use_ref(0)
    # The kept control must not go on calling what it was first drawn with.
    latest = ft.use_ref((on_move,))
    latest.current = (on_move,)
    if value != held.current:
        held.current = value
        version.current = (version.current or 0) + 1

    def moved(event: Any) -> None:
        held.current = round(float(event.control.value), 2)
        assert latest.current is not None
        latest.current[0](held.current)

    asked = ft.use_ref(value)  # the next key may come before this one is drawn
    asked.current = value

    def step(share: float) -> None:
        asked.current = round(min(most, max(0.0, (asked.current or 0.0) + share)), 2)
        on_move(asked.current)

    control = ft.use_memo(
        # Not Material's: its bubble for the value lies over the whole window for whoever uses a
        # screen reader, and nothing can be clicked through it.
        lambda: ft.CupertinoSlider(
            value=value,
            min=0.0,
            max=most,
            on_change=moved,
            active_color=theme.MAIN,
            thumb_color=theme.MAIN,
            key=f"{name}-{version.current}",
            expand=True,
        ),
        [version.current],
    )
    return ft.Column(
        [
            ft.Row([text.small(name, expand=True), text.small(words, color=theme.INK)]),
            ft.Row(
                [
                    icon_button(ft.Icons.REMOVE, less, lambda: step(-STEP), disabled=value <= 0),
                    ft.Semantics(
                        identifier="slider",
                        label=name,
                        value=words,
                        content=ft.Row([control]),
                        expand=True,
                    ),
                    icon_button(ft.Icons.ADD, more, lambda: step(STEP), disabled=value >= most),
                ],
                spacing=0,
            ),
        ],
        spacing=2,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
