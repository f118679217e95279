"""What a slot holds and what one can do with it: the parts that Icons and Splash share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft

from app import theme
from app.folders import PICTURE_SUFFIXES
from app.parts import system_dialog, text
from app.parts.button import chosen_button, plain_button, text_button
from app.parts.card import card, label
from app.parts.colour_choice import colour_choice
from app.parts.folder_browser import picture_browser
from app.parts.picture import empty_box, picture
from app.parts.rule_field import typing_field
from app.pictures import COMMON, ICON_SLOTS, SPLASH_SLOTS, SWATCHES, Letter, Page, Slot, dimensions
from app.texts import t
from app.wizard import Wizard
from builder.images.letter import SHAPES

BOX_HEIGHT = 156
_SIDE = 124  # of the picture in it

_SHAPE_SIGNS: dict[str, Any] = {
    "square": ft.Icons.SQUARE,
    "rounded": ft.Icons.ROUNDED_CORNER,
    "squircle": ft.Icons.SQUARE_ROUNDED,
    "circle": ft.Icons.CIRCLE,
}


def slot_box(wizard: Wizard, name: str, stands_in: Slot | None = None) -> ft.Control:
    """The picture of a slot, large, as a button that chooses another one.

    `stands_in` is the slot whose picture is taken while this one has none.
    """
    slot = wizard.state.pictures.slot(name)
    inside = _inside(slot, stands_in)
    words = t(
        "pictures.slot.button", slot=t(f"pictures.slot.{name}"), state=_spoken(slot, stands_in)
    )

    async def clicked(_event: Any) -> None:
        await pick(wizard, name)

    return ft.MergeSemantics(
        ft.Semantics(
            identifier=f"box-{name}",
            label=words,
            button=True,
            content=ft.Container(
                ft.Semantics(exclude_semantics=True, content=inside),
                height=BOX_HEIGHT,
                alignment=ft.Alignment.CENTER,
                border_radius=14,
                bgcolor=theme.SUNKEN,
                border=ft.Border.all(1, theme.BAD if slot.problem else theme.HAIRLINE),
                padding=12,
                tooltip=t("pictures.change"),
                ink=True,
                on_click=clicked,
            ),
        )
    )


def _inside(slot: Slot, stands_in: Slot | None) -> ft.Control:
    if slot.problem is not None:
        return empty_box(ft.Icons.BROKEN_IMAGE_OUTLINED, slot.problem.title)
    if slot.thumb is not None:
        return picture(slot.thumb, "", side=_SIDE)
    if stands_in is not None and stands_in.thumb is not None:
        return picture(stands_in.thumb, "", side=_SIDE)
    return empty_box(ft.Icons.ADD_PHOTO_ALTERNATE_OUTLINED, t("pictures.slot.empty"))


def _spoken(slot: Slot, stands_in: Slot | None) -> str:
    if slot.problem is not None:
        return slot.problem.title
    if slot.shown is not None:
        return f"{slot.shown.name}, {dimensions(slot)}"
    if stands_in is not None and stands_in.thumb is not None:
        return t("pictures.slot.stands_in", slot=t(f"pictures.slot.{stands_in.name}"))
    return t("pictures.slot.drawn" if slot.thumb else "pictures.slot.empty")


def file_line(wizard: Wizard, name: str, stands_in: Slot | None = None) -> ft.Control:
    """Which file it is and how large, or where the picture comes from instead."""
    pictures = wizard.state.pictures
    slot, attempt = pictures.slot(name), pictures.attempt(name)
    parts: list[ft.Control] = []
    if slot.shown is not None:
        words = slot.shown.name if attempt.picture else f"assets/{slot.shown.name}"
        parts.append(text.bold(words, size=theme.TEXT))
        if size := dimensions(slot):
            parts.append(text.small(size))
    elif slot.thumb is not None:
        parts.append(text.bold(t("pictures.slot.drawn"), size=theme.TEXT))
    elif stands_in is not None:
        parts.append(text.small(_spoken(slot, stands_in)))
    if attempt.makes_a_picture or attempt.colour is not None:
        parts.append(label(t("pictures.unsaved"), "look", ft.Icons.EDIT_OUTLINED))
    return text.ident(
        f"file-{name}",
        ft.Row(
            parts,
            spacing=10,
            run_spacing=6,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        live_region=True,
    )


def slot_problem(slot: Slot) -> list[ft.Control]:
    """Why the picture cannot be used, under it."""
    if slot.problem is None:
        return []
    said = [words for words in (slot.problem.why, slot.problem.do) if words]
    return [text.small(words, color=theme.BAD) for words in said]


def choose_buttons(wizard: Wizard, name: str) -> ft.Control:
    """Another picture, a drawn one, or the common one again."""
    pictures, studio = wizard.state.pictures, wizard.studio
    buttons = [
        plain_button(
            t("pictures.change"),
            lambda: pick(wizard, name),
            icon=ft.Icons.FOLDER_OPEN_OUTLINED,
            low=True,
        ),
        plain_button(
            t("pictures.draw"), lambda: studio.draw_letter(name), icon=ft.Icons.BRUSH, low=True
        ),
    ]
    if pictures.has_own(name) and name != COMMON:
        words = "pictures.use_common" if name in ICON_SLOTS else "pictures.without"
        buttons.append(text_button(t(words), lambda: studio.use_common(name), icon=ft.Icons.UNDO))
    return ft.Row(buttons, spacing=8, run_spacing=8, wrap=True)


def choose_instead(wizard: Wizard, name: str) -> ft.Control:
    """The way out for whoever would rather have a picture of their own."""
    button: ft.Control = text_button(
        t("pictures.instead"), lambda: pick(wizard, name), icon=ft.Icons.FOLDER_OPEN_OUTLINED
    )
    return ft.Row([button])


async def pick(wizard: Wizard, name: str) -> None:
    """Choose a picture for a slot."""
    try:
        picked = await system_dialog.file(t("browser.pictures.title"), PICTURE_SUFFIXES)
    except system_dialog.NoDialog:
        wizard.studio.chooser.open(name)
        return
    if picked:
        wizard.studio.try_picture(name, picked)


def chooser(wizard: Wizard, height: float) -> ft.Control:
    """The pictures on this computer."""
    pictures, one = wizard.state.pictures, wizard.studio.chooser
    assert pictures.folder is not None
    by_path = ft.Column(
        [
            typing_field(
                t("browser.pictures.path"),
                pictures.typed_path,
                one.type_path,
                on_enter=one.enter_path,
                icon=ft.Icons.LINK,
                dense=True,
            ),
            *([text.small(pictures.path_note, color=theme.LOOK)] if pictures.path_note else ()),
        ],
        spacing=6,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    thumbs: dict[Path, ft.Control] = {
        path: picture(shown, "", side=36) for path, shown in pictures.thumbs.items()
    }
    return picture_browser(
        pictures.folder,
        pictures.listing,
        thumbs,
        by_path,
        one.browse,
        one.pick,
        one.close,
        height,
    )


def previews_head(
    wizard: Wizard, words: str, are_there: bool, *, grounds: bool = False
) -> ft.Control:
    """The heading over the previews, and with them the switches: what is never cut, the ground."""
    studio, pictures = wizard.studio, wizard.state.pictures
    switches = [_switch(words, pictures.shows_safe_zone, studio.show_safe_zone)]
    if grounds:
        switches.append(_switch(t("icons.grounds"), pictures.swaps_grounds, studio.swap_grounds))
    return ft.Row(
        [
            text.heading(t("icons.previews")),
            *([ft.Row(switches, wrap=True, spacing=14)] if are_there else ()),
        ],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _switch(words: str, value: bool, on_change: Callable[[bool], None]) -> ft.Control:
    return ft.Switch(
        label=words,
        value=value,
        label_text_style=ft.TextStyle(size=theme.SMALL, color=theme.GREY),
        on_change=lambda event: on_change(bool(event.control.value)),
    )


# --- A letter ---


def letter_panel(wizard: Wizard, name: str, now: Letter) -> ft.Control:
    """The letters, the colour and the shape of a picture that is drawn."""
    studio = wizard.studio
    shapes = [
        _shape(one, one == now.shape, functools.partial(studio.letter, name, shape=one))
        for one in SHAPES
    ]
    return text.ident(
        "letter",
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Container(
                            typing_field(
                                t("pictures.letter.letters"),
                                now.letters,
                                lambda typed: studio.letter(name, letters=typed),
                                dense=True,
                            ),
                            width=80,
                        ),
                        ft.Row(shapes, spacing=3, tight=True),
                    ],
                    spacing=8,
                    run_spacing=8,
                    wrap=True,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
                colour_choice(
                    t("pictures.letter.colour"),
                    now.colour,
                    now.colour,
                    SWATCHES,
                    lambda colour: studio.letter(name, colour=colour),
                ),
            ],
            spacing=14,
        ),
    )


def _shape(shape: str, chosen: bool, on_choose: Any) -> ft.Control:
    words = t(f"pictures.shape.{shape}")
    return ft.MergeSemantics(
        ft.Semantics(
            label=words,
            button=True,
            selected=chosen,
            content=ft.Container(
                ft.Container(
                    width=20,
                    height=20,
                    border_radius={"square": 0, "rounded": 5, "squircle": 8, "circle": 10}[shape],
                    bgcolor=theme.ON_CHOSEN if chosen else theme.GREY,
                ),
                width=36,
                height=36,
                alignment=ft.Alignment.CENTER,
                border_radius=11,
                bgcolor=theme.CHOSEN if chosen else None,
                border=ft.Border.all(1, theme.MAIN if chosen else theme.HAIRLINE),
                tooltip=words,
                ink=True,
                on_click=lambda _event: on_choose(),
            ),
        )
    )


# --- Saving ---


def save_row(wizard: Wizard, name: str, words: str, what_is_written: str) -> ft.Control:
    """What a click writes where, and the click; beside it the one that forgets what was tried."""
    pictures, studio = wizard.state.pictures, wizard.studio
    attempt = pictures.attempt(name)
    broken = pictures.slot(name).problem is not None or attempt.is_wrong
    return text.ident(
        "save",
        ft.Column(
            [
                ft.Divider(height=1, color=theme.HAIRLINE),
                ft.Row(
                    [
                        chosen_button(
                            words, lambda: studio.save(name), disabled=pictures.saving or broken
                        ),
                        *(
                            [text_button(t("pictures.discard"), lambda: studio.discard(name))]
                            if name in pictures.tries
                            else ()
                        ),
                    ],
                    spacing=6,
                    run_spacing=6,
                    wrap=True,
                ),
                text.small(what_is_written),
            ],
            spacing=10,
        ),
    )


def kept_card(wizard: Wizard, page: Page) -> list[ft.Control]:
    """That the old picture is kept, and the click that puts it back."""
    kept, folder = wizard.state.pictures.kept, wizard.state.folder
    if kept is None or kept.slot not in (ICON_SLOTS if page == "icons" else SPLASH_SLOTS):
        return []
    where = [
        one.relative_to(folder) if folder and one.is_relative_to(folder) else one
        for one in kept.paths
    ]
    paths = ", ".join(one.as_posix() for one in where)
    said = t("pictures.kept.where", path=paths) if paths else t("pictures.kept.none")
    return [
        text.ident(
            "kept",
            card(
                ft.Column(
                    [
                        label(t("pictures.kept.label"), "good", ft.Icons.CHECK),
                        text.grey(said),
                        ft.Row(
                            [
                                plain_button(
                                    t("pictures.kept.back"),
                                    wizard.studio.put_back,
                                    icon=ft.Icons.UNDO,
                                    low=True,
                                ),
                                text_button(t("problem.dismiss"), wizard.studio.forget_kept),
                            ],
                            spacing=6,
                            wrap=True,
                        ),
                    ],
                    spacing=10,
                ),
                padding=18,
            ),
            live_region=True,
        )
    ]
