"""What belongs to a Flask app: templates, static files, data, and imports that stand in texts.

A program that packs the app by following its imports misses all of these.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.code import file_use, syntax
from builder.code.file_use import FileUse, Roots
from builder.code.paths import PathReader
from builder.code.syntax import Code, Codebase
from builder.flask import app as flask_app
from builder.flask import dotenv
from builder.flask.app import FlaskFound
from builder.flask.problems import Candidate

FolderKind = Literal["templates", "static", "translations", "migrations"]

# Files in which something of the below can stand.
ABOUT = re.compile(
    rb"Blueprint|template_folder|static_folder|Loader|jinja|://|import_module|import_string|"
    rb"from_object|Babel|Migrate|add_extension|__import__|logging",
)
_BLUEPRINTS = frozenset(
    {"flask.Blueprint", "flask.blueprints.Blueprint", "apiflask.APIBlueprint",
     "flask_openapi3.APIBlueprint", "flask_smorest.Blueprint"}
)  # fmt: skip
# What SQLAlchemy imports for the dialect and driver of a database's address.
_DRIVERS: Mapping[str, str] = {
    "postgresql": "psycopg2",
    "postgres": "psycopg2",
    "mysql": "MySQLdb",
    "mariadb": "MySQLdb",
    "mssql": "pyodbc",
    "oracle": "cx_Oracle",
    "sqlite": "sqlite3",
    "mysql+mysqldb": "MySQLdb",
    "mysql+mysqlconnector": "mysql.connector",
    "mariadb+mariadbconnector": "mariadb",
    "sqlite+pysqlite": "sqlite3",
    "sqlite+pysqlcipher": "sqlcipher3",
    "oracle+cx_oracle": "cx_Oracle",
}
_SAME_DIALECT = {"postgres": "postgresql", "mariadb": "mysql"}
_ADDRESS = re.compile(r"(postgres|postgresql|mysql|mariadb|mssql|oracle|sqlite)(\+\w+)?://")
_IMPORTERS = frozenset(
    {"importlib.import_module", "__import__", "werkzeug.utils.import_string",
     "werkzeug.utils.find_modules", "pydoc.locate", "django.utils.module_loading.import_string"}
)  # fmt: skip
_DOTTED = re.compile(r"\.*[A-Za-z_]\w*([.:][A-Za-z_]\w*)*")


@dataclass(frozen=True)
class Folder:
    """A folder of the app below the app folder, and how many packed files it holds."""

    kind: FolderKind
    path: str
    files: int


@dataclass(frozen=True)
class HiddenImport:
    """A module that is imported by a name in a text, at `where` in the user's code."""

    module: str
    where: str


@dataclass(frozen=True)
class FlaskApp:
    """A Flask app as it was found: which it is, and what belongs to it.

    `candidates`, `chosen` and `said_by` are those of `FlaskFound`; `host` and `port` what the
    author serves it on, "" and 0 where the code does not say. `root_path` and `instance` are
    Flask's folders of these names, below the app folder. `uses` are the files, folders and
    databases that the code reads and writes.
    """

    candidates: Sequence[Candidate] = ()
    chosen: Candidate | None = None
    said_by: str = ""
    host: str = ""
    port: int = 0
    root_path: str = ""
    instance: str = "instance"
    folders: Sequence[Folder] = ()
    uses: Sequence[FileUse] = ()
    hidden_imports: Sequence[HiddenImport] = ()

    @property
    def templates(self) -> int:
        """How many templates are packed."""
        return self._count("templates")

    @property
    def static_files(self) -> int:
        """How many static files are packed."""
        return self._count("static")

    @property
    def databases(self) -> Sequence[FileUse]:
        """The SQLite databases that the code names."""
        return [use for use in self.uses if use.kind == "database"]

    @property
    def written(self) -> Sequence[FileUse]:
        """What the app writes, so that it has to last."""
        return [use for use in self.uses if use.writes]

    def _count(self, kind: FolderKind) -> int:
        return sum(folder.files for folder in self.folders if folder.kind == kind)


