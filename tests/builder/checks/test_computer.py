"""Room on the disk and need for the network are known before a build begins."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from builder import project, settings
from builder.checks import computer
from builder.pipeline import Build
from builder.problems import EXIT_COMPUTER

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def build(tmp_path: Path) -> Build:
    found = project.Project(tmp_path, tmp_path, "flet", "main", bytes=1000)
    chosen, _ = settings.resolve({}, tmp_path)
    return Build(found, chosen, "web", tmp_path / "no" / "work", tmp_path / "no" / "out", {})


def test_enough_room_is_said_in_words(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, 12_300_000_000))
    finding = computer.check_disk(build)
    assert (finding.check.state, finding.check.detail) == ("ok", "12.3 GB free")


def test_too_little_room_stops(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, 1_000_000))
    finding = computer.check_disk(build)
    assert (finding.check.state, finding.exit) == ("fail", EXIT_COMPUTER)
    assert finding.problems[0].code == "disk-full"
    assert "1.0 MB" in finding.problems[0].title


def test_a_folder_that_is_not_there_yet_is_no_trouble(build: Build) -> None:
    assert computer.check_disk(build).check.detail.endswith("free")


def test_the_network_is_told() -> None:
    assert computer.check_network("Fetches the client.").check.detail == "Fetches the client."
    assert "Not needed" in computer.check_network("").check.detail
