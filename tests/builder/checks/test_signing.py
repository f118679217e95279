"""Signing: what is missing for it is told before the build, and so is what Slipway leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from builder import project, settings
from builder.checks import signing
from builder.checks.finding import Finding
from builder.pipeline import Build
from builder.problems import EXIT_DONE, EXIT_USER
from tests.builder.flutter.profiles import put


def build(folder: Path, target: str, **told: Any) -> Build:
    (folder / "main.py").write_text("import flet\n", "utf-8")
    found = project.read(folder, target=target)
    chosen, _ = settings.resolve(found.pyproject, folder, target=target)
    chosen = replace(chosen, flutter=replace(chosen.flutter, **told))
    return Build(found, chosen, target, folder / "work", folder / "dist", {})


def one(made: Build) -> Finding:
    [finding] = signing.checks(made)
    return finding


@pytest.mark.parametrize("target", ["web", "linux", "windows", "ios-simulator"])
def test_others_are_not_signed(target: str, tmp_path: Path) -> None:
    assert signing.checks(build(tmp_path, target)) == []


class TestAndroid:
    def test_without_a_key_store(self, tmp_path: Path) -> None:
        finding = one(build(tmp_path, "apk"))
        assert (finding.check.state, finding.exit) == ("ok", EXIT_DONE)
        assert "trying" in finding.check.detail

    def test_a_key_store_that_is_gone(self, tmp_path: Path) -> None:
        finding = one(build(tmp_path, "aab", android_key_store="gone.jks"))
        assert (finding.check.state, finding.exit) == ("fail", EXIT_USER)
        assert [problem.code for problem in finding.problems] == ["key-store-missing"]

    def test_where_the_key_store_was_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FLET_ANDROID_SIGNING_KEY_STORE", "gone.jks")
        made = build(tmp_path, "apk")
        assert one(made).problems[0].where == "$FLET_ANDROID_SIGNING_KEY_STORE"
        toml = '[tool.flet.android.signing]\nkey_store = "gone.jks"\n'
        (tmp_path / "pyproject.toml").write_text(toml)
        made = build(tmp_path, "apk")
        assert one(made).problems[0].where == "pyproject.toml, line 2"
        made = replace(made, options={"android_key_store": "gone.jks"})
        assert one(made).problems[0].where == "--android-signing-key-store"

    def test_a_key_store_with_its_password(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "upload.jks").write_bytes(b"\0")
        made = build(tmp_path, "aab", android_key_store="upload.jks")
        monkeypatch.delenv("FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD", raising=False)
        assert [problem.code for problem in one(made).problems] == ["key-store-locked"]
        monkeypatch.setenv("FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD", "hunter22")
        assert one(made).check.state == "ok"
        assert "hunter22" not in repr(one(made))


class TestMacos:
    def test_nothing_was_asked_for(self, tmp_path: Path) -> None:
        assert one(build(tmp_path, "macos")).check.state == "ok"

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            ({"macos_signing_identity": "Developer ID"}, "with your identity"),
            ({"macos_distribution": "developer-id"}, "“developer-id”"),
            ({"macos_distribution": "app-store"}, "“app-store”"),
        ],
    )
    def test_what_was_asked_for_is_not_ignored(
        self, told: dict[str, str], words: str, tmp_path: Path
    ) -> None:
        finding = one(build(tmp_path, "macos", **told))
        assert (finding.check.state, finding.exit) == ("warn", EXIT_DONE)
        [problem] = finding.problems
        assert (problem.code, problem.severity) == ("macos-not-signed", "warn")
        assert words in problem.title
        assert "flet build macos" in problem.do


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return tmp_path / "home"


class TestIos:
    def test_without_a_profile_there_is_no_ipa(self, tmp_path: Path) -> None:
        finding = one(build(tmp_path, "ipa"))
        assert (finding.check.state, finding.exit) == ("warn", EXIT_DONE)
        assert ".xcarchive" in finding.problems[0].title

    def test_a_profile_that_fits(self, tmp_path: Path, home: Path) -> None:
        put(home, Name="Mine")
        finding = one(build(tmp_path, "ipa", ios_provisioning_profile="Mine", ios_team_id="T1"))
        assert (finding.check.state, finding.exit) == ("ok", EXIT_DONE)

    def test_a_profile_that_is_not_there(self, tmp_path: Path, home: Path) -> None:
        put(home, Name="Other")
        finding = one(build(tmp_path, "ipa", ios_provisioning_profile="Mine"))
        assert (finding.check.state, finding.exit) == ("fail", EXIT_USER)
        [problem] = finding.problems
        assert problem.code == "ios-profile-missing"
        assert "Other" in problem.why

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            ({"ExpirationDate": datetime(2020, 5, 1)}, "until 2020-05-01"),
            ({"TeamIdentifier": ["T2"]}, "of the team T2"),
            ({"Entitlements": {"application-identifier": "T1.org.x"}}, "is for org.x"),
        ],
    )
    def test_a_profile_that_cannot_sign_this_app(
        self, values: dict[str, Any], why: str, tmp_path: Path, home: Path
    ) -> None:
        put(home, Name="Mine", **values)
        finding = one(build(tmp_path, "ipa", ios_provisioning_profile="Mine", ios_team_id="T1"))
        assert (finding.check.state, finding.exit) == ("fail", EXIT_USER)
        assert why in finding.problems[0].why
