"""The check of the pictures: that each can be used, before anything is built."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builder.checks.finding import Finding, fail, ok
from builder.events import Check
from builder.images import chosen, sources
from builder.images.chosen import Chosen
from builder.pipeline import Build
from builder.problems import SlipwayError
from builder.stages import images

ID = "pictures"
TITLE = "Icon and splash screen"


def check(build: Build, without: str) -> Finding:
    """Whether the icon and the splash pictures of the platform can be used, by their headers.

    `without` says what is shown where there is no picture, as a part of a sentence.

    What was warned of when they were drawn is told again, for as long as they stay as they are.
    """
    try:
        found = images.of(build)
        sizes = _sizes(found.paths)
        odd = sources.in_capitals(build.project.app_folder / chosen.ASSETS)
    except SlipwayError as trouble:
        return fail(ID, TITLE, trouble)
    told = images.told_before(build)
    if not told:
        return ok(ID, TITLE, _in_words(found, sizes) if sizes else _nothing(odd, without))
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    fixes = [fix for problem in told for fix in problem.fixes]
    return Finding(Check(ID, TITLE, "warn", f"{told[0].title}{more}", fixes), told)


def _sizes(paths: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    if not paths:
        return {}
    from builder.images import picture  # here: without pictures, a build starts sooner without it

    return {path: picture.measure(path)[1:] for path in paths}


def _nothing(odd: Path | None, without: str) -> str:
    why = f"{odd.name} is not taken, its name must be in small letters" if odd else ""
    return f"{why or f'No pictures in {chosen.ASSETS}'}: {without}"


def _in_words(found: Chosen, sizes: dict[Path, tuple[int, int]]) -> str:
    named = []
    for path, (width, height) in sizes.items():
        roles = [
            role.removeprefix("the ")
            for role, source in found.by_role.items()
            if source.path == path
        ]
        named.append(f"{path.name}, {width} × {height} ({' and '.join(roles)})")
    return "; ".join(named)
