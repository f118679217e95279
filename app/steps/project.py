"""The Project page: pick a folder, see at once what is in it, put right what was guessed wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import flet as ft

from app import theme
from app.parts import system_dialog, text
from app.parts.app_files_card import app_files_card
from app.parts.button import icon_button, plain_button
from app.parts.card import card, label
from app.parts.component import component
from app.parts.folder_browser import folder_browser
from app.parts.page import Layout, page_body
from app.parts.problems import problem_cards
from app.parts.rule_field import typing_field
from app.state import WizardState
from app.texts import counted, size, t
from app.wizard import Wizard, is_sample
from builder.project import Project

if TYPE_CHECKING:
    from builder.project import FlaskApp

_LOWEST_LIST, _HIGHEST_LIST = 170.0, 340.0
_AROUND_LIST = 470.0  # what stands above and below the folders, in pixels


@component
def project_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """Everything about the folder that is to become an app."""
    state = wizard.state
    parts: list[ft.Control] = [_choose(wizard, layout)]
    if state.browsing is not None:
        parts.append(
            folder_browser(
                state.browsing,
                state.listing,
                wizard.browse,
                wizard.open,
                wizard.close_browser,
                max(_LOWEST_LIST, min(_HIGHEST_LIST, layout.height - _AROUND_LIST)),
            )
        )
    if state.folder is not None:
        parts.append(_found(wizard))
        unsaved = [state.save_problem] if state.save_problem else []
        parts += problem_cards(wizard, [*unsaved, *state.project_problems()])
        if state.app_files and not state.gone:
            parts.append(app_files_card(wizard, state.app_files))
    if state.browsing is None:
        parts.append(_others(wizard))
    return page_body(t("project.title"), t("project.lead"), parts, layout)


def _choose(wizard: Wizard, layout: Layout) -> ft.Control:
    state = wizard.state
    field = typing_field(
        t("project.path.label"),
        state.typed_path,
        wizard.type_path,
        on_enter=wizard.enter_path,
        icon=ft.Icons.FOLDER_OPEN_OUTLINED,
    )
    browse = plain_button(t("project.browse"), lambda: _pick(wizard), icon=ft.Icons.FOLDER_OUTLINED)
    rows: list[ft.Control] = [field, ft.Row([browse])]
    if not layout.is_slim:
        rows = [ft.Row([ft.Container(field, expand=True), browse], spacing=14)]
    if state.path_note:
        rows.append(_path_note(wizard, state.path_note, state.path_offer))
    return card(ft.Column(rows, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _path_note(wizard: Wizard, note: str, offer: Path | None) -> ft.Control:
    parts: list[ft.Control] = [
        ft.Icon(ft.Icons.INFO_OUTLINE, size=18, color=theme.LOOK),
        text.body(note, color=theme.LOOK),
    ]
    if offer is not None:
        parts.append(
            plain_button(t("project.path.use", folder=offer), lambda: wizard.open(offer), low=True)
        )
    return text.ident(
        "path-note", ft.Row(parts, spacing=10, run_spacing=8, wrap=True), live_region=True
    )


async def _pick(wizard: Wizard) -> None:
    try:
        picked = await system_dialog.folder(t("project.browse"), wizard.state.folder)
    except system_dialog.NoDialog:
        wizard.browse()
        return
    if picked:
        wizard.open(picked)


# --- What was found ---


def _found(wizard: Wizard) -> ft.Control:
    state = wizard.state
    if state.gone:
        return _gone(state)
    if state.project is None:
        words = t("project.reading") if state.reading else t("project.unread")
        return text.ident(
            "found",
            card(
                ft.Row(
                    [ft.ProgressRing(width=20, height=20, stroke_width=2.5), text.grey(words)]
                    if state.reading
                    else [text.grey(words)],
                    spacing=14,
                )
            ),
            live_region=True,
        )
    found = state.project
    rows: list[ft.Control] = [
        ft.Row(
            [
                label(t("project.found"), "good", ft.Icons.CHECK_CIRCLE_OUTLINE)
                if found.module and not state.needs_attention("project")
                else label(t("project.looked"), "look", ft.Icons.WARNING_AMBER_ROUNDED),
                ft.Container(expand=True),
                icon_button(ft.Icons.REFRESH, t("project.again"), wizard.read_again),
            ]
        ),
        ft.Semantics(
            identifier="found",
            container=True,
            live_region=True,
            content=text.bold(what_it_is(found), size=19),
        ),
        ft.SelectionArea(text.mono(str(found.folder), color=theme.GREY)),
    ]
    if found.flask is not None and found.flask.said_by:
        rows.append(text.small(t("project.flask.said_by", where=found.flask.said_by)))
    if starts_of(found):
        # Its label stands on its edge, and needs more room than other lines.
        rows.append(ft.Container(_entry(wizard, found), padding=ft.Padding.only(top=6)))
    if found.requirements:
        rows.append(_packages(found))
    return card(ft.Column(rows, spacing=12))


def what_it_is(found: Project) -> str:
    """What was found, in one sentence: kind, where it starts, packages, size."""
    kind = t(f"project.kind.{found.kind}")
    packages, bytes_ = counted("project.packages", len(found.requirements)), size(found.bytes)
    if found.flask is not None:
        return f"{kind}: {', '.join([*_of_flask(found, found.flask), packages, bytes_])}"
    starts = t("project.starts", file=entry_file(found)) if found.module else t("project.no_start")
    return ", ".join([kind, starts, packages, bytes_])


def _of_flask(found: Project, app: FlaskApp) -> list[str]:
    """What belongs to a Flask app: the app itself, and what there is beside its code."""
    counts = {
        "templates": app.templates,
        "static": app.static_files,
        "databases": len(app.databases),
    }
    return [
        t("project.flask.app", name=app.chosen.name, file=entry_file(found))
        if app.chosen
        else t("project.flask.none"),
        *(counted(f"project.flask.{name}", count) for name, count in counts.items() if count),
    ]


def entry_file(found: Project) -> str:
    """The file where the app starts, as seen from the project's folder."""
    return (_inside(found) / f"{found.module}.py").as_posix()