def read(
    app_folder: Path,
    files: Sequence[str],
    found: FlaskFound,
    *,
    codebase: Codebase | None = None,
) -> FlaskApp:
    """What belongs to the app that was `found`.

    `files` are the packed ones, as paths below `app_folder`; `codebase` are those of them that
    match `ABOUT`, or that of `flask_app` or `file_use`, where they were read already. Never raises.
    """
    if codebase is None:
        codebase = read_code(app_folder, files)
    if found.chosen is not None:
        codebase = codebase.reached_from(found.chosen.file)
    calls = flask_app.made_at(codebase)
    roots = _roots(codebase, calls, found.chosen)
    host, port = _served_on(codebase, found.chosen)
    host, port = host or _variable(app_folder, "HOST"), port or _port(_variable(app_folder, "PORT"))
    return FlaskApp(
        found.candidates,
        found.chosen,
        found.said_by,
        host,
        port,
        roots.root_path,
        roots.instance,
        _folders(codebase, calls, files, roots),
        file_use.find(app_folder, files, roots, codebase=codebase),
        _hidden_imports(codebase),
    )


def read_code(app_folder: Path, files: Iterable[str]) -> Codebase:
    """The files of a project in which anything about a Flask app may stand."""
    patterns = (flask_app.ABOUT, file_use.ABOUT, ABOUT)
    about = re.compile(b"|".join(b"(?:%s)" % one.pattern for one in patterns))
    return syntax.read(app_folder, files, about)


# --- Its folders ---


def _roots(
    codebase: Codebase, calls: Sequence[tuple[Code, ast.Call]], chosen: Candidate | None
) -> Roots:
    """Where the app's own folders are: by the call that makes the chosen one."""
    files = {chosen.file, *(file for file, _ in chosen.made_of)} if chosen is not None else set()
    first = next((one for one in calls if one[0].file in files), calls[0] if calls else None)
    if first is None:
        return Roots()
    code, call = first
    root_path = _root_path(codebase, code, call, 0)
    named = PathReader(codebase, root_path).path(code, syntax.argument(call, "instance_path"))
    if named is not None and named.anchor in ("code", "start"):
        return Roots(root_path, named.path)
    return Roots(root_path, f"{code.root}/instance".strip("/"))


def _root_path(codebase: Codebase, code: Code, call: ast.Call, position: int) -> str:
    """The folder below which Flask looks for the templates of an app or a blueprint."""
    reader = PathReader(codebase, code.folder)
    given = reader.path(code, syntax.argument(call, "root_path"))
    if given is not None and given.anchor in ("code", "start"):
        return given.path
    name = syntax.argument(call, "import_name", position)
    package = syntax.text(name)
    if isinstance(name, ast.Subscript):  # __name__.split(".")[0]
        package = code.module.partition(".")[0]
    file = codebase.modules.get(package) if package else None
    return file.rpartition("/")[0] if file is not None else code.folder


def _folders(
    codebase: Codebase,
    calls: Iterable[tuple[Code, ast.Call]],
    files: Sequence[str],
    roots: Roots,
) -> list[Folder]:
    """Every folder with packed files in it, each once."""
    named: list[tuple[FolderKind, str]] = []
    for code, call in calls:
        root = _root_path(codebase, code, call, 0)
        named += _named_folders(codebase, code, call, root, ("templates", "static"), 2)
    for code in codebase.codes.values():
        for call in code.calls:
            named += _other_folders(codebase, code, call, roots)
    folders = [
        Folder(kind, path, count)
        for kind, path in dict.fromkeys(named)
        if not _is_inside(path, kind, named) and (count := _count(files, path))
    ]
    return sorted(folders, key=lambda folder: (folder.kind, folder.path))


