"""Stage: every package that the app needs, for the target's Python, in one folder.

Resolved twice, side by side: as the target is, and as if every package had a build for it. The
difference is what a plain resolve hides: it goes back, version by version, to one that fits by
chance (a stub of 2020, say), or gives up on another package than the one that is in the way.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.utils import canonicalize_name

from builder import index, kept, places, unchanged
from builder.history import read_json, write_json
from builder.index import Failure, Package, TargetPython
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError
from builder.project import Project, Requirement
from builder.stages import client, index_problem, package_problem, pip_runner
from builder.stages.fingerprint import of_requirements
from builder.stages.package_problem import Way
from builder.web import pyodide_packages

_NOTE = "packages.json"

# Parts of Flet for the computer that one develops on: `flet[all]` asks for them, no site has use.
_HOST_ONLY = frozenset({"flet-cli", "flet-web", "flet-desktop", "flet-desktop-light"})

# What only compilers, type checkers and pip read; the same list as in `flet build`.
_JUNK_SUFFIXES = frozenset(
    (".c", ".h", ".cpp", ".hpp", ".typed", ".pyi", ".pxd", ".pyx", ".a", ".pdb", ".exe", ".dll")
)
_JUNK_NAMES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


@dataclass(frozen=True)
class Request:
    """What is asked of the index: requirements, the version of Flet to keep to, the target.

    `options` are those of `requirements.txt` for pip; `local` changes with the content of the
    files on this computer that the requirements and options name.
    """

    requirements: Sequence[str]
    flet: str
    target: TargetPython
    options: Sequence[str] = ()
    local: str = ""

    @property
    def key(self) -> str:
        """The name of its answer in the cache: same request, same name."""
        target = [self.target.version, *self.target.platforms]
        return _digest([*self.requirements, self.flet, *target, *self.options, self.local])[:16]


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
        "the requirements": of_requirements(request.requirements),
        # As digests, because an index's address may hold a password.
        "the options for pip": _digest(request.options) if request.options else "",
        "the packages on this computer": request.local,
        "Flet": request.flet,
        "Python": request.target.version,
    }


def run(job: Job) -> None:
    """Resolve, judge, install and keep; with no network what was kept before."""
    request = _request(job.build)
    answer = _ask(job, request)
    if isinstance(answer, Failure):
        before = _kept_answer(request)
        if answer.kind != "network" or not before:
            _raise(job, request, answer)
        job.problem(index_problem.worked_from_cache("what was collected before"))
        name = before
    else:
        name = fingerprint(answer)
        write_json(_answer_file(request), {"packages": name})
    write_json(job.build.work / _NOTE, {"packages": name})
    job.log(_summary(_listed(name)))


def of(build: Build) -> tuple[Path, list[Package]]:
    """The folder and the list of packages of a build whose packages stage is done."""
    name = read_json(build.work / _NOTE)["packages"]
    return _folder(name) / "site", _listed(name)


def fingerprint(packages: Sequence[Package]) -> str:
    """The same for the same packages, to the last byte of their wheels."""
    return _digest([f"{p.key} {p.version} {p.sha256 or p.url}" for p in packages])


def is_cached(build: Build) -> bool:
    """Whether the build would find its packages without the network; needs a chosen client."""
    return bool(_kept_answer(_request(build)))


def _missing(build: Build) -> str:
    name = read_json(build.work / _NOTE).get("packages")
    return "" if name and kept.is_whole(_folder(name)) else "the folder of packages in the cache"


# ---- What is asked ---------------------------------------------------------------------------


def _request(build: Build) -> Request:
    chosen = client.of(build)
    asked = _asked(build.project, chosen.python)
    return Request(
        _requirements(asked),
        chosen.flet,
        chosen.python,
        build.project.pip_options,
        local_content(build.project, asked),
    )


def _asked(project: Project, target: TargetPython) -> list[Requirement]:
    """The project's requirements that hold on the target."""
    return [r for r in project.requirements if index.applies(r.text, target.markers)]


def _requirements(asked: Sequence[Requirement]) -> list[str]:
    """What is asked of the index: host-only parts left out, flet always there."""
    texts = {text for requirement in asked if (text := _for_target(requirement.text))}
    names = {_name(text) for text in texts}
    return sorted(texts if "flet" in names else texts | {"flet"})


