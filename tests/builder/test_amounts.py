"""Sizes and durations in words."""

from __future__ import annotations

import pytest

from builder import amounts


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (41_300_000, "41.3 MB"), (2.5e12, "2500.0 GB")],
)
def test_sizes_in_words(number: float, words: str) -> None:
    assert amounts.in_words(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.4, "42 s"), (185, "3 min 5 s")]
)
def test_durations(seconds: float, words: str) -> None:
    assert amounts.in_seconds(seconds) == words
