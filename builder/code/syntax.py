"""Python files as syntax trees whose names are known, read without running them.

Made for projects of other people: nothing here raises for what a file holds, and what cannot be
understood is passed over.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

# Larger ones are generated or data.
LARGEST = 1_000_000
# All together: it takes about a second to understand a million bytes, which is 25,000 lines.
MOST_PARSED = 2_000_000
MOST_FILES = 500
MOST_READ = 5_000
MOST_PARTS = 30  # of a name with dots

_ASIDE = frozenset(
    {"test", "tests", "testing", "example", "examples", "sample", "samples", "demo", "demos",
     "doc", "docs", "bench", "benchmarks", "node_modules", "site-packages"}
)  # fmt: skip

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda


@dataclass(frozen=True)
class Code:
    """A Python file of a project.

    `file` is its path below the app folder; `root` the folder below it from which Python imports
    the file as `module`; `nodes` are those of its `tree`, from `walked`; `names` what names were
    imported as (`F` -> `flask.Flask`), relative imports as if the app folder were the root; `stars`
    the modules of `from … import *`; `imports` what is imported by its full name.
    """

    file: str
    root: str
    module: str
    tree: ast.Module
    nodes: Sequence[ast.AST]
    names: Mapping[str, str]
    stars: Sequence[str]
    imports: Sequence[str]
    is_relative: bool  # imports something relatively

    @property
    def folder(self) -> str:
        """The folder of the file, "" for the app folder itself."""
        return self.file.rpartition("/")[0]

    @property
    def path_module(self) -> str:
        """The dotted name as if the app folder were the root."""
        return module_of(self.file, "")

    def dotted(self, node: ast.AST | None) -> str:
        """The full name of what an expression names: `f.Flask` is `flask.Flask`; "" for others."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.names.get(node.id, node.id), *reversed(parts)])

    @cached_property
    def calls(self) -> Sequence[ast.Call]:
        """Every call in the file."""
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def constants(self) -> Mapping[str, ast.expr]:
        """What plain names are assigned to first, anywhere in the file."""
        found: dict[str, ast.expr] = {}
        for node in self.nodes:
            for name, value, _ in assigned(node):
                if value is not None:
                    found.setdefault(name, value)
        return found


@dataclass(frozen=True)
class Codebase:
    """The files of a project that were read, by path, and the path of each module by its names.

    `broken` are files that could not be understood as Python.
    """

    codes: Mapping[str, Code]
    modules: Mapping[str, str]
    broken: Sequence[str] = ()

    def split(self, dotted: str) -> tuple[Code, str] | None:
        """The file of the project that a dotted name leads into, and the rest of the name."""
        parts = dotted.removeprefix(".").split(".")[:MOST_PARTS]
        for at in range(len(parts), 0, -1):
            file = self.modules.get(".".join(parts[:at]))
            if file is not None and file in self.codes:
                return self.codes[file], ".".join(parts[at:])
        return None

    def reached_from(self, file: str) -> Codebase:
        """The same without scripts and tools: only what a file imports, directly or not.

        Whole packages count, as not each of their files was read.
        """
        imports: dict[str, set[str]] = {}
        for code in self.codes.values():
            imports.setdefault(_top(code), set()).update(
                _top(found[0])
                for name in [*code.names.values(), *code.stars, *code.imports]
                if (found := self.split(name)) is not None
            )
        reached: set[str] = set()
        waiting = [_top(self.codes[file])] if file in self.codes else list(imports)
        while waiting:
            top = waiting.pop()
            if top not in reached:
                reached.add(top)
                waiting.extend(imports[top])
        codes = {name: code for name, code in self.codes.items() if _top(code) in reached}
        return replace(self, codes=codes)


def _top(code: Code) -> str:
    """The package or module at the top that a file belongs to, with the folder that it lies in."""
    return f"{code.root}/{code.module.partition('.')[0]}"


def read(app_folder: Path, files: Iterable[str], about: re.Pattern[bytes]) -> Codebase:
    """Read those Python files that hold what `about` finds, those at the top first.

    `files` are paths below `app_folder`; tests, examples and documentation are read only where
    nothing else is about it. Files that are too big, not readable or no Python are passed over.
    """
    python = sorted((f for f in files if f.endswith(".py")), key=_order)[:MOST_READ]
    packages = {f.rpartition("/")[0] for f in python if f.rpartition("/")[2] == "__init__.py"}
    modules: dict[str, str] = {}
    for file in python:
        modules.setdefault(module_of(file, _root(file, packages)), file)
    for file in python:
        modules.setdefault(module_of(file, ""), file)
    own = [file for file in python if not is_aside(file)]
    others = python[len(own) :]
    return (
        _parsed(app_folder, own, packages, modules, about)
        or _parsed(app_folder, others, packages, modules, about)
        or Codebase({}, modules)
    )


