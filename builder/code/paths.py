"""Works out which path an expression in the code stands for, as far as it is written there.

Understood are plain texts, `__file__`, `pathlib` and `os.path`, names that are assigned such values
(also in another file of the project), defaults of `os.environ.get(…)`, Flask's `root_path` and
`instance_path`. Whatever a program only knows when it runs ends the path.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from builder.code import syntax
from builder.code.syntax import Code, Codebase

Anchor = Literal["code", "start", "instance", "outside"]

_DEEPEST = 30
_MOST_STEPS = 300
_LONGEST = 300
_SQLITE = re.compile(r"(sqlite(?:\+\w+)?):///?", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")


@dataclass(frozen=True)
class PathInCode:
    """A path that the code names.

    `anchor` says from where `path` (with `/` between parts) leads: `code` from the app folder, as
    the place of the code file says; `start` from the folder in which the app is started; `instance`
    from Flask's instance folder; `outside` from somewhere else on the computer, as it is written.
    Not `whole`: more follows that only the running program knows, so that it is a folder. `scheme`
    is `sqlite` for the address of a database, "" for a plain path.
    """

    anchor: Anchor
    path: str
    whole: bool = True
    scheme: str = ""


@dataclass(frozen=True)
class _Value:
    """A text on its way to a path; with `anchor` it begins at a known place."""

    text: str
    anchor: Anchor | None = None
    whole: bool = True
    scheme: str = ""

    def plus(self, other: _Value | None) -> _Value:
        """This text with another one behind it."""
        if not self.whole:
            return self
        if other is None:
            return replace(self, whole=False)
        if other.anchor is not None:
            scheme = _SQLITE.fullmatch(self.text) if self.anchor is None else None
            if scheme or not self.text:
                return replace(other, scheme="sqlite" if scheme else other.scheme)
            return replace(self, whole=False)
        return replace(self, text=self.text + other.text, whole=other.whole)

    def joined(self, other: _Value | None) -> _Value:
        """The same with a path below it."""
        if other is not None and (other.anchor is not None or other.text.startswith("/")):
            return other
        glue = "" if not self.text or self.text.endswith("/") else "/"
        return self.plus(_Value(glue)).plus(other) if self.whole else self

    def parent(self, levels: int = 1) -> _Value:
        """The folder that it lies in."""
        if not self.whole:
            return self
        if self.anchor is None:
            return replace(self, text=posixpath.dirname(_slashed(self.text)))
        return replace(self, text=posixpath.normpath(posixpath.join(self.text, *[".."] * levels)))


@dataclass
class PathReader:
    """Reads paths in the files of one project; `root_path` is the folder of its Flask app."""

    codebase: Codebase
    root_path: str = ""
    steps: int = field(default=0, repr=False)

    def path(self, code: Code, node: ast.AST | None) -> PathInCode | None:
        """The path that an expression stands for; None where it is none that can be known."""
        value = self._start(code, node)
        return _finished(value) if value is not None else None

    def below_root(self, code: Code, node: ast.AST | None) -> PathInCode | None:
        """The same for an expression that Flask takes as below its app's folder."""
        value = self._start(code, node)
        return _finished(_Value(self.root_path, "code").joined(value)) if value else None

    def below_instance(self, code: Code, node: ast.AST | None) -> PathInCode | None:
        """The same for one that Flask takes as below the instance folder."""
        value = self._start(code, node)
        return _finished(_Value("", "instance").joined(value)) if value else None

    def below(self, code: Code, first: ast.AST | None, second: ast.AST | None) -> PathInCode | None:
        """A file in a folder, each an expression."""
        value = self._start(code, first)
        if value is None:
            return None
        return _finished(value.joined(self._start(code, second)))

    def _start(self, code: Code, node: ast.AST | None) -> _Value | None:
        self.steps = _MOST_STEPS
        return self._value(code, node, 0)

    def _value(self, code: Code, node: ast.AST | None, depth: int) -> _Value | None:
        self.steps -= 1
        if depth > _DEEPEST or self.steps < 0:
            return None
        depth += 1
        match node:
            case ast.Constant():
                return _Value(node.value) if isinstance(node.value, str) else None
            case ast.Name():
                return self._name(code, node, depth)
            case ast.Attribute():
                return self._attribute(code, node, depth)
            case ast.Subscript():
                return self._subscript(code, node, depth)
            case ast.BinOp():
                return self._binary(code, node, depth)
            case ast.BoolOp() | ast.IfExp():
                return self._either(code, node, depth)
            case ast.JoinedStr():
                return self._formatted(code, node, depth)
            case ast.Call():
                return self._call(code, node, depth)
        return None

    def _name(self, code: Code, node: ast.Name, depth: int) -> _Value | None:
        if node.id == "__file__":
            return _Value(code.file, "code")
        if node.id in code.constants:
            return self._value(code, code.constants[node.id], depth)
        return self._imported(code.names.get(node.id, ""), depth)

    def _imported(self, dotted: str, depth: int) -> _Value | None:
        found = self.codebase.split(dotted) if dotted else None
        if found is None:
            return None
        code, rest = found
        return self._value(code, code.constants.get(rest.rpartition(".")[2]), depth)

    def _attribute(self, code: Code, node: ast.Attribute, depth: int) -> _Value | None:
        if node.attr == "instance_path":
            return _Value("", "instance")
        if node.attr == "root_path":
            return _Value(self.root_path, "code")
        if node.attr == "parent":
            inner = self._value(code, node.value, depth)
            return inner.parent() if inner is not None else None
        dotted = code.dotted(node)
        if not dotted:
            return None
        if dotted in _SIGNS:
            return _Value(_SIGNS[dotted])
        first, _, rest = dotted.partition(".")
        if "." not in rest and first not in code.names:  # self.FOLDER, Config.FOLDER
            return self._value(code, code.constants.get(rest), depth)
        return self._imported(dotted, depth)

    def _subscript(self, code: Code, node: ast.Subscript, depth: int) -> _Value | None:
        of, index = node.value, node.slice
        if not isinstance(of, ast.Attribute) or of.attr != "parents":
            return None
        if not isinstance(index, ast.Constant) or not isinstance(index.value, int):
            return None
        inner = self._value(code, of.value, depth)
        return inner.parent(min(index.value, _DEEPEST) + 1) if inner is not None else None

    def _binary(self, code: Code, node: ast.BinOp, depth: int) -> _Value | None:
        left = self._value(code, node.left, depth)
        if left is None:
            return None
        right = self._value(code, node.right, depth)
        if isinstance(node.op, ast.Div):
            return left.joined(right)
        if isinstance(node.op, ast.Add):
            return left.plus(right)
        return _filled(left, "%s", [right]) if isinstance(node.op, ast.Mod) else None

    def _either(self, code: Code, node: ast.BoolOp | ast.IfExp, depth: int) -> _Value | None:
        """The last one that is known: before it stands what the surroundings may say."""
        ways = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        values = (self._value(code, way, depth) for way in reversed(ways))
        return next((value for value in values if value is not None), None)

    def _formatted(self, code: Code, node: ast.JoinedStr, depth: int) -> _Value | None:
        result = _Value("")
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            result = result.plus(self._value(code, inner, depth))
        return result

    def _call(self, code: Code, node: ast.Call, depth: int) -> _Value | None:
        name = code.dotted(node.func)
        first = node.args[0] if node.args else None
        if name in _SAME:
            return self._value(code, first, depth)
        if name in _JOINS:
            return self._all(code, node.args, depth)
        if name == "os.path.dirname":
            inner = self._value(code, first, depth)
            return inner.parent() if inner is not None else None
        if name in _HERE:
            return _Value("", "start")
        if name in _HOME:
            return _Value("~", "outside")
        if name in _PACKAGE_FILES:
            return self._in_package(code, node, depth)
        if isinstance(node.func, ast.Attribute):
            known = self._method(code, node, node.func, depth)
            if known is not None:
                return known
        return self._default(code, node, name, depth)

    def _method(self, code: Code, node: ast.Call, func: ast.Attribute, depth: int) -> _Value | None:
        if func.attr not in {*_SAME_METHODS, "joinpath", "with_name", "format"}:
            return None
        value = self._value(code, func.value, depth)
        if value is None or func.attr in _SAME_METHODS:
            return value
        given = [self._value(code, one, depth) for one in node.args]
        if func.attr == "format":
            return _filled(value, "{}", given)
        if func.attr == "with_name":
            value = value.parent()
        for one in given:
            value = value.joined(one)
        return value

    def _default(self, code: Code, node: ast.Call, name: str, depth: int) -> _Value | None:
        """What `os.environ.get("X", default)` and the like fall back to."""
        default = syntax.argument(node, "default")
        if default is None and name.rpartition(".")[2] in _WITH_DEFAULT and len(node.args) > 1:
            default = node.args[-1]
        return self._value(code, default, depth)

    def _all(self, code: Code, nodes: Sequence[ast.expr], depth: int) -> _Value | None:
        if not nodes:
            return _Value("", "start")
        value = self._value(code, nodes[0], depth)
        for node in nodes[1:]:
            value = value.joined(self._value(code, node, depth)) if value is not None else None
        return value

    def _in_package(self, code: Code, node: ast.Call, depth: int) -> _Value | None:
        """`importlib.resources.files("shop")` and what is named below it."""
        package = node.args[0] if node.args else None
        named = syntax.text(package)
        if named:
            found = self.codebase.modules.get(named)
            folder = found.rpartition("/")[0] if found is not None else None
        else:
            folder = code.folder if code.dotted(package) in ("__name__", "__package__") else None
        if folder is None:
            return None
        value = _Value(folder, "code")
        for one in node.args[1:]:
            value = value.joined(self._value(code, one, depth))
        return value


