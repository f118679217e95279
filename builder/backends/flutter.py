"""The backend with the Flutter SDK: Flet's template, the packed app in it, `flutter build`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from builder import events, host, pipeline, unchanged
from builder.backends.delivered import of_file, of_folder
from builder.checks import signing, toolchain
from builder.checks.computer import Room
from builder.checks.finding import Finding, as_warning, fail, ok, warn
from builder.flutter import layout, release, template
from builder.flutter import room as of_room
from builder.flutter.kit import Kit, Toolchain
from builder.history import read_json
from builder.index import RunTool
from builder.pipeline import Build, Say, Stage
from builder.problems import EXIT_COMPUTER, Problem, SlipwayError
from builder.process import Finished, Tools
from builder.readiness import Depth
from builder.stages import (
    collect,
    extensions,
    flutter_build,
    flutter_project,
    images,
    package_python,
)
from builder.stages import template as template_stage
from builder.targets import TARGETS, cell
from builder.toolchains import android

MADE = layout.COLLECTED


def stages(build: Build) -> list[Stage]:
    """The stages of a build, in the order in which they wait for each other.

    None while it is not known what the project's Flet is built with.
    """
    if build.kit is None:
        return []
    return [
        template_stage.stage(),
        images.stage(),
        package_python.stage(),
        extensions.stage(),
        flutter_project.stage(),
        flutter_build.stage(),
        collect.stage(),
    ]


def rehearsal(build: Build) -> list[Stage]:
    """The stages that need neither Flutter nor Dart."""
    # Only now: it needs much that a build does not, and every build would wait for it to load.
    look_for_packages = importlib.import_module("builder.stages.rehearse_packages")
    return [
        look_for_packages.stage(),
        template_stage.stage(),
        images.stage(),
        flutter_project.stage(),
    ]


def describe(build: Build) -> str:
    """What the build is made with, for the log."""
    tools = build.kit.toolchain if build.kit else None
    if tools is None:
        return "Flutter"
    return " ".join(filter(None, ("Flutter", tools.version, f"at {tools.flutter}")))


def room(build: Build) -> Room:
    """The room that it takes, by target, at first and later."""
    return of_room.of(build)


# ---- Checks ----------------------------------------------------------------------------------


def checks(
    build: Build, tools: Tools | None, say: Say, depth: Depth
) -> tuple[Build, list[Finding]]:
    """What must hold for a build with Flutter, and the build with its kit."""
    kit, about_flet = _what_flet_needs(build, tools)
    if kit is None:
        # Only the package index knows this Flet, and a plan asks nobody; the build will.
        waits = depth == "plan" and about_flet.exit == EXIT_COMPUTER
        return build, [as_warning(about_flet) if waits else about_flet]
    if depth == "rehearsal" and host.current() not in TARGETS[build.target].hosts:
        return replace(build, kit=kit), [about_flet, _elsewhere(build.target)]
    asked = tools if depth == "build" else None
    found, about_tools = toolchain.look(build.target, kit.release, asked, say)
    about_tools += signing.checks(build)
    if depth == "rehearsal":
        about_tools = list(map(as_warning, about_tools))
    if found and not found.version:
        found = replace(found, version=_version_last_time(build))
    if found:
        unchanged.depends_on(*_made_of(found))
    return replace(build, kit=replace(kit, toolchain=found)), [about_flet, *about_tools]


def _made_of(tools: Toolchain) -> list[Path]:
    """What changes with another version of a tool, or with more of it."""
    flutter = tools.flutter.resolve().parent.parent
    folders = [Path(tools.env[name]) for name in ("JAVA_HOME", "ANDROID_HOME") if name in tools.env]
    inner = [folder / part for folder in folders for part in ("", *android.PARTS)]
    own = ("bin/cache", "bin/cache/flutter.version.json", "version", ".git/HEAD", ".git/logs/HEAD")
    return [tools.flutter, tools.dart, *(flutter / name for name in own), *inner]


def _version_last_time(build: Build) -> str:
    """The Flutter that packed the app last: taken for the one that is there when none was asked.

    Else a plan would say that it changed.
    """
    inputs = read_json(build.work / pipeline.STAMPS / "package.json").get("inputs")
    return str(inputs.get("Flutter", "")) if isinstance(inputs, dict) else ""


def _what_flet_needs(build: Build, tools: Tools | None) -> tuple[Kit | None, Finding]:
    """The kit without its tools. Asks the package index for a Flet that Slipway does not know."""
    title = "Version of Flet"
    told: list[Problem] = []
    try:
        found = release.of(build.project, _runner(tools), target=build.target, tell=told.append)
        python = release.python_of(found, build.settings)
    except SlipwayError as trouble:
        return None, fail("flet", title, trouble)
    detail = f"Flet {found.flet} with Python {python.full}"
    kit = Kit(found, python, None)
    return kit, warn("flet", title, told) if told else ok("flet", title, detail)


def _runner(tools: Tools | None) -> RunTool | None:
    if tools is None:
        return None

    def run(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        return tools.run(argv, env=env)

    return run


def _elsewhere(target: str) -> Finding:
    """A rehearsal works on any computer, and its tools matter only where it can be built."""
    here = cell(target, host.current())
    problem = Problem(
        "target-elsewhere",
        f"{here.label}: here it can only be rehearsed",
        here.reason,
        here.instead,
        severity="warn",
    )
    return warn("host", "This computer", [problem])


# ---- The network -----------------------------------------------------------------------------


def needs_network(build: Build) -> str:
    """Why a build needs the network now, for a person; empty when all is on this computer."""
    if build.kit is None:
        return "This build asks the package index what the project's Flet is built with."
    needs = [needed] if (needed := template.needs_network(build)) else []
    if not package_python.may_skip_packages(build):
        needs.append("the packages of your app")
    if not read_json(build.work / pipeline.STAMPS / "flutter.json").get("inputs"):
        needs.append(_BUILT_WITH.get(TARGETS[build.target].platform, "Python for the app"))
    return f"This build fetches, and keeps: {', '.join(needs)}." if needs else ""


_BUILT_WITH = {
    "android": "Python for the phones, Gradle and Android's libraries (about 2 GB at first)",
    "ios": "Python for the phones and CocoaPods",
    "web": "Python for the browser",
}
"""What the tools fetch by themselves on a first build."""


# ---- What was made ---------------------------------------------------------------------------


def without_picture(build: Build) -> str:
    """What the icon is where the project has no picture, as a part of a sentence."""
    return "Flet's own icon is shown"


def artifacts(build: Build, output: Path) -> list[events.Artifact]:
    """What was delivered; the one to start or to open comes first."""
    match TARGETS[build.target].platform:
        case "web":
            return [of_folder(output, "site")]
        case "android":
            files = sorted(output.glob(f"*.{build.target}"), key=_by_phone)
            return [of_file(file, build.target) for file in files]
        case "linux" | "windows":
            return [*_executable(build, output), of_folder(output, "bundle")]
        case "ios" if archives := sorted(output.glob("*.ipa")):
            return [of_file(file, "ipa") for file in archives]
    kinds = {".app": "bundle", ".xcarchive": "archive"}
    found = sorted(path for path in output.iterdir() if path.suffix in kinds)
    return [of_folder(path, kinds[path.suffix]) for path in found]


_PHONES = ("arm64-v8a", "armeabi-v7a", "x86_64")


def _by_phone(file: Path) -> tuple[int, str]:
    """One for all phones first, then that for the phones of today."""
    order = (n for n, name in enumerate(_PHONES, start=1) if file.stem.endswith(name))
    return next(order, 0), file.name


def _executable(build: Build, output: Path) -> list[events.Artifact]:
    """The program of a desktop app: named as the settings say, else the only one there is."""
    ending = ".exe" if build.target == "windows" else ""
    names = (build.settings.flutter.artifact, build.settings.project)
    named = [output / f"{name}{ending}" for name in names if name]
    found = [path for path in named if path.is_file()] or _programs(output, ending)
    return [of_file(path, "executable") for path in found[:1]]


def _programs(output: Path, ending: str) -> list[Path]:
    files = sorted(path for path in output.iterdir() if path.is_file())
    if ending:
        return [path for path in files if path.suffix.lower() == ending]
    return [path for path in files if path.stat().st_mode & 0o111 and not path.suffix]
