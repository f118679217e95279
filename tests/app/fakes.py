"""An engine that builds nothing, a desktop that shows nothing, a project: for tests of the face."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.build_log import LogStore
from app.engine import StageView
from builder.events import Artifact, Check
from builder.history import LastBuild
from builder.problems import Fix, Problem, SlipwayError
from builder.toolchains.inventory import Has

PYPROJECT = """\
# Tide Table
[project]
name = "tide-table"
version = "1.2.0"
description = "When the water comes and goes"
dependencies = ["flet==1.0.5", "msgpack", "python-dateutil", "tabulate"]

[tool.flet]
product = "Tide Table"
org = "org.example"
build_number = 7

[tool.flet.app]
path = "src"
"""


def make_project(folder: Path, pyproject: str = PYPROJECT) -> Path:
    """A small Flet project in `folder`."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    (folder / "src" / "main.py").write_text(
        "import flet as ft\n\n\ndef main(page):\n    page.add(ft.Text('Tides'))\n\n\n"
        "ft.run(main)\n",
        encoding="utf-8",
    )
    return folder


class FakeRun:
    """A build that does what the test says."""

    def __init__(self, target: str, project: Path, *, is_rehearsal: bool = False) -> None:
        self.id = f"{time.monotonic_ns()}"
        self.target = target
        self.project = project
        self.is_rehearsal = is_rehearsal
        self.backend = ""
        self.state: Any = "running"
        self.started = time.time()
        self.seconds = 0.0
        self.cancelling = False
        self.stages: dict[str, Any] = {}
        self.checks: list[Check] = []
        self.problems: list[Problem] = []
        self.artifacts: list[Artifact] = []
        self.log = LogStore(None)
        self.cancelled = 0
        self.subscribers: list[Callable[[], None]] = []

    def cancel(self) -> None:
        self.cancelled += 1
        self.cancelling = True

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self.subscribers.append(callback)
        return lambda: self.subscribers.remove(callback) if callback in self.subscribers else None

    def tell(self) -> None:
        """Say that something changed, as the engine does at most twelve times a second."""
        for callback in tuple(self.subscribers):
            callback()

    def plan(self, *stages: tuple[str, str, float]) -> None:
        """What is going to happen: id, title and usual seconds."""
        for name, title, usual in stages:
            self.stages[name] = StageView(name, title, usual_seconds=usual)

    def stage(self, name: str, state: Any, seconds: float = 0.0, reason: str = "") -> None:
        """A stage changed."""
        view = self.stages[name]
        view.state, view.seconds, view.reason = state, seconds, reason
        view.started = time.time() - seconds

    def end(self, state: str, seconds: float = 2.6) -> None:
        """The build is over."""
        self.state, self.seconds, self.cancelling = state, seconds, False
        self.tell()


class FakeEngine:
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.run: FakeRun | None = None
        self.plans: list[tuple[str, Mapping[str, Any]]] = []
        self.builds: list[tuple[str, Path, Mapping[str, Any]]] = []
        self.menu: list[Path] = []
        self.menu_trouble: Problem | None = None
        self.planned: dict[str, Any] = {
            "network": "The network is needed once, for 4 packages that are not here yet.",
            "stages": [{"id": "packages", "title": "Collect", "state": "run", "usual_seconds": 6}],
        }
        self.has = Has()
        self.last: LastBuild | None = None

    def start_build(self, target: str, project: Path, options: Mapping[str, Any]) -> FakeRun:
        self.builds.append((target, project, options))
        self.run = FakeRun(target, project, is_rehearsal=bool(options.get("rehearse")))
        return self.run

    def current(self) -> FakeRun | None:
        return self.run

    async def plan(self, target: str, project: Path, options: Mapping[str, Any]) -> dict[str, Any]:
        self.plans.append((target, options))
        return {"output": str(project / "dist" / target), **self.planned}

    async def tools(self) -> Has:
        return self.has

    async def last_build(self, project: Path, target: str) -> LastBuild | None:
        return self.last

    async def in_menu(self, program: Path, wish: str = "") -> bool:
        if self.menu_trouble is not None:
            raise SlipwayError(self.menu_trouble)
        if wish:
            self.menu = [program] if wish == "add" else []
        return program in self.menu


