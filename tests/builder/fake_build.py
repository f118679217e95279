"""A build without its outside: a small project, a small client in the cache, a fake pip."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder import kept, places, project, settings
from builder.pipeline import Build, Job
from builder.problems import Cancelled, Problem
from builder.process import Finished, OnLines, OnOpenLine

Tool = Callable[[Sequence[str], Mapping[str, str]], Finished]

LOCK = {
    "info": {
        "abi_version": "2026_0",
        "arch": "wasm32",
        "platform": "emscripten_5_0_3",
        "python": "3.14.2",
    },
    "packages": {},
}
BOOTSTRAP = """(()=>{})();
_flutter.buildConfig = {"engineRevision":"abc","builds":[
{"compileTarget":"dart2wasm","renderer":"skwasm"},{"compileTarget":"dart2js","renderer":"canvaskit"},{}
]};
_flutter.loader.load({});"""
FONTS = [
    {"family": "MaterialIcons", "fonts": [{"asset": "fonts/MaterialIcons-Regular.otf"}]},
    {"family": "Gone", "fonts": [{"asset": "fonts/Gone.ttf"}]},
]


def no_tool(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
    raise AssertionError(f"nothing should be started: {argv}")


class FakeJob(Job):
    """Keeps what a stage says; its tools are played by a function."""

    def __init__(self, build: Build, tool: Tool = no_tool) -> None:
        self.build = build
        self.tool = tool
        self.started: list[tuple[list[str], Path | None, dict[str, str]]] = []
        self.said: list[str] = []
        self.problems: list[Problem] = []
        self.is_cancelled = False

    def log(self, *lines: str) -> None:
        self.said += lines

    def progress(self, done: float, total: float | None, unit: str, detail: str = "") -> None:
        self.check_cancelled()

    def problem(self, problem: Problem) -> None:
        assert problem.severity != "error"
        self.problems.append(problem)

    def run_tool(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        quiet: bool = False,
        limit: float | None = None,
        line: str | None = None,
        leaves_nothing: bool = False,
        watch: OnLines | None = None,
        watch_open_line: OnOpenLine | None = None,
    ) -> Finished:
        self.started.append((list(argv), cwd, dict(env or {})))
        finished = self.tool(argv, env or {})
        if watch:
            watch("out", finished.out)
            watch("err", finished.err)
        return finished

    def check_cancelled(self) -> None:
        if self.is_cancelled:
            raise Cancelled

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def fake_build(folder: Path, files: Mapping[str, str | bytes], **options: Any) -> Build:
    """A build of a project with these files (and a main.py) in `folder`."""
    write(folder / "project", {"main.py": "import flet as ft\nft.run(print)\n", **files})
    output, work = folder / "output", folder / "work"
    work.mkdir(exist_ok=True)
    found = project.read(folder / "project", keep_out=[output, work])
    chosen, _ = settings.resolve(found.pyproject, found.folder, options=options)
    return Build(found, chosen, "web", work, output, options)


def client_files(lock: Mapping[str, Any] = LOCK) -> dict[str, str | bytes]:
    """The files of a client, each very small."""
    return {
        "pyodide/pyodide-lock.json": json.dumps(lock),
        "pyodide/package.json": '{"version": "314.0.7"}',
        "pyodide/pyodide.mjs": "",
        "pyodide/pyodide.asm.wasm": "wasm",
        "pyodide/ffi.d.ts": "",
        "pyodide/micropip-1-py3-none-any.whl": "",
        "flutter_bootstrap.js": BOOTSTRAP,
        "flutter.js": "",
        "flutter.js.map": "",
        "main.dart.js": "client",
        "main.dart.wasm": "client",
        "main.dart.mjs": "",
        "canvaskit/canvaskit.wasm": "",
        "canvaskit/canvaskit.js.symbols": "",
        "canvaskit/chromium/canvaskit.wasm": "",
        "canvaskit/skwasm.wasm": "",
        "canvaskit/wimp.wasm": "",
        "canvaskit/experimental_webparagraph/canvaskit.wasm": "",
        "assets/FontManifest.json": json.dumps(FONTS),
        "assets/fonts/roboto.woff2": "font",
        "assets/fonts/MaterialIcons-Regular.otf": b"f" * 100_001,
        "assets/NOTICES": "licences",
        "assets/packages/flutter_math_fork/lib/katex.ttf": "",
        "assets/packages/media_kit/x.js": "",
        "icons/icon-192.png": "",
        "icons/loading-animation.png": "",
        "favicon.png": "flet's",
        "index.html": "flet's",
        "manifest.json": "{}",
        "version.json": "{}",
    }


def keep_client(flet: str = "1.0.5", lock: Mapping[str, Any] = LOCK) -> Path:
    """Put a client into the cache; its folder."""
    folder = places.cache() / "clients" / flet
    with kept.making(folder) as fresh:
        write(fresh / "web", client_files(lock))
        with zipfile.ZipFile(fresh / "web" / "pyodide" / "python_stdlib.zip", "w") as stdlib:
            stdlib.writestr("os.py", "import sys\n")
            stdlib.writestr("pyodide/", "")
            stdlib.writestr("pyodide/code.py", "x = 1\n")
    return folder / "web"


def item(name: str, version: str, wheel: str, *requires: str, **more: Any) -> dict[str, Any]:
    """One package of pip's report."""
    return {
        "metadata": {"name": name, "version": version, "requires_dist": list(requires)},
        "download_info": {
            "url": f"https://index/{wheel}",
            "archive_info": {"hashes": {"sha256": f"digest of {wheel}"}},
        },
        **more,
    }


