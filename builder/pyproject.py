"""Reads `pyproject.toml` and says in words what is wrong with it, and on which line."""

from __future__ import annotations

import codecs
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder import toml_text
from builder.problems import Fix, Problem

NAME = "pyproject.toml"

# The problems of a file whose contents are not known at all.
UNREADABLE = ("pyproject-not-readable", "pyproject-not-utf8", "pyproject-not-toml")

# Every table that Slipway looks into; anything else that people keep in the file is not our matter.
_TABLES = (
    "project", "tool", "tool.poetry", "tool.poetry.dependencies", "tool.flet", "tool.flet.app",
    "tool.flet.splash", "tool.flet.android", "tool.flet.ios", "tool.flet.linux", "tool.flet.macos",
    "tool.flet.web", "tool.flet.windows", "tool.flet.web.app", "tool.slipway", "tool.slipway.web",
    "tool.slipway.flask",
)  # fmt: skip


@dataclass(frozen=True)
class Pyproject:
    """The file: its text, what it says (empty for no file and a broken one), what is wrong."""

    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def load(folder: Path) -> Pyproject:
    """Read the file in `folder`. No file is an empty one; whatever is wrong is in `problems`."""
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, ValueError):  # no file, or a path with a null byte
        return Pyproject()
    except OSError as error:
        return Pyproject(problems=[not_readable(path, error)])
    return parse(raw, path)


def parse(raw: bytes, path: Path) -> Pyproject:
    """The same for bytes at hand; `path` is only named in problems."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Pyproject(problems=[_not_utf8(raw, error, path)])
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Pyproject(text, problems=[_not_toml(error, path)])
    except RecursionError:
        return Pyproject(text, problems=[_too_deep(path)])
    problems = list(_table_problems(text, data))
    if raw.startswith(codecs.BOM_UTF8):
        problems.append(_has_mark())
    return Pyproject(text, data, problems)


def get(data: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key, None where there is none or something on the way is no table."""
    value: Any = data
    for part in key.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def line_of(text: str, key: str, value: str = "") -> int:
    """The line (from 1) where a dotted key stands, or, in its value, the text `value`; else 0.

    For telling people where to look: the first line where there are several.
    """
    return line_of_parts(text, tuple(key.split(".")), value)


def line_of_parts(text: str, parts: Sequence[str], value: str = "") -> int:
    """The same for a key given as its parts, which may have dots in them."""
    wanted = tuple(parts)
    try:
        found = [item for item in toml_text.statements(text) if item.path == wanted]
    except (ValueError, IndexError):  # no TOML
        return 0
    if not found:
        return 0
    inside = text[found[0].value_start : found[0].value_end]
    at = max(inside.find(f'"{value}'), inside.find(f"'{value}")) if value else -1
    return toml_text.line_at(text, found[0].value_start + at if at >= 0 else found[0].key_start)


def place(text: str, key: str, value: str = "") -> str:
    """`pyproject.toml, line 7`, or without the line where it cannot be told."""
    return place_of_parts(text, key.split("."), value)


def place_of_parts(text: str, parts: Sequence[str], value: str = "") -> str:
    """The same for a key given as its parts; where it has no line of its own, what it stands in."""
    for end in range(len(parts), 1, -1):
        if line := line_of_parts(text, parts[:end], value if end == len(parts) else ""):
            return f"{NAME}, line {line}"
    line = line_of_parts(text, parts, value)
    return f"{NAME}, line {line}" if line else NAME


def wrong_type(text: str, key: str, value: object, wanted: str, meant: Any = None) -> Problem:
    """The problem of a key that holds another kind of thing than it should.

    `meant` is what it probably should hold, None where nobody knows.
    """
    name = key.rpartition(".")[2]
    fix = Fix("take-type", f"Write {name} = {_written(meant)}", "set", {key: meant})
    return Problem(
        "setting-wrong-type",
        f"{key} should be {wanted}",
        f"In pyproject.toml it is {kind_of(value)}.",
        f"Change {key} to {wanted}."
        if meant is None
        else f"Write `{name} = {_written(meant)}` there.",
        where=place(text, key),
        fixes=() if meant is None else (fix,),
    )


def _written(value: Any) -> str:
    """A text, a whole number, a list of texts, true or false as one writes it in TOML."""
    return json.dumps(value, ensure_ascii=False)


def kind_of(value: object) -> str:
    """What a value is, in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return "a text" if len(value) > 40 else f"the text “{value}”"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        others = [item for item in value if not isinstance(item, str)]
        return f"a list with {kind_of(others[0])} in it" if others else "a list"
    return "a date or time"


def _table_problems(text: str, data: Mapping[str, Any]) -> Iterator[Problem]:
    for key in _TABLES:
        value = get(data, key)
        if value is not None and not isinstance(value, Mapping):
            yield wrong_type(text, key, value, f"a table, as under [{key}]")


def _open(path: Path) -> list[Fix]:
    return [Fix("open-pyproject", "Open pyproject.toml", "open", {"path": str(path)})]


def not_readable(path: Path, error: OSError) -> Problem:
    """The problem of a file that the system does not let us read."""
    return Problem(
        "pyproject-not-readable",
        "pyproject.toml cannot be read",
        f"The system says: {error.strerror or error}.",
        "Make sure that it is a file and that you have the right to read it.",
        where=str(path),
    )


def _not_utf8(raw: bytes, error: UnicodeDecodeError, path: Path) -> Problem:
    line = raw.count(b"\n", 0, error.start) + 1
    return Problem(
        "pyproject-not-utf8",
        "pyproject.toml is not saved as UTF-8",
        f"The character on line {line} is written in another encoding. "
        "TOML files are always UTF-8.",
        "Open it in your editor, choose “Save with encoding” and take UTF-8.",
        where=f"{NAME}, line {line}",
        fixes=_open(path),
    )


def _has_mark() -> Problem:
    return Problem(
        "pyproject-has-mark",
        "pyproject.toml begins with an invisible mark",
        "Some editors put a byte order mark there. Slipway reads the file all the same, "
        "but other tools, pip and flet build among them, refuse it.",
        "Save it in your editor as “UTF-8”, not as “UTF-8 with BOM”.",
        "hint",
        where=f"{NAME}, line 1",
    )


def _not_toml(error: tomllib.TOMLDecodeError, path: Path) -> Problem:
    message, _, spot = str(error).partition(" (at ")
    return Problem(
        "pyproject-not-toml",
        "pyproject.toml cannot be understood",
        f"{message}: {spot.rstrip(')') or 'somewhere in the file'}.",
        "Correct that line. Often a quote, a bracket or an equals sign is missing, "
        "there or on the line before, or a key stands twice.",
        where=f"{NAME}, {spot.rstrip(')')}" if spot else NAME,
        fixes=_open(path),
    )


def _too_deep(path: Path) -> Problem:
    return Problem(
        "pyproject-not-toml",
        "pyproject.toml cannot be understood",
        "Its lists and tables lie in each other hundreds of levels deep.",
        "Make it simpler.",
        where=NAME,
        fixes=_open(path),
    )
