"""The stages of a build with their marks, times and the bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.state import Stage
from app.texts import duration, size, t
from builder.events import Check

LEAST_USUAL = 0.5  # seconds; "usually 0.0 s" tells nobody anything

_MARKS: dict[str, tuple[Any, Any]] = {
    "waiting": (ft.Icons.RADIO_BUTTON_UNCHECKED, theme.EDGE),
    "started": (ft.Icons.PLAY_CIRCLE_OUTLINE, theme.MAIN),
    "done": (ft.Icons.CHECK, theme.GOOD),
    "skipped": (ft.Icons.CHECK, theme.GOOD),
    "failed": (ft.Icons.CLOSE, theme.BAD),
}
_CHECKS: dict[str, tuple[Any, Any]] = {
    "pending": (ft.Icons.RADIO_BUTTON_UNCHECKED, theme.EDGE),
    "ok": (ft.Icons.CHECK, theme.GOOD),
    "skip": (ft.Icons.REMOVE, theme.GREY),
    "warn": (ft.Icons.WARNING_AMBER_ROUNDED, theme.LOOK),
    "fail": (ft.Icons.CLOSE, theme.BAD),
}


def stage_list(stages: Sequence[Stage], running: bool, failed: bool) -> ft.Control:
    """All stages in order, and how much of the whole is done."""
    rows = [_row(one) for one in stages] or [text.grey(t("build.planning"))]
    return ft.Column(
        [
            *rows,
            ft.Container(height=2),
            text.ident(
                "progress",
                ft.ProgressBar(
                    value=share_done(stages) if stages else (None if running else 0),
                    bar_height=6,
                    border_radius=3,
                    color=theme.BAD if failed else theme.MAIN,
                    bgcolor=theme.QUIET_GROUND,
                ),
                label=t("build.progress", percent=round(100 * share_done(stages))),
            ),
        ],
        spacing=12,
    )


def share_done(stages: Sequence[Stage]) -> float:
    """How much of a build is done, from 0 to 1, each stage weighed by the time it usually takes."""
    weights = [one.usual_seconds or 1.0 for one in stages]
    total = sum(weights)
    return sum(w * _share(one) for w, one in zip(weights, stages, strict=True)) / (total or 1)


def _share(stage: Stage) -> float:
    if stage.state in ("done", "skipped"):
        return 1.0
    if stage.state in ("started", "failed") and stage.total:
        return min(1.0, stage.done / stage.total)
    return 0.0


def _row(stage: Stage) -> ft.Control:
    icon, ink = _MARKS.get(stage.state, _MARKS["waiting"])
    is_open = stage.state == "waiting"
    lines: list[ft.Control] = [
        text.body(
            stage.title,
            color=theme.GREY if is_open else theme.INK,
            font_family=theme.BOLD if stage.state == "started" else None,
        )
    ]
    lines += [text.small(words) for words in (_note(stage), _usually(stage)) if words]
    return ft.Row(
        [
            ft.Icon(icon, size=19, color=ink, semantics_label=t(f"build.stage.{stage.state}")),
            ft.Column(lines, spacing=1, expand=True),
            text.small(_time(stage)),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _note(stage: Stage) -> str:
    if stage.state == "skipped":
        return t("build.skipped", reason=stage.reason) if stage.reason else t("build.skipped_plain")
    if stage.state == "started" and (stage.total or stage.detail):
        amount = _amount(stage.done, stage.total, stage.unit) if stage.total else ""
        return " · ".join(one for one in (stage.detail, amount) if one)
    if stage.state == "failed" and stage.detail:
        return t("build.stopped_at", step=stage.detail)
    return stage.reason


def _amount(done: float, total: float, unit: str) -> str:
    if not unit or unit in ("%", "percent", "share"):  # a part of the whole, and nothing to count
        return t("build.percent", percent=round(100 * min(1.0, done / total)))
    if unit in ("bytes", "B"):
        return t("build.amount", done=size(int(done)), total=size(int(total)), unit="").strip()
    return t("build.amount", done=f"{done:,.0f}", total=f"{total:,.0f}", unit=unit).strip()


def _usually(stage: Stage) -> str:
    """How long a stage that runs usually takes; below its title, where there is room."""
    return _usual(stage) if stage.state == "started" else ""


def _time(stage: Stage) -> str:
    if stage.state == "waiting":
        return _usual(stage)
    return "" if stage.state == "skipped" else duration(stage.elapsed())


def _usual(stage: Stage) -> str:
    usual = stage.usual_seconds
    known = usual is not None and usual >= LEAST_USUAL
    return t("build.usually", time=duration(usual)) if known and usual is not None else ""


def check_list(checks: Sequence[Check]) -> ft.Control:
    """What had to hold before the build, each with a mark and its detail."""
    return ft.Column([_check(one) for one in checks], spacing=10)


def _check(check: Check) -> ft.Control:
    icon, ink = _CHECKS.get(check.state, _CHECKS["pending"])
    lines: list[ft.Control] = [text.body(check.title)]
    if check.detail:
        lines.append(text.small(check.detail))
    return ft.Row(
        [
            ft.Icon(icon, size=19, color=ink, semantics_label=t(f"build.check.{check.state}")),
            ft.Column(lines, spacing=1, expand=True),
        ],
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
