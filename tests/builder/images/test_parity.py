"""Our pictures against those of flet-platform-assets 1.0.5: the same files, as good as equal.

Its way is drawn with `flet_way`. What differs without is listed here, and nothing else may.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Mapping

import flet_platform_assets as theirs
import pytest
from PIL import Image, ImageChops

from builder.images import android, icons, ios, splash
from builder.images.rendered import Rendered
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS, Platform, Style
from tests.builder.images import icons_art, reference

MEDIAN, EACH = 40, 28  # dB on grey: a set, and each of its pictures
LEAST = 48  # dB: what we hold ourselves to for a median
COLOUR, NIGHT = (30, 200, 90), (9, 9, 30)

ADDED = {
    "android": {slot.path for slot in android.MONOCHROME}
    | {android.ADAPTIVE_PATH, android.COLOUR_PATH},
    "ios": {slot.path for slot in (*ios.MORE, *ios.DARK, *ios.TINTED)} | {ios.CATALOG_PATH},
}
"""Files that it does not write."""


def _on_wide_canvas() -> Image.Image:
    wide = Image.new("RGBA", (600, 250))
    wide.alpha_composite(reference.logo(250), (175, 0))
    return wide


def _padded() -> Image.Image:
    image = Image.new("RGBA", (512, 512))
    image.alpha_composite(reference.logo(256), (128, 128))
    return image


SOURCES: dict[str, Callable[[], Image.Image]] = {
    "logo": lambda: reference.logo(512),
    "opaque": lambda: reference.opaque(400),
    "photo": lambda: reference.photo(256),
    "wide": _on_wide_canvas,
    "padded": _padded,
    "small": lambda: reference.logo(180),
    "banner": lambda: reference.photo(256).crop((0, 0, 256, 90)),
    "tile": lambda: icons_art.on("rounded", 300),
}

Pictures = Mapping[str, Image.Image]


def _flat(path: str, content: object) -> Iterator[tuple[str, Image.Image]]:
    if isinstance(content, Image.Image):
        yield path, content
    elif isinstance(content, Mapping):
        yield from ((f"{path}#{size}", image) for size, image in content.items())


def _ours(done: Rendered) -> Pictures:
    return {name: image for file in done.files for name, image in _flat(file.path, file.content)}


def _theirs(result: theirs.RenderResult) -> Pictures:
    entries = {**{asset.relative_path: asset.image for asset in result.assets}, **result.ico}
    return dict(pair for path, content in entries.items() for pair in _flat(path, content))


def icon_sets(
    image: Image.Image, platform: Platform, *, is_own: bool, flet_way: bool
) -> tuple[Pictures, Pictures]:
    done = icons.render(
        icons_art.picture(image),
        platform,
        Style(background=COLOUR, flet_way=flet_way),
        is_own=is_own,
    )
    paths = {file.path for file in done.files}
    result = theirs.render_icons(
        image.convert("RGBA"),
        theirs.IconOptions(background=COLOUR),
        platform=platform,
        derived=not is_own,
    )
    wanted = {asset.relative_path for asset in result.assets} | {*result.ico}
    assert paths == wanted | ADDED.get(platform, set())
    return _ours(done), _theirs(result)


def splash_sets(
    light: Image.Image,
    dark: Image.Image | None,
    platform: Platform,
    *,
    is_icon: bool,
    flet_way: bool,
) -> tuple[Pictures, Pictures]:
    style = Style(splash_icon_dark_background=NIGHT, flet_way=flet_way)
    done = splash.render(
        icons_art.picture(light),
        icons_art.picture(dark) if dark else None,
        platform,
        style,
        is_icon=is_icon,
    )
    result = theirs.render_splash(
        _squared(light),
        _squared(dark) if dark else None,
        theirs.SplashOptions(icon_dark_background="#{:02x}{:02x}{:02x}".format(*NIGHT)),
        platform=platform,
        derived=is_icon,
    )
    assert {file.path for file in done.files} == {asset.relative_path for asset in result.assets}
    assert {*done.stale} == {*result.stale}
    return _ours(done), _theirs(result)


def _squared(image: Image.Image) -> Image.Image:
    """As `flet build` hands it over."""
    side = max(image.size)
    square = Image.new("RGBA", (side, side))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def agreement(one: Image.Image, other: Image.Image) -> float:
    """How well two pictures agree on a grey ground, in dB; 99 where no level differs."""
    assert one.size == other.size
    apart = ImageChops.difference(_on_grey(one), _on_grey(other)).histogram()
    error = sum(count * (at % 256) ** 2 for at, count in enumerate(apart)) / sum(apart)
    return 99.0 if error == 0 else 10 * math.log10(255**2 / error)


def _on_grey(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    grey = Image.new("RGBA", image.size, (128, 128, 128, 255))
    grey.alpha_composite(image.convert("RGBA"))
    return grey.convert("RGB")


def agreements(ours: Pictures, its: Pictures) -> dict[str, float]:
    assert all(ours[name].mode == image.mode for name, image in its.items())
    return {name: agreement(ours[name], image) for name, image in its.items()}


@pytest.mark.parametrize("name", SOURCES)
def test_its_way_is_its_way(name: str) -> None:
    image = SOURCES[name]()
    found: dict[str, float] = {}
    for platform in PLATFORMS:
        sets = icon_sets(image, platform, is_own=False, flet_way=True)
        found |= agreements(*sets)
    for platform in SPLASH_PLATFORMS:
        sets = splash_sets(image, None, platform, is_icon=True, flet_way=True)
        found |= agreements(*sets)
    assert min(found.values()) >= EACH, min(found.items(), key=lambda item: item[1])
    assert statistics.median(found.values()) >= max(MEDIAN, LEAST)


def test_its_way_with_pictures_of_a_platforms_own() -> None:
    image, dark = SOURCES["logo"](), SOURCES["padded"]()
    found: dict[str, float] = {}
    for platform in PLATFORMS:
        found |= agreements(*icon_sets(image, platform, is_own=True, flet_way=True))
    for platform in SPLASH_PLATFORMS:
        sets = splash_sets(image, dark, platform, is_icon=False, flet_way=True)
        found |= agreements(*sets)
    assert min(found.values()) >= EACH
    assert statistics.median(found.values()) >= max(MEDIAN, LEAST)


def test_without_it_only_small_icons_and_those_on_macos_differ() -> None:
    logo = reference.logo(512)
    for platform in (one for one in PLATFORMS if one != "macos"):
        ours, its = icon_sets(logo, platform, is_own=False, flet_way=False)
        assert {*ours} >= {*its}
        for name, decibel in agreements(ours, its).items():
            assert decibel >= (18 if its[name].width <= 64 else 38), name


def test_without_it_only_the_size_of_splash_pictures_differs() -> None:
    logo = reference.logo(1024)  # of which a quarter is the logical size
    for platform in SPLASH_PLATFORMS:
        sets = splash_sets(logo, None, platform, is_icon=True, flet_way=False)
        assert min(agreements(*sets).values()) >= 38
