"""Pictures of every kind are read right, and what cannot be read is told in words."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFile

from builder.images import decoding, formats, picture
from builder.images.picture import Picture
from builder.problems import Problem, ProjectError
from tests.builder.images import make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, data: bytes, name: str = "icon.png") -> Picture:
    path = folder / name
    path.write_bytes(data)
    found = picture.read(path)
    assert picture.measure(path) == (found.format, found.width, found.height)
    assert found.image.mode in ("RGB", "RGBA")
    return found


def problem(path: Path) -> Problem:
    """The one problem that reading and measuring tell alike."""
    with pytest.raises(ProjectError) as told:
        picture.read(path)
    found = told.value.problem
    assert found.why
    assert found.do
    assert found.where == str(path)
    assert path.name in found.title
    return found


def problem_of(folder: Path, data: bytes, name: str = "icon.png") -> Problem:
    (folder / name).write_bytes(data)
    return problem(folder / name)


def pixels(image: Image.Image) -> list[tuple[int, ...]]:
    """The first row."""
    return [tuple(p) for p in np.asarray(image)[0].tolist()]


def near(image: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures, 0 to 255."""
    assert image.size == other.size
    a, b = (np.asarray(i.convert("RGBA").convert("RGBa"), float) for i in (image, other))
    return float(np.abs(a - b).mean())


# --- What a picture is ---------------------------------------------------------------------------


def test_a_picture_knows_its_file(folder: Path) -> None:
    data = make.saved(make.logo(32), "PNG")
    found = read(folder, data)
    assert (found.width, found.height, found.format, found.is_finished) == (32, 32, "png", False)
    assert found.digest == hashlib.sha256(data).hexdigest()
    assert found.path == folder / "icon.png"
    assert type(found.image) is Image.Image  # it does not hold the file's bytes
    assert not found.image.info
    assert found.image.tobytes() == make.logo(32).tobytes()


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("ICO", {"sizes": [(32, 32)]}),
        ("ICO", {"sizes": [(32, 32)], "bitmap_format": "bmp"}),
        ("AVIF", {"quality": 100}),
    ],
)
def test_every_format_with_alpha_comes_out_alike(
    folder: Path, format: str, options: dict[str, object]
) -> None:
    found = read(folder, make.saved(make.logo(32), format, **options))
    assert found.format == format.lower()
    assert found.image.mode == "RGBA"
    assert near(found.image, make.logo(32)) < (3 if format == "AVIF" else 0.01)


@pytest.mark.parametrize("format", ["JPEG", "BMP", "GIF", "TIFF", "PNG", "WEBP", "AVIF"])
def test_every_format_without_alpha_comes_out_as_rgb(folder: Path, format: str) -> None:
    found = read(folder, make.saved(make.opaque(32), format))
    assert found.image.mode == "RGB"
    assert near(found.image, make.opaque(32)) < 8


def test_alpha_that_hides_nothing_is_dropped(folder: Path) -> None:
    assert read(folder, make.saved(make.opaque(8).convert("RGBA"), "PNG")).image.mode == "RGB"


