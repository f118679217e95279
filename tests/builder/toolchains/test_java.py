"""A JDK is found where `flet build` finds it, and where systems and installers put it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import host
from builder.toolchains import java
from tests.builder.toolchains import sdk


def test_nothing_is_there() -> None:
    assert java.find() == []
    assert not java.is_there()


def test_java_home_goes_first(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = sdk.jdk(home / "java" / "17.0.13+11")
    named = sdk.jdk(tmp_path / "jdk", "17.0.9")
    monkeypatch.setenv("JAVA_HOME", str(named))
    assert [found.home for found in java.find()] == [named, own]
    assert java.find()[0] == java.Found(named, named / "bin/javac", "17.0.9", "JAVA_HOME")


def test_another_version_is_seen_and_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(sdk.jdk(tmp_path / "jdk", "21.0.1")))
    assert [found.version for found in java.find()] == ["21.0.1"]
    assert not java.is_there()


def test_a_java_without_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jre/bin").mkdir(parents=True)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jre"))
    [found] = java.find()
    assert found.javac is None
    assert not java.is_there()


def test_a_folder_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "/gone")
    assert [found.javac for found in java.find()] == [None]


def test_flets_own_folder(home: Path) -> None:
    sdk.jdk(home / "java" / "21.0.1+1")
    old, new = (sdk.jdk(home / "java" / name) for name in ("17.0.1+1", "17.0.9+9"))
    assert [found.home for found in java.find()] == [new, old]
    assert java.is_there()


def test_flets_own_folder_on_a_mac(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: "macos")
    inside = sdk.jdk(home / "java" / "17.0.13+11" / "Contents/Home")
    assert [found.home for found in java.find()] == [inside]


def test_the_systems_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: "linux")
    monkeypatch.setattr(java, "SHARED", {"linux": (str(tmp_path / "jvm"),)})
    fitting = sdk.jdk(tmp_path / "jvm" / "b", "17.0.2")
    sdk.jdk(tmp_path / "jvm" / "a", "11.0.2")
    sdk.jdk(tmp_path / "jvm" / "of unknown age")
    assert [found.home for found in java.find()] == [fitting]


def test_the_one_of_the_terminal(tmp_path: Path) -> None:
    jdk = sdk.jdk(tmp_path / "jdk", "17.0.2")
    (tmp_path / "bin" / "javac").symlink_to(jdk / "bin/javac")
    assert [found.home for found in java.find()] == [jdk]


@pytest.mark.parametrize(
    ("said", "version"),
    [("javac 17.0.13", "17.0.13"), ("javac 1.8.0_392", "1.8.0_392"), ("no", ""), ("javac x", "")],
)
def test_its_version(said: str, version: str) -> None:
    assert java.read_version(said) == version


@pytest.mark.parametrize(
    ("version", "fits"), [("17.0.13", True), ("17", True), ("1.7", False), ("170", False)]
)
def test_only_one_major_version_fits(version: str, fits: bool) -> None:
    assert java.fits(version) == fits


@given(st.text())
def test_whatever_it_says(said: str) -> None:
    assert java.read_version(said) in said
