"""What it means when `serious_python` did not pack the app, told to a person.

It runs Dart's package manager, fetches Python, compiles, and runs pip, whose failures are told in
the words of `package_problem`. Of its own failures it only prints `Error: …`, with status 0.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement

from builder import entry_point, index
from builder import settings as build_settings
from builder.index import Failure
from builder.pipeline import Build, Job
from builder.problems import (
    ComputerError,
    Fix,
    Problem,
    ProjectError,
    SlipwayError,
    ToolError,
)
from builder.process import Finished
from builder.stages import index_problem, package_problem, pip_runner

_LAST_LINES = 20
_WHAT = "the packages of your app"

_NO_NETWORK = re.compile(
    r"SocketException|ClientException|HandshakeException|HttpException|Failed host lookup"
    r"|Failed to load data from|Connection (refused|reset|closed|timed out)|TimeoutException"
)
_PUB = re.compile(
    r"Got (socket|TLS) error trying to find package|Failed host lookup: 'pub\.dev'"
    r"|could not find package \S+ at https?://pub\.dev"
)
_HOST = re.compile(r"(?:https?://|address = |host lookup: ')([\w.-]+\.\w+)")
_NOT_BUILT = re.compile(
    r"(?:Failed building wheel for|Failed to build|Could not build wheels for) ['‘]?([\w.-]+)"
    r"|Encountered error while generating package metadata"
)


def check(job: Job, finished: Finished) -> None:
    """Raise what went wrong, as a ProjectError, ComputerError or ToolError; nothing otherwise."""
    said = _said(finished)
    own = [line for line in finished.out if line.startswith("Error: ")]
    if finished.status == 0 and not own:
        return
    raise (
        _killed(finished)
        or _disk_full(said)
        or _of_dart(said)
        or _of_pip(job, finished)
        or _of_compiling(job.build, said)
        or _of_network(said)
        or ToolError(_other(said, own))
    )


def no_result(what: str, finished: Finished) -> ToolError:
    """The error when all seemed well and the result is not there, or not whole."""
    return ToolError(
        Problem(
            "app-not-packed",
            "The app was not packed, although the packer said that it was",
            f"Looking at what it made, {what}.",
            "Build again. If it stays like this, the lines below may say why.",
            evidence=_evidence(_said(finished)),
        )
    )


# ---- One kind of failure after the other -----------------------------------------------------


def _killed(finished: Finished) -> SlipwayError | None:
    number = -finished.status if finished.status < 0 else finished.status - 128
    if number not in set(signal.Signals) or finished.status == 0:
        return None
    name = signal.Signals(number).name
    return ToolError(
        Problem(
            "packer-stopped",
            f"The packer was stopped from outside ({name})",
            "Something on this computer ended it: often the system itself, when memory runs out.",
            "Close some programs, then build again.",
            evidence=_evidence(_said(finished)),
        )
    )


def _disk_full(said: Sequence[str]) -> SlipwayError | None:
    failure = index.failure(Finished((), 1, tuple(said), ()))
    is_full = failure.kind == "disk" or any("errno = 28" in line for line in said)
    if not is_full:
        return None
    return ComputerError(index_problem.of(Failure("disk", said), _WHAT))


def _of_dart(said: Sequence[str]) -> SlipwayError | None:
    """Dart's own package manager comes first, and fetches `serious_python` itself."""
    told = "\n".join(said)
    if _PUB.search(told):
        return ComputerError(
            Problem(
                "pub-unreachable",
                "Dart's package index (pub.dev) cannot be reached",
                "The Flutter side of the app comes from there, and is not on this computer yet.",
                "Check the network (or the proxy), then build again. What was fetched once is "
                "kept, and needs no network later.",
                evidence=_evidence(said),
            )
        )
    if "version solving failed" in told:
        return ToolError(
            Problem(
                "dart-packages-conflict",
                "The Flutter packages of the template do not fit together",
                "Dart found no set of versions that fulfils all of them. Often the template and "
                "Flutter are of different versions, or [tool.flet.flutter.pubspec] asks for more.",
                "Use the template and the Flutter that belong to the project's Flet version, and "
                "look at what the project adds in [tool.flet.flutter.pubspec].",
                evidence=_evidence(said),
            )
        )
    if re.search(
        r"Could not find package .?serious_python|Could not find a file named .?pubspec", told
    ):
        return ToolError(
            Problem(
                "template-without-packer",
                "The template does not know how to pack a Python app",
                "It does not ask for the Dart package serious_python, which does that.",
                "Use a template that was made for Flet 1.0, or leave out --template.",
                evidence=_evidence(said),
            )
        )
    unknown = re.search(r"Unknown Python version: (\S+?)\. Supported: (.+)", told)
    unknown = unknown or re.search(r'"([\d.]+)" is not an allowed value for option .*python', told)
    if unknown:
        return ProjectError(
            Problem(
                "python-not-in-packer",
                f"The packer has no Python {unknown[1]}",
                "The Pythons that can be packed belong to the version of the template. "
                + (f"It has: {unknown[2]}." if unknown.lastindex == 2 else ""),
                "Ask for another Python, with --python-version or requires-python.",
                where="--python-version, or requires-python in pyproject.toml",
                evidence=_evidence(said),
            )
        )
    return None


