"""Where things stand in a TOML text: tables, pairs and their values, as positions.

tomllib says what a valid file means, but not where; tomlkit keeps the text, but puts new keys
behind the comment of the next table and ends their lines its own way. With positions an edit
touches what it is meant to, and a problem can name its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """A table header, or a pair `key = value`; all numbers are positions in the text.

    `path` is the whole key from the root, `table` the header under which it stands. `start` is
    where its line begins, `end` behind the end of its last line. A header has no value.
    """

    path: Path
    table: Path
    start: int
    end: int
    key_start: int
    value_start: int = 0
    value_end: int = 0
    in_list: bool = False  # a `[[header]]`, or a pair under one

    @property
    def is_header(self) -> bool:
        """Whether it is a `[table]` or `[[table]]`."""
        return not self.value_end


_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")
_SPACE = re.compile(r"[ \t]*")
_KEY_PART = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+')
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_PLAIN = re.compile(r"[^#\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_IN_BRACKETS = re.compile(r"[^\[\]{}\"'#]*(?:#[^\n]*)?")


def statements(text: str) -> Iterator[Statement]:
    """All headers and pairs of a text that tomllib takes, in order.

    Keys of inline tables are part of their pair's value.
    """
    at, in_list = 0, False
    table: Path = ()
    while at < len(text):
        blank = _BLANK.match(text, at)
        if blank and blank.end() > at:
            at = blank.end()
            continue
        key_start = _end(_SPACE, text, at)
        if text[key_start] == "[":
            in_list = text.startswith("[[", key_start)
            table, key_end = _key(text, _end(_SPACE, text, key_start + 1 + in_list))
            end = _end(_BLANK, text, text.index("]", key_end) + 1 + in_list)
            yield Statement(table, table, at, end, key_start, in_list=in_list)
        else:
            key, key_end = _key(text, key_start)
            value_start = _end(_SPACE, text, text.index("=", key_end) + 1)
            value_end = _value_end(text, value_start)
            end = _end(_BLANK, text, value_end)
            yield Statement(
                (*table, *key), table, at, end, key_start, value_start, value_end, in_list
            )
        at = end


def line_at(text: str, position: int) -> int:
    """The number of the line, from 1, on which a position lies."""
    return text.count("\n", 0, position) + 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    if match is None:
        raise ValueError(f"not the TOML that was expected at position {at}")
    return match.end()


def _key(text: str, start: int) -> tuple[Path, int]:
    """The key that begins at `start`, and where it ends."""
    end = _end(_KEY_PART, text, start)
    while dot := _DOT.match(text, end):
        end = _end(_KEY_PART, text, dot.end())
    path = []
    value = tomllib.loads(f"{text[start:end]} = 0")
    while isinstance(value, dict):
        ((part, value),) = value.items()
        path.append(part)
    return tuple(path), end


def _value_end(text: str, start: int) -> int:
    if text[start] in "\"'":
        return _end(_STRING, text, start)
    if text[start] not in "[{":
        return start + len(_PLAIN.match(text, start)[0].rstrip())  # type: ignore[index]
    depth, at = 0, start
    while True:
        at = _end(_IN_BRACKETS, text, at)
        if text[at] in "\"'":
            at = _end(_STRING, text, at)
            continue
        if text[at] in "[{":
            depth += 1
        elif text[at] in "]}":
            depth -= 1
        at += 1
        if depth == 0:
            return at
