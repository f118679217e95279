"""iOS's icons for a dark home screen and for the system's tint, and the catalog that names them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from builder.images import icons, ios, shapes
from builder.images.slots import IOS_ICONS
from builder.images.style import Style
from tests.builder.images import icons_art


def rendered(image: Image.Image, path: str) -> Image.Image:
    done = icons.render(icons_art.picture(image), "ios", Style(), is_own=True, wanted={path})
    [file] = done.files
    assert isinstance(file.content, Image.Image)
    assert file.content.size == (1024, 1024)
    return file.content


def light(image: Image.Image, x: float, y: float) -> int:
    return int(np.asarray(image.convert("L"))[round(y * 1023), round(x * 1023)])


LETTER, GROUND = (0.39, 0.5), (0.8, 0.85)


def test_the_catalog_names_drawn_files_and_their_appearance() -> None:
    picture = icons_art.picture(icons_art.letter())
    done = icons.render(picture, "ios", Style(), is_own=False)
    catalog = json.loads(str(done[ios.CATALOG_PATH].content))
    assert catalog["info"] == {"author": "xcode", "version": 1}
    seen: dict[str, list[tuple[str, str]]] = {"": [], "dark": [], "tinted": []}
    *images, marketing = catalog["images"]
    for image in images:
        scale, points = int(image["scale"][0]), float(image["size"].partition("x")[0])
        side = round(points * scale)
        assert done[f"{IOS_ICONS}/{image['filename']}"].content.size == (side, side)
        assert (image["idiom"], image["platform"]) == ("universal", "ios")
        [appearance] = image.get("appearances", [{"value": ""}])
        seen[appearance["value"]].append((image["size"], image["scale"]))
    assert seen[""] == seen["dark"] == seen["tinted"]
    assert len(seen[""]) == 16
    assert marketing == {
        "filename": "Icon-App-1024x1024@1x.png",
        "idiom": "ios-marketing",
        "scale": "1x",
        "size": "1024x1024",
    }


def test_dark_is_the_art_alone() -> None:
    dark = rendered(icons_art.on("circle"), ios.DARK[-1].path)
    assert dark.mode == "RGBA"
    assert dark.getpixel((2, 2))[3] == 0
    assert light(dark, *LETTER) == 255


def test_dark_art_is_lightened_where_it_would_vanish() -> None:
    dark = rendered(icons_art.letter(colour=(0, 0, 0)), ios.DARK[-1].path)
    assert light(dark, *LETTER) > 240
    assert dark.getpixel((2, 2))[3] == 0


def test_a_bright_opaque_icon_turns_dark_and_keeps_its_hue() -> None:
    dark = rendered(icons_art.opaque(colour=(120, 0, 0)), ios.DARK[-1].path)
    assert dark.mode == "RGB"
    assert light(dark, *GROUND) < 15
    red, green, blue = dark.getpixel((round(LETTER[0] * 1023), round(LETTER[1] * 1023)))
    assert red > 200 > green == blue


def test_a_dark_opaque_icon_stays() -> None:
    icon = icons_art.opaque(1024, (10, 30, 60), (255, 255, 255))
    assert rendered(icon, ios.DARK[-1].path).tobytes() == icon.tobytes()


def test_a_dark_tile_with_bright_art_stays() -> None:
    tile = icons_art.on("rounded", 1024, (30, 30, 40))
    dark = rendered(tile, ios.DARK[-1].path)
    assert light(dark, *LETTER) == 255
    assert light(dark, *GROUND) < 40


def test_a_white_tile_turns_dark_as_a_white_square_does() -> None:
    tile = icons_art.on("rounded", 1024, (255, 255, 255))
    ink = Image.new("RGBA", tile.size, (0, 120, 60, 255))
    tile.paste(ink, (0, 0), icons_art.letter(1024).getchannel("A"))
    dark = rendered(tile, ios.DARK[-1].path)
    assert light(dark, *GROUND) < 15
    assert light(dark, *LETTER) > 100


@pytest.mark.parametrize("is_opaque", [True, False])
def test_a_bright_colour_stays_as_it_does_not_turn_dark(is_opaque: bool) -> None:
    yellow = Image.new("RGBA", (256, 256), (255, 215, 0, 255))
    shape = "square" if is_opaque else "circle"
    yellow.putalpha(shapes.mask(shape, 256))
    yellow.paste((40, 30, 0, 255), (0, 0), icons_art.letter(256).getchannel("A"))
    dark = rendered(yellow.convert("RGB") if is_opaque else yellow, ios.DARK[-1].path)
    assert light(dark, *GROUND) > 180
    assert light(dark, *LETTER) < 50


def test_a_photo_is_dimmed() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype("u1")
    photo = Image.fromarray(noise)
    dark = rendered(photo, ios.DARK[-1].path)
    assert np.asarray(dark).mean() < 0.7 * noise.mean()


def test_tinted_is_grey_on_black_and_as_bright_as_it_gets() -> None:
    tinted = rendered(icons_art.letter(), ios.TINTED[-1].path)
    assert tinted.mode == "L"
    assert light(tinted, *GROUND) == 0
    assert light(tinted, *LETTER) > 225


def test_tinted_black_art_is_white() -> None:
    tinted = rendered(icons_art.letter(colour=(0, 0, 0)), ios.TINTED[-1].path)
    assert light(tinted, *LETTER) > 240
    assert light(tinted, *GROUND) == 0


def test_tinted_keeps_light_and_dark_apart() -> None:
    tinted = rendered(icons_art.on("squircle"), ios.TINTED[-1].path)
    assert 30 < light(tinted, *GROUND) < 150 < light(tinted, *LETTER)


def test_a_bright_ground_is_black_when_tinted() -> None:
    tinted = rendered(icons_art.opaque(), ios.TINTED[-1].path)
    assert light(tinted, *GROUND) == 0
    assert light(tinted, *LETTER) > 200
