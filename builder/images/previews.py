"""What people will see on their screens, made of the very pictures that ship.

A scene is one kind of place that shows an icon or a splash screen, with the ground behind it. Its
items come from `icons.render` and `splash.render`; here they are only cut, tinted and framed as
the systems do it. A small icon is never scaled: its pixels are those of the file.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageChops, ImageDraw

from builder.images import icons, own_ico, png, screens, shapes, slots, splash
from builder.images.by_image import ByImage
from builder.images.picture import Picture
from builder.images.scaling import Art
from builder.images.slots import (
    ANDROID_RES,
    IOS_LAUNCH,
    MACOS_ICONS,
    SPLASH_SIDE,
    WEB_SPLASH,
    WINDOWS_ICON,
)
from builder.images.style import PLATFORMS, RGB, SPLASH_PLATFORMS, WHITE, Platform, Style

Ground = Literal["light", "dark", "wall-light", "wall-dark"]

TITLES: Mapping[str, str] = {
    "android-circle": "Circle",
    "android-squircle": "Squircle",
    "android-rounded": "Rounded square",
    "android-themed": "Themed",
    "android-safe-zone": "Safe zone",
    "ios-light": "Light",
    "ios-dark": "Dark",
    "ios-tinted": "Tinted",
    "macos-dock": "Dock",
    "windows-taskbar": "16, 24, 32, 48 px",
    "windows-start": "Start menu",
    "web-tab": "Browser tab",
    "web-app": "Installed app",
    "web-safe-zone": "Safe zone",
    "linux-launcher": "Launcher",
    "splash-android-light": "Android",
    "splash-android-dark": "Android",
    "splash-ios-light": "iPhone",
    "splash-ios-dark": "iPhone",
    "splash-web-light": "Browser",
    "splash-web-dark": "Browser",
}
"""The short title of each scene by its id, in the order in which they are shown."""


@dataclass(frozen=True)
class Choice:
    """The picture that serves a platform; `is_own` as in `sources.Source`."""

    picture: Picture
    is_own: bool


@dataclass(frozen=True)
class Item:
    """A picture of a scene, and the logical pixels at which it is shown.

    The image may have more pixels, for screens that show more; one of true size has just these.
    """

    image: Image.Image
    width: int
    height: int

    @property
    def is_true_size(self) -> bool:
        """Whether each of its pixels is one that somebody sees."""
        return self.image.size == (self.width, self.height)


@dataclass(frozen=True)
class Scene:
    """One place that shows pictures side by side: `id` as in `TITLES`."""

    id: str
    platform: Platform
    ground: Ground
    items: Sequence[Item]


def icon_scenes(
    choices: Mapping[Platform, Choice],
    styles: Mapping[Platform, Style],
    *,
    safe_zone: bool = False,
    quick: bool = False,
) -> list[Scene]:
    """The scenes of every platform that has a choice; `quick` as `scaling.Art`.

    `safe_zone` adds those that show a whole layer, with what every launcher lets be seen.
    """
    scenes: list[Scene] = []
    for platform in PLATFORMS:
        if platform in choices:
            icon = _Icon(choices[platform], platform, styles[platform], quick)
            scenes += _ICONS[platform](icon, safe_zone)
    return scenes


def splash_scenes(
    light: Mapping[Platform, Choice],
    dark: Mapping[Platform, Choice | None],
    styles: Mapping[Platform, Style],
    *,
    safe_zone: bool = False,
    quick: bool = False,
) -> list[Scene]:
    """The splash screens of every platform that has a light one, each by day and by night.

    `safe_zone` shows the circle that Android 12 leaves of the picture.
    """
    scenes: list[Scene] = []
    for platform in SPLASH_PLATFORMS:
        if platform in light:
            night = dark.get(platform)
            both = _Splash(light[platform], night, platform, styles[platform], safe_zone, quick)
            scenes += [_splash_scene(both, mode) for mode in ("light", "dark")]
    return scenes


def encode(image: Image.Image) -> bytes:
    """The picture as a PNG, made for speed: it goes to a screen of this computer, not to a disk."""
    if _is_noise(image):
        return png.whole(image, png.deflate(png.filtered(image, "none"), _AS_IT_IS))
    return png.whole(image, png.deflate(png.filtered(image, "up"), _AT_ONCE))


_AT_ONCE, _AS_IT_IS = (1, png.USUAL[1]), (0, png.USUAL[1])
_SMALL = 64  # pixels high: to try takes longer than it saves
_NOISY = 0.5  # of its bytes are left at least: to send the others is quicker than to save them


def _is_noise(image: Image.Image) -> bool:
    """Whether it is as good as incompressible, like a photo, told by a few rows of its middle."""
    if image.height < _SMALL:
        return False
    middle = image.height // 2
    part = b"".join(png.filtered(image.crop((0, middle, image.width, middle + 8)), "up"))
    return len(png.deflate([part], png.NOISE)) > _NOISY * len(part)


# ---- what is kept ----------------------------------------------------------------------------

_Place = tuple[Platform, bool, tuple[str, ...]]
_Kept = dict[_Place, tuple[object, Sequence[object]]]  # what was wished, and what was drawn
_of_images = ByImage[_Kept](lambda _: {})


def _kept(
    picture: Picture, place: _Place, wish: object, draw: Callable[[], Sequence[object]]
) -> Sequence[object]:
    """What was drawn from a picture for a place, drawn anew when something else is wished."""
    kept = _of_images.of(picture.image)
    # Looked at once: another thread may wish something else of the same picture meanwhile.
    wished, drawn = kept.get(place, (None, ()))
    if wished != wish:
        drawn = draw()
        kept[place] = (wish, drawn)
    return drawn


def _picture(content: object) -> Image.Image:
    assert isinstance(content, Image.Image)
    return content


# ---- icons -----------------------------------------------------------------------------------

ANDROID_ART = f"{ANDROID_RES}/drawable-xhdpi/ic_launcher_foreground.png"
_ANDROID_ONE_COLOUR = f"{ANDROID_RES}/drawable-xhdpi/ic_launcher_monochrome.png"
_VISIBLE = 72 / 108  # of an adaptive icon's layer; its safe zone is a circle of 66 / 108
_SAFE_ON_ANDROID = 66 / 108
_SAFE_ON_THE_WEB = 0.8

_PALE: RGB = (238, 241, 245)

_TASKBAR = (16, 24, 32, 48)  # lists and title bars, the taskbar, both on sharper screens

# Art and ground of a themed icon, as a blue wallpaper makes them.
THEMES: tuple[tuple[RGB, RGB], ...] = (
    ((24, 52, 74), (205, 226, 242)),
    ((190, 222, 244), (28, 56, 76)),
)
_TINT: RGB = (150, 200, 255)
_NIGHT_FROM, _NIGHT_TO = 49, 20  # the greys that iOS puts behind dark icons, top and bottom


@dataclass(frozen=True)
class _Icon:
    """What the scenes of one platform are made of."""

    choice: Choice
    platform: Platform
    style: Style
    quick: bool

    def files(self, *paths: str) -> list[Image.Image]:
        """The pictures that ship under these paths and that no colour changes, drawn once."""
        return [_picture(content) for content in self._kept(*paths)]

    def coloured(self, *paths: str) -> list[Image.Image]:
        """The same for pictures on the background."""
        return [_picture(content) for content in self._drawn(self.style, *paths)]

    def entries(self, path: str) -> Mapping[int, Image.Image]:
        """The pictures of an `.ico` by their size."""
        [content] = self._kept(path)
        if isinstance(content, bytes):
            # Of one with nothing that Windows shows, what it was made from is better than nothing.
            return own_ico.entries(content) or {own_ico.LARGEST: self._small()}
        assert isinstance(content, Mapping)
        return content

    def _small(self) -> Image.Image:
        return Art(self.choice.picture.image, quick=self.quick).draw(own_ico.LARGEST)

    def _kept(self, *paths: str) -> Sequence[object]:
        style = replace(self.style, background=WHITE, adaptive_background=None)
        place = (self.platform, self.quick, paths)
        wish = (style, self.choice.is_own)
        return _kept(self.choice.picture, place, wish, lambda: self._drawn(style, *paths))

    def _drawn(self, style: Style, *paths: str) -> Sequence[object]:
        rendered = icons.render(
            self.choice.picture,
            self.platform,
            style,
            is_own=self.choice.is_own,
            wanted=frozenset(paths),
            quick=self.quick,
        )
        by_path = {file.path: file.content for file in rendered.files}
        return [by_path[path] for path in paths]


def _android(icon: _Icon, safe_zone: bool) -> list[Scene]:
    art, one_colour = icon.files(ANDROID_ART, _ANDROID_ONE_COLOUR)
    ground = icon.style.adaptive_background or icon.style.background
    whole = _over(art, ground)
    seen = _middle(whole, _VISIBLE)
    scenes = [
        Scene(f"android-{shape}", "android", "wall-light", [_half(_cut(seen, shape))])
        for shape in ("circle", "squircle", "rounded")
    ]
    layer = _middle(one_colour.getchannel("A"), _VISIBLE)
    themed = [_half(_cut(_themed(layer, *colours), "circle")) for colours in THEMES]
    scenes.append(Scene("android-themed", "android", "wall-light", themed))
    if safe_zone:
        marked = [_half(_marked(_dimmed(whole), _SAFE_ON_ANDROID))]
        scenes.append(Scene("android-safe-zone", "android", "light", marked))
    return scenes


def _ios(icon: _Icon, safe_zone: bool) -> list[Scene]:
    [day] = icon.coloured(slots.ios("60x60", 2).path)
    night, grey = icon.files(*(slots.ios("60x60", 2, look).path for look in ("-Dark", "-Tinted")))
    tint = Image.new("RGB", grey.size, _TINT)
    tinted = Image.composite(tint, _night(grey.size), grey.convert("L"))
    return [
        Scene("ios-light", "ios", "wall-light", [_half(_cut(day, "rounded"))]),
        Scene("ios-dark", "ios", "wall-dark", [_half(_cut(_at_night(night), "rounded"))]),
        Scene("ios-tinted", "ios", "wall-dark", [_half(_cut(tinted, "rounded"))]),
    ]


def _macos(icon: _Icon, safe_zone: bool) -> list[Scene]:
    [image] = icon.coloured(f"{MACOS_ICONS}/app_icon_128.png")
    return [Scene("macos-dock", "macos", "wall-dark", [_half(image)])]


def _windows(icon: _Icon, safe_zone: bool) -> list[Scene]:
    entries = icon.entries(WINDOWS_ICON)
    taskbar = [_true(_as_windows_takes(entries, size)) for size in _TASKBAR]
    start = [Item(entries[max(entries)], 72, 72)]
    return [
        Scene("windows-taskbar", "windows", "light", taskbar),
        Scene("windows-start", "windows", "light", start),
    ]


def _web(icon: _Icon, safe_zone: bool) -> list[Scene]:
    favicon, app = icon.files("web/favicon.png", "web/icons/Icon-192.png")
    [maskable] = icon.coloured("web/icons/Icon-maskable-192.png")
    tabs = Item(screens.tabs(favicon), *screens.TABS)
    apps = [Item(image, 64, 64) for image in (app, _cut(maskable, "circle"))]
    scenes = [
        Scene("web-tab", "web", "light", [tabs]),
        Scene("web-app", "web", "light", apps),
    ]
    if safe_zone:
        marked = [_half(_marked(maskable, _SAFE_ON_THE_WEB))]
        scenes.append(Scene("web-safe-zone", "web", "light", marked))
    return scenes


def _linux(icon: _Icon, safe_zone: bool) -> list[Scene]:
    name = f"{icon.style.application_id}.png"
    small, large = icon.files(
        f"linux/icons/hicolor/48x48/apps/{name}", f"linux/icons/hicolor/128x128/apps/{name}"
    )  # fmt: skip
    return [Scene("linux-launcher", "linux", "wall-dark", [_true(small), _half(large)])]


_ICONS: Mapping[Platform, Callable[[_Icon, bool], list[Scene]]] = {
    "android": _android,
    "ios": _ios,
    "macos": _macos,
    "windows": _windows,
    "web": _web,
    "linux": _linux,
}


def _half(image: Image.Image) -> Item:
    """Two pixels for each logical one."""
    return Item(image, image.width // 2, image.height // 2)


def _true(image: Image.Image) -> Item:
    return Item(image, *image.size)


def _over(art: Image.Image, ground: RGB) -> Image.Image:
    out = Image.new("RGB", art.size, ground)
    out.paste(art, (0, 0), art)
    return out


def _middle(image: Image.Image, share: float) -> Image.Image:
    """The square in the middle of a square one."""
    side = round(image.width * share)
    left = (image.width - side) // 2
    return image.crop((left, left, left + side, left + side))


def _cut(image: Image.Image, shape: shapes.Shape) -> Image.Image:
    """The opaque image in one of the shapes that launchers give it."""
    out = image.convert("RGB")
    out.putalpha(shapes.mask(shape, image.width))
    return out


def _themed(layer: Image.Image, art: RGB, ground: RGB) -> Image.Image:
    """Android takes only the coverage of the layer, and colours of its own."""
    return Image.composite(
        Image.new("RGB", layer.size, art), Image.new("RGB", layer.size, ground), layer
    )


def _at_night(image: Image.Image) -> Image.Image:
    """What iOS puts behind an icon that lets it through."""
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    out = _night(image.size).copy()
    art = image.convert("RGBA")
    out.paste(art, (0, 0), art)
    return out


@lru_cache(maxsize=4)
def _night(size: tuple[int, int]) -> Image.Image:
    column = Image.linear_gradient("L").point(
        lambda value: round(_NIGHT_FROM + (_NIGHT_TO - _NIGHT_FROM) * value / 255)
    )
    return column.resize(size, Image.Resampling.BILINEAR).convert("RGB")


def _as_windows_takes(entries: Mapping[int, Image.Image], size: int) -> Image.Image:
    """The entry of this size; where there is none the next larger one, made smaller."""
    if size in entries:
        return entries[size]
    larger = [entry for entry in entries if entry > size]
    source = entries[min(larger) if larger else max(entries)]
    return source.resize((size, size), Image.Resampling.BICUBIC)


def _dimmed(layer: Image.Image) -> Image.Image:
    """An adaptive icon's layer with what no launcher shows made pale."""
    pale = Image.blend(layer, Image.new("RGB", layer.size, _PALE), 0.55)
    seen = _middle(layer, _VISIBLE)
    left = (layer.width - seen.width) // 2
    pale.paste(seen, (left, left), shapes.mask("squircle", seen.width))
    return pale


