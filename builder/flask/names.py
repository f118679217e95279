"""What the names in a project's code stand for: Flask apps, functions that make them, classes.

Names are followed through the project, from the file that imports one to the file that makes it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from builder.code import syntax
from builder.code.syntax import Code, Codebase
from builder.flask.problems import Candidate

# The modules that `flask run` looks for when nobody names one.
FIRST = ("wsgi", "app")
APPS = ("app", "application")
FACTORIES = ("create_app", "make_app")

# What Flask itself, and the well-known packages that build on it, call an app.
_FLASK = frozenset(
    {"flask.Flask", "flask.app.Flask", "apiflask.APIFlask", "flask_openapi3.OpenAPI",
     "flask_api.FlaskAPI"}
)  # fmt: skip
# What wraps an app and is served in its place.
_WRAPPERS = ("werkzeug.middleware.", "whitenoise.")
# Decorators that leave a function one that can be called for an app.
_HARMLESS = ("functools.cache", "functools.lru_cache", "typing.no_type_check")
_DEEPEST = 30  # names that lead to names


@dataclass(frozen=True)
class _Thing:
    """An app, a function that makes one, or a class of apps; `origin` is where it is made."""

    kind: Literal["app", "factory", "class"]
    origin: tuple[str, str]  # file, name
    made_of: frozenset[tuple[str, str]] = frozenset()
    needs: Sequence[str] = ()
    line: int = 0


@dataclass(frozen=True)
class _Binding:
    """A name at the top of a module: `node` is a definition, or the value assigned to it."""

    line: int
    node: ast.AST
    is_sure: bool  # stands in no `if`, `try` or loop
    annotation: ast.expr | None = None


@dataclass
class Reading:
    """What is known so far of the names of a project; each is followed once."""

    codebase: Codebase
    bindings: dict[str, dict[str, list[_Binding]]] = field(default_factory=dict)
    known: dict[tuple[str, str], _Thing | None] = field(default_factory=dict)
    depth: int = 0

    def __post_init__(self) -> None:
        for file, code in self.codebase.codes.items():
            self.bindings[file] = _bindings(code)

    def candidates(self) -> list[Candidate]:
        """Every app and factory that a server could use, in the order of the files."""
        found: list[Candidate] = []
        for code in self.codebase.codes.values():
            found += self._made_in(code)
            found += self._imported(code)
        return [self._as_run(one) for one in found]

    def _made_in(self, code: Code) -> Iterable[Candidate]:
        """The apps and factories of a module, each under the best of its names."""
        best: dict[tuple[str, str], Candidate] = {}
        for name in self.bindings[code.file]:
            one = self.candidate_at(code, name)
            if one is not None:
                best[one.origin] = min(best.get(one.origin, one), one, key=order_in_module)
        return best.values()

    def calls(self) -> list[tuple[Code, ast.Call]]:
        """Every call that makes an app, with the file it stands in."""
        return [
            (code, call)
            for code in self.codebase.codes.values()
            for call in code.calls
            if self.is_class(code, call.func)
        ]

    def is_bound(self, code: Code, name: str) -> bool:
        """Whether a module has the name at all, whatever it stands for."""
        if name in self.bindings[code.file] or name in code.names:
            return True
        return any(isinstance(node, ast.Global) and name in node.names for node in code.nodes)

    def thing(self, file: str, name: str) -> _Thing | None:
        """What a name of a module stands for, wherever it was made."""
        key = (file, name)
        if key in self.known:
            return self.known[key]
        if self.depth > _DEEPEST:
            return None
        self.known[key] = None  # while it is looked for: names may lead in a circle
        self.depth += 1
        self.known[key] = self._look(file, name)
        self.depth -= 1
        return self.known[key]

    def of_value(
        self, code: Code, node: ast.AST | None, local: dict[str, _Thing], at: tuple[str, str]
    ) -> _Thing | None:
        """What an expression in `code` makes; `local` are the names of the function around it."""
        if isinstance(node, ast.Call):
            return self._of_call(code, node, local, at)
        if isinstance(node, ast.Name | ast.Attribute):
            if isinstance(node, ast.Name) and node.id in local:
                return local[node.id]
            return self._of_dotted(code, code.dotted(node))
        if isinstance(node, ast.NamedExpr):
            return self.of_value(code, node.value, local, at)
        return None

    def candidate_at(self, code: Code, name: str) -> Candidate | None:
        """The app or factory that a name of a module stands for, imported ones too."""
        thing = self.thing(code.file, name)
        if thing is None or thing.kind == "class":
            return None
        return self._candidate(code, name, thing)

    def best_in(self, code: Code) -> list[Candidate]:
        """The apps of one module, as Flask looks for them there, best first."""
        names = [*APPS, *self.bindings[code.file], *code.names, *FACTORIES]
        found = (self.candidate_at(code, name) for name in dict.fromkeys(names))
        return sorted((one for one in found if one is not None), key=order_in_module)

    def _look(self, file: str, name: str) -> _Thing | None:
        code = self.codebase.codes[file]
        for binding in reversed(self.bindings[file].get(name, ())):
            thing = self._of_binding(code, name, binding)
            if thing is not None:
                is_here = thing.origin == (file, name)
                return replace(thing, line=binding.line) if is_here else thing
            if binding.is_sure and not _names(binding.node, name):
                return None  # what it was before is gone
        if name in self.bindings[file]:
            return None
        if name in code.names:
            return self._of_dotted(code, code.names[name])
        for star in code.stars:
            thing = self._of_dotted(code, f"{star}.{name}")
            if thing is not None:
                return thing
        return None

    def _of_binding(self, code: Code, name: str, binding: _Binding) -> _Thing | None:
        node, at = binding.node, (code.file, name)
        if isinstance(node, ast.ClassDef):
            is_app = any(self.is_class(code, base) for base in node.bases)
            return _Thing("class", at) if is_app else None
        if isinstance(node, ast.FunctionDef):
            return self._of_function(code, node, at)
        thing = self.of_value(code, node, {}, at)
        if thing is None and self.is_class(code, binding.annotation):
            return _Thing("app", at)
        return thing

    def _of_function(self, code: Code, node: ast.FunctionDef, at: tuple[str, str]) -> _Thing | None:
        """A function that builds an app and returns it."""
        if not all(_is_harmless(code, decorator) for decorator in node.decorator_list):
            return None
        local: dict[str, _Thing] = {}
        made: list[_Thing | None] = []
        for inner in syntax.at_once(node):
            for name, value, annotation in syntax.assigned(inner):
                thing = self.of_value(code, value, local, at)
                if thing is None and self.is_class(code, annotation):
                    thing = _Thing("app", at)
                if thing is not None and thing.kind == "app":
                    local[name] = thing
            if isinstance(inner, ast.Yield | ast.YieldFrom):
                return None
            if isinstance(inner, ast.Return):
                made.append(self.of_value(code, inner.value, local, at))
        apps = [thing for thing in made if thing is not None and thing.kind == "app"]
        if not apps and not self._may_make(code, node):
            return None
        parts = frozenset(part for thing in apps for part in {thing.origin, *thing.made_of})
        return _Thing("factory", at, parts - {at}, _needs(node.args))

    def _may_make(self, code: Code, node: ast.FunctionDef) -> bool:
        """Whether a function promises an app, and returns something that we do not see through."""
        if self.is_class(code, node.returns):
            return True
        returned = [one.value for one in syntax.at_once(node) if isinstance(one, ast.Return)]
        unknown = any(not isinstance(one, ast.Constant | None) for one in returned)
        return unknown and node.name in FACTORIES and _uses_flask(code)

    def _of_call(
        self, code: Code, node: ast.Call, local: dict[str, _Thing], at: tuple[str, str]
    ) -> _Thing | None:
        callee = code.dotted(node.func)
        if callee.startswith(_WRAPPERS):
            inner = [self.of_value(code, one, local, at) for one in node.args]
            apps = [one for one in inner if one is not None and one.kind == "app"]
            parts = frozenset(part for one in apps for part in {one.origin, *one.made_of})
            return _Thing("app", at, parts - {at}) if apps else None
        if self.is_class(code, node.func):
            return _Thing("app", at)
        made_by = self.of_value(code, node.func, local, at) if callee else None
        if made_by is not None and made_by.kind == "factory":
            return _Thing("app", at, made_by.made_of | {made_by.origin})
        return None

    def _of_dotted(self, code: Code, dotted: str) -> _Thing | None:
        if dotted in _FLASK:
            return _Thing("class", ("", dotted))
        if not dotted:
            return None
        if "." not in dotted:
            return self.thing(code.file, dotted)
        found = self.codebase.split(dotted)
        if found is None or not found[1] or "." in found[1]:
            return None
        return self.thing(found[0].file, found[1])

    def is_class(self, code: Code, node: ast.AST | None) -> bool:
        """Whether an expression names Flask, or a class that inherits from it."""
        if isinstance(node, ast.Constant):  # an annotation in quotes
            tree = syntax.parse(syntax.text(node))
            first = tree.body[0] if tree is not None and tree.body else None
            node = first.value if isinstance(first, ast.Expr) else None
        thing = self._of_dotted(code, code.dotted(node))
        return thing is not None and thing.kind == "class"

    def _imported(self, code: Code) -> Iterator[Candidate]:
        """Apps that a module at the top imports from elsewhere, to be found or run there."""
        if "." in code.module or not (code.module in FIRST or _is_run(code)):
            return
        for name in code.names:
            if name not in self.bindings[code.file]:
                thing = self.thing(code.file, name)
                if thing is not None and thing.kind == "app":
                    part = self._candidate(code, name, thing)
                    yield replace(part, made_of=part.made_of | {thing.origin})

    def _candidate(self, code: Code, name: str, thing: _Thing) -> Candidate:
        is_here = thing.origin == (code.file, name)
        is_ours = thing.origin[0] == code.file
        root, module = self._address(code)
        return Candidate(
            module,
            f"{name}()" if thing.kind == "factory" else name,
            code.file,
            thing.line if is_here else self._line(code, name),
            "factory" if thing.kind == "factory" else "app",
            root,
            thing.needs,
            thing.made_of if is_ours else thing.made_of | {thing.origin},
            is_run=_is_run(code, name),
            blocks=_is_run(code, guarded=False),
            origin=thing.origin if is_ours else (code.file, name),
        )

    def _line(self, code: Code, name: str) -> int:
        bound = self.bindings[code.file].get(name)
        return bound[0].line if bound else _line_of_import(code, name)

    def _address(self, code: Code) -> tuple[str, str]:
        """The folder from which a file is imported, and its name from there.

        A folder that is no package is the root of its files, unless the project itself imports them
        by the folder's name.
        """
        if not code.root or code.root == "src":
            return code.root, code.module
        by_folder = code.root.replace("/", ".") + "."
        others = self.codebase.codes.values()
        if any(name.startswith(by_folder) for other in others for name in other.imports):
            return "", code.path_module
        if code.folder == code.root and code.is_relative:  # only a part of a package may
            return "", code.path_module
        return code.root, code.module

    def _as_run(self, candidate: Candidate) -> Candidate:
        """The same as a file runs it under its guard, with the arguments that it gives there."""
        for code in self.codebase.codes.values():
            for call in _guarded_calls(code):
                thing = self._of_dotted(code, code.dotted(call.func))
                if thing is None or thing.kind != "factory" or thing.origin != candidate.origin:
                    continue
                given = literal_arguments(call)
                if candidate.needs and given:
                    name = f"{candidate.plain}({given})"
                    return replace(candidate, name=name, needs=(), is_run=True)
                return replace(candidate, is_run=True)
        return candidate


def order_in_module(candidate: Candidate) -> int:
    """Flask's own order within a module."""
    if candidate.kind == "app":
        return APPS.index(candidate.plain) if candidate.plain in APPS else 2
    return 3 + FACTORIES.index(candidate.plain) if candidate.plain in FACTORIES else 5


