"""A Flutter SDK, a JDK and an Android SDK that do nothing but note that they were asked.

For tests of what Slipway does with the real ones, without gigabytes. `flutter_stub` is the
fixture; `tool.py` plays the tools.

    def test_something(flutter_stub):
        flutter_stub.behave("flutter build", status=1, say_err=["FAILURE: Build failed"])
        …
        assert [call.step for call in flutter_stub.calls()] == ["flutter --version", "dart run"]
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.flutter_stub.tool import name_of

TOOL = Path(__file__).with_name("tool.py")

FLUTTER = "3.44.8"  # what Flet 1.0.5 asks for

ABIS = ("arm64-v8a", "x86_64", "armeabi-v7a")
MANIFEST = {
    "default_python_version": "3.14",
    "pythons": {
        short: {
            "full_version": full,
            "pyodide_version": pyodide,
            "android_abis": list(ABIS),
            "prerelease": False,
        }
        for short, full, pyodide in (
            ("3.12", "3.12.13", "0.27.7"),
            ("3.13", "3.13.14", "0.29.4"),
            ("3.14", "3.14.6", "314.0.7"),
        )
    },
}
"""The Pythons that can be packed, in the form of the file that Flet's tools download."""


@dataclass(frozen=True)
class Call:
    """One call of a tool; `env` holds only what is of interest, see `tool.ENVIRONMENT`."""

    tool: str
    args: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    pid: int
    began: float

    @property
    def step(self) -> str:
        """What was asked for, as `Stub.behave` names it."""
        return name_of(self.tool, list(self.args))

    def option(self, name: str) -> list[str]:
        """Every value of an option."""
        return [self.args[at + 1] for at, word in enumerate(self.args[:-1]) if word == name]


class Stub:
    """The tools below a folder.

    `flutter` is the SDK (its programs in `flutter/bin`), `java` and `android` the other two.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.flutter = folder / "flutter"
        self.java = folder / "java"
        self.android = folder / "android"
        self.manifest = folder / "manifest.json"

    def install(self) -> Stub:
        """Write the tools."""
        for name in ("flutter", "dart"):
            self._program(self.flutter / "bin" / name)
        self._program(self.java / "bin" / "javac")
        self._program(self.android / "cmdline-tools" / "12.0" / "bin" / "sdkmanager")
        for package in ("platform-tools", "platforms/android-35", "build-tools/34.0.0"):
            (self.android / package).mkdir(parents=True)
        self.manifest.write_text(json.dumps(MANIFEST), "utf-8")
        return self

    @property
    def env(self) -> dict[str, str]:
        """The environment in which the tools are found, and no other Flutter of this computer.

        The home folder is another one, because a Flutter in `~/flutter` would go first.
        """
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            "PATH": os.pathsep.join([str(self.flutter / "bin"), os.environ.get("PATH", "")]),
            "HOME": str(home),
            "USERPROFILE": str(home),
            "JAVA_HOME": str(self.java),
            "ANDROID_HOME": str(self.android),
            "FLET_PYTHON_BUILD_MANIFEST": str(self.manifest),
        }

    def behave(self, step: str, **told: Any) -> None:
        """From now on, `step` goes otherwise than well (or, without more words, well again).

        A step is `flutter --version`, `flutter config`, `flutter build`, `dart run`, `javac`,
        `sdkmanager`… What can be told:

        - `status=1`: the exit status; `signal="SIGSEGV"`: ended by a signal
        - `say=[…]`, `say_err=[…]`: lines; `log=path, pause=0.01`: those of a file, slowly
        - `binary=5000`: so many random bytes; `endless=True`: lines without end
        - `ask="Go on? [y/n] "`: a question, and failure when there is no answer
        - `hang=True`, `"deaf"` (to SIGTERM) or `"child"` (with a detached child, see `child`)
        - `no_result=True`: nothing is done, but success is said (so an older result is stale)
        - `version="3.38.1"`: of Flutter and javac
        - `error="pip failed"`: `serious_python` says so, does nothing and ends with 0
        - `extensions={"flet_video": "name: flet_video\\n"}`: what the app's packages bring
        - `export_fails=True`: no `.ipa`, and yet exit 0
        - `bundles=["Other"]`: what a macOS bundle is called; `arch="arm64"`: of the desktop
        - `snapshot=True`: the folder is kept as the call finds it, see `snapshots`
        """
        path = self.folder / "behaviour.json"
        all_told = json.loads(path.read_text("utf-8")) if path.exists() else {}
        all_told[step] = told
        path.write_text(json.dumps(all_told, default=str), "utf-8")

    def calls(self, step: str = "") -> list[Call]:
        """The calls so far; with `step`, only those."""
        path = self.folder / "calls.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        found = [Call(**{**call, "cwd": Path(call["cwd"])}) for call in map(json.loads, lines)]
        return [call for call in found if step in ("", call.step)]

    def forget(self) -> None:
        """Begin the list of calls anew."""
        for name in ("calls.jsonl", "ended.jsonl"):
            (self.folder / name).unlink(missing_ok=True)

    def times(self) -> list[tuple[float, float]]:
        """When each call began and when it was done, for those that were."""
        path = self.folder / "ended.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        ended = {line["pid"]: line["ended"] for line in map(json.loads, lines)}
        return [(c.began, ended[c.pid]) for c in self.calls() if c.pid in ended]

    def snapshots(self) -> list[Path]:
        """The folders that were kept, oldest first."""
        kept = self.folder / "snapshots"
        return sorted(kept.iterdir(), key=lambda path: int(path.name)) if kept.is_dir() else []

    def child(self) -> int:
        """The process that a tool detached and left."""
        return int((self.folder / "child.pid").read_text("utf-8"))

    def _program(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # -I: neither PYTHONPATH nor the folder of the project may disturb the tools.
        words = [sys.executable, "-I", "-S", str(TOOL), str(self.folder), path.name]
        if os.name == "nt":
            line = subprocess.list2cmdline(words)
            path.with_name(path.name + ".bat").write_text(f"@echo off\r\n{line} %*\r\n", "utf-8")
            return
        path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
        path.chmod(0o755)


@pytest.fixture
def flutter_stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """The tools, found by whatever the test starts."""
    stub = Stub(tmp_path / "tools").install()
    for name in [name for name in os.environ if name.startswith(("FLET_", "SERIOUS_PYTHON"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("ANDROID_SDK_ROOT", raising=False)
    for name, value in stub.env.items():
        monkeypatch.setenv(name, value)
    return stub
