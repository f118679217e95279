"""Stage: the app's files as they are packed into a desktop app, and what it knows of itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from builder.desktop import flet_client, own_metadata
from builder.desktop.runtime.about import CODE as APP
from builder.desktop.runtime.about import FILE, About
from builder.flask import dotenv
from builder.packing import PackedFile
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, ProjectError
from builder.stages import environment, file_problem, fingerprint

CODE = "code"
"""The folder below the work folder: the app's files in `app`, and `slipway.json`."""

_MOST_FOLDERS = 500
_NOT_THE_APPS = re.compile(r"FLASK_(APP|DEBUG|ENV|SKIP_DOTENV|RUN_.*)$")
_LISTS = (
    r".*(requirements|constraints).*\.(txt|in)|(pyproject|poetry|uv)\.toml|Pipfile"
    r"|(Pipfile|poetry|uv)\.lock|pip\.(conf|ini)"
)


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("code", "Collect the app's files", run, reads, (CODE,), after=("environment",))


def reads(build: Build) -> dict[str, str]:
    """Every file that is packed, by its content, and how the app starts."""
    files = {file.path: _source(build, file.path) for file in _files(build)}
    metadata = {Path(path).name: text for path, text in _metadata(build).items()}
    # As a digest: the values of a packed .env are among it.
    start = fingerprint.of_text(json.dumps(asdict(_about(build, "")), sort_keys=True))
    return fingerprint.beside({**metadata, "how it starts": start}, files)


def run(job: Job) -> None:
    """Copy the files beside the old ones, then take their place."""
    build = job.build
    for problem in build.project.selection.problems:
        if problem.severity == "error":
            raise ProjectError(problem)
    fresh, final = build.work / f"{CODE}.new", build.work / CODE
    shutil.rmtree(fresh, ignore_errors=True)
    files = _files(build)
    try:
        for done, file in enumerate(files):
            job.progress(done, len(files), "files")
            target = fresh / APP / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(_source(build, file.path), target)
        (fresh / APP).mkdir(parents=True, exist_ok=True)
        for path, text in _metadata(build).items():
            (fresh / APP / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / APP / path).write_text(text, encoding="utf-8")
        about = _about(build, fingerprint.of_folder(fresh / APP))
        (fresh / FILE).write_text(json.dumps(asdict(about), indent=1), encoding="utf-8")
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
    except OSError as error:
        raise ComputerError(file_problem.of(error, "not-collected", "The app")) from error
    job.log(f"{len(files)} files of the app")
    held = {file.path for file in files}
    for file in build.project.selection.files:
        if file.path not in held:
            job.log(f"{file.path} is left out: it holds the password of an index")


def digest(build: Build) -> str:
    """The same for the same files; the stage must be done."""
    return hashlib.sha256((build.work / CODE / FILE).read_bytes()).hexdigest()


def for_top_of_bundle(build: Build) -> list[Path]:
    """The files and folders that the code looks for at the top of the bundle (`sys._MEIPASS`).

    Code that was made for PyInstaller by hand does so. The stage must be done.
    """
    python = (file.path for file in _files(build) if file.path.endswith(".py"))
    if not any(b"_MEIPASS" in _content(_source(build, path)) for path in python):
        return []
    chosen = build.project.flask.chosen if build.project.flask else None
    root = build.work / CODE / APP / (chosen.root if chosen else "")
    return sorted(path for path in root.iterdir() if path.suffix not in (".py", ".dist-info"))


def _files(build: Build) -> Sequence[PackedFile]:
    found = build.project.selection.files
    return [file for file in found if not _holds_password(_source(build, file.path))]


def _metadata(build: Build) -> dict[str, str]:
    """What tells the app's code of its own name and version, below the app's folder."""
    chosen = build.project.flask.chosen if build.project.flask else None
    root = f"{chosen.root}/" if chosen and chosen.root else ""
    found = own_metadata.files(build.project.pyproject, build.settings.build_version)
    return {f"{root}{path}": text for path, text in found.items()}


