"""What the packer says when it fails, and what a person is told."""

from __future__ import annotations

import json
import shlex
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from builder.problems import ComputerError, Problem, ProjectError, SlipwayError, ToolError
from builder.process import Finished
from builder.stages import package_failure
from tests.builder.fake_build import FakeJob, write
from tests.builder.flutter.making import make_build

PIP = "Running: /w/build/build_python_3.14.6/python/bin/python3 -m pip install --upgrade httpx"
COMPILE_APP = "Running: /w/python3 -m compileall -b /tmp/serious_python_tempABC"
COMPILE_PACKAGES = "Running: /w/python3 -m compileall -b /w/site-packages/arm64-v8a"

TOML = 'dependencies = ["flet", "httpx<0.20", "numpy"]\n'


def told(
    folder: Path,
    said: str,
    *,
    status: int = 1,
    err: str = "",
    versions: Sequence[str] = (),
    target: str = "apk",
    main: str = "",
) -> SlipwayError:
    """What is raised for what the packer said; `versions` are those that the index then has."""

    def index(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        assert "index" in argv, shlex.join(argv)
        if not versions:
            return Finished((), 1, (), ("ERROR: No matching distribution found for x",))
        return Finished((), 0, (json.dumps({"versions": list(versions)}),), ())

    build = make_build(folder, target, TOML, files={"main.py": main})
    finished = Finished((), status, tuple(said.splitlines()), tuple(err.splitlines()))
    with pytest.raises(SlipwayError) as raised:
        package_failure.check(FakeJob(build, index), finished)
    return raised.value


def problem(folder: Path, said: str, **more: object) -> Problem:
    return told(folder, said, **more).problem  # type: ignore[arg-type]


def test_all_well_is_no_failure(tmp_path: Path) -> None:
    job = FakeJob(make_build(tmp_path, "linux"))
    finished = Finished((), 0, ("Running package command", "Deleting temp directory"), ())
    package_failure.check(job, finished)
    assert job.started == []


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (
            "Error: ClientException with SocketException: Failed host lookup: 'cdn.jsdelivr.net' "
            "(OS Error: Temporary failure in name resolution, errno = -3), "
            "uri=https://cdn.jsdelivr.net/pyodide/v314.0.3/full/pyodide-lock.json",
            ComputerError,
            "download-failed",
        ),
        (
            "Error: Exception: Failed to load data from https://cdn.jsdelivr.net/x.json",
            ComputerError,
            "download-failed",
        ),
        (
            "Error: FileSystemException: writeFrom failed, path = '/w/app.zip' "
            "(OS Error: No space left on device, errno = 28)",
            ComputerError,
            "disk-full",
        ),
        (
            "Error: FileSystemException: Cannot copy file to '/w/x' (OS Error: …, errno = 2)",
            ToolError,
            "app-not-packed",
        ),
        (
            "Error: Exception: prepare_spm.sh failed (exit 1):",
            ToolError,
            "app-not-packed",
        ),
    ],
)
def test_an_error_with_status_0_is_one(
    said: str, kind: type[SlipwayError], code: str, tmp_path: Path
) -> None:
    error = told(tmp_path, f"Running package command\n{said}\nDeleting temp directory", status=0)
    assert type(error) is kind
    assert error.problem.code == code
    assert said in error.problem.evidence


def test_the_place_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    said = "Error: SocketException: Failed host lookup: 'github.com' (OS Error: x, errno = 7)"
    assert "github.com" in problem(tmp_path, said, status=0).title


def test_what_the_packer_says_itself_is_the_reason(tmp_path: Path) -> None:
    found = problem(tmp_path, "Error: Exception: something odd", status=0)
    assert found.why == "The packer says: Exception: something odd"


@pytest.mark.parametrize("status", [-signal.SIGKILL, 128 + signal.SIGKILL])
def test_stopped_from_outside(status: int, tmp_path: Path) -> None:
    error = told(tmp_path, PIP, status=status)
    assert type(error) is ToolError
    assert error.problem.code == "packer-stopped"
    assert "SIGKILL" in error.problem.title


# ---- Dart ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (
            "Got socket error trying to find package serious_python at https://pub.dev.",
            ComputerError,
            "pub-unreachable",
        ),
        (
            "Because notes depends on serious_python any which doesn't exist (could not find "
            "package serious_python at https://pub.dev), version solving failed.",
            ComputerError,
            "pub-unreachable",
        ),
        (
            "Because every version of flet depends on x ^2.0.0 and notes depends on x ^1.0.0, "
            "flet is forbidden.\nSo, because notes depends on flet, version solving failed.",
            ToolError,
            "dart-packages-conflict",
        ),
        ('Could not find package "serious_python". Did you forget …', ToolError,
         "template-without-packer"),
        ('Could not find a file named "pubspec.yaml" in "/w".', ToolError,
         "template-without-packer"),
        ("Unknown Python version: 3.15. Supported: 3.12, 3.13", ProjectError,
         "python-not-in-packer"),
        ('"3.15" is not an allowed value for option "--python-version".', ProjectError,
         "python-not-in-packer"),
    ],
)  # fmt: skip
def test_dart_before_the_packer(
    said: str, kind: type[SlipwayError], code: str, tmp_path: Path
) -> None:
    error = told(tmp_path, "Resolving dependencies...", err=said, status=65)
    assert type(error) is kind
    assert error.problem.code == code