class FakeShowing:
    """Remembers what it was asked to show."""

    def __init__(self) -> None:
        self.sites: list[tuple[Path, str]] = []
        self.started: list[Path] = []
        self.opened: list[str] = []
        self.can_open = True
        self.address = ""  # of an app that is started where there is no screen
        self.shown = ""
        self.watchers: list[Callable[[], None]] = []

    async def serve(self, folder: Path, base_url: str = "") -> str:
        self.sites.append((folder, base_url))
        self.shows("http://127.0.0.1:4000/")
        return self.shown

    async def stop_serving(self) -> None:
        self.shows("")

    def served(self) -> str:
        return self.shown

    def watch_served(self, changed: Callable[[], None]) -> Callable[[], None]:
        self.watchers.append(changed)
        return lambda: self.watchers.remove(changed)

    def shows(self, address: str) -> None:
        """Something can be looked at now, or no longer."""
        self.shown = address
        for changed in tuple(self.watchers):
            changed()

    async def start_program(self, path: Path) -> str:
        self.started.append(path)
        if self.address:
            self.shows(self.address)
        return self.address

    def open_folder(self, path: Path) -> bool:
        self.opened.append(str(path))
        return self.can_open

    def open_url(self, url: str) -> bool:
        self.opened.append(url)
        return self.can_open


def half_built(run: FakeRun) -> None:
    """A build in its third stage."""
    run.plan(
        ("read", "Read the project", 0.1),
        ("client", "Get the web client", 0.4),
        ("packages", "Collect packages", 4.0),
        ("site", "Put the site together", 0.6),
        ("deliver", "Hand over", 0.2),
    )
    run.stage("read", "done", 0.1)
    run.stage("client", "skipped", reason="unchanged since the last build")
    run.stage("packages", "started", 2.1)
    view = run.stages["packages"]
    view.done, view.total, view.unit = 9, 14, "packages"
    run.seconds = 2.6
    run.log.add("read", "own", ["A Flet app, starts in src/main.py"])
    run.log.add("packages", "out", ["Resolved 14 packages for the browser (Python 3.14)"])
    names = [f"Downloading part-{n}-1.{n}.0-py3-none-any.whl ({n * 7} kB)" for n in range(1, 40)]
    run.log.add("packages", "out", names)


def failed(run: FakeRun) -> None:
    """A build that one package has ended."""
    half_built(run)
    run.stage("packages", "failed", 2.1)
    run.log.add(
        "packages",
        "err",
        ["ERROR: opencv-python: no build for the browser", "  wanted by: requirements.txt, line 3"],
    )
    run.log.add("", "own", ["Stopped. The site from yesterday, 18:04 is still there."])
    run.problems.append(
        Problem(
            "no-build-for-browser",
            "“opencv-python” cannot run in a browser",
            why="It is made of native code, and nobody has built it for the web yet. Your app "
            "asks for it in requirements.txt, line 3; camera.py is the only file that uses it.",
            do="Leave it out, or build an app for this computer instead.",
            where="requirements.txt, line 3",
            fixes=(
                Fix("again", "Build again", "run", {"argv": ["build"]}),
                Fix("copy", "Copy its name", "copy", {"text": "opencv-python"}),
            ),
        )
    )
    run.end("failed")


def built(run: FakeRun) -> None:
    """A build that went well."""
    half_built(run)
    for name in run.stages:
        run.stage(name, "done", 0.4)
    run.artifacts.append(Artifact(str(run.project / "dist" / "web"), "site", 38_412_000))
    run.end("ok", 6.2)


