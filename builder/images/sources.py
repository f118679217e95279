"""Which file of `assets/` serves which platform: the chains of `flet build` 1.0.5.

The same file as there is chosen wherever that one can be meant. Different on purpose:

- `svg` and `svgz` count, last of all: `flet build` cannot read them and says so, so a raster
  picture beside them, which it would take, wins here too.
- `icon.png` wins over `icon.old.png`. `flet build` takes whatever matches `icon.*`, the first in
  the alphabet; nobody who keeps an old picture beside the new one means the old. Alone,
  `icon.old.png` is taken by both.
- What no picture is called (`icon.txt`, `icon.png.bak`) is passed over; there it hides the pictures
  of the next link.
- A folder called `icon.png` loses against a file, but is chosen when alone, so that reading it says
  what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.images.style import Platform
from builder.problems import Problem, ProjectError

# The better first, as `flet build` ranks them; equal ones by their names.
RANK = {
    ".png": 0,
    ".webp": 1,
    ".jpg": 2,
    ".jpeg": 2,
    ".gif": 3,
    ".bmp": 4,
    ".tif": 5,
    ".tiff": 5,
    ".ico": 6,
    ".icns": 6,
    ".apng": 7,
    ".avif": 7,
    ".jfif": 7,
    ".svg": 8,
    ".svgz": 8,
}
# Icon files of one system say nothing about the icon on another.
ONLY_FOR: dict[str, Platform] = {".ico": "windows", ".icns": "macos"}


@dataclass(frozen=True)
class Source:
    """A file that serves a platform; `name` is the link of the chain (`icon_android`, `splash`).

    `is_own` is true for an icon made for this platform, which is never framed anew, and for a
    splash picture that is not the icon. `beaten` are other files of the same name that lost.
    """

    path: Path
    name: str
    is_own: bool
    beaten: Sequence[Path] = ()


def icon(assets: Path, platform: Platform) -> Source | None:
    """The icon of a platform: `icon_<platform>.*`, else `icon.*`.

    Raises ProjectError when the folder cannot be looked into; one that is not there has no icon.
    """
    return _first(assets, platform, own=[f"icon_{platform}"], others=["icon"])


def splash(assets: Path, platform: Platform, *, dark: bool) -> Source | None:
    """The splash picture of a platform.

    Light: `splash_<platform>`, `splash`, `icon`. Dark: `splash_dark_<platform>`, `splash_dark`,
    else None: dark is then drawn as light is. Raises as `icon`.
    """
    if dark:
        return _first(assets, platform, own=[f"splash_dark_{platform}", "splash_dark"])
    return _first(assets, platform, own=[f"splash_{platform}", "splash"], others=["icon"])


def in_capitals(assets: Path) -> Path | None:
    """A picture that would be the common icon, were its name (`ICON.PNG`) in small letters.

    None where there is none, or where this system does not tell such names apart. Raises as `icon`.
    """
    for file in sorted(_files(assets)):
        is_icon = file.stem.lower() == "icon" and file.suffix.lower() in RANK
        if is_icon and os.path.normcase(file.stem) != os.path.normcase("icon"):
            return file
    return None


def _first(
    assets: Path, platform: Platform, *, own: Sequence[str], others: Sequence[str] = ()
) -> Source | None:
    files = _files(assets)
    for name in (*own, *others):
        ranked = sorted(
            (_rank(file, name), file) for file in files if _serves(file, name, platform)
        )
        if ranked:
            best, *beaten = (file for _, file in ranked)
            return Source(best, name, name in own, tuple(beaten))
    return None


def _files(assets: Path) -> list[Path]:
    try:
        return list(assets.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ProjectError(_not_readable(assets, error)) from error


def _serves(file: Path, name: str, platform: Platform) -> bool:
    suffix = file.suffix.lower()
    # As the system at hand compares names: `Icon.png` is an `icon.*` on Windows only.
    is_named = os.path.normcase(file.name).startswith(os.path.normcase(f"{name}."))
    return is_named and suffix in RANK and ONLY_FOR.get(suffix, platform) == platform


def _rank(file: Path, name: str) -> tuple[bool, bool, int, str]:
    is_longer = os.path.normcase(file.stem) != os.path.normcase(name)
    is_folder = os.path.isdir(file)  # noqa: PTH112 - no error where one may not look
    return is_folder, is_longer, RANK[file.suffix.lower()], file.name


def _not_readable(assets: Path, error: OSError) -> Problem:
    return Problem(
        "assets-not-readable",
        "The folder of pictures cannot be looked into",
        f"The system says: {error.strerror or error}.",
        "Give yourself the right to read it, or choose a copy of the project that is yours.",
        where=str(assets),
    )
