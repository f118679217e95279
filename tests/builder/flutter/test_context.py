"""What fills the template: name for name and value for value what `flet build` hands over."""

from __future__ import annotations

import argparse
import base64
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flet_cli.commands.build import Command as FletBuild  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from builder.flutter import context
from tests.builder.flutter.making import make_build


def of(tmp_path: Path, toml: str = "", target: str = "linux", **options: Any) -> dict[str, Any]:
    return context.of(make_build(tmp_path, target, toml, **options), {})


# Every name of flet build 1.0.5; those with "?" only where the project says something of it.
_NAMES = """
    out_dir sep python_module_name route_url_strategy web_renderer pwa_background_color
    pwa_theme_color? pwa_short_name no_wasm no_cdn pyodide_version base_url no_cdn_js
    canvas_kit_base_url_js pyodide_url_js font_fallback_base_url_js split_per_abi test_mode
    project_name project_name_slug artifact_name product_name project_description
    pubspec_description linux_desktop_exec linux_categories org_name bundle_id company_name?
    copyright? ios_export_method ios_provisioning_profile? ios_signing_certificate?
    ios_export_options ios_team_id? options flutter boot_screen splash adaptive_icon_background
    pyproject
"""
_OPTIONS = """
    package_platform config_platform python_version target_arch android_excluded_abis info_plist
    macos_entitlements android_permissions android_features android_meta_data
    android_gradle_properties android_proguard_rules android_providers deep_linking
    android_signing android_legacy_packaging
"""
NAMES, OPTIONS = _NAMES.split(), _OPTIONS.split()
EVERYTHING = """
[tool.flet]
company = "Acme"
copyright = "© Acme"
[tool.flet.web]
pwa_theme_color = "#123456"
[tool.flet.ios]
provisioning_profile = "p"
signing_certificate = "c"
team_id = "t"
"""


def test_its_names(tmp_path: Path) -> None:
    always = {name for name in NAMES if not name.endswith("?")}
    assert set(of(tmp_path / "a")) == always
    assert set(of(tmp_path / "b", EVERYTHING, "ipa")) == {name.strip("?") for name in NAMES}
    assert list(of(tmp_path / "c")["options"]) == OPTIONS


def test_the_identity_is_always_handed_over(tmp_path: Path) -> None:
    found = of(tmp_path, '[tool.flet]\norg = "com.acme"\n')
    assert found["org_name"] == "com.acme"
    assert found["bundle_id"] == "com.acme.notes"
    assert (found["project_name"], found["project_name_slug"]) == ("notes", "notes")
    assert found["artifact_name"] == found["product_name"] == "notes"


def test_names_for_dart_and_for_people(tmp_path: Path) -> None:
    found = of(tmp_path, project="My Notes-App", product="Notes!", artifact="The Notes")
    assert found["project_name"] == "my_notes_app"
    assert found["project_name_slug"] == "my-notes-app"
    assert found["product_name"] == "Notes!"
    assert found["artifact_name"] == "The Notes"


@pytest.mark.parametrize(
    ("target", "package", "config"),
    [
        ("apk", "Android", "android"),
        ("aab", "Android", "android"),
        ("ipa", "iOS", "ios"),
        ("ios-simulator", "iOS", "ios"),
        ("macos", "Darwin", "macos"),
        ("windows", "Windows", "windows"),
        ("linux", "Linux", "linux"),
        ("web", "Emscripten", "web"),
    ],
)
def test_the_platform(target: str, package: str, config: str, tmp_path: Path) -> None:
    options = of(tmp_path, target=target)["options"]
    assert (options["package_platform"], options["config_platform"]) == (package, config)
    assert options["python_version"] == "3.14"


@pytest.mark.parametrize(
    ("asked", "built", "left_out"),
    [
        ("[]", ["arm64-v8a", "x86_64", "armeabi-v7a"], []),
        ('["arm64-v8a"]', ["arm64-v8a"], ["armeabi-v7a", "x86_64"]),
        ('["x86_64", "armeabi-v7a"]', ["x86_64", "armeabi-v7a"], ["arm64-v8a"]),
    ],
)
def test_kinds_of_phones(asked: str, built: list[str], left_out: list[str], tmp_path: Path) -> None:
    found = of(tmp_path, f"[tool.flet.android]\ntarget_arch = {asked}\n", "apk")["options"]
    assert sorted(found["target_arch"]) == sorted(built)
    assert found["android_excluded_abis"] == left_out


def test_no_kind_of_processor_is_named_where_none_was_asked_for(tmp_path: Path) -> None:
    found = of(tmp_path, target="macos")["options"]
    assert found["target_arch"] == found["android_excluded_abis"] == []


def test_a_site_with_the_runtime_from_afar(tmp_path: Path) -> None:
    found = of(tmp_path, target="web")
    assert found["base_url"] == "/"
    assert (found["no_cdn"], found["no_cdn_js"]) == (False, "false")
    assert found["pyodide_url_js"] == (
        '"https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide.mjs"'
    )
    assert found["canvas_kit_base_url_js"] == found["font_fallback_base_url_js"] == "null"


def test_a_site_with_all_it_needs(tmp_path: Path) -> None:
    found = of(tmp_path, target="web", base_url="a/b", no_cdn=True)
    assert found["base_url"] == "/a/b/"
    assert (found["no_cdn"], found["no_cdn_js"]) == (True, "true")
    assert found["pyodide_url_js"] == '"/a/b/pyodide/pyodide.mjs"'
    assert found["canvas_kit_base_url_js"] == '"/a/b/canvaskit/"'
    assert found["font_fallback_base_url_js"] == '"assets/fonts/"'


