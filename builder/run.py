"""Runs a command line of the engine: `build web PROJECT` and all others."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from builder import arguments
from builder.problems import EXIT_CANCELLED, EXIT_DONE, SlipwayError
from builder.session import Session
from builder.terminal import Face

# Each command is imported when it is asked for: what others need would make it wait.


def _build(session: Session, args: argparse.Namespace, argv: Sequence[str]) -> int:
    from builder.flutter import renderer

    renderer.start_ahead(session.tools, args)  # before the rest, which loads as long as it does
    from builder import commands

    return commands.build(session, args, argv)


def _plan(session: Session, args: argparse.Namespace, argv: Sequence[str]) -> int:
    from builder import plan

    return plan.run(session, args, argv)


def _preview(session: Session, args: argparse.Namespace, argv: Sequence[str]) -> int:
    from builder import preview

    return preview.run(session, args, argv)


Command = Callable[[Session, argparse.Namespace, Sequence[str]], int]

_WITH_SESSION: dict[str, Command] = {"build": _build, "plan": _plan, "preview": _preview}

# Asked for, these are answered in plain text, and nothing is built.
_ANSWERED = ("-h", "--help", "--show-platform-matrix")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if _has(argv, "--events") and not _has(argv, *_ANSWERED):
        return Session(speaks_json=True).run(lambda session: _speak(session, argv))
    try:
        return _for_people(argv)
    except KeyboardInterrupt:
        return EXIT_CANCELLED
    except BrokenPipeError:  # whoever read has seen enough (`… | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    except SlipwayError as error:
        Face(file=sys.stderr).problem(error.problem)
        return error.exit


def _has(argv: Sequence[str], *words: str) -> bool:
    """Whether one of the words is there and is for us: what stands after `--` is for Flutter."""
    ours = argv[: argv.index("--")] if "--" in argv else argv
    return not set(words).isdisjoint(ours)


def _speak(session: Session, argv: Sequence[str]) -> int:
    args = arguments.parse(argv)
    command = _WITH_SESSION.get(args.command)
    assert command is not None, "only build, plan and preview take --events"
    return _run(session, command, args, argv)


def _run(session: Session, command: Command, args: argparse.Namespace, argv: Sequence[str]) -> int:
    session.keep_secret(*arguments.secrets_of(args))
    return command(session, args, arguments.repeatable(argv))


def _for_people(argv: Sequence[str]) -> int:
    args = arguments.parse(argv)
    if (status := _answered(args, argv)) is not None:
        return status
    if getattr(args, "no_rich_output", False) or os.environ.get("FLET_CLI_NO_RICH_OUTPUT"):
        # As every terminal program knows it.
        os.environ.update(TERM="dumb", NO_COLOR="1")
        os.environ.pop("FORCE_COLOR", None)
    is_terse = args.command == "build" and not args.verbose
    session = Session(speaks_json=False, verbose=not is_terse)
    command = _WITH_SESSION[args.command]
    return session.run(lambda session: _run(session, command, args, argv))


def _answered(args: argparse.Namespace, argv: Sequence[str]) -> int | None:
    """The exit status of a command that only answers; None for one that works in a session."""
    if args.command == "matrix" or getattr(args, "show_platform_matrix", False):
        from builder import commands

        return commands.matrix(args)
    match args.command:
        case "serve":
            from builder import commands

            return commands.serve(args)
        case "settings":
            from builder import settings_table

            return settings_table.run(args)
        case "menu":
            from builder import menu

            return menu.run(args)
        case "plan" if args.json:
            from builder import plan

            return plan.run_json(args, arguments.repeatable(argv))
        case "preview" if args.json:
            from builder import preview

            return preview.run_json(args)
    return None
