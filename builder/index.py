"""The package index, through pip: which versions there are, what a target needs, fetching wheels.

pip and not our own client, because it knows the user's index, proxy, certificates and passwords.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from builder.process import Finished


class RunTool(Protocol):
    """Runs a tool with some more variables in its environment."""

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished: ...


# One more try, and not for long: a person waits, and pip's own five tries take half a minute.
_PATIENCE = ("--retries", "1", "--timeout", "15")
_QUIET = ("--disable-pip-version-check", "--no-input", "--no-color", "--progress-bar", "off")
_LAUNCHER = Path(__file__).with_name("pip_for_target.py")

# Settings of the user's that are meant for other calls of pip, and break these.
_NOT_HERE = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_QUIET": "0", "PIP_VERBOSE": "0"}

# Options of `requirements.txt` that say where packages come from, and those without a value. The
# last two have no say: only wheels can be packed.
_SOURCES = ("--index-url", "--extra-index-url", "--find-links", "--trusted-host", "--no-index")
_ALONE = ("--no-index", "--pre", "--prefer-binary")
_IGNORED = ("--only-binary", "--no-binary")


@dataclass(frozen=True)
class TargetPython:
    """The Python of a target: its full version and its wheel platforms, the preferred one first."""

    version: str
    platforms: Sequence[str]
    markers: Mapping[str, str]

    @property
    def short(self) -> str:
        """`3.14` of `3.14.2`."""
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True)
class Package:
    """One resolved package.

    `requires` are the requirements that hold on the target. `wheel` has the tags of a wheel's name;
    for one that is still to be built from sources it is empty.
    """

    name: str
    version: str
    wheel: str
    url: str
    sha256: str
    requires: Sequence[str]

    @property
    def key(self) -> str:
        """Its name in the one spelling that two spellings of it share."""
        return canonicalize_name(self.name)


@dataclass(frozen=True)
class Failure:
    """A call of pip that did not give an answer. `kind` says why, `lines` is what pip said."""

    kind: str  # "network", "refused", "missing", "unfit", "conflict", "disk", "other"
    lines: Sequence[str]
    name: str = ""  # for "missing" the requirement without a match, for "unfit" the wheel's name


def versions(run: RunTool, name: str, *, options: Sequence[str] = ()) -> list[Version] | Failure:
    """All final versions of a package that the index has for any computer, newest first.

    `options` are those of the project's `requirements.txt`, here as in all of these functions.
    """
    argv = [*_pip(), "index", "versions", name, "--json", "--ignore-requires-python", *_PATIENCE]
    finished = run([*argv, "--no-input"], {**_NOT_HERE, **_sources_in_environment(options)})
    if finished.status != 0:
        return failure(finished)
    try:
        found = json.loads("\n".join(finished.out))["versions"]
    except (ValueError, KeyError, TypeError):
        return Failure("other", _said(finished))
    return sorted({v for v in map(_version, found) if v and not v.is_prerelease}, reverse=True)


def download(
    run: RunTool, requirement: str, folder: Path, *, options: Sequence[str] = ()
) -> Path | Failure:
    """Fetch the wheel of one requirement into `folder`, without what it depends on."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as fetched:
        asked = Path(fetched) / "requirements.txt"
        _write_lines(asked, [*_option_lines(options, _SOURCES), requirement])
        finished = run(
            [
                *[*_pip(), "download", "--no-deps", "--only-binary", ":all:", *_PATIENCE, *_QUIET],
                *["--dest", fetched, "-r", str(asked)],
            ],
            _NOT_HERE,
        )
        wheel = next(Path(fetched).glob("*.whl"), None)
        if finished.status != 0 or wheel is None:
            return failure(finished)
        return wheel.replace(folder / wheel.name)


