"""What decides how icons and splash screens look, beside the picture: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RGB = tuple[int, int, int]
Platform = Literal["android", "ios", "macos", "windows", "linux", "web"]
MacosStyle = Literal["auto", "grid", "raw"]
IconFit = Literal["contain", "none"]

PLATFORMS: tuple[Platform, ...] = ("android", "ios", "macos", "windows", "linux", "web")
SPLASH_PLATFORMS: tuple[Platform, ...] = ("android", "ios", "web")

WHITE: RGB = (255, 255, 255)
NIGHT: RGB = (34, 34, 34)  # `flet build` takes #222222 where no dark colour is set


@dataclass(frozen=True)
class Style:
    """The settings that shape the pictures of one platform.

    `background` stands behind the art wherever alpha cannot survive; `adaptive_background` behind
    Android's adaptive icon (None: `background`). `application_id` names the icons of Linux.
    `splash_icon_background` and its dark twin fill Android 12's circle, None leaves it open.
    `flet_way` draws exactly where and as flet-platform-assets 1.0.5 does, without what is ours:
    small sizes in linear light, one logical splash size, round logos on macOS's tile.
    """

    background: RGB = WHITE
    adaptive_background: RGB | None = None
    macos_style: MacosStyle = "auto"
    application_id: str = "com.example.app"
    splash_color: RGB = WHITE
    splash_dark_color: RGB = NIGHT
    splash_icon_background: RGB | None = None
    splash_icon_dark_background: RGB | None = None
    splash_icon_fit: IconFit = "contain"
    flet_way: bool = False
