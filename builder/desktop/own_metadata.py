"""The app as a package that is installed: `importlib.metadata` finds its name and its version.

At home the author often has it installed, and the code asks for its own version or finds its own
plugins that way. The form is that of the core metadata of Python's packages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder import pyproject


def files(project: Mapping[str, Any], version: str) -> dict[str, str]:
    """Path and content of what an installer would write; `project` is what `pyproject.toml` says.

    Nothing for what is no package. The paths are below the folder from which the app is imported.
    """
    name = pyproject.get(project, "project.name")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*", name):
        return {}
    version = pyproject.get(project, "project.version") or version
    folder = f"{re.sub(r'[-_.]+', '_', name).lower()}-{_line(version)}.dist-info"
    found = {
        f"{folder}/METADATA": "".join(f"{k}: {v}\n" for k, v in _about(project, name, version))
    }
    if entries := _entry_points(project):
        found[f"{folder}/entry_points.txt"] = entries
    return found


def _about(project: Mapping[str, Any], name: str, version: object) -> Iterator[tuple[str, str]]:
    yield "Metadata-Version", "2.1"
    yield "Name", name
    yield "Version", _line(version)
    if summary := pyproject.get(project, "project.description"):
        yield "Summary", _line(summary)


def _entry_points(project: Mapping[str, Any]) -> str:
    groups: dict[str, Any] = {}
    if isinstance(listed := pyproject.get(project, "project.entry-points"), Mapping):
        groups.update(listed)
    groups["console_scripts"] = pyproject.get(project, "project.scripts")
    return "".join(
        f"[{_line(group)}]\n" + "".join(f"{_line(k)} = {_line(v)}\n" for k, v in entries.items())
        for group, entries in groups.items()
        if isinstance(entries, Mapping) and entries
    )


def _line(value: object) -> str:
    return " ".join(str(value).split())
