"""Draws one SVG, in a process of its own: a drawing of a few lines can ask for hours of work.

What draws has no limit of time or memory, lets no other thread run meanwhile, and takes the whole
process along when groups are nested too deep. `svg.py` starts this and judges how it ended.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from contextlib import suppress
from pathlib import Path

import resvg_py

REFUSED = 3
SECONDS = 10
BYTES = 1 << 29


def draw(source: str, target: str, side: str, fonts: str) -> None:
    """Write the drawing in the file `source` to `target`, a PNG of at most `side` pixels a side.

    `fonts`: "fonts" where it holds text. Exits with REFUSED and the reason on stderr.
    """
    with Path(os.devnull).open("w") as nowhere:
        # A thread that needs nothing of Python: it ends the process even in the midst of drawing.
        faulthandler.dump_traceback_later(SECONDS, exit=True, file=nowhere)
        _limit_memory()
        try:
            png = resvg_py.svg_to_bytes(
                svg_string=Path(source).read_text("utf-8"),
                width=int(side),
                height=int(side),
                dpi=96,  # else it takes 0, and what is measured in millimetres has no size
                skip_system_fonts=not fonts,
            )
        except (ValueError, MemoryError) as error:
            sys.stderr.write(str(error))
            sys.exit(REFUSED)
        Path(target).write_bytes(bytes(png))
        faulthandler.cancel_dump_traceback_later()


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        with suppress(OSError, ValueError):  # some systems know no such limit: the watchdog is left
            resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
