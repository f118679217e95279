"""The window of a packed app: a browser that is there, as a window of its own without its bars.

Chromium and its relatives can do that (`--app`). With a profile of its own it is a program of its
own, too: its end is the end of the app. Where none is there, the default browser shows the app.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

QUICK_SECONDS = 3.0  # a browser that ends sooner handed the window to another one of its kind

_ON_LINUX = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
    "microsoft-edge-stable", "brave-browser", "vivaldi", "vivaldi-stable",
)  # fmt: skip
_ON_MACOS = ("Google Chrome", "Microsoft Edge", "Chromium", "Brave Browser", "Vivaldi")
_ON_WINDOWS = (
    r"Microsoft\Edge\Application\msedge.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"BraveSoftware\Brave-Browser\Application\brave.exe",
)


def has_display() -> bool:
    """Whether there is a screen to show a window on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def browser() -> str:
    """A browser that can show a site as a window of its own; "" where there is none."""
    return next(_browsers(), "")


def _browsers() -> Iterator[str]:
    if named := os.environ.get("SLIPWAY_BROWSER"):
        yield named
    if sys.platform == "win32":
        roots = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
        folders = [Path(os.environ[root]) for root in roots if os.environ.get(root)]
        paths = [folder / name for name in _ON_WINDOWS for folder in folders]
        yield from (str(path) for path in paths if path.is_file())
    elif sys.platform == "darwin":
        places = (Path("/Applications"), Path.home() / "Applications")
        paths = [at / f"{n}.app/Contents/MacOS/{n}" for n in _ON_MACOS for at in places]
        yield from (str(path) for path in paths if path.is_file())
    else:
        yield from filter(None, map(shutil.which, _ON_LINUX))


def open_window(
    address: str, app_id: str, home: Path, size: tuple[int, int]
) -> subprocess.Popen[bytes] | None:
    """Open the app in a window of its own, else in the default browser; None for the latter."""
    program = browser()
    if not program:
        webbrowser.open(address)
        return None
    return subprocess.Popen(
        [
            program,
            f"--app={address}",
            f"--user-data-dir={_profile(program, app_id, home)}",
            f"--window-size={size[0]},{size[1]}",
            f"--class={app_id}",
            "--no-first-run",
            "--no-default-browser-check",
            *(["--no-sandbox", "--test-type"] if _is_root() else []),  # else root gets none
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _profile(program: str, app_id: str, home: Path) -> Path:
    """Where the browser keeps what belongs to this app."""
    if "/snap/" in f"{program} {os.path.realpath(program)}":
        # A browser in a snap may not look into hidden folders.
        return Path.home() / "snap" / Path(program).name / "common" / app_id
    return home / "window"


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
