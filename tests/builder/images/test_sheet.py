"""The sheet has every scene, by day and by night, and its small icons in their very pixels."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import sheet
from builder.images.previews import TITLES, Ground, Item, Scene
from builder.images.screens import BROWSER, DENSITY, PHONE
from builder.images.style import PLATFORMS, Platform

Colour = tuple[int, int, int]


def scene(id: str, colour: Colour, *sizes: tuple[int, int]) -> Scene:
    """A scene with items of one colour."""
    platform = id.removeprefix("splash-").split("-")[0]
    assert platform in PLATFORMS
    ground: Ground = "light"
    if id.startswith("splash-"):
        ground = "dark" if id.endswith("dark") else "light"
    items = [
        Item(Image.new("RGB", (DENSITY * width, DENSITY * height), colour), width, height)
        for width, height in sizes
    ]
    return Scene(id, platform, ground, items)


def colours() -> Iterator[Colour]:
    """Ones that nothing else on a sheet has."""
    yield from ((255, 0, 200 - number) for number in range(100))


def whole() -> dict[Colour, Scene]:
    """A scene of each kind by its colour."""
    return {colour: _sized(id, colour) for id, colour in zip(TITLES, colours(), strict=False)}


def _sized(id: str, colour: Colour) -> Scene:
    if not id.startswith("splash-"):
        return scene(id, colour, (60, 60))
    return scene(id, colour, BROWSER if "web" in id else PHONE)


def counts(image: Image.Image) -> Counter[object]:
    """How many pixels of each colour there are."""
    found = image.getcolors(image.width * image.height) or []
    return Counter({colour: number for number, colour in found})


def draw(scenes: Sequence[Scene], title: str = "Tide Table") -> Image.Image:
    return sheet.draw(title, scenes)


def test_every_scene_is_on_both_halves_and_splash_screens_on_theirs() -> None:
    scenes = whole()
    seen = counts(draw(list(scenes.values())))
    for colour, one in scenes.items():
        pixels = sum(item.image.width * item.image.height for item in one.items)
        halves = 1 if one.id.startswith("splash-") else 2
        assert seen[colour] == halves * pixels, one.id


def test_one_half_is_light_and_the_other_dark() -> None:
    image = draw(list(whole().values())).convert("L")
    assert image.getpixel((3, 3)) > 230
    assert image.getpixel((3, image.height - 3)) < 40


def test_everything_keeps_its_distance_from_the_edge() -> None:
    image = draw(list(whole().values()), "A very long name of an app " * 20)
    for theme, top, bottom in (("light", 0, 1000), ("dark", image.height - 1000, image.height)):
        for left in (0, image.width - 80):
            strip = image.crop((left, top, left + 80, bottom))
            assert strip.getcolors(1) is not None, theme


def test_an_icon_of_true_size_has_its_pixels_doubled() -> None:
    icon = Image.effect_noise((16, 16), 100).convert("RGB")
    item = Item(icon, 16, 16)
    image = draw([Scene("windows-taskbar", "windows", "light", [item])])
    tile = image.crop((56 * DENSITY, 0, (56 + 172) * DENSITY, image.height))
    doubled = icon.resize((32, 32), Image.Resampling.NEAREST)
    left = (tile.width - 32) // 2
    assert any(
        tile.crop((left, top, left + 32, top + 32)).tobytes() == doubled.tobytes()
        for top in range(image.height - 32)
    )


def test_an_item_lets_its_ground_through() -> None:
    clear = Item(Image.new("RGBA", (120, 120)), 60, 60)
    empty = draw([Scene("macos-dock", "macos", "wall-dark", [])])
    assert draw([Scene("macos-dock", "macos", "wall-dark", [clear])]).tobytes() == empty.tobytes()


@settings(max_examples=6, deadline=None)
@given(st.sets(st.sampled_from(list(TITLES)), min_size=1), st.text(max_size=40))
def test_any_scenes_and_any_name_make_a_sheet(ids: set[str], title: str) -> None:
    scenes = [one for one in whole().values() if one.id in ids]
    seen = counts(draw(scenes, title if sheet.can_write(title) else ""))
    for colour, one in whole().items():
        assert (seen[colour] > 0) == (one.id in ids)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_platforms_have_titles(platform: Platform) -> None:
    assert sheet.PLATFORM_TITLES[platform]


@pytest.mark.parametrize("text", ["Tide Table", "Gezeiten – Übersicht", "Погода", "Ρυθμός", ""])
def test_what_can_be_written(text: str) -> None:
    assert sheet.can_write(text)


@pytest.mark.parametrize("text", ["海の天気", "Tide 🌊", "नमस्ते", "a\0b", "x\ty", "two\nlines"])
def test_what_cannot_be_written(text: str) -> None:
    assert not sheet.can_write(text)


class TestFile:
    def test_the_file_is_the_sheet_and_says_who_made_it(self) -> None:
        image = draw([scene("macos-dock", (255, 0, 9), (60, 60))])
        with Image.open(io.BytesIO(sheet.encode(image))) as read:
            read.load()
            assert read.tobytes() == image.tobytes()
            assert read.text["Software"].startswith("Slipway")

    def test_ours_is_known_again(self, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        path.write_bytes(sheet.encode(Image.new("RGB", (8, 8))))
        assert sheet.is_ours(path)

    def test_others_are_not_ours(self, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        assert not sheet.is_ours(path)
        for data in (b"", b"\x89PNG", sheet.encode(Image.new("L", (8, 8)))[1:]):
            path.write_bytes(data)
            assert not sheet.is_ours(path)
        Image.new("RGB", (8, 8)).save(path)
        assert not sheet.is_ours(path)
        path.write_bytes(sheet.encode(Image.new("RGB", (8, 8))))
        with Image.open(path) as image:
            image.save(path)  # an edited one is the user's own
        assert not sheet.is_ours(path)
        assert not sheet.is_ours(tmp_path)
