"""Provisioning profiles are read as Xcode finds them, and what is none is passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from builder.flutter import apple_profiles
from builder.flutter.apple_profiles import Profile
from tests.builder.flutter.profiles import put

NEWER = "Library/Developer/Xcode/UserData/Provisioning Profiles"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_none_are_there() -> None:
    assert apple_profiles.installed() == []


def test_both_folders_are_looked_into_and_each_profile_is_told_once(home: Path) -> None:
    put(home, Name="A", UUID="1")
    put(home, NEWER, Name="A again", UUID="1")
    put(home, NEWER, Name="B", UUID="2")
    found = apple_profiles.installed()
    assert [profile.name for profile in found] == ["A", "B"]
    assert found[0] == Profile("A", "1", ["T1"], "com.flet.*", datetime(2199, 1, 1, tzinfo=UTC))
    assert apple_profiles.named(" B ", found) == apple_profiles.named("2", found) == found[1]
    assert apple_profiles.named("C", found) is None


@pytest.mark.parametrize("content", [b"", b"<?xml", b"<?xml <plist></plist>", b"\0" * 99])
def test_what_is_none_is_passed_over(content: bytes, home: Path) -> None:
    put(home).write_bytes(content)
    assert apple_profiles.installed() == []


@pytest.mark.parametrize(
    ("app", "covers"),
    [("*", True), ("com.flet.*", True), ("com.flet.a", True), ("com.flet.b", False), ("", True)],
)
def test_what_a_profile_is_for(app: str, covers: bool) -> None:
    assert Profile("A", "1", [], app, None).covers("com.flet.a") is covers
    assert not Profile("A", "1", [], app, None).is_over(datetime.now(UTC))
