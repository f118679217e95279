"""What the app's code reads and writes, each with a tick: whether it is packed along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app import theme
from app.app_files import AppFile
from app.parts import text
from app.parts.card import card, label
from app.texts import counted, size, t
from app.wizard import Wizard

_MOST = 10  # of each; more is a project whose paths are better looked through in its code
_SIGNS: dict[str, Any] = {
    "held_out": ft.Icons.VISIBILITY_OFF_OUTLINED,
    "made": ft.Icons.AUTO_AWESOME_OUTLINED,
    "missing": ft.Icons.HELP_OUTLINE,
    "outside": ft.Icons.LOGOUT,
}


def app_files_card(wizard: Wizard, files: Sequence[AppFile]) -> ft.Control:
    """The card: what is written first, for that is what has to last."""
    parts: list[ft.Control] = []
    for group in ("writes", "reads"):
        some = [one for one in files if one.writes == (group == "writes")]
        if some:
            parts.append(_group(wizard, group, some))
    parts.append(text.small(t("project.files.found")))
    return text.ident("app-files", card(ft.Column(parts, spacing=18)))


def _group(wizard: Wizard, group: str, files: Sequence[AppFile]) -> ft.Control:
    rows = [_row(wizard, group, one) for one in files[:_MOST]]
    if (more := len(files) - _MOST) > 0:
        rows.append(text.small(counted("project.files.more", more)))
    return ft.Column(
        [
            ft.Column(
                [
                    text.heading(t(f"project.files.{group}.title")),
                    text.grey(t(f"project.files.{group}.lead")),
                ],
                spacing=4,
            ),
            ft.Column(rows, spacing=8),
        ],
        spacing=12,
    )


def _row(wizard: Wizard, group: str, file: AppFile) -> ft.Control:
    lines: list[ft.Control] = [
        text.mono(file.path, size=theme.SMALL + 1),
        text.small(f"{_note(group, file)} · {file.where}"),
    ]
    if file.holds_data and file.state == "packed":
        lines.append(_own_data())
    return ft.Row(
        [
            ft.Container(_tick(wizard, file), width=40, alignment=ft.Alignment.TOP_CENTER),
            ft.Column(lines, spacing=2, expand=True),
        ],
        spacing=6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _tick(wizard: Wizard, file: AppFile) -> ft.Control:
    """The tick, or a sign where there is nothing to choose."""
    if not file.can_tick:
        return ft.Container(
            ft.Icon(_SIGNS[file.state], size=20, color=theme.GREY), padding=ft.Padding.only(top=6)
        )
    return ft.Semantics(
        identifier=f"pack-{file.path}",
        label=t("project.files.tick", path=file.path),
        content=ft.Checkbox(
            value=file.state == "packed",
            on_change=lambda event: wizard.pack(file, bool(event.control.value)),
        ),
    )


def _note(group: str, file: AppFile) -> str:
    """What becomes of it, in a few words."""
    kind = t(f"project.files.kind.{file.kind}")
    state = file.state
    if state in ("packed", "left_out"):
        return t(f"project.files.{state}.{group}", kind=kind, size=size(file.bytes))
    return t(f"project.files.{state}", kind=kind)


def _own_data() -> ft.Control:
    return ft.Container(
        ft.Column(
            [
                ft.Row(
                    [label(t("project.files.own.label"), "look", ft.Icons.WARNING_AMBER_ROUNDED)]
                ),
                text.body(t("project.files.own.why"), size=theme.SMALL + 1),
            ],
            spacing=6,
        ),
        padding=ft.Padding.only(top=4, bottom=4),
    )