def resolve(
    run: RunTool,
    target: TargetPython,
    requirements: Sequence[str],
    *,
    constraints: Sequence[str] = (),
    find_links: Sequence[str] = (),
    any_build: bool = False,
    into: Path | None = None,
    options: Sequence[str] = (),
) -> list[Package] | Failure:
    """What `requirements` need on `target`, sorted by name; installed into the folder `into`.

    With `any_build` every wheel counts as fitting, and nothing is installed: what would be chosen
    if every package had a build for the target.
    """
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        here = Path(folder)
        lines = [*_option_lines(options), *requirements]
        call = _write_call(here, target, lines, constraints, any_build=any_build)
        place = ["--target", str(into)] if into else ["--dry-run", "--target", str(here / "none")]
        links = [argument for link in find_links for argument in ("--find-links", link)]
        finished = run([*call, *place, *links], _NOT_HERE)
        if finished.status != 0:
            return failure(finished)
        report = json.loads((here / "report.json").read_text(encoding="utf-8"))
    packages = [_package(item, target, into) for item in report["install"]]
    return sorted(packages, key=lambda package: package.key)


def fits(package: Package, target: TargetPython) -> bool:
    """Whether the wheel of a package runs on `target`."""
    platforms = {tag.platform for tag in _tags(package)}
    return not platforms or "any" in platforms or not platforms.isdisjoint(target.platforms)


def is_compiled(package: Package) -> bool:
    """Whether the wheel holds compiled code."""
    tags = _tags(package)
    return bool(tags) and all(tag.platform != "any" for tag in tags)


def applies(requirement: str, markers: Mapping[str, str], extras: Sequence[str] = ()) -> bool:
    """Whether a requirement holds where `markers` do, for a package with `extras` asked for.

    One that cannot be understood does not hold.
    """
    try:
        marker = PackagingRequirement(requirement).marker
        return marker is None or any(
            marker.evaluate({**markers, "extra": extra}) for extra in ("", *extras)
        )
    except (InvalidRequirement, UndefinedComparison, UndefinedEnvironmentName):
        return False


def failure(finished: Finished) -> Failure:
    """Read from what pip said why it gave up."""
    lines = _said(finished)
    text = "\n".join(lines)
    if re.search(_DISK_FULL, text):
        return Failure("disk", lines)
    if re.search(_NO_NETWORK, text):
        return Failure("network", lines)
    if re.search(_REFUSED, text):
        return Failure("refused", lines)
    unfit = re.search(r"(\S+\.whl) is not a supported wheel on this platform", text)
    if unfit:
        return Failure("unfit", lines, unfit[1])
    missing = re.search(r"No matching distribution found for (.+)", text)
    if missing:
        return Failure("missing", lines, missing[1].split(" (from")[0].strip())
    if "ResolutionImpossible" in text or "conflicting dependencies" in text:
        return Failure("conflict", lines)
    return Failure("other", lines)


_DISK_FULL = (
    r"No space left on device|Errno 28\b|Disk quota exceeded|WinError 112\b"
    r"|not enough space on the disk"
)
_REFUSED = r"WARNING: 40[13] Error|Credentials not correct for|40[13] Client Error"

# pip tells of a broken connection in a warning, and then that it found no version at all.
_NO_NETWORK = (
    r"after connection broken by|Failed to establish a new connection|Max retries exceeded"
    r"|NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure in name resolution"
    r"|There was a problem confirming the ssl certificate|ProxyError|Network is unreachable"
)


def _said(finished: Finished) -> list[str]:
    return [line for line in (*finished.out, *finished.err) if line.strip()]


def _pip() -> list[str]:
    return [sys.executable, "-I", "-m", "pip"]


# ---- The project's own index -----------------------------------------------------------------
# Its address may hold a password, so it never stands in a command line: those are logged, and
# every program on the computer can read them.


def _option_lines(options: Sequence[str], wanted: Sequence[str] = ()) -> list[str]:
    """The options as lines of a requirements file; all or those that are `wanted`."""
    return [
        f"{name} {shlex.quote(value)}" if value else name
        for name, value in _options(options)
        if name not in _IGNORED and (not wanted or name in wanted)
    ]


