"""What to know about a picture before it ships, in words, with the remedies that help.

Nothing here stops a build. A picture is told about where a person would see it: pixels that are
enlarged, edges that are cut, art that vanishes on its ground. What Slipway mends by itself, as by
framing a logo for Android, is not told.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from PIL import Image

from builder.images import contrast, finish, framing, macos, measure, own_ico, slots, splash
from builder.images.easel import Easel
from builder.images.framing import Frame
from builder.images.picture import Picture
from builder.images.style import PLATFORMS, RGB, SPLASH_PLATFORMS, WHITE, Platform, Style
from builder.problems import Problem, Severity

# What each does. `pad`, `crop`: a finished square (`finish.Finish`). `shrink`: the finished picture
# that fits the safe zone (`finish.shrunk_to_safe_zone`), for that platform alone. `background`:
# a colour behind the art; where icons stand bare (Windows, Linux, a browser's tab) only a colour in
# the picture itself helps (`Finish.background`), elsewhere the setting does. `bigger`: another
# file. `as-png`: the same picture, saved as PNG.
Remedy = Literal["pad", "crop", "shrink", "background", "bigger", "as-png"]

T = TypeVar("T")

NAMES: dict[Platform, str] = {
    "android": "Android",
    "ios": "iOS",
    "macos": "macOS",
    "windows": "Windows",
    "linux": "Linux",
    "web": "the web",
}

LOST = 0.25  # of the visible area: with so much of it gone, it is not the same picture
ALL_LOST = 0.9
ENLARGED = 1.1  # times; less is not seen
SOFT = 1.5  # times; from here on everybody sees it
MEASURED = 256  # pixels on the longest side that shapes are measured with, up to twice as many
UNEVEN = 0.01  # of the longer side: an odd pixel makes no picture oblong
OBLONG = 1.2  # times as long as wide: half of a small icon is then air
NEARLY_OPAQUE = 250  # alpha: what lets so little through was meant to be opaque

DARK: RGB = (32, 32, 32)  # what Windows, GNOME and browsers have behind icons in dark mode

_OPAQUE = [255] * NEARLY_OPAQUE + [0] * (256 - NEARLY_OPAQUE)
_NOT_FOR_FLET = {"svg": "SVG", "avif": "AVIF"}


@dataclass(frozen=True)
class Advice:
    """One thing to know: `remedies` are what Slipway can do about it, the best one first.

    `platforms` are those that it is about, `reasons` the sentences of the problem's `why`.
    """

    problem: Problem
    remedies: tuple[Remedy, ...] = ()
    platforms: tuple[Platform, ...] = ()
    reasons: tuple[str, ...] = ()


def of_icon(picture: Picture, platform: Platform, style: Style, *, is_own: bool) -> list[Advice]:
    """What to know about the icon of a platform; `is_own`: it was made for this platform."""
    icon = _Subject(picture, platform, "icon", "The icon", is_own)
    if icon.is_empty:
        return [_empty(icon)]
    return list(_about_icon(icon, style))


def of_splash(
    light: Picture, dark: Picture | None, platform: Platform, style: Style, *, is_icon: bool
) -> list[Advice]:
    """What to know about the splash screen of a platform; the parameters are `splash.render`'s."""
    if platform not in SPLASH_PLATFORMS:
        return []
    day = _Subject(light, platform, "splash", "The splash picture", not is_icon)
    told = list(_about_splash(day, style, [("light", style.splash_color)]))
    if dark is None:
        return told if day.is_empty else [*told, *_lost(day, [("dark", style.splash_dark_color)])]
    night = _Subject(dark, platform, "splash-dark", "The dark splash picture", not is_icon)
    return [*told, *_about_splash(night, style, [("dark", style.splash_dark_color)])]


def together(advices: Mapping[Platform, list[Advice]]) -> list[Advice]:
    """The advices of several platforms: what is the same of one picture once, with all names."""
    groups: dict[tuple[str, str], list[Advice]] = {}
    for platform in PLATFORMS:
        for advice in advices.get(platform, ()):
            groups.setdefault((advice.problem.code, advice.problem.where), []).append(advice)
    return [_merged(group) for group in groups.values()]


