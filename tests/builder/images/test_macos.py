"""macOS's tile: who gets one, where it lies, and its shadow."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from builder.images import icons
from builder.images.slots import MACOS, MACOS_ICONS
from builder.images.style import MacosStyle, Style
from tests.builder.images import icons_art

LARGEST = f"{MACOS_ICONS}/app_icon_1024.png"
GREEN = (30, 200, 90)


def rendered(
    image: Image.Image,
    path: str = LARGEST,
    *,
    style: MacosStyle = "auto",
    is_own: bool = True,
    is_finished: bool = False,
    flet_way: bool = False,
    quick: bool = False,
) -> Image.Image:
    picture = icons_art.picture(image, is_finished=is_finished)
    how = Style(background=GREEN, macos_style=style, flet_way=flet_way)
    done = icons.render(picture, "macos", how, is_own=is_own, wanted={path}, quick=quick)
    [file] = done.files
    assert isinstance(file.content, Image.Image)
    assert file.content.mode == "RGBA"
    return file.content


def has_tile(icon: Image.Image) -> bool:
    """Whether there is the tile's colour within its left edge, and the shadow below it."""
    middle = icon.width // 2
    return (
        icon.getpixel((round(icon.width * 0.115), middle)) == (*GREEN, 255)
        and 0 < icon.getpixel((middle, round(icon.width * 0.92)))[3] < 80
    )


def test_art_lies_on_a_tile() -> None:
    icon = rendered(icons_art.letter())
    assert has_tile(icon)
    assert icon.getpixel((100, 100))[3] < 64  # the corner is cut away
    assert icon.getpixel((50, 512))[3] == 0


def test_a_round_logo_lies_on_a_tile_but_for_flet() -> None:
    assert has_tile(rendered(icons_art.on("circle")))
    assert not has_tile(rendered(icons_art.on("circle"), flet_way=True))


@pytest.mark.parametrize("is_own", [True, False])
def test_what_is_a_tile_gets_no_other(is_own: bool) -> None:
    assert not has_tile(rendered(icons_art.on("squircle"), is_own=is_own))


def test_a_finished_icon_gets_none() -> None:
    assert not has_tile(rendered(icons_art.letter(), is_finished=True))


def test_the_setting_decides() -> None:
    assert has_tile(rendered(icons_art.on("squircle"), style="grid", is_own=False))
    assert not has_tile(rendered(icons_art.letter(), style="raw"))


def test_opaque_art_fills_the_tile() -> None:
    icon = rendered(icons_art.opaque(ground=(200, 0, 0)))
    assert icon.getpixel((118, 512)) == (200, 0, 0, 255)
    assert icon.getpixel((50, 512))[3] == 0


@pytest.mark.parametrize("slot", MACOS, ids=lambda slot: str(slot.size))
def test_every_size_shows_the_same(slot) -> None:
    large = rendered(icons_art.letter(1024))
    small = rendered(icons_art.letter(1024), slot.path)
    assert small.size == (slot.size, slot.size)
    reduced = large.resize(small.size, Image.Resampling.LANCZOS)
    one, other = (np.asarray(image).astype(float)[..., 3] for image in (small, reduced))
    assert np.abs(one - other).mean() < 2


def test_a_quick_one_is_small_and_looks_the_same() -> None:
    quick = rendered(icons_art.letter(), quick=True)
    assert quick.size == (256, 256)
    assert has_tile(quick)
