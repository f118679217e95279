"""Slipway's desktop apps beside `flet pack` 0.82.2 and PyInstaller by hand, on the same apps.

`python -m tests.bench.desktop [--runs N] [--only flet|flask] [--work DIR]`, on Linux with Xvfb.

A Flet 0.82.2 app in its native window, and a Flask app with SQLAlchemy. The peers find an
environment with everything in it, made beforehand and not counted; of ours the first build makes
its own, from packages that are in the cache, and tries the app. The second build is one with a
changed source file. An app's first start is with an empty home, and its second with the same:
until its window is on the screen, or its first page answers. What one builds is as PyInstaller's
`--onedir`. All take turns, so that a slow moment of the machine hits each of them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uv import find_uv_bin

from builder.process_tree import kill_trees

ROOT = Path(__file__).parent.parent.parent
FLET = "0.82.2"
SECONDS = 60.0
PORT = 47_391
"""The Flask app's; it is asked for there."""

FLET_APP = """
import flet as ft

def main(page: ft.Page):
    page.title = "bench"
    count = ft.Text("0", size=40)
    def add(e):
        count.value = str(int(count.value) + 1)
        page.update()
    page.add(ft.Image(src="picture.png"), count, ft.FilledButton("Add", on_click=add))

ft.run(main, assets_dir="assets")
"""

FLASK_APP = {
    "shop/__init__.py": """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()

def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///notes.db"
    db.init_app(app)
    from .views import pages
    app.register_blueprint(pages)
    with app.app_context():
        db.create_all()
    return app
""",
    "shop/views.py": """
from flask import Blueprint, render_template
from sqlalchemy import text

from . import db

pages = Blueprint("pages", __name__)

@pages.route("/")
def index():
    return render_template("index.html", one=db.session.execute(text("select 1")).scalar())
""",
    "shop/templates/index.html": "<!doctype html><title>Shop</title><p>{{ one }}</p>",
    "shop/static/style.css": "p { color: teal }",
}

# What people write to pack a Flask app by hand.
LAUNCHER = f"""
import os, sys
import platformdirs, waitress
os.environ["FLASK_INSTANCE"] = platformdirs.user_data_dir("shop", ensure_exists=True)
from shop import create_app
waitress.serve(create_app(), host="127.0.0.1", port={PORT})
"""


@dataclass
class Measured:
    """Seconds of builds and starts, and the bytes of what was built."""

    first: list[float] = field(default_factory=list)
    second: list[float] = field(default_factory=list)
    bytes: int = 0
    first_start: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)


@dataclass
class Way:
    """One way to build: `build` makes `program` out of `project`, anew when its work is gone."""

    name: str
    project: Path
    work: Sequence[Path]
    program: Path
    build: Callable[[], None]
    measured: Measured = field(default_factory=Measured)


