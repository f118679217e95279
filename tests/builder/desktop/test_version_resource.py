"""The version resource of Windows, evaluated as PyInstaller does it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import settings
from builder.desktop import version_resource

PLAIN, _ = settings.resolve(
    {"project": {"name": "shop", "version": "1.2.3"}}, Path("shop"), target="windows"
)


def evaluated(text: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The numbers and the strings. The names are those that PyInstaller puts into its `eval`."""
    names: dict[str, Any] = {
        "VSVersionInfo": lambda ffi, kids: (ffi, kids[0]),
        "FixedFileInfo": lambda **numbers: numbers,
        "StringFileInfo": lambda tables: dict(tables[0]),
        "StringTable": lambda _language, strings: strings,
        "StringStruct": lambda name, value: (name, value),
        "VarFileInfo": lambda kids: kids,
        "VarStruct": lambda name, kids: (name, kids),
    }
    found: tuple[dict[str, Any], dict[str, str]] = eval(text, {"__builtins__": {}}, names)
    return found


def of(program: str = "shop", **changes: Any) -> tuple[dict[str, Any], dict[str, str]]:
    return evaluated(version_resource.text(replace(PLAIN, **changes), program))


def test_what_windows_shows() -> None:
    numbers, strings = of(
        product="The Shop",
        company="Acme",
        copyright="© 2026 Acme",
        description="Sells things",
        build_version="1.2.3",
        build_number=7,
    )
    assert numbers["filevers"] == numbers["prodvers"] == (1, 2, 3, 7)
    assert strings == {
        "CompanyName": "Acme",
        "FileDescription": "The Shop",
        "FileVersion": "1.2.3",
        "InternalName": "shop",
        "LegalCopyright": "© 2026 Acme",
        "OriginalFilename": "shop.exe",
        "ProductName": "The Shop",
        "ProductVersion": "1.2.3",
        "Comments": "Sells things",
    }


def test_what_is_not_known_is_left_out() -> None:
    _, strings = of(company="", copyright="", description="")
    assert {"CompanyName", "LegalCopyright", "Comments"}.isdisjoint(strings)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("1", (1, 0, 0)),
        ("1.2.3.4", (1, 2, 3)),
        ("2.0rc1", (2, 0, 0)),
        ("1.99999.3", (1, 65535, 3)),
        ("9" * 500, (65535, 0, 0)),
        ("v3.1", (3, 1, 0)),
        ("beta", (0, 0, 0)),
        ("", (0, 0, 0)),
        ("٣.١", (0, 0, 0)),
    ],
)
def test_a_version_as_numbers(version: str, numbers: tuple[int, ...]) -> None:
    found, _ = of(build_version=version, build_number=1)
    assert found["filevers"] == (*numbers, 1)


WILD = st.text(max_size=80) | st.text("'\"\\\n\r\t\0{}()[]#é日\ud800", max_size=40)


@given(WILD, WILD, WILD, st.integers(0, 10**12))
def test_wild_texts_stay_texts(product: str, company: str, program: str, number: int) -> None:
    text = version_resource.text(
        replace(PLAIN, product=product, company=company, build_number=number), program
    )
    assert text.isascii()
    numbers, strings = evaluated(text)
    assert all(0 <= part <= 65535 for part in numbers["filevers"])
    for value in strings.values():
        value.encode("utf-16-le")  # no half of a pair
        assert not re.search(r"[\x00-\x1f]", value)
    assert strings.get("CompanyName", "") == " ".join(
        re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", company).split()
    )


def test_there_is_room_for_all_of_it() -> None:
    long = "é😀" * 60_000
    changes = dict.fromkeys(("product", "company", "copyright", "description"), long)
    _, strings = of(long, **changes)
    assert sum(2 * len(value.encode("utf-16-le")) for value in strings.values()) < 65_000
    assert strings["CompanyName"].startswith("é😀é")
