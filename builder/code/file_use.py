"""Finds the files that a project's code reads and writes by a path that stands in the code.

What is read has to be packed along, what is written has to last. Both are for a person to look
through: a path that is put together at run time is not found, or only its folder.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from builder.code import syntax
from builder.code.paths import Anchor, PathInCode, PathReader
from builder.code.syntax import Code, Codebase

Kind = Literal["file", "folder", "database"]

# Files in which something of the below can stand.
ABOUT = re.compile(
    rb"open|Path\(|path\.join|read_|sqlite|connect\(|FOLDER|_DIR|_DEST|_PATH|FileHandler|Database|"
    rb"\.save\(|mkdir|makedirs|listdir|scandir|send_f|from_pyfile|from_file|from_json|\.load\(|"
    rb"resource|\.to_|write_|\.parse\(|TinyDB|instance_|shutil",
)
_DATABASES = (".db", ".sqlite", ".sqlite3", ".db3", ".s3db")


@dataclass(frozen=True)
class FileUse:
    """A file, folder or SQLite database that the code names.

    `path` is below the app folder (with `../` where it leads out of it), for `outside` as it is
    written. `file` and `line` say where it stands in the code; `exists`, whether it is there now.
    """

    path: str
    anchor: Anchor
    kind: Kind
    reads: bool
    writes: bool
    file: str
    line: int
    exists: bool = False

    @property
    def where(self) -> str:
        """The place in the user's code."""
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True)
class Roots:
    """Where a Flask app's own folders lie below the app folder; as here where there is none."""

    root_path: str = ""
    instance: str = "instance"


def find(
    app_folder: Path,
    files: Iterable[str],
    roots: Roots | None = None,
    *,
    codebase: Codebase | None = None,
) -> list[FileUse]:
    """What the code reads and writes, sorted by path, each once.

    `files` are the packed ones, as paths below `app_folder`; `codebase` are those that match
    `ABOUT` where they were read already. Never raises.
    """
    roots = roots or Roots()
    if codebase is None:
        codebase = syntax.read(app_folder, files, ABOUT)
    search = _Search(PathReader(codebase, roots.root_path), _flask_sqlalchemy(codebase))
    merged: dict[tuple[str, Anchor], FileUse] = {}
    for code in codebase.codes.values():
        for use in search.uses(code):
            use = _placed(app_folder, use, code, roots)
            key = (use.path, use.anchor)
            merged[key] = _both(merged[key], use) if key in merged else use
    return sorted(_without_names(merged.values()), key=lambda use: (use.path, use.anchor))


def _without_names(uses: Iterable[FileUse]) -> Iterator[FileUse]:
    """Without the mere name of a file (`NAME = "shop.db"`) that elsewhere gets its folder."""
    uses = list(uses)
    known = {use.path.rpartition("/")[2] for use in uses if use.anchor in ("code", "instance")}
    return (use for use in uses if use.anchor != "start" or use.path not in known or use.exists)


def _flask_sqlalchemy(codebase: Codebase) -> bool:
    return any(
        name.startswith("flask_sqlalchemy")
        for code in codebase.codes.values()
        for name in code.imports
    )


def _both(one: FileUse, other: FileUse) -> FileUse:
    order: tuple[Kind, ...] = ("file", "folder", "database")
    kind = max(one.kind, other.kind, key=order.index)
    return replace(
        one, kind=kind, reads=one.reads or other.reads, writes=one.writes or other.writes
    )


def _placed(app_folder: Path, use: FileUse, code: Code, roots: Roots) -> FileUse:
    """The same with its path below the app folder, and whether something is there."""
    if use.anchor == "outside":
        return use
    if use.anchor == "instance":
        ways = [_below(roots.instance, use.path)]
    elif use.anchor == "start":
        # Started in the app folder, as a rule; else in the one from which its modules are imported.
        ways = list(dict.fromkeys([use.path, _below(code.root, use.path)]))
    else:
        ways = [use.path]
    there = next((way for way in ways if _exists(app_folder / way)), None)
    return replace(use, path=ways[0] if there is None else there, exists=there is not None)


