"""Which path an expression stands for, as far as the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.code import syntax
from builder.code.paths import PathInCode, PathReader

HEAD = """\
import os
import os.path as osp
from os.path import dirname, join
from pathlib import Path
from importlib.resources import files
import sys
from config import ROOT, Config
from . import places
HERE = dirname(os.path.abspath(__file__))
BASE = Path(__file__).resolve().parent
DATA = BASE / "data"
NAME = "x.json"
LOOP = LOOP2
LOOP2 = LOOP
class Own:
    FOLDER = "own"
"""
CONFIG = """\
from pathlib import Path
ROOT = Path(__file__).parent
class Config:
    UPLOADS = ROOT / "uploads"
"""


def path(tmp_path: Path, expression: str) -> PathInCode | None:
    (tmp_path / "shop").mkdir(exist_ok=True)
    (tmp_path / "shop/data.py").write_text(f"{HEAD}RESULT = {expression}\n")
    (tmp_path / "shop/places.py").write_text("LOGS = 'logs/all.log'\n")
    (tmp_path / "shop/__init__.py").write_text("")
    (tmp_path / "config.py").write_text(CONFIG)
    names = ["shop/data.py", "shop/places.py", "shop/__init__.py", "config.py"]
    codebase = syntax.read(tmp_path, names, re.compile(b""))
    code = codebase.codes["shop/data.py"]
    last = code.tree.body[-1]
    assert isinstance(last, ast.Assign)
    return PathReader(codebase, "web").path(code, last.value)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Path(__file__).parent / 'data' / 'x.json'", "shop/data/x.json"),
        ("Path(__file__).resolve().parent.parent / 'x.json'", "x.json"),
        ("Path(__file__).parents[1] / 'data/x.json'", "data/x.json"),
        ("Path(__file__).parents[2] / 'x.json'", "../x.json"),
        ("Path(__file__).with_name('x.json')", "shop/x.json"),
        ("Path(__file__).parent.joinpath('a', 'b')", "shop/a/b"),
        ("os.path.join(os.path.dirname(__file__), 'x.json')", "shop/x.json"),
        ("join(HERE, '..', 'x.json')", "x.json"),
        ("join(HERE, os.pardir, 'x.json')", "x.json"),
        ("HERE + os.sep + 'x.json'", "shop/x.json"),
        ("osp.join(HERE, 'a', NAME)", "shop/a/x.json"),
        ("DATA / NAME", "shop/data/x.json"),
        ("str(DATA / NAME)", "shop/data/x.json"),
        ("(DATA / NAME).as_posix()", "shop/data/x.json"),
        ("HERE + '/x.json'", "shop/x.json"),
        ("f'{HERE}/{NAME}'", "shop/x.json"),
        ("'%s/x.json' % HERE", "shop/x.json"),
        ("'{}/{}'.format('a', NAME)", "start:a/x.json"),
        ("'a/%s' % NAME", "start:a/x.json"),
        ("ROOT / 'x.json'", "x.json"),
        ("Config.UPLOADS", "uploads"),
        ("places.LOGS", "start:logs/all.log"),
        ("Own.FOLDER + '/x'", "start:own/x"),
        ("self.FOLDER", "start:own"),
        ("'data/x.json'", "start:data/x.json"),
        ("'data\\\\x.json'", "start:data/x.json"),
        ("Path('data') / 'x.json'", "start:data/x.json"),
        ("Path.cwd() / 'x.json'", "start:x.json"),
        ("os.path.join(os.getcwd(), 'x.json')", "start:x.json"),
        ("os.path.join(app.root_path, 'x.json')", "web/x.json"),
        ("os.path.join(current_app.instance_path, 'x.db')", "instance:x.db"),
        ("files('shop') / 'x.json'", "shop/x.json"),
        ("files(__package__).joinpath('x.json')", "shop/x.json"),
        ("os.environ.get('X', 'x.json')", "start:x.json"),
        ("os.getenv('X') or 'x.json'", "start:x.json"),
        ("getattr(sys, '_MEIPASS', HERE)", "shop"),
        ("sys._MEIPASS if frozen else HERE", "shop"),
        ("Path(sys._MEIPASS) if frozen else BASE / 'x'", "shop/x"),
        ("'/etc/x'", "outside:/etc/x"),
        ("'C:\\\\x'", "outside:C:\\x"),
        ("'~/x'", "outside:~/x"),
        ("os.path.expanduser('~/x')", "outside:~/x"),
        ("Path.home() / 'x'", "outside:~/x"),
        ("os.path.join(HERE, '/x')", "outside:/x"),
        ("'/run/x/' + name", "outside:/run/x/*"),
        ("os.path.join(HERE, name)", "shop/*"),
        ("f'{HERE}/a/x-{n}.json'", "shop/a/*"),
        ("DATA / name / 'x.json'", "shop/data/*"),
        ("'data/' + name", "start:data/*"),
        ("f'data/{name}.json'", "start:data/*"),
        ("'sqlite:///' + os.path.join(HERE, 'x.db')", "sqlite:shop/x.db"),
        ("f'sqlite:///{BASE}/x.db'", "sqlite:shop/x.db"),
        ("f\"sqlite:///{BASE / 'x.db'}\"", "sqlite:shop/x.db"),
        ("'sqlite:///x.db?timeout=9'", "sqlite:start:x.db"),
        ("'sqlite:////x.db'", "sqlite:outside:/x.db"),
        ("'sqlite+aiosqlite:///x.db'", "sqlite:start:x.db"),
    ],
)
def test_a_path(expression: str, expected: str, tmp_path: Path) -> None:
    found = path(tmp_path, expression)
    assert found is not None
    scheme = f"{found.scheme}:" if found.scheme else ""
    anchor = "" if found.anchor == "code" else f"{found.anchor}:"
    rest = "" if found.whole else "/*"
    assert f"{scheme}{anchor}{found.path}{rest}" == expected


@pytest.mark.parametrize(
    "expression",
    ["name", "f(name)", "3", "None", "name + '/x'", "f'{name}.json'", "LOOP", "''", "'http://x/y'",
     "'/' + name", "'sqlite:////' + name", "Path.home() / name",
     "'a\\0b'", "'a\\nb'", "'x' * 400", "'x' + 'y' * 3", "[].x", "lambda: 1", "Path(*parts)",
     "'x' if a else b.c.d"]
)  # fmt: skip
def test_what_is_no_path_that_can_be_known(expression: str, tmp_path: Path) -> None:
    found = path(tmp_path, expression)
    assert found is None or expression.startswith("'x'")


def test_names_that_double_themselves_end(tmp_path: Path) -> None:
    names = "".join(f"a{n} = a{n + 1} + a{n + 1}\n" for n in range(29))
    (tmp_path / "x.py").write_text(names)
    codebase = syntax.read(tmp_path, ["x.py"], re.compile(b""))
    code = codebase.codes["x.py"]
    assert PathReader(codebase).path(code, ast.parse("a0", mode="eval").body) is None


PARTS = st.sampled_from(
    ["HERE", "BASE", "__file__", "'a'", "'..'", "'/'", "'sqlite:///'", "name", "NAME", "LOOP",
     "'{}'", "'%s'", "'\\\\'", "app.root_path", "app.instance_path", "''"]
)  # fmt: skip
EXPRESSIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("({} / {})".format, inner, inner),
        st.builds("({} % {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("Path({}, {})".format, inner, inner),
        st.builds("join({}, {})".format, inner, inner),
        st.builds("dirname({})".format, inner),
        st.builds("({}).parent".format, inner),
        st.builds("({}).parents[3]".format, inner),
        st.builds("({}).format({})".format, inner, inner),
        st.builds("x.get(1, {})".format, inner),
    ),
    max_leaves=8,
)  # fmt: skip


@given(EXPRESSIONS)
def test_any_expression(expression: str) -> None:
    tree = ast.parse(f"{HEAD}RESULT = {expression}\n")
    code = syntax.Code(
        "x.py", "", "x", tree, syntax.walked(tree), {"Path": "pathlib.Path"}, (), (), False
    )
    found = PathReader(syntax.Codebase({"x.py": code}, {})).path(code, code.constants["RESULT"])
    if found is not None:
        assert "\0" not in found.path
        assert found.anchor == "outside" or not found.path.startswith("/")
