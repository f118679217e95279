"""Reads `requirements.txt` as pip does, without pip.

Only what PEP 508 can say becomes a requirement. Options that tell pip where to look, and
constraints, are handed on as options; hashes are not: they are those of the files for this
computer, and the app gets those for its target.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from builder import pyproject as pyproject_file
from builder.problems import Problem

NAME = "requirements.txt"

# Options of a line of its own that go to pip as they are; those with a value, and those without.
_WITH_VALUE = {
    "-i": "--index-url",
    "--index-url": "--index-url",
    "--extra-index-url": "--extra-index-url",
    "-f": "--find-links",
    "--find-links": "--find-links",
    "--trusted-host": "--trusted-host",
    "--only-binary": "--only-binary",
    "--no-binary": "--no-binary",
}
_ALONE = ("--no-index", "--pre", "--prefer-binary", "--require-hashes")


@dataclass
class Parsed:
    """Each requirement with the place where it stands, options for pip, and what is wrong."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path) -> Parsed:
    """Read the file in `folder`, and those that it names with `-r`."""
    parsed = Parsed()
    _read_file(folder / NAME, folder, parsed, set(), NAME)
    return parsed


def not_valid(text: str, why: str, where: str) -> Problem:
    """The problem of a requirement that nobody can understand; `why` is what the parser says."""
    first = why.strip().splitlines()[0] if why.strip() else "It does not follow the rules"
    return Problem(
        "requirement-not-valid",
        f"“{text}” does not name a package in a way that can be understood",
        f"{first[:1].upper()}{first[1:].rstrip('.:')}.",
        "Write the name of the package and, if you like, its version: “httpx”, “httpx>=0.27”.",
        where=where,
    )


def _read_file(path: Path, folder: Path, parsed: Parsed, seen: set[Path], asked_at: str) -> None:
    if path in seen:
        return
    seen.add(path)
    name = _name(path, folder)
    try:
        text = _decode(path.read_bytes())
    except (OSError, ValueError) as error:
        parsed.problems.append(_not_readable(name, error, asked_at))
        return
    for number, line in _logical_lines(text):
        _read_line(line, path, folder, parsed, seen, f"{name}, line {number}")


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _decode(raw: bytes) -> str:
    """UTF-8, or UTF-16 with its mark: PowerShell's `pip freeze > requirements.txt` writes that."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig")


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their number, joined where one ends in a backslash, without comments."""
    joined, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = start or number
        comment = re.match(r"\s*#", line) is not None
        if line.endswith("\\") and not comment:
            joined += line[:-1].strip() + " "
            continue
        whole = re.sub(r"(^|\s+)#.*$", "", joined + ("" if comment else line)).strip()
        if whole:
            yield start, whole
        joined, start = "", 0
    if joined.strip():
        yield start, joined.strip()


def _read_line(
    line: str, path: Path, folder: Path, parsed: Parsed, seen: set[Path], where: str
) -> None:
    line = re.sub(r"\$\{([A-Z0-9_]+)\}", lambda m: os.environ.get(m[1]) or m[0], line)
    if line.startswith("-"):
        _read_option(line, path, folder, parsed, seen, where)
        return
    # `--hash=…`, `--config-settings …` and the like follow the requirement on its line.
    text = re.split(r"\s--?[A-Za-z]", line, maxsplit=1)[0].strip()
    named = _named(text, path.parent)
    try:
        parsed.lines.append((str(Requirement(named)), where))
    except InvalidRequirement as error:
        place = _below(path.parent, text.partition("#")[0].strip()) if _is_path(text) else None
        parsed.problems.append(
            _no_package(text, place, where) if place else not_valid(text, str(error), where)
        )


def _read_option(
    line: str, path: Path, folder: Path, parsed: Parsed, seen: set[Path], where: str
) -> None:
    match = re.match(r"(--[a-z-]+|-[a-z])[\s=]*(.*)$", line)
    option, value = (match[1], match[2].strip().strip("\"'")) if match else (line, "")
    if option in ("-r", "--requirement", "-c", "--constraint"):
        if "://" in value:
            parsed.problems.append(_elsewhere(value, where))
        elif option in ("-r", "--requirement"):
            _read_file(_below(path.parent, value), folder, parsed, seen, where)
        else:
            parsed.options += ["--constraint", str(_below(path.parent, value))]
    elif option in _WITH_VALUE:
        name = _WITH_VALUE[option]
        if name == "--find-links" and (local := _below(path.parent, value)).exists():
            value = local.absolute().as_uri()
        parsed.options += [name, value]
    elif option in _ALONE:
        if option != "--require-hashes":
            parsed.options.append(option)
    else:
        parsed.problems.append(_option_not_known(line, option, where))


