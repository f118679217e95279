"""The settings of icons and splash screens, with the keys and defaults of `flet build` 1.0.5."""

from __future__ import annotations

from typing import Any, get_args

from builder.images.style import SPLASH_PLATFORMS, IconFit, MacosStyle
from builder.lookup import Lookup

DEFAULT_SPLASH = "#ffffff"
DEFAULT_SPLASH_DARK = "#222222"


def resolve(lookup: Lookup, page_background: str) -> dict[str, Any]:
    """The fields of `Settings`; `page_background` is that of a site's window, "" for none."""
    return {**_icons(lookup), **_splash(lookup, page_background)}


def _icons(lookup: Lookup) -> dict[str, Any]:
    def background(of: Lookup) -> str:
        return of.opaque_colour("icon_background", *of.per_platform("icon_background"))

    android = lookup.of("android")
    return {
        "icon_background": background(lookup),
        "adaptive_icon_background": android.opaque_colour(
            "adaptive_icon_background", "tool.flet.android.adaptive_icon_background"
        )
        or background(android.unheard()),
        "macos_icon_style": lookup.of("macos").choice(
            "macos_icon_style", ["tool.flet.macos.icon_style"], get_args(MacosStyle), "auto"
        ),
        "shrink_images": lookup.flag("shrink_images", False, "tool.slipway.shrink_images"),
    }


def _splash(lookup: Lookup, page_background: str) -> dict[str, Any]:
    """`page_background` is the colour of the installed web app as it starts, where one is set.

    A site whose splash screen has no colour of its own goes on with that one, in the dark as well:
    the browser paints it first, and knows no dark one.
    """
    heard = lookup if lookup.platform in SPLASH_PLATFORMS else lookup.unheard()
    light = heard.opaque_colour("splash_color", *lookup.per_platform("splash.color"))
    dark = heard.opaque_colour("splash_dark_color", *lookup.per_platform("splash.dark_color"))
    goes_on = page_background if lookup.platform == "web" and not light else ""
    return {
        "splash_color": light or goes_on or DEFAULT_SPLASH,
        "splash_dark_color": dark or goes_on or DEFAULT_SPLASH_DARK,
        **_circle_settings(lookup.of("android")),
        **{
            f"splash_{name}": lookup.of(name).flag(
                f"splash_{name}", True, f"tool.flet.splash.{name}"
            )
            for name in SPLASH_PLATFORMS
        },
    }


def _circle_settings(android: Lookup) -> dict[str, Any]:
    """The circle in which Android 12 shows the splash picture."""
    return {
        "splash_icon_background": android.opaque_colour(
            "splash_icon_background",
            *_with_former(android, "icon_background", "icon_bgcolor"),
            may_be_none=True,
        ),
        "splash_icon_dark_background": android.opaque_colour(
            "splash_icon_dark_background",
            *_with_former(android, "icon_dark_background", "icon_dark_bgcolor"),
            may_be_none=True,
        ),
        "splash_icon_fit": android.choice(
            "splash_icon_fit",
            _with_former(android, "icon_fit", "android_12_fit"),
            get_args(IconFit),
            "contain",
        ),
    }


def _with_former(lookup: Lookup, name: str, former: str) -> list[str]:
    """The keys of a setting of the splash screen, and those that it had before Flet 1.0."""
    return [*lookup.per_platform(f"splash.{name}"), *lookup.per_platform(f"splash.{former}")]
