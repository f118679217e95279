"""Runs `flet build` 1.0.5 and Slipway on the same app with the same tools, and compares.

Compared are the calls of the tools (arguments, folder, environment), every file of the Flutter
project as `flutter build` finds it, and what is delivered. The tools are those of
`tests/flutter_stub`, the template is our own; so nothing is downloaded.
"""

from __future__ import annotations

import fnmatch
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import flet_web
from flet_platform_assets import DEFAULT_SPECS
from PIL import Image, ImageChops, ImageStat

from tests.flutter_stub import Call, Stub
from tests.oracle.apps import App

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ALLOWED = HERE / "allow.txt"

HOSTS = {"ipa": "Darwin", "ios-simulator": "Darwin", "macos": "Darwin", "windows": "Windows"}
"""The system on which a target can be built; any for the others."""

PICTURES = (".png", ".ico")
CLOSE = 12.0  # mean difference of two pictures that show the same, of 255

Engine = Literal["flet", "ours"]
Places = Sequence[tuple[Path, str]]


@dataclass(frozen=True)
class Seen:
    """What one run of an engine did.

    `places` are the words for the folders of this run, which stand in `told` and are compared.
    """

    exit: int
    console: str
    seconds: float  # all of it
    spans: Sequence[tuple[float, float]]  # when each tool was at work
    calls: Sequence[Call]
    told: Sequence[str]
    project: Path | None  # as `flutter build` found it
    result: Path
    places: Places


# ---- Running -----------------------------------------------------------------------------------


class Runner:
    """One engine with its own copy of an app and its own tools, below `folder`.

    `in_another_shell`: each run has another environment, so that ours does not know beforehand that
    nothing changed, and asks Flutter.
    """

    def __init__(
        self,
        engine: Engine,
        app: App,
        target: str,
        folder: Path,
        template: Path,
        *,
        in_another_shell: bool = False,
    ) -> None:
        self.in_another_shell = in_another_shell
        self.engine = engine
        self.target = target
        self.folder = folder
        self.app = app.write(folder)
        self.given = app
        self.template = template
        self.build = self.app / "build" if engine == "flet" else folder / "work"
        self.result = folder / "result"
        self.stub = Stub(folder / "tools").install()
        self.stub.behave("flutter build", snapshot=True)
        self.stub.behave("dart run", extensions=dict(app.extensions))
        if engine == "flet" and target == "web":
            fill_pyodide_cache(Path(self.stub.env["HOME"]))

    def run(self) -> Seen:
        """Build once; another call builds again."""
        self.stub.forget()
        before = len(self.stub.snapshots())
        began = time.monotonic()
        done = subprocess.run(
            self._command(),
            cwd=self.app,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=300,
        )
        seconds = time.monotonic() - began
        calls = self.stub.calls()
        kept = self.stub.snapshots()[before:]
        return Seen(
            done.returncode,
            done.stdout + done.stderr,
            seconds,
            self.stub.times(),
            calls,
            [self._told(call) for call in calls],
            kept[-1] if kept else None,
            self.result,
            self._places,
        )

    @property
    def _places(self) -> Places:
        return (self.build, "BUILD"), (self.app, "APP"), (self.folder, "OUT")

    def _command(self) -> list[str]:
        options = [option.replace("{app}", str(self.app)) for option in self.given.options]
        template = ["--template", str(self.template), *options]
        if self.engine == "flet":
            flet = str(Path(sysconfig.get_path("scripts")) / "flet")
            words = [flet, "build", self.target, str(self.app), "--yes", "-o", str(self.result)]
            return [*words, *template]
        words = [sys.executable, "-m", "builder", "build", self.target, str(self.app)]
        words += ["--backend", "flutter", "--output", str(self.result)]
        return [*words, "--work-dir", str(self.build), *template]

    def _environment(self) -> dict[str, str]:
        own = ("FLET_", "SERIOUS_", "ANDROID_", "JAVA_", "PYTHON", "SLIPWAY_", "TEST_HOST")
        env = {k: v for k, v in os.environ.items() if not k.startswith(own)}
        # Ours runs in the folder of the app, too: so it must be found by the path.
        path = [str(HERE / "host"), *([str(ROOT)] if self.engine == "ours" else [])]
        return {
            **env,
            **self.stub.env,
            **self.given.env,
            "PYTHONPATH": os.pathsep.join(path),
            "TEST_HOST": HOSTS.get(self.target, "Linux"),
            "TEST_SHELL": str(time.time_ns()) if self.in_another_shell else "",
            "FLET_CLI_NO_RICH_OUTPUT": "1",
            "FLET_CLI_SKIP_FLUTTER_DOCTOR": "1",
            "COLUMNS": "1000",
            "SLIPWAY_CACHE_DIR": os.environ.get("SLIPWAY_CACHE_DIR", str(self.folder / "cache")),
            "SLIPWAY_DATA_DIR": str(self.folder / "data"),
        }

    def _told(self, call: Call) -> str:
        quiet = ("PYTHONPATH", "FLET_PYTHON_BUILD_MANIFEST", "FLET_CLI_")
        env = {k: v for k, v in call.env.items() if not k.startswith(quiet)}
        cwd = str(call.cwd) if call.step in ("dart run", "flutter build") else ""
        text = json.dumps([call.tool, list(call.args), cwd, env], ensure_ascii=False)
        return named(text.encode(), self._places).decode()


