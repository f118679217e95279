"""What a version of Flet is built with, and which Python is packed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import project, settings
from builder.flutter import release
from builder.flutter.kit import FlutterRelease, PythonRelease
from builder.problems import ComputerError, Problem, ProjectError
from builder.process import Finished
from builder.project import Project
from tests.builder.fake_build import write

UNREACHABLE = "WARNING: Retrying after connection broken by 'NewConnectionError'"
MANIFEST = {
    "default_python_version": "3.15",
    "pythons": {
        "3.15": {"full_version": "3.15.1", "pyodide_version": "315.0.0", "android_abis": ["x86_64"]}
    },
}


@pytest.fixture(autouse=True)
def no_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, nothing set by whoever runs the tests, and nobody at GitHub."""
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FLET_CACHE_DIR", str(tmp_path / "flet-cache"))
    monkeypatch.delenv(release.MANIFEST, raising=False)
    monkeypatch.delenv("FLET_PYTHON_BUILD_RELEASE_DATE", raising=False)

    def refuse(*_: Any, **__: Any) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(httpx.Client, "get", refuse)


class Index:
    """Plays pip for the wheels of flet and flet-cli."""

    def __init__(
        self, *versions: str, flutter: str = "3.50.1", date: str = "20261016", error: str = ""
    ):
        self.versions, self.flutter, self.date, self.error = versions, flutter, date, error
        self.calls = 0

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        self.calls += 1
        if self.error:
            return Finished((), 1, (), (self.error,))
        if "index" in argv:
            return Finished((), 0, (json.dumps({"versions": self.versions}),), ())
        name, _, version = Path(argv[-1]).read_text("utf-8").strip().partition("==")
        if version not in self.versions:
            said = f"ERROR: No matching distribution found for {name}=={version}"
            return Finished((), 1, (), (said,))
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as wheel:
            wheel.writestr("flet/version.py", f'flutter_version = "{self.flutter}"\n')
            date = f'PYTHON_BUILD_RELEASE_DATE = "{self.date}"\n'
            wheel.writestr("flet_cli/utils/python_versions.py", date)
        folder = Path(argv[argv.index("--dest") + 1])
        (folder / f"{name}-{version}-py3-none-any.whl").write_bytes(content.getvalue())
        return Finished((), 0, (), ())


def a_project(folder: Path, *requirements: str) -> Project:
    write(folder, {"main.py": "import flet\n", "requirements.txt": "\n".join(requirements)})
    return project.read(folder)


@pytest.mark.parametrize(
    ("requirement", "flet"),
    [
        ("flet", "1.0.5"),
        ("flet>=1", "1.0.5"),
        ("flet==1.0.5", "1.0.5"),
        ("flet<1.0.3", "1.0.2"),
        ("flet==1.0.0", "1.0.0"),
        ("flet~=1.0.1", "1.0.5"),
        ("httpx", "1.0.5"),
    ],
)
def test_what_is_known_needs_nobody(requirement: str, flet: str, tmp_path: Path) -> None:
    found = release.of(a_project(tmp_path, requirement))
    assert (found.flet, found.flutter, found.default_python) == (flet, "3.44.8", "3.14")
    assert [p.full for p in found.pythons.values()] == ["3.12.13", "3.13.14", "3.14.6"]
    assert [p.pyodide for p in found.pythons.values()] == ["0.27.7", "0.29.4", "314.0.7"]
    assert found.pythons["3.14"].android_abis == ("arm64-v8a", "x86_64", "armeabi-v7a")


def test_markers_count_as_on_the_target(tmp_path: Path) -> None:
    mixed = a_project(
        tmp_path,
        "flet==1.0.2; platform_system == 'Android'",
        "flet==1.0.3; platform_system != 'Android'",
    )
    assert release.of(mixed, target="apk").flet == "1.0.2"
    assert release.of(mixed, target="web").flet == "1.0.3"


