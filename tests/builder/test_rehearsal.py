"""A rehearsal goes on after a failure, tells of all of them, and hands over nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builder import events, host, project, rehearsal, settings
from builder.flutter.kit import FlutterRelease, Kit, PythonRelease, Toolchain
from builder.pipeline import Build, Job, Stage
from builder.problems import Cancelled, ComputerError, Problem, ProjectError
from builder.process import Tools

PYTHON = PythonRelease("3.14", "3.14.6", "314.0.7", ())
KIT = Kit(FlutterRelease("1.0.5", "3.44.8", {"3.14": PYTHON}, "3.14"), PYTHON, None)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    monkeypatch.setattr(host, "current", lambda: "linux")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("import flet\n", "utf-8")
    found = project.read(tmp_path / "app", target="apk")
    chosen, _ = settings.resolve(found.pyproject, found.folder, target="apk")
    return Build(found, chosen, "apk", tmp_path / "work", tmp_path / "out", {}, KIT)


def stage(name: str, *after: str, fails: Exception | None = None, warns: str = "") -> Stage:
    def run(job: Job) -> None:
        if warns:
            job.problem(Problem("w", warns, severity="warn"))
        if fails:
            raise fails

    return Stage(name, name.capitalize(), run, lambda build: {}, (), after)


def rehearse(build: Build, stages: Sequence[Stage]) -> tuple[int, list[events.Event]]:
    said: list[events.Event] = []
    return rehearsal.run(said.append, Tools(), build, "flutter", stages), said


def states(said: list[events.Event]) -> list[tuple[str, str]]:
    found = [(e.id, e.state) for e in said if isinstance(e, events.Stage)]
    return [(name, state) for name, state in found if state != "started"]


def problems(said: list[events.Event]) -> list[Problem]:
    return [event.problem for event in said if isinstance(event, events.ProblemFound)]


def test_all_is_well(build: Build) -> None:
    status, said = rehearse(build, [stage("b", "a"), stage("a")])
    assert status == 0
    assert states(said) == [("a", "done"), ("b", "done")]
    [summary] = problems(said)
    assert (summary.code, summary.severity) == ("rehearsed", "hint")
    assert "Android app" in summary.title
    assert "still needs" in summary.do
    assert not build.output.exists()


def test_the_plan_names_its_stages_and_no_hand_over(build: Build) -> None:
    _, said = rehearse(build, [stage("a")])
    assert said[0] == events.Plan("apk", "flutter", [events.PlannedStage("a", "A")])


def test_what_only_a_whole_build_has_is_not_waited_for(build: Build) -> None:
    assert rehearse(build, [stage("project", "template", "extensions"), stage("template")])[0] == 0


def test_every_failure_is_told(build: Build) -> None:
    stages = [
        stage("a", fails=ComputerError(Problem("no-template", "No template"))),
        stage("b", "a"),
        stage("c", "b"),
        stage("d", fails=ProjectError(Problem("no-package", "No such package"))),
        stage("e", warns="A small picture"),
    ]
    status, said = rehearse(build, stages)
    assert status == ComputerError.exit
    assert dict(states(said)) == {
        "a": "failed", "b": "skipped", "c": "skipped", "d": "failed", "e": "done",
    }  # fmt: skip
    *_, summary = problems(said)
    assert {"no-template", "no-package", "w", "rehearsal-failed"} == {
        problem.code for problem in problems(said)
    }
    assert "No template; No such package" in summary.why
    reasons = {e.id: e.reason for e in said if isinstance(e, events.Stage)}
    assert "A" in reasons["c"]


def test_warnings_are_in_the_summary(build: Build) -> None:
    _, said = rehearse(build, [stage("a", warns="A small picture")])
    assert "A small picture" in problems(said)[-1].why


def test_a_cancel_ends_it(build: Build) -> None:
    with pytest.raises(Cancelled):
        rehearse(build, [stage("a", fails=Cancelled()), stage("b")])


def test_what_comes_next(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = Toolchain(Path("flutter"), Path("dart"), "3.44.8")
    equipped = replace(build, kit=replace(KIT, toolchain=tools))
    assert problems(rehearse(equipped, [])[1])[0].do == "Build it now."
    assert problems(rehearse(equipped, [])[1])[0].fixes == ()
    elsewhere = replace(build, target="ipa")
    assert "on a computer that can" in problems(rehearse(elsewhere, [])[1])[0].do


@pytest.mark.parametrize(
    ("target", "way", "word"),
    [("linux", "pyinstaller", "PyInstaller"), ("web", "prebuilt", "client")],
)
def test_what_can_be_built_without_flutter_is_said(
    build: Build, target: str, way: str, word: str
) -> None:
    [summary] = problems(rehearse(replace(build, target=target), [])[1])
    assert "Without Flutter" in summary.do
    assert word in summary.do
    assert [fix.data for fix in summary.fixes] == [{"argv": ["--backend", way]}]
    [of_phones] = problems(rehearse(build, [])[1])
    assert "Without Flutter" not in of_phones.do
    assert of_phones.fixes == ()
