"""What the wizard knows and what follows from it, without any page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import state as rules
from app.state import SHOWN, STEPS, WizardState, forecast, options_of, path_from
from builder import project, settings
from builder.flask.parts import FlaskApp
from builder.problems import Problem
from tests.app.fakes import FakeRun, built, make_project


def read(state: WizardState, folder: Path) -> None:
    """Take what the folder says into the state, as the wizard does."""
    state.folder = folder
    found = project.read(folder, target=state.target)
    values, problems = settings.resolve(found.pyproject, folder, target=state.target)
    state.took(found, values, tuple(problems))


@pytest.fixture
def state(tmp_path: Path) -> WizardState:
    one = WizardState(host="linux")
    read(one, make_project(tmp_path))
    return one


def test_the_steps_are_shown_in_the_order_of_the_user() -> None:
    steps = ("project", "target", "identity", "icons", "splash", "options", "build", "result")
    assert tuple(step.id for step in STEPS) == SHOWN == steps


def test_nothing_is_reachable_without_a_project() -> None:
    one = WizardState(host="linux")
    assert one.blocked("project") == ""
    assert all(one.blocked(step) == "Choose a project first" for step in SHOWN[1:])
    assert one.readiness().level == "idle"


def test_a_sound_project_opens_all_but_the_result(state: WizardState) -> None:
    assert [bool(state.blocked(step)) for step in SHOWN] == [False] * 7 + [True]
    assert state.readiness().level == "ready"


def test_a_target_that_is_not_ready_closes_what_follows(state: WizardState) -> None:
    state.target = "ipa"
    assert state.blocked("target") == ""
    assert state.blocked("identity")


def test_an_error_in_the_project_closes_the_way(state: WizardState) -> None:
    problem = Problem("no-entry-point", "It is not clear where the app starts")
    assert state.project is not None
    state.project = replace(state.project, problems=(problem, problem))
    assert state.blocked("target") == "1 thing in your project has to be put right first"
    assert state.readiness().words == "1 thing to fix: It is not clear where the app starts"
    assert state.needs_attention("project")


def test_a_warning_closes_nothing_and_is_said(state: WizardState) -> None:
    assert state.project is not None
    problem = Problem("x", "Something is odd", severity="warn")
    state.project = replace(state.project, problems=(problem,))
    assert state.blocked("build") == ""
    assert state.readiness() == rules.Readiness("look", "1 thing to look at: Something is odd")


def test_a_wrong_field_closes_the_build(state: WizardState) -> None:
    state.type("build_version", "one point two")
    assert state.blocked("identity") == ""
    assert state.blocked("build")
    assert state.needs_attention("identity")
    assert state.to_save() == {}


def test_typing_what_the_file_says_is_no_change(state: WizardState) -> None:
    state.type("product", "Moon Table")
    assert state.to_save() == {"tool.flet.product": "Moon Table"}
    state.type("product", "Tide Table")
    assert state.to_save() == {}


def test_numbers_are_written_as_numbers_and_nothing_as_nothing(state: WizardState) -> None:
    state.type("build_number", "12")
    state.type("description", " ")
    assert state.to_save() == {"tool.flet.build_number": 12, "project.description": None}


def test_a_clash_is_not_saved_until_one_chooses(state: WizardState) -> None:
    state.type("product", "Moon Table")
    assert state.settings is not None
    state.settings = replace(state.settings, product="Sun Table")
    assert state.clashes() == ["product"]
    assert state.to_save() == {}
    assert state.value("product") == "Moon Table"
    state.keep_mine("product")
    assert state.to_save() == {"tool.flet.product": "Moon Table"}
    state.take_theirs("product")
    assert state.value("product") == "Sun Table"
    assert state.clashes() == []


def test_what_was_typed_while_we_wrote_is_no_clash(state: WizardState) -> None:
    state.type("product", "Moo")
    changes = state.to_save()
    state.type("product", "Moon")
    assert state.settings is not None
    names = state.named(changes.keys())
    state.settings = replace(state.settings, product="Moo")
    state.wrote(names)
    assert state.clashes() == []
    assert state.to_save() == {"tool.flet.product": "Moon"}


def test_a_run_of_another_project_is_not_ours(state: WizardState, tmp_path: Path) -> None:
    state.run = FakeRun("web", tmp_path / "other")
    assert state.building()
    assert state.run_of_this() is None
    assert state.readiness().level == "busy"


def test_a_result_opens_the_last_page(state: WizardState, tmp_path: Path) -> None:
    run = FakeRun("web", tmp_path)
    state.run = run
    assert state.blocked("result")
    built(run)
    assert state.blocked("result") == ""
    assert state.done("build")


def test_observers_are_told_and_can_leave() -> None:
    one, told = WizardState(host="linux"), []
    leave = one.subscribe(lambda: told.append(1))
    one.notify()
    leave()
    leave()
    one.notify()
    assert told == [1]


def test_the_next_and_the_previous_step_end_where_the_steps_do() -> None:
    assert rules.next_step("identity") == "icons"
    assert rules.next_step("result") == "result"
    assert rules.previous_step("project") == "project"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/a/b", "/a/b"),
        (' "/a/b c" ', "/a/b c"),
        ("file:///a/b%20c", "/a/b c"),
        ("FILE:///a", "/a"),
        ("file:///C:/Users", "C:/Users"),
        ("", None),
        ('""', None),
        ("/a\0b", None),
    ],
)
def test_paths_as_people_paste_them(text: str, path: str | None) -> None:
    assert path_from(text) == (None if path is None else Path(path))


@given(st.text())
def test_no_text_is_too_odd_for_a_path(text: str) -> None:
    assert isinstance(path_from(text), Path | None)


@pytest.mark.parametrize(
    ("app_path", "candidate", "changes"),
    [
        ("", "main.py", {"tool.flet.app.module": None}),
        ("", "app.py", {"tool.flet.app.module": "app"}),
        ("", "src/main.py", {"tool.flet.app.module": None, "tool.flet.app.path": "src"}),
        ("a", "b/c.py", {"tool.flet.app.module": "c", "tool.flet.app.path": "a/b"}),
    ],
)
def test_an_entry_point_as_settings(
    tmp_path: Path, app_path: str, candidate: str, changes: dict[str, Any]
) -> None:
    found = project.Project(tmp_path, tmp_path / app_path, "flet", "main")
    assert rules.entry_changes(found, candidate) == changes


def test_the_app_of_a_flask_project_as_a_setting(tmp_path: Path) -> None:
    found = project.Project(tmp_path, tmp_path, "flask", "shop", flask=FlaskApp())
    changes = {"tool.slipway.flask.app": "shop:create_app()"}
    assert rules.entry_changes(found, "shop:create_app()") == changes


@pytest.mark.parametrize(
    ("argv", "options"),
    [
        (["build", "web", "/p"], {}),
        (["build", "web", "/p", "--output", "/o"], {"output": "/o"}),
        (["build", "web", "/p", "--base-url=/x/"], {"base_url": "/x/"}),
        (["build", "--exclude=a", "--exclude", "b"], {"exclude": ["a", "b"]}),
        (["build", "--flutter-build-args=a"], {"flutter_build_args": "a"}),
        (
            ["build", "--flutter-build-args=a", "--flutter-build-args=b"],
            {"flutter_build_args": ["a", "b"]},
        ),
        (["build", "--no-default-excludes", "--org=x"], {"no_default_excludes": True, "org": "x"}),
    ],
)
def test_the_options_of_a_command(argv: list[str], options: dict[str, Any]) -> None:
    assert options_of(argv) == options


def test_a_forecast_of_a_plan() -> None:
    stages = [
        {"id": "a", "state": "skip", "usual_seconds": 9},
        {"id": "b", "state": "run", "usual_seconds": 2.5},
        {"id": "c", "state": "later", "usual_seconds": 1},
    ]
    seen = forecast({"network": "", "output": "/o", "stages": stages, "problems": []})
    assert seen == rules.Forecast("", "/o", 3.5)


def test_a_forecast_without_experience() -> None:
    stages = [{"id": "b", "state": "run", "usual_seconds": None}]
    assert forecast({"stages": stages}).usual_seconds is None
    assert forecast({}).usual_seconds is None
    assert not forecast({}).is_nothing_new
