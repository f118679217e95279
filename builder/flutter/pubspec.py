"""The `pubspec.yaml` of the Flutter project: what the template says, the app's settings, its parts.

Written as `flet build` 1.0.5 writes it: loaded, changed, and dumped in the order of the alphabet.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder import identity
from builder.problems import Fix, Problem, ProjectError

_SECTIONS = ("dependencies", "dependency_overrides", "dev_dependencies")
_WEB_ASSETS = ("app/app.zip", "app/app.zip.hash")


def make(
    rendered: str,
    *,
    platform: str,
    settings: Mapping[str, Any],
    extensions: Mapping[str, Path],
) -> bytes:
    """The file, from the one that the template rendered.

    `settings` are `[tool.flet.flutter.pubspec]`, `extensions` the Dart packages of the app. Raises
    ProjectError for a file that is no pubspec, and for a project called like something it uses.
    """
    import yaml  # here, because it takes longer to import than a build takes that needs it not

    document = _load(rendered)
    if platform == "web":
        # Elsewhere `serious_python` puts the app into the bundle, and there is no such file.
        _add_assets(document, _WEB_ASSETS)
    _merge_settings(document, settings)
    dependencies = _table(document, "dependencies")
    for name, folder in sorted(extensions.items()):
        dependencies[name] = {"path": str(folder)}
    _refuse_collision(str(document.get("name", "")), dependencies)
    return yaml.dump(document).encode()


def _load(text: str) -> dict[str, Any]:
    import yaml  # here, because it takes longer to import than a build takes that needs it not

    # The same, and ten times as fast, where it was compiled along.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(text, loader)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: the 99th of a month
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        shown = "".join(text.splitlines()[line - 1 : line]).strip() if line else ""
        raise ProjectError(_not_yaml(str(getattr(error, "problem", error)), line, shown)) from error
    if not isinstance(document, dict) or "name" not in document:
        raise ProjectError(_not_yaml("it names no package", 0, ""))
    return document


def _add_assets(document: dict[str, Any], assets: tuple[str, ...]) -> None:
    flutter = _table(document, "flutter")
    listed = flutter.get("assets")
    listed = flutter["assets"] = listed if isinstance(listed, list) else []
    listed += [asset for asset in assets if asset not in listed]


def _merge_settings(document: dict[str, Any], settings: Mapping[str, Any]) -> None:
    """A dependency comes from one source only, so it is replaced as a whole; the rest is merged."""
    more = copy.deepcopy(dict(settings))
    for section in _SECTIONS:
        given = more.pop(section, None)
        if isinstance(given, Mapping):
            _table(document, section).update(given)
        elif given is not None:
            raise ProjectError(_no_table(section))
    _merge(document, more)


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(into.get(name), dict) and isinstance(value, Mapping):
            _merge(into[name], value)
        else:
            into[name] = value


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A section, which may be missing or written down empty."""
    table = document.get(name)
    if not isinstance(table, dict):
        table = document[name] = {}
    return table


def _refuse_collision(project: str, dependencies: Mapping[str, Any]) -> None:
    if project not in dependencies:
        return
    better = f"{project}_app"
    while better in dependencies:
        better += "_app"
    raise ProjectError(_collision(project, identity.slug(better)))


def _collision(project: str, better: str) -> Problem:
    return Problem(
        "project-name-collides",
        f"The project is called {project}, like a package that the app uses",
        "Each package of an app needs a name of its own, and the project is one of them.",
        f"Call the project “{better}”, for example. The name that people see stays as it is.",
        where="project.name in pyproject.toml, or --project",
        fixes=(Fix("take-project", f"Change to “{better}”", "set", {"project.name": better}),),
    )


def _not_yaml(said: str, line: int, shown: str) -> Problem:
    evidence = (f"{line}: {shown}",) if shown else ()
    return Problem(
        "pubspec-not-valid",
        "The template made a pubspec.yaml that Flutter cannot read",
        f"It says: {said}. An older template stumbles over quotes or line ends in the app's "
        "description.",
        "Change what is shown, or use the template of the Flet version that the project uses.",
        where=f"pubspec.yaml, line {line}" if line else "pubspec.yaml",
        evidence=evidence,
    )


def _no_table(section: str) -> Problem:
    return Problem(
        "setting-wrong-type",
        f"tool.flet.flutter.pubspec.{section} is no table",
        "It names packages, each with its version or where it comes from.",
        f'Write it as [tool.flet.flutter.pubspec.{section}] with lines such as http = "^1.2.0".',
        where=f"pyproject.toml, tool.flet.flutter.pubspec.{section}",
    )
