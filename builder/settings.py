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
from typing import Any, get_args

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from builder import former, identity, packing, unknown_keys
from builder import pyproject as pyproject_file
from builder.desktop import settings as desktop_settings
from builder.desktop.settings import DesktopSettings
from builder.flutter import settings as flutter_settings
from builder.flutter.settings import FlutterSettings
from builder.identity import Verdict
from builder.images.style import SPLASH_PLATFORMS, IconFit, MacosStyle
from builder.lookup import Lookup
from builder.options import (
    BY_NAME,
    OPTIONS,
    ROUTE_URL_STRATEGIES,
    WEB_RENDERERS,
    Option,
    keys_of,
)
from builder.problems import Fix, Problem
from builder.targets import TARGETS

__all__ = ["Settings", "Verdict", "judge", "resolve", "save", "saved_key", "stored"]

DEFAULT_ORG = "com.flet"
DEFAULT_VERSION = "1.0.0"
DEFAULT_SPLASH = "#ffffff"
DEFAULT_SPLASH_DARK = "#222222"


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
    icon_background: str  # this and the next: "" where none was asked for
    adaptive_icon_background: str
    macos_icon_style: str
    splash_color: str
    splash_dark_color: str
    splash_icon_background: str  # of Android 12's circle; this and the next: "" leaves it open
    splash_icon_dark_background: str
    splash_icon_fit: str
    splash_android: bool
    splash_ios: bool
    splash_web: bool
    shrink_images: bool  # [tool.slipway] shrink_images: smaller PNG files, for seconds of work
    flutter: FlutterSettings = field(default_factory=FlutterSettings)
    desktop: DesktopSettings = field(default_factory=DesktopSettings)


def saved_key(field: str, pyproject: Mapping[str, Any], target: str = "web") -> str:
    """The dotted key in `pyproject.toml` to which a field of `Settings` is written.

    It is the key from which `resolve` takes the value now: a platform's own key where there is one,
    Poetry's where the project keeps it there. Raises KeyError for a field that is never saved.
    """
    keys = keys_of(BY_NAME[field], platform_of(target))
    if not keys:
        raise KeyError(field)
    key = keys[-1]
    if pyproject_file.get(pyproject, keys[0]) is not None:
        return keys[0]
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
    web = _web_settings(lookup.of("web"), settings["product"])
    pictures = {**_icon_settings(lookup), **_splash_settings(lookup, web["pwa_background_color"])}
    web["pwa_background_color"] = web["pwa_background_color"] or pictures["splash_color"]
    packed = _packing_settings(lookup, target)
    python: dict[str, Any] = {
        "python_version": lookup.text("python_version"),
        "requires_python": _requires_python(lookup),
        "web_fonts": lookup.texts("web_fonts", "tool.slipway.web.fonts"),
    }
    of_flutter = flutter_settings.resolve(lookup, _artifact(lookup, folder))
    resolved = Settings(
        **settings, **web, **pictures, **packed, **python, flutter=of_flutter,
        desktop=desktop_settings.resolve(lookup),
    )  # fmt: skip
    _tell_former_and_unknown(lookup)
    return resolved, lookup.problems


def judge(field: str, value: str, targets: Sequence[str]) -> Sequence[Verdict]:
    """What the rules of `targets` say about the value of one field, while one types.

    Fields: `product project org bundle_id build_version build_number description`; any other field
    has no rules. Never raises; a suggestion is itself free of errors.
    """
    return identity.judge(field, value, targets)


def stored(pyproject: Mapping[str, Any], key: str) -> Any:
    """What `pyproject.toml` holds at a dotted key, None where it holds nothing."""
    return pyproject_file.get(pyproject, key)


def save(folder: Path, changes: Mapping[str, Any]) -> None:
    """Write settings into `folder/pyproject.toml`, every other byte as it was.

    `changes` maps dotted keys (`tool.flet.product`) to values; None removes a key. Makes the file
    where there is none. Raises ProjectError, and leaves the file as it was, when it cannot be
    understood, changed safely or written.
    """
    from builder import pyproject_edit  # here: a build saves nothing, and starts sooner without it

    pyproject_edit.save(folder, changes)


def platform_of(target: str) -> str:
    """The name that a target has in `[tool.flet.<platform>]`."""
    if target == "ios-simulator":
        return "ios"
    return TARGETS[target].platform if target in TARGETS else target


def _tell_former_and_unknown(lookup: Lookup) -> None:
    """What the user wrote that is of no use, or of none any more."""
    text = pyproject_file.load(lookup.folder).text
    lookup.problems += former.flag_problems(lookup.options.get("former") or ())
    lookup.problems += former.key_problems(lookup.pyproject, text, lookup.platform)
    lookup.problems += unknown_keys.problems(lookup.pyproject, text, lookup.platform)
    given = [o for o in OPTIONS if o.kind == "secret" and lookup.options.get(o.name)]
    if given:
        lookup.problems.append(_password_in_the_open(given))


def _password_in_the_open(given: Sequence[Option]) -> Problem:
    variables = " and ".join(option.env for option in given)
    return Problem(
        "password-on-command-line",
        "A password on the command line can be read by other programs",
        "Every program on this computer may see how another one was started, and the terminal "
        "keeps what was typed. Slipway itself shows and stores it nowhere.",
        f"Set {variables} in the environment instead.",
        "warn",
        where=" ".join(option.flag for option in given),
    )


