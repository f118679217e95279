"""The Options page: the simple part, all settings, what is not right, and the file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from app import options_desk as desk_verbs
from app.texts import counted
from builder import settings
from builder.options import BY_NAME, OPTIONS
from builder.problems import Problem, ProjectError
from tests.app.fakes import PYPROJECT, make_project, make_shop
from tests.app.headless import Tab, run


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_verbs, "SAVE_SECONDS", 0.0)


async def on_page(tab: Tab, folder: Path, target: str = "web", *, all_of_it: bool = False) -> None:
    tab.wizard.state.target = target
    tab.wizard.open(folder)
    await tab.settle()
    tab.wizard.state.step = "options"
    tab.wizard.state.notify()
    await tab.settle()
    assert tab.title() == "How should it behave?"
    if all_of_it:
        await tab.click("Show all settings")


async def turn(tab: Tab, identifier: str, on: bool) -> None:
    """Turn the only switch in a place."""
    place = tab.one(ft.Semantics, identifier=identifier)
    switch = next(one for one in inside(place) if isinstance(one, ft.Switch))
    await tab.event(switch, "change", on, value=on)
    await tab.settle()


def inside(place: Any) -> list[Any]:
    from tests.app.headless import _walk

    return list(_walk([place], set()))


def text_of(folder: Path) -> str:
    return (folder / "pyproject.toml").read_text()


# --- The simple part ---


def test_permissions_are_switches_and_go_into_the_file(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT + "\n[tool.flet.x]\ny = 1\n")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk")
            assert "Take photos and videos" in tab.place("permission-camera")
            assert "Android, iPhone and iPad, macOS" in tab.place("permission-camera")
            assert not tab.has("permission-biometric")  # Android asks for nothing there
            await turn(tab, "permission-camera", True)
            await turn(tab, "permission-location", True)
            assert 'permissions = ["camera", "location"]' in text_of(tmp_path)
            await turn(tab, "permission-camera", False)
            await turn(tab, "permission-location", False)
            assert text_of(tmp_path) == PYPROJECT + "\n[tool.flet.x]\ny = 1\n"

    run(test)


def test_a_permission_that_nobody_knows_stays(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT.replace("= 7", '= 7\npermissions = ["bluetooth"]  # mine'))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk")
            await turn(tab, "permission-camera", True)
            assert 'permissions = ["bluetooth", "camera"]  # mine' in text_of(tmp_path)

    run(test)


@pytest.mark.parametrize(
    ("target", "there", "gone"),
    [
        ("apk", "form-split_per_abi", "form-base_url"),
        ("aab", "form-permissions", "form-split_per_abi"),
        ("web", "form-base_url", "form-permissions"),
        ("linux", "form-linux_categories", "form-permissions"),
        ("macos", "permission-biometric", "form-linux_categories"),
    ],
)
def test_only_what_makes_a_difference(tmp_path: Path, target: str, there: str, gone: str) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, target)
            assert tab.has(there)
            assert not tab.has(gone)
            assert not tab.has("option-android_gradle_properties")

    run(test)


def test_where_the_site_lies(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def choose(tab: Tab, value: str) -> None:
        place = tab.one(ft.Semantics, identifier="form-base_url")
        group = next(one for one in inside(place) if isinstance(one, ft.RadioGroup))
        await tab.event(group, "change", value, value=value)
        await tab.settle()

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert not tab.all(ft.TextField, label="Folder on the server")
            await choose(tab, "folder")
            await tab.type("Folder on the server", "a b")
            assert tab.has("told-base_url")
            assert tab.button("Next: Build").disabled
            await tab.type("Folder on the server", "/tides/")
            assert "https://example.com/tides/" in tab.place("form-base_url")
            await tab.settle()
            assert 'base_url = "/tides/"' in text_of(tmp_path)
            await choose(tab, "root")
            assert "base_url" not in text_of(tmp_path)
            await choose(tab, "folder")  # what was typed is still known
            assert 'base_url = "/tides/"' in text_of(tmp_path)

    run(test)


def test_a_switch_writes_its_key_the_right_way_round(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await turn(tab, "form-no_cdn", True)
            assert "cdn = false" in text_of(tmp_path)
            await turn(tab, "form-no_cdn", False)
            assert "cdn" not in text_of(tmp_path)

    run(test)


def test_both_halves_of_a_link(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk")
            await tab.type("Link scheme", "https")
            assert "once both are there" in tab.place("form-deep_linking_scheme")
            await tab.type("Link domain", "tides.org")
            assert "https://tides.org opens your app." in tab.place("form-deep_linking_scheme")
            await tab.settle()
            assert settings.stored(
                tab.wizard.state.project.pyproject,  # type: ignore[union-attr]
                "tool.flet.android.deep_linking",
            ) == {"scheme": "https", "host": "tides.org"}

    run(test)


# --- All settings ---


def test_all_settings_are_folded_and_drawn_only_when_unfolded(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert not tab.all(ft.TextField, label="Search the settings")
            await tab.click("Show all settings")
            assert not tab.has("option-compile_app")
            tab.wizard.desk.unfold("packages")
            await tab.settle()
            assert "tool.flet.compile.app" in tab.place("option-compile_app")
            assert "Default: on" in tab.place("option-compile_app")
            assert not tab.has("option-split_per_abi")
            others = [one for one in tab.buttons() if "only other targets use" in one]
            await tab.click(others[0])
            tab.wizard.desk.unfold("other-android")
            await tab.settle()
            assert "Only for Android" in tab.place("option-split_per_abi")

    run(test)


def test_every_setting_can_be_drawn_for_every_target(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            for target in ("web", "apk", "linux"):
                await on_page(tab, tmp_path, target)
                tab.wizard.desk.show_all(True)
                tab.wizard.desk.search("")
                tab.wizard.desk.edits.shows_others = True
                groups = {one.group for one in OPTIONS}
                tab.wizard.desk.edits.groups = {*groups, *(f"other-{one}" for one in groups)}
                tab.wizard.state.notify()
                await tab.settle()
                assert all(tab.has(f"option-{one.name}") for one in OPTIONS)
                assert not tab.reads("Slipway stumbled")

    run(test)


def test_search_and_changed_only(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.web]\nrenderer = "skwasm"\n')

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await tab.type("Search the settings", "gradle")
            assert tab.has("option-android_gradle_properties")
            assert "Not used by the web site" in tab.place("all-settings")
            await tab.type("Search the settings", "drawing engine")
            assert "Changed" in tab.place("option-web_renderer")
            await tab.type("Search the settings", "no such thing")
            assert "No setting has all of these words" in tab.place("all-settings")
            await tab.type("Search the settings", "")
            only = tab.one(ft.Switch, label="Changed only")
            await tab.event(only, "change", True, value=True)
            assert tab.place("found") == "2 settings found"
            assert tab.has("option-web_renderer")
            assert tab.has("option-app_path")
            await tab.click("Reset Drawing engine")
            await tab.settle()
            assert not tab.has("option-web_renderer")
            assert "renderer" not in text_of(tmp_path)
            assert tab.reads(counted("options.changed", 1))

    run(test)


def test_many_hits_come_in_two_goes(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await tab.type("Search the settings", "android")
            [more] = [one for one in tab.buttons() if one.startswith("Show ")]
            before = len([s for s in tab.all(ft.Semantics) if str(s.identifier)[:7] == "option-"])
            await tab.click(more)
            after = len([s for s in tab.all(ft.Semantics) if str(s.identifier)[:7] == "option-"])
            assert before == 15
            assert after > 20

    run(test)


async def find(tab: Tab, words: str) -> None:
    await tab.type("Search the settings", words)


def test_each_kind_is_typed_and_saved(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await find(tab, "min_sdk_version")
            await tab.type("Oldest Android", "24")
            await find(tab, "proguard_rules")
            await tab.type("ProGuard rules", "-keep class a\n-keep class b\n")
            await find(tab, "gradle_properties")
            await tab.type("Gradle properties", '"org.gradle.jvmargs" = "-Xmx4G"')
            await find(tab, "icon_background")
            await tab.type("Icon background on Android", "0b6e99")
            await find(tab, "android_meta_data")
            await tab.click("Add an entry")
            await tab.type("Name 1", "com.x.ID")
            await tab.type("Value 1", "ca-1")
            await tab.settle()
            android = settings.stored(
                tab.wizard.state.project.pyproject,  # type: ignore[union-attr]
                "tool.flet.android",
            )
            assert android == {
                "min_sdk_version": 24,
                "proguard_rules": ["-keep class a", "-keep class b"],
                "gradle_properties": {"org.gradle.jvmargs": "-Xmx4G"},
                "adaptive_icon_background": "#0b6e99",
                "meta_data": {"com.x.ID": "ca-1"},
            }
            await tab.click_icon("Remove com.x.ID")
            await tab.settle()
            assert "meta_data" not in text_of(tmp_path)

    run(test)


def test_a_choice_and_its_default(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await find(tab, "renderer")
            choice = tab.one(ft.Dropdown, label="Drawing engine")
            assert choice.options[0].text == "Default (canvaskit)"
            await tab.event(choice, "select", "auto", value="auto")
            await tab.settle()
            assert 'renderer = "auto"' in text_of(tmp_path)
            choice = tab.one(ft.Dropdown, label="Drawing engine")
            first = choice.options[0].key
            await tab.event(choice, "select", first, value=first)
            await tab.settle()
            assert "renderer" not in text_of(tmp_path)

    run(test)


def test_what_is_wrong_speaks_is_kept_and_is_not_saved(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await find(tab, "gradle")
            wrong = '"org.gradle.jvmargs" = -Xmx'
            await tab.type("Gradle properties", wrong)
            assert "Not yet TOML" in tab.place("told-android_gradle_properties")
            await tab.settle()
            assert text_of(tmp_path) == PYPROJECT
            assert tab.wizard.state.blocked("build").startswith("1 setting on the Options page")
            assert "Gradle properties" in tab.place("readiness")
            tab.wizard.go("splash")
            await tab.settle()
            tab.wizard.go("options")
            await tab.settle()
            assert tab.field("Gradle properties").value == wrong
            await tab.type("Gradle properties", wrong.replace("-Xmx", '"-Xmx"'))
            await tab.settle()
            assert not tab.has("told-android_gradle_properties")
            assert "-Xmx" in text_of(tmp_path)

    run(test)


def test_secrets_have_no_field(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await find(tab, "password")
            place = tab.place("option-android_key_store_password")
            assert "FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD" in place
            assert not [f for f in tab.all(ft.TextField) if "assword" in str(f.label)]

    run(test)


def test_what_has_its_place_elsewhere_leads_there(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await find(tab, "bundle_id")
            await tab.click("Go to Identity")
            await tab.settle()
            assert tab.title() == "What is your app called?"

    run(test)


def test_the_key_is_copied(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await find(tab, "renderer")
            await tab.click_icon("Copy the key tool.flet.web.renderer")
            await tab.settle()
            assert any("tool.flet.web.renderer" in str(call) for call in tab.connection.calls)

    run(test)


# --- What is not right in the file ---

WRONG = PYPROJECT + '\n[tool.flet.android]\nsplit_per_abi = "yes"  # smaller\n'


@pytest.mark.parametrize(
    ("click", "line"), [("Change it to true", "split_per_abi = true  # smaller"), ("Remove it", "")]
)
def test_a_value_of_the_wrong_kind_is_mended_with_a_click(
    tmp_path: Path, click: str, line: str
) -> None:
    make_project(tmp_path, WRONG)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk")
            assert "the text “yes”" in tab.place("wrong-split_per_abi")
            assert tab.wizard.state.blocked("build")
            assert not tab.wizard.state.blocked("options")  # one can come here to mend it
            assert tab.wizard.state.needs_attention("options")
            assert not tab.wizard.state.needs_attention("project")
            await tab.click(click)
            await tab.settle()
            assert not tab.has("wrong-split_per_abi")
            assert not tab.wizard.state.needs_attention("options")
            assert (line or "[tool.flet.android]") in text_of(tmp_path)
            assert '"yes"' not in text_of(tmp_path)

    run(test)


def test_a_rule_speaks_about_what_the_file_says(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.android]\ntarget_arch = ["mips"]\n')

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await find(tab, "processor")
            assert "mips" in tab.place("told-target_arch")
            chip = tab.one(ft.Chip, label="mips")
            await tab.event(chip, "select", False, selected=False)
            await tab.event(tab.one(ft.Chip, label="x86_64"), "select", True, selected=True)
            await tab.settle()
            assert 'target_arch = ["x86_64"]' in text_of(tmp_path)
            assert not tab.has("told-target_arch")

    run(test)


def test_what_is_wrong_below_is_pointed_at(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.android]\nmin_sdk_version = "24"\n')

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk")
            if not tab.has("hidden-trouble"):  # no rule of the settings minds
                pytest.fail(str(tab.wizard.state.settings_problems))
            await tab.click("Show what is not right")
            assert "the text “24”" in tab.place("wrong-android_min_sdk_version")
            await tab.click("Change it to 24")
            await tab.settle()
            assert "min_sdk_version = 24" in text_of(tmp_path)
            assert not tab.has("hidden-trouble")
            assert tab.field("Oldest Android").value == "24"  # still in sight
            await tab.click("Back to all settings")
            assert not tab.has("option-android_min_sdk_version")

    run(test)


# --- The file ---


def test_comments_and_the_section_stay(tmp_path: Path) -> None:
    text = PYPROJECT + (
        "\n[tool.flet.android.permission]  # what we ask for\n"
        '"android.permission.NFC" = true  # tickets\n'
    )
    make_project(tmp_path, text)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await find(tab, "android_permissions")
            assert tab.field("Name 1").value == "android.permission.NFC"
            await tab.type("Value 1", "false")
            await tab.click("Add an entry")
            await tab.type("Name 2", "android.permission.VIBRATE")
            await tab.type("Value 2", "true")
            await tab.settle()

    run(test)
    assert text_of(tmp_path) == text.replace("= true  # t", "= false  # t") + (
        '"android.permission.VIBRATE" = true\n'
    )


def test_no_key_is_lost_while_the_file_is_saved(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await find(tab, "exclude")
            words = "notes.txt\n\nold drafts\n"
            for end in range(1, len(words) + 1):
                await tab.type("Left out of the app", words[:end])
                assert tab.field("Left out of the app").value == words[:end]
                await asyncio.sleep(0.002)
            await tab.until(lambda: "old drafts" in text_of(tmp_path))
            assert tab.field("Left out of the app").value == words
            await tab.settle()
            assert 'exclude = ["notes.txt", "old drafts"]' in text_of(tmp_path)

    run(test)


def test_what_changes_on_disk_is_shown_and_a_clash_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    theirs = PYPROJECT + '\n[tool.flet.web]\npwa_short_name = "Theirs"\n'

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await find(tab, "pwa_short_name")
            (tmp_path / "pyproject.toml").write_text(theirs)
            await tab.until(lambda: tab.field("Short name when installed").value == "Theirs")
            monkeypatch.setattr(desk_verbs, "SAVE_SECONDS", 60.0)
            await tab.type("Short name when installed", "Mine")
            (tmp_path / "pyproject.toml").write_text(theirs.replace("Theirs", "Others"))
            await tab.until(lambda: tab.has("clash-pwa_short_name"))
            assert "Others" in tab.place("clash-pwa_short_name")
            assert tab.field("Short name when installed").value == "Mine"
            assert tab.wizard.state.blocked("build")
            await tab.click("Keep what you typed")
            await tab.settle()
            assert 'pwa_short_name = "Mine"' in text_of(tmp_path)

    run(test)


def test_one_that_cannot_be_written_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    save: Callable[[Path, Any], None] = settings.save

    def refuse(folder: Path, changes: Any) -> None:
        if "tool.flet.web.pwa_short_name" in changes:
            raise ProjectError(Problem("pyproject-not-safe", "No room for this"))
        save(folder, changes)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            monkeypatch.setattr(settings, "save", refuse)
            monkeypatch.setattr(desk_verbs, "SAVE_SECONDS", 60.0)
            await find(tab, "installed")
            await tab.type("Short name when installed", "Tides")
            await tab.type("Colour of the window when installed", "teal")
            await tab.settle()
            assert 'pwa_theme_color = "teal"' in text_of(tmp_path)
            assert "No room for this" in tab.place("problem-pyproject-not-safe")
            assert tab.field("Short name when installed").value == "Tides"

    run(test)


def test_two_tabs_show_the_same_and_it_outlives_the_page(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as first, Tab(first.wizard) as second:
            await on_page(first, tmp_path, all_of_it=True)
            await first.type("Search the settings", "renderer")
            await second.settle()
            assert second.field("Search the settings").value == "renderer"
            await first.click("Back")
            await second.settle()
            assert second.title() == "While your app starts"
            await second.click("Next: Options")
            await first.settle()
            assert first.field("Search the settings").value == "renderer"

    run(test)


def test_what_was_typed_is_saved_at_the_end_and_before_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    monkeypatch.setattr(desk_verbs, "SAVE_SECONDS", 60.0)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, all_of_it=True)
            await find(tab, "short_name")
            await tab.type("Short name when installed", "Tides")
            await tab.wizard.save_all()
            assert '"Tides"' in text_of(tmp_path)
            await tab.type("Short name when installed", "Moons")
            tab.wizard.build()
            await tab.settle()
            assert '"Moons"' in text_of(tmp_path)
            assert tab.engine.builds

    run(test)


def test_another_project_starts_anew_and_the_last_one_keeps_what_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_verbs, "SAVE_SECONDS", 60.0)
    make_project(tmp_path / "a")
    make_project(tmp_path / "b")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path / "a", all_of_it=True)
            await find(tab, "short_name")
            await tab.type("Short name when installed", "Tides")
            tab.wizard.open(tmp_path / "b")
            await tab.settle()
            assert "Tides" not in text_of(tmp_path / "b")
            assert '"Tides"' in text_of(tmp_path / "a")
            assert tab.wizard.desk.edits.drafts == {}

    run(test)


@pytest.mark.parametrize("width", [700, 1280])
def test_narrow_and_wide(tmp_path: Path, width: int) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab(width=width) as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            tab.wizard.desk.unfold("android")
            await tab.settle()
            assert tab.has("option-android_proguard_rules")
            assert BY_NAME["android_proguard_rules"].meaning in tab.place(
                "option-android_proguard_rules"
            )

    run(test)


# --- Paths ---


async def browse_for(tab: Tab, folder: Path, words: str, title: str, target: str = "apk") -> None:
    await on_page(tab, folder, target, all_of_it=True)
    await find(tab, words)
    await tab.click_icon(f"Browse for {title}")
    await tab.settle()
    assert tab.has("path-browser")


async def click_tile(tab: Tab, name: str) -> None:
    tile = next(one for one in tab.all(ft.ListTile) if one.title.value == name)  # type: ignore[union-attr]
    await tab.event(tile, "click")
    await tab.settle()


def test_a_file_is_browsed_for(tmp_path: Path) -> None:
    make_project(tmp_path / "tides")
    (tmp_path / "tides" / "upload.jks").write_bytes(b"key")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "store.keystore").write_bytes(b"key")
    (tmp_path / "keys" / "notes.txt").write_text("not this")
    file = tmp_path / "tides"

    async def test() -> None:
        async with Tab() as tab:
            await browse_for(tab, file, "android_key_store", "Key store")
            assert "upload.jks" in tab.place("path-browser")
            assert "Use this folder" not in tab.buttons()
            await click_tile(tab, "upload.jks")
            assert not tab.has("path-browser")
            assert tab.field("Key store").value == "upload.jks"
            assert 'key_store = "upload.jks"' in text_of(file)
            await tab.click_icon("Browse for Key store")
            await tab.settle()
            await tab.click_icon("Up one folder")
            await tab.settle()
            await click_tile(tab, "keys")
            assert "notes.txt" not in tab.place("path-browser")
            await click_tile(tab, "store.keystore")
            assert f'key_store = "{tmp_path / "keys" / "store.keystore"}"' in text_of(file)

    run(test)


def test_a_folder_is_browsed_for(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT.replace('path = "src"', 'path = "."'))

    async def test() -> None:
        async with Tab() as tab:
            await browse_for(tab, tmp_path, "app.path", "Folder of the app", "web")
            await click_tile(tab, "src")
            await tab.click("Use this folder")
            await tab.settle()
            assert 'path = "src"' in text_of(tmp_path)

    run(test)


def test_a_folder_or_a_file_and_nothing(tmp_path: Path) -> None:
    make_project(tmp_path)
    (tmp_path / "frame.zip").write_bytes(b"PK")

    async def test() -> None:
        async with Tab() as tab:
            await browse_for(tab, tmp_path, "template.url", "Template")
            assert "frame.zip" in tab.place("path-browser")
            assert "Use this folder" in tab.buttons()
            await tab.press("Escape")
            await tab.settle()
            assert not tab.has("path-browser")
            assert text_of(tmp_path) == PYPROJECT
            await tab.click_icon("Browse for Template")
            await tab.settle()
            await click_tile(tab, "src")
            assert "ends in .zip" in tab.place("path-browser")
            await tab.click_icon("Close the folder browser")
            assert not tab.has("path-browser")

    run(test)


def test_in_a_window_the_systems_own_dialog_is_asked(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab(web=False) as tab:
            await on_page(tab, tmp_path, "apk", all_of_it=True)
            await find(tab, "app.path")
            tab.connection.answers["get_directory_path"] = str(tmp_path / "src")
            await tab.click_icon("Browse for Folder of the app")
            await tab.settle()
            assert not tab.has("path-browser")
            assert tab.field("Folder of the app").value == "src"

    run(test)


def test_what_only_flet_can_do_is_not_offered_to_a_flask_app(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, make_project(tmp_path / "flet"), "linux")
            assert tab.has("form-hide_window_on_start")
            await on_page(tab, make_shop(tmp_path / "shop"), "linux")
            assert not tab.has("form-hide_window_on_start")
            assert tab.reads("One single file")

    run(test)
