"""The backend for this computer without an SDK: Python, the app and its packages as a program."""

from __future__ import annotations

from pathlib import Path

from builder import events, pipeline, places
from builder.backends.delivered import of_file, of_folder
from builder.checks.finding import Finding
from builder.pipeline import Build, Say, Stage
from builder.process import Tools
from builder.readiness import Depth
from builder.stages import (
    app_code,
    assemble,
    desktop_client,
    environment,
    freeze,
    images,
    trial,
)

MADE = assemble.ASSEMBLED
WORK_BYTES = 800_000_000  # the environment, what PyInstaller makes of it, the app
RESULT_BYTES = 200_000_000


def stages(build: Build) -> list[Stage]:
    """The stages of a desktop app, in the order in which they wait for each other."""
    return [
        desktop_client.stage(),
        environment.stage(),
        app_code.stage(),
        images.stage(),
        freeze.stage(),
        assemble.stage(),
        trial.stage(),
    ]


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
    """Nothing but what every build needs: the stages say what a Python or a package lacks."""
    return build, []


def artifacts(build: Build, output: Path) -> list[events.Artifact]:
    """What was delivered; the program comes first."""
    program = output / assemble.program(build).relative_to(build.work / MADE)
    if program.suffix == "" and ".app" in str(program):
        return [of_folder(program.parents[2], "bundle")]
    if program.parent == output:
        return [of_file(program, "executable")]
    return [of_file(program, "executable"), of_folder(program.parent, "bundle")]


def needs_network(build: Build) -> str:
    """Why a build needs the network now, for a person; empty when all is on this computer."""
    seen = pipeline.forecast([desktop_client.stage(), environment.stage()], build)
    if all(stage.state == "skip" for stage in seen):
        return ""
    kept = "" if (places.cache() / "uv").is_dir() else " (some 30 MB at first)"
    return f"This build fetches, and keeps: the packages of your app and PyInstaller{kept}."
