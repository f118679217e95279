"""Art is only ever made smaller, and only as far as its frame asks."""

from __future__ import annotations

import pytest
from PIL import Image

from builder.images import framing, measure
from builder.images.framing import Frame
from builder.images.scaling import Art
from tests.builder.images import make

FRAMES = [framing.IOS, framing.MACOS, framing.ANDROID, framing.MASKABLE, framing.SPLASH]


@pytest.mark.parametrize("frame", FRAMES)
def test_full_art_comes_to_its_share(frame: Frame) -> None:
    art = make.logo(512)
    extent = framing.extent(art, frame)
    framed = Art(art).draw(512, extent=extent)
    assert frame.reach(framed) == pytest.approx(frame.share, abs=0.012)


@pytest.mark.parametrize("frame", FRAMES)
def test_framed_art_stays_as_it_is(frame: Frame) -> None:
    art = make.logo(512)
    framed = Art(art).draw(512, extent=framing.extent(art, frame))
    assert framing.extent(framed, frame) == 1


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(
    "art", [make.opaque(), Image.new("RGBA", (9, 9)), Image.new("RGBA", (90, 90))]
)
def test_opaque_and_empty_art_is_never_framed(frame: Frame, art: Image.Image) -> None:
    assert framing.extent(art, frame) == 1


def test_small_art_is_never_enlarged() -> None:
    art = Image.new("RGBA", (100, 100))
    art.paste((0, 0, 0, 255), (45, 45, 55, 55))
    assert {framing.extent(art, frame) for frame in FRAMES} == {1}


def test_what_reaches_off_its_axes_counts_for_a_round_mask() -> None:
    square = Image.new("RGBA", (100, 100))
    square.paste((0, 0, 0, 255), (22, 22, 78, 78))
    assert measure.axis_extent(square) == 0.56
    assert framing.extent(square, framing.IOS) == 1
    assert framing.extent(square, framing.ANDROID) < 0.75
