"""The splash sets: every file, one logical size, Android 12's circle, what must go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import measure, splash
from builder.images.rendered import Rendered
from builder.images.slots import ANDROID_RES, IOS_GROUND, IOS_LAUNCH, WEB_SPLASH
from builder.images.style import SPLASH_PLATFORMS, Platform, Style
from tests.builder.images import icons_art

LIGHT, DARK = icons_art.on("circle"), icons_art.letter(colour=(250, 250, 250))
PLAIN = [256, 384, 512, 768, 1024]
DENSITIES = ["mdpi", "hdpi", "xhdpi", "xxhdpi", "xxxhdpi"]


def drawn(
    platform: Platform,
    light: Image.Image = LIGHT,
    dark: Image.Image | None = None,
    style: Style | None = None,
    *,
    is_icon: bool = False,
    quick: bool = False,
) -> Rendered:
    night = icons_art.picture(dark) if dark else None
    day = icons_art.picture(light)
    return splash.render(day, night, platform, style or Style(), is_icon=is_icon, quick=quick)


def android(name: str, kind: str = "") -> list[str]:
    return [f"{ANDROID_RES}/drawable{kind}-{density}/{name}.png" for density in DENSITIES]


def sides(done: Rendered, paths: list[str]) -> list[int]:
    return [done[path].content.width for path in paths]


def reach(image: Image.Image) -> float:
    found = measure.radial_extent(image.convert("RGBA"))
    assert found is not None
    return found


def test_android_has_a_picture_for_every_density() -> None:
    done = drawn("android")
    assert len(done.files) == 10
    assert sides(done, android("splash")) == PLAIN
    assert sides(done, android("android12splash")) == [288, 432, 576, 864, 1152]
    assert {file.content.mode for file in done.files} == {"RGBA"}


def test_without_a_dark_picture_those_of_the_night_must_go() -> None:
    done = drawn("android")
    assert {*android("splash", "-night"), *android("android12splash", "-night")} < {*done.stale}
    assert f"{ANDROID_RES}/drawable-v21/background.png" in done.stale
    assert f"{ANDROID_RES}/drawable-night/launch_background.xml" in done.stale


def test_with_a_dark_picture_there_are_twice_as_many() -> None:
    done = drawn("android", dark=DARK)
    assert len(done.files) == 20
    assert not any("-night-" in path and path.endswith("splash.png") for path in done.stale)


def test_a_dark_ground_alone_makes_the_night_for_android_12() -> None:
    done = drawn("android", style=Style(splash_icon_dark_background=(1, 2, 3)))
    assert len(done.files) == 15
    night = done[android("android12splash", "-night")[0]].content
    assert night.mode == "RGB"
    assert night.getpixel((0, 0)) == (1, 2, 3)
    assert {*android("splash", "-night")} < {*done.stale}
    assert not {*android("android12splash", "-night")} & {*done.stale}


def test_on_a_colour_android_12_has_a_smaller_canvas() -> None:
    style = Style(splash_icon_background=(200, 0, 0))
    done = drawn("android", dark=DARK, style=style)
    for kind in ("", "-night"):
        paths = android("android12splash", kind)
        assert sides(done, paths) == [240, 360, 480, 720, 960]
        assert done[paths[0]].content.mode == "RGB"
        assert done[paths[0]].content.getpixel((0, 0)) == (200, 0, 0)


def test_art_is_brought_into_the_circle_of_android_12() -> None:
    path = android("android12splash")[2]
    assert reach(drawn("android", is_icon=False)[path].content) == pytest.approx(2 / 3, abs=0.01)
    assert reach(drawn("android", is_icon=True)[path].content) < 0.67


def test_art_that_fits_and_art_that_is_told_to_stay_do() -> None:
    small = Image.new("RGBA", (400, 400))
    small.alpha_composite(LIGHT.resize((200, 200)), (100, 100))
    path = android("android12splash")[2]
    assert reach(drawn("android", small)[path].content) == pytest.approx(0.46, abs=0.03)
    kept = drawn("android", style=Style(splash_icon_fit="none"))[path].content
    assert reach(kept) == pytest.approx(reach(LIGHT), abs=0.01)


def test_opaque_art_fills_the_canvas_of_android_12() -> None:
    done = drawn("android", icons_art.opaque(), is_icon=True)
    content = done[android("android12splash")[0]].content
    assert content.getchannel("A").getextrema() == (255, 255)


def test_an_opaque_banner_has_corners_to_fit() -> None:
    done = drawn("android", icons_art.opaque().crop((0, 60, 256, 160)))
    assert reach(done[android("android12splash")[0]].content) <= 0.68


def test_an_icon_gets_air_and_a_splash_picture_none() -> None:
    path = android("splash")[-1]
    icon, own = (drawn("android", is_icon=is_icon)[path].content for is_icon in (True, False))
    assert measure.axis_extent(icon) == pytest.approx(0.6, abs=0.01)
    assert measure.axis_extent(own) == pytest.approx(measure.axis_extent(LIGHT), abs=0.01)


def test_ios_has_all_six_and_two_grounds() -> None:
    style = Style(splash_color=(1, 2, 3), splash_dark_color=(4, 5, 6))
    done = drawn("ios", style=style)
    assert len(done.files) == 8
    assert not done.stale
    for name in ("LaunchImage", "LaunchImageDark"):
        paths = [f"{IOS_LAUNCH}/{name}{scale}.png" for scale in ("", "@2x", "@3x")]
        assert sides(done, paths) == [256, 512, 768]
    for name, colour in (("background", (1, 2, 3)), ("darkbackground", (4, 5, 6))):
        dot = done[f"{IOS_GROUND}/{name}.png"].content
        assert (dot.mode, dot.size, dot.getpixel((0, 0))) == ("RGB", (1, 1), colour)


def test_the_web_has_four_scales_by_day_and_night() -> None:
    done = drawn("web", dark=DARK)
    for mode in ("light", "dark"):
        paths = [f"{WEB_SPLASH}/{mode}-{scale}x.png" for scale in (1, 2, 3, 4)]
        assert sides(done, paths) == [256, 512, 768, 1024]
    assert f"{WEB_SPLASH}/dark-3x.webp" in done.stale
    assert len(done.files) == len(done.stale) == 8


@pytest.mark.parametrize("platform", ["ios", "web"])
def test_without_a_dark_picture_dark_is_light_and_drawn_once(platform: Platform) -> None:
    done = drawn(platform)
    name, night = {
        "ios": (f"{IOS_LAUNCH}/LaunchImage@2x.png", f"{IOS_LAUNCH}/LaunchImageDark@2x.png"),
        "web": (f"{WEB_SPLASH}/light-2x.png", f"{WEB_SPLASH}/dark-2x.png"),
    }[platform]
    assert done[name].content is done[night].content
    other = drawn(platform, dark=DARK)
    assert other[name].content.tobytes() != other[night].content.tobytes()


def test_equal_pictures_of_android_12_are_one_object() -> None:
    colour = (9, 9, 9)
    style = Style(splash_icon_background=colour, splash_icon_dark_background=colour)
    done = drawn("android", style=style)
    for day, night in zip(
        android("android12splash"), android("android12splash", "-night"), strict=True
    ):
        assert done[day].content is done[night].content


@pytest.mark.parametrize("platform", SPLASH_PLATFORMS)
def test_one_size_on_screen_whatever_the_source_has_but_for_flet(platform: Platform) -> None:
    small, large = (
        drawn(platform, LIGHT.resize((side, side)), style=Style()) for side in (100, 300)
    )
    assert [file.content.size for file in small.files] == [f.content.size for f in large.files]
    path = {
        "android": android("splash")[2],
        "ios": f"{IOS_LAUNCH}/LaunchImage@2x.png",
        "web": f"{WEB_SPLASH}/light-2x.png",
    }[platform]
    flet = drawn(platform, LIGHT.resize((300, 300)), style=Style(flet_way=True))
    assert flet[path].content.size == (150, 150)


@pytest.mark.parametrize("platform", SPLASH_PLATFORMS)
def test_only_what_is_wanted_is_drawn(platform: Platform) -> None:
    every = drawn(platform, dark=DARK)
    file = every.files[3]
    one = splash.render(
        icons_art.picture(LIGHT),
        icons_art.picture(DARK),
        platform,
        Style(),
        is_icon=False,
        wanted={file.path},
    )
    assert [found.path for found in one.files] == [file.path]
    assert one.stale == every.stale
    assert np.array_equal(np.asarray(one.files[0].content), np.asarray(file.content))


def test_quick_ones_are_small() -> None:
    assert max(file.content.width for file in drawn("android", quick=True).files) == 256


@settings(max_examples=80, deadline=None)
@given(
    size=st.sampled_from([(1, 1), (1, 2), (700, 1), (1, 700), (3, 5), (16, 16), (90, 31)]),
    colour=st.tuples(*[st.integers(0, 255)] * 4),
    platform=st.sampled_from(SPLASH_PLATFORMS),
    has_alpha=st.booleans(),
    is_icon=st.booleans(),
    flet_way=st.booleans(),
)
def test_odd_pictures_make_whole_sets(
    size: tuple[int, int],
    colour: tuple[int, ...],
    platform: Platform,
    has_alpha: bool,
    is_icon: bool,
    flet_way: bool,
) -> None:
    image = Image.new("RGBA", size, colour)
    image = image if has_alpha else image.convert("RGB")
    before = image.tobytes()
    done = drawn(platform, image, None, Style(flet_way=flet_way), is_icon=is_icon, quick=True)
    assert len(done.files) == {"android": 10, "ios": 8, "web": 8}[platform]
    assert all(min(file.content.size) >= 1 for file in done.files)
    assert image.tobytes() == before
