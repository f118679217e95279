"""Flutter is called as the official tool calls it, for every target and setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.flutter import build_arguments
from tests.builder.flutter.making import make_build

QUIET = ["--no-version-check", "--suppress-analytics"]
ALL = "android-arm64,android-x64,android-arm"


def arguments(folder: Path, target: str, toml: str = "", **options: object) -> list[str]:
    return build_arguments.command(make_build(folder, target, toml, **options))[1:]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("linux", ["linux"]),
        ("windows", ["windows"]),
        ("macos", ["macos"]),
        ("web", ["web"]),
        ("apk", ["apk", "--target-platform", ALL]),
        ("aab", ["appbundle", "--target-platform", ALL]),
        ("ipa", ["ipa", "--no-codesign"]),
        ("ios-simulator", ["ios", "--simulator"]),
    ],
)
def test_each_target_has_its_command(target: str, expected: list[str], tmp_path: Path) -> None:
    assert arguments(tmp_path, target) == ["build", *expected, *QUIET]


def test_the_program_is_that_of_the_toolchain(tmp_path: Path) -> None:
    assert build_arguments.command(make_build(tmp_path, "web"))[0].endswith("flutter")


def test_one_file_for_each_processor_only_for_an_apk(tmp_path: Path) -> None:
    assert "--split-per-abi" in arguments(tmp_path / "apk", "apk", split_per_abi=True)
    assert "--split-per-abi" not in arguments(tmp_path / "aab", "aab", split_per_abi=True)


def test_the_processors_that_were_chosen(tmp_path: Path) -> None:
    said = arguments(tmp_path, "apk", target_arch=["x86_64", "arm64-v8a"])
    assert said[said.index("--target-platform") + 1] == "android-x64,android-arm64"


def test_an_iphone_app_is_signed_and_exported_with_a_profile(tmp_path: Path) -> None:
    said = arguments(tmp_path, "ipa", ios_provisioning_profile="com.example notes")
    assert said == [
        "build", "ipa", "--export-options-plist", "ios/exportOptions.plist", *QUIET
    ]  # fmt: skip


class TestVersion:
    def test_nothing_is_said_of_one_that_nobody_gave(self, tmp_path: Path) -> None:
        assert not {"--build-number", "--build-name"} & set(arguments(tmp_path, "linux"))

    @pytest.mark.parametrize("toml", ['version = "2.1.0"\n', '[tool.poetry]\nversion = "2.1.0"\n'])
    def test_the_files(self, toml: str, tmp_path: Path) -> None:
        said = arguments(tmp_path, "linux", f"{toml}[tool.flet]\nbuild_number = 7\n")
        assert said[2:6] == ["--build-number", "7", "--build-name", "2.1.0"]

    def test_the_options_go_before_the_file(self, tmp_path: Path) -> None:
        said = arguments(
            tmp_path, "linux", 'version = "2.1.0"\n', build_number=9, build_version="3.0.0"
        )
        assert said[2:6] == ["--build-number", "9", "--build-name", "3.0.0"]

    def test_a_number_of_zero_counts_as_none(self, tmp_path: Path) -> None:
        said = arguments(tmp_path, "linux", "[tool.flet]\nbuild_number = 0\n")
        assert "--build-number" not in said


class TestMore:
    FILE = '[tool.flet.flutter]\nbuild_args = ["--obfuscate", "--dart-define=A=b c"]\n'

    def test_those_of_the_file_are_handed_over_once(self, tmp_path: Path) -> None:
        said = arguments(tmp_path, "linux", self.FILE)
        assert said == ["build", "linux", "--obfuscate", "--dart-define=A=b c", *QUIET]

    def test_those_of_the_command_line_come_after_them(self, tmp_path: Path) -> None:
        said = arguments(tmp_path, "linux", self.FILE, build_args=["--split-debug-info", "x"])
        assert said[2:4] == ["--obfuscate", "--dart-define=A=b c"]
        assert said[4:] == [*QUIET, "--split-debug-info", "x"]

    def test_a_platform_has_its_own(self, tmp_path: Path) -> None:
        toml = self.FILE + "[tool.flet.linux.flutter]\nbuild_args = []\n"
        assert arguments(tmp_path, "linux", toml) == ["build", "linux", *QUIET]

    @pytest.mark.parametrize(("verbose", "is_said"), [(0, False), (1, False), (2, True)])
    def test_very_verbose(self, verbose: int, is_said: bool, tmp_path: Path) -> None:
        assert ("--verbose" in arguments(tmp_path, "linux", verbose=verbose)) is is_said


@pytest.mark.parametrize(
    ("target", "renderer", "no_wasm", "expected"),
    [
        ("web", "canvaskit", False, False),
        ("web", "auto", False, True),
        ("web", "skwasm", False, True),
        ("web", "auto", True, False),
        ("linux", "auto", False, False),
    ],
)
def test_wasm_only_where_the_page_may_choose_it(
    target: str, renderer: str, no_wasm: bool, expected: bool, tmp_path: Path
) -> None:
    said = arguments(tmp_path, target, web_renderer=renderer, no_wasm=no_wasm)
    assert ("--wasm" in said) is expected