def _of_pip(job: Job, finished: Finished) -> SlipwayError | None:
    """What pip said, where it was at work when things ended."""
    said = _said(finished)
    if not _was_running(said, "pip") or finished.status == 0:
        return None
    failure = index.failure(finished)
    if failure.kind in ("network", "refused"):
        return ComputerError(index_problem.of(failure, _WHAT))
    of_package = _of_package(job, failure) or _of_building(job.build, failure)
    if of_package:
        return ProjectError(package_problem.with_place(of_package, job.build.project.folder))
    return ToolError(index_problem.of(failure, _WHAT))


def _of_package(job: Job, failure: Failure) -> Problem | None:
    build = job.build
    asked = list(build.project.requirements)
    place = package_problem.PLACES[build_settings.platform_of(build.target)]
    if failure.kind == "missing":
        name = _name(failure.name)
        options = build.project.pip_options
        quiet = pip_runner.of(job, quiet=True)
        found = index.versions(quiet, name, options=options) if name else []
        return package_problem.not_found(failure, found, asked, place)
    if failure.kind == "unfit":
        return package_problem.unfit(failure, asked, place)
    if failure.kind == "conflict":
        return package_problem.conflict(failure, asked)
    return None


def _of_building(build: Build, failure: Failure) -> Problem | None:
    """A package that pip had to build from sources, and could not."""
    found = next(filter(None, map(_NOT_BUILT.search, failure.lines)), None)
    if not found:
        return None
    name = found[1] or _last_collected(failure.lines)
    where = next((r.where for r in build.project.requirements if _name(r.text) == name), "")
    return Problem(
        "package-not-built",
        f"“{name}” could not be built from its sources" if name else "A package was not built",
        "Its makers publish no ready wheel that fits, so pip tried to build it. That needs a "
        "compiler, or something else that this computer lacks.",
        "Ask for a version that has a wheel, or use another package.",
        where=where,
        evidence=index_problem.evidence(failure),
    )


def _of_compiling(build: Build, said: Sequence[str]) -> SlipwayError | None:
    """Python sources that do not compile; the packer keeps to itself which."""
    if not _was_running(said, "compileall"):
        return None
    running = [line for line in said if line.startswith("Running: ")][-1]
    if "site-packages" in running:
        return ProjectError(
            Problem(
                "packages-not-compiled",
                "A package of your app cannot be compiled",
                "One of its files is not valid for the Python that is packed. Templates and "
                "tests that some packages bring are often like this.",
                "Build without compiling packages: compile.packages = false in [tool.flet].",
                evidence=_evidence(said),
                fixes=[
                    Fix(
                        "no-compile-packages",
                        "Do not compile packages",
                        "set",
                        {"tool.flet.compile.packages": False},
                    )
                ],
            )
        )
    return ProjectError(_not_compiled(build, said))


def _not_compiled(build: Build, said: Sequence[str]) -> Problem:
    wrong = _first_not_python(build)
    return Problem(
        "app-not-compiled",
        f"{wrong[0]} cannot be compiled" if wrong else "A file of your app cannot be compiled",
        f"Python says: {wrong[1]}." if wrong else "It is not valid for the Python that is packed.",
        "Correct it, leave the file out (tool.flet.app.exclude), or build without compiling: "
        "compile.app = false in [tool.flet].",
        where=wrong[0] if wrong else "",
        evidence=_evidence(said),
        fixes=[
            Fix("no-compile-app", "Do not compile the app", "set", {"tool.flet.compile.app": False})
        ],
    )


def _first_not_python(build: Build) -> tuple[str, str] | None:
    """The first file of the app that is no Python, with its line, and why."""
    for file in build.project.selection.files:
        if not file.path.endswith(".py"):
            continue
        source = entry_point.read_source(build.project.app_folder / file.path)
        if source.line:
            return f"{file.path}, line {source.line}", source.error
    return None


def _of_network(said: Sequence[str]) -> SlipwayError | None:
    line = next((line for line in said if _NO_NETWORK.search(line)), None)
    if line is None:
        return None
    host = _HOST.search(line)
    where = host[1] if host else "the network"
    return ComputerError(
        Problem(
            "download-failed",
            f"{where} cannot be reached",
            "The packer fetches what it needs to prepare the app (Python for this computer, the "
            "list of Pyodide's packages) from there.",
            "Check the network (or the proxy), then build again. What was fetched once is kept.",
            evidence=_evidence(said),
        )
    )


def _other(said: Sequence[str], own: Sequence[str]) -> Problem:
    return Problem(
        "app-not-packed",
        "The app could not be packed",
        f"The packer says: {own[-1].removeprefix('Error: ')}"
        if own
        else "The lines below say why.",
        "Look at the lines below. With --verbose twice (-vv) there are more of them.",
        evidence=_evidence(said),
    )


# ---- Reading what was said -------------------------------------------------------------------


def _said(finished: Finished) -> list[str]:
    return [line for line in (*finished.out, *finished.err) if line.strip()]


def _evidence(said: Sequence[str]) -> tuple[str, ...]:
    return tuple(said[-_LAST_LINES:])


def _was_running(said: Sequence[str], module: str) -> bool:
    """Whether the last Python that the packer started was running a module."""
    running = [line for line in said if line.startswith("Running: ")]
    return bool(running) and f" -m {module} " in f"{running[-1]} "


def _last_collected(lines: Sequence[str]) -> str:
    names = [found[1] for line in lines if (found := re.search(r"Collecting ([\w.-]+)", line))]
    return names[-1] if names else ""


def _name(text: str) -> str:
    try:
        return PackagingRequirement(text).name
    except InvalidRequirement:
        return ""
