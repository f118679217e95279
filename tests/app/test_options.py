"""The options as plain data: what is found, what is typed means what, and nothing is lost."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import options
from app.options import Draft, OptionEdits, OptionView, parse, typed_of
from app.texts import catalogue
from builder import pyproject_edit, settings
from builder.options import BY_NAME, OPTIONS, PERMISSIONS, Option
from builder.problems import Problem

FLAG = BY_NAME["compile_app"]
INVERTED = BY_NAME["no_cdn"]
CHOICE = BY_NAME["web_renderer"]
TEXTS = BY_NAME["exclude"]
PAIRS = BY_NAME["android_permissions"]
TABLE = BY_NAME["android_gradle_properties"]
NUMBER = BY_NAME["android_min_sdk_version"]
TEXT = BY_NAME["pwa_short_name"]
COLOUR = BY_NAME["pwa_theme_color"]


def view(text: str = "", target: str = "web", **drafts: Draft) -> OptionView:
    """The table over a file."""
    return OptionView(tomllib.loads(text), target, drafts)


# --- The table ---


def test_every_option_has_a_name_for_people_and_no_two_share_one() -> None:
    own = [one for one in OPTIONS if options.home(one) != "identity"]
    missing = [one.name for one in own if f"options.names.{one.name}" not in catalogue()]
    assert missing == []
    titles = [options.title_of(one) for one in OPTIONS]
    assert len(titles) == len(set(titles))


def test_names_and_forms_are_of_options_that_exist() -> None:
    named = {key.split(".")[-1] for key in catalogue() if key.startswith("options.names.")}
    assert named <= BY_NAME.keys()
    assert set(options.SIMPLE_FORMS) <= BY_NAME.keys()
    assert set(options.PERMISSIONS) == set(PERMISSIONS)


@pytest.mark.parametrize("target", ["web", "apk", "aab", "ipa", "linux", "macos", "windows"])
def test_the_simple_part_shows_only_what_the_target_uses(target: str) -> None:
    here = view(target=target)
    assert all(here.uses(one) and one.key for one in options.simple(here))


def test_what_a_store_does_itself_is_not_asked() -> None:
    names = {t: {one.name for one in options.simple(view(target=t))} for t in ("apk", "aab", "web")}
    assert "split_per_abi" in names["apk"] - names["aab"]
    assert "permissions" not in names["web"]
    assert {"base_url", "route_url_strategy", "no_cdn"} <= names["web"]


def test_each_platform_asks_for_its_own_permissions() -> None:
    assert "biometric" not in options.asked_for("android")
    assert "biometric" in options.asked_for("ios")
    assert options.asked_for("web") == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("gradle", "android_gradle_properties"),
        ("key store", "android_key_store"),
        ("tool.flet.android.split_per_abi", "split_per_abi"),
        ("--split-per-abi", "split_per_abi"),
        ("tool.flet.web.app.exclude", "exclude"),
        ("GRADLE memory", "android_gradle_properties"),
        ("skwasm", "web_renderer"),
        ("tool.flet.ios.info", "info_plist"),
        ("FLET_WEB_RENDERER", "web_renderer"),
    ],
)
def test_a_setting_is_found(query: str, name: str) -> None:
    assert name in [one.name for one in options.found(query)]


def test_the_name_counts_more_than_what_is_said_about_it() -> None:
    hits = options.found("key")
    assert hits[0].name in ("android_key_store", "android_key_alias")
    assert len(options.found("")) == len(OPTIONS)
    assert options.found("no such thing at all") == []


@given(st.text())
def test_no_query_is_too_odd(query: str) -> None:
    assert len(options.found(query)) <= len(OPTIONS)


# --- Where it stands ---


def test_the_key_of_the_platform_goes_first_where_it_holds_something() -> None:
    text = '[tool.flet.app]\nexclude = ["a"]\n[tool.flet.web.app]\nexclude = ["b"]\n'
    assert view(text).key(TEXTS) == "tool.flet.web.app.exclude"
    assert view(text).items(TEXTS) == ["b"]
    assert view(text, "linux").key(TEXTS) == "tool.flet.app.exclude"
    assert view(text, "linux").items(TEXTS) == ["a"]


def test_a_key_that_only_platforms_have_is_that_of_the_target() -> None:
    links = BY_NAME["deep_linking_host"]
    assert view(target="ipa").key(links) == "tool.flet.ios.deep_linking.host"
    assert view(target="aab").key(links) == "tool.flet.android.deep_linking.host"
    assert view(target="web").key(links) == "tool.flet.android.deep_linking.host"


def test_a_draft_is_written_where_the_value_stands() -> None:
    text = '[tool.flet.web.app]\nexclude = ["b"]\n'
    here = view(text, exclude=Draft("c\n\n d ", ["b"]))
    assert here.to_save() == {"tool.flet.web.app.exclude": ["c", "d"]}


# --- Switches and choices ---


def test_a_switch_knows_its_default_and_an_inverted_key() -> None:
    assert view().is_on(FLAG)
    assert not view("[tool.flet.compile]\napp = false").is_on(FLAG)
    assert not view().is_on(INVERTED)
    assert view("[tool.flet.web]\ncdn = false").is_on(INVERTED)
    assert view(no_cdn=Draft("true", None)).to_save() == {"tool.flet.web.cdn": False}


def test_the_default_leaves_no_line_behind() -> None:
    text = "[tool.flet.web]\ncdn = false"
    assert view(text, no_cdn=Draft("false", False)).to_save() == {"tool.flet.web.cdn": None}
    assert view(compile_app=Draft("true", None)).to_save() == {}


def test_the_default_is_written_where_the_common_key_says_otherwise() -> None:
    text = "[tool.flet.compile]\napp = false\n[tool.flet.web.compile]\napp = false"
    changes = view(text, compile_app=Draft("true", False)).to_save()
    assert changes == {"tool.flet.web.compile.app": True}


# --- What is changed ---


def test_what_is_changed_is_counted_and_what_has_its_own_page_is_not() -> None:
    text = '[project]\nname = "a"\n[tool.flet]\nproduct = "P"\ncompany = "C"\n'
    assert [one.name for one in view(text).changed()] == ["company"]
    assert [one.name for one in view(pwa_short_name=Draft("x", None)).changed()] == [TEXT.name]


@pytest.mark.parametrize("empty", ['renderer = ""', "[tool.flet.web.renderer]"])
def test_an_empty_value_changes_nothing(empty: str) -> None:
    assert not view(f"[tool.flet.web]\n{empty}").is_changed(CHOICE)


@pytest.mark.parametrize("option", [one for one in OPTIONS if one.key], ids=lambda one: one.name)
def test_nothing_typed_is_a_reset(option: Option) -> None:
    assert parse(option, options.nothing(option)) == (None, "")


# --- What is typed ---


@pytest.mark.parametrize(
    ("option", "typed", "value"),
    [
        (TEXT, "  Tides ", "Tides"),
        (NUMBER, " 24 ", 24),
        (CHOICE, "skwasm", "skwasm"),
        (COLOUR, "0b6e99", "#0b6e99"),
        (COLOUR, "teal", "teal"),
        (FLAG, "false", False),
        (INVERTED, "true", False),
        (TEXTS, "a\n\n b c \n", ["a", "b c"]),
        (PAIRS, (("x.NFC", "true"), ("", ""), ("n", "8"), ("t", '"8"')), None),
        (TABLE, 'a = "b"\n[c]\nd = 1', {"a": "b", "c": {"d": 1}}),
        (TABLE, "# only a remark", None),
    ],
)
def test_what_is_typed_as_a_value(option: Option, typed: Any, value: Any) -> None:
    if option is PAIRS:
        value = {"x.NFC": True, "n": 8, "t": "8"}
    assert parse(option, typed) == (value, "")


@pytest.mark.parametrize(
    ("option", "typed", "words"),
    [
        (NUMBER, "twenty", "not a whole number"),
        (NUMBER, "9" * 30, "not a whole number"),
        (CHOICE, "html", "auto, canvaskit, skwasm"),
        (COLOUR, "#12", "Write a colour"),
        (TEXT, "a\x07b", "cannot be seen"),
        (TABLE, "a = ", "Not yet TOML"),
        (TABLE, "a = " + "[" * 3000, "too deep"),
        (PAIRS, (("", "true"),), "“true” has no name"),
        (PAIRS, (("NFC", ""),), "“NFC” has no value"),
        (PAIRS, (("NFC", "true"), ("NFC", "false")), "twice"),
    ],
)
def test_what_is_wrong_is_said_and_has_no_value(option: Option, typed: Any, words: str) -> None:
    value, trouble = parse(option, typed)
    assert value is None
    assert words in trouble
    assert view(**{option.name: Draft(typed, None, trouble)}).to_save() == {}


rows = st.lists(st.tuples(st.text(), st.text()), max_size=4).map(tuple)


@given(st.sampled_from([one for one in OPTIONS if one.key]), st.text() | rows)
def test_wild_text_never_raises_and_is_never_lost(option: Option, typed: Any) -> None:
    is_rows = isinstance(typed, tuple)
    if is_rows != (option.kind == "pairs"):
        return
    value, trouble = parse(option, typed)
    assert value is None or not trouble
    here = view(target="apk", **{option.name: Draft(typed, None, trouble)})
    assert here.typed(option) == typed
    assert options.shown(here, option).typed == typed
    edits = OptionEdits({option.name: Draft(typed, None, trouble)})
    options.settle(edits, replace(here, drafts={}))
    assert option.name in edits.drafts or typed == options.nothing(option)
    for key, saved in here.to_save().items():
        written = tomllib.loads(pyproject_edit.edit("", {key: saved}))
        assert options.is_same(settings.stored(written, key), saved)


keys = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
plain = (
    st.text(max_size=8)
    | st.integers(-(10**9), 10**9)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.datetimes()
)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(keys, values, min_size=1, max_size=4))
def test_a_table_comes_back_as_it_was(table: dict[str, Any]) -> None:
    typed = typed_of(TABLE, table)
    assert options.is_same(parse(TABLE, typed)[0], table), typed


@given(values)
def test_a_value_in_a_row_comes_back_as_it_was(value: Any) -> None:
    assert options.is_same(options.literal(options.as_literal(value)), value)


def test_a_plain_text_in_a_row_needs_no_quotes() -> None:
    assert typed_of(PAIRS, {"a": "Scans receipts", "b": "true", "c": True, "d": ""}) == (
        ("a", "Scans receipts"),
        ("b", '"true"'),
        ("c", "true"),
        ("d", '""'),
    )


# --- What is wrong in the file ---


@pytest.mark.parametrize(
    ("name", "value", "kind", "repaired"),
    [
        ("split_per_abi", '"yes"', "the text “yes”", [True]),
        ("split_per_abi", "0", "the value 0", [False]),
        ("split_per_abi", '"perhaps"', "the text “perhaps”", []),
        ("android_min_sdk_version", '"24"', "the text “24”", [24]),
        ("android_min_sdk_version", "24.0", "the value 24.0", [24]),
        ("exclude", '"a, b"', "the text “a, b”", [["a", "b"], ["a, b"]]),
        ("exclude", "[1, 'x']", "the list [1, \"x\"]", [["1", "x"]]),
        ("permissions", "{camera = true, location = false}", "a table", [["camera"]]),
        ("android_permissions", '["a=true", "b"]', 'the list ["a=true", "b"]',
         [{"a": True, "b": True}]),
        ("android_key_alias", "['up']", 'the list ["up"]', ["up"]),
        ("web_renderer", "1", "the value 1", []),
        ("pwa_short_name", "3", "the value 3", ["3"]),
        ("android_gradle_properties", "3", "the value 3", []),
        ("company", "1979-05-27", "a date or time", ["1979-05-27"]),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_told_and_mended(
    name: str, value: str, kind: str, repaired: list[Any]
) -> None:
    option = BY_NAME[name]
    key = view(target="apk").key(option)
    here = view(f"{key} = {value}", target="apk")
    assert here.wrong_kind(option) == kind
    assert options.repairs(option, here.stored(option)) == repaired
    assert all(options.fits(option, one) for one in repaired)


json = st.recursive(plain, lambda one: st.lists(one) | st.dictionaries(keys, one), max_leaves=4)


@given(st.sampled_from([one for one in OPTIONS if one.key]), json)
def test_no_value_in_a_file_is_too_odd(option: Option, value: Any) -> None:
    here = view(target="apk")
    pyproject: dict[str, Any] = {}
    table = pyproject
    *path, last = here.key(option).split(".")
    for part in path:
        table = table.setdefault(part, {})
    table[last] = value
    seen = options.shown(OptionView(pyproject, "apk", {}), option)
    assert bool(seen.wrong_kind) == (not options.fits(option, value))
    assert len(seen.repairs) <= 2


# --- Saving, and the file that changes meanwhile ---


def test_a_clash_waits_and_what_was_typed_stays() -> None:
    text = '[tool.flet.web]\npwa_short_name = "theirs"'
    here = view(text, pwa_short_name=Draft("mine", "before"))
    assert here.clashes(TEXT)
    assert here.to_save() == {}
    assert here.typed(TEXT) == "mine"
    assert options.shown(here, TEXT).theirs == '"theirs"'
    assert here.wrong() == [TEXT]


def test_the_same_on_both_sides_is_no_clash() -> None:
    text = '[tool.flet.web]\npwa_short_name = "mine"'
    assert not view(text, pwa_short_name=Draft("mine ", "before")).clashes(TEXT)


def test_a_line_that_is_begun_outlives_the_saving_and_goes_when_one_leaves() -> None:
    edits = OptionEdits({"exclude": Draft("a\n", None)})
    here = view('[tool.flet.app]\nexclude = ["a"]')
    options.wrote(edits, here, {"exclude"})
    assert edits.drafts == {"exclude": Draft("a\n", ["a"])}
    options.tidy(edits, here)
    assert edits.drafts == {}


def test_what_was_typed_while_we_wrote_begins_from_there() -> None:
    edits = OptionEdits({"pwa_short_name": Draft("Moon", None)})
    here = view('[tool.flet.web]\npwa_short_name = "Moo"')
    options.wrote(edits, here, {"pwa_short_name"})
    assert not replace(here, drafts=edits.drafts).clashes(TEXT)


# --- The rules of the settings ---


def resolved(text: str, tmp_path: Path, target: str = "apk") -> options.Owned:
    (tmp_path / "pyproject.toml").write_text(text)
    data = tomllib.loads(text)
    _values, problems = settings.resolve(data, tmp_path, target=target)
    return options.owned(data, tmp_path, target, problems)


def test_a_problem_belongs_to_the_option_without_which_it_is_gone(tmp_path: Path) -> None:
    text = '[tool.flet.android]\ntarget_arch = ["mips"]\nsplit_per_abi = "yes"\n'
    found = resolved(text, tmp_path)
    assert set(found) == {"target_arch", "split_per_abi"}
    assert "mips" in found["target_arch"][0].title


def test_what_belongs_to_other_pages_is_theirs(tmp_path: Path) -> None:
    assert resolved("[tool.flet]\nproduct = 3\n[tool.flet.app]\nmodule = 3\n", tmp_path) == {}


def test_what_is_right_only_together_is_judged_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = BY_NAME["deep_linking_scheme"], BY_NAME["deep_linking_host"]

    def resolve(pyproject: Any, folder: Path, *, target: str) -> tuple[None, list[Problem]]:
        here = OptionView(pyproject, target, {})
        is_half = (here.stored(a) is None) != (here.stored(b) is None)
        return None, [Problem("half", "One needs the other")] if is_half else []

    monkeypatch.setattr(settings, "resolve", resolve)
    edits = OptionEdits({a.name: Draft("https", None)})
    here = OptionView({}, "apk", edits.drafts)
    options.judge_all(edits, here, tmp_path)
    assert edits.drafts[a.name].trouble == "One needs the other."
    edits.drafts[b.name] = Draft("tides.org", None)
    options.judge_all(edits, here, tmp_path)
    assert not [one for one in edits.drafts.values() if one.trouble]
    assert len(here.to_save()) == 2


def test_the_rules_judge_what_is_typed(tmp_path: Path) -> None:
    option = BY_NAME["base_url"]
    assert options.judge(option, "/tides/", {}, tmp_path, "web") == ""
    assert options.judge(option, "a b", {}, tmp_path, "web") != ""
