"""What is said of an app for this computer before anything is fetched."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.checks import desktop
from builder.checks.finding import Finding
from builder.desktop import flet_client, python
from builder.desktop.flet_client import Window
from builder.desktop.python import Python
from builder.desktop.runtime import window as packed_window
from builder.pipeline import Build
from builder.problems import EXIT_COMPUTER, EXIT_USER
from builder.process import Tools
from tests.builder.fake_build import fake_build

SHOP = """
import sqlite3
from pathlib import Path
from flask import Flask, request

def create_app():
    app = Flask(__name__)
    connection = sqlite3.connect(Path(__file__).parent / "shop.db")
    uploads = Path(__file__).parent / "uploads"
    @app.post("/")
    def save():
        request.files["file"].save(uploads / "x.png")
    return app
"""

Make = Callable[..., Build]


@pytest.fixture
def make(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.setattr(flet_client, "_answers", {})
    monkeypatch.setattr(packed_window, "browser", lambda: "/usr/bin/chromium")

    def of(files: Mapping[str, str] | None = None, **options: Any) -> Build:
        return replace(fake_build(tmp_path, files or {}, **options), target="linux")

    return of


@pytest.fixture
def shop(make: Make) -> Make:
    def of(files: Mapping[str, str] | None = None, **options: Any) -> Build:
        toml = "[project]\nname = 'shop'\ndependencies = ['flask']\n"
        every = {"pyproject.toml": toml, "main.py": "", "shop.py": SHOP, **(files or {})}
        return make(every, **options)

    return of


def found_by(build: Build, tools: Tools | None = None) -> dict[str, Finding]:
    return {finding.check.id: finding for finding in desktop.checks(build, tools)}


def says(monkeypatch: pytest.MonkeyPatch, found: Python | None) -> None:
    monkeypatch.setattr(python, "find", lambda run, wanted: found)
    monkeypatch.setattr(flet_client, "window", lambda build, *, may_ask: Window("native"))


def test_a_plan_starts_nothing_and_asks_nobody(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python, "find", lambda *_: pytest.fail("something was started"))
    monkeypatch.setattr(flet_client, "_ask", lambda _: pytest.fail("somebody was asked"))
    found = found_by(make())
    assert {finding.check.state for finding in found.values()} == {"ok"}
    assert found["python"].check.detail.startswith("Python 3.10 or newer")
    assert "if its client can be fetched" in found["window"].check.detail


def test_the_python_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, Python("/usr/bin/python3", "3.12.1", True))
    assert found_by(make(), Tools())["python"].check.detail == "Python 3.12.1"


@pytest.mark.parametrize(
    ("found", "code", "status"),
    [
        (None, "python-not-there", EXIT_COMPUTER),
        (Python("/usr/bin/python3.9", "3.9.2", True), "python-not-known", EXIT_USER),
        (Python("/mine/python3.12", "3.12.1", False), "python-not-shared", EXIT_COMPUTER),
    ],
)
def test_without_a_python_that_can_be_packed_nothing_begins(
    found: Python | None, code: str, status: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(monkeypatch, found)
    finding = found_by(make(), Tools())["python"]
    assert (finding.check.state, finding.exit) == ("fail", status)
    assert [problem.code for problem in finding.problems] == [code]


def test_debians_own_python_gets_the_command_that_mends_it(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda path: True)
    monkeypatch.setattr("builder.host.current", lambda: "linux")
    problem = desktop.no_library(Python("/usr/bin/python3.11", "3.11.2", False))
    assert problem.fixes[0].data == {"text": "sudo apt install libpython3.11"}
    assert desktop.no_library(Python("/home/me/python", "3.11.2", False)).fixes == ()


@pytest.mark.parametrize(
    ("window", "state", "words"),
    [
        (Window("native"), "ok", "The app opens in Flet's own window."),
        (Window("native", "1.0.5", fetches=True), "ok", "is fetched once, and kept"),
        (Window("browser", why="github.com does not answer"), "warn", "github.com does not answer"),
    ],
)
def test_the_window_is_said(
    window: Window, state: str, words: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flet_client, "window", lambda build, *, may_ask: window)
    check = found_by(make())["window"].check
    assert check.state == state
    assert words in check.detail


def test_who_chose_the_browser_is_not_warned(make: Make) -> None:
    check = found_by(make(client="browser"))["window"].check
    assert check.state == "ok"
    assert check.detail.startswith("The app opens in a window of Chrome, Edge or Chromium; where")


def test_who_wants_flets_own_window_is_stopped_without_it(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = Window("browser", why="github.com does not answer")
    monkeypatch.setattr(flet_client, "window", lambda build, *, may_ask: without)
    finding = found_by(make(client="native"))["window"]
    assert (finding.check.state, finding.exit) == ("fail", EXIT_COMPUTER)
    assert "github.com does not answer" in finding.problems[0].why


def test_that_no_such_browser_is_here_is_said(shop: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "On this computer" not in found_by(shop())["window"].check.detail
    monkeypatch.setattr(packed_window, "browser", lambda: "")
    monkeypatch.setattr("builder.host.current", lambda: "linux")
    assert found_by(shop())["window"].check.detail.endswith("On this computer there is none.")


def test_how_a_flask_app_is_served(shop: Make, make: Make) -> None:
    check = found_by(shop())["served"].check
    assert check.detail == "create_app() in shop.py on 127.0.0.1, a free port"
    check = found_by(shop(host="0.0.0.0", port=49_151))["served"].check
    assert check.detail.endswith("on 0.0.0.0, port 49151, for everyone in the same network")
    assert "served" not in found_by(make({"main.py": "import flet as ft\nft.run(print)\n"}))


@pytest.mark.parametrize(
    ("package", "state", "said"),
    [("flask-sock", "warn", "flask-sock"), ("Flask-SocketIO", "ok", "without WebSocket")],
)
def test_what_waitress_does_not_speak_is_said(
    package: str, state: str, said: str, shop: Make
) -> None:
    toml = f"[project]\nname = 'shop'\ndependencies = ['flask', '{package}']\n"
    finding = found_by(shop({"pyproject.toml": toml}))["served"]
    assert finding.check.state == state
    assert said in finding.check.detail


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_now_is_a_hint(address: str, shop: Make) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        finding = found_by(shop(host=address, port=port))["served"]
    assert (finding.check.state, finding.exit) == ("ok", 0)
    assert [(p.code, p.severity) for p in finding.problems] == [("port-not-free", "hint")]
    assert "another program uses it" in finding.problems[0].why.lower()


def test_an_address_that_is_not_of_this_computer_is_a_hint(shop: Make) -> None:
    problems: Sequence[Any] = found_by(shop(host="192.0.2.1", port=5000))["served"].problems
    assert [problem.severity for problem in problems] == ["hint"]


def test_what_the_app_writes_is_listed(shop: Make) -> None:
    detail = found_by(shop())["data"].check.detail
    assert detail.startswith("Kept in the user's own folder: shop.db, uploads/")


def test_an_app_that_writes_nothing_has_nothing_said(make: Make) -> None:
    assert "data" not in found_by(make())


def test_a_flet_app_writes_too(make: Make) -> None:
    code = "import flet as ft\nopen('notes.txt', 'w').write('x')\nft.run(print)\n"
    assert "notes.txt" in found_by(make({"main.py": code}))["data"].check.detail


def test_a_database_that_would_be_handed_out_is_told_and_can_be_left_out(shop: Make) -> None:
    finding = found_by(shop({"shop.db": "mine", "shop.db-wal": "mine", "other.db": "x"}))["data"]
    assert (finding.check.state, finding.exit) == ("warn", 0)
    (fix,) = finding.problems[0].fixes
    assert fix.data == {"tool.flet.app.exclude": ["shop.db", "shop.db-wal"]}


def test_what_was_left_out_before_stays_out(shop: Make) -> None:
    toml = (
        "[project]\nname = 'shop'\ndependencies = ['flask']\n[tool.flet.{}app]\nexclude = ['a']\n"
    )
    general = found_by(shop({"shop.db": "mine", "pyproject.toml": toml.format("")}))["data"]
    assert general.problems[0].fixes[0].data == {"tool.flet.app.exclude": ["a", "shop.db"]}
    own = found_by(shop({"shop.db": "mine", "pyproject.toml": toml.format("linux.")}))["data"]
    assert own.problems[0].fixes[0].data == {"tool.flet.linux.app.exclude": ["a", "shop.db"]}
