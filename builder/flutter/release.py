"""What the project's version of Flet is built with: which Flutter, which Pythons.

The releases that Slipway knows need no network. Of another one the wheels on the package index say
which Flutter it is made for, and the day of the list of Pythons, which is on GitHub.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from builder import flet_version, index, places
from builder.flet_version import Accepted
from builder.flutter import target_python
from builder.flutter.kit import FlutterRelease, PythonRelease
from builder.history import read_json, write_json
from builder.index import Failure, RunTool
from builder.problems import ComputerError, Problem, ProjectError, SlipwayError
from builder.project import Project, Requirement
from builder.settings import Settings
from builder.stages import index_problem

BEST_KNOWN = "1.0.5"
"""What a project is built as that leaves the version of Flet open."""

MANIFEST = "FLET_PYTHON_BUILD_MANIFEST"
"""The variable that names a list of Pythons on this computer, for Flet's own tools as well."""

# The newest list of Pythons that Slipway knows, by the day it was published.
_DATE = "20260921"
_ABIS = ("arm64-v8a", "x86_64", "armeabi-v7a")
_PYTHONS = {
    "3.12": PythonRelease("3.12", "3.12.13", "0.27.7", _ABIS),
    "3.13": PythonRelease("3.13", "3.13.14", "0.29.4", _ABIS),
    "3.14": PythonRelease("3.14", "3.14.6", "314.0.7", _ABIS),
}
_DEFAULT_PYTHON = "3.14"
_FLUTTER = "3.44.8"
# All were made for the same Flutter. 1.0.0 had an older list of Pythons, with the same lines.
_KNOWN = ("1.0.5", "1.0.4", "1.0.3", "1.0.2", "1.0.1", "1.0.0")

_MANIFEST_URL = "https://github.com/flet-dev/python-build/releases/download/{}/manifest.json"
_SECONDS = 20

Tell = Callable[[Problem], None]


def of(
    project: Project, run: RunTool | None = None, *, target: str = "", tell: Tell | None = None
) -> FlutterRelease:
    """What the project is built with. Asks the package index only where it must, through `run`.

    Markers of requirements count as on `target`. `tell` hears warnings. Raises ProjectError when
    the project asks for a Flet that cannot be built, ComputerError when nothing is known about it
    and it cannot be had (or `run` is not given).
    """
    say = tell or (lambda problem: None)
    asked = _accepted(project, target, say)
    version = _known(asked)
    release = _built_in(version) if version else _looked_up(project, asked, run, say)
    return _with_own_manifest(release)


def flutter_of(project: Project, target: str = "") -> str:
    """The version of Flutter that the project needs, as far as it is known without asking.

    That of the Flet that we know where nothing is known, or where no such Flet can be built.
    """
    try:
        return of(project, target=target).flutter
    except SlipwayError:
        return _FLUTTER


def python_of(release: FlutterRelease, settings: Settings) -> PythonRelease:
    """The Python that is packed: asked for, else the newest that the project accepts, else usual.

    A preview of a Python is taken only where nothing else is accepted. Raises ProjectError for one
    that this release does not have.
    """
    asked = settings.python_version.strip()
    if asked:
        found = next((p for p in release.pythons.values() if asked in (p.short, p.full)), None)
        if found is None:
            raise ProjectError(_no_such_python(release, f"Python {asked}", "--python-version"))
        return found
    if settings.requires_python.strip():
        return _required(release, settings.requires_python)
    return release.pythons[release.default_python]


# ---- Which Flet ------------------------------------------------------------------------------


def _accepted(project: Project, target: str, say: Tell) -> Accepted:
    system = target_python.system_of(target) if target else ""
    asked = flet_version.accepted(
        project.requirements, lambda text: not system or target_python.may_apply(text, system)
    )
    if asked.too_old:
        raise ProjectError(_too_old(asked.too_old))
    if asked.elsewhere:
        say(_from_elsewhere(asked.elsewhere))
    return asked


