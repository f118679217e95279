"""Saving what was typed while the disk is slow: of two quick changes none is lost.

The writer is held at a gate, before the file changes or after, while the test goes on typing.
"""

from __future__ import annotations

import asyncio
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import flet as ft
import pytest

from app import options_desk, studio
from app import wizard as verbs
from builder import settings
from builder.problems import Problem, ProjectError
from tests.app.fakes import PYPROJECT, make_project
from tests.app.headless import Tab, run

LATER = 600.0  # no timer goes off while a test runs


class Gate:
    """Holds every writing of settings until it is opened."""

    def __init__(self, holds: Literal["before", "after"]) -> None:
        self._holds = holds
        self._save = settings.save
        self._opened = threading.Event()
        self.reached = threading.Event()

    def save(self, folder: Path, changes: Any) -> None:
        if self._holds == "after":
            self._save(folder, changes)
        self.reached.set()
        assert self._opened.wait(60)
        if self._holds == "before":
            self._save(folder, changes)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture(params=["before", "after"])
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A writer that waits before the file changes, and one that waits after it has."""
    one = Gate(request.param)
    monkeypatch.setattr(settings, "save", one.save)
    yield one
    one.open()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verbs, options_desk, studio):
        monkeypatch.setattr(module, "SAVE_SECONDS", 0.0)


def typing_does_not_save(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verbs, options_desk, studio):
        monkeypatch.setattr(module, "SAVE_SECONDS", LATER)


async def on_page(tab: Tab, folder: Path, step: str, target: str = "apk") -> None:
    tab.wizard.state.target = target
    tab.wizard.open(folder)
    await tab.settle()
    tab.wizard.go(step)
    await tab.settle()
    assert tab.wizard.state.step == step


async def at_the_gate(tab: Tab, gate: Gate) -> None:
    """Until the writer stands there, and whatever follows from it has been drawn."""
    await tab.until(gate.reached.is_set)


async def chip(tab: Tab, label: str, on: bool) -> None:
    await tab.event(tab.one(ft.Chip, label=label), "select", on, selected=on)


def text_of(folder: Path) -> str:
    return (folder / "pyproject.toml").read_text(encoding="utf-8")


def value_at(folder: Path, key: str) -> Any:
    return settings.stored(tomllib.loads(text_of(folder)), key)


# --- Options ---


async def at_processors(tab: Tab, folder: Path) -> None:
    """On the Options page, where the kinds of processors are chosen."""
    await on_page(tab, folder, "options")
    tab.wizard.desk.show_all(True)
    tab.wizard.desk.search("processor")
    await tab.settle()


def test_a_second_chip_while_the_first_is_written(tmp_path: Path, gate: Gate) -> None:
    """The first one empties the platform's own list; the key for all systems holds nothing."""
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.android]\ntarget_arch = ["x86_64"]\n')

    async def test() -> None:
        async with Tab() as tab:
            await at_processors(tab, tmp_path)
            await chip(tab, "x86_64", False)
            await at_the_gate(tab, gate)
            await chip(tab, "arm64-v8a", True)
            gate.open()
            await tab.settle()
            assert not tab.has("clash-target_arch")
            assert tab.one(ft.Chip, label="arm64-v8a").selected
            assert not tab.wizard.desk.edits.drafts

    run(test)
    assert value_at(tmp_path, "tool.flet.target_arch") == ["arm64-v8a"]


def test_a_list_beside_one_that_is_not_right(tmp_path: Path) -> None:
    """What is not right is not written, and yet it is what the next chip goes by."""
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.android]\ntarget_arch = ["mips"]\n')

    async def test() -> None:
        async with Tab() as tab:
            await at_processors(tab, tmp_path)
            await chip(tab, "x86_64", True)
            assert tab.one(ft.Chip, label="x86_64").selected
            assert "mips" in tab.place("told-target_arch")
            await chip(tab, "mips", False)
            await tab.settle()
            assert value_at(tmp_path, "tool.flet.android.target_arch") == ["x86_64"]

    run(test)


