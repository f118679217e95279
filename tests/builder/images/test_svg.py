"""Drawings: drawn right, and harmless whatever they ask for."""

from __future__ import annotations

import base64
import gzip
import sys
from pathlib import Path

import pytest
from PIL import Image

from builder.images import picture, svg
from builder.problems import ComputerError, Problem, ProjectError
from builder.process import Finished, Tools
from tests.builder.images import make

HERE = Path("logo.svg")
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100"'


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn small, which is fast."""
    monkeypatch.setattr(svg, "SIDE", 48)


def problem(text: str | bytes) -> Problem:
    with pytest.raises(ProjectError) as told:
        svg.read(text.encode() if isinstance(text, str) else text, HERE)
    found = told.value.problem
    assert found.title
    assert found.why
    assert found.do
    assert "logo.svg" in found.where
    return found


def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Finished:
        raise AssertionError("it was drawn")

    monkeypatch.setattr(Tools, "run", fail)


def test_a_drawing_is_drawn_large_enough_for_every_file(tmp_path: Path) -> None:
    path = tmp_path / "icon.svg"
    path.write_text(make.LOGO_SVG)
    read = picture.read(path)
    assert (read.format, read.width, read.height, read.is_finished) == ("svg", 1152, 1152, False)
    assert read.image.mode == "RGBA"
    assert read.image.getpixel((576, 576)) == (20, 110, 230, 255)
    assert read.image.getpixel((0, 0)) == (0, 0, 0, 0)
    assert picture.measure(path) == ("svg", 1152, 1152)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 200 100"', (48, 24)),
        ('width="10mm" height="20mm"', (24, 48)),
        ('width="1e9" height="1e9"', (48, 48)),
        ('viewBox="0 0 100000 1"', (48, 1)),
    ],
)
def test_the_shape_is_kept(attributes: str, size: tuple[int, int]) -> None:
    data = make.svg("<rect width='1' height='1'/>", attributes).encode()
    assert svg.read(data, HERE).size == size
    assert svg.measure(data, HERE) == size


@pytest.mark.usefixtures("small")
def test_an_opaque_drawing_is_opaque(tmp_path: Path) -> None:
    path = tmp_path / "icon.svg"
    path.write_text(make.svg("<rect width='100' height='100' fill='red'/>"))
    assert picture.read(path).image.mode == "RGB"


@pytest.mark.usefixtures("small")
def test_a_drawing_of_nothing_is_an_empty_picture() -> None:
    assert svg.read(make.svg("").encode(), HERE).getchannel("A").getextrema() == (0, 0)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(make.LOGO_SVG.encode(), mtime=0),
        b"\xef\xbb\xbf" + make.LOGO_SVG.encode(),
        make.LOGO_SVG.encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?><!-- \xe4 -->' + make.LOGO_SVG.encode(),
        b'<?xml version="1.0"?>\n<!-- ' + b"long " * 2000 + b"-->" + make.LOGO_SVG.encode(),
        b'<!DOCTYPE svg [<!ENTITY blue "#146ee6">]>'
        + make.LOGO_SVG.replace("#146ee6", "&blue;").encode(),
        make.LOGO_SVG.replace("<", "<s:")
        .replace("<s:/", "</s:")
        .replace("xmlns=", "xmlns:s=")
        .encode(),
    ],
    ids=["gzip", "mark", "utf-16", "latin-1", "comment", "entity", "prefix"],
)
def test_drawings_come_in_many_dresses(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "icon.svg"
    path.write_bytes(data)
    assert picture.read(path).image.getpixel((24, 24)) == (20, 110, 230, 255)


@pytest.mark.usefixtures("small")
def test_text_is_drawn_with_the_fonts_of_the_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = Tools.run

    def listen(self: Tools, argv: list[str], *, cwd: Path) -> Finished:
        asked.append(argv[-1])
        return run(self, argv, cwd=cwd)

    monkeypatch.setattr(Tools, "run", listen)
    svg.read(make.svg("<text y='50'>A</text>").encode(), HERE)
    svg.read(make.LOGO_SVG.encode(), HERE)
    assert asked == ["fonts", ""]  # looking for fonts takes time


# --- What it may not see -------------------------------------------------------------------------


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A picture that nobody may see: all red."""
    path = tmp_path / "secret.png"
    Image.new("RGB", (8, 8), "red").save(path)
    return path


