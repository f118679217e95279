"""Finds the JDK for Android as `flet build` does: `JAVA_HOME`, then its own folder.

It would fetch one then. We look once more where systems and installers put a JDK.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from builder import host
from builder.toolchains import environment

MAJOR = 17
"""The only major version that Flet's Gradle project is built with."""

# Host -> folders in which each JDK has a folder of its own.
SHARED: dict[str, tuple[str, ...]] = {
    "linux": ("/usr/lib/jvm",),
    "macos": ("~/Library/Java/JavaVirtualMachines", "/Library/Java/JavaVirtualMachines"),
    "windows": (
        "C:/Program Files/Eclipse Adoptium", "C:/Program Files/Java", "C:/Program Files/Microsoft",
        "C:/Program Files/Zulu",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A Java that is there; `version` as its own files say it, "" where they say nothing.

    `javac` is None for a Java that compiles nothing. `given_by` is the variable that names it.
    """

    home: Path
    javac: Path | None
    version: str
    given_by: str = ""


def find() -> list[Found]:
    """Every Java that could be the JDK, the one to take first comes first."""
    named = environment.variable("JAVA_HOME")
    first = [_look_at(Path(named), "JAVA_HOME")] if named else []
    others = [_look_at(home) for home in (*_own(), *_shared(), *_of_the_terminal())]
    fitting = [one for one in others if fits(one.version or str(MAJOR))]
    return list({one.home: one for one in (*first, *fitting)}.values())


def is_there() -> bool:
    """Whether one of them is a JDK that fits, as far as its files tell."""
    return any(one.javac and fits(one.version or str(MAJOR)) for one in find())


def fits(version: str) -> bool:
    """Whether it has the major version that is needed."""
    return version.split(".")[0] == str(MAJOR)


def read_version(said: str) -> str:
    """The version in what `javac -version` says, "" where there is none."""
    match = re.search(r"javac (\d[\w.+-]*)", said)
    return match[1] if match else ""


def _look_at(home: Path, given_by: str = "") -> Found:
    return Found(home, environment.named(home / "bin", "javac"), _version_on_disk(home), given_by)


def _own() -> list[Path]:
    """Where `flet build` puts the JDK that it installs."""
    return [_home_in(path) for path in _below(Path.home() / "java") if path.name.startswith("17")]


def _shared() -> list[Path]:
    """Where systems and installers put them; only those that say that they fit."""
    places = [Path(place).expanduser() for place in SHARED[host.current()]]
    homes = [_home_in(path) for place in places for path in _below(place)]
    return [home for home in homes if fits(_version_on_disk(home))]


def _of_the_terminal() -> list[Path]:
    """The one whose javac a terminal would start."""
    javac = environment.find("javac")
    return [javac.resolve().parent.parent] if javac else []


def _home_in(folder: Path) -> Path:
    """On macOS a JDK is a bundle."""
    return folder / "Contents/Home" if host.current() == "macos" else folder


def _below(place: Path) -> list[Path]:
    try:
        return sorted(place.iterdir(), reverse=True)
    except OSError:  # none was ever installed there
        return []


def _version_on_disk(home: Path) -> str:
    """What the file `release` says, which every JDK has."""
    try:
        text = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return ""
    match = re.search(r'^JAVA_VERSION="([^"]+)"', text, re.MULTILINE)
    return match[1] if match else ""
