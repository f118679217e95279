"""Plays `flutter`, `dart`, `javac` and `sdkmanager`; a process of its own, standard library only.

    python tool.py FOLDER TOOL ARGUMENT…

`FOLDER` is that of the stub: each call is added to its `calls.jsonl`, and its `behaviour.json`
says what goes otherwise than well (see `Stub.behave`).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ENVIRONMENT = (
    "SERIOUS_PYTHON", "FLET_", "SP_NATIVE", "JAVA_HOME", "ANDROID_", "DART_BRIDGE",
    "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
)  # fmt: skip
"""How the variables begin that are recorded."""

VERSION = """Flutter {flutter} • channel stable • https://github.com/flutter/flutter.git
Framework • revision 0000000000 (3 weeks ago) • 2026-09-01 12:00:00 -0700
Engine • hash 0000000000000000000000000000000000000000 (revision 0000000000) (24 days ago)
Tools • Dart {dart} • DevTools 2.57.0"""

ABIS = {"android-arm64": "arm64-v8a", "android-arm": "armeabi-v7a", "android-x64": "x86_64"}

CHILD_SECONDS = 60  # a detached child that a test forgets must not stay for ever

Arguments = list[str]


def main(folder: Path, tool: str, arguments: Arguments) -> int:
    """Record the call, misbehave as told, do what the tool does; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # as the real ones write
    step = name_of(tool, arguments)
    record(folder, tool, arguments)
    told: dict[str, Any] = read_behaviour(folder).get(step, {})
    speak(told)
    if told.get("snapshot"):
        keep_snapshot(folder)
    if not told.get("no_result"):
        do(step, arguments, told)
    with (folder / "ended.jsonl").open("a", encoding="utf-8") as ended:
        ended.write(json.dumps({"pid": os.getpid(), "ended": time.time()}) + "\n")
    end(folder, told)
    return int(told.get("status", 0))


def name_of(tool: str, arguments: Arguments) -> str:
    """What is asked for, in a few words: `flutter --version`, `flutter build`, `dart run`…"""
    if tool in ("flutter", "dart"):
        return f"{tool} {'--version' if '--version' in arguments else ' '.join(arguments[:1])}"
    return tool


def record(folder: Path, tool: str, arguments: Arguments) -> None:
    """Add the call to the list."""
    env = {k: v for k, v in sorted(os.environ.items()) if k.startswith(ENVIRONMENT)}
    call = {
        "tool": tool,
        "args": arguments,
        "cwd": str(Path.cwd()),
        "env": env,
        "pid": os.getpid(),
        "began": time.time(),
    }
    with (folder / "calls.jsonl").open("a", encoding="utf-8") as calls:
        calls.write(json.dumps(call) + "\n")


def read_behaviour(folder: Path) -> dict[str, dict[str, Any]]:
    """What was told, by steps."""
    path = folder / "behaviour.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}  # type: ignore[no-any-return]


# ---- Before and after the work: what a tool says, and how it ends ------------------------------


def speak(told: dict[str, Any]) -> None:
    """Say what was told to be said, before anything is done."""
    for line in told.get("say", ()):
        print(line, flush=True)
    for line in told.get("say_err", ()):
        print(line, file=sys.stderr, flush=True)
    if log := told.get("log"):
        for line in Path(log).read_text("utf-8").splitlines():
            print(line, flush=True)
            time.sleep(told.get("pause", 0.0))
    if size := told.get("binary"):
        sys.stdout.buffer.write(random.Random(size).randbytes(size) + b"\n")
        sys.stdout.flush()
    if question := told.get("ask"):
        ask(question)
    while told.get("endless"):
        print("and so on, and so on, and so on, and so on")


def ask(question: str) -> None:
    """Ask as real tools do: no line end, and no patience with a closed input."""
    print(question, end="", flush=True)
    if not sys.stdin.readline():
        print("\nNo answer.", file=sys.stderr)
        raise SystemExit(1)


def end(folder: Path, told: dict[str, Any]) -> None:
    """End otherwise than by an exit status, when told so."""
    if told.get("hang"):
        hang(folder, told["hang"])
    if name := told.get("signal"):
        os.kill(os.getpid(), getattr(signal, name))


def hang(folder: Path, how: Any) -> None:
    """Wait for ever; `deaf` to being terminated, or with a detached `child` that waits, too."""
    if how == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if how == "child":
        code = f"import time; time.sleep({CHILD_SECONDS})"
        child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        write(folder / "child.new", str(child.pid))
        (folder / "child.new").rename(folder / "child.pid")  # whole as soon as it is there
    while True:
        time.sleep(3600)


def keep_snapshot(folder: Path) -> None:
    """Keep the working folder as this call found it, without what Flutter made before."""
    leave = shutil.ignore_patterns("build", ".dart_tool")
    kept = folder / "snapshots" / str(time.time_ns())
    shutil.copytree(Path.cwd(), kept, symlinks=True, ignore=leave)