def main() -> None:
    """Measure both kinds of apps and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1, help="first and second builds of each way")
    parser.add_argument("--starts", type=int, default=5, help="first and second starts of each")
    parser.add_argument("--only", choices=("flet", "flask"))
    parser.add_argument("--work", type=Path, help="where it is done, and left behind")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as made, a_screen() as screen:
        os.environ["DISPLAY"] = screen  # for the trial of what was built
        here = (args.work or Path(made)).absolute()
        here.mkdir(parents=True, exist_ok=True)
        if args.only != "flask":
            ways = flet_ways(here / "flet")
            measure(ways, "main.py", lambda way, home: until_window(way, home, screen), args)
            print_table(f"Flet {FLET} app", ways)
        if args.only != "flet":
            ways = flask_ways(here / "flask")
            measure(ways, "shop/views.py", until_page, args)
            print_table("Flask app", ways)


# ---- The ways --------------------------------------------------------------------------------


def flet_ways(here: Path) -> list[Way]:
    """`flet pack`, PyInstaller by hand, and ours."""
    python = peer_python(
        "desktop-flet",
        *[f"flet=={FLET}", f"flet-cli=={FLET}", f"flet-desktop-light=={FLET}", "pyinstaller"],
    )
    # flet-cli brings a hook that would go to the network.
    plain = peer_python(
        "desktop-plain", f"flet=={FLET}", f"flet-desktop-light=={FLET}", "pyinstaller"
    )
    files = {"main.py": FLET_APP, "pyproject.toml": toml([f"flet=={FLET}"])}
    projects = {name: make_project(here / name, files) for name in ("pack", "hand", "ours")}
    for folder in projects.values():
        (folder / "assets").mkdir(exist_ok=True)
        shutil.copyfile(ROOT / "assets" / "icon.png", folder / "assets" / "picture.png")
    flet, hand = Path(python).with_name("flet"), "-m PyInstaller main.py --onedir --name bench"
    hand += " --noconfirm --windowed --add-data assets:assets"
    hand += " --collect-data flet --collect-data flet_desktop"
    pack = "pack main.py --onedir --name bench --add-data assets:assets -y"
    return [
        by_tool("flet pack", projects["pack"], flet, pack),
        by_tool("PyInstaller", projects["hand"], plain, hand),
        ours(projects["ours"], here / "work"),
    ]


def flask_ways(here: Path) -> list[Way]:
    """PyInstaller by hand, and ours."""
    needs = ["flask", "flask-sqlalchemy"]
    python = peer_python("desktop-flask", *needs, "waitress", "platformdirs", "pyinstaller")
    files = {**FLASK_APP, "pyproject.toml": toml(needs)}
    hand = "-m PyInstaller launch.py --onedir --name bench --noconfirm --windowed"
    hand += " --hidden-import sqlalchemy.dialects.sqlite"
    hand += " --add-data shop/templates:shop/templates --add-data shop/static:shop/static"
    peer = make_project(here / "hand", {**files, "launch.py": LAUNCHER})
    return [
        by_tool("PyInstaller", peer, python, hand),
        ours(make_project(here / "ours", files), here / "work", "--port", str(PORT)),
    ]


def by_tool(name: str, project: Path, tool: Path, arguments: str) -> Way:
    """A way that leaves its result in `dist` of the project, and its work in `build`."""
    work = [project / "build", project / "dist", project / "bench.spec"]
    environment = {"FLET_CLIENT_URL": "file:///nothing-is-fetched-here"}
    program = project / "dist" / "bench" / "bench"
    argv: list[str | Path] = [tool, *shlex.split(arguments)]
    return Way(name, project, work, program, lambda: run(*argv, cwd=project, env=environment))


def ours(project: Path, work: Path, *options: str) -> Way:
    """Our engine, as a process of its own."""
    argv = [sys.executable, "-m", "builder", "build", "linux", str(project), *options]
    argv += ["--backend", "pyinstaller", "--work-dir", str(work)]
    program = project / "dist" / "linux" / "bench" / "bench"
    return Way("Slipway", project, [work, project / "dist"], program, lambda: run(*argv, cwd=ROOT))


def make_project(folder: Path, files: Mapping[str, str]) -> Path:
    """A project with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def toml(needs: Sequence[str]) -> str:
    """A project that asks for these packages."""
    listed = ", ".join(f'"{need}"' for need in needs)
    return f'[project]\nname = "bench"\nversion = "1.0.0"\ndependencies = [{listed}]\n'


def peer_python(name: str, *packages: str) -> Path:
    """The Python of an environment with these packages, made once and kept.

    On the Python that Slipway takes as well: its library is a part of what is built.
    """
    folder = ROOT / ".pytest_cache" / name
    if not (folder / "ready").exists():
        run(find_uv_bin(), "venv", "--clear", "--no-config", "--python", our_python(), folder)
        run(find_uv_bin(), "pip", "install", "--python", folder / "bin" / "python", *packages)
        (folder / "ready").touch()
    return folder / "bin" / "python"


def our_python() -> str:
    """The Python that our builds are made with."""
    from builder import settings
    from builder.desktop import python, uv_settings
    from builder.process import Tools

    tools = Tools()
    wanted = python.asked(settings.resolve({}, ROOT)[0])
    path = {"PATH": uv_settings.search_path()}
    found = python.find(lambda argv: tools.run(argv, env=path), wanted)
    assert found is not None
    return found.path


# ---- Measuring -------------------------------------------------------------------------------


