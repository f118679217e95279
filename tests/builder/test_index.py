"""What pip is asked, and how its answers are read; pip itself is played by a fake."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import index
from builder.index import Failure, Package, TargetPython
from builder.process import Finished

BROWSER = TargetPython(
    "3.14.2",
    ("pyemscripten_2026_0_wasm32", "pyodide_2026_0_wasm32"),
    {
        "implementation_name": "cpython",
        "implementation_version": "3.14.2",
        "os_name": "posix",
        "platform_machine": "wasm32",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Emscripten",
        "platform_version": "",
        "python_full_version": "3.14.2",
        "python_version": "3.14",
        "sys_platform": "emscripten",
    },
)


class Pip:
    """Plays pip: keeps what it was asked, and does what the test says."""

    def __init__(
        self,
        status: int = 0,
        out: Sequence[str] = (),
        err: Sequence[str] = (),
        does: Callable[[Sequence[str]], None] = lambda argv: None,
    ) -> None:
        self.finished = Finished((), status, tuple(out), tuple(err))
        self.does = does
        self.argv: list[str] = []
        self.env: dict[str, str] = {}
        self.lines: list[str] = []

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        self.argv, self.env = list(argv), dict(env)
        if "-r" in argv:
            self.lines = Path(argv[argv.index("-r") + 1]).read_text("utf-8").splitlines()
        self.does(argv)
        return self.finished


def reports(*items: dict[str, Any]) -> Callable[[Sequence[str]], None]:
    """A pip that resolved to these."""

    def write(argv: Sequence[str]) -> None:
        report = Path(argv[argv.index("--report") + 1])
        report.write_text(json.dumps({"install": items}), "utf-8")

    return write


def item(name: str, version: str, url: str, *requires: str, **more: Any) -> dict[str, Any]:
    return {
        "metadata": {"name": name, "version": version, "requires_dist": list(requires)},
        "download_info": {"url": url, "archive_info": {"hashes": {"sha256": "abc"}}},
        **more,
    }


def package(wheel: str) -> Package:
    name, version = wheel.split("-")[:2] if wheel else ("x", "1")
    return Package(name, version, wheel, "", "", [])


# ---- Why pip gave up ---------------------------------------------------------------------------

RETRY = (
    "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by "
    "'NewConnectionError(\"Failed to establish a new connection\")': /simple/flet-web/"
)
NOT_FOUND = "ERROR: No matching distribution found for "


@pytest.mark.parametrize(
    ("lines", "kind", "name"),
    [
        ([RETRY, NOT_FOUND + "flet-web"], "network", ""),
        (["socket.gaierror: Temporary failure in name resolution"], "network", ""),
        (["Could not fetch URL x: There was a problem confirming the ssl certificate: y"],
         "network", ""),
        (["WARNING: 401 Error, Credentials not correct for http://x/", NOT_FOUND + "a"],
         "refused", ""),
        (["ERROR: HTTP error 403 while getting x", "ERROR: 403 Client Error: Forbidden for url"],
         "refused", ""),
        ([NOT_FOUND + "nosuch"], "missing", "nosuch"),
        ([NOT_FOUND + "tabulate==99"], "missing", "tabulate==99"),
        ([NOT_FOUND + "ibm-db>=3 (from somebody)"], "missing", "ibm-db>=3"),
        (["ERROR: Could not install packages: [Errno 28] No space left on device"],
         "disk", ""),
        (["OSError: [WinError 112] There is not enough space on the disk"], "disk", ""),
        (["OSError: [Errno 122] Disk quota exceeded"], "disk", ""),
        (["ERROR: ResolutionImpossible: for help visit https://pip.pypa.io"], "conflict", ""),
        (["ERROR: Cannot install -r x (line 1) and flask because these package versions have "
          "conflicting dependencies."], "conflict", ""),
        (["ERROR: numpy-2.0-cp314-cp314-win_amd64.whl is not a supported wheel on this platform."],
         "unfit", "numpy-2.0-cp314-cp314-win_amd64.whl"),
        (["ERROR: Cannot find command 'git' - do you have 'git' installed?"], "other", ""),
        ([], "other", ""),
    ],
)  # fmt: skip
def test_why_pip_gave_up(lines: list[str], kind: str, name: str) -> None:
    found = index.failure(Finished((), 1, ("", " "), tuple(lines)))
    assert (found.kind, found.name, list(found.lines)) == (kind, name, lines)


@given(st.lists(st.text(), max_size=5))
def test_whatever_pip_says_is_a_failure(lines: list[str]) -> None:
    assert index.failure(Finished((), 1, tuple(lines), ())).kind


# ---- Versions ------------------------------------------------------------------------------------


def test_versions_are_final_ones_newest_first() -> None:
    pip = Pip(out=[json.dumps({"versions": ["1.0", "1.0.10", "1.0.9", "1.1rc1", "oops", "1.0"]})])
    found = index.versions(pip, "flet-web")
    assert isinstance(found, list)
    assert [str(version) for version in found] == ["1.0.10", "1.0.9", "1.0"]
    assert pip.argv[:3] == [sys.executable, "-I", "-m"]


@pytest.mark.parametrize("out", ["", "{", "[]", "null", '{"name": "flet-web"}'])
def test_an_answer_that_is_none_is_a_failure(out: str) -> None:
    assert isinstance(index.versions(Pip(out=[out]), "flet-web"), Failure)


def test_settings_for_other_calls_of_pip_are_switched_off() -> None:
    pip = Pip(out=['{"versions": []}'])
    assert index.versions(pip, "flet-web") == []
    for name in ("PIP_USER", "PIP_QUIET", "PIP_VERBOSE", "PIP_REQUIRE_VIRTUALENV"):
        assert pip.env[name] == "0"


# ---- The project's own index ---------------------------------------------------------------------

SECRET = "https://me:pass%20word@index.example/simple"
OPTIONS = [
    *("--index-url", SECRET, "--extra-index-url", "https://b/simple", "--no-index", "--pre"),
    *("--find-links", "file:///with%20space", "--constraint", "/it's here/c.txt"),
    *("--no-binary", ":all:", "--trusted-host", "b"),
]


def test_the_projects_index_is_never_in_a_command_line(tmp_path: Path) -> None:
    for call in (
        lambda pip: index.versions(pip, "a", options=OPTIONS),
        lambda pip: index.download(pip, "a", tmp_path, options=OPTIONS),
        lambda pip: index.resolve(pip, BROWSER, ["a"], options=OPTIONS),
    ):
        pip = Pip(1)
        assert isinstance(call(pip), Failure)
        assert "index.example" not in " ".join(pip.argv)
        assert SECRET in " ".join([*pip.env.values(), *pip.lines])


def test_options_reach_pip_as_it_writes_them_itself(tmp_path: Path) -> None:
    pip = Pip(1)
    index.resolve(pip, BROWSER, ["a"], options=OPTIONS)
    assert [shlex.split(line) for line in pip.lines] == [
        ["--index-url", SECRET],
        ["--extra-index-url", "https://b/simple"],
        ["--no-index"],
        ["--pre"],
        ["--find-links", "file:///with%20space"],
        ["--constraint", "/it's here/c.txt"],
        ["--trusted-host", "b"],
        ["a"],
    ]
    index.download(pip, "flet-web==1.0.5", tmp_path, options=OPTIONS)
    assert "--constraint" not in " ".join(pip.lines)
    assert pip.lines[-1] == "flet-web==1.0.5"


def test_another_index_comes_beside_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://mine/simple")
    pip = Pip(1)
    index.versions(pip, "a", options=["--extra-index-url", "https://b/", "--no-index"])
    assert pip.env["PIP_EXTRA_INDEX_URL"] == "https://mine/simple https://b/"
    assert pip.env["PIP_NO_INDEX"] == "1"
    index.versions(pip, "a", options=["--index-url", "https://x/", "--index-url", "https://y/"])
    assert pip.env["PIP_INDEX_URL"] == "https://y/"
    assert "PIP_EXTRA_INDEX_URL" not in pip.env


# ---- Fetching ------------------------------------------------------------------------------------


def test_a_wheel_is_fetched(tmp_path: Path) -> None:
    def fetch(argv: Sequence[str]) -> None:
        (Path(argv[argv.index("--dest") + 1]) / "a-1-py3-none-any.whl").write_bytes(b"wheel")

    found = index.download(Pip(does=fetch), "a", tmp_path)
    assert found == tmp_path / "a-1-py3-none-any.whl"
    assert [p.name for p in tmp_path.iterdir()] == ["a-1-py3-none-any.whl"]


def test_no_wheel_is_a_failure(tmp_path: Path) -> None:
    assert isinstance(index.download(Pip(), "a", tmp_path), Failure)
    assert list(tmp_path.iterdir()) == []


# ---- Resolving -----------------------------------------------------------------------------------


def resolved(*items: dict[str, Any], into: Path | None = None) -> list[Package]:
    found = index.resolve(Pip(does=reports(*items)), BROWSER, ["x"], into=into)
    assert isinstance(found, list)
    return found


def test_packages_are_read_from_the_report() -> None:
    found = resolved(
        item("Zeta_One", "1!2.0+local", "https://h/Zeta_One-1%212.0%2blocal-py3-none-any.whl#x=y"),
        item("alpha", "1", "file:///w%20w/alpha-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl"),
    )
    assert [(p.key, p.wheel, p.sha256) for p in found] == [
        ("alpha", "alpha-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl", "abc"),
        ("zeta-one", "Zeta_One-1!2.0+local-py3-none-any.whl", "abc"),
    ]
    assert all(index.fits(p, BROWSER) for p in found)
    assert [index.is_compiled(p) for p in found] == [True, False]


def test_requirements_that_hold_on_the_target_count() -> None:
    (found,) = resolved(
        item(
            *("a", "1", "https://h/a-1-py3-none-any.whl"),
            *("b", "c; sys_platform == 'win32'", "d; platform_system == 'Emscripten'"),
            *(
                "e; extra == 'more'",
                "f; extra == 'other'",
                "g; python_version < '3'",
                "not ; valid ;",
            ),
            requested_extras=["more"],
        )
    )
    assert [need.split(";")[0].strip() for need in found.requires] == ["b", "d", "e"]


@pytest.mark.parametrize(
    ("tag", "fits"), [("py3-none-any", True), ("cp311-cp311-linux_x86_64", False)]
)
def test_what_is_built_here_is_judged_by_what_it_says_itself(
    tmp_path: Path, tag: str, fits: bool
) -> None:
    info = tmp_path / "my_lib-1.0.dist-info"
    info.mkdir()
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: a-b-c 1\nTag: {tag}\n")
    (info / "RECORD").write_text("my_lib/__init__.py,sha256=1,2\n")
    source = {
        "metadata": {"name": "My.Lib", "version": "1.0"},
        "download_info": {"url": "file:///home/me/my-lib", "dir_info": {}},
    }
    (found,) = resolved(source, into=tmp_path)
    assert found.wheel == f"my_lib-1.0-{tag}.whl"
    assert index.fits(found, BROWSER) is fits
    (info / "RECORD").write_text("my_lib/__init__.py,sha256=9,2\n")
    assert resolved(source, into=tmp_path)[0].sha256 != found.sha256
    (not_yet,) = resolved(source)
    assert index.fits(not_yet, BROWSER)
    assert not index.is_compiled(not_yet)


def test_nothing_is_installed_without_a_place(tmp_path: Path) -> None:
    pip = Pip(does=reports())
    index.resolve(pip, BROWSER, ["a"], constraints=["flet==1.0.5"], any_build=True)
    assert "--dry-run" in pip.argv
    index.resolve(pip, BROWSER, ["a"], into=tmp_path)
    assert "--dry-run" not in pip.argv
    assert pip.argv[pip.argv.index("--target") + 1] == str(tmp_path)


def test_no_files_of_ours_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    index.resolve(Pip(1), BROWSER, ["a"], options=OPTIONS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wheel", "fits", "compiled"),
    [
        ("a-1-py3-none-any.whl", True, False),
        ("a-1-py2.py3-none-any.whl", True, False),
        ("a-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl", True, True),
        ("a-1-cp314-cp314-manylinux_2_28_x86_64.manylinux2014_x86_64.whl", False, True),
        ("a-1-cp313-cp313-pyemscripten_2025_0_wasm32.whl", False, True),
        ("", True, False),
    ],
)
def test_which_wheels_fit(wheel: str, fits: bool, compiled: bool) -> None:
    assert index.fits(package(wheel), BROWSER) is fits
    assert index.is_compiled(package(wheel)) is compiled


@pytest.mark.parametrize(
    ("requirement", "holds"),
    [
        ("a", True),
        ("a; sys_platform == 'win32'", False),
        ("a; sys_platform == 'emscripten' and python_version >= '3.14'", True),
        ("a; extra == 'x'", False),
        ("a @ https://h/a.whl ; os_name == 'nt'", False),
        ("what is this?", False),
    ],
)
def test_which_requirements_hold(requirement: str, holds: bool) -> None:
    assert index.applies(requirement, BROWSER.markers) is holds
