"""Stage: the ready-made web client of the Flet version that the project asks for, in the cache."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from builder import flet_version, index, kept, places
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError, ToolError
from builder.project import Requirement
from builder.stages import index_problem, pip_runner
from builder.web import client
from builder.web.client import Client

_CHOICE = "client.json"


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("client", "Get Flet's web client", run, reads, writes=(_CHOICE,), missing=_missing)


def reads(build: Build) -> dict[str, str]:
    """What the choice depends on."""
    return {
        "the Flet version asked for": str(wanted(build.project.requirements)),
        "the Python version asked for": build.settings.python_version,
        "requires-python": build.settings.requires_python,
    }


def run(job: Job) -> None:
    """Choose the version, fetch it once, note the choice in the work folder."""
    specifier = wanted(job.build.project.requirements)
    is_pinned = bool(flet_version.Accepted(specifier).pinned)
    chosen = _cached_choice(specifier) if is_pinned else None
    chosen = chosen or _fetch(job, specifier)
    check_python(chosen, job.build)
    job.log(f"Flet {chosen.flet}: Pyodide {chosen.pyodide}, Python {chosen.python.version}")
    write_json(job.build.work / _CHOICE, {"flet": chosen.flet})


def of(build: Build) -> Client:
    """The client of a build whose client stage is done."""
    return _read(read_json(build.work / _CHOICE)["flet"])


def get(job: Job, flet: str) -> Client:
    """The client of one version of Flet, fetched unless it is in the cache.

    Raises ComputerError when it cannot be had.
    """
    if not kept.is_whole(_kept(flet)):
        _download(job, flet)
    return _read(flet)


def is_cached(requirements: Sequence[Requirement]) -> bool:
    """Whether a build with these requirements finds its client without the network."""
    return _cached_choice(wanted(requirements)) is not None


# ---- Which version ---------------------------------------------------------------------------


def wanted(requirements: Sequence[Requirement]) -> SpecifierSet:
    """The versions of Flet that the project accepts, of those that can be built.

    What is asked for only elsewhere (`; sys_platform == "win32"`) does not count. Raises
    ProjectError when it accepts none, or asks for a Flet that is not from the index.
    """
    found = flet_version.accepted(requirements, client.may_apply)
    if found.elsewhere:
        raise ProjectError(_not_released(found.elsewhere))
    if found.too_old:
        raise ProjectError(_too_old(found.too_old))
    return found.specifier


# ---- In the cache ----------------------------------------------------------------------------


def _kept(flet: str) -> Path:
    return places.cache() / "clients" / flet


def _read(flet: str) -> Client:
    return client.read(flet, _kept(flet) / "web")


def _cached_choice(specifier: SpecifierSet) -> Client | None:
    """The newest client in the cache that the specifier accepts."""
    root = places.cache() / "clients"
    names = [path.name for path in root.iterdir()] if root.is_dir() else []
    for version in sorted(filter(None, map(flet_version.version, names)), reverse=True):
        if version in specifier and kept.is_whole(_kept(str(version))):
            return _read(str(version))
    return None


def _missing(build: Build) -> str:
    flet = read_json(build.work / _CHOICE).get("flet")
    return "" if flet and kept.is_whole(_kept(flet)) else "the client in the cache"


# ---- Fetching --------------------------------------------------------------------------------


def _fetch(job: Job, specifier: SpecifierSet) -> Client:
    """The newest client that the index has, or with no network the newest in the cache."""
    options = job.build.project.pip_options
    found = index.versions(pip_runner.of(job, quiet=True), "flet-web", options=options)
    if isinstance(found, index.Failure):
        cached = _cached_choice(specifier)
        if cached is None or found.kind != "network":
            raise ComputerError(index_problem.of(found, "Flet's web client"))
        job.problem(index_problem.worked_from_cache(f"Flet {cached.flet}"))
        return cached
    version = next((v for v in found if v in specifier), None)
    if version is None:
        raise ProjectError(_no_such_version(specifier, found))
    if not kept.is_whole(_kept(str(version))):
        _download(job, str(version))
    return _read(str(version))


def _download(job: Job, version: str) -> None:
    """Fetch a client into the cache."""
    job.log(f"Fetching the web client of Flet {version}. This happens once.")
    with kept.making(_kept(version)) as fresh, tempfile.TemporaryDirectory() as scratch:
        wheel = index.download(
            pip_runner.of(job),
            f"flet-web=={version}",
            Path(scratch),
            options=job.build.project.pip_options,
        )
        if isinstance(wheel, index.Failure):
            raise ComputerError(index_problem.of(wheel, f"the web client of Flet {version}"))
        _unpack(job, wheel, fresh)
        if not (fresh / "flet_web" / "web").is_dir():
            raise ToolError(client.not_understood(version, "the wheel holds no flet_web/web"))
        (fresh / "flet_web" / "web").rename(fresh / "web")
        (fresh / "flet_web").rmdir()


def _unpack(job: Job, wheel: Path, out: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = [m for m in archive.infolist() if m.filename.startswith("flet_web/web/")]
        for done, member in enumerate(members):
            job.check_cancelled()
            job.progress(done, len(members), "files")
            archive.extract(member, out)


# ---- What can be wrong -----------------------------------------------------------------------


def check_python(chosen: Client, build: Build) -> None:
    """Raise ProjectError when the project asks for a Python that the client does not bring."""
    asked, has = build.settings.python_version, chosen.python
    if asked and asked not in (has.short, has.version):
        raise ProjectError(_other_python(chosen, f"Python {asked}", "--python-version"))
    requires = build.settings.requires_python
    if requires and has.version not in SpecifierSet(requires):
        raise ProjectError(
            _other_python(chosen, f"Python {requires}", "requires-python in pyproject.toml")
        )


def _other_python(chosen: Client, asked: str, where: str) -> Problem:
    return Problem(
        "python-not-in-client",
        f"A web site with Flet {chosen.flet} runs Python {chosen.python.short}, not {asked}",
        "In a browser, Python comes with Flet's web client, and each client brings one version.",
        f"Ask for Python {chosen.python.short}, or leave the version out.",
        where=where,
    )


def _not_released(requirement: Requirement) -> Problem:
    return Problem(
        "flet-not-released",
        "This project asks for a Flet that is not from the package index",
        f"It says: {requirement.text}. The web client belongs to a released version of Flet.",
        "Ask for a released version, for example flet>=1.0.",
        where=requirement.where,
    )


def _too_old(requirement: Requirement) -> Problem:
    asked = flet_version.specifier_of(requirement)
    return Problem(
        "flet-too-old",
        f"This project asks for Flet {asked}, which is older than 1.0",
        "Slipway builds web sites with Flet 1.0 and newer; older clients start in another way.",
        "Move the project to Flet 1.0 or newer, then build again.",
        where=requirement.where,
    )


def _no_such_version(specifier: SpecifierSet, found: Sequence[Version]) -> Problem:
    newest = f" The newest is {found[0]}." if found else ""
    return Problem(
        "flet-version-missing",
        f"There is no web client for Flet {specifier}",
        f"The package index has no version of flet-web that fits.{newest}",
        "Ask for a version that exists, for example flet>=1.0.",
        where="the requirement of flet",
    )