# --- Reading one module ---


def _bindings(code: Code) -> dict[str, list[_Binding]]:
    """What names at the top of a module stand for; not what only `python file.py` does."""
    found: dict[str, list[_Binding]] = {}
    sure = set(map(id, code.tree.body))
    for node in _imported_nodes(code.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(_Binding(node.lineno, node, id(node) in sure))
        for name, value, annotation in syntax.assigned(node):
            if value is not None:
                found.setdefault(name, []).append(
                    _Binding(value.lineno, value, id(node) in sure, annotation)
                )
    return found


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in syntax.walked(node))


def _imported_nodes(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run on import, into `if`, `try`, `with` and loops."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, syntax.Scope) or syntax.is_guard(node):
            continue
        inner = [
            child
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        ]
        waiting.extend(reversed(inner))


def _is_harmless(code: Code, decorator: ast.expr) -> bool:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    return code.dotted(node) in _HARMLESS


def _needs(arguments: ast.arguments) -> tuple[str, ...]:
    """The arguments without which a function cannot be called."""
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = positional[: len(positional) - len(arguments.defaults)]
    named = [
        one
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return tuple(one.arg for one in [*needed, *named])


def _uses_flask(code: Code) -> bool:
    tops = {name.partition(".")[0] for name in [*code.names.values(), *code.stars]}
    return bool(tops & {name.partition(".")[0] for name in _FLASK})


def _is_run(code: Code, name: str = "", *, guarded: bool = True) -> bool:
    """Whether a module serves an app (the one called `name`) when it is started itself.

    With `guarded=False` only what it does on import as well counts.
    """
    calls = _top_calls(code) if guarded else _calls_on_import(code)
    return any(_serves(code, call, name) for call in calls)


def _serves(code: Code, call: ast.Call, name: str) -> bool:
    given = {node.id for node in call.args if isinstance(node, ast.Name)}
    if code.dotted(call.func) == "waitress.serve":
        return not name or name in given
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "run":
        return False
    served = call.func.value
    if not isinstance(served, ast.Name) or served.id in ("subprocess", "asyncio"):
        return False
    return not name or served.id == name or name in given


def _top_calls(code: Code) -> Iterator[ast.Call]:
    """The calls that a module makes when it is started itself."""
    return (node for node in syntax.at_once(code.tree) if isinstance(node, ast.Call))


def _calls_on_import(code: Code) -> Iterator[ast.Call]:
    guarded = set(map(id, _guarded_calls(code)))
    return (call for call in _top_calls(code) if id(call) not in guarded)


def _guarded_calls(code: Code) -> Iterator[ast.Call]:
    for node in code.tree.body:
        if syntax.is_guard(node):
            yield from (one for one in syntax.at_once(node) if isinstance(one, ast.Call))


def literal_arguments(call: ast.Call) -> str:
    """The arguments of a call as they are written, "" where one is no plain value."""
    parts = []
    for keyword in [*(ast.keyword(None, one) for one in call.args), *call.keywords]:
        try:
            value = repr(ast.literal_eval(keyword.value))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return ""
        parts.append(f"{keyword.arg}={value}" if keyword.arg else value)
    return ", ".join(parts)


def _line_of_import(code: Code, name: str) -> int:
    for node in code.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return node.lineno
    return 0
