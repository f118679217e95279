"""What PyInstaller is told that an app imports."""

from __future__ import annotations

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.code import syntax
from builder.desktop import imports


def project(folder: Path, **files: str) -> list[str]:
    names = []
    for name, text in files.items():
        path = folder / f"{name.replace('__in__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        names.append(path.relative_to(folder).as_posix())
    return names


def test_only_what_is_not_the_apps_own(tmp_path: Path) -> None:
    files = project(
        tmp_path,
        main="import os, views\nfrom flask import Flask, json as j\nfrom . import x\nimport a.b",
        views="from shop.models import Item\nfrom __future__ import annotations",
        shop__in__models="def f():\n    import sqlalchemy.orm",
    )
    assert imports.of(tmp_path, files) == [
        "from flask import Flask",
        "from flask import json",
        "import a.b",
        "import os",
        "import sqlalchemy.orm",
    ]


def test_a_module_that_is_run_in_a_process_of_its_own(tmp_path: Path) -> None:
    files = project(tmp_path, a='run([sys.executable, "-m", "json.tool", "x"]); [1, "-m", "no"]')
    assert imports.of(tmp_path, files) == ["import json.tool", "import json.tool.__main__"]


def test_a_star_is_an_import_of_the_module(tmp_path: Path) -> None:
    assert imports.of(tmp_path, project(tmp_path, a="from tkinter import *")) == ["import tkinter"]


def test_what_cannot_be_read_has_none(tmp_path: Path) -> None:
    files = project(tmp_path, a="def (", b="import os")
    (tmp_path / "c.py").write_bytes(b"\xff\xfe\x00 not python")
    assert imports.of(tmp_path, [*files, "c.py", "gone.py"]) == ["import os"]


def test_a_file_is_understood_once_and_again_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes | str] = []
    parse = syntax.parse
    monkeypatch.setattr(syntax, "parse", lambda raw: (read.append(raw), parse(raw))[1])
    files = project(tmp_path, a="import os")
    assert [imports.of(tmp_path, files) for _ in range(2)] == [["import os"]] * 2
    assert len(read) == 1
    project(tmp_path, a="import os, sys")
    assert imports.of(tmp_path, files) == ["import os", "import sys"]


def test_what_packages_import_by_names_in_texts() -> None:
    assert imports.of_packages(["flask", "python-engineio"]) == ["engineio.async_drivers.threading"]
    assert imports.whole(["flask"], []) == []
    assert imports.whole(["celery"], []) == ["celery", "kombu"]


def test_what_was_missing_comes_with_those_beside_it() -> None:
    assert imports.whole([], ["a.drivers.one", "a.drivers.two", "b"]) == ["a.drivers", "b"]


def test_the_module_never_runs_them(tmp_path: Path) -> None:
    text = imports.module(["import nowhere.at_all"], ["some.more", "no; name", "class"])
    scope: dict[str, object] = {}
    exec(compile(text, "m", "exec"), scope)
    assert "nowhere.at_all" in text
    assert "some.more" in text
    assert "no; name" not in text


def test_no_imports_are_a_module_too() -> None:
    ast.parse(imports.module([]))


@given(st.text())
def test_wild_files_never_raise(text: str) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.py").write_text(text, encoding="utf-8", errors="surrogatepass")
        ast.parse(imports.module(imports.of(Path(folder), ["a.py"])))


@given(st.lists(st.text()))
def test_wild_names_make_no_broken_module(names: list[str]) -> None:
    ast.parse(imports.module([], names))
