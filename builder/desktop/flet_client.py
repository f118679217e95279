"""Flet's own desktop client: which one an app needs, where it can be had, and whether it can.

Up to 0.82.2 it is in a wheel. From 1.0 on it is an archive of Flet's release for one exact version,
one system and, on Linux, one age of the system's libraries. Where it cannot be had, Flet's web
client in a window of the browser shows the app.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder import flet_version, host, kept, places, pyproject
from builder.flutter import target_python
from builder.pipeline import Build

BEST_KNOWN = "1.0.5"
"""The Flet of a project that leaves its version open."""

ADDRESS = "FLET_CLIENT_URL"
"""The variable that names another place for the client, for Flet's own tools as well."""

ASK_SECONDS = 3.0  # what the host of the releases gets for its answer

_RELEASES = "https://github.com/flet-dev/flet/releases/download/v{}/{}"
# The version of glibc that each of Flet's clients for Linux needs at least, and its name.
_FOR_GLIBC = (
    ((2, 39), "ubuntu24.04"),
    ((2, 36), "debian12"),
    ((2, 35), "ubuntu22.04"),
    ((2, 31), "ubuntu20.04"),
    ((2, 28), "debian10"),
)
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm_7"}

# In the code, not behind a #.
_FOR_BROWSER = re.compile(
    r"""^[^#\n]*(AppView\.(WEB_BROWSER|FLET_APP_WEB)|view\s*=\s*["'](web_browser|flet_app_web)["'])""",
    re.MULTILINE,
)

_answers: dict[str, str] = {}


@dataclass(frozen=True)
class Window:
    """What shows a Flet app: Flet's own client, a browser, or either, as nobody was asked yet.

    `flet` is the version whose client is packed along, "" where a wheel brings it. `why` says why
    it is a browser, as a part of a sentence. `fetches`: the client is not on this computer yet.
    `is_chosen`: whoever made the app wants the browser.
    """

    kind: Literal["native", "browser", "open"]
    flet: str = ""
    why: str = ""
    fetches: bool = False
    is_chosen: bool = False


def window(build: Build, *, may_ask: bool) -> Window:
    """What will show the app. Asks the host of Flet's releases once, and only if `may_ask`."""
    if build.project.kind == "flask":
        return Window("browser", why="it is a Flask app", is_chosen=True)
    if build.settings.desktop.client == "browser":
        return Window("browser", why="the project's settings say so", is_chosen=True)
    if build.settings.desktop.client == "auto" and _asks_for_browser(build):
        return Window("browser", why="the app's code asks for a browser", is_chosen=True)
    asked = _accepted(build)
    if asked.too_old:
        return Window("native")
    if asked.elsewhere:
        return Window("browser", why="only a released Flet has a client of its own")
    version = _version(asked)
    if not version:
        return Window("browser", why="the project does not say which version of Flet it wants")
    if is_here(build, version):
        return Window("native", version)
    return _by_answer(address(build, version), version, may_ask)


def _by_answer(url: str, version: str, may_ask: bool) -> Window:
    if url not in _answers and not may_ask:
        return Window("open", version, fetches=True)
    why = _ask(url)
    return Window("browser", why=why) if why else Window("native", version, fetches=True)


def window_class(window: Window) -> str:
    """The class of an app's window, "" for the app's own ID: clients in wheels do not know that."""
    return "Flet" if window.kind == "native" and not window.flet else ""


def variables(build: Build) -> dict[str, str]:
    """What a packed app tells Flet, so that it takes the packed client on every computer.

    Flet would look for the one that fits the computer it runs on, by its exact name.
    """
    told = {"FLET_DESKTOP_FLAVOR": _flavor(build)}
    if host.current() == "linux":  # the name by which desktops know the window
        told |= {"FLET_LINUX_DISTRO": _distribution(), "FLET_APP_ID": build.settings.bundle_id}
    return told


def wheel(build: Build) -> str:
    """The package that brings the client of a Flet before 1.0."""
    return "flet-desktop-light" if _flavor(build) == "light" else "flet-desktop"


def web_packages(build: Build) -> list[str]:
    """The packages that show the app in a browser."""
    # Before 1.0 it hands FastAPI an argument that 0.155 no longer takes.
    return ["flet-web", "fastapi<0.141"] if _accepted(build).too_old else ["flet-web"]


# ---- Which version ---------------------------------------------------------------------------


def _accepted(build: Build) -> flet_version.Accepted:
    system = target_python.system_of(build.target)
    return flet_version.accepted(
        build.project.requirements, lambda text: target_python.may_apply(text, system)
    )


def _version(asked: flet_version.Accepted) -> str:
    """The one version whose client the app needs; "" where that cannot be said."""
    if asked.pinned:
        return asked.pinned
    return BEST_KNOWN if BEST_KNOWN in asked.specifier else ""


def _asks_for_browser(build: Build) -> bool:
    """Whether the app starts with `view=ft.AppView.WEB_BROWSER`, which needs Flet's web client."""
    file = build.project.app_folder / f"{(build.project.module or '').replace('.', '/')}.py"
    try:
        return _FOR_BROWSER.search(file.read_text("utf-8")) is not None
    except (OSError, ValueError):  # checked elsewhere
        return False


