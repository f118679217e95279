"""Whether a build can begin: reads the project for a command line, and looks at everything.

Nothing here changes anything, and nothing needs the network.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol, cast

from builder import arguments, events, host, pipeline, places, project, settings
from builder.checks import computer, output, pictures
from builder.checks import project as project_checks
from builder.checks.finding import Finding
from builder.problems import EXIT_DONE, EXIT_USER, ComputerError, Fix, Problem
from builder.process import Tools
from builder.targets import Cell, cell
from builder.toolchains import inventory

Depth = Literal["plan", "rehearsal", "build"]
"""How thorough a look is: a rehearsal starts none of the tools that it can do without."""


class Backend(Protocol):
    """What a module in `builder.backends` offers."""

    MADE: str
    """The folder below the work folder that is handed over."""

    WORK_BYTES: int
    """The room that the work takes on the disk, besides the app itself; and the result."""

    RESULT_BYTES: int

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

    def artifacts(self, build: pipeline.Build, output: Path) -> list[events.Artifact]:
        """What was delivered into `output`; the one to start or to open comes first."""


def backend_name(target: str, asked: str | None, *, is_rehearsal: bool = False) -> str:
    """The way to build `target` on this host; `asked` is the one that the user wants, if any.

    A way whose tools are missing is one: its checks say what it takes. Raises ComputerError when
    this computer cannot do it.
    """
    found = cell(target, host.current(), inventory.look())
    ways = _ways(found, is_rehearsal)
    if not ways:
        raise ComputerError(_cannot_build(found))
    if asked and asked not in ways:
        raise ComputerError(_no_such_way(target, asked, ways[0]))
    return asked or ways[0]


def _ways(found: Cell, is_rehearsal: bool) -> list[str]:
    """The ways to build on this host, the best that works now first."""
    if is_rehearsal:
        return ["flutter", "prebuilt"] if found.target == "web" else ["flutter"]
    if found.state == "never":
        return []
    return [found.backend, "flutter"] if found.backend == "prebuilt" else ["flutter"]


def backend(name: str) -> Backend:
    """The module of a way to build."""
    return cast(Backend, importlib.import_module(f"builder.backends.{name}"))


def name_of(target: str, way: str, *, is_rehearsal: bool = False) -> str:
    """What a build is called in our own folders: each way has a work folder and times of its own.

    What a rehearsal leaves behind is not what a build would have made.
    """
    if is_rehearsal:
        return f"{target}-rehearsal"
    return target if way == "prebuilt" else f"{target}-{way}"


def read(args: argparse.Namespace, name: str) -> tuple[pipeline.Build, Sequence[Problem]]:
    """What the command line wants to build, and what is wrong with the project or settings.

    `name` is that of the default work folder. Never raises for what the user's files hold.
    """
    folder = Path(args.folder).expanduser().absolute()
    target = args.target
    result = _absolute(args.output) or folder / "dist" / target
    work = _absolute(args.work_dir) or places.work(folder, name)
    found = project.read(
        folder,
        target=target,
        module=args.module_name or "",
        include=args.include,
        exclude=args.exclude,
        default_excludes=args.default_excludes is not False,
        keep_out=[result, work],
    )
    options = arguments.settings_of(args)
    chosen, wrong = settings.resolve(found.pyproject, found.folder, target=target, options=options)
    build = pipeline.Build(found, chosen, target, work, result, options)
    return build, [*found.problems, *(p for p in wrong if p not in found.problems)]


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
        pictures.check(build),
        output.check(build),
        computer.check_disk(build, way.WORK_BYTES, way.RESULT_BYTES),
        computer.check_network(needs_network),
    ]


def is_sound(problems: Sequence[Problem]) -> bool:
    """Whether none of the problems is an error."""
    return not any(problem.severity == "error" for problem in problems)


def _absolute(path: str | None) -> Path | None:
    return Path(path).expanduser().absolute() if path else None


def _cannot_build(found: Cell) -> Problem:
    return Problem(
        "target-not-possible",
        f"This computer cannot build the target {found.target}: {found.label}",
        found.reason,
        found.instead,
    )


def _no_such_way(target: str, asked: str, there_is: str) -> Problem:
    return Problem(
        "backend-not-possible",
        f"The target {target} cannot be built with {asked} here",
        f"This version of Slipway builds it with {there_is}.",
        "Leave --backend out.",
        fixes=(Fix("copy-backend", "Copy the option", "copy", {"text": f"--backend={there_is}"}),),
    )
