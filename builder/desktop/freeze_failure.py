"""Reads from what PyInstaller said why it gave up, and tells it to a person."""

from __future__ import annotations

import re

from builder.problems import ComputerError, Problem, SlipwayError, ToolError
from builder.process import Finished

_LAST_LINES = 15


def told(finished: Finished) -> SlipwayError:
    """What to raise when PyInstaller made nothing."""
    text, evidence = "\n".join([*finished.out, *finished.err]), _evidence(finished)
    if finished.status < 0:
        return ToolError(_killed(-finished.status, evidence))
    if re.search(r"No space left on device|Disk quota exceeded|not enough space", text):
        return ComputerError(_disk_full(evidence))
    if re.search(r"Python (shared )?library (was )?not found|PythonLibraryNotFoundError", text):
        return ComputerError(_no_library(evidence))
    if "RecursionError" in text or "maximum recursion depth" in text:
        return ToolError(_recursion(evidence))
    return ToolError(_other(finished.status, evidence))


def _evidence(finished: Finished) -> tuple[str, ...]:
    said = [line for line in (*finished.out, *finished.err) if line.strip()]
    wrong = [at for at, line in enumerate(said) if re.search(r"\bERROR\b|Traceback|Error:", line)]
    start = min(wrong[0], max(0, len(said) - _LAST_LINES)) if wrong else -_LAST_LINES
    return tuple(said[start:][-_LAST_LINES:])


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
        "python3-dev), or build it with --enable-shared. Then build again.",
        evidence=evidence,
    )


def _recursion(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "packing-too-deep",
        "Packing gave up on code that is nested too deeply",
        "One of the packages holds a very long chain of calls or of data in one statement.",
        "Leave out the package that the last lines name, or take another version of it.",
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
