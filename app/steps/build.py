"""The Build page: what will happen, then the stages, the time and the log while it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
from app.state import Forecast, Run, in_order
from app.texts import duration, t
from app.wizard import Wizard
from builder.events import Check

# What is looked at before every build, and is worth a line only when something is amiss.
_ALWAYS = frozenset(
    {"project", "entry-point", "requirements", "settings", "secrets", "pictures", "output",
     "disk", "network"}
)  # fmt: skip
_REHEARSED = "rehearsed"  # the problem that is none: the sum of a rehearsal that went well
_STAGES_WIDTH = 330
_LOWEST_LOG = 260.0
_ABOVE_LOG = 310.0  # the title and the log's own bar, in pixels
_PROBLEM = 230.0  # an ordinary problem above the log


@component
def build_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """Before a build what it will do; then the build itself, running or over."""
    run = wizard.state.run_of_this()
    if run is None and wizard.state.building():
        run = wizard.state.run  # of another project: still the one that runs
    if run is None:
        return _before(wizard, layout)
    shown = [one for one in in_order(run.problems) if one.code != _REHEARSED]
    unsaved = [wizard.state.save_problem] if wizard.state.save_problem else []
    problems = problem_cards(wizard, [*unsaved, *shown])
    log = _log_card(wizard, run, _log_height(layout, len(problems)))
    kind = "rehearsal" if run.is_rehearsal else "build"
    return page_body(
        t(f"{kind}.title.{run.state}", what=what(run.target)),
        _lead(run),
        [*_rehearsed(wizard, run), _arranged(_left(wizard, run), problems, log, layout)],
        layout,
    )


def _arranged(
    left: list[ft.Control], problems: list[ft.Control], log: ft.Control, layout: Layout
) -> ft.Control:
    """The stages, beside them (or above, where there is no room) what is wrong, then the log."""
    if not layout.is_wide:
        stages, *checks = left
        return _column([*problems, stages, log, *checks])
    return ft.Row(
        [ft.Container(_column(left), width=_STAGES_WIDTH), _column([*problems, log], expand=True)],
        spacing=theme.GAP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _column(parts: list[ft.Control], expand: bool | None = None) -> ft.Control:
    return ft.Column(
        parts,
        spacing=theme.GAP,
        expand=expand,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _log_height(layout: Layout, problems: int) -> float:
    """As high as the window has room for, so that the log ends where the page does."""
    above = _ABOVE_LOG + (_PROBLEM if problems and layout.is_wide else 0)
    return max(_LOWEST_LOG, layout.height - above)


def _left(wizard: Wizard, run: Run) -> list[ft.Control]:
    """The stages; below them what was looked at first, when tools were, or something is amiss."""
    is_amiss = any(one.state in ("warn", "fail") for one in run.checks)
    stages = _stages(wizard, run)
    if not run.checks or not (is_amiss or _of_the_way(run.checks) or run.is_rehearsal):
        return [stages]
    parts = [text.bold(t("build.checks")), check_list(run.checks)]
    return [stages, text.ident("checks", card(ft.Column(parts, spacing=14)))]


def _of_the_way(checks: Sequence[Check]) -> list[Check]:
    """What was looked at for this way to build alone: its tools, or what the app will be like."""
    return [one for one in checks if one.id not in _ALWAYS]


def _rehearsed(wizard: Wizard, run: Run) -> list[ft.Control]:
    """What a rehearsal that went well says, in the engine's words."""
    told = next((one for one in run.problems if one.code == _REHEARSED), None)
    if told is None:
        return []
    is_ready_now = wizard.state.run_of_this() is run and not wizard.state.is_rehearsal()
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.CHECK_CIRCLE, size=22, color=theme.GOOD),
                text.heading(told.title, expand=True),
            ],
            spacing=12,
        ),
        text.body(told.why),
        text.grey(t(f"rehearsal.{'now' if is_ready_now else 'next'}", what=what(run.target))),
    ]
    return [text.ident("rehearsed", card(ft.Column(rows, spacing=10)), live_region=True)]


def what(target: str) -> str:
    """A target inside a sentence: "web site", "Android app"."""
    return t(f"target.what.{target}")