# ---- The work ----------------------------------------------------------------------------------


def do(step: str, arguments: Arguments, told: dict[str, Any]) -> None:
    """What the tool does when all is well."""
    work = STEPS.get(step)
    if work:
        work(arguments, told)


def flutter_version(arguments: Arguments, told: dict[str, Any]) -> None:
    print(VERSION.format(flutter=told.get("version", "3.44.8"), dart="3.12.2"))


def dart_version(arguments: Arguments, told: dict[str, Any]) -> None:
    print(f'Dart SDK version: 3.12.2 (stable) on "{told.get("system", "linux_x64")}"')


def javac(arguments: Arguments, told: dict[str, Any]) -> None:
    print(f"javac {told.get('version', '17.0.13')}")


def sdkmanager(arguments: Arguments, told: dict[str, Any]) -> None:
    """Install packages, or accept licences, where our own Android SDK lies."""
    sdk = Path(os.environ.get("ANDROID_HOME") or os.environ.get("ANDROID_SDK_ROOT") or ".")
    if "--licenses" in arguments:
        write(sdk / "licenses" / "android-sdk-license", "0" * 40)
    for name in arguments:
        if not name.startswith("-"):
            sdk.joinpath(*name.split(";")).mkdir(parents=True, exist_ok=True)


def flutter_build(arguments: Arguments, told: dict[str, Any]) -> None:
    """Leave what Flutter leaves behind for this target."""
    target = arguments[1]
    BUILDS[target](arguments, told)
    print(f"✓ Built {target}")


def build_apk(arguments: Arguments, told: dict[str, Any]) -> None:
    made = Path("build/app/outputs/flutter-apk")
    abis = [""]
    if "--split-per-abi" in arguments:
        names = {
            "android-arm64": "arm64-v8a",
            "android-arm": "armeabi-v7a",
            "android-x64": "x86_64",
        }
        asked = option(arguments, "--target-platform")[-1:] or [",".join(names)]
        abis = [f"-{names[name]}" for name in asked[0].split(",")]
    for abi in abis:
        write(made / f"app{abi}-release.apk", b"PK\3\4 an app")
        write(made / f"app{abi}-release.apk.sha1", "0" * 40)


def build_appbundle(arguments: Arguments, told: dict[str, Any]) -> None:
    write(Path("build/app/outputs/bundle/release/app-release.aab"), b"PK\3\4 a bundle")


def build_linux(arguments: Arguments, told: dict[str, Any]) -> None:
    bundle = Path(f"build/linux/{told.get('arch', 'x64')}/release/bundle")
    program = bundle / (after('set(BINARY_NAME "', "linux/CMakeLists.txt") or "app")
    write(program, b"\x7fELF an app")
    program.chmod(0o755)
    for name in ("lib/libflutter_linux_gtk.so", "lib/libapp.so", "data/icudtl.dat"):
        write(bundle / name, b"\x7fELF")


def build_windows(arguments: Arguments, told: dict[str, Any]) -> None:
    folder = Path(f"build/windows/{told.get('arch', 'x64')}/runner/Release")
    program = after('set(BINARY_NAME "', "windows/CMakeLists.txt") or "app"
    for name in (f"{program}.exe", "flutter_windows.dll", "data/icudtl.dat"):
        write(folder / name, b"MZ")


def build_macos(arguments: Arguments, told: dict[str, Any]) -> None:
    product = after("PRODUCT_NAME = ", "macos/Runner/Configs/AppInfo.xcconfig", until="\n") or "app"
    for name in told.get("bundles", [product]):
        contents = Path(f"build/macos/Build/Products/Release/{name}.app/Contents")
        write(contents / "MacOS" / name, b"\xcf\xfa\xed\xfe")
        (contents / "MacOS" / name).chmod(0o755)
        write(contents / "Info.plist", Path("macos/Runner/Info.plist").read_bytes())
        current = contents / "Frameworks" / "App.framework" / "Versions" / "Current"
        write(current.parent / "A" / "App", b"\xcf\xfa\xed\xfe")
        current.symlink_to("A")


def build_ipa(arguments: Arguments, told: dict[str, Any]) -> None:
    """An archive, and an .ipa as well unless the export is told to fail (then exit 0, too)."""
    archive = Path("build/ios/archive/Runner.xcarchive")
    write(archive / "Info.plist", "<plist/>")
    write(archive / "Products" / "Applications" / "Runner.app" / "Runner", b"\xcf\xfa\xed\xfe")
    if told.get("export_fails"):
        print("Encountered error while creating the IPA:", file=sys.stderr)
        print('error: exportArchive No profiles for "com.example.app" found', file=sys.stderr)
    elif "--no-codesign" not in arguments:
        write(Path("build/ios/ipa/app.ipa"), b"PK\3\4 an app")


