"""What the app adds to the rendered project: extensions, settings, pictures; and what then goes."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from builder import pipeline
from builder.flutter import layout, pictures
from builder.flutter.layout import FLUTTER
from builder.history import write_json
from builder.images import slots
from builder.pipeline import Build
from builder.process import Tools
from builder.stages import flutter_project, images, template
from tests.builder.fake_build import write
from tests.builder.flutter import small_template
from tests.builder.flutter.making import Told, make_build, make_job
from tests.builder.pictures import BLUE, RED, png

STORYBOARD = '<image name="LaunchImage" width="168" height="185"/>\n'
MANIFEST = {
    "icons": [
        {"src": "icons/Icon-192.png", "sizes": "192x192"},
        {"src": "icons/own.png", "sizes": "64x64"},
        {"src": "icons/cut.png", "sizes": "96x96", "purpose": "maskable"},
    ]
}
PLAIN = png(8, BLUE)
TEMPLATE: dict[str, str | bytes] = {
    "images/icon.png": png(64, BLUE),
    "web/manifest.json": json.dumps(MANIFEST),
    **{f"web/icons/{name}.png": PLAIN for name in ("Icon-192", "own", "cut")},
    "web/favicon.png": PLAIN,
    "linux/app_icon.png": PLAIN,
    f"{slots.MACOS_ICONS}/app_icon_16.png": PLAIN,
    pictures.STORYBOARD: STORYBOARD,
}


@pytest.fixture
def tools() -> Iterator[Tools]:
    running = Tools()
    yield running
    running.stop()


def build_of(
    tmp_path: Path, target: str, *, files: dict[str, str | bytes] | None = None, toml: str = ""
) -> Build:
    folder = tmp_path / "template"
    if not folder.exists():
        small_template.make(folder, TEMPLATE)
    shutil.rmtree(tmp_path / "project", ignore_errors=True)
    return make_build(tmp_path, target, toml, files=files, template=str(folder))


def run(build: Build, tools: Tools, *, first: bool = True) -> Told:
    """The stages before it, where `first`, and the stage itself."""
    stages = [template, images, flutter_project] if first else [images, flutter_project]
    told = Told()
    for module in stages:
        job, told = make_job(build, module.__name__, tools)
        module.run(job)  # type: ignore[attr-defined]
    return told


def opened(build: Build, name: str) -> Image.Image:
    return Image.open(build.work / FLUTTER / name).convert("RGBA")


def middle(build: Build, name: str) -> tuple[int, ...]:
    image = opened(build, name)
    found = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(found, tuple)
    return found[:3]


def register(build: Build, *names: str) -> None:
    for name in names:
        write(build.work / layout.FLUTTER_PACKAGES / name, {"pubspec.yaml": f"name: {name}\n"})
    write_json(build.work / "extensions.json", {"extensions": list(names)})


def test_an_icon_takes_the_place_of_the_template_s(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "macos", files={"assets/icon.png": png(512)})
    run(build, tools)
    assert middle(build, f"{slots.MACOS_ICONS}/app_icon_16.png") == RED
    assert not (build.work / FLUTTER / slots.MACOS_ICONS / "app_icon_512.png").exists()


def test_an_icon_that_is_deleted_gives_the_template_s_back(tmp_path: Path, tools: Tools) -> None:
    with_icon = build_of(tmp_path, "linux", files={"assets/icon.png": png(512)})
    run(with_icon, tools)
    assert (with_icon.work / FLUTTER / "linux/icons/hicolor").is_dir()
    without = build_of(tmp_path, "linux")
    run(without, tools, first=False)
    assert (without.work / FLUTTER / "linux/app_icon.png").read_bytes() == PLAIN
    assert not (without.work / FLUTTER / "linux/icons").exists()


def test_icons_are_named_after_the_bundle_id_of_today(tmp_path: Path, tools: Tools) -> None:
    for org in ("com.old", "com.new"):
        toml = f'[tool.flet]\norg = "{org}"\n'
        build = build_of(tmp_path, "linux", files={"assets/icon.png": png(64)}, toml=toml)
        run(build, tools)
    icons = (build.work / FLUTTER / "linux/icons").rglob("*.png")
    assert {icon.name for icon in icons} == {"com.new.notes.png"}


def test_a_site_s_icons_are_those_that_it_declares(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "web", files={"assets/icon.png": png(512)})
    run(build, tools)
    sizes = {
        name: opened(build, f"web/icons/{name}.png").size for name in ("Icon-192", "own", "cut")
    }
    assert sizes == {"Icon-192": (192, 192), "own": (64, 64), "cut": (96, 96)}
    assert opened(build, "web/icons/cut.png").getpixel((0, 0)) == (255, 255, 255, 255)
    assert opened(build, "web/icons/own.png").getchannel("A").getpixel((0, 0)) == 0
    assert not (build.work / FLUTTER / "web/icons/Icon-512.png").exists()
    assert not (build.work / FLUTTER / "told.json").exists()


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("apk", f"{slots.ANDROID_RES}/drawable-mdpi/splash.png"),
        ("web", f"{slots.WEB_SPLASH}/dark-1x.png"),
        ("ipa", f"{slots.IOS_LAUNCH}/LaunchImage.png"),
    ],
)
def test_an_app_without_pictures_starts_with_the_template_s_icon(
    target: str, name: str, tmp_path: Path, tools: Tools
) -> None:
    build = build_of(tmp_path, target)
    run(build, tools)
    assert middle(build, name) == BLUE


def test_no_splash_screen_where_none_is_wanted(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "web", toml="[tool.flet.splash]\nweb = false\n")
    run(build, tools)
    assert not (build.work / FLUTTER / slots.WEB_SPLASH).exists()


def test_a_dark_picture_alone_goes_with_the_template_s_icon(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "web", files={"assets/splash_dark.png": png(64)})
    before = flutter_project.reads(build)
    run(build, tools)
    assert middle(build, f"{slots.WEB_SPLASH}/light-1x.png") == BLUE
    assert middle(build, f"{slots.WEB_SPLASH}/dark-1x.png") == RED
    write(build.project.folder, {"assets/splash_dark.png": png(32)})
    changed = flutter_project.reads(build)
    assert changed["the dark splash picture"] != before["the dark splash picture"]


def test_a_template_whose_icon_is_none_builds_all_the_same(tmp_path: Path, tools: Tools) -> None:
    small_template.make(tmp_path / "template", {"images/icon.png": "no picture"})
    told = run(build_of(tmp_path, "web"), tools)
    assert any("No splash screen" in line for line in told.lines)


def test_the_launch_screen_has_the_size_of_its_picture(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "ipa", files={"assets/splash.png": png(512)})
    run(build, tools)
    text = (build.work / FLUTTER / pictures.STORYBOARD).read_text()
    assert text == STORYBOARD.replace('width="168" height="185"', 'width="256" height="256"')


def test_a_launch_screen_that_is_not_ours_stays(tmp_path: Path, tools: Tools) -> None:
    files: dict[str, str | bytes] = {"assets/icon.png": png(512)}
    build = build_of(tmp_path, "ipa", files=files, toml="[tool.flet.splash]\nios = false\n")
    write(tmp_path / "template" / small_template.ROOT, {pictures.LAUNCH_IMAGE: PLAIN})
    run(build, tools)
    assert (build.work / FLUTTER / pictures.STORYBOARD).read_text() == STORYBOARD


def test_extensions_are_known_to_the_app_and_its_pubspec(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "linux")
    register(build, "flet_video", "flet_audio")
    run(build, tools)
    project = build.work / FLUTTER
    assert "['flet_audio', 'flet_video']" in (project / "lib/main.dart").read_text()
    path = build.work / layout.FLUTTER_PACKAGES / "flet_video"
    assert f"flet_video:\n    path: {path}\n" in (project / "pubspec.yaml").read_text()
    register(build)
    run(build, tools, first=False)
    assert "flet_video" not in (project / "lib/main.dart").read_text()
    assert "flet_video" not in (project / "pubspec.yaml").read_text()


def test_nothing_is_rendered_twice_without_extensions(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "linux")
    run(build, tools)
    shutil.rmtree(tmp_path / "template")
    run(build, tools, first=False)


def test_only_what_changed_is_written(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "linux", files={"assets/icon.png": png(64)})
    run(build, tools)
    main = build.work / FLUTTER / "lib/main.dart"
    before = main.stat().st_mtime_ns
    write(build.project.folder, {"assets/icon.png": png(64, BLUE)})
    told = run(build, tools, first=False)
    assert main.stat().st_mtime_ns == before
    assert told.lines == ["9 files written, 0 removed in the Flutter project."]


def test_it_runs_again_after_the_template_ran(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "linux")
    run(build, tools)
    before = flutter_project.reads(build)
    assert flutter_project.reads(build) == before
    run(build, tools)
    changes = pipeline.describe_changes(before, flutter_project.reads(build))
    assert "the Flutter project" in changes


def test_pictures_of_the_template_are_whole_files(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "windows", files={"assets/icon.png": png(512)})
    write(tmp_path / "template" / small_template.ROOT, {slots.WINDOWS_ICON: "theirs"})
    run(build, tools)
    icon = (build.work / FLUTTER / slots.WINDOWS_ICON).read_bytes()
    assert {(16, 16), (24, 24), (256, 256)} <= Image.open(io.BytesIO(icon)).info["sizes"]
