"""The page holds what the project says, whatever that is, and a browser reads the same."""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import settings
from builder.colours import CSS_NAMES
from builder.settings import Settings
from builder.web import page
from builder.web.page import Facts

PLAIN, _ = settings.resolve({}, Path("my-app"))
FACTS = Facts("main", "app.zip.gz?v=1", {"builds": []}, "icon.png", {}, [], True)


class Seen(HTMLParser):
    """What a browser sees of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.meta: dict[str, str] = {}
        self.base = self.icon = ""
        self.text: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "name" in found:
            self.meta[found["name"]] = found.get("content", "")
        self.base = found["href"] if tag == "base" else self.base
        self.icon = found["src"] if tag == "img" else self.icon

    def handle_data(self, data: str) -> None:
        self.text.setdefault(self.tags[-1] if self.tags else "", data)

    def config(self, text: str) -> dict[str, Any]:
        start = text.index('type="application/json">') + len('type="application/json">')
        found: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
        return found


def written(chosen: Settings, facts: Facts = FACTS) -> tuple[Seen, str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        page.write(Path(folder), chosen, facts, own_manifest=False)
        text = (Path(folder) / "index.html").read_bytes().decode()
        assert (Path(folder) / "404.html").read_bytes().decode() == text
        manifest = json.loads((Path(folder) / "manifest.json").read_bytes())
        version = json.loads((Path(folder) / "version.json").read_bytes())
        assert version["app_name"] is not None
    seen = Seen()
    seen.feed(text)
    return seen, text, manifest


def but(**changes: Any) -> Settings:
    return dataclasses.replace(PLAIN, **changes)


TAGS = written(PLAIN)[0].tags

# What HTML itself cannot hold as it is: the null byte and single returns.
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1)
wild = st.sampled_from(
    ["</script><script>alert(1)</script>", "<!--", "--><b>", '"\' onload="x', "{{title}}", "&amp;",
     "\u2028\u2029", "]]>", "\\u003c", "日本 العربية 🙂", "</title>", "\\1 \\g<0>"]
)  # fmt: skip


@given(product=anything | wild, description=anything | wild, module=anything | wild)
def test_any_words_arrive_as_they_are(product: str, description: str, module: str) -> None:
    chosen = but(product=product, description=description, pwa_short_name=product)
    facts = dataclasses.replace(FACTS, module=module, fonts={module: product})
    seen, text, manifest = written(chosen, facts)
    assert seen.tags == TAGS
    assert seen.text["title"] == product
    assert seen.meta["description"] == description
    assert seen.meta["apple-mobile-web-app-title"] == product
    assert seen.config(text)["module"] == module
    assert seen.config(text)["fonts"] == {module: product}
    assert (manifest["name"], manifest["description"]) == (product, description)


@given(st.text())
def test_no_text_at_all_breaks_the_page(product: str) -> None:
    seen, _, _ = written(but(product=product, description=product))
    assert seen.tags == TAGS


def test_half_characters_of_a_command_line_are_replaced() -> None:
    seen, _, _ = written(but(product="Z\udcfc"))
    assert seen.text["title"] == "Z?"


@pytest.mark.parametrize(
    ("base_url", "strategy", "expected"),
    [
        ("", "path", "/"),
        ("", "hash", "./"),
        ("/my/app/", "path", "/my/app/"),
        ("/my/app/", "hash", "/my/app/"),
        ("/a&b(c)/", "path", "/a&b(c)/"),
    ],
)
def test_where_the_files_are(base_url: str, strategy: str, expected: str) -> None:
    seen, text, _ = written(but(base_url=base_url, route_url_strategy=strategy))
    assert seen.base == expected
    assert seen.config(text)["routeUrlStrategy"] == strategy


def colours(text: str) -> tuple[str, ...]:
    """The background and the text colour of the loading screen, in the light and in the dark."""
    found = [
        re.search(r"#loading \{[^}]*background: (.*?);\s*color: (.*?);", part)
        for part in text.split("prefers-color-scheme: dark")
    ]
    return tuple(f"{match[1]} {match[2]}" for match in found if match)


@pytest.mark.parametrize(
    ("background", "light", "dark"),
    [
        ("#ffffff", "#ffffff #000000", "#1b1b1f #ffffff"),
        ("#102030", "#102030 #ffffff", "#102030 #ffffff"),
        ("#fe8", "#fe8 #000000", "#fe8 #000000"),
        ("navy", "navy #ffffff", "navy #ffffff"),
        ("LightYellow", "LightYellow #000000", "LightYellow #000000"),
        ("#10203080", "#10203080 #ffffff", "#10203080 #ffffff"),
    ],
)
def test_the_loading_screen_can_be_read(background: str, light: str, dark: str) -> None:
    _, text, manifest = written(but(pwa_background_color=background))
    assert colours(text) == (light, dark)
    assert manifest["background_color"] == background


@given(st.sampled_from(sorted(CSS_NAMES)), st.sampled_from(sorted(CSS_NAMES)))
def test_any_named_colours_do(background: str, theme: str) -> None:
    seen, _, manifest = written(but(pwa_background_color=background, pwa_theme_color=theme))
    assert seen.meta["theme-color"] == manifest["theme_color"] == theme


def test_the_manifest_names_icons_that_the_client_has() -> None:
    _, _, manifest = written(but(pwa_short_name="Short"))
    assert manifest["short_name"] == "Short"
    assert manifest["start_url"] == "."
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}


def test_a_manifest_of_the_project_stays(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("mine")
    page.write(tmp_path, PLAIN, FACTS, own_manifest=True)
    assert (tmp_path / "manifest.json").read_text() == "mine"
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == {
        "manifest.json", *page.FILES
    }  # fmt: skip


def test_the_bar_knows_the_sizes_of_what_it_waits_for(tmp_path: Path) -> None:
    (tmp_path / "main.dart.js").write_bytes(b"12345")
    page.write(tmp_path, PLAIN, FACTS, own_manifest=False)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert Seen().config(text)["sizes"] == {"main.dart.js": 5}


def test_all_that_the_page_shows_makes_it_anew() -> None:
    shown = page.settings_shown(PLAIN)
    for field in ("product", "project", "description", "base_url", "build_version", "build_number",
                  "route_url_strategy", "web_renderer", "pwa_short_name", "pwa_theme_color",
                  "pwa_background_color"):  # fmt: skip
        assert page.settings_shown(but(**{field: "other"})) != shown, field
    assert page.settings_shown(but(web_fonts=["emoji"])) != shown
    assert len(page.fingerprint()) == 64
