"""The page that says how to open an app: complete for each system, and any name in it is text."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop import how_to_open
from builder.desktop.how_to_open import Guided
from builder.host import Host

SHOP = Guided(
    product="The Shop",
    version="1.2.3",
    app_id="com.example.shop",
    system="linux",
    processor="x64",
    program="shop",
    folder="shop",
    archive="shop-1.2.3-linux-x64.tar.gz",
    icon=b"\x89PNG",
    is_native=True,
)
SYSTEMS: tuple[Host, ...] = ("linux", "macos", "windows")
_EMPTY = {"meta", "img", "br", "link", "input"}


class Reader(HTMLParser):
    """All text, the tags, and every attribute of a page whose tags are closed as they should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def read(**changes: Any) -> Reader:
    return Reader(how_to_open.page(replace(SHOP, **changes)))


@pytest.mark.parametrize("system", SYSTEMS)
def test_nothing_comes_from_elsewhere(system: Host) -> None:
    page = read(system=system)
    assert "script" not in page.tags
    for name, value in page.attributes:
        if name in ("src", "href", "xlink:href"):
            assert value.startswith(("data:image/png;base64,", "#"))
    assert not re.search(r"https?:|url\(|@import", how_to_open.page(replace(SHOP, system=system)))


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_drawing_says_what_it_shows(system: Host) -> None:
    page = read(system=system)
    drawings = page.tags.count("svg") - 1  # the first holds parts of the others
    assert drawings >= 3
    assert [name for name, _ in page.attributes].count("aria-label") == drawings


@pytest.mark.parametrize(
    ("system", "words"),
    [
        ("linux", ("Extract Here", "Executable as Program", "./install.sh", "sha256sum -c")),
        ("windows", ("Extract All…", "More info", "Run anyway", "Get-FileHash", "LOCALAPPDATA")),
        ("macos", ("Privacy & Security", "Open Anyway", "Applications", "shasum -a 256 -c")),
    ],
)
def test_each_system_has_its_own_words(system: Host, words: tuple[str, ...]) -> None:
    text = read(system=system).text
    assert all(word in text for word in words)
    others = {"Extract Here", "Run anyway", "Privacy & Security"} - set(words)
    assert not [word for word in others if word in text]


def test_light_and_dark() -> None:
    assert "prefers-color-scheme: dark" in how_to_open.page(SHOP)


def test_a_browser_is_spoken_of_only_where_one_is_needed() -> None:
    assert "Chromium" not in read(is_native=True).text
    assert "Chromium" in read(is_native=False).text


def test_macs_are_told_apart() -> None:
    assert "Macs with an Apple chip" in read(system="macos", processor="arm64").text
    assert "Linux (riscv64)" in read(processor="riscv64").text


NAMES = st.text(max_size=60) | st.text("<>&\"'$` {}\\%\n\0é日\u202e\ud800{product}</", max_size=40)


@given(NAMES, NAMES, NAMES, st.sampled_from(SYSTEMS))
def test_wild_names_are_text(product: str, program: str, archive: str, system: Host) -> None:
    changes = {"product": product, "program": program, "folder": program, "archive": archive}
    page, plain = read(system=system, **changes), read(system=system)
    assert page.tags == plain.tags
    assert [name for name, _ in page.attributes] == [name for name, _ in plain.attributes]
    shown = " ".join(seen(product).split())
    assert " ".join(f"How to open {shown}".split()) in page.text
    how_to_open.page(replace(SHOP, system=system, **changes)).encode("utf-8")


def seen(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", " ", text)


@pytest.mark.parametrize(
    ("product", "called"),
    [
        ("The Shop", "How to open The Shop.html"),
        ("AC/DC: live?", "How to open AC_DC_ live_.html"),
        ("日本語", "How to open 日本語.html"),
        ("", "How to open app.html"),
    ],
)
def test_how_the_page_is_called(product: str, called: str) -> None:
    assert how_to_open.name(product) == called


@given(NAMES)
def test_any_product_has_a_page_that_can_be_written(product: str) -> None:
    name = how_to_open.name(product)
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f]', name)
    assert len(name.encode("utf-8")) <= 255


def test_a_drawing_shows_no_more_than_it_has_room_for() -> None:
    text = read(program="a" * 100, product="日" * 50, archive="b" * 100, folder="c" * 100).text
    assert "aaaaaaaaaaaaaaaa…" in text
    assert "a" * 100 in text  # in the words beside it