def _marked(layer: Image.Image, share: float) -> Image.Image:
    """The layer with a dashed circle around that share of it."""
    out = layer.convert("RGBA")
    out.alpha_composite(_dashes(layer.width, share))
    return out


@lru_cache(maxsize=8)
def _dashes(side: int, share: float) -> Image.Image:
    """A circle of dashes, white and dark by turns, so that it is seen on every ground."""
    large = 4
    out = Image.new("RGBA", (side * large, side * large))
    draw = ImageDraw.Draw(out)
    radius = side * share / 2 * large
    middle = side * large / 2
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    count = 2 * round(side * share / 6)
    for number in range(count):
        colour = (255, 255, 255, 255) if number % 2 else (20, 24, 29, 255)
        angles = (number * 360 / count, (number + 1) * 360 / count)
        draw.arc(box, *angles, fill=colour, width=2 * large)
    return out.reduce(large)


# ---- splash screens --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Splash:
    """What the splash scenes of one platform are made of."""

    light: Choice
    dark: Choice | None
    platform: Platform
    style: Style
    safe_zone: bool
    quick: bool

    def files(self, *paths: str) -> list[Image.Image | None]:
        """The pictures that ship under these paths, drawn once; None for one that does not."""
        by_day, dark = self.light.picture, self.dark.picture if self.dark else None
        style = replace(self.style, splash_color=WHITE, splash_dark_color=WHITE)
        place = (self.platform, self.quick, paths)
        # A reference that keeps nothing alive equals none to another image.
        wish = (style, self.light.is_own, weakref.ref(dark.image) if dark else None)
        return [
            None if content is None else _picture(content)
            for content in _kept(by_day, place, wish, lambda: self._drawn(dark, style, *paths))
        ]

    def _drawn(self, dark: Picture | None, style: Style, *paths: str) -> Sequence[object]:
        rendered = splash.render(
            self.light.picture,
            dark,
            self.platform,
            style,
            is_icon=not self.light.is_own,
            wanted=frozenset(paths),
            quick=self.quick,
        )
        by_path = {file.path: file.content for file in rendered.files}
        return [by_path.get(path) for path in paths]


