"""A build with Flutter of a small project, and a job that runs real (stub) tools."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder import events, project, settings
from builder.flutter import layout
from builder.flutter.kit import FlutterRelease, Kit, PythonRelease, Toolchain
from builder.pipeline import Build, Job
from builder.problems import Problem
from builder.process import Tools
from tests.builder.fake_build import write
from tests.flutter_stub import ABIS, FLUTTER, Stub

PYTHON = PythonRelease("3.14", "3.14.6", "314.0.7", ABIS)
RELEASE = FlutterRelease("1.0.5", FLUTTER, {"3.14": PYTHON}, "3.14")


def make_build(
    folder: Path,
    target: str,
    toml: str = "",
    *,
    files: Mapping[str, str | bytes] | None = None,
    stub: Stub | None = None,
    **options: Any,
) -> Build:
    """A build of a project called `notes`; `toml` is more of its `pyproject.toml`."""
    pyproject = f'[project]\nname = "notes"\n{toml}'
    write(folder / "project", {"main.py": "", "pyproject.toml": pyproject, **(files or {})})
    work = folder / "work"
    (work / layout.FLUTTER).mkdir(parents=True, exist_ok=True)
    found = project.read(folder / "project", target=target)
    chosen, _ = settings.resolve(found.pyproject, found.folder, target=target, options=options)
    tools = (stub.flutter if stub else folder / "sdk") / "bin"
    kit = Kit(RELEASE, PYTHON, Toolchain(tools / "flutter", tools / "dart", FLUTTER))
    return Build(found, chosen, target, work, folder / "output", options, kit)


class Told:
    """Everything that was said."""

    def __init__(self) -> None:
        self.events: list[events.Event] = []

    def __call__(self, event: events.Event) -> None:
        self.events.append(event)

    @property
    def problems(self) -> list[Problem]:
        return [e.problem for e in self.events if isinstance(e, events.ProblemFound)]

    @property
    def steps(self) -> list[str]:
        return [e.detail for e in self.events if isinstance(e, events.Progress)]

    @property
    def lines(self) -> list[str]:
        return [line for e in self.events if isinstance(e, events.Log) for line in e.lines]


def make_job(build: Build, stage: str, tools: Tools) -> tuple[Job, Told]:
    """A job of a stage, and what it says."""
    told = Told()
    return Job(build, stage, told, tools), told
