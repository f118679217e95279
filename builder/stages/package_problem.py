"""What can be wrong with an app's packages, told to a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from builder.index import Failure, Package, is_compiled
from builder.problems import Fix, Problem
from builder.project import Project, Requirement
from builder.stages.index_problem import evidence


@dataclass(frozen=True)
class Place:
    """Where the app will run, in the words of the problems; `id` is part of their codes."""

    id: str
    runs: str  # "in a browser"
    made_for: str  # "the browser"
    name: str  # "the web"
    others: str = ""  # a sentence about where the package could be used
    result: str = "app"


WEB = Place(
    "browser",
    "in a browser",
    "the browser",
    "the web",
    " An app for a computer or a phone can use it.",
    "site",
)
PLACES = {
    "web": WEB,
    "android": Place("android", "on Android", "Android", "Android"),
    "ios": Place("ios", "on iPhones", "iPhones and iPads", "iOS"),
    "macos": Place("macos", "on Macs", "macOS", "macOS"),
    "windows": Place("windows", "on Windows", "Windows", "Windows"),
    "linux": Place("linux", "on Linux", "Linux", "Linux"),
}
"""By the platform of `[tool.flet.<platform>]`."""


def same_or_newer(version: str, wanted: str) -> bool:
    """Whether `version` is not older than `wanted`."""
    return Version(version) >= Version(wanted)


def is_something_else(taken: Package, wanted: Package) -> bool:
    """Whether an older version can hardly stand in for the one that one would want.

    A pure-Python wheel of a package that is compiled today is a stub or a relic; a version of
    another main number has another interface.
    """
    relic = is_compiled(wanted) and not is_compiled(taken)
    return relic or Version(taken.version).release[0] != Version(wanted.version).release[0]


@dataclass(frozen=True)
class Way:
    """How a package came in: the project's requirement, and the packages from there to it.

    `asked` is None when nothing that is known asks for the package.
    """

    asked: Requirement | None = None
    through: Sequence[str] = ()

    @property
    def where(self) -> str:
        """Where the project asks for it."""
        return self.asked.where if self.asked else ""


def chain(key: str, asked: Sequence[Requirement], packages: Sequence[Package]) -> Way:
    """The shortest way by which a package came in."""
    needs = {p.key: [_key(r) for r in p.requires] for p in packages}
    paths = [[_key(r.text)] for r in asked]
    seen: set[str] = set()
    for path in paths:  # grows while it is read: breadth first, so the shortest way is found
        if path[-1] == key:
            return Way(next(r for r in asked if _key(r.text) == path[0]), path[1:])
        if path[-1] in seen:
            continue
        seen.add(path[-1])
        paths.extend([*path, need] for need in needs.get(path[-1], ()))
    return Way()


def no_build(package: Package, way: Way, project: Project, place: Place = WEB) -> Problem:
    """A package that nobody has built for where the app will run."""
    return Problem(
        f"no-{place.id}-build",
        f"“{package.name}” cannot run {place.runs}",
        f"It is made of native code, and there is no build of it for {place.name}. "
        + _brought(way),
        f"Leave it out, or use another package for {place.name}.{place.others}",
        where=way.where,
        fixes=_leave_out(package, way, project),
    )


def fallback(
    taken: Package, wanted: Package, because: str, way: Way, place: Place = WEB
) -> Problem:
    """A version that fits only by chance."""
    return Problem(
        "package-fallback",
        f"“{taken.name}” {taken.version} is not the {taken.name} that your app needs",
        f"The current version is {wanted.version}, {_no_build_of(because, taken.name, place)}. "
        f"{taken.version} would have been taken in its place, only because it can be installed. "
        + _brought(way),
        f"Use another package for {place.name}. If {taken.version} is what you want, "
        f"ask for it: {taken.name}=={taken.version}.",
        where=way.where,
    )


def older(taken: Package, wanted: Package, because: str, way: Way, place: Place = WEB) -> Problem:
    """An older version that should do."""
    return Problem(
        "package-older",
        f"“{taken.name}” is packed in version {taken.version}, not {wanted.version}",
        f"The newer version cannot be used, {_no_build_of(because, taken.name, place)}. "
        + _brought(way),
        f"Try the {place.result}. To make this choice yours, "
        f"ask for {taken.name}=={taken.version}.",
        severity="warn",
        where=way.where,
    )


def not_found(
    failure: Failure,
    found: Sequence[Version] | Failure,
    asked: Sequence[Requirement],
    on: Place = WEB,
) -> Problem:
    """A requirement without a match on the index, for any computer."""
    place = next((r.where for r in asked if _key(r.text) == _key(failure.name)), "")
    if isinstance(found, Failure) or not found:
        return Problem(
            "no-such-package",
            f"There is no package called “{_key(failure.name)}”",
            "The package index does not know this name. It may be misspelt, "
            "or the package may be imported under another name than it is installed by.",
            "Correct the name, or take it out.",
            where=place,
            evidence=evidence(failure),
        )
    if _accepts_none(failure.name, found):
        return Problem(
            "no-such-version",
            f"There is no version of “{_key(failure.name)}” that fits “{failure.name}”",
            f"The newest version on the package index is {found[0]}.",
            "Ask for a version that exists.",
            where=place,
        )
    return Problem(
        "package-only-source",
        f"“{_key(failure.name)}” cannot be packed for {on.name}",
        "Its makers publish no ready wheel that fits, only source code or other Python versions.",
        f"Ask for another version of it, or use another package for {on.name}.",
        where=place,
        evidence=evidence(failure),
    )


def unfit(failure: Failure, asked: Sequence[Requirement], on: Place = WEB) -> Problem:
    """A wheel that is asked for by its address, and is for another platform or Python."""
    name = failure.name.rpartition("/")[2]
    place = next((r.where for r in asked if name in r.text), "")
    return Problem(
        f"wheel-not-for-{on.id}",
        f"“{name}” cannot run {on.runs}",
        "The wheel that is asked for was made for another system, or for another Python.",
        f"Ask for the package by its name, or for a wheel that was made for {on.made_for}.",
        where=place,
        evidence=evidence(failure),
    )


def conflict(failure: Failure, asked: Sequence[Requirement]) -> Problem:
    """Requirements that no set of versions fulfils."""
    start = next((n for n, x in enumerate(failure.lines) if "conflict is caused by" in x), 0)
    told = [line.strip() for line in failure.lines[start + 1 :] if " depends on " in line]
    told += [line.strip() for line in failure.lines if "The user requested" in line]
    names = sorted({_key(r.text) for r in asked if any(_key(r.text) in t for t in told)})
    return Problem(
        "requirements-conflict",
        "These requirements exclude each other" + (f": {', '.join(names)}" if names else ""),
        "; ".join(dict.fromkeys(told)) or "No set of versions fulfils all of them.",
        "Loosen one of them, then build again.",
        where="; ".join(dict.fromkeys(r.where for r in asked if _key(r.text) in names)),
        evidence=evidence(failure),
    )


def collection_unreachable(packages: Sequence[tuple[Package, Way]], failure: Failure) -> Problem:
    """Packages that only Pyodide's own collection has, and no way to it."""
    names = ", ".join(f"“{package.name}”" for package, _ in packages)
    brought = " ".join(_brought(way) for _, way in packages)
    return Problem(
        "collection-unreachable",
        f"{names} for the web cannot be fetched",
        "The package index has no build for the browser. Pyodide's own collection has one, "
        f"and that place (cdn.jsdelivr.net) cannot be reached. {brought}",
        "Check the network (or the proxy), then build again: it is fetched once and kept. "
        "Or leave it out.",
        where="; ".join(dict.fromkeys(way.where for _, way in packages)),
        evidence=evidence(failure),
    )