def _name_of(folder: Path) -> str:
    """The folder's own name, whatever link led there; a path with a null byte has none."""
    return Path(os.path.realpath(str(folder).replace("\0", ""))).name


def _artifact(lookup: Lookup, folder: Path) -> str:
    """The name of the finished program where none is given: the project's, as it was written."""
    return lookup.unheard().text("project", "project.name") or _name_of(folder)


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
    wrong: set[str] = set()
    for name, words in _IDENTITY_NAMES.items():
        for verdict in identity.judge(name, str(values[name]), _judges(lookup, name, target)):
            if verdict.severity == "hint" or (name == "bundle_id" and _follows(lookup, wrong)):
                continue
            wrong |= {name} if verdict.severity == "error" else set()
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


def _follows(lookup: Lookup, wrong: set[str]) -> bool:
    """Whether the bundle ID is made of a name that is wrong already: one problem is enough."""
    given = lookup.unheard().text("bundle_id", *lookup.per_platform("bundle_id"))
    return not given and not wrong.isdisjoint({"org", "project"})


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
            ["tool.flet.web.route_url_strategy"],
            ROUTE_URL_STRATEGIES,
            "path",
            "FLET_WEB_ROUTE_URL_STRATEGY",
        ),
        "web_renderer": _web_renderer(lookup),
        "pwa_short_name": lookup.text("pwa_short_name", "tool.flet.web.pwa_short_name") or product,
        "pwa_theme_color": lookup.colour("pwa_theme_color", "tool.flet.web.pwa_theme_color"),
        "pwa_background_color": lookup.colour(
            "pwa_background_color", "tool.flet.web.pwa_background_color"
        ),
    }


def _web_renderer(lookup: Lookup) -> str:
    """By itself not "auto": that takes skwasm in Chromium, where bytes cross slowly to Dart."""
    key, env = "tool.flet.web.renderer", "FLET_WEB_RENDERER"
    if lookup.unheard().text("web_renderer", key, env=env).lower() == former.FORMER_RENDERER:
        lookup.problems.append(former.renderer_problem(lookup.where("web_renderer", key)))
        return "canvaskit"
    return lookup.choice("web_renderer", [key], WEB_RENDERERS, "canvaskit", env)


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


def _icon_settings(lookup: Lookup) -> dict[str, Any]:
    def background(of: Lookup) -> str:
        return of.opaque_colour("icon_background", *of.per_platform("icon_background"))

    android = lookup.of("android")
    return {
        "icon_background": background(lookup),
        "adaptive_icon_background": android.opaque_colour(
            "adaptive_icon_background", "tool.flet.android.adaptive_icon_background"
        )
        or background(android.unheard()),
        "macos_icon_style": lookup.of("macos").choice(
            "macos_icon_style", ["tool.flet.macos.icon_style"], get_args(MacosStyle), "auto"
        ),
        "shrink_images": lookup.flag("shrink_images", False, "tool.slipway.shrink_images"),
    }


def _splash_settings(lookup: Lookup, page_background: str) -> dict[str, Any]:
    """`page_background` is the colour of the installed web app as it starts, where one is set.

    A site whose splash screen has no colour of its own goes on with that one, in the dark as well:
    the browser paints it first, and knows no dark one.
    """
    heard = lookup if lookup.platform in SPLASH_PLATFORMS else lookup.unheard()
    light = heard.opaque_colour("splash_color", *lookup.per_platform("splash.color"))
    dark = heard.opaque_colour("splash_dark_color", *lookup.per_platform("splash.dark_color"))
    goes_on = page_background if lookup.platform == "web" and not light else ""
    return {
        "splash_color": light or goes_on or DEFAULT_SPLASH,
        "splash_dark_color": dark or goes_on or DEFAULT_SPLASH_DARK,
        **_circle_settings(lookup.of("android")),
        **{
            f"splash_{name}": lookup.of(name).flag(
                f"splash_{name}", True, f"tool.flet.splash.{name}"
            )
            for name in SPLASH_PLATFORMS
        },
    }


def _circle_settings(android: Lookup) -> dict[str, Any]:
    """The circle in which Android 12 shows the splash picture."""
    return {
        "splash_icon_background": android.opaque_colour(
            "splash_icon_background",
            *_with_former(android, "icon_background", "icon_bgcolor"),
            may_be_none=True,
        ),
        "splash_icon_dark_background": android.opaque_colour(
            "splash_icon_dark_background",
            *_with_former(android, "icon_dark_background", "icon_dark_bgcolor"),
            may_be_none=True,
        ),
        "splash_icon_fit": android.choice(
            "splash_icon_fit",
            _with_former(android, "icon_fit", "android_12_fit"),
            get_args(IconFit),
            "contain",
        ),
    }


def _with_former(lookup: Lookup, name: str, former: str) -> list[str]:
    """The keys of a setting of the splash screen, and those that it had before Flet 1.0."""
    return [*lookup.per_platform(f"splash.{name}"), *lookup.per_platform(f"splash.{former}")]


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
