"""Icons drawn from a letter, and the letter that is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder.images import contrast, letter, measure
from builder.images.shapes import Shape
from builder.images.style import RGB
from builder.problems import ProjectError

NAVY: RGB = (10, 20, 90)
ROOT = Path(__file__).resolve().parents[3]


def ink(image: Image.Image, colour: RGB = (255, 255, 255)) -> Image.Image:
    """Where the letters are: as light as they are, or nothing."""
    return image.convert("RGB").convert("L").point(lambda value: 255 * (value > 127))


@pytest.fixture
def no_other_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without fonts."""
    monkeypatch.setattr(letter, "OTHER_FONTS", ())
    letter._font_file.cache_clear()


@pytest.mark.parametrize("text", ["S", "L", "J", "A", "g", ".", "W", "Ab", "jp", "É"])
@pytest.mark.parametrize("shape", ["square", "circle"])
def test_the_ink_is_in_the_middle(text: str, shape: Shape) -> None:
    left, top, right, bottom = ink(letter.draw(text, NAVY, shape, size=400)).getbbox() or (0,) * 4
    assert abs(left + right - 400) <= 2
    assert abs(top + bottom - 400) <= 2


@pytest.mark.parametrize("text", ["S", "I", "W", "M", "WM", "ÅÄ", "gj", "@"])
def test_on_a_square_all_ink_is_in_the_safe_zone_of_android(text: str) -> None:
    drawn = letter.draw(text, NAVY, "square", size=400)
    seen = Image.new("RGBA", drawn.size)
    seen.putalpha(ink(drawn))
    reach = measure.radial_extent(seen)
    assert reach is not None
    assert 0.4 < reach < 66 / 108


@pytest.mark.parametrize("size", [1, 16, 33, 128, 1024, 2048])
def test_any_size(size: int) -> None:
    drawn = letter.draw("S", NAVY, "rounded", size=size)
    assert drawn.size == (size, size)
    assert drawn.mode == "RGBA"


@pytest.mark.parametrize(("shape", "corner"), [("square", 255), ("circle", 0), ("squircle", 0)])
def test_the_ground_has_the_shape(shape: Shape, corner: int) -> None:
    drawn = letter.draw("S", NAVY, shape, size=100)
    assert drawn.getpixel((0, 0))[3] == corner  # type: ignore[index]
    assert drawn.getpixel((50, 2)) == (*NAVY, 255)


def test_small_letters_are_smooth_and_in_place() -> None:
    small = letter.draw("I", NAVY, "square", size=33).convert("L")
    assert small.tobytes() == small.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()


@given(colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_letters_can_be_read_on_any_colour(colour: RGB) -> None:
    assert contrast.ratio(letter._readable_on(colour), colour) >= 4.5


@pytest.mark.parametrize(
    ("colour", "expected"), [((255, 235, 59), 0), ((25, 118, 210), 255), ((0, 0, 0), 255)]
)
def test_white_or_black(colour: RGB, expected: int) -> None:
    # The stroke of an I crosses the very middle.
    middle = letter.draw("I", colour, "circle", size=100).getpixel((50, 50))
    assert middle == (expected, expected, expected, 255)


def test_two_letters_are_two() -> None:
    assert letter.draw("AB", NAVY, "square").tobytes() != letter.draw("A", NAVY, "square").tobytes()
    assert letter.draw(" A B ", NAVY, "square") == letter.draw("AB", NAVY, "square")


def test_a_letter_with_its_accent_apart_is_one() -> None:
    assert letter.draw("e\u0301", NAVY, "square") == letter.draw("é", NAVY, "square")
    letter.draw("e\u0301e\u0301", NAVY, "square", size=16)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "abc", "a b c"])
def test_none_or_too_many(text: str) -> None:
    with pytest.raises(ProjectError) as error:
        letter.draw(text, NAVY, "square")
    assert error.value.problem.code == "letter-count"


@pytest.mark.usefixtures("no_other_font")
@pytest.mark.parametrize("text", ["漢", "ع", "A漢", "🚀", "👨‍👩‍👧", "\ud800", "\0", "\uffff"])
def test_letters_that_no_font_has(text: str) -> None:
    with pytest.raises(ProjectError) as error:
        letter.draw(text, NAVY, "square", size=16)
    problem = error.value.problem
    assert problem.code == "letter-no-font"
    assert "“A”" not in problem.title
    assert f"{problem.title} {problem.why} {problem.do}".encode()  # it can be sent and shown


def test_a_font_of_the_computer_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    mono = str(ROOT / "assets" / "fonts" / "JetBrainsMonoNL-Regular.ttf")
    monkeypatch.setattr(letter, "OTHER_FONTS", ("no such font.ttf", mono))
    letter._font_file.cache_clear()
    assert ink(letter.draw("▟", NAVY, "square", size=64)).getbbox()
    letter._font_file.cache_clear()


@pytest.mark.parametrize("shape", ["", "star", None])
def test_shapes_that_are_not_known(shape: Any) -> None:
    with pytest.raises(ValueError, match="shape"):
        letter.draw("A", NAVY, shape)


@pytest.mark.parametrize("size", [0, -5, 5000])
def test_sizes_out_of_range(size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        letter.draw("A", NAVY, "square", size=size)


@pytest.mark.usefixtures("no_other_font")
@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=3), colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_whatever_is_typed(text: str, colour: RGB) -> None:
    try:
        drawn = letter.draw(text, colour, "rounded", size=24)
    except ProjectError as error:
        problem = error.problem
        assert problem.code in ("letter-count", "letter-no-font")
        assert problem.title.encode()
        return
    assert drawn.size == (24, 24)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("slipway", "S"),
        ("", "A"),
        ("   ", "A"),
        ("éclair", "É"),
        ("e\u0301clair", "É"),
        ("_private", "P"),
        ("“quoted”", "Q"),
        ("3D Printer", "3"),
        ("2048", "2"),
        ("🚀 Rocket", "R"),
        ("🚀", "A"),
        ("漢字", "漢"),
        ("हिन्दी", "ह"),
        ("жук", "Ж"),
        ("ßharp", "ß"),
        ("ﬁne", "F"),
        ("Ｗide", "W"),
        ("\u0301", "A"),
        ("\ud800x", "X"),
    ],
)
def test_the_letter_that_is_proposed(name: str, expected: str) -> None:
    assert letter.suggested(name) == expected


@given(name=st.text())
def test_one_letter_is_proposed_for_any_name(name: str) -> None:
    assert len(letter._seen_as_one(letter.suggested(name))) == 1
