"""What a check found: how it is shown, what is told besides, and whether the build may begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


def warn(check_id: str, title: str, problems: Sequence[Problem]) -> Finding:
    """The check holds, with something to know; there is at least one problem."""
    fixes = [fix for problem in problems for fix in problem.fixes]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    check = Check(check_id, title, "warn", f"{problems[0].title}{more}", fixes)
    return Finding(check, tuple(problems))


def as_warning(finding: Finding) -> Finding:
    """The same, but the work can begin all the same."""
    if finding.exit == EXIT_DONE:
        return finding
    problems = tuple(replace(problem, severity="warn") for problem in finding.problems)
    return Finding(replace(finding.check, state="warn"), problems)


def fail(check_id: str, title: str, trouble: SlipwayError) -> Finding:
    """The check does not hold, and the build cannot begin."""
    problem = trouble.problem
    check = Check(check_id, title, "fail", problem.title, problem.fixes)
    return Finding(check, (problem,), trouble.exit)


def exit_of(findings: Sequence[Finding]) -> int:
    """The exit status of a build that cannot begin, that of the first check that says so; or 0."""
    return next((f.exit for f in findings if f.exit != EXIT_DONE), EXIT_DONE)
