"""The provisioning profiles on this Mac, which Xcode looks up by name or UUID to sign an app.

Xcode looks for one at the end of a long build, and does not say which ones there are.
"""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

# Since Xcode 16 the second one, too.
_FOLDERS = (
    "Library/MobileDevice/Provisioning Profiles",
    "Library/Developer/Xcode/UserData/Provisioning Profiles",
)


@dataclass(frozen=True)
class Profile:
    """`teams` may be none; `app` is a bundle ID, or one with `*` at its end, "" for none."""

    name: str
    uuid: str
    teams: Sequence[str]
    app: str
    expires: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether Apple's permit has ended."""
        return self.expires is not None and self.expires < now

    def covers(self, bundle_id: str) -> bool:
        """Whether it is for an app with this ID."""
        if self.app.endswith("*"):
            return bundle_id.startswith(self.app[:-1])
        return self.app in ("", bundle_id)


def installed() -> list[Profile]:
    """Those of this user, each once; files that cannot be read are left out."""
    files = [file for folder in _FOLDERS for file in _below(Path.home() / folder)]
    found = [profile for file in files if (profile := _read(file)) is not None]
    return list({profile.uuid: profile for profile in reversed(found)}.values())[::-1]


def named(text: str, profiles: Sequence[Profile]) -> Profile | None:
    """The one that Xcode would take for a name or UUID."""
    wanted = text.strip()
    return next((one for one in profiles if wanted in (one.name, one.uuid)), None)


def _below(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.mobileprovision"))
    except OSError:
        return []


def _read(file: Path) -> Profile | None:
    """The property list that lies, signed but legible, in the middle of the file."""
    try:
        content = file.read_bytes()
        begin, end = content.index(b"<?xml"), content.index(b"</plist>")
        return _profile(plistlib.loads(content[begin : end + len(b"</plist>")]))
    except (OSError, ExpatError, ValueError, KeyError, TypeError, AttributeError):
        return None  # none at all, or of another form


def _profile(values: Mapping[str, Any]) -> Profile:
    entitlements = values.get("Entitlements") or {}
    # The team, a dot, and the app's ID.
    app = str(entitlements.get("application-identifier", "")).partition(".")[2]
    expires = values.get("ExpirationDate")
    return Profile(
        str(values["Name"]),
        str(values["UUID"]),
        [str(team) for team in values.get("TeamIdentifier") or []],
        app,
        expires.replace(tzinfo=UTC) if isinstance(expires, datetime) else None,
    )
