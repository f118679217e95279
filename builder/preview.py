"""The command `preview`: how a project's icons and splash screens will look, on one sheet.

It reads the project as a build does, and what would stop a build for its pictures stops it, too.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder import events, settings
from builder import project as project_reader
from builder import pyproject as pyproject_file
from builder.images import advice, chosen, from_settings, picture, previews, sheet, sources
from builder.images.advice import Advice
from builder.images.chosen import Chosen
from builder.images.picture import Picture
from builder.images.previews import Choice
from builder.images.sources import Source
from builder.images.style import PLATFORMS, Platform, Style
from builder.problems import EXIT_DONE, ComputerError, Problem, ProjectError, SlipwayError
from builder.project import Project
from builder.session import Session, print_json
from builder.settings import Settings
from builder.targets import TARGET_OF

DEFAULT = Path("dist") / "preview.png"
"""Below the project, where nothing is ever packed."""

# What keeps a project from being looked into; all else that is wrong has nothing to do with it.
_BLOCKING = frozenset(
    {"no-such-folder", "not-a-folder", "folder-not-readable", "app-path-outside",
     "app-path-not-there", *pyproject_file.UNREADABLE}
)  # fmt: skip
# In the keys of the settings that pictures are drawn with; whoever is told of one is told the key.
_ABOUT_PICTURES = ("icon", "splash", "background_color")


@dataclass(frozen=True)
class Preview:
    """A sheet that was written, what it was made of, and what is worth knowing."""

    project: Path
    output: Path
    bytes: int
    sha256: str
    chosen: Sequence[Chosen]
    problems: Sequence[Problem]

    def lines(self) -> list[str]:
        """Which file serves which platform, for a person."""
        served: dict[str, list[str]] = {}
        for one in self.chosen:
            title = sheet.PLATFORM_TITLES[one.platform]
            for role, source in one.by_role.items():
                what = f"{_short(source.path, self.project)} is {role}"
                served.setdefault(what, []).append(title)
            if not one.icon:
                served.setdefault("Flet's own icon is taken", []).append(title)
        return [f"{what}: {', '.join(titles)}" for what, titles in served.items()]

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON; paths are absolute, None where there is no such picture."""
        return {
            "project": str(self.project),
            "output": str(self.output),
            "bytes": self.bytes,
            "sha256": self.sha256,
            "platforms": [_to_dict(one) for one in self.chosen],
            "problems": [problem.to_dict() for problem in self.problems],
            "exit": EXIT_DONE,
        }


def run(session: Session, args: argparse.Namespace, argv: Sequence[str]) -> int:
    """Draw the sheet and write it; say what it was made of, and what is worth knowing."""
    session.keep_log("preview")
    made = make(args, session.tools.check_stopped)
    session.say(events.Log("", "own", tuple(made.lines())))
    for problem in made.problems:
        session.say(events.ProblemFound(problem))
    session.say(events.Artifact(str(made.output), "preview", made.bytes, made.sha256))
    return EXIT_DONE


def run_json(args: argparse.Namespace) -> int:
    """The same with one JSON document on stdout."""
    try:
        document, status = make(args).to_dict(), EXIT_DONE
    except SlipwayError as error:
        document, status = {"problems": [error.problem.to_dict()], "exit": error.exit}, error.exit
    print_json(document)
    return status


def make(args: argparse.Namespace, go_on: Callable[[], None] = lambda: None) -> Preview:
    """Draw the sheet of a command line and write it, whole or not at all.

    `go_on` is called now and then, and may raise to stop. Raises ProjectError when the project,
    its pictures or the output are not as needed, ComputerError when the system refuses.
    """
    folder = Path(args.folder).expanduser().absolute()
    project = project_reader.read(folder)
    _refuse(problem for problem in project.problems if problem.code in _BLOCKING)
    output = _output(args.output, project.folder)
    platforms: Sequence[Platform] = [args.platform] if args.platform else PLATFORMS
    read = _Reading(project, go_on)
    parts = [read.part(platform) for platform in platforms]
    if not any(part.chosen.by_role for part in parts):
        raise ProjectError(_no_picture(project.app_folder, args.platform))
    data = sheet.encode(sheet.draw(_title(parts), _scenes(parts, go_on)))
    go_on()
    _write(output, data)
    problems = [*_of_settings(parts), *(one.problem for one in _advices(parts))]
    found = [part.chosen for part in parts]
    digest = hashlib.sha256(data).hexdigest()
    return Preview(project.folder, output, len(data), digest, found, problems)


# ---- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """What a platform shows: its pictures, as far as it has any, and its settings."""

    chosen: Chosen
    settings: Settings
    style: Style
    icon: Choice | None
    light: Choice | None
    dark: Choice | None
    problems: Sequence[Problem]


class _Reading:
    """Reads the pictures of a project, each file once."""

    def __init__(self, project: Project, go_on: Callable[[], None]) -> None:
        self._project = project
        self._go_on = go_on
        self._pictures: dict[Path, Picture] = {}

    def part(self, platform: Platform) -> _Part:
        """The pictures and settings of a platform. Raises ProjectError when one cannot be used."""
        project, target = self._project, TARGET_OF[platform]
        wanted, problems = settings.resolve(project.pyproject, project.folder, target=target)
        problems = [problem for problem in problems if _is_about_pictures(problem)]
        _refuse(problems)
        found = chosen.of(project.app_folder, wanted, target)
        return _Part(
            found,
            wanted,
            from_settings.style(wanted),
            self._choice(found.icon),
            self._choice(found.splash),
            self._choice(found.splash_dark),
            problems,
        )

    def _choice(self, source: Source | None) -> Choice | None:
        if source is None:
            return None
        self._go_on()
        if source.path not in self._pictures:
            self._pictures[source.path] = picture.read(source.path)
        return Choice(self._pictures[source.path], source.is_own)


