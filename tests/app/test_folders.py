"""What the folder browser shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import folders
from app.folders import crumbs, is_wide, listing, looks_like
from tests.app.fakes import make_project


def test_shows_folders_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b", "A", ".git", "__pycache__", "node_modules", "日本"):
        (tmp_path / name).mkdir()
    (tmp_path / "file.txt").write_text("")
    assert [one.path.name for one in listing(tmp_path).entries] == ["A", "b", "日本"]


def test_marks_what_looks_like_a_project(tmp_path: Path) -> None:
    make_project(tmp_path / "tides")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "requirements.txt").write_text("Flask==3\n")
    (tmp_path / "script").mkdir()
    (tmp_path / "script" / "main.py").write_text("print(1)")
    (tmp_path / "photos").mkdir()
    seen = {one.path.name: one.looks for one in listing(tmp_path).entries}
    assert seen == {"tides": "flet", "shop": "flask", "script": "python", "photos": ""}


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert listing(tmp_path / "none").trouble == "No such file or directory"
    (tmp_path / "file").write_text("")
    assert listing(tmp_path / "file").trouble


def test_binary_files_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_bytes(bytes(range(256)) * 1000)
    assert looks_like(tmp_path) == "python"


def test_links_in_circles_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "up").symlink_to(tmp_path)
    assert [one.path.name for one in listing(tmp_path).entries] == ["up"]


def test_too_many_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST", 3)
    for number in range(5):
        (tmp_path / f"{number}").mkdir()
    seen = listing(tmp_path)
    assert (len(seen.entries), seen.more) == (3, 2)


def test_the_way_from_the_top(tmp_path: Path) -> None:
    way = crumbs(tmp_path)
    assert way[0] == Path(tmp_path.anchor)
    assert way[-1] == tmp_path


def test_wide_is_what_holds_much_more_than_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home" / "anna")
    wide = [tmp_path / "home" / "anna", tmp_path / "home", Path(tmp_path.anchor)]
    assert all(is_wide(folder) for folder in wide)
    assert not is_wide(tmp_path / "home" / "anna" / "app")
    assert not is_wide(tmp_path / "other")
