"""How much room a build with Flutter takes on the disk, by target, at first and later.

Estimates on the generous side, of an app with some dozens of packages. What Flutter leaves between
builds is the most of it, so the next one needs little more than its result.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from builder import pipeline
from builder.checks.computer import MB, Room
from builder.flutter import package_arguments
from builder.history import read_json
from builder.pipeline import Build
from builder.targets import TARGETS

_REHEARSED = Room(100 * MB, 0)  # the template, the pictures, the Flutter project
_AGAIN = 150 * MB  # for the work of another build; on a phone for each kind of processor

# What Flutter, the compilers and the packages leave in the work folder of a first build.
_AT_FIRST: Mapping[str, int] = {
    "web": 400 * MB,
    "linux": 800 * MB,
    "windows": 1000 * MB,
    "macos": 2000 * MB,  # for both kinds of Macs
    "ios": 2500 * MB,
    "android": 700 * MB,  # and for each kind of processor:
}
_FOR_EACH_PROCESSOR = 350 * MB

_RESULT: Mapping[str, int] = {
    "web": 80 * MB, "linux": 200 * MB, "windows": 200 * MB, "macos": 350 * MB, "ios": 400 * MB,
    "android": 20 * MB,
}  # fmt: skip
_RESULT_FOR_EACH_PROCESSOR = 60 * MB

_GRADLE = 2000 * MB  # Gradle itself and Android's libraries, once for all apps


def of(build: Build) -> Room:
    """What a build takes; a rehearsal takes little."""
    if build.options.get("rehearse"):
        return _REHEARSED
    platform = TARGETS[build.target].platform
    if platform == "android":
        return _of_android(build)
    work = _AGAIN if _is_known(build) else _AT_FIRST[platform]
    return Room(work, _RESULT[platform])


def _of_android(build: Build) -> Room:
    count = len(package_arguments.architectures(build)) if build.kit else 1
    result = _RESULT["android"] + count * _RESULT_FOR_EACH_PROCESSOR
    if _is_known(build):
        return Room(count * _AGAIN, result)
    work = _AT_FIRST["android"] + count * _FOR_EACH_PROCESSOR
    return Room(work, result, {_gradle(): 0 if (_gradle() / "caches").is_dir() else _GRADLE})


def _is_known(build: Build) -> bool:
    """Whether Flutter came to its end in this work folder before."""
    stamp = read_json(build.work / pipeline.STAMPS / "flutter.json")
    return isinstance(stamp.get("inputs"), dict) or stamp.get("succeeded_before") is True


def _gradle() -> Path:
    """Where Gradle keeps what it fetches."""
    moved = os.environ.get("GRADLE_USER_HOME", "")
    return Path(moved).expanduser() if moved else Path.home() / ".gradle"