def _holds_password(path: Path) -> bool:
    """Whether a list of packages holds that of an index: whoever gets the app could read it."""
    if not re.fullmatch(_LISTS, path.name, re.IGNORECASE):
        return False
    try:
        return bool(re.search(rb"://[^\s/:@]*:[^\s/@]+@", path.read_bytes()))
    except OSError:  # told when it is copied
        return False


def _source(build: Build, path: str) -> Path:
    return build.project.app_folder / path


def _empty_folders(build: Build) -> Iterator[str]:
    """Folders of the project in which nothing is packed: an app may count on their being there."""
    top, selection = build.project.app_folder, build.project.selection
    out = {left.path.rstrip("/") for left in selection.left_out}
    filled = {
        str(parent) for file in selection.files for parent in PurePosixPath(file.path).parents
    }
    for here, folders, names in os.walk(top):
        below = Path(here).relative_to(top).as_posix()
        folders[:] = [name for name in folders if _counts(name, below, out)]
        is_environment = "pyvenv.cfg" in names
        if is_environment or Path(here) in (build.work, build.output):
            folders.clear()
        elif below not in filled and below != ".":
            yield below


def _folders_to_write(build: Build) -> Iterator[str]:
    """Folders that the app writes to and whose content is left out: it finds them, empty."""
    out = {left.path for left in build.project.selection.left_out}
    for use in build.project.uses:
        if not use.writes:
            continue
        folder = use.path if use.kind == "folder" else str(PurePosixPath(use.path).parent)
        if folder in out:
            yield folder


def _counts(name: str, below: str, out: set[str]) -> bool:
    path = name if below == "." else f"{below}/{name}"
    return not name.startswith(".") and name != "__pycache__" and path not in out


def _start(build: Build) -> str:
    """The folder that the app runs in: that of its code, or the project's where its files are."""
    flask = build.project.flask
    root = flask.chosen.root if flask and flask.chosen else ""
    if not flask or not root:
        return ""
    named = [use.path for use in flask.uses if use.anchor == "start" and use.exists]
    inside = sum(f"{path}/".startswith(f"{root}/") for path in named)
    return "" if len(named) > 2 * inside else root


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # told when it is copied
        return b""


def _variables(build: Build) -> dict[str, str]:
    """What `flask run` sets: `.flaskenv` holds nothing secret, `.env` counts where it is packed.

    Without python-dotenv it sets nothing. What is only about serving and developing is left out.
    """
    if not build.project.flask or "python-dotenv" not in environment.packages(build):
        return {}
    project = build.project
    packed = any(file.path == ".env" for file in project.selection.files)
    files = [project.app_folder / ".flaskenv", project.folder / ".flaskenv"]
    files = [project.app_folder / ".env", *files] if packed else files
    said: dict[str, str] = {}
    for file in files:
        for name, value in dotenv.read(file).items():
            said.setdefault(name, value.text)
    return {name: text for name, text in said.items() if not _NOT_THE_APPS.match(name)}


def _about(build: Build, content: str) -> About:
    """What the app knows of itself; its digest changes with any file."""
    settings, desktop = build.settings, build.settings.desktop
    chosen = build.project.flask.chosen if build.project.flask else None
    is_native = not chosen and environment.is_native(build)
    about = About(
        kind="flask" if chosen else "flet",
        id=settings.bundle_id,
        name=settings.product,
        version=settings.build_version,
        digest="",
        module=chosen.module if chosen else build.project.module,
        call=chosen.name if chosen else "",
        root=chosen.root if chosen else "",
        start=_start(build),
        folders=sorted({*_empty_folders(build), *_folders_to_write(build)})[:_MOST_FOLDERS],
        host=desktop.host,
        port=desktop.port,
        threads=desktop.threads,
        width=desktop.window_width,
        height=desktop.window_height,
        native=is_native,
        variables=flet_client.variables(build) if is_native else _variables(build),
    )
    whole = json.dumps([asdict(about), content], sort_keys=True)
    return About(**{**asdict(about), "digest": hashlib.sha256(whole.encode()).hexdigest()[:16]})
