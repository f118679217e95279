"""What to know about the pictures of a page, as cards with the remedies that help."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import plain_button
from app.parts.card import Tone, card, label
from app.parts.slot_card import pick
from app.pictures import SWATCHES, Page, colour_of, first, platform_of, together
from app.texts import t
from app.wizard import Wizard
from builder.images.advice import Advice, Remedy

_LOOKS: dict[str, tuple[Tone, Any, Any]] = {
    "error": ("bad", ft.Icons.ERROR_OUTLINE, theme.BAD),
    "warn": ("look", ft.Icons.WARNING_AMBER_ROUNDED, theme.LOOK),
    "hint": ("quiet", ft.Icons.LIGHTBULB_OUTLINE, theme.HAIRLINE),
}
_SIGNS: dict[str, Any] = {
    "pad": ft.Icons.ASPECT_RATIO,
    "crop": ft.Icons.CROP,
    "shrink": ft.Icons.ZOOM_IN_MAP,
    "bigger": ft.Icons.FOLDER_OPEN_OUTLINED,
    "as-png": ft.Icons.IMAGE_OUTLINED,
}
_MOST_COLOURS = 3


def advice_cards(wizard: Wizard, page: Page, slot: str) -> list[ft.Control]:
    """One card each: about all platforms, those of the target first, or about the slot's own."""
    pictures, own = wizard.state.pictures, platform_of(slot)
    platforms = [own] if own else first(wizard.state.platform)
    found = [one for platform in platforms for one in pictures.advice_for(page, platform)]
    return [_card(wizard, one, page) for one in together(found)]


def _card(wizard: Wizard, advice: Advice, page: Page) -> ft.Control:
    problem = advice.problem
    tone, icon, edge = _LOOKS.get(problem.severity, _LOOKS["warn"])
    names = ", ".join(t(f"pictures.slot.icon_{one}") for one in advice.platforms)
    rows: list[ft.Control] = [
        ft.Row(
            [label(t(f"problem.{problem.severity}"), tone, icon), text.small(names)],
            spacing=10,
            run_spacing=6,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        text.heading(problem.title),
        *(text.grey(said) for said in (problem.why,) if said),
        *(text.body(said) for said in (problem.do,) if said),
    ]
    if buttons := _buttons(wizard, advice, page):
        rows.append(ft.Row(buttons, spacing=8, run_spacing=8, wrap=True))
    if note := _note(wizard, advice, page):
        rows.append(text.small(note))
    return text.ident(
        f"advice-{problem.code}", card(ft.Column(rows, spacing=9), edge=edge, padding=18)
    )


def _buttons(wizard: Wizard, advice: Advice, page: Page) -> list[ft.Control]:
    buttons: list[ft.Control] = []
    for remedy in advice.remedies:
        if remedy == "background":
            buttons += [
                _colour_button(wizard, advice, page, colour)
                for colour in _colours(wizard, advice, page)
            ]
        else:
            buttons.append(
                plain_button(
                    t(f"pictures.remedy.{remedy}"),
                    functools.partial(_carry_out, wizard, advice, remedy, page),
                    icon=_SIGNS[remedy],
                    low=True,
                    disabled=wizard.state.pictures.saving,
                )
            )
    return buttons


async def _carry_out(wizard: Wizard, advice: Advice, remedy: Remedy, page: Page) -> None:
    if remedy == "bigger":
        await pick(wizard, wizard.studio.slots_of(advice, remedy, page)[0])
    else:
        wizard.studio.remedy(advice, remedy, page)


def _colour_button(wizard: Wizard, advice: Advice, page: Page, colour: str) -> ft.Control:
    return plain_button(
        t("pictures.remedy.background", colour=colour.upper()),
        functools.partial(wizard.studio.remedy, advice, "background", page, colour),
        icon=ft.Icon(ft.Icons.CIRCLE, color=colour, size=18),
        low=True,
        disabled=wizard.state.pictures.saving,
    )


def _colours(wizard: Wizard, advice: Advice, page: Page) -> list[str]:
    """What is tried, then the usual ones; not the one that is there now."""
    pictures, studio = wizard.state.pictures, wizard.studio
    [slot, *_] = studio.slots_of(advice, "background", page)
    now = colour_of(studio.background(slot))
    tried = pictures.attempt(slot).colour or ""
    offered = dict.fromkeys(colour_of(one) for one in (tried, *SWATCHES))
    return [one for one in offered if one and one != now][:_MOST_COLOURS]


def _note(wizard: Wizard, advice: Advice, page: Page) -> str:
    """What a click on one of the buttons writes."""
    studio = wizard.studio
    drawn: Sequence[Remedy] = [one for one in advice.remedies if one != "bigger"]
    files: dict[str, None] = {}
    settings: dict[str, None] = {}
    for remedy in drawn:
        for slot in studio.slots_of(advice, remedy, page):
            if studio.is_setting(advice, remedy):
                settings |= dict.fromkeys(studio.colour_keys(slot, ""))
            else:
                files[f"assets/{slot}.png"] = None
    if settings:
        return t("pictures.write.colour", setting=", ".join(settings))
    return t("pictures.remedy_writes", file=", ".join(files)) if files else ""
