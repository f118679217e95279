"""Stage of a rehearsal: whether the app's packages can be had for the target, before it is built.

Asks the package index as `serious_python` will, for each kind of processor, and installs nothing.
What only Flet's own index or Pyodide's collection may have is told as not looked at, where these
cannot be reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.utils import canonicalize_name

from builder import flet_version, index
from builder import settings as build_settings
from builder.checks import toolchain_problems
from builder.flutter import package_arguments, target_python
from builder.flutter.package_arguments import kit_of
from builder.history import write_json
from builder.index import Failure, Package, TargetPython
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Fix, Problem, ProjectError, SlipwayError
from builder.requirements import DEFAULT, Requirement
from builder.stages import client, index_problem, package_problem, packages, pip_runner
from builder.stages.package_problem import PLACES, Place, Way
from builder.web import pyodide_packages
from builder.web.client import Client

FLET_INDEX = "https://pypi.flet.dev"
"""Where Flet keeps packages with native code for phones; `serious_python` always asks there."""

_NOTE = "rehearsed.json"
_PROBE_SECONDS = 5
_WHAT = "the packages of your app"

Answer = list[Package] | Failure


@dataclass(frozen=True)
class _Question:
    """What is asked for one kind of processor; `options` are pip's."""

    machine: str
    target: TargetPython
    requirements: Sequence[str]
    constraints: Sequence[str]
    options: Sequence[str]


@dataclass
class _Verdict:
    """What was found. `lacking` are packages without a build: name -> kinds of processors."""

    lacking: dict[str, list[str]] = field(default_factory=dict)
    found: dict[str, Package] = field(default_factory=dict)  # those that lack a build, as wanted
    problems: dict[str, Problem] = field(default_factory=dict)  # by their titles

    def add(self, problems: Iterable[Problem]) -> None:
        """Note problems, each once."""
        for problem in problems:
            self.problems.setdefault(problem.title, problem)


def stage() -> Stage:
    """The stage for the rehearsal."""
    return Stage(
        "rehearse_packages",
        "Look for the packages",
        run,
        reads,
        writes=(_NOTE,),
        always="the package index may have changed",
    )


def reads(build: Build) -> dict[str, str]:
    """The requirements, and the Python that they are for."""
    return {
        "the packages": "\n".join(package_arguments.packages(build)),
        "Python": kit_of(build).python.full,
    }


def run(job: Job) -> None:
    """Resolve for every kind of processor, and tell what a build would fail with.

    Raises ProjectError for the first of them, ComputerError where nothing could be looked at.
    """
    build = job.build
    _tell_what_comes(job)
    questions, asks_flet = _questions(build)
    if not questions:
        job.problem(_unknown_target(build))
        return
    with ThreadPoolExecutor(max(2, len(questions))) as pool:
        ideal_one = pool.submit(_ask, job, questions[0], any_build=True)
        real_ones = [pool.submit(_ask, job, question) for question in questions]
        ideal, answers = ideal_one.result(), [one.result() for one in real_ones]
    verdict = _Verdict()
    for question, real in zip(questions, answers, strict=True):
        job.check_cancelled()
        _judge(job, question, ideal, real, verdict)
    _tell_missing(job, verdict, ideal, [q.machine for q in questions], asks_flet)
    _finish(job, verdict, answers)


# ---- What is asked ---------------------------------------------------------------------------


def _questions(build: Build) -> tuple[list[_Question], bool]:
    """A question for each kind of processor, and whether Flet's own index can be asked."""
    system, kit = target_python.system_of(build.target), kit_of(build)
    asks_flet = system in target_python.MOBILE and _reachable(FLET_INDEX)
    more = ["--extra-index-url", FLET_INDEX] if asks_flet else []
    machines = target_python.machines(system, kit.python, build.settings.flutter.target_arch)
    requirements = _requirements(build)
    questions = [
        _Question(
            machine, target, requirements, _constraints(build), [*build.project.pip_options, *more]
        )
        for machine in machines
        if (target := target_python.of(system, kit.python, machine))
    ]
    return questions, asks_flet


def _requirements(build: Build) -> list[str]:
    """The project's own; those that are built from sources on purpose cannot be looked at."""
    asked = build.project.requirements
    if all(r.where == DEFAULT for r in asked):
        return [f"flet=={kit_of(build).release.flet}"]
    sources = {canonicalize_name(name) for name in build.settings.flutter.source_packages}
    return [r.text for r in asked if _key(r.text) not in sources]


def _constraints(build: Build) -> list[str]:
    asked = flet_version.accepted(build.project.requirements, lambda text: True)
    is_open = not asked.pinned and not asked.elsewhere
    return [f"flet=={kit_of(build).release.flet}"] if is_open else []


def _reachable(address: str) -> bool:
    """Whether something answers there; asked first, because pip asks anew for each package."""
    try:
        httpx.head(address, timeout=_PROBE_SECONDS, follow_redirects=True)
    except (httpx.HTTPError, OSError):
        return False
    return True


