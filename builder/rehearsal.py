"""A rehearsal: all of a build that needs no tool to be installed first, and what came of it.

A stage that fails ends no rehearsal: those that do not wait for it still have something to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from builder import events, pipeline
from builder.problems import EXIT_DONE, Cancelled, Problem, SlipwayError
from builder.session import Session
from builder.targets import TARGETS


@dataclass
class _Outcome:
    """What came of it: the titles of what went wrong, and the exit status of the first."""

    exit: int = EXIT_DONE
    titles: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # stage id -> title


def run(session: Session, build: pipeline.Build, way: str, stages: Sequence[pipeline.Stage]) -> int:
    """Run the stages one after the other, and sum up; the exit status is that of the first failure.

    Raises Cancelled.
    """
    ids = {stage.id for stage in stages}
    stages = [replace(s, after=[one for one in s.after if one in ids]) for s in stages]
    ordered = pipeline.in_order(stages)
    planned = [events.PlannedStage(stage.id, stage.title) for stage in ordered]
    session.say(events.Plan(build.target, way, planned))
    outcome = _Outcome()
    for stage in ordered:
        _one(session, build, stage, outcome)
    session.say(events.ProblemFound(_summary(build, outcome)))
    return outcome.exit


def _one(session: Session, build: pipeline.Build, stage: pipeline.Stage, outcome: _Outcome) -> None:
    """One stage, unless it waits for one that failed."""
    waits = next((outcome.failed[one] for one in stage.after if one in outcome.failed), "")
    if waits:
        outcome.failed[stage.id] = waits
        session.say(events.Stage(stage.id, "skipped", 0.0, f"“{waits}” went wrong"))
        return

    def say(event: events.Event) -> None:
        if isinstance(event, events.ProblemFound) and event.problem.severity == "warn":
            outcome.warnings.append(event.problem.title)
        session.say(event)

    try:
        pipeline.run([replace(stage, after=())], build, say, session.tools)
    except Cancelled:
        raise
    except SlipwayError as error:
        session.say(events.ProblemFound(error.problem))
        outcome.failed[stage.id] = stage.title
        outcome.titles.append(error.problem.title)
        outcome.exit = outcome.exit or error.exit


def _summary(build: pipeline.Build, outcome: _Outcome) -> Problem:
    """What a person takes home from it."""
    app = TARGETS[build.target].title
    is_equipped = build.kit is None or build.kit.toolchain is not None
    wrong = "; ".join(outcome.titles)
    if wrong:
        return Problem(
            "rehearsal-failed",
            f"Rehearsed: a build for “{app}” would fail",
            f"What would go wrong: {wrong}.",
            "Each of these was told above, with what to do about it. Then rehearse again.",
            severity="warn",
        )
    noted = f" To know: {'; '.join(outcome.warnings)}." if outcome.warnings else ""
    return Problem(
        "rehearsed",
        f"Rehearsed: the project is ready for “{app}”",
        "Settings, pictures, template and packages are as they have to be. What Flutter itself "
        f"says was not tried, and nothing was handed over.{noted}",
        "Build it now."
        if is_equipped
        else "What this computer still needs was told above. With it, the build can begin.",
        severity="hint",
    )
