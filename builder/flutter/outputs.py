"""Where Flutter leaves what it built, below its project: the places are those of `flet build`."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from builder.flutter import layout
from builder.pipeline import Build

ARCHITECTURES = ("x64", "arm64")

# Of several that are there the last one counts: an .ipa is worth more than its archive.
_FOLDERS: dict[str, Sequence[str]] = {
    "windows": ("build/windows/{arch}/runner/Release",),
    "macos": ("build/macos/Build/Products/Release",),
    "linux": ("build/linux/{arch}/release/bundle",),
    "web": ("build/web",),
    "apk": ("build/app/outputs/flutter-apk",),
    "aab": ("build/app/outputs/bundle/release",),
    "ipa": ("build/ios/archive", "build/ios/ipa"),
    "ios-simulator": ("build/ios/iphonesimulator",),
}


def host_arch() -> str:
    """This computer's kind of processor as Flutter calls it; others by their own name."""
    machine = platform.machine().lower()
    return {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine)


def folders(build: Build) -> list[Path]:
    """Every folder that the result may be in.

    For desktops one for each kind of processor, this computer's last: on Windows Flutter builds
    for the one that its own Dart runs on.
    """
    here = host_arch()
    archs = [*(arch for arch in ARCHITECTURES if arch != here), here]
    names: list[str] = []
    for name in _FOLDERS[build.target]:
        names += [name.format(arch=a) for a in archs] if "{arch}" in name else [name]
    return [project(build) / name for name in names]


def wipe(build: Build) -> None:
    """Remove what an earlier run left: Flutter only adds, and would deliver the old with the new.

    Only what is strictly inside of the Flutter project, wherever a link in it leads.
    """
    root = Path(os.path.realpath(project(build)))
    for folder in folders(build):
        real = Path(os.path.realpath(folder))
        if real != root and real.is_relative_to(root) and real.is_dir():
            shutil.rmtree(real)


def found(build: Build) -> Path | None:
    """The folder that holds a result now."""
    return next(
        (folder for folder in reversed(folders(build)) if any(_results(build, folder))), None
    )


def results(build: Build, folder: Path) -> list[Path]:
    """What of a folder is the result: for macOS the one bundle, for others all that is in it."""
    return sorted(_results(build, folder))


def _results(build: Build, folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    if build.target != "macos":
        yield from folder.iterdir()
        return
    bundles = [path for path in folder.iterdir() if path.suffix == ".app" and path.is_dir()]
    named = [path for path in bundles if path.stem == build.settings.flutter.artifact]
    # Xcode may write the name in another form of Unicode; one bundle alone is the one.
    yield from named or (bundles if len(bundles) == 1 else ())


def project(build: Build) -> Path:
    """The Flutter project."""
    return build.work / layout.FLUTTER
