"""Stage: the icon of a desktop app, in the form of its system; without a picture, a letter.

The pictures are those that the stage `images` drew. A Flask app without any gets the icon that its
pages have; any other its first letter on a colour, so that nobody hands out a program with the logo
of a packing tool.
"""

from __future__ import annotations

import errno
import hashlib
import io
import math
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import cast

from PIL import Image

from builder import host
from builder.colours import rgb
from builder.desktop import icns
from builder.flask import favicon as flask_favicon
from builder.images import from_settings, icons, letter, picture, png, rendered, slots
from builder.images.style import Platform
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, ProjectError
from builder.settings import platform_of
from builder.stages import file_problem, fingerprint, images

ICON = "icon"
"""The folder: `page.png`, and `app.ico`, `app.icns`, or `hicolor/<size>/apps/<id>.png`."""

PAGE = "page.png"
_SMALLEST = 48  # pixels; a smaller favicon is a smudge in a dock
_PAGE_SIDE = 128  # pixels of the icon on the page that says how to open the app

# Quiet enough for any desktop, and white reads well on all of them.
_COLOURS = ("#0B6E99", "#1B7A4B", "#8A5A00", "#7A3E9D", "#B3261E", "#2F5AA8", "#00696D", "#5A5F2A")


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("icon", "Make the app's icon", run, reads, (ICON,), after=("images",))


def reads(build: Build) -> dict[str, str]:
    """The drawn pictures, and what the letter is made of."""
    return {
        "the drawn pictures": fingerprint.of_folder(build.work / images.IMAGES),
        "the app's name": build.settings.product,
        "the app's ID": build.settings.bundle_id,
        "the pages' own icon": _fingerprint(favicon(build)),
        "how icons are made": fingerprint.of_file(Path(icns.__file__))
        + fingerprint.of_file(Path(__file__)),
    }


def run(job: Job) -> None:
    """Make the icon beside the old one, then take its place."""
    fresh, final = job.build.work / f"{ICON}.new", job.build.work / ICON
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir()
        drawn = (
            _of_images(job.build.work / images.IMAGES) or _of_page(job) or _of_letter(job, fresh)
        )
        for path, content in _for_system(drawn):
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(content)
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "icon-not-made", "The icon")) from error


def for_program(build: Build) -> Path | None:
    """The icon that PyInstaller puts into the program; None on Linux, where it lies beside it."""
    name = {"windows": "app.ico", "macos": "app.icns"}.get(host.current())
    return build.work / ICON / name if name else None


def without_picture(build: Build) -> str:
    """What the icon is for an app without a picture in its assets, as a part of a sentence."""
    source = favicon(build)
    if source is None:
        return "the icon is its first letter"
    return f"the icon is that of its pages, {_below(build, source)}"


def hicolor(build: Build) -> Path:
    """The folder of the icons for the menu of Linux."""
    return build.work / ICON / "hicolor"


def favicon(build: Build) -> Path | None:
    """The best of the icons that a Flask app's pages have; None where none is large enough."""
    flask, folder = build.project.flask, build.project.app_folder
    if flask is None:
        return None
    files = [file.path for file in build.project.selection.files]
    found = [folder / file for file in flask_favicon.find(folder, files, flask)]
    # Of equal ones the first.
    best = max(found, key=_side, default=None)
    return best if best is not None and _side(best) >= _SMALLEST else None


# ---- What is drawn ---------------------------------------------------------------------------

_ICO = slots.WINDOWS_ICON
_HICOLOR = "linux/icons/hicolor/"
_MACOS = re.compile(rf"{re.escape(slots.MACOS_ICONS)}/app_icon_(\d+)\.png")


def _of_images(folder: Path) -> dict[str, bytes]:
    """What the stage `images` drew for an icon, named as in a Flutter project; mostly all of it."""
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if _is_icon(name)}


def _is_icon(name: str) -> bool:
    return name == _ICO or name.startswith(_HICOLOR) or bool(_MACOS.fullmatch(name))


def _of_page(job: Job) -> dict[str, bytes]:
    """The same files, of the icon that the app's pages have; nothing where they have none."""
    source = favicon(job.build)
    if source is None:
        return {}
    try:
        art = picture.read(source, partial(job.run_tool, quiet=True))
    except ProjectError as error:
        job.log(f"The icon of the app's pages is not taken. {error.problem.title}.")
        return {}
    job.log(f"The app's icon is that of its pages: {_below(job.build, source)}")
    return _drawn(job, art)


def _side(path: Path) -> float:
    """The shorter side in pixels: any for a drawing, none for what cannot be read."""
    try:
        form, width, height = picture.measure(path)
    except ProjectError:
        return 0
    return math.inf if form == "svg" else min(width, height)


def _fingerprint(path: Path | None) -> str:
    return fingerprint.of_file(path) if path else ""


def _below(build: Build, path: Path) -> str:
    return path.relative_to(build.project.app_folder).as_posix()


def _drawn(job: Job, art: picture.Picture) -> dict[str, bytes]:
    settings, platform = job.build.settings, cast(Platform, platform_of(job.build.target))
    drawn = icons.render(art, platform, from_settings.style(settings), is_own=False)
    return rendered.encode(drawn)


def _of_letter(job: Job, folder: Path) -> dict[str, bytes]:
    """The same files, of the first letter of the app's name."""
    settings, source = job.build.settings, folder / "letter.png"
    letters, colour = _letter(settings.product, settings.project), _colour(settings.bundle_id)
    letter.draw(letters, rgb(colour), "squircle").save(source)
    art = picture.read(source, partial(job.run_tool, quiet=True))
    source.unlink()
    job.log(f"The app has no icon yet, so it gets its letter: {letters}")
    return _drawn(job, art)


def _letter(*names: str) -> str:
    """The first letter that can be written with the fonts of this computer."""
    for one in (*map(letter.suggested, names), "A"):
        try:
            letter.draw(one, (0, 0, 0), "square", size=16)
        except ProjectError:
            continue
        return one
    raise AssertionError("our own font has an A")


def _colour(app_id: str) -> str:
    """Always the same one for an app, and mostly another one for the next."""
    return _COLOURS[hashlib.sha256(app_id.encode("utf-8", "replace")).digest()[0] % len(_COLOURS)]


def _for_system(drawn: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and content of what this system takes, and the icon for a page."""
    if _ICO in drawn:
        yield "app.ico", drawn[_ICO]
    of_macos = {
        int(found[1]): data for name, data in drawn.items() if (found := _MACOS.fullmatch(name))
    }
    if of_macos:
        yield "app.icns", icns.encode(of_macos)
    of_linux = sorted(name for name in drawn if name.startswith(_HICOLOR))
    for name in of_linux:
        yield f"hicolor/{name.removeprefix(_HICOLOR)}", drawn[name]
    yield PAGE, _for_page(drawn)


def _for_page(drawn: Mapping[str, bytes]) -> bytes:
    """The icon as a picture of its own, from the largest that is there."""
    found: list[Image.Image] = []
    for data in drawn.values():
        with Image.open(io.BytesIO(data)) as opened:
            found.append(opened.convert("RGBA"))
    largest = max(found, key=lambda image: image.width)
    return png.encode(largest.resize((_PAGE_SIDE, _PAGE_SIDE), Image.Resampling.LANCZOS))