def test_the_content_tells_the_format_whatever_the_name_says(folder: Path) -> None:
    assert read(folder, make.saved(make.opaque(8), "JPEG"), "icon.png").format == "jpeg"
    assert read(folder, make.LOGO_SVG.encode(), "icon.png").format == "svg"


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_of_many_frames_the_first_is_taken(folder: Path, format: str) -> None:
    frames = [make.quarters(8, 8), make.quarters(8, 8).rotate(90)]
    options = {"lossless": True} if format == "WEBP" else {}
    data = make.saved(frames[0], format, save_all=True, append_images=frames[1:], **options)
    assert read(folder, data).image.getpixel((1, 1)) == (255, 0, 0)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_pictures_stand_upright(folder: Path, format: str, orientation: int) -> None:
    # How the upright picture must be laid down so that its note makes it stand again.
    laid = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = make.quarters()
    if orientation in laid:
        lying = lying.transpose(laid[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = read(folder, make.saved(lying, format, exif=exif))
    assert (found.width, found.height) == found.image.size == (40, 20)
    assert near(found.image, make.quarters()) < 12


def test_a_damaged_note_about_the_orientation_is_overlooked(folder: Path) -> None:
    data = make.saved(make.opaque(8), "PNG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert read(folder, data).image.size == (8, 8)


# --- Depths and colours --------------------------------------------------------------------------

STEPS = [0, 25700, 51400, 65535]
GREYS = [(0, 0, 0), (100, 100, 100), (200, 200, 200), (255, 255, 255)]


def key(*values: int) -> bytes:
    """The chunk that makes one colour transparent."""
    return make.chunk(b"tRNS", struct.pack(f">{len(values)}H", *values))


def test_grey_of_16_bits_is_scaled(folder: Path) -> None:
    values = np.array([STEPS], "u2")[..., None]
    assert pixels(read(folder, make.png16(values)).image) == GREYS
    clear = read(folder, make.png16(values, extra=key(51400))).image
    assert pixels(clear) == [(*grey, 0 if grey[0] == 200 else 255) for grey in GREYS]


def test_colour_of_16_bits_is_scaled(folder: Path) -> None:
    values = np.array([[[v, 0, v] for v in STEPS]], "u2")
    assert pixels(read(folder, make.png16(values)).image) == [(r, 0, r) for r, _, _ in GREYS]
    clear = read(folder, make.png16(values, extra=key(51400, 0, 51400))).image
    assert [a for *_, a in pixels(clear)] == [255, 255, 0, 255]


def test_grey_with_alpha_of_16_bits_is_scaled(folder: Path) -> None:
    row = struct.pack(">HHHH", 25700, 65535, 65535, 32768)
    image = read(folder, make.png(2, 1, [row], depth=16, colour=4)).image
    assert pixels(image) == [(100, 100, 100, 255), (255, 255, 255, 128)]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("u2", STEPS),
        ("i4", STEPS),
        ("f4", [0.0, 100 / 255 + 1e-6, 200 / 255 + 1e-6, 1.0]),
        ("f4", [0.0, 100.0, 200.0, 255.0]),
        ("f4", [float(v) for v in STEPS]),
    ],
)
def test_deep_tiffs_are_scaled(folder: Path, kind: str, values: list[float]) -> None:
    data = make.saved(Image.fromarray(np.array([values], kind)), "TIFF")
    assert pixels(read(folder, data).image) == GREYS


@pytest.mark.parametrize("values", [[np.nan, 0.5, 1.0], [np.inf, 0.0, 1.0], [-3.0, -2.0, -1.0]])
def test_numbers_that_are_none_do_no_harm(folder: Path, values: list[float]) -> None:
    data = make.saved(Image.fromarray(np.array([values], "f4")), "TIFF")
    assert read(folder, data).image.size == (3, 1)


@pytest.mark.parametrize(
    ("depth", "row", "white"), [(1, b"\x50", 1), (2, b"\x33", 3), (4, b"\x0f\x0f", 15)]
)
def test_grey_of_few_bits(folder: Path, depth: int, row: bytes, white: int) -> None:
    black, full = (0, 0, 0), (255, 255, 255)
    plain = read(folder, make.png(4, 1, [row], depth=depth, colour=0)).image
    assert pixels(plain) == [black, full, black, full]
    keyed = make.png(4, 1, [row], depth=depth, colour=0, extra=key(white))
    assert [a for *_, a in pixels(read(folder, keyed).image)] == [255, 0, 255, 0]


def test_one_transparent_colour(folder: Path) -> None:
    row = bytes([1, 2, 3, 4, 5, 6])
    data = make.png(2, 1, [row], colour=2, extra=key(4, 5, 6))
    assert pixels(read(folder, data).image) == [(1, 2, 3, 255), (4, 5, 6, 0)]


def test_palettes(folder: Path) -> None:
    colours = make.chunk(b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255]))
    row = [bytes([0, 1, 2])]
    plain = make.png(3, 1, row, colour=3, extra=colours)
    assert pixels(read(folder, plain).image) == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    clear = make.png(3, 1, row, colour=3, extra=colours + make.chunk(b"tRNS", b"\xff\x80\0"))
    assert [a for *_, a in pixels(read(folder, clear).image)] == [255, 128, 0]


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "L", "LA", "1", "P", "LAB"])
def test_other_colours_become_rgb(folder: Path, mode: str) -> None:
    source = make.opaque(16)
    if mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(source, srgb, lab, outputMode="LAB")
        assert image is not None
    else:
        image = source.convert(mode)
    found = read(folder, make.saved(image, "TIFF"))
    expected = source.convert(mode).convert("RGB") if mode != "LAB" else source
    assert found.image.mode == "RGB"
    assert near(found.image, expected) < 4


def test_a_jpeg_for_the_press_is_not_inverted(folder: Path) -> None:
    found = read(folder, make.saved(make.opaque(32).convert("CMYK"), "JPEG", quality=95))
    assert near(found.image, make.opaque(32)) < 6


