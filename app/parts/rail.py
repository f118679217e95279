"""The rail on the left: the steps, where one is, and what is being packaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import flet as ft

from app import theme
from app.parts import text
from app.texts import t

WIDTH = 240
FOLDED_WIDTH = 76

Mark = Literal["open", "done", "attention"]


@dataclass(frozen=True)
class RailStep:
    """One step as the rail shows it. `closed` says why it cannot be reached, or is empty."""

    id: str
    number: int
    mark: Mark
    current: bool
    closed: str


def rail(
    steps: Sequence[RailStep],
    packing: tuple[str, str] | None,
    on_step: Callable[[str], Any],
    *,
    folded: bool,
) -> ft.Control:
    """The rail; `packing` is the name of the project and what it is, None when there is none."""
    rows: list[ft.Control] = [
        _brand(folded),
        ft.Container(height=18),
        *(_step(one, on_step, folded) for one in steps),
        ft.Container(expand=True),
    ]
    if packing is not None and not folded:
        rows.append(_packing(*packing))
    return ft.Container(
        ft.Column(rows, spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, expand=True),
        width=FOLDED_WIDTH if folded else WIDTH,
        padding=ft.Padding.only(
            left=14 if folded else 16, right=14 if folded else 16, top=24, bottom=20
        ),
        bgcolor=theme.CARD,
        border=ft.Border.only(right=ft.BorderSide(1, theme.HAIRLINE)),
    )


def _brand(folded: bool) -> ft.Control:
    sign = ft.Image(
        "icon.png",
        width=36,
        height=36,
        filter_quality=ft.FilterQuality.MEDIUM,
        exclude_from_semantics=True,
    )
    parts: list[ft.Control] = [sign]
    if not folded:
        parts.append(text.bold(t("app.name"), size=20))
    return ft.Container(ft.Row(parts, spacing=12), padding=ft.Padding.only(left=6 if folded else 8))


def _step(step: RailStep, on_step: Callable[[str], Any], folded: bool) -> ft.Control:
    words = t(f"step.{step.id}")
    ink = theme.INK if step.current else theme.GREY
    parts: list[ft.Control] = [_number(step)]
    if not folded:
        font = theme.BOLD if step.current else None
        parts.append(ft.Text(words, size=theme.TEXT, font_family=font, color=ink))
    name = t(
        f"rail.step.{'current' if step.current else step.mark}", number=step.number, step=words
    )
    can_go = not step.closed and not step.current
    return ft.MergeSemantics(
        ft.Semantics(
            identifier=f"step-{step.id}",
            label=name if not step.closed else f"{name}. {step.closed}",
            button=True,
            selected=step.current,
            content=ft.Container(
                ft.Semantics(exclude_semantics=True, content=ft.Row(parts, spacing=12)),
                height=46,
                padding=ft.Padding.only(left=10),
                border_radius=12,
                bgcolor=theme.CHOSEN if step.current else None,
                ink=can_go,
                on_click=(lambda _event: on_step(step.id)) if can_go else None,
                tooltip=step.closed or (words if folded else None),
            ),
        )
    )


def _number(step: RailStep) -> ft.Control:
    """A circle with the number, a tick when done, a mark when something must be put right."""
    sign: ft.Control
    if step.mark == "done" and not step.current:
        sign = ft.Icon(ft.Icons.CHECK, size=16, color=theme.ON_GOOD)
        ground, edge = theme.GOOD, theme.GOOD
    elif step.mark == "attention":
        sign = ft.Icon(ft.Icons.PRIORITY_HIGH, size=15, color=theme.ON_BAD)
        ground, edge = theme.BAD, theme.BAD
    else:
        ink = theme.MAIN if step.current else theme.GREY
        sign = text.bold(str(step.number), size=theme.SMALL, color=ink)
        ground, edge = None, theme.MAIN if step.current else theme.HAIRLINE
    return ft.Container(
        sign,
        width=27,
        height=27,
        border_radius=14,
        bgcolor=ground,
        border=ft.Border.all(2, edge),
        alignment=ft.Alignment.CENTER,
    )


def _packing(name: str, what: str) -> ft.Control:
    return text.ident(
        "packing",
        ft.Container(
            ft.Column(
                [
                    text.bold(
                        name,
                        size=theme.SMALL + 1,
                        max_lines=2,
                        overflow=ft.TextOverflow.ELLIPSIS,
                    ),
                    text.small(what, max_lines=3, overflow=ft.TextOverflow.ELLIPSIS),
                ],
                spacing=3,
            ),
            padding=ft.Padding.only(left=10, top=14, right=6),
            border=ft.Border.only(top=ft.BorderSide(1, theme.HAIRLINE)),
        ),
    )
