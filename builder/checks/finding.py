"""What a check found: how it is shown, what is told besides, and whether the build may begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.events import Check
from builder.problems import EXIT_DONE, Problem, SlipwayError


@dataclass(frozen=True)
class Finding:
    """`exit` is 0 where the check holds, else the exit status of the build that cannot begin."""

    check: Check
    problems: Sequence[Problem] = ()
    exit: int = EXIT_DONE


def ok(check_id: str, title: str, detail: str = "") -> Finding:
    """The check holds."""
    return Finding(Check(check_id, title, "ok", detail))


def fail(check_id: str, title: str, trouble: SlipwayError) -> Finding:
    """The check does not hold, and the build cannot begin."""
    problem = trouble.problem
    check = Check(check_id, title, "fail", problem.title, problem.fixes)
    return Finding(check, (problem,), trouble.exit)