def named(text: bytes, places: Places) -> bytes:
    """The text with words for the folders."""
    for path, name in places:
        text = text.replace(str(path).encode(), name.encode())
    return text


def make_template(folder: Path) -> Path:
    """Our own template, with the pictures that Flutter's has: plain ones, drawn here."""
    shutil.copytree(HERE / "template", folder)
    project = folder / "{{cookiecutter.out_dir}}"
    draw(project / "images" / "icon.png", 1024)
    for platform, spec in DEFAULT_SPECS.items():
        for target in spec.targets:
            # Android's foregrounds are made anew, and in no template.
            if platform != "android" or "mipmap" in target.relative_path:
                draw(project / target.relative_path, target.size)
        if spec.ico_sizes:
            icon = project / "windows" / "runner" / "resources" / "app_icon.ico"
            icon.parent.mkdir(parents=True)
            Image.new("RGBA", (256, 256), "#808080").save(
                icon, sizes=[(size, size) for size in spec.ico_sizes]
            )
    for scale, ending in ((1, ""), (2, "@2x"), (3, "@3x")):
        name = f"ios/Runner/Assets.xcassets/LaunchImage.imageset/LaunchImage{ending}.png"
        draw(project / name, scale)
    return folder


def draw(path: Path, size: int) -> None:
    """A grey picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA", (size, size), "#808080").save(path)


def fill_pyodide_cache(home: Path) -> None:
    """The Pyodide that a site without a CDN gets; `flet build` would download it otherwise.

    It looks for a version in the lock, which that of Pyodide 314 has no more, so it gets one.
    """
    source = Path(flet_web.__file__).parent / "web" / "pyodide"
    version = json.loads((source / "package.json").read_text("utf-8"))["version"]
    folder = home / ".flet" / "cache" / "pyodide" / version
    shutil.copytree(source, folder)
    lock = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))
    lock["info"]["version"] = version
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")


# ---- Comparing ---------------------------------------------------------------------------------


def differences(flet: Seen, ours: Seen) -> list[str]:
    """What differs, each in one line."""
    found = [f"tool call only by flet: {c}" for c in flet.told if c not in ours.told]
    found += [f"tool call only by ours: {c}" for c in ours.told if c not in flet.told]
    both_do = [c for c in flet.told if c in ours.told]
    if both_do != [c for c in ours.told if c in flet.told]:
        found.append("tool calls in another order or number")
    for title in ("project", "result"):
        one, two = getattr(flet, title), getattr(ours, title)
        found += compare_folders(title, (one, flet.places), (two, ours.places))
    return found


Folder = tuple[Path | None, Places]


def compare_folders(title: str, flet: Folder, ours: Folder) -> list[str]:
    """Which files differ or are only in one of the two."""
    a, b = files(flet[0]), files(ours[0])
    found = []
    for name in sorted(a.keys() | b.keys()):
        if name not in b:
            found.append(f"only in flet's {title}: {name}")
        elif name not in a:
            found.append(f"only in our {title}: {name}")
        elif not is_same((a[name], flet[1]), (b[name], ours[1])):
            found.append(f"differs in {title}: {name}")
    return found


def files(folder: Path | None) -> dict[str, Path]:
    """Every file and link of a folder; without what an engine notes for itself."""
    if folder is None or not folder.is_dir():
        return {}
    found = (p for p in folder.rglob("*") if p.is_symlink() or p.is_file())
    named = {p.relative_to(folder).as_posix(): p for p in found}
    return {name: path for name, path in named.items() if name != "pubspec.yaml.orig"}


def is_same(flet: tuple[Path, Places], ours: tuple[Path, Places]) -> bool:
    """Whether two files hold the same; of pictures, whether they show the same."""
    one, two = flet[0], ours[0]
    if one.is_symlink() or two.is_symlink():
        return one.is_symlink() and two.is_symlink() and one.readlink() == two.readlink()
    if named(one.read_bytes(), flet[1]) == named(two.read_bytes(), ours[1]):
        return True
    return one.suffix in PICTURES and two.suffix in PICTURES and shows_same(one, two)


def shows_same(one: Path, two: Path) -> bool:
    """Whether two pictures have the same size and look alike on grey."""
    with Image.open(one) as a, Image.open(two) as b:
        if a.size != b.size or a.info.get("sizes") != b.info.get("sizes"):
            return False
        grounds = []
        for image in (a, b):
            ground = Image.new("RGBA", image.size, "#808080")
            ground.alpha_composite(image.convert("RGBA"))
            grounds.append(ground.convert("RGB"))
    return max(ImageStat.Stat(ImageChops.difference(*grounds)).mean) < CLOSE


def allowed(file: Path = ALLOWED) -> Mapping[str, str]:
    """The differences that are meant, as patterns, each with its reason."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    split = [line.partition("  #") for line in lines if not line.startswith("#")]
    return {pattern.strip(): reason.strip() for pattern, _, reason in split}


def unexplained(found: Sequence[str]) -> list[str]:
    """The differences that no line of `allow.txt` explains."""
    patterns = allowed()
    return [line for line in found if not any(fnmatch.fnmatchcase(line, p) for p in patterns)]