def test_the_colour_of_an_installed_site_goes_on_from_its_splash_screen(tmp_path: Path) -> None:
    found = of(tmp_path, '[tool.flet.splash]\ncolor = "#abcdef"\n', "web")
    assert found["pwa_background_color"] == "#abcdef"


def test_android_gets_colours_that_it_knows(tmp_path: Path) -> None:
    toml = (
        '[tool.flet.splash]\ncolor = "red"\ndark_color = "#0B6E99ff"\n'
        '[tool.flet.android]\nadaptive_icon_background = "RebeccaPurple"\n'
    )
    found = of(tmp_path, toml, "apk")
    assert found["splash"]["color"] == "#ff0000"
    assert found["splash"]["dark_color"] == "#0b6e99"
    assert found["adaptive_icon_background"] == "#663399"


@pytest.mark.parametrize("colour", ["#abc", "#ABCDEF", "#0b6e99"])
def test_colours_in_hex_stay_as_they_were_written(colour: str, tmp_path: Path) -> None:
    found = of(tmp_path, f'[tool.flet.splash]\ncolor = "{colour}"\n', "apk")
    assert found["splash"]["color"] == colour


def test_no_splash_screen(tmp_path: Path) -> None:
    splash = of(tmp_path, "[tool.flet.splash]\nandroid = false\n", "apk")["splash"]
    assert splash == {
        "android": False, "ios": True, "web": True, "color": "#ffffff", "dark_color": "#222222",
    }  # fmt: skip


def test_the_boot_screen(tmp_path: Path) -> None:
    toml = '[tool.flet.boot_screen]\nname = "mine"\n[tool.flet.boot_screen.mine]\ntext = "hé"\n'
    found = of(tmp_path, toml)["boot_screen"]
    assert found["name"] == "mine"
    assert json.loads(base64.b64decode(found["options_b64"])) == {"text": "hé"}


def test_android_s_providers_as_they_stand_in_xml(tmp_path: Path) -> None:
    toml = (
        "[tool.flet.android.provider]\n"
        '"a.B" = {exported = false, order = 1, meta_data = {x = true, y = {z = false}}}\n'
        '"a.Off" = false\n'
    )
    assert of(tmp_path, toml, "apk")["options"]["android_providers"] == {
        "a.B": {"exported": "false", "order": 1, "meta_data": {"x": "true", "y": {"z": "false"}}}
    }


def test_where_links_lead(tmp_path: Path) -> None:
    assert of(tmp_path / "a")["options"]["deep_linking"] == {"scheme": None, "host": None}
    toml = '[tool.flet.deep_linking]\nscheme = "https"\nhost = "acme.com"\n'
    found = of(tmp_path / "b", toml)["options"]["deep_linking"]
    assert found == {"scheme": "https", "host": "acme.com"}


def test_whether_android_s_files_are_signed_but_not_with_what(tmp_path: Path) -> None:
    toml = '[tool.flet.android.signing]\nkey_store = "k.jks"\n'
    found = of(tmp_path, toml, "apk")["options"]
    assert found["android_signing"] is True
    assert of(tmp_path / "b", target="apk")["options"]["android_signing"] is False


def test_extensions_by_their_names(tmp_path: Path) -> None:
    build = make_build(tmp_path, "linux")
    found = context.of(build, {"b": tmp_path / "b", "a": tmp_path / "a"})
    assert found["flutter"] == {"dependencies": ["a", "b"]}


def test_the_whole_file_is_there_for_the_template(tmp_path: Path) -> None:
    found = of(tmp_path, "[tool.other]\nx = 1\n")["pyproject"]
    assert found == {"project": {"name": "notes"}, "tool": {"other": {"x": 1}}}


def test_paths_are_those_of_this_computer(tmp_path: Path) -> None:
    assert of(tmp_path)["sep"] == os.sep


def test_without_a_kit_nobody_can_say(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kit"):
        context.of(replace(make_build(tmp_path, "linux"), kit=None), {})


def test_only_linux_has_categories_of_its_own(tmp_path: Path) -> None:
    toml = '[tool.flet.linux]\ncategories = ["Game", "x;y"]\n'
    assert of(tmp_path / "a", toml)["linux_categories"] == "Game;x\\;y;"
    assert of(tmp_path / "b", toml, "macos")["linux_categories"] == "Utility;"


# What the desktop reads is quoted by the rules of others, so theirs are held against ours.
FLET = FletBuild(argparse.ArgumentParser())
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
QUOTED = st.text("ab\"'`$\\%;\n\t ", max_size=12)


@given(QUOTED | ANY_TEXT)
def test_programs_are_quoted_as_flet_build_does(name: str) -> None:
    assert context.desktop_exec(name) == FLET.escape_linux_desktop_exec(name)


@given(st.lists(QUOTED | ANY_TEXT, max_size=4))
def test_lists_are_quoted_as_flet_build_does(items: list[str]) -> None:
    assert context.desktop_list(items) == FLET.escape_linux_desktop_categories(items)


@given(QUOTED | ANY_TEXT)
def test_descriptions_are_quoted_as_flet_build_does(text: str) -> None:
    assert context._one_line(text).replace("'", "''") == FLET.escape_single_quoted_yaml(text)
