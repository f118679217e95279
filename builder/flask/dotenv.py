"""Reads `.env` and `.flaskenv` files as python-dotenv does, without setting anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LARGEST = 100_000
LONGEST = 5_000  # a name that is twice another, and so on, grows without end

# One binding: `export KEY = value # comment`, the value bare, or in quotes over several lines.
# After a value in quotes only a comment may follow on its line.
_BINDING = re.compile(
    r"""
    ^[ \t]* (?:export[ \t]+)? (?:'(?P<quoted>[^'\n]+)' | (?P<key>[^=\#\s'][^=\#\s]*)) [ \t]*
    =
    (?: [ \t]*'(?P<single>(?:\\[\s\S]|[^'\\])*)' [ \t]*(?:\#[^\n]*)?$
    |   [ \t]*"(?P<double>(?:\\[\s\S]|[^"\\])*)" [ \t]*(?:\#[^\n]*)?$
    |   (?P<bare>(?![ \t]*['"])[^\n]*)$
    )
    """,
    re.VERBOSE | re.MULTILINE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_VARIABLE = re.compile(r"\$\{(?P<name>[^}:]*)(?::-(?P<default>[^}]*))?\}")


@dataclass(frozen=True)
class Value:
    """A value and the line (from 1) on which it stands."""

    text: str
    line: int


def read(path: Path) -> Mapping[str, Value]:
    """What a file says, the last word for each name; nothing where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return {}
        source = path.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return {}
    return parse(source)


def parse(source: str) -> Mapping[str, Value]:
    """The same for text at hand. Names without a value are left out."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    found: dict[str, Value] = {}
    for match in _BINDING.finditer(source):
        text = _VARIABLE.sub(lambda one: _expanded(one, found), _value(match))
        line = source.count("\n", 0, match.start()) + 1
        found[match["quoted"] or match["key"]] = Value(text[:LONGEST], line)
    return found


def _value(match: re.Match[str]) -> str:
    if match["single"] is not None:
        return re.sub(r"\\(['\\])", r"\1", match["single"])
    if match["double"] is not None:
        return re.sub(r"\\([\\'\"abfnrtv])", _escaped, match["double"])
    return re.sub(r"\s+#.*", "", match["bare"]).strip()


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[1])


def _expanded(match: re.Match[str], found: Mapping[str, Value]) -> str:
    known = found.get(match["name"])
    return known.text if known else match["default"] or ""
