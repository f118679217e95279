"""The Build page: what will happen, then the stages, the time and the log while it does."""

from __future__ import annotations

from pathlib import Path

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import plain_button
from app.parts.card import card
from app.parts.component import component
from app.parts.log_view import LogView
from app.parts.page import Layout, page_body
from app.parts.problems import problem_cards
from app.parts.stage_list import check_list, stage_list
from app.state import Run
from app.texts import duration, t
from app.wizard import Wizard

_STAGES_WIDTH = 370
_LOWEST_LOG = 260.0
_ABOVE_LOG = 470.0  # what stands above the log on an ordinary build


@component
def build_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """Before a build what it will do; then the build itself, running or over."""
    run = wizard.state.run_of_this()
    if run is None and wizard.state.building():
        run = wizard.state.run  # of another project: still the one that runs
    if run is None:
        return _before(wizard, layout)
    return page_body(
        t(f"build.title.{run.state}", what=what(run.target)),
        _lead(run),
        [_top(wizard, run, layout), _log_card(wizard, run, layout)],
        layout,
    )


def what(target: str) -> str:
    """A target inside a sentence: "web site", "Android app"."""
    return t(f"target.what.{target}")


def _before(wizard: Wizard, layout: Layout) -> ft.Control:
    state = wizard.state
    thing = what(state.target)
    folder = state.folder or Path()
    steps = [
        (ft.Icons.INVENTORY_2_OUTLINED, t("build.before.pack", name=state.value("product"))),
        (ft.Icons.DOWNLOAD_OUTLINED, state.network or t("build.before.asking")),
        (ft.Icons.FOLDER_OUTLINED, t("build.before.where", folder=folder / "dist" / state.target)),
        (ft.Icons.SHIELD_OUTLINED, t("build.before.safe", what=thing)),
    ]
    rows: list[ft.Control] = [
        ft.Row(
            [ft.Icon(icon, size=22, color=theme.MAIN), text.body(words, expand=True)],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for icon, words in steps
    ]
    return page_body(
        t("build.before.title", what=thing),
        t("build.before.lead"),
        [text.ident("before", card(ft.Column(rows, spacing=18)))],
        layout,
    )


def _lead(run: Run) -> str:
    took = duration(run.seconds)
    if run.cancelling:
        return t("build.lead.cancelling")
    return t(f"build.lead.{run.state}", time=took, what=what(run.target))


def _top(wizard: Wizard, run: Run, layout: Layout) -> ft.Control:
    """The stages, and beside them (or below, where there is no room) what is wrong."""
    problems = problem_cards(wizard, run.problems)
    if run.checks and any(one.state in ("warn", "fail") for one in run.checks):
        problems.insert(0, card(check_list(run.checks)))
    stages = _stages(wizard, run)
    if not problems:
        return stages
    column = ft.Column(
        problems, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    if not layout.is_wide:
        both = [column, stages] if run.state != "running" else [stages, column]
        return ft.Column(
            both, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    return ft.Row(
        [ft.Container(stages, width=_STAGES_WIDTH), ft.Container(column, expand=True)],
        spacing=theme.GAP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _stages(wizard: Wizard, run: Run) -> ft.Control:
    rows: list[ft.Control] = [
        stage_list(
            list(run.stages.values()), run.state == "running", run.state in ("failed", "died")
        )
    ]
    if run.state == "running":
        rows.append(
            ft.Row(
                [
                    plain_button(
                        t("build.cancelling" if run.cancelling else "build.cancel"),
                        wizard.cancel,
                        disabled=run.cancelling,
                        icon=ft.Icons.STOP_CIRCLE_OUTLINED,
                        low=True,
                    )
                ],
                alignment=ft.MainAxisAlignment.END,
            )
        )
    elif run.state == "ok":
        rows.append(
            ft.Row(
                [plain_button(t("build.again"), wizard.build, icon=ft.Icons.REPLAY, low=True)],
                alignment=ft.MainAxisAlignment.END,
            )
        )
    return text.ident("stages", card(ft.Column(rows, spacing=14)), label=t("build.stages"))


def _log_card(wizard: Wizard, run: Run, layout: Layout) -> ft.Control:
    height = max(_LOWEST_LOG, layout.height - _ABOVE_LOG)

    def show_file() -> None:
        if run.log.path is not None:
            wizard.show_folder(run.log.path)

    view = ft.use_memo(lambda: LogView(run.log, run.subscribe, show_file, height), [run.id])
    # In a list on purpose: only there Flet keeps a kept control's way up to the page in repair.
    return card(ft.Column([view], horizontal_alignment=ft.CrossAxisAlignment.STRETCH), padding=0)
