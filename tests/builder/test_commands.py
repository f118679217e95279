"""The engine's command line, as a process: events, exit statuses, cancel, nothing lost."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from builder import commands, host
from tests.flutter_stub import Stub

REPOSITORY = Path(__file__).parents[2]
ENOUGH = 20.0  # seconds; a busy computer is no failure

Event = dict[str, Any]


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


@pytest.fixture
def no_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder and a PATH without Flutter."""
    (tmp_path / "home").mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("JAVA_HOME", "ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", os.defpath)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my project ü"
    folder.mkdir()
    (folder / "main.py").write_text("import flet as ft\n\nft.run(lambda page: None)\n", "utf-8")
    return folder


def command(*argv: str) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("fake_engine.py")), *argv]


def run(*argv: str, fake: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*argv),
        env={**os.environ, "FAKE": fake},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def told(*argv: str, fake: str = "") -> list[Event]:
    """The events of a command; checks what holds for every run."""
    finished = run(*argv, "--events", fake=fake)
    found = [json.loads(line) for line in finished.stdout.splitlines()]
    check_protocol(found)
    assert found[-1]["exit"] == finished.returncode
    return found


def check_protocol(found: list[Event]) -> None:
    assert [e["seq"] for e in found] == list(range(len(found)))
    assert [e["type"] for e in found].count("hello") == 1
    assert [e["type"] for e in found].count("done") == 1
    assert found[0]["type"] == "hello"
    assert found[-1]["type"] == "done"
    assert all(e["v"] == 1 and isinstance(e["t"], float) for e in found)


def of(found: list[Event], kind: str) -> list[Event]:
    return [event for event in found if event["type"] == kind]


