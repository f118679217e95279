"""Reads a project: what it is, where it starts, what it needs. Fast, and changes nothing.

The rules are those of `flet build` 1.0.5, so that a project means the same to both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from builder.problems import Problem

Kind = Literal["flet", "flask", "unknown"]


@dataclass(frozen=True)
class Requirement:
    """One thing that the project asks for: its text (PEP 508) and where it says so."""

    text: str
    where: str


@dataclass(frozen=True)
class Project:
    """What was found in a folder.

    `folder` is the project, `app_folder` the folder that is packed (`tool.flet.app.path`), `module`
    the entry point without `.py`, empty when there is none; `candidates` are the files that could
    be one, relative to `app_folder`. `pyproject` is the parsed file, empty where there is none.
    `files` and `bytes` count what would be packed. `problems` holds what is wrong, errors first.
    """

    folder: Path
    app_folder: Path
    kind: Kind
    module: str
    candidates: Sequence[str] = ()
    pyproject: Mapping[str, Any] = field(default_factory=dict)
    requirements: Sequence[Requirement] = ()
    files: int = 0
    bytes: int = 0
    problems: Sequence[Problem] = ()


def read(
    folder: Path,
    *,
    target: str = "web",
    module: str = "",
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    default_excludes: bool = True,
) -> Project:
    """Read the project in `folder`. Never raises for what the user's files hold: see `problems`."""
    raise NotImplementedError
