"""Which computer this is: the one place that asks the system for its name."""

from __future__ import annotations

import platform
from typing import Literal

Host = Literal["linux", "macos", "windows"]

_HOSTS: dict[str, Host] = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}


def current() -> Host:
    """The host that Slipway runs on; systems that we do not know count as Linux."""
    return _HOSTS.get(platform.system(), "linux")
