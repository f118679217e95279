"""Kept folders appear whole, in one step, whoever else makes the same one."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from builder import kept
from builder.problems import ComputerError


def make(folder: Path, text: str = "content") -> None:
    with kept.making(folder) as fresh:
        (fresh / "deep").mkdir()
        (fresh / "deep" / "file ü.txt").write_text(text)


def test_a_folder_appears_with_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "entry"
    with kept.making(folder) as fresh:
        (fresh / "a").write_text("a")
        assert not folder.exists()
    assert kept.is_whole(folder)
    assert [p.name for p in folder.parent.iterdir()] == ["entry"]


def test_nothing_is_there_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(UnicodeError), kept.making(tmp_path / "cache" / "entry") as fresh:
        (fresh / "a").write_text("\ud800", "utf-8")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("damage", ["gone", "short", "list gone", "list cut", "a file"])
def test_a_damaged_folder_is_not_whole_and_is_made_anew(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "entry"
    if damage == "a file":
        folder.write_text("")
    else:
        make(folder)
    if damage == "gone":
        (folder / "deep" / "file ü.txt").unlink()
    if damage == "short":
        (folder / "deep" / "file ü.txt").write_text("con")
    if damage == "list gone":
        (folder / ".files.json").unlink()
    if damage == "list cut":
        (folder / ".files.json").write_text('{"sizes": {"deep')
    assert not kept.is_whole(folder)
    make(folder)
    assert kept.is_whole(folder)
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["entry"]


def test_one_that_is_there_stays(tmp_path: Path) -> None:
    make(tmp_path / "entry", "first")
    inside = (tmp_path / "entry" / "deep").stat().st_ino
    make(tmp_path / "entry", "later")
    assert (tmp_path / "entry" / "deep").stat().st_ino == inside


def test_many_at_once_all_succeed(tmp_path: Path) -> None:
    folder = tmp_path / "entry"
    (folder / "half").mkdir(parents=True)
    start, failures = threading.Barrier(8), list[BaseException]()

    def work() -> None:
        try:
            with kept.making(folder) as fresh:
                (fresh / "a").write_text("a")
                start.wait(10)
        except BaseException as failure:  # noqa: BLE001 - looked at below
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert kept.is_whole(folder)


def test_what_a_killed_build_left_behind_goes_after_a_day(tmp_path: Path) -> None:
    for name, age in (("new-old", 2 * 24 * 3600), ("new-now", 60)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    make(tmp_path / "entry")
    assert sorted(p.name for p in tmp_path.glob("[en]*")) == ["entry", "new-now"]


@pytest.mark.parametrize(
    ("said", "number"),
    [("[Errno 28] No space left on device: 'x'", errno.ENOSPC), ("[Errno 13] Not allowed", None)],
)
def test_a_disk_that_fills_up_under_a_tree_is_a_full_disk(
    tmp_path: Path, said: str, number: int | None
) -> None:
    with pytest.raises(OSError, match=r".+") as raised, kept.making(tmp_path / "entry"):
        raise shutil.Error([("from", "to", said)])
    assert raised.value.errno == number
    assert list(tmp_path.glob("[!.]*")) == []


def test_a_cache_that_cannot_be_written_to_is_a_clear_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    with pytest.raises(ComputerError) as raised:
        make(tmp_path / "cache" / "clients" / "entry")
    assert raised.value.problem.code == "cache-not-writable"
    assert "SLIPWAY_CACHE_DIR" in raised.value.problem.do
