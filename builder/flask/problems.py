"""What can be wrong with finding a Flask app, in words, and the clicks that choose one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.flask import SETTING
from builder.problems import Fix, Problem

_MOST = 4
_HERE = ".".join(map(str, sys.version_info[:2]))


@dataclass(frozen=True)
class Choice:
    """Someone says which app it is: `spec` in Flask's notation, `who` and `where` name them."""

    spec: str
    who: str = "FLASK_APP"
    where: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is the setting that a click can change."""
        return self.who == SETTING


@dataclass(frozen=True)
class Candidate:
    """An app that a server could use.

    `module` is imported with the folder `root` (below the app folder, "" for itself) on the path;
    `name` is the app in it, or the call that makes it (`create_app()`). `file` and `line` say where
    it stands, `needs` the arguments that the call still lacks. `made_of` are the `origin` (file and
    name) of others that are this one under another name. `is_run`: a file runs it; `blocks`:
    importing its module starts a server, so that the import never ends. `spec` is Flask's notation.
    """

    module: str
    name: str
    file: str
    line: int
    kind: Literal["app", "factory"]
    root: str = ""
    needs: Sequence[str] = ()
    made_of: frozenset[tuple[str, str]] = frozenset()
    is_run: bool = False
    blocks: bool = False
    spec: str = ""
    origin: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if not self.origin[0]:
            object.__setattr__(self, "origin", (self.file, self.plain))
        if not self.spec:
            object.__setattr__(self, "spec", f"{self.module}:{self.name}")

    @property
    def plain(self) -> str:
        """The name without the call."""
        return self.name.partition("(")[0]

    @property
    def where(self) -> str:
        """The place in the user's files."""
        return f"{self.file}, line {self.line}" if self.line else self.file


def none_found(hidden: Sequence[tuple[str, int]], broken: Sequence[str]) -> Problem:
    """No app at all.

    `hidden` are places (file, line) where one is made that nothing outside can reach, `broken`
    files that are no Python.
    """
    if hidden:
        file, line = hidden[0]
        return Problem(
            "flask-app-out-of-reach",
            "A Flask app is made, but nothing outside can reach it",
            f"In {file}, line {line}, it is made inside a function that does not return it, in a "
            "class, or only when the file is started itself. A server imports the app instead.",
            "Make it at the top of the file (app = Flask(__name__)), or let the function return "
            "it: def create_app(): … return app.",
            where=f"{file}, line {line}",
        )
    if broken:
        return Problem(
            "no-flask-app",
            "No Flask app was found",
            f"It may be in {', '.join(broken[:3])}, which cannot be understood as Python {_HERE}.",
            "Correct that file first: “python -m py_compile” and its name show the line. If it is "
            "written for a newer Python, start Slipway with that one.",
            where=broken[0],
        )
    return Problem(
        "no-flask-app",
        "No Flask app was found",
        "Looked for: app = Flask(…) at the top of a file, also in classes that inherit from Flask; "
        "a function such as create_app() that returns one; wsgi.py and app.py; and FLASK_APP in "
        ".env and .flaskenv.",
        "Choose the folder that holds the app, or name it in pyproject.toml: "
        '[tool.slipway.flask] app = "module:name".',
    )


def several(rivals: Sequence[Candidate]) -> Problem:
    """More than one, and nothing tells which is meant."""
    named = "; ".join(f"{one.name} in {one.where}" for one in rivals[:_MOST])
    more = f" and {len(rivals) - _MOST} more" if len(rivals) > _MOST else ""
    return Problem(
        "flask-app-ambiguous",
        f"There are {len(rivals)} Flask apps, and each could be the one",
        f"Found: {named}{more}.",
        "Choose the one that is meant, or name it in pyproject.toml: "
        f'[tool.slipway.flask] app = "{rivals[0].spec}".',
        fixes=_choose(rivals),
    )


def needs_arguments(candidate: Candidate, choice: Choice | None = None) -> Problem:
    """A factory that nobody can call without knowing what to give it."""
    needs = ", ".join(candidate.needs)
    values = ", ".join(f"{name}=…" for name in candidate.needs)
    return Problem(
        "flask-factory-needs-arguments",
        f"{candidate.plain}() cannot be called without {needs}",
        f"It makes the app, in {candidate.where}, and nothing says what to give it.",
        f"Give {needs} a default value there, or write the call into pyproject.toml: "
        f'[tool.slipway.flask] app = "{candidate.module}:{candidate.plain}({values})".',
        "error" if choice is None or choice.is_ours else "warn",
        where=choice.where if choice is not None else candidate.where,
    )


def is_the_package(folder: Path) -> Problem:
    """The folder that was chosen is itself what Python imports, not what holds it."""
    return Problem(
        "flask-folder-is-the-package",
        f"“{folder.name}” is the app's package, not the folder that holds it",
        "The app is made in __init__.py at the top of this folder. Python imports a package by the "
        "name of its folder, from the folder above.",
        f"Choose the folder above it: “{folder.parent}”.",
        where="__init__.py",
        fixes=[Fix("open-parent", "Show the folder", "open", {"path": str(folder.parent)})],
    )


def no_such_module(choice: Choice, module: str, candidates: Sequence[Candidate]) -> Problem:
    """The name leads to no file of the project."""
    why = f"No file of the project that has to do with Flask is the module “{module}”."
    return _wrong_choice(choice, candidates, why)


def no_such_name(choice: Choice, name: str, candidates: Sequence[Candidate], file: str) -> Problem:
    """The module is there, the app is not; `candidates` are those in it."""
    if name:
        why = f"Nothing in {file} is called {name}."
    elif candidates:
        why = f"{file} holds more than one app."
    else:
        why = f"{file} holds neither a Flask app nor a function that makes one."
    return _wrong_choice(choice, candidates, why)


def not_a_name(choice: Choice, name: str, candidates: Sequence[Candidate]) -> Problem:
    """What follows the colon is neither a name nor a call with plain values."""
    why = (
        f"After the colon stands “{name}”. It should be a name, as in shop:app, or a call with "
        "plain values, as in shop:create_app('local')."
    )
    return _wrong_choice(choice, candidates, why)


def _wrong_choice(choice: Choice, candidates: Sequence[Candidate], why: str) -> Problem:
    fixes = _choose(candidates)
    if choice.is_ours:
        fixes.append(Fix("forget-flask-app", "Look for it again", "set", {SETTING: None}))
    return Problem(
        "flask-app-not-found",
        f"“{choice.spec}” leads to no Flask app",
        f"{choice.who} names it. {why}",
        "Correct it, or choose one of those that were found." if candidates else "Correct it.",
        "error" if choice.is_ours else "warn",
        where=choice.where,
        fixes=fixes,
    )


def _choose(candidates: Sequence[Candidate]) -> list[Fix]:
    return [
        Fix(f"flask-app-{one.spec}", f"Take {one.name} in {one.file}", "set", {SETTING: one.spec})
        for one in candidates[:_MOST]
        if not one.needs
    ]