def _for_target(text: str) -> str:
    requirement = PackagingRequirement(text)
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


def local_content(project: Project, asked: Sequence[Requirement]) -> str:
    """Changes when a file or folder of this computer does that is asked for; "" without any."""
    urls = [PackagingRequirement(requirement.text).url or "" for requirement in asked]
    places_named = [_local(url) for url in urls if url and urlsplit(url).scheme in ("", "file")]
    options = list(project.pip_options)
    named = [v for o, v in pairwise(options) if o == "--constraint"]
    paths = [project.folder / path for path in (*places_named, *named) if path]
    return _digest([line for path in paths for line in _states(path)]) if paths else ""


def _local(url: str) -> str:
    from urllib.request import url2pathname  # here: it imports all of http

    return url2pathname(urlsplit(url).path)


def _states(path: Path) -> Iterator[str]:
    """A file or all files of a folder, each with its size and time; what builds leave is not."""
    if path.is_dir():
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(f for f in folders if not f.startswith(".") and _is_source(f))
            for name in sorted(files):
                yield from _states(Path(folder, name))
    else:
        unchanged.depends_on(path)
        try:
            state = path.stat()
        except OSError:
            yield f"{path} is not there"
            return
        yield f"{path} {state.st_size} {state.st_mtime_ns}"


def _is_source(folder: str) -> bool:
    return folder not in ("build", "dist", "__pycache__") and not folder.endswith(".egg-info")


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


# ---- Asking ----------------------------------------------------------------------------------


def _ask(job: Job, request: Request) -> list[Package] | Failure:
    """Resolve and judge; on success the answer is in the cache.

    Raises ProjectError when a package has no build for the target, or only a wrong old one.
    """
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        site = Path(folder) / "site"
        ideal, real = _resolve_both(job, request, site)
        missing = without_build(ideal, request.target)
        offered = pyodide_packages.offered(client.of(job.build), [p.key for p in missing])
        if isinstance(real, Failure):
            _blame(job, request, real, ideal, [p for p in missing if p.key not in offered])
        if offered:
            real = _resolve_with_collection(job, request, offered, site)
            if isinstance(real, Failure) and real.kind == "network":
                way = _chains([p for p in missing if p.key in offered], job, request, ideal)
                raise ComputerError(package_problem.collection_unreachable(way, real))
        if isinstance(real, Failure):
            return real
        if not isinstance(ideal, Failure):
            _judge(job, request, real, ideal)
        _check_built(job, request, real)
        _keep(job, real, site)
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
        pip_runner.of(job, quiet=any_build),
        request.target,
        request.requirements,
        constraints=[f"flet=={request.flet}"],
        into=into,
        any_build=any_build,
        find_links=find_links,
        options=request.options,
    )


def without_build(ideal: list[Package] | Failure, target: TargetPython) -> list[Package]:
    return [] if isinstance(ideal, Failure) else [p for p in ideal if not index.fits(p, target)]


# ---- Judging ---------------------------------------------------------------------------------


def _judge(job: Job, request: Request, real: list[Package], ideal: list[Package]) -> None:
    """Tell of older versions that were taken; raise for those that are something else."""
    newer = {package.key: package for package in ideal}
    asked = _asked(job.build.project, request.target)
    wrong = []
    for package in real:
        wanted = newer.get(package.key)
        if wanted is None or package_problem.same_or_newer(package.version, wanted.version):
            continue
        chain = package_problem.chain(package.key, asked, ideal)
        because = in_the_way(wanted, ideal, request.target)
        if package_problem.is_something_else(package, wanted):
            wrong.append(package_problem.fallback(package, wanted, because, chain))
        else:
            job.problem(package_problem.older(package, wanted, because, chain))
    _raise_all(job, wrong)


def in_the_way(wanted: Package, ideal: list[Package], target: TargetPython) -> str:
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
    chains = _chains(suspects, job, request, ideal)
    for package, way in sorted(chains, key=lambda pair: len(pair[1].through)):
        root = way.asked.text if way.asked else package.name
        if root not in problems and _has_no_build(job, request, package):
            problems[root] = package_problem.no_build(package, way, job.build.project)
    _raise_all(job, list(problems.values()))