# ---- pip -------------------------------------------------------------------------------------


def test_a_package_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    error = told(tmp_path, PIP, err="ERROR: No matching distribution found for numpy")
    assert type(error) is ProjectError
    assert error.problem.code == "no-such-package"
    assert "“numpy”" in error.problem.title
    assert error.problem.where == "pyproject.toml, line 3"
    assert [fix.id for fix in error.problem.fixes] == ["show"]


@pytest.mark.parametrize(("target", "words"), [("apk", "Android"), ("ipa", "iOS"), ("web", "web")])
def test_a_package_without_a_build_for_the_target(target: str, words: str, tmp_path: Path) -> None:
    found = problem(
        tmp_path,
        PIP,
        err="ERROR: No matching distribution found for numpy",
        versions=["2.4.6"],
        target=target,
    )
    assert found.code == "package-only-source"
    assert words in found.title


def test_requirements_that_exclude_each_other(tmp_path: Path) -> None:
    err = """The conflict is caused by:
    The user requested httpx<0.20
    flet 1.0.5 depends on httpx>=0.28.1
ERROR: ResolutionImpossible: for help visit …"""
    error = told(tmp_path, PIP, err=err)
    assert type(error) is ProjectError
    assert error.problem.code == "requirements-conflict"
    assert "httpx" in error.problem.title


def test_a_wheel_for_another_system(tmp_path: Path) -> None:
    err = "ERROR: x-1-cp311-cp311-win_amd64.whl is not a supported wheel on this platform."
    assert problem(tmp_path, PIP, err=err).code == "wheel-not-for-android"


@pytest.mark.parametrize(
    ("err", "kind", "code"),
    [
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", ComputerError,
         "index-unreachable"),
        ("ERROR: 401 Client Error: Unauthorized", ComputerError, "index-refused"),
        ("ERROR: [Errno 28] No space left on device", ComputerError, "disk-full"),
        ("ERROR: Failed building wheel for numpy", ProjectError, "package-not-built"),
        ("something else", ToolError, "index-failed"),
    ],
)  # fmt: skip
def test_pip_in_other_trouble(
    err: str, kind: type[SlipwayError], code: str, tmp_path: Path
) -> None:
    error = told(tmp_path, PIP, err=err)
    assert type(error) is kind
    assert error.problem.code == code
    assert err in error.problem.evidence


def test_a_package_whose_sources_cannot_even_be_read(tmp_path: Path) -> None:
    said = f"{PIP}\nVERBOSE: Collecting numpy"
    err = "error: subprocess-exited-with-error\nEncountered error while generating package metadata"
    found = problem(tmp_path, said, err=err, target="linux")
    assert found.code == "package-not-built"
    assert "“numpy”" in found.title
    assert found.where == "pyproject.toml, line 3"


# ---- Compiling -------------------------------------------------------------------------------


def test_a_file_of_the_app_that_is_no_python_is_found(tmp_path: Path) -> None:
    write(tmp_path / "project", {"parts/card.py": "x = 1\ndef (:\n"})
    found = problem(tmp_path, COMPILE_APP)
    assert found.code == "app-not-compiled"
    assert found.where == "parts/card.py, line 2"
    assert found.fixes[0].data == {"tool.flet.compile.app": False}


def test_a_file_that_only_the_packed_python_minds(tmp_path: Path) -> None:
    found = problem(tmp_path, COMPILE_APP, main="import flet\n")
    assert (found.code, found.where) == ("app-not-compiled", "")


def test_a_package_that_cannot_be_compiled(tmp_path: Path) -> None:
    found = problem(tmp_path, f"{PIP}\n{COMPILE_PACKAGES}")
    assert found.code == "packages-not-compiled"
    assert found.fixes[0].data == {"tool.flet.compile.packages": False}


def test_what_nobody_foresaw_shows_the_last_lines(tmp_path: Path) -> None:
    said = "\n".join(f"line {number}" for number in range(100))
    found = problem(tmp_path, said)
    assert found.code == "app-not-packed"
    assert found.evidence[-1] == "line 99"
    assert len(found.evidence) == 20
