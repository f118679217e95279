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
from builder.colours import CSS_NAMES, rgb
from builder.images import contrast
from builder.settings import Settings
from builder.web import page
from builder.web.page import Facts

PLAIN, _ = settings.resolve({}, Path("my-app"))
FACTS = Facts("main", "app.zip.gz?v=1", {"builds": []}, True, True, {}, [], True)


class Seen(HTMLParser):
    """What a browser sees of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.meta: dict[str, str] = {}
        self.base = ""
        self.pictures: list[dict[str, str]] = []
        self.text: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "name" in found:
            self.meta[found["name"]] = found.get("content", "")
        self.base = found["href"] if tag == "base" else self.base
        if tag in ("img", "source"):
            self.pictures.append(found)

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
    ("light", "dark", "expected"),
    [
        ("#ffffff", "#222222", ("#ffffff #000000", "#222222 #ffffff")),
        ("#102030", "#fe8", ("#102030 #ffffff", "#ffee88 #000000")),
        ("navy", "LightYellow", ("#000080 #ffffff", "#ffffe0 #000000")),
        ("#10203080", "transparent", ("#102030 #ffffff", "#ffffff #000000")),
    ],
)
def test_the_loading_screen_can_be_read(light: str, dark: str, expected: tuple[str, str]) -> None:
    _, text, _ = written(but(splash_color=light, splash_dark_color=dark))
    assert colours(text) == expected


@given(
    st.sampled_from(sorted(CSS_NAMES)),
    st.sampled_from(sorted(CSS_NAMES)),
    st.sampled_from(sorted(CSS_NAMES)),
)
def test_any_named_colours_do(background: str, theme: str, splash: str) -> None:
    seen, _, manifest = written(
        but(pwa_background_color=background, pwa_theme_color=theme, splash_color=splash)
    )
    assert seen.meta["theme-color"] == manifest["theme_color"] == theme
    assert manifest["background_color"] == background


def test_of_a_splash_picture_the_browser_takes_one() -> None:
    dark, light = written(PLAIN)[0].pictures
    assert dark["media"] == "(prefers-color-scheme: dark)"
    assert dark["srcset"].split(", ")[1] == "splash/img/dark-2x.png 2x"
    assert light["src"] == "splash/img/light-1x.png"
    assert light["srcset"].split(", ")[3] == "splash/img/light-4x.png 4x"
    assert (light["width"], light["height"]) == ("256", "256")


def test_without_a_dark_picture_the_light_one_stands_on_the_dark_ground() -> None:
    seen, text, _ = written(PLAIN, dataclasses.replace(FACTS, has_dark_splash=False))
    assert [picture["src"] for picture in seen.pictures] == ["splash/img/light-1x.png"]
    assert colours(text)[1].startswith("#222222")


def test_without_pictures_the_clients_icon_is_shown() -> None:
    seen, _, _ = written(PLAIN, dataclasses.replace(FACTS, has_splash=False))
    assert [picture["src"] for picture in seen.pictures] == ["icons/icon-192.png"]


def test_no_splash_is_a_plain_screen_with_the_bar() -> None:
    seen, text, manifest = written(but(splash_web=False, splash_color="#ff0000"))
    assert seen.pictures == []
    assert "progress" in seen.tags
    assert colours(text) == ("#ffffff #000000", "#222222 #ffffff")
    assert manifest["background_color"] == "#ffffff"


@given(st.sampled_from(sorted(CSS_NAMES)), st.sampled_from(sorted(CSS_NAMES)))
def test_the_bar_is_seen_on_any_ground(ground: str, theme: str) -> None:
    _, text, _ = written(but(splash_color=ground, pwa_theme_color=theme))
    (bar,) = re.findall(r"webkit-progress-value \{ background: (#\w{6}); trans", text)
    (track,) = re.findall(r"hidden; background: (#\w{6});", text)
    seen = contrast.ratio(rgb(bar), rgb(ground))
    assert seen >= 3
    assert contrast.ratio(rgb(track), rgb(ground)) < seen


def test_a_theme_that_is_seen_is_the_bar() -> None:
    _, text, _ = written(but(pwa_theme_color="#0b6e99", splash_color="white"))
    assert "webkit-progress-value { background: #0b6e99;" in text


def test_the_manifest_names_icons_that_the_client_has() -> None:
    _, _, manifest = written(but(pwa_short_name="Short"))
    assert manifest["short_name"] == "Short"
    assert manifest["start_url"] == "."
    assert [(icon["src"], icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("icons/icon-192.png", "192x192", "any"),
        ("icons/icon-512.png", "512x512", "any"),
        ("icons/icon-maskable-192.png", "192x192", "maskable"),
        ("icons/icon-maskable-512.png", "512x512", "maskable"),
    ]


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
                  "pwa_background_color", "splash_color", "splash_dark_color"):  # fmt: skip
        assert page.settings_shown(but(**{field: "other"})) != shown, field
    assert page.settings_shown(but(web_fonts=["emoji"])) != shown
    assert page.settings_shown(but(splash_web=False)) != shown
    assert len(page.fingerprint()) == 64
