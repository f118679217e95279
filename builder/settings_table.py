"""The table of all settings for people and programs: `python -m builder settings`.

`SETTINGS.md` is what it prints with `--markdown`; a test compares the two.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from builder.options import GROUPS, OPTIONS, PLATFORMS, RUN, Group, Option
from builder.problems import EXIT_DONE
from builder.session import print_json

_INTRODUCTION = """\
# Settings

Every setting of a build: what it is for, where it is written, and who uses it. Names, keys,
defaults and precedence are those of `flet build` 1.0.5, so both make the same app from the same
`pyproject.toml`; what only Slipway knows stands below `[tool.slipway]`. This page is made from
`builder/options.py` by `python -m builder settings --markdown`.

What is given on the command line goes before the file, and the file before the environment. A key
marked with † may stand in the table of one platform as well, which then goes before the general
one: `tool.flet.org` as `tool.flet.android.org`. `<platform>` is one of `android`, `ios`, `linux`,
`macos`, `web`, `windows`.
"""


def run(args: argparse.Namespace) -> int:
    """Print the table, in the form that was asked for."""
    if args.json:
        print_json({"settings": [asdict(option) for option in (*OPTIONS, *RUN)]})
    elif args.markdown:
        sys.stdout.write(markdown())
    else:
        sys.stdout.write(plain())
    return EXIT_DONE


def markdown() -> str:
    """The table as a page, one part a group."""
    parts = [_INTRODUCTION]
    for group, title in GROUPS.items():
        lines = [f"## {title}\n", "| setting | what it is for | default | used by |"]
        lines.append("| --- | --- | --- | --- |")
        lines += map(_row, _of(group))
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _of(group: Group) -> list[Option]:
    return [option for option in (*OPTIONS, *RUN) if option.group == group]


def _row(option: Option) -> str:
    names = "<br>".join(f"`{name}`" + mark for name, mark in _names(option))
    used_by = ", ".join(PLATFORMS[name] for name in option.platforms) or "all"
    cells = (names, _meaning(option), option.default or "–", used_by)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _names(option: Option) -> Iterator[tuple[str, str]]:
    """The key, the options and the variable, each with the mark behind it."""
    if option.key:
        yield option.key, " †" if option.per_platform else ""
    for flag in (option.flag, option.off_flag):
        if flag:
            yield flag, ""
    if option.env:
        yield option.env, ""


def _meaning(option: Option) -> str:
    said = [option.meaning]
    if option.is_inverted:
        said.append("The key says the opposite: it is `false` where the option is given.")
    if option.choices:
        said.append(f"One of: {_listed(option.choices)}.")
        if option.kind == "texts":
            said[-1] = f"Any of: {_listed(option.choices)}."
    if option.kind == "secret":
        said.append("Never in a file; best in the environment.")
    elif option.example and not option.choices:
        said.append(f"Example: `{option.example}`")
    return " ".join(said)


def _listed(choices: Sequence[str]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)


def plain() -> str:
    """The table as text, for a terminal."""
    lines: list[str] = []
    for group, title in GROUPS.items():
        lines += [title.upper(), ""]
        for option in _of(group):
            default = f" (default: {option.default})" if option.default else ""
            lines += _wrapped("  ".join(name for name, _ in _names(option)), 2)
            lines += [*_wrapped(option.meaning + default, 6), ""]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        text, 92, initial_indent=space, subsequent_indent=space, break_on_hyphens=False
    )
