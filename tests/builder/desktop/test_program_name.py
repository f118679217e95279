"""How the program of a desktop app is called on the disk."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import reserved
from builder.desktop import program_name


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        ("shop", "shop"),
        ("My Café — 日本語", "My Café — 日本語"),
        ("Ann's “app”", "Ann's “app”"),
        ('say "hi"', "say _hi_"),
        ("CON", "_CON"),
        ("aux.exe", "_aux"),
        ("shop.", "shop"),
        ("Shop.EXE", "Shop"),
        ("shop.exe .exe. ", "shop"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("_internal", "_internal-app"),
        ("Share", "Share-app"),
        ("install.sh", "install.sh-app"),
        ("50% = half", "50_ _ half"),
        ("", "app"),
        (" .. ", "app"),
        (".exe", "app"),
        ("../../etc/passwd", "_.._etc_passwd"),
    ],
)
def test_examples(asked: str, called: str) -> None:
    assert program_name.of(asked) == called


ODD = st.one_of(
    st.text(max_size=300),
    st.text("./\\:%=-\0 \n\"'$`eExX日é", max_size=40),
    st.sampled_from(sorted(reserved.WINDOWS)).map(lambda word: f"{word}.exe"),
    st.characters(codec="utf-8").map(lambda letter: f"{letter * 200}.exe"),
)


@given(ODD)
def test_every_system_takes_it(asked: str) -> None:
    name = program_name.of(asked)
    assert name
    assert name == name.strip()
    assert not re.search(r'[/\\:*?"<>|%=\x00-\x1f\x7f]', name)
    assert not name.endswith(".")
    assert not name.startswith(("-", "."))
    assert not name.lower().endswith(".exe")
    assert name.partition(".")[0].lower() not in reserved.WINDOWS
    assert name.lower() not in ("_internal", "share", "install.sh", "uninstall.sh")
    assert len(f"{name}.exe".encode()) <= 200
