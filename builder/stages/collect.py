"""Stage: what Flutter built, put together as it is handed out: names, web assets, nothing else."""

from __future__ import annotations

import errno
import re
import shutil
from pathlib import Path

from builder import delivery, reserved
from builder.flutter import layout, outputs
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError, ToolError
from builder.stages import file_problem, fingerprint, second_name, site_assets

_RELEASE = re.compile(r"app(?P<abi>-.+)?-release\.(?P<kind>(?:apk|aab)(?:\.sha1)?)")
_CANVASKIT = "canvaskit"
# Without these no site of Flutter's starts.
_NEEDED = ("flutter_bootstrap.js", "main.dart.js", "python.js", "python-worker.js")
# What no file system of the three takes, and what a shell or an address would stumble over.
_REFUSED = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 180  # bytes of a file name; the rest is for the ABI and the ending


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "collect",
        "Put the result together",
        run,
        reads,
        writes=(layout.COLLECTED,),
        after=("flutter",),
    )


def reads(build: Build) -> dict[str, str]:
    """What Flutter made, by its content, and what decides of its names and company."""
    folder = outputs.found(build)
    made = delivery.listing(folder) if folder else {}
    settings = build.settings.flutter
    read = {
        "what Flutter made": repr(sorted((name, one.digest) for name, one in made.items())),
        "the name of the files": settings.artifact,
    }
    if build.target != "web":
        return read
    read["without a network"] = "yes" if settings.no_cdn else "no"
    app = build.project.app_folder
    return fingerprint.beside(read, {f.path: app / f.path for f in site_assets.of(build).files})


def run(job: Job) -> None:
    """Make the result anew beside the old one, then take its place.

    Raises ToolError when Flutter left nothing.
    """
    build = job.build
    fresh, final = build.work / f"{layout.COLLECTED}.new", build.work / layout.COLLECTED
    try:
        _remove(fresh)
        fresh.mkdir()
        _put(job, fresh)
        if build.target == "web":
            _finish_site(job, fresh)
        elif build.target in ("apk", "aab"):
            _rename(fresh, build.settings.flutter.artifact)
        _remove(final)
        fresh.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "result-not-collected", "The result")) from error


def file_name(artifact: str) -> str:
    """The artifact's name as a file may be called on every system; spaces stay.

    At the longest the name and its ending fit, and no name is one that Windows keeps for itself.
    """
    text = artifact.encode("utf-8", "replace").decode()
    name = _REFUSED.sub("_", text).strip().encode()[:_LONGEST].decode("utf-8", "ignore")
    name = name.rstrip(" .")
    if name.partition(".")[0].lower() in reserved.WINDOWS:
        name = f"_{name}"
    return name or "app"


def _put(job: Job, fresh: Path) -> None:
    folder = outputs.found(job.build)
    if folder is None:
        raise ToolError(_nothing_there(job.build))
    paths = outputs.results(job.build, folder)
    for done, path in enumerate(paths):
        job.check_cancelled()
        job.progress(done, len(paths), "files")
        _place(path, fresh / path.name)


def _place(source: Path, target: Path) -> None:
    """Put a file, a link as a link, or a folder with all that is in it."""
    if source.is_symlink() or not source.is_dir():
        second_name.give(str(source), str(target))
    else:
        shutil.copytree(source, target, symlinks=True, copy_function=second_name.give)


def _finish_site(job: Job, fresh: Path) -> None:
    """The project's assets at the root, as the app asks for them; what the page never asks for out.

    A page that takes CanvasKit from its makers' servers leaves the 37 MB of it aside.
    """
    build = job.build
    if not build.settings.flutter.no_cdn:
        shutil.rmtree(fresh / _CANVASKIT, ignore_errors=True)
    selection = site_assets.of(build)
    for problem in selection.problems:
        if problem.severity == "error":
            raise ProjectError(problem)
        job.problem(problem)
    names = [site_assets.name_in_site(file.path) for file in selection.files]
    if lost := [name for name in _NEEDED if name in names and (fresh / name).exists()]:
        job.problem(_replaced(lost))
    for file, name in zip(selection.files, names, strict=True):
        job.check_cancelled()
        _copy_over(build.project.app_folder / file.path, fresh / name)


def _copy_over(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # it may be a second name of Flutter's own file
    shutil.copy2(source, target)


def _rename(fresh: Path, artifact: str) -> None:
    """`app-arm64-v8a-release.apk` becomes `<artifact>-arm64-v8a.apk`; other files stay."""
    name = file_name(artifact)
    for path in sorted(fresh.iterdir()):
        found = _RELEASE.fullmatch(path.name)
        if not found or not path.is_file():
            continue
        wanted = path.with_name(f"{name}{found['abi'] or ''}.{found['kind']}")
        if not wanted.exists():
            path.rename(wanted)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _nothing_there(build: Build) -> Problem:
    looked_in = [f.relative_to(build.work).as_posix() for f in outputs.folders(build)]
    return Problem(
        "flutter-no-result",
        "There is no result of Flutter's",
        f"Nothing is in {' or '.join(looked_in)} of the work folder.",
        "Build again, and look at the log if there is nothing again.",
        where=str(build.work),
    )


def _replaced(names: list[str]) -> Problem:
    return Problem(
        "asset-replaces",
        f"Files among your assets take the place of the site's own: {', '.join(names)}",
        "The assets of a web app lie at the root of the site, and it may not start without its "
        "own files of these names.",
        "Rename yours if that is not what you want.",
        "warn",
        where=", ".join(f"assets/{name}" for name in names),
    )
