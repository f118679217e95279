"""Each kind of trouble has its exit status, and a problem survives the way through JSON."""

from __future__ import annotations

import json

import pytest

from builder import problems
from builder.problems import Fix, Problem

TREE = {
    problems.SlipwayError: 70,
    problems.ProjectError: 10,
    problems.ComputerError: 20,
    problems.ToolError: 30,
    problems.DeviceError: 40,
}


@pytest.mark.parametrize(("kind", "status"), TREE.items())
def test_the_exit_status_of_each(kind: type[problems.SlipwayError], status: int) -> None:
    error = kind(Problem("code", "Title"))
    assert isinstance(error, problems.SlipwayError)
    assert (error.exit, str(error)) == (status, "Title")


def test_a_cancel_brings_its_own_words() -> None:
    cancelled = problems.Cancelled()
    assert (cancelled.exit, cancelled.problem.severity) == (50, "hint")


def test_a_problem_survives_json() -> None:
    problem = Problem(
        "c", "t", "w", "d", "hint", "x.py", ("line",), (Fix("f", "F", "open", {"url": "http://x"}),)
    )
    assert Problem.from_dict(json.loads(json.dumps(problem.to_dict()))) == problem


def test_a_problem_with_little_in_it_is_read() -> None:
    assert Problem.from_dict({"code": "c", "newer": 1}) == Problem("c", "")
