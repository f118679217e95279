"""The icon sets: every file, its size and alpha rule; odd pictures; nothing is drawn in vain."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import android, icons, ios, rendered, slots
from builder.images.style import PLATFORMS, Platform, Style
from builder.problems import ProjectError
from tests.builder.images import icons_art, make

COUNTS = {"android": 17, "ios": 15 + 5 + 2 * 16 + 1, "macos": 7, "windows": 1, "linux": 9, "web": 6}
PLACES = {
    "android": slots.ANDROID,
    "ios": slots.IOS,
    "macos": slots.MACOS,
    "linux": slots.linux("org.example.app"),
    "web": slots.WEB,
}
STYLE = Style(background=(30, 200, 90), application_id="org.example.app")


def drawn(image: Image.Image, platform: Platform, **options: bool) -> rendered.Rendered:
    how = {"is_own": False} | options
    return icons.render(icons_art.picture(image), platform, STYLE, **how)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("image", [icons_art.on("circle"), icons_art.opaque()], ids=["rgba", "rgb"])
def test_a_set_is_complete_and_by_the_rules(platform: Platform, image: Image.Image) -> None:
    done = drawn(image, platform)
    paths = [file.path for file in done.files]
    assert len(paths) == len(set(paths)) == COUNTS[platform]
    assert list(done.stale) == []
    for slot in PLACES.get(platform, ()):
        content = done[slot.path].content
        assert isinstance(content, Image.Image)
        assert content.size == (slot.size, slot.size)
        assert content.mode == ("RGB" if slot.is_opaque else "RGBA")


def test_a_windows_icon_has_the_sizes_that_windows_shows() -> None:
    [file] = drawn(icons_art.letter(), "windows").files
    assert file.path == "windows/runner/resources/app_icon.ico"
    assert isinstance(file.content, dict)
    assert {size: image.size for size, image in file.content.items()} == {
        size: (size, size) for size in (16, 24, 32, 48, 256)
    }


@pytest.mark.parametrize(("flet_way", "share"), [(False, 824 / 1024), (True, 0.68)])
def test_a_tile_on_macos_is_as_large_as_its_neighbours(flet_way: bool, share: float) -> None:
    picture = icons_art.picture(icons_art.on("rounded", 512))
    path = slots.MACOS[-1].path
    style = Style(flet_way=flet_way)
    [file] = icons.render(picture, "macos", style, is_own=False, wanted={path}).files
    left, top, right, bottom = (
        file.content.getchannel("A").point(lambda a: 255 * (a > 127)).getbbox()
    )
    assert right - left == pytest.approx(1024 * share, abs=3)
    assert bottom - top == pytest.approx(1024 * share, abs=3)


def test_linux_icons_bear_the_id_of_the_app() -> None:
    paths = [file.path for file in drawn(icons_art.letter(), "linux").files]
    assert "linux/icons/hicolor/24x24/apps/org.example.app.png" in paths
    assert "linux/app_icon.png" in paths


def test_the_background_stands_behind_what_must_be_opaque() -> None:
    for platform, path in (("ios", slots.IOS[-1].path), ("web", slots.WEB[3].path)):
        content = drawn(icons_art.letter(), platform)[path].content
        assert content.getpixel((1, 1)) == STYLE.background


def test_a_picture_for_one_platform_is_not_framed() -> None:
    path = slots.IOS[-1].path
    own, common = (
        drawn(icons_art.on("circle"), "ios", is_own=is_own)[path].content
        for is_own in (True, False)
    )
    assert own.getpixel((80, 512)) != STYLE.background
    assert common.getpixel((80, 512)) == STYLE.background


@pytest.mark.parametrize("platform", PLATFORMS)
def test_only_what_is_wanted_is_drawn(platform: Platform) -> None:
    picture = icons_art.picture(icons_art.on("circle"))
    every = icons.render(picture, platform, STYLE, is_own=False)
    for file in every.files:
        one = icons.render(picture, platform, STYLE, is_own=False, wanted={file.path})
        assert [found.path for found in one.files] == [file.path]
        if isinstance(file.content, Image.Image):
            assert one.files[0].content.tobytes() == file.content.tobytes()
    assert not icons.render(picture, platform, STYLE, is_own=False, wanted=()).files


def test_equal_pictures_are_one_object() -> None:
    done = drawn(icons_art.on("circle"), "ios")
    names = ("20x20@2x", "40x40@1x")
    one, other = (done[f"{slots.IOS_ICONS}/Icon-App-{name}.png"].content for name in names)
    assert one is other
    linux = drawn(icons_art.on("circle"), "linux")
    window, shown = linux["linux/app_icon.png"], linux[slots.linux("org.example.app")[6].path]
    assert window.content is shown.content


@pytest.mark.parametrize("platform", PLATFORMS)
def test_quick_sets_have_the_same_files_none_of_them_large(platform: Platform) -> None:
    image = icons_art.on("circle")
    quick, usual = drawn(image, platform, quick=True), drawn(image, platform)
    assert [file.path for file in quick.files] == [file.path for file in usual.files]
    for file in quick.files:
        if isinstance(file.content, Image.Image):
            assert file.content.width <= 256


def own_ico(tmp_path: Path) -> Path:
    path = tmp_path / "icon_windows.ico"
    path.write_bytes(make.saved(make.logo(64), "ICO", sizes=[(24, 24), (64, 64)]))
    return path


def test_an_own_ico_ships_as_it_is_but_for_flet(tmp_path: Path) -> None:
    path = own_ico(tmp_path)
    picture = icons_art.picture(make.logo(64), format="ico", is_finished=True, path=str(path))
    [file] = icons.render(picture, "windows", STYLE, is_own=True).files
    assert file.content == path.read_bytes()
    for style, is_own in ((Style(flet_way=True), True), (STYLE, False)):
        [file] = icons.render(picture, "windows", style, is_own=is_own).files
        sizes = slots.FLET_WINDOWS_SIZES if style.flet_way else slots.WINDOWS_SIZES
        assert sorted(file.content) == [*sizes]


def test_an_own_ico_that_went_away_is_told(tmp_path: Path) -> None:
    path = own_ico(tmp_path)
    picture = icons_art.picture(make.logo(64), format="ico", is_finished=True, path=str(path))
    path.unlink()
    with pytest.raises(ProjectError) as caught:
        icons.render(picture, "windows", STYLE, is_own=True)
    assert caught.value.problem.code == "picture-not-readable"
    assert "icon_windows.ico" in caught.value.problem.title


SIZES = st.sampled_from([(1, 1), (1, 2), (700, 1), (1, 700), (3, 5), (16, 16), (90, 31)])
COLOURS = st.tuples(*[st.integers(0, 255)] * 4)


@settings(max_examples=60, deadline=None)
@given(
    size=SIZES,
    colours=st.lists(COLOURS, min_size=1, max_size=6),
    platform=st.sampled_from(PLATFORMS),
    is_own=st.booleans(),
    has_alpha=st.booleans(),
    flet_way=st.booleans(),
)
def test_odd_pictures_make_whole_sets(
    size: tuple[int, int],
    colours: list[tuple[int, ...]],
    platform: Platform,
    is_own: bool,
    has_alpha: bool,
    flet_way: bool,
) -> None:
    image = Image.new("RGBA", size)
    image.putdata([colours[at % len(colours)] for at in range(size[0] * size[1])])
    image = image if has_alpha else image.convert("RGB")
    before = image.tobytes()
    small = {slot.path for slot in (*slots.IOS[:3], *slots.MACOS[:3], *slots.ANDROID[:6])}
    small |= {android.MONOCHROME[0].path, ios.DARK[1].path, ios.TINTED[1].path, slots.WINDOWS_ICON}
    small |= {slot.path for slot in slots.WEB[:4]} | {"linux/app_icon.png"}
    done = icons.render(
        icons_art.picture(image),
        platform,
        Style(flet_way=flet_way),
        is_own=is_own,
        wanted=small,
        quick=platform == "ios",
    )
    assert len(done.files) == len(small & {file.path for file in drawn_once(platform)})
    assert image.tobytes() == before


def drawn_once(platform: Platform) -> list[rendered.RenderedFile]:
    if platform not in _SETS:
        _SETS[platform] = list(drawn(icons_art.letter(16), platform, quick=True).files)
    return _SETS[platform]


_SETS: dict[Platform, list[rendered.RenderedFile]] = {}
