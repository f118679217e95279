"""Stage: every package that the app needs, for the target's Python, in one folder.

Resolved twice, side by side: as the target is, and as if every package had a build for it. The
difference is what a plain resolve hides: it goes back, version by version, to one that fits by
chance (a stub of 2020, say), or gives up on another package than the one that is in the way.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.utils import canonicalize_name

from builder import index, places
from builder.index import Failure, Package, TargetPython
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError
from builder.process import Finished
from builder.project import Requirement
from builder.stages import client, index_problem, package_problem
from builder.web import pyodide_packages

_NOTE = "packages.json"

# Parts of Flet for the computer that one develops on: `flet[all]` asks for them, no site has use.
_HOST_ONLY = frozenset({"flet-cli", "flet-web", "flet-desktop", "flet-desktop-light"})

# What only compilers, type checkers and pip read; the same list as in `flet build`.
_JUNK_SUFFIXES = frozenset(
    (
        ".c",
        ".h",
        ".cpp",
        ".hpp",
        ".typed",
        ".pyi",
        ".pxd",
        ".pyx",
        ".a",
        ".pdb",
        ".pyc",
        ".exe",
        ".dll",
    )
)
_JUNK_NAMES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


@dataclass(frozen=True)
class Request:
    """What is asked of the index: requirements, the version of Flet to keep to, the target."""

    requirements: Sequence[str]
    flet: str
    target: TargetPython

    @property
    def key(self) -> str:
        """The name of its answer in the cache: same request, same name."""
        parts = [*self.requirements, self.flet, self.target.version, *self.target.platforms]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "packages",
        "Collect packages",
        run,
        reads,
        writes=(_NOTE,),
        after=("client",),
        missing=_missing,
    )


def reads(build: Build) -> dict[str, str]:
    """The requirements, and the client that the packages must fit."""
    request = _request(build)
    return {
        "the requirements": "\n".join(request.requirements),
        "Flet": request.flet,
        "Python": request.target.version,
    }


def run(job: Job) -> None:
    """Resolve, judge, install and keep; with no network what was kept before."""
    request = _request(job.build)
    answer = _ask(job, request)
    if isinstance(answer, Failure):
        if answer.kind != "network" or not stored(request.key):
            _raise(job, request, answer)
        job.problem(index_problem.worked_from_cache("what was collected before"))
    note = {"key": request.key}
    (job.build.work / _NOTE).write_text(json.dumps(note), encoding="utf-8")
    job.log(_summary(listed(request.key)))


def of(build: Build) -> tuple[Path, list[Package]]:
    """The folder and the list of packages of a build whose packages stage is done."""
    key = json.loads((build.work / _NOTE).read_text("utf-8"))["key"]
    return _folder(key) / "site", listed(key)


def stored(key: str) -> bool:
    """Whether the cache has a whole answer under this key."""
    return (_folder(key) / "packages.json").is_file()


def listed(key: str) -> list[Package]:
    """The packages of a kept answer."""
    data = json.loads((_folder(key) / "packages.json").read_text("utf-8"))
    return [Package(**item) for item in data]


def is_cached(build: Build) -> bool:
    """Whether the build would find its packages without the network; needs a chosen client."""
    return stored(_request(build).key)


def _missing(build: Build) -> str:
    return "" if is_cached(build) else "the packages are gone from the cache"


# ---- What is asked ---------------------------------------------------------------------------


def _request(build: Build) -> Request:
    chosen = client.of(build)
    return Request(_requirements(build.project.requirements), chosen.flet, chosen.python)


def _requirements(asked: Sequence[Requirement]) -> list[str]:
    """The project's requirements for the target: host-only parts left out, flet always there."""
    texts = {text for requirement in asked if (text := _for_target(requirement.text))}
    names = {_name(text) for text in texts}
    return sorted(texts if "flet" in names else texts | {"flet"})