@pytest.mark.parametrize("requirement", ["flet==0.28.3", "flet<1", "flet~=0.86"])
def test_a_flet_before_1_0_is_told(requirement: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        release.of(a_project(tmp_path, requirement))
    assert raised.value.problem.code == "flet-too-old"
    assert "flet build" in raised.value.problem.do


def test_a_flet_from_elsewhere_is_built_as_the_best_known_with_a_warning(tmp_path: Path) -> None:
    told: list[Problem] = []
    found = release.of(a_project(tmp_path, "flet @ git+https://host/flet"), tell=told.append)
    assert found.flet == "1.0.5"
    assert [(p.code, p.severity) for p in told] == [("flet-version-not-known", "warn")]


def test_another_version_is_looked_up_and_kept(tmp_path: Path) -> None:
    date = "20261016"
    kept = tmp_path / "flet-cache/python-build" / f"manifest-{date}.json"
    write(kept.parent, {kept.name: json.dumps(MANIFEST)})
    pinned = a_project(tmp_path / "app", "flet==1.7.0")
    index = Index("1.7.0", date=date)
    found = release.of(pinned, index)
    assert (found.flet, found.flutter, found.default_python) == ("1.7.0", "3.50.1", "3.15")
    assert found.pythons["3.15"].pyodide == "315.0.0"
    assert release.of(pinned) == found
    assert index.calls == 2


def test_an_open_version_that_is_not_known_is_the_newest_of_the_index(tmp_path: Path) -> None:
    index = Index("1.9.0", "1.7.1", "1.7.0", date="20260921")
    found = release.of(a_project(tmp_path, "flet>=1.7,<1.8"), index)
    assert (found.flet, found.flutter) == ("1.7.1", "3.50.1")
    assert found.pythons["3.14"].full == "3.14.6"


def test_a_version_that_differs_little_is_built_as_the_known_ones(tmp_path: Path) -> None:
    told: list[Problem] = []
    near = a_project(tmp_path, "flet==1.0.9")
    assert release.of(near, Index(error=UNREACHABLE), tell=told.append).flutter == "3.44.8"
    assert release.of(near, tell=told.append).flet == "1.0.9"
    assert release.of(near, Index("1.0.9"), tell=told.append).flutter == "3.50.1"  # no list
    assert {p.code for p in told} == {"flet-taken-as-known"}
    assert len(told) == 3


@pytest.mark.parametrize(
    ("requirement", "index", "code"),
    [
        ("flet==1.7.0", None, "flet-not-known"),
        ("flet>=1.7", None, "flet-not-known"),
        ("flet==1.7.0", Index(error=UNREACHABLE), "index-unreachable"),
        ("flet>=1.7", Index(error=UNREACHABLE), "index-unreachable"),
        ("flet==1.7.0", Index("1.7.0"), "python-list-not-fetched"),
        ("flet==1.7.0", Index("1.7.0", flutter="new"), "flet-not-understood"),
    ],
)
def test_what_cannot_be_learnt_now(
    requirement: str, index: Index | None, code: str, tmp_path: Path
) -> None:
    with pytest.raises(ComputerError) as raised:
        release.of(a_project(tmp_path, requirement), index)
    assert raised.value.problem.code == code


@pytest.mark.parametrize("requirement", ["flet==1.7.5", "flet>=7"])
def test_a_version_that_is_not_there(requirement: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        release.of(a_project(tmp_path, requirement), Index("1.7.0"))
    assert raised.value.problem.code == "flet-version-missing"


def test_the_users_own_list_of_pythons_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"manifest.json": json.dumps(MANIFEST)})
    monkeypatch.setenv(release.MANIFEST, str(tmp_path / "manifest.json"))
    found = release.of(a_project(tmp_path / "app", "flet"))
    assert (found.flutter, found.default_python) == ("3.44.8", "3.15")
    assert list(found.pythons) == ["3.15"]


def test_with_a_list_of_one_s_own_none_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"manifest.json": json.dumps(MANIFEST)})
    monkeypatch.setenv(release.MANIFEST, str(tmp_path / "manifest.json"))
    found = release.of(a_project(tmp_path / "app", "flet==1.7.0"), Index("1.7.0"))
    assert (found.flutter, list(found.pythons)) == ("3.50.1", ["3.15"])


