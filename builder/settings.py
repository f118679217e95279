"""The build settings: read from and written to `pyproject.toml`, with the rules that they obey.

Keys, precedence and defaults are those of `flet build` 1.0.5, so that both make the same app from
the same file. The rules of the identity stand in `identity.py`, the writing in `pyproject_edit.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from builder import former, identity, identity_settings, invisible, packing, unknown_keys
from builder import pyproject as pyproject_file
from builder.desktop import settings as desktop_settings
from builder.desktop.settings import DesktopSettings
from builder.flutter import settings as flutter_settings
from builder.flutter.settings import FlutterSettings
from builder.identity import Verdict
from builder.images import settings as picture_settings
from builder.lookup import Lookup
from builder.options import OPTIONS, Option
from builder.problems import Problem
from builder.targets import TARGETS
from builder.web import settings as web_settings

__all__ = ["Settings", "Verdict", "judge", "resolve", "save", "saved_key", "stored"]


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
    return Lookup(pyproject, {}, platform_of(target), Path()).saved_key(field)


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
    settings = identity_settings.resolve(lookup, _name_of(folder))
    lookup.problems += identity_settings.judged(lookup, settings, target)
    web = web_settings.resolve(lookup.of("web"), settings["product"])
    pictures = picture_settings.resolve(lookup, web["pwa_background_color"])
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

    Fields: those of `identity_settings.NAMES`; any other field has no rules. Never
    raises; a suggestion is itself free of errors.
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
    """What the user wrote that is of no use, or of none any more, or that nobody can see."""
    text = pyproject_file.load(lookup.folder).text
    lookup.problems += former.flag_problems(lookup.options.get("former") or ())
    lookup.problems += former.key_problems(lookup.pyproject, text, lookup.platform)
    lookup.problems += unknown_keys.problems(lookup.pyproject, text, lookup.platform)
    judged = [lookup.saved_key(name) for name in identity_settings.NAMES]
    lookup.problems += invisible.problems(lookup.pyproject, text, judged)
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
