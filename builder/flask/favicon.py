"""The pictures by which browsers know a Flask app: those that its templates link to as icons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from builder.flask.parts import FlaskApp

_LARGEST = 200_000  # bytes of a template that is looked into
_MOST = 200  # templates
_ENDINGS = (".svg", ".png", ".webp", ".ico")
# By these names they are also found without a link, and generators of icons write them.
_NAMES = re.compile(r"(favicon|apple-touch-icon|android-chrome|mstile)\b.*", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^>]*\brel\s*=\s*[\"']?[^\"'>]*\bicon\b[^>]*>", re.IGNORECASE)
_TARGET = re.compile(r"filename\s*=\s*[\"']([^\"']+)[\"']|href\s*=\s*[\"']?([^\"'{\s>]+)")


def find(app_folder: Path, files: Sequence[str], flask: FlaskApp) -> list[str]:
    """Their paths below `app_folder`, those that are linked to first; `files` are the packed ones.

    Never raises.
    """
    static = [folder.path for folder in flask.folders if folder.kind == "static"]
    pictures = [
        file
        for file in files
        if file.lower().endswith(_ENDINGS) and any(file.startswith(f"{at}/") for at in static)
    ]
    linked = [
        file for name in _linked(app_folder, files, flask) for file in pictures if _is(file, name)
    ]
    by_name = [file for file in pictures if _NAMES.fullmatch(PurePosixPath(file).name)]
    return list(dict.fromkeys([*linked, *by_name]))


def _linked(app_folder: Path, files: Sequence[str], flask: FlaskApp) -> Iterator[str]:
    """What the templates link to as an icon, in their words."""
    folders = [folder.path for folder in flask.folders if folder.kind == "templates"]
    templates = [file for file in files if any(file.startswith(f"{at}/") for at in folders)]
    for file in templates[:_MOST]:
        for link in _LINK.findall(_text(app_folder / file)):
            yield from (one or other for one, other in _TARGET.findall(link))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") if path.stat().st_size <= _LARGEST else ""
    except OSError:  # told when it is packed
        return ""


def _is(file: str, name: str) -> bool:
    """Whether a link leads to a file: it begins at the static folder, or at the site's root."""
    wanted = name.partition("?")[0].lstrip("/")
    return bool(wanted) and f"/{file}".endswith(f"/{wanted}")
