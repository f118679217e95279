"""Desktop apps as people get them: built for real, started for real, closed, updated, read-only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from builder.process import clean_environment
from tests.browser import FletPage, chromium
from tests.builder.fake_build import write
from tests.journeys.conftest import ROOT, Built
from tests.screen import Screen, missing, screen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(
        sys.platform != "linux", reason="made for Linux, where a screen is to be had"
    ),
]
needs_screen = pytest.mark.skipif(bool(missing()), reason=missing())

ENOUGH = 60.0  # seconds; a busy computer is no failure
NOBODY = 65534
NO_ENV: Mapping[str, str] = {}

SHOP = {
    "pyproject.toml": """
[project]
name = "shop"
version = "1.0.0"
dependencies = ["flask", "flask-sqlalchemy", "flask-socketio", "bootstrap-flask", "python-dotenv"]
[tool.flet]
product = "Corner Shop"
bundle_id = "com.acme.shop"
""",
    "shop/__init__.py": """
from importlib.metadata import version
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

__version__ = version("shop")
db = SQLAlchemy()
sockets = SocketIO()


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String)


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///notes.db"
    app.config["UPLOADS"] = Path(__file__).parent / "uploads"
    db.init_app(app)
    sockets.init_app(app)
    Bootstrap5(app)
    from .notes import pages

    app.register_blueprint(pages)
    with app.app_context():
        db.create_all()
    return app
""",
    ".flaskenv": "FLASK_RUN_PORT=1\nSHOP_MODE=open\n",
    "report.py": "import sys\nfrom shop import __version__\nprint(sys.argv[1], __version__)\n",
    "shop/notes.py": """
import multiprocessing
import os
import subprocess
import sys

from flask import (
    Blueprint, current_app, redirect, render_template, render_template_string, request
)

from . import Note, db

pages = Blueprint("pages", __name__)


@pages.get("/")
def index():
    files = sorted(path.name for path in current_app.config["UPLOADS"].iterdir())
    return render_template("index.html", notes=Note.query.all(), files=files)


@pages.post("/add")
def add():
    db.session.add(Note(text=request.form["text"]))
    db.session.commit()
    (current_app.config["UPLOADS"] / request.form["file"]).write_text("a picture")
    return redirect("/")


@pages.get("/square")
def square():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return str(pool.map(squared, [7]))


def squared(number):
    return number * number


@pages.get("/script")
def script():
    argv = [sys.executable, "report.py", os.environ["SHOP_MODE"]]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60).stdout.strip()


@pages.get("/package")
def package():
    return render_template_string("{% from 'base/utils.html' import render_icon %}there")


@pages.get("/libraries")
def libraries():
    return os.environ.get("LD_LIBRARY_PATH", "as they were")
""",
    "shop/templates/index.html": """<!doctype html><title>The shop</title>
<link rel="stylesheet" href="{{ url_for('static', filename='shop.css') }}">
<h1>The first version</h1>
{% for note in notes %}<p>{{ note.text }}{% endfor %}
{% for file in files %}<p>{{ file }}{% endfor %}
""",
    "shop/static/shop.css": "h1 { color: teal }",
    "shop/uploads/.gitkeep": "",
}
COUNTER = """
import flet as ft

def main(page: ft.Page):
    page.title = "Counting window"
    page.bgcolor = "#0a7d5c"
    count = ft.Text("none yet", size=40)
    def add(e):
        count.value = "one"
        page.update()
    page.add(count, ft.FilledButton("Add", on_click=add))

