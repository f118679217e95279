"""The Build page: before, during and after, with a tab that comes and goes."""

from __future__ import annotations

from pathlib import Path

import flet as ft
import pytest

from app import wizard as verbs
from builder.events import Check
from builder.problems import Fix, Problem
from builder.toolchains.inventory import Has
from tests.app import fakes
from tests.app.fakes import make_project
from tests.app.headless import Tab, run


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "SAVE_SECONDS", 0.0)
    monkeypatch.setattr(verbs, "TICK_SECONDS", 0.02)


async def on_page(tab: Tab, folder: Path) -> None:
    tab.wizard.open(make_project(folder))
    await tab.settle()
    tab.wizard.go("build")
    await tab.settle()


async def building(tab: Tab, folder: Path) -> fakes.FakeRun:
    await on_page(tab, folder)
    await tab.click("Build the web site")
    await tab.settle()
    assert tab.engine.run is not None
    return tab.engine.run


def test_says_before_what_will_happen(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            assert tab.title() == "Ready to build the web site"
            words = tab.place("before")
            assert "The network is needed once" in words
            assert str(tmp_path / "dist" / "web") in words
            assert "It usually takes 6.0 s." in words
            assert not tab.engine.builds

    run(test)


def test_without_the_network(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            tab.engine.planned = {"network": "", "stages": [{"id": "a", "state": "skip"}]}
            await on_page(tab, tmp_path)
            assert "No network is needed" in tab.place("before")
            assert "Nothing has changed" in tab.place("before")

    run(test)


def test_what_is_said_before_stays_true(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.engine.planned = {"network": "Now it is needed for one more."}
            tab.wizard.read_again()
            await tab.settle()
            assert "Now it is needed for one more." in tab.place("before")

    run(test)


def test_what_stands_in_the_way_is_said_before(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            problem = Problem("output-not-empty", "The folder holds other things").to_dict()
            tab.engine.planned = {"problems": [problem]}
            await on_page(tab, tmp_path)
            assert "The folder holds other things" in tab.place("problem-output-not-empty")

    run(test)


def test_shows_the_stages_while_they_run(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            assert tab.engine.builds == [("web", tmp_path, {})]
            assert tab.title() == "Building the web site"
            fakes.half_built(run_)
            run_.tell()
            await tab.settle()
            words = tab.place("stages")
            assert "Collect packages" in words
            assert "9 of 14 packages" in words
            assert "usually 4.0 s" in words
            assert "usually 0.6 s" in words
            assert "unchanged since the last build" in words
            assert tab.button("Building…").disabled
            assert tab.place("readiness") == "A build is running"
            assert 0.3 < (tab.one(ft.ProgressBar).value or 0) < 0.8

    run(test)


def test_the_clock_goes_on_while_nothing_is_said(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            run_.seconds = 3.0
            await tab.until(lambda: tab.reads("3.0 s so far"))

    run(test)


def test_the_log_comes_in(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            fakes.half_built(run_)
            run_.tell()
            await tab.until(lambda: tab.reads("[packages] Resolved 14 packages"))
            assert tab.reads("41 lines")
            run_.log.add("site", "out", ["one more"])
            run_.tell()
            await tab.until(lambda: tab.reads("[site] one more"))

    run(test)


def test_cancel(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            await tab.click("Cancel")
            assert run_.cancelled == 1
            assert tab.button("Stopping…").disabled
            run_.end("cancelled", 1.0)
            await tab.settle()
            assert tab.title() == "You stopped the build"
            assert tab.reads("Nothing was lost")
            assert not tab.button("Build again").disabled

    run(test)


@pytest.mark.parametrize("state", ["failed", "died"])
def test_a_failure_says_first_that_nothing_was_lost(tmp_path: Path, state: str) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            fakes.failed(run_)
            run_.end(state)
            await tab.settle()
            assert tab.reads("Nothing was lost: your project and your last web site")
            assert "cannot run in a browser" in tab.place("problem-no-build-for-browser")
            assert "cannot run in a browser" in tab.place("readiness")
            await tab.click("Copy its name")
            assert ("set", {"data": "opencv-python"}) in tab.connection.calls

    run(test)


def test_a_fix_builds_again_with_its_options(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            argv = ["build", "web", str(tmp_path), "--output", "/elsewhere", "--exclude=a"]
            fix = Fix("other", "Use another folder", "run", {"argv": argv})
            cannot = Fix("no", "Something else", "run", {"argv": ["toolchain", "install"]})
            run_.problems.append(Problem("p", "The folder is taken", fixes=(fix, cannot)))
            run_.end("failed")
            await tab.settle()
            assert "Something else" not in tab.buttons()
            await tab.click("Use another folder")
            await tab.settle()
            assert tab.engine.builds[-1][2] == {"output": "/elsewhere", "exclude": ["a"]}

    run(test)


def test_a_build_outlives_the_tab(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            await tab.lose()
            fakes.half_built(run_)
            run_.tell()
            await tab.settle()
            fakes.built(run_)
            await tab.come_back()
            await tab.until(lambda: tab.title() == "Your web site is built")
            await tab.until(lambda: tab.reads("[packages] Resolved 14 packages"))
            assert not tab.button("Next: Result").disabled

    run(test)


def test_a_new_tab_finds_the_build(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as first:
            run_ = await building(first, tmp_path)
            fakes.half_built(run_)
            run_.tell()
            async with Tab(first.wizard) as second:
                assert second.title() == "Building the web site"
                await second.until(lambda: second.reads("[packages] Resolved 14 packages"))
                await second.click("Cancel")
                await first.settle()
                assert first.button("Stopping…").disabled

    run(test)


def test_a_wizard_that_starts_finds_the_build_that_runs(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await building(tab, tmp_path)
            other = verbs.Wizard(tab.engine, tab.showing)
            assert other.state.building()
            other.close()

    run(test)


def test_one_can_leave_while_it_builds_and_come_back(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await building(tab, tmp_path)
            await tab.click("Back")
            assert tab.title() == "How should it behave?"
            assert tab.place("readiness") == "A build is running"
            fakes.half_built(run_)
            run_.tell()
            await tab.click("Next: Build")
            assert tab.title() == "Building the web site"
            await tab.until(lambda: tab.reads("[packages] Resolved 14 packages"))

    run(test)


def test_what_was_typed_is_saved_before_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            monkeypatch.setattr(verbs, "SAVE_SECONDS", 60.0)
            tab.wizard.type_field("product", "Moon Table")
            await tab.click("Build the web site")
            await tab.settle()
            assert tab.wizard.state.on_disk("product") == "Moon Table"
            assert len(tab.engine.builds) == 1

    run(test)


def test_clicking_twice_builds_once(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, tmp_path)
            tab.wizard.next()
            tab.wizard.next()
            await tab.settle()
            assert len(tab.engine.builds) == 1

    run(test)


# --- With Flutter, and without --------------------------------------------------------------------


async def android(tab: Tab, folder: Path, has: Has) -> fakes.FakeRun:
    """A build, or a rehearsal, of an Android app that runs."""
    tab.engine.has = has
    tab.wizard.state.host = "linux"
    tab.wizard.open(make_project(folder))
    tab.wizard.go("target")
    tab.wizard.look_at_tools()
    await tab.settle()
    tab.wizard.choose_target("apk")
    tab.wizard.go("build")
    await tab.settle()
    tab.wizard.build()
    await tab.settle()
    assert tab.engine.run is not None
    return tab.engine.run


ALL = Has(flutter=True, jdk=True, android=True)


def test_a_build_with_flutter_says_its_step(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await android(tab, tmp_path, ALL)
            assert tab.engine.builds == [("apk", tmp_path, {})]
            fakes.flutter_building(run_)
            run_.tell()
            await tab.settle()
            assert tab.title() == "Building the Android app"
            assert "compiling Kotlin · 42 %" in tab.place("stages")
            assert tab.place("readiness") == "Build with Flutter · compiling Kotlin"
            assert "Java 17" in tab.place("checks")
            assert "3.44.8" in tab.place("checks")
            assert tab.reads("1 min 38 s of about 3 min 28 s so far")
            run_.stage("flutter", "failed", 80.0)
            run_.end("failed")
            await tab.settle()
            assert "Stopped while compiling Kotlin" in tab.place("stages")

    run(test)


def test_the_youngest_of_two_steps_is_said(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await android(tab, tmp_path, ALL)
            fakes.flutter_building(run_)
            run_.stage("images", "started", 1.0)
            run_.stages["images"].detail = "Android"
            run_.tell()
            await tab.settle()
            assert tab.place("readiness") == "Draw icons and splash screen · Android"

    run(test)


def test_a_rehearsal_that_went_well_is_no_result(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await android(tab, tmp_path, Has())
            assert tab.engine.builds == [("apk", tmp_path, {"rehearse": True})]
            assert tab.title() == "Rehearsing the Android app"
            assert tab.button("Rehearsing…").disabled
            assert tab.place("readiness") == "A rehearsal is running"
            fakes.rehearsed(run_)
            await tab.settle()
            assert tab.title() == "The rehearsal went well"
            assert "ready for “Android app”" in tab.place("rehearsed")
            assert "3.44.8 is not on this computer" in tab.place("problem-flutter-missing")
            assert not tab.button("Rehearse again").disabled
            assert tab.wizard.state.blocked("result").startswith("A rehearsal makes no app")
            assert "nothing stands in the way" in tab.place("readiness")

    run(test)


def test_after_a_rehearsal_the_tools_come_and_one_builds(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            fakes.rehearsed(await android(tab, tmp_path, Has()))
            tab.engine.has = ALL
            tab.wizard.look_at_tools()
            await tab.settle()
            assert "you can build the Android app" in tab.place("rehearsed")
            await tab.click("Build the Android app")
            await tab.settle()
            assert tab.engine.builds[-1] == ("apk", tmp_path, {})
            assert tab.title() == "Building the Android app"

    run(test)


def test_before_a_rehearsal_nothing_stands_in_its_way(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            missing = Problem("flutter-missing", "Flutter is not on this computer", severity="warn")
            tab.engine.planned = {"network": "x", "problems": [missing.to_dict()]}
            tab.wizard.state.host = "linux"
            tab.wizard.open(make_project(tmp_path))
            await tab.settle()
            tab.wizard.choose_target("apk")
            tab.wizard.go("build")
            await tab.settle()
            assert tab.engine.plans[-1] == ("apk", {"rehearse": True})
            assert "Worth a look" in tab.place("problem-flutter-missing")
            assert "Flutter itself" in " ".join(tab.texts())
            assert not tab.button("Rehearse the Android app").disabled

    run(test)


def test_a_fix_of_a_rehearsal_rehearses(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            run_ = await android(tab, tmp_path, Has())
            argv = ["build", "apk", str(tmp_path), "--template=/t"]
            fix = Fix("t", "Take this template", "run", {"argv": argv})
            run_.problems.append(Problem("p", "No template", fixes=(fix,)))
            run_.end("failed")
            await tab.settle()
            assert tab.title() == "The rehearsal found something to fix"
            await tab.click("Take this template")
            await tab.settle()
            assert tab.engine.builds[-1][2] == {"rehearse": True, "template": "/t"}

    run(test)


async def with_shop(tab: Tab, folder: Path) -> None:
    tab.wizard.state.host = "linux"
    tab.engine.planned = {
        "checks": [
            {"id": one.id, "title": one.title, "state": one.state, "detail": one.detail}
            for one in (*fakes.CHECKS, Check("disk", "Enough room on the disk", "ok"))
        ]
    }
    tab.wizard.open(fakes.make_shop(folder))
    await tab.settle()
    tab.wizard.go("build")
    await tab.settle()


def test_before_it_what_shows_the_app_is_told_and_that_it_is_tried(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            assert tab.title() == "Ready to build the Linux app"
            assert "tried as on somebody else’s computer" in tab.place("before")
            looked = tab.place("looked-at")
            assert "a window of Chrome, Edge or Chromium" in looked
            assert "room on the disk" not in looked

    run(test)


def test_the_fix_of_a_trial_is_saved_and_builds_again(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            tab.wizard.build()
            await tab.settle()
            assert tab.engine.run is not None
            fakes.desktop_failed(tab.engine.run)
            await tab.settle()
            assert "Python 3.13.1" in tab.place("checks")
            await tab.click("Add “shop.plugins.hats” and build again")
            await tab.settle()
            assert (
                'hidden_imports = ["shop.plugins.hats"]'
                in (tmp_path / "pyproject.toml").read_text()
            )
            assert len(tab.engine.builds) == 2
            assert tab.wizard.state.building()

    run(test)


def test_a_fix_that_cannot_be_saved_builds_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await with_shop(tab, tmp_path)
            tab.wizard.build()
            await tab.settle()
            assert tab.engine.run is not None
            fakes.desktop_failed(tab.engine.run)
            await tab.settle()
            (tmp_path / "pyproject.toml").write_text("[tool\n")
            await tab.click("Add “shop.plugins.hats” and build again")
            await tab.settle()
            assert len(tab.engine.builds) == 1
            problem = tab.wizard.state.save_problem
            assert problem is not None
            assert tab.reads(problem.title)

    run(test)
