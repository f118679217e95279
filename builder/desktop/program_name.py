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
    # A desktop's menu cannot start what has % or = in its name.
    name = file_name(re.sub("[%=]", "_", _without_exe(asked)).lstrip("-. "))
    name = _without_exe(name) or "app"
    return f"{name}-app" if name.lower() in _TAKEN else name


def _without_exe(name: str) -> str:
    """PyInstaller adds `.exe` unless it is there, so that one of them would be too many."""
    return re.sub(r"(?i)([\s.]*\.exe)*[\s.]*$", "", name)
