"""What is told of pictures: when, in which words, and with which remedies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from builder.images import advice, finish
from builder.images.advice import Advice
from builder.images.finish import Finish
from builder.images.picture import Picture
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS, Platform, Style

RED = (200, 30, 30)
NAVY = (10, 20, 90)
BLACK = (0, 0, 0)
WHITE = (255, 255, 255)
GREY = Style(background=(120, 120, 120), splash_color=(120, 120, 120))


def picture(image: Image.Image, fmt: str = "png", path: Path = Path("icon.png")) -> Picture:
    """A picture as it would have been read."""
    is_finished = fmt in ("ico", "icns")
    return Picture(image, image.width, image.height, fmt, is_finished, "digest", path)


def disc(
    diameter: float = 0.5, side: int = 1024, colour: tuple[int, int, int] = RED, **more: Any
) -> Picture:
    """A disc of a share of the canvas in the middle of nothing."""
    image = Image.new("RGBA", (side, side))
    free = side * (1 - diameter) / 2
    ImageDraw.Draw(image).ellipse((free, free, side - free - 1, side - free - 1), colour)
    return picture(image, **more)


def plain(width: int = 1024, height: int = 1024, colour: tuple[int, ...] = RED) -> Picture:
    """A picture of one colour."""
    return picture(Image.new("RGB" if len(colour) == 3 else "RGBA", (width, height), colour))


def codes(told: list[Advice]) -> set[str]:
    """What it is about."""
    return {one.problem.code for one in told}


def of_icon(
    icon: Picture, platform: Platform, style: Style = GREY, *, is_own: bool = False
) -> set[str]:
    """The codes of an icon's advice."""
    return codes(advice.of_icon(icon, platform, style, is_own=is_own))


def of_splash(
    light: Picture,
    dark: Picture | None = None,
    platform: Platform = "web",
    style: Style = GREY,
    *,
    is_icon: bool = False,
) -> set[str]:
    """The codes of a splash screen's advice."""
    return codes(advice.of_splash(light, dark, platform, style, is_icon=is_icon))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("is_own", [True, False])
def test_nothing_is_told_of_good_pictures(platform: Platform, is_own: bool) -> None:
    assert of_icon(plain(), platform, is_own=is_own) == set()
    assert of_icon(disc(0.55), platform, is_own=is_own) == set()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_empty_picture_is_told_and_nothing_else_of_it(platform: Platform) -> None:
    assert of_icon(plain(64, 32, (255, 0, 0, 0)), platform) == {"icon-empty"}
    assert of_icon(plain(64, 32, (255, 0, 0, 2)), platform) == {"icon-empty"}


# ---- pixels ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "side", "is_told"),
    [
        ("ios", 1024, False),
        ("ios", 1000, False),  # enlarged by so little, it is as sharp
        ("ios", 700, True),
        ("android", 432, False),
        ("android", 192, True),
        ("windows", 256, False),
        ("windows", 128, True),
        ("linux", 512, False),
        ("linux", 256, True),
        ("web", 512, False),
        ("web", 192, True),
    ],
)
def test_too_few_pixels(platform: Platform, side: int, is_told: bool) -> None:
    assert ("icon-too-small" in of_icon(plain(side, side), platform)) == is_told


def test_art_that_is_framed_needs_fewer() -> None:
    logo = disc(1.0, 700)
    assert "icon-too-small" not in of_icon(logo, "ios")  # drawn with 614 of the 1024
    assert "icon-too-small" in of_icon(logo, "ios", is_own=True)


def test_how_many_pixels_for_what() -> None:
    [told] = advice.of_icon(plain(300, 300), "ios", GREY, is_own=False)
    assert "300 × 300" in told.problem.why
    assert "1024" in told.problem.why
    assert "App Store" in told.problem.why
    assert told.remedies == ("bigger",)
    assert told.problem.severity == "warn"
    [told] = advice.of_icon(plain(800, 800), "ios", GREY, is_own=False)
    assert told.problem.severity == "hint"


