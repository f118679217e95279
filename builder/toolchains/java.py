"""Finds the JDK for Android as `flet build` does: `JAVA_HOME`, then its own folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from builder import host
from builder.toolchains import environment

MAJOR = 17
"""The only major version that Flet's Gradle project is built with."""


@dataclass(frozen=True)
class Found:
    """A Java that is there; `version` as its own files say it, "" where they say nothing."""

    home: Path
    javac: Path | None
    version: str
    given_by: str = ""  # the variable that names it


def find() -> list[Found]:
    """Every Java that could be the JDK, the one to take first comes first."""
    named = environment.variable("JAVA_HOME")
    found = [_look_at(Path(named), "JAVA_HOME")] if named else []
    return found + [_look_at(home) for home in _own_folders()]


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


def _own_folders() -> list[Path]:
    """Where `flet build` puts the JDK that it installs, and where macOS keeps those of all."""
    homes = _versions_in(Path.home() / "java", f"{MAJOR}")
    if host.current() != "macos":
        return homes
    shared = [
        folder
        for place in (Path.home() / "Library", Path("/Library"))
        for folder in _versions_in(place / "Java/JavaVirtualMachines", "")
    ]
    inside = [folder / "Contents/Home" for folder in (*homes, *shared)]
    fitting = [home for home in inside if fits(_version_on_disk(home))]
    return [
        home / "Contents/Home" for home in homes if home / "Contents/Home" not in fitting
    ] + fitting


def _versions_in(place: Path, prefix: str) -> list[Path]:
    try:
        names = sorted(path.name for path in place.iterdir())[::-1]
    except OSError:  # none was ever installed there
        return []
    return [place / name for name in names if name.startswith(prefix)]


def _version_on_disk(home: Path) -> str:
    """What the file `release` says, which every JDK has."""
    try:
        text = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return ""
    match = re.search(r'^JAVA_VERSION="([^"]+)"', text, re.MULTILINE)
    return match[1] if match else ""
