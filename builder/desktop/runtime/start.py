"""Where a packed app begins: its data, its server, its window, its end."""

from __future__ import annotations

import _thread
import atexit
import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
import webbrowser
from pathlib import Path

from . import as_python, home, seen, serving, trouble, window
from .about import CODE, About, bundle, read
from .running import Running
from .speech import keep_log

TRIAL = "SLIPWAY_APP_TRIAL"
"""A file for what came of a trial: the app opens no window of ours, and ends when it answered."""

WINDOW, NO_SCREEN = "window", "no screen"
"""What comes of a trial besides the status of the first page."""

END_SECONDS = 3.0  # what the app gets to end by itself once its window is closed

_windows: list[subprocess.Popen[bytes]] = []
"""What is open, to be taken along when the app is ended from outside."""


def main() -> None:
    """Run the app to its end."""
    multiprocessing.freeze_support()  # a process of the app's own does not come back from here
    _use_libraries_of_the_system()
    folder = bundle()
    about = read(folder)
    place = home.folder(about)
    if as_python.is_asked(sys.argv[1:]):
        code = place / CODE
        as_python.run(sys.argv[1:], [code / about.root, code])
        return
    running = Running(place)
    if not running.is_first:
        _show_the_first(about, running, place)
        return
    _end_when_told()
    log = keep_log(place)
    _say(f"{about.name} {about.version}, data in {place}, log in {log}")
    atexit.register(_close_windows)
    try:
        _run(about, folder, running, place)
    except KeyboardInterrupt:
        _end_soon(130)
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the app's own trouble, shown where its user looks
        traceback.print_exc()
        _show_trouble(about, running, place, error, log)
        _end_soon(1)
        sys.exit(1)


def _end_when_told() -> None:
    """End as at the end of the program, where the signal alone would end it on the spot."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) != signal.SIG_IGN:  # as for `nohup`
            signal.signal(number, _end_orderly)


def _end_orderly(_number: int, _frame: object) -> None:
    _end_soon()
    sys.exit(0)


def _use_libraries_of_the_system() -> None:
    """What the bundle put into the environment for itself is not for programs that we start."""
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        original = os.environ.pop(f"{name}_ORIG", None)
        os.environ.pop(name, None)
        if original:
            os.environ[name] = original


def _run(about: About, folder: Path, running: Running, place: Path) -> None:
    code = home.bring_code(about, folder / CODE, place)
    if about.kind == "flask":
        importlib.import_module("waitress")  # before a module of the app may have this name
    _stand_in(about, code, place)
    if about.kind == "flask":
        _flask(about, running, place)
    else:
        _flet(about, running, place)


def _stand_in(about: About, code: Path, place: Path) -> None:
    """Be where the code is, as when one starts it from its folder."""
    root = code / about.root
    os.chdir(code / about.start)
    sys.path.insert(0, str(root))
    if root != code:
        sys.path.insert(1, str(code))
    os.environ[as_python.INSIDE] = sys.executable
    # The names by which Flet's apps know these places; others may use them as well.
    os.environ.setdefault("FLET_APP_STORAGE_DATA", str(place / "storage"))
    os.environ.setdefault("FLET_ASSETS_DIR", str(root / "assets")) if about.kind == "flet" else None
    Path(os.environ["FLET_APP_STORAGE_DATA"]).mkdir(parents=True, exist_ok=True)


def _flask(about: About, running: Running, place: Path) -> None:
    for name, value in about.variables.items():
        os.environ.setdefault(name, value)
    # A trial needs no certain port, and whoever made the app may be running it right now.
    port = 0 if os.environ.get(TRIAL) else about.port
    address, end = serving.serve_flask(about, serving.load(about), port)
    _until_closed(about, running, place, address)
    end()
    _end_soon()


def _flet(about: About, running: Running, place: Path) -> None:
    if about.native:
        _flet_in_its_own_window(about)
        return
    address = serving.flet_address()
    threading.Thread(
        target=_show_flet, args=(about, running, place, address), name="window", daemon=True
    ).start()
    serving.run_flet(about)


def _flet_in_its_own_window(about: About) -> None:
    if not window.has_display():
        if os.environ.get(TRIAL):
            _end_trial(NO_SCREEN)
        _say(f"{about.name} needs a screen to show its window on.")
        sys.exit(1)
    os.environ.update(about.variables)
    if os.environ.get(TRIAL):
        _watch_trial()
    serving.run_flet(about)


def _watch_trial() -> None:
    """End the trial when the window shows the app."""
    watch = seen.Watch(lambda: _end_trial(WINDOW), _fail_trial)
    watch.begin(importlib.import_module("flet"))


def _show_flet(about: About, running: Running, place: Path, address: str) -> None:
    serving.wait_for(address)
    _until_closed(about, running, place, address)
    _end_soon()
    _thread.interrupt_main(signal.SIGTERM)


def _until_closed(about: About, running: Running, place: Path, address: str) -> None:
    """Show the app, and come back when its window is closed; without a window, never."""
    running.tell(address)
    if os.environ.get(TRIAL):
        _end_trial(str(serving.first_answer(address)))
    if not window.has_display():
        _serve_on(address)
    began = time.monotonic()
    shown = window.open_window(address, about.id, place, (about.width, about.height))
    if shown is None:
        _serve_on(address)
        return
    _windows.append(shown)
    failed = shown.wait() != 0
    if time.monotonic() - began < window.QUICK_SECONDS:
        if failed:
            webbrowser.open(address)
        _serve_on(address)  # else it handed the window over, and its end says nothing


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - to the terminal and the log of the app


def _serve_on(address: str) -> None:
    _say(f"The app is at {address}\nCtrl+C ends it.")
    while True:
        time.sleep(3600)


def _end_trial(outcome: str) -> None:
    """Say what came of the trial, and end at once."""
    Path(os.environ[TRIAL]).write_text(outcome, encoding="utf-8")
    sys.stderr.flush()
    os._exit(0)


def _fail_trial() -> None:
    """End it without an outcome; the log says why."""
    if sys.exc_info()[0]:
        traceback.print_exc()
    else:
        _say(f"TimeoutError: no window came up within {seen.NEVER:.0f} seconds.")
    sys.stderr.flush()
    os._exit(1)


def _end_soon(status: int = 0) -> None:
    """End even when threads or processes of the app would go on."""
    _close_windows()
    timer = threading.Timer(END_SECONDS, _end_now, [status])
    timer.daemon = True
    timer.start()


def _end_now(status: int) -> None:
    for process in multiprocessing.active_children():
        process.terminate()
    os._exit(status)


def _close_windows() -> None:
    for shown in _windows:
        shown.terminate()


def _show_the_first(about: About, running: Running, place: Path) -> None:
    """Show the one that runs already; it may be starting still."""
    end = time.monotonic() + serving.READY_SECONDS
    while not (address := running.address()) and time.monotonic() < end:
        time.sleep(0.1)
    _say(f"{about.name} runs already: {address or 'it is starting'}")
    if address and window.has_display():
        window.open_window(address, about.id, place, (about.width, about.height))


def _show_trouble(about: About, running: Running, place: Path, error: Exception, log: Path) -> None:
    """A page that says that the app could not start, in its window."""
    if os.environ.get(TRIAL):
        return
    _say(f"{about.name} could not start. {trouble.reason(about, error)}")
    if not window.has_display():
        return
    with trouble.page(about, error, log) as address:
        running.tell(address)
        shown = window.open_window(address, about.id, place, (640, 420))
        if shown is not None:
            _windows.append(shown)
            shown.wait()
