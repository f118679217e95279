"""A text field with the rules that speak while one types, and the corrected value on offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import plain_button
from app.parts.component import component
from app.texts import t
from builder.settings import Verdict
from builder.targets import TARGETS

_SIGNS: dict[str, tuple[Any, Any]] = {
    "error": (ft.Icons.ERROR_OUTLINE, theme.BAD),
    "warn": (ft.Icons.WARNING_AMBER_ROUNDED, theme.LOOK),
    "hint": (ft.Icons.LIGHTBULB_OUTLINE, theme.GREY),
}

Choice = tuple[str, Callable[[], Any]]
"""The words of a button, and what it does."""


@component
def typing_field(
    label: str,
    value: str,
    on_type: Callable[[str], Any],
    *,
    on_enter: Callable[[], Any] | None = None,
    meant: Callable[[str], str] = str,
    offers: Sequence[str] = (),
    icon: Any = None,
    mono: bool = False,
    dense: bool = False,
    lines: int = 1,
) -> ft.Control:
    """A text field that never loses a letter; with more than one of `lines` it takes many.

    A field that is drawn anew with a value that is one key behind would take back that key. So the
    control itself is kept as long as `value` is what was typed into it, and replaced when it comes
    from elsewhere: from a suggestion, from another tab, from the file. Where what is typed becomes
    another value (a colour without its hash), `meant` says which, and `on_type` is told that one.
    """
    held = ft.use_ref(value)
    version = ft.use_ref(0)
    was_taken = ft.use_ref(False)
    # The kept control must not go on calling what it was first drawn with.
    latest = ft.use_ref((on_type, on_enter))
    latest.current = (on_type, on_enter)
    offered: ft.MutableRef[Sequence[str]] = ft.use_ref(())
    if value not in (held.current, meant(held.current or "")):
        held.current = value
        version.current = (version.current or 0) + 1
        was_taken.current = value in (offered.current or ())
    offered.current = offers

    def typed(event: Any) -> None:
        held.current = event.control.value or ""
        assert latest.current is not None
        latest.current[0](meant(held.current))

    def entered(_event: Any) -> None:
        assert latest.current is not None
        if latest.current[1] is not None:
            latest.current[1]()

    field = ft.use_memo(
        lambda: ft.TextField(
            label=label,
            value=value,
            prefix_icon=icon,
            on_change=typed,
            on_submit=entered,
            key=f"{label}-{version.current}",
            text_size=theme.TEXT,
            color=theme.INK,
            text_style=ft.TextStyle(font_family=theme.MONO) if mono else None,
            border=theme.field_border(),
            label_style=ft.TextStyle(color=theme.GREY),
            dense=dense,
            multiline=lines > 1,
            min_lines=lines if lines > 1 else None,
            max_lines=12 if lines > 1 else 1,
            content_padding=ft.Padding.symmetric(
                horizontal=12 if dense else 16, vertical=12 if dense else 18
            ),
            autocorrect=False,
            enable_suggestions=False,
            smart_dashes_type=False,
            smart_quotes_type=False,
        ),
        [version.current],
    )

    async def focus_again() -> None:
        # The button that was clicked is gone; without this the focus lands on any other field.
        if was_taken.current:
            was_taken.current = False
            await field.focus()  # type: ignore[no-untyped-call]

    ft.use_effect(focus_again, [version.current])
    # In a list on purpose: only there Flet keeps a kept control's way up to the page in repair.
    return ft.Column([field], spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def rule_field(
    name: str,
    label: str,
    value: str,
    help_text: str,
    verdicts: Sequence[Verdict],
    on_type: Callable[[str], Any],
    *,
    mono: bool = False,
    below: Sequence[ft.Control] = (),
) -> ft.Control:
    """A field, what the rules say about it, or else what it is for, and whatever is `below`."""
    return text.ident(
        f"field-{name}",
        ft.Column(
            [
                typing_field(label, value, on_type, mono=mono, offers=_offers(verdicts)),
                *(
                    [_said(label, verdicts, on_type)]
                    if verdicts
                    else [ft.Container(text.small(help_text), padding=ft.Padding.only(left=16))]
                ),
                *below,
            ],
            spacing=6,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def clash_box(name: str, title: str, why: str, mine: Choice, theirs: Choice) -> ft.Control:
    """That the file changed while something else was typed, and the two ways out of it."""
    return told_box(
        f"clash-{name}",
        theme.LOOK,
        [
            text.bold(title, size=theme.SMALL + 0.5),
            text.small(why),
            ft.Row(
                [plain_button(words, on_click, low=True) for words, on_click in (mine, theirs)],
                spacing=8,
                run_spacing=8,
                wrap=True,
            ),
        ],
    )


def told_box(identifier: str, edge: ft.Colors, parts: list[ft.Control]) -> ft.Control:
    """What is to be put right below a field, with what helps."""
    return text.ident(
        identifier,
        ft.Container(
            ft.Column(parts, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
            padding=12,
            border_radius=10,
            border=ft.Border.all(1, edge),
        ),
        live_region=True,
    )


def _said(label: str, verdicts: Sequence[Verdict], on_take: Callable[[str], Any]) -> ft.Control:
    """What the rules say, then each corrected value once, as a button that takes it."""
    parts = [_rule(label, one) for one in verdicts]
    if offers := _offers(verdicts):
        parts.append(ft.Row([_offer(one, on_take) for one in offers], spacing=8, wrap=True))
    return ft.Semantics(
        container=True,
        live_region=True,
        content=ft.Container(
            ft.Column(parts, spacing=8), padding=ft.Padding.only(left=16, top=2, bottom=4)
        ),
    )


def _offers(verdicts: Sequence[Verdict]) -> list[str]:
    """Each corrected value once."""
    return list(dict.fromkeys(one.suggestion for one in verdicts if one.suggestion))


def _rule(label: str, verdict: Verdict) -> ft.Control:
    icon, ink = _SIGNS.get(verdict.severity, _SIGNS["error"])
    words = verdict.message
    if words[:1].islower():  # the rules speak on from the name of the field
        words = f"{label} {words}"
    if verdict.severity == "hint" and verdict.targets:
        names = (TARGETS[one].title for one in verdict.targets if one in TARGETS)
        words = t("identity.for_others", rule=words, targets=", ".join(names))
    return ft.Row(
        [ft.Icon(icon, size=17, color=ink), text.small(words, color=ink, expand=True)],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _offer(value: str, on_take: Callable[[str], Any]) -> ft.Control:
    return plain_button(
        t("identity.take", value=value),
        lambda: on_take(value),
        icon=ft.Icons.AUTO_FIX_HIGH,
        low=True,
    )
