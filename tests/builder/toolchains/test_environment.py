"""Programs are found as a terminal finds them, with the endings of the host."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from builder import host
from builder.toolchains import environment
from tests.builder.toolchains import sdk


def test_our_own_python_has_nothing_to_offer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "venv"
    sdk.program(ours / "bin" / "flutter")
    monkeypatch.setattr(sys, "prefix", str(ours))
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setenv("PATH", os.pathsep.join([str(ours / "bin"), str(tmp_path / "bin"), ""]))
    assert environment.folders() == [tmp_path / "bin"]
    assert environment.find("flutter") is None


def test_endings_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("flutter", "flutter.bat", "javac.exe"):
        sdk.program(tmp_path / name)
    assert environment.named(tmp_path, "flutter") == tmp_path / "flutter"
    monkeypatch.setattr(host, "current", lambda: "windows")
    assert environment.named(tmp_path, "flutter") == tmp_path / "flutter.bat"
    assert environment.named(tmp_path, "javac") == tmp_path / "javac.exe"
    assert environment.named(tmp_path, "dart") is None


def test_a_blank_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "  ")
    assert environment.variable("JAVA_HOME") == ""


def test_the_folder_that_we_are_in_is_not_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk.program(tmp_path / "here" / "flutter")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "bin")]))
    assert environment.folders() == [tmp_path / "bin"]
    assert environment.find("flutter") is None
