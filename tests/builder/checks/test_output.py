"""Where a result must not go is said before anything is made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder import delivery, project, settings
from builder.checks import output
from builder.pipeline import Build
from builder.problems import EXIT_COMPUTER, EXIT_USER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "main.py").write_text("import flet as ft\nft.run(print)\n")
    return folder


def build_of(folder: Path, result: Path, app: str = "") -> Build:
    found = project.Project(folder, folder / app, "flet", "main")
    pyproject = {"tool": {"flet": {"app": {"path": app}}}} if app else {}
    chosen, _ = settings.resolve(pyproject, folder)
    return Build(found, chosen, "web", folder.parent / "work", result, {})


def code(build: Build) -> str:
    finding = output.check(build)
    assert (finding.check.state == "ok") == (not finding.problems) == (finding.exit == 0)
    return finding.problems[0].code if finding.problems else ""


@pytest.mark.parametrize(
    "where", ["dist/web", "build/x", "../elsewhere", "../deep/er", ".hidden/x"]
)
def test_good_places(folder: Path, where: str) -> None:
    assert code(build_of(folder, folder / where)) == ""


@pytest.mark.parametrize("where", ["site", "src/dist", "assets/site"])
def test_inside_of_what_is_packed(folder: Path, where: str) -> None:
    assert code(build_of(folder, folder / where)) == "output-in-source"


def test_beside_the_packed_folder(folder: Path) -> None:
    assert code(build_of(folder, folder / "site", app="src")) == ""
    assert code(build_of(folder, folder / "src" / "dist", app="src")) == "output-in-source"


@pytest.mark.parametrize("where", [".", ".."])
def test_the_project_itself_or_around_it(folder: Path, where: str) -> None:
    assert code(build_of(folder, folder / where)) == "output-holds-project"


def test_through_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert code(build_of(folder, tmp_path / "link" / "site")) == "output-in-source"


def test_other_things_are_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").touch()
    finding = output.check(build_of(folder, tmp_path / "out"))
    assert (finding.problems[0].code, finding.exit) == ("output-not-ours", EXIT_USER)
    assert finding.check.fixes


def test_our_own_result_is_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "index.html").touch()
    delivery.deliver(tmp_path / "made", tmp_path / "out")
    assert code(build_of(folder, tmp_path / "out")) == ""


def test_a_file_is_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    assert code(build_of(folder, tmp_path / "out")) == "output-not-a-folder"


def test_a_file_is_on_the_way(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = output.check(build_of(folder, tmp_path / "file" / "out"))
    assert (finding.problems[0].code, finding.exit) == ("output-not-writable", EXIT_COMPUTER)


def test_no_right_to_write(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    assert code(build_of(folder, tmp_path / "out")) == "output-not-writable"
