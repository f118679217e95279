"""What every page has in common: its title, its grey line, its cards one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from app import theme
from app.parts import text

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
    def inner_width(self) -> float:
        """The width of a card over the whole page."""
        return min(WIDEST, self.width - 2 * theme.PAGE_PADDING)


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