def codes(found: list[Event]) -> list[str]:
    return [p["code"] for p in of(found, "problem") if p["severity"] == "error"]


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    engine = subprocess.Popen(
        [sys.executable, "-m", "builder", "matrix", "--json"],
        cwd=Path(commands.__file__).parent.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    reader = subprocess.Popen([sys.executable, "-c", "pass"], stdin=engine.stdout)
    assert engine.stdout is not None
    assert engine.stderr is not None
    engine.stdout.close()
    reader.wait(10)
    assert b"Traceback" not in engine.stderr.read()
    engine.stderr.close()
    assert engine.wait(10) == 0


class TestBuild:
    def test_the_result_is_where_it_belongs(self, project: Path) -> None:
        found = told("build", "web", str(project))
        site = project / "dist" / "web"
        assert (site / "index.html").read_text("utf-8") == (project / "main.py").read_text("utf-8")
        assert found[-1]["status"] == "ok"
        [artifact] = of(found, "artifact")
        assert (artifact["path"], artifact["artifact"]) == (str(site), "site")
        assert artifact["bytes"] == sum(p.stat().st_size for p in site.iterdir())

    def test_the_plan_names_the_stages_in_order(self, project: Path) -> None:
        [plan] = of(told("build", "web", str(project)), "plan")
        assert [s["id"] for s in plan["stages"]] == ["make", "slow", "hand-over"]
        assert [s["usual_seconds"] for s in plan["stages"]] == [None] * 3
        [plan] = of(told("build", "web", str(project)), "plan")
        assert all(isinstance(s["usual_seconds"], float) for s in plan["stages"])

    def test_checks_come_before_the_stages(self, project: Path) -> None:
        found = told("build", "web", str(project))
        ids = [check["id"] for check in of(found, "check")]
        of_project = ["project", "entry-point", "requirements", "settings", "secrets"]
        assert ids == [*of_project, "pictures", "output", "disk", "network"]
        kinds = [e["type"] for e in found]
        assert kinds.index("check") < kinds.index("plan") < kinds.index("stage")

    def test_nothing_changed_skips_every_stage(self, project: Path) -> None:
        told("build", "web", str(project))
        found = told("build", "web", str(project))
        assert [(s["id"], s["state"]) for s in of(found, "stage")] == [
            (name, "skipped") for name in ("make", "slow", "hand-over")
        ]
        assert of(found, "artifact")

    def test_a_changed_setting_is_named(self, project: Path) -> None:
        told("build", "web", str(project))
        found = told("build", "web", str(project), "--base-url", "/x/")
        assert of(found, "stage")[0]["reason"] == "base URL was not set and is /x/"
        assert (project / "dist" / "web" / "base").read_text() == "/x/"

    def test_folders_can_be_chosen(self, project: Path, tmp_path: Path) -> None:
        output, work = tmp_path / "out", tmp_path / "w"
        told("build", "web", str(project), "-o", str(output), "--work-dir", str(work))
        assert (output / "index.html").is_file()
        assert (work / "site").is_dir()
        assert not (project / "dist").exists()

    def test_the_project_is_untouched_but_for_dist(self, project: Path) -> None:
        told("build", "web", str(project))
        assert sorted(p.name for p in project.rglob("*")) == sorted(
            ["main.py", "dist", "web", "index.html", "base"]
        )

    def test_a_log_is_kept(self, project: Path, tmp_path: Path) -> None:
        told("build", "web", str(project))
        [log] = (tmp_path / "data" / "logs").iterdir()
        assert "file 4" in log.read_text("utf-8")


class TestTrouble:
    def test_a_stage_that_fails(self, project: Path) -> None:
        found = told("build", "web", str(project), fake="fails")
        assert codes(found) == ["tool-failed"]
        assert (found[-1]["status"], found[-1]["exit"]) == ("failed", 30)
        assert not (project / "dist").exists()

    def test_a_crash_is_ours_and_its_traceback_only_in_the_log(
        self, project: Path, tmp_path: Path
    ) -> None:
        finished = run("build", "web", str(project), "--events", fake="crash")
        assert finished.returncode == 70
        assert "internal" in finished.stdout
        assert "Traceback" not in finished.stdout + finished.stderr
        [log] = (tmp_path / "data" / "logs").iterdir()
        text = log.read_text("utf-8")
        assert "Traceback" in text
        assert "hunter22" not in text

    def test_a_disk_that_fills_up_in_a_stage(self, project: Path) -> None:
        found = told("build", "web", str(project), fake="full")
        assert codes(found) == ["disk-full"]
        assert found[-1]["exit"] == 20

    def test_a_disk_that_fills_up_while_a_folder_is_copied(self, project: Path) -> None:
        found = told("build", "web", str(project), fake="full-copy")
        assert codes(found) == ["disk-full"]
        assert found[-1]["exit"] == 20

    def test_a_work_folder_with_other_things_in_it(self, project: Path, tmp_path: Path) -> None:
        theirs = tmp_path / "theirs"
        (theirs / "site").mkdir(parents=True)
        (theirs / "site" / "thesis.txt").write_text("mine")
        found = told("build", "web", str(project), "--work-dir", str(theirs))
        assert codes(found) == ["work-not-ours"]
        assert found[-1]["exit"] == 10
        assert [p.name for p in theirs.rglob("*")] == ["site", "thesis.txt"]

    def test_a_work_folder_is_used_again(self, project: Path, tmp_path: Path) -> None:
        again = ["build", "web", str(project), "--work-dir", str(tmp_path / "work")]
        assert told(*again)[-1]["exit"] == told(*again)[-1]["exit"] == 0

    def test_a_work_folder_that_cannot_be_written_to(self, project: Path, tmp_path: Path) -> None:
        (tmp_path / "work" / ".lock").mkdir(parents=True)
        found = told("build", "web", str(project), "--work-dir", str(tmp_path / "work"))
        assert codes(found) == ["work-not-writable"]

    def test_a_work_folder_that_cannot_be_made(self, project: Path, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        found = told("build", "web", str(project), "--work-dir", str(tmp_path / "file" / "x"))
        assert codes(found) == ["work-not-writable"]
        assert found[-1]["exit"] == 20

    def test_what_prints_by_mistake_does_not_break_the_protocol(self, project: Path) -> None:
        told("build", "web", str(project), fake="prints")

    @pytest.mark.parametrize(
        "argv",
        [["build", "nothing", "x"], ["wrong"], ["build"], ["build", "web", "x", "--wrong"], []],
    )
    def test_a_wrong_command_is_a_problem(self, argv: list[str]) -> None:
        found = told(*argv)
        assert codes(found) == ["bad-arguments"]
        assert found[-1]["exit"] == 10

    def test_commands_that_have_no_events_say_so(self) -> None:
        assert told("matrix")[-1]["exit"] == 10

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        found = told("build", "web", str(tmp_path / "gone"))
        assert found[-1]["exit"] == 10
        assert of(found, "problem")

    def test_a_target_that_this_computer_cannot_build(self, project: Path) -> None:
        target = "windows" if host.current() == "linux" else "linux"
        found = told("build", target, str(project))
        assert codes(found) == ["target-not-possible"]
        assert found[-1]["exit"] == 20

    def test_a_target_whose_tools_are_missing(self, project: Path, no_tools: None) -> None:
        found = told("build", "apk", str(project))
        assert codes(found)[0] == "flutter-missing"
        assert found[-1]["exit"] == 20
        assert not of(found, "plan")
        assert not of(found, "stage")
        plan = json.loads(run("plan", "apk", str(project), "--json").stdout)
        assert (plan["backend"], plan["exit"], plan["stages"]) == ("flutter", 20, [])

    def test_a_way_whose_tools_are_missing_offers_the_other(
        self, project: Path, no_tools: None
    ) -> None:
        found = told("build", "web", str(project), "--backend", "flutter")
        assert codes(found) == ["flutter-missing"]
        [fix, _] = of(found, "problem")[-1]["fixes"]
        words = ["build", "web", str(project), "--backend", "flutter", "--backend", "prebuilt"]
        assert fix["data"]["argv"] == words
        assert told(*words)[-1]["status"] == "ok"

    def test_what_a_stage_asks_for_is_the_same_command_with_more(self, project: Path) -> None:
        found = told("build", "web", str(project), fake="asks")
        asked = [problem for problem in of(found, "problem") if problem["fixes"]]
        assert [problem["code"] for problem in asked] == ["warned", "refused"]
        for problem in asked:
            words = problem["fixes"][0]["data"]["argv"]
            assert words == ["build", "web", str(project), "--yes"]

    def test_a_way_that_there_is_not(self, project: Path) -> None:
        found = told("build", "web", str(project), "--backend", "pyinstaller")
        assert codes(found) == ["backend-not-possible"]

    def test_an_output_with_other_things_offers_another(
        self, project: Path, tmp_path: Path
    ) -> None:
        output = tmp_path / "out"
        output.mkdir()
        (output / "letter.txt").write_text("dear")
        found = told("build", "web", str(project), "--output", str(output))
        assert codes(found) == ["output-not-ours"]
        fix = of(found, "problem")[-1]["fixes"][0]
        assert fix["data"]["argv"][:3] == ["build", "web", str(project)]
        assert "--events" not in fix["data"]["argv"]
        assert told(*fix["data"]["argv"])[-1]["exit"] == 0
        assert (tmp_path / "out-2" / "index.html").is_file()
        assert (output / "letter.txt").read_text() == "dear"


class Running:
    """A build with events that runs beside the test."""

    def __init__(self, project: Path, fake: str) -> None:
        self.process = subprocess.Popen(
            command("build", "web", str(project), "--events"),
            env={**os.environ, "FAKE": fake},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.events: list[Event] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def until_said(self, line: str) -> None:
        end = time.monotonic() + ENOUGH
        while not any(line in e["lines"] for e in self.events if e["type"] == "log"):
            assert time.monotonic() < end, self.events
            time.sleep(0.01)

    def tree(self) -> list[psutil.Process]:
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def ended(self) -> list[Event]:
        self.process.wait(ENOUGH)
        self._reader.join(ENOUGH)
        return self.events

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(ENOUGH)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def running(project: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    one = Running(project, request.param)
    yield one
    one.close()


def gone(tree: list[psutil.Process]) -> bool:
    end = time.monotonic() + ENOUGH
    while time.monotonic() < end:
        if not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in tree):
            return True
        time.sleep(0.02)
    return False


def cancel(one: Running, how: str) -> None:
    assert one.process.stdin
    match how:
        case "command":
            one.process.stdin.write(b'not json\n{"command": "other"}\n{"command": "cancel"}\n')
            one.process.stdin.flush()
        case "end of stdin":
            one.process.stdin.close()
        case _:
            one.process.send_signal(getattr(signal, how))


@pytest.mark.slow
class TestCancel:
    @pytest.mark.parametrize("how", ["command", "end of stdin", "SIGINT", "SIGTERM"])
    @pytest.mark.parametrize("running", ["tool", "deaf", "flood"], indirect=True)
    def test_all_is_gone_and_done_is_said(self, running: Running, how: str) -> None:
        running.until_said("slow begins")
        time.sleep(0.3)
        tree = running.tree()
        began = time.monotonic()
        cancel(running, how)
        found = running.ended()
        assert time.monotonic() - began < ENOUGH
        assert running.process.returncode == 50
        check_protocol(found)
        assert (found[-1]["status"], found[-1]["exit"]) == ("cancelled", 50)
        assert gone(tree)

    def test_a_reader_that_does_not_read_holds_nothing_up(self, project: Path) -> None:
        argv = command("build", "web", str(project), "--events")
        env = {**os.environ, "FAKE": "flood"}
        with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
            time.sleep(1.5)  # the pipe is full by now
            began = time.monotonic()
            one.terminate()
            assert one.wait(ENOUGH) == 50
            assert time.monotonic() - began < ENOUGH

    def test_a_reader_that_is_gone_ends_the_build(self, project: Path) -> None:
        argv = command("build", "web", str(project), "--events")
        env = {**os.environ, "FAKE": "deaf"}
        with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
            assert one.stdin
            assert one.stdout
            one.stdout.readline()
            one.stdout.close()
            one.terminate()
            assert one.wait(ENOUGH) == 50

    @pytest.mark.parametrize("running", ["tool"], indirect=True)
    def test_a_killed_engine_leaves_nothing_running(self, running: Running, project: Path) -> None:
        running.until_said("slow begins")
        time.sleep(0.5)
        tree = running.tree()
        running.process.kill()
        running.ended()
        assert gone(tree)
        assert told("build", "web", str(project))[-1]["exit"] == 0

    @pytest.mark.parametrize("running", ["deaf"], indirect=True)
    def test_a_second_build_at_once_is_told(self, running: Running, project: Path) -> None:
        running.until_said("slow begins")
        found = told("build", "web", str(project))
        assert codes(found) == ["already-building"]
        assert str(running.process.pid) in of(found, "problem")[0]["title"]

    def test_an_engine_killed_at_any_moment_leaves_a_whole_result(self, project: Path) -> None:
        told("build", "web", str(project))
        site = project / "dist" / "web"
        choose = random.Random(3)
        versions = [(project / "main.py").read_text("utf-8")]
        for turn in range(12):
            versions.append(f"import flet as ft\n\nft.run(lambda page: {turn})\n")
            (project / "main.py").write_text(versions[-1], "utf-8")
            one = Running(project, "")
            time.sleep(choose.uniform(0.1, 0.5))
            one.close()
            assert (site / "index.html").read_text("utf-8") in versions
            assert (site / "base").exists()
        told("build", "web", str(project))
        assert (site / "index.html").read_text("utf-8") == versions[-1]
        assert [p.name for p in site.parent.iterdir()] == ["web"]


class TestForPeople:
    def test_a_build_is_readable_and_plain_without_a_terminal(self, project: Path) -> None:
        finished = run("build", "web", str(project))
        assert finished.returncode == 0
        assert "\x1b" not in finished.stdout
        for part in ("✓ Make the site", "Web site:", "dist/web", "-m builder serve"):
            assert part in finished.stdout

    def test_a_problem_is_a_block_and_the_log_is_named(self, project: Path) -> None:
        finished = run("build", "web", str(project), fake="fails")
        assert finished.returncode == 30
        for part in ("Problem: The tool failed", "│ last line", "The whole log:"):
            assert part in finished.stdout

    def test_a_wrong_command_goes_to_stderr(self) -> None:
        finished = run("build", "web")
        assert finished.returncode == 10
        assert "where the project is" in finished.stderr
        assert "Traceback" not in finished.stderr

    def test_help(self) -> None:
        finished = run("build", "--help", "--events")
        assert finished.returncode == 0
        assert "--route-url-strategy" in finished.stdout


class TestPlan:
    def test_json(self, project: Path) -> None:
        plan = json.loads(run("plan", "web", str(project), "--json").stdout)
        assert [(s["id"], s["state"]) for s in plan["stages"]] == [
            ("make", "run"),
            ("slow", "later"),
        ]
        assert plan["network"] == ""
        assert plan["output"] == str(project / "dist" / "web")
        assert plan["exit"] == 0

    def test_it_changes_nothing(self, project: Path, tmp_path: Path) -> None:
        run("plan", "web", str(project))
        assert [p.name for p in project.iterdir()] == ["main.py"]
        assert not (tmp_path / "cache").exists()

    def test_after_a_build_all_is_skipped(self, project: Path) -> None:
        run("build", "web", str(project))
        assert (
            "Make the site: is skipped (nothing changed)" in run("plan", "web", str(project)).stdout
        )

    def test_problems_are_in_the_document(self, tmp_path: Path) -> None:
        finished = run("plan", "web", str(tmp_path / "gone"), "--json")
        plan = json.loads(finished.stdout)
        assert plan["problems"]
        assert plan["exit"] == finished.returncode == 10

    def test_it_names_the_way_and_speaks_of_no_result_that_cannot_be(
        self, project: Path, tmp_path: Path
    ) -> None:
        assert "Built with " in run("plan", "web", str(project)).stdout
        said = run("plan", "web", str(tmp_path / "gone")).stdout
        assert "This folder is not there" in said
        assert "Built with" not in said
        assert "The result goes" not in said

    def test_with_events(self, project: Path) -> None:
        found = told("plan", "web", str(project))
        assert of(found, "plan")
        assert not of(found, "stage")


class TestRehearsal:
    def test_nothing_is_handed_over(self, project: Path) -> None:
        found = told("build", "web", str(project), "--backend", "prebuilt", "--rehearse")
        assert found[-1]["status"] == "ok"
        [plan] = of(found, "plan")
        assert [stage["id"] for stage in plan["stages"]] == ["make", "slow"]
        assert of(found, "problem")[-1]["code"] == "rehearsed"
        assert not of(found, "artifact")
        assert not (project / "dist").exists()

    def test_what_would_go_wrong_is_summed_up(self, project: Path) -> None:
        argv = ("build", "web", str(project), "--backend", "prebuilt", "--rehearse")
        found = told(*argv, fake="fails")
        assert found[-1]["exit"] == 30
        assert [problem["code"] for problem in of(found, "problem")] == [
            "tool-failed",
            "rehearsal-failed",
        ]

    def test_a_build_after_it_begins_anew(self, project: Path) -> None:
        told("build", "web", str(project), "--backend", "prebuilt", "--rehearse")
        found = told("build", "web", str(project))
        assert "skipped" not in [stage["state"] for stage in of(found, "stage")]


class TestOthers:
    def test_the_matrix(self, no_tools: None) -> None:
        matrix = json.loads(run("matrix", "--json").stdout)
        assert {"target": "web", "state": "ready"}.items() <= matrix["cells"][0].items()
        assert "Ready now" in run("matrix").stdout
        assert {"target": "apk", "state": "needs"}.items() <= matrix["cells"][1].items()
        assert "GB" in run("matrix").stdout

    @pytest.mark.skipif(os.name == "nt", reason="the stub of Flutter is a shell script")
    def test_the_matrix_with_tools(self, flutter_stub: Stub) -> None:
        cells = json.loads(run("matrix", "--json").stdout)["cells"]
        assert {"target": "apk", "state": "ready", "backend": "flutter"}.items() <= cells[1].items()
        assert flutter_stub.calls() == []

    def test_serving_what_is_no_site_is_a_problem(self, tmp_path: Path) -> None:
        finished = run("serve", str(tmp_path))
        assert finished.returncode == 10
        assert "no web site" in finished.stderr

    def test_a_port_that_cannot_be_had_is_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "index.html").touch()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            for port in (taken.getsockname()[1], 99999, -1):
                finished = run("serve", str(tmp_path), "--port", str(port))
                assert finished.returncode == 10
                assert f"port {port}" in finished.stderr
                assert "Traceback" not in finished.stderr

    def test_a_site_is_served_where_it_was_built_for(self, tmp_path: Path) -> None:
        page = '<!DOCTYPE html>\n<html>\n<head>\n  <base href="/my/app/">\n</head>\n</html>'
        (tmp_path / "index.html").write_text(page, "utf-8")
        server = subprocess.Popen(command("serve", str(tmp_path)), stdout=subprocess.PIPE)
        assert server.stdout is not None
        assert server.stdout.readline().strip().endswith(b"/my/app/")
        server.terminate()
        server.communicate(timeout=ENOUGH)
