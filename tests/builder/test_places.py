"""Slipway's own folders, and how they are moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import places


@pytest.fixture(autouse=True)
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))


def test_the_environment_moves_the_roots(tmp_path: Path) -> None:
    assert places.cache() == tmp_path / "cache"
    assert places.data() == tmp_path / "data"
    assert places.logs() == tmp_path / "data" / "logs"


def test_without_it_they_are_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLIPWAY_CACHE_DIR")
    monkeypatch.delenv("SLIPWAY_DATA_DIR")
    assert "slipway" in str(places.cache()).lower()
    assert places.cache() != places.data()


def test_a_relative_folder_becomes_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_DATA_DIR", "here")
    assert places.data() == Path.cwd() / "here"


def test_a_project_always_has_the_same_work_folder(tmp_path: Path) -> None:
    assert places.work(tmp_path / "a", "web") == places.work(tmp_path / "b" / ".." / "a", "web")


def test_projects_and_targets_do_not_share(tmp_path: Path) -> None:
    folders = {
        places.work(tmp_path / name / "app", target)
        for name in ("a", "b")
        for target in ("web", "apk")
    }
    assert len(folders) == 4


@pytest.mark.parametrize("name", ["日本", "ein Projekt mit ü & 'quotes'", "x" * 200, "--", "con"])
def test_names_are_short_and_plain(tmp_path: Path, name: str) -> None:
    name = places.work(tmp_path / name, "web").parent.name
    assert len(name) <= places.SLUG_LENGTH + 9
    assert name.isascii()
    assert not name.startswith("-")
    assert " " not in name
