"""The build settings: read from and written to `pyproject.toml`, with the rules that they obey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.problems import Problem


@dataclass(frozen=True)
class Settings:
    """The settings of one build, defaults filled in (precedence: options, platform, project)."""

    product: str
    project: str
    description: str
    org: str
    bundle_id: str
    company: str
    copyright: str
    build_number: int
    build_version: str
    module: str
    base_url: str  # "" where none was asked for, else "/" or "/path/"
    route_url_strategy: str
    web_renderer: str
    pwa_short_name: str
    pwa_theme_color: str
    pwa_background_color: str
    exclude: Sequence[str]
    include: Sequence[str]
    default_excludes: bool
    python_version: str  # "" where none was asked for
    requires_python: str  # the specifier of the project, "" where there is none
    web_fonts: Sequence[str]  # [tool.slipway.web] fonts: scripts whose fonts are packed along


@dataclass(frozen=True)
class Verdict:
    """What a rule says about a value: a sentence, its severity, and what would be right.

    `targets` are the targets whose rule it is. `suggestion` is the corrected value, or empty.
    """

    message: str
    targets: Sequence[str]
    suggestion: str = ""
    severity: str = "error"


def resolve(
    pyproject: Mapping[str, Any],
    folder: Path,
    *,
    target: str = "web",
    options: Mapping[str, Any] | None = None,
) -> tuple[Settings, Sequence[Problem]]:
    """All settings of a build of `target`, and the problems of those that are not valid."""
    raise NotImplementedError


def judge(field: str, value: str, targets: Sequence[str]) -> Sequence[Verdict]:
    """What the rules of `targets` say about the value of one field, while one types.

    Fields: `product project org bundle_id build_version build_number description`.
    """
    raise NotImplementedError


def save(folder: Path, changes: Mapping[str, Any]) -> None:
    """Write settings into `folder/pyproject.toml`, every other byte as it was.

    `changes` maps dotted keys (`tool.flet.product`) to values; None removes a key.
    """
    raise NotImplementedError
