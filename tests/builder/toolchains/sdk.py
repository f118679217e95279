"""A home folder of the test's own, and the files of tools in it."""

from __future__ import annotations

import json
from pathlib import Path


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    """A file that may be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


def flutter(root: Path, version: str = "") -> Path:
    """A Flutter that says its version in a file, when told one; its program."""
    program(root / "bin/dart")
    if version:
        (root / "bin/cache").mkdir(parents=True, exist_ok=True)
        (root / "bin/cache/flutter.version.json").write_text(
            json.dumps({"frameworkVersion": version, "channel": "stable"}), "utf-8"
        )
    return program(root / "bin/flutter")


def jdk(home: Path, version: str = "") -> Path:
    """A JDK that says its version in its file `release`, when told one; its folder."""
    program(home / "bin/javac")
    if version:
        (home / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\n', "utf-8")
    return home


def android(sdk: Path, *, without: str = "") -> Path:
    """An Android SDK with all that is needed, but for one part."""
    parts = ("cmdline-tools/12.0/bin", "platform-tools", "platforms/android-35")
    for part in (*parts, "build-tools/34.0.0"):
        if not without or not part.startswith(without):
            (sdk / part).mkdir(parents=True)
    return sdk
