"""The Splash page: what people see while the app starts, by day and by night."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app import theme
from app.parts import text
from app.parts.advice_card import advice_cards
from app.parts.card import card
from app.parts.colour_choice import colour_choice
from app.parts.component import component
from app.parts.page import PREVIEW_PADDING, Layout, page_body, room_inside, two_columns
from app.parts.picture import splash_grid
from app.parts.problems import problem_cards
from app.parts.slot_card import (
    choose_buttons,
    choose_instead,
    chooser,
    file_line,
    kept_card,
    letter_panel,
    previews_head,
    save_row,
    slot_box,
    slot_problem,
)
from app.parts.slot_row import SlotChoice, slot_row
from app.pictures import (
    COMMON,
    DARK,
    SPLASH,
    SPLASH_SLOTS,
    Slot,
    first,
    in_order,
    is_dark,
    platform_of,
)
from app.texts import t
from app.wizard import Wizard
from builder.images.style import SPLASH_PLATFORMS, Platform

_SWATCHES = {
    "color": ("#FFFFFF", "#F2E8DA", "#0B6E99"),
    "dark_color": ("#222222", "#0C2A3E", "#000000"),
}
_DEFAULTS = {"color": "#FFFFFF", "dark_color": "#222222"}
_STRETCH = ft.CrossAxisAlignment.STRETCH


@component
def splash_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """The pictures, the colours and the switches on the left, the screens on the right."""
    pictures = wizard.state.pictures
    name = pictures.chosen["splash"]
    trouble = wizard.state.picture_trouble("splash") if not pictures.slots else None
    problems = [one for one in (pictures.problem, trouble) if one]
    left = [
        _slot_card(wizard, layout, name),
        *kept_card(wizard, "splash"),
        *problem_cards(wizard, problems),
        *advice_cards(wizard, "splash", name),
        _colours(wizard),
        _switches(wizard),
    ]
    right = _right(wizard, layout)
    body = two_columns(left, right, layout, right_first=bool(pictures.choosing))
    return page_body(t("splash.title"), _lead(wizard), [body], layout)


def _lead(wizard: Wizard) -> str:
    """What the page is for, and that one can go on where the target has no splash screen."""
    state = wizard.state
    if state.platform in SPLASH_PLATFORMS:
        return t("splash.lead")
    return t("splash.lead_none", what=t(f"target.what.{state.target}"))


def _right(wizard: Wizard, layout: Layout) -> ft.Control:
    pictures = wizard.state.pictures
    if pictures.choosing:
        return chooser(wizard, max(220.0, min(420.0, layout.height - 330)))
    previews = in_order(
        pictures.previews.get("splash", ()),
        platform_of(pictures.chosen["splash"]),
        wizard.state.platform,
    )
    rows: list[ft.Control] = [previews_head(wizard, t("splash.circle"), bool(previews))]
    if previews:
        rows.append(splash_grid(previews, room_inside(layout)))
    else:
        words = _why_nothing(wizard)
        rows.append(ft.Container(text.grey(words), padding=ft.Padding.symmetric(vertical=30)))
    body = ft.Column(rows, spacing=14, horizontal_alignment=_STRETCH)
    return text.ident("previews", card(body, padding=PREVIEW_PADDING))


def _why_nothing(wizard: Wizard) -> str:
    pictures = wizard.state.pictures
    if "splash" not in pictures.previews:
        return t("icons.drawing")
    serving = {one.slot for one in pictures.splashes.values() if one.slot}
    if not serving:
        return t("splash.from.nothing")
    broken = any(pictures.slot(name).problem for name in serving)
    return t("icons.no_previews" if broken else "splash.no_previews")


# --- The pictures ---


def _slot_card(wizard: Wizard, layout: Layout, name: str) -> ft.Control:
    pictures = wizard.state.pictures
    slot, attempt = pictures.slot(name), pictures.attempt(name)
    stands_in = _stands_in(wizard, name) if slot.thumb is None else None
    rows: list[ft.Control] = [
        _slots(wizard, name),
        slot_box(wizard, name, stands_in),
        file_line(wizard, name)
        if slot.shown or slot.thumb
        else text.ident(f"file-{name}", text.small(_where_from(wizard, name)), live_region=True),
        *slot_problem(slot),
    ]
    if attempt.letter is None:
        rows.append(choose_buttons(wizard, name))
    else:
        rows.append(letter_panel(wizard, name, attempt.letter))
    if attempt.makes_a_picture:
        rows.append(_save(wizard, name))
    if attempt.letter is not None:
        rows.append(choose_instead(wizard, name))
    body = ft.Column(rows, spacing=14, horizontal_alignment=_STRETCH)
    return card(body, padding=layout.card_padding)


def _save(wizard: Wizard, name: str) -> ft.Control:
    pictures = wizard.state.pictures
    file = f"assets/{name}{pictures.suffix(name)}"
    kept = t("pictures.write.kept") if pictures.has_own(name) else ""
    words = "pictures.use" if pictures.attempt(name).is_plain else "pictures.use_letter"
    written = f"{t('pictures.write.picture', file=file)} {kept}".strip()
    return save_row(wizard, name, t(words), written)


@component
def _slots(wizard: Wizard, chosen: str) -> ft.Control:
    """Light and dark, and behind a fold those of one platform."""
    pictures = wizard.state.pictures
    is_open, set_open = ft.use_state(False)
    own = [one for one in SPLASH_SLOTS if one not in (SPLASH, DARK)]
    used = [one for one in own if pictures.has_own(one) or one in pictures.tries or one == chosen]
    names = [SPLASH, DARK, *(own if is_open else used)]

    def choice(name: str) -> SlotChoice:
        is_unsaved = name in pictures.tries
        mark = t("pictures.unsaved") if is_unsaved else ""
        if not mark and pictures.has_own(name):
            mark = t("pictures.slot.own")
        icon = ft.Icons.DARK_MODE_OUTLINED if is_dark(name) else ft.Icons.LIGHT_MODE_OUTLINED
        return SlotChoice(name, t(f"pictures.slot.{name}"), icon, mark, is_unsaved)

    return ft.Column(
        [
            slot_row(
                [choice(one) for one in names],
                chosen,
                lambda name: wizard.studio.choose_slot("splash", name),
            ),
            ft.TextButton(
                t("splash.fewer" if is_open else "splash.more"),
                icon=ft.Icons.EXPAND_LESS if is_open else ft.Icons.EXPAND_MORE,
                on_click=lambda _event: set_open(not is_open),
                style=ft.ButtonStyle(
                    text_style=ft.TextStyle(size=theme.SMALL), padding=ft.Padding.all(4)
                ),
            ),
        ],
        spacing=4,
    )


def _stands_in(wizard: Wizard, name: str) -> Slot | None:
    """The slot whose picture is shown where this one has none."""
    slots = [wizard.state.pictures.slot(one) for one in _chain(name)]
    return next((one for one in slots if one.thumb is not None), None)


def _chain(name: str) -> Sequence[str]:
    """The slots that stand in for one that is empty, the next one first."""
    platform = platform_of(name)
    order: Sequence[str] = [SPLASH, *([f"icon_{platform}"] if platform else ()), COMMON]
    if is_dark(name):
        order = [*([DARK, f"{SPLASH}_{platform}"] if platform else ()), *order]
    return [one for one in order if one != name]


def _where_from(wizard: Wizard, name: str) -> str:
    """Where the picture of an empty slot comes from, in one sentence."""
    found = _stands_in(wizard, name)
    if found is None:
        problems = [wizard.state.pictures.slot(one).problem for one in _chain(name)]
        broken = next((one for one in problems if one), None)
        if broken is None:
            return t("splash.from.nothing")
        return t("splash.from.broken", problem=broken.title)
    if found.name.startswith("icon"):
        return t("splash.from.dark_icon" if is_dark(name) else "splash.from.icon")
    if is_dark(name) and not is_dark(found.name):
        return t("splash.from.light")
    return t("splash.from.common")


# --- Colours and switches ---


def _colours(wizard: Wizard) -> ft.Control:
    return card(
        ft.Column(
            [
                text.heading(t("splash.colours")),
                *(_colour(wizard, name) for name in ("color", "dark_color")),
                _saved(wizard),
            ],
            spacing=14,
        ),
        padding=20,
    )


def _colour(wizard: Wizard, name: str) -> ft.Control:
    studio, key = wizard.studio, f"tool.flet.splash.{name}"
    value = studio.setting(key)
    words = t(f"splash.colour.{name}")
    notes = [] if value else [t("splash.colour.default", colour=_DEFAULTS[name])]
    for one in SPLASH_PLATFORMS:
        if own := studio.setting(f"tool.flet.{one}.splash.{name}"):
            system = t(f"pictures.slot.icon_{one}")
            notes.append(t("splash.colour.own", system=system, colour=own))
    return colour_choice(
        words,
        value if isinstance(value, str) else "",
        _DEFAULTS[name],
        _SWATCHES[name],
        lambda colour: studio.type_colour(key, colour),
        help_text=" ".join(notes),
    )


def _saved(wizard: Wizard) -> ft.Control:
    waits = any(key.startswith("tool.flet.splash") for key in wizard.state.pictures.typed)
    return text.ident(
        "saved",
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.EDIT_OUTLINED if waits else ft.Icons.DESCRIPTION_OUTLINED,
                    size=17,
                    color=theme.GREY,
                ),
                text.small(t("splash.saving" if waits else "splash.saved"), expand=True),
            ],
            spacing=8,
        ),
        live_region=True,
    )


def _switches(wizard: Wizard) -> ft.Control:
    return card(
        ft.Column(
            [
                text.heading(t("splash.where")),
                *(_switch(wizard, one) for one in first(wizard.state.platform, SPLASH_PLATFORMS)),
            ],
            spacing=8,
        ),
        padding=20,
    )


def _switch(wizard: Wizard, platform: Platform) -> ft.Control:
    shown = wizard.studio.setting(f"tool.flet.splash.{platform}")
    return ft.Switch(
        label=t(f"splash.on.{platform}"),
        value=shown is not False,
        label_text_style=ft.TextStyle(size=theme.TEXT, color=theme.INK),
        on_change=lambda event: wizard.studio.set_splash(platform, bool(event.control.value)),
    )
