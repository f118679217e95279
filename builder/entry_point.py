"""Finds where an app starts and what it is made with, by reading its code, never running it."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.problems import Fix, Problem, Severity

# Larger ones are generated or data; nobody starts there.
_LARGEST_SOURCE = 1_000_000
# All together: it takes a second or two to understand a million bytes.
_MOST_UNDERSTOOD = 1_000_000
_LIKELY = ("main.py", "app.py")

# What builds on Flask and gives the app its class.
_FLASK = frozenset({"flask", "apiflask", "flask_openapi3", "flask_api"})
# What an app made with it imports, directly or not: none of these may be hidden.
_NEEDED_BY = {
    "flet": {"flet"},
    "flask": {"flask", "werkzeug", "jinja2", "click", "markupsafe", "itsdangerous", "blinker"},
}

_NEVER_ENTRIES = frozenset({"setup.py", "conftest.py", "__init__.py"})


@dataclass(frozen=True)
class Source:
    """What a Python file says. `line` is where it stops being Python, 0 when all of it is."""

    flet: bool = False
    flask: bool = False
    starts: bool = False  # calls `flet.run(…)` or makes a `Flask(…)`
    guarded: bool = False  # has `if __name__ == "__main__":`
    line: int = 0
    error: str = ""


def read_source(path: Path) -> Source:
    """Read one file; one that is no Python, too big or not readable says nothing."""
    return parse_source(_bytes(path))


def parse_source(raw: bytes) -> Source:
    """What the source code `raw` says."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes and the like: not our matter
            tree = ast.parse(raw)
    except SyntaxError as error:
        return Source(
            flet=b"flet" in raw, flask=b"flask" in raw, line=error.lineno or 1, error=error.msg
        )
    except (ValueError, RecursionError, MemoryError):  # null bytes; brackets in brackets in …
        return Source(flet=b"flet" in raw, flask=b"flask" in raw, line=1, error="not Python")
    modules, names = _imports(tree)
    tops = {*modules.values(), *(module for module, _ in names.values())}
    return Source(
        flet="flet" in tops,
        flask=bool(tops & _FLASK),
        starts=any(_is_start(node, modules, names) for node in ast.walk(tree)),
        guarded=any(isinstance(node, ast.If) and _is_guard(node) for node in tree.body),
    )


def candidates(app_folder: Path, files: Iterable[str]) -> list[str]:
    """Files that the app could start with, most likely first, as paths below `app_folder`.

    `files` are the packed ones. Looked at are those at the root, and a `main.py` one level down.
    """
    ranked: list[tuple[int, str]] = []
    possible = [file for file in files if _may_start(file)]
    for file, source in _understood(app_folder, possible):
        folder, _, name = file.rpartition("/")
        rank = _rank(source, name, folder)
        if rank is not None:
            ranked.append((rank, file))
    return [file for _, file in sorted(ranked)]


def _may_start(file: str) -> bool:
    folder, _, name = file.rpartition("/")
    if not file.endswith(".py") or name in _NEVER_ENTRIES:
        return False
    return "/" not in folder and (not folder or name == "main.py")


def missing(module: str, asked: str, found: Sequence[str], app_path: str) -> Problem:
    """The problem of an app whose entry point is not there.

    `asked` says who wants this module: an option, a setting, or empty for the default `main`;
    `found` are the candidates, `app_path` the setting `tool.flet.app.path`.
    """
    # An option goes before the settings, so that no setting can mend it.
    fixes = [] if asked.startswith("--") else [_start_with(f, app_path, asked) for f in found]
    if asked:
        return Problem(
            "entry-point-not-found",
            f"The app should start with {module}.py, but there is no such file",
            f"{asked} names it." + _named(found),
            "Correct the name, or choose one of the files that were found."
            if found
            else "Correct the name; the file must lie at the top of the app's folder.",
            where=asked,
            fixes=fixes,
        )
    if len(found) > 1:
        return Problem(
            "entry-point-ambiguous",
            "The app could start in more than one place",
            "There is no main.py." + _named(found),
            "Choose the file that the app starts with.",
            fixes=fixes,
        )
    return Problem(
        "no-entry-point",
        "It is not clear where the app starts",
        "There is no main.py at the top of the app's folder." + _named(found),
        f"Start with {found[0]}, or choose another file."
        if found
        else "Add a main.py that starts the app, or choose the folder that holds it.",
        fixes=fixes,
    )


def not_python(file: str, source: Source) -> Problem:
    """The problem of an entry point that does not parse; a newer Python may still take it."""
    return Problem(
        "entry-point-not-python",
        f"{file} cannot be understood as Python",
        f"Line {source.line}: {source.error}.",
        "Correct that line, unless it is meant for a newer version of Python than this one.",
        "warn",
        where=f"{file}, line {source.line}",
    )


