"""What every page has in common: its title, its grey line, its cards one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from app import theme
from app.parts import text

_SLIM = 440.0
_LEFT, _NARROW_LEFT, _LEAST_FOR_TWO = 332.0, 276.0, 556.0
PREVIEW_PADDING = 20
WIDEST = 1080  # wider lines are no longer read with ease


@dataclass(frozen=True)
class Layout:
    """How much room there is for a page, in pixels, without the rail and the bar."""

    width: float
    height: float

    @property
    def is_wide(self) -> bool:
        """Whether two cards find room side by side."""
        return self.width >= 800

    @property
    def is_slim(self) -> bool:
        """Whether a field finds no room beside its button."""
        return self.inner_width < _SLIM

    @property
    def side_by_side(self) -> tuple[float, float] | None:
        """The widths of what is worked on and of what comes of it; None: one above the other."""
        inner = self.inner_width
        if inner < _LEAST_FOR_TWO:
            return None
        left = _LEFT if self.is_wide else _NARROW_LEFT
        return left, inner - left - theme.GAP

    @property
    def card_padding(self) -> float:
        """The padding of a card in the narrower of two columns."""
        return PREVIEW_PADDING if self.is_wide else 16

    @property
    def inner_width(self) -> float:
        """The width of a card over the whole page."""
        return min(WIDEST, self.width - 2 * theme.PAGE_PADDING)


def two_columns(
    left: Sequence[ft.Control], right: ft.Control, layout: Layout, *, right_first: bool = False
) -> ft.Control:
    """What is worked on beside what comes of it, or one above the other where there is no room."""
    if (widths := layout.side_by_side) is not None:
        worked_on = ft.Column([*left], width=widths[0], spacing=theme.GAP)
        worked_on.horizontal_alignment = ft.CrossAxisAlignment.STRETCH
        return ft.Row(
            [worked_on, ft.Container(right, expand=True)],
            spacing=theme.GAP,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    first, *rest = left
    return ft.Column(
        [right, *left] if right_first else [first, right, *rest],
        spacing=theme.GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def room_inside(layout: Layout) -> float:
    """The width inside a card that shows what comes of it: without its padding and hairline."""
    widths = layout.side_by_side
    return (widths[1] if widths else layout.inner_width) - 2 * (PREVIEW_PADDING + 1)


def page_body(title: str, lead: str, parts: Sequence[ft.Control], layout: Layout) -> ft.Control:
    """One page: it scrolls, the frame around it does not."""
    return ft.Column(
        [
            ft.Container(
                ft.Column(
                    [
                        ft.Column([text.title(title), text.lead(lead)], spacing=6),
                        ft.Container(height=6),
                        *parts,
                    ],
                    spacing=theme.GAP,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                width=layout.inner_width + 2 * theme.PAGE_PADDING,
                padding=ft.Padding.only(
                    left=theme.PAGE_PADDING, right=theme.PAGE_PADDING, top=34, bottom=34
                ),
            )
        ],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
    )
