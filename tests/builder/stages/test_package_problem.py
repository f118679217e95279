"""What is told about packages: who brought one in, and what may stand in for what."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from builder.index import Failure, Package
from builder.problems import Problem
from builder.project import Project, Requirement
from builder.stages import package_problem
from builder.stages.package_problem import Way

PURE = "py3-none-any.whl"
NATIVE = "cp314-cp314-win_amd64.whl"


def package(name: str, version: str, tags: str = PURE, *requires: str) -> Package:
    return Package(name, version, f"{name}-{version}-{tags}", "", "", requires)


def asked(*texts: str) -> list[Requirement]:
    return [Requirement(t, f"pyproject.toml, line {n}") for n, t in enumerate(texts, 1)]


def test_the_shortest_way_is_found() -> None:
    packages = [
        package("a", "1", PURE, "b>=1", "C_C"),
        package("b", "1", PURE, "c-c"),
        package("c.c", "1", PURE, "a"),  # in circles
    ]
    requirements = asked("other", "A==1")
    assert package_problem.chain("c-c", requirements, packages) == Way(requirements[1], ["c-c"])
    assert package_problem.chain("a", requirements, packages) == Way(requirements[1], [])
    assert package_problem.chain("nobody", requirements, packages) == Way()


@pytest.mark.parametrize(
    ("taken", "wanted", "is_it"),
    [
        (package("x", "1.9"), package("x", "1.10"), False),
        (package("x", "1.9"), package("x", "2.0"), True),
        (package("x", "1.9"), package("x", "1.10", NATIVE), True),
        (package("x", "1.9", NATIVE), package("x", "1.10", NATIVE), False),
    ],
)
def test_what_may_stand_in(taken: Package, wanted: Package, is_it: bool) -> None:
    assert package_problem.is_something_else(taken, wanted) is is_it


def test_versions_are_compared_as_versions() -> None:
    assert package_problem.same_or_newer("1.10", "1.9")
    assert not package_problem.same_or_newer("1.9rc1", "1.9")


def project(folder: Path, dependencies: list[str]) -> Project:
    return Project(
        folder, folder, "flet", "main", pyproject={"project": {"dependencies": dependencies}}
    )


def test_what_is_asked_for_directly_can_be_left_out_with_a_click(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (requirement,) = asked("Big_Lib>=2")
    found = package_problem.no_build(
        package("big-lib", "2"), Way(requirement), project(tmp_path, ["flet", "Big_Lib>=2"])
    )
    assert found.where == "pyproject.toml, line 1"
    assert [(fix.kind, dict(fix.data)) for fix in found.fixes] == [
        ("set", {"project.dependencies": ["flet"]}),
    ]


def test_what_another_package_brings_cannot(tmp_path: Path) -> None:
    (requirement,) = asked("other")
    found = package_problem.no_build(
        package("big-lib", "2"), Way(requirement, ["big-lib"]), project(tmp_path, ["other"])
    )
    assert found.fixes == []
    assert "other (pyproject.toml, line 1) → big-lib" in found.why


def test_a_file_whose_name_has_brackets_and_commas_is_shown(tmp_path: Path) -> None:
    name = "needs (1), old.txt"
    (tmp_path / name).write_text("")
    found = package_problem.with_place(Problem("x", "x", where=f"{name}, line 3"), tmp_path)
    assert [(fix.title, dict(fix.data)) for fix in found.fixes] == [
        (f"Show {name}", {"path": str(tmp_path / name)})
    ]


@pytest.mark.parametrize("where", ["", "gone.txt, line 1", "--option"])
def test_a_place_that_is_no_file_of_the_project_has_no_click(where: str, tmp_path: Path) -> None:
    assert package_problem.with_place(Problem("x", "x", where=where), tmp_path).fixes == ()


def test_a_conflict_names_what_excludes_each_other() -> None:
    lines = [
        "ERROR: Cannot install -r x (line 1) because these package versions have conflicts.",
        "The conflict is caused by:",
        "    The user requested click<7",
        "    flask 3.1.0 depends on click>=8.1.3",
        "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io",
    ]
    found = package_problem.conflict(Failure("conflict", lines), asked("flet", "click<7", "flask"))
    assert found.title == "These requirements exclude each other: click, flask"
    assert found.why == "flask 3.1.0 depends on click>=8.1.3; The user requested click<7"
    assert found.where == "pyproject.toml, line 2; pyproject.toml, line 3"


def test_a_conflict_without_details_is_told_all_the_same() -> None:
    found = package_problem.conflict(Failure("conflict", []), [])
    assert found.title
    assert found.why


@pytest.mark.parametrize(
    ("name", "found", "code"),
    [
        ("nosuch", [], "no-such-package"),
        ("nosuch", Failure("missing", []), "no-such-package"),
        ("x==9", [Version("1.0")], "no-such-version"),
        ("x", [Version("1.0")], "package-only-source"),
        ("what is this", [Version("1.0")], "package-only-source"),
    ],
)
def test_what_is_not_found(name: str, found: list[Version] | Failure, code: str) -> None:
    problem = package_problem.not_found(Failure("missing", ["said"], name), found, asked("X"))
    assert problem.code == code
    assert problem.where == ("pyproject.toml, line 1" if name.startswith("x") else "")


def test_a_wheel_for_another_system_is_named() -> None:
    wheel = "x-1-cp311-cp311-win_amd64.whl"
    failure = Failure("unfit", [], f"/home/me/{wheel}")
    problem = package_problem.unfit(failure, asked("flet", f"x @ file:///home/me/{wheel}"))
    assert wheel in problem.title
    assert problem.where == "pyproject.toml, line 2"


@pytest.mark.parametrize("platform", package_problem.PLACES)
def test_every_place_has_words_of_its_own(platform: str) -> None:
    place = package_problem.PLACES[platform]
    wanted = Package("numpy", "2", "numpy-2-cp314-cp314-win_amd64.whl", "", "", [])
    taken = Package("numpy", "1", "numpy-1-py3-none-any.whl", "", "", [])
    failure = Failure("unfit", ["x-1-cp311-none-win_amd64.whl is not supported"], "x.whl")
    way = package_problem.Way()
    project = Project(Path(), Path(), "flet", "main")
    problems = [
        package_problem.no_build(wanted, way, project, place),
        package_problem.fallback(taken, wanted, "numpy", way, place),
        package_problem.older(taken, wanted, "", way, place),
        package_problem.unfit(failure, [], place),
        package_problem.not_found(Failure("missing", [], "numpy"), [Version("2")], [], place),
    ]
    for problem in problems:
        text = f"{problem.title} {problem.why} {problem.do}"
        words = (place.runs, place.made_for, place.name)
        assert any(word in text for word in words)
        others = [p for name, p in package_problem.PLACES.items() if name != platform]
        assert not any(other.runs in text for other in others)
    assert problems[0].code == f"no-{place.id}-build"
