"""Buttons in three ranks. Each has a name that a screen reader says."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import flet as ft

from app import theme

Click = Callable[[], Any]

_SHAPE = ft.StadiumBorder()
_TEXT = ft.TextStyle(size=theme.TEXT, font_family=theme.BOLD)
_SMALL = ft.TextStyle(size=theme.SMALL + 0.5, font_family=theme.BOLD)


def main_button(
    words: str, on_click: Click, *, disabled: bool = False, icon: Any = None
) -> ft.Control:
    """The one filled button of a page."""
    return ft.FilledButton(
        words,
        icon=icon,
        disabled=disabled,
        on_click=_quietly(on_click),
        style=ft.ButtonStyle(
            shape=_SHAPE,
            padding=_padding(24, 17),
            text_style=_TEXT,
            bgcolor={
                ft.ControlState.DISABLED: theme.QUIET_GROUND,
                ft.ControlState.DEFAULT: theme.MAIN,
            },
            color={ft.ControlState.DISABLED: theme.GREY, ft.ControlState.DEFAULT: theme.ON_MAIN},
        ),
    )


def plain_button(
    words: str, on_click: Click, *, disabled: bool = False, icon: Any = None, low: bool = False
) -> ft.Control:
    """A button with an outline; `low` for rows in cards."""
    return ft.OutlinedButton(
        words,
        icon=icon,
        disabled=disabled,
        on_click=_quietly(on_click),
        style=ft.ButtonStyle(
            shape=_SHAPE,
            padding=_padding(16, 14) if low else _padding(22, 17),
            text_style=_SMALL if low else _TEXT,
            color={ft.ControlState.DISABLED: theme.GREY, ft.ControlState.DEFAULT: theme.INK},
            side=ft.BorderSide(1, theme.HAIRLINE),
        ),
    )


def chosen_button(words: str, on_click: Click, *, disabled: bool = False) -> ft.Control:
    """A button that stands out in a card without vying with the filled one of the page."""
    return ft.FilledTonalButton(
        words,
        disabled=disabled,
        on_click=_quietly(on_click),
        style=ft.ButtonStyle(
            shape=_SHAPE,
            padding=_padding(22, 17),
            text_style=_TEXT,
            bgcolor={
                ft.ControlState.DISABLED: theme.QUIET_GROUND,
                ft.ControlState.DEFAULT: theme.CHOSEN,
            },
            color={ft.ControlState.DISABLED: theme.GREY, ft.ControlState.DEFAULT: theme.ON_CHOSEN},
        ),
    )


def text_button(
    words: str, on_click: Click, *, icon: Any = None, url: str | None = None, disabled: bool = False
) -> ft.TextButton:
    """A button without a frame, for what is possible but not meant first."""
    return ft.TextButton(
        words,
        icon=icon,
        url=url,
        disabled=disabled,
        on_click=_quietly(on_click),
        style=ft.ButtonStyle(shape=_SHAPE, padding=_padding(12, 12), text_style=_SMALL),
    )


def icon_button(
    icon: Any, name: str, on_click: Click, *, disabled: bool = False, small: bool = False
) -> ft.Control:
    """A button with only a sign; merging gives it its name, which the tooltip shows as well.

    A `small` one stands in a line of small text.
    """
    return ft.MergeSemantics(
        ft.IconButton(
            icon,
            tooltip=name,
            disabled=disabled,
            icon_size=15 if small else 20,
            icon_color=theme.GREY,
            width=28 if small else None,
            height=28 if small else None,
            padding=0 if small else None,
            on_click=_quietly(on_click),
        )
    )


def _quietly(on_click: Click) -> Callable[[Any], Any]:
    """Pages need no event, only the click. Flet awaits only what it can see to be a coroutine."""

    async def clicked(_event: Any) -> None:
        done = on_click()
        if inspect.isawaitable(done):
            await done

    return clicked


def _padding(across: float, down: float) -> ft.Padding:
    return ft.Padding.symmetric(horizontal=across, vertical=down)
