"""The log of a build, on disks that take it and disks that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.build_log import LogStore


def test_log_store_without_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log = LogStore(tmp_path / "file" / "x.log")
    assert log.path is None
    log.add("a", "out", ["fine", "0 errors found"])
    log.add("a", "out", [])
    log.add("b", "err", ["main.py:3: error: bad", "ValueError: worse"])
    assert log.count == 4
    assert log.first_error() == 2
    assert log.find("WORSE") == 3
    assert log.find("worse", 4) == -1
    assert log.find("") == -1
    assert [line.stage for line in log.lines(-5, 3)] == ["a", "a", "b"]
    assert log.lines(4, 9) == []
    log.flush()
    log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_log_store_on_a_full_disk() -> None:
    log = LogStore(Path("/dev/full"))
    log.add("a", "out", ["line"])
    log.flush()
    log.add("a", "out", ["line"])
    assert log.count == 2
    log.close()
