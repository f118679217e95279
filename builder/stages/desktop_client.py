"""Stage: what shows the app is settled, and Flet's own client fetched where that is it.

Fetched once for its exact version, checked, and kept with its checksum beside it, as Flet looks for
it in a packed app.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tarfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from builder import kept
from builder.desktop import flet_client
from builder.desktop.flet_client import Window
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Fix, Problem

SETTING = "tool.slipway.desktop.client"
_NOTE = "window.json"
_SUMS = "https://api.github.com/repos/flet-dev/flet/releases/tags/v{}"
_SECONDS = 30  # without a byte


def stage() -> Stage:
    """The stage for the pipeline; it needs nothing of the others."""
    return Stage("client", "Get the app's window", run, reads, (_NOTE,), missing=_missing)


def reads(build: Build) -> dict[str, str]:
    """What the choice depends on."""
    return dict(flet_client.describe(build))


def run(job: Job) -> None:
    """Settle it; raises ComputerError when only Flet's own window will do and cannot be had."""
    build = job.build
    (build.work / _NOTE).unlink(missing_ok=True)
    window = flet_client.window(build, may_ask=True)
    if window.kind == "native" and window.flet:
        window = _fetched(job, window)
    if window.kind == "browser" and build.settings.desktop.client == "native":
        raise ComputerError(not_to_be_had(build, window.why))
    if build.project.kind != "flask":
        words = "Flet's own window" if window.kind == "native" else "a window of the browser"
        job.log(f"The app opens in {words}" + (f": {window.why}." if window.why else "."))
    write_json(build.work / _NOTE, asdict(window))


def of(build: Build) -> Window:
    """What shows the app; the stage must be done."""
    return Window(**{"kind": "browser", **read_json(build.work / _NOTE)})


def files(build: Build) -> list[Path]:
    """The client's archive and its checksum, to be packed; the stage must be done."""
    window = of(build)
    if window.kind != "native" or not window.flet:
        return []
    archive = flet_client.folder(build, window.flet) / flet_client.artifact(build)
    return [archive, _sidecar(archive)]


def checksum(build: Build) -> str:
    """The same for the same client, "" where none is packed along; the stage must be done."""
    packed = files(build)
    return packed[1].read_text("utf-8") if packed else ""


def not_to_be_had(build: Build, why: str) -> Problem:
    """Flet's own window was asked for."""
    fix = Fix("client-auto", "Take what can be had", "set", {SETTING: None})
    return Problem(
        "client-not-there",
        "Flet's own window cannot be had for this app",
        f"The project asks for it, but {why}.",
        "Build once with the network, and it is kept; or let a window of the browser show the app "
        "where Flet's own is not to be had.",
        fixes=() if build.options.get("client") else (fix,),  # an option goes before the file
    )


def _missing(build: Build) -> str:
    """The client, when it is gone, or can be had now and could not before."""
    before, now = of(build), flet_client.window(build, may_ask=False)
    if before.kind == "native" and before.flet:
        is_gone = not kept.is_whole(flet_client.folder(build, before.flet))
    else:
        is_gone = before.kind == "browser" and now.kind == "native"
    return "Flet's own client" if is_gone else ""


# ---- Getting it ------------------------------------------------------------------------------


def _fetched(job: Job, window: Window) -> Window:
    """The same window when its client is here in the end, else the browser's."""
    import httpx  # here, because it takes longer to import than most builds need it

    build, version = job.build, window.flet
    place, name = flet_client.folder(build, version), flet_client.artifact(build)
    if kept.is_whole(place):
        return window
    job.log(f"Getting Flet's own client for Flet {version}. This happens once.")
    try:
        with kept.making(place) as fresh:
            _get(job, version, fresh / name)
            _check(fresh / name)
            _note_checksum(fresh / name)
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        ValueError,
        OSError,
        EOFError,
        tarfile.TarError,
        zipfile.BadZipFile,
    ) as error:
        why = f"Flet's own client could not be fetched ({_words(error)})"
        if build.settings.desktop.client != "native":
            job.problem(_not_fetched(why))
        return Window("browser", why=why)
    return window


def _get(job: Job, version: str, archive: Path) -> None:
    build = job.build
    given = os.environ.get(flet_client.ADDRESS, "")
    path = flet_client.as_path(given)
    unpacked = None if given else flet_client.unpacked(build, version)
    if path is not None:
        shutil.copyfile(path, archive)
    elif unpacked is not None:
        job.log(f"Taken from {unpacked}, where Flet keeps it.")
        _pack(job, unpacked, archive)
    else:
        _download(job, flet_client.address(build, version), archive, is_release=not given)


def _download(job: Job, url: str, archive: Path, *, is_release: bool) -> None:
    import httpx  # as above

    digest = hashlib.sha256()
    with httpx.Client(timeout=_SECONDS, follow_redirects=True) as web:
        with web.stream("GET", url) as response, archive.open("wb") as file:
            total = int(response.raise_for_status().headers.get("content-length", 0))
            for chunk in response.iter_raw():
                digest.update(chunk)
                file.write(chunk)
                job.progress(file.tell() / 1e6, total / 1e6 or None, "MB")
        if is_release:
            published = _published(web, job, url)
            if published and published != f"sha256:{digest.hexdigest()}":
                raise ValueError("its checksum is not the one that was published")


def _published(web: Any, job: Job, url: str) -> str:
    """The checksum that GitHub names for a file of a release, "" where it does not tell."""
    import httpx  # as above

    *_, tag, name = url.split("/")
    try:
        release = web.get(_SUMS.format(tag.removeprefix("v"))).raise_for_status().json()
        return next(str(a.get("digest") or "") for a in release["assets"] if a["name"] == name)
    except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError, StopIteration):
        job.log("Its checksum could not be asked for; the archive itself is whole.")
        return ""


def _pack(job: Job, folder: Path, archive: Path) -> None:
    """An archive of an unpacked client; the same for the same files."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in sorted(folder.rglob("*")):
                job.check_cancelled()
                packed.write(file, file.relative_to(folder))
        return
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as unpacked,
        tarfile.open(fileobj=unpacked, mode="w") as packed,
    ):
        for part in sorted(folder.iterdir()):
            if not part.name.startswith("."):  # Flet's own marks
                job.check_cancelled()
                packed.add(part, part.name, filter=_without_owner)


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    return member


def _check(archive: Path) -> None:
    """Raises when the archive is damaged or holds no client."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            if packed.testzip() is not None:
                raise ValueError("the archive is damaged")
            names = packed.namelist()
    else:
        with gzip.open(archive) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as packed:
            names = [member.name for member in packed]
            while unpacked.read(1 << 20):  # to its end, where its checksum stands
                pass
    wanted = flet_client.program().strip("*")
    if not any(wanted in f"{name}/" or name.endswith(wanted) for name in names):
        raise ValueError("the archive holds no client of Flet")


def _note_checksum(archive: Path) -> None:
    """In Flet's own form, so that a packed app need not read its whole client at each start."""
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _sidecar(archive).write_text(f"{digest} {archive.stat().st_size}", encoding="utf-8")


def _sidecar(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}.sha256")


def _words(error: Exception) -> str:
    if hasattr(error, "response"):  # its own words hold the address, which may hold a password
        return f"the answer was {error.response.status_code}"
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _not_fetched(why: str) -> Problem:
    return Problem(
        "client-not-fetched",
        "The app opens in a window of the browser",
        f"{why}.",
        "Build again with the network to get Flet's own window; until then people need Chrome, "
        "Edge or Chromium for a window, and otherwise see the app in their default browser.",
        "warn",
    )
