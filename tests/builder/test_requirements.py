"""What a project asks for, from wherever it says so."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import pyproject
from builder.requirements import Requirement, Requirements, as_argument, read


def needs(
    folder: Path, toml: str = "", txt: str | None = None, platform: str = "web"
) -> Requirements:
    (folder / "pyproject.toml").write_text(toml, encoding="utf-8")
    if txt is not None:
        (folder / "requirements.txt").write_text(txt, encoding="utf-8")
    return read(folder, pyproject.load(folder), platform)


def texts(result: Requirements) -> list[str]:
    assert not result.problems
    return [requirement.text for requirement in result.found]


def test_the_project_s_own_list_goes_first(tmp_path: Path) -> None:
    toml = '[project]\ndependencies = [\n  "httpx >=0.27",\n  "flet",\n  "flet",\n]\n'
    result = needs(tmp_path, toml, "numpy\n")
    assert result.found == [
        Requirement("flet", "pyproject.toml, line 4"),
        Requirement("httpx>=0.27", "pyproject.toml, line 3"),
    ]


def test_the_platform_adds_its_own(tmp_path: Path) -> None:
    toml = (
        '[project]\ndependencies = ["z", "flet"]\n'
        '[tool.flet]\nweb.dependencies = ["a"]\nandroid.dependencies = ["b"]\n'
    )
    assert texts(needs(tmp_path, toml)) == ["flet", "z", "a"]
    assert texts(needs(tmp_path, toml, platform="android")) == ["flet", "z", "b"]


def test_what_only_the_platform_asks_for_hides_requirements_txt(tmp_path: Path) -> None:
    toml = '[tool.flet.web]\ndependencies = ["a"]\n'
    assert texts(needs(tmp_path, toml, "flet\n")) == ["a"]


def test_requirements_txt_where_the_list_is_empty(tmp_path: Path) -> None:
    assert texts(needs(tmp_path, "[project]\ndependencies = []\n", "flet\n")) == ["flet"]


def test_flet_where_nothing_is_said(tmp_path: Path) -> None:
    assert needs(tmp_path).found == [Requirement("flet", "default")]


def test_a_wrong_list_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    result = needs(tmp_path, "[project]\ndependencies = 'flet'\n", "numpy\n")
    assert result.found == []
    assert [problem.code for problem in result.problems] == ["setting-wrong-type"]


def test_a_requirement_that_is_none(tmp_path: Path) -> None:
    toml = '[project]\ndependencies = [\n "flet",\n "http x>",\n]\n'
    (problem,) = needs(tmp_path, toml).problems
    assert problem.code == "requirement-not-valid"
    assert problem.where == "pyproject.toml, line 4"
    assert "http x>" in problem.title


POETRY = """
[tool.poetry.dependencies]
python = "^3.12"
a = "^1.2"
b = "~1.2"
c = "1.2"
d = "*"
e = ">=1,<2"
f = { version = "^2", extras = ["x"], markers = "python_version > '3.8'" }
g = { git = "https://x.org/g.git", branch = "main", subdirectory = "py" }
h = { url = "https://x.org/h-1-py3-none-any.whl" }
"""


def test_poetry_in_the_words_of_pep_508(tmp_path: Path) -> None:
    assert texts(needs(tmp_path, POETRY, "numpy\n")) == [
        "a>=1.2",
        "b~=1.2",
        "c==1.2",
        "d",
        "e>=1,<2",
        "f[x]>=2; python_version > '3.8'",
        "g @ git+https://x.org/g.git@main#subdirectory=py",
        "h @ https://x.org/h-1-py3-none-any.whl",
    ]


def test_poetry_lines_are_told(tmp_path: Path) -> None:
    result = needs(tmp_path, POETRY)
    assert result.found[0].where == "pyproject.toml, line 4"


def test_poetry_without_sense(tmp_path: Path) -> None:
    result = needs(tmp_path, "[tool.poetry.dependencies]\na = 3\nb = { x = 1 }\nc = '!!'\n")
    assert [problem.code for problem in result.problems] == ["requirement-not-valid"] * 3


def test_poetry_s_path_is_found_from_the_project(tmp_path: Path) -> None:
    result = needs(tmp_path, '[tool.poetry.dependencies]\nlib = { path = "../lib" }\n')
    assert texts(result) == [f"lib @ {(tmp_path.parent / 'lib').resolve().as_uri()}"]


def test_packages_in_development(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    toml = (
        '[project]\ndependencies = ["lib>=1", "far", "other"]\n'
        '[tool.flet.dev_packages]\nlib = "lib"\nfar = "git+https://x.org/far.git"\n'
    )
    assert texts(needs(tmp_path, toml)) == [
        "far @ git+https://x.org/far.git",
        f"lib @ {(tmp_path / 'lib').resolve().as_uri()}",
        "other",
    ]


@pytest.mark.parametrize(
    ("text", "name"), [("Flet[all]>=1", "flet"), ("a_B.c @ https://x", "a-b-c"), ("", "")]
)
def test_names_are_compared_without_case_and_signs(text: str, name: str) -> None:
    assert Requirement(text, "").name == name


# requirements.txt


def test_the_lines_that_pip_knows(tmp_path: Path) -> None:
    txt = (
        "# a comment\n\nflet>=1.0  # the face\n  httpx[http2] \\\n  >=0.27\n"
        "numpy==1.0 --hash=sha256:abc \\\n    --hash=sha256:def\n"
        'colorama; sys_platform == "win32"\n# a comment that ends so \\\nrich#1\n'
    )
    result = needs(tmp_path, txt=txt.replace("rich#1\n", "rich\n"))
    assert [(found.text, found.where) for found in result.found] == [
        ("flet>=1.0", "requirements.txt, line 3"),
        ("httpx[http2]>=0.27", "requirements.txt, line 4"),
        ("numpy==1.0", "requirements.txt, line 6"),
        ('colorama; sys_platform == "win32"', "requirements.txt, line 8"),
        ("rich", "requirements.txt, line 10"),
    ]
    assert not result.problems


def test_files_that_name_each_other(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "base.txt").write_text("httpx\n-r../requirements.txt\n-c limits.txt\n")
    result = needs(tmp_path, txt="-r more/base.txt\n--requirement=more/base.txt\nflet\n")
    assert [(found.text, found.where) for found in result.found] == [
        ("httpx", "more/base.txt, line 1"),
        ("flet", "requirements.txt, line 3"),
    ]
    assert result.pip_options == ["--constraint", str(tmp_path / "more" / "limits.txt")]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = needs(tmp_path, txt="flet\n-r gone.txt\n").problems
    assert problem.code == "requirements-not-found"
    assert problem.where == "requirements.txt, line 2"


def test_options_for_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t0")
    txt = "--index-url=https://u:${TOKEN}@x/simple\n-f ./wheels\n--pre\n--require-hashes\nflet\n"
    assert needs(tmp_path, txt=txt).pip_options == [
        "--index-url",
        "https://u:t0@x/simple",
        "--find-links",
        "./wheels",
        "--pre",
    ]


def test_packages_that_are_named_by_their_place(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "pyproject.toml").write_text('[project]\nname = "my-lib"\n')
    txt = (
        "./wheels/a_b-1.0-py3-none-any.whl\nc-2-py3-none-any.whl\n./lib\n"
        "https://x.org/d-3-py3-none-any.whl#sha256=00\ngit+https://x.org/e.git@v1#egg=e\n"
        "f @ https://x.org/f.zip\n"
    )
    here = tmp_path.resolve().as_uri() if sys.platform == "win32" else tmp_path.as_uri()
    assert texts(needs(tmp_path, txt=txt)) == [
        f"a-b @ {here}/wheels/a_b-1.0-py3-none-any.whl",
        f"c @ {here}/c-2-py3-none-any.whl",
        f"my-lib @ {here}/lib",
        "d @ https://x.org/d-3-py3-none-any.whl",
        "e @ git+https://x.org/e.git@v1",
        "f @ https://x.org/f.zip",
    ]


@pytest.mark.parametrize(
    ("file", "content", "name"),
    [
        ("pyproject.toml", '[tool.poetry]\nname = "by-poetry"\n', "by-poetry"),
        ("setup.cfg", "[metadata]\nname = by-config\n", "by-config"),
        (
            "setup.py",
            "from setuptools import setup\nsetup(\n    name='by-code', version='1')\n",
            "by-code",
        ),
        ("setup.py", "setup(name=NAME)\n", "of-the-folder"),
        ("setup.cfg", "no config at all [", "of-the-folder"),
        ("pyproject.toml", "[build-system]\n", "of-the-folder"),
    ],
)
def test_a_folder_says_its_package_in_its_own_way(
    tmp_path: Path, file: str, content: str, name: str
) -> None:
    folder = tmp_path / "libs" / "of-the-folder"
    folder.mkdir(parents=True)
    (folder / file).write_text(content)
    result = needs(tmp_path, txt="./libs/of-the-folder\n")
    assert texts(result) == [f"{name} @ {folder.resolve().as_uri()}"]


def test_an_archive_of_sources_is_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "my_lib-1.0.tar.gz").write_bytes(b"")
    place = (tmp_path / "my_lib-1.0.tar.gz").resolve().as_uri()
    assert texts(needs(tmp_path, txt="./my_lib-1.0.tar.gz\n")) == [f"my-lib @ {place}"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("-e .", "requirement-editable"),
        ("--editable=../lib", "requirement-editable"),
        ("-r https://x.org/r.txt", "requirements-elsewhere"),
        ("--log file", "requirements-option-unknown"),
        ("-", "requirements-option-unknown"),
        ("not valid at all", "requirement-not-valid"),
        ("./no-such-folder", "requirement-not-there"),
        ("../no-such.whl", "requirement-not-there"),
        ("./empty", "requirement-no-package"),
        ("flet==", "requirement-not-valid"),
    ],
)
def test_lines_that_cannot_be_packed(tmp_path: Path, line: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    result = needs(tmp_path, txt=f"flet\n{line}\n")
    assert [(problem.code, problem.where) for problem in result.problems] == [
        (code, "requirements.txt, line 2")
    ]
    assert [found.text for found in result.found] == ["flet"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_of_windows(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "requirements.txt").write_bytes("flet\r\nhttpx\r\n".encode(encoding))
    assert texts(read(tmp_path, pyproject.Pyproject(), "web")) == ["flet", "httpx"]


def test_an_encoding_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"flet # caf\xe9\n")
    (problem,) = read(tmp_path, pyproject.Pyproject(), "web").problems
    assert problem.code == "requirements-not-utf8"


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").mkdir()
    (problem,) = read(tmp_path, pyproject.Pyproject(), "web").problems
    assert problem.code == "requirements-not-readable"


@given(
    st.lists(st.text(st.sampled_from("abz -=<>.;#\\\n[]@:/$rce1é'\"")), max_size=8).map("\n".join)
)
def test_no_line_raises(tmp_path_factory: pytest.TempPathFactory, txt: str) -> None:
    folder = tmp_path_factory.mktemp("r")
    for found in needs(folder, txt=txt).found:
        assert found.text


def test_the_words_are_those_of_flet_build(tmp_path: Path) -> None:
    oracle = pytest.importorskip("flet_cli.utils.project_dependencies")
    toml = POETRY.replace('extras = ["x"], ', "").replace("h = {", "# h = {")
    data = tomllib.loads(toml)["tool"]["poetry"]["dependencies"]
    theirs = oracle.get_poetry_dependencies(data)
    assert [as_argument(text) for text in texts(needs(tmp_path, toml))] == theirs


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["flet", "flet-video", "a.b", "a_b", "z"]),
            st.sampled_from(["", ">=1", "<2,>=1", "[x] ~= 1.0", "==1.*", ' > 1 ; os_name != "nt"']),
        ).map("".join),
        max_size=6,
    )
)
def test_the_order_and_form_are_those_of_flet_build(
    tmp_path_factory: pytest.TempPathFactory, asked: list[str]
) -> None:
    oracle = pytest.importorskip("flet_cli.utils.project_dependencies")
    folder = tmp_path_factory.mktemp("r")
    found = needs(folder, f"[project]\ndependencies = {asked!r}\n").found
    ours = [as_argument(requirement.text) for requirement in found]
    assert ours == (oracle.get_project_dependencies(asked) or ["flet"])
