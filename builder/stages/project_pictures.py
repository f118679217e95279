"""The app's pictures, put among the files of its Flutter project."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

from builder.flutter import pictures, placing
from builder.images import from_settings, picture, png, rendered, splash
from builder.images.easel import Easel
from builder.images.sources import Source
from builder.images.style import SPLASH_PLATFORMS, Platform
from builder.pipeline import Job
from builder.problems import ProjectError
from builder.settings import platform_of
from builder.stages import images

_NO_PICTURE = "told.json"  # of the images stage: for us, not for the project


def placed(job: Job, files: placing.Files, dark: Source | None) -> dict[str, Path | bytes]:
    """The files of the rendered project with the app's pictures among them.

    `dark` is the app's dark splash picture, which goes with the template's icon where the app has
    no light one.
    """
    platform = cast(Platform, platform_of(job.build.target))
    drawn = placing.files_of(job.build.work / images.IMAGES)
    drawn.pop(_NO_PICTURE, None)
    drawn |= _more_web_icons(job, files, drawn, platform)
    drawn |= _splash_of_template(job, files, dark, platform)
    with_drawn = pictures.place(files, drawn, platform)
    if platform == "ios" and pictures.LAUNCH_IMAGE in drawn:
        patched = pictures.storyboard(with_drawn)
        if patched is None:
            job.log("The launch screen's own size stays: its storyboard is not as expected.")
        else:
            with_drawn[pictures.STORYBOARD] = patched
    return with_drawn


def _more_web_icons(
    job: Job, files: placing.Files, drawn: placing.Files, platform: Platform
) -> dict[str, bytes]:
    """Icons in sizes that only this template's manifest declares."""
    icon = images.of(job.build).icon
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


def _splash_of_template(
    job: Job, files: placing.Files, dark: Source | None, platform: Platform
) -> dict[str, bytes]:
    """The splash screen of an app that has no picture for it: it shows the template's icon."""
    settings, icon = job.build.settings, files.get(pictures.TEMPLATE_ICON)
    is_wanted = platform in SPLASH_PLATFORMS and getattr(settings, f"splash_{platform}")
    if not is_wanted or images.of(job.build).splash or not isinstance(icon, Path):
        return {}
    try:
        light = picture.read(icon)
        night = picture.read(dark.path, partial(job.run_tool, quiet=True)) if dark else None
    except ProjectError as error:
        job.log(f"No splash screen is drawn. {error.problem.title}. {error.problem.why}")
        return {}
    style = from_settings.style(settings)
    return rendered.encode(splash.render(light, night, platform, style, is_icon=True))
