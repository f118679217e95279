"""What a command line says: the commands and their options, named as in `flet build` 1.0.5."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from builder import command_line
from builder.options import OPTIONS
from builder.problems import Fix, Problem

_WITH_BUILD = ("build", "plan")
# What else a build is told besides its settings.
_MORE = ("verbose", "backend", "assume_yes", "rehearse", "former")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read a command line. Raises ProjectError when it is wrong; `--help` ends the program.

    What stands after `--` goes to `flutter build`, after what `--flutter-build-args` gives.
    """
    ours, after = _divided(argv)
    args = command_line.parse(ours)
    if after and args.command not in _WITH_BUILD:
        raise command_line.mistake("only build and plan hand on what stands after --", args.command)
    if after:
        args.build_args = [*args.build_args, *after]
    return args


def settings_of(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that the command line gives, under the names that `settings.resolve` knows."""
    given = {
        option.name: getattr(args, command_line.attribute(option))
        for option in OPTIONS
        if option.flag or option.off_flag
    }
    given |= {name: getattr(args, name) for name in _MORE}
    return {name: v for name, v in given.items() if v not in (None, [], "", 0) or v is False}


def secrets_of(args: argparse.Namespace) -> list[str]:
    """The passwords that the command line gives, which must be seen nowhere."""
    values = (getattr(args, option.name, None) for option in OPTIONS if option.kind == "secret")
    return [value for value in values if value]


def repeatable(argv: Sequence[str]) -> list[str]:
    """A command line as it may be shown and run again, with more options behind it.

    Without passwords, and with what stands after `--` in its options.
    """
    ours, after = _divided(argv)
    secret = {option.flag for option in OPTIONS if option.kind == "secret"}
    kept: list[str] = []
    is_value = False
    for word in ours:
        flag, equals, _ = word.partition("=")
        if not is_value and flag not in secret:
            kept.append(word)
        is_value = flag in secret and not equals
    return [*kept, *(f"--flutter-build-args={word}" for word in after)]


def with_command(problem: Problem, argv: Sequence[str]) -> Problem:
    """The problem with fixes that say "the same command, with this option" made whole.

    `argv` is a line of `arguments.repeatable`: without passwords, and with no `--` in it.
    """
    return replace(problem, fixes=tuple(_whole(fix, argv) for fix in problem.fixes))


def _whole(fix: Fix, argv: Sequence[str]) -> Fix:
    more = list(fix.data.get("argv", ()))
    if fix.kind != "run" or not more or not more[0].startswith("--"):
        return fix
    # Another way to build is no rehearsal: what is rehearsed is always the way with Flutter.
    gone = ("--events", "--json", *(["--rehearse"] if more[0] == "--backend" else []))
    same = [word for word in argv[1:] if word not in gone]
    return replace(fix, data={**fix.data, "argv": ["build", *same, *more]})


def _divided(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is for us, and what stands after the first `--`."""
    words = list(argv)
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]
