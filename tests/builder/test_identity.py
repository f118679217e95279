"""The rules of the identity: what they say, and that what they propose obeys them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import identity, identity_settings, reserved
from builder.settings import judge

ALL = ("web", "apk", "aab", "linux", "windows", "macos", "ipa", "ios-simulator")
FIELDS = tuple(identity_settings.NAMES)

wild = st.one_of(
    st.text(st.characters(codec=None), max_size=300),
    st.text(st.sampled_from("aZ09.-_ /\\:é日ß\u202e\ud800\n"), max_size=300),
    st.lists(
        st.sampled_from(
            sorted(reserved.JAVA_AND_KOTLIN | reserved.DART_PACKAGES | reserved.WINDOWS | {"1"})
        ),
        max_size=20,
    ).map(".".join),
    st.integers().map(str),
)


def errors(field: str, value: str, *targets: str) -> list[str]:
    return [v.message for v in judge(field, value, targets or ALL) if v.severity == "error"]


def suggestion(field: str, value: str, *targets: str) -> str:
    return next(v.suggestion for v in judge(field, value, targets or ALL))


@given(st.sampled_from(FIELDS), wild, st.sets(st.sampled_from(ALL)))
def test_a_suggestion_obeys_the_rules_itself(field: str, value: str, targets: set[str]) -> None:
    for verdict in judge(field, value, sorted(targets)):
        assert verdict.message
        assert set(verdict.targets) <= targets
        if verdict.suggestion:
            assert errors(field, verdict.suggestion, *sorted(targets)) == []


@given(st.sampled_from(FIELDS), wild)
def test_whatever_is_wrong_has_a_suggestion(field: str, value: str) -> None:
    for verdict in judge(field, value, ALL):
        if verdict.severity == "error":
            assert verdict.suggestion or field == "description"  # which may be empty


@given(wild, wild)
def test_the_bundle_id_that_is_derived_can_be_corrected(org: str, project: str) -> None:
    for verdict in judge("bundle_id", identity.bundle_id(org, project), ALL):
        if verdict.severity == "error":
            assert errors("bundle_id", verdict.suggestion) == []


@pytest.mark.parametrize(
    ("project", "derived"),
    [("My_App", "com.flet.my-app"), ("Mein Café", "com.flet.mein-cafe"), ("日本", "com.flet.app")],
)
def test_the_bundle_id_is_derived_as_flet_does(project: str, derived: str) -> None:
    assert identity.bundle_id("com.flet", project) == derived
    assert errors("bundle_id", derived) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("product", "Mein Café"),
        ("product", "日本のアプリ"),
        ("product", "Rock'n'Roll & Co."[:-1]),
        ("project", "my-app"),
        ("project", "My_App.two"),
        ("project", "counter"),
        ("org", "com.example"),
        ("org", "de.müller".replace("ü", "ue")),
        ("bundle_id", "com.acme.app"),
        ("bundle_id", "com.acme.MyApp2"),
        ("build_version", "1.0.0"),
        ("build_version", "2.1"),
        ("build_number", "1"),
        ("build_number", "2100000000"),
        ("description", ""),
        ("description", "Counts what can be counted."),
    ],
)
def test_what_every_target_takes(field: str, value: str) -> None:
    assert errors(field, value) == []


@pytest.mark.parametrize(
    ("field", "value", "better"),
    [
        ("bundle_id", "app", "com.example.app"),
        ("bundle_id", "com.my-acme.app", "com.myacme.app"),
        ("bundle_id", "com.Acme.MyApp", "com.acme.myapp"),
        ("bundle_id", "in.acme.app", "inapp.acme.app"),
        ("bundle_id", "com.acme.typealias", "com.acme.typealiasapp"),
        ("bundle_id", "com.acme.my_app", "com.acme.myapp"),
        ("bundle_id", "com.acme.3d", "com.acme.app3d"),
        ("bundle_id", "com.new.app", "com.newapp.app"),
        ("bundle_id", "com..app", "com.app"),
        ("bundle_id", "com.müller.app", "com.muller.app"),
        ("bundle_id", "", "com.example.app"),
        ("org", "acme", "com.acme"),
        ("org", "acme.com", "com.acme"),
        ("org", "", "com.example"),
        ("project", "Mein Café", "mein-cafe"),
        ("project", "2048", "app-2048"),
        ("project", "flet", "flet-app"),
        ("project", "test", "test-app"),
        ("project", "dart", "dart-app"),
        ("project", "Window Manager", "window-manager-app"),
        ("project", "class", "class-app"),
        ("project", "日本", "app"),
        ("project", "-x-", "x"),
        ("build_version", "1.0.0-beta+5.x", "1.0.0"),
        ("build_version", "v1", "1.0.0"),
        ("build_version", "1.2.3.4", "1.2.3"),
        ("build_version", "2.0rc1", "2.0.1"),
        ("build_version", "one", "1.0.0"),
        ("build_number", "0", "1"),
        ("build_number", "-5", "5"),
        ("build_number", "1.5", "1"),
        ("build_number", "202609211530", "2026092115"),
        ("product", "A/B: the app", "A B the app"),
        ("product", "nul", "App nul"),
        ("product", "Con.txt", "App Con.txt"),
        ("product", "Dots...", "Dots"),
        ("product", "???", "App"),
        ("product", "two\nlines", "two lines"),
        ("description", "two\r\nlines", "two lines"),
    ],
)
def test_what_is_proposed(field: str, value: str, better: str) -> None:
    assert suggestion(field, value) == better


def test_a_rule_speaks_only_for_targets_that_need_it() -> None:
    assert errors("bundle_id", "com.acme.my-app", "ipa", "macos") == []
    assert errors("bundle_id", "com.acme.my_app", "apk") == []
    assert errors("bundle_id", "com.my-acme.app", "ipa", "linux") == []
    assert errors("bundle_id", "anything at all", "web", "windows") == []
    assert errors("product", "A: B", "web", "apk") == []
    assert errors("build_version", "2.0rc1", "web") == []


def test_a_verdict_names_its_targets() -> None:
    (verdict,) = judge("bundle_id", "com.my-acme.app", ("web", "apk", "ipa"))
    assert verdict.targets == ["apk"]


def test_a_field_without_rules_is_always_right() -> None:
    assert judge("company", "\0", ALL) == []


def test_an_empty_value_is_one_message() -> None:
    assert errors("bundle_id", "") == ["must not be empty"]


@pytest.mark.parametrize("nobodys", ["com.example", "com.flet"])
def test_a_domain_of_nobody_is_only_a_warning(nobodys: str) -> None:
    (verdict,) = judge("bundle_id", f"{nobodys}.app", ("aab", "apk"))
    assert (verdict.severity, verdict.targets) == ("warn", ["aab"])
    assert f"begins with {nobodys}, which the stores refuse" in verdict.message


def test_what_hyphens_become_on_android_is_told() -> None:
    (verdict,) = judge("bundle_id", "com.acme.my-app", ALL)
    assert (verdict.severity, verdict.suggestion) == ("hint", "")
    assert "becomes com.acme.my_app on Android" in verdict.message


def test_capital_letters_are_pointed_at() -> None:
    (verdict,) = judge("bundle_id", "com.acme.MyApp", ("ipa", "linux"))
    assert (verdict.severity, verdict.suggestion) == ("hint", "com.acme.myapp")


def test_words_of_dart_and_its_packages_do_not_disturb_a_site_without_flutter() -> None:
    assert errors("project", "class", "web") == []
    assert errors("project", "msgpack_dart", "web") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Mein Café", "mein-cafe"), ("a__b--c", "a-b-c"), ("日本", ""), (" -x- ", "x"), ("A.b", "ab")],
)
def test_slug(text: str, expected: str) -> None:
    assert identity.slug(text) == expected


@pytest.mark.parametrize(
    ("value", "target", "better"),
    [
        ("a/b", "linux", "a b"),
        ("..\\b", "macos", "b"),
        ("Tide: 2", "windows", "Tide 2"),
        ("con", "windows", "App con"),
        (" x", "linux", "x"),
    ],
)
def test_a_program_is_named_as_a_file_can_be(value: str, target: str, better: str) -> None:
    assert errors("artifact", value, target)
    assert suggestion("artifact", value, target) == better
    assert errors("artifact", 'tide "table" $5', "linux", "apk") == []
    assert errors("artifact", "a/b", "apk") == []  # whose file gets another name


def test_letters_that_ascii_spells_otherwise_are_not_lost() -> None:
    assert suggestion("project", "Grüße 2", "linux") == "grusse-2"
    assert suggestion("bundle_id", "com.Øre.Æble", "linux") == "com.ore.aeble"
    assert identity.slug("Grüße") == "grue"  # as Flet derives it
