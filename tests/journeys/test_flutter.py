"""Builds with Flutter as the wizard starts them, with a Flutter that only plays: to the end,
again, stopped in the middle, failed, rehearsed. What was there before survives all of it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.flutter_stub import Stub
from tests.journeys.conftest import ROOT, Built
from tests.oracle import apps, pair

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the stub of Flutter is a shell script"),
]

PASSWORDS = ("hunter2-store", "hunter2-key")

DELIVERED = {
    "apk": ["tides.apk", "tides.apk.sha1"],
    "aab": ["tides.aab"],
    "linux": ['tide "table" $5 100%', "data/icudtl.dat", "lib/libapp.so"],
    "web": ["index.html", "main.dart.js", "assets/app/app.zip"],
}


@dataclass(frozen=True)
class Place:
    """A project, and where it is built."""

    project: Path
    work: Path
    output: Path
    template: Path

    def command(self, target: str, *options: str) -> list[str]:
        """As `app/processes.py` starts the engine."""
        words = [sys.executable, "-P", "-m", "builder", "build", target, str(self.project)]
        words += ["--events", "--backend", "flutter", "--template", str(self.template)]
        words += ["--output", str(self.output), "--work-dir", str(self.work)]
        return [*words, *options]

    def build(self, target: str, *options: str) -> Built:
        """Build to the end."""
        done = subprocess.run(
            self.command(target, *options),
            cwd=self.project.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return Built(done.returncode, events, self.output)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pair.make_template(tmp_path_factory.mktemp("template") / "template")


@pytest.fixture
def place(tmp_path: Path, template: Path, flutter_stub: Stub) -> Place:
    project = apps.IDENTITY.write(tmp_path)
    return Place(project, tmp_path / "work", tmp_path / "output", template)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def change(place: Place) -> None:
    with (place.project / "main.py").open("a") as code:
        code.write("# changed\n")


@pytest.mark.parametrize("target", sorted(DELIVERED))
def test_a_build_and_another(place: Place, flutter_stub: Stub, target: str) -> None:
    built = place.build(target)
    assert built.status == 0, built.problems
    kinds = [event["type"] for event in built.events]
    assert [event["seq"] for event in built.events] == list(range(len(kinds)))
    assert (kinds[0], kinds[-1], kinds.count("done")) == ("hello", "done", 1)
    assert built.of("done")[0]["status"] == "ok"
    (plan,) = built.of("plan")
    assert plan["backend"] == "flutter"
    assert set(built.stages) == {stage["id"] for stage in plan["stages"]}
    assert set(built.stages.values()) == {"done"}
    delivered = files(place.output)
    assert [name for name in DELIVERED[target] if name not in delivered] == []
    first = Path(built.of("artifact")[0]["path"])
    assert first in (place.output, place.output / DELIVERED[target][0])
    steps = [call.step for call in flutter_stub.calls()]
    assert steps[-2:] == ["dart run", "flutter build"]

    flutter_stub.forget()
    again = place.build(target)
    assert again.status == 0, again.problems
    done = {stage for stage, state in again.stages.items() if state != "skipped"}
    assert done <= {"flutter", "collect", "hand-over"}
    assert "dart run" not in [call.step for call in flutter_stub.calls()]
    assert files(place.output) == delivered


def test_changed_code_packs_the_app_again_but_not_its_packages(
    place: Place, flutter_stub: Stub
) -> None:
    assert place.build("web").status == 0
    before = files(place.output)
    flutter_stub.forget()
    change(place)
    assert place.build("web").status == 0
    (packed,) = flutter_stub.calls("dart run")
    assert "--skip-site-packages" in packed.args
    after = files(place.output)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"assets/app/app.zip", "assets/app/app.zip.hash"}


def stages_until(process: subprocess.Popen[str], stage: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["type"] == "stage" and (event["id"], event["state"]) == (stage, "started"):
            return
    raise AssertionError(f"the build ended before the stage {stage}")


def wait_for_hanging(stub: Stub) -> list[int]:
    """The processes of a tool that hangs with its child."""
    pid_file = stub.folder / "child.pid"
    end = time.monotonic() + 60
    while not pid_file.exists() and time.monotonic() < end:
        time.sleep(0.02)
    return [stub.calls()[-1].pid, stub.child()]


def alive(pids: Sequence[int]) -> list[int]:
    return [
        pid
        for pid in pids
        if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    ]


@pytest.fixture
def running(place: Place) -> Iterator[subprocess.Popen[str]]:
    """A build of a changed app that one can speak with, after one that was good."""
    assert place.build("apk").status == 0
    change(place)
    with subprocess.Popen(
        place.command("apk"),
        cwd=place.project.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize(("tool", "stage"), [("dart run", "package"), ("flutter build", "flutter")])
def test_a_cancel_leaves_no_process_and_the_old_result(
    place: Place, flutter_stub: Stub, request: pytest.FixtureRequest, tool: str, stage: str
) -> None:
    running = request.getfixturevalue("running")
    before = files(place.output)
    flutter_stub.behave(tool, hang="child")
    stages_until(running, stage)
    hanging = wait_for_hanging(flutter_stub)
    running.stdin.write('{"command": "cancel"}\n')
    running.stdin.flush()
    out, _ = running.communicate(timeout=60)
    last = json.loads(out.splitlines()[-1])
    assert (last["type"], last["status"]) == ("done", "cancelled")
    assert running.returncode == 50
    assert alive(hanging) == []
    assert files(place.output) == before

    flutter_stub.behave(tool)
    assert place.build("apk").status == 0


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        ("flutter build", {"status": 1, "say_err": ["FAILURE: Build failed with an exception."]}),
        ("flutter build", {"signal": "SIGSEGV"}),
        ("flutter build", {"binary": 100_000, "status": 2}),
        ("flutter build", {"no_result": True}),
        ("dart run", {"status": 1, "say_err": ["No solution found"]}),
        ("dart run", {"error": "Could not find a version that satisfies tabulate"}),
        ("dart run", {"no_result": True}),
    ],
    ids=["exit", "signal", "binary", "no-result", "packing-exit", "packing-error", "packing-stale"],
)
def test_a_failing_tool_leaves_the_old_result(
    place: Place, flutter_stub: Stub, tool: str, told: dict[str, object]
) -> None:
    assert place.build("apk").status == 0
    before = files(place.output)
    change(place)
    flutter_stub.behave(tool, **told)
    failed = place.build("apk")
    assert failed.status == 30, failed.problems
    assert [p["severity"] for p in failed.problems.values()].count("error") == 1
    assert files(place.output) == before
    assert not any("Traceback" in json.dumps(event) for event in failed.events)

    flutter_stub.behave(tool)
    mended = place.build("apk")
    assert mended.status == 0, mended.problems


def test_a_question_that_nobody_answers_is_no_end_of_the_build(
    place: Place, flutter_stub: Stub
) -> None:
    flutter_stub.behave("flutter build", ask="Upgrade Gradle? [y/n] ")
    failed = place.build("apk")
    assert failed.status == 30
    assert any("Upgrade Gradle?" in json.dumps(event) for event in failed.events)


@pytest.mark.network
def test_a_rehearsal_needs_no_flutter(
    place: Place, flutter_stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(flutter_stub.flutter)
    for name in ("JAVA_HOME", "ANDROID_HOME"):
        monkeypatch.delenv(name)
    rehearsed = place.build("web", "--rehearse")
    assert rehearsed.status == 0, rehearsed.problems
    assert flutter_stub.calls() == []
    assert not place.output.exists()
    assert set(rehearsed.stages.values()) <= {"done", "skipped"}
    assert place.build("web").status == 20


def test_passwords_are_nowhere(
    tmp_path: Path, template: Path, flutter_stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in apps.ANDROID_ALL.env.items():
        monkeypatch.setenv(name, value)
    assert sorted(apps.ANDROID_ALL.env.values()) == sorted(PASSWORDS)
    project = apps.ANDROID_ALL.write(tmp_path)
    cache = tmp_path / "cache"
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(cache))
    # Gradle says them, too, when it is asked to say much.
    flutter_stub.behave("flutter build", say=[f"-Pstore={PASSWORDS[0]} -Pkey={PASSWORDS[1]}"])
    place = Place(project, tmp_path / "work", tmp_path / "output", template)
    built = place.build("apk", "-vv")
    assert built.status == 0, built.problems

    (call,) = flutter_stub.calls("flutter build")
    for name, value in apps.ANDROID_ALL.env.items():
        assert call.env[name] == value
    assert not any(word in " ".join(call.args) for word in PASSWORDS)
    assert any("-Pstore=" in json.dumps(event) for event in built.events)
    assert not any(word in json.dumps(event) for event in built.events for word in PASSWORDS)
    places = [project, place.work, place.output, cache, Path(os.environ["SLIPWAY_DATA_DIR"])]
    found = [
        f"{folder.name}/{name}"
        for folder in places
        for name, content in files(folder).items()
        if any(word.encode() in content for word in PASSWORDS)
    ]
    assert found == []
