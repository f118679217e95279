"""Passwords reach Gradle by environment, and nobody else by anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.flutter import build_arguments, signing
from builder.stages import flutter_build
from tests.builder.flutter.making import make_build

STORE = "FLET_ANDROID_SIGNING_KEY_STORE"
ALIAS = "FLET_ANDROID_SIGNING_KEY_ALIAS"
STORE_PASSWORD = f"{STORE}_PASSWORD"
KEY_PASSWORD = "FLET_ANDROID_SIGNING_KEY_PASSWORD"
TOML = '[tool.flet.android.signing]\nkey_store = "keys/upload.jks"\n'
FILES = {"keys/upload.jks": b"\xfe\xed"}


@pytest.fixture(autouse=True)
def no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (STORE, ALIAS, STORE_PASSWORD, KEY_PASSWORD):
        monkeypatch.delenv(name, raising=False)


def test_nothing_is_said_where_nothing_is_signed(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk")
    assert signing.environment(build) == {}
    assert signing.problems(build) == []


def test_the_key_store_beside_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STORE_PASSWORD, "let me in")
    build = make_build(tmp_path, "aab", TOML, files=FILES)
    assert signing.problems(build) == []
    assert signing.environment(build) == {
        STORE: str(tmp_path / "project" / "keys" / "upload.jks"),
        ALIAS: "upload",
        STORE_PASSWORD: "let me in",
        KEY_PASSWORD: "let me in",
    }


def test_an_absolute_path_and_an_alias(tmp_path: Path) -> None:
    (tmp_path / "my.jks").touch()
    build = make_build(
        tmp_path, "apk", android_key_store=str(tmp_path / "my.jks"), android_key_alias="mine"
    )
    found = signing.environment(build)
    assert (found[STORE], found[ALIAS]) == (str(tmp_path / "my.jks"), "mine")


def test_other_platforms_are_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STORE_PASSWORD, "let me in")
    build = make_build(tmp_path, "linux", TOML)
    assert signing.environment(build) == {}
    assert signing.problems(build) == []


def test_a_key_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = signing.problems(make_build(tmp_path, "apk", TOML))
    assert problem.code == "key-store-missing"
    assert str(Path("keys", "upload.jks")) in problem.title


def test_a_missing_password_is_told(tmp_path: Path) -> None:
    (problem,) = signing.problems(make_build(tmp_path, "apk", TOML, files=FILES))
    assert problem.code == "key-store-locked"
    assert STORE_PASSWORD in problem.do


def test_a_password_is_in_no_argument_and_no_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_PASSWORD, "let me in")
    build = make_build(tmp_path, "apk", TOML, files=FILES, android_key_store_password="open sesame")
    assert signing.environment(build)[STORE_PASSWORD] == "open sesame"
    written = f"{build_arguments.command(build)} {flutter_build.reads(build)}"
    assert "open sesame" not in written
    assert "let me in" not in written