def _check_built(job: Job, request: Request, real: list[Package]) -> None:
    """Raise for packages that were built from sources here, and run only on this computer."""
    wrong = [package for package in real if not index.fits(package, request.target)]
    found = _chains(wrong, job, request, real)
    _raise_all(job, [package_problem.no_build(p, way, job.build.project) for p, way in found])


def _chains(
    some: list[Package], job: Job, request: Request, ideal: list[Package] | Failure
) -> list[tuple[Package, Way]]:
    """Packages with how each came in."""
    known = [] if isinstance(ideal, Failure) else ideal
    asked = _asked(job.build.project, request.target)
    return [(p, package_problem.chain(p.key, asked, known)) for p in some]


def _raise_all(job: Job, problems: Sequence[Problem]) -> None:
    """Tell all of them and raise the first; nothing when there are none."""
    shown = [package_problem.with_place(p, job.build.project.folder) for p in problems]
    for problem in shown[1:]:
        job.problem(problem)
    if shown:
        raise ProjectError(shown[0])


def _has_no_build(job: Job, request: Request, package: Package) -> bool:
    """Whether no version of it at all fits the target."""
    found = index.resolve(
        pip_runner.of(job, quiet=True), request.target, [package.name], options=request.options
    )
    return isinstance(found, Failure) and canonicalize_name(_name(found.name)) == package.key


def _raise(job: Job, request: Request, failure: Failure) -> None:
    """The end of a resolve for which no missing build is to blame."""
    asked = _asked(job.build.project, request.target)
    if failure.kind == "missing":
        name, quiet = _name(failure.name), pip_runner.of(job, quiet=True)
        found = index.versions(quiet, name, options=request.options) if name else []
        _raise_all(job, [package_problem.not_found(failure, found, asked)])
    if failure.kind == "unfit":
        _raise_all(job, [package_problem.unfit(failure, asked)])
    if failure.kind == "conflict":
        _raise_all(job, [package_problem.conflict(failure, asked)])
    raise ComputerError(index_problem.of(failure, "the packages of your app"))


# ---- Keeping ---------------------------------------------------------------------------------


# An answer is a small file that names a folder of packages. The folder never changes: another build
# may be reading it while this one gets a newer answer to the same request.


def _folder(name: str) -> Path:
    return places.cache() / "packages" / name[:16]


def _answer_file(request: Request) -> Path:
    return places.cache() / "answers" / f"{request.key}.json"


def _kept_answer(request: Request) -> str:
    """The fingerprint of the packages that were the last answer; "" when they are not there."""
    name = str(read_json(_answer_file(request)).get("packages", ""))
    return name if name and kept.is_whole(_folder(name)) else ""


def _listed(name: str) -> list[Package]:
    data = json.loads((_folder(name) / "packages.json").read_text("utf-8"))
    return [Package(**item) for item in data]


def _keep(job: Job, packages: Sequence[Package], site: Path) -> None:
    """Put an answer into the cache, without what nobody reads at run time."""
    _tidy(site)
    with kept.making(_folder(fingerprint(packages))) as fresh:
        shutil.copytree(site, fresh / "site")
        listing = json.dumps([asdict(package) for package in packages], indent=1)
        (fresh / "packages.json").write_text(listing, encoding="utf-8")
        job.check_cancelled()


def _tidy(site: Path) -> None:
    if not (site / "bin" / "__init__.py").exists():  # scripts, unless it is a package
        shutil.rmtree(site / "bin", ignore_errors=True)
    for path in [path for path in site.rglob("*") if path.is_file() and _is_junk(path)]:
        path.unlink()


def _is_junk(path: Path) -> bool:
    if path.suffix == ".pyc":  # a package may ship bytecode alone; then it lies where sources do
        return path.parent.name == "__pycache__" or path.with_suffix(".py").exists()
    return path.suffix in _JUNK_SUFFIXES or path.name in _JUNK_NAMES


def _summary(packages: Sequence[Package]) -> str:
    parts = [
        f"{p.name} {p.version}{' (compiled)' if index.is_compiled(p) else ''}" for p in packages
    ]
    return f"{len(parts)} packages: " + " · ".join(parts)


def names(packages: Sequence[Package]) -> Mapping[str, str]:
    """Package name -> version, names in their one spelling."""
    return {package.key: package.version for package in packages}