def _merged(group: list[Advice]) -> Advice:
    platforms = _once(platform for advice in group for platform in advice.platforms)
    reasons = _once(reason for advice in group for reason in advice.reasons)
    remedies = _once(remedy for advice in group for remedy in advice.remedies)
    names = (
        "all platforms"
        if len(platforms) == len(PLATFORMS)
        else ", ".join(NAMES[platform] for platform in platforms)
    )
    first = min(group, key=lambda advice: ("error", "warn", "hint").index(advice.problem.severity))
    problem = replace(
        first.problem, title=f"{first.problem.title} ({names})", why=" ".join(reasons)
    )
    return Advice(problem, tuple(remedies), tuple(platforms), tuple(reasons))


def _once(items: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(items))


@dataclass(frozen=True)
class _Subject:
    """One picture in one role; `code` begins the codes of its problems, `name` their sentences.

    `is_own`: it is shown as it is, never framed.
    """

    picture: Picture
    platform: Platform
    code: str
    name: str
    is_own: bool

    @functools.cached_property
    def shape(self) -> Image.Image:
        """The picture's shape alone, with fewer pixels: quick to measure, and as exact as need be.

        As `Picture.image`, it is RGB where all of it is opaque.
        """
        image = self.picture.image
        times = max(image.size) // MEASURED
        if image.mode == "RGB" or times < 2:
            return image
        alpha = image.getchannel("A")
        alpha = alpha.reduce((min(times, alpha.width), min(times, alpha.height)))
        shape = Image.new("RGBA", alpha.size)
        shape.putalpha(alpha)
        return shape

    @functools.cached_property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return measure.is_empty(self.shape)

    @functools.cached_property
    def is_see_through(self) -> bool:
        """Whether anything shines through, more than by an accident of the drawing program."""
        if self.shape.mode != "RGBA":
            return False
        return self.shape.getchannel("A").point(_OPAQUE).getbbox() is not None

    def extent(self, frame: Frame | None) -> float:
        """How large it is drawn on its canvas."""
        if self.is_own or frame is None:
            return 1.0
        return framing.extent(self.shape, frame)

    def lost_on(self, ground: RGB) -> str:
        """ "hardly anything" or "not all" of it stands out; "" where enough does.

        What is opaque brings its own ground along.
        """
        if not self.is_see_through:
            return ""
        lost = contrast.share_lost(self.picture.image, ground)
        return "" if lost < LOST else "hardly anything" if lost > ALL_LOST else "not all"

    def told(
        self,
        what: str,
        severity: Severity,
        title: str,
        reasons: Iterable[str],
        do: str,
        *remedies: Remedy,
    ) -> Advice:
        """An advice about it."""
        said = tuple(reasons)
        problem = Problem(
            f"{self.code}-{what}", title, " ".join(said), do, severity, self.picture.path.name
        )
        return Advice(problem, remedies, (self.platform,), said)


# ---- icons -----------------------------------------------------------------------------------


def _about_icon(icon: _Subject, style: Style) -> Iterator[Advice]:
    lacking = _sizes_lacking(icon, style)
    yield from lacking or _too_small(icon, *_LARGEST_ICON[icon.platform])
    yield from _not_square(icon)
    yield from _cut(icon)
    lost = list(_lost_on_background(icon, style))
    yield from lost or _see_through(icon, style)
    yield from _lost_where_it_is_bare(icon, style)
    yield from _not_for_flet(icon)


# The largest file of each platform: its pixels, how art is framed on it, and what for.
_LARGEST_ICON: dict[Platform, tuple[int, Frame | None, str]] = {
    "android": (432, framing.ANDROID, "the home screen"),
    "ios": (1024, framing.IOS, "the App Store"),
    "macos": (1024, framing.MACOS, "large icons in the Finder"),
    "windows": (256, None, "folders with large icons"),
    "linux": (512, None, "launchers with large icons"),
    "web": (512, None, "the start of the installed app"),
}


def _too_small(subject: _Subject, needed: int, frame: Frame | None, use: str) -> Iterator[Advice]:
    picture = subject.picture
    if picture.format == "svg":
        return
    side = max(picture.width, picture.height)
    times = needed * subject.extent(frame) / side
    if times <= ENLARGED:
        return
    yield subject.told(
        "too-small",
        "warn" if times >= SOFT else "hint",
        f"{subject.name} has few pixels",
        (
            f"It has {picture.width} × {picture.height}, and looks soft when it is enlarged.",
            f"On {NAMES[subject.platform]} it needs {needed}, for {use}.",
        ),
        "Choose a picture of 1024 × 1024 pixels or more, or an SVG, which is sharp at any size.",
        "bigger",
    )


