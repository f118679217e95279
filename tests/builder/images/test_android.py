"""Android's adaptive icon: its layers belong together."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
from PIL import Image

from builder.images import android, icons, shapes
from builder.images.style import Style
from tests.builder.images import icons_art

NAME = "{http://schemas.android.com/apk/res/android}drawable"


def test_the_icon_names_files_that_are_drawn() -> None:
    done = icons.render(icons_art.picture(icons_art.letter()), "android", Style(), is_own=False)
    layers = {
        layer.tag: layer.get(NAME, "") for layer in ElementTree.fromstring(android.ADAPTIVE_ICON)
    }
    assert list(layers) == ["background", "foreground", "monochrome"]
    for layer in ("foreground", "monochrome"):
        kind, name = layers[layer].removeprefix("@").split("/")
        assert any(f"/{kind}-mdpi/{name}.png" in file.path for file in done.files)
    colour = ElementTree.fromstring(str(done[android.COLOUR_PATH].content)).find("color")
    assert colour is not None
    assert layers["background"] == f"@color/{colour.get('name')}"


def test_the_background_is_its_own_colour_or_that_of_all_icons() -> None:
    picture = icons_art.picture(icons_art.letter())
    for style, expected in (
        (Style(background=(1, 2, 3)), "#010203"),
        (Style(background=(1, 2, 3), adaptive_background=(255, 0, 16)), "#ff0010"),
    ):
        content = icons.render(picture, "android", style, is_own=True)[android.COLOUR_PATH].content
        assert f">{expected}<" in str(content)


def test_the_monochrome_layer_lies_where_the_foreground_does() -> None:
    picture = icons_art.picture(icons_art.letter())
    done = icons.render(picture, "android", Style(), is_own=False)
    for slot in android.MONOCHROME:
        layer = done[slot.path].content
        foreground = done[slot.path.replace("monochrome", "foreground")].content
        assert layer.mode == "LA"
        assert layer.size == (slot.size, slot.size)
        assert layer.getchannel("A").tobytes() == foreground.getchannel("A").tobytes()


def test_a_letter_in_a_disc_gives_the_letter() -> None:
    disc, letter = (
        icons.render(icons_art.picture(image), "android", Style(), is_own=True)
        for image in (icons_art.on("circle"), icons_art.letter())
    )
    path = android.MONOCHROME[0].path
    one, other = (np.asarray(done[path].content)[..., 1].astype(float) for done in (disc, letter))
    assert np.abs(one - other).mean() < 5


def test_the_edge_of_a_figure_told_from_its_ground_is_soft() -> None:
    disc = Image.new("RGBA", (512, 512), (20, 60, 160, 255))
    disc.paste((255, 255, 255, 255), (128, 128), shapes.mask("circle", 256))
    path = android.MONOCHROME[0].path
    done = icons.render(icons_art.picture(disc), "android", Style(), is_own=True, wanted={path})
    levels = {*np.asarray(done[path].content)[..., 1].ravel().tolist()}
    assert len(levels) > 16
