"""What a project asks for: read from `pyproject.toml`, or else from `requirements.txt`.

As in `flet build` 1.0.5: Poetry's dependencies, else `project.dependencies`, and those of the
platform; only where there are none of these `requirements.txt`; else Flet itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from builder import pyproject as pyproject_file
from builder import requirements_txt
from builder.problems import Problem
from builder.pyproject import Pyproject

DEFAULT = "default"


@dataclass(frozen=True)
class Requirement:
    """One thing that the project asks for: its text (PEP 508) and where it says so."""

    text: str
    where: str

    @property
    def name(self) -> str:
        """The name of the package as it is compared: lower case, `-` for `_` and `.`."""
        match = re.match(r"[A-Za-z0-9._-]+", self.text)
        return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


@dataclass
class Requirements:
    """All of them, the options that pip needs to find them, and what is wrong."""

    found: list[Requirement] = field(default_factory=list)
    pip_options: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path, pyproject: Pyproject, platform: str) -> Requirements:
    """What the project in `folder` asks for on a platform (`web`, `android`, …)."""
    result = Requirements()
    result.found = _unique_sorted(
        _poetry(folder, pyproject, result.problems)
        or _listed(pyproject, "project.dependencies", result.problems)
    )
    own = f"tool.flet.{platform}.dependencies"
    result.found += _unique_sorted(_listed(pyproject, own, result.problems))
    if result.found:
        result.found = _development(folder, pyproject, platform, result)
    elif (folder / requirements_txt.NAME).exists() and not result.problems:
        parsed = requirements_txt.read(folder)
        result.found = [Requirement(text, where) for text, where in parsed.lines]
        result.pip_options = parsed.options
        result.problems += parsed.problems
    elif not result.problems:
        result.found = [Requirement("flet", DEFAULT)]
    return result


def as_argument(text: str) -> str:
    """A requirement as an argument for pip, which Windows does not take for a redirection.

    The same form as in `flet build`, whose order it decides.
    """
    return re.sub(r"(?<=[^ ])([<>])", r" \1", text)


def _unique_sorted(found: Iterable[Requirement]) -> list[Requirement]:
    first: dict[str, Requirement] = {}
    for requirement in found:
        first.setdefault(requirement.text, requirement)
    return sorted(first.values(), key=lambda requirement: as_argument(requirement.text))


def _listed(pyproject: Pyproject, key: str, problems: list[Problem]) -> list[Requirement]:
    """The requirements of a list; what is not one is a problem."""
    value = pyproject_file.get(pyproject.data, key)
    if value is None:
        return []
    if not isinstance(value, list):
        problems.append(
            pyproject_file.wrong_type(
                pyproject.text, key, value, 'a list of texts, like ["flet", "httpx>=0.27"]'
            )
        )
        return []
    return list(_valid(pyproject, key, value, problems))


def _valid(
    pyproject: Pyproject, key: str, values: Sequence[Any], problems: list[Problem]
) -> Iterator[Requirement]:
    for value in values:
        if not isinstance(value, str):
            problem = pyproject_file.wrong_type(
                pyproject.text, key, value, 'a list of texts, like ["flet", "httpx>=0.27"]'
            )
            problems.append(problem)
            continue
        where = pyproject_file.place(pyproject.text, key, value)
        try:
            yield Requirement(str(Parsed(value)), where)
        except InvalidRequirement as error:
            problems.append(requirements_txt.not_valid(value, str(error), where))


def _poetry(folder: Path, pyproject: Pyproject, problems: list[Problem]) -> list[Requirement]:
    key = "tool.poetry.dependencies"
    table = pyproject_file.get(pyproject.data, key)
    if not isinstance(table, Mapping):
        return []
    found = []
    for name, value in table.items():
        if name == "python":
            continue
        where = pyproject_file.place(pyproject.text, f"{key}.{name}")
        text = _poetry_text(name, value, folder)
        try:
            Parsed(text)
            found.append(Requirement(text, where))
        except InvalidRequirement as error:
            problems.append(requirements_txt.not_valid(text or name, str(error), where))
    return found


def _poetry_text(name: str, value: Any, folder: Path) -> str:
    """Poetry's way to ask for a package in the words of PEP 508; empty for what has none."""
    if isinstance(value, str):
        return name + _poetry_version(value)
    if not isinstance(value, Mapping):
        return ""
    extras = value.get("extras")
    if isinstance(extras, list) and extras:
        name = f"{name}[{','.join(map(str, extras))}]"
    markers = f"; {value['markers']}" if value.get("markers") else ""
    if value.get("version"):
        return name + _poetry_version(str(value["version"])) + markers
    source = _poetry_source(value, folder)
    # With a space before the markers, which would be part of the address otherwise.
    return f"{name} @ {source}{markers and ' ' + markers}" if source else ""


def _poetry_source(value: Mapping[str, Any], folder: Path) -> str:
    if value.get("git"):
        url = str(value["git"])
        url = url if url.startswith("git@") else f"git+{url}"
        revision = value.get("branch") or value.get("rev") or value.get("tag")
        subdirectory = value.get("subdirectory")
        return (
            url
            + (f"@{revision}" if revision else "")
            + (f"#subdirectory={subdirectory}" if subdirectory else "")
        )
    if value.get("path"):
        return (folder / str(value["path"])).resolve().as_uri()
    return str(value.get("url") or "")


def _poetry_version(version: str) -> str:
    """`^1.2` as `>=1.2`, `~1.2` as `~=1.2`, `1.2` as `==1.2`, `*` as nothing: as Flet does."""
    version = version.replace(" ", "")
    if version in ("", "*"):
        return ""
    if version.startswith("^"):
        return f">={version[1:]}"
    if version.startswith("~") and not version.startswith("~="):
        return f"~={version[1:]}"
    return f"=={version}" if version[0].isdigit() else version


def _development(
    folder: Path, pyproject: Pyproject, platform: str, result: Requirements
) -> list[Requirement]:
    """Packages that `tool.flet.dev_packages` takes from somewhere else, mostly a local folder."""
    places = pyproject_file.get(pyproject.data, f"tool.flet.{platform}.dev_packages")
    if places is None:
        places = pyproject_file.get(pyproject.data, "tool.flet.dev_packages")
    if not isinstance(places, Mapping):
        return result.found
    found = []
    for requirement in result.found:
        name = Parsed(requirement.text).name
        if isinstance(places.get(name), str):
            local = (folder / places[name]).resolve()
            source = local.as_uri() if local.exists() else places[name]
            requirement = Requirement(f"{name} @ {source}", requirement.where)
        found.append(requirement)
    return found
