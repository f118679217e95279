"""Of all that Flutter says when it fails, the lines that say why."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.process import Finished
from builder.stages import flutter_problem
from tests.builder.flutter.making import make_build

GRADLE = """Running Gradle task 'assembleRelease'...

FAILURE: Build failed with an exception.

* Where:
Build file '/work/flutter/android/app/build.gradle.kts' line: 12

* What went wrong:
Execution failed for task ':app:checkReleaseAarMetadata'.
> A failure occurred while executing CheckAarMetadataWorkAction
   > An issue was found when checking AAR metadata:

* Try:
> Run with --stacktrace option to get the stack trace.

BUILD FAILED in 41s
Running Gradle task 'assembleRelease'...                           42.0s
Gradle task assembleRelease failed with exit code 1"""

XCODE = """Running Xcode build...
Xcode archive done.                                         15.2s
Failed to build iOS app
Error (Xcode): No profiles for 'com.example.notes' were found: Xcode couldn't find any
Encountered error while archiving for device."""

MSBUILD = """Building Windows application...
C:\\work\\plugin.cpp(12,5): error C2065: 'foo': undeclared identifier [C:\\work\\plugin.vcxproj]
Build process failed."""

CMAKE = """[   +2 ms] -- Configuring incomplete, errors occurred!
[ +104 ms] CMake Error at CMakeLists.txt:10 (find_package):
[        ]   Could not find GTK"""

PUB = """Resolving dependencies...
warning: 0 errors so far
Because notes depends on gone any which doesn't exist, version solving failed.
Failed to update packages."""


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        (GRADLE, "Execution failed for task ':app:checkReleaseAarMetadata'.",
         "   > An issue was found when checking AAR metadata:"),
        (XCODE, "Failed to build iOS app", "Encountered error while archiving for device."),
        (MSBUILD, "C:\\work\\plugin.cpp(12,5): error C2065: 'foo': undeclared identifier "
         "[C:\\work\\plugin.vcxproj]", "Build process failed."),
        (CMAKE, "CMake Error at CMakeLists.txt:10 (find_package):", "  Could not find GTK"),
        (PUB, "Because notes depends on gone any which doesn't exist, version solving failed.",
         "Failed to update packages."),
        ("Building Windows application...\nlib/a.dart(2,8): error G4D3F0F07: No such library\nx",
         "lib/a.dart(2,8): error G4D3F0F07: No such library", "x"),
        ("one\n\ntwo\nthree 0 errors", "one", "three 0 errors"),
    ],
)  # fmt: skip
def test_the_lines_that_say_why(said: str, first: str, last: str) -> None:
    found = flutter_problem.evidence(said.splitlines())
    assert (found[0].strip(), found[-1].strip()) == (first.strip(), last.strip())


@pytest.mark.parametrize(
    "line",
    ["warning: error handling is off", "0 errors", "lib/error.dart", "Compiling errors.cpp", ""],
)
def test_lines_that_only_look_like_errors(line: str) -> None:
    assert flutter_problem.evidence([line, "error: the real one"]) == ["error: the real one"]


@given(st.lists(st.text()))
def test_wild_lines_are_few_and_no_obstacle(lines: list[str]) -> None:
    found = flutter_problem.evidence(lines)
    assert len(found) <= flutter_problem.LINES
    assert all(line.strip() for line in found)


def test_a_line_without_end_is_cut() -> None:
    found = flutter_problem.evidence(["error: " + "x" * 100_000])
    assert len(found[0]) <= flutter_problem.LINE_LENGTH


def problem(folder: Path, status: int, *said: str) -> flutter_problem.Problem:
    found = flutter_problem.of(Finished((), status, (), said), make_build(folder, "apk"))
    assert found is not None
    return found


@pytest.mark.parametrize("status", [-9, 137])
def test_a_shell_says_by_its_status_that_its_tool_was_killed(status: int, tmp_path: Path) -> None:
    assert problem(tmp_path, status).code == "out-of-memory"


@pytest.mark.parametrize(
    "line",
    [
        "Gradle build daemon disappeared unexpectedly (it may have been killed)",
        "java.lang.OutOfMemoryError: Metaspace",
        "Target dart2js failed: ProcessException: Process exited abnormally with exit code -9",
    ],
)
def test_memory_is_recognised_by_what_is_said(line: str, tmp_path: Path) -> None:
    found = problem(tmp_path, 1, "Building...", line)
    assert found.code == "out-of-memory"


@pytest.mark.parametrize(
    "line",
    ["> java.io.IOException: No space left on device", "There is not enough space on the disk."],
)
def test_a_full_disk_is_told_as_that(line: str, tmp_path: Path) -> None:
    found = problem(tmp_path, 1, "Building...", line, "Build failed")
    assert (found.code, found.evidence) == ("disk-full", (line,))


@pytest.mark.parametrize(("status", "name"), [(-11, "SIGSEGV"), (139, "SIGSEGV"), (143, "SIGTERM")])
def test_a_signal_has_its_name(status: int, name: str, tmp_path: Path) -> None:
    assert hasattr(signal, name)
    found = problem(tmp_path, status)
    assert found.code == "flutter-crashed"
    assert name in found.why


@pytest.mark.parametrize("status", [1, 2, 64, 127, 128, 255])
def test_other_statuses_are_failures(status: int, tmp_path: Path) -> None:
    found = problem(tmp_path, status)
    assert found.code == "flutter-failed"
    assert str(status) in found.why


def test_a_question_is_what_ended_it(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk")
    asked = Finished((), 1, ("Checking", "Accept? (y/N): "), ("No answer.",))
    problem = flutter_problem.of(asked, build)
    assert problem is not None
    assert problem.code == "flutter-asked"
    assert "Accept? (y/N):" in problem.why
    for others in ("Accept? (y/N): ", "so we go on"), ("error: did you mean 'main'?",):
        problem = flutter_problem.of(Finished((), 1, others, ()), build)
        assert problem is not None
        assert problem.code == "flutter-failed"


def test_what_is_no_text_is_not_quoted(tmp_path: Path) -> None:
    build = make_build(tmp_path, "linux")
    rubbish = "\x00\x07\x1b\ufffd\ufffd\x9b\u2028a\x0bb"
    problem = flutter_problem.of(Finished((), 3, (rubbish, "✓ Built linux"), (rubbish,)), build)
    assert problem is not None
    assert list(problem.evidence) == ["✓ Built linux"]
    problem = flutter_problem.of(Finished((), 3, (rubbish,), (rubbish,)), build)
    assert problem is not None
    assert problem.evidence == ()
    assert "status 3" in problem.why
    mixed = flutter_problem.of(Finished((), 1, ("Error: the\x07 bell\x1b of file",), ()), build)
    assert mixed is not None
    assert list(mixed.evidence) == ["Error: the· bell· of file"]
