"""The rules of the house, read from the imports: who may know whom, and who may start what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What the face may take from the engine: data, and rules that need no work done.
DATA_AND_RULES = {
    "colours",
    "events",
    "history",
    "host",
    "images",
    "lock",
    "options",
    "places",
    "problems",
    "project",
    "settings",
    "targets",
    "toolchains",
}
# `builder.desktop.runtime` is no part of the engine: it runs inside the apps that it packs.
STARTERS = {
    "builder.process", "builder.bootstrap", "app.processes", "builder.desktop.runtime.window",
    "builder.desktop.runtime.start",
}  # fmt: skip
# A library, who may import it, and why nobody else.
ONLY_IN = {
    "subprocess": STARTERS,
    "multiprocessing": STARTERS,
    "keyring": {"builder.secrets"},
    "watchdog": {"app.watch"},
    "psutil": {"app.processes", "app.start", "builder.process_tree"},
}
START_CALLS = {
    "create_subprocess_exec",
    "create_subprocess_shell",
    "fork",
    "popen",
    "posix_spawn",
    "startfile",
    "system",
}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
FLET = ("flet", "flet-web", "flet-desktop")


@dataclass(frozen=True)
class Module:
    """A module: its dotted name, its syntax tree, and whether it is the package itself."""

    name: str
    tree: ast.Module
    is_package: bool = False


def modules(root: Path) -> dict[str, Module]:
    """All modules of the program by name."""
    found: dict[str, Module] = {}
    for folder in ("app", "builder"):
        for file in sorted((root / folder).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            found[name] = Module(name, ast.parse(file.read_text("utf-8")), is_package)
    return found


def imports(module: Module, known: set[str], *, late: bool = True) -> Iterator[str]:
    """What a module imports, in full: `from app.parts import card` is `app.parts.card`.

    `late` also yields what is imported inside functions.
    """
    for node in ast.walk(module.tree) if late else _at_once(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in known or base in ("app", "builder") else base


def _at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported: not the functions, not what only types need."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _at_once(node)


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    keep = len(parts) - node.level + (1 if module.is_package else 0)
    return ".".join([*parts[:keep], *([node.module] if node.module else [])])


def violations(found: dict[str, Module]) -> list[str]:
    """Every rule that is broken, as a sentence."""
    broken: list[str] = []
    for module in found.values():
        broken += _of_names(module)
        broken += _of_calls(module)
        for imported in sorted(set(imports(module, set(found)))):
            broken += _of_import(module.name, imported)
    return broken + _cycles(found)


def _of_names(module: Module) -> list[str]:
    broken = []
    if module.name.split(".")[-1] in VAGUE:
        broken.append(f"{module.name} has a name that says nothing")
    first = (ast.get_docstring(module.tree) or "").split("\n")[0].strip()
    if not first.endswith((".", ":", "?", ")")):
        broken.append(f"{module.name} does not say in its first line what it is for")
    return broken


def _of_calls(module: Module) -> list[str]:
    if module.name in STARTERS:
        return []
    names = {
        node.func.attr
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in START_CALLS
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "platform")
    }
    return [f"{module.name} starts processes ({name})" for name in sorted(names)]


def _of_import(name: str, imported: str) -> list[str]:
    top, into = imported.split(".")[0], name.split(".")[0]
    broken = []
    if into == "builder" and (top == "app" or top.startswith("flet")):
        broken.append(f"{name} imports {imported}: the engine is complete without the face")
    if into == "app" and top == "builder":
        inner = imported.split(".")[1:2]
        if not inner or inner[0] not in DATA_AND_RULES:
            broken.append(f"{name} imports {imported}: the face takes only data and rules")
    if top in ONLY_IN and name not in ONLY_IN[top]:
        broken.append(f"{name} imports {imported}: only {', '.join(sorted(ONLY_IN[top]))} may")
    if name.startswith("app.steps.") and imported.startswith("app.steps."):
        broken.append(f"{name} imports {imported}: pages do not know each other")
    return broken


def _cycles(found: dict[str, Module]) -> list[str]:
    """Modules that import each other in a circle, each circle once."""
    graph = {
        name: sorted({i for i in imports(module, set(found), late=False) if i in found} - {name})
        for name, module in found.items()
    }
    circles: set[tuple[str, ...]] = set()
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            circle = path[path.index(name) :]
            start = circle.index(min(circle))
            circles.add(tuple(circle[start:] + circle[:start]))
        elif name not in done:
            for other in graph[name]:
                visit(other, [*path, name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return [f"a circle of imports: {' > '.join(circle)}" for circle in sorted(circles)]


# --- The house -----------------------------------------------------------------------------------


def test_the_house_keeps_its_rules() -> None:
    broken = violations(modules(ROOT))
    assert not broken, "\n" + "\n".join(broken)


def test_flet_is_pinned_to_one_version() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pins = {line.split("==")[0]: line.split("==")[1].split()[0] for line in lines if "==" in line}
    assert set(FLET) <= set(pins)
    assert len({pins[name] for name in FLET}) == 1
    assert not {line for line in lines if line.startswith("flet") and "==" not in line}


def test_bootstrap_needs_nothing_installed() -> None:
    import sys

    found = modules(ROOT)
    waiting, seen = ["builder.bootstrap"], set[str]()
    while waiting:
        name = waiting.pop()
        for imported in imports(found[name], set(found)):
            top = imported.split(".")[0]
            assert top in sys.stdlib_module_names or imported in found, imported
            if imported in found and imported not in seen:
                seen.add(imported)
                waiting.append(imported)


# --- The checker ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("builder/a.py", "import flet as ft", "without the face"),
        ("builder/a.py", "from flet_web import x", "without the face"),
        ("builder/a.py", "from app.state import x", "without the face"),
        ("builder/a.py", "def f():\n    import app.state", "without the face"),
        ("app/a.py", "from builder import pipeline", "only data and rules"),
        ("app/a.py", "from builder.stages.site import x", "only data and rules"),
        ("app/a.py", "import builder", "only data and rules"),
        ("app/a.py", "import subprocess", "only app.processes, builder.bootstrap, builder.desktop"),
        ("builder/a.py", "from subprocess import run", "may"),
        ("builder/a.py", "import asyncio\nasyncio.create_subprocess_exec('x')", "starts"),
        ("builder/a.py", "import os\nos.system('x')", "starts processes (system)"),
        ("builder/a.py", "import keyring.backends", "only builder.secrets may"),
        ("app/parts/a.py", "from watchdog.observers import Observer", "only app.watch may"),
        ("app/a.py", "import psutil", "only app.processes, app.start, builder.process_tree may"),
        ("app/steps/a.py", "from app.steps import build", "do not know each other"),
        ("app/steps/a.py", "from .build import x", "do not know each other"),
        ("app/steps/a.py", "from . import build", "do not know each other"),
        ("app/a.py", "from app import b", "a circle of imports: app.a > app.b"),
        ("builder/utils.py", "", "a name that says nothing"),
    ],
)
def test_the_checker_sees(file: str, text: str, complaint: str, tmp_path: Path) -> None:
    house = {
        "app/__init__.py": "",
        "app/b.py": "from app import a" if "circle" in complaint else "",
        "app/parts/__init__.py": "",
        "app/steps/__init__.py": "",
        "app/steps/build.py": "",
        "builder/__init__.py": "",
        file: text,
    }
    for name, content in house.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f'"""What it is for."""\n{content}\n')
    broken = violations(modules(tmp_path))
    assert len(broken) == 1, broken
    assert complaint in broken[0]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app/a.py", "from builder.problems import Problem\nfrom builder import events, places"),
        ("app/a.py", "import platform\nplatform.system()"),
        ("app/processes.py", "import subprocess\nsubprocess.Popen('x')"),
        ("app/watch.py", "import watchdog.observers"),
        ("app/steps/a.py", "from app.parts import b"),
        ("builder/secrets.py", "import keyring"),
    ],
)
def test_the_checker_lets_pass(file: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(f'"""What it is for."""\n{text}\n')
    assert violations(modules(tmp_path)) == []


def test_a_module_that_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text("x = 1\n")
    assert "first line" in violations(modules(tmp_path))[0]