@pytest.mark.parametrize(
    "text",
    [None, "", "[]", "{}", '{"pythons": 1, "default_python_version": "3.14"}',
     '{"pythons": {}, "default_python_version": "3.14"}',
     '{"pythons": {"3.14": {"full_version": "x", "pyodide_version": "", "android_abis": []}}, '
     '"default_python_version": "3.14"}'],
)  # fmt: skip
def test_a_list_of_pythons_that_is_none(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        write(tmp_path, {"manifest.json": text})
    monkeypatch.setenv(release.MANIFEST, str(tmp_path / "manifest.json"))
    with pytest.raises(ProjectError) as raised:
        release.of(a_project(tmp_path / "app", "flet"))
    assert raised.value.problem.code == "python-list-not-readable"
    assert raised.value.problem.where == str(tmp_path / "manifest.json")


KNOWN = release.of(Project(Path(), Path(), "flet", "main"))
PREVIEW = PythonRelease("3.15", "3.15.0a2", "315.0.0", (), prerelease=True)
WITH_PREVIEW = replace(KNOWN, pythons={**KNOWN.pythons, "3.15": PREVIEW})


def python(
    asked: str = "", requires: str = "", of: FlutterRelease = WITH_PREVIEW, folder: Path = Path()
) -> str:
    wanted, _ = settings.resolve(
        {"project": {"requires-python": requires}} if requires else {},
        folder,
        options={"python_version": asked},
    )
    return release.python_of(of, wanted).short


@pytest.mark.parametrize(
    ("asked", "requires", "expected"),
    [
        ("", "", "3.14"),
        ("3.12", "", "3.12"),
        ("3.12", ">=3.13", "3.12"),  # the option goes before
        ("3.13.14", "", "3.13"),
        ("3.15", "", "3.15"),
        ("", ">=3.12", "3.14"),
        ("", "<3.14", "3.13"),
        ("", "==3.12.*", "3.12"),
        ("", ">=3.14", "3.14"),  # no preview where a final one does
        ("", ">=3.15", "3.15"),
        ("", "not a specifier", "3.14"),
        ("", "  ", "3.14"),
    ],
)
def test_which_python_is_packed(asked: str, requires: str, expected: str) -> None:
    assert python(asked, requires) == expected


@pytest.mark.parametrize(
    ("asked", "requires", "where"),
    [
        ("3.11", "", "--python-version"),
        ("3", "", "--python-version"),
        ("", "<3.12", "pyproject.toml, project.requires-python"),
    ],
)
def test_a_python_that_cannot_be_packed(asked: str, requires: str, where: str) -> None:
    with pytest.raises(ProjectError) as raised:
        python(asked, requires)
    assert raised.value.problem.code == "python-not-in-release"
    assert raised.value.problem.where == where
    assert "3.12, 3.13, 3.14, 3.15 (a preview)" in raised.value.problem.why


def test_what_is_built_in_is_what_flet_says() -> None:
    versions = pytest.importorskip("flet_cli.utils.python_versions")
    flet = pytest.importorskip("flet.version")
    assert flet.flet_version == release.BEST_KNOWN
    assert flet.flutter_version == KNOWN.flutter
    assert versions.PYTHON_BUILD_RELEASE_DATE == release._DATE
    assert versions.MANIFEST_PATH_ENV == release.MANIFEST


CLAUSES = st.tuples(
    st.sampled_from([">=", "<", "==", "!=", "~=", "<=", ">", "==="]),
    st.sampled_from(["3.11", "3.12", "3.13.14", "3.14", "3.14.6", "3.15", "3.15.0a2", "3.14.*"]),
).map("".join)


@given(st.sampled_from(["", "3.13", "3.15", "3.11", "4"]), st.lists(CLAUSES, max_size=2))
def test_the_python_is_the_one_that_flet_build_takes(asked: str, clauses: list[str]) -> None:
    oracle = pytest.importorskip("flet_cli.utils.python_versions")
    requires = ",".join(clauses)
    theirs = [
        oracle.PythonRelease(p.short, p.full, p.pyodide, tuple(p.android_abis), p.prerelease)
        for p in WITH_PREVIEW.pythons.values()
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(oracle, "_load_data", lambda: (tuple(theirs), "3.14"))
        try:
            expected = oracle.resolve_python_version(asked, lambda key: requires).short
        except oracle.UnsupportedPythonVersionError:
            expected = ""
    try:
        found = python(asked, requires)
    except ProjectError:
        found = ""
    assert found == expected
