"""The package index, through pip: which versions there are, what a target needs, fetching wheels.

pip and not our own client, because it knows the user's index, proxy, certificates and passwords.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PackagingRequirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from builder.process import Finished

RunTool = Callable[[Sequence[str]], Finished]

# One more try, and not for long: a person waits, and pip's own five tries take half a minute.
_PATIENCE = ("--retries", "1", "--timeout", "15")
_QUIET = ("--disable-pip-version-check", "--no-input", "--no-color", "--progress-bar", "off")
_LAUNCHER = Path(__file__).with_name("pip_for_target.py")


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

    @property
    def cache_tag(self) -> str:
        """The tag of its bytecode files, `cpython-314`."""
        return "cpython-" + self.short.replace(".", "")


@dataclass(frozen=True)
class Package:
    """One resolved package. `requires` are the requirements that hold on the target."""

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

    kind: str  # "network", "missing", "conflict", "disk", "other"
    lines: Sequence[str]
    name: str = ""  # for "missing": the requirement without a match


def versions(run: RunTool, name: str) -> list[Version] | Failure:
    """All final versions of a package that the index has for any computer, newest first."""
    finished = run(
        [*_pip(), "index", "versions", name, "--json", "--ignore-requires-python", *_PATIENCE]
    )
    if finished.status != 0:
        return failure(finished)
    found = json.loads("\n".join(finished.out))["versions"]
    return sorted({v for v in map(_version, found) if v and not v.is_prerelease}, reverse=True)


def download(run: RunTool, requirement: str, folder: Path) -> Path | Failure:
    """Fetch the wheel of one requirement into `folder`, without what it depends on."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as fetched:
        finished = run(
            [
                *[*_pip(), "download", "--no-deps", "--only-binary", ":all:", *_PATIENCE, *_QUIET],
                *["--dest", fetched, requirement],
            ]
        )
        if finished.status != 0:
            return failure(finished)
        wheel = next(Path(fetched).glob("*.whl"))
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
) -> list[Package] | Failure:
    """What `requirements` need on `target`, sorted by name; installed into the folder `into`.

    With `any_build` every wheel counts as fitting, and nothing is installed: what would be chosen
    if every package had a build for the target.
    """
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        here = Path(folder)
        call = _write_call(here, target, requirements, constraints, any_build=any_build)
        place = ["--target", str(into)] if into else ["--dry-run", "--target", str(here / "none")]
        links = [argument for link in find_links for argument in ("--find-links", link)]
        finished = run([*call, *place, *links])
        if finished.status != 0:
            return failure(finished)
        report = json.loads((here / "report.json").read_text(encoding="utf-8"))
    packages = [_package(item, target) for item in report["install"]]
    return sorted(packages, key=lambda package: package.key)


def fits(package: Package, target: TargetPython) -> bool:
    """Whether the wheel of a package runs on `target`."""
    tags = parse_wheel_filename(package.wheel)[3]
    return any(tag.platform == "any" or tag.platform in target.platforms for tag in tags)


def is_compiled(package: Package) -> bool:
    """Whether the wheel holds compiled code."""
    return all(tag.platform != "any" for tag in parse_wheel_filename(package.wheel)[3])


def failure(finished: Finished) -> Failure:
    """Read from what pip said why it gave up."""
    lines = [line for line in (*finished.out, *finished.err) if line.strip()]
    text = "\n".join(lines)
    if re.search(r"No space left on device|Errno 28", text):
        return Failure("disk", lines)
    if re.search(_NO_NETWORK, text):
        return Failure("network", lines)
    missing = re.search(r"No matching distribution found for (.+)", text)
    if missing:
        return Failure("missing", lines, missing[1].split(" (from")[0].strip())
    if "ResolutionImpossible" in text or "conflicting dependencies" in text:
        return Failure("conflict", lines)
    return Failure("other", lines)


# pip tells of a broken connection in a warning, and then that it found no version at all.
_NO_NETWORK = (
    r"after connection broken by|Failed to establish a new connection|Max retries exceeded"
    r"|NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure in name resolution"
    r"|There was a problem confirming the ssl certificate|ProxyError|Network is unreachable"
)


def _pip() -> list[str]:
    return [sys.executable, "-I", "-m", "pip"]


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


def _package(item: Mapping[str, Any], target: TargetPython) -> Package:
    metadata, origin = item["metadata"], item["download_info"]
    url = origin["url"]
    return Package(
        name=metadata["name"],
        version=metadata["version"],
        wheel=url.split("#")[0].rsplit("/", 1)[-1].replace("%2B", "+"),
        url=url,
        sha256=origin.get("archive_info", {}).get("hashes", {}).get("sha256", ""),
        requires=[r for r in metadata.get("requires_dist", ()) if _holds(r, target)],
    )


def _holds(requirement: str, target: TargetPython) -> bool:
    try:
        marker = PackagingRequirement(requirement).marker
    except InvalidRequirement:
        return False
    return marker is None or marker.evaluate({**target.markers, "extra": ""})


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
