"""The Icons page: the picture of the app, and what every system makes of it."""

from __future__ import annotations

from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.advice_card import advice_cards
from app.parts.card import card
from app.parts.colour_choice import colour_choice
from app.parts.component import component
from app.parts.page import PREVIEW_PADDING, Layout, page_body, room_inside, two_columns
from app.parts.picture import preview_grid
from app.parts.problems import problem_cards
from app.parts.slider import slider
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
    ICON_SLOTS,
    NOTHING_TRIED,
    SWATCHES,
    Slot,
    first,
    in_order,
    platform_of,
)
from app.texts import t
from app.wizard import Wizard
from builder.images.finish import MOST_PADDING

_SIGNS: dict[str, Any] = {
    COMMON: ft.Icons.APPS,
    "icon_android": ft.Icons.ANDROID,
    "icon_ios": ft.Icons.PHONE_IPHONE,
    "icon_macos": ft.Icons.LAPTOP_MAC,
    "icon_windows": ft.Icons.WINDOW,
    "icon_linux": ft.Icons.TERMINAL,
    "icon_web": ft.Icons.LANGUAGE,
}


@component
def icons_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """The slots above, the chosen one on the left, what it becomes on the right."""
    pictures = wizard.state.pictures
    name = pictures.chosen["icons"]
    trouble = wizard.state.picture_trouble("icons") if not pictures.slots else None
    problems = [one for one in (pictures.problem, trouble) if one]
    left = [
        _slot_card(wizard, layout, name),
        *kept_card(wizard, "icons"),
        *problem_cards(wizard, problems),
        *advice_cards(wizard, "icons", name),
    ]
    right = _right(wizard, layout)
    body = two_columns(left, right, layout, right_first=bool(pictures.choosing))
    return page_body(
        t("icons.title"), t("icons.lead"), [_slots(wizard, layout, name), body], layout
    )


_STRETCH = ft.CrossAxisAlignment.STRETCH


def _slots(wizard: Wizard, layout: Layout, chosen: str) -> ft.Control:
    pictures = wizard.state.pictures

    def choice(name: str) -> SlotChoice:
        is_unsaved = name in pictures.tries
        mark = t("pictures.unsaved") if is_unsaved else ""
        if not mark and name != COMMON and pictures.has_own(name):
            mark = t("pictures.slot.own")
        return SlotChoice(name, t(f"pictures.slot.{name}"), _SIGNS[name], mark, is_unsaved)

    order = [f"icon_{one}" for one in first(wizard.state.platform)]
    names = [COMMON, *order]
    assert set(names) == set(ICON_SLOTS)
    return slot_row(
        [choice(one) for one in names],
        chosen,
        lambda name: wizard.studio.choose_slot("icons", name),
        signs=layout.is_wide,
    )


def _right(wizard: Wizard, layout: Layout) -> ft.Control:
    pictures = wizard.state.pictures
    if pictures.choosing:
        return chooser(wizard, max(220.0, min(420.0, layout.height - 360)))
    previews = in_order(
        pictures.previews.get("icons", ()),
        platform_of(pictures.chosen["icons"]),
        wizard.state.platform,
    )
    rows: list[ft.Control] = [
        previews_head(wizard, t("icons.safe_zone"), bool(previews), grounds=True)
    ]
    if previews:
        swapped = pictures.swaps_grounds
        rows.append(preview_grid(previews, room_inside(layout), swapped=swapped))
    else:
        rows.append(_no_previews(wizard))
    body = ft.Column(rows, spacing=14, horizontal_alignment=_STRETCH)
    return text.ident("previews", card(body, padding=PREVIEW_PADDING))


def _no_previews(wizard: Wizard) -> ft.Control:
    is_drawn = "icons" in wizard.state.pictures.previews
    words = t("icons.no_previews" if is_drawn else "icons.drawing")
    return ft.Container(text.grey(words), padding=ft.Padding.symmetric(vertical=30))


# --- The chosen slot ---


