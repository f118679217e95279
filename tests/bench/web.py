"""Slipway's web site beside that of `flet publish` 1.0.5: `python -m tests.bench.web [--runs N]`.

`flet publish --no-cdn` makes a site that does not start without a network. So that there is
something to compare with, its three faults are mended here: the manifest and the runtime that it
would fetch are given to it, the address of the runtime is made absolute, and the packages that it
would install in the browser are put into its archive. Both sites are then opened in turn, in the
same browser, with everything beyond them refused.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import browser

ROOT = Path(__file__).parent.parent.parent
FLET = "1.0.5"

APP = """
import flet as ft

def main(page: ft.Page):
    count = ft.Text("none yet", size=40)
    def add(e):
        count.value = "answered"
        page.update()
    page.add(count, ft.FilledButton("Add one", on_click=add))

ft.run(main)
"""


@dataclass
class Opened:
    """One visit: seconds to the loading screen, to the answer; bytes that came over the wire."""

    loading: float
    answer: float
    bytes: int


def main() -> None:
    """Build both, open both in turn, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        here = Path(folder)
        project = make_project(here / "project")
        peer = publish(project, here / "peer")
        ours, builds = slipway(project, here / "ours")
        peers, mine = compare(peer, ours, runs)
        print_table(peer, ours, peers, mine, builds)


def make_project(folder: Path) -> Path:
    """The app that both tools get."""
    folder.mkdir()
    (folder / "main.py").write_text(APP)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "bench"\nversion = "1.0.0"\n'
        f'dependencies = ["flet=={FLET}", "tabulate"]\n'
    )
    return folder


# ---- The peer --------------------------------------------------------------------------------


def publish(project: Path, output: Path) -> Path:
    """The site of `flet publish --no-cdn`, its faults mended."""
    python = peer_python()
    web = Path(run(python, "-c", "import flet_web; print(flet_web.get_package_web_dir())").strip())
    cache = output.with_name("flet-cache")
    version = give_runtime(web, cache)
    manifest = cache / "manifest.json"
    manifest.write_text(
        json.dumps(
            {
                "default_python_version": "3.14",
                "pythons": {
                    "3.14": {
                        "full_version": "3.14.2",
                        "pyodide_version": version,
                        "android_abis": [],
                    }
                },
            }
        )
    )
    started = time.perf_counter()
    run(
        *[python, "-m", "flet_cli.cli", "publish", str(project), "--no-cdn", "--distpath", output],
        env={"FLET_PYTHON_BUILD_MANIFEST": str(manifest), "FLET_CACHE_DIR": str(cache)},
    )
    print(f"flet publish: {time.perf_counter() - started:.2f} s (and it installs no packages)")
    mend(output, python)
    return output


def peer_python() -> str:
    """The Python of an environment with `flet[all]`, made once and kept in the cache."""
    folder = ROOT / ".pytest_cache" / f"flet-{FLET}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        run(str(python), "-m", "pip", "install", "--quiet", f"flet[all]=={FLET}", "pip>=26.3")
        (folder / "ready").touch()
    return str(python)


def give_runtime(web: Path, cache: Path) -> str:
    """Put Pyodide where `flet publish` looks for it, with the key that it misses there."""
    version: str = json.loads((web / "pyodide" / "package.json").read_text())["version"]
    place = cache / "pyodide" / version
    shutil.copytree(web / "pyodide", place)
    lock = json.loads((place / "pyodide-lock.json").read_text())
    lock["info"]["version"] = version
    (place / "pyodide-lock.json").write_text(json.dumps(lock))
    return version


def mend(site: Path, python: str) -> None:
    """The address of the runtime, and the packages in the archive."""
    page = site / "index.html"
    page.write_text(page.read_text().replace('"pyodide/pyodide.mjs"', '"/pyodide/pyodide.mjs"'))
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        with tarfile.open(site / "app.tar.gz") as archive:
            archive.extractall(here, filter="data")
        for name in ("requirements.txt", "pyproject.toml"):
            (here / name).unlink(missing_ok=True)
        hook = here / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(
            'import platform\nplatform.system = lambda: "Emscripten"\n'
        )
        run(
            *[python, "-m", "pip", "install", "--quiet", "--no-compile", "--only-binary", ":all:"],
            *["--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14"],
            *["--implementation", "cp", "--abi", "cp314", "--target", str(here / "__pypackages__")],
            *[f"flet=={FLET}", "tabulate"],
            env={"PYTHONPATH": str(hook), "PYTHONNOUSERSITE": "1"},
        )
        shutil.rmtree(hook)
        with tarfile.open(site / "app.tar.gz", "w:gz") as archive:
            for path in sorted(here.iterdir()):
                archive.add(path, path.name)


