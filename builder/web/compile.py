"""Compiles Python sources to bytecode, inside Pyodide: in the very Python that will run them.

Started by `compile.mjs`, which leaves the request in `/request.json`::

    {"stdlib": FOLDER, "trees": [{"source": FOLDER, "output": FOLDER, "label": PATH}, …]}

The standard library is compiled in part: what Pyodide has loaded by now, and what that and the
trees import at their top level. Bytecode packs half as well as source, and bytes that no app needs
at its start are bytes that everyone waits for.
"""

import ast
import importlib._bootstrap_external as bootstrap
import json
import sys
import warnings
from pathlib import Path

STDLIB_LABEL = "/lib/python{}{}.zip".format(*sys.version_info)

# Templates, tests of parsers and sources for another Python: they stay as they are.
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def compile_file(source: Path, output: Path, label: str) -> bool:
    """Write the bytecode of one file; False when it is not valid in this Python."""
    text = source.read_bytes()
    try:
        code = compile(text, label, "exec", dont_inherit=True)
    except _NOT_PYTHON:
        return False
    output.parent.mkdir(parents=True, exist_ok=True)
    # "Unchecked": the files are unpacked with new times, and must count as fresh all the same.
    pyc = bootstrap._code_to_hash_pyc(code, bytes(8), checked=False)  # type: ignore[attr-defined]
    output.write_bytes(pyc)
    return True


def top_level_imports(source: Path, package: str) -> set[str]:
    """The modules that a file imports when it is loaded, with the parents of each."""
    try:
        tree = ast.parse(source.read_bytes())
    except _NOT_PYTHON:
        return set()
    found: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found |= imported_from(node, package)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return {".".join(name.split(".")[:n]) for name in found for n in range(1, name.count(".") + 2)}


def imported_from(node: ast.ImportFrom, package: str) -> set[str]:
    """What `from a import b` may load: `a`, and `a.b` where that is a module."""
    parents = package.split(".") if package else []
    start = parents[: len(parents) - node.level + 1] if node.level else []
    module = ".".join([*start, *([node.module] if node.module else [])])
    if not module:
        return set()
    return {module, *(f"{module}.{alias.name}" for alias in node.names)}


def stdlib_modules(stdlib: Path) -> dict[str, Path]:
    """The modules of the standard library by name."""
    modules = {}
    for path in stdlib.rglob("*.py"):
        parts = path.relative_to(stdlib).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


def needed(stdlib: dict[str, Path], trees: list[Path]) -> set[str]:
    """The modules of the standard library that are loaded when the app starts."""
    waiting = {name for name in sys.modules if name in stdlib}
    for tree in trees:
        for path in tree.rglob("*.py"):
            package = ".".join(path.relative_to(tree).parent.parts)
            waiting |= top_level_imports(path, package)
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in stdlib and name not in done:
            done.add(name)
            path = stdlib[name]
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            waiting |= top_level_imports(path, package)
    return done


def main() -> None:
    """Do what the request asks for; prints how many files were compiled."""
    warnings.simplefilter("ignore")  # those of a package are for its makers
    request = json.loads(Path("/request.json").read_text("utf-8"))
    count = 0
    for tree in request["trees"]:
        source, output = Path(tree["source"]), Path(tree["output"])
        for path in sorted(source.rglob("*.py")):
            relative = path.relative_to(source)
            pyc = (output / relative).with_suffix(".pyc")
            count += compile_file(path, pyc, f"{tree['label']}/{relative}")
    if "stdlib" in request:
        folder, output = Path(request["stdlib"]["source"]), Path(request["stdlib"]["output"])
        modules = stdlib_modules(folder)
        for name in sorted(needed(modules, [Path(tree["source"]) for tree in request["trees"]])):
            relative = modules[name].relative_to(folder)
            pyc = (output / relative).with_suffix(".pyc")
            count += compile_file(modules[name], pyc, f"{STDLIB_LABEL}/{relative}")
    sys.stdout.write(f"{count} files compiled\n")


main()
