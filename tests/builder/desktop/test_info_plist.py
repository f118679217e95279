"""What macOS is told of an app."""

from __future__ import annotations

import json
import plistlib
from dataclasses import replace
from pathlib import Path

from builder import settings
from builder.desktop import info_plist

PYPROJECT = {
    "project": {"name": "shop", "version": "1.2.3"},
    "tool": {
        "flet": {
            "product": "The Shop",
            "copyright": "© 2026 Acme",
            "build_number": 7,
            "macos": {"info": {"LSUIElement": True, "CFBundleName": "Mine"}},
        }
    },
}
MADE, _ = settings.resolve(PYPROJECT, Path("shop"), target="macos")


def test_the_names_and_versions() -> None:
    entries = info_plist.entries(MADE)
    assert entries["CFBundleDisplayName"] == "The Shop"
    assert entries["CFBundleShortVersionString"] == "1.2.3"
    assert entries["CFBundleVersion"] == "7"
    assert entries["NSHumanReadableCopyright"] == "© 2026 Acme"


def test_what_the_settings_name_wins() -> None:
    entries = info_plist.entries(MADE)
    assert entries["LSUIElement"] is True
    assert entries["CFBundleName"] == "Mine"


def test_it_survives_the_plan_and_is_a_property_list() -> None:
    entries = json.loads(json.dumps(info_plist.entries(MADE)))
    assert plistlib.loads(plistlib.dumps(entries)) == entries


def test_apple_takes_three_numbers_for_a_version() -> None:
    for version, told in (("2.0rc1", "2.0"), ("1.2.3.4", "1.2.3"), ("beta", "1.0.0")):
        entries = info_plist.entries(replace(MADE, build_version=version))
        assert entries["CFBundleShortVersionString"] == told


def test_nothing_is_said_of_a_copyright_that_nobody_named() -> None:
    assert "NSHumanReadableCopyright" not in info_plist.entries(replace(MADE, copyright=""))
