"""`@component` that cannot freeze the window.

In Flet 1.0.5 an exception in a re-render ends the task that draws updates, without a word, and the
window never changes again. Here it becomes a calm card, and the traceback goes to the log.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

import flet as ft

from app import theme
from app.texts import t

P = ParamSpec("P")

_log = logging.getLogger(__name__)


def component(render: Callable[P, ft.Control]) -> Callable[P, ft.Control]:
    """A Flet component that draws a card in its place when drawing it fails."""

    @functools.wraps(render)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ft.Control:
        try:
            return render(*args, **kwargs)
        except Exception:  # noqa: BLE001 - see above: whatever it is, it must end here
            _log.exception("drawing %s failed", render.__name__)
            return crash_card()

    return ft.component(guarded)


def crash_card() -> ft.Control:
    """What stands where something of ours failed."""
    said = ft.Container(
        ft.Row(
            [
                ft.Icon(ft.Icons.HEALING, color=theme.LOOK),
                ft.Column(
                    [
                        ft.Text(
                            t("crash.title"),
                            size=theme.HEADING,
                            font_family=theme.BOLD,
                            color=theme.INK,
                        ),
                        ft.Text(t("crash.why"), size=theme.TEXT, color=theme.GREY),
                        ft.Text(t("crash.do"), size=theme.TEXT, color=theme.GREY),
                    ],
                    spacing=4,
                    expand=True,
                ),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        padding=20,
        bgcolor=theme.CARD,
        border_radius=theme.CORNER,
        border=ft.Border.all(1, theme.LOOK),
    )
    # In a column, so that it is no higher than its words wherever it stands.
    return ft.Column(
        [ft.Container(said, padding=theme.PAGE_PADDING)],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