def test_an_svg_has_pixels_enough() -> None:
    drawing = picture(Image.new("RGB", (24, 24)), "svg", Path("icon.svg"))
    assert of_icon(drawing, "ios") == {"icon-not-for-flet"}


# ---- shape -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "severity"),
    [(1024, 1024, None), (1024, 1020, None), (1024, 990, "hint"), (1024, 700, "warn")],
)
def test_not_square(width: int, height: int, severity: str | None) -> None:
    told = advice.of_icon(plain(width, height), "windows", GREY, is_own=False)
    assert [one.problem.severity for one in told] == ([severity] if severity else [])
    assert all(one.remedies == ("pad", "crop") for one in told)


def test_a_splash_picture_need_not_be_square() -> None:
    assert of_splash(plain(1024, 500)) == set()


@pytest.mark.parametrize(("platform", "fits"), [("android", 0.6), ("web", 0.79)])
def test_own_art_in_the_safe_zone_or_not(platform: Platform, fits: float) -> None:
    large = disc(0.95)
    assert of_icon(disc(fits), platform, is_own=True) == set()
    [told] = advice.of_icon(large, platform, GREY, is_own=True)
    assert told.problem.code == "icon-cut"
    assert told.remedies == ("shrink",)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_generic_and_opaque_art_is_never_said_to_be_cut(platform: Platform) -> None:
    assert "icon-cut" not in of_icon(disc(1.0), platform)
    assert "icon-cut" not in of_icon(plain(), platform, is_own=True)


@pytest.mark.parametrize("platform", ["android", "web"])
def test_what_was_shrunk_is_told_no_more(platform: Platform) -> None:
    art = disc(0.95)
    shrunk = finish.finish(art, finish.shrunk_to_safe_zone(art, platform))
    assert of_icon(finish.as_picture(shrunk, art), platform, is_own=True) == set()


# ---- what shines through, and what is lost ---------------------------------------------------


def test_see_through_on_ios_until_a_colour_is_chosen() -> None:
    [told] = advice.of_icon(disc(), "ios", Style(), is_own=True)
    assert told.problem.code == "icon-see-through"
    assert told.remedies == ("background",)
    assert of_icon(disc(), "ios", Style(background=(1, 120, 90))) == set()
    assert of_icon(plain(), "ios", Style()) == set()
    assert of_icon(plain(colour=(*RED, 252)), "ios", Style()) == set()  # meant to be opaque
    for platform in PLATFORMS:
        if platform != "ios":
            assert "icon-see-through" not in of_icon(disc(), platform, Style())


BARE: tuple[Platform, ...] = ("windows", "linux", "web")


@pytest.mark.parametrize("platform", BARE)
@pytest.mark.parametrize(
    ("colour", "tone"),
    [
        (WHITE, "light"),
        ((230, 230, 225), "light"),
        ((255, 240, 90), "light"),
        (BLACK, "dark"),
        ((40, 40, 45), "dark"),
        (NAVY, "dark"),
        (RED, ""),
        ((255, 140, 0), ""),
    ],
)
def test_art_that_is_lost_where_it_is_bare(
    platform: Platform, colour: tuple[int, int, int], tone: str
) -> None:
    expected = {f"icon-lost-on-{tone}"} if tone else set()
    assert of_icon(disc(colour=colour), platform) == expected


def test_an_opaque_picture_brings_its_ground_along() -> None:
    for colour in (WHITE, BLACK):
        assert of_icon(plain(colour=colour), "windows") == set()


def test_a_letter_on_a_dark_tile_is_seen_on_dark() -> None:
    tile = disc(0.9, colour=NAVY)
    ImageDraw.Draw(tile.image).rectangle((440, 300, 580, 700), WHITE)
    assert of_icon(tile, "windows") == set()


