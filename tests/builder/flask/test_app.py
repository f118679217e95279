"""Finding the Flask app: the layouts of Flask's documentation, what people write, and wild code."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.flask.app import Choice, FlaskFound, find
from builder.flask.problems import SETTING
from builder.problems import Problem

APP = "from flask import Flask\napp = Flask(__name__)\n"
FACTORY = """\
from flask import Flask

def create_app(test_config=None):
    app = Flask(__name__, instance_relative_config=True)
    return app
"""


def found(root: Path, files: dict[str, str], *choices: Choice) -> FlaskFound:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return find(root, [name for name in files if not name.startswith(".")], choices)


def chosen(root: Path, files: dict[str, str], *choices: Choice) -> str:
    """Notation, file and line of the app that is meant, or the code of the problem."""
    result = found(root, files, *choices)
    if result.chosen is None:
        return result.problems[-1].code
    return f"{result.chosen.spec} {result.chosen.file}:{result.chosen.line}"


def only(result: FlaskFound) -> Problem:
    (problem,) = result.problems
    return problem


# The layouts of Flask's documentation.


def test_a_single_module(tmp_path: Path) -> None:
    result = found(tmp_path, {"hello.py": APP})
    assert result.chosen is not None
    assert result.chosen.spec == "hello:app"
    assert (result.chosen.module, result.chosen.name, result.chosen.root) == ("hello", "app", "")
    assert (result.chosen.file, result.chosen.line, result.chosen.kind) == ("hello.py", 2, "app")
    assert result.chosen.where == "hello.py, line 2"
    assert not result.problems
    assert not result.said_by


def test_a_factory_in_a_package(tmp_path: Path) -> None:
    files = {"flaskr/__init__.py": FACTORY, "flaskr/db.py": "import sqlite3\n"}
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert result.chosen.spec == "flaskr:create_app()"
    assert (result.chosen.kind, result.chosen.needs) == ("factory", ())


def test_the_tutorial_with_its_tests(tmp_path: Path) -> None:
    files = {
        "flaskr/__init__.py": FACTORY,
        "flaskr/auth.py": "from flask import Blueprint\nbp = Blueprint('auth', __name__)\n",
        "tests/conftest.py": "import pytest\nfrom flaskr import create_app\n@pytest.fixture\n"
        "def app():\n    app = create_app({'TESTING': True})\n    yield app\n",
        "tests/test_factory.py": "from flaskr import create_app\napp = create_app()\n",
    }
    assert chosen(tmp_path, files) == "flaskr:create_app() flaskr/__init__.py:3"


def test_a_package_in_src(tmp_path: Path) -> None:
    result = found(tmp_path, {"src/flaskr/__init__.py": FACTORY})
    assert result.chosen is not None
    assert result.chosen.spec == "flaskr:create_app()"
    assert result.chosen.root == "src"


def test_a_large_app_as_a_package(tmp_path: Path) -> None:
    files = {
        "yourapplication/__init__.py": APP + "import yourapplication.views\n",
        "yourapplication/views.py": "from yourapplication import app\n@app.route('/')\n"
        "def index(): return ''\n",
    }
    assert chosen(tmp_path, files) == "yourapplication:app yourapplication/__init__.py:2"


def test_wsgi_py_calls_the_factory(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": FACTORY,
        "wsgi.py": "from shop import create_app\n\napp = create_app()\n",
        "celery_worker.py": "from shop import create_app\napp = create_app()\n",
    }
    result = found(tmp_path, files)
    assert [one.spec for one in result.candidates] == ["wsgi:app", "celery_worker:app"]
    assert result.chosen == result.candidates[0]


def test_an_app_that_is_made_for_other_work(tmp_path: Path) -> None:
    factory = FACTORY.replace("test_config=None", "mode")
    files = {
        "make_celery.py": "from shop import create_app\nflask_app = create_app('x')\n",
        "shop/__init__.py": FACTORY,
    }
    assert chosen(tmp_path, files).startswith("shop:create_app() ")
    # But where the other one cannot be made without knowing more:
    files["shop/__init__.py"] = factory
    assert chosen(tmp_path, files).startswith("make_celery:flask_app ")


def test_wsgi_py_imports_the_app(tmp_path: Path) -> None:
    files = {"shop/__init__.py": APP, "wsgi.py": "from shop import app as application\n"}
    assert chosen(tmp_path, files) == "wsgi:application wsgi.py:1"


def test_wsgi_py_goes_before_app_py(tmp_path: Path) -> None:
    assert chosen(tmp_path, {"app.py": APP, "wsgi.py": APP}).startswith("wsgi:app ")
    assert chosen(tmp_path / "b", {"app.py": APP, "shop.py": APP}).startswith("app:app ")


def test_a_file_that_runs_the_app(tmp_path: Path) -> None:
    files = {
        "microblog.py": "from app import create_app\napp = create_app()\n"
        "if __name__ == '__main__':\n    app.run(port=8000)\n",
        "app/__init__.py": FACTORY.replace("test_config=None", "config_class=object"),
        "seed.py": "from app import create_app\napp = create_app()\n",
    }
    assert chosen(tmp_path, files).startswith("microblog:app ")


def test_a_guard_that_makes_the_app_tells_which_factory(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": FACTORY,
        "admin/__init__.py": FACTORY,
        "run.py": "from shop import create_app\nif __name__ == '__main__':\n"
        "    create_app().run()\n",
    }
    assert chosen(tmp_path, files).startswith("shop:create_app() ")


def test_a_guard_tells_what_the_factory_needs(tmp_path: Path) -> None:
    factory = FACTORY.replace("test_config=None", "mode")
    files = {
        "shop/__init__.py": factory,
        "run.py": "from shop import create_app\nif __name__ == '__main__':\n"
        "    app = create_app('local')\n    app.run()\n",
    }
    assert chosen(tmp_path, files).startswith("shop:create_app('local') ")


# The ways to write it.


@pytest.mark.parametrize(
    "code",
    [
        "from flask import Flask as F\napp = F(__name__)",
        "import flask\napp = flask.Flask(__name__)",
        "import flask as f\napp = f.Flask(__name__)",
        "from flask import *\napp = Flask(__name__)",
        "from flask.app import Flask\napp = Flask(__name__)",
        "from flask import Flask\napp: Flask = Flask(__name__)",
        "from flask import Flask\nfrom x import build\napp: Flask = build()",
        "from flask import Flask\nfrom x import build\napp: 'Flask' = build()",
        "from flask import Flask\nclass Shop(Flask):\n    pass\napp = Shop(__name__)",
        "import flask\nclass A(flask.Flask): pass\nclass B(A): pass\napp = B('x')",
        "from flask import Flask\nif True:\n    app = Flask(__name__)",
        "from flask import Flask\ntry:\n    app = Flask(__name__)\nexcept OSError:\n    app = None",
        "from flask import Flask\nif 0:\n    app = None\nelse:\n    app = Flask(__name__)",
        "from flask import Flask\napp, db = Flask(__name__), None",
        "from flask import Flask\napp = application = Flask(__name__)",
        "from flask import Flask\nmain = app = Flask(__name__)\napplication = app",
        "from apiflask import APIFlask\napp = APIFlask(__name__)",
        "from flask import Flask\ndef make_app():\n    return Flask('x')\napp = make_app()",
        "from flask import Flask\ndef build():\n    a = Flask('x')\n    return a\napp = build()",
        "from flask import Flask\ndef build() -> Flask:\n    return load()\napp = build()",
        "from flask import Flask\nfrom werkzeug.middleware.proxy_fix import ProxyFix\n"
        "app = Flask(__name__)\napp = ProxyFix(app)",
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
        "db = SQLAlchemy(app)",
        "from flask import Flask\napp = Flask(__name__)\nadmin = Flask('admin')",
    ],
)  # fmt: skip
def test_code_that_holds_an_app(code: str, tmp_path: Path) -> None:
    result = found(tmp_path, {"shop.py": code})
    assert result.chosen is not None
    assert result.chosen.spec == "shop:app"


@pytest.mark.parametrize(
    "code",
    [
        "from flask import Flask\ndef create_app(a=1, *b, c=2, **d):\n    return Flask('x')",
        "from flask import Flask\ndef create_app():\n    with x:\n        app = Flask('x')\n"
        "        return app",
        "def create_app():\n    from flask import Flask\n    return Flask('x')",
        "import flask, functools\n@functools.lru_cache\ndef create_app():\n"
        "    return flask.Flask('x')",
        "from flask import Flask\ndef _new(c):\n    return Flask('x')\n"
        "def create_app():\n    app = _new(1)\n    return app",
        "import flask\ndef create_app():\n    return load_it()",
        # What is left to do for the app is done there.
        "from flask import Flask\napp = Flask(__name__)\ndef create_app():\n    return app",
    ],
)
def test_code_that_holds_a_factory(code: str, tmp_path: Path) -> None:
    result = found(tmp_path, {"shop.py": code})
    assert result.chosen is not None
    assert result.chosen.spec == "shop:create_app()"


def test_a_factory_of_any_name(tmp_path: Path) -> None:
    code = "from flask import Flask\ndef shop():\n    web = Flask('x')\n    return web\n"
    assert chosen(tmp_path, {"main.py": code}) == "main:shop() main.py:2"


@pytest.mark.parametrize(
    "code",
    [
        "from quart import Quart\napp = Quart(__name__)",
        "from fastapi import FastAPI\napp = FastAPI()",
        "from dash import Dash\napp = Dash(__name__)",
        "from flask import Blueprint\napp = Blueprint('app', __name__)",
        "from flask_sqlalchemy import SQLAlchemy\napp = SQLAlchemy()",
        "from flask import current_app as app",
        "from flask import current_app\napp = current_app",
        "class Flask: pass\napp = Flask()",
        "# flask\napp = Flask(__name__)",
        "from .flask import Flask\napp = Flask(__name__)",
        "from flask import Flask\ndef create_app():\n    return 3",
        "from flask import Flask\ndef create_app():\n    pass",
        "from flask import request\ndef helper():\n    return request.args",
    ],
)
def test_code_that_holds_none(code: str, tmp_path: Path) -> None:
    assert chosen(tmp_path, {"shop.py": code}) == "no-flask-app"


@pytest.mark.parametrize(
    "code",
    [
        "from flask import Flask\ndef main():\n    app = Flask('x')\n    app.run()\nmain()",
        "from flask import Flask\nif __name__ == '__main__':\n    app = Flask('x')\n    app.run()",
        "from flask import Flask\nclass Server:\n    app = Flask('x')",
        "from flask import Flask\nasync def create():\n    return Flask('x')",
        "from flask import Flask\ndef create():\n    yield Flask('x')",
        "import pytest, flask\n@pytest.fixture\ndef app():\n    return flask.Flask('x')",
        "from flask import Flask\ndef outer():\n    def create():\n        return Flask('x')",
    ],
)
def test_an_app_that_nothing_can_reach(code: str, tmp_path: Path) -> None:
    problem = only(found(tmp_path, {"shop.py": code}))
    assert problem.code == "flask-app-out-of-reach"
    assert problem.where.startswith("shop.py, line ")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("app = Flask('a')\napp = None\nweb = Flask('b')", "web"),
        ("app = None\napp = Flask('a')", "app"),
        ("app = Flask('a')\nif x:\n    app = None", "app"),
        ("app = Flask('a')\napp = wrapped(app)", "app"),
        ("web = Flask('a')\napp = web", "app"),
        ("application = Flask('a')\nweb = Flask('b')\napp = web", "app"),
    ],
)
def test_a_name_that_is_given_twice(code: str, name: str, tmp_path: Path) -> None:
    result = found(tmp_path, {"shop.py": f"from flask import Flask\n{code}\n"})
    assert result.chosen is not None
    assert result.chosen.name == name


def test_names_that_lead_in_a_circle(tmp_path: Path) -> None:
    files = {"a.py": "from b import app\n# flask", "b.py": "from a import app\n# flask"}
    assert chosen(tmp_path, files) == "no-flask-app"


def test_through_other_modules(tmp_path: Path) -> None:
    files = {
        "shop/base.py": "from flask import Flask\nclass Shop(Flask): pass\n",
        "shop/making.py": "from .base import Shop\n\ndef create_app():\n    return Shop('x')\n",
        "shop/__init__.py": "from .making import create_app\n",
        "serve.py": "import shop.making\napp = shop.making.create_app()\n",
    }
    assert chosen(tmp_path, files) == "serve:app serve.py:2"


def test_through_a_star(tmp_path: Path) -> None:
    files = {"core.py": FACTORY, "wsgi.py": "from core import *\napp = create_app()\n"}
    assert chosen(tmp_path, files) == "wsgi:app wsgi.py:2"


def test_importing_it_starts_a_server(tmp_path: Path) -> None:
    result = found(tmp_path, {"hello.py": APP + "app.run(port=8000)\n"})
    assert result.chosen is not None
    assert result.chosen.blocks
    code = "from waitress import serve\nfrom flask import Flask\napp = Flask('x')\nserve(app)\n"
    result = found(tmp_path / "b", {"hello.py": code})
    assert result.chosen is not None
    assert result.chosen.blocks
    guarded = APP + "if __name__ == '__main__':\n    app.run()\n"
    result = found(tmp_path / "c", {"hello.py": guarded})
    assert result.chosen is not None
    assert not result.chosen.blocks


# Folders.


def test_a_folder_that_is_no_package_is_the_root_of_its_files(tmp_path: Path) -> None:
    files = {"server/app.py": "import models\n" + APP, "server/models.py": ""}
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert (result.chosen.root, result.chosen.spec) == ("server", "app:app")


def test_unless_the_project_imports_them_by_the_folder(tmp_path: Path) -> None:
    files = {"server/app.py": "import server.models\n" + APP, "server/models.py": ""}
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert (result.chosen.root, result.chosen.spec) == ("", "server.app:app")


def test_or_relatively(tmp_path: Path) -> None:
    files = {"server/app.py": "from . import models\n" + APP, "server/models.py": ""}
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert (result.chosen.root, result.chosen.spec) == ("", "server.app:app")


def test_a_package_in_a_folder(tmp_path: Path) -> None:
    files = {
        "backend/shop/__init__.py": "from .making import create_app\n",
        "backend/shop/making.py": FACTORY,
        "backend/run.py": "from shop import create_app\napp = create_app()\n",
    }
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert (result.chosen.root, result.chosen.spec) == ("backend", "run:app")


@pytest.mark.parametrize(
    "aside", ["tests/test_app.py", "examples/app.py", "docs/app.py", "conftest.py", "test_x.py"]
)
def test_an_example_is_no_rival(aside: str, tmp_path: Path) -> None:
    result = found(tmp_path, {"shop/__init__.py": APP, aside: APP})
    assert [one.spec for one in result.candidates] == ["shop:app"]


def test_an_example_that_is_all_there_is(tmp_path: Path) -> None:
    assert chosen(tmp_path, {"examples/app.py": APP}).startswith("app:app ")


def test_the_project_is_itself_the_package(tmp_path: Path) -> None:
    result = found(tmp_path / "shop", {"__init__.py": "from . import views\n" + APP})
    assert result.chosen is not None
    problem = only(result)
    assert problem.code == "flask-folder-is-the-package"
    assert str(tmp_path) in problem.do


# Several.


def test_three_apps_are_a_question(tmp_path: Path) -> None:
    result = found(tmp_path, {"a.py": APP, "b.py": APP, "c.py": APP})
    assert result.chosen is None
    problem = only(result)
    assert problem.code == "flask-app-ambiguous"
    assert "3 Flask apps" in problem.title
    assert "app in a.py, line 2" in problem.why
    assert [dict(fix.data) for fix in problem.fixes] == [
        {SETTING: "a:app"}, {SETTING: "b:app"}, {SETTING: "c:app"}
    ]  # fmt: skip


def test_no_more_than_four_clicks(tmp_path: Path) -> None:
    problem = only(found(tmp_path, {f"{name}.py": APP for name in "abcdef"}))
    assert len(problem.fixes) == 4
    assert "and 2 more" in problem.why


def test_services_in_folders_of_their_own_have_names_of_their_own(tmp_path: Path) -> None:
    result = found(tmp_path, {"mail/app.py": APP, "shop/app.py": APP})
    fixes = [dict(fix.data) for fix in only(result).fixes]
    assert fixes == [{SETTING: "mail/app.py:app"}, {SETTING: "shop/app.py:app"}]
    named = found(tmp_path, {"mail/app.py": APP}, Choice("shop/app.py:app", SETTING))
    assert named.chosen is None
    files = {"mail/app.py": APP, "shop/app.py": APP}
    named = found(tmp_path, files, Choice("shop/app.py:app", SETTING))
    assert named.chosen is not None
    assert named.chosen.root == "shop"


def test_two_of_one_module_that_flask_would_refuse(tmp_path: Path) -> None:
    code = "from flask import Flask\none = Flask('a')\ntwo = Flask('b')\n"
    assert chosen(tmp_path, {"shop.py": code}) == "flask-app-ambiguous"
    assert chosen(tmp_path, {"app.py": code}) == "flask-app-ambiguous"


def test_a_factory_that_needs_something(tmp_path: Path) -> None:
    factory = "from flask import Flask\ndef create_app(config, *, debug):\n    return Flask('x')\n"
    result = found(tmp_path, {"shop.py": factory})
    assert result.chosen is None
    assert result.candidates[0].needs == ("config", "debug")
    problem = only(result)
    assert problem.code == "flask-factory-needs-arguments"
    assert "without config, debug" in problem.title
    assert "shop:create_app(config=…, debug=…)" in problem.do


def test_one_that_needs_nothing_goes_before_it(tmp_path: Path) -> None:
    factory = "from flask import Flask\ndef create_app(config):\n    return Flask('x')\n"
    files = {"shop.py": factory, "web.py": "import shop\nweb = shop.create_app('x')\n"}
    assert chosen(tmp_path, files) == "web:web web.py:2"


# Who says it.


@pytest.mark.parametrize("spec", ["b", "b.py", "b:app", " b : app ", "./b.py", "b.py:app"])
def test_flask_app_decides(spec: str, tmp_path: Path) -> None:
    result = found(tmp_path, {"a.py": APP, "b.py": APP, ".flaskenv": f"FLASK_APP='{spec}'\n"})
    assert result.chosen is not None
    assert result.chosen.spec == "b:app"
    assert result.said_by == ".flaskenv, line 1"
    assert [one.spec for one in result.candidates] == ["b:app", "a:app"]
    assert not result.problems


def test_env_goes_before_flaskenv(tmp_path: Path) -> None:
    files = {"a.py": APP, "b.py": APP, ".flaskenv": "FLASK_APP=a\n", ".env": "X=1\nFLASK_APP=b\n"}
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert (result.chosen.module, result.said_by) == ("b", ".env, line 2")


def test_the_setting_goes_before_both(tmp_path: Path) -> None:
    files = {"a.py": APP, "b.py": APP, ".env": "FLASK_APP=b\n"}
    result = found(tmp_path, files, Choice("a:app", SETTING, "pyproject.toml, line 2"))
    assert result.chosen is not None
    assert (result.chosen.module, result.said_by) == ("a", "pyproject.toml, line 2")


def test_flask_app_gives_what_the_factory_needs(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": FACTORY.replace("test_config=None", "mode"),
        ".flaskenv": "FLASK_APP=\"shop:create_app('local')\"\n",
    }
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert result.chosen.spec == "shop:create_app('local')"
    assert (result.chosen.plain, result.chosen.needs, result.chosen.line) == ("create_app", (), 3)


def test_flask_app_names_a_factory_by_its_name_alone(tmp_path: Path) -> None:
    files = {"shop.py": FACTORY.replace("create_app", "build"), ".flaskenv": "FLASK_APP=shop:build"}
    result = found(tmp_path, files)
    assert result.chosen is not None
    assert result.chosen.spec == "shop:build()"


def test_an_app_that_is_made_in_a_way_we_do_not_see_through(tmp_path: Path) -> None:
    code = "import flask, plugins\nweb = plugins.load('web')\n"
    result = found(tmp_path, {"shop.py": code}, Choice("shop:web", SETTING))
    assert result.chosen is not None
    assert result.chosen.spec == "shop:web"
    result = found(tmp_path, {"shop.py": code}, Choice("shop:web()", SETTING))
    assert result.chosen is not None
    assert (result.chosen.spec, result.chosen.kind) == ("shop:web()", "factory")


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("gone", "is the module “gone”"),
        ("gone/app.py:app", "is the module “gone/app.py”"),
        ("shop:gone", "Nothing in shop.py is called gone"),
        ("bare", "bare.py holds neither"),
        ("two", "two.py holds more than one app"),
        ("shop:a.b", "“a.b”"),
        ("shop:create_app(x)", "“create_app(x)”"),
        ("shop:(", "“(”"),
        ("", "is the module “”"),
        (":app", "is the module “”"),
    ],
)
def test_a_setting_that_leads_nowhere(spec: str, why: str, tmp_path: Path) -> None:
    files = {
        "shop.py": APP,
        "bare.py": "import flask\n",
        "two.py": "from flask import Flask\na = Flask('a')\nb = Flask('b')\n",
    }
    result = found(tmp_path, files, Choice(spec, SETTING, "pyproject.toml, line 9"))
    assert result.chosen is None
    problem = only(result)
    assert (problem.code, problem.severity) == ("flask-app-not-found", "error")
    assert why in problem.why
    assert problem.where == "pyproject.toml, line 9"
    assert dict(problem.fixes[-1].data) == {SETTING: None}


def test_flask_app_that_leads_nowhere_is_told_and_passed_over(tmp_path: Path) -> None:
    result = found(tmp_path, {"shop.py": APP, ".flaskenv": "FLASK_APP=old\n"})
    assert result.chosen is not None
    problem = only(result)
    assert (problem.code, problem.severity) == ("flask-app-not-found", "warn")
    assert problem.where == ".flaskenv, line 1"


def test_a_factory_that_flask_app_names_without_what_it_needs(tmp_path: Path) -> None:
    files = {"shop.py": FACTORY.replace("test_config=None", "mode"), ".env": "FLASK_APP=shop"}
    problem = only(found(tmp_path, files))
    assert (problem.code, problem.severity) == ("flask-factory-needs-arguments", "error")


def test_none_says_what_was_looked_for(tmp_path: Path) -> None:
    problem = only(found(tmp_path, {"shop.py": "import flask\n"}))
    assert problem.code == "no-flask-app"
    for word in ("Flask(", "create_app", "wsgi.py", "FLASK_APP"):
        assert word in problem.why


# Wild sources.

WORDS = st.sampled_from(
    ["from flask import Flask", "from flask import *", "import shop", "from shop import app",
     "from . import app", "from .. import x", "app = Flask(__name__)", "app = app", "app = b()",
     "def b():", "    return app", "    return b()", "    app = Flask('x')", "class B(B):",
     "    pass", "class C(Flask):", "app: 'Flask' = C()", "app: '(' = 1",
     "if __name__ == '__main__':",
     "    app.run()", "    b(1)", "a, b = Flask(1), b", "app = app()()", "app = (x := Flask(1))",
     "@app.route", "\0", "try:", "except: pass", "from shop import *", "app.a.b.c = 1"]
)  # fmt: skip


@given(
    st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8), st.text("shopap:.()/'\\", max_size=12)
)
def test_whatever_the_code_holds(
    tmp_path_factory: pytest.TempPathFactory, one: list[str], two: list[str], spec: str
) -> None:
    folder = tmp_path_factory.mktemp("p")
    files = {"shop.py": "\n".join(one), "app.py": "# flask\n" + "\n".join(two)}
    result = found(folder, files)
    assert result.chosen is not None or result.problems
    found(folder, files, Choice(spec, SETTING))


@pytest.mark.parametrize(
    "raw",
    [
        b"\0flask", b"\xff flask", b"# flask\n" + b"(" * 10_000,
        b"# flask\n" + b"-" * 200_000 + b"1", b"# flask\nx = " + b"+".join([b"'a'"] * 3_000),
        b"# flask\n" + b" " * 1_000_001,
        b"# flask\n" + b"".join(b"a%d = a%d\n" % (n, n + 1) for n in range(2_000)),
        b"# flask\n" + b"".join(b"class A%d(A%d): 0\n" % (n, n + 1) for n in range(2_000)),
        b"# flask\napp = " + b"f" + b"()" * 500, b"# flask\napp = a" + b".b" * 500,
        "# -*- coding: latin-1 -*-\nfrom flask import Flask\nx = 'é'\n".encode("latin-1"),
    ],
)  # fmt: skip
def test_what_is_hardly_code(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_bytes(raw)
    assert find(tmp_path, ["shop.py", "gone.py"]).chosen is None


def test_latin_1_with_its_mark_is_code(tmp_path: Path) -> None:
    raw = f"# -*- coding: latin-1 -*-\n{APP}x = 'é'\n".encode("latin-1")
    (tmp_path / "shop.py").write_bytes(raw)
    assert find(tmp_path, ["shop.py"]).chosen is not None
