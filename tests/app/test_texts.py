"""The catalogue is whole: each sentence that is asked for is there, and each is asked for."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import texts
from app.texts import catalogue, counted, duration, size, t

APP = Path(texts.__file__).parent
FAMILIES = re.compile(r"\.(one|many)$")


def asked() -> Iterator[str]:
    """Every key in the code, as a pattern: what is filled in matches one word."""
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("t", "counted"):
                counts = getattr(node.func, "id", "") == "counted"
                for one in _patterns(node.args[0]):
                    yield one + (r"\.(one|many)" if counts else "")


def _patterns(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _patterns(node.body)
        yield from _patterns(node.orelse)
    elif isinstance(node, ast.Constant):
        yield re.escape(str(node.value))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z0-9_-]+"
            for part in node.values
        )


def test_every_key_that_is_asked_for_is_there() -> None:
    for pattern in asked():
        assert any(re.fullmatch(pattern, key) for key in catalogue()), pattern


def test_every_sentence_is_asked_for() -> None:
    patterns = [
        *asked(),
        r"identity\.saved\.[a-z]+",  # chosen by how far the saving is
    ]
    unused = [key for key in catalogue() if not any(re.fullmatch(p, key) for p in patterns)]
    assert unused == []


def test_what_counts_has_both_forms() -> None:
    stems = {FAMILIES.sub("", key) for key in catalogue() if FAMILIES.search(key)}
    for stem in stems:
        assert {f"{stem}.one", f"{stem}.many"} <= set(catalogue())


def test_sentences_are_calm_and_well_formed() -> None:
    for key, sentence in catalogue().items():
        assert sentence.strip() == sentence != "", key
        assert "!" not in sentence, key
        assert "please" not in sentence.lower(), key
        assert "'" not in sentence, f"{key}: a typographic apostrophe is meant"
        list(string.Formatter().parse(sentence))


def test_an_unknown_key_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        t("no.such.key")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_400, "999 kB"),
        (999_600, "1.0 MB"),
        (12_340_000, "12 MB"),
        (38_412_000, "38 MB"),
        (4_100_000_000, "4.1 GB"),
        (123_456_000_000_000, "123,456 GB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (2.64, "2.6 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_counting() -> None:
    assert counted("log.lines", 1) == "1 line"
    assert counted("log.lines", 12_345) == "12,345 lines"
