"""The stub does what the tests that use it take for granted."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.flutter_stub import Stub

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tools are shell scripts")


def run(*argv: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        argv,
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    for name in ("main.py", "build/old.txt", "data/a,b.txt", "data/c.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def package(cwd: Path, app: Path, *more: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    words = ["dart", "run", "serious_python:main", "package", str(app), *more]
    return run(*words, cwd=cwd, **env)


def test_tools_are_found_and_each_call_is_noted(flutter_stub: Stub, tmp_path: Path) -> None:
    said = run("flutter", "--version", "--no-version-check", cwd=tmp_path, FLET_X="1", MINE="2")
    assert said.stdout.startswith(b"Flutter 3.44.8 ")
    run(str(flutter_stub.java / "bin" / "javac"), "-version", cwd=tmp_path)
    first, second = flutter_stub.calls()
    assert (first.step, second.step) == ("flutter --version", "javac")
    assert first.args == ["--version", "--no-version-check"]
    assert first.cwd == tmp_path
    assert first.env["FLET_X"] == "1"
    assert "MINE" not in first.env
    assert [begin < end for begin, end in flutter_stub.times()] == [True, True]
    flutter_stub.forget()
    assert flutter_stub.calls() == []


def test_packaging_copies_the_app_without_what_is_excluded(
    flutter_stub: Stub, tmp_path: Path, app: Path
) -> None:
    places = {
        "SERIOUS_PYTHON_APP": str(tmp_path / "python-app"),
        "SERIOUS_PYTHON_SITE_PACKAGES": str(tmp_path / "site"),
        "SERIOUS_PYTHON_FLUTTER_PACKAGES": str(tmp_path / "temp"),
    }
    flutter_stub.behave("dart run", extensions={"flet_video": "name: flet_video\n"})
    words = ["--platform", "Android", "--arch", "arm64-v8a,x86_64", "-r", "flet==1.0.5"]
    words += ["--exclude", "build", "--exclude", "data/a,b.txt"]
    assert package(tmp_path, app, *words, **places).returncode == 0
    made = tmp_path / "python-app"
    files = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert files == {"main.py", "data/c.txt"}
    assert {p.name for p in (tmp_path / "site").iterdir()} == {"arm64-v8a", "x86_64"}
    assert (tmp_path / "temp" / "flet_video" / "pubspec.yaml").is_file()
    assert flutter_stub.calls()[0].option("--exclude") == ["build", "data/a,b.txt"]


def test_packaging_for_the_web_makes_the_same_archive_twice(
    flutter_stub: Stub, tmp_path: Path, app: Path
) -> None:
    words = ["--platform", "Emscripten", "-r", "flet==1.0.5"]
    assert package(tmp_path, app, *words).returncode == 0
    archive = tmp_path / "app" / "app.zip"
    with zipfile.ZipFile(archive) as opened:
        assert "__pypackages__/requirements.json" in opened.namelist()


@pytest.mark.parametrize(
    ("target", "more", "made"),
    [
        ("apk", [], ["build/app/outputs/flutter-apk/app-release.apk"]),
        (
            "apk",
            ["--split-per-abi", "--target-platform", "android-arm64,android-x64"],
            [
                "build/app/outputs/flutter-apk/app-arm64-v8a-release.apk",
                "build/app/outputs/flutter-apk/app-x86_64-release.apk",
            ],
        ),
        ("appbundle", [], ["build/app/outputs/bundle/release/app-release.aab"]),
        ("ipa", [], ["build/ios/ipa/app.ipa", "build/ios/archive/Runner.xcarchive/Info.plist"]),
        ("ios", ["--simulator"], ["build/ios/iphonesimulator/Runner.app/Runner"]),
        ("windows", [], ["build/windows/x64/runner/Release/app.exe"]),
    ],
)
def test_a_build_leaves_its_result(
    flutter_stub: Stub, tmp_path: Path, target: str, more: list[str], made: list[str]
) -> None:
    assert run("flutter", "build", target, *more, cwd=tmp_path).returncode == 0
    assert [name for name in made if not (tmp_path / name).is_file()] == []
    apks = list(tmp_path.rglob("*.apk"))
    assert len(apks) == (len(made) if target == "apk" else 0)


def test_names_are_those_in_the_project(flutter_stub: Stub, tmp_path: Path) -> None:
    for name, text in (
        ("linux/CMakeLists.txt", 'set(BINARY_NAME "tide-table")\n'),
        ("macos/Runner/Configs/AppInfo.xcconfig", "PRODUCT_NAME = Tide Table\n"),
        ("macos/Runner/Info.plist", "<plist/>"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for target in ("linux", "macos"):
        assert run("flutter", "build", target, cwd=tmp_path).returncode == 0
    program = tmp_path / "build/linux/x64/release/bundle/tide-table"
    assert os.access(program, os.X_OK)
    bundle = tmp_path / "build/macos/Build/Products/Release/Tide Table.app"
    assert (bundle / "Contents/Frameworks/App.framework/Versions/Current").is_symlink()


def test_it_misbehaves_as_told(flutter_stub: Stub, tmp_path: Path) -> None:
    def build() -> subprocess.CompletedProcess[bytes]:
        return run("flutter", "build", "appbundle", cwd=tmp_path)

    flutter_stub.behave("flutter build", status=3, say_err=["FAILURE"], no_result=True)
    failed = build()
    assert (failed.returncode, failed.stderr) == (3, b"FAILURE\n")
    assert not (tmp_path / "build").exists()
    flutter_stub.behave("flutter build", signal="SIGSEGV")
    assert build().returncode == -signal.SIGSEGV
    flutter_stub.behave("flutter build", ask="Go on? [y/n] ")
    assert build().returncode == 1
    flutter_stub.behave("flutter build", binary=5000)
    assert len(build().stdout) > 5000
    flutter_stub.behave("flutter build")
    assert build().returncode == 0


def test_the_export_of_an_ipa_fails_with_success(flutter_stub: Stub, tmp_path: Path) -> None:
    flutter_stub.behave("flutter build", export_fails=True)
    said = run("flutter", "build", "ipa", cwd=tmp_path)
    assert said.returncode == 0
    assert b"error while creating the IPA" in said.stderr
    assert not list(tmp_path.rglob("*.ipa"))


def test_an_error_of_packaging_ends_with_success(
    flutter_stub: Stub, tmp_path: Path, app: Path
) -> None:
    flutter_stub.behave("dart run", error="Could not find a version")
    said = package(tmp_path, app, "--platform", "Linux", SERIOUS_PYTHON_APP=str(tmp_path / "p"))
    assert (said.returncode, said.stdout) == (0, b"Error: Could not find a version\n")
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("how", [True, "child", "deaf"])
def test_it_hangs(flutter_stub: Stub, tmp_path: Path, how: object) -> None:
    flutter_stub.behave("flutter build", hang=how, say=["begun"])
    with subprocess.Popen(
        ["flutter", "build", "ios"], cwd=tmp_path, stdout=subprocess.PIPE
    ) as hanging:
        assert hanging.stdout is not None
        assert hanging.stdout.readline() == b"begun\n"
        while how == "child" and not (flutter_stub.folder / "child.pid").exists():
            time.sleep(0.01)
        assert hanging.poll() is None
        hanging.kill()
    if how == "child":
        os.kill(flutter_stub.child(), signal.SIGKILL)  # raises when it is not there


def test_a_snapshot_is_the_folder_as_it_was(flutter_stub: Stub, tmp_path: Path) -> None:
    project = tmp_path / "flutter"
    (project / "lib").mkdir(parents=True)
    (project / "lib" / "main.dart").write_text("void main() {}")
    flutter_stub.behave("flutter build", snapshot=True)
    run("flutter", "build", "ios", cwd=project)
    (kept,) = flutter_stub.snapshots()
    assert {p.name for p in kept.iterdir()} == {"lib"}


def test_licences_and_packages_of_android(flutter_stub: Stub, tmp_path: Path) -> None:
    sdkmanager = str(flutter_stub.android / "cmdline-tools/12.0/bin/sdkmanager")
    run(sdkmanager, "platforms;android-36", cwd=tmp_path)
    run(sdkmanager, "--licenses", cwd=tmp_path)
    assert (flutter_stub.android / "platforms" / "android-36").is_dir()
    assert (flutter_stub.android / "licenses" / "android-sdk-license").is_file()
