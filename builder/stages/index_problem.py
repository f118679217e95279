"""What a failure of the package index means, told to a person."""

from __future__ import annotations

from builder.index import Failure
from builder.problems import Problem

_LAST_LINES = 12


def of(failure: Failure, what: str) -> Problem:
    """The problem when `what` (“Flet's web client”) could not be had from the index."""
    told = evidence(failure)
    if failure.kind == "network":
        return Problem(
            "index-unreachable",
            "The package index cannot be reached",
            f"{what[0].upper()}{what[1:]} comes from there, and is not on this computer yet.",
            "Check the network (or the proxy), then build again. "
            "What was fetched once is kept, and needs no network later.",
            evidence=told,
        )
    if failure.kind == "disk":
        return Problem(
            "disk-full",
            "The disk is full",
            f"There was no room left while fetching {what}.",
            "Free some space, then build again. Your last result is as it was.",
            evidence=told,
        )
    if failure.kind == "refused":
        return Problem(
            "index-refused",
            f"The package index did not let us fetch {what}",
            "It asks for a name and a password, or those that were given are wrong.",
            "Check the address of the index and its password, in requirements.txt or in the "
            "settings of pip on this computer, then build again.",
            evidence=told,
        )
    return Problem(
        "index-failed",
        f"The package index did not give {what}",
        "The reason is in the lines below.",
        "Check the settings of pip on this computer (index, proxy), then build again.",
        evidence=told,
    )


def evidence(failure: Failure) -> tuple[str, ...]:
    """The last lines of pip that say something about the failure."""
    told = [x for x in failure.lines if not x.startswith(("Looking in ", "WARNING: Location "))]
    return tuple(told[-_LAST_LINES:])


def worked_from_cache(what: str) -> Problem:
    """The hint when the index was out of reach and the cache was enough."""
    return Problem(
        "index-unreachable-cache-used",
        f"The package index cannot be reached, so {what} from this computer's cache is used",
        "There may be newer versions that were not seen.",
        "Nothing to do. Build again with the network to get the newest.",
        severity="hint",
    )
