"""Reads from what uv said why an environment could not be made, and tells it to a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from builder.index import Failure
from builder.problems import ComputerError, Problem, ProjectError, SlipwayError
from builder.process import Finished
from builder.project import Project
from builder.stages import index_problem

WHAT = "what the app is made of"
"""What is fetched, in the words for a person."""

_FIRST_LINES, _LAST_LINES = 4, 8
_NETWORK = (
    r"error sending request|Could not connect|dns error|[Cc]onnection (refused|reset)|timed? ?out"
    r"|Failed to fetch|Network is unreachable|invalid peer certificate|network connectivity"
    r"|Could not resolve host"
)
_REFUSED = r"\b40[13] (Unauthorized|Forbidden)|authentication"
_WANTS = r"(?:you require|(?:all versions of )?\S+ depends? on)"
_NOT_FOUND = r"Because (\S+) was not found in the "
_DISK = r"No space left on device|Disk quota exceeded|not enough space on the disk|os error 28\b"
_GONE = r"\((404|410) [\w ]+\) for url"


def is_network(finished: Finished) -> bool:
    """Whether the index could not be reached."""
    text = "\n".join(_own_words(finished))
    return finished.status != 0 and not re.search(_GONE, text) and bool(re.search(_NETWORK, text))


def is_refused(finished: Finished) -> bool:
    """Whether an index wanted another password."""
    return finished.status != 0 and bool(re.search(_REFUSED, "\n".join(_own_words(finished))))


def is_not_found(finished: Finished) -> bool:
    """Whether no index seems to know a package."""
    return finished.status != 0 and bool(re.search(_NOT_FOUND, "\n".join(_own_words(finished))))


def told(finished: Finished, project: Project) -> SlipwayError:
    """What to raise when the packages could not be installed."""
    evidence, text = _evidence(finished), "\n".join(_own_words(finished))
    if re.search(_DISK, "\n".join([*finished.out, *finished.err])):
        return ComputerError(index_problem.of(Failure("disk", evidence), WHAT))
    if finished.status < 0:
        return ComputerError(_killed(-finished.status, evidence))
    if is_refused(finished):
        return ComputerError(index_problem.of(Failure("refused", evidence), WHAT))
    if is_network(finished):
        return ComputerError(index_problem.of(Failure("network", evidence), WHAT))
    for pattern, problem in _OF_THE_PROJECT:
        if found := re.search(pattern, text):
            return ProjectError(problem(found[1], project, evidence))
    return ComputerError(_other(evidence))


def _own_words(finished: Finished) -> list[str]:
    """What uv said, without what the tools said by which it tried to build a package."""
    words, is_quoted = [], False
    for line in (*finished.out, *finished.err):
        is_quoted = bool(re.fullmatch(r"\s+(\[(stdout|stderr)\]|--- stderr)", line)) or (
            is_quoted and (not line or line[0].isspace())
        )
        if not is_quoted or re.match(r"\s+fatal: ", line):  # so git tells of the network
            words.append(line)
    return words


def _evidence(finished: Finished) -> tuple[str, ...]:
    """Where uv begins to tell what is wrong, and the end: a build says it in its last lines."""
    said = [line for line in (*finished.out, *finished.err) if line.strip()]
    start = next((at for at, line in enumerate(said) if line.startswith("error:")), 0)
    said = said[start:]
    if len(said) <= _FIRST_LINES + _LAST_LINES:
        return tuple(said)
    return (*said[:_FIRST_LINES], "…", *said[-_LAST_LINES:])


def _where(name: str, project: Project) -> str:
    """The place of the requirement that names a package, "" where another package wants it."""
    key = re.sub(r"[-_.]+", "-", _name(name)).lower()
    found = (need.where for need in project.requirements if need.name == key or name in need.text)
    return next(found, "")


def _name(requirement: str) -> str:
    """The package of a requirement; an address without a name stands for itself."""
    return re.split(r"[\s<>=!~\[;{]|@(?= )", requirement, maxsplit=1)[0]


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


def _not_for_this_python(found: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    """`found` is `(3.11.7) does not satisfy Python>=3.12 and numpy>=2.5.0`."""
    version, _, rest = found.partition(" does not satisfy Python")
    wanted, _, name = rest.partition(" and ")
    return Problem(
        "package-needs-other-python",
        f"{name} does not work with Python {version.strip('()')}",
        f"It asks for Python {wanted}.",
        "Ask for another version of it, or take such a Python (requires-python in pyproject.toml, "
        "or --python-version), then build again.",
        where=_where(name, project),
        evidence=evidence,
    )


def _not_built(name: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "package-not-built",
        f"{_name(name)} has no ready-made build for this computer, and could not be built here",
        "Its makers offer it for other systems or Pythons only; building it needs a compiler and "
        "libraries that are not there.",
        "Take another version of it or of Python (requires-python), or install what it asks for; "
        "its page on the package index says what that is.",
        where=_where(name, project),
        evidence=evidence,
    )


def _some_not_built(_found: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    """uv names no package that it knows by its folder alone."""
    return replace(_not_built("", project, evidence), title="A package could not be built here")


def _not_fetched(name: str, project: Project, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "package-not-fetched",
        f"“{name}” is not where the project says",
        "There is nothing at its address, or nobody may see it.",
        "Correct the address, then build again.",
        where=_where(name, project),
        evidence=evidence,
    )


def _conflict(_found: str, _project: Project, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packages-conflict",
        "The packages that the project asks for do not go together",
        "At least two of them want different versions of the same package.",
        "Loosen one of the versions that are named below, then build again.",
        evidence=evidence,
    )


def _killed(signal: int, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packages-fetching-killed",
        "Fetching the packages was ended from outside",
        f"The system stopped uv (signal {signal}). When memory runs out, systems do that.",
        "Close other programs and build again.",
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


# What uv says when it is the project that asks for what is not to be had; the first one counts,
# as the general ones come last. What is in brackets is handed on.
_OF_THE_PROJECT: Sequence[tuple[str, Callable[[str, Project, tuple[str, ...]], Problem]]] = (
    (r"current Python version (\(\S+\) does not satisfy Python\S+ and \S+)", _not_for_this_python),
    (_NOT_FOUND, _missing),
    (r"there (?:is|are) no versions? of (\S+?),? ", _no_version),
    (r"Because (?:all versions of )?(\S+) (?:has|have) no (?:wheels|usable)", _not_built),
    (rf"only \S+ (?:is|are) available and {_WANTS} (\S+?),? ", _no_version),
    (r"only the following versions of [^?]*?and you require (\S+?), we", _no_version),
    (r"Failed to download and build `([^`]+)`\n  cause: Git", _not_fetched),
    (r"Failed to (?:build|download and build) `([^`]+)`", _not_built),
    (r"Failed to download `([^`]+)`", _not_fetched),
    (r"Distribution not found at: (\S+)", _not_fetched),
    (r"(The build backend) returned an error", _some_not_built),
    (r"(No solution found)", _conflict),
)