def flutter_building(run: FakeRun) -> None:
    """An Android app whose Flutter part runs."""
    run.backend = "flutter"
    run.plan(
        ("template", "Make the Flutter project", 0.6),
        ("images", "Draw icons and splash screen", 0.5),
        ("package", "Pack the Python app", 21.0),
        ("extensions", "Add the extensions", 0.1),
        ("project", "Put icons and settings into the Flutter project", 0.4),
        ("flutter", "Build with Flutter", 184.0),
        ("collect", "Put the result together", 0.8),
        ("hand-over", "Put the result in its place", 0.2),
    )
    for name, seconds in (("template", 0.7), ("images", 0.4), ("package", 23.1), ("project", 0.4)):
        run.stage(name, "done", seconds)
    run.stage("extensions", "skipped", reason="unchanged since the last build")
    run.stage("flutter", "started", 73.0)
    view = run.stages["flutter"]
    view.done, view.total, view.detail = 0.42, 1.0, "compiling Kotlin"
    run.seconds = 98.0
    run.checks += [
        Check("flutter", "Flutter", "ok", "3.44.8, in ~/flutter/3.44.8"),
        Check("jdk", "Java 17", "ok", "Temurin 17.0.13"),
        Check("android", "Android SDK", "ok", "~/Android/Sdk"),
    ]
    run.log.add("package", "out", ["Successfully installed flet-1.0.5 msgpack-1.2.4"])
    tasks = [
        "preBuild",
        "compileReleaseKotlin",
        "mergeReleaseResources",
        "stripReleaseDebugSymbols",
    ]
    run.log.add("flutter", "out", ["Running Gradle task 'assembleRelease'..."])
    run.log.add("flutter", "out", [f"> Task :app:{name}" for name in tasks])


def flutter_built(run: FakeRun) -> None:
    """An Android app, one file for each kind of phone."""
    flutter_building(run)
    for name, stage in run.stages.items():
        if stage.state != "skipped":
            run.stage(name, "done", stage.usual_seconds or 0.1)
    dist = run.project / "dist" / "apk"
    for abi, size in (
        ("arm64-v8a", 31_400_000),
        ("armeabi-v7a", 27_900_000),
        ("x86_64", 33_100_000),
    ):
        path = dist / f"tide-table-{abi}.apk"
        run.artifacts.append(Artifact(str(path), "apk", size, "9f2b" * 16))
    run.end("ok", 212.0)


def linux_built(run: FakeRun) -> None:
    """A program for Linux and the folder that it lies in."""
    flutter_building(run)
    for name in run.stages:
        run.stage(name, "done", 0.4)
    dist = run.project / "dist" / "linux"
    run.artifacts.append(Artifact(str(dist / "tide-table"), "executable", 24_000, "ab" * 32))
    run.artifacts.append(Artifact(str(dist), "bundle", 61_300_000))
    run.end("ok", 64.0)


def rehearsed(run: FakeRun) -> None:
    """A rehearsal without Flutter that found nothing wrong."""
    flutter_building(run)
    for name in ("template", "images", "package", "project"):
        run.stage(name, "done", 0.4)
    for name in ("flutter", "collect", "hand-over"):
        run.stages.pop(name)
    run.checks[0] = Check("flutter", "Flutter 3.44", "warn", "3.44.8 is not on this computer")
    run.problems.append(
        Problem(
            "flutter-missing",
            "Flutter 3.44.8 is not on this computer",
            why="Flet 1.0.5 makes its apps with it. It takes about 3 GB on the disk and 10 to 30 "
            "minutes.",
            do="`flet build apk` in a terminal puts it where Slipway finds it.",
            severity="warn",
        )
    )
    run.problems.append(
        Problem(
            "rehearsed",
            "Rehearsed: the project is ready for “Android app”",
            why="Settings, pictures, template and packages are as they have to be. What Flutter "
            "itself says was not tried, and nothing was handed over.",
            do="What this computer still needs was told above. With it, the build can begin.",
            severity="hint",
        )
    )
    run.end("ok", 24.0)


SHOP = """\
import sqlite3
from pathlib import Path

from flask import Flask

HERE = Path(__file__).parent


def create_app():
    app = Flask(__name__)
    app.config["UPLOAD_FOLDER"] = HERE / "uploads"
    return app


def store():
    return sqlite3.connect(HERE / "shop.db")


def prices():
    return (HERE / "prices.json").read_text()
"""


