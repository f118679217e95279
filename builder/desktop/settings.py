"""The settings that only desktop apps made without Flutter have, below `[tool.slipway.desktop]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder import pyproject
from builder.lookup import Lookup
from builder.options import CLIENTS
from builder.problems import Problem


@dataclass(frozen=True)
class DesktopSettings:
    """`host`, `port` (0: a free one), `threads` are Waitress's; the window in pixels."""

    one_file: bool = False
    console: bool = False
    hidden_imports: Sequence[str] = ()
    client: str = "auto"  # auto, native or browser
    host: str = "127.0.0.1"
    port: int = 0
    threads: int = 4
    window_width: int = 1100
    window_height: int = 800


def resolve(lookup: Lookup) -> DesktopSettings:
    """All of them; what is not valid is noted as a problem, and its default stands in."""
    plain = DesktopSettings()
    return DesktopSettings(
        one_file=lookup.flag("one_file", False, *lookup.keys("one_file")),
        console=lookup.flag("console", False, *lookup.keys("console")),
        hidden_imports=_modules(lookup),
        client=lookup.choice("client", lookup.keys("client"), CLIENTS, plain.client),
        host=lookup.text("host", *lookup.keys("host")) or plain.host,
        port=_number(lookup, "port", plain.port, 65_535),
        threads=_number(lookup, "threads", plain.threads, 256),
        window_width=_number(lookup, "window_width", plain.window_width, 10_000),
        window_height=_number(lookup, "window_height", plain.window_height, 10_000),
    )


def _modules(lookup: Lookup) -> tuple[str, ...]:
    """Module names; one that is none would break the packing."""
    found = lookup.texts("hidden_imports", *lookup.keys("hidden_imports"))
    good = [name for name in found if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", name)]
    lookup.problems += [_not_a_module(lookup, name) for name in found if name not in good]
    return tuple(good)


def _number(lookup: Lookup, name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`; the default where there is none."""
    (key,) = lookup.keys(name)
    option = lookup.options.get(name)
    value = option if option not in (None, "") else pyproject.get(lookup.pyproject, key)
    if value in (None, ""):
        return default
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value.strip(), re.ASCII):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most:
        return value
    if option in (None, "") and not isinstance(value, int):
        lookup.wrong_type(key, value, "a whole number, without quotes")
    else:
        lookup.problems.append(_out_of_range(lookup, name, key, value, most))
    return default


def _out_of_range(lookup: Lookup, name: str, key: str, value: object, most: int) -> Problem:
    return Problem(
        "setting-out-of-range",
        f"“{value}” will not do for {name.replace('_', ' ')}",
        f"It is a whole number from 1 to {most}.",
        f"Set {key} to such a number, or leave it out.",
        where=lookup.where(name, key),
    )


def _not_a_module(lookup: Lookup, name: str) -> Problem:
    (key,) = lookup.keys("hidden_imports")
    return Problem(
        "setting-not-a-module",
        f"“{name}” is not the name of a module",
        "A module is named as in an import: letters, digits and _, with dots between.",
        f"Correct it in {key}.",
        where=lookup.where("hidden_imports", key),
    )
