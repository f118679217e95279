"""What tools say, as a screen can show it: a tool may print anything, also what is no text."""

from __future__ import annotations

_WORDLESS = 0.2  # so much of a line that cannot be shown, and nobody reads the rest


def readable(line: str) -> str:
    """The line with a dot for each character that no screen shows, and no space around it."""
    return "".join(char if char.isprintable() else "·" for char in line.expandtabs(4)).strip()


def is_text(line: str) -> bool:
    """Whether somebody can read it: not where it is from a binary file, or empty."""
    odd = sum(1 for char in line if not (char.isprintable() or char == "\t") or char == "\ufffd")
    return bool(line.strip()) and odd < _WORDLESS * len(line)