def _for_target(text: str) -> str:
    try:
        requirement = PackagingRequirement(text)
    except InvalidRequirement:
        return text  # pip's own forms (a path, an address): pip says what it thinks of them
    name = canonicalize_name(requirement.name)
    if name in _HOST_ONLY:
        return ""
    if name == "flet":
        requirement.extras.clear()
    return str(requirement)


def _name(text: str) -> str:
    try:
        return canonicalize_name(PackagingRequirement(text).name)
    except InvalidRequirement:
        return ""


# ---- Asking ----------------------------------------------------------------------------------


def _ask(job: Job, request: Request) -> list[Package] | Failure:
    """Resolve and judge; on success the answer is in the cache.

    Raises ProjectError when a package has no build for the target, or only a wrong old one.
    """
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        site = Path(folder) / "site"
        ideal, real = _resolve_both(job, request, site)
        missing = _without_build(ideal, request.target)
        offered = pyodide_packages.offered(client.of(job.build), [p.key for p in missing])
        if isinstance(real, Failure):
            _blame(job, request, real, ideal, [p for p in missing if p.key not in offered])
        if offered:
            real = _resolve_with_collection(job, request, offered, site)
            if isinstance(real, Failure) and real.kind == "network":
                way = _chains([p for p in missing if p.key in offered], job, ideal)
                raise ComputerError(package_problem.collection_unreachable(way, real))
        if isinstance(real, Failure):
            return real
        if not isinstance(ideal, Failure):
            _judge(job, request, real, ideal)
        _keep(job, request, real, site)
        return real


def _resolve_with_collection(
    job: Job, request: Request, offered: Collection[str], site: Path
) -> list[Package] | Failure:
    """Once more, with those packages that only Pyodide's own collection has."""
    shutil.rmtree(site, ignore_errors=True)
    links = site.with_name("collection.html")
    links.write_text(pyodide_packages.links(client.of(job.build), offered), encoding="utf-8")
    return _resolve(job, request, into=site, find_links=[str(links)])


def _resolve_both(
    job: Job, request: Request, site: Path
) -> tuple[list[Package] | Failure, list[Package] | Failure]:
    with ThreadPoolExecutor(2) as pool:
        ideal = pool.submit(_resolve, job, request, any_build=True)
        real = pool.submit(_resolve, job, request, into=site)
        return ideal.result(), real.result()


def _resolve(
    job: Job,
    request: Request,
    *,
    into: Path | None = None,
    any_build: bool = False,
    find_links: Sequence[str] = (),
) -> list[Package] | Failure:
    return index.resolve(
        _runner(job, quiet=any_build),
        request.target,
        request.requirements,
        constraints=[f"flet=={request.flet}"],
        into=into,
        any_build=any_build,
        find_links=find_links,
    )


def _runner(job: Job, *, quiet: bool) -> Callable[[Sequence[str]], Finished]:
    return lambda argv: job.run_tool(argv, quiet=quiet)


def _without_build(ideal: list[Package] | Failure, target: TargetPython) -> list[Package]:
    return [] if isinstance(ideal, Failure) else [p for p in ideal if not index.fits(p, target)]


# ---- Judging ---------------------------------------------------------------------------------


def _judge(job: Job, request: Request, real: list[Package], ideal: list[Package]) -> None:
    """Tell of older versions that were taken; raise for those that are something else."""
    newer = {package.key: package for package in ideal}
    asked = job.build.project.requirements
    wrong = []
    for package in real:
        wanted = newer.get(package.key)
        if wanted is None or package_problem.same_or_newer(package.version, wanted.version):
            continue
        chain = package_problem.chain(package.key, asked, ideal)
        because = _in_the_way(wanted, ideal, request.target)
        if package_problem.is_something_else(package, wanted):
            wrong.append(package_problem.fallback(package, wanted, because, chain))
        else:
            job.problem(package_problem.older(package, wanted, because, chain))
    _raise_all(job, wrong)


