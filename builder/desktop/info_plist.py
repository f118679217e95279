"""What macOS is told of an app: the entries of its `Info.plist` besides PyInstaller's own."""

from __future__ import annotations

import re
from typing import Any

from builder.settings import Settings


def entries(settings: Settings) -> dict[str, Any]:
    """The entries; those that the settings name themselves win."""
    ours: dict[str, Any] = {
        "CFBundleName": settings.product,
        "CFBundleDisplayName": settings.product,
        "CFBundleShortVersionString": _release(settings.build_version),
        "CFBundleVersion": str(settings.build_number),
        "NSHighResolutionCapable": True,
        "LSBackgroundOnly": False,  # PyInstaller hides what has a console, ours has a window too
    }
    if settings.copyright:
        ours["NSHumanReadableCopyright"] = settings.copyright
    return {**ours, **settings.flutter.info_plist}


def _release(version: str) -> str:
    """The three numbers that Apple takes for a version: `1.2.3rc1` is 1.2.3."""
    found = re.match(r"\d+(\.\d+){0,2}", version, re.ASCII)
    return found[0] if found else "1.0.0"