def test_a_chip_clicked_twice_before_it_is_drawn(tmp_path: Path) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "options", "linux")
            game = tab.one(ft.Chip, label="Games")
            for on in (True, False):  # as the client sends it: it has turned the chip already
                tab.session.apply_patch(game._i, {"selected": on})
                await tab.session.dispatch_event(game._i, "select", on)
            await tab.settle()
            assert not tab.one(ft.Chip, label="Games").selected
            assert "categories" not in text_of(tmp_path)

    run(test)


def test_two_settings_of_one_table(tmp_path: Path, gate: Gate) -> None:
    make_project(tmp_path, PYPROJECT + "\n[tool.flet.android]\nmin_sdk_version = 24\n")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "options")
            desk = tab.wizard.desk
            by_name = options_desk.BY_NAME
            desk.set(by_name["split_per_abi"], "true")
            await at_the_gate(tab, gate)
            desk.set(by_name["android_min_sdk_version"], "26")
            desk.set(by_name["permissions"], "camera")
            gate.open()
            await tab.settle()
            assert not desk.edits.drafts

    run(test)
    android = value_at(tmp_path, "tool.flet.android")
    assert android == {"min_sdk_version": 26, "split_per_abi": True}
    assert value_at(tmp_path, "tool.flet.permissions") == ["camera"]


def test_a_repair_and_what_is_typed_meanwhile(tmp_path: Path, gate: Gate) -> None:
    make_project(tmp_path, PYPROJECT + '\n[tool.flet.android]\nmin_sdk_version = "24"\n')

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "options")
            option = options_desk.BY_NAME["android_min_sdk_version"]
            tab.wizard.desk.repair(option, 0)
            await at_the_gate(tab, gate)
            tab.wizard.desk.set(option, "26")
            gate.open()
            await tab.settle()
            assert not tab.wizard.desk.edits.drafts

    run(test)
    assert value_at(tmp_path, "tool.flet.android.min_sdk_version") == 26


# --- Identity ---


def test_typing_on_while_it_is_written_is_never_a_clash(tmp_path: Path, gate: Gate) -> None:
    make_project(tmp_path)
    clashes: list[str] = []

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "identity")
            state = tab.wizard.state
            state.subscribe(lambda: clashes.extend(state.clashes()))
            await tab.type("Product name", "Moo")
            await at_the_gate(tab, gate)
            await tab.type("Product name", "Moon")
            tab.wizard.read_again()  # as when the watch has seen the file change
            for _ in range(20):
                await asyncio.sleep(0.01)
            gate.open()
            await tab.settle()

    run(test)
    assert clashes == []
    assert value_at(tmp_path, "tool.flet.product") == "Moon"


def test_one_field_that_cannot_be_written_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    save = settings.save

    def refuse(folder: Path, changes: Any) -> None:
        if "tool.flet.product" in changes:
            raise ProjectError(Problem("pyproject-not-safe", "No room for this"))
        save(folder, changes)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "identity")
            typing_does_not_save(monkeypatch)
            monkeypatch.setattr(settings, "save", refuse)
            await tab.type("Product name", "Moon")
            await tab.type("Organisation", "org.moon")
            tab.wizard.go("icons")
            await tab.settle()
            assert tab.wizard.state.value("product") == "Moon"
            problem = tab.wizard.state.save_problem
            assert problem is not None
            assert problem.title == "No room for this"

    run(test)
    assert value_at(tmp_path, "tool.flet.org") == "org.moon"


# --- Splash screens ---


def test_two_systems_at_once(tmp_path: Path, gate: Gate) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "splash")
            tab.wizard.studio.set_splash("android", False)
            await at_the_gate(tab, gate)
            tab.wizard.studio.set_splash("web", False)
            tab.wizard.studio.type_colour("tool.flet.splash.color", "#101010")
            gate.open()
            await tab.settle()
            tab.wizard.studio.type_colour("tool.flet.splash.color", "#202020")
            await tab.settle()

    run(test)
    assert value_at(tmp_path, "tool.flet.splash") == {
        "android": False,
        "web": False,
        "color": "#202020",
    }


