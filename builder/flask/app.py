"""Finds the Flask app of a project by reading its code, as `flask run` finds it by importing it.

Where Flask's documentation leaves several, the likeliest goes first: one that the user or
`FLASK_APP` names, then `wsgi` and `app`, which `flask run` looks for, then a file that runs an app,
then a package or a module at the top. What a better one is made of is no rival of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from builder.code import syntax
from builder.code.syntax import Code, Codebase
from builder.flask import dotenv
from builder.flask import problems as flask_problems
from builder.flask.names import APPS, FACTORIES, FIRST, Reading, literal_arguments, order_in_module
from builder.flask.problems import Candidate, Choice
from builder.problems import Problem

__all__ = ["ABOUT", "Candidate", "Choice", "FlaskFound", "find", "made_at"]

# Files that are read at all: an app is made where Flask is named, or where something of the project
# is called that makes it.
ABOUT = re.compile(
    rb"[Ff]lask|create_app|make_app|\.run\(|\bserve\(|\bapp(?:lication)?\s*(?::[^=\n]*)?="
    rb"|import[^\n]*\bapp(?:lication)?\b"
)


@dataclass(frozen=True)
class FlaskFound:
    """The apps of a project, likeliest first, and the one that is meant; None when nobody can tell.

    `said_by` is where it is named, "" when it was found by reading.
    """

    candidates: Sequence[Candidate] = ()
    chosen: Candidate | None = None
    said_by: str = ""
    problems: Sequence[Problem] = ()


def find(
    app_folder: Path,
    files: Iterable[str],
    choices: Sequence[Choice] = (),
    *,
    folder: Path | None = None,
    codebase: Codebase | None = None,
) -> FlaskFound:
    """Find the app. `files` are the packed ones, as paths below `app_folder`.

    `choices` are what settings and options say, and go before `FLASK_APP` in `.env` and
    `.flaskenv`, of the app folder or of the project's `folder`. `codebase` are the files that match
    `ABOUT` where they were read already. Never raises.
    """
    if codebase is None:
        codebase = syntax.read(app_folder, files, ABOUT)
    named = [*choices, *_flask_app_variable([app_folder, folder or app_folder])]
    found = _find(Reading(codebase), named)
    if found.chosen is not None and found.chosen.file == "__init__.py":
        wrong = flask_problems.is_the_package(app_folder)
        return replace(found, problems=[*found.problems, wrong])
    return found


def made_at(codebase: Codebase) -> list[tuple[Code, ast.Call]]:
    """Every call that makes an app, with the file it stands in; tests and examples come last."""
    return Reading(codebase).calls()


def _find(reading: Reading, choices: Iterable[Choice]) -> FlaskFound:
    candidates = _sorted(reading.candidates())
    problems: list[Problem] = []
    for choice in choices:
        chosen, wrong = _named(reading, choice, candidates)
        problems += wrong
        if chosen is not None:
            others = [one for one in candidates if one.origin != chosen.origin]
            return FlaskFound([chosen, *others], chosen, choice.where, problems)
        if choice.is_ours:
            return FlaskFound(candidates, None, choice.where, problems)
    chosen, unclear = _likeliest(candidates, reading)
    if unclear is not None:
        problems = [*(one for one in problems if one.code != unclear.code), unclear]
    return FlaskFound(candidates, chosen, "", problems)


def _flask_app_variable(folders: Iterable[Path]) -> Iterator[Choice]:
    """What `FLASK_APP` says; `.env` goes before `.flaskenv`, as in Flask."""
    for folder in dict.fromkeys(folders):
        for name in (".env", ".flaskenv"):
            value = dotenv.read(folder / name).get("FLASK_APP")
            if value is not None and value.text.strip():
                yield Choice(value.text.strip(), where=f"{name}, line {value.line}")
                return


# --- Which one it is ---

# Modules that make an app for other work than serving it.
_OTHER_WORK = re.compile(
    r"(^|_)(celery|worker|tasks|manage|cli|scripts?|seed|init_?db|create_?db|migrations?)($|_)"
)
_TIER_OF_OTHER_WORK = 5


def _sorted(found: Sequence[Candidate]) -> list[Candidate]:
    """The likeliest first; tests and examples only where there is nothing else."""
    own = [one for one in found if not syntax.is_aside(one.file)]
    return _short_where_clear(_without_parts(sorted(own or found, key=_order)))


def _likeliest(
    candidates: Sequence[Candidate], reading: Reading
) -> tuple[Candidate | None, Problem | None]:
    """The one that is clearly meant, or the problem that it cannot be told."""
    if not candidates:
        hidden = [(code.file, call.lineno) for code, call in reading.calls()]
        return None, flask_problems.none_found(hidden, reading.codebase.broken)
    first = candidates[0]
    rivals = [one for one in candidates if _is_rival(first, one)]
    if len(rivals) > 1:
        return None, flask_problems.several(rivals)
    if first.needs:
        return None, flask_problems.needs_arguments(first)
    return first, None


def _is_rival(first: Candidate, other: Candidate) -> bool:
    if _tier(first) != _tier(other):
        return False
    same_module = first.file == other.file
    return not same_module or order_in_module(first) == order_in_module(other)


def _named(
    reading: Reading, choice: Choice, candidates: Sequence[Candidate]
) -> tuple[Candidate | None, list[Problem]]:
    """The app that `module:name` means, read as Flask reads it."""
    module, name = _split(choice.spec)
    code = _module_named(reading.codebase, module)
    if code is None:
        return None, [flask_problems.no_such_module(choice, module, candidates)]
    if not name:
        best = reading.best_in(code)
        if not best or (len(best) > 1 and order_in_module(best[0]) == order_in_module(best[1])):
            return None, [flask_problems.no_such_name(choice, "", best, code.file)]
        return _callable(best[0], choice)
    called = _parsed(name)
    if called is None:
        return None, [flask_problems.not_a_name(choice, name, candidates)]
    return _called(reading, choice, code, *called)


def _called(
    reading: Reading, choice: Choice, code: Code, name: str, arguments: str | None
) -> tuple[Candidate | None, list[Problem]]:
    found = reading.candidate_at(code, name)
    if found is None:
        if not code.stars and not reading.is_bound(code, name):
            best = reading.best_in(code)
            return None, [flask_problems.no_such_name(choice, name, best, code.file)]
        # Made in a way that we do not see through: the user's word is enough.
        kind: Literal["app", "factory"] = "app" if arguments is None else "factory"
        spelt = name if arguments is None else f"{name}()"
        found = Candidate(code.module, spelt, code.file, 0, kind, code.root)
    if arguments:
        spelt = f"{name}({arguments})"
        return replace(found, name=spelt, needs=(), spec=f"{found.module}:{spelt}"), []
    return _callable(found, choice)


def _callable(found: Candidate, choice: Choice) -> tuple[Candidate | None, list[Problem]]:
    if found.needs:
        return None, [flask_problems.needs_arguments(found, choice)]
    return found, []


def _split(spec: str) -> tuple[str, str]:
    """The module and the name; the colon of a drive (`C:\\`) parts nothing."""
    module, *name = re.split(r":(?![\\/])", spec.strip(), maxsplit=1)
    return module.strip(), name[0].strip() if name else ""


def _module_named(codebase: Codebase, module: str) -> Code | None:
    """A module by its dotted name or its path; the ending may be left out."""
    path = module.replace("\\", "/").removeprefix("./").rstrip("/")
    if path.endswith(".py") or "/" in path:
        stem = path.removesuffix(".py").removesuffix("/__init__")
        ways = (f"{stem}.py", f"{stem}/__init__.py")
        return next((codebase.codes[file] for file in ways if file in codebase.codes), None)
    return codebase.codes.get(codebase.modules.get(path, ""))


def _parsed(name: str) -> tuple[str, str | None] | None:
    """A name and the arguments with which it is called: None for no call, "" for none given."""
    try:
        node = ast.parse(name, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if isinstance(node, ast.Name):
        return node.id, None
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    if node.args or node.keywords:
        given = literal_arguments(node)
        return (node.func.id, given) if given else None
    return node.func.id, ""


def _tier(candidate: Candidate) -> int:
    """How likely it is, 0 most."""
    if candidate.needs:
        return 6
    if _OTHER_WORK.search(candidate.module.rpartition(".")[2]):
        return _TIER_OF_OTHER_WORK
    at_top = candidate.root in ("", "src") and "." not in candidate.module
    if at_top and candidate.module in FIRST:
        return FIRST.index(candidate.module)
    if candidate.is_run:
        return 2
    return 3 if at_top and candidate.plain in (*APPS, *FACTORIES) else 4


def _order(candidate: Candidate) -> tuple[int, int, str, int, int]:
    depth = candidate.file.count("/")
    return _tier(candidate), depth, candidate.file, order_in_module(candidate), candidate.line


def _without_parts(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without those that a better candidate is made of: it is the same app under another name."""
    best = min(map(_tier, candidates), default=0)
    parts = {
        part
        for one in candidates
        if _tier(one) < max(_TIER_OF_OTHER_WORK, best + 1)
        for part in one.made_of
        if part != one.origin
    }
    whole = [one for one in candidates if one.origin not in parts]
    return whole or list(candidates)


def _short_where_clear(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same, each with a notation that no other one has."""
    specs = [f"{one.module}:{one.name}" for one in candidates]
    return [
        replace(one, spec=spec if specs.count(spec) == 1 else f"{one.file}:{one.name}")
        for one, spec in zip(candidates, specs, strict=True)
    ]
