"""What only Flutter needs: merged and judged as in flet build 1.0.5, and told in words."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.flutter import native
from builder.flutter.settings import FlutterSettings, signing_secrets
from builder.options import OPTIONS, keys_of
from builder.problems import Problem
from builder.settings import platform_of, resolve

FOLDER = Path("/projects/Tide")
TARGETS = ("web", "apk", "aab", "linux", "windows", "macos", "ipa", "ios-simulator")


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in OPTIONS:
        if option.env:
            monkeypatch.delenv(option.env, raising=False)


def settled(toml: str = "", target: str = "linux", **options: Any) -> FlutterSettings:
    settings, problems = resolve(tomllib.loads(toml), FOLDER, target=target, options=options)
    assert not [problem for problem in problems if problem.severity == "error"]
    return settings.flutter


def problems_of(toml: str, target: str, **options: Any) -> Sequence[Problem]:
    """Without that a store refuses an app of com.flet."""
    found = resolve(tomllib.loads(toml), FOLDER, target=target, options=options)[1]
    return [problem for problem in found if problem.code != "bundle-id-not-valid"]


def of_flet(name: str, toml: str, target: str) -> Any:
    return getattr(settled(f"[tool.flet]\n{toml}\n", target), name)


def test_where_nothing_is_said() -> None:
    settings = settled()
    assert settings == FlutterSettings(
        artifact="Tide",
        target_arch=[],
        dependencies=[],
        source_packages=[],
        cleanup_app_files=[],
        cleanup_package_files=[],
        build_args=[],
        android_extract_packages=[],
        android_permissions=dict(native.ANDROID_PERMISSIONS),
        android_features=dict(native.ANDROID_FEATURES),
        android_gradle_properties=dict(native.GRADLE_PROPERTIES),
        android_proguard_rules=list(native.PROGUARD_RULES),
        permissions=[],
        macos_entitlements=dict(native.ENTITLEMENTS),
        linux_categories=["Utility"],
    )


class TestPrecedence:
    def test_a_platform_goes_before_all(self) -> None:
        toml = 'artifact = "a"\nlinux.artifact = "b"'
        assert of_flet("artifact", toml, "linux") == "b"
        assert of_flet("artifact", toml, "windows") == "a"

    def test_a_platform_clears_a_list_for_all(self) -> None:
        toml = 'source_packages = ["a"]\nandroid.source_packages = []'
        assert of_flet("source_packages", toml, "apk") == []
        assert of_flet("source_packages", toml, "ipa") == ["a"]

    def test_a_platform_clears_a_table_for_all(self) -> None:
        toml = 'dev_packages = { a = "../a" }\nweb.dev_packages = {}'
        assert of_flet("dev_packages", toml, "web") == {}
        assert of_flet("dev_packages", toml, "linux") == {"a": "../a"}

    def test_an_option_goes_before_the_file(self) -> None:
        toml = "[tool.flet.compile]\napp = true\n"
        assert settled(toml, compile_app=False).compile_app is False
        assert settled("[tool.flet.compile]\napp = false\n").compile_app is False

    def test_the_environment_goes_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FLET_ANDROID_SIGNING_KEY_STORE", "from-outside.jks")
        assert settled(target="apk").android_key_store == "from-outside.jks"
        assert settled(target="apk").android_key_alias == "upload"
        toml = '[tool.flet.android.signing]\nkey_store = "mine.jks"\nkey_alias = "mine"'
        assert settled(toml, "apk").android_key_store == "mine.jks"
        assert settled(toml, "apk").android_key_alias == "mine"

    def test_without_a_key_store_there_is_no_alias(self) -> None:
        assert (
            settled('[tool.flet.android.signing]\nkey_alias = "x"', "apk").android_key_alias == ""
        )

    def test_arguments_of_the_file_and_of_the_command_line_are_both_handed_on(self) -> None:
        toml = '[tool.flet.flutter]\nbuild_args = ["--a"]\n'
        assert settled(toml, build_args=["--b"]).build_args == ["--a", "--b"]

    def test_what_the_options_and_the_file_say_the_other_way_round(self) -> None:
        assert of_flet("no_cdn", "web.cdn = false", "web") is True
        assert of_flet("no_wasm", "web.wasm = true", "web") is False
        assert settled("[tool.flet.web]\ncdn = true", "web", no_cdn=True).no_cdn is True


class TestCleanUp:
    def test_naming_files_switches_it_on(self) -> None:
        settings = settled('[tool.flet.cleanup]\napp = false\napp_files = ["*.psd", " "]')
        assert settings.cleanup_app is True
        assert settings.cleanup_app_files == ["*.psd"]

    def test_one_text_may_name_several(self) -> None:
        settings = settled('[tool.flet.cleanup]\npackages = false\npackage_files = "a, b"')
        assert settings.cleanup_packages is True
        assert settings.cleanup_package_files == ["a", "b"]


class TestArchitectures:
    @pytest.mark.parametrize(
        ("wrong", "target", "right"),
        [("arm64", "apk", "arm64-v8a"), ("x64", "aab", "x86_64"), ("arm64-v8a", "macos", "arm64")],
    )
    def test_one_that_the_platform_does_not_have(self, wrong: str, target: str, right: str) -> None:
        (problem,) = problems_of(f'tool.flet.target_arch = "{wrong}"', target)
        assert problem.code == "arch-not-known"
        assert f"“{right}”" in problem.do

    def test_one_that_is_gone(self) -> None:
        (problem,) = problems_of('tool.flet.target_arch = ["x86", "x86_64"]', "apk")
        assert "any more" in problem.why

    def test_one_text_is_a_list_of_one(self) -> None:
        assert of_flet("target_arch", 'target_arch = "arm64-v8a"', "apk") == ["arm64-v8a"]


class TestApple:
    def test_permissions_are_sentences(self) -> None:
        settings = settled('tool.flet.permissions = ["microphone"]', "ipa")
        said = "This app uses microphone to record sounds."
        assert settings.info_plist == {"NSMicrophoneUsageDescription": said}

    def test_ones_own_sentence_goes_before(self) -> None:
        toml = 'permissions = ["camera"]\nios.info.NSCameraUsageDescription = "Reads codes"'
        info = of_flet("info_plist", toml, "ipa")
        assert info == {"NSCameraUsageDescription": "Reads codes"}

    def test_both_systems_have_a_table_of_their_own(self) -> None:
        toml = "ios.info.A = 1\nmacos.info.B = 2"
        assert of_flet("info_plist", toml, "ios-simulator") == {"A": 1}
        assert of_flet("info_plist", toml, "macos") == {"B": 2}

    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("true", True), (" FALSE ", False), ("3", 3), ("2.5", 2.5), ('"3"', "3"),
            ("some words", "some words"), ('["a", 1]', ["a", 1]), ("{ a = 1 }", {"a": 1}),
            ("2020-01-01", "2020-01-01"), ("", ""), ("[[" * 3000, "[[" * 3000),
        ],
    )  # fmt: skip
    def test_values_on_the_command_line(self, typed: str, value: object) -> None:
        settings = settled(target="macos", info_plist=[f"K={typed}"])
        assert settings.info_plist == {"K": value}

    def test_the_export_method_has_its_own_settings(self) -> None:
        toml = """
            [tool.flet.ios]
            export_method = "app-store-connect"
            team_id = "T1"
            provisioning_profile = "general"
            [tool.flet.ios.export_methods.app-store-connect]
            provisioning_profile = "store"
            export_options = { a = 1 }
            """
        settings = settled(toml, "ipa")
        assert settings.ios_provisioning_profile == "store"
        assert settings.ios_team_id == "T1"
        assert settings.ios_export_options == {"a": 1}
        assert settled(toml, "ipa", ios_export_method="x").ios_provisioning_profile == "general"
        given = settled(toml, "ipa", ios_provisioning_profile="mine")
        assert given.ios_provisioning_profile == "mine"

    def test_a_lane_goes_before_what_is_for_all(self) -> None:
        toml = """
            [tool.flet.macos.signing]
            distribution = "developer-id"
            identity = "general"
            notary_profile = "n"
            [tool.flet.macos.signing.developer-id]
            identity = "mine"
            [tool.flet.macos.signing.app-store]
            provisioning_profile = "p"
            """
        settings = settled(toml, "macos")
        assert settings.macos_signing_identity == "mine"
        assert settings.macos_notary_profile == "n"
        assert settings.macos_provisioning_profile == "p"
        assert settled(toml, "macos", macos_distribution="none").macos_signing_identity == "general"

    @pytest.mark.parametrize(("name", "right"), [("app_store", "app-store"), ("none", "")])
    def test_a_lane_that_there_is_not(self, name: str, right: str) -> None:
        (problem,) = problems_of(f'[tool.flet.macos.signing.{name}]\nidentity = "x"', "macos")
        assert problem.code == "macos-lane-not-known"
        assert right in problem.do
        assert not problems_of(f'[tool.flet.macos.signing.{name}]\nidentity = "x"', "apk")

    def test_a_distribution_that_there_is_not(self) -> None:
        (problem,) = problems_of('tool.flet.macos.signing.distribution = "app_store"', "macos")
        assert problem.code == "setting-not-a-choice"
        assert "developer-id" in problem.why


class TestAndroid:
    def test_a_permission_that_is_taken_away(self) -> None:
        toml = 'permissions = ["camera"]\nandroid.permission."android.permission.CAMERA" = false'
        assert of_flet("android_permissions", toml, "apk")["android.permission.CAMERA"] is False

    def test_switches_on_the_command_line(self) -> None:
        settings = settled(target="apk", android_features=["a.b=TRUE"])
        assert settings.android_features["a.b"] is True
        (problem,) = problems_of("", "apk", android_features=["a.b=yes"])
        assert problem.code == "option-not-true-or-false"
        assert problem.where == "--android-features"

    @pytest.mark.parametrize("pair", ["a", "=b", ""])
    def test_what_is_no_pair(self, pair: str) -> None:
        (problem,) = problems_of("", "apk", android_meta_data=[pair])
        assert problem.code == "option-not-a-pair"
        assert not problems_of("", "ipa", android_meta_data=[pair])

    def test_truth_in_a_provider_is_written_as_xml_has_it(self) -> None:
        meta_data = "{ x = true, y = { z = true } }"
        toml = f'android.provider."a.B" = {{ exported = false, meta_data = {meta_data} }}'
        assert of_flet("android_providers", toml, "apk") == {
            "a.B": {"exported": "false", "meta_data": {"x": "true", "y": {"z": "true"}}}
        }

    @pytest.mark.parametrize(
        "provider",
        ["true", "3", "{ name = 'x' }", "{ a = [] }", "{ meta_data = 3 }", "{ meta_data.x = [] }"],
    )
    def test_a_provider_that_is_none(self, provider: str) -> None:
        toml = f'[tool.flet.android.provider]\n"a.B" = {provider}\n'
        (problem,) = problems_of(toml, "apk")
        assert problem.code in ("setting-wrong-type", "provider-named-twice")
        assert not problems_of(toml, "linux")

    def test_rules_of_ones_own_stand_behind_those_of_flet(self) -> None:
        toml = 'android.proguard_rules = ["-dontwarn x"]'
        assert of_flet("android_proguard_rules", toml, "apk") == [
            *native.PROGUARD_RULES,
            "-dontwarn x",
        ]
        toml += "\nandroid.proguard_default_rules = false"
        assert of_flet("android_proguard_rules", toml, "apk") == ["-dontwarn x"]

    def test_the_line_of_a_key_with_dots_is_told(self, tmp_path: Path) -> None:
        toml = '[tool.flet.android.permission]\n"android.permission.NFC" = 3\n'
        (tmp_path / "pyproject.toml").write_text(toml)
        _, (problem,) = resolve(tomllib.loads(toml), tmp_path, target="apk")
        assert problem.where == "pyproject.toml, line 2"
        assert "android.permission.NFC" in problem.title


class TestPermissions:
    def test_one_that_there_is_not_is_passed_over(self) -> None:
        toml = 'tool.flet.permissions = ["Camera", "microphone"]'
        assert settled(toml, "apk").permissions == ["microphone"]
        (problem,) = problems_of(toml, "apk")
        assert (problem.code, problem.severity) == ("permission-not-known", "warn")
        assert problem.do == "Write “camera”."
        assert not problems_of(toml, "windows")


class TestLinks:
    TOML = '[tool.flet.deep_linking]\nscheme = "a"\nhost = "b"\n'

    def test_a_phone_has_a_table_of_its_own(self) -> None:
        toml = 'ios.deep_linking = { scheme = "a", host = "b" }'
        assert of_flet("deep_linking_host", toml, "ipa") == "b"
        assert of_flet("deep_linking_host", toml, "apk") == ""

    def test_what_is_for_all_is_not_read_for_a_phone_and_can_be_moved(self) -> None:
        (problem,) = problems_of(self.TOML, "apk")
        assert (problem.code, problem.severity) == ("link-not-read", "warn")
        assert problem.fixes[0].data == {
            "tool.flet.android.deep_linking.scheme": "a",
            "tool.flet.android.deep_linking.host": "b",
        }
        assert not problems_of(self.TOML, "linux")

    def test_half_a_link_is_none(self) -> None:
        (problem,) = problems_of("", "apk", deep_linking_scheme="a")
        assert (problem.code, problem.severity) == ("link-half-given", "warn")
        (problem,) = problems_of('tool.flet.ios.deep_linking.host = "b"', "ipa")
        assert problem.code == "link-half-given"


class TestStart:
    def test_a_platforms_screen_lies_over_that_for_all(self) -> None:
        toml = """
            [tool.flet.boot_screen]
            name = "wave"
            wave = { a = 1, b = { c = 2 } }
            [tool.flet.android.boot_screen.wave]
            b = { d = 3 }
            """
        assert settled(toml, "apk").boot_screen == "wave"
        assert settled(toml, "apk").boot_screen_options == {"a": 1, "b": {"c": 2, "d": 3}}
        assert settled(toml, "ipa").boot_screen_options == {"a": 1, "b": {"c": 2}}

    @pytest.mark.parametrize(
        "screen", ["name = 3", 'name = "name"', "flet = 3", "flet.a = 2020-01-01", "flet.a = inf"]
    )
    def test_a_screen_that_is_none(self, screen: str) -> None:
        (problem,) = problems_of(f"[tool.flet.boot_screen]\n{screen}\n", "web")
        assert problem.code == "setting-wrong-type"

    def test_categories(self) -> None:
        assert of_flet("linux_categories", 'linux.categories = "Game"', "linux") == ["Game"]
        assert of_flet("linux_categories", 'linux.categories = [" "]', "linux") == ["Utility"]


class TestSecrets:
    def test_one_stands_in_for_the_other(self) -> None:
        assert signing_secrets({}) == {}
        assert signing_secrets({"android_key_password": "k"}) == {
            "FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD": "k",
            "FLET_ANDROID_SIGNING_KEY_PASSWORD": "k",
        }

    def test_options_go_before_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD", "outside")
        secrets = signing_secrets({"android_key_password": "k"})
        assert list(secrets.values()) == ["outside", "k"]

    def test_they_are_no_settings(self) -> None:
        options = {"android_key_password": "hunter22", "android_key_store_password": "hunter33"}
        settings, _ = resolve({}, FOLDER, target="apk", options=options)
        assert "hunter" not in repr(settings)


# ---- Wrong and wild values --------------------------------------------------------------------


def _wrong_values() -> Iterator[tuple[str, str, str]]:
    """Each key with a value of another kind, and a target that uses it."""
    wrong = {
        "text": "3", "path": "3", "choice": "3", "colour": "3", "flag": '"yes"', "number": "[3]",
        "texts": "3", "pairs": "3", "table": "3",
    }  # fmt: skip
    targets = {"android": "apk", "ios": "ipa", "": "linux"}
    for option in OPTIONS:
        if not option.key.startswith("tool.") or option.name in ("app_path", "flask_app"):
            continue
        platform = option.platforms[0] if option.platforms else ""
        target = targets.get(platform, platform)
        yield keys_of(option, platform_of(target))[-1], wrong[option.kind], target


def test_a_switch_in_quotes_is_told_as_that() -> None:
    toml = 'tool.flet.android.permission."android.permission.CAMERA" = "True"'
    (problem,) = problems_of(toml, "apk")
    assert problem.do == "Write true behind it, without quotes."


@pytest.mark.parametrize(("key", "value", "target"), list(_wrong_values()))
def test_a_value_of_another_kind_is_told_and_its_default_stands_in(
    key: str, value: str, target: str
) -> None:
    settings, _ = resolve(tomllib.loads(f"{key} = {value}"), FOLDER, target=target)
    problems = problems_of(f"{key} = {value}", target)
    assert {problem.code for problem in problems} <= {"setting-wrong-type", "setting-not-a-number"}
    assert key in problems[0].title
    assert problems[0].severity == "error"
    assert settings == resolve({}, FOLDER, target=target)[0]


def test_a_setting_of_another_platform_stops_nothing() -> None:
    for key, value, target in _wrong_values():
        if "web" not in target and platform_of(target) in key:
            found = problems_of(f"{key} = {value}", "web")
            assert not [problem for problem in found if problem.severity == "error"]


_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(),
        st.sampled_from(["flet", "none", "a=b", "#fff", "camera", "arm64-v8a", "=", ""]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=5), st.just("name")), inner, max_size=3),
    ),
    max_leaves=6,
)  # fmt: skip
_keys = sorted(
    {
        key
        for option in OPTIONS
        for platform in ("android", "ios", "macos", "web")
        for key in keys_of(option, platform)
    }
    | {"tool", "tool.flet", "tool.flet.web", "tool.flet.app", "tool.flet.macos.signing"}
    | {"tool.flet.ios.export_methods.debugging", "tool.flet.boot_screen", "tool.slipway"}
    | {"tool.flet.app.boot_screen", "tool.flet.ios.team", "tool.flet.x", "tool.flet.a.b"}
)


def _put(data: dict[str, Any], key: str, value: object) -> None:
    *tables, name = key.split(".")
    for table in tables:
        inner = data.setdefault(table, {})
        if not isinstance(inner, dict):
            return
        data = inner
    data[name] = value


@given(
    st.dictionaries(st.sampled_from(_keys), _values, max_size=6),
    st.sampled_from(TARGETS),
    st.dictionaries(
        st.sampled_from(["info_plist", "android_permissions", "target_arch", "build_args"]),
        st.lists(st.text(max_size=12), max_size=3),
    ),
)
def test_whatever_the_file_holds_is_settled(
    values: dict[str, Any], target: str, options: dict[str, Any]
) -> None:
    data: dict[str, Any] = {}
    for key, value in values.items():
        _put(data, key, value)
    settings, problems = resolve(data, FOLDER, target=target, options=options)
    plain = asdict(settings.flutter)
    assert all(isinstance(problem, Problem) for problem in problems)
    assert isinstance(plain["artifact"], str)
    # It goes to the template by JSON, and what cannot be said there is a problem before.
    json.dumps({name: value for name, value in plain.items() if name != "ios_export_methods"})