def _parsed(
    app_folder: Path,
    files: Iterable[str],
    packages: set[str],
    modules: Mapping[str, str],
    about: re.Pattern[bytes],
) -> Codebase | None:
    """The files among `files` that are about it; None where there are none."""
    codes: dict[str, Code] = {}
    broken: list[str] = []
    left = MOST_PARSED
    for file in files:
        raw = _bytes(app_folder / file)
        if not about.search(raw) or len(raw) > left:
            continue
        tree = parse(raw)
        left -= len(raw)
        if tree is None:
            broken.append(file)
        else:
            codes[file] = _code(file, _root(file, packages), tree)
        if len(codes) >= MOST_FILES:
            break
    return Codebase(codes, modules, broken) if codes or broken else None


def parse(raw: bytes | str) -> ast.Module | None:
    """The syntax tree of source code; None where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes and the like: not our matter
            return ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def walked(tree: ast.AST) -> list[ast.AST]:
    """Every node of a tree, those further up first: as `ast.walk`, in a third of the time.

    Left out are the marks for operators and for whether a name is read or written.
    """
    found = [tree]
    for node in found:
        for value in vars(node).values():
            if isinstance(value, _PARTS):
                found.append(value)
            elif isinstance(value, list):
                found.extend(one for one in value if isinstance(one, ast.AST))
    return found


_PARTS = (
    ast.expr, ast.stmt, ast.arguments, ast.arg, ast.keyword, ast.alias, ast.withitem,
    ast.comprehension, ast.ExceptHandler, ast.match_case, ast.pattern,
)  # fmt: skip


def is_aside(file: str) -> bool:
    """Whether a file is a test, an example or the like, beside the app itself."""
    *folders, name = PurePosixPath(file).parts
    return (
        any(folder.lower() in _ASIDE for folder in folders)
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name in ("conftest.py", "setup.py", "noxfile.py")
    )


def module_of(file: str, root: str) -> str:
    """The dotted name under which a file is imported from the folder `root`."""
    inside = file[len(root) + 1 :] if root else file
    name = inside.removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


def at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported or a function called: nothing inside other scopes.

    The scopes themselves are yielded, in the order in which they stand.
    """
    waiting = list(reversed(list(ast.iter_child_nodes(tree))))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Scope):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """The names that a statement binds, with value and annotation."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, node.value, node.annotation
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value, None
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(one, ast.Name):
                        yield one.id, value, None


def is_guard(node: ast.AST) -> bool:
    """Whether it is `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test)
    )


def argument(call: ast.Call, name: str, position: int = -1) -> ast.expr | None:
    """The argument of a call by its name, or by its position (from 0); None where not given."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if 0 <= position < len(call.args) and not isinstance(call.args[position], ast.Starred):
        return call.args[position]
    return None


def text(node: ast.AST | None) -> str:
    """The text that a node is as written, "" for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _order(file: str) -> tuple[bool, int, str]:
    return is_aside(file), file.count("/"), file


def _root(file: str, packages: set[str]) -> str:
    """The first folder upwards that is no package: from there Python and Flask import a file."""
    folder = file.rpartition("/")[0]
    while folder in packages and folder:
        folder = folder.rpartition("/")[0]
    return folder


def _bytes(path: Path) -> bytes:
    """What a file holds; nothing where it is too big or cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except (OSError, ValueError):
        return b""


def _code(file: str, root: str, tree: ast.Module) -> Code:
    names: dict[str, str] = {}
    stars: list[str] = []
    imports: list[str] = []
    is_relative = False
    nodes = walked(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names.setdefault(alias.asname or top, alias.name if alias.asname else top)
                imports.append(alias.name)
        elif isinstance(node, ast.ImportFrom):
            is_relative = is_relative or node.level > 0
            for alias in node.names:
                full = _full(node, file, "" if alias.name == "*" else alias.name)
                if alias.name == "*":
                    stars.append(full)
                else:
                    names.setdefault(alias.asname or alias.name, full)
                if not node.level:
                    imports.append(full)
    return Code(file, root, module_of(file, root), tree, nodes, names, stars, imports, is_relative)


def _full(node: ast.ImportFrom, file: str, name: str) -> str:
    """The full name of what is imported; relative ones at the top of the project keep a dot."""
    if not node.level:
        return ".".join(filter(None, [node.module, name]))
    folders = file.split("/")[:-1]
    up = folders[: max(0, len(folders) - node.level + 1)]
    return ("" if up else ".") + ".".join(filter(None, [*up, node.module, name]))
