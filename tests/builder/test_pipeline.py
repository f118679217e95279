"""Stages run in order or side by side, are skipped when nothing changed, and stop together."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from builder import __version__, events, pipeline
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import Cancelled, Problem, ProjectError, ToolError
from builder.process import Tools

Run = Callable[[Job], None]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    nothing = cast(Any, None)
    return Build(nothing, nothing, "web", tmp_path / "work", tmp_path / "out", {})


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()


class Told:
    """Everything that was said."""

    def __init__(self) -> None:
        self.events: list[events.Event] = []

    def __call__(self, event: events.Event) -> None:
        self.events.append(event)

    def stages(self) -> list[tuple[str, str]]:
        return [(e.id, e.state) for e in self.events if isinstance(e, events.Stage)]

    def reasons(self) -> dict[str, str]:
        found = [e for e in self.events if isinstance(e, events.Stage)]
        return {e.id: e.reason for e in found if e.state in ("started", "skipped")}


@pytest.fixture
def told() -> Told:
    return Told()


def nothing(job: Job) -> None:
    """A stage that does nothing."""


def stage(
    name: str,
    run: Run = nothing,
    reads: Mapping[str, str] | None = None,
    *,
    after: Sequence[str] = (),
    writes: Sequence[str] = (),
) -> Stage:
    return Stage(name, name.upper(), run, lambda build: reads or {}, writes, after)


def writing(name: str) -> Run:
    return lambda job: (job.build.work / name).write_text("made") and None


def fail(job: Job) -> None:
    raise ToolError(Problem("broken", "It broke"))


def test_each_stage_comes_after_those_it_waits_for(build: Build, tools: Tools, told: Told) -> None:
    order: list[str] = []
    stages = [
        stage(name, lambda job, name=name: order.append(name), after=after)  # type: ignore[misc]
        for name, after in (("c", ["b"]), ("a", []), ("b", ["a"]))
    ]
    outcome = pipeline.run(stages, build, told, tools)
    assert order == ["a", "b", "c"]
    assert list(outcome.ran) == ["a", "b", "c"]
    assert told.stages() == [(n, s) for n in "abc" for s in ("started", "done")]


def test_independent_stages_run_side_by_side(build: Build, tools: Tools, told: Told) -> None:
    together = threading.Barrier(2)

    def meet(job: Job) -> None:
        together.wait(timeout=10)

    assert len(pipeline.run([stage("a", meet), stage("b", meet)], build, told, tools).ran) == 2


def test_nothing_changed_skips_everything(build: Build, tools: Tools, told: Told) -> None:
    stages = [stage("a", writing("x"), {"main.py": "1"}, writes=["x"]), stage("b", after=["a"])]
    pipeline.run(stages, build, Told(), tools)
    outcome = pipeline.run(stages, build, told, tools)
    assert told.stages() == [("a", "skipped"), ("b", "skipped")]
    assert set(told.reasons().values()) == {"nothing changed"}
    assert (outcome.ran, outcome.skipped) == ({}, ["a", "b"])


def test_only_what_changed_runs_again_and_says_why(build: Build, tools: Tools, told: Told) -> None:
    def stages(base_url: str) -> list[Stage]:
        return [stage("a", reads={"main.py": "1"}), stage("b", reads={"base URL": base_url})]

    pipeline.run(stages("/"), build, Told(), tools)
    pipeline.run(stages("/x/"), build, told, tools)
    assert told.reasons() == {"a": "nothing changed", "b": "base URL was / and is /x/"}


def test_a_missing_result_is_made_again(build: Build, tools: Tools, told: Told) -> None:
    stages = [stage("a", writing("x"), writes=["x"])]
    pipeline.run(stages, build, Told(), tools)
    (build.work / "x").unlink()
    pipeline.run(stages, build, told, tools)
    assert told.reasons() == {"a": "its result x is missing"}


def test_what_is_missing_elsewhere_is_made_again(build: Build, tools: Tools, told: Told) -> None:
    gone: list[str] = []
    stages = [
        Stage("a", "A", nothing, lambda b: {}, [], (), missing=lambda b: "".join(gone)),
    ]
    pipeline.run(stages, build, Told(), tools)
    gone.append("the client in the cache")
    pipeline.run(stages, build, told, tools)
    assert told.reasons() == {"a": "the client in the cache is missing"}


def test_reads_are_asked_for_when_the_stages_before_are_done(
    build: Build, tools: Tools, told: Told
) -> None:
    def reads(build: Build) -> dict[str, str]:
        return {"x": (build.work / "x").read_text()}

    stages = [Stage("b", "B", nothing, reads, [], ["a"]), stage("a", writing("x"), writes=["x"])]
    assert set(pipeline.run(stages, build, told, tools).ran) == {"a", "b"}


def test_a_failed_stage_is_told_and_runs_again(build: Build, tools: Tools, told: Told) -> None:
    with pytest.raises(ToolError, match="It broke"):
        pipeline.run([stage("a", fail), stage("b", after=["a"])], build, told, tools)
    assert told.stages() == [("a", "started"), ("a", "failed")]
    again = Told()
    pipeline.run([stage("a")], build, again, Tools())
    assert again.reasons() == {"a": "it did not finish last time"}


def test_a_result_from_before_a_failure_is_not_trusted(
    build: Build, tools: Tools, told: Told
) -> None:
    """Also when everything is as it was: the stage may have left half of something."""
    pipeline.run([stage("a", reads={"x": "1"})], build, Told(), tools)
    with pytest.raises(ToolError):
        pipeline.run([stage("a", fail, reads={"x": "2"})], build, Told(), tools)
    pipeline.run([stage("a", reads={"x": "1"})], build, told, Tools())
    assert told.stages() == [("a", "started"), ("a", "done")]


def test_a_failure_stops_the_tools_of_the_others(build: Build, tools: Tools, told: Told) -> None:
    started = threading.Event()

    def wait(job: Job) -> None:
        started.set()
        job.run_tool([sys.executable, "-c", "import time; time.sleep(300)"])

    def fail_then(job: Job) -> None:
        started.wait(10)
        fail(job)

    with pytest.raises(ToolError, match="It broke"):
        pipeline.run([stage("a", wait), stage("b", fail_then)], build, told, tools)
    ended = [e for e in told.events if isinstance(e, events.Stage) and e.state == "failed"]
    assert {e.id: e.reason for e in ended} == {"a": "stopped", "b": ""}


def test_an_unexpected_error_comes_out_as_it_is(build: Build, tools: Tools, told: Told) -> None:
    def crash(job: Job) -> None:
        raise ZeroDivisionError("in a stage")

    with pytest.raises(ZeroDivisionError, match="in a stage"):
        pipeline.run([stage("a", crash)], build, told, tools)
    assert told.stages()[-1] == ("a", "failed")


def test_reads_that_fail_stop_the_run(build: Build, tools: Tools, told: Told) -> None:
    def reads(build: Build) -> dict[str, str]:
        raise ProjectError(Problem("unreadable", "It cannot be read"))

    with pytest.raises(ProjectError):
        pipeline.run([Stage("a", "A", nothing, reads, [])], build, told, tools)


def test_a_cancel_reaches_a_long_loop(build: Build, tools: Tools, told: Told) -> None:
    def loop(job: Job) -> None:
        while True:
            job.check_cancelled()
            time.sleep(0.01)

    threading.Timer(0.2, tools.stop).start()
    with pytest.raises(Cancelled):
        pipeline.run([stage("a", loop)], build, told, tools)
    assert told.stages()[-1] == ("a", "failed")


def test_a_stage_that_ignores_a_cancel_is_left_behind(
    build: Build, tools: Tools, told: Told
) -> None:
    free = threading.Event()
    threading.Timer(0.1, tools.stop).start()
    with pytest.raises(Cancelled):
        pipeline.run([stage("a", lambda job: free.wait(60) and None)], build, told, tools)
    free.set()
    assert told.stages() == [("a", "started"), ("a", "failed")]


def test_a_job_speaks_and_runs_tools(build: Build, tools: Tools, told: Told) -> None:
    def work(job: Job) -> None:
        job.log("one", "two")
        job.progress(1, 2, "files")
        job.problem(Problem("hint", "A hint", severity="hint"))
        job.run_tool([sys.executable, "-c", "print('loud')"])
        quiet = job.run_tool([sys.executable, "-c", "print('quiet')"], quiet=True)
        job.log(f"back: {quiet.out[0]}")

    pipeline.run([stage("a", work)], build, told, tools)
    said = [e for e in told.events if isinstance(e, events.Log)]
    assert [(e.stream, *e.lines) for e in said] == [
        ("own", "one", "two"),
        ("out", "loud"),
        ("own", "back: quiet"),
    ]
    assert events.Progress("a", 1, 2, "files") in told.events


def test_a_stage_is_a_first_timer_until_it_succeeded(
    build: Build, tools: Tools, told: Told
) -> None:
    stages = [stage("a"), stage("b", fail, after=["a"]), stage("c", after=["b"])]
    assert pipeline.first_timers(stages, build) == {"a", "b", "c"}
    with pytest.raises(ToolError):
        pipeline.run(stages, build, told, tools)
    assert pipeline.first_timers(stages, build) == {"b", "c"}


def test_a_failure_takes_nothing_from_what_succeeded_before(
    build: Build, tools: Tools, told: Told
) -> None:
    pipeline.run([stage("a")], build, told, tools)
    changed = [stage("a", fail, {"x": "2"})]
    with pytest.raises(ToolError):
        pipeline.run(changed, build, told, tools)
    assert pipeline.first_timers(changed, build) == set()
    assert pipeline.forecast(changed, build)[0].reason == "it did not finish last time"


def test_a_step_is_said_in_words(build: Build, tools: Tools, told: Told) -> None:
    pipeline.run(
        [stage("a", lambda job: job.progress(0.5, 1, "", "Compiling"))], build, told, tools
    )
    assert events.Progress("a", 0.5, 1, "", "Compiling") in told.events


@pytest.mark.parametrize("quiet", [True, False])
def test_a_tool_is_watched_besides_the_log(
    build: Build, tools: Tools, told: Told, *, quiet: bool
) -> None:
    seen: list[tuple[str, str]] = []

    def work(job: Job) -> None:
        code = "import sys; print('o', flush=True); print('e', file=sys.stderr)"
        job.run_tool(
            [sys.executable, "-c", code],
            quiet=quiet,
            watch=lambda stream, lines: seen.extend((stream, line) for line in lines),
        )

    pipeline.run([stage("a", work)], build, told, tools)
    assert sorted(seen) == [("err", "e"), ("out", "o")]
    logged = sorted((e.stream, *e.lines) for e in told.events if isinstance(e, events.Log))
    assert logged == ([] if quiet else [("err", "e"), ("out", "o")])


UNTIL_SEEN = """
import pathlib, sys, time
print("at work…", end="", flush=True)
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.02)
print(" done")
"""


def test_a_line_without_an_end_is_watched(
    build: Build, tools: Tools, told: Told, tmp_path: Path
) -> None:
    seen: list[str] = []

    def see(line: str) -> None:
        seen.append(line)
        (tmp_path / "seen").touch()

    def work(job: Job) -> None:
        argv = [sys.executable, "-c", UNTIL_SEEN, str(tmp_path / "seen")]
        assert job.run_tool(argv, watch_open_line=see).out == ("at work… done",)

    pipeline.run([stage("a", work)], build, told, tools)
    assert seen[0] == "at work…"


def test_a_tool_that_takes_too_long_is_told_to_its_stage(
    build: Build, tools: Tools, told: Told
) -> None:
    def work(job: Job) -> None:
        with pytest.raises(TimeoutError):
            job.run_tool([sys.executable, "-c", "import time; time.sleep(300)"], limit=0.2)

    assert set(pipeline.run([stage("a", work)], build, told, tools).ran) == {"a"}


@pytest.mark.parametrize(
    ("stages", "text"),
    [
        ([stage("a", after=["b"]), stage("b", after=["a"])], "wait for each other"),
        ([stage("a", after=["x"])], "not there"),
        ([stage("a"), stage("a")], "same id"),
    ],
)
def test_a_pipeline_that_cannot_work_is_our_mistake(stages: list[Stage], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        pipeline.in_order(stages)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ({"a": "1"}, {"a": "1"}, ""),
        ({"main.py": "0" * 64}, {"main.py": "1" * 64}, "main.py changed"),
        ({"base URL": "/"}, {"base URL": "/x/"}, "base URL was / and is /x/"),
        ({"base URL": ""}, {"base URL": "/x/"}, "base URL was not set and is /x/"),
        ({}, {"b.py": "1"}, "b.py is new"),
        ({"b.py": "1"}, {}, "b.py is gone"),
        (
            {},
            {"a": "1", "b": "1", "c": "1", "d": "1", "e": "1"},
            "a is new, b is new, c is new and 2 more",
        ),
    ],
)
def test_changes_in_words(before: dict[str, str], now: dict[str, str], words: str) -> None:
    assert pipeline.describe_changes(before, now) == words


def test_the_forecast_looks_and_touches_nothing(build: Build, tools: Tools) -> None:
    stages = [stage("a", reads={"x": "1"}), stage("b", after=["a"]), stage("c")]
    assert [(f.id, f.state) for f in pipeline.forecast(stages, build)] == [
        ("a", "run"),
        ("c", "run"),
        ("b", "later"),
    ]
    assert not build.work.exists()
    pipeline.run(stages, build, Told(), tools)
    assert {f.state for f in pipeline.forecast(stages, build)} == {"skip"}


def test_a_damaged_stamp_counts_as_none(build: Build, tools: Tools, told: Told) -> None:
    (build.work / pipeline.STAMPS).mkdir(parents=True)
    (build.work / pipeline.STAMPS / "a.json").write_text('{"inputs": {"x"')
    pipeline.run([stage("a")], build, told, tools)
    assert told.stages() == [("a", "started"), ("a", "done")]
    stamp = read_json(build.work / pipeline.STAMPS / "a.json")
    assert stamp == {"inputs": {"Slipway": __version__, "the target": "web"}}


@pytest.mark.parametrize("text", ["", "{", '{"made": 1}'])
def test_a_damaged_note_is_made_again(build: Build, tools: Tools, told: Told, text: str) -> None:
    def note(job: Job) -> None:
        write_json(job.build.work / "note.json", {"made": 1})

    noted = replace(stage("a", run=note), writes=("note.json",))
    pipeline.run([noted], build, Told(), tools)
    assert pipeline.forecast([noted], build)[0].state == "skip"
    (build.work / "note.json").write_text(text)
    assert "note.json" in pipeline.forecast([noted], build)[0].reason
    pipeline.run([noted], build, told, tools)
    assert read_json(build.work / "note.json") == {"made": 1}


def test_another_target_in_the_same_work_folder_works_anew(build: Build, tools: Tools) -> None:
    pipeline.run([stage("a")], build, Told(), tools)
    (seen,) = pipeline.forecast([stage("a")], replace(build, target="linux"))
    assert (seen.state, seen.reason) == ("run", "the target was web and is linux")


def test_another_slipway_works_anew(
    build: Build, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.run([stage("a")], build, Told(), tools)
    monkeypatch.setattr(pipeline, "__version__", "99.0")
    (seen,) = pipeline.forecast([stage("a")], build)
    assert (seen.state, seen.reason) == ("run", f"Slipway was {__version__} and is 99.0")