def _scenes(parts: Sequence[_Part], go_on: Callable[[], None]) -> list[previews.Scene]:
    scenes: list[previews.Scene] = []
    for part in parts:
        go_on()
        platform = part.chosen.platform
        styles = {platform: part.style}
        if part.icon:
            scenes += previews.icon_scenes({platform: part.icon}, styles, safe_zone=True)
        if part.light:
            dark = {platform: part.dark}
            scenes += previews.splash_scenes({platform: part.light}, dark, styles)
    return scenes


def _advices(parts: Sequence[_Part]) -> list[Advice]:
    """What is worth knowing about the pictures, each thing once."""
    found: dict[Platform, list[Advice]] = {}
    for part in parts:
        platform, style = part.chosen.platform, part.style
        said = found.setdefault(platform, [])
        if part.icon:
            icon = part.icon
            said += advice.of_icon(icon.picture, platform, style, is_own=icon.is_own)
        if part.light:
            light, dark = part.light, part.dark.picture if part.dark else None
            is_icon = not light.is_own
            said += advice.of_splash(light.picture, dark, platform, style, is_icon=is_icon)
    advices = advice.together(found)
    _refuse(one.problem for one in advices)
    return advices


def _is_about_pictures(problem: Problem) -> bool:
    said = f"{problem.title} {problem.do} {[fix.data for fix in problem.fixes]}"
    return problem.code.startswith(("setting-", "colour-")) and any(
        word in said for word in _ABOUT_PICTURES
    )


def _of_settings(parts: Sequence[_Part]) -> list[Problem]:
    problems = [problem for part in parts for problem in part.problems]
    return [problem for at, problem in enumerate(problems) if problem not in problems[:at]]


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        if problem.severity == "error":
            raise ProjectError(problem)


def _title(parts: Sequence[_Part]) -> str:
    """The app's name, in letters that the sheet can write."""
    names = (parts[0].settings.product, parts[0].settings.project)
    return next((name for name in names if sheet.can_write(name)), "")


# ---- writing ---------------------------------------------------------------------------------


def _output(asked: str | None, folder: Path) -> Path:
    """Where the sheet goes. Raises ProjectError when it must not go there."""
    output = Path(asked).expanduser().absolute() if asked else folder / DEFAULT
    if output.is_dir():
        raise ProjectError(_is_a_folder(output))
    if output.suffix.lower() != ".png":
        raise ProjectError(_not_a_png(output))
    if os.path.lexists(output) and not sheet.is_ours(output):
        raise ProjectError(_not_ours(output))
    return output


def _write(output: Path, data: bytes) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=".preview-", suffix=".new")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)  # a temporary file is its maker's alone, a picture is not
            Path(name).replace(output)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(_not_writable(output, error)) from error


# ---- words -----------------------------------------------------------------------------------


def _short(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _to_dict(one: Chosen) -> dict[str, Any]:
    roles = {"icon": one.icon, "splash": one.splash, "splash_dark": one.splash_dark}
    files = {name: str(source.path) if source else None for name, source in roles.items()}
    return {"platform": one.platform, **files}


def _no_picture(app_folder: Path, platform: str | None) -> Problem:
    assets = app_folder / chosen.ASSETS
    of_what = f" for {sheet.PLATFORM_TITLES[platform]}" if platform in PLATFORMS else ""
    own = f", or icon_{platform}.png for this one" if of_what else ""
    if odd := sources.in_capitals(assets):
        return Problem(
            "no-picture",
            f"The project has no icon{of_what}",
            f"There is {odd.name} in {assets}, but names of pictures are in small letters.",
            f"Call it icon{odd.suffix.lower()}.",
            where=str(odd),
        )
    return Problem(
        "no-picture",
        f"The project has no icon{of_what}",
        f"There is no picture named icon in {assets}, so the app would get Flet's own.",
        f"Save a square picture of at least 1024 pixels there as icon.png{own}. The wizard can "
        "draw one from a letter: start it with `python main.py`.",
        where=str(assets),
    )


def _is_a_folder(output: Path) -> Problem:
    return Problem(
        "preview-is-a-folder",
        "The preview cannot be written: its name is that of a folder",
        f"{output} is a folder, and the preview is one picture.",
        f"Name a file in it: --output {output / DEFAULT.name}",
        where=str(output),
    )


def _not_a_png(output: Path) -> Problem:
    return Problem(
        "preview-not-a-png",
        "The preview is a PNG picture, and its name does not say so",
        f"{output.name} ends otherwise than in .png.",
        f"Call it {output.with_suffix('.png').name}." if output.stem else "Give it a name.",
        where=str(output),
    )


def _not_ours(output: Path) -> Problem:
    return Problem(
        "preview-not-ours",
        f"There is another picture already: {output.name}",
        f"{output} is not a preview that Slipway made, so it stays as it is.",
        "Choose another name with --output, or move that file away.",
        where=str(output),
    )


def _not_writable(output: Path, error: OSError) -> Problem:
    return Problem(
        "preview-not-writable",
        "The preview cannot be written",
        f"The system says about {output.parent}: {error.strerror or error}.",
        "Choose another place with --output, or change the rights of this one.",
        where=str(output),
    )