SHOWING = [
    '<image href="{}" width="100" height="100"/>',
    '<image xlink:href="{}" width="100" height="100"/>',
    '<image xmlns:q="http://www.w3.org/1999/xlink" q:href=" {}" width="100" height="100"/>',
    '<q:image xmlns:q="http://www.w3.org/2000/svg" href="{}" width="100" height="100"/>',
    '<filter id="f" x="0" y="0" width="1" height="1"><feImage href="{}"/></filter>'
    '<rect width="100" height="100" filter="url(#f)"/>',
    '<use href="{}#all" width="100" height="100"/>',
]


@pytest.mark.parametrize("showing", SHOWING)
def test_other_files_are_refused_before_anything_is_drawn(
    showing: str, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_drawn(monkeypatch)
    monkeypatch.chdir(secret.parent)
    for href in (
        str(secret),
        secret.as_uri(),
        "secret.png",
        "../x/secret.png",
        "http://127.0.0.1/",
        "#/../secret.png",
        "#\\..\\secret.png",
        "data:/../secret.png",
        "data:#,/../../secret.png",
    ):
        found = problem(make.svg("\n" + showing.format(href), XLINK))
        assert found.code == "svg-asks-for-a-file"
        assert found.where == "logo.svg, line 2"


def test_a_name_put_together_by_entities_is_refused(
    secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_drawn(monkeypatch)
    text = make.svg(f'<image href="&x;{secret.name}" width="100" height="100"/>')
    folder = f"{secret.parent.as_posix()}/"
    assert problem(f'<!DOCTYPE svg [<!ENTITY x "{folder}">]>{text}').code == "svg-asks-for-a-file"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "inside",
    [
        "<style>@import '{0}'; image{{href:url({0})}} rect{{fill:url({0})}}</style>"
        "<image width='100' height='100'/><rect width='100' height='100'/>",
        "<image style='href:url({0})' width='100' height='100'/>",
        "<image xml:base='{0}' href='#' width='100' height='100'/>",
        "<a href='{0}'><rect width='1' height='1'/></a>",
    ],
)
def test_no_other_way_shows_them(inside: str, secret: Path) -> None:
    drawn = svg.read(make.svg(inside.format(secret)).encode(), HERE)
    assert drawn.getchannel("R").getextrema()[1] == 0


@pytest.mark.usefixtures("small")
def test_a_drawing_in_the_drawing_may_not_either(secret: Path) -> None:
    inner = make.svg(f'<image href="{secret}" width="100" height="100"/>')
    coded = base64.b64encode(inner.encode()).decode()
    href = f"data:image/svg+xml;base64,{coded}"
    outer = make.svg(f'<image href="{href}" width="100" height="100"/>')
    assert svg.read(outer.encode(), HERE).getchannel("A").getextrema() == (0, 0)


@pytest.mark.usefixtures("small")
def test_a_picture_inside_the_drawing_is_shown(secret: Path) -> None:
    coded = base64.b64encode(secret.read_bytes()).decode()
    text = make.svg(f'<image href="data:image/png;base64,{coded}" width="100" height="100"/>')
    assert svg.read(text.encode(), HERE).getpixel((24, 24)) == (255, 0, 0, 255)


def test_entities_are_no_way_to_files(secret: Path) -> None:
    text = make.svg("<text>&x;</text>")
    assert problem(f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{text}').code in (
        "svg-damaged",
        "svg-not-drawn",
    )


# --- What it may not do --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (make.svg("<g>" * 101 + "</g>" * 101), "svg-too-much"),
        (make.svg("<g/>" * 50_001), "svg-too-much"),
        (make.svg(f"<!--{'x' * 5_000_000}-->"), "svg-too-much"),
        ("<svg", "svg-damaged"),
        ("<svg xmlns='http://www.w3.org/2000/svg'>\n<g>", "svg-damaged"),
        ("<plist><svg/></plist>", "svg-is-none"),
        (gzip.compress(b"<svg>", mtime=0), "svg-damaged"),
        (gzip.compress(b"<svg>", mtime=0)[:12], "svg-is-none"),
        (gzip.compress(b"a text", mtime=0), "svg-is-none"),
        (b"\x1f\x8bnothing", "svg-is-none"),
        (b'<?xml version="1.0" encoding="utf-8"?><svg>\xff</svg>', "svg-damaged"),
        (b'<?xml version="1.0" encoding="klingon"?><svg/>', "svg-damaged"),
        (b'<?xml version="1.0" encoding="isolation"?><svg/>', "svg-damaged"),
        (b'<?xml version="1.0" encoding="punycode"?><svg/>' + b"9" * 400_000, "svg-damaged"),
        (gzip.compress(bytes(50_000_000), mtime=0), "svg-is-none"),
        (gzip.compress(make.svg(" " * 9_000_000).encode(), mtime=0), "svg-too-much"),
    ],
)
def test_what_is_told_without_drawing(
    text: str | bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_is_drawn(monkeypatch)
    assert problem(text).code == code


def test_the_line_of_a_fault_is_told() -> None:
    assert problem("<svg>\n<g>\n</svg>").where == "logo.svg, line 3"


def test_entities_that_blow_up_are_refused() -> None:
    many = "".join(f'<!ENTITY e{i} "' + f"&e{i - 1};" * 10 + '">' for i in range(1, 10))
    text = make.svg("<text>&e9;</text>")
    assert problem(f'<!DOCTYPE svg [<!ENTITY e0 "0123456789">{many}]>{text}').code == "svg-too-much"


def test_repetitions_that_blow_up_are_refused() -> None:
    groups = "".join(
        f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, 9)
    )
    assert problem(make.svg(f'<g id="g0"><rect/></g>{groups}')).code == "svg-too-much"


