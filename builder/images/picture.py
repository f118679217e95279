"""Reads one picture: measured by its header before it is decoded, upright, in sRGB."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from builder.images import decoding, formats, svg
from builder.problems import Problem, ProjectError

LARGEST = 2048  # longest side that is kept: no file that we make is larger
MOST_MEGAPIXELS = 100
MOST_MEGABYTES = 200
FINISHED = ("ico", "icns")


@dataclass(frozen=True)
class Picture:
    """A picture ready to be drawn: `image` is RGB where all of it is opaque, else RGBA.

    `width` and `height` are the file's own pixels, upright (of an SVG: those it was drawn with);
    `image` has at most `LARGEST` on its longest side, in the same shape. `format` is what the
    content is (`png`, `jpeg`, `svg`, …), whatever the file is called. `is_finished` is true for
    .ico and .icns, which bring the shape of their platform along. `digest` is the SHA-256 of the
    file.
    """

    image: Image.Image
    width: int
    height: int
    format: str
    is_finished: bool
    digest: str
    path: Path


def read(path: Path, run: svg.Run | None = None) -> Picture:
    """Read a picture; `run` as `svg.read`. Raises ProjectError when it cannot be used, and why."""
    with _opened(path) as file:
        format, _, _ = _measured(file, path)
        file.seek(0)
        data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    if format == "svg":
        image = decoding.opaque_if_all_is(svg.read(data, path, run))
        width, height = image.size
    else:
        image, (width, height) = _decoded(data, format, path)
    return Picture(image, width, height, format, format in FINISHED, digest, path)


def measure(path: Path) -> tuple[str, int, int]:
    """Format, width and height in pixels, upright, from the header alone. Raises as `read`.

    What only decoding would find is not found.
    """
    with _opened(path) as file:
        return _measured(file, path)


def _measured(file: BinaryIO, path: Path) -> tuple[str, int, int]:
    head = file.read(formats.HEAD)
    file.seek(0)
    format = formats.of(head)
    if not format:
        raise ProjectError(_no_picture(path, head))
    if format == "svg":
        return (format, *svg.measure(file.read(svg.MOST_BYTES + 1), path))
    try:
        width, height = decoding.measure(file, format)
    except Image.DecompressionBombError as error:
        raise ProjectError(_too_many_pixels(path)) from error
    except decoding.FAILURES as error:
        raise ProjectError(_damaged(path, format)) from error
    if width < 1 or height < 1:
        raise ProjectError(_damaged(path, format))
    if width * height > MOST_MEGAPIXELS * 1_000_000:
        raise ProjectError(_too_many_pixels(path, width, height))
    return format, width, height


def _decoded(data: bytes, format: str, path: Path) -> tuple[Image.Image, tuple[int, int]]:
    try:
        return decoding.decode(data, format, LARGEST)
    except MemoryError as error:
        raise ProjectError(_no_memory(path)) from error
    except decoding.FAILURES as error:
        raise ProjectError(_damaged(path, format)) from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, which is one and not too large, open for reading."""
    try:
        # Looked at before it is opened: opening a pipe would wait for ever.
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise ProjectError(_no_file(path, is_folder=stat.S_ISDIR(kind.st_mode)))
        if not kind.st_size:
            raise ProjectError(_empty(path))
        if kind.st_size > MOST_MEGABYTES * 1_000_000:
            raise ProjectError(_too_large(path, kind.st_size))
        file = path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a name that no system allows
        raise ProjectError(_not_opened(path, error)) from error
    with file:
        try:
            yield file
        except OSError as error:
            raise ProjectError(_not_opened(path, error)) from error


# --- What can be wrong ---------------------------------------------------------------------------


def _not_opened(path: Path, error: OSError | ValueError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return _missing(path)
    if isinstance(error, PermissionError):
        return Problem(
            "picture-not-readable",
            f"{path.name} cannot be read",
            "This computer does not let you read it: it may belong to another user, or be locked "
            "by another program.",
            "Give yourself the right to read it, close the program that uses it, or choose a copy.",
            where=str(path),
        )
    said = getattr(error, "strerror", None) or error
    return Problem(
        "picture-not-readable",
        f"{path.name} cannot be read",
        f"The system says: {said}.",
        "Check that its disk is connected and in order, or choose a copy that lies elsewhere.",
        where=str(path),
    )


def _missing(path: Path) -> Problem:
    if path.is_symlink():
        return Problem(
            "picture-missing",
            f"{path.name} leads nowhere",
            f"It is a link to “{os.readlink(path)}”, and nothing is there.",  # noqa: PTH115
            "Put the picture itself in its place, or correct the link.",
            where=str(path),
        )
    return Problem(
        "picture-missing",
        f"{path.name} is not there",
        "It may have been moved, renamed or deleted.",
        "Put it back, or choose another picture.",
        where=str(path),
    )


def _no_file(path: Path, *, is_folder: bool) -> Problem:
    what = "a folder" if is_folder else "no file, but a device or a pipe"
    return Problem(
        "picture-not-a-file",
        f"{path.name} is {what}",
        "Its name is that of a picture, so a picture is looked for there.",
        "Rename it, and put the picture in its place.",
        where=str(path),
    )


def _empty(path: Path) -> Problem:
    return Problem(
        "picture-empty-file",
        f"{path.name} is an empty file",
        "It has no content at all: saving or copying it was perhaps interrupted.",
        "Save the picture again, or choose another.",
        where=str(path),
    )


def _no_picture(path: Path, head: bytes) -> Problem:
    what = formats.other(head)
    if "Git LFS" in what:
        do = "Run “git lfs pull” in the project, which fetches the picture itself."
    else:
        do = "Choose a PNG, WebP, JPEG, GIF, BMP, TIFF, ICO, ICNS, AVIF or SVG picture."
    return Problem(
        "picture-is-none",
        f"{path.name} is not a picture that can be read",
        f"Whatever its name says, its content is {what}."
        if what
        else "Its content is of no kind that is known here.",
        do,
        where=str(path),
    )


def _damaged(path: Path, format: str) -> Problem:
    return Problem(
        "picture-damaged",
        f"{path.name} is damaged",
        f"It begins as a picture ({format.upper()}), but what follows does not make one: it may "
        "have been cut short while it was copied or downloaded, or changed by accident.",
        "Save or download it again, or choose another picture.",
        where=str(path),
    )


def _too_many_pixels(path: Path, width: int = 0, height: int = 0) -> Problem:
    megapixels = width * height / 1_000_000
    size = f"It has {width} × {height}, which is {megapixels:,.0f} megapixels. " if width else ""
    return Problem(
        "picture-too-many-pixels",
        f"{path.name} has too many pixels",
        f"{size}At most {MOST_MEGAPIXELS} megapixels are read, so that no computer runs out of "
        "memory.",
        "Save it smaller: 1024 × 1024 pixels are enough for everything.",
        where=str(path),
    )


def _too_large(path: Path, size: int) -> Problem:
    return Problem(
        "picture-too-large",
        f"{path.name} is too large a file",
        f"It has {size / 1_000_000:,.0f} MB; at most {MOST_MEGABYTES} are read.",
        "Save it smaller: 1024 × 1024 pixels are enough for everything.",
        where=str(path),
    )


def _no_memory(path: Path) -> Problem:
    return Problem(
        "picture-no-memory",
        f"There is not enough memory to read {path.name}",
        "Other programs use it at the moment, or the picture is very large.",
        "Close other programs, or save the picture smaller: 1024 × 1024 pixels are enough.",
        where=str(path),
    )
