"""An app as PyInstaller unpacks it, started in a process of its own, without PyInstaller."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from builder.desktop import runtime
from builder.desktop.runtime.about import CODE, FILE, About
from tests.builder.fake_build import write

ENOUGH = 60.0  # seconds; a busy computer is no failure
ABOUT = About("flask", "com.acme.shop", "Shop", "1.2", "one", "shop", "app")

WSGI = '''
def app(environ, start):
    """The smallest app that a server can serve."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"hello from " + environ["PATH_INFO"].encode()]
'''

_LAUNCH = """
import sys
sys._MEIPASS = {bundle!r}
sys.path.insert(0, {path!r})
{before}
from slipway_desktop import start
start.END_SECONDS = 0.5
{patch}
start.main()
"""

BROWSER = """#!{python}
import json, pathlib, sys, time, urllib.request, os
here = pathlib.Path({folder!r})
address = next((a for a in sys.argv if "http://" in a), "").removeprefix("--app=")
seen = urllib.request.urlopen(address, timeout=60).read().decode() if address else ""
note = here / f"shown-{{os.getpid()}}"
kept = {{k: v for k, v in os.environ.items() if k.startswith("LD_")}}
note.with_suffix(".new").write_text(json.dumps([sys.argv[1:], seen, kept]))
note.with_suffix(".new").rename(note.with_suffix(".json"))
while {stays} and not (here / "close").exists():
    time.sleep(0.02)
sys.exit({status})
"""


class Packed:
    """An app in a bundle below `folder`; whoever makes one calls `end`."""

    def __init__(self, folder: Path, files: Mapping[str, str] | None = None, **about: Any) -> None:
        self.folder = folder
        self.bundle, self.home = folder / "bundle", folder / "home"
        path = folder / "path"
        path.mkdir(parents=True)
        (path / "slipway_desktop").symlink_to(Path(runtime.__file__).parent)
        self._path = path
        self.env: dict[str, str] = {}
        self.before = self.patch = ""
        self._started: list[subprocess.Popen[str]] = []
        self.ship(files or {"shop.py": WSGI}, **about)

    def ship(self, files: Mapping[str, str], **about: Any) -> None:
        """Put a version of the app into the bundle."""
        write(self.bundle / CODE, files)
        self.about = replace(ABOUT, **about)
        text = json.dumps(asdict(self.about))
        (self.bundle / FILE).write_text(text, encoding="utf-8")

    def code(self) -> str:
        """What starts it."""
        return _LAUNCH.format(
            bundle=str(self.bundle), path=str(self._path), before=self.before, patch=self.patch
        )

    def program(self) -> Path:
        """A program that starts it."""
        script = self.folder / "program"
        script.write_text(f"#!{sys.executable} -P\n{self.code()}", encoding="utf-8")
        script.chmod(0o755)
        return script

    def start(self, **more: Any) -> subprocess.Popen[str]:
        """Start it as a double click does, with no screen unless `env` names one."""
        kept = {k: v for k, v in os.environ.items() if "DISPLAY" not in k and "SLIPWAY" not in k}
        env = {**kept, "SLIPWAY_APP_HOME": str(self.home), "PYTHONSAFEPATH": "1", **self.env}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", self.code()],
            env=env, stdin=subprocess.DEVNULL, text=True, encoding="utf-8",
            cwd=self.folder, **options,
        )  # fmt: skip
        self._started.append(process)
        return process

    def served(self, process: subprocess.Popen[str]) -> str:
        """Wait until it serves; its address."""
        wait_until(lambda: bool(self.address) or process.poll() is not None)
        assert self.address, process.communicate(timeout=ENOUGH)
        return self.address

    @property
    def address(self) -> str:
        """Where it says that it is."""
        file = self.home / "running.txt"
        return file.read_text("utf-8") if file.is_file() else ""

    @property
    def log(self) -> str:
        """What it wrote into its log file."""
        file = self.home / "app.log"
        return file.read_text("utf-8") if file.is_file() else ""

    def browser(self, *, stays: bool = True, status: int = 0) -> Path:
        """A program that says what it was asked to show, until `close_window`."""
        script = self.folder / "browser"
        text = BROWSER.format(
            python=sys.executable, folder=str(self.folder), stays=stays, status=status
        )
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)
        return script

    def shown(self, count: int = 1) -> list[tuple[list[str], str, dict[str, str]]]:
        """Wait until so many windows were shown: arguments, the page, the libraries' variables."""
        wait_until(lambda: len(list(self.folder.glob("shown-*.json"))) >= count)
        return [
            tuple(json.loads(file.read_text("utf-8")))
            for file in sorted(self.folder.glob("shown-*.json"), key=lambda f: f.stat().st_mtime_ns)
        ]

    def close_window(self) -> None:
        """Let the browser end."""
        (self.folder / "close").touch()

    def end(self) -> None:
        """End all that was started."""
        self.close_window()
        for process in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.communicate(timeout=ENOUGH)


def wait_until(what: Any) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + ENOUGH
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def get(address: str) -> str:
    """The page at an address of this computer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=ENOUGH) as answer:
        return str(answer.read().decode("utf-8"))


def has_ipv6() -> bool:
    """Whether this computer has the address ::1."""
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True