@pytest.mark.usefixtures("small")
def test_what_repeats_itself_ends() -> None:
    svg.read(make.svg('<g id="a"><use href="#a"/></g><use href="#a"/>').encode(), HERE)


@pytest.mark.parametrize("size", ['width="0" height="0"', 'width="-4" height="4"'])
def test_a_drawing_without_a_size_is_told(size: str) -> None:
    assert problem(make.svg("", size)).code == "svg-without-size"


HOURS = make.svg(
    '<filter id="f"><feTurbulence baseFrequency="0.5" numOctaves="1000000000"/></filter>'
    '<rect width="100" height="100" filter="url(#f)"/>'
)


def test_hours_of_work_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, "SECONDS", 0.3)
    assert "too long" in problem(HOURS).why


def test_too_much_memory_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such limit")
    shorten(monkeypatch, "BYTES", 1 << 25)
    assert "memory" in problem(make.LOGO_SVG).why


def shorten(monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    """Another limit in the process that draws."""
    run = Tools.run

    def other(self: Tools, argv: list[str], *, cwd: Path) -> Finished:
        code = argv.index("-c") + 1
        ours = f"import builder.images.vector as v; v.{name} = {value}; "
        argv[code] = argv[code].replace("from builder", ours + "from builder", 1)
        return run(self, argv, cwd=cwd)

    monkeypatch.setattr(Tools, "run", other)


def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Finished:
        raise ComputerError(Problem("tool-not-started", "no", "It is not allowed."))

    monkeypatch.setattr(Tools, "run", fail)
    assert problem(make.LOGO_SVG).why == "It is not allowed."


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    assert "No space left" in problem(make.LOGO_SVG).why