def _splash_scene(both: _Splash, mode: Literal["light", "dark"]) -> Scene:
    style = both.style
    colour = style.splash_color if mode == "light" else style.splash_dark_color
    item = _SCREENS[both.platform](both, mode == "dark", colour)
    return Scene(f"splash-{both.platform}-{mode}", both.platform, mode, [item])


def _android_screen(both: _Splash, dark: bool, ground: RGB) -> Item:
    density = "mdpi" if both.quick else "hdpi"
    by_day, by_night = both.files(
        f"{ANDROID_RES}/drawable-{density}/android12splash.png",
        f"{ANDROID_RES}/drawable-night-{density}/android12splash.png",
    )
    picture = _picture((by_night if dark else None) or by_day)
    on_colour = picture.mode == "RGB"
    canvas = splash.CANVAS_DP_ON_COLOUR if on_colour else splash.CANVAS_DP
    seen = _scaled(picture, round(canvas * screens.PIXELS_PER_POINT["android"]))
    seen = _marked(seen, splash.CIRCLE) if both.safe_zone else _encircled(seen, splash.CIRCLE)
    return Item(screens.phone(seen, ground, "android"), *screens.PHONE)


def _ios_screen(both: _Splash, dark: bool, ground: RGB) -> Item:
    scale = "" if both.quick else "@2x"
    pictures = both.files(
        f"{IOS_LAUNCH}/LaunchImage{scale}.png", f"{IOS_LAUNCH}/LaunchImageDark{scale}.png"
    )
    side = round(_logical_side(both, dark) * screens.PIXELS_PER_POINT["ios"])
    seen = _scaled(_picture(pictures[dark]), side)
    return Item(screens.phone(seen, ground, "ios"), *screens.PHONE)


