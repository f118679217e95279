"""The program as a plain Python: an app starts scripts of its own with `sys.executable`.

In a packed app that is the app itself, which would only show its window a second time.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

INSIDE = "SLIPWAY_APP_INSIDE"
"""Names the program to whatever the app starts, so that it knows its own."""

_ALONE = frozenset("bBdEiIOPqsSuvx")
_WITH_VALUE = ("-W", "-X")


def is_asked(arguments: Sequence[str]) -> bool:
    """Whether the app itself started this one, in the way in which Python is started."""
    return os.environ.get(INSIDE) == sys.executable and bool(_what_to_run(arguments))


def run(arguments: Sequence[str], paths: Sequence[Path]) -> None:
    """Run what the arguments say, with the app's own modules at hand."""
    os.environ.pop("FLASK_RUN_FROM_CLI", None)  # of the app's own server
    how, *rest = _what_to_run(arguments)
    sys.path[0:0] = map(str, paths)
    if how == "-m":
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as Python does
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif how == "-c":
        sys.path.insert(0, "")
        sys.argv = ["-c", *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), vars(sys.modules["__main__"]))
    else:
        sys.path.insert(0, str(Path(how).resolve().parent))
        sys.argv = [how, *rest]
        runpy.run_path(how, run_name="__main__")


def _what_to_run(arguments: Sequence[str]) -> Sequence[str]:
    """`-c` and code, `-m` and a module, or a script, and what follows; nothing for all else."""
    left = list(arguments)
    while left and left[0] not in ("-c", "-m"):
        first = left[0]
        if first.startswith(_WITH_VALUE):
            del left[: 2 if first in _WITH_VALUE else 1]
        elif len(first) > 1 and first[0] == "-" and _ALONE.issuperset(first[1:]):
            del left[0]
        else:
            is_script = first.endswith((".py", ".pyw")) and Path(first).is_file()
            return left if is_script else []
    return left if len(left) > 1 else []
