"""The backend with the Flutter SDK: Flet's template, the packed app in it, `flutter build`."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from builder import events
from builder.backends.delivered import of_folder
from builder.checks import toolchain
from builder.checks.finding import Finding
from builder.flutter import layout
from builder.flutter.kit import FlutterRelease, Kit, PythonRelease
from builder.pipeline import Build, Say, Stage
from builder.process import Tools

MADE = layout.COLLECTED

_STAGES = (
    "template", "images", "package_python", "extensions", "flutter_project", "flutter_build",
    "collect",
)  # fmt: skip
_REHEARSED = ("template", "images", "rehearse_packages", "extensions", "flutter_project")


def _there(names: Sequence[str]) -> list[Stage]:
    modules = [n for n in names if importlib.util.find_spec(f"builder.stages.{n}")]
    stages = [importlib.import_module(f"builder.stages.{n}").stage() for n in modules]
    ids = {stage.id for stage in stages}
    return [replace(s, after=[a for a in s.after if a in ids]) for s in stages]


def stages(build: Build) -> list[Stage]:
    """The stages of a build, in the order in which they wait for each other."""
    return _there(_STAGES)


def rehearsal(build: Build) -> list[Stage]:
    """The stages that need neither Flutter nor Dart."""
    return _there(_REHEARSED)


def checks(build: Build, tools: Tools | None, say: Say) -> tuple[Build, list[Finding]]:
    """What must hold for a build with Flutter, and the build with its kit."""
    python = PythonRelease("3.14", "3.14.6", "314.0.7", ("arm64-v8a", "x86_64", "armeabi-v7a"))
    release = FlutterRelease("1.0.5", "3.44.8", {"3.14": python}, "3.14")
    found, findings = toolchain.look(build.target, release, tools, say)
    return replace(build, kit=Kit(release, python, found)), findings


def needs_network(build: Build) -> str:
    """Why a build needs the network now, for a person; empty when all is on this computer."""
    return ""


def artifacts(build: Build, output: Path) -> list[events.Artifact]:
    """What was delivered; the one to start or to open comes first."""
    return [of_folder(output, "bundle")]