def _in_the_way(wanted: Package, ideal: list[Package], target: TargetPython) -> str:
    """Which package without a build stopped the version that one would want; itself, or a need."""
    if not index.fits(wanted, target):
        return wanted.name
    needs = {_name(requirement) for requirement in wanted.requires}
    blocked = [p.name for p in ideal if p.key in needs and not index.fits(p, target)]
    return blocked[0] if blocked else ""


def _blame(
    job: Job,
    request: Request,
    real: Failure,
    ideal: list[Package] | Failure,
    suspects: list[Package],
) -> None:
    """Raise for the packages that have no build at all, where that is why the resolve failed."""
    if real.kind not in ("missing", "conflict", "other") or isinstance(ideal, Failure):
        return
    # One for each requirement of the user's, the one that is nearest to it: taking out the
    # requirement takes out the others as well.
    problems: dict[str, Problem] = {}
    for package, way in sorted(_chains(suspects, job, ideal), key=lambda pair: len(pair[1])):
        root = way[0] if way else package.name
        if root not in problems and _has_no_build(job, request, package):
            problems[root] = package_problem.no_build(package, way, job.build.project)
    _raise_all(job, list(problems.values()))


def _chains(
    some: list[Package], job: Job, ideal: list[Package] | Failure
) -> list[tuple[Package, list[str]]]:
    """Packages with how each came in."""
    known = [] if isinstance(ideal, Failure) else ideal
    asked = job.build.project.requirements
    return [(p, package_problem.chain(p.key, asked, known)) for p in some]


def _raise_all(job: Job, problems: Sequence[Problem]) -> None:
    """Tell all of them and raise the first; nothing when there are none."""
    for problem in problems[1:]:
        job.problem(problem)
    if problems:
        raise ProjectError(problems[0])


def _has_no_build(job: Job, request: Request, package: Package) -> bool:
    """Whether no version of it at all fits the target."""
    found = index.resolve(_runner(job, quiet=True), request.target, [package.name])
    return isinstance(found, Failure) and canonicalize_name(_name(found.name)) == package.key


def _raise(job: Job, request: Request, failure: Failure) -> None:
    """The end of a resolve for which no missing build is to blame."""
    asked = job.build.project.requirements
    if failure.kind == "missing":
        found = index.versions(_runner(job, quiet=True), _name(failure.name) or failure.name)
        raise ProjectError(package_problem.not_found(failure, found, asked))
    if failure.kind == "conflict":
        raise ProjectError(package_problem.conflict(failure, asked))
    raise ComputerError(index_problem.of(failure, "the packages of your app"))


# ---- Keeping ---------------------------------------------------------------------------------


def _folder(key: str) -> Path:
    return places.cache() / "packages" / key


def _keep(job: Job, request: Request, packages: Sequence[Package], site: Path) -> None:
    """Put an answer into the cache in one step; one that was there goes when the new one is."""
    _tidy(site)
    folder = _folder(request.key)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as fresh:
        whole = Path(fresh) / "whole"
        shutil.copytree(site, whole / "site")
        listing = json.dumps([asdict(package) for package in packages], indent=1)
        (whole / "packages.json").write_text(listing, encoding="utf-8")
        job.check_cancelled()
        if folder.exists():
            folder.rename(Path(fresh) / "old")
        whole.rename(folder)


def _tidy(site: Path) -> None:
    """Take out what nobody reads at run time."""
    shutil.rmtree(site / "bin", ignore_errors=True)
    for path in list(_junk(site)):
        path.unlink()


def _junk(site: Path) -> Iterator[Path]:
    for path in site.rglob("*"):
        if path.is_file() and (path.suffix in _JUNK_SUFFIXES or path.name in _JUNK_NAMES):
            yield path


def _summary(packages: Sequence[Package]) -> str:
    parts = [
        f"{p.name} {p.version}{' (compiled)' if index.is_compiled(p) else ''}" for p in packages
    ]
    return f"{len(parts)} packages: " + " · ".join(parts)


def names(packages: Sequence[Package]) -> Mapping[str, str]:
    """Package name -> version, names in their one spelling."""
    return {package.key: package.version for package in packages}
