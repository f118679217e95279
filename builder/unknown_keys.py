"""Keys of `[tool.flet]` and `[tool.slipway]` that nobody reads: mostly slips of the pen."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from builder import former, options, pyproject
from builder.problems import Fix, Problem

MOST = 10  # told one by one; a file with more is of another kind

# Read by other tools of Flet, at any depth: no matter of a build.
_OF_OTHERS = ("tool.flet.metadata", "tool.flet.gallery", "tool.flet.desktop_flavor")
# Tables in which the user chooses the names, or whose reader looks at them itself.
_FREE = (
    "tool.flet.boot_screen",
    "tool.flet.ios.export_methods",
    "tool.flet.macos.signing",
)


@dataclass(frozen=True)
class _Known:
    keys: frozenset[str]
    tables: frozenset[str]  # in which some of the keys stand
    free: frozenset[str]  # below which anything may stand
    former: frozenset[str]  # keys that are known, but that nobody means any more


def problems(data: Mapping[str, Any], text: str, platform: str) -> Iterator[Problem]:
    """A warning for each key that a build for `platform` does not know; other platforms' are not
    looked at. A key under which a table is expected, and that holds something else, is an error.
    """
    known = _known(platform)
    found = 0
    for root in ("flet", "slipway"):
        for problem in _below(data, text, ("tool", root), known):
            found += 1
            if found <= MOST:
                yield problem


def _below(
    data: Mapping[str, Any], text: str, parts: Sequence[str], known: _Known
) -> Iterator[Problem]:
    table = pyproject.get(data, ".".join(parts))
    if not isinstance(table, Mapping):
        return
    for name, value in table.items():
        inner = (*parts, name)
        key = ".".join(inner)
        if "." in name:
            yield _unknown(inner, text, known, value)
        elif key in known.keys | known.free | known.former:
            continue
        elif key not in known.tables:
            yield _unknown(inner, text, known, value)
        elif isinstance(value, Mapping):
            yield from _below(data, text, inner, known)
        else:
            yield pyproject.wrong_type(text, key, value, f"a table, as under [{key}]")


@cache
def _known(platform: str) -> _Known:
    """What a build for `platform` knows; the tables of other platforms are let be."""
    keys = {key for option in options.OPTIONS for key in _spellings(option, platform)}
    # The way to build that the wizard's user chose, for this platform and for others.
    keys |= {f"tool.slipway.{one}.backend" for one in options.PLATFORMS}
    old = {key for key, _ in former.keys_of(platform)}
    free = {
        key
        for option in options.OPTIONS
        if option.kind in ("pairs", "table")
        for key in _spellings(option, platform)
    }
    free |= {*_FREE, *_OF_OTHERS, f"tool.flet.{platform}.boot_screen"}
    free |= {f"tool.flet.{other}" for other in options.PLATFORMS if other != platform}
    tables = {
        ".".join(parts[:end]) for parts in (key.split(".") for key in keys | old)
        for end in range(1, len(parts))
    }  # fmt: skip
    return _Known(frozenset(keys), frozenset(tables), frozenset(free), frozenset(old))


def _spellings(option: options.Option, platform: str) -> Iterator[str]:
    """Where a setting may stand: what is for all platforms may stand under each."""
    yield from options.keys_of(option, platform)
    if option.group == "links":
        yield option.key.replace("<platform>.", "")  # flet build reads it for desktops
    if option.name == "android_extract_packages":
        yield "tool.flet.extract_packages"


def _unknown(parts: Sequence[str], text: str, known: _Known, value: Any) -> Problem:
    key = ".".join(parts)
    near = _nearest(parts, known)
    is_free = near and not isinstance(value, Mapping) and near in known.keys
    place = pyproject.line_of_parts(text, parts)
    return Problem(
        "setting-not-known",
        f"Nobody reads {key}",
        "Neither Flet nor Slipway knows a setting of that name, so it has no effect.",
        f"Did you mean {near}?" if near else "Remove it, or look for its name in SETTINGS.md.",
        "warn",
        where=f"{pyproject.NAME}, line {place}" if place else pyproject.NAME,
        fixes=(Fix("rename-key", f"Rename it to {near}", "set", {key: None, near: value}),)
        if is_free and "." not in parts[-1]
        else (),
    )


def _nearest(parts: Sequence[str], known: _Known) -> str:
    """The known key that looks most like it: in the same table, unless one has just its name."""
    table, name = ".".join(parts[:-1]), parts[-1].lower().replace("-", "_")
    names = sorted(known.keys | known.tables)
    same = [key for key in names if key.startswith("tool.") and key.rpartition(".")[2] == name]
    if same:
        return next((key for key in same if key.rpartition(".")[0] == table), same[0])
    beside = {key.rpartition(".")[2]: key for key in names if key.rpartition(".")[0] == table}
    if near := difflib.get_close_matches(name, beside, 1, 0.7):
        return beside[near[0]]
    elsewhere = {key.rpartition(".")[2]: key for key in names if key.startswith("tool.")}
    near = difflib.get_close_matches(name, elsewhere, 1, 0.8)
    return elsewhere[near[0]] if near else ""
