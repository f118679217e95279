"""The backend without an SDK: Flet's ready-made client, the app and its packages beside it."""

from __future__ import annotations

from pathlib import Path

from builder import events
from builder.backends.delivered import of_folder
from builder.checks.computer import MB, Room
from builder.checks.finding import Finding
from builder.pipeline import Build, Say, Stage
from builder.problems import ProjectError, SlipwayError
from builder.process import Tools
from builder.readiness import Depth
from builder.stages import archive, bytecode, client, images, packages, site
from builder.web import fonts

MADE = site.SITE
_ROOM = Room(250 * MB, 60 * MB)


def stages(build: Build) -> list[Stage]:
    """The stages of a web site, in the order in which they wait for each other."""
    return [
        client.stage(),
        packages.stage(),
        bytecode.stage(),
        archive.stage(),
        images.stage(),
        site.stage(),
    ]


def room(build: Build) -> Room:
    """The room that it takes: the client's wheel and its content (110 MB), packages, the site."""
    return _ROOM


def rehearsal(build: Build) -> list[Stage]:
    """All of them: nothing has to be installed first."""
    return stages(build)


def describe(build: Build) -> str:
    """What the build is made with, for the log."""
    return "Flet's ready-made web client, which needs nothing installed first"


def checks(
    build: Build, tools: Tools | None, say: Say, depth: Depth
) -> tuple[Build, list[Finding]]:
    """Nothing but what every build needs."""
    return build, []


def without_picture(build: Build) -> str:
    """What the icon is where the project has no picture, as a part of a sentence."""
    return "Flet's own icon is shown"


def artifacts(build: Build, output: Path) -> list[events.Artifact]:
    """What was delivered: the site."""
    return [of_folder(output, "site")]


def needs_network(build: Build) -> str:
    """Why a build needs the network now, for a person; empty when all is on this computer."""
    needs = []
    if not _client_is_cached(build):
        needs.append("Flet's web client (27 MB)")
    if needs or not _packages_are_cached(build):
        needs.append("the packages of your app")
    if not bytecode.node_is_cached():
        needs.append("Node, which compiles Python for the browser (61 MB)")
    if not fonts.are_cached(build.settings.web_fonts):
        needs.append("fonts")
    if not needs:
        return ""
    return "This build fetches once, and keeps: " + ", ".join(needs) + "."


def _client_is_cached(build: Build) -> bool:
    try:
        return client.is_cached(build.project.requirements)
    except ProjectError:  # no client will do: the stage says why, and fetches nothing
        return True


def _packages_are_cached(build: Build) -> bool:
    try:
        return packages.is_cached(build)
    except (KeyError, SlipwayError):  # no choice of a client in this work folder yet
        return False
