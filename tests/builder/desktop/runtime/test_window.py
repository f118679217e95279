"""Which browser shows a packed app, and where it keeps what belongs to it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from builder.desktop.runtime import window


@pytest.fixture(autouse=True)
def nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer without any browser; the folder in which programs are looked for."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("SLIPWAY_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return programs


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    path.chmod(0o755)
    return path


def test_where_none_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert window.browser() == ""
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        monkeypatch.delenv(name, raising=False)
    assert window.browser() == ""


@pytest.mark.skipif(os.name == "nt", reason="programs have another ending there")
@pytest.mark.parametrize("name", ["chromium", "google-chrome", "microsoft-edge", "brave-browser"])
def test_on_linux(name: str, nothing_there: Path) -> None:
    found = program(nothing_there / name)
    program(nothing_there / "firefox")
    assert window.browser() == str(found)


def test_on_windows_edge_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(window, "_ON_WINDOWS", ("Edge/msedge.exe", "Chrome/chrome.exe"))
    for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        monkeypatch.setenv(name, str(tmp_path / name))
    program(tmp_path / "ProgramFiles" / "Chrome" / "chrome.exe")
    edge = program(tmp_path / "ProgramFiles(x86)" / "Edge" / "msedge.exe")
    assert window.browser() == str(edge)


def test_on_macos_also_those_of_one_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(window, "_ON_MACOS", ("Some Browser",))
    contents = tmp_path / "home" / "Applications" / "Some Browser.app" / "Contents"
    found = program(contents / "MacOS" / "Some Browser")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert window.browser() == str(found)


def test_the_one_that_somebody_names_goes_before_all(
    nothing_there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(nothing_there / "chromium")
    monkeypatch.setenv("SLIPWAY_BROWSER", "/opt/mine")
    assert window.browser() == "/opt/mine"


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_whether_there_is_a_screen(
    platform: str, variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert window.has_display() is expected


@pytest.mark.skipif(os.name == "nt", reason="there are no snaps")
@pytest.mark.parametrize("is_link_to_snap", [True, False])
def test_one_in_a_snap_keeps_it_where_it_may(
    is_link_to_snap: bool, tmp_path: Path, nothing_there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_link_to_snap:  # as Ubuntu has it: every program of a snap is a link to one
        folder, target = tmp_path / "snap" / "bin", program(tmp_path / "usr" / "snap")
    else:
        folder, target = nothing_there, program(tmp_path / "snap" / "chromium" / "chrome")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chromium").symlink_to(target)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    place = window._profile(window.browser(), "com.acme.shop", tmp_path / "data")
    assert place == tmp_path / "home" / "snap" / "chromium" / "common" / "com.acme.shop"


def test_any_other_keeps_it_with_the_apps_data(tmp_path: Path) -> None:
    assert window._profile("/usr/bin/chromium", "x", tmp_path) == tmp_path / "window"
