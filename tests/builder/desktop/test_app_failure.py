"""What an app's last words mean to the person who built it."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.desktop import app_failure
from builder.problems import Problem
from tests.builder.fake_build import fake_build, write

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
ENVIRON = """Traceback (most recent call last):
  File "/home/app/shop.py", line 3, in <module>
    app.secret_key = os.environ["SHOP_KEY"]
                     ~~~~~~~~~~^^^^^^^^^^^^
  File "<frozen os>", line 679, in __getitem__
KeyError: 'SHOP_KEY'"""
OF_3_10 = """  File "os.py", line 680, in __getitem__
    raise KeyError(key) from None
KeyError: 'SHOP_KEY'"""


def told(folder: Path, text: str, **files: str) -> Problem | None:
    build = fake_build(folder, {"main.py": FLASK, "requirements.txt": "flask", **files})
    return app_failure.of(build, text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        ENVIRON,
        OF_3_10,
        "decouple.UndefinedValueError: SHOP_KEY not found. Declare it as envvar or define one.",
        'environs.exceptions.EnvError: Environment variable "SHOP_KEY" not set',
    ],
)
def test_a_variable_that_only_the_author_has(text: str, tmp_path: Path) -> None:
    problem = told(tmp_path, text)
    assert problem is not None
    assert (problem.code, problem.fixes) == ("trial-variable-missing", ())
    assert "“SHOP_KEY”" in problem.title
    assert problem.evidence


def test_one_that_stands_in_a_file_that_is_not_packed_can_be_packed(tmp_path: Path) -> None:
    files = {".env": "SHOP_KEY=1", "pyproject.toml": '[tool.flet.app]\ninclude = [".well-known"]'}
    problem = told(tmp_path, ENVIRON, **files)
    assert problem is not None
    (fix,) = problem.fixes
    assert fix.data == {"tool.flet.app.include": [".well-known", ".env"]}
    packed = {**files, "pyproject.toml": '[tool.flet.app]\ninclude = [".env"]'}
    again = told(tmp_path, ENVIRON, **packed)
    assert again is not None
    assert again.fixes == ()


def test_any_other_key_is_not_a_variable(tmp_path: Path) -> None:
    assert told(tmp_path, "  File \"shop.py\", line 3, in f\nKeyError: 'SHOP_KEY'") is None


def test_a_database_that_was_made_by_hand(tmp_path: Path) -> None:
    problem = told(tmp_path, "sqlite3.OperationalError: no such table: post")
    assert problem is not None
    assert problem.code == "trial-table-missing"
    assert "“post”" in problem.title


def test_sockets_for_another_server(tmp_path: Path) -> None:
    problem = told(tmp_path, "ValueError: Invalid async_mode specified")
    assert problem is not None
    assert problem.code == "trial-other-server"


def missing(folder: Path, module: str, **files: str) -> Problem | None:
    build = fake_build(folder, {"main.py": FLASK, **files})
    installed = folder / "site-packages"
    write(installed, {"flask/__init__.py": "", "six.py": "", "cv.abi3.so": ""})
    return app_failure.package_missing(build, installed, module, ["its words"])


@pytest.mark.parametrize("module", ["flask.ext", "six", "cv", "tkinter", "shop.goods", "till"])
def test_what_is_there_was_only_not_packed(module: str, tmp_path: Path) -> None:
    assert missing(tmp_path, module, **{"shop/goods.txt": "", "till.py": ""}) is None


def test_a_package_is_added_to_the_list_that_the_project_has(tmp_path: Path) -> None:
    files = {"pyproject.toml": '[project]\nname = "a"\ndependencies = ["flask"]'}
    problem = missing(tmp_path, "PIL.Image", **files)
    assert problem is not None
    (fix,) = problem.fixes
    assert (fix.kind, fix.data) == ("set", {"project.dependencies": ["flask", "pillow"]})


def test_a_project_without_a_list_gets_one(tmp_path: Path) -> None:
    problem = missing(tmp_path, "flask_login")
    assert problem is not None
    (fix,) = problem.fixes
    assert fix.data == {"project.dependencies": ["flask", "flask-login"]}


def test_a_list_of_pip_is_opened(tmp_path: Path) -> None:
    problem = missing(tmp_path, "flask_login", **{"requirements.txt": "flask\n"})
    assert problem is not None
    (fix,) = problem.fixes
    assert fix.kind == "open"
    assert "“flask-login”" in problem.do


def test_who_never_installed_anything_is_not_judged(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"main.py": FLASK})
    assert app_failure.package_missing(build, tmp_path / "none", "nowhere", []) is None
