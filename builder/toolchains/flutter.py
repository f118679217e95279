"""Finds the Flutter SDK as `flet build` does: in its own folder, then where programs are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from builder.toolchains import environment

NEWEST = "3.44.8"
"""What the newest Flet that we know is built with; a project's own release says it better."""

# Where people unpack it, besides the places in which it is found.
_USUAL = (
    "flutter",
    "development/flutter",
    "develop/flutter",
    "snap/flutter/common/flutter",
    "fvm/default",
)
USUAL_OF_ALL = ("/opt/flutter", "/usr/local/flutter", "C:/flutter", "C:/src/flutter")


@dataclass(frozen=True)
class Found:
    """A Flutter that is there; `trouble` says what is wrong with it, as the end of a sentence.

    `version` is what its own files say, "" where they say nothing: only a start tells then.
    """

    flutter: Path
    dart: Path | None
    version: str
    trouble: str = ""


def own_folder(version: str) -> Path:
    """Where `flet build` puts the Flutter that it installs."""
    return Path.home() / "flutter" / version


def find(version: str) -> list[Found]:
    """Every Flutter that could be used for `version`, the one to take first comes first."""
    programs = [environment.named(own_folder(version) / "bin", "flutter")]
    programs.append(environment.find("flutter"))
    programs += [environment.named(folder / "bin", "flutter") for folder in _siblings(version)]
    programs += [environment.named(folder, "flutter") for folder in environment.folders()]
    found: dict[Path, Found] = {}
    for program in programs:
        if program is not None and program not in found:
            found[program] = _look_at(program)
    return list(found.values())


def elsewhere() -> Path | None:
    """A Flutter in one of the usual places, where neither we nor `flet build` look for it."""
    roots = [Path.home() / name for name in _USUAL] + [Path(name) for name in USUAL_OF_ALL]
    named = [environment.variable(name) for name in ("FLUTTER_ROOT", "FLUTTER_HOME")]
    roots = [Path(name) for name in named if name] + roots
    return next((root for root in roots if environment.named(root / "bin", "flutter")), None)


def is_there(version: str) -> bool:
    """Whether a Flutter is there that fits `version`, as far as its files tell."""
    return bool(version_there(version))


def version_there(version: str) -> str:
    """The version of the first that fits `version`, as far as its files tell; "" for none."""
    whole = (found.version or version for found in find(version) if not found.trouble)
    return next((one for one in whole if fits(one, version)), "")


def fits(version: str, wanted: str) -> bool:
    """Whether a Flutter will do where `wanted` is asked for: another patch level does."""
    return version.split(".")[:2] == wanted.split(".")[:2]


def read_version(said: str) -> str:
    """The version in what `flutter --version` says, "" where there is none."""
    match = re.search(r"Flutter (\d+\.\d+\.\d+)", said)
    return match[1] if match else ""


def read_arch(said: str) -> str:
    """The processor in what `dart --version` says, such as `x64`; "" where there is none."""
    match = re.search(r'on "[a-z]+_([a-z0-9]+)"', said)
    return match[1] if match else ""


def is_started(found: Found) -> bool:
    """Whether it has what its first start fetches: the folder `bin/cache` with Dart in it."""
    return (_root(found.flutter) / "bin" / "cache").is_dir()


def _look_at(program: Path) -> Found:
    dart = _dart_of(program)
    trouble = environment.why_not_run(program)
    if not trouble and dart is None:
        trouble = "has no dart beside it"
    if not trouble and dart is not None and (why := environment.why_not_run(dart)):
        trouble = f"has a dart beside it that {why}"
    return Found(program, dart, "" if trouble else _version_on_disk(_root(program)), trouble)


def _dart_of(program: Path) -> Path | None:
    """The dart of a flutter: beside it, where its links lead, or where programs are."""
    beside = environment.named(program.parent, "dart")
    return (
        beside or environment.named(_resolved(program).parent, "dart") or environment.find("dart")
    )


def _siblings(version: str) -> list[Path]:
    """Versions in the folder of `flet build` that differ from `version` in the last number."""
    try:
        names = sorted(path.name for path in own_folder(version).parent.iterdir())[::-1]
    except OSError:  # none was ever installed there
        return []
    fitting = [
        name for name in names if re.fullmatch(r"\d+\.\d+\.\d+", name) and fits(name, version)
    ]
    return [own_folder(name) for name in fitting]


def _root(program: Path) -> Path:
    return _resolved(program).parent.parent


def _resolved(program: Path) -> Path:
    try:
        return program.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return program


def _version_on_disk(root: Path) -> str:
    """What Flutter's own files say; both were there in one release or another."""
    try:
        said = json.loads((root / "bin/cache/flutter.version.json").read_text("utf-8"))
        return str(said["frameworkVersion"])
    except (OSError, ValueError, KeyError, TypeError):  # not made yet, or of another form
        return _version_in(root / "version")


def _version_in(file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
    return text if re.fullmatch(r"\d+\.\d+\.\d+", text) else ""
