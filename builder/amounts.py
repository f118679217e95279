"""Amounts as people say them: sizes and durations."""

from __future__ import annotations


def in_words(number: float) -> str:
    """A number of bytes as people say it, in decimal units: `41.3 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    raise AssertionError("GB is the last unit")


def in_seconds(seconds: float) -> str:
    """A duration as people say it: `0.4 s`, `12 s`, `3 min 5 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
