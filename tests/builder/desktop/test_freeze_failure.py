"""What PyInstaller says when it gives up, and what a person is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop import freeze_failure
from builder.problems import ComputerError, Problem, SlipwayError, ToolError
from builder.process import Finished

START = (
    "83 INFO: PyInstaller: 6.22.3, contrib hooks: 2026.9\n83 INFO: Python: 3.11.2\n"
    "2646 INFO: Analyzing /p/launch.py\n"
)
ADVICE = (
    "\n=============================================================\n"
    "A RecursionError (maximum recursion depth exceeded) occurred.\n"
    "For working around please follow these instructions\n"
    "=============================================================\n\n"
    "1. In your program's .spec file add this line near the top::\n" + "more advice\n" * 30
)


def told(text: str, status: int = 1) -> SlipwayError:
    return freeze_failure.told(Finished((), status, (), (START + text).splitlines()))


def problem(text: str, status: int = 1) -> Problem:
    return told(text, status).problem


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("ERROR: Python was built without a shared library, which is required by PyInstaller. If "
         "you built Python from source, rebuild it with the `--enable-shared` option.",
         "python-not-shared", ComputerError),
        ("ERROR: ERROR: Python shared library ('libpython3.11.so.1.0') was not found! If you are "
         "using system python on Debian/Ubuntu, you might need to install a separate package by "
         "running `apt install libpython3.11`.", "python-not-shared", ComputerError),
        (ADVICE, "packing-too-deep", ToolError),
        ("RecursionError: maximum recursion depth exceeded in comparison", "packing-too-deep",
         ToolError),
        ("OSError: [Errno 28] No space left on device: '/p/dist/x'", "disk-full", ComputerError),
        ("OSError: [WinError 112] There is not enough space on the disk", "disk-full",
         ComputerError),
        ("OSError: [WinError 225] Operation did not complete successfully because the file "
         "contains a virus or potentially unwanted software", "packing-taken-for-virus",
         ComputerError),
        ("PyInstaller.isolated._parent.SubprocessDiedError: Child process died calling "
         "_process_module() with args=('numpy',) and kwargs={}. Its exit code was -9.",
         "packing-killed", ToolError),
        ("PyInstaller.isolated._parent.SubprocessDiedError: Child process died calling "
         "_process_module() with args=('numpy',) and kwargs={}. Its exit code was -11.",
         "packing-failed", ToolError),
        ("ERROR: Script file 'launch.py' does not exist.", "packing-failed", ToolError),
        ("", "packing-failed", ToolError),
    ],
)  # fmt: skip
def test_what_it_means(text: str, code: str, kind: type[SlipwayError]) -> None:
    error = told(text)
    assert type(error) is kind
    assert error.problem.code == code


def test_one_that_is_ended_from_outside() -> None:
    found = problem("9000 INFO: Building PYZ", -9)
    assert found.code == "packing-killed"
    assert "signal 9" in found.why
    assert found.evidence[-1] == "9000 INFO: Building PYZ"


def test_a_path_that_sounds_like_a_failure_is_none() -> None:
    assert problem("100 INFO: Looking for Python shared library...\nERROR: x").code == (
        "packing-failed"
    )


def test_the_first_error_is_shown_even_when_much_follows() -> None:
    text = "ERROR: Hidden import 'a.b' not found\n7 ERROR: the cause\n" + "8 INFO: x\n" * 40
    assert problem(text).evidence[0] == "7 ERROR: the cause"


def test_a_traceback_is_shown_with_its_end() -> None:
    text = "Traceback (most recent call last):\n" + "  File x\n" * 40 + "ValueError: no"
    evidence = problem(text).evidence
    assert evidence[0].startswith("Traceback")
    assert evidence[-1] == "ValueError: no"


def test_of_advice_about_recursion_only_what_came_before_is_shown() -> None:
    evidence = problem("5000 INFO: Processing module hook for deepthings\n" + ADVICE).evidence
    assert evidence[-2:] == (
        "5000 INFO: Processing module hook for deepthings",
        "A RecursionError (maximum recursion depth exceeded) occurred.",
    )


@given(st.text(), st.integers(-64, 255))
def test_whatever_it_says_something_is_told(text: str, status: int) -> None:
    found = problem(text, status)
    assert found.title
    assert found.do
    assert len(found.evidence) < 20
