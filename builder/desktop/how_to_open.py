"""The page that goes with an app to whoever gets it: how to open it on that system, with pictures.

It is written for people who have never seen a warning about an unknown publisher. One file, without
anything from elsewhere, so that it can be read where there is no network.
"""

from __future__ import annotations

import base64
import html
import re
import shlex
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from string import Template

from builder.host import Host
from builder.stages.collect import file_name

PAGES = Path(__file__).with_name("how_to_open")
"""The folder of the page and of the steps for each system, as they are before they know an app."""

_SYSTEMS: dict[Host, str] = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
_PROCESSORS = {
    ("macos", "arm64"): "Macs with an Apple chip",
    ("macos", "x64"): "Macs with an Intel processor",
}
_DATA: dict[Host, str] = {
    "linux": "~/.local/share/{id}",
    "macos": "~/Library/Application Support/{id}",
    "windows": r"%LOCALAPPDATA%\{id}",
}
_ROOM = 17  # narrow letters that the drawings have room for
_IN_A_BROWSER = (
    "It is shown by Chrome, Edge or Chromium in a window of its own; where none of them is there, "
    "by your usual browser."
)


@dataclass(frozen=True)
class Guided:
    """The app that is sent. `program` and `archive` are file names, `folder` is what it unpacks to.

    `is_native`: it brings what shows its window. `icon` is a square PNG.
    """

    product: str
    version: str
    app_id: str
    system: Host
    processor: str
    program: str
    folder: str
    archive: str
    icon: bytes
    is_native: bool


def name(product: str) -> str:
    """What the page is called, also where a product's name is no file name."""
    return f"How to open {file_name(_line(product))}.html"


def page(app: Guided) -> str:
    """The whole page. Every name in it is text, whatever characters it is made of."""
    system = f"{_SYSTEMS[app.system]} ({app.processor})"
    known = {
        "product": app.product,
        "version": app.version,
        "system": _PROCESSORS.get((app.system, app.processor), system),
        "archive": app.archive,
        "folder": app.folder,
        "program": app.program,
        "archive_short": _short(app.archive),
        "folder_short": _short(app.folder),
        "program_short": _short(app.program),
        "name_short": _short(app.product),
        "data": _DATA[app.system].format(id=app.app_id),
        "window": "" if app.is_native else _IN_A_BROWSER,
        "icon": f"data:image/png;base64,{base64.b64encode(app.icon).decode()}",
    }
    values = {key: html.escape(_line(value)) for key, value in known.items()}
    values["check"] = _check(app)
    values["steps"] = _template(app.system).substitute(values)
    return _template("page").substitute(values)


def _template(of: str) -> Template:
    return Template((PAGES / f"{of}.html").read_text("utf-8"))


def _check(app: Guided) -> str:
    """How to compare the archive with its checksum, as HTML."""
    sums = f"{app.archive}.sha256"
    if app.system == "windows":
        quoted = "'" + _line(app.archive).replace("'", "''") + "'"
        return (
            f"in PowerShell {_code(f'Get-FileHash -LiteralPath {quoted}')} must say the same as "
            f"the file {_code(sums)} (small and capital letters are one)."
        )
    tool = "shasum -a 256 -c" if app.system == "macos" else "sha256sum -c"
    return (
        f"in a terminal, where both files lie, {_code(f'{tool} {shlex.quote(_line(sums))}')} "
        "must say OK."
    )


def _code(text: str) -> str:
    return f"<code>{html.escape(_line(text))}</code>"


def _line(text: str) -> str:
    """On one line, without what is no character or would turn the reading direction."""
    unseen = r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    return " ".join(re.sub(unseen, " ", text).split())


def _short(text: str) -> str:
    """As much as a drawing has room for, with a sign that something is left out."""
    line, taken = _line(text), 0
    for at, character in enumerate(line):
        taken += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if taken > _ROOM:
            return f"{line[: max(at - 1, 1)].rstrip()}…"
    return line