def test_a_name_beside_an_emblem_can_be_lost_alone() -> None:
    logo = disc(0.3)
    ImageDraw.Draw(logo.image).rectangle((200, 800, 800, 950), BLACK)
    [told] = advice.of_icon(logo, "windows", GREY, is_own=False)
    assert told.problem.code == "icon-lost-on-dark"
    assert "Not all of the picture" in told.problem.why


def test_a_faint_picture_is_lost() -> None:
    faint = disc()
    faint.image.putalpha(faint.image.getchannel("A").point(lambda alpha: alpha // 16))
    assert of_icon(faint, "windows") == {"icon-lost-on-light", "icon-lost-on-dark"}


@pytest.mark.parametrize("platform", ["android", "ios", "macos", "web"])
def test_white_art_is_lost_on_the_white_that_nobody_chose(platform: Platform) -> None:
    told = advice.of_icon(disc(colour=WHITE), platform, Style(), is_own=False)
    assert "icon-lost-on-background" in codes(told)
    assert "icon-see-through" not in codes(told)
    [lost] = [one for one in told if one.problem.code == "icon-lost-on-background"]
    assert "#ffffff" in lost.problem.why
    assert lost.remedies == ("background",)
    assert "icon-lost-on-background" not in of_icon(disc(colour=WHITE), platform, GREY)


def test_android_has_a_background_of_its_own() -> None:
    style = Style(adaptive_background=NAVY)
    assert of_icon(disc(colour=WHITE), "android", style) == set()
    assert of_icon(disc(colour=NAVY), "android", style) == {"icon-lost-on-background"}


def test_on_macos_without_a_tile_art_is_bare() -> None:
    white = disc(0.5, colour=WHITE)
    assert of_icon(white, "macos", Style(macos_style="raw")) == {"icon-lost-on-light"}
    assert of_icon(white, "macos", Style(macos_style="grid")) == {"icon-lost-on-background"}


# ---- files -----------------------------------------------------------------------------------


def ico(path: Path, *sides: int) -> Picture:
    """An icon file of Windows with pictures of these sizes."""
    image = Image.new("RGB", (256, 256), RED)
    image.save(path, sizes=[(side, side) for side in sides], bitmap_format="bmp")
    return Picture(image.resize((max(sides),) * 2), max(sides), max(sides), "ico", True, "", path)


def test_an_ico_of_windows_with_all_sizes(tmp_path: Path) -> None:
    icon = ico(tmp_path / "icon_windows.ico", 16, 24, 32, 48, 256)
    assert of_icon(icon, "windows", is_own=True) == set()


def test_an_ico_of_windows_that_lacks_some(tmp_path: Path) -> None:
    icon = ico(tmp_path / "icon_windows.ico", 32, 48)
    [told] = advice.of_icon(icon, "windows", GREY, is_own=True)
    assert told.problem.code == "icon-ico-sizes"
    assert told.problem.severity == "warn"
    assert "has 32 and 48 pixels" in told.problem.why
    assert "makes 16, 24 and 256 of" in told.problem.why
    assert told.remedies == ("as-png",)


def test_an_ico_that_is_drawn_anew_is_a_picture_like_others(tmp_path: Path) -> None:
    icon = ico(tmp_path / "icon.ico", 32)
    assert of_icon(icon, "windows") == {"icon-too-small"}
    flet_way = Style(flet_way=True)
    assert of_icon(icon, "windows", flet_way, is_own=True) == {"icon-too-small"}


@pytest.mark.parametrize("content", [None, b"", b"\0\0\1\0\xff\xff", b"not an icon at all"])
def test_an_ico_that_changed_meanwhile(tmp_path: Path, content: bytes | None) -> None:
    icon = ico(tmp_path / "icon_windows.ico", 256)
    icon.path.unlink()
    if content is not None:
        icon.path.write_bytes(content)
    assert of_icon(icon, "windows", is_own=True) == set()


@pytest.mark.parametrize("fmt", ["svg", "avif"])
def test_what_flet_build_cannot_read(fmt: str) -> None:
    icon = picture(plain().image, fmt, Path(f"icon.{fmt}"))
    [told] = advice.of_icon(icon, "linux", GREY, is_own=False)
    assert told.problem.code == "icon-not-for-flet"
    assert told.problem.severity == "hint"
    assert fmt.upper() in told.problem.title
    assert told.remedies == ("as-png",)
    assert of_splash(icon) == {"splash-not-for-flet"}


# ---- splash screens --------------------------------------------------------------------------


def test_platforms_without_a_splash_screen() -> None:
    empty = plain(8, 8, (0, 0, 0, 0))
    for platform in set(PLATFORMS) - set(SPLASH_PLATFORMS):
        assert of_splash(empty, platform=platform) == set()


def test_an_empty_splash_picture() -> None:
    empty = plain(64, 64, (0, 0, 0, 0))
    assert of_splash(empty) == {"splash-empty"}
    assert of_splash(disc(), empty) == {"splash-dark-empty"}
    assert of_splash(empty, empty) == {"splash-empty", "splash-dark-empty"}


@pytest.mark.parametrize(("platform", "enough"), [("android", 1024), ("ios", 768), ("web", 1024)])
def test_splash_pictures_with_few_pixels(platform: Platform, enough: int) -> None:
    good, small = disc(0.5, enough), disc(0.5, enough // 3)
    assert of_splash(good, platform=platform) == set()
    assert of_splash(small, small, platform) == {"splash-too-small", "splash-dark-too-small"}


def test_an_icon_in_its_air_needs_fewer() -> None:
    icon = disc(1.0, 700)
    assert of_splash(icon, is_icon=True) == set()
    assert of_splash(icon) == {"splash-too-small"}


def test_splash_pictures_that_are_lost_by_day_or_by_night() -> None:
    style = Style(splash_color=WHITE, splash_dark_color=(34, 34, 34))
    white, black, red = disc(colour=WHITE), disc(colour=BLACK), disc()
    assert of_splash(white, style=style) == {"splash-lost-on-light"}
    assert of_splash(black, style=style) == {"splash-lost-on-dark"}
    assert of_splash(black, white, style=style) == set()
    assert of_splash(red, black, style=style) == {"splash-dark-lost-on-dark"}
    assert of_splash(red, style=style) == set()


def test_android_12_cuts_opaque_squares() -> None:
    assert of_splash(plain(), platform="android") == {"splash-cut"}
    assert of_splash(plain(), platform="ios") == set()
    assert of_splash(plain(1024, 500), platform="android") == set()  # fitted, for it has corners
    assert of_splash(disc(1.0), platform="android") == set()


def test_android_12_cuts_what_is_not_to_be_fitted() -> None:
    style = Style(splash_color=(120, 120, 120), splash_icon_fit="none")
    assert of_splash(disc(1.0), platform="android", style=style) == {"splash-cut"}
    assert of_splash(disc(1.0), platform="android", style=style, is_icon=True) == set()
    assert of_splash(disc(0.6), platform="android", style=style) == set()


def test_a_splash_picture_that_was_shrunk_is_told_no_more() -> None:
    art = plain()
    shrunk = finish.finish(art, finish.shrunk_to_safe_zone(art, "android"))
    assert of_splash(finish.as_picture(shrunk, art), platform="android") == set()


# ---- together --------------------------------------------------------------------------------


def of_all(icon: Picture, style: Style = GREY) -> list[Advice]:
    """The advice on one icon for all platforms, put together."""
    return advice.together(
        {one: advice.of_icon(icon, one, style, is_own=False) for one in PLATFORMS}
    )


def test_one_picture_is_told_about_once() -> None:
    [told] = of_all(plain(1024, 600))
    assert told.platforms == PLATFORMS
    assert told.problem.title == "The icon is not square (all platforms)"
    assert told.problem.why.count("1024 × 600") == 1
    assert told.remedies == ("pad", "crop")


def test_each_platform_adds_its_reason() -> None:
    [told] = of_all(plain(400, 400))
    assert told.platforms == ("ios", "macos", "linux", "web")
    assert told.problem.title.endswith("(iOS, macOS, Linux, the web)")
    assert told.problem.severity == "warn"  # the worst of all
    for words in ("400 × 400", "1024, for the App Store", "512, for the start"):
        assert told.problem.why.count(words) == 1


def test_different_pictures_stay_apart() -> None:
    own = picture(plain(300, 300).image, path=Path("icon_ios.png"))
    told = advice.together(
        {
            "ios": advice.of_icon(own, "ios", GREY, is_own=True),
            "web": advice.of_icon(plain(200, 200), "web", GREY, is_own=False),
        }
    )
    assert [one.problem.where for one in told] == ["icon_ios.png", "icon.png"]


def test_together_of_nothing() -> None:
    assert advice.together({}) == []
    assert advice.together({"web": []}) == []


def test_every_advice_says_what_why_and_what_to_do(tmp_path: Path) -> None:
    white = disc(1.0, 100, WHITE)
    told = [
        *(a for p in PLATFORMS for a in advice.of_icon(white, p, Style(), is_own=True)),
        *(a for p in PLATFORMS for a in advice.of_splash(white, white, p, Style(), is_icon=False)),
        *advice.of_icon(plain(9, 9, (0, 0, 0, 0)), "web", GREY, is_own=False),
        *advice.of_icon(plain(9, 4), "web", GREY, is_own=False),
        *advice.of_icon(ico(tmp_path / "a.ico", 32), "windows", GREY, is_own=True),
        *advice.of_icon(picture(plain().image, "svg"), "web", GREY, is_own=False),
    ]
    assert len(codes(told)) > 10
    for one in told:
        assert one.problem.severity in ("warn", "hint")
        assert not one.problem.title.endswith(".")
        assert one.problem.why.endswith(".")
        assert one.problem.do.endswith(".")
        assert one.problem.why == " ".join(one.reasons)
        assert len(one.platforms) == 1


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 80),
    height=st.integers(1, 80),
    colour=st.tuples(*[st.integers(0, 255)] * 4) | st.tuples(*[st.integers(0, 255)] * 3),
    art=st.none() | st.tuples(*[st.integers(0, 80)] * 4),
    platform=st.sampled_from(PLATFORMS),
    fmt=st.sampled_from(["png", "svg", "ico", "icns", "jpeg", "pcx"]),
    is_own=st.booleans(),
    background=st.tuples(*[st.integers(0, 255)] * 3),
)
def test_any_picture(
    width: int, height: int, colour: Any, art: Any, platform: Platform, fmt: str, is_own: bool,
    background: Any,
) -> None:  # fmt: skip
    image = plain(width, height, colour).image
    if art:
        image.paste(RED, (min(art[0], art[2]), min(art[1::2]), max(art[::2]), max(art[1::2])))
    style = Style(background=background, splash_icon_fit="none")
    icon = picture(image, fmt, Path("no such file"))
    first = advice.of_icon(icon, platform, style, is_own=is_own)
    assert advice.of_icon(icon, platform, style, is_own=is_own) == first
    assert len(codes(first)) == len(first)
    told = advice.of_splash(icon, icon, platform, style, is_icon=not is_own)
    assert len(codes(told)) == len(told)


def test_a_finished_picture_on_a_colour_needs_no_advice() -> None:
    icon = plain(1024, 500, (*WHITE, 0))
    ImageDraw.Draw(icon.image).rectangle((300, 100, 700, 400), WHITE)
    assert of_all(icon, Style())
    made = finish.as_picture(finish.finish(icon, Finish(0.1, NAVY)), icon)
    assert of_all(made, Style()) == []
