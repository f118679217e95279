"""What the engine says comes back as it was said, and newer engines may say more."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import events
from builder.problems import Fix, Problem

PROBLEM = Problem(
    "code", "Title", "Why", "Do", "warn", "main.py, line 3", ("a", "b"),
    (Fix("id", "Do it", "set", {"tool.flet.product": "X", "gone": None}),),
)  # fmt: skip

ALL: list[events.Event] = [
    events.Hello("0.1.0", "3.11.7", "linux"),
    events.Plan(
        "web", "prebuilt", (events.PlannedStage("a", "A", 1.5), events.PlannedStage("b", "B"))
    ),
    events.Check("output", "Output", "fail", "detail", PROBLEM.fixes),
    events.Stage("a", "done", 1.25, "first time"),
    events.Progress("a", 1, None, "files"),
    events.Log("a", "err", ["line", "日本 🙂"]),
    events.Artifact("/out", "site", 42),
    events.ProblemFound(PROBLEM),
    events.Done("ok", 0, 3.5),
]


@pytest.mark.parametrize("event", ALL, ids=lambda event: event.type)
def test_there_and_back(event: events.Event) -> None:
    line = events.encode(event, 7, 12.5)
    assert "\n" not in line
    assert {"v": 1, "seq": 7, "t": 12.5, "type": event.type}.items() <= json.loads(line).items()
    assert events.decode(line) == event


@pytest.mark.parametrize("event", ALL, ids=lambda event: event.type)
def test_fields_of_newer_engines_are_passed_over(event: events.Event) -> None:
    data = {**json.loads(events.encode(event, 0, 0.0)), "newer": {"x": 1}}
    assert events.decode(json.dumps(data)) == event


def test_a_problem_has_the_fields_of_the_protocol() -> None:
    data = json.loads(events.encode(events.ProblemFound(PROBLEM), 0, 0.0))
    assert set(data) == {
        "v", "seq", "t", "type",
        "code", "severity", "title", "why", "do", "where", "evidence", "fixes",
    }  # fmt: skip
    assert data["evidence"] == {"lines": ["a", "b"]}
    assert set(data["fixes"][0]) == {"id", "title", "kind", "data"}


def test_an_unknown_type_is_kept_apart() -> None:
    event = events.decode('{"type": "weather", "sun": true}')
    assert event == events.Unknown({"type": "weather", "sun": True})


@pytest.mark.parametrize("line", ["", "text", "[]", "3", '{"type": "stage"'])
def test_what_is_no_event_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        events.decode(line)


@given(st.lists(st.text()))
def test_any_text_survives(lines: list[str]) -> None:
    line = events.encode(events.Log("s", "out", lines), 0, 0.0)
    assert events.decode(line.encode("utf-8").decode("utf-8")) == events.Log("s", "out", lines)


def test_half_a_character_can_be_written() -> None:
    assert events.encode(events.Log("s", "out", ["\udcff"]), 0, 0.0).encode("utf-8")
