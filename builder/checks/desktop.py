"""Checks an app for this computer before anything is fetched: its Python, window, server, data."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from builder import host, options, pyproject
from builder.checks.finding import Finding, fail, ok, warn
from builder.code.file_use import FileUse
from builder.desktop import flet_client, python, uv_settings
from builder.desktop.flet_client import Window
from builder.desktop.python import Python
from builder.desktop.runtime import window as packed_window
from builder.pipeline import Build
from builder.problems import ComputerError, Fix, Problem, ProjectError
from builder.process import Finished, Tools
from builder.settings import platform_of
from builder.stages import desktop_client

_NAMED = 5  # so many paths are named, the rest is counted
_BESIDE_DATABASE = ("", "-wal", "-shm", "-journal")


def checks(build: Build, tools: Tools | None) -> list[Finding]:
    """What must hold, and what the app will be like. Without `tools` nothing is started or asked.

    Flet's releases are asked for the client at most once, for some seconds.
    """
    found = [_python(build, tools), _window(build, may_ask=tools is not None)]
    if build.project.kind == "flask":
        found.append(_served(build))
    return [*found, *_data(build)]


# ---- Python ----------------------------------------------------------------------------------

_PYTHON = ("python", "Python to pack")


def _python(build: Build, tools: Tools | None) -> Finding:
    if tools is None:
        return ok(*_PYTHON, f"{python.in_words(build.settings)}, looked for when the build begins")

    def run(argv: Sequence[str]) -> Finished:
        return tools.run(argv, env={"PATH": uv_settings.search_path()})

    found = python.find(run, python.asked(build.settings))
    if found is None:
        return fail(*_PYTHON, ComputerError(python.not_there(build.settings)))
    if not found.is_known:
        return fail(*_PYTHON, ProjectError(_not_known(found)))
    if not found.has_library:
        return fail(*_PYTHON, ComputerError(no_library(found)))
    return ok(*_PYTHON, f"Python {found.version}")


def _not_known(found: Python) -> Problem:
    return Problem(
        "python-not-known",
        f"An app cannot be packed with Python {found.version}",
        f"That works with Python {python.OLDEST} and newer, before {python.NEXT}. The project, or "
        "--python-version, asks for this one.",
        "Let the project work with another Python, and build again.",
    )


def no_library(found: Python) -> Problem:
    """PyInstaller would fail only after everything was fetched."""
    short = ".".join(found.version.split(".")[:2])
    is_debian = host.current() == "linux" and Path("/etc/debian_version").exists()
    package = f"libpython{short}"
    fixes = (
        (Fix("copy-install", "Copy the command", "copy", {"text": f"sudo apt install {package}"}),)
        if is_debian and found.path.startswith("/usr/bin/")
        else ()
    )
    return Problem(
        "python-not-shared",
        f"Python {found.version} on this computer cannot be packed into an app",
        f"It comes without its shared library ({package}), which a packed app brings along. "
        "Version managers often build Python without it.",
        f"Install the package {package}."
        if fixes
        else "Take a Python from python.org or from your system, or build this one anew with "
        "--enable-shared (pyenv: PYTHON_CONFIGURE_OPTS=--enable-shared).",
        where=found.path,
        fixes=fixes,
    )


# ---- The window ------------------------------------------------------------------------------

_WINDOW = ("window", "The app's window")
_BROWSERS = "a window of Chrome, Edge or Chromium"


def _window(build: Build, *, may_ask: bool) -> Finding:
    window = flet_client.window(build, may_ask=may_ask)
    if window.kind == "native":
        more = "; its client is fetched once, and kept." if window.fetches else "."
        return ok(*_WINDOW, f"The app opens in Flet's own window{more}")
    wants_native = build.settings.desktop.client == "native" and build.project.kind != "flask"
    if wants_native and window.kind == "browser":
        trouble = ComputerError(desktop_client.not_to_be_had(build, window.why))
        return fail(*_WINDOW, trouble)
    if window.kind == "open":
        return ok(
            *_WINDOW,
            "The app opens in Flet's own window if its client can be fetched when it is built"
            + ("." if wants_native else f", else in {_BROWSERS}."),
        )
    if window.is_chosen:
        return ok(*_WINDOW, f"The app opens in {_BROWSERS}; {_without_one()}")
    return warn(*_WINDOW, [_not_native(window)])


def _without_one() -> str:
    """What becomes of people who have none of these browsers."""
    others = "where there is none, the default browser shows it, and it runs until it is ended."
    if packed_window.browser() or host.current() != "linux":
        return others
    return f"{others} On this computer there is none."


def _not_native(window: Window) -> Problem:
    return Problem(
        "client-not-there",
        f"The app opens in {_BROWSERS}, because Flet's own client could not be had: {window.why}",
        f"Flet's own window needs a client that fits its version exactly; {_without_one()}",
        "Nothing, if that will do. Otherwise build once with the network; the client is kept.",
        "warn",
        fixes=(Fix("client-browser", "That will do", "set", {desktop_client.SETTING: "browser"}),),
    )


# ---- How a Flask app is served ---------------------------------------------------------------

_SERVED = ("served", "How the app is served")


def _served(build: Build) -> Finding:
    desktop, flask = build.settings.desktop, build.project.flask
    chosen = flask.chosen if flask else None
    what = f"{chosen.name} in {chosen.file}" if chosen else "The app"
    port = f"port {desktop.port}" if desktop.port else "a free port"
    everyone = desktop.host in ("0.0.0.0", "::", "*")
    who = ", for everyone in the same network" if everyone else ""
    names = {need.name for need in build.project.requirements}
    if without := sorted(names & _NEEDS_WEBSOCKETS):
        return warn(*_SERVED, [_no_websockets(without[0])])
    polling = "; its sockets by plain requests, without WebSocket" if _SOCKETS in names else ""
    finding = ok(*_SERVED, f"{what} on {desktop.host}, {port}{who}{polling}")
    trouble = _port_trouble(desktop.host, desktop.port) if desktop.port else None
    return Finding(finding.check, (trouble,)) if trouble else finding


# Waitress speaks no WebSocket: Flask-SocketIO does without, these cannot.
_SOCKETS = "flask-socketio"
_NEEDS_WEBSOCKETS = frozenset({"flask-sock", "flask-sockets", "flask-uwsgi-websocket"})


def _no_websockets(package: str) -> Problem:
    return Problem(
        "no-websockets",
        f"What the app does with {package} will not work",
        "It needs WebSocket, which Waitress, the server of the packed app, does not offer. The "
        "other pages work.",
        "Ask for news with plain requests, or take Flask-SocketIO, which does so by itself.",
        "warn",
    )


def _port_trouble(at: str, port: int) -> Problem | None:
    """What is wrong with a port now; nobody knows how it will be on other computers."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            None if at == "*" else at, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as one:
            if sys.platform != "win32":  # there it would mean that two may have the same
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(place)
    except OSError as error:
        return _port_not_free(port, error)
    return None


