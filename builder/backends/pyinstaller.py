"""The backend for this computer without an SDK: Python, the app and its packages as a program."""

from __future__ import annotations

from pathlib import Path

from builder import events, host, pipeline, places
from builder.backends.delivered import of_file, of_folder
from builder.checks import desktop
from builder.checks.computer import MB, Room
from builder.checks.finding import Finding
from builder.desktop import how_to_open
from builder.pipeline import Build, Say, Stage
from builder.process import Tools
from builder.readiness import Depth
from builder.stages import (
    app_code,
    app_icon,
    assemble,
    desktop_client,
    environment,
    freeze,
    images,
    ready_to_send,
    trial,
)

MADE = ready_to_send.READY
_ROOM = {"flet": Room(800 * MB, 300 * MB), "flask": Room(500 * MB, 150 * MB)}


def stages(build: Build) -> list[Stage]:
    """The stages of a desktop app, in the order in which they wait for each other."""
    return [
        desktop_client.stage(),
        environment.stage(),
        app_code.stage(),
        images.stage(),
        app_icon.stage(),
        freeze.stage(),
        assemble.stage(),
        trial.stage(),
        ready_to_send.stage(),
    ]


def room(build: Build) -> Room:
    """The room that it takes: the environment and PyInstaller's files, and the app twice."""
    return _ROOM["flask" if build.project.kind == "flask" else "flet"]


def rehearsal(build: Build) -> list[Stage]:
    """All of them: nothing has to be installed first."""
    return stages(build)


def describe(build: Build) -> str:
    """What the build is made with, for the log."""
    served = "Waitress serves it" if build.project.kind == "flask" else "Flet shows it"
    return f"PyInstaller, on this computer; {served}"


def checks(
    build: Build, tools: Tools | None, say: Say, depth: Depth
) -> tuple[Build, list[Finding]]:
    """What must hold for this way to build; the build is as it was."""
    return build, desktop.checks(build, tools)


def without_picture(build: Build) -> str:
    """What the icon is where the project has no picture, as a part of a sentence."""
    return app_icon.without_picture(build)


def artifacts(build: Build, output: Path) -> list[events.Artifact]:
    """What was delivered: what is started comes first, then its folder, then what can be sent."""
    program = output / ready_to_send.program(build).relative_to(build.work / MADE)
    to_send = [
        of_file(output / ready_to_send.archive_name(build), "archive"),
        of_file(output / how_to_open.name(build.settings.product), "guide"),
    ]
    if host.current() == "macos":
        return [of_folder(program.parents[2], "bundle"), *to_send]
    started = of_file(program, "executable")
    if program.parent == output:
        return [started, *to_send]
    return [started, of_folder(program.parent, "bundle"), *to_send]


def needs_network(build: Build) -> str:
    """Why a build needs the network now, for a person; empty when all is on this computer."""
    seen = pipeline.forecast([desktop_client.stage(), environment.stage()], build)
    if all(stage.state == "skip" for stage in seen):
        return ""
    kept = "" if (places.cache() / "uv").is_dir() else " (some 30 MB at first)"
    return f"This build fetches, and keeps: the packages of your app and PyInstaller{kept}."