def with_place(problem: Problem, folder: Path) -> Problem:
    """The problem with a click that opens the file of the project in which its cause stands."""
    name = re.sub(r", (line \d+|[\w.-]+)$", "", problem.where.partition("; ")[0])
    if not name or not (folder / name).is_file():
        return problem
    fix = Fix("show", f"Show {name}", "open", {"path": str(folder / name)})
    return replace(problem, fixes=(*problem.fixes, fix))


def _key(text: str) -> str:
    try:
        return canonicalize_name(PackagingRequirement(text).name)
    except InvalidRequirement:
        return text


def _accepts_none(text: str, found: Sequence[Version]) -> bool:
    try:
        specifier = PackagingRequirement(text).specifier
    except InvalidRequirement:
        return False
    return not any(version in specifier for version in found)


def _brought(way: Way) -> str:
    if way.asked is None:
        return ""
    asked = f"{way.asked.text} ({way.asked.where})"
    if not way.through:
        return f"Your app asks for it: {asked}."
    return "It comes in through " + " → ".join([asked, *way.through]) + "."


def _no_build_of(because: str, name: str, place: Place) -> str:
    if not because:
        return f"which does not fit together with the rest {place.runs}"
    if canonicalize_name(because) == canonicalize_name(name):
        return f"which has no build for {place.made_for}"
    return f"which needs “{because}”, and that has no build for {place.made_for}"


def _leave_out(package: Package, way: Way, project: Project) -> list[Fix]:
    """Leaving it out is one click where `pyproject.toml` names it."""
    asked = project.pyproject.get("project", {}).get("dependencies", [])
    if not way.asked or way.through or all(_key(text) != package.key for text in asked):
        return []
    rest = [text for text in asked if _key(text) != package.key]
    title = f"Leave “{package.name}” out"
    return [Fix("leave-out", title, "set", {"project.dependencies": rest})]
