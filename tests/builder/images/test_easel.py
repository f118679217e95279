"""What an easel draws is shared, framed, and small when it is quick."""

from __future__ import annotations

import gc
import weakref

from builder.images import easel, framing
from builder.images.easel import Easel
from tests.builder.images import icons_art, reference


def test_equal_wishes_get_one_picture() -> None:
    stand = Easel(icons_art.picture(icons_art.letter()), is_own=False)
    assert stand.draw(48) is stand.draw(48)
    assert stand.draw(48, frame=framing.IOS) is stand.draw(48)  # the letter has its margin
    assert stand.draw(48, background=(1, 2, 3)) is not stand.draw(48)


def test_only_a_picture_for_all_platforms_is_framed() -> None:
    picture = icons_art.picture(icons_art.on("circle"))
    assert Easel(picture, is_own=True).extent(framing.IOS) == 1
    assert Easel(picture, is_own=False).extent(framing.IOS) < 0.7
    assert Easel(picture, is_own=False).extent(None) == 1


def test_a_framed_copy_is_as_large_and_square() -> None:
    image = icons_art.on("circle").crop((0, 0, 256, 200))
    framed = Easel(icons_art.picture(image), is_own=False).framed(framing.IOS)
    assert framed.size == (256, 256)
    assert framing.extent(framed, framing.IOS) > 0.95  # its edges are softer than they were


def test_a_quick_drawing_is_small() -> None:
    stand = Easel(icons_art.picture(icons_art.letter()), is_own=True, quick=True)
    assert stand.draw(1024).width == easel.QUICK
    assert stand.draw(20).width == 20


def test_what_is_known_of_an_image_goes_with_it() -> None:
    picture = icons_art.picture(icons_art.on("circle"))
    stand = Easel(picture, is_own=False)
    assert stand.look is Easel(picture, is_own=True, quick=True).look
    gone, known = weakref.ref(picture.image), len(easel._found)
    del picture, stand
    gc.collect()
    assert gone() is None
    assert len(easel._found) < known


def test_what_is_seen_does_not_depend_on_who_looks_first() -> None:
    looks = [
        Easel(icons_art.picture(reference.logo(300)), is_own=False, **how).look
        for how in ({}, {"quick": True}, {"flet_way": True})
    ]
    assert looks[0] == looks[1] == looks[2]
