"""An Android SDK is found where `flet build` finds it, and its missing parts are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import host
from builder.host import Host
from builder.toolchains import android
from tests.builder.toolchains import sdk


def test_nothing_is_there() -> None:
    assert android.home() is None
    assert len(android.missing(None)) == 4


def test_the_variables_go_first(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk.android(home / "Android/sdk")
    root, named = sdk.android(tmp_path / "root"), sdk.android(tmp_path / "named")
    monkeypatch.setenv("ANDROID_SDK_ROOT", str(root))
    assert android.home() == root
    monkeypatch.setenv("ANDROID_HOME", str(named))
    assert android.home() == named
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path / "gone"))
    assert android.home() == root


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("linux", "Android/Sdk"),
        ("macos", "Library/Android/sdk"),
        ("windows", "AppData/Local/Android/Sdk"),
        ("linux", "Android/sdk"),
    ],
)
def test_the_usual_places(
    system: Host, place: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "current", lambda: system)
    assert android.home() is None
    there = sdk.android(home / place)
    found = android.home()
    assert found is not None
    assert found.samefile(there)


@pytest.mark.parametrize(
    "part", ["cmdline-tools", "platform-tools", "platforms/android-35", "build-tools/34.0.0"]
)
def test_what_is_missing(part: str, tmp_path: Path) -> None:
    assert android.missing(sdk.android(tmp_path / "whole")) == []
    [missing] = android.missing(sdk.android(tmp_path / "sdk", without=part))
    assert missing.startswith(part)


def test_the_latest_command_line_tools_will_do(tmp_path: Path) -> None:
    folder = sdk.android(tmp_path / "sdk", without="cmdline-tools")
    (folder / "cmdline-tools/latest/bin").mkdir(parents=True)
    assert android.missing(folder) == []