def _known(asked: Accepted) -> str:
    return next((v for v in _KNOWN if Version(v) in asked.specifier), "")


def _built_in(version: str) -> FlutterRelease:
    return FlutterRelease(version, _FLUTTER, _PYTHONS, _DEFAULT_PYTHON)


def _is_alike(version: str) -> bool:
    """Whether a version differs from those we know in its last number only."""
    return Version(version).release[:2] == Version(BEST_KNOWN).release[:2]


# ---- Looking up what we do not know ----------------------------------------------------------


def _looked_up(project: Project, asked: Accepted, run: RunTool | None, say: Tell) -> FlutterRelease:
    cached = _kept(asked)
    if cached:
        return cached
    if run is None:
        return _guessed(asked, say, ComputerError(_not_known(asked)))
    try:
        version = asked.pinned or _newest(project, asked, run)
        flutter, date = _from_wheels(project, version, run)
        release = _with_pythons(version, flutter, date, say)
    except ComputerError as error:
        return _guessed(asked, say, error)
    return release


def _guessed(asked: Accepted, say: Tell, error: ComputerError) -> FlutterRelease:
    """A release like those we know, when nothing more can be learnt; raises `error` otherwise."""
    if (
        not asked.pinned
        or flet_version.version(asked.pinned) is None
        or not _is_alike(asked.pinned)
    ):
        raise error
    say(_taken_as_known(asked.pinned))
    return _built_in(asked.pinned)


def _newest(project: Project, asked: Accepted, run: RunTool) -> str:
    found = index.versions(run, "flet", options=project.pip_options)
    if isinstance(found, Failure):
        raise ComputerError(index_problem.of(found, "the list of Flet's versions"))
    newest = next((v for v in found if v in asked.specifier), None)
    if newest is None:
        raise ProjectError(_no_such_flet(asked, str(found[0]) if found else ""))
    return str(newest)


def _from_wheels(project: Project, version: str, run: RunTool) -> tuple[str, str]:
    """Which Flutter a Flet is made for, and the day of its list of Pythons."""
    flutter = _in_wheel(
        project, f"flet=={version}", "flet/version.py", r'^flutter_version = "(\d[\d.]*)"', run
    )
    date = _in_wheel(
        project,
        f"flet-cli=={version}",
        "flet_cli/utils/python_versions.py",
        r'^PYTHON_BUILD_RELEASE_DATE = "(\d{8})"',
        run,
    )
    return flutter, date


def _in_wheel(project: Project, requirement: str, member: str, pattern: str, run: RunTool) -> str:
    """What stands in a file of a wheel, which is fetched for it and not kept."""
    with tempfile.TemporaryDirectory(prefix="slipway-") as scratch:
        wheel = index.download(run, requirement, Path(scratch), options=project.pip_options)
        if isinstance(wheel, Failure):
            if wheel.kind == "missing":
                raise ProjectError(_no_such_release(requirement))
            raise ComputerError(index_problem.of(wheel, requirement))
        try:
            with zipfile.ZipFile(wheel) as archive:
                text = archive.read(member).decode("utf-8")
        except (KeyError, zipfile.BadZipFile, UnicodeDecodeError):
            text = ""
    found = re.search(pattern, text, re.MULTILINE)
    if not found:
        raise ComputerError(_not_understood(requirement, member))
    return found[1]


def _with_pythons(version: str, flutter: str, date: str, say: Tell) -> FlutterRelease:
    if os.environ.get(MANIFEST):  # it goes before any other list, so none is fetched
        return FlutterRelease(version, flutter, _PYTHONS, _DEFAULT_PYTHON)
    date = os.environ.get("FLET_PYTHON_BUILD_RELEASE_DATE", "") or date
    if date == _DATE:
        return _keep(FlutterRelease(version, flutter, _PYTHONS, _DEFAULT_PYTHON))
    import httpx  # here, because it takes longer to import than a build takes that needs it not

    try:
        pythons, default = _read_manifest(_manifest_of(date))
    except (httpx.HTTPError, OSError, ValueError, TypeError, KeyError) as error:
        if not _is_alike(version):
            raise ComputerError(_manifest_not_fetched(version, str(error))) from error
        say(_taken_as_known(version))
        return FlutterRelease(version, flutter, _PYTHONS, _DEFAULT_PYTHON)
    return _keep(FlutterRelease(version, flutter, pythons, default))


