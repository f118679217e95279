"""Which drawn pictures a Flutter project gets, which files go for them, and what names them."""

from __future__ import annotations

import json
import struct

import pytest

from builder.flutter import pictures
from builder.images import ios, slots, splash

RES = slots.ANDROID_RES
STORYBOARD = b'<x>\n<image name="LaunchImage" width="168" height="185"/>\n</x>\n'


def png_of(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


def test_a_file_of_the_template_is_replaced() -> None:
    files = {"macos/a.png": b"theirs", "macos/b.png": b"theirs"}
    placed = pictures.place(files, {"macos/a.png": b"ours", "macos/new.png": b"ours"}, "macos")
    assert placed == {"macos/a.png": b"ours", "macos/b.png": b"theirs"}
    assert files == {"macos/a.png": b"theirs", "macos/b.png": b"theirs"}


@pytest.mark.parametrize(
    ("platform", "path", "is_made"),
    [
        ("android", f"{RES}/drawable-mdpi/ic_launcher_foreground.png", True),
        ("android", f"{RES}/drawable-mdpi/splash.png", True),
        ("linux", "linux/icons/hicolor/16x16/apps/a.b.png", True),
        ("web", f"{slots.WEB_SPLASH}/light-1x.png", True),
        ("web", "web/icons/Icon-192.png", False),
        ("web", "web/favicon.png", False),
        ("ios", f"{slots.IOS_LAUNCH}/LaunchImage.png", True),
        ("ios", f"{slots.IOS_GROUND}/background.png", True),
        ("ios", f"{slots.IOS_ICONS}/Icon-App-20x20@1x.png", False),
        ("macos", f"{slots.MACOS_ICONS}/app_icon_16.png", False),
        ("windows", slots.WINDOWS_ICON, False),
    ],
)
def test_what_is_made_where_the_template_has_nothing(
    platform: str, path: str, is_made: bool
) -> None:
    placed = pictures.place({}, {path: b"ours"}, platform)  # type: ignore[arg-type]
    assert (path in placed) == is_made


def test_ios_gets_every_icon_that_our_catalog_names_together_with_it() -> None:
    drawn = {slot.path: b"ours" for slot in (*slots.IOS, *ios.LIGHT, *ios.DARK, *ios.TINTED)}
    drawn[ios.CATALOG_PATH] = ios.catalog().encode()
    placed = pictures.place({ios.CATALOG_PATH: b"{}"}, drawn, "ios")
    named = {image["filename"] for image in json.loads(placed[ios.CATALOG_PATH])["images"]}  # type: ignore[arg-type]
    assert {path.rpartition("/")[2] for path in placed if path.endswith(".png")} == named
    assert pictures.place({}, drawn, "ios") == {}


def test_what_an_earlier_splash_screen_left_goes() -> None:
    stale = f"{RES}/drawable/background.png"
    night = f"{RES}/drawable-night-mdpi/splash.png"
    files = {stale: b"theirs", night: b"theirs"}
    day = f"{RES}/drawable-mdpi/splash.png"
    assert pictures.place(files, {day: b"ours"}, "android") == {day: b"ours"}
    with_night = pictures.place(files, {day: b"ours", night: b"ours"}, "android")
    assert with_night == {day: b"ours", night: b"ours"}


def test_without_a_splash_screen_nothing_goes() -> None:
    files = {path: b"theirs" for path in splash.STALE_ANDROID}
    assert pictures.place(files, {f"{RES}/mipmap-mdpi/ic_launcher.png": b""}, "android") == {
        **files,
        f"{RES}/mipmap-mdpi/ic_launcher.png": b"",
    }


def test_the_launch_screen_knows_how_large_its_picture_is() -> None:
    files = {
        pictures.STORYBOARD: STORYBOARD,
        f"{slots.IOS_LAUNCH}/LaunchImage.png": png_of(256, 300),
    }
    patched = STORYBOARD.replace(b'width="168" height="185"', b'width="256" height="300"')
    assert pictures.storyboard(files) == patched


@pytest.mark.parametrize("text", [b"", STORYBOARD * 2, STORYBOARD.replace(b"168", b"a")])
def test_a_launch_screen_of_another_form_stays(text: bytes) -> None:
    launch = {f"{slots.IOS_LAUNCH}/LaunchImage.png": png_of(256, 256)}
    assert pictures.storyboard({pictures.STORYBOARD: text, **launch}) is None
    assert pictures.storyboard(launch) is None
    assert pictures.storyboard({pictures.STORYBOARD: STORYBOARD}) is None


def manifest(*icons: object) -> bytes:
    return json.dumps({"icons": icons}).encode()


def others(text: bytes, *there: str) -> list[tuple[str, int, bool]]:
    files = {pictures.MANIFEST: text, **{f"web/{name}": b"" for name in there}}
    drawn = {slot.path: b"" for slot in slots.WEB}
    return [(s.path, s.size, s.is_opaque) for s in pictures.other_web_icons(files, drawn)]


def test_icons_that_only_this_site_declares() -> None:
    text = manifest(
        {"src": "icons/Icon-192.png", "sizes": "192x192"},
        {"src": "icons/Icon-512.png", "sizes": "256x256"},
        {"src": "icons/own.png", "sizes": "64x64"},
        {"src": "icons/cut.png", "sizes": "96x96", "purpose": "any maskable"},
        {"src": "icons/not-there.png", "sizes": "64x64"},
    )
    names = ("icons/Icon-192.png", "icons/Icon-512.png", "icons/own.png", "icons/cut.png")
    assert others(text, *names) == [
        ("web/icons/Icon-512.png", 256, False),
        ("web/icons/own.png", 64, False),
        ("web/icons/cut.png", 96, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"{", b'{"icons": 1}', b'{"icons": [1, {}]}', b"\xff",
        manifest({"src": 1, "sizes": 2}), manifest({"src": "a.png", "sizes": "any"}),
        manifest({"src": "a.png", "sizes": "0x0"}), manifest({"src": "a.png", "sizes": "99999x1"}),
    ],
)  # fmt: skip
def test_a_manifest_that_declares_nothing(text: bytes) -> None:
    assert others(text, "a.png", "1") == []
