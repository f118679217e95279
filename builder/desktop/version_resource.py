"""What Windows shows of a program: its version resource, in the form that PyInstaller reads.

PyInstaller evaluates it as Python, so every text stands there as a literal of plain ASCII.
"""

from __future__ import annotations

import re

from builder.identity import WINDOWS_MOST
from builder.settings import Settings

_LONGEST = 1000  # UTF-16 units of a text; the whole resource has room for 65,535 bytes
_ENGLISH, _UNICODE = 0x0409, 1200


def text(settings: Settings, program: str) -> str:
    """The version file of a program with this name (without its ending)."""
    strings = {
        "CompanyName": settings.company,
        "FileDescription": settings.product,  # how the task manager calls it
        "FileVersion": settings.build_version,
        "InternalName": program,
        "LegalCopyright": settings.copyright,
        "OriginalFilename": f"{program}.exe",
        "ProductName": settings.product,
        "ProductVersion": settings.build_version,
        "Comments": settings.description,
    }
    entries = "".join(
        f"      StringStruct({name!r}, {_literal(value)}),\n"
        for name, value in strings.items()
        if _plain(value)
    )
    number = _number(settings.build_version, settings.build_number)
    table = f"{_ENGLISH:04X}{_UNICODE:04X}"
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={number}, prodvers={number}, mask=0x3F, flags=0x0,\n"
        "    OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        "  kids=[\n"
        f"    StringFileInfo([StringTable({table!r}, [\n{entries}    ])]),\n"
        f"    VarFileInfo([VarStruct('Translation', [{_ENGLISH}, {_UNICODE}])]),\n"
        "  ],\n"
        ")\n"
    )


def _number(version: str, build: int) -> tuple[int, ...]:
    """Four numbers that Windows can hold: the version's first three, and the build's."""
    release = re.match(r"\D*(\d+(?:\.\d+)*)", version, re.ASCII)
    parts = [int(part[:9]) for part in release[1].split(".")[:3]] if release else []
    whole = [*parts, 0, 0, 0][:3]
    return tuple(min(max(part, 0), WINDOWS_MOST) for part in [*whole, build])


def _literal(value: str) -> str:
    return ascii(_plain(value))


def _plain(value: str) -> str:
    """On one line, without what is no character, no longer than there is room for."""
    line = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", value).split())
    return line.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