ft.run(main)
"""


def build(project: Path, *options: str, status: int = 0, env: Mapping[str, str] = NO_ENV) -> Built:
    """Build an app for this computer, as the wizard does."""
    argv = [sys.executable, "-m", "builder", "build", "linux", str(project), "--events"]
    finished = subprocess.run(
        [*argv, "--backend", "pyinstaller", *options],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=400,
        # What was delivered before is noted there; each test has a data folder of its own.
        env={**os.environ, "SLIPWAY_DATA_DIR": str(project.parent / "data"), **env},
    )  # fmt: skip
    events = [json.loads(line) for line in finished.stdout.splitlines()]
    built = Built(finished.returncode, events, project / "dist" / "linux")
    assert built.status == status, (built.problems, finished.stderr[-2000:])
    return built


def program(built: Built) -> Path:
    """What the result names first, because it is what one starts."""
    first = built.of("artifact")[0]
    assert first["artifact"] == "executable"
    return Path(first["path"])


class Running:
    """A started app. `home` is the folder of its data."""

    def __init__(self, program: Path, home: Path, **more: object) -> None:
        self.home = home
        env = {k: v for k, v in clean_environment().items() if "DISPLAY" not in k}
        asked = more.pop("env", {})
        assert isinstance(asked, dict)
        self.process = subprocess.Popen(
            [str(program)], env={**env, "SLIPWAY_APP_HOME": str(home), **asked},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True, **{"cwd": "/", **more},  # type: ignore[call-overload]
        )  # fmt: skip

    def address(self) -> str:
        """Where it serves; waits until it does."""
        file = self.home / "running.txt"
        wait_until(lambda: self.process.poll() is not None or (file.exists() and file.read_text()))
        assert self.process.poll() is None, self.process.communicate()
        return file.read_text()

    def page(self, path: str = "", **form: str) -> str:
        """A page of it; with a form it is posted."""
        data = urllib.parse.urlencode(form).encode() if form else None
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.address() + path, data, timeout=ENOUGH) as answer:
            self.server = answer.headers["Server"]
            return str(answer.read().decode())

    def end(self) -> str:
        """End it and what it started; what it said."""
        for one in psutil.Process(self.process.pid).children(recursive=True):
            one.kill()
        self.process.kill()
        said, _ = self.process.communicate(timeout=ENOUGH)
        (self.home / "running.txt").unlink(missing_ok=True)
        return str(said)


def wait_until(what: Callable[[], object]) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + ENOUGH
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start apps; their data goes to a folder of the test's own."""
    running: list[Running] = []

    def start(program: Path, home: Path | None = None, **more: object) -> Running:
        running.append(Running(program, home or tmp_path / "data", **more))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.end()
        elif one.process.stdout and not one.process.stdout.closed:
            one.process.communicate()


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as one:
        yield one


# ---- Flask -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """A project, and what was built of it. No test changes the two."""
    project = tmp_path_factory.mktemp("flask") / "shop"
    write(project, SHOP)
    return project, build(project)


Start = Callable[..., Running]


def test_a_flask_app_is_served_by_waitress_with_all_its_files(
    shop: tuple[Path, Built], run: Start
) -> None:
    _, built = shop
    assert built.stages["trial"] == "done"
    app = run(program(built))
    assert "The first version" in app.page()
    assert app.server == "Corner Shop"  # Waitress, which is told its name; Werkzeug says Werkzeug
    assert app.page("static/shop.css") == "h1 { color: teal }"
    assert app.page("square") == "[49]"
    assert app.page("libraries") == "as they were"


def test_what_only_works_at_home_elsewhere_works(shop: tuple[Path, Built], run: Start) -> None:
    app = run(program(shop[1]))
    assert app.page("script") == "open 1.0.0"
    assert app.page("package") == "there"
    assert '"upgrades"' in app.page("socket.io/?EIO=4&transport=polling")


def test_what_it_kept_is_there_after_a_second_start(shop: tuple[Path, Built], run: Start) -> None:
    app = run(program(shop[1]))
    app.page("add", text="buy milk", file="cat.png")
    app.end()
    page = run(program(shop[1])).page()
    assert "<p>buy milk" in page
    assert "<p>cat.png" in page