def _inside(found: Project) -> Path:
    """The folder that is packed, as seen from the project's folder."""
    try:
        return found.app_folder.relative_to(found.folder)
    except ValueError:
        return Path()


def _gone(state: WizardState) -> ft.Control:
    return text.ident(
        "found",
        card(
            ft.Column(
                [
                    label(t("project.gone.label"), "look", ft.Icons.WARNING_AMBER_ROUNDED),
                    text.heading(t("project.gone.title")),
                    text.grey(t("project.gone.why", folder=state.folder)),
                ],
                spacing=10,
            ),
            edge=theme.LOOK,
        ),
        live_region=True,
    )


def starts_of(found: Project) -> dict[str, str]:
    """Where the app could start: candidate -> in words; empty where there is nothing to choose."""
    if found.flask is not None:
        apps = found.flask.candidates
        return {one.spec: f"{one.name} · {one.where}" for one in apps} if len(apps) > 1 else {}
    if not found.candidates:
        return {}
    inside = _inside(found)
    return {one: (inside / one).as_posix() for one in [*_start(found), *found.candidates]}


def _start(found: Project) -> list[str]:
    """The candidate that was taken, if one was."""
    if found.flask is not None:
        return [found.flask.chosen.spec] if found.flask.chosen else []
    return [f"{found.module}.py"] if found.module else []


def _entry(wizard: Wizard, found: Project) -> ft.Control:
    """Where it starts: the guess, and what else it could be."""
    current = next(iter(_start(found)), None)
    words = t("project.entry.label")
    return ft.Semantics(
        identifier="entry",
        container=True,
        label=words,
        value=current or t("project.entry.none"),
        content=ft.Dropdown(
            label=words,
            value=current,
            hint_text=t("project.entry.none"),
            options=[ft.DropdownOption(key=k, text=v) for k, v in starts_of(found).items()],
            on_select=lambda event: _chosen(wizard, found, event.control.value),
            width=420,
            border=theme.field_border(),
            text_size=theme.TEXT,
            menu_height=320,
        ),
    )


def _chosen(wizard: Wizard, found: Project, candidate: str | None) -> None:
    if candidate and candidate not in _start(found):
        wizard.choose_entry(candidate)


def _packages(found: Project) -> ft.Control:
    most = 12
    pills = [label(one.text, "quiet") for one in found.requirements[:most]]
    if (more := len(found.requirements) - most) > 0:
        pills.append(label(counted("project.more_packages", more), "quiet"))
    return ft.Row(pills, spacing=8, run_spacing=8, wrap=True)


# --- Other projects ---


def _others(wizard: Wizard) -> ft.Control:
    state = wizard.state
    tiles = [_recent(wizard, one) for one in state.recents if one != state.folder]
    if not is_sample(state.folder):
        tiles.append(
            _tile(
                "sample",
                ft.Icons.SAILING,
                t("project.sample.title"),
                t("project.sample.lead"),
                wizard.open_sample,
            )
        )
    if not tiles:
        return ft.Container()
    words = t("project.start" if len(tiles) == 1 and state.folder is None else "project.recent")
    return card(
        ft.Column(
            [
                ft.Container(
                    text.heading(words), padding=ft.Padding.only(left=16, top=12, bottom=2)
                ),
                *tiles,
            ],
            spacing=2,
        ),
        padding=6,
    )


def _recent(wizard: Wizard, folder: Path) -> ft.Control:
    return _tile(
        f"recent-{folder.name}",
        ft.Icons.HISTORY,
        folder.name or str(folder),
        str(folder.parent),
        lambda: wizard.open(folder),
        icon_button(
            ft.Icons.CLOSE,
            t("project.forget", name=folder.name),
            lambda: wizard.forget_recent(folder),
        ),
    )


def _tile(
    name: str, icon: Any, title: str, lead: str, on_click: Any, trailing: Any = None
) -> ft.Control:
    return ft.ListTile(
        title=ft.Text(title, size=theme.TEXT),
        subtitle=ft.Text(lead, size=theme.SMALL, color=theme.GREY),
        leading=ft.Icon(icon, color=theme.MAIN),
        trailing=trailing,
        shape=ft.RoundedRectangleBorder(radius=12),
        key=name,
        on_click=lambda _event: on_click(),
    )
