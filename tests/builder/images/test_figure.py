"""The figure of an icon, told from its ground: the letter, never the disc around it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageChops

from builder.images import figure, shapes
from builder.images.figure import Ground
from tests.builder.images import icons_art

SIDE = figure.SIDE


def seen_figure(image: Image.Image) -> np.ndarray:
    art = image.convert("RGBA").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(figure.figure(figure.look(art), art)).astype(float) / 255


def the_letter() -> np.ndarray:
    return seen_figure(icons_art.letter())


def gradient(image: Image.Image) -> Image.Image:
    """The icon with its ground growing redder to the right."""
    red, green, blue, alpha = image.split()
    ramp = Image.linear_gradient("L").rotate(90).resize(image.size)
    ground = ImageChops.difference(red, Image.new("L", red.size, 255)).point([0] + [255] * 255)
    return Image.merge(
        "RGBA", (Image.composite(ramp.point(lambda v: v // 2), red, ground), green, blue, alpha)
    )


@pytest.mark.parametrize(
    "icon",
    [
        icons_art.on("circle"),
        icons_art.on("squircle"),
        icons_art.on("rounded", colour=(20, 20, 20)),
        icons_art.opaque(),
        icons_art.opaque(ground=(200, 40, 90), colour=(255, 255, 255)),
        gradient(icons_art.on("squircle")),
    ],
    ids=["disc", "squircle", "black tile", "on white", "on red", "gradient"],
)
def test_the_letter_is_told_from_what_it_stands_on(icon: Image.Image) -> None:
    assert np.abs(seen_figure(icon) - the_letter()).mean() < 0.02


def test_a_disc_on_a_coloured_square_is_no_figure_either() -> None:
    icon = Image.new("RGBA", (256, 256), (250, 200, 90, 255))
    icon.alpha_composite(icons_art.on("circle"))
    assert np.abs(seen_figure(icon) - the_letter()).mean() < 0.03


def test_a_glow_behind_the_letter_stays_faint() -> None:
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - 0.5
    glow = np.clip(1 - np.hypot(x, y) * 2, 0, 1)[..., None]
    colours = np.array([130, 40, 120]) + glow * np.array([110, 70, -60])
    icon = Image.fromarray(colours.astype("u1")).convert("RGBA")
    letter = icons_art.letter(SIDE, (255, 255, 255))
    icon.alpha_composite(letter)
    found, expected = seen_figure(icon), np.asarray(letter.getchannel("A")) / 255
    assert found[expected == 1].mean() > 0.95
    assert found[expected == 0].mean() < 0.1


def test_tiles_side_by_side_all_stay_visible() -> None:
    tiles = Image.new("RGBA", (SIDE, SIDE))
    for at, colour in enumerate([(240, 80, 40), (20, 60, 20), (0, 160, 240), (255, 185, 0)]):
        x, y = at % 2 * 30 + 4, at // 2 * 30 + 4
        tiles.paste((*colour, 255), (x, y, x + 27, y + 27))
    found = figure.figure(figure.look(tiles), tiles)
    assert found.crop((5, 5, 30, 30)).getextrema()[0] > 90
    assert found.crop((35, 5, 60, 30)).getextrema()[0] > 90
    assert found.getpixel((1, 1)) == 0


def test_a_letter_of_its_own_is_its_silhouette() -> None:
    art = icons_art.letter(SIDE)
    found = figure.figure(figure.look(art), art)
    assert found.tobytes() == art.getchannel("A").tobytes()


def test_two_colours_side_by_side_are_one_figure() -> None:
    art = Image.new("RGBA", (SIDE, SIDE))
    art.paste((20, 90, 200, 255), (0, 0), shapes.mask("circle", SIDE))
    half = art.crop((0, SIDE // 2, SIDE, SIDE)).getchannel("A")
    art.paste((250, 200, 40, 255), (0, SIDE // 2), half)
    art.paste((0, 0, 0, 0), (24, 24, 64, 64))
    found = figure.figure(figure.look(art), art)
    assert found.tobytes() == art.getchannel("A").tobytes()


def test_a_plain_disc_is_itself() -> None:
    disc = Image.new("RGBA", (SIDE, SIDE))
    disc.paste((200, 0, 0, 255), (0, 0), shapes.mask("circle", SIDE))
    look = figure.look(disc)
    assert look.is_solid
    assert not look.layers
    assert figure.figure(look, disc).tobytes() == disc.getchannel("A").tobytes()


def test_a_detail_is_no_figure() -> None:
    disc = Image.new("RGBA", (SIDE, SIDE))
    disc.paste((200, 0, 0, 255), (0, 0), shapes.mask("circle", SIDE))
    disc.paste((255, 255, 255, 255), (30, 30, 35, 35))
    assert not figure.look(disc).layers


def test_a_photo_shows_its_light() -> None:
    random = np.random.default_rng(3)
    noise = random.integers(0, 255, (SIDE, SIDE, 3)).astype("u1")
    noise[:, : SIDE // 2] //= 4
    found = seen_figure(Image.fromarray(noise))
    assert found[:, SIDE // 2 :].mean() > found[:, : SIDE // 2].mean() + 0.3


def test_art_that_is_drawn_smaller_has_its_ground_with_it() -> None:
    art = gradient(icons_art.on("squircle", SIDE))
    look = figure.look(art)
    small = Image.new("RGBA", (SIDE, SIDE))
    small.paste(art.resize((SIDE // 2, SIDE // 2), Image.Resampling.BOX), (SIDE // 4, SIDE // 4))
    found = np.asarray(figure.figure(look, small, 0.5)).astype(float) / 255
    corner = found[SIDE // 4 : SIDE // 4 + 6, SIDE // 4 + 2 : SIDE * 3 // 4 - 2]
    assert corner.mean() < 0.1
    assert found.max() > 0.9


def test_dark_and_bright() -> None:
    assert figure.look(icons_art.letter(SIDE, (20, 20, 20))).is_dark
    assert not figure.look(icons_art.letter(SIDE, (200, 200, 20))).is_dark
    assert figure.look(icons_art.opaque(SIDE).convert("RGBA")).is_on_bright
    dark = icons_art.opaque(SIDE, (20, 20, 60), (255, 255, 255))
    assert not figure.look(dark.convert("RGBA")).is_on_bright


def test_a_ground_changes_evenly() -> None:
    ground = Ground((100.0, 100.0, 100.0), (50.0, 0.0, 0.0), (0.0, -20.0, 0.0))
    painted = ground.painted(101)
    assert painted.getpixel((50, 50)) == (100, 100, 100)
    assert painted.getpixel((100, 0)) == (150, 120, 100)
    assert ground.at(9, 0) == (255, 100, 100)


@pytest.mark.parametrize("size", [(1, 1), (64, 1), (1, 64), (3, 3)])
@pytest.mark.parametrize("alpha", [0, 7, 255])
def test_odd_art_can_be_looked_at(size: tuple[int, int], alpha: int) -> None:
    art = Image.new("RGBA", (SIDE, SIDE))
    art.paste((9, 90, 200, alpha), (0, 0, *size))
    assert figure.figure(figure.look(art), art).size == art.size