_SIGNS = {
    "os.pardir": "..", "os.path.pardir": "..", "os.curdir": ".", "os.path.curdir": ".",
    "os.sep": "/", "os.path.sep": "/",
}  # fmt: skip
_SAME = frozenset(
    {"str", "os.fspath", "os.path.abspath", "os.path.realpath", "os.path.normpath",
     "os.path.expanduser", "os.path.expandvars", "werkzeug.utils.secure_filename"}
)  # fmt: skip
_SAME_METHODS = frozenset(
    {"resolve", "absolute", "as_posix", "expanduser", "strip", "__str__", "as_uri"}
)
_JOINS = frozenset(
    {"os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath",
     "pathlib.WindowsPath", "pathlib.PurePosixPath", "werkzeug.utils.safe_join",
     "flask.safe_join", "anyio.Path"}
)  # fmt: skip
_HERE = frozenset({"os.getcwd", "pathlib.Path.cwd"})
_HOME = frozenset({"pathlib.Path.home"})
_PACKAGE_FILES = frozenset(
    {"importlib.resources.files", "importlib_resources.files", "pkg_resources.resource_filename",
     "importlib.resources.path"}
)  # fmt: skip
_WITH_DEFAULT = frozenset({"get", "getenv", "getattr", "setdefault", "pop", "config", "env"})


