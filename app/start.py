"""Starts the wizard: as a native window where that works, else in the browser.

Which of the two is decided within three seconds, whatever the network does. A native window that
does not come up ends in the browser.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import logging
import logging.handlers
import os
import signal
import socket
import sys
import tarfile
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import flet as ft
import psutil

from app import engine, processes, sample, server, shell, showing
from builder import host, places
from builder.lock import Held, Lock
from builder.problems import EXIT_COMPUTER, EXIT_DONE, EXIT_USER

ASSETS = processes.ROOT / "assets"
NETWORK_SECONDS = 2.0  # of the three in which the decision falls
STALL_SECONDS = 20.0  # a download that says nothing for so long has failed
WINDOW_SECONDS = 20.0  # until the native window has come up
RUNNING_SECONDS = 3.0  # for the Slipway that runs already to answer

# They would make Flet serve everybody, without the guard.
_UNWANTED = (
    "FLET_FORCE_WEB_SERVER",
    "FLET_SERVER_IP",
    "FLET_SERVER_PORT",
    "FLET_DISPLAY_URL_PREFIX",
    "FLET_WEBSOCKET_HANDLER_ENDPOINT",
)

View = Literal["native", "browser"]

_log = logging.getLogger(__name__)

_HELP = """\
Turns a Python project into something that you can hand out: a web site, or an app.

Without anything else it opens a window, or your browser where there is no window to open.
"""

_AFTER = """\
In the browser: Enter in the terminal gives a fresh address, each works once; Ctrl+C ends Slipway.
When Slipway runs already, this leads back to it.
"""


def main(arguments: Sequence[str]) -> int:
    """Run Slipway until it is closed; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        project = _project(options)
    except OSError as error:
        return _complain(f"The sample could not be copied: {error}.", EXIT_COMPUTER)
    logging.basicConfig(level=logging.ERROR, handlers=[_log_handler()])
    with ExitStack() as held:
        if not _is_first(held) and (address := ask_the_running_one(project)):
            return _lead_back(address, options.open)
        return _run(options, project, held)


def _is_first(held: ExitStack) -> bool:
    """Whether no other Slipway serves a browser; until `held` is closed no other will."""
    try:
        held.enter_context(Lock(_lock_file()))
        _forget()  # what one that was killed has left
    except Held:
        return False
    except OSError as error:
        _log.warning("another start will not find this one: %s", error)
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python main.py",
        description=_HELP,
        epilog=_AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="the folder of your project")
    parser.add_argument(
        "--sample", action="store_true", help="open a sample project, ready to build"
    )
    parser.add_argument("--web", action="store_true", help="use the browser, not a window")
    parser.add_argument(
        "--port",
        type=_port,
        default=0,
        metavar="N",
        help="the port for the browser (default: free)",
    )
    parser.add_argument(
        "--no-open", dest="open", action="store_false", help="only print the address"
    )
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a port; take one from 1024 to 65535")
    return int(text)


def _project(options: argparse.Namespace) -> Path | None:
    if options.project:
        return Path(options.project).expanduser().absolute()
    return sample.folder() if options.sample else None


def _run(options: argparse.Namespace, project: Path | None, held: ExitStack) -> int:
    for name in _UNWANTED:
        os.environ.pop(name, None)
    os.chdir(processes.ROOT)  # Flet would take a client that was built in the current folder
    view, reason = decide(wants_browser=options.web or bool(options.port))
    _log.info("%s: %s", view, reason)
    try:
        if view == "native":
            held.close()  # there may be several windows
            if _fetch_client() and asyncio.run(_in_a_window(project)):
                return EXIT_DONE
            _say("The window did not come up, so Slipway goes on in your browser.")
            _is_first(held)
        return asyncio.run(_in_the_browser(project, options.port, options.open))
    except KeyboardInterrupt:
        return EXIT_DONE


# --- Window or browser ---------------------------------------------------------------------------


def decide(*, wants_browser: bool) -> tuple[View, str]:
    """Window or browser, and why; takes no longer than `NETWORK_SECONDS`."""
    if wants_browser:
        return "browser", "asked for"
    if host.current() == "linux" and not os.environ.get("DISPLAY"):
        return "browser", "no display"
    if client_is_here():
        return "native", "the client is here"
    if can_fetch_client():
        return "native", "the client can be fetched"
    return "browser", "the client is not here and cannot be fetched now"


