"""What the settings of a build say about its pictures."""

from __future__ import annotations

from typing import cast

from builder.colours import rgb
from builder.images.style import RGB, WHITE, IconFit, MacosStyle, Style
from builder.settings import Settings


def style(settings: Settings) -> Style:
    """The style for the platform that the settings were resolved for.

    A colour without alpha, `transparent` is white; behind Android 12's splash picture it is none.
    """
    return Style(
        background=_or_none(settings.icon_background) or WHITE,
        adaptive_background=_or_none(settings.adaptive_icon_background),
        macos_style=cast(MacosStyle, settings.macos_icon_style),
        application_id=settings.bundle_id,
        splash_color=rgb(settings.splash_color),
        splash_dark_color=rgb(settings.splash_dark_color),
        splash_icon_background=_behind(settings.splash_icon_background),
        splash_icon_dark_background=_behind(settings.splash_icon_dark_background),
        splash_icon_fit=cast(IconFit, settings.splash_icon_fit),
    )


def _or_none(colour: str) -> RGB | None:
    return rgb(colour) if colour else None


def _behind(colour: str) -> RGB | None:
    return None if colour.lower() == "transparent" else _or_none(colour)
