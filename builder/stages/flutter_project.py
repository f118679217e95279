"""Stage: the Flutter project with all that is the app's: its extensions, settings and pictures."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast

from builder.flutter import pictures, placing
from builder.images import chosen, from_settings, picture, png, rendered, sources, splash
from builder.images.chosen import Chosen
from builder.images.easel import Easel
from builder.images.style import SPLASH_PLATFORMS, Platform
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, ProjectError
from builder.settings import platform_of
from builder.stages import extensions, file_problem, fingerprint, images, template

WITH_EXTENSIONS = "template-extensions"
"""The project as the template makes it for an app with extensions."""

_NO_PICTURE = "told.json"  # of the images stage: for us, not for the project


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
    found = extensions.of(build)
    return {
        "the Flutter project": template.made_at(build),
        "the extensions": ", ".join(f"{name} ({folder})" for name, folder in sorted(found.items())),
        "the drawn pictures": fingerprint.of_folder(build.work / images.IMAGES),
        "the settings of pictures": str(from_settings.style(build.settings)),
        "the dark splash picture": _dark_alone(build),
    }


def run(job: Job) -> None:
    """Render once more where the app has extensions, then put everything in its place."""
    build = job.build
    try:
        found = extensions.of(build)
        files = placing.files_of(_rendered(job, found))
        files = _with_pictures(job, files)
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


def _with_pictures(job: Job, files: dict[str, Path | bytes]) -> dict[str, Path | bytes]:
    platform = cast(Platform, platform_of(job.build.target))
    drawn = placing.files_of(job.build.work / images.IMAGES)
    drawn.pop(_NO_PICTURE, None)
    drawn |= _more_web_icons(job, files, drawn, platform)
    drawn |= _splash_of_template(job, files, platform)
    placed = pictures.place(files, drawn, platform)
    if platform == "ios" and pictures.LAUNCH_IMAGE in drawn:
        patched = pictures.storyboard(placed)
        if patched is None:
            job.log("The launch screen's own size stays: its storyboard is not as expected.")
        else:
            placed[pictures.STORYBOARD] = patched
    return placed


def _more_web_icons(
    job: Job, files: placing.Files, drawn: placing.Files, platform: Platform
) -> dict[str, bytes]:
    """Icons in sizes that only this template's manifest declares."""
    icon = _chosen(job.build).icon
    wanted = list(pictures.other_web_icons(files, drawn)) if platform == "web" and icon else []
    if not wanted or icon is None:
        return {}
    read = picture.read(icon.path, partial(job.run_tool, quiet=True))
    easel, style = Easel(read, is_own=icon.is_own), from_settings.style(job.build.settings)
    return {
        slot.path: png.encode(
            easel.draw(
                slot.size,
                frame=slot.frame,
                background=style.background if slot.is_opaque else None,
            )
        )
        for slot in wanted
    }


def _splash_of_template(job: Job, files: placing.Files, platform: Platform) -> dict[str, bytes]:
    """The splash screen of an app that has no picture for it: it shows the template's icon."""
    settings, icon = job.build.settings, files.get(pictures.TEMPLATE_ICON)
    is_wanted = platform in SPLASH_PLATFORMS and getattr(settings, f"splash_{platform}")
    if not is_wanted or _chosen(job.build).splash or not isinstance(icon, Path):
        return {}
    dark = _dark_source(job.build, platform)
    try:
        light = picture.read(icon)
        night = picture.read(dark.path, partial(job.run_tool, quiet=True)) if dark else None
    except ProjectError as error:
        job.log(f"No splash screen is drawn. {error.problem.title}. {error.problem.why}")
        return {}
    style = from_settings.style(settings)
    return rendered.encode(splash.render(light, night, platform, style, is_icon=True))


def _dark_source(build: Build, platform: Platform) -> sources.Source | None:
    return sources.splash(build.project.app_folder / chosen.ASSETS, platform, dark=True)


def _dark_alone(build: Build) -> str:
    """The dark splash picture of an app without a light one, which the images stage leaves out."""
    platform = cast(Platform, platform_of(build.target))
    if platform not in SPLASH_PLATFORMS or _chosen(build).splash:
        return ""
    dark = _dark_source(build, platform)
    return fingerprint.of_file(dark.path) if dark else ""


def _chosen(build: Build) -> Chosen:
    return images.of(build)