def measure(
    ways: Sequence[Way],
    source: str,
    start: Callable[[Way, Path], float],
    args: argparse.Namespace,
) -> None:
    """Builds and starts of each way in turn."""
    warm_up(ways[-1])
    for _ in range(args.runs):
        for way in ways:
            clear(way)
            way.measured.first.append(timed(way.build))
            change(way.project / source)
            way.measured.second.append(timed(way.build))
    for way in ways:
        way.measured.bytes = size(way.program.parent)
    for _ in range(args.starts):
        for way in ways:
            with tempfile.TemporaryDirectory(
                prefix="slipway-home-", ignore_cleanup_errors=True
            ) as home:
                way.measured.first_start.append(start(way, Path(home)))
                way.measured.start.append(start(way, Path(home)))


def change(source: Path) -> None:
    """As an author does, some seconds later: PyInstaller looks at the whole seconds only."""
    source.write_text(source.read_text() + "\n# changed\n")
    os.utime(source, (time.time() + 2, time.time() + 2))


def warm_up(way: Way) -> None:
    """Fetch the packages of our environment into the cache, where the peers' came from."""
    clear(way)
    way.build()


def clear(way: Way) -> None:
    """As if it had never been built."""
    for path in way.work:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def timed(work: Callable[[], None]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def until_window(way: Way, home: Path, screen: str) -> float:
    """Seconds until a window with the app's title is on the screen."""
    with started(way, home, {"DISPLAY": screen}) as begun:
        return wait(begun, way, lambda: '"bench"' in windows(screen))


def until_page(way: Way, home: Path) -> float:
    """Seconds until the first page is there; with no screen, no browser is opened."""
    with started(way, home, {}) as begun:
        return wait(begun, way, lambda: answers(f"http://127.0.0.1:{PORT}/"))


def wait(begun: float, way: Way, is_there: Callable[[], bool]) -> float:
    """Seconds since it was started, when it is there."""
    while not is_there():
        if time.perf_counter() - begun > SECONDS:
            raise SystemExit(f"{way.name}: {way.program} does not come up")
        time.sleep(0.02)
    return time.perf_counter() - begun


@contextlib.contextmanager
def started(way: Way, home: Path, more: Mapping[str, str]) -> Iterator[float]:
    """The app, started as by somebody else; it is ended with all that it started."""
    env = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", **more}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [way.program],
        cwd=home,
        env=env,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield begun
    finally:
        # Its home is its mark: without a bus of the session, a window starts one that stays.
        kill_trees({process.pid}, f"HOME={home}", patience=0)
        process.wait()
        time.sleep(0.5)  # its window and its port are free again


@contextlib.contextmanager
def a_screen() -> Iterator[str]:
    """A screen of its own, which shows nothing else."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def windows(screen: str) -> str:
    """The windows of a screen, as a text with their titles."""
    argv = ["xwininfo", "-root", "-tree", "-display", screen]
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout


def answers(address: str) -> bool:
    """Whether the page is there."""
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def size(folder: Path) -> int:
    """All bytes of a folder; a link is none."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in paths)


# ---- Printing --------------------------------------------------------------------------------


def print_table(title: str, ways: Sequence[Way]) -> None:
    """The figures, and each of ours by that of each peer; times are medians."""
    *peers, mine = ways
    rows: Sequence[tuple[str, str, Callable[[Measured], float]]] = (
        ("first build", "s", lambda m: statistics.median(m.first)),
        ("second build, one file changed", "s", lambda m: statistics.median(m.second)),
        ("size on the disk", "MB", lambda m: m.bytes / 1e6),
        ("first start", "s", lambda m: statistics.median(m.first_start)),
        ("second start", "s", lambda m: statistics.median(m.start)),
    )
    names = " | ".join(way.name for way in ways)
    ratios = " | ".join(f"by {peer.name}" for peer in peers)
    print(f"\n| {title} | {names} | {ratios} |")
    print("| --- " * (1 + len(ways) + len(peers)) + "|")
    for name, unit, of in rows:
        figures = " | ".join(f"{of(way.measured):.2f} {unit}" for way in ways)
        shares = " | ".join(f"{of(mine.measured) / of(peer.measured):.2f}" for peer in peers)
        print(f"| {name} | {figures} | {shares} |", flush=True)


def run(*argv: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    """Run a command to its end; its failure is ours."""
    finished = subprocess.run(
        [str(argument) for argument in argv],
        cwd=cwd or ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"{argv}\n{finished.stdout}\n{finished.stderr}")


if __name__ == "__main__":
    main()
