"""Which of a project's pictures a build draws: the icon and the splash screen of its platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from builder.images import sources
from builder.images.sources import Source
from builder.images.style import SPLASH_PLATFORMS, Platform
from builder.settings import Settings, platform_of

ASSETS = "assets"


@dataclass(frozen=True)
class Chosen:
    """The files that serve the platform of a build; None where the project has none.

    Without `splash` there is no splash screen to draw: the platform has none, the settings say no,
    or the project has no picture at all. `splash_dark` None: dark shows the same as light.
    """

    platform: Platform
    icon: Source | None = None
    splash: Source | None = None
    splash_dark: Source | None = None

    @property
    def by_role(self) -> dict[str, Source]:
        """What the files are for, in words -> the file."""
        named = {
            "the icon": self.icon,
            "the splash picture": self.splash,
            "the dark splash picture": self.splash_dark,
        }
        return {role: source for role, source in named.items() if source}

    @property
    def paths(self) -> Sequence[Path]:
        """Each file once."""
        return list(dict.fromkeys(source.path for source in self.by_role.values()))


def of(app_folder: Path, settings: Settings, target: str) -> Chosen:
    """Look into `assets/` of the app's folder, which need not be there."""
    platform, assets = cast(Platform, platform_of(target)), app_folder / ASSETS
    icon = sources.icon(assets, platform)
    if not _wants_splash(settings, platform):
        return Chosen(platform, icon)
    light = sources.splash(assets, platform, dark=False)
    dark = sources.splash(assets, platform, dark=True) if light else None
    return Chosen(platform, icon, light, dark)


def _wants_splash(settings: Settings, platform: Platform) -> bool:
    return platform in SPLASH_PLATFORMS and bool(getattr(settings, f"splash_{platform}"))
