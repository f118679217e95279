"""Stage: the app's files and all its packages in one archive, all that Python has to fetch."""

from __future__ import annotations

import errno
import zipfile
from collections.abc import Iterator
from pathlib import Path

from builder import packing
from builder.packing import Selection
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, ProjectError
from builder.stages import bytecode, file_problem, fingerprint, packages
from builder.web import stored

ARCHIVE = "app.zip.gz"
_PACKAGES = "__pypackages__"
_LEVEL = 6  # more takes twice the time for a hundredth of the size

# The worker of Flet's own tools installs what these ask for when it finds them. Ours does not;
# they would only tell the world what the app is made with.
# A folder of packages that PDM made for this computer would mix with those for the target.
_NOT_SHIPPED = ("requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock", _PACKAGES)


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("archive", "Pack the app", run, reads, writes=(ARCHIVE,), after=("bytecode",))


def reads(build: Build) -> dict[str, str]:
    """Every file that is packed, by its content, and the packages."""
    _, listed = packages.of(build)
    compiled, _ = bytecode.of(build)
    folder = build.project.app_folder
    files = {file.path: folder / file.path for file in _select(build).files}
    named = {f"the package {p.key}": f"{p.version} {p.sha256}" for p in listed}
    return fingerprint.beside({**named, "bytecode": "yes" if compiled else "no"}, files)


def run(job: Job) -> None:
    """Write the archive, the app's own files first; tell what stays out."""
    selection = _select(job.build)
    for problem in selection.problems:
        if problem.severity == "error":
            raise ProjectError(problem)
        job.problem(problem)
    entries = list(_entries(job.build, selection))
    partial = job.build.work / (ARCHIVE + ".part")
    try:
        with stored.writing(partial, _LEVEL) as archive:
            for done, (name, path) in enumerate(entries):
                job.check_cancelled()
                job.progress(done, len(entries), "files")
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "not-packed", "The archive")) from error
    partial.replace(job.build.work / ARCHIVE)
    job.log(f"{len(selection.files)} files of the app, {len(entries)} in all")


def _select(build: Build) -> Selection:
    settings = build.settings
    asked = {packing.normalize(path) for path in settings.include}
    return packing.select(
        build.project.app_folder,
        exclude=[*settings.exclude, *(name for name in _NOT_SHIPPED if name not in asked)],
        include=settings.include,
        default_excludes=settings.default_excludes,
        keep_out=[build.output, build.work],
    )


def _entries(build: Build, selection: Selection) -> Iterator[tuple[str, Path]]:
    """Name in the archive and file on disk."""
    for file in selection.files:
        yield file.path, build.project.app_folder / file.path
    site, _ = packages.of(build)
    compiled, _ = bytecode.of(build)
    for path in sorted(site.rglob("*")):
        if path.is_file():
            yield _package_entry(path.relative_to(site), path, compiled)


def _package_entry(relative: Path, path: Path, compiled: Path | None) -> tuple[str, Path]:
    """A package's file, or the bytecode that stands in for its source."""
    name = f"{_PACKAGES}/{relative.as_posix()}"
    if compiled and path.suffix == ".py":
        bytecode_file = (compiled / relative).with_suffix(".pyc")
        if bytecode_file.is_file():
            return name + "c", bytecode_file
    return name, path
