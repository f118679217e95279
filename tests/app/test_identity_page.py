"""The Identity page: the rules while one types, the value on offer, and the file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from app import wizard as verbs
from builder import settings
from builder.history import LastBuild
from tests.app import fakes
from tests.app.fakes import PYPROJECT, make_project
from tests.app.headless import Tab, run


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "SAVE_SECONDS", 0.0)


async def on_page(tab: Tab, folder: Path) -> None:
    tab.wizard.open(folder)
    await tab.settle()
    tab.wizard.go("identity")
    await tab.settle()
    assert tab.title() == "What is your app called?"


def test_shows_what_the_files_say(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            shown = {field.label: field.value for field in tab.all(ft.TextField)}
            assert shown == {
                "Product name": "Tide Table",
                "Description": "When the water comes and goes",
                "Project name": "tide-table",
                "Organisation": "org.example",
                "Bundle ID": tab.wizard.state.on_disk("bundle_id"),
                "Version": "1.2.0",
                "Build number": "7",
            }
            assert "saved in pyproject.toml" in tab.place("saved")

    run(test)


def test_saves_and_leaves_every_other_byte(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type("Product name", "Moon Table")
            await tab.type("Build number", "8")
            await tab.settle()
            assert tab.place("saved") == "Saved in pyproject.toml."
            assert not tab.wizard.state.edits

    run(test)
    now = (tmp_path / "pyproject.toml").read_text()
    assert now == PYPROJECT.replace('product = "Tide Table"', 'product = "Moon Table"').replace(
        "build_number = 7", "build_number = 8"
    )


def test_what_was_typed_last_is_saved_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make_project(tmp_path) / "pyproject.toml"
    monkeypatch.setattr(verbs, "SAVE_SECONDS", 60.0)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type("Product name", "Moon Table")
            await tab.wizard.save_all()
            assert 'product = "Moon Table"' in file.read_text()

    run(test)


def test_emptying_a_field_to_type_anew_keeps_the_comment_beside_it(tmp_path: Path) -> None:
    file = make_project(tmp_path) / "pyproject.toml"
    file.write_text(PYPROJECT.replace('org = "org.example"', 'org = "org.example"  # ours'))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type("Organisation", "")
            await asyncio.sleep(0.1)
            await tab.type("Organisation", "org.demo")
            await tab.settle()
            assert 'org = "org.demo"  # ours' in file.read_text()
            await tab.type("Organisation", "")
            tab.wizard.go("target")  # whoever goes on with an empty field means it
            await tab.until(lambda: "org =" not in file.read_text())

    run(test)


@pytest.mark.parametrize(
    ("label", "name", "wrong"),
    [
        ("Version", "build_version", "1.2 beta"),
        ("Build number", "build_number", "seven"),
        ("Project name", "project", ""),
    ],
)
def test_a_wrong_value_speaks_and_is_not_saved(
    tmp_path: Path, label: str, name: str, wrong: str
) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type(label, wrong)
            await tab.settle()
            verdicts = [v for v in tab.wizard.state.verdicts(name) if v.severity == "error"]
            if not verdicts:
                pytest.skip(f"no rule of the web forbids {wrong!r}")
            assert verdicts[0].message in tab.place(f"field-{name}")
            assert tab.button("Next: Icons").disabled
            assert tab.field(label).value == wrong
            assert (tmp_path / "pyproject.toml").read_text() == PYPROJECT
            assert label in tab.place("readiness")
            if verdicts[0].suggestion:
                await tab.click(f"Use {verdicts[0].suggestion}")
                await tab.settle()
                assert tab.field(label).value == verdicts[0].suggestion
                assert not tab.button("Next: Icons").disabled

    run(test)


def test_a_rule_of_another_target_is_a_hint(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type("Bundle ID", "tides")
            await tab.settle()
            assert "only for" in tab.place("field-bundle_id")
            assert not tab.button("Next: Icons").disabled

    run(test)


def test_no_key_is_lost_while_the_file_is_saved_and_read(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            name = "Moon Table, the long and winding one"
            for end in range(1, len(name) + 1):
                await tab.type("Product name", name[:end])
                assert tab.field("Product name").value == name[:end]
            await tab.settle()
            assert tab.field("Product name").value == name
            assert tab.wizard.state.on_disk("product") == name

    run(test)


def test_leaving_the_page_saves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "SAVE_SECONDS", 60.0)
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type("Product name", "Moon Table")
            assert tab.place("saved") == "Saving in pyproject.toml in a moment…"
            await tab.click("Back")
            await tab.settle()
            assert tab.wizard.state.on_disk("product") == "Moon Table"

    run(test)


def test_another_field_that_changes_on_disk_is_shown(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            (tmp_path / "pyproject.toml").write_text(PYPROJECT.replace("1.2.0", "1.3.0"))
            await tab.type("Product name", "Moon Table")
            await tab.settle()
            assert tab.field("Version").value == "1.3.0"
            assert tab.field("Product name").value == "Moon Table"

    run(test)
    now = (tmp_path / "pyproject.toml").read_text()
    assert '"1.3.0"' in now
    assert '"Moon Table"' in now


@pytest.mark.parametrize(
    ("choose", "product"),
    [("Keep “Moon Table”", "Moon Table"), ("Take “Sun Table”", "Sun Table")],
)
def test_the_same_field_changed_on_disk_is_asked_about(
    tmp_path: Path, choose: str, product: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            monkeypatch.setattr(verbs, "SAVE_SECONDS", 60.0)
            await tab.type("Product name", "Moon Table")
            theirs = PYPROJECT.replace('product = "Tide Table"', 'product = "Sun Table"')
            (tmp_path / "pyproject.toml").write_text(theirs)
            await tab.settle()
            assert "Sun Table" in tab.place("clash-product")
            assert tab.field("Product name").value == "Moon Table"
            assert (tmp_path / "pyproject.toml").read_text() == theirs
            assert tab.button("Next: Icons").disabled
            await tab.click(choose)
            await tab.settle()
            assert tab.field("Product name").value == product
            assert tab.wizard.state.on_disk("product") == product
            assert not tab.has("clash-product")

    run(test)


def test_a_file_that_refuses_is_said_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    save: Callable[[Path, Any], None] = settings.save

    def refuse(folder: Path, changes: Any) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            monkeypatch.setattr(settings, "save", refuse)
            await tab.type("Product name", "Moon Table")
            await tab.settle()
            assert "Permission denied" in tab.place("problem-settings-unwritable")
            assert tab.field("Product name").value == "Moon Table"
            monkeypatch.setattr(settings, "save", save)
            await tab.type("Product name", "Moon Tables")
            await tab.settle()
            assert not tab.has("problem-settings-unwritable")
            assert tab.wizard.state.on_disk("product") == "Moon Tables"

    run(test)


def test_an_emptied_field_falls_back_to_its_default(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            await tab.type("Description", "")
            await tab.settle()
            assert "description" not in (tmp_path / "pyproject.toml").read_text()

    run(test)


def test_a_value_of_the_platform_is_written_where_it_stands(tmp_path: Path) -> None:
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.web]\nproduct = "Tides on the web"\n')

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            if tab.wizard.state.on_disk("product") != "Tides on the web":
                pytest.skip("the product has no value of its own for a platform")
            await tab.type("Product name", "Moons on the web")
            await tab.settle()
            assert tab.wizard.state.on_disk("product") == "Moons on the web"

    run(test)


def test_two_tabs_show_the_same(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as first, Tab(first.wizard) as second:
            await on_page(first, tmp_path)
            await second.settle()
            assert second.title() == "What is your app called?"
            await first.type("Product name", "Moon Table")
            await second.settle()
            assert second.field("Product name").value == "Moon Table"
            await second.type("Product name", "Moon Tables")
            await first.settle()
            assert first.field("Product name").value == "Moon Tables"

    run(test)


# --- The build number -----------------------------------------------------------------------------


def last_one(version: str = "1.2.0", number: int = 7) -> LastBuild:
    return LastBuild(version, number)


async def at_number(tab: Tab, folder: Path, target: str, last: LastBuild | None = None) -> None:
    tab.engine.last = last
    tab.wizard.state.host = "macos"  # which knows all of these targets
    tab.wizard.open(make_project(folder))
    await tab.settle()
    tab.wizard.choose_target(target)
    tab.wizard.go("identity")
    await tab.settle()


def test_the_number_after_the_last_one_is_on_offer(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await at_number(tab, tmp_path, "web", last_one())
            assert "fine while you try things out" in tab.place("field-build_number")
            assert "version 1.2.0, build number 7" in tab.place("note-version-0")
            assert tab.wizard.state.readiness().level == "ready"
            await tab.click("Use 8")
            await tab.settle()
            assert tab.field("Build number").value == "8"
            assert tab.wizard.state.on_disk("build_number") == "8"
            assert "Use 9" not in tab.buttons()

    run(test)


@pytest.mark.parametrize(
    ("target", "number", "level", "words"),
    [
        ("web", 7, "ready", "fine while you try"),
        ("web", 9, "ready", "is lower than 9"),
        ("apk", 7, "ready", "fine while you try"),
        ("apk", 9, "look", "does not install it over"),
        ("aab", 7, "look", "takes only a higher one"),
        ("aab", 9, "look", "is lower than 9"),
        ("ipa", 7, "look", "takes only a higher one"),
    ],
)
def test_how_grave_it_is_depends_on_where_it_goes(
    tmp_path: Path, target: str, number: int, level: str, words: str
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await at_number(tab, tmp_path, target, last_one(number=number))
            assert words in tab.place("field-build_number")
            assert f"Use {number + 1}" in tab.buttons()
            mine = [v.severity for v in tab.wizard.state.verdicts("build_number")]
            assert mine == ["hint" if level == "ready" else "warn"]

    run(test)


@pytest.mark.parametrize(
    ("target", "last"), [("aab", last_one(number=6)), ("aab", None), ("ipa", last_one("1.1.0", 9))]
)
def test_nothing_is_said_of_a_number_that_will_do(
    tmp_path: Path, target: str, last: LastBuild | None
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await at_number(tab, tmp_path, target, last)
            assert "A whole number" in tab.place("field-build_number")

    run(test)


def test_the_rules_of_the_store_are_told(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await at_number(tab, tmp_path, "aab", None)
            assert "Google Play" in tab.place("note-version-0")
            assert "2,100,000,000" in tab.place("note-version-0")
            tab.wizard.choose_target("ipa")
            await tab.settle()
            assert "up to three numbers" in tab.place("note-version-0")

    run(test)


def test_a_build_that_ends_moves_the_offer(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await at_number(tab, tmp_path, "web", None)
            assert "Use 8" not in tab.buttons()
            tab.wizard.build()
            await tab.settle()
            assert tab.engine.run is not None
            tab.engine.last = last_one()
            fakes.built(tab.engine.run)
            await tab.settle()
            tab.wizard.go("identity")
            await tab.settle()
            assert "Use 8" in tab.buttons()

    run(test)