def _slot_card(wizard: Wizard, layout: Layout, name: str) -> ft.Control:
    pictures = wizard.state.pictures
    slot, attempt = pictures.slot(name), pictures.attempt(name)
    common = pictures.slot(COMMON) if name != COMMON else None
    is_offer = pictures.offer is not None and name not in pictures.tries and name == COMMON
    now = attempt.letter or (pictures.offer if is_offer else None)
    rows: list[ft.Control] = [*([_offer()] if is_offer else ()), slot_box(wizard, name, common)]
    if not is_offer:
        rows.append(file_line(wizard, name, common))
    rows += slot_problem(slot)
    if now is None:
        rows.append(choose_buttons(wizard, name))
        if slot.thumb is not None or (common is not None and common.thumb is not None):
            rows += _shaping(wizard, name, slot if slot.thumb else common or slot)
    else:
        rows.append(letter_panel(wizard, name, now))
    if attempt.makes_a_picture or attempt.colour is not None or is_offer:
        written = _what_is_written(wizard, name)
        rows.append(save_row(wizard, name, _save_words(wizard, name), written))
    if now is not None:
        rows.append(choose_instead(wizard, name))
    body = ft.Column(rows, spacing=12, horizontal_alignment=_STRETCH)
    return card(body, padding=layout.card_padding)


def _offer() -> ft.Control:
    return text.ident(
        "offer",
        ft.Column(
            [text.heading(t("icons.offer.title")), text.small(t("icons.offer.why"))], spacing=4
        ),
    )


def _shaping(wizard: Wizard, name: str, slot: Slot) -> list[ft.Control]:
    """Padding, what becomes of a picture that is not square, and the background."""
    studio, attempt = wizard.studio, wizard.state.pictures.attempt(name)
    rows: list[ft.Control] = [
        slider(
            t("icons.padding"),
            attempt.padding,
            MOST_PADDING,
            t("icons.percent", percent=round(attempt.padding * 100)),
            t("icons.less"),
            t("icons.more"),
            lambda share: studio.pad(name, share),
        )
    ]
    if not slot.is_square:
        rows.append(_fit(wizard, name))
    set_colour = studio.background(name)
    rows.append(
        ft.Column(
            [
                colour_choice(
                    t("icons.background"),
                    set_colour if attempt.colour is None else attempt.colour,
                    set_colour,
                    SWATCHES,
                    lambda colour: studio.colour(name, colour),
                ),
                ft.Switch(
                    label=t("icons.paint"),
                    value=attempt.painted,
                    label_text_style=ft.TextStyle(size=theme.SMALL, color=theme.GREY),
                    on_change=lambda event: studio.paint(name, bool(event.control.value)),
                ),
            ],
            spacing=8,
        )
    )
    return rows


def _fit(wizard: Wizard, name: str) -> ft.Control:
    attempt = wizard.state.pictures.attempt(name)
    return ft.Column(
        [
            text.small(t("icons.fit.label")),
            ft.RadioGroup(
                value=attempt.fit,
                on_change=lambda event: wizard.studio.fit(name, event.control.value),
                content=ft.Row(
                    [
                        ft.Radio(value="pad", label=t("icons.fit.pad")),
                        ft.Radio(value="crop", label=t("icons.fit.crop")),
                    ],
                    spacing=12,
                    wrap=True,
                ),
            ),
        ],
        spacing=4,
    )


def _save_words(wizard: Wizard, name: str) -> str:
    pictures = wizard.state.pictures
    attempt = pictures.attempt(name)
    if attempt.is_plain:
        return t("pictures.use")
    if attempt.letter is not None or attempt == NOTHING_TRIED:
        return t("pictures.use_letter")
    if not attempt.makes_a_picture:
        return t("icons.save_colour")
    return t("pictures.save_as", name=f"{name}{pictures.suffix(name)}")


def _what_is_written(wizard: Wizard, name: str) -> str:
    pictures = wizard.state.pictures
    attempt = pictures.attempt(name)
    file = f"assets/{name}{pictures.suffix(name)}"
    keys = list(wizard.studio.colour_keys(name, "")) if attempt.colour is not None else []
    kept = t("pictures.write.kept") if pictures.has_own(name) else ""
    if not attempt.makes_a_picture and keys:
        return t("pictures.write.colour", setting=", ".join(keys))
    words = t(
        "pictures.write.both" if keys else "pictures.write.picture",
        file=file,
        setting=", ".join(keys),
    )
    return f"{words} {kept}".strip()
