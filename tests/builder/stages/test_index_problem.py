"""Failures of the index in words."""

from __future__ import annotations

import pytest

from builder.index import Failure
from builder.stages import index_problem


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("network", "index-unreachable"),
        ("disk", "disk-full"),
        ("refused", "index-refused"),
        ("missing", "index-failed"),
        ("other", "index-failed"),
    ],
)
def test_each_kind_has_its_words(kind: str, code: str) -> None:
    problem = index_problem.of(Failure(kind, ["said"]), "the packages of your app")
    assert problem.code == code
    assert problem.evidence == ("said",)
    assert problem.title
    assert problem.why
    assert problem.do


def test_the_evidence_is_what_says_something_last() -> None:
    lines = ["Looking in indexes: x", *map(str, range(20)), "WARNING: Location 'x' is ignored"]
    assert index_problem.evidence(Failure("other", lines)) == tuple(map(str, range(8, 20)))
