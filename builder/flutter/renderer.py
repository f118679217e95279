"""Starts `render.py`, which fills build templates, early: it takes long to load.

It is known from the command line whether a first build will need it. So it loads while the rest of
the engine does, and while Flutter is asked for its version.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from builder import places
from builder.process import Tools

COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("render.py")))
"""It waits for a line on its stdin: the path of its request."""

NOTE = "template.json"
"""Below the work folder, once a project was made."""


def start_ahead(tools: Tools, args: argparse.Namespace) -> None:
    """Start it where `build` is asked to work with Flutter, and has not done so before."""
    if args.backend != "flutter":
        return
    folder = places.absolute(args.folder)
    name = places.build_name(args.target, args.backend, is_rehearsal=bool(args.rehearse))
    work = places.absolute(args.work_dir) if args.work_dir else places.work(folder, name)
    if folder.is_dir() and not (work / NOTE).is_file():
        tools.start_ahead(COMMAND)
