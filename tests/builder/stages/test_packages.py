"""What is asked of the index for an app, how the answer is judged, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from builder.history import write_json
from builder.pipeline import Build
from builder.problems import ComputerError, Problem, ProjectError, SlipwayError
from builder.stages import client, packages
from tests.builder.fake_build import (
    FLET,
    LOCK,
    FakeJob,
    FakePip,
    fake_build,
    item,
    keep_client,
    write,
)  # fmt: skip

MISSING = "ERROR: No matching distribution found for "
UNREACHABLE = "WARNING: Retrying after connection broken by 'NewConnectionError'"
LINUX = "cp314-cp314-manylinux_2_28_x86_64.whl"
BROWSER = "cp314-cp314-pyemscripten_2026_0_wasm32.whl"
PURE = "py3-none-any.whl"


def ready(tmp_path: Path, requirements: str = "", lock: Mapping[str, Any] = LOCK) -> Build:
    """A build whose client stage is done."""
    keep_client("1.0.5", lock)
    files = {"requirements.txt": requirements} if requirements else {}
    build = fake_build(tmp_path, files)
    write_json(build.work / "client.json", {"flet": "1.0.5"})
    return build


def asked(pip: FakePip) -> list[str]:
    """What the first call of pip was asked for."""
    return pip.asked[0]


def problem_of(build: Build, pip: FakePip) -> Problem:
    with pytest.raises(SlipwayError) as raised:
        packages.run(FakeJob(build, pip))
    return raised.value.problem


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ("", ["flet"]),
        ("httpx\n", ["flet", "httpx"]),
        ("flet[all]==1.0.5\nhttpx[http2]>=0.27\n", ["flet==1.0.5", "httpx[http2]>=0.27"]),
        ("flet[all]\nflet\nflet[web]\n", ["flet"]),
        ("flet>=1\nflet<2\n", ["flet<2", "flet>=1"]),
        ("flet-web\nflet_desktop\nFlet.Cli\n", ["flet"]),
        ("flet; sys_platform == 'win32'\n", ["flet"]),
        ("pywin32; sys_platform == 'win32'\nflet\n", ["flet"]),
        ("uvloop; platform_system != 'Emscripten'\ntabulate; sys_platform == 'emscripten'\n",
         ["flet", 'tabulate; sys_platform == "emscripten"']),
        ("tomli; python_version < '3.11'\n", ["flet"]),
    ],
)  # fmt: skip
def test_what_is_asked(requirements: str, expected: list[str], cache: Path, tmp_path: Path) -> None:
    pip = FakePip()
    packages.run(FakeJob(ready(tmp_path, requirements), pip))
    assert asked(pip) == expected


def test_a_relative_path_starts_in_the_project(cache: Path, tmp_path: Path) -> None:
    wheel = "mine-1.0-py3-none-any.whl"
    build = ready(tmp_path, f"./wheels/{wheel}\n")
    pip = FakePip()
    job = FakeJob(build, pip)
    packages.run(job)
    path = build.project.folder / "wheels" / wheel
    assert f"mine @ {path.as_uri()}" in asked(pip)
    assert {cwd for _, cwd, _ in job.started} == {build.project.folder}


def test_a_changed_file_of_this_computer_is_asked_for_again(cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    write(folder, {"lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\n'})
    build = ready(tmp_path, "./lib\n-c limits.txt\n")
    seen = [packages.reads(build)]
    for name in ("lib/code.py", "limits.txt"):
        (folder / name).write_text("x")
        seen.append(packages.reads(build))
    assert len({json.dumps(each) for each in seen}) == 3
    for name in ("lib/build", "lib/lib.egg-info", "lib/.git"):  # what building leaves behind
        (folder / name).mkdir()
        (folder / name / "file").write_text("x")
    assert packages.reads(build) == seen[-1]


def test_no_password_is_written_down(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, "--index-url https://me:secret-word@index.example/simple\nflet\n")
    job = FakeJob(build, FakePip())
    packages.run(job)
    assert "secret-word" not in json.dumps(dict(packages.reads(build)))
    assert all(
        "secret-word" not in " ".join([*argv, *env.values()]) for argv, _, env in job.started
    )
    for path in [*cache.rglob("*"), *build.work.rglob("*")]:
        assert not path.is_file() or b"secret-word" not in path.read_bytes()


def test_another_index_is_another_answer(cache: Path, tmp_path: Path) -> None:
    packages.run(FakeJob(ready(tmp_path / "a", "flet\n"), FakePip()))
    other = ready(tmp_path / "b", "--index-url https://b/simple\nflet\n")
    assert not packages.is_cached(other)


# ---- Judging -------------------------------------------------------------------------------------


def test_all_is_well(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path)
    job = FakeJob(build, FakePip())
    packages.run(job)
    site, listed = packages.of(build)
    assert packages.names(listed) == {"flet": "1.0.5", "msgpack": "1.2.4"}
    assert (site / "flet" / "__init__.py").is_file()
    assert job.problems == []
    assert job.said == ["2 packages: flet 1.0.5 · msgpack 1.2.4 (compiled)"]


def test_no_build_for_the_browser_names_who_asked(cache: Path, tmp_path: Path) -> None:
    db = item("ibm_db", "3", f"ibm_db-3-{LINUX}")
    helper = item(
        "dbhelper", "1", f"dbhelper-1-{PURE}", "driver ; extra == 'x'", requested_extras=["x"]
    )
    driver = item("driver", "1", f"driver-1-{PURE}", "ibm-db")
    pip = FakePip(MISSING + "ibm-db", [FLET, helper, driver, db], alone=MISSING + "ibm-db")
    found = problem_of(ready(tmp_path, "flet\ndbhelper[x]\n"), pip)
    assert found.code == "no-browser-build"
    assert "ibm_db" in found.title
    assert "dbhelper[x] (requirements.txt, line 2) → driver → ibm-db" in found.why
    assert found.where == "requirements.txt, line 2"


def test_several_without_a_build_are_all_told(cache: Path, tmp_path: Path) -> None:
    ideal = [FLET, item("a", "1", f"a-1-{LINUX}"), item("b", "1", f"b-1-{LINUX}")]

    class Pip(FakePip):
        def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Any:
            name = Path(argv[argv.index("-r") + 1]).read_text().split()[-1] if "-r" in argv else ""
            self.alone = MISSING + name
            return super().__call__(argv, env)

    job = FakeJob(ready(tmp_path, "flet\na\nb\n"), Pip(MISSING + "a", ideal))
    told: list[Problem] = []
    job.problem = told.append  # type: ignore[method-assign]
    with pytest.raises(ProjectError) as raised:
        packages.run(job)
    assert [p.title for p in (raised.value.problem, *told)] == [
        "“a” cannot run in a browser",
        "“b” cannot run in a browser",
    ]


def test_a_stub_of_long_ago_is_not_taken(cache: Path, tmp_path: Path) -> None:
    old = item("pydantic-core", "0.0.1", f"pydantic_core-0.0.1-{PURE}")
    new = item("pydantic-core", "2.50", f"pydantic_core-2.50-{LINUX}")
    found = problem_of(ready(tmp_path, "pydantic-core\n"), FakePip([FLET, old], [FLET, new]))
    assert found.code == "package-fallback"
    assert "0.0.1" in found.title
    assert "2.50" in found.why


def test_a_somewhat_older_version_is_taken_and_told(cache: Path, tmp_path: Path) -> None:
    old, new = item("x", "1.1", f"x-1.1-{BROWSER}"), item("x", "1.2", f"x-1.2-{LINUX}")
    job = FakeJob(ready(tmp_path, "x\n"), FakePip([FLET, old], [FLET, new]))
    packages.run(job)
    assert job.codes == ["package-older"]
    assert packages.names(packages.of(job.build)[1])["x"] == "1.1"


@pytest.mark.parametrize(
    ("said", "versions", "code"),
    [
        (MISSING + "nosuch", MISSING + "nosuch", "no-such-package"),
        (MISSING + "nosuch==99", ["1.0"], "no-such-version"),
        (MISSING + "nosuch", ["1.0"], "package-only-source"),
        ("ERROR: ResolutionImpossible", [], "requirements-conflict"),
        ("ERROR: mine-1-cp311-cp311-win_amd64.whl is not a supported wheel on this platform.", [],
         "wheel-not-for-browser"),
        ("[Errno 28] No space left on device", [], "disk-full"),
        (UNREACHABLE, [], "index-unreachable"),
        ("WARNING: 401 Error, Credentials not correct for https://x", [], "index-refused"),
        ("Cannot find command 'git'", [], "index-failed"),
    ],
)  # fmt: skip
def test_what_pip_gives_up_on(
    said: str, versions: list[str] | str, code: str, cache: Path, tmp_path: Path
) -> None:
    pip = FakePip(said, said, versions=versions)
    assert problem_of(ready(tmp_path, "flet\nnosuch\n"), pip).code == code


def test_a_wheel_that_was_built_for_this_computer_is_not_packed(
    cache: Path, tmp_path: Path
) -> None:
    built: dict[str, Any] = {
        "metadata": {"name": "mine", "version": "1"},
        "download_info": {"url": "file:///lib", "dir_info": {}},
    }
    files = {
        "mine-1.dist-info/WHEEL": "Tag: cp311-cp311-linux_x86_64\n",
        "mine-1.dist-info/RECORD": "",
    }
    pip = FakePip([FLET, built], files=files)
    found = problem_of(ready(tmp_path, "mine @ file:///lib\n"), pip)
    assert found.code == "no-browser-build"
    assert found.where == "requirements.txt, line 1"


# ---- Pyodide's own collection --------------------------------------------------------------------

NUMPY = {
    **LOCK,
    "packages": {
        "numpy": {
            "package_type": "package",
            "depends": [],
            "file_name": f"numpy-2.0-{BROWSER}",
            "sha256": "ab",
        }
    },
}


def test_the_collection_helps_where_the_index_has_no_build(cache: Path, tmp_path: Path) -> None:
    native, there = (
        item("numpy", "2.0", f"numpy-2.0-{LINUX}"),
        item("numpy", "2.0", f"numpy-2.0-{BROWSER}"),
    )
    pip = FakePip(MISSING + "numpy", [FLET, native], with_links=[FLET, there])
    job = FakeJob(ready(tmp_path, "numpy\n", NUMPY), pip)
    packages.run(job)
    assert packages.names(packages.of(job.build)[1])["numpy"] == "2.0"


def test_a_collection_out_of_reach_is_told(cache: Path, tmp_path: Path) -> None:
    native = item("numpy", "2.0", f"numpy-2.0-{LINUX}")
    pip = FakePip(MISSING + "numpy", [FLET, native], with_links=UNREACHABLE)
    with pytest.raises(ComputerError) as raised:
        packages.run(FakeJob(ready(tmp_path, "numpy\n", NUMPY), pip))
    assert raised.value.problem.code == "collection-unreachable"
    assert raised.value.problem.where == "requirements.txt, line 1"


# ---- Keeping -------------------------------------------------------------------------------------


def test_with_no_network_the_last_answer_does(cache: Path, tmp_path: Path) -> None:
    packages.run(FakeJob(ready(tmp_path / "first"), FakePip()))
    job = FakeJob(ready(tmp_path / "second"), FakePip(UNREACHABLE))
    assert packages.is_cached(job.build)
    packages.run(job)
    assert job.codes == ["index-unreachable-cache-used"]
    assert packages.of(job.build)[0].is_dir()


def test_a_newer_answer_leaves_the_older_to_those_who_use_it(cache: Path, tmp_path: Path) -> None:
    first, second = ready(tmp_path / "first"), ready(tmp_path / "second")
    packages.run(FakeJob(first, FakePip()))
    newer = item("msgpack", "1.3", f"msgpack-1.3-{BROWSER}")
    packages.run(FakeJob(second, FakePip([FLET, newer])))
    assert packages.names(packages.of(first)[1])["msgpack"] == "1.2.4"
    assert packages.names(packages.of(second)[1])["msgpack"] == "1.3"


@pytest.mark.parametrize("damage", ["packages.json", "site/flet/__init__.py", "answer", "note"])
def test_what_is_damaged_is_collected_anew(damage: str, cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path)
    packages.run(FakeJob(build, FakePip()))
    folder = packages.of(build)[0].parent
    if damage == "answer":
        next((cache / "answers").iterdir()).write_text("{")
    elif damage == "note":
        (build.work / "packages.json").write_text("{")
    else:
        (folder / damage).write_text("{")
    missing = packages.stage().missing
    assert missing is not None
    assert bool(missing(build)) is (damage != "answer")
    assert packages.is_cached(build) is (damage == "note")
    packages.run(FakeJob(build, FakePip()))
    assert packages.names(packages.of(build)[1]) == {"flet": "1.0.5", "msgpack": "1.2.4"}
    assert missing(build) == ""


def test_what_nobody_reads_at_run_time_stays_out(cache: Path, tmp_path: Path) -> None:
    files = {
        "bin/script": "x",
        "pkg/__init__.py": "x",
        "pkg/__init__.pyi": "x",
        "pkg/py.typed": "x",
        "pkg/fast.c": "x",
        "pkg/fast.so": "x",
        "pkg/only.pyc": "shipped without its source",
        "pkg/both.py": "x",
        "pkg/both.pyc": "x",
        "pkg/__pycache__/both.cpython-314.pyc": "x",
        "pkg/data/table.csv": "x",
        "namespace/inner/mod.py": "x",
        "share/pkg/notes.txt": "from the wheel's .data folder",
        "pkg-1.dist-info/METADATA": "x",
        "pkg-1.dist-info/RECORD": "x",
        "pkg-1.dist-info/direct_url.json": "x",
    }
    build = ready(tmp_path)
    packages.run(FakeJob(build, FakePip(files=files)))
    site, _ = packages.of(build)
    assert {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()} == {
        "namespace/inner/mod.py",
        "pkg-1.dist-info/METADATA",
        "pkg/__init__.py",
        "pkg/both.py",
        "pkg/data/table.csv",
        "pkg/fast.so",
        "pkg/only.pyc",
        "share/pkg/notes.txt",
    }


def test_a_package_called_bin_is_one(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path)
    packages.run(FakeJob(build, FakePip(files={"bin/__init__.py": "x"})))
    assert (packages.of(build)[0] / "bin" / "__init__.py").is_file()


def test_the_stage_waits_for_the_client(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path)
    assert packages.stage().after == ("client",)
    assert packages.reads(build)["Flet"] == client.of(build).flet