def _not_square(icon: _Subject) -> Iterator[Advice]:
    shorter, longer = sorted((icon.picture.width, icon.picture.height))
    if longer - shorter <= UNEVEN * longer:
        return
    yield icon.told(
        "not-square",
        "warn" if longer > OBLONG * shorter else "hint",
        f"{icon.name} is not square",
        (
            f"It is {icon.picture.width} × {icon.picture.height} pixels.",
            "Icons are square everywhere: it gets empty edges, and looks smaller than others.",
        ),
        "Leave it so, let the ends be cut off, or choose a square picture.",
        "pad",
        "crop",
    )


def _cut(icon: _Subject) -> Iterator[Advice]:
    """What was made for no platform in particular is framed, and opaque art is meant to be cut."""
    zone = finish.SAFE_ZONES.get(icon.platform)
    if not icon.is_own or zone is None or not icon.is_see_through:
        return
    if (measure.radial_extent(icon.shape) or 0) <= zone * framing.SLACK:
        return
    cuts = {
        "android": "Every launcher of Android cuts icons to a shape of its own.",
        "web": "Systems cut the icon of an installed web app to shapes of their own.",
    }
    yield icon.told(
        "cut",
        "warn",
        f"{icon.name} will lose its edges",
        (
            cuts[icon.platform],
            f"Only a circle of {zone:.0%} of the width is never cut, and the art reaches beyond.",
        ),
        "Make the art smaller on its canvas.",
        "shrink",
    )


def _see_through(icon: _Subject, style: Style) -> Iterator[Advice]:
    """Told until a colour was chosen: white is what nobody chose."""
    if icon.platform != "ios" or style.background != WHITE or not icon.is_see_through:
        return
    yield icon.told(
        "see-through",
        "warn",
        f"{icon.name} is see-through",
        (
            "Apple takes no icon that anything shines through.",
            "On iOS, white will stand behind it, because no background colour is set.",
        ),
        "Choose a background colour, or give iOS a picture of its own that is opaque.",
        "background",
    )


def _lost_on_background(icon: _Subject, style: Style) -> Iterator[Advice]:
    ground = _background(icon, style)
    if ground is None or not (seen := icon.lost_on(ground)):
        return
    behind = "the maskable icon" if icon.platform == "web" else "it"
    yield icon.told(
        "lost-on-background",
        "warn",
        f"{icon.name} is hard to see on its background",
        (
            f"On {NAMES[icon.platform]}, #{bytes(ground).hex()} stands behind {behind}.",
            f"{seen.capitalize()} of the picture stands out from that.",
        ),
        "Choose another background colour.",
        "background",
    )


def _background(icon: _Subject, style: Style) -> RGB | None:
    """The colour that stands behind the icon, None where it is bare."""
    if icon.platform == "android":
        return style.adaptive_background or style.background
    if icon.platform == "macos":
        easel = Easel(icon.picture, is_own=icon.is_own)
        return style.background if macos.takes_tile(easel, style) else None
    return style.background if icon.platform in ("ios", "web") else None


_BARE: dict[Platform, str] = {
    "windows": "The taskbar of Windows",
    "linux": "The launcher of a Linux desktop",
    "web": "The tab of a browser",
    "macos": "The Dock of macOS",
}


def _lost_where_it_is_bare(icon: _Subject, style: Style) -> Iterator[Advice]:
    if icon.platform not in _BARE:
        return
    if icon.platform == "macos" and _background(icon, style) is not None:
        return
    for tone, ground in (("light", WHITE), ("dark", DARK)):
        if seen := icon.lost_on(ground):
            yield icon.told(
                f"lost-on-{tone}",
                "warn",
                f"{icon.name} is hard to see on {tone} grounds",
                (
                    f"{_BARE[icon.platform]} shows it on whatever is there, and that may be "
                    f"{tone}.",
                    f"{seen.capitalize()} of the picture stands out then.",
                ),
                "Give the picture a background, or an outline in another colour.",
                "background",
            )