# --- Colour profiles -----------------------------------------------------------------------------


def profile(kind: str = "sRGB") -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(kind)).tobytes()  # type: ignore[arg-type]


def swapped() -> bytes:
    """sRGB with red and blue exchanged: whoever heeds it exchanges them."""
    data = profile()
    tags = {data[132 + 12 * i : 136 + 12 * i]: 132 + 12 * i for i in range(data[131])}
    red, blue = (tags[name] for name in (b"rXYZ", b"bXYZ"))
    out = bytearray(data)
    out[red + 4 : red + 12] = data[blue + 4 : blue + 12]
    out[blue + 4 : blue + 12] = data[red + 4 : red + 12]
    return bytes(out)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_colours_come_out_as_their_profile_means_them(folder: Path, format: str) -> None:
    red = Image.new("RGB", (16, 16), (250, 10, 10))
    found = read(folder, make.saved(red, format, icc_profile=swapped()))
    r, _, b = found.image.getpixel((8, 8))  # type: ignore[misc]
    assert r < 30
    assert b > 230


def test_alpha_survives_a_profile(folder: Path) -> None:
    found = read(folder, make.saved(make.logo(16), "PNG", icc_profile=swapped()))
    assert found.image.getchannel("A").tobytes() == make.logo(16).getchannel("A").tobytes()
    assert found.image.getpixel((3, 8)) != make.logo(16).getpixel((3, 8))


def test_inks_come_out_as_the_profile_of_the_press_means_them(folder: Path) -> None:
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    plain = read(folder, make.saved(cyan, "TIFF")).image.getpixel((4, 4))
    assert plain == (0, 255, 255)
    meant = make.saved(cyan, "TIFF", icc_profile=make.press_profile())
    r, g, b = read(folder, meant).image.getpixel((4, 4))  # type: ignore[misc]
    assert r > 200
    assert max(g, b) < 90


def test_srgb_itself_changes_nothing(folder: Path) -> None:
    found = read(folder, make.saved(make.logo(16), "PNG", icc_profile=profile()))
    assert found.image.tobytes() == make.logo(16).tobytes()


@pytest.mark.parametrize(
    "wrong", [b"nothing", b"", profile()[:200], profile("LAB"), bytes(500)], ids=range(5)
)
@pytest.mark.parametrize("mode", ["RGBA", "L", "CMYK"])
def test_a_profile_that_does_not_fit_is_overlooked(folder: Path, wrong: bytes, mode: str) -> None:
    plain = read(folder, make.saved(make.logo(16).convert(mode), "TIFF"), "a.tiff")
    found = read(folder, make.saved(make.logo(16).convert(mode), "TIFF", icc_profile=wrong))
    assert near(found.image, plain.image) == 0


# --- Large ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(100, 100), (256, 64), (65, 64), (64, 200), (130, 1), (193, 97)])
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_large_pictures_are_reduced_in_their_shape(
    folder: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], format: str
) -> None:
    monkeypatch.setattr(picture, "LARGEST", 64)
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse([0, 0, size[0] - 1, size[1] - 1], fill=make.BLUE)
    found = read(folder, make.saved(image, format, quality=95))
    assert (found.width, found.height) == size
    assert max(found.image.size) == 64
    expected = image.resize(found.image.size, Image.Resampling.LANCZOS)
    assert near(found.image, expected) < 4


def test_hidden_colours_do_not_bleed_when_it_is_reduced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "LARGEST", 8)
    image = Image.new("RGBA", (30, 30), (255, 0, 255, 0))
    image.paste((0, 200, 0, 255), (7, 7, 23, 23))
    found = np.asarray(read(folder, make.saved(image, "PNG")).image)
    seen = found[..., :3][found[..., 3] > 40]
    assert seen[:, 0].max() < 6
    assert seen[:, 2].max() < 6


@pytest.mark.parametrize("side", [12000, 30000])
def test_bombs_are_refused_by_their_header(
    folder: Path, monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(decoding, "decode", fail)
    found = problem_of(folder, make.bomb(side))
    assert found.code == "picture-too-many-pixels"
    assert f"{side} × {side}" in found.why


@pytest.mark.parametrize("format", ["webp", "gif", "bmp", "tiff", "jpeg"])
def test_bombs_of_other_formats_are_refused(folder: Path, format: str) -> None:
    data = bytearray(make.saved(make.opaque(8), format.upper()))
    if format == "webp":
        at = data.index(b"\x9d\x01\x2a") + 3
        data[at : at + 4] = struct.pack("<HH", 16383, 16383)
    elif format == "gif":
        data[6:10] = struct.pack("<HH", 65535, 65535)
    elif format == "bmp":
        data[18:26] = struct.pack("<II", 65535, 65535)
    elif format == "jpeg":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 65535, 65535)
    else:
        for tag in (256, 257):  # width and height
            at = data.index(struct.pack("<HHI", tag, 4, 1)) + 8
            data[at : at + 4] = struct.pack("<I", 65535)
    assert problem_of(folder, bytes(data)).code == "picture-too-many-pixels"