def test_a_build_waits_for_a_colour(
    tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path, "splash", "web")
            typing_does_not_save(monkeypatch)
            tab.wizard.studio.type_colour("tool.flet.splash.color", "#101010")
            tab.wizard.build()
            await at_the_gate(tab, gate)
            assert not tab.engine.builds
            gate.open()
            await tab.settle()
            assert tab.engine.builds

    run(test)
    assert value_at(tmp_path, "tool.flet.splash.color") == "#101010"


# --- Another project, and the end ---


def test_another_project_is_opened_right_after_typing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing_does_not_save(monkeypatch)
    make_project(tmp_path / "a")
    make_project(tmp_path / "b")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path / "a", "identity")
            await tab.type("Product name", "Moon")
            tab.wizard.studio.type_colour("tool.flet.splash.color", "#101010")
            tab.wizard.desk.type(options_desk.BY_NAME["pwa_short_name"], "Mo")
            tab.wizard.open(tmp_path / "b")
            await tab.settle()

    run(test)
    assert text_of(tmp_path / "b") == PYPROJECT
    assert value_at(tmp_path / "a", "tool.flet.product") == "Moon"
    assert value_at(tmp_path / "a", "tool.flet.splash.color") == "#101010"
    assert value_at(tmp_path / "a", "tool.flet.web.pwa_short_name") == "Mo"


def test_another_project_is_opened_while_the_last_one_is_written(
    tmp_path: Path, gate: Gate
) -> None:
    make_project(tmp_path / "a")
    make_project(tmp_path / "b", PYPROJECT.replace("Tide Table", "Other"))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path / "a", "identity")
            await tab.type("Product name", "Moo")
            await at_the_gate(tab, gate)
            await tab.type("Product name", "Moon")
            tab.wizard.open(tmp_path / "b")
            gate.open()
            await tab.settle()
            assert tab.wizard.state.value("product") == "Other"
            assert tab.wizard.state.save_problem is None

    run(test)
    assert value_at(tmp_path / "a", "tool.flet.product") == "Moon"
    assert value_at(tmp_path / "b", "tool.flet.product") == "Other"


def test_what_cannot_be_saved_waits_for_its_project_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path / "a")
    make_project(tmp_path / "b")
    save = settings.save

    def refuse(folder: Path, changes: Any) -> None:
        raise ProjectError(Problem("pyproject-not-safe", "No room for this"))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path / "a", "identity")
            typing_does_not_save(monkeypatch)
            monkeypatch.setattr(settings, "save", refuse)
            await tab.type("Bundle ID", "1.")
            await tab.type("Product name", "Moon")
            tab.wizard.desk.type(options_desk.BY_NAME["android_min_sdk_version"], "new")
            tab.wizard.open(tmp_path / "b")
            await tab.settle()
            assert tab.wizard.state.notice is not None
            assert tab.wizard.state.notice.title == "No room for this"
            assert tab.wizard.state.value("product") == "Tide Table"
            monkeypatch.setattr(settings, "save", save)
            tab.wizard.open(tmp_path / "a")
            await tab.settle()
            assert tab.wizard.state.value("bundle_id") == "1."
            desk = tab.wizard.desk
            assert desk.view.typed(options_desk.BY_NAME["android_min_sdk_version"]) == "new"
            assert desk.view.trouble(options_desk.BY_NAME["android_min_sdk_version"])

    run(test)
    assert value_at(tmp_path / "a", "tool.flet.product") == "Moon"
    assert text_of(tmp_path / "b") == PYPROJECT


def test_the_end_waits_for_the_project_before(
    tmp_path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing_does_not_save(monkeypatch)
    make_project(tmp_path / "a")
    make_project(tmp_path / "b")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path / "a", "identity")
            await tab.type("Product name", "Moon")
            tab.wizard.open(tmp_path / "b")
            await at_the_gate(tab, gate)
            end = asyncio.get_running_loop().create_task(tab.wizard.save_all())
            gate.open()
            await end
            assert value_at(tmp_path / "a", "tool.flet.product") == "Moon"

    run(test)
