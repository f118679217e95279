"""The build settings: read from and written to `pyproject.toml`, with the rules that they obey.

Keys, precedence and defaults are those of `flet build` 1.0.5, so that both make the same app from
the same file. The rules of the identity stand in `identity.py`, the writing in `pyproject_edit.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from builder import identity, packing, pyproject_edit
from builder import pyproject as pyproject_file
from builder.identity import Verdict
from builder.lookup import Lookup
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
    lookup = Lookup(pyproject, options or {}, platform_of(target), folder)
    settings = _identity_settings(lookup, _name_of(folder))
    _judge_all(lookup, settings, target)
    web = _web_settings(lookup, settings["product"])
    packed = _packing_settings(lookup, target)
    python: dict[str, Any] = {
        "python_version": lookup.text("python_version"),
        "requires_python": _requires_python(lookup),
        "web_fonts": lookup.texts("web_fonts", "tool.slipway.web.fonts"),
    }
    return Settings(**settings, **web, **packed, **python), lookup.problems


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


def _name_of(folder: Path) -> str:
    """The folder's own name, whatever link led there; a path with a null byte has none."""
    return Path(os.path.realpath(str(folder).replace("\0", ""))).name


def _identity_settings(lookup: Lookup, folder_name: str) -> dict[str, Any]:
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


_IDENTITY_NAMES = {
    "product": "product name",
    "project": "project name",
    "description": "description",
    "org": "organisation",
    "bundle_id": "bundle ID",
    "build_version": "version",
    "build_number": "build number",
}


def _judge_all(lookup: Lookup, values: Mapping[str, Any], target: str) -> None:
    """What the rules of the target say about the identity, as problems."""
    for name, words in _IDENTITY_NAMES.items():
        for verdict in identity.judge(name, str(values[name]), [target]):
            if verdict.severity == "hint":
                continue
            key = saved_key(name, lookup.pyproject, target)
            lookup.problems.append(
                Problem(
                    f"{name.replace('_', '-')}-not-valid",
                    f"The {words} “{values[name]}” {verdict.message}",
                    do=f"Change it to “{verdict.suggestion}”, for example."
                    if verdict.suggestion
                    else "Change it.",
                    severity="warn" if verdict.severity == "warn" else "error",
                    where=lookup.where(name, key),
                    fixes=_take(lookup, name, key, verdict.suggestion),
                )
            )


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
    key = "tool.flet.build_number"
    option = lookup.options.get("build_number")
    value = option if option not in (None, "") else pyproject_file.get(lookup.pyproject, key)
    if value in (None, "") or (value == 0 and value is not False):
        return 1
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    # No more than ten digits: what Android takes, and int() refuses thousands of them.
    if isinstance(value, str) and re.fullmatch(r"0*[1-9][0-9]{0,9}", value.strip(), re.ASCII):
        return int(value)
    if option in (None, "") and (isinstance(value, bool) or not isinstance(value, (str, int))):
        lookup.wrong_type(key, value, "a whole number")
    else:
        lookup.problems.append(
            Problem(
                "setting-not-a-number",
                f"“{value}” is not a build number",
                "A build number is a whole number from 1 on that grows with each release.",
                f"Set {key} to a whole number, for example 1.",
                where=lookup.where("build_number", key),
            )
        )
    return 1


def _web_settings(lookup: Lookup, product: str) -> dict[str, Any]:
    return {
        "base_url": _base_url(lookup),
        "route_url_strategy": lookup.choice(
            "route_url_strategy",
            "tool.flet.web.route_url_strategy",
            "FLET_WEB_ROUTE_URL_STRATEGY",
            ROUTE_URL_STRATEGIES,
            "path",
        ),
        # Not "auto": that takes skwasm in Chromium, where bytes cross slowly between JS and Dart.
        "web_renderer": lookup.choice(
            "web_renderer",
            "tool.flet.web.renderer",
            "FLET_WEB_RENDERER",
            WEB_RENDERERS,
            "canvaskit",
        ),
        "pwa_short_name": lookup.text("pwa_short_name", "tool.flet.web.pwa_short_name") or product,
        "pwa_theme_color": lookup.colour("pwa_theme_color", "tool.flet.web.pwa_theme_color"),
        "pwa_background_color": lookup.colour(
            "pwa_background_color",
            "tool.flet.web.pwa_background_color",
            *lookup.per_platform("splash.color"),
        )
        or DEFAULT_BACKGROUND,
    }


def _base_url(lookup: Lookup) -> str:
    key = "tool.flet.web.base_url"
    asked = lookup.text("base_url", key)
    if not asked:
        return ""
    path = asked.strip().strip("/").strip()
    # The characters of a URL's path (RFC 3986) without quotes, which would end an attribute.
    if not re.fullmatch(r"[A-Za-z0-9._~!$&()*+,;=:@%/-]*", path) or "//" in path:
        lookup.problems.append(_not_a_base_url(asked, lookup.where("base_url", key)))
        return ""
    if any(part in (".", "..") for part in path.split("/")):
        lookup.problems.append(_not_a_base_url(asked, lookup.where("base_url", key)))
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


def _packing_settings(lookup: Lookup, target: str) -> dict[str, Any]:
    app_path = lookup.text("", "tool.flet.app.path")
    always = packing.always_excluded(
        target, app_is_project=packing.normalize(app_path or ".") == "."
    )
    exclude = lookup.texts("exclude", *lookup.per_platform("app.exclude"))
    return {
        "module": Path(lookup.text("module", "tool.flet.app.module") or "main").stem,
        "exclude": list(dict.fromkeys([*always, *exclude])),
        "include": lookup.texts("include", *lookup.per_platform("app.include")),
        "default_excludes": lookup.flag(
            "default_excludes", True, *lookup.per_platform("app.default_excludes")
        ),
    }


def _requires_python(lookup: Lookup) -> str:
    key = "project.requires-python"
    value = lookup.text("requires_python", key)
    try:
        SpecifierSet(value)
    except InvalidSpecifier:
        lookup.problems.append(
            Problem(
                "requires-python-not-valid",
                f"“{value}” does not say which Python versions the project works with",
                "It is passed over, and the usual Python version is taken.",
                "Write it as “>=3.12”, for example.",
                "warn",
                where=lookup.where("requires_python", key),
            )
        )
        return ""
    return value
