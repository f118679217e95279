"""The Target page: what the app can become, as a picture with a reason in each closed card."""

from __future__ import annotations

import flet as ft

from app import theme
from app.parts.component import component
from app.parts.page import Layout, page_body
from app.parts.target_card import target_card
from app.texts import t
from app.wizard import Wizard
from builder.targets import TARGETS, matrix


@component
def target_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """All targets of this computer; those that work now come first."""
    order = {"ready": 0, "needs": 1, "never": 2}
    cells = sorted(matrix(wizard.state.host), key=lambda cell: order[cell.state])
    cards = [
        target_card(
            TARGETS[cell.target],
            cell,
            cell.target == wizard.state.target,
            lambda target=cell.target: wizard.choose_target(target),  # type: ignore[misc]
        )
        for cell in cells
    ]
    rows = _in_pairs(cards) if layout.is_wide else cards
    return page_body(t("target.title"), t("target.lead"), rows, layout)


def _in_pairs(cards: list[ft.Control]) -> list[ft.Control]:
    """Two side by side, as high as each other."""
    rows: list[ft.Control] = []
    for at in range(0, len(cards), 2):
        pair: list[ft.Control] = [ft.Container(one, expand=True) for one in cards[at : at + 2]]
        if len(pair) == 1:
            pair.append(ft.Container(expand=True))
        rows.append(
            ft.Row(
                pair,
                spacing=theme.GAP,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
                intrinsic_height=True,
            )
        )
    return rows
