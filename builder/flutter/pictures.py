"""Which of the drawn pictures go into the Flutter project, and what must go or change with them.

`flet build` 1.0.5 writes a file where the template has one of that name, and makes new ones only
where the project is made for it: all of Android's and Linux's, and splash screens. So do we; in
addition, iOS gets each file that our own catalog of icons names, together with that catalog.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from builder.flutter.placing import Files
from builder.images import framing, ios, slots, splash
from builder.images.slots import Slot
from builder.images.style import SPLASH_PLATFORMS, Platform

MANIFEST = "web/manifest.json"
STORYBOARD = "ios/Runner/Base.lproj/LaunchScreen.storyboard"
TEMPLATE_ICON = "images/icon.png"
"""The icon that the template brings, for apps that have no picture at all."""

LAUNCH_IMAGE = f"{slots.IOS_LAUNCH}/LaunchImage.png"
"""What iOS's launch screen shows."""

# What is made even where the template has no file of that name.
_FRESH: Mapping[Platform, tuple[str, ...]] = {
    "android": ("android/",),
    "ios": (f"{slots.IOS_LAUNCH}/", f"{slots.IOS_GROUND}/"),
    "linux": ("linux/",),
    "web": (f"{slots.WEB_SPLASH}/",),
}
_SPLASH: Mapping[Platform, re.Pattern[str]] = {
    "android": re.compile(r".*/(android12)?splash\.png"),
    "ios": re.compile(re.escape(slots.IOS_LAUNCH) + "/.*"),
    "web": re.compile(re.escape(slots.WEB_SPLASH) + "/.*"),
}


def place(files: Files, drawn: Files, platform: Platform) -> dict[str, Path | bytes]:
    """The files of a project with the drawn pictures among them."""
    fresh, named = _FRESH.get(platform, ()), _named_by_catalog(files, drawn)
    placed = dict(files)
    for path, content in drawn.items():
        if path in files or path in named or path.startswith(fresh):
            placed[path] = content
    if platform in SPLASH_PLATFORMS and any(map(_SPLASH[platform].fullmatch, drawn)):
        for path in splash.stale(platform, drawn):
            placed.pop(path, None)
    return placed


def storyboard(files: Files) -> bytes | None:
    """iOS's launch screen with the size of the picture that it shows, None where it has no place.

    Xcode warns where the two differ.
    """
    if STORYBOARD not in files or LAUNCH_IMAGE not in files:
        return None
    width, height = struct.unpack(">II", _bytes(files[LAUNCH_IMAGE])[16:24])
    patched, found = re.subn(
        rb'(<image name="LaunchImage" )width="\d+" height="\d+"',
        b'\\g<1>width="%d" height="%d"' % (width, height),
        _bytes(files[STORYBOARD]),
    )
    return patched if found == 1 else None


def other_web_icons(files: Files, drawn: Files) -> Iterator[Slot]:
    """The icons that the site's manifest declares otherwise than those that were drawn."""
    usual = {slot.path: slot.size for slot in slots.WEB}
    for entry in _declared(files):
        path, size = f"web/{entry.get('src', '')}", _first_number(entry.get("sizes"))
        if path in files and size and not (path in drawn and usual.get(path) == size):
            is_cut = "maskable" in str(entry.get("purpose", ""))
            yield Slot(path, size, framing.MASKABLE if is_cut else None, is_opaque=is_cut)


def _named_by_catalog(files: Files, drawn: Files) -> set[str]:
    """The icons of iOS that our catalog names, where it takes the place of the template's."""
    if ios.CATALOG_PATH not in files or ios.CATALOG_PATH not in drawn:
        return set()
    images = json.loads(_bytes(drawn[ios.CATALOG_PATH]))["images"]
    return {f"{slots.IOS_ICONS}/{image['filename']}" for image in images}


def _declared(files: Files) -> list[dict[str, object]]:
    if MANIFEST not in files:
        return []
    try:
        icons = json.loads(_bytes(files[MANIFEST])).get("icons", [])
    except (ValueError, AttributeError):  # a template may fill it in so that it is no JSON any more
        return []
    return [icon for icon in icons if isinstance(icon, dict)] if isinstance(icons, list) else []


def _first_number(sizes: object) -> int:
    found = re.match(r"(\d{1,4})x", sizes if isinstance(sizes, str) else "")
    return int(found[1]) if found else 0


def _bytes(content: Path | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()
