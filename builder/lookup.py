"""Looks up one setting after the other: options first, then keys of `pyproject.toml` in order.

What is not valid is noted as a problem, and the default stands in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builder import options as table
from builder import pyproject as pyproject_file
from builder.colours import is_colour, rgb
from builder.problems import Fix, Problem


@dataclass
class Lookup:
    """One build's options and `pyproject.toml`; `platform` is that of `[tool.flet.<platform>]`."""

    pyproject: Mapping[str, Any]
    options: Mapping[str, Any]
    platform: str
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def unheard(self) -> Lookup:
        """The same without a say: for settings of another platform, which stop no build of this."""
        return replace(self, problems=[])

    def unasked(self) -> Lookup:
        """The same without options: what the file says."""
        return replace(self, options={})

    def of(self, platform: str) -> Lookup:
        """The same for one platform; with no say where that is not the one that is built for."""
        return self if platform == self.platform else replace(self.unheard(), platform=platform)

    def keys(self, name: str) -> Sequence[str]:
        """The keys of a setting for this platform, the one that wins first."""
        return table.keys_of(table.BY_NAME[name], self.platform)

    def saved_key(self, name: str) -> str:
        """The key at which a setting is saved: where it stands now, else the one for all platforms.

        Raises KeyError for one that is never saved.
        """
        keys = self.keys(name)
        if not keys:
            raise KeyError(name)
        first, general = keys[0], keys[-1]
        if pyproject_file.get(self.pyproject, first) is not None:
            return first
        poetry = f"tool.poetry.{general.removeprefix('project.')}"
        in_poetry = (
            name in ("build_version", "description")
            and pyproject_file.get(self.pyproject, general) is None
            and pyproject_file.get(self.pyproject, poetry) is not None
        )
        return poetry if in_poetry else general

    def text(self, name: str, *keys: str, env: str = "") -> str:
        """The first that is a text with something in it; flet too passes over empty ones.

        `env` is the variable that is asked last.
        """
        return self._text(name, keys)[0] or (os.environ.get(env, "") if env else "")

    def _text(self, name: str, keys: Sequence[str]) -> tuple[str, str]:
        """The same with the key that it was found at: the first one for an option or nothing."""
        option = self.options.get(name)
        if option is not None and str(option):
            return str(option), keys[0] if keys else ""
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if isinstance(value, str):
                if value.strip():
                    return value, key
            elif value is not None:
                self.wrong_type(key, value, "a text in quotes", _as_text(value))
        return "", keys[0] if keys else ""

    def choice(
        self, name: str, keys: Sequence[str], choices: Sequence[str], default: str, env: str = ""
    ) -> str:
        """One of `choices`, in any case; `env` is the variable that is asked last."""
        value, key = self._text(name, keys)
        value = value or (os.environ.get(env, "") if env else "") or default
        if value.lower() in choices:
            return value.lower()
        self.problems.append(
            Problem(
                "setting-not-a-choice",
                f"“{value}” is none of the choices for {self.given_as(name) or key}",
                f"There are: {', '.join(choices)}.",
                f"Set {self.given_as(name) or key} to one of them.",
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
            self.wrong_type(key, value, "a list of texts", _as_texts(value))
        return []

    def text_or_texts(self, name: str, *keys: str, separator: str = "") -> list[str]:
        """The same where one text stands for a list of it; `separator` may divide that one."""
        option = self.options.get(name)
        if option:
            return [str(item) for item in option]
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if isinstance(value, str):
                return value.split(separator) if separator else [value]
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return list(value)
            if value is not None:
                self.wrong_type(key, value, "a list of texts", _as_texts(value))
        return []

    def table(self, *keys: str) -> Mapping[str, Any]:
        """The first table there is, empty where there is none."""
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if isinstance(value, Mapping):
                return value
            if value is not None:
                self.wrong_type(key, value, f"a table, as under [{key}]")
        return {}

    def number(self, *keys: str) -> int | None:
        """The first whole number above zero, None where there is none."""
        for key in keys:
            value = pyproject_file.get(self.pyproject, key)
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return value
            if value is not None:
                self.wrong_type(key, value, "a whole number, without quotes", _as_number(value))
        return None

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
                self.wrong_type(key, value, "true or false", _as_flag(value))
        return default

    def colour(self, name: str, *keys: str) -> str:
        """A colour, empty where there is none."""
        return self._colour(name, keys)[0]

    def opaque_colour(self, name: str, *keys: str, may_be_none: bool = False) -> str:
        """A colour as it was written, of which only red, green and blue are drawn.

        `may_be_none`: `transparent` is fine, and means none.
        """
        value, key = self._colour(name, keys)
        is_none = value.lower() == "transparent"
        if (is_none and not may_be_none) or re.fullmatch("#.{8}", value):
            self.problems.append(self._not_opaque(value, name, key))
        return value

    def _colour(self, name: str, keys: Sequence[str]) -> tuple[str, str]:
        value, key = self._text(name, keys)
        if not value or is_colour(value):
            return value, key
        self.problems.append(
            Problem(
                "setting-not-a-colour",
                f"“{value}” is not a colour",
                "A colour is written as #RGB, #RRGGBB or #RRGGBBAA, or with its CSS name.",
                f"Set {self.given_as(name) or key} to a colour, for example “#0b6e99”.",
                where=self.where(name, key),
            )
        )
        return "", key

    def _not_opaque(self, value: str, name: str, key: str) -> Problem:
        opaque = "#{:02x}{:02x}{:02x}".format(*rgb(value))
        return Problem(
            "colour-not-opaque",
            f"“{value}” lets light through; it is drawn as {opaque}",
            "There is nothing behind an icon or a splash screen that could shine through.",
            f"Write {opaque}, or choose another colour.",
            "warn",
            where=self.where(name, key),
            fixes=() if self.given_as(name) else (_change_to(opaque, name, key),),
        )

    def per_platform(self, key: str) -> tuple[str, str]:
        """The platform's own key, and the one for all."""
        return f"tool.flet.{self.platform}.{key}", f"tool.flet.{key}"

    def place(self, *parts: str) -> str:
        """The line of a key given as its parts, or of the nearest table around it.

        For keys with dots in them, as Android's and Apple's have.
        """
        return pyproject_file.place_of_parts(pyproject_file.load(self.folder).text, parts)

    def wrong_type(self, key: str, value: object, wanted: str, meant: Any = None) -> None:
        """Note that a key holds another kind of thing than `wanted`, and what is `meant`."""
        text = pyproject_file.load(self.folder).text
        self.problems.append(pyproject_file.wrong_type(text, key, value, wanted, meant))

    def where(self, name: str, key: str) -> str:
        """Where a value was given that is not valid: an option, or a line of the file."""
        return self.given_as(name) or pyproject_file.place(
            pyproject_file.load(self.folder).text, key
        )

    def whence(self, name: str) -> str:
        """Where a setting comes from: its option, a line of the file, or else its variable.

        The key for all platforms where it is not set at all.
        """
        keys = self.keys(name)
        key = next((k for k in keys if pyproject_file.get(self.pyproject, k) is not None), "")
        env = table.BY_NAME[name].env
        if key or self.given_as(name):
            return self.where(name, key)
        return f"${env}" if env and os.environ.get(env) else keys[-1]

    def given_as(self, name: str) -> str:
        """The option that gives a setting, "" where none does."""
        if self.options.get(name) in (None, "", [], ()):
            return ""
        option = table.BY_NAME[name]
        is_off = self.options[name] is False and option.off_flag
        return option.off_flag if is_off or not option.flag else option.flag


# What a value of another kind is meant to be, None where that is not plain.


def _as_text(value: object) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if is_number else None


def _as_texts(value: object) -> list[str] | None:
    if isinstance(value, list):
        return None
    text = value if isinstance(value, str) else _as_text(value)
    return [text] if text else None


def _as_number(value: object) -> int | None:
    is_number = isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,9}", value, re.ASCII)
    return int(str(value)) if is_number else None


def _as_flag(value: object) -> bool | None:
    meant = {"true": True, "yes": True, "on": True, "1": True}
    meant |= {"false": False, "no": False, "off": False, "0": False}
    return meant.get(str(value).lower())


def _change_to(value: str, name: str, key: str) -> Fix:
    return Fix(f"take-{name}", f"Change to “{value}”", "set", {key: value})
