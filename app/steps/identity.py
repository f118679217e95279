"""The Identity page: what the app is called everywhere, with the rules told while one types."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app import theme
from app.options import short
from app.parts import text
from app.parts.card import card
from app.parts.component import component
from app.parts.page import Layout, page_body
from app.parts.problems import problem_cards
from app.parts.rule_field import clash_box, rule_field
from app.state import WizardState
from app.texts import t
from app.wizard import Wizard

_WITH_RULES = ("apk", "aab", "ipa", "macos")
_CODE = ("bundle_id", "org", "project", "build_version", "build_number")


@component
def identity_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """Names, marks and version; each field saves itself."""
    state = wizard.state
    parts: list[ft.Control] = [
        _group(wizard, layout, "names", ("product",), ("description",)),
        _group(wizard, layout, "marks", ("project", "org"), ("bundle_id",)),
        _group(wizard, layout, "version", ("build_version", "build_number"), notes=_notes(state)),
        # At the foot: what comes and goes above a field would tear it from whoever types in it.
        ft.Column(
            [*problem_cards(wizard, state.identity_problems()), _saved(wizard)],
            spacing=theme.GAP,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    ]
    return page_body(t("identity.title"), t("identity.lead"), parts, layout)


def _notes(state: WizardState) -> list[str]:
    """What the store of the target asks of versions, and what was built last."""
    notes = [t(f"identity.rules.{state.target}")] if state.target in _WITH_RULES else []
    if (last := state.last_build) is not None:
        notes.append(t("identity.last.told", version=last.version, number=last.number))
    return notes


def _group(
    wizard: Wizard, layout: Layout, name: str, *rows: Sequence[str], notes: Sequence[str] = ()
) -> ft.Control:
    lines = [_line(wizard, layout, row) for row in rows]
    return card(
        ft.Column(
            [
                ft.Column(
                    [
                        text.heading(t(f"identity.group.{name}.title")),
                        text.small(t(f"identity.group.{name}.lead")),
                    ],
                    spacing=3,
                ),
                *lines,
                *([ft.Column(_noted(name, notes), spacing=4)] if notes else []),
            ],
            spacing=16,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


def _noted(name: str, notes: Sequence[str]) -> list[ft.Control]:
    return [
        text.ident(f"note-{name}-{number}", text.small(words)) for number, words in enumerate(notes)
    ]


def _line(wizard: Wizard, layout: Layout, names: Sequence[str]) -> ft.Control:
    fields = [_field(wizard, name) for name in names]
    if layout.is_wide and len(fields) > 1:
        return ft.Row(
            [ft.Container(one, expand=True) for one in fields],
            spacing=theme.GAP,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Column(fields, spacing=14, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _field(wizard: Wizard, name: str) -> ft.Control:
    state = wizard.state
    return rule_field(
        name,
        t(f"identity.{name}.label"),
        state.value(name),
        t(f"identity.{name}.help"),
        state.verdicts(name),
        lambda value: wizard.type_field(name, value),
        mono=name in _CODE,
        below=[_clash(wizard, name)] if name in state.clashes() else [],
    )


def _clash(wizard: Wizard, name: str) -> ft.Control:
    state = wizard.state
    theirs, mine = state.on_disk(name), state.value(name)
    return clash_box(
        name,
        t("identity.clash.title", field=t(f"identity.{name}.label")),
        t("identity.clash.why", theirs=theirs, mine=mine),
        (t("identity.clash.mine", value=short(mine)), lambda: wizard.keep_mine(name)),
        (t("identity.clash.theirs", value=short(theirs)), lambda: wizard.take_theirs(name)),
    )


def _saved(wizard: Wizard) -> ft.Control:
    """Where it is saved, and whether it is by now."""
    state = wizard.state
    icons = {
        "": ft.Icons.DESCRIPTION_OUTLINED,
        "waiting": ft.Icons.EDIT_OUTLINED,
        "saving": ft.Icons.SAVE_OUTLINED,
        "saved": ft.Icons.CHECK,
    }
    held_back = state.saving == "waiting" and (state.wrong_fields() or state.clashes())
    key = "identity.saved.held" if held_back else f"identity.saved.{state.saving or 'where'}"
    return text.ident(
        "saved",
        ft.Row(
            [
                ft.Icon(
                    icons[state.saving],
                    size=18,
                    color=theme.GOOD if state.saving == "saved" else theme.GREY,
                ),
                text.small(t(key), expand=True),
            ],
            spacing=8,
        ),
        live_region=True,
    )
