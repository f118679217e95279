"""Characters in `pyproject.toml` that no screen shows and no tool takes, such as a null byte.

TOML can write them in a text (`\\u0000`). In a name of a file, an argument or an XML file they end
a build somewhere deep inside, with words that nobody understands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from builder import pyproject
from builder.problems import Problem

# All control characters but tab and the ends of lines.
_INVISIBLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")

_ROOTS = (("project",), ("tool", "flet"), ("tool", "slipway"))

Parts = tuple[str, ...]


def problems(data: Mapping[str, Any], text: str, others: Collection[str]) -> Iterator[Problem]:
    """One for each text that has such a character; `others` are keys that somebody else judges."""
    for parts in _ROOTS:
        for found in _below(pyproject.get(data, ".".join(parts)), parts):
            if ".".join(found) not in others:
                yield _problem(found, text)


def _below(value: Any, parts: Parts) -> Iterator[Parts]:
    """Where such a text stands; a list, and what is wrong in a name, are told by what they are."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if _INVISIBLE.search(name):
                yield parts
            else:
                yield from _below(inner, (*parts, name))
    elif isinstance(value, list):
        yield from list(_in_list(value, parts))[:1]
    elif isinstance(value, str) and _INVISIBLE.search(value):
        yield parts


def _in_list(values: list[Any], parts: Parts) -> Iterator[Parts]:
    for value in values:
        if any(True for _ in _below(value, parts)):
            yield parts


def _problem(parts: Parts, text: str) -> Problem:
    key = ".".join(parts)
    return Problem(
        "setting-invisible",
        f"{key} has a character in it that cannot be seen",
        "It was probably copied along with the text, or written by a program. No tool takes it.",
        f"Type the text of {key} anew.",
        where=pyproject.place_of_parts(text, parts),
    )
