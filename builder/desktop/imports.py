"""What an app's code imports: the list by which PyInstaller knows what to pack.

The code itself is packed as it is and runs from the user's folder (`runtime/home.py`), so only
what it imports from elsewhere matters here. A build whose code imports the same packs the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from keyword import iskeyword
from pathlib import Path

from builder.code import syntax

MODULE = "slipway_imports"
"""The module that holds the list, as import statements that never run."""


def of(app_folder: Path, files: Iterable[str]) -> list[str]:
    """The import statements of all Python `files` for what is not their own, sorted, each once.

    Files that cannot be read or understood have none.
    """
    python = [file for file in files if file.endswith(".py")]
    own = set(_own(python))
    found: set[str] = set()
    for file in python:
        tree = _parsed(app_folder / file)
        for node in syntax.walked(tree) if tree else ():
            found.update(_statements(node, own))
    return sorted(found)


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


def _parsed(path: Path) -> ast.Module | None:
    try:
        if path.stat().st_size > syntax.LARGEST:
            return None
        return syntax.parse(path.read_bytes())
    except OSError:
        return None


def _statements(node: ast.AST, own: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition(".")[0] not in own:
                yield f"import {alias.name}"
    elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
        if node.module.partition(".")[0] in own or node.module == "__future__":
            return
        for alias in node.names:
            if alias.name == "*":
                yield f"import {node.module}"
            else:
                yield f"from {node.module} import {alias.name}"


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() and not iskeyword(part) for part in name.split("."))
