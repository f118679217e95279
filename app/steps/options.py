"""The Options page: what matters for the target in plain words, and all settings below."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app import theme
from app.options import OptionView, found, known, shown, simple, title_of
from app.parts import text
from app.parts.button import plain_button, text_button
from app.parts.card import card, label
from app.parts.component import component
from app.parts.option_forms import forms, has_form, switch_form
from app.parts.option_row import option_row
from app.parts.page import Layout, page_body
from app.parts.problems import problem_cards
from app.parts.rule_field import typing_field
from app.texts import counted, t
from app.wizard import Wizard
from builder.options import GROUPS, OPTIONS, Option

MOST_FOUND = 15  # rows at once while one looks for a setting; each costs time to draw

_STRETCH = ft.CrossAxisAlignment.STRETCH
# Drawn only when what it shows has changed: typing would be slow otherwise.
_row = ft.memo(option_row)  # type: ignore[no-untyped-call]


@component
def options_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """The choices for the target first, everything else when one asks for it."""
    state = wizard.state
    problems = [state.save_problem] if state.save_problem else []
    parts = [
        *_simple(wizard, layout),
        _all(wizard, layout),
        # At the foot: what comes and goes above a field would tear it from whoever types in it.
        _rows([*problem_cards(wizard, problems), _saved(wizard)]),
    ]
    return page_body(t("options.title"), t("options.lead"), parts, layout)


# --- The simple part ---


def _simple(wizard: Wizard, layout: Layout) -> list[ft.Control]:
    view = wizard.state.option_view()
    offered = simple(view)
    with_form = [shown(view, one) for one in offered if has_form(one.name)]
    cards = forms(wizard.desk, with_form, is_slim=layout.is_slim)
    rest = [one for one in offered if not has_form(one.name)]
    for one in (one for one in rest if one.kind == "flag"):
        row = shown(view, one)
        cards.append(switch_form(wizard.desk, row, title_of(one), one.meaning))
    if rest := [one for one in rest if one.kind != "flag"]:
        rows = [_option(wizard, layout, view, one, is_plain=True) for one in rest]
        cards.append(card(_rows(_between(rows))))
    if not cards:
        cards = [card(text.grey(t("options.nothing", what=t(f"target.what.{view.target}"))))]
    return cards


def _option(
    wizard: Wizard, layout: Layout, view: OptionView, option: Option, *, is_plain: bool = False
) -> ft.Control:
    """The row of an option; kept apart from others by its key."""
    seen = shown(view, option, wizard.desk.edits.browsing)
    row = _row(wizard.desk, wizard.go, seen, layout.is_wide, is_plain)
    return ft.Container(ft.Column([row], horizontal_alignment=_STRETCH), key=f"row-{option.name}")


def _rows(parts: Sequence[ft.Control], spacing: float = 16) -> ft.Column:
    return ft.Column([*parts], spacing=spacing, horizontal_alignment=_STRETCH)


def _between(rows: Sequence[ft.Control]) -> list[ft.Control]:
    """The rows with a hairline between each two."""
    parts: list[ft.Control] = []
    for number, row in enumerate(rows):
        if number:
            parts.append(ft.Divider(height=1, color=theme.HAIRLINE, key=f"line-{row.key}"))
        parts.append(row)
    return parts


# --- All settings ---


def _all(wizard: Wizard, layout: Layout) -> ft.Control:
    edits, view, desk = wizard.desk.edits, wizard.state.option_view(), wizard.desk
    changed = view.changed()
    head: list[ft.Control] = [text.heading(t("options.all.title"))]
    if changed:
        head.append(label(counted("options.changed", len(changed)), "main"))
    words = t("options.all.hide" if edits.is_open else "options.all.show")
    icon = ft.Icons.EXPAND_LESS if edits.is_open else ft.Icons.EXPAND_MORE
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Row(head, spacing=12, tight=True),
                text_button(words, lambda: desk.show_all(not edits.is_open), icon=icon),
            ],
            wrap=True,
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        ),
        _rows(
            [
                text.small(counted("options.all.lead", len(OPTIONS))),
                *_pointer(wizard, layout, view),
            ],
            8,
        ),
    ]
    if edits.is_open:
        parts += [_finder(wizard, layout), *_found(wizard, layout, view, changed)]
    return text.ident("all-settings", card(_rows(parts, 14)))


def _pointer(wizard: Wizard, layout: Layout, view: OptionView) -> list[ft.Control]:
    """That something below is not right, and the way to it.

    In a column of its own: what comes and goes beside a field would tear it from whoever types.
    """
    desk, wrong = wizard.desk, view.hidden_trouble()
    if desk.edits.is_open:  # what is just being typed speaks for itself, and must not jump about
        wrong = [one for one in wrong if one.name not in view.drafts]
    if not wrong:
        return []
    is_shown = bool(desk.edits.is_open and desk.edits.picked)
    show = text_button(t("options.all.wrong_show"), desk.show_wrong, icon=ft.Icons.ARROW_DOWNWARD)
    line = ft.Row(
        [
            ft.Icon(ft.Icons.ERROR_OUTLINE, size=18, color=theme.BAD),
            text.small(counted("options.all.wrong", len(wrong)), color=theme.BAD, expand=True),
            *([] if is_shown or layout.is_slim else [show]),
        ],
        spacing=8,
    )
    below = [show] if layout.is_slim and not is_shown else []
    told = ft.Column([line, *below], spacing=2)
    return [text.ident("hidden-trouble", told, live_region=True)]


def _finder(wizard: Wizard, layout: Layout) -> ft.Control:
    desk, edits = wizard.desk, wizard.desk.edits
    field = typing_field(
        t("options.all.search"), edits.query, desk.search, icon=ft.Icons.SEARCH, dense=True
    )
    only = ft.Switch(
        label=t("options.all.only_changed"),
        value=edits.only_changed,
        label_text_style=ft.TextStyle(size=theme.SMALL, color=theme.GREY),
        on_change=lambda event: desk.only_changed(bool(event.control.value)),
    )
    if layout.is_slim:
        return _rows([field, ft.Row([only])], 6)
    return ft.Row([ft.Container(field, expand=True), only], spacing=18)


def _found(
    wizard: Wizard, layout: Layout, view: OptionView, changed: Sequence[Option]
) -> list[ft.Control]:
    edits = wizard.desk.edits
    if edits.picked:
        return _picked(wizard, layout, view)
    offered = found(edits.query, changed if edits.only_changed else OPTIONS)
    if not offered:
        is_all = edits.only_changed and not edits.query.strip()
        return [text.grey(t("options.all.none_changed" if is_all else "options.all.none"))]
    used = [one for one in offered if view.uses(one)]
    others = [one for one in offered if not view.uses(one)]
    if edits.query.strip() or edits.only_changed:
        return _hits(wizard, layout, view, used, others)
    parts = [_group(wizard, layout, view, one, used) for one in GROUPS]
    shown_groups = [one for one in parts if one is not None]
    return [_rows(shown_groups, 0), *_others(wizard, layout, view, others)]


def _picked(wizard: Wizard, layout: Layout, view: OptionView) -> list[ft.Control]:
    rows = [_option(wizard, layout, view, one) for one in known(wizard.desk.edits.picked)]
    back = text_button(t("options.all.wrong_done"), lambda: wizard.desk.search(""))
    return [*_between(rows), ft.Row([back])]


def _hits(
    wizard: Wizard,
    layout: Layout,
    view: OptionView,
    used: Sequence[Option],
    others: Sequence[Option],
) -> list[ft.Control]:
    """What was found: a few rows at first, those that the target does not use last."""
    edits, count = wizard.desk.edits, len(used) + len(others)
    most = count if edits.shows_all_found else MOST_FOUND
    parts: list[ft.Control] = [
        text.ident("found", text.small(counted("options.all.found", count)), live_region=True)
    ]
    parts += _between([_option(wizard, layout, view, one) for one in used[:most]])
    if left := others[: max(0, most - len(used))]:
        parts += [_unused(view), *_between([_option(wizard, layout, view, one) for one in left])]
    if count > most:
        words = counted("options.all.more", count - most)
        parts.append(ft.Row([plain_button(words, wizard.desk.show_all_found, low=True)]))
    return parts


def _unused(view: OptionView) -> ft.Control:
    words = t("options.all.others", what=t(f"target.what.{view.target}"))
    return ft.Container(
        ft.Column(
            [text.bold(words, size=theme.TEXT), text.small(t("options.all.others_why"))], spacing=2
        ),
        padding=ft.Padding.only(top=14),
        border=ft.Border.only(top=ft.BorderSide(2, theme.HAIRLINE)),
        key="unused",
    )


def _others(
    wizard: Wizard, layout: Layout, view: OptionView, others: Sequence[Option]
) -> list[ft.Control]:
    """What only other targets use, out of the way."""
    desk, is_shown = wizard.desk, wizard.desk.edits.shows_others
    if not others:
        return []
    words = counted("options.all.others_show", len(others))
    if is_shown:
        words = t("options.all.others_hide")
    icon = ft.Icons.EXPAND_LESS if is_shown else ft.Icons.EXPAND_MORE
    button = ft.Row([text_button(words, lambda: desk.show_others(not is_shown), icon=icon)])
    if not is_shown:
        return [button]
    groups = [_group(wizard, layout, view, one, others, prefix="other-") for one in GROUPS]
    return [_unused(view), button, _rows([one for one in groups if one is not None], 0)]


def _group(
    wizard: Wizard,
    layout: Layout,
    view: OptionView,
    group: str,
    offered: Sequence[Option],
    prefix: str = "",
) -> ft.Control | None:
    """One group under its title, which unfolds it."""
    members = [one for one in offered if one.group == group]
    if not members:
        return None
    name = f"{prefix}{group}"
    is_open = name in wizard.desk.edits.groups
    parts: list[ft.Control] = [_group_head(wizard, view, name, members, is_open)]
    if is_open:
        rows = _between([_option(wizard, layout, view, one) for one in members])
        parts.append(
            ft.Container(_rows(rows), padding=ft.Padding.only(left=4, right=4, top=8, bottom=22))
        )
    return ft.Container(
        _rows(parts, 0),
        key=f"group-{name}",
        border=ft.Border.only(top=ft.BorderSide(1, theme.HAIRLINE)),
    )


def _group_head(
    wizard: Wizard, view: OptionView, name: str, members: Sequence[Option], is_open: bool
) -> ft.Control:
    title = GROUPS[members[0].group]
    count = counted("options.group.count", len(members))
    changed = sum(map(view.is_changed, members))
    marks = [counted("options.changed", changed)] if changed else []
    said = t("options.group.open" if is_open else "options.group.closed", title=title)
    words: list[ft.Control] = [
        text.bold(title, size=theme.TEXT),
        text.small(count),
        *(label(one, "main") for one in marks),
    ]
    sign = ft.Icons.EXPAND_MORE if is_open else ft.Icons.CHEVRON_RIGHT
    line: list[ft.Control] = [
        ft.Icon(sign, size=20, color=theme.GREY),
        ft.Row(
            words,
            spacing=10,
            run_spacing=2,
            wrap=True,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    ]
    return ft.MergeSemantics(
        ft.Semantics(
            identifier=f"group-{name}",
            label=", ".join([said, count, *marks]),
            button=True,
            expanded=is_open,
            content=ft.Container(
                ft.Semantics(exclude_semantics=True, content=ft.Row(line, spacing=10)),
                padding=ft.Padding.symmetric(horizontal=4, vertical=12),
                border_radius=8,
                ink=True,
                on_click=lambda _event: wizard.desk.unfold(name),
            ),
        )
    )


# --- The foot ---


def _saved(wizard: Wizard) -> ft.Control:
    """Where it is saved, and whether it is by now."""
    edits, state = wizard.desk.edits, wizard.state
    held = edits.saving == "waiting" and bool(state.option_view().wrong())
    key = "held" if held else edits.saving or "where"
    is_saved = key == "saved"
    return text.ident(
        "saved",
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.CHECK if is_saved else ft.Icons.DESCRIPTION_OUTLINED,
                    size=18,
                    color=theme.GOOD if is_saved else theme.GREY,
                ),
                text.small(t(f"identity.saved.{key}"), expand=True),
            ],
            spacing=8,
        ),
        live_region=True,
    )