def _sizes_lacking(icon: _Subject, style: Style) -> list[Advice]:
    """An .ico of Windows' own ships as it is; in another role its largest picture is taken."""
    is_used = icon.platform == "windows" and icon.is_own and not style.flet_way
    there = _sizes_of_ico(icon.picture) if is_used and icon.picture.format == "ico" else set()
    lacking = [size for size in slots.WINDOWS_SIZES if size not in there]
    if not there or not lacking:
        return []
    return [
        icon.told(
            "ico-sizes",
            "warn" if max(there) < max(slots.WINDOWS_SIZES) else "hint",
            f"{icon.name} lacks sizes that Windows shows",
            (
                f"It is used as it is, and has {_listed(sorted(there))} pixels.",
                f"Windows makes {_listed(lacking)} of these by itself, and they look soft.",
            ),
            "Save it with these sizes too, or as a PNG, of which Slipway makes all sizes.",
            "as-png",
        )
    ]


def _sizes_of_ico(picture: Picture) -> set[int]:
    """The sizes of the pictures in an .ico in pixels; none where it is no icon file any more."""
    with contextlib.suppress(OSError):
        return set(own_ico.entries(picture.path.read_bytes()))
    return set()


def _listed(sizes: list[int]) -> str:
    *most, last = map(str, sizes)
    return f"{', '.join(most)} and {last}" if most else last


# ---- splash screens --------------------------------------------------------------------------

# The largest file of each platform; one logical pixel is up to four.
_LARGEST_SPLASH: dict[Platform, tuple[int, Frame | None, str]] = {
    "android": (1024, framing.SPLASH, "phones with fine screens"),
    "ios": (768, framing.SPLASH, "iPhones"),
    "web": (1024, framing.SPLASH, "fine screens"),
}

_Ground = tuple[str, RGB]  # "light" or "dark", and the colour


def _about_splash(subject: _Subject, style: Style, grounds: list[_Ground]) -> Iterator[Advice]:
    if subject.is_empty:
        yield _empty(subject)
        return
    yield from _too_small(subject, *_LARGEST_SPLASH[subject.platform])
    yield from _cut_by_android_12(subject, style)
    yield from _lost(subject, grounds)
    yield from _not_for_flet(subject)


def _lost(subject: _Subject, grounds: list[_Ground]) -> Iterator[Advice]:
    for tone, ground in grounds:
        if seen := subject.lost_on(ground):
            other = " or a picture of its own (splash_dark)" if tone == "dark" else ""
            yield subject.told(
                f"lost-on-{tone}",
                "warn",
                f"{subject.name} is hard to see on the {tone} splash screen",
                (
                    f"#{bytes(ground).hex()} stands behind it.",
                    f"{seen.capitalize()} of the picture stands out from that.",
                ),
                f"Choose another colour for the {tone} splash screen{other}.",
            )


def _cut_by_android_12(subject: _Subject, style: Style) -> Iterator[Advice]:
    """Art is fitted into the circle, but not what is opaque, nor where the settings say so."""
    if subject.platform != "android":
        return
    image = subject.shape
    is_opaque_square = image.mode == "RGB" and subject.picture.width == subject.picture.height
    if not is_opaque_square:
        reach = measure.radial_extent(image) or 0
        is_fitted = style.splash_icon_fit == "contain"
        if is_fitted or reach * subject.extent(framing.SPLASH) <= splash.CIRCLE * framing.SLACK:
            return
    yield subject.told(
        "cut",
        "hint",
        f"{subject.name} will lose its edges",
        (
            "Android 12 and later cut it to a circle of two thirds of its width.",
            "A picture without see-through edges is not made to fit."
            if is_opaque_square
            else "The settings say that it is not made to fit.",
        ),
        "Make the art smaller on its canvas.",
        "shrink",
    )


# ---- both ------------------------------------------------------------------------------------


def _empty(subject: _Subject) -> Advice:
    return subject.told(
        "empty",
        "warn",
        f"{subject.name} is empty",
        ("All of it is see-through, so there is nothing to see.",),
        "Choose another picture. If it looks right elsewhere, export it anew: a layer may have "
        "been hidden.",
    )


def _not_for_flet(subject: _Subject) -> Iterator[Advice]:
    kind = _NOT_FOR_FLET.get(subject.picture.format)
    if kind is None:
        return
    yield subject.told(
        "not-for-flet",
        "hint",
        f"{subject.name} is an {kind}, which “flet build” cannot read",
        (
            "Slipway draws it everywhere.",
            "Who builds with “flet build” gets Flet's own picture instead.",
        ),
        "If you use both, save it as PNG.",
        "as-png",
    )
