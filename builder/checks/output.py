"""Checks that the result can be put where it is wanted, before time is spent on making it."""

from __future__ import annotations

import os
from pathlib import Path

from builder import delivery, packing
from builder.checks.finding import Finding, fail, ok
from builder.pipeline import Build
from builder.problems import ComputerError, Problem, ProjectError, SlipwayError

ID = "output"
TITLE = "The output folder is free"


def check(build: Build) -> Finding:
    """Whether the output folder is free or ours, writable, and apart from what is packed."""
    trouble = (
        _holds_the_project(build) or _is_packed(build) or _is_foreign(build) or _no_rights(build)
    )
    return fail(ID, TITLE, trouble) if trouble else ok(ID, TITLE, str(build.output))


def _holds_the_project(build: Build) -> SlipwayError | None:
    output = build.output.resolve()
    project = build.project.folder.resolve()
    app = build.project.app_folder.resolve()
    if not (project.is_relative_to(output) or app.is_relative_to(output)):
        return None
    return ProjectError(
        Problem(
            "output-holds-project",
            "The output folder holds the project itself"
            if output != project
            else "The output folder is the project's own folder",
            "A build replaces the output folder as a whole, so the project would be gone.",
            "Choose an output folder of its own; without one the result goes to "
            f"{project / 'dist' / build.target}.",
            where=str(output),
        )
    )


def _is_packed(build: Build) -> SlipwayError | None:
    """A result inside what is packed would be packed into the next one, and so on."""
    output = build.output.resolve()
    app = build.project.app_folder.resolve()
    if not output.is_relative_to(app) or _stays_out(build, output.relative_to(app).as_posix()):
        return None
    return ProjectError(
        Problem(
            "output-in-source",
            "The output folder lies inside what is packed",
            f"{output} is part of the app's folder {app}, so each build would pack the one "
            "before it.",
            "Choose a folder outside of it; without one the result goes to "
            f"{build.project.folder / 'dist' / build.target}.",
            where=str(output),
        )
    )


def _stays_out(build: Build, path: str) -> bool:
    # `assets` are not packed, but copied beside the app: a result there would grow as well.
    names = {packing.normalize(name) for name in build.settings.exclude} - {"assets"}
    hidden = path.startswith(".") and build.settings.default_excludes
    return hidden or any(path == name or path.startswith(f"{name}/") for name in names)


def _is_foreign(build: Build) -> SlipwayError | None:
    try:
        delivery.refuse_foreign(build.output)
    except SlipwayError as trouble:
        return trouble
    except OSError as error:
        return delivery.explain(error, build.output)
    return None


def _no_rights(build: Build) -> SlipwayError | None:
    """Exchanging folders needs the right to change the folder that they lie in."""
    parent = _nearest(build.output.resolve().parent)
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return None
    why = "it is a file" if not parent.is_dir() else "this user may not write there"
    return ComputerError(
        Problem(
            "output-not-writable",
            f"Nothing can be put into {parent}",
            f"The output folder {build.output} needs a place there, but {why}.",
            "Choose another output folder, or change the rights of this one.",
            where=str(parent),
        )
    )


def _nearest(folder: Path) -> Path:
    """The first of a folder and those it lies in that is there."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder
