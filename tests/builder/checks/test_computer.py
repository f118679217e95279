"""Room on the disk and need for the network are known before a build begins."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from builder import project, settings
from builder.checks import computer
from builder.checks.computer import MB, Room
from builder.pipeline import Build
from builder.problems import EXIT_COMPUTER

ROOM = Room(250 * MB, 60 * MB)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def build(tmp_path: Path) -> Build:
    found = project.Project(tmp_path, tmp_path, "flet", "main", bytes=1000)
    chosen, _ = settings.resolve({}, tmp_path)
    return Build(found, chosen, "web", tmp_path / "no" / "work", tmp_path / "no" / "out", {})


def test_enough_room_is_said_in_words(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, 12_300_000_000))
    finding = computer.check_disk(build, ROOM)
    assert (finding.check.state, finding.check.detail) == ("ok", "12.3 GB free")


def test_too_little_room_stops(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, 1_000_000))
    finding = computer.check_disk(build, ROOM)
    assert (finding.check.state, finding.exit) == ("fail", EXIT_COMPUTER)
    assert finding.problems[0].code == "disk-full"
    assert "1.0 MB" in finding.problems[0].title


def test_what_lies_on_one_disk_is_added_up(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, 300 * MB))
    assert computer.check_disk(build, Room(200 * MB, 90 * MB)).check.state == "ok"
    finding = computer.check_disk(build, Room(200 * MB, 90 * MB, {tmp_path / ".gradle": 20 * MB}))
    assert "310.0 MB" in finding.problems[0].why


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is one disk only")
def test_each_disk_is_looked_at_by_itself(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, 300 * MB))
    room = Room(200 * MB, 90 * MB, {Path("/dev/shm/there"): 290 * MB})
    assert computer.check_disk(build, room).check.state == "ok"


def test_a_folder_that_is_not_there_yet_is_no_trouble(build: Build) -> None:
    assert computer.check_disk(build, ROOM).check.detail.endswith("free")


def test_the_network_is_told() -> None:
    assert computer.check_network("Fetches the client.").check.detail == "Fetches the client."
    assert "Not needed" in computer.check_network("").check.detail
