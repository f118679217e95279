"""What is on a computer, by its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import host
from builder.toolchains import inventory, xcode
from builder.toolchains.inventory import Has
from tests.builder.toolchains import sdk


def test_nothing() -> None:
    assert inventory.look() == Has()


def test_everything(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk.flutter(home / "flutter/3.44.8")
    sdk.jdk(home / "java/17.0.13+11")
    sdk.android(home / "Android/sdk")
    monkeypatch.setattr(host, "current", lambda: "linux")
    assert inventory.look() == Has(flutter=True, jdk=True, android=True)


def test_a_flutter_of_another_version_is_none(home: Path) -> None:
    sdk.flutter(home / "flutter/3.44.8", "3.29.0")
    assert not inventory.look().flutter
    assert inventory.look("3.29.3").flutter is False  # flet's own folder has another name
    sdk.flutter(home / "flutter/3.29.3", "3.29.3")
    assert inventory.look("3.29.3").flutter


def test_xcode_counts_on_a_mac_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk.program(tmp_path / "Xcode/usr/bin/xcodebuild")
    monkeypatch.setenv("DEVELOPER_DIR", str(tmp_path / "Xcode"))
    monkeypatch.setattr(host, "current", lambda: "linux")
    assert not inventory.look().xcode
    monkeypatch.setattr(host, "current", lambda: "macos")
    assert inventory.look().xcode
    assert xcode.is_there()


def test_the_tools_of_xcode_alone_are_no_xcode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVELOPER_DIR", str(tmp_path / "CommandLineTools"))
    assert not xcode.is_there()
