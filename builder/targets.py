"""The targets and the platform matrix: what this host can build, or why not and what instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from builder.host import Host
from builder.toolchains.inventory import Has

Backend = Literal["flutter", "prebuilt", "pyinstaller"]
CellState = Literal["ready", "needs", "never"]


@dataclass(frozen=True)
class Target:
    """What can be built. `platform` is its name in `[tool.flet.<platform>]`.

    `is_special`: for few people, so it is shown only where it can be built.
    """

    id: str
    title: str
    subtitle: str
    platform: str
    hosts: tuple[Host, ...]
    is_special: bool = False


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
        Target(
            "ios-simulator", "iPhone simulator", "To try on this Mac", "ios", ("macos",),
            is_special=True,
        ),
    )
}  # fmt: skip

NOTHING = Has()

# The first target of a platform stands for all of them: their settings are the same.
TARGET_OF: dict[str, str] = {t.platform: t.id for t in reversed(TARGETS.values())}
"""The target whose settings hold for a platform, by the platform's name."""


@dataclass(frozen=True)
class Cell:
    """One target on one host: whether it can be built, how, and what to do where it cannot.

    `label` is the short answer ("Ready now"), `reason` the sentence behind it, `instead` another
    way to the same end. `ways` are the backends that work now, the best first, none where `state`
    is not `ready`; `backend` is that first one.
    """

    target: str
    host: Host
    state: CellState
    label: str
    reason: str
    instead: str = ""
    ways: tuple[Backend, ...] = ()

    @property
    def backend(self) -> Backend | None:
        """The best way that works now."""
        return self.ways[0] if self.ways else None


def matrix(host: Host, has: Has = NOTHING, kind: str = "flet") -> list[Cell]:
    """Every target for one host, in the order in which they are shown."""
    return [
        cell(target.id, host, has, kind)
        for target in TARGETS.values()
        if host in target.hosts or not target.is_special
    ]


def cell(target_id: str, host: Host, has: Has = NOTHING, kind: str = "flet") -> Cell:
    """What `host` can do about one target, when it `has` these tools, for a `kind` of project.

    Raises KeyError for a target that does not exist.
    """
    target = TARGETS[target_id]
    if kind == "flask" and target.platform not in _DESKTOP:
        return _not_for_flask(target, host)
    if host not in target.hosts:
        return _only_elsewhere(target, host, kind)
    missing = _missing(target, has)
    if kind == "flask":
        served = "It brings its own server and opens in a window. Nothing to install first."
        return _ready(target, host, "Ready now", served, kind)
    if missing and target.platform in (*_DESKTOP, "web"):
        return _ready(target, host, "Ready now", "Nothing to install first.", kind)
    if missing:
        return _needs_tools(target, host, missing)
    with_flutter = f"Ready now: Flutter {has.flutter_version}" if has.flutter_version else ""
    on_this = _are([tool.name for tool in _tools(target).values()], "on this computer")
    if target.id == "web":
        return _ready(target, host, "Ready now", "Nothing to install first.", kind, "flutter")
    return _ready(target, host, with_flutter or "Ready now", on_this, kind, "flutter")


_DESKTOP = ("linux", "macos", "windows")


def _ready(
    target: Target, host: Host, label: str, reason: str, kind: str, *flutter: Backend
) -> Cell:
    """A target that can be built now; `flutter` is named where its tools are there."""
    if target.id == "web":
        ways: tuple[Backend, ...] = ("prebuilt", *flutter)
    elif target.platform in _DESKTOP:
        ways = (*flutter, "pyinstaller")
    else:
        ways = flutter
    return Cell(target.id, host, "ready", label, reason, ways=ways)


def _not_for_flask(target: Target, host: Host) -> Cell:
    if target.id == "web":
        label = "Not for a Flask app"
        reason = "The site that Slipway makes runs in the visitor's browser alone; a Flask app "
        reason += "needs a server that runs it."
    else:
        label = "Only for a Flet app"
        reason = "Flask answers browsers, and phones have no place to run it."
    instead = "Build an app for this computer: it brings its own server and window."
    return Cell(target.id, host, "never", label, reason, instead)


@dataclass(frozen=True)
class Tool:
    """What Flutter builds need: its name, how much room it takes, and how long it takes to get."""

    name: str
    gigabytes: float
    minutes: int


_FLUTTER = Tool("Flutter", 3, 15)
_JAVA = Tool("Java 17", 0.3, 2)
_ANDROID = Tool("the Android tools", 3, 15)
_XCODE = Tool("Xcode", 15, 60)


def _tools(target: Target) -> dict[str, Tool]:
    """Field of `Has` -> what a target needs, in the order in which one gets them."""
    needs = {"flutter": _FLUTTER}
    if target.platform == "android":
        needs |= {"jdk": _JAVA, "android": _ANDROID}
    if target.platform in ("macos", "ios"):
        needs |= {"xcode": _XCODE}
    return needs


def _missing(target: Target, has: Has) -> list[Tool]:
    return [tool for name, tool in _tools(target).items() if not getattr(has, name)]


_HOST_NAMES: dict[Host, str] = {
    "linux": "a Linux computer",
    "macos": "a Mac",
    "windows": "a Windows computer",
}


def _only_elsewhere(target: Target, host: Host, kind: str) -> Cell:
    place = " or ".join(_HOST_NAMES[h] for h in target.hosts)
    instead = f"Open this project with Slipway on {place}"
    if kind != "flask":
        instead += ", or build a web site: people can install it from their browser"
    return Cell(
        target.id,
        host,
        "never",
        f"Only on {place}",
        f"The tools that make it exist only for {place}.",
        f"{instead}.",
    )


def _needs_tools(target: Target, host: Host, missing: Sequence[Tool]) -> Cell:
    names = [tool.name for tool in missing]
    room = sum(tool.gigabytes for tool in missing)
    minutes = sum(tool.minutes for tool in missing)
    return Cell(
        target.id,
        host,
        "needs",
        f"Needs {_and(names)} · about {_gigabytes(room)}",
        f"{_are(names, 'not on this computer')} To get {'it' if len(names) == 1 else 'all of it'} "
        f"takes about {_gigabytes(room)} and {minutes} minutes with a usual connection.",
        f"This version of Slipway cannot install them yet. `flet build {target.id}` in a terminal "
        "does, and Slipway finds them where it puts them. Or build a web site now.",
    )


def _are(names: Sequence[str], where: str) -> str:
    """A sentence about where tools are; the Android tools are many, also alone."""
    words = _and(names)
    is_many = len(names) > 1 or words.endswith("s")
    return f"{words[0].upper()}{words[1:]} {'are' if is_many else 'is'} {where}."


def _gigabytes(room: float) -> str:
    return f"{max(1, round(room))} GB"


def _and(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
