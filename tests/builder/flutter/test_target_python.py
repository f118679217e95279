"""The Python of each target as pip sees it."""

from __future__ import annotations

import pytest

from builder import host, targets
from builder.flutter import target_python
from builder.flutter.kit import PythonRelease

PYTHON = PythonRelease("3.14", "3.14.6", "314.0.7", ("arm64-v8a", "x86_64", "armeabi-v7a"))


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: "linux")


@pytest.mark.parametrize(
    ("target", "system"),
    [
        ("apk", "Android"),
        ("aab", "Android"),
        ("ipa", "iOS"),
        ("ios-simulator", "iOS"),
        ("macos", "Darwin"),
        ("windows", "Windows"),
        ("linux", "Linux"),
        ("web", "Emscripten"),
    ],
)
def test_every_target_has_a_system(target: str, system: str) -> None:
    assert target_python.system_of(target) == system
    assert {*targets.TARGETS, "ios-simulator"} >= {target}


@pytest.mark.parametrize(
    ("system", "asked", "expected"),
    [
        ("Android", (), ("arm64-v8a", "x86_64", "armeabi-v7a")),
        ("Android", ("x86_64",), ("x86_64",)),
        ("Darwin", ("arm64",), ("arm64",)),
        ("Linux", ("x64",), ("",)),
        ("Emscripten", (), ("",)),
    ],
)
def test_the_kinds_of_processors(
    system: str, asked: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert tuple(target_python.machines(system, PYTHON, asked)) == expected


@pytest.mark.parametrize(
    ("system", "machine", "platform"),
    [
        ("Android", "arm64-v8a", "android_24_arm64_v8a"),
        ("Android", "armeabi-v7a", "android_21_armeabi_v7a"),
        ("iOS", "iphoneos.arm64", "ios_13_0_arm64_iphoneos"),
        ("iOS", "iphonesimulator.x86_64", "ios_13_0_x86_64_iphonesimulator"),
        ("Darwin", "arm64", "macosx_11_0_arm64"),
        ("Windows", "", "win_amd64"),
        ("Emscripten", "", "pyemscripten_2026_0_wasm32"),
    ],
)
def test_the_wheels_that_fit(system: str, machine: str, platform: str) -> None:
    target = target_python.of(system, PYTHON, machine)
    assert target is not None
    assert platform in target.platforms
    assert (target.version, target.short) == ("3.14.6", "3.14")


def test_a_pyodide_that_is_not_known_has_no_target() -> None:
    future = PythonRelease("3.19", "3.19.0", "319.0.0", ())
    assert target_python.of("Emscripten", future, "") is None


@pytest.mark.parametrize(
    ("requirement", "system", "applies"),
    [
        ("a", "Android", True),
        ("a; platform_system == 'Android'", "Android", True),
        ("a; platform_system == 'Android'", "Linux", False),
        ("a; platform_system != 'Emscripten'", "Emscripten", False),
        ("a; sys_platform == 'android'", "Android", False),  # pip runs on this computer
        ("a; python_version >= '3.14'", "iOS", True),
        ("a; python_version < '3.9'", "iOS", False),
    ],
)
def test_markers_are_those_that_pip_sees(requirement: str, system: str, applies: bool) -> None:
    assert target_python.may_apply(requirement, system) is applies