def _ask(job: Job, question: _Question, *, any_build: bool = False) -> Answer:
    return index.resolve(
        pip_runner.of(job, quiet=True),
        question.target,
        question.requirements,
        constraints=question.constraints,
        any_build=any_build,
        options=question.options,
    )


# ---- Judging ---------------------------------------------------------------------------------


def _judge(job: Job, question: _Question, ideal: Answer, real: Answer, verdict: _Verdict) -> None:
    """What is wrong for one kind of processor, into the verdict."""
    place = _place(job.build)
    if isinstance(ideal, Failure):
        # Not even with a build for everything: the requirements themselves are to blame.
        verdict.add([_of_failure(job, question, ideal, place)])
        return
    for package in packages.without_build(ideal, question.target):
        if isinstance(real, Failure) and _has_no_build(job, question, package):
            verdict.lacking.setdefault(package.name, []).append(question.machine)
            verdict.found[package.name] = package
    if isinstance(real, Failure):
        if not verdict.lacking:
            verdict.add([_of_failure(job, question, real, place)])
        return
    verdict.add(_fallbacks(job.build, question, ideal, real, place))


def _has_no_build(job: Job, question: _Question, package: Package) -> bool:
    """Whether no version of it at all fits."""
    found = index.resolve(
        pip_runner.of(job, quiet=True), question.target, [package.name], options=question.options
    )
    return isinstance(found, Failure) and _key(found.name) == package.key


def _of_failure(job: Job, question: _Question, failure: Failure, place: Place) -> Problem:
    """The problem of a resolve that failed. Raises ComputerError when nothing was answered."""
    asked = list(job.build.project.requirements)
    if failure.kind == "missing":
        name = _key(failure.name)
        quiet = pip_runner.of(job, quiet=True)
        found = index.versions(quiet, name, options=question.options) if name else []
        if found and not isinstance(found, Failure) and _builds_sources(job.build):
            return _from_sources(failure, asked)
        return package_problem.not_found(failure, found, asked, place)
    if failure.kind == "unfit":
        return package_problem.unfit(failure, asked, place)
    if failure.kind == "conflict":
        return package_problem.conflict(failure, asked)
    raise ComputerError(index_problem.of(failure, _WHAT))


def _fallbacks(
    build: Build, question: _Question, ideal: list[Package], real: list[Package], place: Place
) -> Iterable[Problem]:
    """Older versions that would be taken, only because the current one has no build."""
    newer = {package.key: package for package in ideal}
    for package in real:
        wanted = newer.get(package.key)
        if wanted is None or package_problem.same_or_newer(package.version, wanted.version):
            continue
        way = package_problem.chain(package.key, build.project.requirements, ideal)
        because = packages.in_the_way(wanted, ideal, question.target)
        if package_problem.is_something_else(package, wanted):
            yield package_problem.fallback(package, wanted, because, way, place)
        else:
            yield package_problem.older(package, wanted, because, way, place)


# ---- Telling ---------------------------------------------------------------------------------


def _tell_missing(
    job: Job, verdict: _Verdict, ideal: Answer, machines: Sequence[str], asks_flet: bool
) -> None:
    """Turn packages without a build into problems, or into what could not be looked at."""
    build, place = job.build, _place(job.build)
    known = ideal if isinstance(ideal, list) else []
    ways = {
        name: package_problem.chain(package.key, build.project.requirements, known)
        for name, package in verdict.found.items()
    }
    elsewhere = _elsewhere(job, asks_flet) if ways else ""
    if elsewhere:
        verdict.add(_not_looked_at(job, ways, elsewhere, place))
        return
    offered = _in_collection(job, list(ways)) if ways else []
    for name, lacking in verdict.lacking.items():
        package, way = verdict.found[name], ways[name]
        if package.key in offered:
            job.log(f"{name} comes from Pyodide's own collection.")
        elif _builds_sources(build):
            verdict.add([_built_from_sources(name, place, way.where)])
        elif len(lacking) == len(machines):
            verdict.add([package_problem.no_build(package, way, build.project, place)])
        else:
            verdict.add([_no_build_for_some(build, name, lacking, machines, way.where)])


def _elsewhere(job: Job, asks_flet: bool) -> str:
    """The place that may have more and could not be asked, "" when all were."""
    system = target_python.system_of(job.build.target)
    if system in target_python.MOBILE:
        return "" if asks_flet else "Flet's own index (pypi.flet.dev)"
    if system == "Emscripten" and _collection(job) is None:
        return "Pyodide's own collection"
    return ""


def _in_collection(job: Job, names: Sequence[str]) -> list[str]:
    """Those that Pyodide's own collection has, which `serious_python` offers to pip."""
    if target_python.system_of(job.build.target) != "Emscripten":
        return []
    chosen = _collection(job)
    keys = [canonicalize_name(name) for name in names]
    return pyodide_packages.offered(chosen, keys) if chosen else []


