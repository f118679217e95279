"""What belongs to a Flask app, in the layouts of Flask's documentation and in others."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.flask import app as flask_app
from builder.flask import parts as flask_parts
from builder.flask.parts import FlaskApp

APP = "from flask import Flask\napp = Flask(__name__)\n"
# The app of Flask's tutorial, in its main lines.
FLASKR = {
    "flaskr/__init__.py": """\
import os
from flask import Flask

def create_app(test_config=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(
        SECRET_KEY="dev",
        DATABASE=os.path.join(app.instance_path, "flaskr.sqlite"),
    )
    if test_config is None:
        app.config.from_pyfile("config.py", silent=True)
    os.makedirs(app.instance_path, exist_ok=True)
    return app
""",
    "flaskr/db.py": """\
import sqlite3
from flask import current_app

def get_db():
    return sqlite3.connect(current_app.config["DATABASE"])

def init_db():
    with current_app.open_resource("schema.sql") as f:
        get_db().executescript(f.read())
""",
    "flaskr/schema.sql": "",
    "flaskr/templates/base.html": "",
    "flaskr/templates/auth/login.html": "",
    "flaskr/static/style.css": "",
}


def app(root: Path, files: dict[str, str]) -> FlaskApp:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    found = flask_app.find(root, list(files))
    return flask_parts.read(root, list(files), found)


def folders(found: FlaskApp) -> list[str]:
    return [f"{one.kind} {one.path} {one.files}" for one in found.folders]


def hidden(root: Path, code: str, files: dict[str, str] | None = None) -> list[str]:
    found = app(root, {"hello.py": APP + code + "\n", **(files or {})})
    return [one.module for one in found.hidden_imports]


def test_the_tutorial(tmp_path: Path) -> None:
    found = app(tmp_path, FLASKR)
    assert found.chosen is not None
    assert found.chosen.spec == "flaskr:create_app()"
    assert (found.templates, found.static_files) == (2, 1)
    assert [use.path for use in found.databases] == ["instance/flaskr.sqlite"]
    assert (found.root_path, found.instance) == ("flaskr", "instance")
    assert [(use.path, use.kind, use.writes) for use in found.uses] == [
        ("flaskr/schema.sql", "file", False),
        ("instance", "folder", True),
        ("instance/config.py", "file", False),
        ("instance/flaskr.sqlite", "database", True),
    ]
    assert [use.path for use in found.written] == ["instance", "instance/flaskr.sqlite"]


def test_the_tutorial_in_src(tmp_path: Path) -> None:
    found = app(tmp_path, {f"src/{name}": text for name, text in FLASKR.items()})
    assert (found.root_path, found.instance) == ("src/flaskr", "src/instance")
    assert (found.templates, found.static_files) == (2, 1)


def test_a_single_module(tmp_path: Path) -> None:
    files = {"hello.py": APP, "templates/a.html": "", "static/a.css": "", "static/js/b.js": ""}
    assert folders(app(tmp_path, files)) == ["static static 2", "templates templates 1"]


def test_wsgi_py_beside_the_package(tmp_path: Path) -> None:
    files = {
        "wsgi.py": "from shop import create_app\napp = create_app()\n",
        "shop/__init__.py": "import flask\ndef create_app():\n    return flask.Flask('shop')\n",
        "shop/templates/a.html": "",
        "templates/b.html": "",
    }
    found = app(tmp_path, files)
    assert found.root_path == "shop"
    assert folders(found) == ["templates shop/templates 1"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Flask(__name__, template_folder='views')",
         ["static shop/static 1", "templates shop/views 1"]),
        ("Flask(__name__, static_folder=None)", ["templates shop/templates 1"]),
        ("Flask(__name__, static_folder='../public', template_folder='x')", ["static public 1"]),
        ("Flask('shop')", ["static shop/static 1", "templates shop/templates 1"]),
        ("Flask(__name__.split('.')[0])", ["static shop/static 1", "templates shop/templates 1"]),
        ("Flask('x', root_path='other')", ["templates other/templates 1"]),
        ("Flask(__name__, template_folder=os.path.join(os.path.dirname(__file__), 'views'))",
         ["static shop/static 1", "templates shop/views 1"]),
        ("Flask(__name__, template_folder=unknown)", ["static shop/static 1"]),
    ],
)  # fmt: skip
def test_folders_that_are_named(call: str, expected: list[str], tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/web.py": f"import os\nfrom flask import Flask\napp = {call}\n",
        "shop/views/a.html": "",
        "shop/templates/a.html": "",
        "shop/static/a.css": "",
        "public/a.css": "",
        "other/templates/a.html": "",
    }
    assert folders(app(tmp_path, files)) == expected


def test_blueprints(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": APP,
        "shop/admin/__init__.py": "from flask import Blueprint\n"
        "bp = Blueprint('admin', __name__, template_folder='templates', static_folder='assets')\n"
        "other = Blueprint('other', __name__)\n",
        "shop/admin/templates/admin/a.html": "",
        "shop/admin/assets/a.css": "",
        "shop/admin/static/unused.css": "",
    }
    assert folders(app(tmp_path, files)) == [
        "static shop/admin/assets 1", "templates shop/admin/templates 1"
    ]  # fmt: skip


def test_loaders_translations_and_migrations(tmp_path: Path) -> None:
    code = (
        "import jinja2\nfrom flask_babel import Babel\nfrom flask_migrate import Migrate\n"
        "jinja2.FileSystemLoader('themes')\njinja2.PackageLoader('mail', 'letters')\n"
        "Babel(app)\nMigrate(app, db)\n"
    )
    files = {
        "hello.py": APP + code,
        "themes/a.html": "",
        "mail/__init__.py": "",
        "mail/letters/a.txt": "",
        "translations/de/x.mo": "",
        "migrations/env.py": "",
        "migrations/versions/a.py": "",
    }
    assert folders(app(tmp_path, files)) == [
        "migrations migrations 2", "templates mail/letters 1", "templates themes 1",
        "translations translations 1",
    ]  # fmt: skip


def test_a_folder_in_a_folder_counts_once(tmp_path: Path) -> None:
    code = "import jinja2\njinja2.FileSystemLoader('templates/mail')\n"
    files = {"hello.py": APP + code, "templates/a.html": "", "templates/mail/a.txt": ""}
    assert app(tmp_path, files).templates == 2


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app.run(host='0.0.0.0', port=8000)", ("0.0.0.0", 8000)),
        ("if __name__ == '__main__':\n    app.run(port=8000)", ("", 8000)),
        ("app.run(port=int(os.environ.get('PORT', 5001)))", ("", 5001)),
        ("app.run(port=int(os.getenv('PORT', '5001')))", ("", 5001)),
        ("app.run(port=int(os.getenv('PORT') or 5001))", ("", 5001)),
        ("PORT = 7\napp.run(port=PORT)", ("", 7)),
        ("app.run(debug=True)", ("", 0)),
        ("app.run(port=port)", ("", 0)),
        ("app.run(port=99999)", ("", 0)),
        ("app.run(port=True)", ("", 0)),
        ("from waitress import serve as s\ns(app, host='::1', port=8080)", ("::1", 8080)),
    ],
)  # fmt: skip
def test_what_the_author_serves_it_on(code: str, expected: tuple[str, int], tmp_path: Path) -> None:
    found = app(tmp_path, {"hello.py": "import os\n" + APP + code + "\n"})
    assert (found.host, found.port) == expected


def test_host_and_port_of_flask_run(tmp_path: Path) -> None:
    (tmp_path / ".flaskenv").write_text("FLASK_RUN_PORT=8001\nFLASK_RUN_HOST=0.0.0.0\n")
    found = app(tmp_path, {"hello.py": APP})
    assert (found.host, found.port) == ("0.0.0.0", 8001)
    found = app(tmp_path, {"hello.py": APP + "app.run(port=8000)\n"})
    assert (found.host, found.port) == ("0.0.0.0", 8000)
    (tmp_path / ".flaskenv").write_text("FLASK_RUN_PORT=many\n")
    assert app(tmp_path, {"hello.py": APP}).port == 0


def test_scripts_beside_the_app_do_not_count(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": APP + "from . import views\n",
        "shop/views.py": "open('a.txt')\n",
        "mend.py": "import shop\nopen('b.txt')\n",
        "scripts/build.py": "open('c.txt')\n",
    }
    assert [use.path for use in app(tmp_path, files).uses] == ["a.txt"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("app.jinja_env.add_extension('jinja2.ext.do')", ["jinja2.ext"]),
        ("app.jinja_options = {'extensions': ['jinja2.ext.do', 'my.ext.Thing']}",
         ["jinja2.ext", "my.ext"]),
        ("import jinja2\njinja2.Environment(extensions=['jinja2.ext.i18n'])", ["jinja2.ext"]),
        ("markdown(x, extensions=['markdown.extensions.toc'])", ["markdown.extensions.toc"]),
        ("import importlib\nimportlib.import_module('shop.plugins')", ["shop.plugins"]),
        ("from importlib import import_module\nimport_module('shop.Big')", ["shop.Big"]),
        ("__import__('shop')", ["shop"]),
        ("from werkzeug.utils import import_string as i\ni('shop.tools:run')", ["shop.tools"]),
        ("from werkzeug.utils import import_string as i\ni('shop.tools.Run')", ["shop.tools"]),
        ("app.config.from_object('settings.Local')", ["settings"]),
        ("app.config.from_object('settings')", ["settings"]),
        ("app.config.from_object(f'settings.{name}')", ["settings"]),
        ("app.config.from_object(Local)", []),
        ("U = 'postgresql+psycopg://x'", ["psycopg", "sqlalchemy.dialects.postgresql"]),
        ("U = 'postgresql://x'", ["psycopg2", "sqlalchemy.dialects.postgresql"]),
        ("U = 'postgres://x'", ["psycopg2", "sqlalchemy.dialects.postgresql"]),
        ("U = 'mysql+pymysql://x'", ["pymysql", "sqlalchemy.dialects.mysql"]),
        ("U = f'mysql+mysqlconnector://{x}'", ["mysql.connector", "sqlalchemy.dialects.mysql"]),
        ("U = 'sqlite:///x.db'", ["sqlalchemy.dialects.sqlite", "sqlite3"]),
        ("L = {'class': 'logging.handlers.RotatingFileHandler'}", ["logging.handlers"]),
        ("U = url.replace('postgres://', 'postgresql://')", []),
        ("L = {'class': 'button big'}", []),
        ("import importlib\nimportlib.import_module(name)", []),
        ("import importlib\nimportlib.import_module('a b')", []),
    ],
)  # fmt: skip
def test_imports_that_stand_in_texts(code: str, expected: list[str], tmp_path: Path) -> None:
    assert hidden(tmp_path, code) == expected


def test_a_module_of_the_project_is_told_from_what_is_in_it(tmp_path: Path) -> None:
    files = {"config/__init__.py": "", "config/local.py": ""}
    assert hidden(tmp_path, "app.config.from_object('config.local')", files) == ["config.local"]
    assert hidden(tmp_path, "app.config.from_object('config.local.x')", files) == ["config.local"]


def test_relative_names(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": APP + "import importlib\nimportlib.import_module('.views', __name__)\n",
        "shop/views.py": "import importlib\nimportlib.import_module('.parts', __package__)\n",
        "shop/parts.py": "",
    }
    found = app(tmp_path, files)
    assert [(one.module, one.where) for one in found.hidden_imports] == [
        ("shop.parts", "shop/views.py, line 2"), ("shop.views", "shop/__init__.py, line 4")
    ]  # fmt: skip


def test_no_app_at_all_is_still_read(tmp_path: Path) -> None:
    found = app(tmp_path, {"hello.py": "import flask\nopen('x.txt')\n"})
    assert found.chosen is None
    assert [use.path for use in found.uses] == ["x.txt"]