def _port_not_free(port: int, error: OSError) -> Problem:
    reasons = {
        errno.EADDRINUSE: "another program uses it on this computer now",
        errno.EACCES: "on many systems only administrators may use the ports below 1024",
    }
    why = reasons.get(error.errno or 0, f"the system says: {error.strerror or error}")
    return Problem(
        "port-not-free",
        f"The app could not use port {port} here at this moment",
        f"{why[0].upper()}{why[1:]}. The same may happen to people who get the app.",
        "Let it take a free port, unless something counts on this number.",
        "hint",
        fixes=(Fix("free-port", "A free port", "set", {"tool.slipway.desktop.port": None}),),
    )


# ---- What the app writes ---------------------------------------------------------------------

_DATA = ("data", "What the app writes")


def _data(build: Build) -> list[Finding]:
    """Where it goes; a database that would be handed out with what it holds is told."""
    uses = build.project.uses
    written = [use for use in uses if use.writes]
    shipped = _shipped(build, uses)
    if shipped:
        return [warn(*_DATA, [_database_shipped(build, shipped)])]
    inside = [_shown(use) for use in written if use.anchor != "outside"]
    outside = [use.path for use in written if use.anchor == "outside"]
    said = [f"kept in the user's own folder: {_listed(inside)}"] if inside else []
    said += [f"left where the code says: {_listed(outside)}"] if outside else []
    text = "; ".join(said)
    return [ok(*_DATA, f"{text[0].upper()}{text[1:]}")] if text else []


def _shown(use: FileUse) -> str:
    return f"{use.path.rstrip('/')}/" if use.kind == "folder" else use.path


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return ", ".join(paths[:_NAMED]) + more


def _shipped(build: Build, uses: Sequence[FileUse]) -> list[str]:
    """The databases that the app writes and that are packed, with what SQLite puts beside them."""
    packed = {file.path for file in build.project.selection.files}
    named = [use.path for use in uses if use.kind == "database" and use.writes]
    if not any(path in packed for path in named):
        return []
    return [p + end for p in dict.fromkeys(named) for end in _BESIDE_DATABASE if p + end in packed]


def _database_shipped(build: Build, paths: Sequence[str]) -> Problem:
    names = options.keys_of(options.BY_NAME["exclude"], platform_of(build.target))
    said = [(key, pyproject.get(build.project.pyproject, key)) for key in names]
    key, before = next((one for one in said if isinstance(one[1], list)), (names[-1], []))
    return Problem(
        "database-shipped",
        f"Everyone who gets the app gets your own data: {_listed(paths)}",
        "The app writes this database, and it is packed as it is now. Each user then begins with "
        "a copy of it, in a folder of their own.",
        "Leave it out, if the app makes a new one by itself; keep it, if it is meant as a start.",
        "warn",
        fixes=(Fix("leave-out-data", "Leave it out", "set", {key: [*before, *paths]}),),
    )
