"""How much room a build with Flutter takes: by target, at first, again, and rehearsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builder import pipeline
from builder.checks.computer import MB
from builder.flutter import room
from builder.history import write_json
from builder.pipeline import Build
from builder.targets import TARGETS
from tests.builder.flutter.making import make_build as make


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv("GRADLE_USER_HOME", raising=False)
    return tmp_path / "home"


def built(build: Build, **stamp: object) -> Build:
    """The same after Flutter has been there."""
    write_json(build.work / pipeline.STAMPS / "flutter.json", stamp)
    return build


@pytest.mark.parametrize("target", TARGETS)
def test_the_first_takes_most_and_a_rehearsal_least(tmp_path: Path, target: str) -> None:
    build = make(tmp_path, target)
    first, rehearsed = room.of(build), room.of(replace(build, options={"rehearse": True}))
    again = room.of(built(build, inputs={}))
    assert rehearsed.work < first.work / 3
    assert rehearsed.result == 0
    assert again.work < first.work / 2
    assert again.result == first.result > 0
    assert first.work < 3000 * MB


def test_a_build_that_failed_keeps_what_flutter_made_before(tmp_path: Path) -> None:
    build = make(tmp_path, "linux")
    first = room.of(build)
    assert room.of(built(build, inputs=None, succeeded_before=False)) == first
    assert room.of(built(build, inputs=None, succeeded_before=True)).work < first.work


@pytest.mark.parametrize(
    ("more", "than"), [(["arm64-v8a", "x86_64"], ["arm64-v8a"]), ([], ["x86_64"])]
)
def test_each_kind_of_processor_takes_its_part(
    tmp_path: Path, more: Sequence[str], than: Sequence[str]
) -> None:
    rooms = [
        room.of(make(tmp_path / str(count), "apk", target_arch=list(asked)))
        for count, asked in enumerate((more, than))
    ]
    assert rooms[0].work > rooms[1].work
    assert rooms[0].result > rooms[1].result


def test_what_gradle_fetches_counts_once_for_all_apps(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = make(tmp_path, "aab")
    assert room.of(build).elsewhere[home / ".gradle"] > 1000 * MB
    (home / ".gradle" / "caches").mkdir(parents=True)
    assert not any(room.of(build).elsewhere.values())
    monkeypatch.setenv("GRADLE_USER_HOME", str(tmp_path / "moved"))
    assert room.of(build).elsewhere[tmp_path / "moved"] > 1000 * MB
