"""Draws an icon from a letter or two, a colour and a shape, for an app that has no picture yet."""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from PIL import Image, ImageDraw, ImageFont

from builder.images import contrast, shapes
from builder.images.shapes import Shape
from builder.images.style import RGB, WHITE
from builder.problems import Problem, ProjectError

SHAPES: tuple[Shape, ...] = get_args(Shape)
MOST_LETTERS = 2
LARGEST = 2048

FONT = Path(__file__).resolve().parents[2] / "assets" / "fonts" / "Roboto-Bold.ttf"

# Fonts that systems bring along for the letters that Roboto lacks: Debian and its like, Windows,
# macOS. They are looked for by name, and the first that has all letters is taken.
OTHER_FONTS = (
    *("NotoSansCJK-Bold.ttc", "NotoSansArabic-Bold.ttf", "NotoSansHebrew-Bold.ttf"),
    *("NotoSansDevanagari-Bold.ttf", "NotoSansThai-Bold.ttf", "DejaVuSans-Bold.ttf"),
    *("DroidSansFallbackFull.ttf", "wqy-zenhei.ttc", "wqy-microhei.ttc", "FreeSansBold.ttf"),
    *("segoeuib.ttf", "arialbd.ttf", "msyhbd.ttc", "YuGothB.ttc", "malgunbd.ttf"),
    *("NirmalaB.ttf", "Nirmala.ttc", "LeelaUIb.ttf", "seguisym.ttf"),
    *("Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc", "Arial Unicode.ttf", "Arial Bold.ttf"),
)

# The height of a capital and the circle that holds all ink, as shares of the canvas. A square fills
# the whole layer of Android's adaptive icon, of which only a circle of 0.61 is surely seen; the
# other shapes are framed there.
_SHARES: dict[Shape, tuple[float, float]] = {
    "square": (0.5, 0.6),
    "rounded": (0.55, 0.7),
    "squircle": (0.55, 0.7),
    "circle": (0.55, 0.7),
}

BLACK: RGB = (0, 0, 0)

_FINE = (
    512  # smaller icons are drawn larger and reduced, so that letters stand to a part of a pixel
)
_TRIAL = 256  # points at which letters are measured
_NO_CHARACTER = "\uffff"  # no font has it, so it looks as all do that a font has not
_JOINER = "\u200d"
_SKIN = range(0x1F3FB, 0x1F400)


def draw(letters: str, colour: RGB, shape: Shape, *, size: int = 1024) -> Image.Image:
    """The icon, RGBA, a square of `size` pixels (1 to 2048), transparent outside of the shape.

    The letters are white or black, whichever is read better on the colour. Raises ProjectError
    where there are none or too many, or no font has them; ValueError for another shape or size.
    """
    if shape not in SHAPES:
        raise ValueError(f"{shape!r} is not a shape")
    if not 1 <= size <= LARGEST:
        raise ValueError(f"size is {size!r}, not 1 to {LARGEST}")
    text = _letters(letters)
    icon = Image.new("RGB", (size, size), colour)
    icon.paste(_readable_on(colour), (0, 0), _ink(text, _font_file(text), shape, size))
    icon.putalpha(shapes.mask(shape, size))
    return icon


def suggested(name: str) -> str:
    """The letter for a product of this name: its first letter or digit, "A" where there is none."""
    plain = unicodedata.normalize("NFKC", name)
    first = next((character for character in plain if character.isalnum()), "A")
    return first.upper() if len(first.upper()) == 1 else first


def _letters(typed: str) -> str:
    """What was typed, without spaces. Raises ProjectError where that is not a letter or two."""
    text = unicodedata.normalize("NFC", "".join(typed.split()))
    count = len(_seen_as_one(text))
    if 1 <= count <= MOST_LETTERS:
        return text
    raise ProjectError(
        Problem(
            "letter-count",
            "An icon needs a letter" if count == 0 else "An icon has room for two letters",
            "They are all that can be read at the size of a favicon.",
            "Type one letter or two, such as the initials of the app.",
        )
    )


def _seen_as_one(text: str) -> list[str]:
    """The text in parts that people call one character: a letter with its marks, an emoji."""
    parts: list[str] = []
    for character in text:
        goes_on = parts and (
            unicodedata.category(character).startswith("M")
            or character == _JOINER
            or ord(character) in _SKIN
            or parts[-1].endswith(_JOINER)
        )
        if goes_on:
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _readable_on(colour: RGB) -> RGB:
    """White or black: one of them has a contrast of at least 4.5 to any colour."""
    return max(WHITE, BLACK, key=lambda ink: contrast.ratio(ink, colour))


@functools.lru_cache(maxsize=64)
def _font_file(text: str) -> Path:
    """A font that has all of the text. Raises ProjectError where none is found."""
    font = ImageFont.truetype(FONT, 40)
    lacking = _lacking(font, text)
    if not lacking:
        return FONT
    for name in OTHER_FONTS:
        try:
            other = ImageFont.truetype(name, 40)
        except OSError:  # not on this computer
            continue
        if not _lacking(other, text):
            return Path(str(other.path))
    raise ProjectError(_no_font(lacking[0]))


def _lacking(font: ImageFont.FreeTypeFont, text: str) -> Sequence[str]:
    """The characters that the font draws as it draws what it does not have, or as nothing."""
    nothing = _glyph(font, _NO_CHARACTER)
    return [character for character in text if _glyph(font, character) in (nothing, None)]


def _glyph(font: ImageFont.FreeTypeFont, character: str) -> tuple[object, bytes] | None:
    if unicodedata.category(character) in ("Cs", "Cc"):
        return None  # half a character, or a control
    mask = font.getmask(character, "L")
    return (mask.size, bytes(mask)) if mask.getbbox() else None


def _ink(text: str, file: Path, shape: Shape, size: int) -> Image.Image:
    """Where the letters cover the canvas (mode L), centred by what is seen of them."""
    times = math.ceil(_FINE / size)
    side = size * times
    # Our own font is set in the same way on every computer; others may need their scripts' rules.
    engine = ImageFont.Layout.BASIC if file == FONT else None
    trial = ImageFont.truetype(file, _TRIAL, layout_engine=engine)
    height, circle = (side * share for share in _SHARES[shape])
    capital = _drawn("H", trial).height
    drawn = _drawn(text, trial)
    points = _TRIAL * min(height / capital, circle / math.hypot(*drawn.size))
    ink = _drawn(text, trial.font_variant(size=points))
    canvas = Image.new("L", (side, side))
    canvas.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    return canvas.reduce(times) if times > 1 else canvas


def _drawn(text: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """The text cut to its ink, at least a pixel."""
    left, top, right, bottom = font.getbbox(text)
    room = round(font.size)  # marks and swashes leave the box that a font tells
    canvas = Image.new("L", (round(right - left) + 2 * room, round(bottom - top) + 2 * room))
    ImageDraw.Draw(canvas).text((room - left, room - top), text, 255, font)
    return canvas.crop(canvas.getbbox() or (0, 0, 1, 1))


def _no_font(character: str) -> Problem:
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return Problem(
        "letter-no-font",
        f"Slipway's font has no “{shown}”",
        "Nor has any font of this computer that Slipway knows.",
        "Type another letter, or install a font of the Noto family for this writing, and start "
        "Slipway anew. Emoji are pictures of their own: save one as PNG, and take that.",
    )