def _before(wizard: Wizard, layout: Layout) -> ft.Control:
    state = wizard.state
    thing = what(state.target)
    seen = state.forecast or Forecast()
    folder = seen.output or str((state.folder or Path()) / "dist" / state.target)
    is_rehearsal = state.is_rehearsal()
    kind = "rehearsal" if is_rehearsal else "build"
    steps = [
        (ft.Icons.INVENTORY_2_OUTLINED, t("build.before.pack", name=state.value("product"))),
        *_with(wizard),
        *_trial(wizard),
        (ft.Icons.WIFI, _network(state.forecast)),
        (
            ft.Icons.TIMER_OUTLINED,
            t("rehearsal.before.first_time") if is_rehearsal else _usual(seen),
        ),
        (
            ft.Icons.FOLDER_OUTLINED,
            t("rehearsal.before.where") if is_rehearsal else t("build.before.where", folder=folder),
        ),
        (ft.Icons.SHIELD_OUTLINED, t(f"{kind}.before.safe", what=thing)),
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
        t(f"{kind}.before.title", what=thing),
        t(f"{kind}.before.lead"),
        [
            *problem_cards(wizard, seen.problems),
            text.ident("before", card(ft.Column(rows, spacing=20), padding=26)),
            *_looked_at(_of_the_way(seen.checks)),
        ],
        layout,
    )


def _looked_at(checks: Sequence[Check]) -> list[ft.Control]:
    if not checks:
        return []
    parts = [text.heading(t("build.before.checks")), check_list(checks)]
    return [text.ident("looked-at", card(ft.Column(parts, spacing=14), padding=26))]


def _with(wizard: Wizard) -> list[tuple[Any, str]]:
    """Which tools do the work, where that is not the only way or not possible yet."""
    state = wizard.state
    if state.is_rehearsal():
        reason = state.cell().reason
        return [(ft.Icons.CONSTRUCTION, t("rehearsal.before.left_out", reason=reason))]
    backend = state.backend()
    return [(ft.Icons.CONSTRUCTION, t(f"build.before.with.{backend}"))] if backend else []


def _trial(wizard: Wizard) -> list[tuple[Any, str]]:
    """What happens with the app before it is handed over."""
    if wizard.state.is_rehearsal() or wizard.state.backend() != "pyinstaller":
        return []
    return [(ft.Icons.ROCKET_LAUNCH_OUTLINED, t("build.before.trial.pyinstaller"))]


def _network(seen: Forecast | None) -> str:
    if seen is None:
        return t("build.before.asking")
    return seen.network or t("build.before.no_network")


def _usual(seen: Forecast) -> str:
    if seen.is_nothing_new:
        return t("build.before.nothing_new")
    if seen.usual_seconds is None:
        return t("build.before.first_time")
    return t("build.before.usual", time=duration(seen.usual_seconds))


def _lead(run: Run) -> str:
    took = duration(run.seconds)
    if run.cancelling:
        return t("build.lead.cancelling")
    if run.is_rehearsal and run.state == "ok":
        return t("rehearsal.lead.ok", time=took)
    if run.state == "running" and (usual := _usual_in_all(run)) is not None:
        took = t("build.of", time=took, usual=duration(usual))
    return t(f"build.lead.{run.state}", time=took, what=what(run.target))


def _usual_in_all(run: Run) -> float | None:
    """How long it usually takes from here to there; None while that is not known of each stage.

    Stages may run side by side, but the long ones wait for each other.
    """
    stages = [one for one in run.stages.values() if one.state != "skipped"]
    usual = [one.usual_seconds for one in stages]
    known = [one for one in usual if one is not None]
    return sum(known) if known and len(known) == len(usual) else None


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
    elif run.state == "ok" and not run.is_rehearsal:
        rows.append(
            ft.Row(
                [plain_button(t("build.again"), wizard.build, icon=ft.Icons.REPLAY, low=True)],
                alignment=ft.MainAxisAlignment.END,
            )
        )
    return text.ident("stages", card(ft.Column(rows, spacing=14)), label=t("build.stages"))


def _log_card(wizard: Wizard, run: Run, height: float) -> ft.Control:
    def show_file() -> None:
        if run.log.path is not None:
            wizard.show_folder(run.log.path)

    view = ft.use_memo(lambda: LogView(run.log, run.subscribe, show_file, height), [run.id])
    ft.use_effect(lambda: view.set_height(height), [height])
    # In a list on purpose: only there Flet keeps a kept control's way up to the page in repair.
    return card(
        ft.Column([view], horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        padding=0,
        key=f"log-{run.id}",
    )