def make_shop(folder: Path) -> Path:
    """A Flask project with what most have: templates, static files, uploads, a database in use."""
    shop = folder / "shop"
    for count, name in ((14, "templates/page{}.html"), (32, "static/picture{}.png")):
        for number in range(count):
            file = shop / name.format(number)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x" * 700)
    (shop / "uploads").mkdir()
    (shop / "uploads" / "cat.png").write_bytes(b"x" * 81_000)
    (shop / "prices.json").write_text('{"hat": 12}')
    (shop / "__init__.py").write_text(SHOP, encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1.4.0"\ndependencies = ["flask", "pillow"]\n\n'
        '[tool.flet]\nproduct = "Hat Shop"\norg = "org.example"\n',
        encoding="utf-8",
    )
    with sqlite3.connect(shop / "shop.db") as database:
        database.execute("CREATE TABLE orders (what TEXT)")
        database.execute("INSERT INTO orders VALUES ('a hat')")
    database.close()
    return folder


CHECKS = (
    Check("python", "Python to pack", "ok", "Python 3.13.1"),
    Check(
        "window",
        "The app's window",
        "ok",
        "The app opens in a window of Chrome, Edge or Chromium; where there is none, the default "
        "browser shows it, and it runs until it is ended.",
    ),
    Check(
        "served",
        "How the app is served",
        "ok",
        "create_app() in shop/__init__.py on 127.0.0.1, a free port",
    ),
    Check(
        "data",
        "What the app writes",
        "ok",
        "Kept in the user's own folder: shop/shop.db, shop/uploads",
    ),
)


def desktop_building(run: FakeRun) -> None:
    """An app for this computer that is being packed."""
    run.backend = "pyinstaller"
    run.plan(
        ("client", "Get the app's window", 0.1),
        ("environment", "Prepare Python and the packages", 4.0),
        ("code", "Collect the app's files", 0.1),
        ("images", "Draw icons and splash screen", 0.6),
        ("icon", "Make the app's icon", 0.2),
        ("freeze", "Pack Python and the packages", 22.0),
        ("assemble", "Put the app together", 0.4),
        ("trial", "Try the app", 1.5),
        ("ready", "Make it ready to send", 1.1),
        ("hand-over", "Put the result in its place", 0.2),
    )
    for name, seconds in (("client", 0.1), ("environment", 4.2), ("code", 0.1), ("images", 0.5)):
        run.stage(name, "done", seconds)
    run.stage("icon", "done", 0.2)
    run.stage("freeze", "started", 9.0)
    view = run.stages["freeze"]
    view.done, view.total, view.detail = 0.45, 1.0, "finding what the app imports"
    run.seconds = 14.2
    run.checks += CHECKS
    run.log.add("environment", "out", ["Installed 9 packages in 41ms"])
    run.log.add("freeze", "err", [f"{n * 41} INFO: Processing standard hook {n}" for n in range(9)])


def desktop_failed(run: FakeRun) -> None:
    """An app that misses a module when it is tried."""
    desktop_building(run)
    for name in ("freeze", "assemble"):
        run.stage(name, "done", 1.0)
    run.stage("trial", "failed", 0.4)
    run.problems.append(
        Problem(
            "trial-module-missing",
            "The packed app misses the module “shop.plugins.hats”",
            why="The app imports it in a way that cannot be seen from the code, or the project's "
            "list of packages does not name the package that holds it.",
            do="Add it and build again; if it is still missing, add its package to the list.",
            fixes=(
                Fix(
                    "add-module",
                    "Add “shop.plugins.hats”",
                    "set",
                    {"tool.slipway.desktop.hidden_imports": ["shop.plugins.hats"]},
                ),
            ),
        )
    )
    run.end("failed", 21.0)


def desktop_built(run: FakeRun) -> None:
    """A program, its folder, an archive to send and the page that goes with it."""
    desktop_building(run)
    for name, stage in run.stages.items():
        run.stage(name, "done", stage.usual_seconds or 0.1)
    dist = run.project / "dist" / "linux"
    run.artifacts += [
        Artifact(str(dist / "hat-shop" / "hat-shop"), "executable", 5_544_648, "ab" * 32),
        Artifact(str(dist / "hat-shop"), "bundle", 38_656_019),
        Artifact(str(dist / "hat-shop-1.4.0-linux-x64.tar.gz"), "archive", 16_220_580, "9f2b" * 16),
        Artifact(str(dist / "How to open Hat Shop.html"), "guide", 28_799, "cd" * 32),
    ]
    run.end("ok", 31.0)
