"""The engine: `python -m builder build web PROJECT`."""

from __future__ import annotations

import contextlib
import os
import sys

from builder import unchanged


def main() -> int:
    """Do what the command line says; the exit status."""
    argv = sys.argv[1:]
    status = unchanged.tell(argv)
    if status is not None:
        return status
    if argv[:1] == ["build"]:
        unchanged.listen()
    from builder import run  # here: it loads longer than an unchanged build takes

    return run.main(argv)


if __name__ == "__main__":
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody is there to read it
            stream.flush()
    os._exit(status)  # at once: to clear away what was loaded takes longer than many a build
