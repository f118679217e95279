"""The app's files as they are packed, and what the app knows of itself."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path
from typing import Any

import pytest

from builder.desktop.runtime import about as packed
from builder.history import write_json
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError, Problem, ProjectError
from builder.stages import app_code
from tests.builder.fake_build import FakeJob, fake_build

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FACTORY = "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"


def make(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> Build:
    """A build whose environment is there."""
    build = fake_build(folder, files, **options)
    write_json(build.work / "environment.json", {"packages": {"flet-web": "1"}, "python": "3.11"})
    return build


def run(build: Build) -> FakeJob:
    job = FakeJob(build)
    app_code.run(job)
    return job


def held(build: Build) -> dict[str, str]:
    top = build.work / "code" / "app"
    return {
        p.relative_to(top).as_posix(): p.read_text("utf-8") for p in top.rglob("*") if p.is_file()
    }


def about(build: Build) -> packed.About:
    return packed.read(build.work / "code")


def test_a_flask_app_begins_with_its_app(tmp_path: Path) -> None:
    files = {"main.py": FLASK, "templates/a.html": "<p>", "requirements.txt": "flask"}
    build = make(tmp_path, files)
    run(build)
    assert held(build) == files
    found = about(build)
    assert (found.kind, found.module, found.call, found.root) == ("flask", "main", "app", "")
    assert (found.host, found.port, found.threads) == ("127.0.0.1", 0, 4)


def test_a_factory_below_src(tmp_path: Path) -> None:
    files = {"src/shop/__init__.py": FACTORY, "main.py": "", "requirements.txt": "flask"}
    (tmp_path / "project").mkdir()
    build = make(tmp_path, files)
    run(build)
    found = about(build)
    assert (found.module, found.call, found.root) == ("shop", "create_app()", "src")


READS = FLASK + "open('data/a.csv')\n"


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"src/shop.py": READS, "src/data/a.csv": ""}, "src"),
        ({"src/shop.py": READS, "data/a.csv": ""}, ""),
        ({"src/shop.py": READS}, "src"),
        ({"shop.py": READS, "data/a.csv": ""}, ""),
    ],
)
def test_it_runs_where_its_files_are(files: dict[str, str], start: str, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    build = make(tmp_path, {**files, "main.py": "", "requirements.txt": "flask"})
    run(build)
    assert about(build).start == start


def test_one_of_flet_begins_with_its_file(tmp_path: Path) -> None:
    build = make(tmp_path, {})
    run(build)
    found = about(build)
    assert (found.kind, found.module, found.call, found.native) == ("flet", "main", "", False)


def test_what_it_knows_of_itself_can_be_read_by_it(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK}, product="Läden & Co", port=6000, threads=9)
    run(build)
    found = about(build)
    assert (found.name, found.port, found.threads) == ("Läden & Co", 6000, 9)


def test_folders_that_hold_nothing_come_along_by_their_names(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("uploads/2024", "venv/lib", ".hidden/x", "__pycache__", "dist"):
        (project / name).mkdir(parents=True)
    (project / "venv" / "pyvenv.cfg").touch()
    build = make(tmp_path, {"main.py": FLASK, "data/a.csv": ""})
    run(build)
    folders = set(about(build).folders)
    assert {"uploads", "uploads/2024"} <= folders
    assert not folders & {"data", "venv", "venv/lib", ".hidden", ".hidden/x", "__pycache__"}


def test_a_folder_to_write_to_is_there_when_its_content_is_left_out(tmp_path: Path) -> None:
    writes = 'app.config["UPLOAD_FOLDER"] = "uploads"\n'
    files = {
        "main.py": FLASK + writes,
        "uploads/cat.png": "mine",
        "notes/a.txt": "mine",
        "pyproject.toml": '[tool.flet.app]\nexclude = ["uploads", "notes"]\n',
    }
    build = make(tmp_path, files)
    run(build)
    assert not [name for name in held(build) if name.endswith(("cat.png", "a.txt"))]
    assert about(build).folders == ["uploads"]


DOTENV = {
    "main.py": FLASK,
    "requirements.txt": "flask",
    ".flaskenv": "FLASK_APP=main\nFLASK_RUN_PORT=1\nFLASK_DEBUG=1\nFLASK_TITLE=Bakery\nMODE=open",
    ".env": "MODE=closed\nSECRET=hush",
}


def with_dotenv(folder: Path, more: Mapping[str, str]) -> Build:
    build = make(folder, {**DOTENV, **more})
    packages = {"flask": "3", "python-dotenv": "1"}
    write_json(build.work / "environment.json", {"packages": packages, "python": "3.11"})
    return build


def test_the_variables_that_flask_run_would_set_are_set(tmp_path: Path) -> None:
    build = with_dotenv(tmp_path, {})
    run(build)
    assert about(build).variables == {"FLASK_TITLE": "Bakery", "MODE": "open"}
    assert "hush" not in str(app_code.reads(build))


def test_those_of_a_hidden_file_are_set_where_it_is_packed(tmp_path: Path) -> None:
    build = with_dotenv(tmp_path, {"pyproject.toml": '[tool.flet.app]\ninclude = [".env"]'})
    run(build)
    assert about(build).variables == {
        "MODE": "closed", "SECRET": "hush", "FLASK_TITLE": "Bakery",
    }  # fmt: skip
    assert "hush" not in str(app_code.reads(build))  # which is kept in a stamp


@pytest.mark.parametrize(
    ("code", "names"),
    [("import sys\nopen(sys._MEIPASS + '/a.txt')", ["a.txt", "templates"]), ("", [])],
)
def test_code_that_was_made_for_pyinstaller_by_hand_looks_into_the_bundle(
    code: str, names: list[str], tmp_path: Path
) -> None:
    files = {"main.py": FLASK, "requirements.txt": "flask", "paths.py": code}
    build = make(tmp_path, {**files, "templates/a.html": "", "a.txt": ""})
    run(build)
    found = {path.name for path in app_code.for_top_of_bundle(build)}
    assert found - {"requirements.txt"} == set(names)


def test_without_the_package_that_reads_them_none_are_set(tmp_path: Path) -> None:
    build = make(tmp_path, DOTENV)
    run(build)
    assert about(build).variables == {}


def test_the_app_can_ask_for_its_own_version(tmp_path: Path) -> None:
    named = '[project]\nname = "My.Shop"\nversion = "2.1"\ndependencies = ["flask"]\n'
    files = {"src/shop/__init__.py": FACTORY, "main.py": "", "pyproject.toml": named}
    (tmp_path / "project").mkdir()
    build = make(tmp_path, files)
    before = app_code.reads(build)
    run(build)
    found = Distribution.discover(
        context=DistributionFinder.Context(
            name="my-shop", path=[str(build.work / "code" / "app" / "src")]
        )
    )
    assert [one.version for one in found] == ["2.1"]
    changed = {**files, "pyproject.toml": named.replace("2.1", "2.2")}
    assert app_code.reads(make(tmp_path, changed))["METADATA"] != before["METADATA"]


def test_one_of_flet_finds_its_folders_too(tmp_path: Path) -> None:
    code = "import flet\nopen('notes/a.txt', 'w')\n"
    left_out = '[tool.flet.app]\nexclude = ["notes"]'
    build = make(tmp_path, {"main.py": code, "notes/a.txt": "", "pyproject.toml": left_out})
    run(build)
    assert about(build).folders == ["notes"]


def test_the_digest_is_that_of_content_and_settings_only(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK, "a.txt": "1"})
    run(build)
    first = about(build).digest
    os.utime(tmp_path / "project" / "a.txt", (0, 0))
    run(build)
    assert about(build).digest == first
    (tmp_path / "project" / "a.txt").write_text("2")
    run(build)
    assert about(build).digest != first
    other = make(tmp_path / "other", {"main.py": FLASK, "a.txt": "1"}, port=1)
    run(other)
    assert about(other).digest != first


def test_every_file_is_an_input_by_its_name(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK, "a/b.txt": "1"})
    before = app_code.reads(build)
    assert {"main.py", "a/b.txt", "how it starts"} <= set(before)
    (tmp_path / "project" / "a" / "b.txt").write_text("2")
    now = app_code.reads(build)
    assert {name for name in now if now[name] != before[name]} == {"a/b.txt"}


def test_a_list_of_packages_with_a_password_is_not_handed_out(tmp_path: Path) -> None:
    secret = "--index-url https://me:hunter22@h.example/simple\nflask\n"
    files = {
        "main.py": FLASK,
        "requirements.txt": secret,
        "dev/requirements-dev.in": secret,
        "uv.lock": 'source = { registry = "https://me:hunter22@h.example/simple" }',
        "other-requirements.txt": "flask @ https://h.example/a@b:c/flask.whl",
        "notes.txt": secret,
    }
    build = make(tmp_path, files)
    job = run(build)
    assert set(held(build)) == {"main.py", "other-requirements.txt", "notes.txt"}
    assert "requirements.txt is left out: it holds the password of an index" in job.said
    assert "requirements.txt" not in app_code.reads(build)


def test_what_keeps_files_from_being_packed_ends_it(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK})
    selection = replace(build.project.selection, problems=[Problem("too-much", "Too much")])
    build = replace(build, project=replace(build.project, selection=selection))
    with pytest.raises(ProjectError):
        run(build)


def test_a_disk_that_is_full_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = make(tmp_path, {"main.py": FLASK})
    run(build)
    before = (held(build), about(build))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(ComputerError) as raised:
        run(build)
    assert "No space left on device" in raised.value.problem.why
    assert (held(build), about(build)) == before


def test_a_file_that_is_gone_by_now_is_told_by_its_name(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK, "a.txt": ""})
    (tmp_path / "project" / "a.txt").unlink()
    with pytest.raises(ComputerError) as raised:
        run(build)
    assert "a.txt" in raised.value.problem.title


def test_a_cancel_leaves_what_was_there(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK})
    run(build)
    before = held(build)
    job = FakeJob(build)
    job.is_cancelled = True
    with pytest.raises(Cancelled):
        app_code.run(job)
    assert held(build) == before


def test_a_read_only_file_can_be_replaced_next_time(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK, "a.txt": "1"})
    (tmp_path / "project" / "a.txt").chmod(0o444)
    run(build)
    run(build)
    assert held(build)["a.txt"] == "1"


def test_the_digest_of_the_stage_is_that_of_what_the_app_knows(tmp_path: Path) -> None:
    build = make(tmp_path, {"main.py": FLASK})
    run(build)
    first = app_code.digest(build)
    text = json.loads((build.work / "code" / "slipway.json").read_text())
    assert text["digest"]
    run(build)
    assert app_code.digest(build) == first
