"""What an app's code imports: the list by which PyInstaller knows what to pack.

The code itself is packed as it is and runs from the user's folder (`runtime/home.py`), so only
what it imports from elsewhere matters here. A build whose code imports the same packs the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from keyword import iskeyword
from pathlib import Path

from builder.code import syntax

MODULE = "slipway_imports"
"""The module that holds the list, as import statements that never run."""

# What packages import by names that they put together, and PyInstaller has no hook for.
_OF_PACKAGES: Mapping[str, Sequence[str]] = {
    # The one way to serve its sockets that works under a server with threads.
    "python-engineio": ("engineio.async_drivers.threading",),
}
# Those that import nearly all of themselves like that.
_WHOLE: Mapping[str, Sequence[str]] = {"celery": ("celery", "kombu")}


def of(app_folder: Path, files: Iterable[str]) -> list[str]:
    """The import statements of all Python `files` for what is not their own, sorted, each once.

    Files that cannot be read or understood have none.
    """
    python = [file for file in files if file.endswith(".py")]
    own = set(_own(python))
    found: set[str] = set()
    for file in python:
        found.update(text for top, text in _in_file(app_folder / file) if top not in own)
    return sorted(found)


def of_packages(names: Iterable[str]) -> list[str]:
    """The modules that the packages `names` import in a way that nobody can see, sorted."""
    return sorted({module for name in names for module in _OF_PACKAGES.get(name, ())})


def whole(names: Iterable[str], asked: Iterable[str]) -> list[str]:
    """What is packed with every module below it, sorted.

    `names` are the packages; `asked` modules that turned out to be missing. Whoever imports one by
    its name mostly does so with those beside it, too.
    """
    beside = {module.rpartition(".")[0] or module for module in asked}
    return sorted(beside | {module for name in names for module in _WHOLE.get(name, ())})


def module(statements: Iterable[str], more: Iterable[str] = ()) -> str:
    """The module that names them; `more` are modules by their dotted names."""
    lines = [*statements, *(f"import {name}" for name in more if _is_dotted(name))]
    body = "".join(f"    {line}\n" for line in lines) or "    pass\n"
    return f'"""What the app imports; read by PyInstaller, never run."""\n\n\ndef never():\n{body}'


def _own(python: Iterable[str]) -> Iterator[str]:
    """The names at the top that are the app's own: from its folder, or from one in it."""
    for file in python:
        *folders, name = file.split("/")
        yield from folders
        yield name.removesuffix(".py")


def _in_file(path: Path) -> frozenset[tuple[str, str]]:
    """What a file imports: the name at the top, and the statement."""
    try:
        state = path.stat()
        if state.st_size > syntax.LARGEST:
            return frozenset()
        return _read(path, state.st_size, state.st_mtime_ns)
    except OSError:
        return frozenset()


# A build asks before it packs, to see what has changed, and again when it packs.
@lru_cache(maxsize=syntax.MOST_READ)
def _read(path: Path, _size: int, _changed: int) -> frozenset[tuple[str, str]]:
    tree = syntax.parse(path.read_bytes())
    nodes = syntax.walked(tree) if tree else ()
    return frozenset(pair for node in nodes for pair in _statements(node))


def _statements(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name.partition(".")[0], f"import {alias.name}"
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        top = node.module.partition(".")[0]
        for alias in node.names if top != "__future__" else ():
            part = f"from {node.module} import {alias.name}"
            yield top, part if alias.name != "*" else f"import {node.module}"
    elif isinstance(node, ast.List | ast.Tuple):
        for name in _run_as_python(node):
            yield name.partition(".")[0], f"import {name}"


def _run_as_python(node: ast.List | ast.Tuple) -> Iterator[str]:
    """The module in `[sys.executable, "-m", "package.module", …]`, and where a package begins."""
    match node.elts:
        case [ast.Attribute(attr="executable"), ast.Constant("-m"), ast.Constant(str(name)), *_]:
            yield from (one for one in (name, f"{name}.__main__") if _is_dotted(one))


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() and not iskeyword(part) for part in name.split("."))
