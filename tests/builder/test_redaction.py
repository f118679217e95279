"""Secrets are struck out wherever text leaves the engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import events, redaction
from builder.problems import Fix, Problem
from builder.redaction import STRUCK, Redactor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://me:pass@host/simple", f"https://{STRUCK}@host/simple"),
        ("at https://token@host, then", f"at https://{STRUCK}@host, then"),
        ("token=abcdef12", f"token={STRUCK}"),
        ("GITHUB_TOKEN=abcdef12 x", f"GITHUB_TOKEN={STRUCK} x"),
        ('"password": "hunter22",', f'"password": "{STRUCK}",'),
        ("api-key: abcdef", f"api-key: {STRUCK}"),
        ("https://host/?access_token=abcd&x=1", f"https://host/?access_token={STRUCK}&x=1"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: Bearer {STRUCK}"),
    ],
)
def test_what_looks_like_a_secret_is_struck(text: str, expected: str) -> None:
    assert Redactor().text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "me@example.com",
        "https://host/@scope/package",
        "Tokenizing main.py: 3 tokens",
        "secretary = 1",
        "compiling tokenizer: done",
        "git+https://github.com/a/b@main",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert Redactor().text(text) == text


def test_known_secrets_are_struck_the_longest_first() -> None:
    redactor = Redactor(["secret1", "secret1-and-more"])
    assert redactor.text("a secret1-and-more b secret1") == f"a {STRUCK} b {STRUCK}"


def test_lines_of_a_long_secret_are_struck_one_by_one() -> None:
    assert Redactor(["first line\nsecond line"]).text("> second line") == f"> {STRUCK}"


def test_short_values_are_no_secrets() -> None:
    assert Redactor(["true", ""]).text("it is true") == "it is true"


def test_everything_in_an_event_is_redacted() -> None:
    redactor = Redactor(["hunter22"])
    problem = Problem(
        "c",
        "hunter22",
        evidence=("x hunter22",),
        fixes=(Fix("f", "t", "run", {"argv": ["--key", "hunter22"]}),),
    )
    event = redactor.value(events.ProblemFound(problem))
    assert "hunter22" not in events.encode(event, 0, 0.0)
    assert event.problem.title == STRUCK


def test_numbers_and_types_stay() -> None:
    event = events.Progress("s", 1.5, None, "files")
    assert Redactor(["hunter22"]).value(event) == event


def test_the_environments_secrets_are_known() -> None:
    redactor = redaction.from_environment({"MY_TOKEN": "abcdefgh", "HOME": "/home/me"})
    assert redactor.text("abcdefgh in /home/me") == f"{STRUCK} in /home/me"


@given(st.text(alphabet=st.characters(exclude_characters="•"), min_size=6), st.text(), st.text())
def test_a_known_secret_never_survives(secret: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    shown = secret.strip()
    if len(shown) >= redaction.SHORTEST:
        assert shown not in redactor.text(before + shown + after)
