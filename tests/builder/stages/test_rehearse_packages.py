"""What a rehearsal finds out about the app's packages, on any computer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from builder import host, pipeline
from builder.flutter.kit import Kit, PythonRelease
from builder.history import read_json
from builder.pipeline import Build
from builder.problems import ComputerError, Problem, ProjectError
from builder.process import Finished
from builder.stages import rehearse_packages
from tests.builder.fake_build import LOCK, FakeJob, item, keep_client
from tests.builder.flutter.making import make_build

FLET = item("flet", "1.0.5", "flet-1.0.5-py3-none-any.whl")
HTTPX = item("httpx", "0.28.1", "httpx-0.28.1-py3-none-any.whl")
NUMPY = item("numpy", "2.4.6", "numpy-2.4.6-cp314-cp314-manylinux_2_28_x86_64.whl")
NO_NUMPY = "ERROR: No matching distribution found for numpy"
UNREACHABLE = "WARNING: Retrying after connection broken by 'NewConnectionError'"
NUMPY_TOML = 'dependencies = ["flet", "numpy"]\n'


class Pip:
    """Plays pip: `ideal` is the answer as if all had builds; `real` by a part of the platform."""

    def __init__(
        self,
        ideal: Sequence[Mapping[str, Any]] | str,
        real: Mapping[str, Sequence[Mapping[str, Any]] | str] | None = None,
        versions: Sequence[str] = (),
    ) -> None:
        self.ideal, self.real, self.versions = ideal, real or {}, versions
        self.asked: list[list[str]] = []

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        if "index" in argv:
            if not self.versions:
                return Finished((), 1, (), ("ERROR: No matching distribution found for x",))
            return Finished((), 0, (json.dumps({"versions": list(self.versions)}),), ())
        self.asked.append(Path(argv[argv.index("-r") + 1]).read_text("utf-8").splitlines())
        assert "--dry-run" in argv
        answer = self.ideal
        if not json.loads(Path(argv[3]).read_text("utf-8"))["any_build"]:
            platform = argv[argv.index("--platform") + 1]
            answer = next((a for part, a in self.real.items() if part in platform), self.ideal)
        if isinstance(answer, str):
            return Finished((), 1, (), tuple(answer.splitlines()))
        Path(argv[argv.index("--report") + 1]).write_text(json.dumps({"install": list(answer)}))
        return Finished((), 0, (), ())


class Job(FakeJob):
    """Hears of errors, too: all but the first of them are told."""

    def problem(self, problem: Problem) -> None:
        self.problems.append(problem)


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Flet's own index answers; what was tried to be reached. The computer is one with Linux."""
    tried: list[str] = []

    def head(address: str, **_: object) -> httpx.Response:
        tried.append(address)
        return httpx.Response(200)

    monkeypatch.setattr(httpx, "head", head)
    monkeypatch.setattr(host, "current", lambda: "linux")
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    return tried


@pytest.fixture
def no_flet_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def head(address: str, **_: object) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(httpx, "head", head)


def rehearse(build: Build, pip: Pip) -> Job:
    job = Job(build, pip)
    rehearse_packages.run(job)
    return job


def fails(build: Build, pip: Pip) -> tuple[Problem, Job]:
    job = Job(build, pip)
    with pytest.raises(ProjectError) as raised:
        rehearse_packages.run(job)
    return raised.value.problem, job


@pytest.mark.parametrize(("target", "asked"), [("linux", 2), ("web", 2), ("apk", 4), ("ipa", 4)])
def test_packages_that_can_be_had(target: str, asked: int, tmp_path: Path) -> None:
    build = make_build(tmp_path, target, 'dependencies = ["flet", "httpx"]\n')
    pip = Pip([FLET, HTTPX])
    job = rehearse(build, pip)
    assert job.problems == []
    assert len(pip.asked) == asked  # once as if all had builds, and once for each processor
    assert "2 packages would be installed: flet 1.0.5 · httpx 0.28.1" in job.said
    noted = read_json(build.work / "rehearsed.json")["packages"]
    assert noted == {"flet": "1.0.5", "httpx": "0.28.1"}


