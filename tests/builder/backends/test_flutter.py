"""The Flutter way: its stages, its checks at each depth, and what it needs the network for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from builder import events, host, pipeline, project, settings
from builder.backends import flutter
from builder.checks.finding import Finding
from builder.flutter import release
from builder.history import write_json
from builder.pipeline import Build
from builder.problems import EXIT_COMPUTER, EXIT_DONE, EXIT_USER, ComputerError, Problem
from builder.process import Tools
from builder.readiness import Depth
from tests.flutter_stub import Stub

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stub of Flutter is a shell script")


@pytest.fixture(autouse=True)
def on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: "linux")
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))


def build(folder: Path, target: str = "web", pyproject: str = "", **options: Any) -> Build:
    source = folder / "app"
    source.mkdir()
    (source / "main.py").write_text("import flet\n", "utf-8")
    if pyproject:
        (source / "pyproject.toml").write_text(pyproject, "utf-8")
    found = project.read(source, target=target)
    chosen, _ = settings.resolve(found.pyproject, source, target=target, options=options)
    return Build(found, chosen, target, folder / "work", folder / "out", options)


def check(made: Build, depth: Depth = "build") -> tuple[Build, Sequence[Finding]]:
    tools = None if depth == "plan" else Tools()
    said: list[events.Event] = []
    try:
        return flutter.checks(made, tools, said.append, depth)
    finally:
        if tools is not None:
            tools.close()


def codes(findings: Sequence[Finding]) -> list[str]:
    return [problem.code for finding in findings for problem in finding.problems]


def exits(findings: Sequence[Finding]) -> set[int]:
    return {finding.exit for finding in findings}


class TestChecks:
    def test_a_build_gets_its_kit(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made, findings = check(build(tmp_path))
        assert exits(findings) == {EXIT_DONE}
        assert made.kit is not None
        assert made.kit.python.short == "3.14"
        assert made.kit.toolchain is not None
        program = flutter_stub.flutter / "bin" / "flutter"
        assert flutter.describe(made) == f"Flutter 3.44.8 at {program}"

    def test_the_python_that_was_asked_for(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made, _ = check(build(tmp_path, python_version="3.13"))
        assert made.kit is not None
        assert made.kit.python.full == "3.13.14"

    def test_a_python_that_there_is_not(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made, findings = check(build(tmp_path, python_version="2.7"))
        assert made.kit is None
        assert (codes(findings), exits(findings)) == (["python-not-in-release"], {EXIT_USER})
        assert flutter_stub.calls() == []

    def test_a_flet_that_is_too_old(self, tmp_path: Path, flutter_stub: Stub) -> None:
        old = '[project]\nname = "app"\ndependencies = ["flet==0.28.3"]\n'
        for depth in ("build", "plan", "rehearsal"):
            (tmp_path / depth).mkdir()
            _, findings = check(build(tmp_path / depth, pyproject=old), depth)
            assert (codes(findings), exits(findings)) == (["flet-too-old"], {EXIT_USER})

    def test_signing_is_looked_at(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made = build(tmp_path, "apk", '[tool.flet.android.signing]\nkey_store = "gone.jks"\n')
        assert "key-store-missing" in codes(check(made)[1])


class TestPlan:
    def test_nothing_is_started(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made, findings = check(build(tmp_path, "apk"), "plan")
        assert exits(findings) == {EXIT_DONE}
        assert flutter_stub.calls() == []
        titles = [one.title for one in pipeline.forecast(flutter.stages(made), made)]
        assert titles[0] == "Make the Flutter project"

    def test_a_flutter_that_is_not_asked_is_the_one_of_last_time(
        self, tmp_path: Path, flutter_stub: Stub
    ) -> None:
        made, _ = check(build(tmp_path), "plan")
        assert made.kit is not None
        assert made.kit.toolchain is not None
        assert made.kit.toolchain.version == ""
        stamp = made.work / pipeline.STAMPS / "package.json"
        write_json(stamp, {"inputs": {"Flutter": "3.44.8"}})
        made, _ = check(made, "plan")
        assert made.kit is not None
        assert made.kit.toolchain is not None
        assert made.kit.toolchain.version == "3.44.8"

    def test_a_flet_that_only_the_index_knows_is_no_hindrance(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unknown(*_: object, **__: object) -> None:
            raise ComputerError(Problem("flet-not-known", "Not known yet"))

        monkeypatch.setattr(release, "of", unknown)
        made, findings = check(build(tmp_path), "plan")
        assert exits(findings) == {EXIT_DONE}
        assert flutter.stages(made) == []
        assert "package index" in flutter.needs_network(made)
        assert exits(check(made)[1]) == {EXIT_COMPUTER}


class TestRehearsal:
    def test_missing_tools_are_only_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("HOME", str(tmp_path))
        made, findings = check(build(tmp_path), "rehearsal")
        assert exits(findings) == {EXIT_DONE}
        assert codes(findings) == ["flutter-missing"]
        assert {p.severity for f in findings for p in f.problems} == {"warn"}
        assert made.kit is not None
        assert made.kit.toolchain is None

    def test_tools_that_are_there_are_not_started(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made, findings = check(build(tmp_path, "apk"), "rehearsal")
        assert codes(findings) == []
        assert flutter_stub.calls() == []
        assert made.kit is not None
        assert made.kit.toolchain is not None

    def test_on_the_wrong_computer_its_tools_do_not_matter(self, tmp_path: Path) -> None:
        made, findings = check(build(tmp_path, "ipa"), "rehearsal")
        assert codes(findings) == ["target-elsewhere"]
        assert exits(findings) == {EXIT_DONE}
        assert made.kit is not None

    def test_its_stages_need_no_tool(self, tmp_path: Path) -> None:
        ids = {stage.id for stage in flutter.rehearsal(build(tmp_path))}
        assert ids == {"rehearse_packages", "template", "images", "project"}


class TestNetwork:
    def test_a_first_build_fetches(self, tmp_path: Path, flutter_stub: Stub) -> None:
        made, _ = check(build(tmp_path, "apk"))
        needs = flutter.needs_network(made)
        for part in ("template", "packages", "Gradle", "GB"):
            assert part in needs

    def test_what_is_there_is_not_fetched(
        self, tmp_path: Path, flutter_stub: Stub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        template = tmp_path / "template"
        template.mkdir()
        made, _ = check(build(tmp_path, "apk", template=str(template)))
        assert "template" not in flutter.needs_network(made)
        monkeypatch.setattr(flutter.package_python, "may_skip_packages", lambda build: True)
        write_json(made.work / pipeline.STAMPS / "flutter.json", {"inputs": {"Flutter": "3.44.8"}})
        assert flutter.needs_network(made) == ""


def test_an_unchanged_build_waits_for_nothing_that_only_others_need() -> None:
    code = (
        "import sys, builder.commands, builder.backends.flutter; "
        "print(*{'PIL', 'yaml', 'httpx', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "")
