"""The table of all settings of a build: what each is for, where it is written, who uses it.

The command line, the Options page and the table in the documentation are made from it. Names,
keys and defaults are those of `flet build` 1.0.5, besides what only Slipway knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "number", "flag", "choice", "texts", "pairs", "table", "colour", "path", "secret"
]
"""`pairs` are `name=value` on the command line and a table in the file; `secret` is never saved."""

Group = Literal[
    "identity", "app", "packages", "web", "android", "apple", "ios", "macos", "linux",
    "pictures", "permissions", "links", "signing", "flutter", "template",
]  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One setting.

    `name` is its name in the options of `settings.resolve` and as attribute of `Settings` or
    `FlutterSettings`. `flag` is the option on the command line, "" where there is none; a `flag`
    kind may have an `off_flag` instead or besides. `key` is the key in `pyproject.toml`, below
    `[tool.flet.<platform>]` as well when `per_platform`. `platforms` are those that use it, empty
    for all. `default` is shown to people. `is_simple` ones come first on the Options page.
    """

    name: str
    kind: Kind
    group: Group
    meaning: str
    flag: str = ""
    off_flag: str = ""
    key: str = ""
    platforms: Sequence[str] = ()
    per_platform: bool = False
    choices: Sequence[str] = ()
    default: str = ""
    env: str = ""
    is_simple: bool = False


OPTIONS: Sequence[Option] = (
    Option(
        "split_per_abi", "flag", "android",
        "One file per phone type, each smaller, instead of one that fits all.",
        "--split-per-abi", key="tool.flet.android.split_per_abi", platforms=("android",),
        default="off", is_simple=True,
    ),
)  # fmt: skip