def _below(folder: Path, value: str) -> Path:
    return Path(os.path.normpath(folder / value))


def _named(text: str, folder: Path) -> str:
    """A line that only says where a package lies, with the package's name before it."""
    bare = text.partition("#")[0].strip()
    is_url = "://" in text.partition("@")[0]
    if not is_url and not _is_path(text):
        return text
    place = bare if is_url else _below(folder, bare).absolute().as_uri()
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", text)
    name = egg[1] if egg else _file_name(place)
    if not name and not is_url:
        name = _folder_name(_below(folder, bare))
    return f"{name} @ {place}" if name else text


def _is_path(text: str) -> bool:
    is_wheel = "@" not in text and text.partition("#")[0].strip().endswith(".whl")
    return is_wheel or bool(re.match(r"[./\\]|[A-Za-z]:[\\/]", text))


def _file_name(url: str) -> str:
    """The package of a wheel or an archive of sources, by the name of the file."""
    file = url.rpartition("/")[2]
    try:
        if file.endswith((".tar.gz", ".zip")):
            return parse_sdist_filename(file)[0]
        return parse_wheel_filename(file)[0]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return ""


def _folder_name(path: Path) -> str:
    """The package of a folder, as its own files say it; else the folder's name is a good guess."""
    there_are = [name for name in _OF_PACKAGES if (path / name).is_file()]
    data = pyproject_file.load(path).data if "pyproject.toml" in there_are else {}
    said = [pyproject_file.get(data, f"{table}.name") for table in ("project", "tool.poetry")]
    for file, pattern in _NAMES.items():
        if file in there_are:
            text = (path / file).read_text("utf-8", errors="replace")
            said += re.findall(pattern, text, re.MULTILINE)[:1]
    guess = path.name if there_are else ""
    return next((name for name in said if isinstance(name, str) and name), guess)


_OF_PACKAGES = ("pyproject.toml", "setup.cfg", "setup.py")
_NAMES = {
    "setup.cfg": r"^name\s*=\s*([A-Za-z0-9._-]+)\s*$",
    "setup.py": r"""\bname\s*=\s*["']([A-Za-z0-9._-]+)["']""",
}


def _no_package(text: str, place: Path, where: str) -> Problem:
    """A path that leads to no package."""
    if not place.exists():
        return Problem(
            "requirement-not-there",
            f"There is nothing at “{text}”",
            f"A package is to be taken from {place}.",
            "Correct the path, which starts at the file that names it, or remove the line.",
            where=where,
        )
    return Problem(
        "requirement-no-package",
        f"“{text}” is no package",
        f"{place} is neither a wheel, nor a folder with a pyproject.toml or setup.py, by which pip "
        "would know what to install.",
        "Correct the path, or give the folder a pyproject.toml with its name and version.",
        where=where,
    )


def _not_readable(name: str, error: OSError | ValueError, asked_at: str) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(
            "requirements-not-found",
            f"“{name}” is not there",
            "Another requirements file asks to read it.",
            "Correct the path, which starts at the file that names it, or remove the line.",
            where=asked_at,
        )
    if isinstance(error, OSError):
        return Problem(
            "requirements-not-readable",
            f"“{name}” cannot be read",
            f"The system says: {error.strerror or error}.",
            "Make sure that it is a file and that you have the right to read it.",
            where=asked_at,
        )
    return Problem(
        "requirements-not-utf8",
        f"“{name}” is not saved as UTF-8",
        "It holds characters of another encoding.",
        "Open it in your editor, choose “Save with encoding” and take UTF-8.",
        where=asked_at,
    )


def _elsewhere(value: str, where: str) -> Problem:
    return Problem(
        "requirements-elsewhere",
        f"The list at {value} is not read",
        "Slipway reads only files on this computer, so that a build does not change by itself.",
        "Save it beside your project and name that file instead.",
        where=where,
    )


def _option_not_known(line: str, option: str, where: str) -> Problem:
    if option in ("-e", "--editable"):
        return Problem(
            "requirement-editable",
            "A package that is installed as editable cannot be packed",
            "An editable package stays in its own folder; the app needs a copy of it.",
            "Name the package and where it lies, without `-e`: “name @ file:///path/to/it”. "
            "For the project itself remove the line: it is packed anyway.",
            where=where,
        )
    return Problem(
        "requirements-option-unknown",
        f"“{line}” is passed over",
        "It is an option for pip that has no meaning for an app that is packed.",
        "Nothing to do, unless a package is not found afterwards.",
        "hint",
        where=where,
    )