def test_from_a_path_with_spaces_and_while_the_bundle_cannot_be_written_to(
    shop: tuple[Path, Built], run: Start, tmp_path: Path
) -> None:
    made = program(shop[1]).parent
    bundle = tmp_path / "Program Files (ü)" / made.name
    shutil.copytree(made, bundle, symlinks=True)
    before = {path: path.lstat().st_mtime_ns for path in bundle.rglob("*")}
    for path in [bundle, *bundle.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o555 | (0o555 if path.is_dir() else 0o444))
    home = tmp_path / "somebody's data"
    home.mkdir()
    more: dict[str, object] = {"cwd": tmp_path}
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
        for parent in [tmp_path, *tmp_path.parents]:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o055)
        more |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    app = run(bundle / program(shop[1]).name, home, env={"HOME": str(home)}, **more)
    app.page("add", text="by somebody", file="x.txt")
    assert "<p>by somebody" in app.page()
    app.end()
    assert {path: path.lstat().st_mtime_ns for path in bundle.rglob("*")} == before
    for path in [bundle, *bundle.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def test_an_update_brings_new_code_and_keeps_the_data(
    shop: tuple[Path, Built], run: Start, tmp_path: Path
) -> None:
    project, built = shop
    app = run(program(built))
    app.page("add", text="buy milk", file="cat.png")
    app.end()
    (project / "shop" / "templates" / "index.html").write_text(
        SHOP["shop/templates/index.html"].replace("first", "second")
    )
    again = build(project)
    assert again.stages["freeze"] == again.stages["environment"] == "skipped"
    assert again.stages["trial"] == "done"
    page = run(program(again)).page()
    assert "The second version" in page
    assert "<p>buy milk" in page
    assert "<p>cat.png" in page


@needs_screen
def test_its_window_is_one_of_its_own_and_its_end_is_the_end(
    shop: tuple[Path, Built], run: Start, display: Screen
) -> None:
    found = chromium()
    if not found:
        pytest.skip("there is no Chromium on the search path to show a window")
    env = {"DISPLAY": display.display, "SLIPWAY_BROWSER": found}
    app = run(program(shop[1]), env=env)
    app.address()
    wait_until(lambda: "The shop" in display.titles())
    second = run(program(shop[1]), app.home, env=env)
    said, _ = second.process.communicate(timeout=ENOUGH)
    assert second.process.returncode == 0
    assert f"Corner Shop runs already: {app.address()}" in said
    time.sleep(3)  # a browser that ends sooner counts as one that handed its window over
    browser = psutil.Process(app.process.pid).children()[0]
    browser.send_signal(signal.SIGTERM)
    app.process.communicate(timeout=ENOUGH)
    assert app.process.returncode == 0


def test_what_is_missing_is_named_and_then_one_file_is_all_that_is_needed(
    tmp_path: Path, run: Start
) -> None:
    code = (
        "import importlib, pathlib\nfrom flask import Flask\n"
        "importlib.import_module('wa' + 've')\napp = Flask(__name__)\n@app.get('/')\n"
        "def page():\n    with pathlib.Path('visits').open('a') as f: f.write('.')\n"
        "    return pathlib.Path('visits').read_text()\n"
    )
    write(tmp_path / "p", {"app.py": code, "requirements.txt": "flask\n"})
    failed = build(tmp_path / "p", status=30)
    assert "“wave”" in failed.problems["trial-module-missing"]["title"]
    assert not failed.folder.exists()
    (fix,) = failed.problems["trial-module-missing"]["fixes"]
    ((key, modules),) = fix["data"].items()
    table, _, name = key.rpartition(".")
    write(tmp_path / "p", {"pyproject.toml": f"[{table}]\n{name} = {json.dumps(modules)}\n"})
    made = program(build(tmp_path / "p", "--onefile"))
    alone = tmp_path / "elsewhere" / made.name
    alone.parent.mkdir()
    made.rename(alone)
    app = run(alone)
    assert app.page() == "."
    app.end()
    assert run(alone).page() == ".."


# ---- Flet ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One of today's Flet; made once also when its test gets a second try."""
    return flet(tmp_path_factory.mktemp("flet") / "p", "1.0.5")


def flet(folder: Path, version: str, env: Mapping[str, str] = NO_ENV) -> Built:
    toml = f'[project]\nname = "counter"\nversion = "1.0.0"\ndependencies = ["flet=={version}"]\n'
    write(folder, {"main.py": COUNTER, "pyproject.toml": toml})
    return build(folder, env=env)


@needs_screen
def test_a_flet_app_in_the_app_window_answers_a_click(
    counter: Built, run: Start, display: Screen, chrome: Browser
) -> None:
    found = chromium()
    if not found:
        pytest.skip("there is no Chromium on the search path to show a window")
    app = run(program(counter), env={"DISPLAY": display.display, "SLIPWAY_BROWSER": found})
    page = FletPage(chrome.new_page())
    page.open(app.address())
    page.click("Add")
    expect(page.says("one")).to_be_visible()
    page.page.close()
    wait_until(lambda: "Counting window" in display.titles())
    wait_until(lambda: is_shown(display, (10, 125, 92)))
    keep(display, "flet-in-the-app-window")


@needs_screen
def test_a_flet_app_with_its_native_client_shows_its_window(
    tmp_path: Path, run: Start, display: Screen
) -> None:
    env = {"DISPLAY": display.display}
    built = flet(tmp_path / "p", "0.82.2", env)
    assert built.stages["trial"] == "done"
    assert "trial-no-screen" not in built.problems
    home = tmp_path / "home"
    home.mkdir()
    run(program(built), env={**env, "HOME": str(home)})
    wait_until(lambda: "Counting window" in display.titles())
    wait_until(lambda: is_shown(display, (10, 125, 92)))
    keep(display, "flet-native")


def is_shown(display: Screen, colour: tuple[int, int, int]) -> bool:
    """Whether a good part of the screen has a colour."""
    picture = display.picture()
    found = {seen: count for count, seen in picture.getcolors(1 << 24) or ()}
    return found.get(colour, 0) > picture.width * picture.height // 10


def keep(display: Screen, name: str) -> None:
    """Keep a picture of the screen for whoever wants to look at it: `SLIPWAY_LOOK=folder`."""
    if folder := os.environ.get("SLIPWAY_LOOK"):
        display.picture().save(Path(folder) / f"{name}.png")
