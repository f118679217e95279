"""Hundreds of odd files: each is a picture or one problem in words, never anything else."""

from __future__ import annotations

import functools
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from builder.images import picture, svg
from builder.problems import Problem, ProjectError
from tests.builder.images import make

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MOST_PIXELS = 0.5  # megapixels: what says that it is larger is refused, which keeps this fast


@functools.cache
def sound() -> dict[str, bytes]:
    """A small sound file of every kind."""
    logo, opaque = make.logo(20), make.opaque(20)
    exif = Image.Exif()
    exif[0x0112] = 6
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    png = make.saved(logo, "PNG")
    return {
        "png": png,
        "png with notes": make.saved(logo, "PNG", icc_profile=srgb, exif=exif),
        "png with palette": make.saved(opaque.quantize(8), "PNG"),
        "apng": make.saved(logo, "PNG", save_all=True, append_images=[opaque]),
        "jpeg": make.saved(opaque, "JPEG", icc_profile=srgb, exif=exif),
        "progressive jpeg": make.saved(opaque, "JPEG", progressive=True),
        "cmyk jpeg": make.saved(opaque.convert("CMYK"), "JPEG"),
        "gif": make.saved(logo, "GIF", save_all=True, append_images=[logo.rotate(90)]),
        "webp": make.saved(opaque, "WEBP"),
        "lossless webp": make.saved(logo, "WEBP", lossless=True, exif=exif),
        "bmp": make.saved(opaque, "BMP"),
        "bmp with palette": make.saved(opaque.quantize(8), "BMP"),
        "tiff": make.saved(logo, "TIFF", icc_profile=srgb, exif=exif),
        "lzw tiff": make.saved(logo, "TIFF", compression="tiff_lzw"),
        "ico": make.saved(logo, "ICO", sizes=[(16, 16), (20, 20)]),
        "ico of bitmaps": make.saved(logo, "ICO", sizes=[(16, 16)], bitmap_format="bmp"),
        "icns": make.icns([(b"icp4", png), (b"is32", bytes(768)), (b"s8mk", bytes(256))]),
        "avif": make.saved(logo, "AVIF", exif=exif),
    }


KINDS = st.sampled_from(sorted(sound()))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(picture, "MOST_MEGAPIXELS", MOST_PIXELS)
    monkeypatch.setattr(picture, "LARGEST", 64)
    monkeypatch.setattr(svg, "SIDE", 16)


def told_or_read(folder: Path, data: bytes) -> str:
    """How reading ends: the format or the code of the problem; anything else fails the test."""
    path = folder / "icon.png"
    path.write_bytes(data)
    try:
        found = picture.read(path)
    except ProjectError as error:
        return _told(error.problem, path)
    assert found.image.mode in ("RGB", "RGBA")
    assert 1 <= max(found.image.size) <= 64
    assert min(found.width, found.height) >= 1
    if found.image.mode == "RGBA":
        assert found.image.getchannel("A").getextrema() != (255, 255)
    return found.format


def _told(problem: Problem, path: Path) -> str:
    assert problem.title
    assert problem.why
    assert problem.do
    assert problem.where.startswith(str(path))
    return problem.code


def with_right_sums(data: bytes) -> bytes:
    """A PNG whose sums fit what was changed, so that decoders get to see it."""
    out, at = bytearray(data), 8
    while at + 12 <= len(out):
        (size,) = struct.unpack_from(">I", out, at)
        if at + 12 + size > len(out):
            break
        struct.pack_into(">I", out, at + 8 + size, zlib.crc32(out[at + 4 : at + 8 + size]))
        at += 12 + size
    return bytes(out)


@pytest.mark.parametrize("kind", sorted(sound()))
def test_all_that_is_damaged_below_is_sound(tmp_path: Path, kind: str) -> None:
    assert not told_or_read(tmp_path, sound()[kind]).startswith("picture-")


@MANY
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    told_or_read(tmp_path, data)


@MANY
@given(KINDS, st.integers(0, 80), st.binary(max_size=200))
def test_a_sound_beginning_with_any_end(tmp_path: Path, kind: str, keep: int, end: bytes) -> None:
    told_or_read(tmp_path, sound()[kind][:keep] + end)


@MANY
@given(KINDS, st.floats(0, 1))
def test_cut_anywhere(tmp_path: Path, kind: str, share: float) -> None:
    data = sound()[kind]
    told_or_read(tmp_path, data[: int(len(data) * share)])


@settings(MANY, max_examples=250)
@given(KINDS, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_bytes_changed_anywhere(
    tmp_path: Path, kind: str, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(sound()[kind])
    for share, value in changes:
        data[min(int(len(data) * share), len(data) - 1)] = value
    told_or_read(tmp_path, with_right_sums(bytes(data)) if "png" in kind else bytes(data))


LIES = [0, 1, 255, 4096, 65535, 70_000, 2**31 - 1, 2**31, 2**32 - 1]


@settings(MANY, max_examples=200)
@given(KINDS, st.integers(0, 120), st.sampled_from(LIES), st.sampled_from("<>"))
def test_numbers_that_lie(tmp_path: Path, kind: str, at: int, lie: int, order: str) -> None:
    data = bytearray(sound()[kind])
    struct.pack_into(f"{order}I", data, min(at, len(data) - 4), lie)
    told_or_read(tmp_path, with_right_sums(bytes(data)) if "png" in kind else bytes(data))


@MANY
@given(KINDS, KINDS, st.floats(0, 1))
def test_two_files_grown_together(tmp_path: Path, one: str, other: str, share: float) -> None:
    data = sound()[one]
    told_or_read(tmp_path, data[: int(len(data) * share)] + sound()[other])


WORDS = st.sampled_from(
    ["<svg ", "<svg>", "</svg>", "<g>", "</g>", "<use href='#a'/>", "<image href='x'/>", ">", '"',
     "viewBox='0 0 9 9'", "width='1e999'", "height='-1%'", "<!DOCTYPE svg [", "]>", "&a;", "<!--",
     "<!ENTITY a '&a;'>", "<![CDATA[", "<?xml version='1.0' encoding='utf-7'?>", "\0", "é", "<rect"]
)  # fmt: skip


@settings(MANY, max_examples=100)
@given(st.lists(WORDS, max_size=12))
def test_odd_drawings(tmp_path: Path, words: list[str]) -> None:
    told_or_read(tmp_path, ("<svg " + "".join(words)).encode())


NUMBERS = st.sampled_from(["0", "-1", "1", "1e9", "1e38", "1e-38", "nan", "50%", "3mm", "", "x"])


@settings(MANY, max_examples=15)  # each is a process
@given(st.lists(NUMBERS, min_size=6, max_size=6), st.booleans())
def test_drawings_of_odd_sizes(tmp_path: Path, numbers: list[str], has_box: bool) -> None:
    width, height, *box = numbers
    attributes = f'width="{width}" height="{height}"'
    if has_box:
        attributes += f' viewBox="{" ".join(box)}"'
    told_or_read(tmp_path, make.svg("<rect width='9' height='9'/>", attributes).encode())
