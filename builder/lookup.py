"""Looks up one setting after the other: options first, then keys of `pyproject.toml` in order.

What is not valid is noted as a problem, and the default stands in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder import pyproject as pyproject_file
from builder.colours import is_colour
from builder.problems import Problem


@dataclass
class Lookup:
    """One build's options and `pyproject.toml`; `platform` is that of `[tool.flet.<platform>]`."""

    pyproject: Mapping[str, Any]
    options: Mapping[str, Any]
    platform: str
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str, *keys: str) -> str:
        """The first that is a text with something in it; flet too passes over empty ones."""
        option = self.options.get(name)
        if option is not None and str(option):
            return str(option)
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if isinstance(value, str):
                if value.strip():
                    return value
            elif value is not None:
                self.wrong_type(key, value, "a text in quotes")
        return ""

    def choice(self, name: str, key: str, env: str, choices: Sequence[str], default: str) -> str:
        """One of `choices`, in any case; `env` is the variable that is asked last."""
        value = self.text(name, key) or os.environ.get(env, "") or default
        if value.lower() in choices:
            return value.lower()
        self.problems.append(
            Problem(
                "setting-not-a-choice",
                f"“{value}” is not one of the choices for {name.replace('_', ' ')}",
                f"There are: {', '.join(choices)}.",
                f"Set {key} to one of them.",
                where=self.where(name, key),
            )
        )
        return default

    def texts(self, name: str, *keys: str) -> list[str]:
        """A list of texts. An option that is not empty wins; then the first key there is."""
        option = self.options.get(name)
        if option:
            return [str(item) for item in option]
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if value is None:
                continue
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return list(value)
            self.wrong_type(key, value, "a list of texts")
        return []

    def flag(self, name: str, default: bool, *keys: str) -> bool:
        """True or false."""
        option = self.options.get(name)
        if option is not None:
            return bool(option)
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if isinstance(value, bool):
                return value
            if value is not None:
                self.wrong_type(key, value, "true or false")
        return default

    def colour(self, name: str, *keys: str) -> str:
        """A colour, empty where there is none."""
        value = self.text(name, *keys)
        if not value or is_colour(value):
            return value
        self.problems.append(
            Problem(
                "setting-not-a-colour",
                f"“{value}” is not a colour",
                "A colour is written as #RGB, #RRGGBB or #RRGGBBAA, or with its CSS name.",
                f"Set {keys[0]} to a colour, for example “#0b6e99”.",
                where=self.where(name, keys[0]),
            )
        )
        return ""

    def per_platform(self, key: str) -> tuple[str, str]:
        """The platform's own key, and the one for all."""
        return f"tool.flet.{self.platform}.{key}", f"tool.flet.{key}"

    def wrong_type(self, key: str, value: object, wanted: str) -> None:
        """Note that a key holds another kind of thing than `wanted`."""
        text = pyproject_file.load(self.folder).text
        self.problems.append(pyproject_file.wrong_type(text, key, value, wanted))

    def where(self, name: str, key: str) -> str:
        """Where a value was given that is not valid: an option, or a line of the file."""
        if self.options.get(name) not in (None, ""):
            return f"--{name.replace('_', '-')}"
        return pyproject_file.place(pyproject_file.load(self.folder).text, key)
