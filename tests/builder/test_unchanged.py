"""A build in which nothing changed is answered at once, and one in which anything did is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import events, places, unchanged
from builder.history import write_json
from tests.flutter_stub import Stub
from tests.oracle import pair

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stub of Flutter is a shell script")


class Built:
    """A project, its tools, and what building it is like."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "tides"
        (self.project / "assets").mkdir(parents=True)
        (self.project / "main.py").write_text("import flet as ft\nft.run(lambda page: None)\n")
        (self.project / "pyproject.toml").write_text(
            '[project]\nname = "tides"\nversion = "1.0.0"\ndependencies = ["flet==1.0.5"]\n'
        )
        self.output = folder / "result"
        self.template = pair.make_template(folder / "template")
        self.stub = Stub(folder / "tools").install()
        self.data = folder / "data"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("FLET_", "PYTHON"))},
            **self.stub.env,
            "PYTHONPATH": str(ROOT),
            "SLIPWAY_CACHE_DIR": str(folder / "cache"),
            "SLIPWAY_DATA_DIR": str(self.data),
        }

    def argv(self, *options: str, target: str = "linux") -> list[str]:
        """The command line of a build."""
        argv = [sys.executable, "-P", "-m", "builder", "build", target, str(self.project)]
        argv += ["--backend", "flutter", "--template", str(self.template)]
        return [*argv, "--output", str(self.output), *options]

    def build(self, *options: str, target: str = "linux", **env: str) -> list[events.Event]:
        """Build, and say which events there were."""
        self.stub.forget()
        done = subprocess.run(
            self.argv("--events", *options, target=target),
            env={**self.env, **env},
            cwd=self.project.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        assert [json.loads(line)["seq"] for line in lines] == list(range(len(lines)))
        return [events.decode(line) for line in lines]

    def note(self) -> Path:
        """What is kept of the one build."""
        [note] = (self.data / "unchanged").iterdir()
        return note

    def asks_flutter(self, *options: str, **more: str) -> bool:
        self.build(*options, **more)
        return bool(self.stub.calls())


@pytest.fixture
def built(tmp_path: Path) -> Built:
    made = Built(tmp_path)
    made.build()
    return made


def of(kind: type, said: list[events.Event]) -> list[Any]:
    return [event for event in said if isinstance(event, kind)]


def test_nothing_runs_and_all_is_said(tmp_path: Path) -> None:
    built = Built(tmp_path)
    first, second = built.build(), built.build()
    assert built.stub.calls() == []
    assert {(s.state, s.reason) for s in of(events.Stage, second)} == {
        ("skipped", "nothing changed")
    }
    [plan] = of(events.Plan, second)
    assert [s.id for s in of(events.Stage, second)] == [stage.id for stage in plan.stages]
    done = [check for check in of(events.Check, first) if check.state != "pending"]
    assert of(events.Check, second) == done
    assert of(events.Artifact, second) == of(events.Artifact, first)
    assert isinstance(second[0], events.Hello)
    assert second[-1] == events.Done("ok", 0, second[-1].seconds)  # type: ignore[attr-defined]


def test_what_python_compiles_of_ours_is_no_change(tmp_path: Path) -> None:
    """As in the first build after Slipway came, or with another one beside it."""
    fresh = tmp_path / "fresh"
    shutil.copytree(
        ROOT / "builder", fresh / "builder", ignore=shutil.ignore_patterns("__pycache__")
    )
    built = Built(tmp_path)
    built.env["PYTHONPATH"] = str(fresh)
    assert built.asks_flutter()
    assert list(fresh.rglob("*.pyc"))
    shutil.rmtree(fresh / "builder" / "images" / "__pycache__")
    assert not built.asks_flutter()
    image = fresh / "builder" / "images" / "__init__.py"
    image.write_text(image.read_text() + "\n# changed\n")
    assert built.asks_flutter()


def test_a_person_is_told_as_ever(built: Built) -> None:
    said = [
        subprocess.run(
            built.argv(), env=built.env, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert "✓ Build the app with Flutter" in said[0]
    assert "– Build the app with Flutter  nothing changed" in said[1]
    assert said[0].partition("Program:")[2] == said[1].partition("Program:")[2] != ""


@pytest.mark.slow
def test_a_reader_that_goes_is_no_trouble(built: Built) -> None:
    argv = built.argv()
    subprocess.run(argv, env=built.env, capture_output=True, check=True)
    built.stub.forget()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(argv, env=built.env, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr, built.stub.calls()) == (0, b"", [])


def same_size_and_time(file: Path) -> None:
    before = file.stat()
    file.write_text(file.read_text().replace("None", "page"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size


CHANGES: dict[str, Callable[[Built], object]] = {
    "code": lambda b: (b.project / "main.py").write_text("import flet as ft\nprint('other')\n"),
    "code of the same size and time": lambda b: same_size_and_time(b.project / "main.py"),
    "another file": lambda b: (b.project / "more.py").write_text("x = 1\n"),
    "another picture": lambda b: (b.project / "assets" / "a.bin").write_bytes(b"1"),
    "a list of packages": lambda b: (b.project / "requirements.txt").write_text("flet==1.0.5\n"),
    "a setting": lambda b: (b.project / "pyproject.toml").write_text(
        (b.project / "pyproject.toml").read_text() + '[tool.flet]\nproduct = "T"\n'
    ),
    "the template": lambda b: next(b.template.rglob("CMakeLists.txt")).write_text("# other\n"),
    "the result is gone": lambda b: b.output.rename(b.output.with_name("elsewhere")),
    "a part of it is gone": lambda b: (b.output / "data" / "icudtl.dat").unlink(),
    "another Flutter": lambda b: os.utime(b.stub.flutter / "bin" / "flutter", (1, 1)),
    "another program": lambda b: (b.stub.flutter / "bin" / "clang").touch(),
    "a Flutter where it is looked for first": lambda b: (
        b.stub.folder / "home" / "flutter" / "3.44.9"
    ).mkdir(parents=True),
    "a delivery that was killed": lambda b: (b.data / "deliveries" / "x.journal").touch(),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_is_found_out(built: Built, what: str) -> None:
    CHANGES[what](built)
    assert built.asks_flutter()
    assert not built.asks_flutter()


@pytest.mark.slow
def test_what_is_asked_for_besides_the_result_is_done(built: Built) -> None:
    assert built.asks_flutter("--verbose")
    assert built.asks_flutter("--artifact", "other")
    assert built.asks_flutter()  # whose result is no longer there
    assert built.asks_flutter(ANDROID_HOME="/elsewhere")


@pytest.mark.slow
def test_what_a_build_leaves_in_the_project_is_no_change(tmp_path: Path) -> None:
    built = Built(tmp_path)
    built.output = built.project / "dist" / "linux"
    built.build()
    assert not built.asks_flutter()


@pytest.mark.slow
def test_a_file_saved_while_it_is_built_is_a_change(tmp_path: Path) -> None:
    built = Built(tmp_path)
    log = tmp_path / "slow.log"
    log.write_text("Compiling\n" * 20)
    built.stub.behave("flutter build", log=log, pause=0.1)
    building = threading.Thread(target=built.build)
    building.start()
    while not any(call.step == "flutter build" for call in built.stub.calls()):
        assert building.is_alive()
        time.sleep(0.02)
    (built.project / "main.py").write_text("import flet as ft\nx = 1\n")
    building.join()
    built.stub.behave("flutter build")
    assert built.asks_flutter()
    assert not built.asks_flutter()


@pytest.mark.slow
def test_a_signed_app_is_always_built(tmp_path: Path) -> None:
    built = Built(tmp_path)
    (built.project / "key.jks").write_bytes(b"key")
    options = ("--android-signing-key-store", "key.jks", "--android-signing-key-alias", "a")
    secret = {"FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD": "hunter22"}
    for _ in range(2):
        assert built.asks_flutter(*options, target="apk", **secret)
    assert not (built.data / "unchanged").exists()


@pytest.mark.slow
def test_a_damaged_note_harms_nobody(built: Built) -> None:
    built.note().write_text('{"made_by": ')
    assert built.asks_flutter()
    assert not built.asks_flutter()


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path))
    file = unchanged._note_file(["build", "web", "x"])
    assert file.is_relative_to(places.data())
    file.parent.mkdir()
    return file


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = {
    name: st.sampled_from(good) | VALUES
    for name, good in {
        "made_by": [unchanged._made_by()],
        "files": [{}],
        "folders": [{}],
        "said": [[]],
    }.items()
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.fixed_dictionaries({}, optional=FIELDS), st.booleans())
def test_wild_notes_are_no_answer_or_one(
    note: Path, capsys: pytest.CaptureFixture[str], wild: dict[str, Any], is_here: bool
) -> None:
    if is_here:
        wild = {**wild, "environment": unchanged._environment()}
    write_json(note, wild)
    answer = unchanged.tell(["build", "web", "x"])
    assert answer in ((0, None) if is_here else (None,))
    capsys.readouterr()


@pytest.mark.parametrize("argv", [[], ["plan", "web", "x"], ["build", "web", "x", "--rehearse"]])
def test_other_commands_are_none_of_its_business(note: Path, argv: list[str]) -> None:
    write_json(note, {})
    assert unchanged.tell(argv) is None


def test_nothing_is_kept_where_nobody_listened(note: Path, tmp_path: Path) -> None:
    unchanged.Record(["build", "web", "x"]).write(tmp_path / "result", tmp_path / "work")
    assert not note.exists()


@pytest.mark.parametrize(("folder", "is_kept"), [("passing", True), ("elsewhere", False)])
def test_files_for_a_while_are_no_change(
    note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, is_kept: bool
) -> None:
    monkeypatch.setattr(unchanged, "_began_in", "here")
    monkeypatch.setattr(unchanged, "_files", {})
    monkeypatch.setattr(unchanged, "_folders", {})
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
    file = tmp_path / folder / "read and removed"
    file.parent.mkdir()
    file.touch()
    record = unchanged.Record(["build", "web", "x"])
    unchanged.depends_on(file)
    file.unlink()
    record.write(tmp_path / "result", tmp_path / "work")
    assert unchanged._note_file(["build", "web", "x"]).exists() == is_kept


def test_only_the_last_notes_are_kept(
    note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged, "_began_in", "here")
    monkeypatch.setattr(unchanged, "_files", {})
    monkeypatch.setattr(unchanged, "_folders", {})
    for number in range(unchanged.NOTES + 3):
        other = note.with_name(f"{number}.json")
        write_json(other, {})
        os.utime(other, (number, number))
    unchanged.Record(["build", "web", "x"]).write(tmp_path / "result", tmp_path / "work")
    left = {path.name for path in note.parent.iterdir()}
    assert len(left) == unchanged.NOTES
    assert note.name in left
    assert not {"0.json", "3.json"} & left
