"""Every splash file of a platform, at one logical size whatever the size of its source.

The set is that of flet-platform-assets 1.0.5. One thing differs on purpose, and is drawn its way
with `Style.flet_way`: a splash picture is 256 logical pixels on every screen. There, it is a
quarter of its source's pixels, so that the same picture saved twice as large fills the screen.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from functools import partial

from PIL import Image

from builder.images import framing, measure
from builder.images.easel import Easel
from builder.images.picture import Picture
from builder.images.rendered import Rendered, RenderedFile
from builder.images.slots import (
    ANDROID_RES,
    DENSITIES,
    IOS_GROUND,
    IOS_LAUNCH,
    IOS_SCALES,
    SPLASH_SIDE,
    WEB_SCALES,
    WEB_SPLASH,
)
from builder.images.style import RGB, Platform, Style

# Android 12 cuts its icon to a circle of two thirds of the canvas, whose size in dp is its own.
CANVAS_DP = 288
CANVAS_DP_ON_COLOUR = 240
CIRCLE = 2 / 3

# A background was once a picture of one pixel, and a web splash had its source's format.
STALE_ANDROID = (
    *(
        f"{ANDROID_RES}/drawable{kind}/background.png"
        for kind in ("", "-v21", "-night", "-night-v21")
    ),
    *(f"{ANDROID_RES}/drawable{kind}/launch_background.xml" for kind in ("-night", "-night-v21")),
)
STALE_WEB = tuple(
    f"{WEB_SPLASH}/{mode}-{scale}.webp" for scale in WEB_SCALES for mode in ("light", "dark")
)

Plan = Iterator[tuple[str, Callable[[], Image.Image]]]  # files by path, not yet drawn


def render(
    light: Picture,
    dark: Picture | None,
    platform: Platform,
    style: Style,
    *,
    is_icon: bool,
    wanted: Container[str] | None = None,
    quick: bool = False,
) -> Rendered:
    """The splash files of android, ios or web; `dark` None draws dark as light where it must be.

    `is_icon`: `light` is the app's icon, which fills its canvas, and gets air around it (`dark`
    too, so that both look alike). `quick`: as `icons.render`. Raises KeyError for a platform that
    has no splash screen.
    """
    plan = _PLANS[platform]
    by_day = _Stage(light, style, is_icon=is_icon, quick=quick)
    by_night = _Stage(dark, style, is_icon=is_icon, quick=quick) if dark else None
    files = {path: draw for path, draw in plan(by_day, by_night, style)}
    drawn = [
        RenderedFile(path, draw())
        for path, draw in files.items()
        if wanted is None or path in wanted
    ]
    return Rendered(drawn, stale(platform, files))


def stale(platform: Platform, drawn: Container[str]) -> list[str]:
    """The files that an earlier splash screen, or a template, may have left beside `drawn` ones."""
    return [path for path in _MAYBE_STALE[platform] if path not in drawn]


class _Stage:
    """Draws one picture as a splash screen shows it."""

    def __init__(self, picture: Picture, style: Style, *, is_icon: bool, quick: bool) -> None:
        picture = replace(picture, image=_squared(picture.image))
        self._easel = Easel(picture, is_own=not is_icon, quick=quick, flet_way=style.flet_way)
        self._fits = style.splash_icon_fit == "contain"
        self._fitted: dict[tuple[int, RGB | None], Image.Image] = {}
        self._side = max(picture.image.size) / 4 if style.flet_way else SPLASH_SIDE

    def plain(self, scale: float) -> Image.Image:
        """The picture at its logical size, on a screen with that many pixels for each."""
        return self._easel.draw(max(1, int(self._side * scale)), frame=framing.SPLASH)

    def android_12(self, density: float, background: RGB | None) -> Image.Image:
        """The picture within the circle of Android 12, unless it is opaque or fits already."""
        canvas = round((CANVAS_DP_ON_COLOUR if background else CANVAS_DP) * density)
        if not self._fits or self._reach <= CIRCLE:
            return self._easel.draw(canvas, frame=framing.SPLASH, background=background)
        canvas = self._easel.pixels(canvas)
        if (canvas, background) not in self._fitted:
            art = self._easel.draw(round(canvas * CIRCLE / self._reach), frame=framing.SPLASH)
            self._fitted[canvas, background] = _centred(art, canvas, background)
        return self._fitted[canvas, background]

    @functools.cached_property
    def _reach(self) -> float:
        """How far the framed picture reaches; 0.0 where it is opaque."""
        if self._easel.extent(framing.SPLASH) == 1:
            return self._easel.reach(measure.radial_extent) or 0.0
        framed = self._easel.draw(2 * measure.SAMPLE, frame=framing.SPLASH)
        return measure.radial_extent(framed) or 0.0


def _centred(art: Image.Image, canvas: int, background: RGB | None) -> Image.Image:
    corner = ((canvas - art.width) // 2, (canvas - art.height) // 2)
    if background is None:
        out = Image.new("RGBA", (canvas, canvas))
        out.paste(art, corner)
        return out
    out = Image.new("RGB", (canvas, canvas), background)
    out.paste(art, corner, art)
    return out


def _squared(image: Image.Image) -> Image.Image:
    """Opaque art that is not square stands on a transparent square, as art with corners to cut."""
    if image.mode == "RGBA" or image.width == image.height:
        return image
    side = max(image.size)
    square = Image.new("RGBA", (side, side))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def _android(light: _Stage, dark: _Stage | None, style: Style) -> Plan:
    by_day, by_night = style.splash_icon_background, style.splash_icon_dark_background
    for name, density in DENSITIES.items():
        day, night = (f"{ANDROID_RES}/drawable{kind}-{name}" for kind in ("", "-night"))
        yield f"{day}/splash.png", partial(light.plain, density)
        yield f"{day}/android12splash.png", partial(light.android_12, density, by_day)
        if dark:
            yield f"{night}/splash.png", partial(dark.plain, density)
        if dark or by_night:
            art = dark or light
            draw = partial(art.android_12, density, by_night or by_day)
            yield f"{night}/android12splash.png", draw


def _ios(light: _Stage, dark: _Stage | None, style: Style) -> Plan:
    for suffix, scale in IOS_SCALES.items():
        yield f"{IOS_LAUNCH}/LaunchImage{suffix}.png", partial(light.plain, scale)
        yield f"{IOS_LAUNCH}/LaunchImageDark{suffix}.png", partial((dark or light).plain, scale)
    yield f"{IOS_GROUND}/background.png", partial(_dot, style.splash_color)
    yield f"{IOS_GROUND}/darkbackground.png", partial(_dot, style.splash_dark_color)


def _web(light: _Stage, dark: _Stage | None, style: Style) -> Plan:
    for name, scale in WEB_SCALES.items():
        yield f"{WEB_SPLASH}/light-{name}.png", partial(light.plain, scale)
        yield f"{WEB_SPLASH}/dark-{name}.png", partial((dark or light).plain, scale)


def _dot(colour: RGB) -> Image.Image:
    """One pixel, which the launch screen stretches to all of it."""
    return Image.new("RGB", (1, 1), colour)


_PLANS: Mapping[Platform, Callable[[_Stage, _Stage | None, Style], Plan]] = {
    "android": _android,
    "ios": _ios,
    "web": _web,
}

# Files of earlier sets; those of the night also when there is no dark picture any more.
_MAYBE_STALE: Mapping[Platform, tuple[str, ...]] = {
    "android": (
        *(
            f"{ANDROID_RES}/drawable-night-{name}/{file}"
            for name in DENSITIES
            for file in ("splash.png", "android12splash.png")
        ),
        *STALE_ANDROID,
    ),
    "ios": (),
    "web": STALE_WEB,
}
