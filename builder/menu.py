"""The command that puts an app into the menu of this Linux desktop, and takes it out again."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder import host
from builder.desktop import linux_entry
from builder.problems import (
    EXIT_DONE,
    ComputerError,
    Problem,
    ProjectError,
    SlipwayError,
)
from builder.session import print_json


def run(args: argparse.Namespace) -> int:
    """Put it there, take it away, or only say whether it is there; the exit status."""
    program = Path(args.program).expanduser()
    try:
        is_there = _carry_out(program, args.add, args.remove)
    except SlipwayError as error:
        if not args.json:
            raise
        print_json({"problems": [error.problem.to_dict()], "exit": error.exit})
        return error.exit
    if args.json:
        print_json({"in_menu": is_there, "problems": []})
    else:
        print(f"{program.name} is {'' if is_there else 'not '}in your menu.")  # noqa: T201
    return EXIT_DONE


def _carry_out(program: Path, is_wanted: bool, is_unwanted: bool) -> bool:
    """Whether it is in the menu now."""
    if host.current() != "linux":
        raise ProjectError(_not_here())
    data = linux_entry.data_home()
    try:
        if is_wanted:
            linux_entry.install(program, data)
        elif is_unwanted:
            linux_entry.remove(program, data)
        return linux_entry.is_installed(program, data)
    except OSError as error:
        raise ComputerError(_not_writable(data, error)) from error


def _not_here() -> Problem:
    return Problem(
        "no-menu-here",
        "Only Linux desktops have a menu that an app is put into like this",
        do="On Windows pin the app to Start; on a Mac move it to the Applications folder.",
    )


def _not_writable(data: Path, error: OSError) -> Problem:
    return Problem(
        "menu-not-writable",
        "The menu could not be changed",
        f"The system says: {error.strerror or error}. The app itself is as it was.",
        "Make sure that the folder below is yours and that there is room on the disk.",
        where=str(error.filename or data),
    )
