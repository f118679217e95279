"""Which versions of Flet a project accepts: read from its requirements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from builder.project import Requirement

# The client, the template and flet's Python side talk a protocol that was new in 1.0.
OLDEST = Version("1.0")


@dataclass(frozen=True)
class Accepted:
    """The versions from `OLDEST` on that a project accepts.

    `too_old` is the first requirement that accepts only older ones, `elsewhere` the first that
    takes Flet from an address and not from the index; None where there is none.
    """

    specifier: SpecifierSet
    too_old: Requirement | None = None
    elsewhere: Requirement | None = None

    @property
    def pinned(self) -> str:
        """The one version that is accepted, "" when there is a choice."""
        for clause in self.specifier:
            if clause.operator in ("==", "===") and not clause.version.endswith("*"):
                return clause.version
        return ""


def accepted(requirements: Sequence[Requirement], holds: Callable[[str], bool]) -> Accepted:
    """What the project accepts. `holds` says whether a requirement's marker does on the target."""
    specifier = SpecifierSet(f">={OLDEST}")
    too_old = elsewhere = None
    for requirement in requirements:
        asked = _parse(requirement.text)
        if asked is None or canonicalize_name(asked.name) != "flet":
            continue
        if not holds(requirement.text):
            continue
        if asked.url:
            elsewhere = elsewhere or requirement
        elif _only_older(asked.specifier):
            too_old = too_old or requirement
        else:
            specifier &= asked.specifier
    return Accepted(specifier, too_old, elsewhere)


def version(text: str) -> Version | None:
    """A version from text, None for what is none."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def specifier_of(requirement: Requirement) -> SpecifierSet:
    """What a requirement says about the version."""
    asked = _parse(requirement.text)
    return asked.specifier if asked else SpecifierSet()


def _parse(text: str) -> PackagingRequirement | None:
    try:
        return PackagingRequirement(text)
    except InvalidRequirement:
        return None


def _only_older(specifier: SpecifierSet) -> bool:
    """Whether every version that it accepts is older than the oldest that we build."""
    for clause in specifier:
        bound = version(clause.version.removesuffix(".*"))
        if bound is None:  # `===` compares with any text
            continue
        too_low = bound < OLDEST
        if clause.operator in ("==", "===", "<=") and too_low:
            return True
        if clause.operator == "<" and bound <= OLDEST:
            return True
        if clause.operator == "~=" and too_low:
            return True
    return False
