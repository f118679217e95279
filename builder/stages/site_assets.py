"""The assets of a web app, which lie at the root of its site, however that is built."""

from __future__ import annotations

from builder import packing
from builder.packing import Selection
from builder.pipeline import Build

FOLDER = "assets"


def of(build: Build) -> Selection:
    """The project's assets, by the rules of what is packed; paths begin with `assets/`."""
    settings = build.settings
    if not (build.project.app_folder / FOLDER).is_dir():
        return Selection()
    return packing.select(
        build.project.app_folder,
        exclude=[path for path in settings.exclude if packing.normalize(path) != FOLDER],
        include=settings.include,
        default_excludes=settings.default_excludes,
        keep_out=[build.output, build.work],
        below=FOLDER,
    )


def name_in_site(path: str) -> str:
    """Where a file of the assets is found in the site."""
    return path.removeprefix(f"{FOLDER}/")
