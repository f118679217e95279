"""A picture that cannot be used is told before anything is built, and so is which one is used."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from builder import pipeline
from builder.checks import pictures
from builder.checks.finding import Finding
from builder.images import advice
from builder.images.advice import Advice
from builder.pipeline import Build
from builder.problems import EXIT_USER, Fix, Problem
from builder.process import Tools
from builder.stages import images
from tests.builder.fake_build import fake_build, write
from tests.builder.pictures import png


def look(build: Build) -> Finding:
    return pictures.check(build, "the icon is a letter")


def test_no_picture_at_all(tmp_path: Path) -> None:
    finding = look(fake_build(tmp_path, {}))
    assert finding.check.state == "ok"
    assert finding.check.detail.endswith("in assets: the icon is a letter")


@pytest.mark.skipif(os.name == "nt", reason="Windows does not tell such names apart")
def test_an_icon_in_capitals_is_told(tmp_path: Path) -> None:
    finding = look(fake_build(tmp_path, {"assets/ICON.PNG": png(64)}))
    assert finding.check.state == "ok"
    assert "ICON.PNG is not taken" in finding.check.detail


def test_which_picture_is_for_what(tmp_path: Path) -> None:
    files = {"assets/icon.png": png(64), "assets/splash_dark.png": png(32)}
    finding = look(fake_build(tmp_path, files))
    assert finding.check.detail == (
        "icon.png, 64 × 64 (icon and splash picture); "
        "splash_dark.png, 32 × 32 (dark splash picture)"
    )
    assert not finding.problems


@pytest.mark.parametrize("content", [b"", b"text", png(64)[:20]])
def test_a_picture_that_is_none(content: bytes, tmp_path: Path) -> None:
    files = {"assets/icon.png": png(64), "assets/splash.png": content}
    finding = look(fake_build(tmp_path, files))
    assert (finding.check.state, finding.exit) == ("fail", EXIT_USER)
    assert "splash.png" in finding.problems[0].title + finding.problems[0].where


def test_a_broken_picture_that_nothing_needs_stops_nothing(tmp_path: Path) -> None:
    files = {"assets/icon.png": png(64), "assets/splash.png": b"", "assets/icon_ios.png": b""}
    finding = look(fake_build(tmp_path, files, splash_web=False))
    assert finding.check.state == "ok"


def test_warnings_are_told_again_as_long_as_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(64)})
    odd = Problem("icon-odd", "It is odd", severity="warn", fixes=(Fix("a", "b", "open"),))
    monkeypatch.setattr(advice, "of_icon", lambda *_, **__: [Advice(odd)])
    hint = replace(odd, code="other", why="other", severity="hint")
    monkeypatch.setattr(advice, "of_splash", lambda *_, **__: [Advice(hint)])
    assert not look(build).problems
    outcome = pipeline.run([images.stage()], build, lambda event: None, Tools())
    assert list(outcome.ran) == ["images"]
    finding = look(build)
    assert (finding.check.state, finding.check.detail) == ("warn", "It is odd")
    assert [problem.to_dict() for problem in finding.problems] == [odd.to_dict()]
    assert finding.exit == 0
    write(build.project.folder, {"assets/icon.png": png(65)})
    assert not look(build).problems
