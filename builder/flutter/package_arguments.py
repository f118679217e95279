"""The command that packs the Python app, argument by argument as `flet build` 1.0.5 gives it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement

from builder import requirements, requirements_txt
from builder import settings as build_settings
from builder.flutter import target_python
from builder.flutter.kit import Kit
from builder.lookup import Lookup
from builder.packing import Reason
from builder.pipeline import Build
from builder.problems import Problem, ProjectError

# What `flet build` leaves out by itself; the other reasons are told to the packer besides, because
# what the user is shown is what is packed.
_BY_DEFAULT: Sequence[Reason] = ("hidden", "venv", "pycache", "circle")
_CANNOT_BE_NAMED: Reason = "bad-name"


def command(build: Build, *, skip_packages: bool = False) -> list[str]:
    """The whole command line; `skip_packages` when those of the last time will do.

    Raises ProjectError for an architecture that this Python does not have.
    """
    kit = kit_of(build)
    assert kit.toolchain is not None
    settings = build.settings.flutter
    return [
        str(kit.toolchain.dart),
        *["run", "--suppress-analytics", "serious_python:main", "package"],
        str(build.project.app_folder),
        *["--platform", target_python.system_of(build.target)],
        *["--python-version", kit.python.short],
        *_architectures(build),
        *[word for asked in packages(build) for word in ("-r", asked)],
        *[word for path in excludes(build) for word in ("--exclude", path)],
        *_preparations(build),
        *(["--verbose"] if settings.verbose > 1 else []),
        *(["--skip-site-packages"] if skip_packages else []),
    ]


def kit_of(build: Build) -> Kit:
    """The kit, which the checks of a build with Flutter put there."""
    assert build.kit is not None
    return build.kit


def architectures(build: Build) -> list[str]:
    """The kinds of processors that are built for: for Android always, for others when asked for."""
    asked = list(build.settings.flutter.target_arch)
    if asked or target_python.system_of(build.target) != "Android":
        return asked
    return list(kit_of(build).python.android_abis)


def packages(build: Build) -> list[str]:
    """What is asked of pip: one requirement or option each."""
    if _are_in_pyproject(build):
        asked = [requirements.as_argument(r.text) for r in build.project.requirements]
        # pip would take the copy in its cache for a folder that was changed meanwhile.
        return [*asked, "--no-cache-dir"] if has_development_packages(build) else asked
    if requirements_file(build):
        return ["-r", requirements_file(build)]
    return [f"flet=={kit_of(build).release.flet}"]


def requirements_file(build: Build) -> str:
    """The path of `requirements.txt` where the packages are read from it, else ""."""
    file = build.project.folder / requirements_txt.NAME
    return str(file) if file.exists() and not _are_in_pyproject(build) else ""


def has_development_packages(build: Build) -> bool:
    """Whether a package is taken from `tool.flet.dev_packages`, so that it may change any time."""
    places = build.settings.flutter.dev_packages
    return any(_name(r.text) in places for r in build.project.requirements)


def from_addresses(build: Build) -> list[str]:
    """The development packages that come from an address, where they may change unseen."""
    places = build.settings.flutter.dev_packages
    asked = [r.text for r in build.project.requirements if _name(r.text) in places]
    return [_name(text) for text in asked if "file://" not in text]


def excludes(build: Build) -> list[str]:
    """What is not packed: first what was asked for, then what is left out by itself.

    Paths below the app folder with the system's separator, as the packer compares them.
    """
    named = _named_excludes(build)
    left_out = build.project.selection.left_out
    usual = sorted(_native(left.path) for left in left_out if left.reason in _BY_DEFAULT)
    others = sorted(
        _native(left.path)
        for left in left_out
        if left.reason not in _BY_DEFAULT and left.reason != _CANNOT_BE_NAMED
    )
    return list(dict.fromkeys([*named, *usual, *others]))


def _named_excludes(build: Build) -> Iterator[str]:
    platform = build_settings.platform_of(build.target)
    lookup = Lookup(build.project.pyproject, build.options, platform, build.project.folder)
    yield "build"
    yield from lookup.texts("exclude", *lookup.per_platform("app.exclude"))
    if platform == "web":
        yield "assets"


def _native(path: str) -> str:
    return path.replace("/", os.sep)


def _architectures(build: Build) -> list[str]:
    """`--arch` with all of them in one word, where there are any."""
    named, python = architectures(build), kit_of(build).python
    if target_python.system_of(build.target) == "Android":
        wrong = [name for name in named if name not in python.android_abis]
        if wrong:
            raise ProjectError(_no_such_architecture(wrong, python.short, python.android_abis))
    return ["--arch", ",".join(named)] if named else []


def _preparations(build: Build) -> Iterator[str]:
    """What is done with the files: compiled, and cleaned of what nobody reads at run time."""
    settings = build.settings.flutter
    if settings.compile_app:
        yield "--compile-app"
    if settings.compile_packages:
        yield "--compile-packages"
    for pattern in filter(None, map(str.strip, settings.cleanup_app_files)):
        yield from ("--cleanup-app-files", pattern)
    for pattern in filter(None, map(str.strip, settings.cleanup_package_files)):
        yield from ("--cleanup-package-files", pattern)
    if settings.cleanup_app or settings.cleanup_app_files:
        yield "--cleanup-app"
    if settings.cleanup_packages or settings.cleanup_package_files:
        yield "--cleanup-packages"


def _are_in_pyproject(build: Build) -> bool:
    return any(r.where.startswith("pyproject.toml") for r in build.project.requirements)


def _name(text: str) -> str:
    try:
        return PackagingRequirement(text).name
    except InvalidRequirement:
        return ""


def _no_such_architecture(wrong: Sequence[str], python: str, there_are: Sequence[str]) -> Problem:
    return Problem(
        "architecture-not-in-python",
        f"There is no Python {python} for {', '.join(wrong)}",
        f"The app brings its own Python, and for Android there are builds for: "
        f"{', '.join(there_are)}.",
        "Choose some of them, or leave the choice out: then the app runs on all.",
        where="--arch, or target_arch in pyproject.toml",
    )
