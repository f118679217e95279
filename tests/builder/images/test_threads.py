"""Pages draw in one thread while another still does: each gets what it asked for."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from builder.images import icons, previews, rendered, splash
from builder.images.finish import Finish, as_picture, finish
from builder.images.picture import Picture
from builder.images.previews import Choice
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS, Style
from tests.builder.images import icons_art, reference

STYLE = Style(background=(30, 90, 160), splash_icon_dark_background=(9, 9, 30))
OTHER = replace(STYLE, background=(200, 30, 10), macos_style="raw", splash_icon_fit="none")


@pytest.fixture(autouse=True)
def often_another_thread() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def fresh() -> Picture:
    return icons_art.picture(reference.logo(128))


def files(picture: Picture, style: Style) -> dict[str, str]:
    """Every file of all platforms by its digest."""
    sets = [icons.render(picture, platform, style, is_own=False) for platform in PLATFORMS]
    sets += [
        splash.render(picture, None, platform, style, is_icon=True) for platform in SPLASH_PLATFORMS
    ]
    made = (rendered.encode(one).items() for one in sets)
    return {path: digest(data) for files in made for path, data in files}


def scenes(picture: Picture, style: Style, *, quick: bool) -> dict[str, str]:
    choices = dict.fromkeys(PLATFORMS, Choice(picture, False))
    styles = dict.fromkeys(PLATFORMS, style)
    made = previews.icon_scenes(choices, styles, safe_zone=True, quick=quick)
    made += previews.splash_scenes(choices, {}, styles, quick=quick)
    return {
        f"{scene.id} {number}": digest(item.image.tobytes())
        for scene in made
        for number, item in enumerate(scene.items)
    }


def finished(picture: Picture, style: Style) -> dict[str, str]:
    made = as_picture(finish(picture, Finish(padding=0.1), size=128), picture)
    return scenes(made, style, quick=False)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


WORK: list[Callable[[Picture], dict[str, str]]] = [
    lambda picture: files(picture, STYLE),
    lambda picture: scenes(picture, STYLE, quick=False),
    lambda picture: scenes(picture, OTHER, quick=False),
    lambda picture: scenes(picture, STYLE, quick=True),
    lambda picture: finished(picture, OTHER),
]


def test_drawing_at_once_gives_what_drawing_in_turn_does() -> None:
    alone = [work(fresh()) for work in WORK]
    shared, start = fresh(), Barrier(len(WORK))

    def at_once(work: Callable[[Picture], dict[str, str]]) -> dict[str, str]:
        start.wait()
        return work(shared)

    with ThreadPoolExecutor(len(WORK)) as pool:
        assert list(pool.map(at_once, WORK)) == alone


def test_what_one_wishes_is_not_what_another_does() -> None:
    picture = icons_art.picture(icons_art.opaque(8))

    def kept(wish: object, drawn: str) -> object:
        return previews._kept(picture, ("web", False, ()), wish, lambda: [drawn])[0]

    class Wish:
        """While it is compared another thread comes in between."""

        def __eq__(self, other: object) -> bool:
            if isinstance(other, Wish):
                kept("another", "theirs")
            return isinstance(other, Wish)

    assert kept(Wish(), "mine") == "mine"
    assert kept(Wish(), "mine") == "mine"
