"""The engine: `python -m builder build web PROJECT`."""

from __future__ import annotations

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
    sys.exit(main())
