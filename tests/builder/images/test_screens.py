"""A picture lies in the middle of its screen, to the pixel, and nothing shows beyond the frame."""

from __future__ import annotations

import pytest
from PIL import Image

from builder.images import screens
from builder.images.screens import DENSITY, System
from builder.images.style import RGB

GROUND: RGB = (11, 110, 153)
RED = (255, 0, 0, 255)


def middle(image: Image.Image) -> tuple[int, int]:
    return image.width // 2, image.height // 2


@pytest.mark.parametrize("system", ["android", "ios"])
def test_a_phone_shows_the_picture_in_the_middle_of_its_screen(system: System) -> None:
    picture = Image.new("RGBA", (40, 40), RED)
    seen = screens.phone(picture, GROUND, system)
    assert seen.size == tuple(DENSITY * side for side in screens.PHONE)
    x, y = middle(seen)
    assert seen.crop((x - 20, y - 20, x + 20, y + 20)).tobytes() == picture.tobytes()
    assert seen.getpixel((x - 21, y)) == seen.getpixel((x + 20, y)) == (*GROUND, 255)
    assert seen.getpixel((x, y + 100)) == (*GROUND, 255)


@pytest.mark.parametrize("system", ["android", "ios"])
def test_a_phone_has_round_corners(system: System) -> None:
    seen = screens.phone(Image.new("RGBA", (1, 1)), GROUND, system)
    for x in (0, seen.width - 1):
        for y in (0, seen.height - 1):
            assert seen.getpixel((x, y))[3] == 0


def test_what_is_too_large_for_a_screen_ends_at_its_frame() -> None:
    large = Image.new("RGBA", (1000, 1000), RED)
    seen = screens.phone(large, GROUND, "android")
    assert seen.getpixel((4, seen.height // 2))[:3] != RED[:3]
    assert seen.getpixel((20, seen.height // 2)) == RED


def ink(ground: RGB) -> int:
    """How bright the line at the foot of the screen is."""
    seen = screens.phone(Image.new("RGBA", (1, 1)), ground, "android").convert("L")
    return seen.getpixel((seen.width // 2, seen.height - 24))


def test_the_signs_are_seen_on_every_ground() -> None:
    assert ink((255, 255, 255)) < 60
    assert ink((20, 20, 20)) > 200


@pytest.mark.parametrize("dark", [False, True])
def test_a_browser_shows_the_picture_in_the_middle_of_its_page(dark: bool) -> None:
    picture = Image.new("RGBA", (60, 60), RED)
    seen = screens.browser(picture, GROUND, dark=dark)
    assert seen.size == tuple(DENSITY * side for side in screens.BROWSER)
    box = seen.getchannel("R").point(lambda value: 255 * (value == 255)).crop((0, 80, 600, 400))
    assert box.getbbox() is not None
    left, top, right, bottom = box.getbbox()
    assert (right - left, bottom - top) == (60, 60)
    assert (left + right) // 2 == seen.width // 2
    assert seen.getpixel((seen.width // 2, seen.height - 10)) == (*GROUND, 255)


def test_a_translucent_picture_lets_the_ground_through() -> None:
    seen = screens.phone(Image.new("RGBA", (20, 20), (255, 255, 255, 128)), (0, 0, 0), "ios")
    assert seen.getpixel(middle(seen)) == (128, 128, 128, 255)


def test_both_tabs_hold_the_icon_as_it_is() -> None:
    icon = Image.effect_noise((32, 32), 80).convert("RGB")
    seen = screens.tabs(icon).convert("RGB")
    for top in (20, seen.height - 72 + 20):
        assert seen.crop((26, top, 58, top + 32)).tobytes() == icon.tobytes()


def test_a_frame_is_drawn_once_and_never_drawn_on() -> None:
    empty = Image.new("RGBA", (1, 1))
    before = screens.phone(empty, GROUND, "ios").tobytes()
    screens.phone(Image.new("RGBA", (90, 90), RED), GROUND, "ios")
    assert screens.phone(empty, GROUND, "ios").tobytes() == before