def _below(folder: str, path: str) -> str:
    joined = posixpath.normpath(f"{folder}/{path}".strip("/"))
    return "" if joined == "." else joined


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


# --- What does something with a file ---

Does = Literal["reads", "writes", "both"]


@dataclass(frozen=True)
class _Use:
    """What a call does with the path among its arguments."""

    does: Does
    position: int = 0
    kind: Kind = "file"
    name: str = ""  # of the argument, where it may be given by name


_READ, _WRITE, _BOTH = _Use("reads"), _Use("writes"), _Use("both")
_DATABASE = _Use("both", kind="database", name="database")

# Calls by their full name.
_CALLS: Mapping[str, _Use] = {
    "sqlite3.connect": _DATABASE,
    "aiosqlite.connect": _DATABASE,
    "peewee.SqliteDatabase": _DATABASE,
    "playhouse.sqlite_ext.SqliteExtDatabase": _DATABASE,
    "playhouse.pool.PooledSqliteDatabase": _DATABASE,
    "duckdb.connect": _DATABASE,
    "tinydb.TinyDB": _Use("both", kind="database", name="path"),
    "shelve.open": _Use("both", kind="database", name="filename"),
    "dbm.open": _Use("both", kind="database", name="file"),
    "os.mkdir": _Use("writes", kind="folder", name="path"),
    "os.makedirs": _Use("writes", kind="folder", name="name"),
    "os.listdir": _Use("reads", kind="folder", name="path"),
    "os.scandir": _Use("reads", kind="folder", name="path"),
    "os.walk": _Use("reads", kind="folder", name="top"),
    "shutil.copy": _READ,
    "shutil.copyfile": _READ,
    "shutil.copy2": _READ,
    "shutil.copytree": _Use("reads", kind="folder", name="src"),
    "os.remove": _WRITE,
    "os.unlink": _WRITE,
    "dotenv.load_dotenv": _Use("reads", name="dotenv_path"),
    "dotenv.dotenv_values": _Use("reads", name="dotenv_path"),
    "configparser.ConfigParser.read": _READ,
    "xml.etree.ElementTree.parse": _Use("reads", name="source"),
    "lxml.etree.parse": _READ,
    "toml.load": _READ,
    "numpy.load": _Use("reads", name="file"),
    "numpy.loadtxt": _Use("reads", name="fname"),
    "numpy.genfromtxt": _Use("reads", name="fname"),
    "numpy.save": _Use("writes", name="file"),
    "numpy.savez": _Use("writes", name="file"),
    "numpy.savetxt": _Use("writes", name="fname"),
    "joblib.load": _Use("reads", name="filename"),
    "joblib.dump": _Use("writes", 1, name="filename"),
    "torch.load": _READ,
    "torch.save": _Use("writes", 1),
    "cv2.imread": _READ,
    "cv2.imwrite": _WRITE,
    "PIL.Image.open": _Use("reads", name="fp"),
    "PIL.ImageFont.truetype": _Use("reads", name="font"),
    "pygame.image.load": _READ,
    "ctypes.CDLL": _READ,
    "logging.FileHandler": _Use("writes", name="filename"),
    "logging.handlers.RotatingFileHandler": _Use("writes", name="filename"),
    "logging.handlers.TimedRotatingFileHandler": _Use("writes", name="filename"),
    "logging.handlers.WatchedFileHandler": _Use("writes", name="filename"),
    "logging.basicConfig": _Use("writes", -1, name="filename"),
    "jinja2.FileSystemLoader": _Use("reads", kind="folder", name="searchpath"),
}  # fmt: skip
# Calls whose second argument says whether they write.
_OPENERS = frozenset(
    {"open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "aiofiles.open",
     "tarfile.open", "zipfile.ZipFile", "wave.open"}
)  # fmt: skip
# `pandas.read_csv` and its like.
_TABLE_READERS = ("pandas.read_", "polars.read_", "polars.scan_", "geopandas.read_", "tablib.load")
# Methods of a path.
_OF_PATH: Mapping[str, _Use] = {
    "read_text": _READ,
    "read_bytes": _READ,
    "write_text": _WRITE,
    "write_bytes": _WRITE,
    "touch": _WRITE,
    "mkdir": _Use("writes", kind="folder"),
    "iterdir": _Use("reads", kind="folder"),
    "glob": _Use("reads", kind="folder"),
    "rglob": _Use("reads", kind="folder"),
}
# Methods of anything that take a path.
_WITH_PATH: Mapping[str, _Use] = {
    "to_csv": _WRITE,
    "to_excel": _WRITE,
    "to_json": _WRITE,
    "to_parquet": _WRITE,
    "to_pickle": _WRITE,
    "to_feather": _WRITE,
    "to_html": _WRITE,
    "savefig": _WRITE,
    "save": _WRITE,
}
# Calls and methods whose path Flask takes as below the folder of the app, or of the instance.
_BELOW_ROOT_CALLS: Mapping[str, _Use] = {
    "flask.send_file": _READ,
    "flask.send_from_directory": _Use("reads", kind="folder"),
}
_BELOW_ROOT = frozenset({"open_resource", "from_pyfile", "from_file", "from_json"})
_BELOW_INSTANCE = frozenset({"open_instance_resource"})
# Settings that name a folder into which an app writes.
_WRITTEN_FOLDER = re.compile(
    r"(UPLOAD|MEDIA|CACHE|SESSION_FILE|LOGS?|BACKUP|EXPORT|OUTPUT|THUMB)\w*"
    r"(FOLDER|DIR|DEST|PATH|DIRECTORY)$|^UPLOADED_\w+_DEST$"
)


