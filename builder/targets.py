"""The targets and the platform matrix: what this host can build, or why not and what instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.host import Host

Backend = Literal["flutter", "prebuilt", "pyinstaller"]
CellState = Literal["ready", "needs", "never"]


@dataclass(frozen=True)
class Target:
    """What can be built. `platform` is its name in `[tool.flet.<platform>]`."""

    id: str
    title: str
    subtitle: str
    platform: str
    hosts: tuple[Host, ...]


_ANY: tuple[Host, ...] = ("linux", "macos", "windows")

TARGETS: dict[str, Target] = {
    t.id: t
    for t in (
        Target("web", "Web site", "Runs in any browser, hosts anywhere", "web", _ANY),
        Target("apk", "Android app", "APK to install or send", "android", _ANY),
        Target("aab", "Android for Google Play", "AAB to upload", "android", _ANY),
        Target("linux", "Linux app", "For this computer and others like it", "linux", ("linux",)),
        Target("windows", "Windows app", "For Windows 10 and later", "windows", ("windows",)),
        Target("macos", "macOS app", "For Apple and Intel Macs", "macos", ("macos",)),
        Target("ipa", "iPhone and iPad", "IPA for the App Store or testers", "ios", ("macos",)),
    )
}

# The first target of a platform stands for all of them: their settings are the same.
TARGET_OF: dict[str, str] = {t.platform: t.id for t in reversed(TARGETS.values())}
"""The target whose settings hold for a platform, by the platform's name."""


@dataclass(frozen=True)
class Cell:
    """One target on one host: whether it can be built, how, and what to do where it cannot.

    `label` is the short answer ("Ready now"), `reason` the sentence behind it, `instead` another
    way to the same end. `backend` is set when `state` is `ready`.
    """

    target: str
    host: Host
    state: CellState
    label: str
    reason: str
    instead: str = ""
    backend: Backend | None = None


def matrix(host: Host) -> list[Cell]:
    """Every target for one host, in the order in which they are shown."""
    return [cell(target, host) for target in TARGETS]


def cell(target_id: str, host: Host) -> Cell:
    """What `host` can do about one target.

    Raises KeyError for a target that does not exist.
    """
    target = TARGETS[target_id]
    if target_id == "web":
        return Cell(
            target_id, host, "ready", "Ready now", "Nothing to install first.", backend="prebuilt"
        )
    if host not in target.hosts:
        return _only_elsewhere(target, host)
    return _needs_tools(target, host)


_HOST_NAMES: dict[Host, str] = {
    "linux": "a Linux computer",
    "macos": "a Mac",
    "windows": "a Windows computer",
}


def _only_elsewhere(target: Target, host: Host) -> Cell:
    place = " or ".join(_HOST_NAMES[h] for h in target.hosts)
    return Cell(
        target.id,
        host,
        "never",
        f"Only on {place}",
        f"The tools that make it exist only for {place}.",
        f"Open this project with Slipway on {place}, or build a web site: "
        "people can install it from their browser.",
    )


def _needs_tools(target: Target, host: Host) -> Cell:
    tools = {
        "apk": "Needs Flutter and Android tools · about 4 GB",
        "aab": "Needs Flutter and Android tools · about 4 GB",
        "macos": "Needs Flutter and Xcode · about 20 GB",
        "ipa": "Needs Flutter and Xcode · about 20 GB",
    }
    return Cell(
        target.id,
        host,
        "needs",
        tools.get(target.id, "Needs Flutter · about 3 GB"),
        "This version of Slipway cannot drive these tools yet.",
        f"Until it can: `flet build {target.id}` in a terminal makes the same app "
        "from the same settings, or build a web site now.",
    )
