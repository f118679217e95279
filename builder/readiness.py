"""Whether a build can begin: reads the project for a command line, and looks at everything.

Nothing here changes anything, and nothing needs the network.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from builder import arguments, events, host, pipeline, places, project, settings
from builder import pyproject as pyproject_file
from builder.checks import computer, output, pictures
from builder.checks import project as project_checks
from builder.checks.finding import Finding
from builder.lookup import Lookup
from builder.problems import EXIT_DONE, EXIT_USER, ComputerError, Fix, Problem, ProjectError
from builder.process import Tools
from builder.targets import TARGETS, Cell, cell
from builder.toolchains import inventory
from builder.toolchains.flutter import NEWEST

Depth = Literal["plan", "rehearsal", "build"]
"""How thorough a look is: a rehearsal starts none of the tools that it can do without."""


class Backend(Protocol):
    """What a module in `builder.backends` offers."""

    MADE: str
    """The folder below the work folder that is handed over."""

    def room(self, build: pipeline.Build) -> computer.Room:
        """The room that it takes on the disk, besides the app itself."""

    def describe(self, build: pipeline.Build) -> str:
        """What a build is made with, for the log, when its checks are done."""

    def checks(
        self, build: pipeline.Build, tools: Tools | None, say: pipeline.Say, depth: Depth
    ) -> tuple[pipeline.Build, list[Finding]]:
        """What must hold for this way to build, and the build with what was found.

        Without `tools` nothing is started, so it is quick and less sure.
        """

    def stages(self, build: pipeline.Build) -> list[pipeline.Stage]:
        """The stages of this build."""

    def rehearsal(self, build: pipeline.Build) -> list[pipeline.Stage]:
        """Those of them that need no tool that would have to be installed."""

    def needs_network(self, build: pipeline.Build) -> str:
        """Why the network is needed, as a sentence; "" when it is not."""

    def without_picture(self, build: pipeline.Build) -> str:
        """What the icon is where the project has no picture, as a part of a sentence."""

    def artifacts(self, build: pipeline.Build, output: Path) -> list[events.Artifact]:
        """What was delivered into `output`; the one to start or to open comes first."""


def backend_name(
    target: str,
    asked: str | None,
    *,
    kind: str = "flet",
    is_rehearsal: bool = False,
    chosen: str = "",
    flutter: str = NEWEST,
) -> str:
    """The way to build `target` on this host; `asked` is the one that the user wants, if any.

    A way whose tools are missing is one: its checks say what it takes. `chosen` is the one that is
    saved with the project, which other people on other computers build, too: it is taken where it
    works now. `flutter` is the version that the project needs. Raises ComputerError when this
    computer cannot do it, ProjectError when no computer can do it for this kind of project.
    """
    found = cell(target, host.current(), inventory.look(flutter), kind)
    ways = _ways(found, kind, is_rehearsal)
    if not ways:
        trouble = ProjectError if kind == "flask" else ComputerError
        raise trouble(_cannot_build(found, kind))
    if asked and asked not in ways:
        raise ComputerError(_no_such_way(target, asked, ways))
    if chosen in found.ways and not is_rehearsal:
        return asked or chosen
    return asked or ways[0]


def _ways(found: Cell, kind: str, is_rehearsal: bool) -> list[str]:
    """The ways to build on this host, the best that works now first."""
    if found.state == "never" and (kind == "flask" or not is_rehearsal):
        return []
    ways: list[str] = [*found.ways]
    if kind != "flask":
        ways = [*ways, "flutter"] if not is_rehearsal else ["flutter", *ways]
    return list(dict.fromkeys(ways))


def backend(name: str) -> Backend:
    """The module of a way to build."""
    return cast(Backend, importlib.import_module(f"builder.backends.{name}"))


@dataclass(frozen=True)
class Wanted:
    """What the command line wants: a build of the project in this `way`, and what is wrong with it.

    `why` is the reason for the way; `name` is that of the build in our own folders.
    """

    build: pipeline.Build
    way: str
    why: str
    name: str
    problems: Sequence[Problem]


def read(args: argparse.Namespace) -> Wanted:
    """What the command line wants to build, and what is wrong with the project or settings.

    Never raises for what the user's files hold; ComputerError when this computer cannot build it.
    """
    folder = places.absolute(args.folder)
    target, is_rehearsal = args.target, bool(args.rehearse)
    result = places.absolute(args.output) if args.output else folder / "dist" / target
    chosen_work = places.absolute(args.work_dir) if args.work_dir else None
    found = project.read(
        folder,
        target=target,
        module=args.module_name or "",
        include=args.include,
        exclude=args.exclude,
        default_excludes=args.default_excludes is not False,
        keep_out=[path for path in (result, chosen_work) if path],
    )
    chosen = "" if args.backend or is_rehearsal else _chosen(found, target)
    flutter = _flutter_of(found, target)
    way = backend_name(
        target,
        args.backend,
        kind=found.kind,
        is_rehearsal=is_rehearsal,
        chosen=chosen,
        flutter=flutter,
    )
    name = places.build_name(target, way, is_rehearsal=is_rehearsal)
    work = chosen_work or places.work(folder, name)
    options = arguments.settings_of(args)
    resolved, wrong = settings.resolve(
        found.pyproject, found.folder, target=target, options=options
    )
    build = pipeline.Build(found, resolved, target, work, result, options)
    problems = [*found.problems, *_others(wrong, found.problems)]
    if is_sound(problems):
        problems += project_checks.start_left_out(found, _asked_to_exclude(found, target, options))
    if chosen and chosen != way:
        problems.append(_other_way(found, target, flutter, chosen, way))
    return Wanted(build, way, _why(args.backend, chosen, way), name, problems)


def _asked_to_exclude(found: project.Project, target: str, options: Mapping[str, Any]) -> str:
    platform = settings.platform_of(target)
    return Lookup(found.pyproject, options, platform, found.folder).whence("exclude")


def _flutter_of(found: project.Project, target: str) -> str:
    """The version of Flutter that the project needs, as far as it is known without asking."""
    if found.kind == "flask":
        return NEWEST
    # Only now: it needs packages and the index, which a look at the command line does not.
    release = importlib.import_module("builder.flutter.release")
    return str(release.flutter_of(found, target))


def _chosen(found: project.Project, target: str) -> str:
    """The way that is saved with the project for a target; "" for none."""
    return str(settings.stored(found.pyproject, _key_of_way(target)) or "")


def _key_of_way(target: str) -> str:
    return f"tool.slipway.{settings.platform_of(target)}.backend"


def _why(asked: str | None, chosen: str, way: str) -> str:
    if asked:
        return "as asked for"
    return "as pyproject.toml says" if way == chosen else "the best that works now"


def _others(problems: Sequence[Problem], told: Sequence[Problem]) -> list[Problem]:
    """Those that are not told already, perhaps in other words, about the same line."""
    lines = {(problem.code, problem.where) for problem in told if ", line " in problem.where}
    return [p for p in problems if p not in told and (p.code, p.where) not in lines]


def of_project(build: pipeline.Build, problems: Sequence[Problem]) -> list[Finding]:
    """The checks of the project; the first one carries what is wrong with any of them.

    `problems` are those of `read`.
    """
    of_settings = [problem for problem in problems if problem not in build.project.problems]
    first, *others = project_checks.checks(build.project, build.settings, of_settings)
    status = EXIT_DONE if is_sound(problems) else EXIT_USER
    return [Finding(first, problems, status), *map(Finding, others)]


def of_computer(build: pipeline.Build, way: Backend, needs_network: str) -> list[Finding]:
    """The checks that are the same for every way to build, when the project is sound."""
    return [
        pictures.check(build, way.without_picture(build)),
        output.check(build),
        computer.check_disk(build, way.room(build)),
        computer.check_network(needs_network),
    ]


def is_sound(problems: Sequence[Problem]) -> bool:
    """Whether none of the problems is an error."""
    return not any(problem.severity == "error" for problem in problems)


def _cannot_build(found: Cell, kind: str) -> Problem:
    who = "A Flask app cannot become" if kind == "flask" else "This computer cannot build"
    return Problem(
        "target-not-possible",
        f"{who} the target {found.target}: {found.label}",
        found.reason,
        found.instead,
    )


def _other_way(found: project.Project, target: str, flutter: str, chosen: str, way: str) -> Problem:
    """The project is built another way than it says, because that one does not work here."""
    key = _key_of_way(target)
    here = cell(target, host.current(), inventory.look(flutter), found.kind)
    ways = _ways(here, found.kind, is_rehearsal=False)
    is_one = chosen in ways
    return Problem(
        "backend-not-here",
        f"This build is made with {way}, not with {chosen} as the project says",
        f"The project's {key} is “{chosen}”, and what that needs is not on this computer."
        if is_one
        else f"The project's {key} is “{chosen}”. There are: {', '.join(ways)}.",
        f"Nothing to do, unless it has to be {chosen}: then build with --backend {chosen}, and it "
        "is said what that needs."
        if is_one
        else f"Change it to {' or '.join(ways)}, or remove it.",
        "warn",
        where=pyproject_file.place(pyproject_file.load(found.folder).text, key),
    )


def _no_such_way(target: str, asked: str, there_are: Sequence[str]) -> Problem:
    best = f"--backend={there_are[0]}"
    return Problem(
        "backend-not-possible",
        f"“{TARGETS[target].title}” cannot be built with {asked} here",
        f"It can be built with {' or '.join(there_are)}.",
        "Leave --backend out: then the best that works now is taken.",
        where="--backend",
        fixes=(Fix("copy-backend", "Copy the option", "copy", {"text": best}),),
    )
