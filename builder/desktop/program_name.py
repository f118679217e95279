"""How the program of a desktop app is called on the disk: a name that every system takes."""

from __future__ import annotations

import re

from builder.stages.collect import file_name

# What lies beside the program: PyInstaller's folder, and what we add on Linux.
_TAKEN = frozenset({"_internal", "share", "install.sh", "uninstall.sh"})


def of(asked: str) -> str:
    """The name without an ending; spaces, quotes and letters of any writing stay as they are.

    No name is one that Windows keeps for itself, or one that hides the program, looks like an
    option in a terminal, or is that of a thing which lies beside it.
    """
    # PyInstaller adds `.exe` unless it is there; a system that compares otherwise would add two.
    plain = re.sub(r"(?i)(\.exe)+\s*$", "", asked.strip())
    name = file_name(plain.lstrip("-. "))
    return f"{name}-app" if name.lower() in _TAKEN else name
