"""A Flutter is found where `flet build` finds it; its files tell what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.toolchains import flutter
from tests.builder.toolchains import sdk

WANTED = "3.44.8"


def programs() -> list[Path]:
    return [found.flutter for found in flutter.find(WANTED)]


class TestFinding:
    def test_nothing_is_there(self) -> None:
        assert flutter.find(WANTED) == []
        assert not flutter.is_there(WANTED)
        assert flutter.elsewhere() is None

    def test_the_one_on_the_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = sdk.flutter(tmp_path / "sdk")
        monkeypatch.setenv("PATH", str(program.parent))
        [found] = flutter.find(WANTED)
        assert (found.flutter, found.dart) == (program, program.parent / "dart")
        assert (found.version, found.trouble) == ("", "")
        assert flutter.is_there(WANTED)

    def test_flets_own_goes_first(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on_path = sdk.flutter(tmp_path / "sdk")
        monkeypatch.setenv("PATH", str(on_path.parent))
        own = sdk.flutter(home / "flutter" / WANTED)
        assert programs() == [own, on_path]

    def test_another_patch_level_in_flets_folder_comes_last(
        self, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on_path = sdk.flutter(tmp_path / "sdk")
        monkeypatch.setenv("PATH", str(on_path.parent))
        alike = [sdk.flutter(home / "flutter" / name) for name in ("3.44.1", "3.44.5")]
        sdk.flutter(home / "flutter" / "3.38.1")
        assert programs() == [on_path, *reversed(alike)]

    def test_links_and_doubles_count_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = sdk.flutter(tmp_path / "sdk")
        monkeypatch.setenv("PATH", os.pathsep.join([str(program.parent)] * 3))
        assert programs() == [program]

    def test_dart_is_found_where_a_link_leads(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = sdk.flutter(tmp_path / "sdk", "3.44.2")
        link = tmp_path / "bin" / "flutter"
        link.symlink_to(program)
        [found] = flutter.find(WANTED)
        assert (found.flutter, found.dart) == (link, program.parent / "dart")
        assert found.version == "3.44.2"

    def test_one_that_nobody_finds_can_be_named(self, home: Path) -> None:
        sdk.flutter(home / "development/flutter")
        assert flutter.find(WANTED) == []
        assert flutter.elsewhere() == home / "development/flutter"

    def test_flets_own_folder_of_versions_is_no_flutter(self, home: Path) -> None:
        sdk.flutter(home / "flutter" / "3.29.0")
        assert flutter.elsewhere() is None


class TestTrouble:
    def trouble(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.setenv("PATH", str(tmp_path / "sdk/bin"))
        [found] = flutter.find(WANTED)
        assert not flutter.is_there(WANTED)
        return found.trouble

    def test_without_dart(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        sdk.flutter(tmp_path / "sdk").with_name("dart").unlink()
        assert self.trouble(tmp_path, monkeypatch) == "has no dart beside it"

    def test_a_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = sdk.flutter(tmp_path / "sdk")
        program.unlink()
        program.mkdir()
        assert "is a folder" in self.trouble(tmp_path, monkeypatch)

    @pytest.mark.skipif(os.name == "nt", reason="there every file may be run")
    @pytest.mark.parametrize("name", ["flutter", "dart"])
    def test_not_a_program(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sdk.flutter(tmp_path / "sdk").with_name(name).chmod(0o644)
        assert "may not be run" in self.trouble(tmp_path, monkeypatch)

    def test_a_link_to_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = sdk.flutter(tmp_path / "sdk")
        program.unlink()
        program.symlink_to(tmp_path / "gone")
        assert "a link to something that is gone" in self.trouble(tmp_path, monkeypatch)

    def test_links_in_a_circle(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = sdk.flutter(tmp_path / "sdk")
        program.unlink()
        program.symlink_to(program)
        assert self.trouble(tmp_path, monkeypatch)

    def test_a_first_start_is_still_to_come(self, tmp_path: Path) -> None:
        fresh = flutter.Found(sdk.flutter(tmp_path / "a"), None, "")
        used = flutter.Found(sdk.flutter(tmp_path / "b", "3.44.8"), None, "")
        assert not flutter.is_started(fresh)
        assert flutter.is_started(used)


class TestVersions:
    def test_from_the_file_of_newer_ones(self, home: Path) -> None:
        sdk.flutter(home / "flutter" / WANTED, "3.44.7")
        assert flutter.find(WANTED)[0].version == "3.44.7"

    def test_from_the_file_of_older_ones(self, home: Path) -> None:
        root = home / "flutter" / WANTED
        sdk.flutter(root)
        (root / "version").write_text("3.24.5\n", "utf-8")
        assert flutter.find(WANTED)[0].version == "3.24.5"
        assert not flutter.is_there(WANTED)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"frameworkVersion": ', "\0\1", "null"])
    def test_a_damaged_file_says_nothing(self, text: str, home: Path) -> None:
        root = home / "flutter" / WANTED
        sdk.flutter(root, "3.44.8")
        (root / "bin/cache/flutter.version.json").write_text(text, "utf-8")
        assert flutter.find(WANTED)[0].version == ""

    @pytest.mark.parametrize(
        ("version", "fits"),
        [("3.44.8", True), ("3.44.0", True), ("3.4.48", False), ("4.44.8", False), ("", False)],
    )
    def test_another_patch_level_fits(self, version: str, fits: bool) -> None:
        assert flutter.fits(version, WANTED) == fits

    def test_read_from_what_it_says(self) -> None:
        said = "Welcome to Flutter!\nFlutter 3.44.8 • channel stable • https://github.com/…"
        assert flutter.read_version(said) == "3.44.8"
        assert flutter.read_version("Flutter, of no version") == ""

    def test_the_processor_of_dart(self) -> None:
        said = 'Dart SDK version: 3.12.2 (stable) (Tue) on "windows_arm64"'
        assert flutter.read_arch(said) == "arm64"
        assert flutter.read_arch("Dart") == ""

    @given(st.text())
    def test_whatever_it_says(self, said: str) -> None:
        assert flutter.read_version(said) in said
        assert flutter.read_arch(said) in said
