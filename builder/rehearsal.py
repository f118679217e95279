"""A rehearsal: all of a build that needs no tool to be installed first, and what came of it.

A stage that fails ends no rehearsal: those that do not wait for it still have something to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from builder import events, host, pipeline
from builder.checks import toolchain_problems
from builder.problems import EXIT_DONE, Cancelled, Problem, SlipwayError
from builder.process import Tools
from builder.targets import TARGETS

NEEDS_NETWORK = "A rehearsal asks the package index, and fetches the template if it must."


@dataclass
class _Outcome:
    """What came of it: the titles of what went wrong, and the exit status of the first."""

    exit: int = EXIT_DONE
    titles: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # stage id -> title


def run(
    say: pipeline.Say,
    tools: Tools,
    build: pipeline.Build,
    way: str,
    stages: Sequence[pipeline.Stage],
) -> int:
    """Run the stages one after the other, and sum up; the exit status is that of the first failure.

    Raises Cancelled.
    """
    ordered = among_themselves(stages)
    planned = [events.PlannedStage(stage.id, stage.title) for stage in ordered]
    say(events.Plan(build.target, way, planned))
    outcome = _Outcome()
    for stage in ordered:
        _one(say, tools, build, stage, outcome)
    say(events.ProblemFound(_summary(build, outcome)))
    return outcome.exit


def among_themselves(stages: Sequence[pipeline.Stage]) -> list[pipeline.Stage]:
    """The stages in order, so that none waits for one that only a whole build has."""
    ids = {stage.id for stage in stages}
    return pipeline.in_order(
        [replace(stage, after=[one for one in stage.after if one in ids]) for stage in stages]
    )


def _one(
    say: pipeline.Say,
    tools: Tools,
    build: pipeline.Build,
    stage: pipeline.Stage,
    outcome: _Outcome,
) -> None:
    """One stage, unless it waits for one that failed."""
    waits = next((outcome.failed[one] for one in stage.after if one in outcome.failed), "")
    if waits:
        outcome.failed[stage.id] = waits
        say(events.Stage(stage.id, "skipped", 0.0, f"“{waits}” went wrong"))
        return

    def hear(event: events.Event) -> None:
        if isinstance(event, events.ProblemFound) and event.problem.severity == "warn":
            outcome.warnings.append(event.problem.title)
        say(event)

    try:
        pipeline.run([replace(stage, after=())], build, hear, tools)
    except Cancelled:
        raise
    except SlipwayError as error:
        say(events.ProblemFound(error.problem))
        outcome.failed[stage.id] = stage.title
        outcome.titles.append(error.problem.title)
        outcome.exit = outcome.exit or error.exit


def _summary(build: pipeline.Build, outcome: _Outcome) -> Problem:
    """What a person takes home from it."""
    app = TARGETS[build.target].title
    if outcome.titles:
        return Problem(
            "rehearsal-failed",
            f"Rehearsed: a build for “{app}” would fail",
            f"What would go wrong: {'; '.join(outcome.titles)}.",
            "Each of these was told above, with what to do about it. Then rehearse again.",
            severity="warn",
        )
    noted = f" Worth knowing: {'; '.join(outcome.warnings)}." if outcome.warnings else ""
    return Problem(
        "rehearsed",
        f"Rehearsed: the project is ready for “{app}”",
        "Settings, pictures, template and packages are as they have to be. What Flutter itself "
        f"would say was not tried, and nothing was handed over.{noted}",
        _what_next(build),
        severity="hint",
        fixes=toolchain_problems.without_flutter(build.target) if _lacks_tools(build) else (),
    )


def _what_next(build: pipeline.Build) -> str:
    if host.current() not in TARGETS[build.target].hosts:
        return "Build it on a computer that can, with the same project."
    if not _lacks_tools(build):
        return "Build it now."
    needs = "What this computer still needs was told above. With it, the build can begin."
    return f"{needs} {toolchain_problems.instead_of_flutter(build.target)}"


def _lacks_tools(build: pipeline.Build) -> bool:
    """Whether a build with Flutter could not begin on this computer, which could make the app."""
    is_here = host.current() in TARGETS[build.target].hosts
    return is_here and build.kit is not None and build.kit.toolchain is None
