"""Finds Xcode, without which nothing for macOS and iOS can be built."""

from __future__ import annotations

from pathlib import Path

from builder.toolchains import environment

_CHOSEN = Path("/var/db/xcode_select_link")  # where `xcode-select --switch` keeps its choice
_USUAL = Path("/Applications/Xcode.app/Contents/Developer")


def find() -> Path | None:
    """The program `xcodebuild`; macOS has a stand-in for it that works only with Xcode."""
    return environment.find("xcodebuild")


def is_there() -> bool:
    """Whether a whole Xcode is there: its command-line tools alone build no app."""
    named = environment.variable("DEVELOPER_DIR")
    places = [Path(named)] if named else [_CHOSEN, _USUAL]
    return any((place / "usr/bin/xcodebuild").is_file() for place in places)
