"""Pyodide beside a web app that loads nothing from afar: put into the Flutter project.

The Pyodide of the newest Python is in the wheel of Flet's ready-made client, byte by byte. Those
of older Pythons come from the npm registry, and two wheels that they load from their own host.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from builder import kept, places
from builder.flutter import environment, layout
from builder.flutter.package_arguments import kit_of
from builder.pipeline import Build, Job
from builder.problems import ComputerError, Problem
from builder.stages import client

if TYPE_CHECKING:
    import httpx

_LOCK = "pyodide-lock.json"
_PLACE = f"{layout.FLUTTER}/web/pyodide"
_REGISTRY = "https://registry.npmjs.org/pyodide/{}"
_WHEELS = "https://cdn.jsdelivr.net/pyodide/v{}/full/{}"
_LOADED = ("micropip", "packaging")  # what Pyodide's own start loads from beside it
_SECONDS = 60
# For people who develop with Pyodide outside of a browser.
_NOT_SHIPPED = (".map", ".md", ".html")


def wanted(build: Build) -> str:
    """The version of Pyodide that the app brings, "" where it brings none."""
    if not environment.is_web(build) or not build.settings.flutter.no_cdn:
        return ""
    return kit_of(build).python.pyodide


def missing(build: Build) -> str:
    """That it is gone, in words; "" when it is there or not wanted."""
    there = (build.work / _PLACE / _LOCK).is_file()
    return "Pyodide in the Flutter project" if wanted(build) and not there else ""


def put(job: Job) -> None:
    """Put the files where `flutter build web` takes them from; or remove what an older build put.

    Raises ComputerError when they cannot be fetched.
    """
    if not environment.is_web(job.build):
        return
    place, version = job.build.work / _PLACE, wanted(job.build)
    shutil.rmtree(place, ignore_errors=True)
    if not version:
        return
    place.mkdir(parents=True)
    for path in _source(job, version):
        shutil.copyfile(path, place / path.name)
    job.log(f"Pyodide {version} is packed along.")


def _source(job: Job, version: str) -> Iterator[Path]:
    release = kit_of(job.build).release
    if kit_of(job.build).python.short == release.default_python:
        chosen = client.get(job, release.flet)
        if chosen.pyodide == version:
            yield from _files(chosen.folder / "pyodide")
            return
    folder = places.cache() / "pyodide" / version
    if not kept.is_whole(folder):
        _fetch(job, version, folder)
    yield from _files(folder)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _fetch(job: Job, version: str, folder: Path) -> None:
    import httpx  # here, because it takes longer to import than a build takes that needs it not

    job.log(f"Fetching Pyodide {version}. This happens once.")
    try:
        with httpx.Client(timeout=_SECONDS, follow_redirects=True) as web:
            package = _package(job, web, version)
            with kept.making(folder) as fresh:
                _unpack(package, fresh)
                lock = json.loads((fresh / _LOCK).read_text("utf-8"))["packages"]
                for name in _LOADED:
                    job.check_cancelled()
                    file = lock[name]["file_name"]
                    wheel = web.get(_WHEELS.format(version, file)).raise_for_status().content
                    if hashlib.sha256(wheel).hexdigest() != lock[name]["sha256"]:
                        raise ValueError(f"the checksum of {file} is another one")
                    (fresh / file).write_bytes(wheel)
    except (
        httpx.HTTPError,
        FileNotFoundError,
        LookupError,
        TypeError,
        ValueError,
        tarfile.TarError,
    ) as error:
        raise ComputerError(_not_fetched(version, str(error))) from error


def _package(job: Job, web: httpx.Client, version: str) -> bytes:
    """The package of the registry, whose checksum is compared first."""
    about = web.get(_REGISTRY.format(version)).raise_for_status().json()["dist"]
    content = io.BytesIO()
    with web.stream("GET", about["tarball"]) as response:
        total = int(response.raise_for_status().headers.get("content-length", 0))
        for chunk in response.iter_bytes():
            content.write(chunk)
            job.progress(content.tell() / 1e6, total / 1e6 or None, "MB", "fetching Pyodide")
    digest = base64.b64encode(hashlib.sha512(content.getvalue()).digest()).decode()
    if f"sha512-{digest}" not in about["integrity"].split():
        raise ValueError("its checksum is not the one that the registry names")
    return content.getvalue()


def _unpack(package: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for member in archive.getmembers():
            parent, _, name = member.name.rpartition("/")
            file = archive.extractfile(member) if member.isfile() else None
            if file and parent == "package" and not name.endswith(_NOT_SHIPPED):
                (folder / name).write_bytes(file.read())


def _not_fetched(version: str, reason: str) -> Problem:
    return Problem(
        "pyodide-not-fetched",
        f"Pyodide {version}, which runs Python in the browser, could not be fetched",
        "It is packed along because nothing is to be loaded from afar. It comes from the npm "
        f"registry and from cdn.jsdelivr.net. {reason}",
        "Check the network (or the proxy), then build again; or choose the newest Python, whose "
        "Pyodide comes with Flet; or let the site load it when it is opened: leave out --no-cdn.",
    )
