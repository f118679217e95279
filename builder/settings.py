"""The build settings: read from and written to `pyproject.toml`, with the rules that they obey.

Keys, precedence and defaults are those of `flet build` 1.0.5, so that both make the same app from
the same file. The rules of the identity stand in `identity.py`, the writing in `pyproject_edit.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from builder import identity, packing, pyproject_edit
from builder import pyproject as pyproject_file
from builder.colours import is_colour
from builder.identity import Verdict
from builder.problems import Fix, Problem
from builder.targets import TARGETS

__all__ = ["Settings", "Verdict", "judge", "resolve", "save", "saved_key"]

ROUTE_URL_STRATEGIES = ("path", "hash")
WEB_RENDERERS = ("auto", "canvaskit", "skwasm")

DEFAULT_ORG = "com.example"
DEFAULT_VERSION = "1.0.0"
DEFAULT_BACKGROUND = "#ffffff"  # of the splash screen, which the PWA's background follows


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
    pwa_theme_color: str  # "" where none was asked for
    pwa_background_color: str
    exclude: Sequence[str]  # with what is always excluded for the target
    include: Sequence[str]
    default_excludes: bool
    python_version: str  # "" where none was asked for
    requires_python: str  # the specifier of the project, "" where there is none
    web_fonts: Sequence[str]  # [tool.slipway.web] fonts: scripts whose fonts are packed along


_SAVED_KEYS = {
    "product": "tool.flet.product",
    "project": "project.name",
    "description": "project.description",
    "org": "tool.flet.org",
    "bundle_id": "tool.flet.bundle_id",
    "company": "tool.flet.company",
    "copyright": "tool.flet.copyright",
    "build_number": "tool.flet.build_number",
    "build_version": "project.version",
    "module": "tool.flet.app.module",
    "base_url": "tool.flet.web.base_url",
    "route_url_strategy": "tool.flet.web.route_url_strategy",
    "web_renderer": "tool.flet.web.renderer",
    "pwa_short_name": "tool.flet.web.pwa_short_name",
    "pwa_theme_color": "tool.flet.web.pwa_theme_color",
    "pwa_background_color": "tool.flet.web.pwa_background_color",
    "exclude": "tool.flet.app.exclude",
    "include": "tool.flet.app.include",
    "default_excludes": "tool.flet.app.default_excludes",
    "requires_python": "project.requires-python",
    "web_fonts": "tool.slipway.web.fonts",
}


def saved_key(field: str, pyproject: Mapping[str, Any], target: str = "web") -> str:
    """The dotted key in `pyproject.toml` to which a field of `Settings` is written.

    It is the key from which `resolve` takes the value now: a platform's own key where there is one,
    Poetry's where the project keeps it there. Raises KeyError for a field that is never saved.
    """
    key = _SAVED_KEYS[field]
    platform = platform_of(target)
    own = {
        "org": f"tool.flet.{platform}.org",
        "bundle_id": f"tool.flet.{platform}.bundle_id",
        "exclude": f"tool.flet.{platform}.app.exclude",
        "include": f"tool.flet.{platform}.app.include",
        "default_excludes": f"tool.flet.{platform}.app.default_excludes",
    }.get(field, "")
    if own and pyproject_file.get(pyproject, own) is not None:
        return own
    poetry = f"tool.poetry.{key.removeprefix('project.')}"
    if (
        field in ("build_version", "description")
        and pyproject_file.get(pyproject, key) is None
        and pyproject_file.get(pyproject, poetry) is not None
    ):
        return poetry
    return key


def resolve(
    pyproject: Mapping[str, Any],
    folder: Path,
    *,
    target: str = "web",
    options: Mapping[str, Any] | None = None,
) -> tuple[Settings, Sequence[Problem]]:
    """All settings of a build of `target`, and the problems of those that are not valid.

    `options` are named as the fields of `Settings`; None and empty ones count as not given. A value
    that is not valid is a problem, and its default stands in, so that the settings can be shown.
    """
    reader = _Reader(pyproject, options or {}, platform_of(target), folder)
    settings = _identity_settings(reader, folder.resolve().name)
    _judge_all(reader, settings, target)
    web = _web_settings(reader, settings["product"])
    packed = _packing_settings(reader, target)
    python: dict[str, Any] = {
        "python_version": reader.text("python_version"),
        "requires_python": _requires_python(reader),
        "web_fonts": reader.texts("web_fonts", "tool.slipway.web.fonts"),
    }
    return Settings(**settings, **web, **packed, **python), reader.problems


def judge(field: str, value: str, targets: Sequence[str]) -> Sequence[Verdict]:
    """What the rules of `targets` say about the value of one field, while one types.

    Fields: `product project org bundle_id build_version build_number description`; any other field
    has no rules. Never raises; a suggestion is itself free of errors.
    """
    return identity.judge(field, value, targets)


def save(folder: Path, changes: Mapping[str, Any]) -> None:
    """Write settings into `folder/pyproject.toml`, every other byte as it was.

    `changes` maps dotted keys (`tool.flet.product`) to values; None removes a key. Makes the file
    where there is none. Raises ProjectError, and leaves the file as it was, when it cannot be
    understood, changed safely or written.
    """
    pyproject_edit.save(folder, changes)


def platform_of(target: str) -> str:
    """The name that a target has in `[tool.flet.<platform>]`."""
    if target == "ios-simulator":
        return "ios"
    return TARGETS[target].platform if target in TARGETS else target


@dataclass
class _Reader:
    """Looks a setting up: options first, then keys in order; what is not valid is a problem."""

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
        return f"tool.flet.{self.platform}.{key}", f"tool.flet.{key}"

    def wrong_type(self, key: str, value: object, wanted: str) -> None:
        text = pyproject_file.load(self.folder).text
        self.problems.append(pyproject_file.wrong_type(text, key, value, wanted))

    def where(self, name: str, key: str) -> str:
        """Where a value was given that is not valid: an option, or a line of the file."""
        if self.options.get(name) not in (None, ""):
            return f"--{name.replace('_', '-')}"
        return pyproject_file.place(pyproject_file.load(self.folder).text, key)


def _identity_settings(reader: _Reader, folder_name: str) -> dict[str, Any]:
    named = reader.text("project", "project.name")
    project = named or identity.project_name(folder_name)
    org = reader.text("org", *reader.per_platform("org")) or DEFAULT_ORG
    return {
        "product": reader.text("product", "tool.flet.product") or named or folder_name or project,
        "project": project,
        "description": reader.text("description", "project.description", "tool.poetry.description"),
        "org": org,
        "bundle_id": reader.text("bundle_id", *reader.per_platform("bundle_id"))
        or identity.bundle_id(org, project),
        "company": reader.text("company", "tool.flet.company"),
        "copyright": reader.text("copyright", "tool.flet.copyright"),
        "build_number": _build_number(reader),
        "build_version": _build_version(reader),
    }


_IDENTITY_NAMES = {
    "product": "product name",
    "project": "project name",
    "description": "description",
    "org": "organisation",
    "bundle_id": "bundle ID",
    "build_version": "version",
    "build_number": "build number",
}


def _judge_all(reader: _Reader, values: Mapping[str, Any], target: str) -> None:
    """What the rules of the target say about the identity, as problems."""
    for name, words in _IDENTITY_NAMES.items():
        for verdict in identity.judge(name, str(values[name]), [target]):
            if verdict.severity == "hint":
                continue
            key = saved_key(name, reader.pyproject, target)
            reader.problems.append(
                Problem(
                    f"{name.replace('_', '-')}-not-valid",
                    f"The {words} “{values[name]}” {verdict.message}",
                    do=f"Change it to “{verdict.suggestion}”, for example."
                    if verdict.suggestion
                    else "Change it.",
                    severity="warn" if verdict.severity == "warn" else "error",
                    where=reader.where(name, key),
                    fixes=_take(reader, name, key, verdict.suggestion),
                )
            )


def _take(reader: _Reader, name: str, key: str, suggestion: str) -> list[Fix]:
    """The click that takes a corrected value; an option goes before the file and has none."""
    if not suggestion or reader.options.get(name) not in (None, ""):
        return []
    value = int(suggestion) if name == "build_number" else suggestion
    return [Fix(f"take-{name}", f"Change to “{suggestion}”", "set", {key: value})]


def _build_version(reader: _Reader) -> str:
    dynamic = pyproject_file.get(reader.pyproject, "project.dynamic")
    version = reader.text("build_version", "project.version", "tool.poetry.version")
    if not version and isinstance(dynamic, list) and "version" in dynamic:
        reader.problems.append(
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


def _build_number(reader: _Reader) -> int:
    key = "tool.flet.build_number"
    option = reader.options.get("build_number")
    value = option if option not in (None, "") else pyproject_file.get(reader.pyproject, key)
    if value in (None, "", 0):
        return 1
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    # No more than ten digits: what Android takes, and int() refuses thousands of them.
    if isinstance(value, str) and re.fullmatch(r"0*[1-9][0-9]{0,9}", value.strip(), re.ASCII):
        return int(value)
    if option in (None, "") and not isinstance(value, (str, int)):
        reader.wrong_type(key, value, "a whole number")
    else:
        reader.problems.append(
            Problem(
                "setting-not-a-number",
                f"“{value}” is not a build number",
                "A build number is a whole number from 1 on that grows with each release.",
                f"Set {key} to a whole number, for example 1.",
                where=reader.where("build_number", key),
            )
        )
    return 1


def _web_settings(reader: _Reader, product: str) -> dict[str, Any]:
    return {
        "base_url": _base_url(reader),
        "route_url_strategy": reader.choice(
            "route_url_strategy",
            "tool.flet.web.route_url_strategy",
            "FLET_WEB_ROUTE_URL_STRATEGY",
            ROUTE_URL_STRATEGIES,
            "path",
        ),
        # Not "auto": that takes skwasm in Chromium, where bytes cross slowly between JS and Dart.
        "web_renderer": reader.choice(
            "web_renderer",
            "tool.flet.web.renderer",
            "FLET_WEB_RENDERER",
            WEB_RENDERERS,
            "canvaskit",
        ),
        "pwa_short_name": reader.text("pwa_short_name", "tool.flet.web.pwa_short_name") or product,
        "pwa_theme_color": reader.colour("pwa_theme_color", "tool.flet.web.pwa_theme_color"),
        "pwa_background_color": reader.colour(
            "pwa_background_color",
            "tool.flet.web.pwa_background_color",
            *reader.per_platform("splash.color"),
        )
        or DEFAULT_BACKGROUND,
    }


def _base_url(reader: _Reader) -> str:
    key = "tool.flet.web.base_url"
    asked = reader.text("base_url", key)
    if not asked:
        return ""
    path = asked.strip().strip("/").strip()
    # The characters of a URL's path (RFC 3986) without quotes, which would end an attribute.
    if not re.fullmatch(r"[A-Za-z0-9._~!$&()*+,;=:@%/-]*", path) or "//" in path:
        reader.problems.append(_not_a_base_url(asked, reader.where("base_url", key)))
        return ""
    if any(part in (".", "..") for part in path.split("/")):
        reader.problems.append(_not_a_base_url(asked, reader.where("base_url", key)))
        return ""
    return f"/{path}/" if path else "/"


def _not_a_base_url(value: str, where: str) -> Problem:
    return Problem(
        "setting-not-a-base-url",
        f"“{value}” is not a base URL",
        "It is the path on the server at which the site will lie, without the server's name.",
        "Write a path such as “/my-app/”, or leave it out.",
        where=where,
    )


def _packing_settings(reader: _Reader, target: str) -> dict[str, Any]:
    app_path = reader.text("", "tool.flet.app.path")
    always = packing.always_excluded(
        target, app_is_project=packing.normalize(app_path or ".") == "."
    )
    exclude = reader.texts("exclude", *reader.per_platform("app.exclude"))
    return {
        "module": Path(reader.text("module", "tool.flet.app.module") or "main").stem,
        "exclude": list(dict.fromkeys([*always, *exclude])),
        "include": reader.texts("include", *reader.per_platform("app.include")),
        "default_excludes": reader.flag(
            "default_excludes", True, *reader.per_platform("app.default_excludes")
        ),
    }


def _requires_python(reader: _Reader) -> str:
    key = "project.requires-python"
    value = reader.text("requires_python", key)
    try:
        SpecifierSet(value)
    except InvalidSpecifier:
        reader.problems.append(
            Problem(
                "requires-python-not-valid",
                f"“{value}” does not say which Python versions the project works with",
                "It is passed over, and the usual Python version is taken.",
                "Write it as “>=3.12”, for example.",
                "warn",
                where=reader.where("requires_python", key),
            )
        )
        return ""
    return value
