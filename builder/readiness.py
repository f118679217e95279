"""Whether a build can begin: reads the project for a command line, and looks at everything.

Nothing here changes anything, and nothing needs the network.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from builder import arguments, host, pipeline, places, project, settings
from builder.checks import computer, output, pictures
from builder.checks import project as project_checks
from builder.checks.finding import Finding
from builder.problems import EXIT_DONE, EXIT_USER, ComputerError, Fix, Problem
from builder.targets import Cell, cell


class Backend(Protocol):
    """What a module in `builder.backends` offers."""

    SITE: str
    """The folder below the work folder that is handed over."""

    def stages(self, build: pipeline.Build) -> list[pipeline.Stage]:
        """The stages of this build."""

    def needs_network(self, build: pipeline.Build) -> str:
        """Why the network is needed, as a sentence; "" when it is not."""


def backend_name(target: str, asked: str | None) -> str:
    """The way to build `target` on this host; `asked` is the one that the user wants, if any.

    Raises ComputerError when this computer cannot do it.
    """
    found = cell(target, host.current())
    if found.backend is None:
        raise ComputerError(_cannot_build(found))
    if asked and asked != found.backend:
        raise ComputerError(_no_such_way(target, asked, found.backend))
    return found.backend


def backend(name: str) -> Backend:
    """The module of a way to build."""
    return cast(Backend, importlib.import_module(f"builder.backends.{name}"))


def read(args: argparse.Namespace) -> tuple[pipeline.Build, Sequence[Problem]]:
    """What the command line wants to build, and what is wrong with the project or settings.

    Never raises for what the user's files hold.
    """
    folder = Path(args.folder).expanduser().absolute()
    target = args.target
    result = _absolute(args.output) or folder / "dist" / target
    work = _absolute(args.work_dir) or places.work(folder, target)
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


def look(build: pipeline.Build, problems: Sequence[Problem], needs_network: str) -> list[Finding]:
    """Every check of a build; `problems` are those of its project, from `read`."""
    findings = _project(build, problems)
    if findings[0].exit == EXIT_DONE:
        findings += [
            pictures.check(build),
            output.check(build),
            computer.check_disk(build),
            computer.check_network(needs_network),
        ]
    return findings


def is_sound(problems: Sequence[Problem]) -> bool:
    """Whether none of the problems is an error."""
    return not any(problem.severity == "error" for problem in problems)


def _project(build: pipeline.Build, problems: Sequence[Problem]) -> list[Finding]:
    """The checks of the project; the first one carries what is wrong with any of them."""
    of_settings = [problem for problem in problems if problem not in build.project.problems]
    first, *others = project_checks.checks(build.project, build.settings, of_settings)
    status = EXIT_DONE if is_sound(problems) else EXIT_USER
    return [Finding(first, problems, status), *map(Finding, others)]


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