# ---- Ours ------------------------------------------------------------------------------------


def slipway(project: Path, output: Path) -> tuple[Path, dict[str, float]]:
    """Our site, and how long builds take: cold caches are not counted, the network is not ours."""

    def build() -> float:
        started = time.perf_counter()
        run(
            *[sys.executable, "-m", "builder", "build", "web", str(project)],
            *["--output", str(output), "--work-dir", str(output.with_name("work"))],
        )
        return time.perf_counter() - started

    build()
    times = {"nothing changed": build()}
    with (project / "main.py").open("a") as source:
        source.write("\n# changed\n")
    times["one file changed"] = build()
    return output, times


# ---- Opening -----------------------------------------------------------------------------------


def compare(peer: Path, ours: Path, runs: int) -> tuple[list[Opened], list[Opened]]:
    """Both sites in turn, so that a slow moment of the machine hits both."""
    peers, mine = [], []
    with serving(peer) as peer_address, serving(ours) as our_address, browser() as chrome:
        visit(chrome, peer_address, "#loading img")  # warms the file cache for both
        visit(chrome, our_address, "#loading progress")
        for _ in range(runs):
            peers.append(visit(chrome, peer_address, "#loading img"))
            mine.append(visit(chrome, our_address, "#loading progress"))
    return peers, mine


def visit(chrome: Browser, address: str, loading: str) -> Opened:
    """Open a site in a fresh profile, and press its button as soon as it is there."""
    context = chrome.new_context(viewport={"width": 900, "height": 640})
    page = context.new_page()
    page.route(
        lambda url: not url.startswith((address, "blob:", "data:")), lambda route: route.abort()
    )
    received = 0

    def count(response: object) -> None:
        nonlocal received
        headers = getattr(response, "headers", {})
        received += int(headers.get("content-length", 0))

    page.on("response", count)
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(loading)
    shown = time.perf_counter() - started
    page.wait_for_selector("flt-semantics-placeholder", state="attached")
    page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
    page.get_by_role("button", name="Add one").click(timeout=60_000)
    page.get_by_text("answered").wait_for()
    answered = time.perf_counter() - started
    context.close()
    return Opened(shown, answered, received)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Both are served by the same server."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "builder", "serve", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        line = next(line for line in server.stdout if "http://" in line)
        yield "http://" + line.split("http://")[1].split()[0]
    finally:
        server.terminate()
        server.communicate()


# ---- Printing ----------------------------------------------------------------------------------


def print_table(
    peer: Path, ours: Path, peers: list[Opened], mine: list[Opened], builds: dict[str, float]
) -> None:
    """The figures as a table for the README; times are medians."""

    def median(visits: list[Opened], of: Callable[[Opened], float]) -> float:
        return statistics.median(of(visit) for visit in visits)

    rows = [
        ("site", size(peer) / 1e6, size(ours) / 1e6, "MB"),
        (
            "loaded until the app answers",
            median(peers, lambda v: v.bytes / 1e6),
            median(mine, lambda v: v.bytes / 1e6),
            "MB",
        ),
        (
            "loading screen",
            median(peers, lambda v: v.loading),
            median(mine, lambda v: v.loading),
            "s",
        ),
        (
            "the app answers a click",
            median(peers, lambda v: v.answer),
            median(mine, lambda v: v.answer),
            "s",
        ),
    ]
    print(f"\n| {len(mine)} runs, median | `flet publish` {FLET} | Slipway | ratio |")
    print("| --- | --- | --- | --- |")
    for name, theirs, own, unit in rows:
        print(f"| {name} | {theirs:.2f} {unit} | {own:.2f} {unit} | {own / theirs:.2f} |")
    for name, seconds in builds.items():
        print(f"| build, {name} | builds again | {seconds:.2f} s | |")


def size(folder: Path) -> int:
    """All bytes of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run(*argv: str | Path, env: dict[str, str] | None = None) -> str:
    """Run a command to its end and give what it printed; its failure is ours."""
    finished = subprocess.run(
        [str(argument) for argument in argv],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"{argv}\n{finished.stdout}\n{finished.stderr}")
    return finished.stdout


if __name__ == "__main__":
    main()
