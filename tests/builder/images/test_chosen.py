"""Which pictures a build draws: the chains, the switches of the splash screen, and nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder import settings
from builder.images import chosen
from builder.images.chosen import Chosen


def chosen_of(folder: Path, *names: str, target: str = "web", **options: Any) -> dict[str, str]:
    (folder / "assets").mkdir(exist_ok=True)
    for name in names:
        (folder / "assets" / name).write_bytes(b"any")
    return {
        role: source.path.name for role, source in found(folder, target, options).by_role.items()
    }


def found(folder: Path, target: str, options: dict[str, Any]) -> Chosen:
    resolved, _ = settings.resolve({}, folder, target=target, options=options)
    return chosen.of(folder, resolved, target)


def test_a_project_without_pictures(tmp_path: Path) -> None:
    assert found(tmp_path, "web", {}).by_role == {}
    assert chosen_of(tmp_path, "photo.png") == {}


def test_the_icon_serves_as_splash_picture_and_is_named_once(tmp_path: Path) -> None:
    expected = {"the icon": "icon.png", "the splash picture": "icon.png"}
    assert chosen_of(tmp_path, "icon.png") == expected
    assert found(tmp_path, "web", {}).paths == [tmp_path / "assets" / "icon.png"]


def test_the_platforms_own_pictures_go_first(tmp_path: Path) -> None:
    names = ("icon.png", "icon_web.png", "splash.png", "splash_dark.png", "splash_dark_web.png")
    assert chosen_of(tmp_path, *names) == {
        "the icon": "icon_web.png",
        "the splash picture": "splash.png",
        "the dark splash picture": "splash_dark_web.png",
    }


def test_a_dark_picture_goes_with_the_icon(tmp_path: Path) -> None:
    roles = chosen_of(tmp_path, "icon.png", "splash_dark.png")
    assert roles["the dark splash picture"] == "splash_dark.png"


def test_a_splash_without_an_icon(tmp_path: Path) -> None:
    assert chosen_of(tmp_path, "splash.png") == {"the splash picture": "splash.png"}


@pytest.mark.parametrize(
    ("target", "off"), [("web", "splash_web"), ("apk", "splash_android"), ("ipa", "splash_ios")]
)
def test_no_splash_is_drawn_where_it_is_switched_off(target: str, off: str, tmp_path: Path) -> None:
    names = ("icon.png", "splash.png", "splash_dark.png")
    assert len(chosen_of(tmp_path, *names, target=target)) == 3
    assert chosen_of(tmp_path, target=target, **{off: False}) == {"the icon": "icon.png"}


@pytest.mark.parametrize("target", ["linux", "macos", "windows"])
def test_desktops_have_no_splash(target: str, tmp_path: Path) -> None:
    assert chosen_of(tmp_path, "icon.png", "splash.png", target=target) == {"the icon": "icon.png"}