def client_is_here() -> bool:
    """Whether Flet's desktop client is on this computer, where Flet itself will look."""
    view = os.environ.get("FLET_VIEW_PATH")
    if view and any((Path(view) / name).exists() for name in ("flet", "flet.exe", "Flet.app")):
        return True
    default = "light" if host.current() == "linux" else "full"
    wanted = os.environ.get("FLET_DESKTOP_FLAVOR", "").strip().lower()
    flavor = wanted if wanted in ("light", "full") else default
    name = f"flet-desktop-{flavor}-{ft.__version__}"
    return (Path.home() / ".flet" / "client" / name).is_dir()


def can_fetch_client() -> bool:
    """Whether the place that the client comes from answers in time.

    Asked in a thread, because a name server that is out of reach knows no timeout.
    """
    answered = threading.Event()

    def ask() -> None:
        request = urllib.request.Request(_client_url(), method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=NETWORK_SECONDS):
                answered.set()
        except (OSError, ValueError, http.client.HTTPException) as error:
            _log.info("the client cannot be fetched: %s", error)

    threading.Thread(target=ask, daemon=True).start()
    return answered.wait(NETWORK_SECONDS)


def _client_url() -> str:
    import flet_desktop  # type: ignore[import-untyped]

    version, name = ft.__version__, flet_desktop.get_artifact_filename()
    default = f"https://github.com/flet-dev/flet/releases/download/v{version}/{name}"
    return os.environ.get("FLET_CLIENT_URL", default)


# --- The native window ---------------------------------------------------------------------------


async def _in_a_window(project: Path | None) -> bool:
    """Run in a native window until it is closed; False when none came up."""
    _open_project(project)
    shown = asyncio.Event()

    async def page_main(page: ft.Page) -> None:
        shown.set()
        shell.wizard(page)

    window = asyncio.create_task(
        ft.run_async(page_main, view=ft.AppView.FLET_APP, assets_dir=str(ASSETS))
    )
    first = asyncio.create_task(shown.wait())
    await asyncio.wait({window, first}, timeout=WINDOW_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    client = psutil.Process().children(recursive=True)  # nothing else has been started yet
    try:
        if shown.is_set():
            with _on_signals(window.cancel):  # Flet's own handlers leave the window open
                await asyncio.wait({window})
    finally:
        first.cancel()
        window.cancel()
        await asyncio.gather(window, return_exceptions=True)
        await shell.save_all()
        await engine.shutdown()
        for process in client:
            with contextlib.suppress(psutil.Error):  # closed by hand, as usual
                process.terminate()
    if not window.cancelled() and (error := window.exception()) is not None:
        _log.error("the window failed", exc_info=error)
    return shown.is_set()


def _fetch_client() -> bool:
    """Have Flet fetch its client; a download that stalls fails instead of hanging."""
    if client_is_here():
        return True
    import flet_desktop

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(STALL_SECONDS)
    try:
        flet_desktop.ensure_client_cached()
    except (OSError, ValueError, http.client.HTTPException) as error:
        _log.error("the client could not be fetched: %s", error)
    except (tarfile.TarError, zipfile.BadZipFile) as error:
        _log.error("the client came broken: %s", error)
    finally:
        socket.setdefaulttimeout(before)
    return client_is_here()


# --- The browser ---------------------------------------------------------------------------------


async def _in_the_browser(project: Path | None, port: int, may_open: bool) -> int:
    try:
        served = server.Server(shell.wizard, ASSETS, port, on_open=_open_project)
    except OSError as error:
        return _complain(
            f"Port {port} cannot be used: {error.strerror}. Choose another one, or leave --port "
            "out to get a free one.",
            EXIT_USER,
        )
    _open_project(project)
    _remember(served)
    stop = asyncio.Event()
    serving = asyncio.create_task(served.run())
    try:
        with _on_signals(stop.set):
            _show(served.fresh_address(), may_open)
            _listen_for_enter(lambda: _say(f"  {served.fresh_address()}\n"))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            run = engine.current()
            if run is not None and run.state == "running":
                _say("Ending the build that is running. What you built before stays whole.")
            await shell.save_all()
            await engine.shutdown()
            await served.let_go(shell.send_away(server.ENDED_PATH))
    finally:
        _forget()
        served.stop()
        await asyncio.gather(serving, return_exceptions=True)
    _say("Slipway has ended.")
    return EXIT_DONE


def _open_project(project: Path | str | None) -> None:
    if project is not None:
        shell.the_wizard().open(Path(project))


def _show(address: str, may_open: bool) -> None:
    opened = may_open and showing.open_url(address)
    where = "Slipway opens in your browser" if opened else "Open Slipway in your browser"
    _say(
        f"{where}:\n\n  {address}\n\n"
        "The address works once. Press Enter for a fresh one, Ctrl+C to end Slipway.\n"
    )


@contextlib.contextmanager
def _on_signals(act: Callable[[], object]) -> Iterator[None]:
    """While this lasts, Ctrl+C and a polite kill do `act` on the event loop."""
    loop = asyncio.get_running_loop()
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]

    def handle(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(act)

    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen_for_enter(act: Callable[[], None]) -> None:
    """Do `act` on the event loop whenever Enter is pressed; the end of the input is none."""
    loop = asyncio.get_running_loop()
    if sys.stdin is None:
        return
    if hasattr(signal, "SIGTTIN"):  # in the background, reading would stop the whole program
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)

    def listen() -> None:
        # os.read and not sys.stdin: its lock would hold up the end of the program.
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # no terminal; loop has ended
            while typed := os.read(0, 1024):
                if b"\n" in typed:
                    loop.call_soon_threadsafe(act)

    threading.Thread(target=listen, daemon=True).start()


