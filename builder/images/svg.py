"""Reads SVG pictures: judged as text first, then drawn once, large enough for every file.

A drawing may show other pictures, which the renderer would open wherever they lie: one that asks
for any is refused. All else that a drawing can do to harm (`vector.py`) happens elsewhere.
"""

from __future__ import annotations

import re
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from PIL import Image, PngImagePlugin

from builder.images import formats, vector
from builder.problems import ComputerError, Problem, ProjectError
from builder.process import Finished, Tools

Run = Callable[..., Finished]  # as `process.Tools.run`

SIDE = 1152  # of the largest file that is made of it (Android 12's splash): all are reductions
MOST_BYTES = 5_000_000
MOST_ELEMENTS = 50_000
DEEPEST = 100
# Elements that fetch what their href names; on all others it is a note or a link.
_FETCHING = ("image", "feImage", "use")
# The renderer takes for a path what only looks like a mark or like data: neither may lead anywhere.
_INSIDE = re.compile(r"\s*(?:#[^/\\]*|data:[^,#]*,.*)?", re.DOTALL | re.IGNORECASE)
_NAMED_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
# Those that drawings come in; Python knows some more that take for ever to read.
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16|us-ascii|ascii|iso|latin|windows|cp|koi8|shift|euc|gb|big5"
)
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


@dataclass
class _Drawing:
    """What is known of a drawing from its text."""

    text: str
    attributes: dict[str, str] = field(default_factory=dict)  # of the root
    root: str = ""
    elements: int = 0
    depth: int = 0
    deepest: int = 0
    has_text: bool = False
    outside: str = ""  # the first file or address that it asks for
    outside_line: int = 0


def read(data: bytes, path: Path, run: Run | None = None) -> Image.Image:
    """The drawing on a transparent ground, RGBA, `SIDE` pixels on its longest side.

    One that draws nothing is an empty picture. `run` starts the process that draws; a build gives
    its own, so that a cancel ends it. Raises ProjectError, and what `run` raises.
    """
    drawing = _judged(data, path)
    try:
        with tempfile.TemporaryDirectory(prefix="slipway-svg-") as folder:
            return _drawn(drawing, Path(folder), path, run or Tools().run)
    except OSError as error:
        raise ProjectError(_not_drawn(path, f"The system says: {error}.")) from error
    except ComputerError as error:
        raise ProjectError(_not_drawn(path, error.problem.why)) from error


def measure(data: bytes, path: Path) -> tuple[int, int]:
    """Width and height that `read` gives, square where the drawing does not say. Raises as `read`.

    The renderer may round the shorter side by a pixel in another way.
    """
    width, height = _shape(_judged(data, path).attributes)
    scale = SIDE / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


# --- Judged as text ------------------------------------------------------------------------------


def _judged(data: bytes, path: Path) -> _Drawing:
    text = _decoded(_unpacked(data, path), path)
    drawing = _looked_through(text, path)
    if drawing.root != "svg":
        raise ProjectError(_no_drawing(path, drawing.root))
    if drawing.outside:
        raise ProjectError(_asks_for_a_file(path, drawing))
    if drawing.elements > MOST_ELEMENTS or drawing.deepest > DEEPEST:
        raise ProjectError(_too_much(path, _amount(drawing)))
    return drawing


def _unpacked(data: bytes, path: Path) -> bytes:
    if data.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data = unpacker.decompress(data, MOST_BYTES + 1)
        except zlib.error as error:
            raise ProjectError(_no_drawing(path, "")) from error
        if formats.of(data[: formats.HEAD]) != "svg":
            raise ProjectError(_no_drawing(path, ""))
    if len(data) > MOST_BYTES:
        what = f"It has more than {MOST_BYTES // 1_000_000} MB of text."
        raise ProjectError(_too_much(path, what))
    return data


def _decoded(data: bytes, path: Path) -> str:
    """The text; that of both readers, so that what is judged is what is drawn."""
    named = _NAMED_ENCODING.match(data)
    encoding = named[1].decode("ascii").lower() if named else "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        if not _ENCODINGS.match(encoding):
            raise LookupError(encoding)
        return data.decode("utf-8-sig" if encoding in ("utf-8", "utf8") else encoding)
    except (UnicodeError, LookupError) as error:
        raise ProjectError(_not_its_encoding(path, encoding)) from error


def _looked_through(text: str, path: Path) -> _Drawing:
    drawing = _Drawing(text)
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not drawing.elements:
            drawing.root, drawing.attributes = name, attributes
        drawing.elements += 1
        drawing.depth += 1
        drawing.deepest = max(drawing.deepest, drawing.depth)
        drawing.has_text |= name == "text"
        if name in _FETCHING and not drawing.outside:
            drawing.outside = _outside(attributes)
            drawing.outside_line = parser.CurrentLineNumber

    def end(_: str) -> None:
        drawing.depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise ProjectError(_no_xml(path, error)) from error
    return drawing


def _outside(attributes: dict[str, str]) -> str:
    """What an element asks for that is neither in the drawing nor written out in the attribute."""
    for name, value in attributes.items():
        if name.rpartition(":")[2].lower() == "href" and not _INSIDE.fullmatch(value):
            return value.strip()
    return ""