def build_ios(arguments: Arguments, told: dict[str, Any]) -> None:
    write(Path("build/ios/iphonesimulator/Runner.app/Runner"), b"\xcf\xfa\xed\xfe")


def build_web(arguments: Arguments, told: dict[str, Any]) -> None:
    site = Path("build/web")
    shutil.copytree("web", site, dirs_exist_ok=True)
    made = ["main.dart.js", "flutter.js", "version.json", "canvaskit/canvaskit.wasm"]
    if "--wasm" in arguments:
        made += ["main.dart.wasm", "main.dart.mjs"]
    for name in made:
        write(site / name, "made by Flutter")
    if Path("app").is_dir():
        shutil.copytree("app", site / "assets" / "app", dirs_exist_ok=True)


def dart_run(arguments: Arguments, told: dict[str, Any]) -> None:
    """`serious_python:main package`: copies the app, and notes packages instead of installing."""
    if "package" not in arguments:
        return
    if text := told.get("error"):  # it says so, and ends with 0
        print(f"Error: {text}")
        return
    source = Path(arguments[arguments.index("package") + 1])
    fresh = Path.cwd() / ".stub-app"
    left_out = set(option(arguments, "--exclude"))
    shutil.copytree(source, fresh, ignore=lambda at, names: excluded(source, at, names, left_out))
    if "--skip-site-packages" not in arguments:
        install(arguments, told)
    if option(arguments, "--platform") == ["Emscripten"]:
        zip_for_web(fresh)
    else:
        app = Path(os.environ["SERIOUS_PYTHON_APP"])
        shutil.rmtree(app, ignore_errors=True)
        fresh.rename(app)
    shutil.rmtree(fresh, ignore_errors=True)
    if key_file := os.environ.get("SERIOUS_PYTHON_SPM_KEY_FILE"):
        write(Path(key_file), "stub-native-set\n")
    print("Packaged.")


def excluded(source: Path, at: str, names: list[str], left_out: set[str]) -> list[str]:
    below = Path(at).relative_to(source)
    return [name for name in names if str(below / name) in left_out]


def install(arguments: Arguments, told: dict[str, Any]) -> None:
    """Note what would be installed, once for each processor; lay out the extensions."""
    # For the web `serious_python` keeps them in its own folder below the Flutter project.
    root = Path(os.environ.get("SERIOUS_PYTHON_SITE_PACKAGES") or "build/site-packages")
    shutil.rmtree(root, ignore_errors=True)
    # Without their folders, so that equal apps in different places have equal packages.
    requirements = json.dumps([one.rpartition("/")[2] for one in option(arguments, "-r")])
    for arch in ",".join(option(arguments, "--arch")).split(","):
        write(root / arch / "requirements.json", requirements)
    for name, pubspec in told.get("extensions", {}).items():
        folder = Path(os.environ["SERIOUS_PYTHON_FLUTTER_PACKAGES"]) / name
        write(folder / "pubspec.yaml", pubspec)
        write(folder / "lib" / f"{name}.dart", f"library {name};\n")


def zip_for_web(app: Path) -> None:
    packages = Path("build/site-packages")
    if packages.is_dir():
        shutil.copytree(packages, app / "__pypackages__", dirs_exist_ok=True)
    made = Path("app/app.zip")
    made.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted(p for p in app.rglob("*") if p.is_file()):
            # ZipInfo: the time in it is always the same, so equal apps are equal archives.
            archive.writestr(zipfile.ZipInfo(path.relative_to(app).as_posix()), path.read_bytes())
    write(made.with_name("app.zip.hash"), hashlib.sha256(made.read_bytes()).hexdigest())


def option(arguments: Arguments, name: str) -> list[str]:
    """Every value of an option."""
    return [arguments[at + 1] for at, word in enumerate(arguments[:-1]) if word == name]


def after(start: str, file: str, *, until: str = '")') -> str:
    """What stands in a file between `start` and `until`."""
    text = Path(file).read_text("utf-8") if Path(file).is_file() else ""
    return text.partition(start)[2].partition(until)[0].strip()


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


Work = Callable[[Arguments, dict[str, Any]], None]

BUILDS: dict[str, Work] = {
    "apk": build_apk,
    "appbundle": build_appbundle,
    "linux": build_linux,
    "windows": build_windows,
    "macos": build_macos,
    "ipa": build_ipa,
    "ios": build_ios,
    "web": build_web,
}

STEPS: dict[str, Work] = {
    "flutter --version": flutter_version,
    "flutter build": flutter_build,
    "dart --version": dart_version,
    "dart run": dart_run,
    "javac": javac,
    "sdkmanager": sdkmanager,
}

if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
