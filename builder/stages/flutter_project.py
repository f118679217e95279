"""Stage: the Flutter project with all that is the app's: its extensions, settings and pictures."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from builder.flutter import placing
from builder.images import chosen, from_settings, sources
from builder.images.style import SPLASH_PLATFORMS, Platform
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError
from builder.settings import platform_of
from builder.stages import extensions, file_problem, fingerprint, images, template

WITH_EXTENSIONS = "template-extensions"
"""The project as the template makes it for an app with extensions."""


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "project",
        "Put icons and settings into the Flutter project",
        run,
        reads,
        writes=(template.PLACED,),
        after=("template", "extensions", "images"),
    )


def reads(build: Build) -> dict[str, str]:
    """The rendered project, the app's extensions, and its pictures as they were drawn."""
    found, dark = extensions.of(build), _dark_alone(build)
    return {
        "the Flutter project": template.made_at(build),
        "the extensions": ", ".join(f"{name} ({folder})" for name, folder in sorted(found.items())),
        "the drawn pictures": fingerprint.of_folder(build.work / images.IMAGES),
        "the settings of pictures": str(from_settings.style(build.settings)),
        "the dark splash picture": fingerprint.of_file(dark.path) if dark else "",
    }


def run(job: Job) -> None:
    """Render once more where the app has extensions, then put everything in its place."""
    # Here, because a build of which nothing changed starts sooner without it.
    from builder.stages import project_pictures

    build = job.build
    try:
        found = extensions.of(build)
        files = placing.files_of(_rendered(job, found))
        files = project_pictures.placed(job, files, _dark_alone(build))
        written, removed = template.place(build, files, found)
        job.log(f"{written} files written, {removed} removed in the Flutter project.")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "project-not-written", "A file")) from error


def _rendered(job: Job, found: Mapping[str, Path]) -> Path:
    """The folder with the rendered project for the app's extensions."""
    work = job.build.work
    if not found:
        return work / template.RENDERED
    folder = work / WITH_EXTENSIONS
    template.render_into(job, template.used_in(job.build), found, folder)
    return folder


def _dark_alone(build: Build) -> sources.Source | None:
    """The dark splash picture of an app without a light one, which the images stage leaves out."""
    platform = cast(Platform, platform_of(build.target))
    if platform not in SPLASH_PLATFORMS or images.of(build).splash:
        return None
    return sources.splash(build.project.app_folder / chosen.ASSETS, platform, dark=True)
