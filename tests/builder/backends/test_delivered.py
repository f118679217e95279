"""What was delivered, as events: the one to open first, sizes, digests of files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from builder import events, project, settings
from builder.backends import flutter, prebuilt
from builder.pipeline import Build


def build(folder: Path, target: str, options: dict[str, Any] | None = None) -> Build:
    source = folder / "app"
    source.mkdir()
    (source / "main.py").write_text("import flet\n", "utf-8")
    found = project.read(source, target=target)
    chosen, _ = settings.resolve(found.pyproject, source, target=target, options=options or {})
    return Build(found, chosen, target, folder / "work", folder / "out", {})


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def fill(output: Path, *names: str) -> None:
    for name in names:
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_bytes(name.encode())


def told(made: list[events.Artifact], output: Path) -> list[tuple[str, str]]:
    for artifact in made:
        path = Path(artifact.path)
        assert path.is_absolute()
        if path.is_file():
            assert artifact.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
            assert artifact.bytes == path.stat().st_size
        else:
            assert artifact.sha256 == ""
            files = (file for file in path.rglob("*") if file.is_file())
            assert artifact.bytes == sum(file.stat().st_size for file in files)
    return [(Path(a.path).relative_to(output).as_posix(), a.artifact) for a in made]


@pytest.mark.parametrize("backend", [flutter, prebuilt])
def test_a_site(backend: Any, tmp_path: Path, output: Path) -> None:
    fill(output, "index.html", "assets/a.png")
    assert told(backend.artifacts(build(tmp_path, "web"), output), output) == [(".", "site")]


def test_an_apk(tmp_path: Path, output: Path) -> None:
    fill(output, "my-app.apk", "my-app.apk.sha1")
    found = told(flutter.artifacts(build(tmp_path, "apk"), output), output)
    assert found == [("my-app.apk", "apk")]


def test_the_apk_for_the_phones_of_today_comes_first(tmp_path: Path, output: Path) -> None:
    fill(output, "a-armeabi-v7a.apk", "a-arm64-v8a.apk", "a-x86_64.apk", "a-x86_64.apk.sha1")
    found = told(flutter.artifacts(build(tmp_path, "apk"), output), output)
    assert [name for name, _ in found] == ["a-arm64-v8a.apk", "a-armeabi-v7a.apk", "a-x86_64.apk"]


def test_an_aab(tmp_path: Path, output: Path) -> None:
    fill(output, "my-app.aab")
    found = told(flutter.artifacts(build(tmp_path, "aab"), output), output)
    assert found == [("my-app.aab", "aab")]


def test_a_linux_app(tmp_path: Path, output: Path) -> None:
    fill(output, "app", "data/icudtl.dat", "lib/libapp.so", "another")
    found = told(flutter.artifacts(build(tmp_path, "linux"), output), output)
    assert found == [("app", "executable"), (".", "bundle")]


def test_a_linux_app_of_another_name(tmp_path: Path, output: Path) -> None:
    fill(output, "named otherwise", "README")
    (output / "named otherwise").chmod(0o755)
    found = told(flutter.artifacts(build(tmp_path, "linux"), output), output)
    assert found == [("named otherwise", "executable"), (".", "bundle")]


def test_a_windows_app(tmp_path: Path, output: Path) -> None:
    fill(output, "crashpad.exe", "My App.exe", "flutter_windows.dll")
    options = {"artifact": "My App"}
    found = told(flutter.artifacts(build(tmp_path, "windows", options), output), output)
    assert found == [("My App.exe", "executable"), (".", "bundle")]


def test_a_macos_bundle(tmp_path: Path, output: Path) -> None:
    fill(output, "My App.app/Contents/MacOS/My App")
    found = told(flutter.artifacts(build(tmp_path, "macos"), output), output)
    assert found == [("My App.app", "bundle")]


def test_a_signed_ios_app(tmp_path: Path, output: Path) -> None:
    fill(output, "app.ipa", "ExportOptions.plist")
    found = told(flutter.artifacts(build(tmp_path, "ipa"), output), output)
    assert found == [("app.ipa", "ipa")]


def test_one_that_is_not_signed_is_an_archive(tmp_path: Path, output: Path) -> None:
    fill(output, "Runner.xcarchive/Info.plist")
    found = told(flutter.artifacts(build(tmp_path, "ipa"), output), output)
    assert found == [("Runner.xcarchive", "archive")]


def test_an_app_for_the_simulator(tmp_path: Path, output: Path) -> None:
    fill(output, "Runner.app/Runner")
    found = told(flutter.artifacts(build(tmp_path, "ios-simulator"), output), output)
    assert found == [("Runner.app", "bundle")]
