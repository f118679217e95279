"""Finds the Android SDK as `flet build` does, and says which of its parts are missing."""

from __future__ import annotations

from pathlib import Path

from builder import host
from builder.toolchains import environment

PARTS = {
    "platform-tools": "platform-tools",
    "platforms/android-35": "platforms;android-35",
    "build-tools/34.0.0": "build-tools;34.0.0",
}
"""Folder below the SDK -> its name for `sdkmanager`; Gradle fetches what else it needs."""

_TOOLS = ("cmdline-tools/12.0/bin", "cmdline-tools/latest/bin")
"""The command-line tools, of which one is enough; the first is what Flet installs."""


def home() -> Path | None:
    """The folder of the SDK that is used, None where there is none."""
    return next((path for path in _places() if path.is_dir()), None)


def missing(sdk: Path | None) -> list[str]:
    """The parts that an SDK lacks, by their folders; all of them where there is no SDK."""
    if sdk is None:
        return [_TOOLS[0].removesuffix("/bin"), *PARTS]
    tools = [] if any((sdk / name).is_dir() for name in _TOOLS) else ["cmdline-tools/latest"]
    return tools + [part for part in PARTS if not (sdk / part).exists()]


def _places() -> list[Path]:
    named = [environment.variable(name) for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT")]
    studio = {"windows": "AppData/Local/Android/Sdk", "macos": "Library/Android/sdk"}
    usual = (studio.get(host.current(), "Android/Sdk"), "Android/sdk")
    return [Path(name) for name in named if name] + [Path.home() / name for name in usual]