def _other_folders(
    codebase: Codebase, code: Code, call: ast.Call, roots: Roots
) -> Iterator[tuple[FolderKind, str]]:
    name = code.dotted(call.func)
    if name in _BLUEPRINTS:
        root = _root_path(codebase, code, call, 1)
        yield from _named_folders(codebase, code, call, root, ("", ""), 2)
    elif name in ("jinja2.FileSystemLoader", "jinja2.PackageLoader"):
        yield from _loader_folder(codebase, code, call, name)
    elif name.startswith("flask_babel"):
        yield "translations", _below(roots.root_path, "translations")
    elif name == "flask_migrate.Migrate":
        yield "migrations", syntax.text(syntax.argument(call, "directory")) or "migrations"


def _named_folders(
    codebase: Codebase,
    code: Code,
    call: ast.Call,
    root: str,
    defaults: tuple[str, str],
    static_position: int,
) -> Iterator[tuple[FolderKind, str]]:
    """The folders of templates and static files that a call names, or else their defaults."""
    reader = PathReader(codebase, root)
    kinds: tuple[FolderKind, FolderKind] = ("templates", "static")
    for kind, default in zip(kinds, defaults, strict=True):
        node = syntax.argument(call, "template_folder" if kind == "templates" else "static_folder")
        if node is None:
            if default:
                yield kind, _below(root, default)
            continue
        path = reader.below_root(code, node)
        if path is not None and path.anchor != "outside" and path.whole:
            yield kind, path.path


def _loader_folder(
    codebase: Codebase, code: Code, call: ast.Call, name: str
) -> Iterator[tuple[FolderKind, str]]:
    if name == "jinja2.PackageLoader":
        file = codebase.modules.get(syntax.text(syntax.argument(call, "package_name", 0)), "")
        inside = syntax.text(syntax.argument(call, "package_path", 1)) or "templates"
        yield "templates", _below(file.rpartition("/")[0], inside)
        return
    path = PathReader(codebase).path(code, syntax.argument(call, "searchpath", 0))
    if path is not None and path.anchor in ("code", "start"):
        yield "templates", path.path


def _is_inside(path: str, kind: FolderKind, named: Iterable[tuple[FolderKind, str]]) -> bool:
    """Whether another folder of the same kind holds this one, and so counts its files."""
    return any(kind == other and path.startswith(f"{above}/") for other, above in named)


def _count(files: Iterable[str], path: str) -> int:
    return sum(file.startswith(f"{path}/") for file in files) if path else 0


def _below(folder: str, path: str) -> str:
    return f"{folder}/{path}".strip("/")


# --- Where the author serves it ---


def _served_on(codebase: Codebase, chosen: Candidate | None) -> tuple[str, int]:
    """Host and port of the first call that serves an app, in the file of the chosen one first."""
    first = chosen.file if chosen is not None else ""
    for code in sorted(codebase.codes.values(), key=lambda code: code.file != first):
        for call in code.calls:
            if _is_serving(code, call):
                host = _text_in(code, syntax.argument(call, "host"))
                port = _port_in(code, syntax.argument(call, "port"))
                if host or port:
                    return host, port
    return "", 0


def _variable(app_folder: Path, name: str) -> str:
    """What `flask run` takes from `.env` or `.flaskenv`."""
    for file in (".env", ".flaskenv"):
        value = dotenv.read(app_folder / file).get(f"FLASK_RUN_{name}")
        if value is not None:
            return value.text
    return ""


def _is_serving(code: Code, call: ast.Call) -> bool:
    if code.dotted(call.func) == "waitress.serve":
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr == "run"


def _text_in(code: Code, node: ast.expr | None) -> str:
    """The text that an argument is, or falls back to."""
    return next((text for one in _ways(code, node) if (text := syntax.text(one))), "")


def _port_in(code: Code, node: ast.expr | None) -> int:
    for one in _ways(code, node):
        value = one.value if isinstance(one, ast.Constant) else None
        if isinstance(value, int | str) and not isinstance(value, bool):
            return _port(str(value))
    return 0


