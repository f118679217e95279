"""What `serious_python` and `flutter build` are told by environment variables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builder.flutter import environment
from builder.flutter.kit import Toolchain
from builder.process import clean_environment
from tests.builder.flutter.making import make_build

NATIVE = ("SERIOUS_PYTHON_APP", "SERIOUS_PYTHON_SITE_PACKAGES", "SERIOUS_PYTHON_VERSION")
BUNDLE = '[tool.flet]\nbundle_id = "com.acme.notes"\n'


def own(env: dict[str, str]) -> list[str]:
    """The names of what is told to the packer, without what is told to pip."""
    return sorted(name for name in env if not name.startswith("PIP_"))


@pytest.mark.parametrize("target", ["linux", "windows", "apk", "aab"])
def test_native_apps_are_told_where_the_app_lies(target: str, tmp_path: Path) -> None:
    build = make_build(tmp_path, target)
    env = environment.for_package(build)
    assert own(env) == sorted([*NATIVE, "SERIOUS_PYTHON_FLUTTER_PACKAGES"])
    assert env["SERIOUS_PYTHON_VERSION"] == "3.14"
    assert env["SERIOUS_PYTHON_APP"] == str(build.work / "python-app")
    assert env["SERIOUS_PYTHON_SITE_PACKAGES"] == str(build.work / "site-packages")
    assert env["SERIOUS_PYTHON_FLUTTER_PACKAGES"] == str(build.work / "flutter-packages-temp")
    assert own(environment.for_build(build)) == sorted(NATIVE)


def test_a_web_app_lies_in_the_flutter_project(tmp_path: Path) -> None:
    build = make_build(tmp_path, "web", BUNDLE)
    expected = ["SERIOUS_PYTHON_FLUTTER_PACKAGES", "SERIOUS_PYTHON_VERSION"]
    assert own(environment.for_package(build)) == expected
    expected = ["SERIOUS_PYTHON_BUNDLE_ID", "SERIOUS_PYTHON_VERSION"]
    assert own(environment.for_build(build)) == expected


def test_the_bundle_id_is_told_where_it_was_asked_for_and_to_apple_always(tmp_path: Path) -> None:
    name = "SERIOUS_PYTHON_BUNDLE_ID"
    plain = make_build(tmp_path / "1", "linux")
    assert name not in environment.for_package(plain)
    asked = make_build(tmp_path / "2", "linux", BUNDLE)
    assert environment.for_package(asked)[name] == "com.acme.notes"
    option = make_build(tmp_path / "3", "linux", bundle_id="org.x.y")
    assert environment.for_build(option)[name] == "org.x.y"
    apple = make_build(tmp_path / "4", "macos", '[tool.flet]\norg = "org.acme"\n')
    assert environment.for_package(apple)[name] == "org.acme.notes"


@pytest.mark.parametrize("target", ["ipa", "macos"])
def test_apple_gets_swift_packages_and_their_key(target: str, tmp_path: Path) -> None:
    build = make_build(tmp_path, target)
    env = environment.for_package(build)
    key_file = build.work / ".serious_python_spm_key"
    assert env["SERIOUS_PYTHON_DARWIN_SPM"] == "true"
    assert env["SERIOUS_PYTHON_SPM_KEY_FILE"] == str(key_file)
    assert "SP_NATIVE_SET" not in environment.for_build(build)
    key_file.write_text("abc\n", "utf-8")
    assert environment.for_build(build)["SP_NATIVE_SET"] == "abc"


def test_apple_without_swift_packages(tmp_path: Path) -> None:
    build = make_build(tmp_path, "macos", "[tool.flet]\nswift_package_manager = false\n")
    (build.work / ".serious_python_spm_key").write_text("old", "utf-8")
    env = environment.for_package(build)
    assert env["SERIOUS_PYTHON_DARWIN_SPM"] == "false"
    assert "SERIOUS_PYTHON_SPM_KEY_FILE" not in env
    assert "SP_NATIVE_SET" not in environment.for_build(build)


def test_packages_that_are_extracted_or_built_from_sources(tmp_path: Path) -> None:
    toml = '[tool.flet]\nsource_packages = ["a", "b"]\n'
    toml += '[tool.flet.android]\nextract_packages = ["c", "d", "c"]\n'
    build = make_build(tmp_path, "apk", toml)
    packed, built = environment.for_package(build), environment.for_build(build)
    assert packed["SERIOUS_PYTHON_ALLOW_SOURCE_DISTRIBUTIONS"] == "a,b"
    assert built["SERIOUS_PYTHON_ANDROID_EXTRACT_PACKAGES"] == "c,d"
    assert "SERIOUS_PYTHON_ANDROID_EXTRACT_PACKAGES" not in packed


def test_the_tools_own_places_go_along(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk")
    assert build.kit is not None
    tools = Toolchain(Path("flutter"), Path("dart"), "3.44.8", {"JAVA_HOME": "/jdk"})
    build = replace(build, kit=replace(build.kit, toolchain=tools))
    assert environment.for_package(build)["JAVA_HOME"] == "/jdk"
    assert environment.for_build(build)["JAVA_HOME"] == "/jdk"


@pytest.mark.parametrize("name", ["SERIOUS_PYTHON_P4A_DIST", "SERIOUS_PYTHON_IOS_DIST"])
def test_what_the_user_has_set_passes_through(name: str, tmp_path: Path) -> None:
    assert clean_environment({name: "/dist", "PYTHONPATH": "/x"})[name] == "/dist"
    for env in (environment.for_package, environment.for_build):
        assert name not in env(make_build(tmp_path, "apk"))


@pytest.mark.parametrize(
    ("asked", "is_constrained"),
    [
        ("flet", True),
        ("flet>=1", True),
        ("flet==1.0.5", False),
        ("flet @ git+https://host/flet", False),
    ],
)
def test_pip_keeps_to_the_flet_that_the_flutter_side_is_of(
    asked: str, is_constrained: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONSTRAINT", "mine.txt")
    build = make_build(tmp_path / "a b", "linux", f'dependencies = ["{asked}"]\n')
    environment.write_constraints(build)
    told = environment.for_package(build).get("PIP_CONSTRAINT", "")
    assert bool(told) is is_constrained
    if told:
        mine, ours = told.split()  # so spaces in the path do not divide it
        assert mine == "mine.txt"
        file = build.work / "flet-version.txt"
        assert ours == file.as_uri()
        assert file.read_text("utf-8") == "flet==1.0.5\n"
