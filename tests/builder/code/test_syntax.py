"""Files as trees: names, roots, limits."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from builder.code import syntax
from builder.code.syntax import Code, Codebase

ALL = re.compile(b"")


def read(root: Path, files: dict[str, str], about: re.Pattern[bytes] = ALL) -> Codebase:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return syntax.read(root, files, about)


def one(root: Path, text: str, file: str = "shop/web.py") -> Code:
    return read(root, {file: text}).codes[file]


@pytest.mark.parametrize(
    ("code", "name", "full"),
    [
        ("import flask", "flask.Flask", "flask.Flask"),
        ("import flask as f", "f.Flask", "flask.Flask"),
        ("import os.path", "os.path.join", "os.path.join"),
        ("import os.path as p", "p.join", "os.path.join"),
        ("from flask import Flask as F", "F", "flask.Flask"),
        ("from . import db", "db.x", "shop.db.x"),
        ("from .db import x", "x", "shop.db.x"),
        ("from .. import db", "db", ".db"),
        ("from ... import db", "db", ".db"),
        ("", "a.b", "a.b"),
        ("", "a().b", ""),
        ("", "'a'", ""),
    ],
)
def test_names_in_full(code: str, name: str, full: str, tmp_path: Path) -> None:
    assert one(tmp_path, code).dotted(ast.parse(name, mode="eval").body) == full


def test_roots_and_modules(tmp_path: Path) -> None:
    files = dict.fromkeys(
        ["main.py", "shop/__init__.py", "shop/web.py", "src/lib/__init__.py",
         "src/lib/a/__init__.py", "tools/x.py"], ""
    )  # fmt: skip
    found = read(tmp_path, files)
    assert {(code.root, code.module) for code in found.codes.values()} == {
        ("", "main"), ("", "shop"), ("", "shop.web"), ("src", "lib"), ("src", "lib.a"),
        ("tools", "x"),
    }  # fmt: skip
    assert found.modules["lib.a"] == found.modules["src.lib.a"] == "src/lib/a/__init__.py"


def test_a_name_leads_into_a_file(tmp_path: Path) -> None:
    found = read(tmp_path, {"shop/__init__.py": "", "shop/web.py": "", "other.txt": ""})
    assert [(name, _led(found, name)) for name in ("shop.web.a.b", "shop.a", "shop", "gone.a")] == [
        ("shop.web.a.b", ("shop/web.py", "a.b")),
        ("shop.a", ("shop/__init__.py", "a")),
        ("shop", ("shop/__init__.py", "")),
        ("gone.a", None),
    ]


def _led(found: Codebase, name: str) -> tuple[str, str] | None:
    led = found.split(name)
    return (led[0].file, led[1]) if led is not None else None


def test_only_files_that_are_about_it(tmp_path: Path) -> None:
    found = read(tmp_path, {"a.py": "x = 1", "b.py": "y = 1", "c.py": "x ="}, re.compile(b"x"))
    assert list(found.codes) == ["a.py"]
    assert found.broken == ["c.py"]


def test_tests_are_read_only_where_nothing_else_is(tmp_path: Path) -> None:
    names = ["tests/a.py", "test_a.py", "examples/x/a.py", "conftest.py"]
    own = ["z/deep/b.py", "z.py"]
    assert list(read(tmp_path, dict.fromkeys([*names, *own], "")).codes) == ["z.py", "z/deep/b.py"]
    assert list(read(tmp_path, dict.fromkeys(names, "")).codes) == [
        "conftest.py", "test_a.py", "tests/a.py", "examples/x/a.py"
    ]  # fmt: skip


def test_what_a_file_imports(tmp_path: Path) -> None:
    files = {
        "run.py": "from shop import app\n",
        "shop/__init__.py": "",
        "shop/views.py": "import tools.mail\nfrom names import *\n",
        "tools/__init__.py": "",
        "tools/mail.py": "",
        "names.py": "import run\n",
        "scripts/mend.py": "import shop\n",
        "mend.py": "from shop import views\n",
    }
    found = read(tmp_path, files)
    assert sorted(found.reached_from("run.py").codes) == [
        "names.py", "run.py", "shop/__init__.py", "shop/views.py", "tools/__init__.py",
        "tools/mail.py",
    ]  # fmt: skip
    assert found.reached_from("gone.py").codes == found.codes


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MOST_FILES", 2)
    assert len(read(tmp_path, dict.fromkeys(["a.py", "b.py", "c.py"], "")).codes) == 2
    monkeypatch.setattr(syntax, "MOST_PARSED", 10)
    files = {"a.py": "x = 1", "b.py": "x = 111111", "c.py": "x = 2"}
    assert list(read(tmp_path, files).codes) == ["a.py", "c.py"]


@pytest.mark.parametrize(
    "code", ["x = [a for b in c if d]", "match a:\n    case [b, *c] if d: pass",
             "def f(a=1, *b): pass", "with a as b: pass", "try: a\nexcept b as c: d",
             "f'{a:{b}}'", "lambda a: a", "a[b:c]"]
)  # fmt: skip
def test_every_node_is_walked(code: str) -> None:
    tree = ast.parse(code)
    marks = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    every = {id(node) for node in ast.walk(tree) if not isinstance(node, marks)}
    walked = {id(node) for node in syntax.walked(tree) if not isinstance(node, marks)}
    assert walked == every


def test_constants_are_what_a_name_is_first(tmp_path: Path) -> None:
    code = one(tmp_path, "A = 1\nA = 2\nB: int = 3\nC: int\ndef f():\n    D = 4\n")
    assert {name: ast.unparse(node) for name, node in code.constants.items()} == {
        "A": "1", "B": "3", "D": "4"
    }  # fmt: skip