def _port(text: str) -> int:
    """The port that a text says, 0 for any other text."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return number if number < 65536 else 0


def _ways(code: Code, node: ast.expr | None) -> Iterator[ast.AST]:
    """What an expression may be in the end: `int(os.environ.get("PORT", 5000))` is 5000."""
    for _ in range(10):
        if isinstance(node, ast.Name) and node.id in code.constants:
            node = code.constants[node.id]
        elif isinstance(node, ast.Call) and node.args:
            node = syntax.argument(node, "default") or node.args[-1]
        elif isinstance(node, ast.BoolOp):
            node = node.values[-1]
        else:
            break
    if node is not None:
        yield node


# --- Imports that stand in texts ---


def _hidden_imports(codebase: Codebase) -> list[HiddenImport]:
    """Every module that only a text names, each once, sorted."""
    first: dict[str, HiddenImport] = {}
    for code in codebase.codes.values():
        for node in code.nodes:
            for module in _named_in(codebase, code, node):
                where = f"{code.file}, line {getattr(node, 'lineno', 0)}"
                first.setdefault(module, HiddenImport(module, where))
    return [first[module] for module in sorted(first)]


def _named_in(codebase: Codebase, code: Code, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        yield from _imported_by(codebase, code, node)
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        yield from _driver(syntax.text(node), _first_text(node))
    elif isinstance(node, ast.keyword) and node.arg == "extensions":
        yield from _extensions(node.value)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if syntax.text(key) == "extensions":
                yield from _extensions(value)
            elif syntax.text(key) in ("class", "()"):  # of logging.config.dictConfig
                yield from _module_of(codebase, syntax.text(value))


def _imported_by(codebase: Codebase, code: Code, call: ast.Call) -> Iterator[str]:
    name = code.dotted(call.func)
    first = call.args[0] if call.args else None
    last = name.rpartition(".")[2]
    if name in _IMPORTERS:
        text = syntax.text(first)
        if text.startswith("."):
            text = _absolute(code, text)
        yield from _module_of(codebase, text, is_module=name != "werkzeug.utils.import_string")
    elif last == "from_object":
        text = syntax.text(first) or _first_text(first).rstrip(".")
        yield from _module_of(codebase, text)
    elif last == "add_extension":
        yield from _module_of(codebase, syntax.text(first))


def _first_text(node: ast.AST | None) -> str:
    """What an f-string begins with."""
    return syntax.text(node.values[0]) if isinstance(node, ast.JoinedStr) and node.values else ""


def _absolute(code: Code, text: str) -> str:
    """A relative name in full, as seen from the package of the file."""
    parts = code.module.split(".")
    is_package = code.file.endswith("__init__.py")
    level = len(text) - len(text.lstrip("."))
    up = parts[: max(0, len(parts) - level + is_package)]
    return ".".join([*up, text.lstrip(".")])


def _extensions(node: ast.AST) -> Iterator[str]:
    """The modules of Jinja extensions that a list names."""
    if isinstance(node, ast.List | ast.Tuple):
        for one in node.elts:
            yield from _module_of(None, syntax.text(one))


def _module_of(codebase: Codebase | None, text: str, *, is_module: bool = False) -> Iterator[str]:
    """The module in `package.module.Name` or `package.module:name`."""
    if not text or not _DOTTED.fullmatch(text) or text.startswith("."):
        return
    module, colon, _ = text.partition(":")
    if colon or is_module:
        yield module
        return
    if codebase is not None:
        parts = module.split(".")
        for at in range(len(parts), 0, -1):
            if ".".join(parts[:at]) in codebase.modules:
                yield ".".join(parts[:at])
                return
    # Elsewhere a class is told by its capital letter; without one, all of it may be the module.
    head, _, last = module.rpartition(".")
    yield head if head and (last[:1].isupper() or head == "jinja2.ext") else module


def _driver(text: str, beginning: str) -> Iterator[str]:
    """What SQLAlchemy imports for an address, a text or the `beginning` of an f-string."""
    match = _ADDRESS.match(text or beginning)
    if match is None or match.end() == len(text):  # a mere word about addresses
        return
    named, driver = match[1], (match[2] or "")[1:]
    dialect = _SAME_DIALECT.get(named, named)
    yield f"sqlalchemy.dialects.{dialect}"
    yield _DRIVERS.get(f"{named}+{driver}" if driver else named, driver)
