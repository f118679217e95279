"""The Target page: what the app can become, as a picture with a reason in each closed card."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from app import theme
from app.parts import text
from app.parts.card import card
from app.parts.component import component
from app.parts.page import Layout, page_body
from app.parts.target_card import target_card, way_card
from app.texts import t
from app.wizard import Wizard
from builder.targets import TARGETS, Cell


@component
def target_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """All targets of this computer; those that work now come first."""
    order = {"ready": 0, "needs": 1, "never": 2}
    cells = sorted(wizard.state.cells(), key=lambda cell: order[cell.state])
    across = 2 if layout.is_wide else 1
    rows: list[ft.Control] = []
    for at in range(0, len(cells), across):
        some = cells[at : at + across]
        cards = [_card(wizard, cell) for cell in some]
        rows.append(_side_by_side(cards) if across > 1 else cards[0])
        rows += [more for cell in some for more in _more(wizard, cell)]
    return page_body(t("target.title"), t("target.lead"), rows, layout)


def _card(wizard: Wizard, cell: Cell) -> ft.Control:
    chosen = cell.target == wizard.state.target
    one: ft.Control = target_card(
        TARGETS[cell.target], cell, chosen, lambda: wizard.choose_target(cell.target)
    )
    return one


def _side_by_side(cards: Sequence[ft.Control]) -> ft.Control:
    """Two beside each other, as high as each other."""
    pair: list[ft.Control] = [ft.Container(one, expand=True) for one in cards]
    if len(pair) == 1:
        pair.append(ft.Container(expand=True))
    return ft.Row(
        pair,
        spacing=theme.GAP,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        intrinsic_height=True,
    )


def _more(wizard: Wizard, cell: Cell) -> list[ft.Control]:
    """Below the chosen target: its ways, where there are two, or what can be done without tools."""
    if cell.target != wizard.state.target:
        return []
    if cell.state == "needs":
        return [_rehearsal(cell)]
    return [_ways(wizard, cell)] if len(cell.ways) > 1 else []


def _rehearsal(cell: Cell) -> ft.Control:
    what = t(f"target.what.{cell.target}")
    return text.ident(
        "rehearsal",
        card(
            ft.Row(
                [
                    ft.Icon(ft.Icons.FACT_CHECK_OUTLINED, size=22, color=theme.MAIN),
                    ft.Column(
                        [
                            text.heading(t("target.rehearsal.title")),
                            text.body(t("target.rehearsal.lead", what=what)),
                        ],
                        spacing=4,
                        expand=True,
                    ),
                ],
                spacing=16,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            edge=theme.MAIN,
        ),
        live_region=True,
    )


def _lead(target: str, backend: str) -> str:
    is_desktop = target in ("linux", "macos", "windows")
    return "lead_desktop" if is_desktop and backend == "flutter" else "lead"


def _ways(wizard: Wizard, cell: Cell) -> ft.Control:
    taken = wizard.state.backend(cell.target)
    options = [
        way_card(
            f"way-{backend}",
            t(f"target.way.{backend}.title"),
            t(f"target.way.{backend}.{_lead(cell.target, backend)}"),
            t("target.way.usual") if backend == cell.backend else "",
            backend == taken,
            partial(wizard.choose_backend, cell.target, backend),
        )
        for backend in cell.ways
    ]
    title = t("target.way.title", what=t(f"target.what.{cell.target}"))
    return text.ident(
        "ways",
        card(
            ft.Column(
                [ft.Container(text.heading(title), padding=ft.Padding.only(left=12)), *options],
                spacing=6,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
            padding=14,
            edge=theme.MAIN,
        ),
    )
