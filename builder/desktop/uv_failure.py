"""Reads from what uv said why an environment could not be made, and tells it to a person."""

from __future__ import annotations

import re

from builder.problems import ComputerError, Problem, ProjectError, SlipwayError
from builder.process import Finished
from builder.project import Project

_LAST_LINES = 12
_NETWORK = (
    r"error sending request|Could not connect|dns error|[Cc]onnection refused|timed? ?out"
    r"|Failed to fetch|Network is unreachable|invalid peer certificate|network connectivity"
)
_REFUSED = r"\b40[13] (Unauthorized|Forbidden)|authentication"
_DISK = r"No space left on device|Disk quota exceeded|not enough space on the disk|os error 28\b"


def is_network(finished: Finished) -> bool:
    """Whether the index could not be reached."""
    return finished.status != 0 and bool(re.search(_NETWORK, _text(finished)))


def told(finished: Finished, project: Project) -> SlipwayError:
    """What to raise when the packages could not be installed."""
    text, evidence = _text(finished), _evidence(finished)
    if re.search(_DISK, text):
        return ComputerError(_disk_full(evidence))
    if re.search(_REFUSED, text):
        return ComputerError(_refused(evidence))
    if missing := re.search(r"Because (\S+) was not found in the package registry", text):
        return ProjectError(_missing(missing[1], project, evidence))
    if version := re.search(r"there (?:is|are) no versions? of (\S+?),? ", text):
        return ProjectError(_no_version(version[1], project, evidence))
    if built := re.search(r"Failed to (?:build|download and build) `([^`]+)`", text):
        return ProjectError(_not_built(built[1], project, evidence))
    if wheel := re.search(
        r"Because (?:all versions of )?(\S+) (?:has|have) no (?:wheels|usable)", text
    ):
        return ProjectError(_not_built(wheel[1], project, evidence))
    if is_network(finished):
        return ComputerError(_unreachable(evidence))
    if "No solution found" in text:
        return ProjectError(_conflict(evidence))
    return ComputerError(_other(evidence))


def worked_from_cache() -> Problem:
    """The hint when the index was out of reach and what was fetched before was enough."""
    return Problem(
        "index-unreachable-cache-used",
        "The package index cannot be reached, so the packages of this computer's cache are used",
        "There may be newer versions that were not seen.",
        "Nothing to do. Build again with the network to get the newest.",
        severity="hint",
    )


def _text(finished: Finished) -> str:
    # uv breaks no lines, but it indents what belongs to a cause.
    return "\n".join([*finished.out, *finished.err])


def _evidence(finished: Finished) -> tuple[str, ...]:
    said = [line for line in (*finished.out, *finished.err) if line.strip()]
    start = next((at for at, line in enumerate(said) if line.startswith("error:")), 0)
    return tuple(said[start : start + _LAST_LINES])


def _where(name: str, project: Project) -> str:
    """The place of the requirement that names a package, "" where another package wants it."""
    key = re.split(r"[\s<>=!~\[;@]", name, maxsplit=1)[0].lower().replace("_", "-")
    return next((need.where for need in project.requirements if need.name == key), "")


def _missing(name: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "package-not-found",
        f"There is no package called “{name}”",
        "Perhaps it is misspelt, or it comes from an index that is not set up on this computer.",
        "Correct the name, then build again.",
        where=_where(name, project),
        evidence=evidence,
    )


def _no_version(name: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "package-version-not-found",
        f"There is no version “{name}”",
        "The package exists, but not in the version that the project asks for, or not for this "
        "Python.",
        "Ask for another version, then build again.",
        where=_where(name, project),
        evidence=evidence,
    )


def _not_built(name: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "package-not-built",
        f"{name} has no ready-made build for this computer, and could not be built here",
        "Its makers offer it for other systems or Pythons only; building it needs a compiler and "
        "libraries that are not there.",
        "Take another version of it or of Python (requires-python), or install what it asks for; "
        "its page on the package index says what that is.",
        where=_where(name, project),
        evidence=evidence,
    )


def _conflict(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packages-conflict",
        "The packages that the project asks for do not go together",
        "At least two of them want different versions of the same package.",
        "Loosen one of the versions that are named below, then build again.",
        evidence=evidence,
    )


def _unreachable(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "index-unreachable",
        "The package index cannot be reached",
        "The app's packages come from there, and are not on this computer yet.",
        "Check the network (or the proxy), then build again. What was fetched once is kept.",
        evidence=evidence,
    )


def _refused(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "index-refused",
        "The package index did not let us fetch the packages",
        "It asks for a name and a password, or those that were given are wrong.",
        "Check the address of the index and its password, in requirements.txt or in the settings "
        "of pip on this computer, then build again.",
        evidence=evidence,
    )


def _disk_full(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "disk-full",
        "The disk is full",
        "There was no room left while fetching the packages.",
        "Free some space, then build again. Your last result is as it was.",
        evidence=evidence,
    )


def _other(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packages-not-installed",
        "The packages could not be installed",
        "The reason is in the lines below.",
        "Read them, and build again once it is mended.",
        evidence=evidence,
    )
