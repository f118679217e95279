"""The arguments of `flutter build`, one by one as `flet build` 1.0.5 gives them."""

from __future__ import annotations

from collections.abc import Sequence

from builder import pyproject as pyproject_file
from builder.flutter.package_arguments import architectures, kit_of
from builder.pipeline import Build

_COMMANDS = {"aab": "appbundle", "ios-simulator": "ios"}  # the others are called as the target

_PLATFORMS = {"arm64-v8a": "android-arm64", "armeabi-v7a": "android-arm", "x86_64": "android-x64"}

EXPORT_OPTIONS = "ios/exportOptions.plist"


def command(build: Build) -> list[str]:
    """The whole command line; nothing of it is secret."""
    toolchain = kit_of(build).toolchain
    assert toolchain is not None
    settings = build.settings.flutter
    of_file, given = _more(build)
    return [
        str(toolchain.flutter),
        *["build", _COMMANDS.get(build.target, build.target)],
        *_android(build),
        *_apple(build),
        *_version(build),
        *of_file,
        *["--no-version-check", "--suppress-analytics"],
        *(["--wasm"] if _is_wasm(build) else []),
        *given,
        *(["--verbose"] if settings.verbose > 1 else []),
    ]


def is_signed_for_ios(build: Build) -> bool:
    """Whether Xcode is to sign the app, and so to make an .ipa of the archive."""
    return build.target == "ipa" and bool(build.settings.flutter.ios_provisioning_profile)


def _more(build: Build) -> tuple[Sequence[str], Sequence[str]]:
    """What the user adds: in the file, and for this build.

    The official tool hands those of the file over twice, unless there are others for the build.
    """
    every = list(build.settings.flutter.build_args)
    given = [str(word) for word in build.options.get("build_args") or ()]
    count = len(every) - len(given)
    return every[:count], every[count:]


def _android(build: Build) -> list[str]:
    if build.target not in ("apk", "aab"):
        return []
    settings = build.settings.flutter
    abis = architectures(build)
    platforms = ",".join(_PLATFORMS[abi] for abi in abis if abi in _PLATFORMS)
    return [
        *(["--split-per-abi"] if build.target == "apk" and settings.split_per_abi else []),
        *(["--target-platform", platforms] if platforms else []),
    ]


def _apple(build: Build) -> list[str]:
    if build.target == "ios-simulator":
        return ["--simulator"]
    if build.target != "ipa":
        return []
    return (
        ["--export-options-plist", EXPORT_OPTIONS]
        if is_signed_for_ios(build)
        else ["--no-codesign"]
    )


def _version(build: Build) -> list[str]:
    """Number and version where somebody gave them; else Flutter takes those of its project."""
    settings = build.settings
    number = _is_given(build, "build_number", "tool.flet.build_number")
    version = _is_given(build, "build_version", "project.version", "tool.poetry.version")
    return [
        *(["--build-number", str(settings.build_number)] if number else []),
        *(["--build-name", settings.build_version] if version else []),
    ]


def _is_given(build: Build, option: str, *keys: str) -> bool:
    in_file = (pyproject_file.get(build.project.pyproject, key) for key in keys)
    return bool(build.options.get(option)) or any(in_file)


def _is_wasm(build: Build) -> bool:
    """Compiled for WebAssembly as well: only where the page could choose that renderer."""
    settings = build.settings
    may_choose = settings.web_renderer in ("auto", "skwasm")
    return build.target == "web" and may_choose and not settings.flutter.no_wasm