@dataclass
class _Search:
    reader: PathReader
    is_flask_sqlalchemy: bool

    def uses(self, code: Code) -> Iterator[FileUse]:
        """What one file of the code names, in the order of its lines."""
        relative = _relative_config(code)
        names_databases = any(syntax.text(node).lower().endswith(_DATABASES) for node in code.nodes)
        inside: set[int] = set()  # parts of addresses that were looked at
        for node in code.nodes:
            if isinstance(node, ast.Call):
                yield from self._of_call(code, node, relative)
            for name, value in _settings(node):
                if names_databases or _WRITTEN_FOLDER.search(name.upper()):
                    yield from self._of_setting(code, name, value)
            if _begins_as_address(node) and id(node) not in inside:
                inside.update(map(id, syntax.walked(node)))
                yield from self._of_address(code, node)

    def _of_call(self, code: Code, call: ast.Call, relative: bool) -> Iterator[FileUse]:
        name = code.dotted(call.func)
        if name in _OPENERS:
            use = _opened(syntax.argument(call, "mode", 1))
            yield from self._noted(code, call, _Use(use, name="file"))
        elif name in _CALLS:
            yield from self._noted(code, call, _CALLS[name])
            if name.startswith("shutil.copy"):
                yield from self._noted(code, call, _Use("writes", 1))
        elif name in _BELOW_ROOT_CALLS:
            path = self.reader.below_root(code, syntax.argument(call, "directory", 0))
            yield from _found(code, call, path, _BELOW_ROOT_CALLS[name])
        elif name.startswith(_TABLE_READERS):
            yield from self._noted(code, call, _READ)
        elif isinstance(call.func, ast.Attribute):
            yield from self._of_method(code, call, call.func, relative)

    def _of_method(
        self, code: Code, call: ast.Call, func: ast.Attribute, relative: bool
    ) -> Iterator[FileUse]:
        first = syntax.argument(call, "filename", 0)
        if func.attr in _OF_PATH:
            path = self._anchored(code, func.value)
            yield from _found(code, call, path, _OF_PATH[func.attr])
        elif func.attr == "open":
            use = _Use(_opened(syntax.argument(call, "mode", 0)))
            yield from _found(code, call, self._anchored(code, func.value), use)
        elif func.attr in _BELOW_INSTANCE or (
            func.attr in _BELOW_ROOT - {"open_resource"} and relative
        ):
            path = self.reader.below_instance(code, first)
            yield from _found(code, call, path, _READ)
        elif func.attr in _BELOW_ROOT:
            yield from _found(code, call, self.reader.below_root(code, first), _READ)
        elif func.attr in _WITH_PATH:
            yield from self._noted(code, call, _WITH_PATH[func.attr])

    def _anchored(self, code: Code, node: ast.expr) -> PathInCode | None:
        """A path on which a method is called: a mere text has none of them."""
        return None if syntax.text(node) else self.reader.path(code, node)

    def _noted(self, code: Code, call: ast.Call, use: _Use) -> Iterator[FileUse]:
        node = syntax.argument(call, use.name, use.position)
        path = self.reader.path(code, node)
        if path is not None and not path.scheme:
            yield from _found(code, call, path, use)

    def _of_setting(self, code: Code, name: str, value: ast.expr) -> Iterator[FileUse]:
        """A name, key or argument that is given a path."""
        path = self.reader.path(code, value)
        if path is None or path.scheme:
            return
        if _WRITTEN_FOLDER.search(name.upper()) and path.path:
            yield from _found(code, value, path, _Use("both", kind="folder"))
        elif path.path.lower().endswith(_DATABASES) and path.whole:
            yield from _found(code, value, path, _DATABASE)

    def _of_address(self, code: Code, node: ast.AST) -> Iterator[FileUse]:
        """The address of an SQLite database, as SQLAlchemy writes it."""
        path = self.reader.path(code, node)
        if path is None or path.scheme != "sqlite" or not path.path:
            return
        if path.anchor == "start" and self.is_flask_sqlalchemy:
            path = replace(path, anchor="instance")
        yield from _found(code, node, path, _DATABASE)