def _shape(attributes: dict[str, str]) -> tuple[float, float]:
    box = _numbers(attributes.get("viewBox", ""))
    wide, high = box[2:] if len(box) == 4 else (0.0, 0.0)
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    if width and height:
        return width, height
    if wide > 0 and high > 0:
        return wide, high
    return 1.0, 1.0


def _numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?", text)]


def _length(text: str | None) -> float:
    """A length in pixels; 0 for none, or one in a unit that depends on what is around."""
    found = re.fullmatch(r"\s*\+?(\d{1,9}\.?\d*|\.\d+)\s*([a-z]*)\s*", text or "")
    return float(found[1]) * _UNITS.get(found[2], 0.0) if found else 0.0


# --- Drawn ---------------------------------------------------------------------------------------


def _drawn(drawing: _Drawing, folder: Path, path: Path, run: Run) -> Image.Image:
    source, target = folder / "drawing.svg", folder / "drawing.png"
    source.write_text(drawing.text, "utf-8", newline="")
    finished = _start(run, source, target, has_text=drawing.has_text)
    if finished.status:
        raise ProjectError(_given_up(path, finished))
    with PngImagePlugin.PngImageFile(target) as png:
        return png.convert("RGBA")


def _start(run: Run, source: Path, target: Path, *, has_text: bool) -> Finished:
    # -c with our sys.path, because the process must find the renderer, wherever it is installed.
    places = [str(Path(place).absolute()) for place in sys.path]
    code = (
        f"import sys; sys.path[:] = {places!r}; "
        "from builder.images.vector import draw; draw(*sys.argv[1:])"
    )
    fonts = "fonts" if has_text else ""
    argv = [sys.executable, "-I", "-S", "-B", "-c", code]
    return run([*argv, str(source), str(target), str(SIDE), fonts], cwd=source.parent)


# --- What can be wrong ---------------------------------------------------------------------------


def _given_up(path: Path, finished: Finished) -> Problem:
    said = " ".join(finished.err).rstrip(".")
    if finished.status != vector.REFUSED:
        return _too_much(path, "Drawing it was given up: it takes too long, or too much memory.")
    if "limit" in said:
        return _too_much(path, "What it repeats adds up to more than a million elements.")
    if "invalid size" in said:
        return _no_size(path)
    return _not_drawn(path, f"The renderer says: {said}.")


def _not_drawn(path: Path, why: str) -> Problem:
    return Problem(
        "svg-not-drawn",
        f"{path.name} cannot be drawn",
        why,
        "Save it anew as “plain SVG”, or as a PNG of 1024 pixels.",
        where=str(path),
    )


def _no_size(path: Path) -> Problem:
    return Problem(
        "svg-without-size",
        f"{path.name} has no size to draw it in",
        "Its width, height or viewBox is zero, or below.",
        "Set the size of the page in the program that made it, and save it again.",
        where=str(path),
    )


def _no_xml(path: Path, error: Exception) -> Problem:
    line = getattr(error, "lineno", 0)
    said = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else ""
    if "amplification" in said:
        return _too_much(path, "What it abbreviates adds up to far more than it holds.")
    return Problem(
        "svg-damaged",
        f"{path.name} is damaged",
        "It begins as an SVG drawing, but its text is not as XML must be"
        + (f": {said}." if said else ".")
        + " It may have been cut short, or edited by hand.",
        "Save it again from the program that made it.",
        where=f"{path}, line {line}" if line else str(path),
    )


def _no_drawing(path: Path, root: str) -> Problem:
    what = (
        f"It holds XML of another kind, “{root[:40]}”."
        if root
        else "It is packed, and what is inside is none."
    )
    return Problem(
        "svg-is-none",
        f"{path.name} holds no SVG drawing",
        what,
        "Choose another picture, or save the drawing as SVG or PNG.",
        where=str(path),
    )


def _not_its_encoding(path: Path, encoding: str) -> Problem:
    return Problem(
        "svg-damaged",
        f"{path.name} is damaged",
        f"Its text should be written as {encoding[:40]}, and is not.",
        "Save it again from the program that made it, as UTF-8 where that can be chosen.",
        where=str(path),
    )


def _asks_for_a_file(path: Path, drawing: _Drawing) -> Problem:
    shown = drawing.outside if len(drawing.outside) <= 60 else drawing.outside[:57] + "…"
    return Problem(
        "svg-asks-for-a-file",
        f"{path.name} shows another file",
        f"It asks for “{shown}”. A picture is read alone: what it asks for may be anybody's, "
        "or not there on the next computer.",
        "Embed that picture in the drawing (in Inkscape: Extensions, Images, Embed Images), or "
        "save it all as a PNG of 1024 pixels.",
        where=f"{path}, line {drawing.outside_line}",
    )


def _too_much(path: Path, why: str) -> Problem:
    return Problem(
        "svg-too-much",
        f"{path.name} is too elaborate to be drawn",
        why,
        "Simplify the drawing, or save it as a PNG of 1024 pixels.",
        where=str(path),
    )


def _amount(drawing: _Drawing) -> str:
    if drawing.deepest > DEEPEST:
        return f"Its groups are nested {drawing.deepest} deep; more than {DEEPEST} are not drawn."
    return f"It has {drawing.elements} elements; more than {MOST_ELEMENTS} are not drawn."
