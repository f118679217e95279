"""Flutter is run as it should be, watched while it works, and believed only with a result."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder import events
from builder.flutter import build_arguments, outputs, progress
from builder.history import read_json
from builder.problems import Cancelled, ComputerError, Problem, ProjectError, ToolError
from builder.process import Tools
from builder.stages import flutter_build
from tests.builder.fake_build import write
from tests.builder.flutter.making import Told, make_build, make_job
from tests.flutter_stub import Stub

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tools are shell scripts")

LOGS = Path(__file__).parents[1] / "flutter" / "logs"
ENOUGH = 20.0  # seconds; a busy computer is no failure


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()


def run(folder: Path, stub: Stub, tools: Tools, target: str = "linux", **options: object) -> Told:
    build = make_build(folder, target, stub=stub, **options)
    (outputs.project(build) / "web").mkdir(exist_ok=True)
    job, told = make_job(build, "flutter", tools)
    flutter_build.run(job)
    return told


def failure(
    folder: Path, stub: Stub, tools: Tools, target: str = "linux", **opts: object
) -> Problem:
    with pytest.raises(ToolError) as caught:
        run(folder, stub, tools, target, **opts)
    return caught.value.problem


def steps_of(log: Path) -> list[str]:
    """The step after each line of a log."""
    reader = progress.for_flutter()
    return [reader.step for line in log.read_text("utf-8").splitlines() if reader.feed([line])]


def is_part_in_order(some: list[str], every: list[str]) -> bool:
    rest = iter(every)
    return all(step in rest for step in some)


class TestRun:
    @pytest.mark.parametrize("target", ["linux", "windows", "macos", "web", "apk", "aab", "ipa"])
    def test_every_target_leaves_a_result(
        self, target: str, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        if target == "macos":
            write(tmp_path / "work" / "flutter", {"macos/Runner/Info.plist": ""})
            flutter_stub.behave("flutter build", bundles=["notes"])
        told = run(tmp_path, flutter_stub, tools, target)
        assert told.problems == []
        assert outputs.found(make_build(tmp_path, target)) is not None

    def test_how_it_is_called(self, tmp_path: Path, flutter_stub: Stub, tools: Tools) -> None:
        told = run(tmp_path, flutter_stub, tools, "apk", bundle_id="com.example.notes")
        (call,) = flutter_stub.calls()
        assert call.args[:2] == ["build", "apk"]
        assert call.cwd == tmp_path / "work" / "flutter"
        work = tmp_path / "work"
        assert call.env["SERIOUS_PYTHON_VERSION"] == "3.14"
        assert call.env["SERIOUS_PYTHON_SITE_PACKAGES"] == str(work / "site-packages")
        assert call.env["SERIOUS_PYTHON_APP"] == str(work / "python-app")
        assert call.env["SERIOUS_PYTHON_BUNDLE_ID"] == "com.example.notes"
        assert told.lines[0].startswith("$ flutter build apk --target-platform ")

    def test_an_earlier_result_is_not_delivered_again(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        run(tmp_path, flutter_stub, tools, "apk", split_per_abi=True)
        run(tmp_path, flutter_stub, tools, "apk")
        made = tmp_path / "work/flutter/build/app/outputs/flutter-apk"
        assert {p.name for p in made.iterdir()} == {"app-release.apk", "app-release.apk.sha1"}

    def test_passwords_come_by_environment_and_are_said_nowhere(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "key.jks").touch()
        told = run(
            tmp_path, flutter_stub, tools, "aab",
            android_key_store=str(tmp_path / "key.jks"), android_key_store_password="open sesame",
        )  # fmt: skip
        (call,) = flutter_stub.calls()
        assert call.env["FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD"] == "open sesame"
        assert "open sesame" not in " ".join([*call.args, *told.lines])
        files = [p for p in (tmp_path / "work").rglob("*") if p.is_file()]
        assert all(b"open sesame" not in p.read_bytes() for p in files)

    def test_a_missing_key_store_stops_before_flutter(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        with pytest.raises(ProjectError) as caught:
            run(tmp_path, flutter_stub, tools, "apk", android_key_store="gone.jks")
        assert caught.value.problem.code == "key-store-missing"
        assert flutter_stub.calls() == []

    def test_a_flutter_that_vanished_is_told(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        (flutter_stub.flutter / "bin" / "flutter").unlink()
        with pytest.raises(ComputerError) as caught:
            run(tmp_path, flutter_stub, tools)
        assert caught.value.problem.code == "tool-not-started"

    def test_what_makes_it_say_why_it_runs(self, tmp_path: Path) -> None:
        build = make_build(tmp_path, "apk")
        before = flutter_build.reads(build)
        write(build.work, {".stamps/package.json": "other inputs"})
        after = flutter_build.reads(build)
        assert {name for name in after if after[name] != before[name]} == {"the packed app"}
        split = make_build(tmp_path, "apk", split_per_abi=True)
        assert flutter_build.reads(split)["arguments"] != before["arguments"]

    def test_what_it_reads_keeps_nothing_that_is_defined_for_the_app(self, tmp_path: Path) -> None:
        build = make_build(tmp_path, "apk", build_args=["--dart-define=KEY=secret-word"])
        assert "secret-word" in " ".join(build_arguments.command(build))
        assert "secret-word" not in str(flutter_build.reads(build))


class TestWatch:
    def test_the_steps_are_told_as_they_come(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        log = LOGS / "linux_verbose.txt"
        flutter_stub.behave("flutter build", log=log)
        told = run(tmp_path, flutter_stub, tools)
        # Of lines that come at once only the last one's step is told: how many come, nobody knows.
        each = steps_of(log)
        assert is_part_in_order(told.steps, each)
        assert told.steps[-1] == each[-1] == "Flutter is done"
        shares = [e.done for e in told.events if isinstance(e, events.Progress) and e.total == 1]
        assert shares == sorted(shares)
        assert shares[-1] < 1

    def test_counts_are_kept_for_the_next_time(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave("flutter build", log=LOGS / "apk_verbose.txt")
        run(tmp_path, flutter_stub, tools, "apk")
        assert read_json(tmp_path / "work" / "flutter-steps.json")["gradle"] > 80

    @pytest.mark.parametrize("text", ["", "{]", '{"gradle": "many"}', '{"gradle": -1}'])
    def test_damaged_counts_are_learnt_again(
        self, text: str, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        write(tmp_path / "work", {"flutter-steps.json": text})
        flutter_stub.behave("flutter build", log=LOGS / "apk_verbose.txt")
        run(tmp_path, flutter_stub, tools, "apk")
        assert read_json(tmp_path / "work" / "flutter-steps.json")["gradle"] > 80

    def test_waiting_for_another_flutter_is_told_once(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        line = "Waiting for another flutter command to release the startup lock..."
        flutter_stub.behave("flutter build", say=[line, line], say_err=[line])
        (problem,) = run(tmp_path, flutter_stub, tools).problems
        assert (problem.code, problem.severity) == ("flutter-waits", "hint")

    @pytest.mark.parametrize(
        "question",
        [
            "Would you like to enable it? ",
            "Accept? (y/N): ",
            "Go on [y/n] ",
            "Enter password: ",
            "Please select a certificate for code signing [1|2|a]: ",
            'Please choose one (or "q" to quit): ',
        ],
    )
    def test_a_question_is_told_while_it_waits(
        self, question: str, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave("flutter build", ask=question)
        build = make_build(tmp_path, "linux", stub=flutter_stub)
        job, told = make_job(build, "flutter", tools)
        with pytest.raises(ToolError):
            flutter_build.run(job)
        assert [p.code for p in told.problems] == ["flutter-asks"]
        assert told.problems[0].evidence == (question.strip(),)

    def test_a_line_that_is_not_ended_yet_is_a_step_and_no_question(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        job, told = make_job(make_build(tmp_path, "apk"), "flutter", tools)
        with flutter_build._Watch(job, {}) as watch:
            watch.open_line("Running Gradle task 'assembleRelease'...        ")
        assert told.steps == ["Building the Android app"]
        assert told.problems == []

    def test_long_silence_is_told_once_and_nothing_is_killed(
        self, tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(flutter_build, "SILENT_SECONDS", 0.05)
        job, told = make_job(make_build(tmp_path, "apk"), "flutter", tools)
        with flutter_build._Watch(job, {}) as watch:
            watch.lines("out", ["Running Gradle task 'assembleRelease'..."])
            end = time.monotonic() + ENOUGH
            while not told.problems and time.monotonic() < end:
                time.sleep(0.02)
            time.sleep(0.3)
        assert [p.code for p in told.problems] == ["flutter-silent"]
        assert "Building the Android app" in told.problems[0].why

    def test_a_cancel_ends_a_flutter_that_hangs(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave("flutter build", hang="deaf", say=["Resolving dependencies..."])

        def stop_when_it_hangs() -> None:
            end = time.monotonic() + ENOUGH
            while not flutter_stub.calls() and time.monotonic() < end:
                time.sleep(0.05)
            tools.stop()

        threading.Thread(target=stop_when_it_hangs).start()
        with pytest.raises(Cancelled):
            run(tmp_path, flutter_stub, tools)


class TestFailure:
    def test_an_error_is_told_with_its_first_line(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave(
            "flutter build",
            status=1,
            say=["Resolving dependencies...", "Building Linux application..."],
            say_err=["lib/main.dart:3:8: Error: Not found: 'package:gone/gone.dart'"],
        )
        problem = failure(tmp_path, flutter_stub, tools)
        assert problem.code == "flutter-failed"
        assert "package:gone" in problem.why
        assert problem.evidence == (
            "lib/main.dart:3:8: Error: Not found: 'package:gone/gone.dart'",
        )

    def test_success_without_a_result_is_a_failure(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        run(tmp_path, flutter_stub, tools)  # a result that would be stale
        flutter_stub.behave("flutter build", no_result=True, say=["✓ Built it, honestly"])
        problem = failure(tmp_path, flutter_stub, tools)
        assert problem.code == "flutter-no-result"
        assert "release/bundle" in problem.why

    def test_killed_by_the_system_is_most_likely_memory(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave("flutter build", signal="SIGKILL")
        assert failure(tmp_path, flutter_stub, tools).code == "out-of-memory"

    @pytest.mark.parametrize("name", ["SIGSEGV", "SIGTERM", "SIGABRT"])
    def test_another_signal_is_named(
        self, name: str, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave("flutter build", signal=name)
        problem = failure(tmp_path, flutter_stub, tools)
        assert problem.code == "flutter-crashed"
        assert name in problem.why

    def test_an_ipa_that_was_not_exported_with_status_0(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        flutter_stub.behave("flutter build", export_fails=True)
        problem = failure(
            tmp_path, flutter_stub, tools, "ipa", ios_provisioning_profile="Notes Store"
        )
        assert problem.code == "ipa-not-exported"
        assert any("No profiles" in line for line in problem.evidence)

    def test_an_archive_is_all_there_is_without_a_profile(
        self, tmp_path: Path, flutter_stub: Stub, tools: Tools
    ) -> None:
        assert run(tmp_path, flutter_stub, tools, "ipa").problems == []


FLOOD = (
    f"#!{sys.executable} -u\n"
    + """
