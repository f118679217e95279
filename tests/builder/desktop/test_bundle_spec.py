"""What PyInstaller executes: its shortcut through a module's code misses nothing."""

from __future__ import annotations

import argparse
import ast
import asyncio
import collections
import dis
import importlib
import inspect
import pathlib
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from types import CodeType, ModuleType
from typing import Any

import pytest

from builder.stages import freeze

HEEDED = ("IMPORT_NAME", "STORE_NAME", "STORE_GLOBAL", "DELETE_NAME", "DELETE_GLOBAL")
WILD = """
def one():
    import a.b as c, d
    from . import e
    global f
    f = lambda: [g for g in c]
    def two():
        global j
        del j
class Three:
    from i import k
    l = 1
    def four(self):
        return self.l
"""


def reference(code: CodeType) -> Iterator[dis.Instruction]:
    """Every instruction of a module."""
    yield from (one for one in dis.get_instructions(code) if one.opname != "EXTENDED_ARG")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from reference(constant)


def of_spec(name: str) -> Callable[..., Any]:
    """A function of the spec, which runs only inside of PyInstaller as a whole."""
    tree = ast.parse(Path(freeze._SPEC).read_text("utf-8"))
    tree.body = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        or (isinstance(node, ast.Assign) and "heeded" in ast.dump(node.targets[0]))
    ]
    names: dict[str, Any] = {"dis": dis, "pathlib": pathlib, "re": re}
    exec(compile(tree, "bundle.spec", "exec"), names)
    return typing.cast(Callable[..., Any], names[name])


def shortcut() -> Callable[[CodeType], Iterator[Any]]:
    return of_spec("instructions")


def heeded(stream: Iterator[dis.Instruction | None]) -> list[tuple[Any, ...]]:
    """Those that the search heeds, each with the two before it, which say what is imported."""
    found, before = [], collections.deque[Any](maxlen=2)
    for one in filter(None, stream):
        if one.opname in HEEDED:
            said = [b.argval for b in before] if one.opname == "IMPORT_NAME" else []
            found.append((one.opname, one.argval, *said))
        before.append(one)
    return found


@pytest.mark.parametrize("module", [argparse, ast, asyncio, collections, importlib, inspect])
def test_real_modules(module: ModuleType) -> None:
    code = compile(inspect.getsource(module), "module", "exec")
    assert heeded(shortcut()(code)) == heeded(reference(code))


def test_imports_in_the_depth_of_functions_and_classes() -> None:
    code = compile(WILD, "module", "exec")
    found = heeded(shortcut()(code))
    assert found == heeded(reference(code))
    assert {name for kind, name, *_ in found if kind == "IMPORT_NAME"} == {"a.b", "d", "", "i"}


class Installed:
    """A package as the metadata of an environment tell of it."""

    def __init__(self, *files: str, needs: list[str] | None = None) -> None:
        self.files = [PurePosixPath(file) for file in files]
        self.requires = needs


def test_a_package_may_be_imported_by_another_name() -> None:
    bootstrap = Installed(
        "flask_bootstrap/__init__.py", "flask_bootstrap/templates/base.html", "single.py",
        "../../../bin/tool.py", "bootstrap_flask-2.dist-info/METADATA",
    )  # fmt: skip
    assert of_spec("packages")(bootstrap) == {"flask_bootstrap"}


@pytest.mark.parametrize(
    ("needs", "is_one"),
    [
        (["Flask>=2"], True),
        (["flask-sqlalchemy"], True),
        (["requests", 'flask; extra == "web"'], False),
        (None, False),
    ],
)
def test_what_extends_flask_is_told_by_what_it_needs(needs: list[str] | None, is_one: bool) -> None:
    assert of_spec("is_of_flask")(Installed(needs=needs)) == is_one


@pytest.mark.parametrize(
    ("file", "is_of_use"),
    [
        ("shop-1.dist-info/METADATA", True),
        ("shop-1.dist-info/RECORD", True),
        ("shop-1.dist-info/licenses/INSTALLER", True),
        ("shop/sboms/list.json", True),
        ("INSTALLER", True),
        ("shop-1.dist-info/INSTALLER", False),
        ("shop-1.dist-info/direct_url.json", False),
        (str(Path("shop-1.dist-info", "sboms", "shop.cdx.json")), False),
    ],
)
def test_how_a_package_came_to_the_developer_stays_there(file: str, is_of_use: bool) -> None:
    assert of_spec("is_of_use")(file) == is_of_use


class Graph:
    """What PyInstaller found out: which modules and scripts import one."""

    def __init__(self, **users: list[str]) -> None:
        self._users = users

    def get_code_using(self, module: str) -> dict[str, None]:
        return dict.fromkeys(self._users.get(module.replace(".", "_"), []))


LENT = {"flask.cli", "setuptools", "setuptools._vendor.importlib_metadata", "distutils.version"}


@pytest.mark.parametrize(
    ("users", "is_lent"),
    [
        ({}, True),
        ({"setuptools__vendor_importlib_metadata": ["flask.cli"]}, True),
        (
            {"distutils_version": ["setuptools"], "setuptools": ["/hooks/pyi_rth_setuptools.py"]},
            True,
        ),
        ({"distutils_version": ["flask.cli"]}, False),
        ({"setuptools": ["flask.cli"]}, False),
    ],
)
def test_setuptools_comes_along_only_where_it_is_imported(
    users: dict[str, list[str]], is_lent: bool
) -> None:
    assert of_spec("is_lent")(Graph(**users), LENT) == is_lent


@pytest.mark.parametrize(
    ("name", "is_of_it"),
    [
        ("setuptools.dist", True),
        ("distutils", True),
        ("pyi_rth_setuptools", True),
        ("setuptools/_vendor/a.txt", True),
        ("setuptools\\_vendor\\a.txt", True),
        ("setuptools_scm", False),
        ("flask/setuptools", False),
    ],
)
def test_what_is_of_setuptools(name: str, is_of_it: bool) -> None:
    assert of_spec("is_of_setuptools")(name) == is_of_it


def test_tests_are_no_part_of_an_app() -> None:
    is_no_test = of_spec("is_no_test")
    assert is_no_test("celery.contrib.testing")
    assert not is_no_test("pandas.tests.frame")
