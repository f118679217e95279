"""What `serious_python` and the build of the Flutter project are told by environment variables.

The names and values are those of `flet build` 1.0.5. What the user has set besides
(`SERIOUS_PYTHON_P4A_DIST`, `SERIOUS_PYTHON_IOS_DIST`, pip's own) passes through by itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from builder import flet_version
from builder import pyproject as pyproject_file
from builder import settings as build_settings
from builder.flutter import layout, target_python
from builder.flutter.package_arguments import kit_of
from builder.pipeline import Build

APPLE = ("iOS", "Darwin")
_CONSTRAINTS = "flet-version.txt"
_TRUE = {True: "true", False: "false"}


def for_package(build: Build) -> dict[str, str]:
    """What the packing of the Python app is told, besides the tools' own places."""
    settings = build.settings.flutter
    env = {**_tools(build), **_common(build)}
    if not is_web(build):
        env |= _bundle_id(build)
    if _system(build) in APPLE:
        env["SERIOUS_PYTHON_DARWIN_SPM"] = _TRUE[settings.swift_package_manager]
    if uses_swift_packages(build):
        env["SERIOUS_PYTHON_SPM_KEY_FILE"] = str(build.work / layout.SPM_KEY_FILE)
    env["SERIOUS_PYTHON_FLUTTER_PACKAGES"] = str(build.work / layout.FLUTTER_PACKAGES_TEMP)
    if settings.source_packages:
        env["SERIOUS_PYTHON_ALLOW_SOURCE_DISTRIBUTIONS"] = ",".join(settings.source_packages)
    return env | _pip(build)


def for_build(build: Build) -> dict[str, str]:
    """What `flutter build` is told, so that it takes the same app. Nothing about signing."""
    env = {**_tools(build), **_common(build), **_bundle_id(build)}
    key_file = build.work / layout.SPM_KEY_FILE
    if uses_swift_packages(build) and key_file.exists():
        env["SP_NATIVE_SET"] = key_file.read_text("utf-8").strip()
    extracted = build.settings.flutter.android_extract_packages
    if _system(build) == "Android" and extracted:
        env["SERIOUS_PYTHON_ANDROID_EXTRACT_PACKAGES"] = ",".join(dict.fromkeys(extracted))
    return env


def is_web(build: Build) -> bool:
    """Whether the app runs in a browser, where it is one archive and no folders."""
    return _system(build) == "Emscripten"


def uses_swift_packages(build: Build) -> bool:
    """Whether the app's native parts are handed on by the Swift package manager."""
    return _system(build) in APPLE and build.settings.flutter.swift_package_manager


def write_constraints(build: Build) -> None:
    """Write the file that keeps pip to the version of Flet that the Flutter side is of."""
    path = build.work / _CONSTRAINTS
    path.write_text(f"flet=={kit_of(build).release.flet}\n", encoding="utf-8")


def _system(build: Build) -> str:
    return target_python.system_of(build.target)


def _tools(build: Build) -> Mapping[str, str]:
    toolchain = kit_of(build).toolchain
    return toolchain.env if toolchain else {}


def _common(build: Build) -> dict[str, str]:
    env = {"SERIOUS_PYTHON_VERSION": kit_of(build).python.short}
    if not is_web(build):
        env["SERIOUS_PYTHON_SITE_PACKAGES"] = str(build.work / layout.SITE_PACKAGES)
        env["SERIOUS_PYTHON_APP"] = str(build.work / layout.PYTHON_APP)
    return env


def _bundle_id(build: Build) -> dict[str, str]:
    """The bundle ID, under which Apple's frameworks are named.

    Where none was asked for, ours is told to Apple's builds all the same: all apps would share one
    otherwise. It says nothing to the others.
    """
    platform = build_settings.platform_of(build.target)
    keys = (f"tool.flet.{platform}.bundle_id", "tool.flet.bundle_id")
    asked = [pyproject_file.get(build.project.pyproject, key) for key in keys]
    if any([build.options.get("bundle_id"), *asked]) or _system(build) in APPLE:
        return {"SERIOUS_PYTHON_BUNDLE_ID": build.settings.bundle_id}
    return {}


def _pip(build: Build) -> dict[str, str]:
    """Settings of the user's that break an install into a folder, and the version of Flet.

    A newer Python side would wait for ever for a Flutter side that speaks another protocol.
    """
    env = {"PIP_USER": "0"}
    asked = flet_version.accepted(build.project.requirements, lambda text: True)
    if not asked.pinned and not asked.elsewhere:
        ours = Path(build.work / _CONSTRAINTS).absolute().as_uri()
        env["PIP_CONSTRAINT"] = f"{os.environ.get('PIP_CONSTRAINT', '')} {ours}".strip()
    return env
