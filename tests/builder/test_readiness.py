"""Which way a target is built, and where the work for it is done."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from builder import arguments, host, places, readiness
from builder.flutter import release
from builder.flutter.kit import FlutterRelease
from builder.host import Host
from builder.problems import ComputerError, ProjectError
from builder.targets import TARGETS
from builder.toolchains import inventory
from builder.toolchains.inventory import Has

ALL = Has(flutter=True, jdk=True, android=True, xcode=True)


@pytest.fixture(params=["bare", "equipped"])
def has(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Has:
    there = ALL if request.param == "equipped" else Has()
    monkeypatch.setattr(inventory, "look", lambda *version: there)
    return there


@pytest.fixture(params=["linux", "macos", "windows"])
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setattr(host, "current", lambda: request.param)
    return cast(Host, request.param)


@pytest.mark.parametrize("target", TARGETS)
def test_the_way_that_is_taken(target: str, has: Has, here: Host) -> None:
    if here not in TARGETS[target].hosts:
        for asked in (None, "flutter"):
            with pytest.raises(ComputerError) as caught:
                readiness.backend_name(target, asked)
            assert caught.value.problem.code == "target-not-possible"
        return
    without_flutter = {"web": "prebuilt", here: "pyinstaller"}
    way = "flutter" if has.flutter and target != "web" else without_flutter.get(target, "flutter")
    assert readiness.backend_name(target, None) == way
    assert readiness.backend_name(target, way) == way
    assert readiness.backend_name(target, "flutter") == "flutter"


@pytest.mark.parametrize(
    ("target", "asked"), [("web", "pyinstaller"), ("apk", "prebuilt"), ("aab", "pyinstaller")]
)
def test_a_way_that_there_is_not(target: str, asked: str, has: Has, here: Host) -> None:
    with pytest.raises(ComputerError) as caught:
        readiness.backend_name(target, asked)
    assert caught.value.problem.code == "backend-not-possible"


@pytest.mark.parametrize("target", TARGETS)
def test_a_rehearsal_is_possible_anywhere(target: str, has: Has, here: Host) -> None:
    assert readiness.backend_name(target, None, is_rehearsal=True) == "flutter"


def read(folder: Path, pyproject: str, *more: str) -> readiness.Wanted:
    (folder / "main.py").write_text("import flet\n", "utf-8")
    (folder / "pyproject.toml").write_text(pyproject, "utf-8")
    return readiness.read(arguments.parse(["build", "web", str(folder), *more]))


CHOSEN = '[tool.slipway.web]\nbackend = "flutter"\n'


def test_a_way_that_is_saved_with_the_project(tmp_path: Path, has: Has) -> None:
    wanted = read(tmp_path, CHOSEN)
    told = [p for p in wanted.problems if p.code == "backend-not-here"]
    if has.flutter:
        assert (wanted.way, wanted.why, told) == ("flutter", "as pyproject.toml says", [])
        return
    assert (wanted.way, wanted.why) == ("prebuilt", "the best that works now")
    [problem] = told
    assert (problem.severity, problem.where) == ("warn", "pyproject.toml, line 2")
    assert "--backend flutter" in problem.do


def test_what_the_command_line_says_goes_before_what_is_saved(tmp_path: Path, has: Has) -> None:
    wanted = read(tmp_path, CHOSEN, "--backend", "prebuilt")
    assert (wanted.way, wanted.why) == ("prebuilt", "as asked for")
    assert read(tmp_path, CHOSEN.replace("flutter", "prebuilt"), "--rehearse").way == "flutter"


@pytest.mark.parametrize("wrong", ['"fluter"', '"pyinstaller"', "5", "true", "[]", '["flutter"]'])
def test_a_saved_way_that_there_is_not(tmp_path: Path, has: Has, wrong: str) -> None:
    wanted = read(tmp_path, f"[tool.slipway.web]\nbackend = {wrong}\n")
    assert (wanted.way, wanted.why) == ("prebuilt", "the best that works now")
    assert readiness.is_sound(wanted.problems)
    told = [p for p in wanted.problems if p.code == "backend-not-here"]
    assert [("prebuilt or flutter" in p.do) for p in told] == [True] * (wrong != "[]")


def test_tools_are_looked_for_in_the_version_that_the_project_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(inventory, "look", lambda version: asked.append(version) or Has())
    read(tmp_path, '[project]\nname = "x"\ndependencies = ["flet"]\n')
    release._keep(FlutterRelease("1.9.0", "3.60.1", {}, "3.14"))
    read(tmp_path, '[project]\nname = "x"\ndependencies = ["flet==1.9.0"]\n')
    read(tmp_path, '[project]\nname = "x"\ndependencies = ["flet==7.7.7"]\n')  # unknown as yet
    read(tmp_path, '[project]\nname = "x"\ndependencies = ["flet==0.2"]\n')  # cannot be built
    assert asked == ["3.44.8", "3.60.1", "3.44.8", "3.44.8"]


@pytest.mark.parametrize("target", TARGETS)
def test_the_ways_of_a_flask_app(target: str, has: Has, here: Host) -> None:
    if target == here:
        assert readiness.backend_name(target, None, kind="flask") == "pyinstaller"
        with pytest.raises(ComputerError) as wrong_way:
            readiness.backend_name(target, "flutter", kind="flask")
        assert wrong_way.value.problem.code == "backend-not-possible"
        return
    for is_rehearsal in (False, True):
        with pytest.raises(ProjectError) as caught:
            readiness.backend_name(target, None, kind="flask", is_rehearsal=is_rehearsal)
        assert caught.value.problem.code == "target-not-possible"


def test_each_way_has_a_work_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import flet\n", "utf-8")
    args = arguments.parse(["build", "web", str(tmp_path)])
    names = [
        places.build_name("web", "prebuilt"),
        places.build_name("web", "flutter"),
        places.build_name("web", "flutter", is_rehearsal=True),
    ]
    assert len(set(names)) == 3
    assert all(len(name) <= len("ios-simulator-rehearsal") for name in names)
    wanted = readiness.read(args)
    assert (wanted.way, wanted.name) == ("prebuilt", "web")
    assert wanted.build.work.name == "web"


def test_a_wrong_list_of_packages_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import flet\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.flet.web]\ndependencies = "x"\n', "utf-8")
    problems = readiness.read(arguments.parse(["build", "web", str(tmp_path)])).problems
    assert [p.where for p in problems if p.severity == "error"] == ["pyproject.toml, line 2"]


@pytest.mark.parametrize(
    ("toml", "options", "where"),
    [
        ("", ["--exclude", "main.py"], "--exclude"),
        ('[tool.flet.app]\nexclude = ["main.py", "x"]\n', [], "pyproject.toml, line 2"),
        ('[tool.flet.app]\nexclude = []\n[tool.flet.web.app]\nexclude = ["./main.py"]\n', [],
         "pyproject.toml, line 4"),
    ],
)  # fmt: skip
def test_the_file_to_start_with_cannot_be_left_out(
    tmp_path: Path, toml: str, options: list[str], where: str
) -> None:
    wanted = read(tmp_path, toml, *options)
    [problem] = [p for p in wanted.problems if p.severity == "error"]
    assert (problem.code, problem.where) == ("entry-point-left-out", where)
    assert "main.py" in problem.title
    finding = readiness.of_project(wanted.build, wanted.problems)[0]
    assert finding.exit == 10
    assert not [
        p for p in read(tmp_path, "", "--exclude", "other.py").problems if p.code == problem.code
    ]


def test_a_work_folder_that_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import flet\n", "utf-8")
    argv = ["build", "web", str(tmp_path), "--work-dir", str(tmp_path / "work")]
    planned = readiness.read(arguments.parse(argv)).build
    assert planned.work == tmp_path / "work"


@pytest.mark.parametrize("name", ["flutter", "prebuilt"])
def test_a_backend_has_all_that_is_asked_of_it(name: str) -> None:
    offered = readiness.backend(name)
    wanted = set(readiness.Backend.__annotations__) | {
        name for name in vars(readiness.Backend) if not name.startswith("_")
    }
    assert wanted <= set(dir(offered))