# ---- Where it is -----------------------------------------------------------------------------


def artifact(build: Build) -> str:
    """The name of the client's archive for this computer, as Flet's release and Flet itself say."""
    if host.current() == "windows":
        return "flet-windows.zip"
    if host.current() == "macos":
        return "flet-macos.tar.gz"
    machine = platform.machine().lower()
    light = "-light" if _flavor(build) == "light" else ""
    return f"flet-linux-{_distribution()}{light}-{_PROCESSORS.get(machine, machine)}.tar.gz"


def address(build: Build, version: str) -> str:
    """Where the client is fetched from."""
    return os.environ.get(ADDRESS) or _RELEASES.format(version, artifact(build))


def folder(build: Build, version: str) -> Path:
    """Where the client is kept: the archive, and its checksum beside it."""
    root = places.cache() / "desktop-clients"
    if given := os.environ.get(ADDRESS):
        return root / "given" / hashlib.sha256(_stamp(given).encode()).hexdigest()[:16]
    return root / version / artifact(build)


def is_here(build: Build, version: str) -> bool:
    """Whether the client is on this computer: kept by us, named by the user, or kept by Flet."""
    if kept.is_whole(folder(build, version)):
        return True
    if given := os.environ.get(ADDRESS):
        path = as_path(given)
        return path is not None and path.is_file()
    return unpacked(build, version) is not None


def unpacked(build: Build, version: str) -> Path | None:
    """The client as Flet unpacked it for this user, when it ran an app; None where it did not."""
    place = Path.home() / ".flet" / "client" / f"flet-desktop-{_flavor(build)}-{version}"
    return place if any(place.glob(program())) else None


def program() -> str:
    """What is started of the client, as a pattern of paths in the archive."""
    return {"windows": "flet/flet.exe", "macos": "*.app", "linux": "flet/flet"}[host.current()]


def as_path(url: str) -> Path | None:
    """The file that a `file:` address names; None for other addresses."""
    parts = urllib.parse.urlsplit(url)
    return Path(urllib.request.url2pathname(parts.path)) if parts.scheme == "file" else None


def _stamp(url: str) -> str:
    """An address, and for a file also its time: there it may be another one tomorrow."""
    path = as_path(url)
    if path is None or not path.is_file():
        return url
    status = path.stat()
    return f"{url} {status.st_mtime_ns} {status.st_size}"


def _flavor(build: Build) -> str:
    """With players for sound and video (`full`), or without (`light`)."""
    default = "light" if host.current() == "linux" else "full"
    said = pyproject.get(build.project.pyproject, "tool.flet.desktop_flavor")
    for value in (os.environ.get("FLET_DESKTOP_FLAVOR"), said):
        if isinstance(value, str) and value.strip().lower() in ("full", "light"):
            return value.strip().lower()
    return default


def _distribution() -> str:
    """The newest client for Linux that this computer's glibc can run; else the oldest there is."""
    if named := os.environ.get("FLET_LINUX_DISTRO", "").strip():
        return named
    here = _glibc()
    return next((name for needed, name in _FOR_GLIBC if here >= needed), _FOR_GLIBC[-1][1])


def _glibc() -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)\.(\d+).*", platform.libc_ver()[1])
    return (int(found[1]), int(found[2])) if found else (0, 0)


# ---- Asking ----------------------------------------------------------------------------------


def _ask(url: str) -> str:
    """Why nothing can be fetched from there, "" when it can. Once in the life of this process.

    In a thread, because a name server that is out of reach knows no timeout.
    """
    if url not in _answers:
        said: list[str] = []
        asking = threading.Thread(target=lambda: said.append(_answer(url)), daemon=True)
        asking.start()
        asking.join(ASK_SECONDS)
        _answers[url] = said[0] if said else f"{_site(url)} does not answer"
    return _answers[url]


def _answer(url: str) -> str:
    import httpx  # here, because it takes longer to import than most builds need it

    if (path := as_path(url)) is not None:
        return f"there is no file {path}"  # those that are there are never asked for
    try:
        # GitHub leads on to where the files are; that it does is enough.
        status = httpx.head(url, timeout=ASK_SECONDS, follow_redirects=False).status_code
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError):
        return f"{_site(url)} cannot be reached"
    if status == 404:
        return f"{_site(url)} has none for this computer"
    return "" if status < 400 else f"{_site(url)} answers with an error ({status})"


def _site(url: str) -> str:
    # Without what may be a password before the @.
    return urllib.parse.urlsplit(url).hostname or "the address in FLET_CLIENT_URL"


def describe(build: Build) -> Mapping[str, str]:
    """What the choice of a window depends on, besides what can be had at the moment."""
    asked = _accepted(build)
    given = os.environ.get(ADDRESS, "")
    return {
        "the window asked for": build.settings.desktop.client,
        "the Flet version asked for": "older than 1.0" if asked.too_old else str(asked.specifier),
        "the kind of app": build.project.kind or "",
        "what the code asks for": "a browser" if _asks_for_browser(build) else "",
        "the client for this computer": artifact(build),
        # As a digest, because an address may hold a password.
        ADDRESS: hashlib.sha256(_stamp(given).encode()).hexdigest() if given else "",
    }