def _filled(value: _Value, gap: str, given: Iterable[_Value | None]) -> _Value:
    """A text with its gaps filled in turn; a gap that is not filled ends it."""
    head, *tails = value.text.split(gap)
    result = replace(value, text=head)
    values = iter(given)
    for tail in tails:
        result = result.plus(next(values, None)).plus(_Value(tail))
    named = re.search(r"[{%]", result.text)
    return replace(result, text=result.text[: named.start()], whole=False) if named else result


def _finished(value: _Value) -> PathInCode | None:
    """The path at the end of the way; None for what cannot be one."""
    text, scheme = value.text, value.scheme
    if value.anchor is None and (match := _SQLITE.match(text)):
        scheme, text = "sqlite", text[match.end() :].partition("?")[0]
    if "\0" in text or "\n" in text or len(text) > _LONGEST or ("://" in text and not scheme):
        return None
    anchor = value.anchor
    if anchor in (None, "outside") and (text.startswith(("/", "~")) or _DRIVE.match(text)):
        return _outside(text, value.whole, scheme)
    text = _slashed(text)
    if anchor is None and text.startswith("/"):
        return _outside(text, value.whole, scheme)
    text = text.lstrip("/")
    if not value.whole:
        text = text.rpartition("/")[0]
    if anchor is None and not text.strip():
        return None
    path = posixpath.normpath(text) if text else "."
    return PathInCode(anchor or "start", "" if path == "." else path, value.whole, scheme)


def _outside(text: str, whole: bool, scheme: str) -> PathInCode | None:
    if not whole:
        text = text[: max(text.rfind("/"), text.rfind("\\"), 0)]
    return PathInCode("outside", text, whole, scheme) if text.strip("/~") else None


def _slashed(text: str) -> str:
    return text.replace("\\", "/")
