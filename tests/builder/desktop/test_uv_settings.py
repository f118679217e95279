"""What pip is set to counts for uv as well, and no password becomes an argument."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import host
from builder.desktop import uv_settings
from builder.desktop.uv_settings import Sources
from builder.process import Finished
from tests.builder.fake_build import FakeJob, fake_build


def sources(folder: Path, lines: Sequence[str] = (), options: Sequence[str] = ()) -> Sources:
    """What uv is told where `pip config list` says `lines` and the project asks for `options`."""

    def pip(argv: Sequence[str], _env: Mapping[str, str]) -> Finished:
        assert list(argv[1:]) == ["-I", "-m", "pip", "config", "list"]
        return Finished((), 0, tuple(lines), ())

    build = fake_build(folder, {})
    build = replace(build, project=replace(build.project, pip_options=options))
    return uv_settings.of(FakeJob(build, pip))


def variables(found: Sources) -> dict[str, str]:
    fixed = ("PATH", "UV_INDEX_STRATEGY", "COLUMNS")
    return {name: value for name, value in found.env.items() if name not in fixed}


def test_without_settings_only_how_versions_are_chosen(tmp_path: Path) -> None:
    found = sources(tmp_path)
    assert variables(found) == {}
    assert found.arguments == []
    assert found.env["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_what_pip_is_set_to(tmp_path: Path) -> None:
    lines = [
        "global.index-url='https://one.example/simple'",
        "global.extra-index-url='https://two.example/simple https://three.example/simple'",
        "install.find-links='/opt/wheels'",
        "global.trusted-host='two.example'",
        ":env:.cert='/etc/ca.pem'",
        "global.proxy='http://proxy.example:8080'",
        "global.timeout='180'",
        "download.index-url='https://not-for-installing.example'",
    ]
    assert variables(sources(tmp_path, lines)) == {
        "UV_DEFAULT_INDEX": "https://one.example/simple",
        "UV_INDEX": "https://two.example/simple https://three.example/simple",
        "UV_FIND_LINKS": "/opt/wheels",
        "UV_INSECURE_HOST": "two.example",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "ALL_PROXY": "http://proxy.example:8080",
    }


def test_of_what_there_can_be_one_of_the_last_counts(tmp_path: Path) -> None:
    lines = [
        "global.index-url='https://one.example'",
        ":env:.index-url='https://two.example'",
        "global.cert='/one.pem'",
        ":env:.cert='/two.pem'",
    ]
    found = variables(sources(tmp_path, lines, ["--index-url", "https://project.example"]))
    assert found == {"UV_DEFAULT_INDEX": "https://project.example", "SSL_CERT_FILE": "/two.pem"}


def test_the_same_place_twice_is_asked_once(tmp_path: Path) -> None:
    lines = ["global.find-links='/opt/wheels'", ":env:.find-links='/opt/wheels'"]
    options = ["--find-links", "file:///project/wheels"]
    found = variables(sources(tmp_path, lines, options))
    assert found == {"UV_FIND_LINKS": "/opt/wheels,file:///project/wheels"}


def test_what_a_project_says_of_the_choice(tmp_path: Path) -> None:
    options = [
        *["--no-index", "--pre", "--prefer-binary", "--only-binary", ":all:"],
        *["--no-binary", "shop", "--constraint", "limits with space.txt"],
    ]
    found = sources(tmp_path, [], options)
    assert variables(found) == {}
    folder = tmp_path / "project"
    assert found.arguments == [
        *["--no-index", "--prerelease", "allow"],
        *["--constraint", str(folder / "limits with space.txt")],
        *["--only-binary", ":all:", "--no-binary", "shop"],
    ]


@pytest.mark.parametrize(("value", "is_asked"), [("1", True), ("true", True), ("false", False)])
def test_a_switch_of_pips_settings(value: str, is_asked: bool, tmp_path: Path) -> None:
    found = sources(tmp_path, [f"global.no-index='{value}'", f":env:.pre='{value}'"])
    assert bool(found.arguments) is is_asked


def test_a_password_is_in_no_argument(tmp_path: Path) -> None:
    url = "https://me:hunter22@one.example/simple"
    lines = [f"global.index-url='{url}'", f"global.constraint='{url}/limits.txt'"]
    found = sources(tmp_path, lines, ["--extra-index-url", url, "--find-links", url])
    assert "hunter22" not in " ".join(found.arguments)
    assert found.env["UV_DEFAULT_INDEX"] == found.env["UV_INDEX"] == url
    assert found.env["UV_FIND_LINKS"] == url
    assert found.env["UV_CONSTRAINT"] == f"{url}/limits.txt"


@given(st.lists(st.text()), st.lists(st.sampled_from(["--pre", "--index-url", "x", "--y", ""])))
def test_wild_settings_never_raise(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], options: list[str]
) -> None:
    found = sources(tmp_path_factory.getbasetemp(), lines, options)
    assert all(isinstance(value, str) for value in [*found.env.values(), *found.arguments])


def test_the_pythons_of_pyenv_stand_for_its_switch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "current", lambda: "linux")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "pyenv" / "shims"), "/usr/bin"]))
    for version in ("3.9.18", "3.13.0", "2.7.18", "3.12.1", "pypy3.10-7.3"):
        (tmp_path / "pyenv" / "versions" / version / "bin").mkdir(parents=True)
    folders = sources(tmp_path).env["PATH"].split(os.pathsep)
    assert folders[0] == "/usr/bin"
    assert [Path(folder).parent.name for folder in folders[1:]] == [
        "3.13.0",
        "3.12.1",
        "3.9.18",
        "2.7.18",
    ]


def test_windows_has_no_such_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: "windows")
    monkeypatch.setenv("PATH", os.pathsep.join(["a", "b"]))
    assert sources(tmp_path).env["PATH"] == os.pathsep.join(["a", "b"])
