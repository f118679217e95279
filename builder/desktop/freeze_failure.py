"""Reads from what PyInstaller said why it gave up, and tells it to a person."""

from __future__ import annotations

import re

from builder.problems import ComputerError, Problem, SlipwayError, ToolError
from builder.process import Finished

_LAST_LINES = 15
_DISK = r"No space left on device|Disk quota exceeded|not enough space"
_NO_LIBRARY = (
    r"Python shared library \(.*\) was not found|Python was built without a shared library"
    r"|PythonLibraryNotFoundError"
)
_CHILD_KILLED = r"Child process died calling .* exit code was -9\b"
_VIRUS = r"WinError 225\b|contains a virus"
# A hidden import that is not there is called an error, too, and stops nothing.
_FIRST_WRONG = r"\bERROR: (?!Hidden import)|^Traceback"
_TOO_DEEP = r"RecursionError|maximum recursion depth"


def told(finished: Finished) -> SlipwayError:
    """What to raise when PyInstaller made nothing."""
    text, evidence = "\n".join([*finished.out, *finished.err]), _evidence(finished)
    if finished.status < 0 or re.search(_CHILD_KILLED, text):
        return ToolError(_killed(-finished.status if finished.status < 0 else 9, evidence))
    if re.search(_DISK, text):
        return ComputerError(_disk_full(evidence))
    if re.search(_NO_LIBRARY, text):
        return ComputerError(_no_library(evidence))
    if re.search(_VIRUS, text):
        return ComputerError(_taken_for_a_virus(evidence))
    if re.search(_TOO_DEEP, text):
        return ToolError(_recursion(evidence))
    return ToolError(_other(finished.status, evidence))


def _evidence(finished: Finished) -> tuple[str, ...]:
    """The last lines, and before them the first that says ERROR where it is not among them.

    Of PyInstaller's page of advice about recursion nothing but its first sentence: what it was at
    stands before that.
    """
    said = [line for line in (*finished.out, *finished.err) if line.strip(" =")]
    deep = next((at for at, line in enumerate(said) if line.startswith("A RecursionError")), None)
    said = said[: deep + 1] if deep is not None else said
    last = said[-_LAST_LINES:]
    first = next((line for line in said if re.search(_FIRST_WRONG, line)), "")
    return (first, "…", *last) if first and first not in last else tuple(last)


def _killed(signal: int, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packing-killed",
        "Packing the app was ended from outside",
        f"The system stopped PyInstaller (signal {signal}). When memory runs out, systems do that.",
        "Close other programs and build again.",
        evidence=evidence,
    )


def _disk_full(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "disk-full",
        "The disk became full while the app was packed",
        "Your previous result is as it was.",
        "Free some space, and build again.",
        evidence=evidence,
    )


def _no_library(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "python-not-shared",
        "This Python cannot be packed: it has no library that an app could bring along",
        "It was built without a shared library (libpython), as some version managers do.",
        "Take another Python: one from python.org or your system's own packages (on Debian, "
        "libpython3), or build it with --enable-shared. Then build again.",
        evidence=evidence,
    )


def _taken_for_a_virus(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packing-taken-for-virus",
        "This computer's protection against viruses took the new program away",
        "Programs that were just made are known to nobody, and some protections stop all such.",
        "Tell it to let the project's work folder be (on Windows: Virus & threat protection, "
        "Manage settings, Exclusions), and build again.",
        evidence=evidence,
    )


def _recursion(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packing-too-deep",
        "Packing gave up on code that is nested too deeply",
        "One of the packages holds a very long chain of calls or of data in one statement.",
        "Leave out the package that was looked at last, or take another version of it.",
        evidence=evidence,
    )


def _other(status: int, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packing-failed",
        "PyInstaller could not pack the app",
        f"It ended with {status}; the reason is in the lines below.",
        "Read the first of them that says ERROR, mend it, and build again.",
        evidence=evidence,
    )
