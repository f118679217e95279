"""The list of recent projects survives whatever happens to its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import recents


def test_the_last_one_comes_first_and_each_once(tmp_path: Path) -> None:
    known: list[Path] = []
    for name in ("a", "b", "a"):
        known = recents.remember(tmp_path / name, known)
    assert known == recents.load() == [tmp_path / "a", tmp_path / "b"]


def test_only_so_many(tmp_path: Path) -> None:
    known: list[Path] = []
    for number in range(recents.MOST + 3):
        known = recents.remember(tmp_path / str(number), known)
    assert len(recents.load()) == recents.MOST


def test_one_can_be_taken_off(tmp_path: Path) -> None:
    known = recents.remember(tmp_path / "a", [tmp_path / "b"])
    assert recents.forget(tmp_path / "a", known) == recents.load() == [tmp_path / "b"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"projects": 3}', b"null"])
def test_a_broken_file_counts_as_empty_and_is_kept(tmp_path: Path, content: bytes) -> None:
    recents.file().parent.mkdir(parents=True, exist_ok=True)
    recents.file().write_bytes(content)
    assert recents.load() == []
    assert recents.file().read_bytes() == content
    recents.remember(tmp_path, [])
    assert recents.load() == [tmp_path]


def test_a_disk_that_refuses_costs_only_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "file" / "below"))
    assert recents.remember(tmp_path, []) == [tmp_path]
    assert recents.load() == []
