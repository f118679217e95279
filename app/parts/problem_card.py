"""A problem as a card: what happened, likely why, what to do, and the buttons that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import plain_button
from app.parts.card import Tone, card, label
from app.texts import t
from builder.problems import Fix, Problem

_LOOKS: dict[str, tuple[Tone, Any, Any]] = {
    "error": ("bad", ft.Icons.ERROR_OUTLINE, theme.BAD),
    "warn": ("look", ft.Icons.WARNING_AMBER_ROUNDED, theme.LOOK),
    "hint": ("quiet", ft.Icons.LIGHTBULB_OUTLINE, theme.HAIRLINE),
}
_MOST_EVIDENCE = 8


def problem_card(
    problem: Problem,
    *,
    on_fix: Callable[[Fix], Any],
    can_fix: Callable[[Fix], bool] = lambda fix: True,
    title_of: Callable[[Fix], str] = lambda fix: fix.title,
    on_dismiss: Callable[[], Any] | None = None,
) -> ft.Control:
    """One problem. Only fixes that a click can carry out here get a button."""
    tone, icon, edge = _LOOKS.get(problem.severity, _LOOKS["error"])
    fixes = [fix for fix in problem.fixes if can_fix(fix)]
    buttons = [_fix_button(fix, title_of(fix), on_fix) for fix in fixes]
    if on_dismiss is not None:
        buttons.append(plain_button(t("problem.dismiss"), on_dismiss, low=True))
    rows: list[ft.Control] = [
        ft.Row(
            [label(t(f"problem.{problem.severity}"), tone, icon), text.small(problem.where)],
            spacing=12,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        text.heading(problem.title),
        *(text.grey(words) for words in (problem.why,) if words),
        *(text.body(words) for words in (problem.do,) if words),
        *(_evidence(problem) if problem.evidence else ()),
    ]
    if buttons:
        rows.append(ft.Row(buttons, spacing=10, run_spacing=10, wrap=True))
    return text.ident(
        f"problem-{problem.code}", card(ft.Column(rows, spacing=10), edge=edge, padding=20)
    )


def _evidence(problem: Problem) -> list[ft.Control]:
    lines = list(problem.evidence)[:_MOST_EVIDENCE]
    return [
        ft.Container(
            ft.SelectionArea(text.mono("\n".join(line[:300] for line in lines))),
            padding=12,
            border_radius=10,
            bgcolor=theme.SUNKEN,
            border=ft.Border.all(1, theme.HAIRLINE),
        )
    ]


def _fix_button(fix: Fix, title: str, on_fix: Callable[[Fix], Any]) -> ft.Control:
    icons = {
        "set": ft.Icons.AUTO_FIX_HIGH,
        "open": ft.Icons.OPEN_IN_NEW,
        "copy": ft.Icons.CONTENT_COPY,
        "run": ft.Icons.PLAY_ARROW,
    }
    button: ft.Control = plain_button(
        title, lambda: on_fix(fix), icon=icons.get(fix.kind), low=True
    )
    return button
