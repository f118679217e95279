"""Where Flutter leaves its results, for each target and kind of computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.flutter import outputs
from tests.builder.fake_build import write
from tests.builder.flutter.making import make_build


@pytest.mark.parametrize(
    ("machine", "arch"),
    [
        ("x86_64", "x64"),
        ("AMD64", "x64"),
        ("arm64", "arm64"),
        ("aarch64", "arm64"),
        ("riscv64",) * 2,
    ],
)
def test_kinds_of_processors(machine: str, arch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert outputs.host_arch() == arch


@pytest.mark.parametrize(
    ("target", "last"),
    [
        ("linux", "build/linux/arm64/release/bundle"),
        ("windows", "build/windows/arm64/runner/Release"),
        ("macos", "build/macos/Build/Products/Release"),
        ("web", "build/web"),
        ("apk", "build/app/outputs/flutter-apk"),
        ("aab", "build/app/outputs/bundle/release"),
        ("ipa", "build/ios/ipa"),
        ("ios-simulator", "build/ios/iphonesimulator"),
    ],
)
def test_the_place_that_counts_comes_last(
    target: str, last: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    build = make_build(tmp_path, target)
    assert outputs.folders(build)[-1] == tmp_path / "work" / "flutter" / last


def test_another_kind_of_processor_is_found_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "ARM64")
    build = make_build(tmp_path, "windows")
    write(outputs.project(build), {"build/windows/x64/runner/Release/notes.exe": "MZ"})
    assert outputs.found(build) == outputs.project(build) / "build/windows/x64/runner/Release"


def test_nothing_and_empty_folders_are_no_result(tmp_path: Path) -> None:
    build = make_build(tmp_path, "web")
    assert outputs.found(build) is None
    (outputs.project(build) / "build" / "web").mkdir(parents=True)
    assert outputs.found(build) is None


def test_an_ipa_is_worth_more_than_its_archive(tmp_path: Path) -> None:
    build = make_build(tmp_path, "ipa")
    write(outputs.project(build), {"build/ios/archive/Runner.xcarchive/Info.plist": ""})
    assert outputs.found(build) == outputs.project(build) / "build/ios/archive"
    write(outputs.project(build), {"build/ios/ipa/notes.ipa": ""})
    assert outputs.found(build) == outputs.project(build) / "build/ios/ipa"


class TestMacos:
    @pytest.mark.parametrize(
        ("bundles", "expected"),
        [
            (["notes.app"], ["notes.app"]),
            (["notes.app", "Other.app"], ["notes.app"]),
            (["Other.app"], ["Other.app"]),
            (["Other.app", "Third.app"], []),
            ([], []),
        ],
    )
    def test_the_bundle(self, bundles: list[str], expected: list[str], tmp_path: Path) -> None:
        build = make_build(tmp_path, "macos")
        folder = outputs.folders(build)[0]
        write(folder, {f"{name}/Contents/Info.plist": "" for name in bundles})
        write(folder, {"notes.app.dSYM/x": "", "App.swiftmodule/x": ""})
        assert [path.name for path in outputs.results(build, folder)] == expected


class TestWipe:
    def test_what_an_earlier_run_left_is_gone_and_the_rest_stays(self, tmp_path: Path) -> None:
        build = make_build(tmp_path, "linux")
        made = {f"build/linux/{a}/release/bundle/x": "" for a in outputs.ARCHITECTURES}
        write(outputs.project(build), {**made, "build/linux/x64/release/CMakeCache.txt": "kept"})
        outputs.wipe(build)
        left = [p.name for p in outputs.project(build).rglob("*") if p.is_file()]
        assert left == ["CMakeCache.txt"]

    def test_nothing_outside_of_the_project(self, tmp_path: Path) -> None:
        build = make_build(tmp_path, "web")
        write(tmp_path, {"mine/web/index.html": "mine"})
        (outputs.project(build) / "build").symlink_to(tmp_path / "mine")
        outputs.wipe(build)
        assert (tmp_path / "mine" / "web" / "index.html").read_text() == "mine"

    def test_a_project_that_is_a_link_itself_is_wiped(self, tmp_path: Path) -> None:
        build = make_build(tmp_path, "web")
        outputs.project(build).rename(tmp_path / "elsewhere")
        outputs.project(build).symlink_to(tmp_path / "elsewhere")
        write(tmp_path / "elsewhere", {"build/web/index.html": "old"})
        outputs.wipe(build)
        assert not (tmp_path / "elsewhere" / "build" / "web").exists()