def test_a_project_that_asks_for_nothing_gets_flet(tmp_path: Path) -> None:
    pip = Pip([FLET])
    rehearse(make_build(tmp_path, "linux"), pip)
    assert pip.asked == [["flet==1.0.5"]] * 2


def test_only_phones_ask_flet_s_own_index(tmp_path: Path, reached: list[str]) -> None:
    for target in ("linux", "web", "apk"):
        pip = Pip([FLET])
        rehearse(make_build(tmp_path / target, target, 'dependencies = ["flet"]\n'), pip)
        more = [line for line in pip.asked[0] if line.startswith("--extra-index-url")]
        assert bool(more) is (target == "apk")
    assert reached == [rehearse_packages.FLET_INDEX]


def test_architectures_that_were_chosen(tmp_path: Path) -> None:
    pip = Pip([FLET])
    toml = '[tool.flet.android]\ntarget_arch = ["x86_64"]\n'
    rehearse(make_build(tmp_path, "apk", toml), pip)
    assert len(pip.asked) == 2


def test_what_is_built_from_sources_on_purpose_is_not_looked_for(tmp_path: Path) -> None:
    toml = NUMPY_TOML + '[tool.flet]\nsource_packages = ["NumPy"]\n'
    pip = Pip([FLET])
    rehearse(make_build(tmp_path, "apk", toml), pip)
    assert all(line != "numpy" for lines in pip.asked for line in lines)


def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk", 'dependencies = ["flet", "numppy"]\n')
    problem, job = fails(build, Pip("ERROR: No matching distribution found for numppy"))
    assert (problem.code, problem.where) == ("no-such-package", "pyproject.toml, line 3")
    assert job.problems == []


def test_requirements_that_exclude_each_other(tmp_path: Path) -> None:
    said = "The conflict is caused by:\n    flet 1.0.5 depends on httpx>=1\n"
    problem, _ = fails(
        make_build(tmp_path, "apk", 'dependencies = ["flet", "httpx<1"]\n'),
        Pip(said + "ERROR: ResolutionImpossible"),
    )
    assert problem.code == "requirements-conflict"


def test_an_index_that_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(ComputerError) as raised:
        rehearse(make_build(tmp_path, "apk"), Pip(UNREACHABLE))
    assert raised.value.problem.code == "index-unreachable"


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [("apk", "no-android-build", "on Android"), ("ipa", "no-ios-build", "on iPhones")],
)
def test_a_package_without_any_build(target: str, code: str, words: str, tmp_path: Path) -> None:
    build = make_build(tmp_path, target, NUMPY_TOML)
    problem, _ = fails(build, Pip([FLET, NUMPY], {"": NO_NUMPY}))
    assert problem.code == code
    assert words in problem.title
    assert problem.where == "pyproject.toml, line 3"
    assert problem.fixes[0].data == {"project.dependencies": ["flet"]}


