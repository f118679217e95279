"""Reading projects: right ones, odd ones, and wrong ones that must never raise."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.problems import Problem
from builder.project import Project, read
from builder.settings import save

FLET = "import flet as ft\n\ndef main(page):\n    page.add(ft.Text('hi'))\n\nft.run(main)\n"
FLASK = "from flask import Flask\n\napp = Flask(__name__)\n"


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def app(root: Path, files: dict[str, str]) -> Project:
    return read(write(root, **files))


def codes(project: Project) -> list[str]:
    return [problem.code for problem in project.problems]


def only(project: Project) -> Problem:
    (problem,) = project.problems
    return problem


def test_a_flet_app(tmp_path: Path) -> None:
    project = app(
        tmp_path,
        {
            "main.py": FLET,
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["flet"]\n',
        },
    )
    assert project.kind == "flet"
    assert project.module == "main"
    assert project.candidates == ["main.py"]
    assert project.folder == project.app_folder == tmp_path.resolve()
    assert [(need.text, need.where) for need in project.requirements] == [
        ("flet", "pyproject.toml, line 4")
    ]
    assert project.files == 2
    assert project.bytes == sum(file.stat().st_size for file in tmp_path.iterdir())
    assert not project.problems


def test_reading_changes_nothing(tmp_path: Path) -> None:
    app(tmp_path, {"main.py": FLET, "sub/helper.py": "raise SystemExit"})
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["helper.py", "main.py", "sub"]


@pytest.mark.parametrize("name", ["with space", "it's", 'a "quote"', "größe", "日本", "x" * 200])
def test_any_folder_name(tmp_path: Path, name: str) -> None:
    if '"' in name and sys.platform == "win32":
        pytest.skip("Windows refuses quotes in names")
    assert app(tmp_path / name, {"main.py": FLET}).module == "main"


# What it is made with.


def test_flask_by_its_import(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": FLASK})
    assert project.kind == "flask"
    assert codes(project) == []


def test_flet_by_a_module_below(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": "from pages.home import run\n", "pages/home.py": FLET})
    assert project.kind == "flet"


def test_flask_by_its_requirement(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": "import web\n", "requirements.txt": "Flask>=3\n"})
    assert project.kind == "flask"


def test_neither(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": "print('hello')\n"})
    assert project.kind == "unknown"
    assert codes(project) == ["no-framework-found"]


def test_flet_is_not_asked_for(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": FLET, "requirements.txt": "httpx\n"})
    assert codes(project) == ["requirement-flet-missing"]


def test_flet_is_not_missed_in_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, **{"main.py": FLET, "pyproject.toml": '[project]\ndependencies = "flet"\n'})
    assert "requirement-flet-missing" not in codes(read(tmp_path))


def test_an_app_folder_that_may_not_be_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, **{"src/main.py": FLET, "pyproject.toml": '[tool.flet.app]\npath = "src"\n'})
    # Not with `chmod`, which stops no user who runs the tests as root.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "src")
    project = read(tmp_path)
    assert codes(project) == ["folder-not-readable"]
    assert only(project).where == str(tmp_path.resolve() / "src")


# Where it starts.


def test_the_entry_point_is_named_by_an_option(tmp_path: Path) -> None:
    write(tmp_path, **{"main.py": FLET, "start.py": FLET})
    assert read(tmp_path, module="start.py").module == "start"
    assert read(tmp_path, module="start").module == "start"


def test_the_entry_point_is_named_by_a_setting(tmp_path: Path) -> None:
    settings = '[tool.flet.app]\npath = "src"\nmodule = "start"\n'
    project = app(tmp_path, {"src/start.py": FLET, "pyproject.toml": settings})
    assert project.module == "start"
    assert project.app_folder == tmp_path.resolve() / "src"
    assert project.files == 1


def test_the_setting_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    settings = '[tool.flet.app]\nmodule = "start"\n'
    problem = only(app(tmp_path, {"main.py": FLET, "pyproject.toml": settings}))
    assert problem.code == "entry-point-not-found"
    assert problem.where == "pyproject.toml, line 2"
    assert problem.fixes[0].data == {"tool.flet.app.module": None}


def test_the_option_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, **{"main.py": FLET})
    problem = only(read(tmp_path, module="start"))
    assert problem.where == "--module-name"
    assert not problem.fixes


def test_one_candidate_is_one_click(tmp_path: Path) -> None:
    project = app(tmp_path, {"app.py": FLET, "library.py": "x = 1\n"})
    problem = only(project)
    assert problem.code == "no-entry-point"
    assert project.module == ""
    assert project.candidates == ["app.py"]
    assert [fix.data for fix in problem.fixes] == [{"tool.flet.app.module": "app"}]


def test_two_candidates_are_a_question(tmp_path: Path) -> None:
    project = app(tmp_path, {"app.py": FLET, "shop.py": FLET, "test_shop.py": FLET})
    problem = only(project)
    assert problem.code == "entry-point-ambiguous"
    assert "app.py, shop.py" in problem.why
    assert [fix.title for fix in problem.fixes] == ["Start with app.py", "Start with shop.py"]


def test_main_py_decides_between_many(tmp_path: Path) -> None:
    assert not app(tmp_path, {"main.py": FLET, "app.py": FLET, "shop.py": FLET}).problems


def test_main_py_in_src(tmp_path: Path) -> None:
    project = app(tmp_path, {"src/main.py": FLET, "setup.py": "import flet\n"})
    problem = only(project)
    assert project.candidates == ["src/main.py"]
    assert problem.fixes[0].kind == "set"
    assert problem.fixes[0].data == {"tool.flet.app.path": "src"}


def test_an_entry_point_that_is_no_python(tmp_path: Path) -> None:
    problem = only(app(tmp_path, {"main.py": "import flet\nflet.run(\n"}))
    assert problem.code == "entry-point-not-python"
    assert problem.severity == "warn"
    assert problem.where == "main.py, line 2"


# Folders that are no projects.


def test_no_such_folder(tmp_path: Path) -> None:
    problem = only(read(tmp_path / "gone" / "app"))
    assert problem.code == "no-such-folder"
    assert str(tmp_path) in problem.why


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(FLET)
    problem = only(read(tmp_path / "main.py"))
    assert problem.code == "not-a-folder"
    assert str(tmp_path) in problem.do
    assert only(read(tmp_path / "main.py" / "x")).code == "no-such-folder"


def test_an_empty_folder(tmp_path: Path) -> None:
    assert only(read(tmp_path)).code == "empty-folder"
    (tmp_path / ".git").mkdir()
    assert only(read(tmp_path)).code == "empty-folder"


def test_no_entry_point_at_all(tmp_path: Path) -> None:
    problem = only(app(tmp_path, {"notes.txt": "hi"}))
    assert problem.code == "no-entry-point"
    assert not problem.fixes


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    problem = only(read(tmp_path))
    assert problem.code == "folder-not-readable"
    assert "Permission denied" in problem.why


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_folder_that_is_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert only(read(tmp_path / "loop")).code == "folder-not-readable"


@pytest.mark.parametrize("path", ["\0", "x" * 5000])
def test_a_path_that_no_system_takes(path: str) -> None:
    assert only(read(Path(path))).code in ("no-such-folder", "folder-not-readable")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ('"../other"', "app-path-outside"),
        ('"/"', "app-path-outside"),
        ('"gone"', "app-path-not-there"),
        ('"main.py"', "app-path-not-there"),
        ("3", "setting-wrong-type"),
    ],
)
def test_an_app_path_that_leads_nowhere(tmp_path: Path, path: str, code: str) -> None:
    project = app(
        tmp_path, {"main.py": FLET, "pyproject.toml": f"[tool.flet.app]\npath = {path}\n"}
    )
    assert codes(project) == [code]
    assert project.problems[0].where == "pyproject.toml, line 2"


# pyproject.toml


def test_toml_that_does_not_parse(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": FLET, "pyproject.toml": "[project]\nname = x\n"})
    problem = only(project)
    assert problem.code == "pyproject-not-toml"
    assert problem.where == "pyproject.toml, line 2, column 8"
    assert project.module == "main"


def test_toml_that_is_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, **{"main.py": FLET})
    (tmp_path / "pyproject.toml").write_bytes(b'[project]\nname = "caf\xe9"\n')
    problem = only(read(tmp_path))
    assert problem.code == "pyproject-not-utf8"
    assert problem.where == "pyproject.toml, line 2"


def test_toml_with_a_mark_is_read(tmp_path: Path) -> None:
    write(tmp_path, **{"main.py": FLET})
    (tmp_path / "pyproject.toml").write_bytes(b'\xef\xbb\xbf[tool.flet]\nproduct = "P"\n')
    project = read(tmp_path)
    assert project.pyproject == {"tool": {"flet": {"product": "P"}}}
    assert only(project).severity == "hint"


@pytest.mark.parametrize(
    ("toml", "key", "where"),
    [
        ("[project]\ndependencies = 'flet'\n", "project.dependencies", "pyproject.toml, line 2"),
        ("[project]\ndependencies = ['x', 3]\n", "project.dependencies", "pyproject.toml, line 2"),
        ("[tool]\nflet = []\n", "tool.flet", "pyproject.toml, line 2"),
        ("tool = 1\n", "tool", "pyproject.toml, line 1"),
        ("[[project]]\nname = 'x'\n", "project", "pyproject.toml, line 1"),
        ("[tool.flet]\nweb = true\n", "tool.flet.web", "pyproject.toml, line 2"),
        ("[tool.flet]\napp = 'src'\n", "tool.flet.app", "pyproject.toml, line 2"),
    ],
)  # fmt: skip
def test_wrong_types_are_named(tmp_path: Path, toml: str, key: str, where: str) -> None:
    project = app(tmp_path, {"main.py": FLET, "pyproject.toml": toml})
    problem = project.problems[0]
    assert problem.code == "setting-wrong-type"
    assert problem.title.startswith(f"{key} should be ")
    assert problem.why.startswith("In pyproject.toml it is ")
    assert problem.where == where


def test_errors_come_first(tmp_path: Path) -> None:
    project = app(
        tmp_path,
        {"app.py": FLET, ".env": "", "x/.s": "", "requirements.txt": "httpx\n!bad\n--log x\n"},
    )
    order = [problem.severity for problem in project.problems]
    assert order == sorted(order, key=["error", "warn", "hint"].index)
    assert len(set(order)) == 3


def test_options_of_requirements_are_handed_on(tmp_path: Path) -> None:
    files = {"main.py": FLET, "requirements.txt": "-i https://x/simple\nflet\n"}
    assert app(tmp_path, files).pip_options == ["--index-url", "https://x/simple"]


def test_what_is_packed_follows_options_and_settings(tmp_path: Path) -> None:
    settings = "[tool.flet.app]\nexclude = ['notes.txt']\ninclude = ['.env']\n"
    files = {"main.py": FLET, "notes.txt": "", ".env": "", "dist/x": "", "assets/i.png": ""}
    write(tmp_path, **files, **{"pyproject.toml": settings})
    names = [file.path for file in read(tmp_path).selection.files]
    assert names == [".env", "main.py", "pyproject.toml"]
    names = [
        file.path for file in read(tmp_path, exclude=["main.py"], target="linux").selection.files
    ]
    assert names == [".env", "assets/i.png", "notes.txt", "pyproject.toml"]


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["project", "tool", "flet", "poetry", "dependencies", "app", "web", "path", "module",
             "name", "version", "dynamic", "dev_packages", "python", "slipway", "fonts"]
        ), inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_the_files_hold(
    tmp_path_factory: pytest.TempPathFactory, main: bytes, toml: bytes, needs: bytes
) -> None:
    folder = tmp_path_factory.mktemp("p")
    (folder / "main.py").write_bytes(main)
    (folder / "pyproject.toml").write_bytes(toml)
    (folder / "requirements.txt").write_bytes(needs)
    read(folder)


@given(st.dictionaries(st.sampled_from(["project", "tool"]), json_like, max_size=2))
def test_whatever_the_settings_hold(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    from builder.pyproject_edit import _render

    folder = tmp_path_factory.mktemp("p")
    (folder / "main.py").write_text(FLET)
    lines = [f"{key} = {_render(_without_none(value))}" for key, value in data.items()]
    (folder / "pyproject.toml").write_text("\n".join(lines), encoding="utf-8")
    for problem in read(folder).problems:
        assert problem.title
        assert problem.code != "pyproject-not-toml"


def _without_none(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    return "" if value is None else value


# Flask: no `main.py` is asked for, and its own problems tell what is wrong.

FACTORY = (
    "from flask import Flask\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n"
)


def flask(root: Path, files: dict[str, str], target: str = "linux") -> Project:
    return read(write(root, **files), target=target)


def test_a_flask_app_without_main_py(tmp_path: Path) -> None:
    files = {"shop/__init__.py": FACTORY, "shop/templates/a.html": "", "requirements.txt": "Flask"}
    project = flask(tmp_path, files)
    assert project.kind == "flask"
    assert not project.problems
    assert (project.module, project.candidates) == ("shop/__init__", ())
    assert project.flask is not None
    assert project.flask.chosen is not None
    assert project.flask.chosen.spec == "shop:create_app()"
    assert project.flask.templates == 1


def test_no_requirement_names_it(tmp_path: Path) -> None:
    project = flask(tmp_path, {"wsgi.py": FLASK, "shop/views.py": "import flask\n"})
    assert (project.kind, project.module) == ("flask", "wsgi")
    assert not project.problems


def test_what_a_flask_app_gets_that_asks_for_nothing(tmp_path: Path) -> None:
    project = flask(tmp_path, {"hello.py": FLASK})
    assert [(need.text, need.where) for need in project.requirements] == [("flask", "default")]
    assert not project.problems


def test_flask_is_not_asked_for(tmp_path: Path) -> None:
    files = {"hello.py": FLASK, "requirements.txt": "httpx\n"}
    assert codes(flask(tmp_path, files)) == ["requirement-flask-missing"]
    assert not flask(tmp_path, {"requirements.txt": "Flask-SQLAlchemy\n"}).problems
    assert not flask(tmp_path, {"requirements.txt": "APIFlask\n"}).problems


def test_a_flask_project_is_read_for_any_target(tmp_path: Path) -> None:
    project = flask(tmp_path, {"hello.py": FLASK, "requirements.txt": "Flask"}, "web")
    assert codes(project) == []
    assert project.module == "hello"


def test_a_flet_app_that_also_imports_flask_stays_flet(tmp_path: Path) -> None:
    project = app(tmp_path, {"main.py": FLET + "import flask\n", "server.py": FLASK})
    assert (project.kind, project.module, project.flask) == ("flet", "main", None)


def test_no_flask_app(tmp_path: Path) -> None:
    project = flask(tmp_path, {"hello.py": "import flask\n", "requirements.txt": "Flask"})
    assert codes(project) == ["no-flask-app"]
    assert project.module == ""


def test_three_flask_apps(tmp_path: Path) -> None:
    project = flask(tmp_path, {"a.py": FLASK, "b.py": FLASK, "c.py": FLASK})
    problem = only(project)
    assert problem.code == "flask-app-ambiguous"
    assert [dict(fix.data) for fix in problem.fixes] == [
        {"tool.slipway.flask.app": f"{name}:app"} for name in "abc"
    ]


def test_a_click_settles_it(tmp_path: Path) -> None:
    project = flask(tmp_path, {"a.py": FLASK, "b.py": FLASK})
    save(tmp_path, only(project).fixes[1].data)
    project = read(tmp_path, target="linux")
    assert not project.problems
    assert project.module == "b"
    assert project.flask is not None
    assert project.flask.said_by == "pyproject.toml, line 2"


def test_flask_app_of_the_project_above_the_app_folder(tmp_path: Path) -> None:
    files = {
        "src/a.py": FLASK,
        "src/b.py": FLASK,
        ".flaskenv": "FLASK_APP=b\n",
        "pyproject.toml": '[tool.flet.app]\npath = "src"\n',
    }
    assert flask(tmp_path, files).module == "b"


def test_the_entry_point_of_a_flask_app_may_be_named(tmp_path: Path) -> None:
    files = {"a.py": FLASK, "b.py": FLASK}
    assert read(write(tmp_path, **files), target="linux", module="b.py").module == "b"
    toml = '[tool.flet.app]\nmodule = "a"\n'
    assert flask(tmp_path, {"pyproject.toml": toml}).module == "a"
    assert codes(read(tmp_path, target="linux", module="gone"))[0] == "entry-point-not-found"


def test_an_app_that_is_named_is_one_of_flask_whatever_it_is_made_with(tmp_path: Path) -> None:
    code = "from dash import Dash\napp = Dash(__name__)\nserver = app.server\n"
    toml = '[tool.slipway.flask]\napp = "app:server"\n'
    files = {"app.py": code, "requirements.txt": "dash", "pyproject.toml": toml}
    found = flask(tmp_path, files)
    assert found.kind == "flask"
    assert found.flask is not None
    assert found.flask.chosen is not None
    assert found.flask.chosen.spec == "app:server"


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ("[tool.slipway]\nflask = 3\n", "tool.slipway.flask"),
        ("[tool.slipway.flask]\napp = 3\n", "tool.slipway.flask.app"),
    ],
)
def test_wrong_types_of_the_flask_settings(tmp_path: Path, toml: str, key: str) -> None:
    problem = only(flask(tmp_path, {"a.py": FLASK, "pyproject.toml": toml}))
    assert problem.code == "setting-wrong-type"
    assert problem.title.startswith(f"{key} should be ")
    assert problem.where == "pyproject.toml, line 2"


def test_a_flask_file_that_is_no_python(tmp_path: Path) -> None:
    problem = only(flask(tmp_path, {"main.py": "from flask import Flask\napp = Flask(\n"}))
    assert problem.code == "no-flask-app"
    assert problem.where == "main.py"
    assert "cannot be understood" in problem.why


@pytest.mark.parametrize("name", ["flask.py", "jinja2.py", "src/click.py"])
def test_a_module_that_hides_a_package(tmp_path: Path, name: str) -> None:
    files = {"src/shop/__init__.py" if "/" in name else "wsgi.py": FLASK, name: FLASK}
    project = flask(tmp_path, files)
    (problem,) = (one for one in project.problems if one.code == "module-hides-package")
    assert problem.severity == "error"
    assert problem.title.startswith(name)
    assert problem.where.startswith(name)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_in_circles(tmp_path: Path) -> None:
    write(tmp_path, **{"shop/__init__.py": FACTORY})
    (tmp_path / "shop/again").symlink_to("..")
    (tmp_path / "shop/broken.py").symlink_to("gone.py")
    (tmp_path / "shop/loop.py").symlink_to("loop.py")
    project = read(tmp_path, target="linux")
    assert project.module == "shop/__init__"


@given(st.binary(max_size=200), st.binary(max_size=100), st.binary(max_size=100))
def test_whatever_the_files_of_a_flask_project_hold(
    tmp_path_factory: pytest.TempPathFactory, code: bytes, toml: bytes, env: bytes
) -> None:
    folder = tmp_path_factory.mktemp("p")
    (folder / "shop.py").write_bytes(b"import flask\n" + code)
    (folder / "pyproject.toml").write_bytes(b"[tool.slipway.flask]\napp = " + toml)
    (folder / ".env").write_bytes(b"FLASK_APP=" + env)
    (folder / "requirements.txt").write_text("flask\n")
    project = read(folder, target="linux")
    assert project.flask is not None
