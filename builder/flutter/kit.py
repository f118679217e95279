"""What a build with Flutter works with: what the project's Flet version asks for, and the tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class PythonRelease:
    """One Python that can be packed: `short` 3.14, `full` 3.14.6, Pyodide's version with it."""

    short: str
    full: str
    pyodide: str
    android_abis: Sequence[str]
    prerelease: bool = False


@dataclass(frozen=True)
class FlutterRelease:
    """What one version of Flet is built with."""

    flet: str  # 1.0.5
    flutter: str  # 3.44.8; another patch level will do
    pythons: Mapping[str, PythonRelease]  # by their short versions
    default_python: str  # short


@dataclass(frozen=True)
class Toolchain:
    """The tools found on this computer; `env` is added to the environment of each."""

    flutter: Path
    dart: Path
    version: str  # of Flutter, as it says itself
    env: Mapping[str, str] = field(default_factory=dict)  # JAVA_HOME, ANDROID_HOME, PATH


@dataclass(frozen=True)
class Kit:
    """`toolchain` is None for a rehearsal on a computer without Flutter."""

    release: FlutterRelease
    python: PythonRelease
    toolchain: Toolchain | None
