"""What a file that a stage could not read or write means, told to a person."""

from __future__ import annotations

from builder.problems import Problem


def of(error: OSError, code: str, what: str) -> Problem:
    """The problem; `what` (“The site”) stands in where the system does not name the file."""
    return Problem(
        code,
        f"“{error.filename or what}” could not be read or written.",
        f"The system says: {error.strerror or error}.",
        "Check that the file is there and that there is space on the disk, then build again. "
        "Your last result is as it was.",
    )