def test_a_package_without_a_build_for_some_phones(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk", NUMPY_TOML)
    problem, _ = fails(build, Pip([FLET, NUMPY], {"armeabi": NO_NUMPY, "": [FLET, NUMPY]}))
    assert problem.code == "no-build-for-some"
    assert "armeabi-v7a" in problem.title
    rest = {"tool.flet.android.target_arch": ["arm64-v8a", "x86_64"]}
    assert problem.fixes[0].data == rest


@pytest.mark.usefixtures("no_flet_index")
def test_what_only_flet_s_index_may_have_is_not_blamed(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk", NUMPY_TOML)
    job = rehearse(build, Pip([FLET, NUMPY], {"": NO_NUMPY}))
    assert job.codes == ["packages-not-looked-at"]
    assert job.problems[0].severity == "warn"
    assert "numpy" in job.problems[0].title
    assert "pypi.flet.dev" in job.problems[0].why


@pytest.mark.usefixtures("no_flet_index")
def test_what_flet_itself_needs_worries_nobody(tmp_path: Path) -> None:
    msgpack = item("msgpack", "1.2.4", "msgpack-1.2.4-cp314-cp314-manylinux_2_28_x86_64.whl")
    flet = item("flet", "1.0.5", "flet-1.0.5-py3-none-any.whl", "msgpack")
    missing = "ERROR: No matching distribution found for msgpack"
    build = make_build(tmp_path, "apk", 'dependencies = ["flet"]\n')
    job = rehearse(build, Pip([flet, msgpack], {"": missing}))
    assert job.problems == []
    assert any("msgpack" in line for line in job.said)


def test_for_this_computer_sources_would_be_built(tmp_path: Path) -> None:
    windows_only = item("numpy", "2.4.6", "numpy-2.4.6-cp314-cp314-win_amd64.whl")
    build = make_build(tmp_path, "linux", NUMPY_TOML)
    job = rehearse(build, Pip([FLET, windows_only], {"": NO_NUMPY}))
    assert job.codes == ["package-from-sources"]
    only_sources = Pip(NO_NUMPY, versions=["2.4.6"])
    job = rehearse(make_build(tmp_path / "2", "linux", NUMPY_TOML), only_sources)
    assert job.codes == ["package-from-sources"]
    assert job.problems[0].where == "pyproject.toml, line 3"


def test_an_old_relic_in_the_place_of_a_package(tmp_path: Path) -> None:
    relic = item("numpy", "0.1", "numpy-0.1-py3-none-any.whl")
    build = make_build(tmp_path, "apk", NUMPY_TOML)
    problem, job = fails(build, Pip([FLET, NUMPY], {"": [FLET, relic]}))
    assert problem.code == "package-fallback"
    assert "which has no build for Android" in problem.why
    assert job.problems == []  # told once, not once for each processor


def test_pyodide_s_own_collection_counts_for_the_web(tmp_path: Path) -> None:
    entry = {
        "file_name": "numpy-2.4.6-cp314-cp314-pyemscripten_2026_0_wasm32.whl",
        "package_type": "package", "depends": [], "sha256": "", "name": "numpy",
    }  # fmt: skip
    keep_client("1.0.5", {**LOCK, "packages": {"numpy": entry}})
    build = make_build(tmp_path, "web", 'dependencies = ["numpy"]\n')
    job = rehearse(build, Pip([NUMPY], {"": NO_NUMPY}))
    assert job.problems == []
    assert "numpy comes from Pyodide's own collection." in job.said


def test_a_package_that_no_browser_runs(tmp_path: Path) -> None:
    keep_client("1.0.5")
    build = make_build(tmp_path, "web", NUMPY_TOML)
    problem, _ = fails(build, Pip([FLET, NUMPY], {"": NO_NUMPY}))
    assert problem.code == "no-browser-build"


def test_a_collection_that_cannot_be_had(tmp_path: Path) -> None:
    build = make_build(tmp_path, "web", NUMPY_TOML)
    kit = build.kit
    assert kit is not None
    older = PythonRelease("3.13", "3.13.14", "0.29.4", kit.python.android_abis)
    keep_client("1.0.5")
    build = Build(**{**build.__dict__, "kit": Kit(kit.release, older, None)})
    job = rehearse(build, Pip([FLET, NUMPY], {"": NO_NUMPY}))
    assert job.codes == ["packages-not-looked-at"]


def test_a_pyodide_that_is_not_known_is_not_judged(tmp_path: Path) -> None:
    build = make_build(tmp_path, "web")
    kit = build.kit
    assert kit is not None
    newer = PythonRelease("3.19", "3.19.0", "319.0.0", ())
    build = Build(**{**build.__dict__, "kit": Kit(kit.release, newer, None)})
    assert rehearse(build, Pip([])).codes == ["packages-of-unknown-python"]


def test_what_a_build_would_fetch_is_told(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk")
    kit = build.kit
    assert kit is not None
    build = Build(**{**build.__dict__, "kit": Kit(kit.release, kit.python, None)})
    said = "\n".join(rehearse(build, Pip([FLET])).said)
    assert "Python 3.14.6 for Android" in said
    assert "Flutter 3.44.8" in said
    assert "Android SDK" in said


def test_it_is_tried_each_time(tmp_path: Path) -> None:
    build = make_build(tmp_path, "linux")
    stage = rehearse_packages.stage()
    rehearse(build, Pip([FLET]))
    pipeline.write_json(
        build.work / pipeline.STAMPS / f"{stage.id}.json",
        {"inputs": pipeline.inputs_of(stage, build)},
    )
    (forecast,) = pipeline.forecast([stage], build)
    assert (forecast.state, forecast.reason) == ("run", "the package index may have changed")
