"""PyInstaller is run again when something of what it packs changed, and only then."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from builder import host
from builder.history import write_json
from builder.pipeline import Build, Job
from builder.problems import Cancelled, ToolError
from builder.process import Finished, Tools
from builder.stages import environment, freeze
from tests.builder.desktop.runtime.packed import wait_until
from tests.builder.fake_build import FakeJob, fake_build, write

FLASK = "from flask import Flask\nimport json\napp = Flask(__name__)\n"


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: "linux")


def make(folder: Path, files: Mapping[str, str] | None = None, **options: Any) -> Build:
    """A build whose environment and code are there."""
    build = fake_build(
        folder, {"main.py": FLASK, "requirements.txt": "flask\nnot-installed", **(files or {})}
    )
    write(build.work, {"code/slipway.json": "{}", "code/app/main.py": FLASK})
    write_json(
        build.work / "environment.json",
        {"packages": {"flask": "3", "waitress": "3"}, "python": "3.11.2"},
    )
    desktop = replace(build.settings.desktop, **options)
    return replace(build, settings=replace(build.settings, desktop=desktop))


def packs(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
    """Plays PyInstaller."""
    plan = json.loads(Path(env["SLIPWAY_PLAN"]).read_text("utf-8"))
    dist = Path(argv[argv.index("--distpath") + 1])
    place = dist if plan["one_file"] else dist / plan["name"]
    write(place, {plan["name"]: "program"})
    return Finished(tuple(argv), 0, ("100 INFO: Build complete!",), ())


def run(build: Build, tool: Callable[..., Finished] = packs) -> FakeJob:
    job = FakeJob(build, tool)
    freeze.run(job)
    return job


def plan(build: Build) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((build.work / "frozen" / "plan.json").read_text("utf-8"))
    return found


def test_how_it_is_called(tmp_path: Path) -> None:
    build = make(tmp_path)
    ((argv, cwd, env),) = run(build).started
    assert argv[:4] == [str(environment.python(build)), "-m", "PyInstaller", "--noconfirm"]
    assert cwd == tmp_path / "work" / "frozen"
    assert env["PYTHONNOUSERSITE"] == "1"
    # Nothing of PyInstaller's lies in the folders of whoever builds.
    assert env["PYINSTALLER_CONFIG_DIR"].startswith(str(tmp_path / "work"))


def test_what_is_packed(tmp_path: Path) -> None:
    build = make(tmp_path, {"more.py": "import sqlite3\nimport main"}, hidden_imports=("a.b",))
    run(build)
    found = (tmp_path / "work" / "frozen" / "path" / "slipway_imports.py").read_text("utf-8")
    for statement in ("from flask import Flask", "import json", "import sqlite3", "import a.b"):
        assert f"    {statement}\n" in found
    assert "import main" not in found
    assert plan(build)["data_of"] == ["flask"]
    runtime = tmp_path / "work" / "frozen" / "path" / "slipway_desktop"
    assert (runtime / "start.py").is_file()


def test_a_folder_does_not_hold_the_code_and_one_file_does(tmp_path: Path) -> None:
    assert plan_of(make(tmp_path / "folder"))["datas"] == []
    one = make(tmp_path / "file", one_file=True)
    code = tmp_path / "file" / "work" / "code"
    assert plan_of(one)["datas"] == [[str(code / "app"), "app"], [str(code / "slipway.json"), "."]]


def plan_of(build: Build) -> dict[str, Any]:
    run(build)
    return plan(build)


def test_changed_code_alone_packs_nothing_again(tmp_path: Path) -> None:
    before = freeze.reads(make(tmp_path))
    again = make(tmp_path, {"main.py": FLASK + "x = 1\n"})
    write(again.work, {"code/slipway.json": '{"digest": "another"}'})
    assert freeze.reads(again) == before


@pytest.mark.parametrize(
    ("files", "options"),
    [
        ({"main.py": f"{FLASK}import sqlite3\n"}, {}),
        ({}, {"one_file": True}),
        ({}, {"console": True}),
        ({}, {"hidden_imports": ("a.b",)}),
        ({"requirements.txt": "flask\nwaitress"}, {}),
    ],
)
def test_what_packs_again(files: dict[str, str], options: dict[str, Any], tmp_path: Path) -> None:
    before = freeze.reads(make(tmp_path))
    assert freeze.reads(make(tmp_path, files, **options)) != before


def test_other_packages_pack_again(tmp_path: Path) -> None:
    build = make(tmp_path)
    before = freeze.reads(build)
    note = {"packages": {"flask": "4", "waitress": "3"}, "python": "3.11.2"}
    write_json(build.work / "environment.json", note)
    changed = freeze.reads(build)
    assert {name for name in changed if changed[name] != before[name]} == {"the package flask"}


def test_one_file_is_packed_again_for_changed_code(tmp_path: Path) -> None:
    build = make(tmp_path, one_file=True)
    before = freeze.reads(build)
    write(build.work, {"code/slipway.json": '{"digest": "another"}'})
    assert freeze.reads(build) != before


@pytest.mark.parametrize(
    "finished",
    [Finished((), 1, (), ("ERROR: something",)), Finished((), 0, ("it made nothing",), ())],
)
def test_one_that_made_nothing_is_a_failure(finished: Finished, tmp_path: Path) -> None:
    with pytest.raises(ToolError) as raised:
        run(make(tmp_path), lambda *_: finished)
    assert raised.value.problem.code == "packing-failed"


def test_what_an_earlier_one_made_is_not_taken_for_its_result(tmp_path: Path) -> None:
    build = make(tmp_path)
    run(build)
    assert freeze.program(build).is_file()
    with pytest.raises(ToolError):
        run(build, lambda *_: Finished((), 0, (), ()))


def test_a_password_of_an_index_is_in_nothing_that_it_writes(tmp_path: Path) -> None:
    lines = "--index-url https://me:hunter22@h.example/simple\nflask"
    build = make(tmp_path, {"requirements.txt": lines})
    run(build)
    assert "hunter22" not in str(freeze.reads(build))
    written = [path for path in (build.work / "frozen").rglob("*") if path.is_file()]
    assert not [path for path in written if b"hunter22" in path.read_bytes()]


def test_progress_never_goes_back(tmp_path: Path) -> None:
    done: list[float] = []

    class Told(FakeJob):
        def progress(self, value: float, *_: object) -> None:
            done.append(value)

    lines = [f"{n} INFO: {words}" for n, words in enumerate(
        ["Analyzing x", "Building PYZ", "Analyzing y", "no mark", "Building COLLECT"]
    )]  # fmt: skip
    job = Told(make(tmp_path), lambda a, e: replace(packs(a, e), err=(*lines, "Building EXE")))
    freeze.run(job)
    assert done == sorted(done)
    assert len(done) == 3


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="its Python is a shell script")
def test_a_cancel_leaves_no_process(tmp_path: Path, tools: Tools) -> None:
    build = make(tmp_path)
    mark = tmp_path / "packing"
    python = environment.python(build)
    write(python.parent, {python.name: f"#!/bin/sh\nsleep 613 &\ntouch '{mark}'\nsleep 614\n"})
    python.chmod(0o755)

    def stop() -> None:
        wait_until(mark.exists)
        tools.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    with pytest.raises(Cancelled):
        freeze.run(Job(build, "freeze", lambda _: None, tools))
    stopper.join()
    lines = [" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])]
    assert not [line for line in lines if str(python) in line or line in ("sleep 613", "sleep 614")]
