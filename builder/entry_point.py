"""Finds where an app starts and what it is made with, by reading its code, never running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.problems import Fix, Problem

# Larger ones are generated or data; nobody starts there.
_LARGEST_SOURCE = 1_000_000

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
    try:
        if path.stat().st_size > _LARGEST_SOURCE:
            return Source()
        raw = path.read_bytes()
    except OSError:
        return Source()
    return parse_source(raw)


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
    return Source(
        flet="flet" in {*modules.values(), *(module for module, _ in names.values())},
        flask="flask" in {*modules.values(), *(module for module, _ in names.values())},
        starts=any(_is_start(node, modules, names) for node in ast.walk(tree)),
        guarded=any(isinstance(node, ast.If) and _is_guard(node) for node in tree.body),
    )


def candidates(app_folder: Path, files: Iterable[str]) -> list[str]:
    """Files that the app could start with, most likely first, as paths below `app_folder`.

    `files` are the packed ones. Looked at are those at the root, and a `main.py` one level down.
    """
    ranked: list[tuple[int, str]] = []
    for file in files:
        if not file.endswith(".py"):
            continue
        folder, _, name = file.rpartition("/")
        if "/" in folder or (folder and name != "main.py") or name in _NEVER_ENTRIES:
            continue
        rank = _rank(read_source(app_folder / file), name, folder)
        if rank is not None:
            ranked.append((rank, file))
    return [file for _, file in sorted(ranked)]


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
    """Every Python file of a project, those at the top first, and no more than `most`."""
    python = sorted((f for f in files if f.endswith(".py")), key=lambda f: (f.count("/"), f))
    for file in python[:most]:
        yield read_source(app_folder / file)
