"""Which client a project gets, from where, and what is wrong with those it cannot get."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from builder import kept
from builder.history import read_json
from builder.problems import ComputerError, ProjectError, ToolError
from builder.process import Finished
from builder.project import Requirement
from builder.stages import client
from tests.builder.fake_build import FakeJob, client_files, fake_build, keep_client

UNREACHABLE = "WARNING: Retrying after connection broken by 'NewConnectionError'"


class FletIndex:
    """Plays pip for the wheels of flet-web."""

    def __init__(self, *versions: str, error: str = "", holds: Mapping[str, object] | None = None):
        self.versions, self.error = versions, error
        self.holds = client_files() if holds is None else holds
        self.fetched = 0

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        if self.error:
            return Finished((), 1, (), (self.error,))
        if "index" in argv:
            return Finished((), 0, (json.dumps({"versions": self.versions}),), ())
        self.fetched += 1
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as wheel:
            wheel.writestr("flet_web/__init__.py", "")
            for name, text in self.holds.items():
                wheel.writestr(f"flet_web/web/{name}", text)  # type: ignore[arg-type]
        folder = Path(argv[argv.index("--dest") + 1])
        (folder / "flet_web-1.0.5-py3-none-any.whl").write_bytes(content.getvalue())
        return Finished((), 0, (), ())


def wanted(*texts: str) -> str:
    specifier = client.wanted([Requirement(text, "pyproject.toml, line 1") for text in texts])
    return ",".join(sorted(map(str, specifier)))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ">=1.0"),
        (["httpx", "flet-video==0.1"], ">=1.0"),
        (["flet"], ">=1.0"),
        (["Flet[all] >= 1.0.2"], ">=1.0,>=1.0.2"),
        (["flet>=1.0.2", "flet<2"], "<2,>=1.0,>=1.0.2"),
        (["flet==1.0.5"], "==1.0.5,>=1.0"),
        (["flet==1.*"], "==1.*,>=1.0"),
        (["flet>=0.28"], ">=0.28,>=1.0"),
        (["flet==0.28; sys_platform == 'win32'", "flet>1"], ">1,>=1.0"),
        (["flet==1.0.4; sys_platform == 'emscripten'"], "==1.0.4,>=1.0"),
        (["flet==1.0.4; python_version >= '3.13'"], "==1.0.4,>=1.0"),
        (["flet==1.0.4; python_version < '3'"], ">=1.0"),
        (["flet===what"], "===what,>=1.0"),
    ],
)
def test_which_versions_of_flet_a_project_accepts(texts: list[str], expected: str) -> None:
    assert wanted(*texts) == expected


@pytest.mark.parametrize(
    "text",
    ["flet==0.28.3", "flet<1", "flet<=0.9", "flet~=0.28", "flet==0.*", "flet>=0.2,<0.30"],
)
def test_a_flet_from_before_its_new_protocol_is_too_old(text: str) -> None:
    with pytest.raises(ProjectError) as raised:
        wanted(text)
    assert raised.value.problem.code == "flet-too-old"
    assert raised.value.problem.where == "pyproject.toml, line 1"


def test_a_flet_from_elsewhere_has_no_client() -> None:
    with pytest.raises(ProjectError) as raised:
        wanted("flet @ git+https://github.com/flet-dev/flet")
    assert raised.value.problem.code == "flet-not-released"


def test_the_newest_that_fits_is_fetched_once(cache: Path, tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"requirements.txt": "flet<1.0.5"})
    index = FletIndex("1.0.5", "1.0.4", "1.0.3")
    client.run(FakeJob(build, index))
    assert client.of(build).flet == "1.0.4"
    assert client.of(build).python.version == "3.14.2"
    client.run(FakeJob(build, index))
    assert index.fetched == 1
    assert [p.name for p in (cache / "clients").iterdir()] == ["1.0.4"]


def test_a_pinned_one_in_the_cache_asks_nobody(cache: Path, tmp_path: Path) -> None:
    keep_client("1.0.5")
    build = fake_build(tmp_path, {"requirements.txt": "flet==1.0.5"})
    client.run(FakeJob(build))
    assert client.of(build).flet == "1.0.5"
    assert client.is_cached(build.project.requirements)


def test_without_the_network_the_newest_in_the_cache_does(cache: Path, tmp_path: Path) -> None:
    for flet in ("1.0.4", "1.0.10", "1.0.9"):
        keep_client(flet)
    (cache / "clients" / "1.0.5 copy").mkdir()
    (cache / "clients" / "2.0").mkdir()  # what a hand or a killed build left
    job = FakeJob(fake_build(tmp_path, {}), FletIndex(error=UNREACHABLE))
    client.run(job)
    assert client.of(job.build).flet == "1.0.10"
    assert job.codes == ["index-unreachable-cache-used"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UNREACHABLE, "index-unreachable"),
        ("WARNING: 401 Error, Credentials not correct for http://x", "index-refused"),
        ("[Errno 28] No space left on device", "disk-full"),
        ("something else", "index-failed"),
    ],
)
def test_an_index_that_does_not_answer(error: str, code: str, cache: Path, tmp_path: Path) -> None:
    with pytest.raises(ComputerError) as raised:
        client.run(FakeJob(fake_build(tmp_path, {}), FletIndex(error=error)))
    assert raised.value.problem.code == code
    assert error in raised.value.problem.evidence


def test_a_version_that_is_not_there(cache: Path, tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"requirements.txt": "flet>=7"})
    with pytest.raises(ProjectError) as raised:
        client.run(FakeJob(build, FletIndex("1.0.5")))
    assert raised.value.problem.code == "flet-version-missing"
    assert "1.0.5" in raised.value.problem.why


@pytest.mark.parametrize("damage", ["a file is gone", "a file is short", "the folder is empty"])
def test_a_damaged_client_is_fetched_anew(damage: str, cache: Path, tmp_path: Path) -> None:
    web = keep_client("1.0.5")
    build = fake_build(tmp_path, {"requirements.txt": "flet==1.0.5"})
    client.run(FakeJob(build))
    stage = client.stage()
    assert stage.missing is not None
    assert stage.missing(build) == ""
    if damage == "a file is gone":
        (web / "pyodide" / "pyodide-lock.json").unlink()
    elif damage == "a file is short":
        (web / "pyodide" / "pyodide-lock.json").write_text("{")
    else:
        (cache / "clients" / "1.0.5").rename(tmp_path / "elsewhere")
        (cache / "clients" / "1.0.5").mkdir()
    assert stage.missing(build) != ""
    assert not client.is_cached(build.project.requirements)
    client.run(FakeJob(build, FletIndex("1.0.5")))
    assert client.of(build).pyodide == "314.0.7"
    assert kept.is_whole(cache / "clients" / "1.0.5")


def test_a_damaged_choice_is_made_anew(cache: Path, tmp_path: Path) -> None:
    keep_client("1.0.5")
    build = fake_build(tmp_path, {"requirements.txt": "flet==1.0.5"})
    (build.work / "client.json").write_text('{"fl')
    missing = client.stage().missing
    assert missing is not None
    assert missing(build) != ""
    client.run(FakeJob(build))
    assert read_json(build.work / "client.json") == {"flet": "1.0.5"}


@pytest.mark.parametrize(
    "holds", [{}, {"index.html": "x"}, {**client_files(), "flutter_bootstrap.js": "x"}]
)
def test_a_client_of_another_kind_is_told(
    holds: Mapping[str, object], cache: Path, tmp_path: Path
) -> None:
    with pytest.raises(ToolError) as raised:
        client.run(FakeJob(fake_build(tmp_path, {}), FletIndex("1.0.5", holds=holds)))
    assert raised.value.problem.code == "client-not-understood"


@pytest.mark.parametrize(
    ("files", "options", "fits"),
    [
        ({}, {}, True),
        ({}, {"python_version": "3.14"}, True),
        ({}, {"python_version": "3.14.2"}, True),
        ({}, {"python_version": "3.13"}, False),
        ({"pyproject.toml": '[project]\nname="a"\nrequires-python=">=3.11"'}, {}, True),
        ({"pyproject.toml": '[project]\nname="a"\nrequires-python="<3.14"'}, {}, False),
    ],
)
def test_the_python_is_the_clients(
    files: dict[str, str], options: dict[str, str], fits: bool, cache: Path, tmp_path: Path
) -> None:
    keep_client()
    build = fake_build(tmp_path, files, **options)
    job = FakeJob(build, FletIndex("1.0.5"))
    if fits:
        client.run(job)
        return
    with pytest.raises(ProjectError) as raised:
        client.run(job)
    assert raised.value.problem.code == "python-not-in-client"


def test_the_projects_index_is_asked(cache: Path, tmp_path: Path) -> None:
    address = "https://me:secret-word@index.example/simple"
    build = fake_build(tmp_path, {"requirements.txt": f"--index-url {address}\nflet\n"})
    job = FakeJob(build, FletIndex("1.0.5"))
    client.run(job)
    assert job.started[0][2]["PIP_INDEX_URL"] == address
    assert all("secret-word" not in " ".join(argv) for argv, _, _ in job.started)
    assert {cwd for _, cwd, _ in job.started} == {build.project.folder}