def _found(code: Code, node: ast.AST, path: PathInCode | None, use: _Use) -> Iterator[FileUse]:
    if path is None or (not path.path and path.anchor != "instance"):
        return
    if path.path.startswith((":memory:", "file:")) or _is_own_folder(code, path):
        return
    kind = use.kind
    if not path.whole:
        kind = "folder"
    elif kind == "file" and path.path.lower().endswith(_DATABASES):
        kind = "database"
    line = getattr(node, "lineno", 0)
    reads, writes = use.does != "writes", use.does != "reads"
    yield FileUse(path.path, path.anchor, kind, reads, writes, code.file, line)


def _is_own_folder(code: Code, path: PathInCode) -> bool:
    """Whether some file beside the code is meant, of which nothing is known."""
    return path.anchor == "code" and not path.whole and path.path == code.folder


def _opened(mode: ast.expr | None) -> Does:
    written = syntax.text(mode)
    if "+" in written:
        return "both"
    return "writes" if set(written) & set("wax") else "reads"


def _settings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names, keys and arguments, with what they are given."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if name := _name_of(target):
                yield name, node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield _name_of(node.target), node.value
    elif isinstance(node, ast.keyword):
        yield node.arg or "", node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield syntax.text(key), value


def _name_of(target: ast.expr) -> str:
    """`X`, `self.X` and `config["X"]` are all X."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    return syntax.text(target.slice) if isinstance(target, ast.Subscript) else ""


def _begins_as_address(node: ast.AST) -> bool:
    """Whether the first text in an expression begins as the address of an SQLite database."""
    for _ in range(20):
        if isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.JoinedStr) and node.values:
            node = node.values[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr != "format":
                return False
            node = node.func.value
        else:
            break
    return syntax.text(node).lower().startswith("sqlite")


def _relative_config(code: Code) -> bool:
    """Whether Flask is told to look for its settings in the instance folder."""
    return any(
        isinstance(node, ast.keyword)
        and node.arg == "instance_relative_config"
        and isinstance(node.value, ast.Constant)
        and node.value.value is True
        for node in code.nodes
    )