def _imports(tree: ast.Module) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Names bound to modules (name -> top module), and to things in one (name -> module, thing)."""
    modules: dict[str, str] = {}
    names: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                modules[alias.asname or top] = top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            top = node.module.partition(".")[0]
            for alias in node.names:
                names[alias.asname or alias.name] = (top, alias.name)
    return modules, names


_STARTERS = {"flet": {"run", "run_async", "app", "app_async"}, "flask": {"Flask"}}


def _is_start(node: ast.AST, modules: dict[str, str], names: dict[str, tuple[str, str]]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.attr in _STARTERS.get(modules.get(node.func.value.id, ""), ())
    if isinstance(node.func, ast.Name):
        module, thing = names.get(node.func.id, ("", ""))
        return thing in _STARTERS.get(module, ())
    return False


def _is_guard(node: ast.If) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))


def _rank(source: Source, name: str, folder: str) -> int | None:
    """Lower is likelier; None for a file that does not look like a start."""
    if name.startswith("test_") or name.endswith("_test.py"):
        return None
    rank = {"src": 0, "": 1}.get(folder, 2)
    if source.starts:
        return rank
    if name in ("main.py", "app.py") and (source.guarded or source.flet or source.flask):
        return rank + 3
    return rank + 6 if source.guarded and (source.flet or source.flask) else None


def _named(found: Sequence[str]) -> str:
    if not found:
        return " No other file looks as if an app started there."
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return f" Found: {', '.join(found[:5])}{more}."


def _start_with(file: str, app_path: str, asked: str) -> Fix:
    """The settings that make `file` the entry point."""
    folder, _, name = file.rpartition("/")
    stem = name.removesuffix(".py")
    data: dict[str, str | None] = {}
    if folder:
        data["tool.flet.app.path"] = f"{app_path.rstrip('/')}/{folder}" if app_path else folder
    if stem != "main":
        data["tool.flet.app.module"] = stem
    elif asked:  # main is what flet looks for when nothing is said
        data["tool.flet.app.module"] = None
    return Fix(f"start-with-{file}", f"Start with {file}", "set", data)


def read_all(app_folder: Path, files: Iterable[str], most: int = 500) -> Iterator[Source]:
    """The Python files that name Flet or Flask, those at the top first, no more than `most`."""
    python = sorted((f for f in files if f.endswith(".py")), key=lambda f: (f.count("/"), f))
    for _, source in _understood(app_folder, python, most):
        yield source


def _understood(
    app_folder: Path, files: Sequence[str], most: int = 500
) -> Iterator[tuple[str, Source]]:
    """Those of the files that name Flet or Flask, and a `main.py` or `app.py` in any case.

    Looked for in the bytes first: that is a hundred times as fast as understanding the code.
    """
    left = _MOST_UNDERSTOOD
    for file in files[: most * 10]:
        raw = _bytes(app_folder / file)
        is_likely = file.endswith(_LIKELY) or b"flet" in raw or b"flask" in raw
        if not is_likely or len(raw) > left:
            continue
        yield file, parse_source(raw)
        most -= 1
        left -= len(raw)
        if not most:
            return


def hides_package(
    app_folder: Path, files: Iterable[str], root: str, kind: str, packages: Iterable[str]
) -> list[Problem]:
    """The problems of modules that Python finds before the package of the same name.

    Looked at is the folder `root` below `app_folder`, from which the app's modules are imported.
    `kind` is `flet` or `flask`; `packages` are what the project asks for. A module that hides what
    every such app imports is an error, one that imports a package of its own name a warning.
    """
    needed = _NEEDED_BY.get(kind)
    if needed is None:
        return []
    others = {name.replace("-", "_") for name in packages} | sys.stdlib_module_names
    problems = []
    for file in files:
        inside = PurePosixPath(file).relative_to(root) if _is_below(file, root) else None
        module = _top_module(inside) if inside is not None else ""
        if module not in needed and (module not in others or file.endswith("/__init__.py")):
            continue
        line = _line_of_import(app_folder / file, module)
        if line or (module in needed and not file.endswith("/__init__.py")):
            problems.append(_hides(file, module, line, "error" if module in needed else "warn"))
    return problems


def _is_below(file: str, folder: str) -> bool:
    return file.endswith(".py") and (not folder or file.startswith(f"{folder}/"))


def _top_module(path: PurePosixPath) -> str:
    """The module at the top that a file is, or the package whose `__init__.py` it is; else ""."""
    if len(path.parts) == 1:
        return path.stem
    return path.parts[0] if path.parts[1:] == ("__init__.py",) else ""


def _line_of_import(path: Path, module: str) -> int:
    """The line on which a file imports a module, 0 where it does not."""
    name = re.escape(module.encode())
    found = re.search(rb"^[ \t]*(?:import|from)[ \t]+" + name + rb"\b", _bytes(path), re.MULTILINE)
    return _bytes(path).count(b"\n", 0, found.start()) + 1 if found else 0


def _hides(file: str, module: str, line: int, severity: Severity) -> Problem:
    name = file.removesuffix("/__init__.py")
    return Problem(
        "module-hides-package",
        f"{name} hides the package “{module}”",
        f"Python looks in the project first, so that “import {module}” finds {name} and never the "
        "package." + (f" It imports itself on line {line}." if line else ""),
        f"Give {name} another name, and correct what imports it.",
        severity,
        where=f"{file}, line {line}" if line else file,
    )


def _bytes(path: Path) -> bytes:
    """What a file holds; nothing where it is too big or cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= _LARGEST_SOURCE else b""
    except OSError:
        return b""