FLET = item("flet", "1.0.5", "flet-1.0.5-py3-none-any.whl", "msgpack")
MSGPACK = item("msgpack", "1.2.4", "msgpack-1.2.4-cp314-cp314-pyemscripten_2026_0_wasm32.whl")


class FakePip:
    """Plays pip and its index: `real` is what fits the target, `ideal` what would without it.

    A list of report items is an answer, a text is an error. `files` are installed.
    """

    def __init__(
        self,
        real: Sequence[Mapping[str, Any]] | str = (FLET, MSGPACK),
        ideal: Sequence[Mapping[str, Any]] | str | None = None,
        *,
        files: Mapping[str, str | bytes] | None = None,
        versions: Sequence[str] | str = (),
        alone: str = "",
        with_links: Sequence[Mapping[str, Any]] | str | None = None,
    ) -> None:
        self.real, self.ideal = real, real if ideal is None else ideal
        self.files = files or {"flet/__init__.py": "x = 1\n"}
        self.versions, self.alone, self.with_links = versions, alone, with_links
        self.asked: list[list[str]] = []

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        if "index" in argv:
            if isinstance(self.versions, str):
                return self._error(self.versions)
            return Finished((), 0, (json.dumps({"versions": list(self.versions)}),), ())
        lines = Path(argv[argv.index("-r") + 1]).read_text("utf-8").splitlines()
        self.asked.append(lines)
        is_ideal = json.loads(Path(argv[3]).read_text("utf-8"))["any_build"]
        if self.alone and "--dry-run" in argv and not is_ideal:
            return self._error(self.alone)
        answer = self.ideal if is_ideal else self.real
        if "--find-links" in argv and self.with_links is not None:
            answer = self.with_links
        if isinstance(answer, str):
            return self._error(answer)
        Path(argv[argv.index("--report") + 1]).write_text(json.dumps({"install": list(answer)}))
        if "--dry-run" not in argv:
            write(Path(argv[argv.index("--target") + 1]), self.files)
        return Finished((), 0, (), ())

    def _error(self, text: str) -> Finished:
        return Finished((), 1, (), tuple(text.splitlines()))