# --- Another start while one runs ----------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """Where the Slipway that runs listens, and the secret that it wants to be shown."""

    port: int
    secret: str


def _state_file() -> Path:
    return places.data() / "running.json"


def _lock_file() -> Path:
    return places.data() / "locks" / "running"


def _remember(served: server.Server) -> None:
    """Write down how a second start finds this one, for nobody else to read."""
    file = _state_file()
    text = json.dumps({"port": served.port, "secret": served.keys.secret})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # so that the rights below are those of a new file
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        _log.warning("a second start will not find this one: %s", error)


def _forget() -> None:
    with contextlib.suppress(OSError):  # there is none, or the data folder cannot be written to
        _state_file().unlink()


def _recall() -> Running | None:
    try:
        data = json.loads(_state_file().read_text(encoding="utf-8"))
        return Running(int(data["port"]), str(data["secret"]))
    except (OSError, ValueError, KeyError, TypeError):  # none, or left behind half written
        return None


def ask_the_running_one(project: Path | None) -> str:
    """A fresh address from the Slipway that runs; empty when it gives none.

    Call it only when the lock is held: a file that was left behind may name a port that belongs to
    somebody else by now, who must not be told the secret.
    """
    deadline = time.monotonic() + RUNNING_SECONDS
    while (running := _recall()) is None:
        if time.monotonic() > deadline:
            return ""
        time.sleep(0.1)  # it is just starting
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=RUNNING_SECONDS)
    body = json.dumps({"project": str(project) if project else ""})
    try:
        connection.request(
            "POST", server.CONTROL_PATH, body, {"Authorization": f"Bearer {running.secret}"}
        )
        answer = connection.getresponse()
        text = answer.read(1000).decode("ascii", "replace")
    except (OSError, http.client.HTTPException) as error:
        _log.warning("the running Slipway does not answer: %s", error)
        return ""
    finally:
        connection.close()
    return text if answer.status == http.HTTPStatus.OK else ""


def _lead_back(address: str, may_open: bool) -> int:
    opened = may_open and showing.open_url(address)
    _say(f"Slipway runs already{', and opens in your browser' if opened else ''}:\n\n  {address}\n")
    return EXIT_DONE


# --- Words ---------------------------------------------------------------------------------------


def _log_handler() -> logging.Handler:
    """What goes wrong inside is for the log file, not for the terminal."""
    try:
        places.logs().mkdir(parents=True, exist_ok=True)
        return logging.handlers.RotatingFileHandler(
            places.logs() / "slipway.log", maxBytes=1 << 20, backupCount=1, encoding="utf-8"
        )
    except OSError:  # nowhere to write: then without
        return logging.NullHandler()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _complain(text: str, status: int) -> int:
    sys.stderr.write(text + "\n")
    return status