def test_the_limit_of_others_is_left_alone(folder: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters)
    read(folder, make.saved(make.logo(8), "PNG"))
    problem_of(folder, make.bomb(30000))
    after = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters)
    assert before == after


def test_a_picture_just_below_the_limit_gives_no_warning(folder: Path) -> None:
    path = folder / "icon.png"
    path.write_bytes(make.saved(Image.new("1", (9900, 10000)), "PNG"))
    assert picture.measure(path) == ("png", 9900, 10000)


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_a_picture_of_4096_pixels_fits_into_400_mb(folder: Path) -> None:
    rows = [bytes(range(256)) * 64] * 4096
    (folder / "icon.png").write_bytes(make.png(4096, 4096, rows))
    # Not ru_maxrss: in a process that was forked off this one, it begins with what this one has.
    code = (
        "import sys; from pathlib import Path; from builder.images import picture; "
        "print(picture.read(Path(sys.argv[1])).image.size);"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "icon.png")],
        capture_output=True,
        text=True,
        check=True,
    )
    size, peak_kib = done.stdout.splitlines()
    assert size == "(2048, 2048)"
    assert int(peak_kib) * 1024 < 400_000_000


# --- Icon files ----------------------------------------------------------------------------------


def test_the_largest_picture_of_an_ico_is_taken_and_is_finished(folder: Path) -> None:
    found = read(folder, make.saved(make.logo(64), "ICO", sizes=[(16, 16), (64, 64), (32, 32)]))
    assert (found.format, found.width, found.is_finished) == ("ico", 64, True)
    assert near(found.image, make.logo(64)) == 0


def test_the_largest_picture_of_an_icns_is_taken_and_is_finished(folder: Path) -> None:
    small, large = (make.saved(make.logo(side), "PNG") for side in (16, 64))
    found = read(folder, make.icns([(b"TOC ", b"junk"), (b"icp6", large), (b"icp4", small)]))
    assert (found.format, found.width, found.is_finished) == ("icns", 64, True)


def test_an_icns_of_the_old_kind(folder: Path) -> None:
    colours = b"".join(bytes([v]) * 256 for v in make.BLUE)
    found = read(folder, make.icns([(b"is32", _packed(colours)), (b"s8mk", bytes([128]) * 256)]))
    assert found.image.size == (16, 16)
    assert found.image.getpixel((8, 8)) == (*make.BLUE, 128)


def _packed(colours: bytes) -> bytes:
    # Runs of 128 equal bytes, as the old format packs them.
    return b"".join(bytes([0xFD, colours[at]]) for at in range(0, len(colours), 128))


def test_a_jpeg_2000_in_an_icns(folder: Path) -> None:
    found = read(folder, make.icns([(b"ic08", make.saved(make.logo(32), "JPEG2000"))]))
    assert found.image.size == (32, 32)


def test_sizes_in_the_table_of_an_ico_are_not_believed(folder: Path) -> None:
    small, large = (make.saved(make.logo(side), "PNG") for side in (16, 48))
    found = read(folder, make.ico([(256, 256, small), (8, 8, large)]))
    assert (found.width, found.height) == (48, 48)


@pytest.mark.parametrize("name", ["ico", "icns"])
def test_bombs_inside_icon_files_are_refused(folder: Path, name: str) -> None:
    bomb = make.bomb(12000)
    data = make.ico([(16, 16, bomb)]) if name == "ico" else make.icns([(b"icp4", bomb)])
    assert problem_of(folder, data).code == "picture-too-many-pixels"


@pytest.mark.parametrize(
    "data",
    [make.ico([]), make.ico([(16, 16, b"junk")]), make.icns([]), make.icns([(b"ic08", b"junk")])],
)
def test_icon_files_of_nothing_are_damaged(folder: Path, data: bytes) -> None:
    assert problem_of(folder, data).code == "picture-damaged"


# --- What cannot be read -------------------------------------------------------------------------


def test_a_file_that_is_not_there(folder: Path) -> None:
    assert problem(folder / "icon.png").code == "picture-missing"


