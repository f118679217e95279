"""Build templates in zip files: downloaded, looked at, and unpacked into the cache."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from builder import kept
from builder.flutter import layout
from builder.flutter import template_problems as told
from builder.flutter.template_asked import Asked, shown
from builder.pipeline import Job
from builder.problems import ComputerError, ProjectError

CONFIG = "cookiecutter.json"

_SECONDS = 60
_MOST_FETCHED = 200_000_000  # bytes; Flet's template has about one million
_MOST_UNPACKED = 500_000_000
_MOST_FILES = 20_000
_MOST = (_MOST_FETCHED, _MOST_UNPACKED, _MOST_FILES)


@contextmanager
def downloaded(job: Job, wanted: Asked) -> Iterator[Path]:
    """An archive from the web. Raises ComputerError, or ProjectError where there is none."""
    archive = job.build.work / "template-fetched.zip"
    try:
        _download(job, wanted, archive)
        yield archive
    finally:
        archive.unlink(missing_ok=True)


def keep(job: Job, archive: Path, folder: Path, wanted: Asked) -> None:
    """Unpack an archive into the cache, if it holds a template and nothing that leads elsewhere."""
    address = wanted.shown
    try:
        with kept.making(folder) as fresh:
            with zipfile.ZipFile(archive) as opened:
                members = opened.infolist()
                _refuse_odd(members, address)
                for done, member in enumerate(members):
                    job.progress(done, len(members), "files")
                    opened.extract(member, fresh)
            if not any(inner(fresh, wanted.subfolder, address).rglob(layout.PUBSPEC)):
                raise ProjectError(told.no_pubspec(address))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ProjectError(told.broken_zip(address, str(error))) from error


def inner(root: Path, subfolder: str, address: str) -> Path:
    """The folder with `cookiecutter.json`; an archive may hold the template in its only folder."""
    root = root.resolve()
    folders = [path for path in root.iterdir() if path.is_dir() and not path.is_symlink()]
    starts = [root, *folders] if len(folders) == 1 else [root]
    for start in starts:
        folder = (start / subfolder).resolve()
        if not folder.is_relative_to(start):
            raise ProjectError(told.dir_outside(subfolder))
        if (folder / CONFIG).is_file():
            return folder
    raise ProjectError(told.no_template(address, subfolder))


def _download(job: Job, wanted: Asked, target: Path) -> None:
    import httpx  # here, because it takes longer to import than a build takes that needs it not

    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=True) as web,
            web.stream("GET", wanted.address) as response,
            target.open("wb") as file,
        ):
            if response.status_code in (404, 410):
                raise ProjectError(told.nothing_at(wanted.shown, response.status_code, wanted.flet))
            total = int(response.raise_for_status().headers.get("content-length", 0))
            for chunk in response.iter_bytes():
                job.progress(file.tell() / 1e6, total / 1e6 or None, "MB")
                file.write(chunk)
                if file.tell() > _MOST_FETCHED:
                    raise ProjectError(told.too_large(wanted.shown, *_MOST))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ComputerError(
            told.not_reached(wanted.shown, shown(str(error)), wanted.flet)
        ) from error


def _refuse_odd(members: list[zipfile.ZipInfo], address: str) -> None:
    if len(members) > _MOST_FILES or sum(m.file_size for m in members) > _MOST_UNPACKED:
        raise ProjectError(told.too_large(address, *_MOST))
    for member in members:
        if _leads_outside(member.filename):
            raise ProjectError(told.leads_out(address, member.filename))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ProjectError(told.is_link(address, member.filename))


def _leads_outside(name: str) -> bool:
    path = PureWindowsPath(name)  # which takes both kinds of slashes
    return bool(path.drive or path.root) or ".." in path.parts
