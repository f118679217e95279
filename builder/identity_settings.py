"""The settings of an app's identity: names, IDs and versions, judged by the rules of a target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder import identity
from builder import pyproject as pyproject_file
from builder.identity import Verdict
from builder.lookup import Lookup
from builder.problems import Fix, Problem

DEFAULT_ORG = "com.flet"
DEFAULT_VERSION = "1.0.0"


def resolve(lookup: Lookup, folder_name: str) -> dict[str, Any]:
    named = lookup.text("project", "project.name")
    project = named or identity.project_name(folder_name)
    org = lookup.text("org", *lookup.per_platform("org")) or DEFAULT_ORG
    return {
        "product": lookup.text("product", "tool.flet.product") or named or folder_name or project,
        "project": project,
        "description": lookup.text("description", "project.description", "tool.poetry.description"),
        "org": org,
        "bundle_id": lookup.text("bundle_id", *lookup.per_platform("bundle_id"))
        or identity.bundle_id(org, project),
        "company": lookup.text("company", "tool.flet.company"),
        "copyright": lookup.text("copyright", "tool.flet.copyright"),
        "build_number": _build_number(lookup),
        "build_version": _build_version(lookup),
    }


def judged(lookup: Lookup, values: Mapping[str, Any], target: str) -> Iterator[Problem]:
    """What the rules of the target say about the identity; hints are for those who type."""
    wrong: set[str] = set()
    # The program's name only where one is given: else it is the project's, which is judged.
    artifact = lookup.unheard().text("artifact", *lookup.keys("artifact"))
    values = {**values, "artifact": artifact}
    for name, words in NAMES.items():
        if name == "bundle_id" and _follows(lookup, wrong):
            continue
        value = str(values[name])
        verdicts = identity.judge(name, value, _judges(lookup, name, target))
        errors = [verdict for verdict in verdicts if verdict.severity == "error"]
        wrong |= {name} if errors else set()
        # One error is enough: what is proposed breaks none of the rules.
        for verdict in errors[:1] or [v for v in verdicts if v.severity == "warn"]:
            yield _not_valid(lookup, name, f"The {words} “{value}”", verdict)


NAMES = {
    "product": "product name",
    "project": "project name",
    "description": "description",
    "org": "organisation",
    "bundle_id": "bundle ID",
    "build_version": "version",
    "build_number": "build number",
    "artifact": "name of the finished program",
}
"""What is judged, each with its name for people."""


def _not_valid(lookup: Lookup, name: str, what: str, verdict: Verdict) -> Problem:
    key = lookup.saved_key(name)
    where, do = lookup.where(name, key), "Change it."
    if verdict.suggestion:
        do = f"Change it to “{verdict.suggestion}”, for example."
    elif name == "bundle_id" and not _is_bundle_id_given(lookup):
        where = lookup.whence("org")
        do = "It is made of the organisation and the project's name. Set the organisation (--org, "
        do += "or tool.flet.org) to a domain of your own, its end first: com.mycompany."
    return Problem(
        f"{name.replace('_', '-')}-not-valid",
        f"{what} {verdict.message}",
        do=do,
        severity="warn" if verdict.severity == "warn" else "error",
        where=where,
        fixes=_take(lookup, name, key, verdict.suggestion),
    )


def _follows(lookup: Lookup, wrong: set[str]) -> bool:
    """Whether the bundle ID is made of a name that is wrong already: one problem is enough."""
    return not _is_bundle_id_given(lookup) and not wrong.isdisjoint({"org", "project"})


def _is_bundle_id_given(lookup: Lookup) -> bool:
    return bool(lookup.unheard().text("bundle_id", *lookup.per_platform("bundle_id")))


def _judges(lookup: Lookup, name: str, target: str) -> list[str]:
    """The targets whose rules hold: a web site that Flutter makes is a Dart package as well."""
    is_dart = target == "web" and lookup.options.get("backend") == "flutter"
    return ["linux"] if is_dart and name == "project" else [target]


def _take(lookup: Lookup, name: str, key: str, suggestion: str) -> list[Fix]:
    """The click that takes a corrected value; an option goes before the file and has none."""
    if not suggestion or lookup.options.get(name) not in (None, ""):
        return []
    value = int(suggestion) if name == "build_number" else suggestion
    return [Fix(f"take-{name}", f"Change to “{suggestion}”", "set", {key: value})]


def _build_version(lookup: Lookup) -> str:
    dynamic = pyproject_file.get(lookup.pyproject, "project.dynamic")
    version = lookup.text("build_version", "project.version", "tool.poetry.version")
    if not version and isinstance(dynamic, list) and "version" in dynamic:
        lookup.problems.append(
            Problem(
                "version-dynamic",
                f"The version is worked out by another tool; the app gets {DEFAULT_VERSION}",
                "pyproject.toml lists “version” in project.dynamic, so it does not say which one.",
                "Give the version for this build with `--build-version`, or write it to "
                "project.version and take “version” out of project.dynamic.",
                "warn",
                where="pyproject.toml, project.dynamic",
            )
        )
    return version or DEFAULT_VERSION


def _build_number(lookup: Lookup) -> int:
    """A number above zero; one that is too large for a target is judged by the rules."""
    key = "tool.flet.build_number"
    option = lookup.options.get("build_number")
    value = option if option not in (None, "") else pyproject_file.get(lookup.pyproject, key)
    if value in (None, "") or (value == 0 and value is not False):
        return 1
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    # No more digits than any computer counts to, for int() refuses thousands of them.
    if isinstance(value, str) and re.fullmatch(r"0*[1-9][0-9]{0,99}", value.strip(), re.ASCII):
        return int(value)
    if option in (None, "") and (isinstance(value, bool) or not isinstance(value, (str, int))):
        lookup.wrong_type(key, value, "a whole number")
    else:
        lookup.problems.append(_not_a_number(lookup, key, value))
    return 1


def _not_a_number(lookup: Lookup, key: str, value: object) -> Problem:
    shown = str(value)[:20] + ("…" if len(str(value)) > 20 else "")
    return Problem(
        "setting-not-a-number",
        f"“{shown}” is not a build number",
        "A build number is a whole number from 1 on that grows with each release.",
        f"Give {lookup.given_as('build_number') or key} a whole number, for example 1.",
        where=lookup.where("build_number", key),
    )