def _manifest_of(date: str) -> Any:
    """The list of Pythons of a day: as Flet's own tools keep it, else fetched."""
    root = os.environ.get("FLET_CACHE_DIR") or Path.home() / ".flet" / "cache"
    kept_by_flet = Path(root, "python-build", f"manifest-{date}.json")
    if kept_by_flet.is_file():
        return json.loads(kept_by_flet.read_text("utf-8"))
    import httpx  # here, as above

    with httpx.Client(timeout=_SECONDS, follow_redirects=True) as web:
        return web.get(_MANIFEST_URL.format(date)).raise_for_status().json()


def _read_manifest(manifest: Any) -> tuple[Mapping[str, PythonRelease], str]:
    """The Pythons of a manifest by their short versions, and the default one.

    Raises KeyError, TypeError or ValueError when it is not one.
    """
    pythons = {
        short: PythonRelease(
            str(short),
            str(about["full_version"]),
            str(about["pyodide_version"]),
            tuple(map(str, about["android_abis"])),
            bool(about.get("prerelease", False)),
        )
        for short, about in dict(manifest["pythons"]).items()
    }
    for python in pythons.values():
        Version(python.full)  # an InvalidVersion is a ValueError
    default = str(manifest["default_python_version"])
    if default not in pythons:
        raise ValueError(f"the default Python {default} is not in the list")
    return pythons, default


def _with_own_manifest(release: FlutterRelease) -> FlutterRelease:
    """The release with the Pythons of the list that the user named, if one was."""
    path = os.environ.get(MANIFEST, "")
    if not path:
        return release
    try:
        manifest = json.loads(Path(path).read_text("utf-8"))
        pythons, default = _read_manifest(manifest)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ProjectError(_own_manifest_not_read(path, error)) from error
    return FlutterRelease(release.flet, release.flutter, pythons, default)


# ---- In the cache ----------------------------------------------------------------------------


def _keep(release: FlutterRelease) -> FlutterRelease:
    write_json(places.cache() / "releases" / f"{release.flet}.json", asdict(release))
    return release


def _kept(asked: Accepted) -> FlutterRelease | None:
    """What was learnt before of the one version that is accepted."""
    data = read_json(places.cache() / "releases" / f"{asked.pinned}.json") if asked.pinned else {}
    try:
        pythons = {
            short: PythonRelease(**{**about, "android_abis": tuple(about["android_abis"])})
            for short, about in data["pythons"].items()
        }
        default = str(data["default_python"])
        return FlutterRelease(str(data["flet"]), str(data["flutter"]), pythons, default)
    except (KeyError, TypeError, AttributeError):
        return None


# ---- Which Python ----------------------------------------------------------------------------


def _required(release: FlutterRelease, requires: str) -> PythonRelease:
    """The newest Python that `requires-python` accepts; previews by their short versions."""
    try:
        accepted = SpecifierSet(requires)
        with_previews = SpecifierSet(requires, prereleases=True)
    except InvalidSpecifier:  # the settings told of it
        return release.pythons[release.default_python]
    finals = [p for p in release.pythons.values() if not p.prerelease and p.full in accepted]
    if finals:
        return max(finals, key=lambda python: Version(python.full))
    previews = [p for p in release.pythons.values() if p.prerelease and p.short in with_previews]
    if previews:
        return max(previews, key=lambda python: Version(python.short))
    where = "pyproject.toml, project.requires-python"
    raise ProjectError(_no_such_python(release, f"Python {requires}", where))


# ---- What can be wrong -----------------------------------------------------------------------


