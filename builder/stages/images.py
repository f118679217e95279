"""Stage: the icons and the splash screen of the platform, drawn from the project's pictures."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from builder import pipeline
from builder.history import read_json, write_json
from builder.images import chosen, from_settings
from builder.images.chosen import Chosen
from builder.images.sources import Source
from builder.images.style import Platform
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError
from builder.stages import file_problem, fingerprint

if TYPE_CHECKING:
    from builder.images.advice import Advice
    from builder.images.picture import Picture

IMAGES = "images"
"""The folder of the drawn files, named as they are in a Flutter project; empty where none are."""

_TOLD = "told.json"
# The settings that show in the files of a platform, or in what is told of its pictures.
_DRAWN_WITH: Mapping[Platform, tuple[str, ...]] = {
    "android": (
        "icon_background", "adaptive_icon_background", "splash_color", "splash_dark_color",
        "splash_icon_background", "splash_icon_dark_background", "splash_icon_fit",
    ),
    "ios": ("icon_background", "splash_color", "splash_dark_color"),
    "macos": ("icon_background", "macos_icon_style"),
    "windows": (),
    "linux": ("bundle_id",),
    "web": ("icon_background", "splash_color", "splash_dark_color"),
}  # fmt: skip


def stage() -> Stage:
    """The stage for the pipeline. It needs nothing of the others and runs beside them."""
    return Stage("images", "Draw icons and splash screen", run, reads, writes=(IMAGES,))


def reads(build: Build) -> dict[str, str]:
    """The pictures by their content, what each is for, and the settings that show in them."""
    found, folder = of(build), build.project.app_folder
    roles = {role: _name(source.path, folder) for role, source in found.by_role.items()}
    files = {_name(path, folder): path for path in found.paths}
    settings = {
        name.replace("_", " "): str(getattr(build.settings, name))
        for name in _DRAWN_WITH[found.platform]
    }
    drawing = fingerprint.of_folder(Path(chosen.__file__).parent, "*.py")
    smaller = "yes" if build.settings.shrink_images else "no"
    own = {**roles, **settings, "how they are drawn": drawing, "made smaller": smaller}
    return fingerprint.beside(own, files)


def of(build: Build) -> Chosen:
    """The pictures of a build."""
    return chosen.of(build.project.app_folder, build.settings, build.target)


def told_before(build: Build) -> list[Problem]:
    """The warnings of when the stage ran last; none when it will run now and tell by itself."""
    if pipeline.forecast([stage()], build)[0].state != "skip":
        return []
    told = read_json(build.work / IMAGES / _TOLD).get("problems", [])
    problems = [Problem.from_dict(problem) for problem in told]
    return [problem for problem in problems if problem.severity == "warn"]


def run(job: Job) -> None:
    """Draw all of them anew beside the old ones, then take their place; tell what is odd."""
    fresh, final = job.build.work / (IMAGES + ".new"), job.build.work / IMAGES
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir()
        told: list[Problem] = []
        for path, content in _draw(job, of(job.build), told):
            job.check_cancelled()
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(content)
        if job.build.settings.shrink_images:
            _shrink(job, sorted(fresh.rglob("*.png")))
        write_json(fresh / _TOLD, {"problems": [problem.to_dict() for problem in told]})
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "pictures-not-written", "A picture")) from error


def _draw(job: Job, found: Chosen, told: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file. Each picture is read once; `told` gets what is odd."""
    # Here, because a build that draws nothing starts sooner without it.
    from builder.images import advice, icons, picture, rendered, splash

    style, platform = from_settings.style(job.build.settings), found.platform
    read: dict[Path, Picture] = {}

    def picture_of(source: Source) -> Picture:
        if source.path not in read:
            job.check_cancelled()
            read[source.path] = picture.read(source.path, partial(job.run_tool, quiet=True))
        return read[source.path]

    def tell(advices: Iterable[Advice]) -> None:
        for problem in (one.problem for one in advices):
            if problem.severity == "error":
                raise ProjectError(problem)
            # Once for the icon, which may be the splash picture, too.
            if (problem.where, problem.why) not in {(one.where, one.why) for one in told}:
                told.append(problem)
                job.problem(problem)

    if found.icon:
        icon, is_own = picture_of(found.icon), found.icon.is_own
        tell(advice.of_icon(icon, platform, style, is_own=is_own))
        job.check_cancelled()
        yield from rendered.encode(icons.render(icon, platform, style, is_own=is_own)).items()
    if found.splash:
        light, is_icon = picture_of(found.splash), not found.splash.is_own
        dark = picture_of(found.splash_dark) if found.splash_dark else None
        tell(advice.of_splash(light, dark, platform, style, is_icon=is_icon))
        job.check_cancelled()
        drawn = splash.render(light, dark, platform, style, is_icon=is_icon)
        yield from rendered.encode(drawn).items()


def _shrink(job: Job, files: Sequence[Path]) -> None:
    """Make the files smaller, pixel by pixel the same, and say what that was worth."""
    from builder.images import shrink  # here, as above

    before = after = 0
    for done, file in enumerate(files):
        job.progress(done, len(files), "files")
        data = file.read_bytes()
        smaller = shrink.shrink(data)
        file.write_bytes(smaller)
        before, after = before + len(data), after + len(smaller)
    if before:
        saved = 100 - 100 * after // before
        job.log(f"The pictures take {after / 1e3:.0f} kB, {saved} % less than before.")


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