def test_a_link_that_leads_nowhere(folder: Path) -> None:
    (folder / "icon.png").symlink_to(folder / "gone.png")
    assert "gone.png" in problem(folder / "icon.png").why


def test_a_name_that_no_system_allows(folder: Path) -> None:
    assert problem(folder / "icon\0.png").code == "picture-not-readable"
    assert problem(folder / ("x" * 5000 + ".png")).code == "picture-not-readable"


def test_a_folder(folder: Path) -> None:
    (folder / "icon.png").mkdir()
    found = problem(folder / "icon.png")
    assert found.code == "picture-not-a-file"
    assert found.title == "icon.png is a folder"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "icon.png")
    assert problem(folder / "icon.png").code == "picture-not-a-file"


def test_a_file_without_the_right_to_read_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "icon.png").write_bytes(make.saved(make.logo(8), "PNG"))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problem(folder / "icon.png").code == "picture-not-readable"


def test_a_disk_that_fails_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    (folder / "icon.png").write_bytes(b"x")
    monkeypatch.setattr(Path, "open", lambda *_: Failing())
    assert "Input/output error" in problem(folder / "icon.png").why


def test_an_empty_file(folder: Path) -> None:
    assert problem_of(folder, b"").code == "picture-empty-file"


def test_a_file_that_is_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_MEGABYTES", 0.0001)
    found = problem_of(folder, make.saved(make.logo(64), "PNG"))
    assert found.code == "picture-too-large"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"this is not a png\n", "text"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"<!DOCTYPE html><html><svg></svg>", "a web page"),
        (b"\n<html>", "a web page"),
        (b"PK\x03\x04\x14\0", "a ZIP archive"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "a video"),
        (b"\0\0\0\x20ftypheic\0\0\0\0mif1heic", "a HEIC photo"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"gimp xcf v011\0", "a GIMP document"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture"),
        (b"\xff\x0a\xfa\x7f", "a JPEG XL picture"),
        (b"\x7fELF\2\1\1", "a program"),
        (bytes(100), "nothing but zeros"),
        (b"\x93\x94\x81\x05\x06\x07\xfe\xfd", "no kind that is known"),
    ],
)
def test_what_is_no_picture_is_called_what_it_seems_to_be(
    folder: Path, data: bytes, words: str
) -> None:
    found = problem_of(folder, data)
    assert found.code == "picture-is-none"
    assert words in found.why


def test_a_placeholder_of_git_lfs_has_its_own_remedy(folder: Path) -> None:
    found = problem_of(folder, b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n")
    assert "git lfs pull" in found.do


@pytest.mark.parametrize("keep", [0.5, 0.99])
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "ICO", "AVIF"])
def test_a_file_that_was_cut_short_is_damaged(folder: Path, format: str, keep: float) -> None:
    data = make.saved(make.opaque(64), format)
    found = problem_of(folder, data[: int(len(data) * keep)])
    assert found.code == "picture-damaged"


def test_every_flipped_bit_of_a_png_is_noticed(folder: Path) -> None:
    data = make.saved(make.logo(12), "PNG")
    for at in range(8, len(data) - 12):  # not in its end mark, which holds nothing
        flipped = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        assert problem_of(folder, flipped).code in ("picture-damaged", "picture-too-many-pixels")


@pytest.mark.parametrize("size", [(0, 8), (8, 0)])
def test_a_picture_without_pixels_is_damaged(folder: Path, size: tuple[int, int]) -> None:
    assert problem_of(folder, make.png(*size, [b""])).code == "picture-damaged"


def test_too_little_memory_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(decoding, "decode", fail)
    assert problem_of(folder, make.saved(make.logo(8), "PNG")).code == "picture-no-memory"


# --- In threads ----------------------------------------------------------------------------------


def test_warnings_of_odd_files_stay_away_in_all_threads(folder: Path) -> None:
    # A note that is cut short warns; in these tests a warning is an error.
    note = b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12"
    (folder / "icon.png").write_bytes(make.saved(make.opaque(8), "PNG", exif=note))
    with pytest.warns(UserWarning, match="Corrupt EXIF"):
        Image.Exif().load(note)
    before, failures = list(warnings.filters), list[BaseException]()

    def work() -> None:
        try:
            for _ in range(20):
                picture.read(folder / "icon.png")
        except BaseException as failure:  # noqa: BLE001 - told below
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert warnings.filters == before


def test_a_text_that_begins_as_a_bitmap_is_none() -> None:
    assert formats.of(b"BM is a text") == ""