def _too_old(requirement: Requirement) -> Problem:
    asked = flet_version.specifier_of(requirement)
    return Problem(
        "flet-too-old",
        f"This project asks for Flet {asked}, which is older than 1.0",
        "Slipway builds with Flutter for Flet 1.0 and newer. Older versions need another "
        "template, another Flutter and another way of packing Python.",
        "Move the project to Flet 1.0 or newer, then build again. To stay with the old version, "
        "build it with the `flet build` that belongs to it.",
        where=requirement.where,
    )


def _from_elsewhere(requirement: Requirement) -> Problem:
    return Problem(
        "flet-version-not-known",
        f"Flet comes from elsewhere, so the app is built as for Flet {BEST_KNOWN}",
        f"The project says: {requirement.text}. Which version that is shows only in the app.",
        "Try the app. If it stays at its first screen, the versions do not fit together.",
        "warn",
        where=requirement.where,
    )


def _taken_as_known(version: str) -> Problem:
    return Problem(
        "flet-taken-as-known",
        f"Flet {version} is built like {BEST_KNOWN}, the newest that Slipway knows",
        "What this version is built with could not be looked up. Versions that differ in the "
        "last number only have used the same Flutter so far.",
        "Nothing to do if the build works. Otherwise build again with the network.",
        "warn",
    )


def _not_known(asked: Accepted) -> Problem:
    return Problem(
        "flet-not-known",
        f"Slipway does not know yet what Flet {_without_oldest(asked)} is built with",
        "The package index says so, and it was not asked.",
        "Build with the network once: what was learnt is kept.",
        where="the requirement of flet",
    )


def _no_such_flet(asked: Accepted, newest: str) -> Problem:
    return Problem(
        "flet-version-missing",
        f"There is no Flet {_without_oldest(asked)}",
        "The package index has no version that fits."
        + (f" The newest is {newest}." if newest else ""),
        "Ask for a version that exists, for example flet>=1.0.",
        where="the requirement of flet",
    )


def _no_such_release(requirement: str) -> Problem:
    return Problem(
        "flet-version-missing",
        f"There is no {requirement.replace('==', ' ')}",
        "The package index does not have this version.",
        f"Ask for a version that exists, for example flet=={BEST_KNOWN}.",
        where="the requirement of flet",
    )


def _without_oldest(asked: Accepted) -> str:
    clauses = [str(c) for c in asked.specifier if str(c) != f">={flet_version.OLDEST}"]
    return asked.pinned or ",".join(sorted(clauses)) or str(asked.specifier)


def _not_understood(requirement: str, member: str) -> Problem:
    return Problem(
        "flet-not-understood",
        f"{requirement.replace('==', ' ')} is not made as Slipway expects",
        f"{member} in its package does not say what it is built with.",
        "Use another version of Flet for this project, or a newer Slipway.",
    )


def _manifest_not_fetched(version: str, reason: str) -> Problem:
    return Problem(
        "python-list-not-fetched",
        f"The list of Pythons for Flet {version} could not be fetched",
        f"It is on GitHub (flet-dev/python-build). {reason}",
        f"Check the network (or the proxy), then build again; or name a copy of the list in the "
        f"environment variable {MANIFEST}.",
    )


def _own_manifest_not_read(path: str, error: Exception) -> Problem:
    said = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
    return Problem(
        "python-list-not-readable",
        "The list of Pythons cannot be used",
        f"The environment variable {MANIFEST} names {path}. What did not fit: {said}",
        "Correct the file, or remove the variable: Slipway knows the usual Pythons by itself.",
        where=path,
    )


def _no_such_python(release: FlutterRelease, asked: str, where: str) -> Problem:
    names = [
        f"{p.short} (a preview)" if p.prerelease else p.short for p in release.pythons.values()
    ]
    return Problem(
        "python-not-in-release",
        f"Flet {release.flet} cannot pack {asked}",
        f"The app brings its own Python, and there are builds of these: {', '.join(names)}.",
        "Ask for one of them, or leave the version out.",
        where=where,
    )