def _web_screen(both: _Splash, dark: bool, ground: RGB) -> Item:
    pictures = both.files(f"{WEB_SPLASH}/light-1x.png", f"{WEB_SPLASH}/dark-1x.png")
    side = round(_logical_side(both, dark) * screens.PIXELS_PER_CSS_PIXEL)
    seen = _scaled(_picture(pictures[dark]), side)
    return Item(screens.browser(seen, ground, dark=dark), *screens.BROWSER)


def _logical_side(both: _Splash, dark: bool) -> float:
    """How large a splash picture is on a screen, in pt or CSS pixels."""
    choice = both.dark if both.dark and dark else both.light
    return max(choice.picture.image.size) / 4 if both.style.flet_way else SPLASH_SIDE


_SCREENS: Mapping[Platform, Callable[[_Splash, bool, RGB], Item]] = {
    "android": _android_screen,
    "ios": _ios_screen,
    "web": _web_screen,
}


def _encircled(picture: Image.Image, share: float) -> Image.Image:
    """The circle in the middle of a square picture; nothing around it."""
    seen = _middle(picture.convert("RGBA"), share)
    alpha = ImageChops.multiply(seen.getchannel("A"), shapes.mask("circle", seen.width))
    seen.putalpha(alpha)
    return seen


def _scaled(picture: Image.Image, side: int) -> Image.Image:
    """A square picture in another size, for a screen of a size of our own."""
    factor = picture.width // (2 * side)
    if factor > 1 and picture.width % factor == 0:
        picture = picture.reduce(factor)
    return picture.resize((side, side), Image.Resampling.BICUBIC)