def _options(options: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value, "" for those that have none."""
    rest = iter(options)
    for name in rest:
        yield name, "" if name in _ALONE else next(rest, "")


def _sources_in_environment(options: Sequence[str]) -> dict[str, str]:
    """The same for the one command of pip that reads no requirements file."""
    given: dict[str, list[str]] = {}
    for name, value in _options(options):
        if name in _SOURCES:
            given.setdefault("PIP_" + name[2:].replace("-", "_").upper(), []).append(value or "1")
    if "PIP_INDEX_URL" in given:
        given["PIP_INDEX_URL"] = given["PIP_INDEX_URL"][-1:]
    elif "PIP_EXTRA_INDEX_URL" in given:  # beside the user's own, not in their place
        given["PIP_EXTRA_INDEX_URL"][:0] = [os.environ.get("PIP_EXTRA_INDEX_URL", "")]
    return {name: " ".join(filter(None, values)) for name, values in given.items()}


# ---- One call of pip -------------------------------------------------------------------------


def _write_call(
    here: Path,
    target: TargetPython,
    requirements: Sequence[str],
    constraints: Sequence[str],
    *,
    any_build: bool,
) -> list[str]:
    """The command line of `resolve`, with the files that it reads written into `here`."""
    _write_lines(here / "requirements.txt", requirements)
    _write_lines(here / "constraints.txt", constraints)
    (here / "target.json").write_text(
        json.dumps({"markers": dict(target.markers), "any_build": any_build}), encoding="utf-8"
    )
    abi = "cp" + target.short.replace(".", "")
    platforms = [argument for name in target.platforms for argument in ("--platform", name)]
    return [
        *[sys.executable, "-I", str(_LAUNCHER), str(here / "target.json")],
        *["install", "--ignore-installed", "--no-compile", "--no-warn-conflicts"],
        *["--only-binary", ":all:", "--implementation", "cp"],
        *["--python-version", target.version, "--abi", abi, "--abi", "abi3", "--abi", "none"],
        *platforms,
        *_PATIENCE,
        *_QUIET,
        *["--report", str(here / "report.json")],
        *["-r", str(here / "requirements.txt"), "-c", str(here / "constraints.txt")],
    ]


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def _package(item: Mapping[str, Any], target: TargetPython, into: Path | None) -> Package:
    metadata, origin = item["metadata"], item["download_info"]
    url = origin["url"]
    file = unquote(urlsplit(url).path).rpartition("/")[2]
    digest = origin.get("archive_info", {}).get("hashes", {}).get("sha256", "")
    if not file.endswith(".whl"):
        file, digest = _built(metadata, into)
    return Package(
        name=metadata["name"],
        version=metadata["version"],
        wheel=file,
        url=url,
        sha256=digest,
        requires=[
            requirement
            for requirement in metadata.get("requires_dist", ())
            if applies(requirement, target.markers, item.get("requested_extras", ()))
        ],
    )


def _built(metadata: Mapping[str, Any], into: Path | None) -> tuple[str, str]:
    """The name and a digest of a wheel that was built from sources on this computer.

    pip installs such a wheel wherever it runs, so the tags inside of it are what tells whether it
    fits the target. The digest is that of the list of its files with their checksums.
    """
    name, version = metadata["name"], metadata["version"]
    for file in into.glob("*.dist-info/WHEEL") if into else ():
        found, _, of = file.parent.name.removesuffix(".dist-info").partition("-")
        if (canonicalize_name(found), of) == (canonicalize_name(name), version):
            tag = re.search(r"^Tag: *(\S+-\S+-\S+)\s*$", file.read_text("utf-8"), re.MULTILINE)
            digest = hashlib.sha256(file.with_name("RECORD").read_bytes()).hexdigest()
            return f"{found}-{of}-{tag[1] if tag else 'py3-none-any'}.whl", digest
    return "", ""


def _tags(package: Package) -> frozenset[Tag]:
    try:
        return parse_wheel_filename(package.wheel)[3]
    except InvalidWheelFilename:
        return frozenset()


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
