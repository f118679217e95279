"""The style of pictures is what the settings say, colours as red, green and blue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builder import settings
from builder.images.from_settings import style
from builder.images.style import Style


def style_of(flet: dict[str, Any], target: str = "apk") -> Style:
    chosen, _ = settings.resolve({"tool": {"flet": flet}}, Path("my-app"), target=target)
    return style(chosen)


def test_nothing_said_is_the_default() -> None:
    assert style_of({}) == Style(application_id="com.flet.my-app")


def test_everything_said() -> None:
    said: dict[str, Any] = {
        "bundle_id": "a.b",
        "icon_background": "#102030",
        "android": {"adaptive_icon_background": "red"},
        "macos": {"icon_style": "raw"},
        "splash": {
            "color": "#fff",
            "dark_color": "navy",
            "icon_background": "#010203",
            "icon_dark_background": "transparent",
            "icon_fit": "none",
        },
    }
    assert style_of(said) == Style(
        background=(16, 32, 48),
        adaptive_background=(255, 0, 0),
        macos_style="raw",
        application_id="a.b",
        splash_color=(255, 255, 255),
        splash_dark_color=(0, 0, 128),
        splash_icon_background=(1, 2, 3),
        splash_icon_dark_background=None,
        splash_icon_fit="none",
    )


def test_the_colour_behind_androids_icon_is_the_common_one() -> None:
    assert style_of({"icon_background": "red"}, "web").adaptive_background == (255, 0, 0)


def test_transparent_is_paper() -> None:
    found = style_of({"icon_background": "transparent", "splash": {"color": "#00112200"}})
    assert found.background == (255, 255, 255)
    assert found.splash_color == (0, 17, 34)
