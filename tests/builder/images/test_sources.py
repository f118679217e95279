"""Which file of `assets/` serves which platform."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.images import sources
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS, Platform
from builder.problems import ProjectError


def assets(folder: Path, *names: str) -> Path:
    """A folder of empty files: only names are looked at."""
    for name in names:
        (folder / name).touch()
    return folder


def icon_name(folder: Path, platform: Platform = "android") -> str | None:
    found = sources.icon(folder, platform)
    return found.path.name if found else None


def splash_name(folder: Path, platform: Platform, *, dark: bool = False) -> str | None:
    found = sources.splash(folder, platform, dark=dark)
    return found.path.name if found else None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_icon_of_a_platform_goes_before_the_common_one(
    tmp_path: Path, platform: Platform
) -> None:
    folder = assets(tmp_path, "icon.png", f"icon_{platform}.bmp")
    found = sources.icon(folder, platform)
    assert found == sources.Source(folder / f"icon_{platform}.bmp", f"icon_{platform}", True)


def test_the_common_icon_serves_the_others_and_is_not_their_own(tmp_path: Path) -> None:
    folder = assets(tmp_path, "icon.png", "icon_ios.png")
    assert sources.icon(folder, "web") == sources.Source(folder / "icon.png", "icon", False)


def test_no_picture_and_no_folder_are_no_icon(tmp_path: Path) -> None:
    assert sources.icon(tmp_path, "web") is None
    assert sources.icon(tmp_path / "none", "web") is None
    (tmp_path / "assets").write_text("a file")
    assert sources.splash(tmp_path / "assets", "web", dark=False) is None


def test_the_best_format_wins_and_the_losers_are_named(tmp_path: Path) -> None:
    ranked = ["png", "webp", "jpg", "gif", "bmp", "tif", "avif", "svg"]
    folder = assets(tmp_path, *(f"icon.{suffix}" for suffix in ranked))
    found = sources.icon(folder, "linux")
    assert found is not None
    assert [found.path.name, *(p.name for p in found.beaten)] == [f"icon.{s}" for s in ranked]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_icon_files_of_a_system_serve_that_system_only(tmp_path: Path, platform: Platform) -> None:
    folder = assets(tmp_path, "icon.ico", "icon.icns")
    expected = {"windows": "icon.ico", "macos": "icon.icns"}.get(platform)
    assert icon_name(folder, platform) == expected


def test_svg_counts_when_nothing_else_is_there(tmp_path: Path) -> None:
    assert icon_name(assets(tmp_path, "icon.svg")) == "icon.svg"


def test_an_svg_of_the_platform_goes_before_the_common_png(tmp_path: Path) -> None:
    assert icon_name(assets(tmp_path, "icon.png", "icon_android.svg")) == "icon_android.svg"


@pytest.mark.parametrize("name", ["icon.PNG", "icon.Jpeg", "icon.SVG"])
def test_the_case_of_a_suffix_means_nothing(tmp_path: Path, name: str) -> None:
    assert icon_name(assets(tmp_path, name)) == name


def test_names_are_compared_as_the_system_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = assets(tmp_path, "Icon.png")
    monkeypatch.setattr(os.path, "normcase", lambda name: name)
    assert icon_name(folder) is None
    monkeypatch.setattr(os.path, "normcase", str.lower)
    assert icon_name(folder) == "Icon.png"


def test_a_picture_that_is_kept_beside_does_not_win(tmp_path: Path) -> None:
    # `flet build` takes icon.old.png here, which is the first in the alphabet.
    folder = assets(tmp_path, "icon.old.png", "icon.webp")
    found = sources.icon(folder, "web")
    assert found is not None
    assert found.path.name == "icon.webp"
    assert [p.name for p in found.beaten] == ["icon.old.png"]


def test_alone_it_is_taken_as_flet_build_does(tmp_path: Path) -> None:
    assert icon_name(assets(tmp_path, "icon.old.png")) == "icon.old.png"


@pytest.mark.parametrize(
    "name", ["icon.txt", "icon.png.bak", "icon", "icon.", ".icon.png", "icons.png"]
)
def test_what_is_no_picture_is_passed_over(tmp_path: Path, name: str) -> None:
    assert icon_name(assets(tmp_path, name)) is None


def test_what_is_no_picture_does_not_hide_the_next_link(tmp_path: Path) -> None:
    assert icon_name(assets(tmp_path, "icon_android.txt", "icon.png")) == "icon.png"


def test_a_folder_loses_against_a_file(tmp_path: Path) -> None:
    (tmp_path / "icon.png").mkdir()
    assert icon_name(tmp_path) == "icon.png"  # reading it tells what is wrong
    assert icon_name(assets(tmp_path, "icon.webp")) == "icon.webp"


def test_links_are_followed_and_broken_ones_are_found(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / "icon.png").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "icon_web.png").symlink_to(tmp_path / "nowhere")
    assert icon_name(tmp_path) == "icon.png"
    assert icon_name(tmp_path, "web") == "icon_web.png"


def test_a_folder_that_cannot_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(ProjectError) as told:
        sources.icon(tmp_path, "web")
    assert told.value.problem.code == "assets-not-readable"
    assert "Permission denied" in told.value.problem.why


def test_odd_letters_in_the_path_mean_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "a[b]*?" if os.name != "nt" else tmp_path / "a[b]"
    folder.mkdir()
    assert icon_name(assets(folder, "icon.png")) == "icon.png"


# --- Splash --------------------------------------------------------------------------------------

CHAIN = {False: ["splash_ios", "splash", "icon"], True: ["splash_dark_ios", "splash_dark"]}


@pytest.mark.parametrize("dark", [False, True])
def test_the_chain_of_splash_pictures(tmp_path: Path, dark: bool) -> None:
    everything = {name for names in CHAIN.values() for name in names} | {"splash_web", "icon_ios"}
    folder = assets(tmp_path, *(f"{name}.png" for name in everything))
    for name in CHAIN[dark]:
        found = sources.splash(folder, "ios", dark=dark)
        assert found == sources.Source(folder / f"{name}.png", name, name != "icon")
        (folder / f"{name}.png").unlink()
    assert sources.splash(folder, "ios", dark=dark) is None


@pytest.mark.parametrize("platform", SPLASH_PLATFORMS)
def test_there_is_no_dark_picture_where_only_light_ones_are(
    tmp_path: Path, platform: Platform
) -> None:
    folder = assets(tmp_path, f"splash_{platform}.png", "splash.png", "icon.png")
    assert splash_name(folder, platform, dark=True) is None


def test_a_dark_picture_for_all_does_not_wait_for_a_light_one_of_the_platform(
    tmp_path: Path,
) -> None:
    folder = assets(tmp_path, "splash_web.png", "splash_dark.png")
    assert splash_name(folder, "web", dark=True) == "splash_dark.png"
    assert splash_name(folder, "web") == "splash_web.png"


def test_the_icon_of_the_platform_is_no_splash(tmp_path: Path) -> None:
    assert splash_name(assets(tmp_path, "icon_ios.png"), "ios") is None
    assert splash_name(assets(tmp_path, "icon.ico"), "ios") is None


@pytest.mark.parametrize("name", ["ICON.PNG", "Icon.svg", "iCon.jpg"])
def test_an_icon_in_capitals_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os.path, "normcase", lambda name: name)
    folder = assets(tmp_path, "logo.png", "ICON.txt", name)
    assert icon_name(folder) is None
    assert sources.in_capitals(folder) == folder / name
    monkeypatch.setattr(os.path, "normcase", str.lower)
    assert sources.in_capitals(folder) is None


def test_no_icon_in_capitals(tmp_path: Path) -> None:
    assert sources.in_capitals(assets(tmp_path, "icon.png", "ICONS.PNG")) is None
    assert sources.in_capitals(tmp_path / "none") is None
