"""Provisioning profiles as Apple hands them out: a property list inside a signed file."""

from __future__ import annotations

import plistlib
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = "Library/MobileDevice/Provisioning Profiles"


def put(home: Path, folder: str = FOLDER, **values: Any) -> Path:
    """Install a profile; `values` over those of one that fits any app of com.flet."""
    told = {
        "Name": "Mine",
        "UUID": "1-2-3",
        "TeamIdentifier": ["T1"],
        "ExpirationDate": datetime(2199, 1, 1),
        "Entitlements": {"application-identifier": "T1.com.flet.*"},
        **values,
    }
    file = home / folder / f"{told['UUID']}.mobileprovision"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"0\x82\x01" + plistlib.dumps(told) + b"\xa0\x82signature")
    return file
