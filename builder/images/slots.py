"""Which picture files a Flutter project has: their places, sizes in pixels and rules, as data.

The icons are those that flet-platform-assets 1.0.5 writes; what we add stands with what draws it
(`android`, `ios`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.images import framing
from builder.images.framing import Frame

ANDROID_RES = "android/app/src/main/res"
IOS_ICONS = "ios/Runner/Assets.xcassets/AppIcon.appiconset"
IOS_LAUNCH = "ios/Runner/Assets.xcassets/LaunchImage.imageset"
IOS_GROUND = "ios/Runner/Assets.xcassets/LaunchBackground.imageset"
MACOS_ICONS = "macos/Runner/Assets.xcassets/AppIcon.appiconset"
WINDOWS_ICON = "windows/runner/resources/app_icon.ico"
WEB_SPLASH = "web/splash/img"

# Pixels for one dp, by the name in a folder's.
DENSITIES = {"mdpi": 1.0, "hdpi": 1.5, "xhdpi": 2.0, "xxhdpi": 3.0, "xxxhdpi": 4.0}
LAUNCHER_DP = 48
ADAPTIVE_DP = 108  # of which a launcher shows the middle 72

IOS_POINTS = {
    "20x20": (1, 2, 3),
    "29x29": (1, 2, 3),
    "40x40": (1, 2, 3),
    "60x60": (2, 3),
    "76x76": (1, 2),
    "83.5x83.5": (2,),
    "1024x1024": (1,),
}
MACOS_SIZES = (16, 32, 64, 128, 256, 512, 1024)
# Microsoft's list of what an app should at least have: without 24, the taskbar shrinks 32 to it.
WINDOWS_SIZES = (16, 24, 32, 48, 256)
FLET_WINDOWS_SIZES = (16, 32, 48, 256)
LINUX_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
LINUX_WINDOW = 256

SPLASH_SIDE = 256  # logical pixels: what a source of 1024 pixels gets from `flet build`
IOS_SCALES = {"": 1, "@2x": 2, "@3x": 3}
WEB_SCALES = {"1x": 1, "2x": 2, "3x": 3, "4x": 4}


@dataclass(frozen=True)
class Slot:
    """One picture file; `is_opaque`: alpha is not allowed, a colour stands behind the art."""

    path: str
    size: int
    frame: Frame | None = None
    is_opaque: bool = False


ANDROID: Sequence[Slot] = (
    *(
        Slot(
            f"{ANDROID_RES}/mipmap-{name}/ic_launcher.png",
            round(LAUNCHER_DP * density),
            framing.ANDROID,
        )
        for name, density in DENSITIES.items()
    ),
    *(
        Slot(
            f"{ANDROID_RES}/drawable-{name}/ic_launcher_foreground.png",
            round(ADAPTIVE_DP * density),
            framing.ANDROID,
        )
        for name, density in DENSITIES.items()
    ),
)


def ios(points: str, scale: int, look: str = "") -> Slot:
    """The icon of so many points at a scale; `look` is what tells its file from the ordinary one.

    Apple refuses an app with an alpha channel in its ordinary icon.
    """
    path = f"{IOS_ICONS}/Icon-App-{points}@{scale}x{look}.png"
    size = round(float(points.partition("x")[0]) * scale)
    return Slot(path, size, framing.IOS, is_opaque=not look)


IOS: Sequence[Slot] = tuple(
    ios(points, scale) for points, scales in IOS_POINTS.items() for scale in scales
)


def macos(frame: Frame) -> Sequence[Slot]:
    """The icons of macOS, in a frame."""
    return [Slot(f"{MACOS_ICONS}/app_icon_{size}.png", size, frame) for size in MACOS_SIZES]


MACOS: Sequence[Slot] = macos(framing.MACOS)

# An installed web app's icon is cut to shapes and must be opaque; Apple's becomes an icon of iOS.
WEB: Sequence[Slot] = (
    Slot("web/favicon.png", 32),
    Slot("web/icons/Icon-192.png", 192),
    Slot("web/icons/Icon-512.png", 512),
    Slot("web/icons/Icon-maskable-192.png", 192, framing.MASKABLE, is_opaque=True),
    Slot("web/icons/Icon-maskable-512.png", 512, framing.MASKABLE, is_opaque=True),
    Slot("web/icons/apple-touch-icon-192.png", 192, framing.IOS, is_opaque=True),
)


def linux(application_id: str) -> Sequence[Slot]:
    """The icons of a Linux desktop, named after the app's id, and that of its window."""
    folder = "linux/icons/hicolor"
    return (
        *(Slot(f"{folder}/{size}x{size}/apps/{application_id}.png", size) for size in LINUX_SIZES),
        Slot("linux/app_icon.png", LINUX_WINDOW),
    )
