"""The Python of each target as pip sees it while `serious_python` installs packages for it.

`serious_python` runs pip on this computer and tells it another system, kind of processor and wheel
platform. The short name of the system (`sys_platform`) stays that of this computer, so a marker
that asks for it means the computer that builds.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence

from packaging import tags

from builder import host, settings
from builder.flutter.kit import PythonRelease
from builder.index import TargetPython, applies

SYSTEMS: Mapping[str, str] = {
    "android": "Android",
    "ios": "iOS",
    "macos": "Darwin",
    "windows": "Windows",
    "linux": "Linux",
    "web": "Emscripten",
}
"""Platform of `[tool.flet.<platform>]` -> what `serious_python` calls the system."""

MOBILE = ("Android", "iOS")

# Of serious_python: the oldest Android and iOS that it builds for, and the kinds of processors.
_ANDROID_API = 24
_IOS = (13, 0)
_IOS_MACHINES = ("iphoneos.arm64", "iphonesimulator.arm64", "iphonesimulator.x86_64")
_MACOS_MACHINES = ("arm64", "x86_64")
_MACOS = (14, 0)  # where this computer is not a Mac, in a rehearsal
# Python -> the wheel platform of its Pyodide.
_WEB = {
    "3.12": "pyodide_2024_0_wasm32",
    "3.13": "pyemscripten_2025_0_wasm32",
    "3.14": "pyemscripten_2026_0_wasm32",
}
_SYS_PLATFORMS = {"linux": "linux", "macos": "darwin", "windows": "win32"}
_HOST_SYSTEMS = {"linux": "Linux", "macos": "Darwin", "windows": "Windows"}


def system_of(target: str) -> str:
    """What `serious_python` calls the system of a target."""
    return SYSTEMS[settings.platform_of(target)]


def machines(system: str, python: PythonRelease, asked: Sequence[str] = ()) -> Sequence[str]:
    """The kinds of processors that packages are installed for; `asked` ones, where any are.

    `""` stands for a system that has only one.
    """
    known: Mapping[str, Sequence[str]] = {
        "Android": python.android_abis,
        "iOS": _IOS_MACHINES,
        "Darwin": _MACOS_MACHINES,
    }
    if system not in known:
        return ("",)
    return [name for name in known[system] if not asked or name in asked]


def of(system: str, python: PythonRelease, machine: str) -> TargetPython | None:
    """The Python for one kind of processor; None for a Pyodide whose wheels we do not know."""
    platforms = _platforms(system, python, machine)
    return TargetPython(python.full, platforms, markers(system, python.full)) if platforms else None


def markers(system: str, version: str) -> dict[str, str]:
    """What the markers of requirements are compared with, for a Python like 3.14.6."""
    here = host.current()
    pretended = system if system in (*MOBILE, "Emscripten") else _HOST_SYSTEMS[here]
    return {
        "implementation_name": "cpython",
        "implementation_version": version,
        "os_name": "nt" if here == "windows" else "posix",
        "platform_machine": platform.machine(),
        "platform_python_implementation": "CPython",
        "platform_release": platform.release(),
        "platform_system": pretended,
        "platform_version": f"{platform.version()};embedded",
        "python_full_version": version,
        "python_version": ".".join(version.split(".")[:2]),
        "sys_platform": _SYS_PLATFORMS[here],
    }


def may_apply(requirement: str, system: str) -> bool:
    """Whether a requirement holds for a system with any of the Pythons that it may get."""
    return any(applies(requirement, markers(system, f"3.{minor}.0")) for minor in range(11, 31))


def _platforms(system: str, python: PythonRelease, machine: str) -> list[str]:
    if system == "Android":
        return list(tags.android_platforms(_ANDROID_API, machine.replace("-", "_")))
    if system == "iOS":
        sdk, _, processor = machine.partition(".")
        return list(tags.ios_platforms(_IOS, f"{processor}-{sdk}"))
    if system == "Darwin":
        return list(tags.mac_platforms(_macos_version(), machine))
    if system == "Windows":
        return ["win_amd64"]
    if system == "Emscripten":
        return [_WEB[python.short]] if python.short in _WEB else []
    return list(tags.platform_tags())


def _macos_version() -> tuple[int, int]:
    numbers = [int(part) for part in platform.mac_ver()[0].split(".") if part.isdigit()]
    return (numbers[0], numbers[1] if numbers[1:] else 0) if numbers else _MACOS