import sys
line = b"x" * 99 + b"\\n"
for _ in range(20):
    sys.stdout.buffer.write(line * 100_000)
    sys.stderr.buffer.write(bytes(range(256)) * 400)
sys.stderr.write("\\nerror: that was all\\n")
sys.exit(1)
"""
)


@pytest.mark.slow
def test_two_hundred_megabytes_do_no_harm(tmp_path: Path, flutter_stub: Stub, tools: Tools) -> None:
    program = flutter_stub.flutter / "bin" / "flutter"
    program.write_text(FLOOD)
    build = make_build(tmp_path, "linux", stub=flutter_stub)
    job, told = make_job(build, "flutter", tools)
    told.events = Few()
    with pytest.raises(ToolError) as caught:
        flutter_build.run(job)
    assert caught.value.problem.evidence == ("error: that was all",)


class Few(list[events.Event]):
    """Forgets log lines, as a real listener does."""

    def append(self, event: events.Event) -> None:
        if not isinstance(event, events.Log):
            super().append(event)


def test_endless_output_ends_with_a_cancel(
    tmp_path: Path, flutter_stub: Stub, tools: Tools
) -> None:
    flutter_stub.behave("flutter build", endless=True)
    build = make_build(tmp_path, "linux", stub=flutter_stub)
    job, told = make_job(build, "flutter", tools)
    told.events = Few()
    threading.Timer(1.5, tools.stop).start()
    with pytest.raises(Cancelled):
        flutter_build.run(job)


def test_binary_output_is_no_obstacle(tmp_path: Path, flutter_stub: Stub, tools: Tools) -> None:
    flutter_stub.behave("flutter build", binary=200_000)
    assert run(tmp_path, flutter_stub, tools).problems == []
