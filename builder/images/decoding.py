"""Decodes one raster picture: its size from the header alone, then upright 8-bit pixels in sRGB."""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageChops,
    ImageCms,
    ImageFile,
    ImageMath,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from builder.images import frames

# What decoders raise when the bytes are not what they should be. They have no error of their own:
# each fails with whatever its code stumbles over. So this list is the one place that says what
# "damaged" looks like; it is what a hundred thousand damaged files gave, and the neighbours of it.
FAILURES = (
    OSError,  # most, and all that end too early
    EOFError,
    SyntaxError,  # headers of png, gif, tiff, …
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    RuntimeError,  # webp and avif
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

# The readers themselves instead of Image.open: that one warns or raises by a limit of its own,
# which can only be moved for the whole process, and tries formats that we do not want.
_READERS: dict[str, Callable[[IO[bytes]], Image.Image]] = {
    "png": PngImagePlugin.PngImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "tiff": TiffImagePlugin.TiffImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
    "ico": lambda file: frames.largest_of_ico(file.read()).open(),
    "icns": lambda file: frames.largest_of_icns(file.read()).open(),
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = {5, 6, 7, 8}  # orientations that exchange width and height


def measure(file: IO[bytes], format: str) -> tuple[int, int]:
    """Width and height in pixels, upright, from the header. Raises one of FAILURES."""
    with _quiet():
        if format in ("ico", "icns"):
            find = frames.largest_of_ico if format == "ico" else frames.largest_of_icns
            frame = find(file.read())
            return frame.width, frame.height
        image = _READERS[format](file)
        return _upright_size(image, image.size)


def decode(data: bytes, format: str, longest: int) -> tuple[Image.Image, tuple[int, int]]:
    """The picture, RGB where all of it is opaque, else RGBA, and the file's own size, upright.

    The picture is reduced to `longest` pixels on its longest side. Of several frames, the first.
    Raises one of FAILURES.
    """
    with _quiet():
        if format == "png":
            _check_sums(data)
        image = _READERS[format](io.BytesIO(data))
        size = image.size
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            image.draft(None, _within(size, longest))  # a large photo is decoded at half its size
        image.load()
        if format == "png":
            _bring_key_to_8_bits(image, depth=data[24])
        profile, orientation = image.info.get("icc_profile"), _orientation(image)
        size = _upright_size(image, size)
        small = _shrink(_in_8_bits(image), longest)
        del image
        upright = _in_srgb(small, profile)
        if orientation in _UPRIGHT:
            upright = upright.transpose(_UPRIGHT[orientation])
        return _alone(opaque_if_all_is(upright)), size


def _check_sums(data: bytes) -> None:
    # A flipped bit mostly decodes, to a wrong picture; the sums of the chunks tell.
    PngImagePlugin.PngImageFile(io.BytesIO(data)).verify()


# --- Upright -------------------------------------------------------------------------------------


def _orientation(image: Image.Image) -> int:
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return 1  # its reader turns it
    raw = image.info.get("exif")
    if not isinstance(raw, bytes):
        return 1
    exif = Image.Exif()
    try:
        exif.load(raw)
        return int(exif.get(ExifTags.Base.Orientation, 1))
    except FAILURES:
        return 1  # damaged notes about the picture do not make the picture worse


def _upright_size(image: Image.Image, size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    return (height, width) if _orientation(image) in _LYING else (width, height)


# --- Pixels --------------------------------------------------------------------------------------


def _in_8_bits(image: Image.Image) -> Image.Image:
    """The picture as L, LA, RGB, RGBA, CMYK or LAB."""
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_grey(image)
    if image.mode in ("1", "L", "RGB") and "transparency" in image.info:
        return image.convert("RGBA")  # with the one colour transparent that the file calls so
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _bring_key_to_8_bits(image: Image.Image, depth: int) -> None:
    """The key colour in the depth that the pixels have by now; Pillow leaves it in the file's."""
    key = image.info.get("transparency")
    if image.mode == "L" and isinstance(key, int) and depth < 8:
        image.info["transparency"] = key * 255 // (2**depth - 1)
    elif image.mode == "RGB" and isinstance(key, tuple) and depth == 16:
        image.info["transparency"] = tuple(value >> 8 for value in key)


def _deep_grey(image: Image.Image) -> Image.Image:
    """Grey of more than 8 bits, scaled to 8: Pillow would cut it off at 255."""
    key = image.info.get("transparency")
    deep = image if image.mode == "F" else image.convert("I")
    top = 65535.0 if image.mode.startswith("I;16") else _white_of(deep)
    grey = deep.point(lambda value: value * (255 / top) + 0).convert("L")
    if not isinstance(key, int):
        return grey
    seen = ImageMath.lambda_eval(lambda bands: (bands["grey"] != key) * 255, grey=deep)
    return Image.merge("LA", (grey, seen.convert("L")))


def _white_of(image: Image.Image) -> float:
    """The value that is white: files of 32 bits do not say, so the usual one that fits."""
    _, highest = image.getextrema()
    usual = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
    return next((top for top in usual if highest <= top), float(highest))  # type: ignore[operator, arg-type]


def _within(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _shrink(image: Image.Image, longest: int) -> Image.Image:
    """At most `longest` pixels on the longest side: by whole numbers first, which is cheap."""
    whole, target = image.size, _within(image.size, longest)
    if whole == target:
        return image
    factor = max(whole) // longest
    small = image.reduce(factor) if factor > 1 else image
    if small.size == target:
        return small
    # The last row and column of a reduced picture may stand for less than a whole one.
    box = (0.0, 0.0, whole[0] / factor, whole[1] / factor)
    return small.resize(target, Image.Resampling.LANCZOS, box)


def opaque_if_all_is(image: Image.Image) -> Image.Image:
    """RGB where no pixel of an RGBA picture lets anything through; else as it is."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image


def _alone(image: Image.Image) -> Image.Image:
    """Pixels without the file that they came from: neither its bytes nor its notes and profile."""
    plain = image.copy() if isinstance(image, ImageFile.ImageFile) else image
    plain.info.clear()
    return plain


# --- Colours -------------------------------------------------------------------------------------

_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture as RGB or RGBA in sRGB, by the colour profile that its file brings along."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode[:-1]) if alpha else image
    flat = _by_profile(colours, profile) or _without_profile(colours)
    if alpha is None:
        return flat
    if flat is colours:
        return image  # nothing changed
    flat.putalpha(alpha)
    return flat


def _by_profile(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """None without a profile, or with one that is damaged or of another kind of colours."""
    if not profile:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() != _SPACES[image.mode]:
            return None
        way = _way_to_srgb(source, image.mode)
        if image.mode == "RGB" and _changes_nothing(way):
            return image
        return _applied(image, way)
    except (ImageCms.PyCMSError, *FAILURES):
        return None  # as if there were none: all other programs do so


def _way_to_srgb(source: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        source,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _applied(image: Image.Image, way: ImageCms.ImageCmsTransform) -> Image.Image:
    done = ImageCms.applyTransform(image, way)
    assert done is not None  # it is not done in place
    return done


def _changes_nothing(way: ImageCms.ImageCmsTransform) -> bool:
    """Whether the profile is sRGB under any of its many names: a few colours tell."""
    steps = (0, 32, 64, 128, 192, 255)
    colours = bytes(v for r in steps for g in steps for b in steps for v in (r, g, b))
    probe = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
    differences = ImageChops.difference(probe, _applied(probe, way)).getextrema()
    return all(most <= 1 for _, most in differences)  # type: ignore[misc]


def _without_profile(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _applied(image, _way_to_srgb(lab, "LAB"))
    return image.convert("RGB")


# --- Warnings ------------------------------------------------------------------------------------

_silence = threading.Lock()
_listeners = 0
_filters: warnings.catch_warnings[None]


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings of Pillow's about odd files: what matters, we tell.

    The filters belong to the whole process, and pictures are read in threads: so the first that
    comes changes them and the last that goes puts them back.
    """
    global _listeners, _filters
    with _silence:
        if not _listeners:
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.")
        _listeners += 1
    try:
        yield
    finally:
        with _silence:
            _listeners -= 1
            if not _listeners:
                _filters.__exit__(None, None, None)
