"""Reads a project: what it is, where it starts, what it needs. Fast, and changes nothing.

The rules are those of `flet build` 1.0.5, so that a project means the same to both.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from builder import entry_point, packing, requirements, settings
from builder import pyproject as pyproject_file
from builder.flask import SETTING as FLASK_SETTING
from builder.packing import Selection, normalize
from builder.problems import Fix, Problem
from builder.pyproject import Pyproject
from builder.requirements import Requirement

if TYPE_CHECKING:
    from builder.code.file_use import FileUse
    from builder.flask.parts import FlaskApp

__all__ = [
    "FLASK_SETTING", "FileUse", "FlaskApp", "Kind", "Project", "Requirement", "normalize", "read",
]  # fmt: skip

Kind = Literal["flet", "flask", "unknown"]

_SEVERITIES = ("error", "warn", "hint")


@dataclass(frozen=True)
class Project:
    """What was found in a folder.

    `folder` is the project, `app_folder` the folder that is packed (`tool.flet.app.path`), `module`
    the entry point without `.py`, empty when there is none; `candidates` are the files that could
    be one, relative to `app_folder`. `pyproject` is the parsed file, empty where there is none.
    `files` and `bytes` count what would be packed, `selection` names it. `pip_options` are those
    of `requirements.txt` that pip needs as well (indexes, constraints). `problems` holds what is
    wrong, errors first. `flask` is what was found of a Flask app, None for any other: it has
    candidates of its own, and `module` is then the file that makes the app.
    """

    folder: Path
    app_folder: Path
    kind: Kind
    module: str
    candidates: Sequence[str] = ()
    pyproject: Mapping[str, Any] = field(default_factory=dict)
    requirements: Sequence[Requirement] = ()
    files: int = 0
    bytes: int = 0
    problems: Sequence[Problem] = ()
    pip_options: Sequence[str] = ()
    selection: Selection = field(default_factory=Selection)
    flask: FlaskApp | None = None

    @cached_property
    def uses(self) -> Sequence[FileUse]:
        """The files, folders and databases that the code of the app names.

        Read once, when somebody asks: checks and stages do, and it is all of the code.
        """
        if self.flask is not None:
            return self.flask.uses
        from builder.code import file_use  # here: reading code loads much

        return file_use.find(self.app_folder, [file.path for file in self.selection.files])


def read(
    folder: Path,
    *,
    target: str = "web",
    module: str = "",
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    default_excludes: bool = True,
    keep_out: Sequence[Path] = (),
) -> Project:
    """Read the project in `folder`. Never raises for what the user's files hold: see `problems`.

    `module`, `include`, `exclude` and `default_excludes=False` are the options of the same names
    and go before what `pyproject.toml` says; `keep_out` are folders that are never packed.
    """
    wrong = _not_a_project(folder)
    if wrong:
        return Project(folder, folder, "unknown", "", problems=wrong)
    folder = Path(os.path.realpath(folder))
    toml = pyproject_file.load(folder)
    options = {
        "module": module,
        "include": include,
        "exclude": exclude,
        "default_excludes": None if default_excludes else False,
    }
    wanted, _ = settings.resolve(toml.data, folder, target=target, options=options)
    needs = requirements.read(folder, toml, settings.platform_of(target))
    app_folder, misplaced = _app_folder(folder, toml)
    if misplaced:
        selection, entry = Selection(), _Entry()
    else:
        selection = packing.select(
            app_folder,
            exclude=wanted.exclude,
            include=wanted.include,
            default_excludes=wanted.default_excludes,
            keep_out=keep_out,
        )
        entry = _entry(app_folder, selection, wanted.module, _asked(module, toml), toml)
    kind = _kind(app_folder, selection, entry.module, needs.found)
    if pyproject_file.get(toml.data, FLASK_SETTING):  # others build on Flask, and do not say so
        kind = "flask"
    if kind == "flask" and not misplaced:
        entry = _flask_entry(folder, app_folder, selection, entry, _asked(module, toml), toml)
    fits = [] if misplaced else _fits(kind, entry.module)
    root = entry.flask.candidates[0].root if entry.flask and entry.flask.candidates else ""
    names = [need.name for need in needs.found]
    fits += entry_point.hides_package(app_folder, _paths(selection), root, kind, names)
    found = _framework_by_default(kind, needs.found)
    # A list that cannot be read may well name it.
    unread = any(problem.severity == "error" for problem in needs.problems)
    if kind != "unknown" and not unread and not _asks_for(kind, found):
        fits.append(_framework_missing(kind, found))
    problems = [
        *toml.problems, *misplaced, *entry.problems, *needs.problems, *selection.problems, *fits
    ]  # fmt: skip
    return Project(
        folder,
        app_folder,
        kind,
        entry.module,
        entry.candidates,
        toml.data,
        found,
        len(selection.files),
        selection.bytes,
        sorted(problems, key=lambda problem: _SEVERITIES.index(problem.severity)),
        needs.pip_options,
        selection,
        entry.flask,
    )


def _paths(selection: Selection) -> list[str]:
    return [file.path for file in selection.files]


@dataclass(frozen=True)
class _Entry:
    module: str = ""
    candidates: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    flask: FlaskApp | None = None


def _entry(
    app_folder: Path, selection: Selection, module: str, asked: str, toml: Pyproject
) -> _Entry:
    """Where the app starts; when it cannot start there, where it could."""
    file = app_folder / f"{module}.py"
    if file.is_file():
        source = entry_point.read_source(file)
        wrong = [entry_point.not_python(file.name, source)] if source.line else []
        return _Entry(module, [file.name], wrong)
    if not any(_visible(app_folder)):
        return _Entry(problems=[_empty(app_folder)])
    found = entry_point.candidates(app_folder, _paths(selection))
    path = pyproject_file.get(toml.data, "tool.flet.app.path") or ""
    return _Entry("", found, [entry_point.missing(module, asked, found, path)])


def _flask_entry(
    folder: Path, app_folder: Path, selection: Selection, entry: _Entry, asked: str, toml: Pyproject
) -> _Entry:
    """Where a Flask app starts: not with `main.py`, but with the app that a server imports.

    `entry` is what was found as for any other app; `asked` says who named it, "" for nobody.
    """
    from builder.flask import entry as flask_entry  # here: reading Flask's code loads much

    named = f"{entry.module}.py" if asked and entry.module else ""
    found = flask_entry.read(folder, app_folder, _paths(selection), toml, named, asked)
    lost = entry.problems if asked and not named else ()
    return _Entry(found.module, (), [*found.wrong_setting, *lost, *found.problems], found.app)


def _asked(option: str, toml: Pyproject) -> str:
    """Who names the entry point; empty when nobody does."""
    if option:
        return "--module-name"
    key = "tool.flet.app.module"
    return pyproject_file.place(toml.text, key) if pyproject_file.get(toml.data, key) else ""


def _kind(
    app_folder: Path, selection: Selection, module: str, needs: Sequence[Requirement]
) -> Kind:
    """Flet or Flask: by the entry point, then by what is asked for, then by any module."""
    entry = entry_point.read_source(app_folder / f"{module}.py") if module else entry_point.Source()
    if entry.flet or entry.flask:
        return "flet" if entry.flet else "flask"
    names = {need.name for need in needs if need.where != requirements.DEFAULT}
    kinds: tuple[Kind, ...] = ("flet", "flask")
    for kind in kinds:
        if kind in names:
            return kind
    flask = False
    for source in entry_point.read_all(app_folder, _paths(selection)):
        if source.flet:
            return "flet"
        flask = flask or source.flask
    return "flask" if flask else "unknown"


def _fits(kind: Kind, module: str) -> list[Problem]:
    """Whether there is an app at all."""
    if kind == "unknown" and module:
        return [
            Problem(
                "no-framework-found",
                f"{module}.py does not seem to use Flet",
                "No file imports it and the project does not ask for it, "
                "so the app may show nothing.",
                "Choose another folder, or carry on if the import is made in an unusual way.",
                "warn",
                where=f"{module}.py",
            )
        ]
    return []


def _framework_by_default(kind: Kind, needs: Sequence[Requirement]) -> Sequence[Requirement]:
    """The same; a Flask app whose project asks for nothing gets Flask, as others get Flet."""
    if kind != "flask" or any(need.where != requirements.DEFAULT for need in needs):
        return needs
    return [Requirement("flask", requirements.DEFAULT)] if needs else needs


def _asks_for(kind: Kind, needs: Sequence[Requirement]) -> bool:
    """Whether the framework is asked for, by itself or with a package that brings it along."""
    return any(need.name.startswith(kind) or need.name == f"api{kind}" for need in needs)


def _framework_missing(kind: Kind, needs: Sequence[Requirement]) -> Problem:
    name = kind.capitalize()
    return Problem(
        f"requirement-{kind}-missing",
        f"The code uses {name}, but the project does not ask for it",
        f"The list of packages names others, so nothing says which version of {name} is meant.",
        f"Add “{kind}” to the list.",
        "warn",
        where=needs[0].where.partition(",")[0] if needs else "requirements.txt",
    )


def _app_folder(folder: Path, toml: Pyproject) -> tuple[Path, list[Problem]]:
    """The folder that is packed, and what is wrong with the setting that names it."""
    key = "tool.flet.app.path"
    value = pyproject_file.get(toml.data, key)
    if value in (None, ""):
        return folder, []
    if not isinstance(value, str):
        return folder, [pyproject_file.wrong_type(toml.text, key, value, "a text in quotes")]
    path = Path(os.path.normpath(folder / value))
    where = pyproject_file.place(toml.text, key)
    if not path.is_relative_to(folder):
        return folder, [
            _app_path_problem("app-path-outside", "leads out of the project", value, where)
        ]
    if not path.is_dir():
        return folder, [_app_path_problem("app-path-not-there", "is not a folder", value, where)]
    return path, _closed(path)


def _app_path_problem(code: str, what: str, value: str, where: str) -> Problem:
    return Problem(
        code,
        f"The app's folder “{value}” {what}",
        "tool.flet.app.path names the folder below the project that holds the app.",
        "Correct the setting, or remove it if the app lies at the top of the project.",
        where=where,
        fixes=[
            Fix("remove-app-path", "Use the project's folder", "set", {"tool.flet.app.path": None})
        ],
    )


def _not_a_project(folder: Path) -> list[Problem]:
    """What keeps the folder from being read at all."""
    try:
        status = folder.stat()
        if stat.S_ISDIR(status.st_mode):
            next(iter(_visible(folder)), None)
            return _closed(folder)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return [_no_such_folder(folder)]
    except OSError as error:
        return [_folder_not_readable(folder, error)]
    return [_a_file(folder)]


def _closed(folder: Path) -> list[Problem]:
    """A folder whose names can be listed may still be one that nobody may enter."""
    if os.access(folder, os.R_OK | os.X_OK):
        return []
    return [_folder_not_readable(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))]


def _visible(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        yield from (entry.name for entry in entries if not entry.name.startswith("."))


def _no_such_folder(folder: Path) -> Problem:
    parent = next((p for p in folder.parents if p.is_dir()), None)
    return Problem(
        "no-such-folder",
        "This folder is not there",
        f"Nothing is found at “{folder}”."
        + (f" The last part of it that exists is “{parent}”." if parent else ""),
        "Check the spelling. It may have been moved or renamed, or lie on a disk that is not "
        "connected.",
        where=str(folder),
    )


def _a_file(file: Path) -> Problem:
    return Problem(
        "not-a-folder",
        "This is a file, not a folder",
        "A project is the folder in which the app's files lie.",
        f"Choose the folder that holds it: “{file.parent}”.",
        where=str(file),
        fixes=[
            Fix("open-parent", "Show the folder", "open", {"path": str(file.absolute().parent)})
        ],
    )


def _folder_not_readable(folder: Path, error: OSError) -> Problem:
    return Problem(
        "folder-not-readable",
        "This folder cannot be read",
        f"The system says: {error.strerror or error}.",
        "Give yourself the right to read it, or choose a copy of it that is yours.",
        where=str(folder),
    )


def _empty(folder: Path) -> Problem:
    return Problem(
        "empty-folder",
        "This folder is empty",
        "There is nothing in it that could be packed.",
        "Choose the folder that holds your app, the one with main.py in it.",
        where=str(folder),
    )
