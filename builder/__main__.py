"""The engine's command line: `python -m builder build web PROJECT`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from builder import arguments, commands, preview
from builder.problems import EXIT_CANCELLED, EXIT_DONE, SlipwayError
from builder.session import Session
from builder.terminal import Face

_WITH_SESSION: dict[str, Callable[[Session, argparse.Namespace, Sequence[str]], int]] = {
    "build": commands.build,
    "plan": commands.plan,
    "preview": preview.run,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if "--events" in argv and not {"-h", "--help"} & set(argv):
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


def _speak(session: Session, argv: Sequence[str]) -> int:
    args = arguments.parse(argv)
    command = _WITH_SESSION.get(args.command)
    assert command is not None, "only build, plan and preview take --events"
    return command(session, args, argv)


def _for_people(argv: Sequence[str]) -> int:
    args = arguments.parse(argv)
    if args.command == "matrix":
        return commands.matrix(args)
    if args.command == "serve":
        return commands.serve(args)
    if args.command == "plan" and args.json:
        return commands.plan_json(args, argv)
    if args.command == "preview" and args.json:
        return preview.run_json(args)
    session = Session(speaks_json=False, verbose=getattr(args, "verbose", True))
    command = _WITH_SESSION[args.command]
    return session.run(lambda session: command(session, args, argv))


if __name__ == "__main__":
    sys.exit(main())
