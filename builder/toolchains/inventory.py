"""What of the tools is on this computer, by looking at files only: quick, and it starts nothing.

The matrix of targets shows it; whether a tool really works shows the check before a build.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from builder import host
from builder.toolchains import android, flutter, java, xcode


@dataclass(frozen=True)
class Has:
    """Which tools are there; `flutter` is one that fits, when it says its version in a file.

    `flutter_version` is for people.
    """

    flutter: bool = False
    jdk: bool = False
    android: bool = False
    xcode: bool = False
    flutter_version: str = field(default="", compare=False)


def look(flutter_version: str = flutter.NEWEST) -> Has:
    """What is on this computer for a Flet that is built with `flutter_version`."""
    return Has(
        flutter=flutter.is_there(flutter_version),
        flutter_version=flutter.version_there(flutter_version),
        jdk=java.is_there(),
        android=not android.missing(android.home()),
        xcode=host.current() == "macos" and xcode.is_there(),
    )