def _collection(job: Job) -> Client | None:
    """The client that has the list of Pyodide's collection; None where it is of another one."""
    kit = kit_of(job.build)
    try:
        chosen = client.get(job, kit.release.flet)
    except SlipwayError:
        return None
    return chosen if chosen.pyodide == kit.python.pyodide else None


def _finish(job: Job, verdict: _Verdict, answers: Sequence[Answer]) -> None:
    """Tell everything, and raise the first error."""
    folder = job.build.project.folder
    problems = [package_problem.with_place(p, folder) for p in verdict.problems.values()]
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in problems:
        if problem not in errors[:1]:
            job.problem(problem)
    if errors:
        raise ProjectError(errors[0])
    sound = next((answer for answer in answers if isinstance(answer, list)), [])
    write_json(job.build.work / _NOTE, {"packages": packages.names(sound)})
    if sound:
        named = " · ".join(f"{p.name} {p.version}" for p in sound)
        job.log(f"{len(sound)} packages would be installed: {named}")


def _tell_what_comes(job: Job) -> None:
    """What a build would fetch, that is not on this computer."""
    kit, system = kit_of(job.build), target_python.system_of(job.build.target)
    lines = [f"Python {kit.python.full} for {_place(job.build).name}: 20 to 100 MB, once."]
    if kit.toolchain is None:
        lines.append(f"Flutter {kit.release.flutter}: {toolchain_problems.FLUTTER_TAKES}.")
    if kit.toolchain is None and system == "Android":
        lines.append(f"Java: {toolchain_problems.JAVA_TAKES}.")
        lines.append(f"Android SDK: {toolchain_problems.ANDROID_TAKES}.")
    job.log("A build fetches what is not on this computer yet:", *lines)


def _place(build: Build) -> Place:
    return PLACES[build_settings.platform_of(build.target)]


def _builds_sources(build: Build) -> bool:
    """Whether pip may build packages from their sources: for this computer's own system it may."""
    return target_python.system_of(build.target) in ("Linux", "Darwin", "Windows")


def _key(text: str) -> str:
    try:
        return canonicalize_name(PackagingRequirement(text).name)
    except InvalidRequirement:
        return ""


# ---- The problems that only a rehearsal has --------------------------------------------------


def _not_looked_at(
    job: Job, ways: Mapping[str, Way], where_else: str, place: Place
) -> Iterable[Problem]:
    """One problem for all of them, besides what Flet itself needs: Flet sees to that."""
    of_flet = [n for n, way in ways.items() if way.asked and _key(way.asked.text) == "flet"]
    names = [name for name in ways if name not in of_flet]
    if of_flet:
        job.log(f"Flet itself needs {', '.join(of_flet)}, which {where_else} has.")
    if names:
        yield Problem(
            "packages-not-looked-at",
            f"Whether “{'”, “'.join(names)}” can be had for {place.name} could not be found out",
            f"The package index has no build for {place.made_for}. {where_else} may have one, and "
            "cannot be reached from here.",
            "Rehearse again with another network, or build to find out.",
            "warn",
            where="; ".join(dict.fromkeys(ways[name].where for name in names)),
        )


def _built_from_sources(name: str, place: Place, where: str) -> Problem:
    return Problem(
        "package-from-sources",
        f"“{name}” would be built from its sources",
        f"There is no ready build of it for {place.name} and this Python. Building needs a "
        "compiler and takes its time, and may fail.",
        "Have a compiler on the computer that builds, or ask for a version with a ready build.",
        "warn",
        where=where,
    )


def _from_sources(failure: Failure, asked: Sequence[Requirement]) -> Problem:
    name = _key(failure.name)
    where = next((r.where for r in asked if _key(r.text) == name), "")
    return Problem(
        "package-from-sources",
        f"“{name}” would be built from its sources",
        "Its makers publish no ready build that fits. Building needs a compiler and takes its "
        "time, and may fail. What it needs itself was not looked at.",
        "Have a compiler on the computer that builds, or ask for a version with a ready build.",
        "warn",
        where=where,
        evidence=index_problem.evidence(failure),
    )


def _no_build_for_some(
    build: Build, name: str, lacking: Sequence[str], machines: Sequence[str], where: str
) -> Problem:
    rest = [machine for machine in machines if machine not in lacking]
    platform = build_settings.platform_of(build.target)
    return Problem(
        "no-build-for-some",
        f"“{name}” has no build for {', '.join(lacking)}",
        f"It has one for {', '.join(rest)}. An app is built for all kinds of processors, unless "
        "some are chosen.",
        f"Choose those for which there is one: target_arch = {rest} in [tool.flet.{platform}].",
        where=where,
        fixes=[
            Fix(
                "choose-architectures",
                f"Build for {', '.join(rest)}",
                "set",
                {f"tool.flet.{platform}.target_arch": rest},
            )
        ],
    )


def _unknown_target(build: Build) -> Problem:
    return Problem(
        "packages-of-unknown-python",
        "The packages could not be looked at before the build",
        f"Slipway does not know which builds fit Python {kit_of(build).python.short} "
        f"{_place(build).runs}.",
        "Build to find out.",
        "warn",
    )
