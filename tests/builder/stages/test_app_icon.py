"""The icon of a desktop app: from the drawn pictures, else a letter."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from builder import host, settings
from builder.host import Host
from builder.images import png
from builder.pipeline import Build
from builder.stages import app_icon, images
from tests.builder.fake_build import FakeJob, fake_build

SYSTEMS: tuple[Host, ...] = ("linux", "macos", "windows")


def on(system: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: system)


def build_for(
    system: str, folder: Path, files: Mapping[str, str | bytes] | None = None, **options: Any
) -> Build:
    made = fake_build(folder, files or {}, **options)
    of_system, _ = settings.resolve(
        made.project.pyproject, made.project.folder, target=system, options=options
    )
    return replace(made, target=system, settings=of_system)


def drawn(build: Build) -> FakeJob:
    images.run(FakeJob(build))
    job = FakeJob(build)
    app_icon.run(job)
    return job


def names(build: Build) -> set[str]:
    folder = build.work / app_icon.ICON
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def red() -> bytes:
    return png.encode(Image.new("RGBA", (600, 600), (255, 0, 0, 255)))


def colour_of(path: Path) -> tuple[int, ...]:
    """The colour near the middle of the left edge: no letter is there, whatever the shape."""
    with Image.open(path) as opened:
        image = opened.convert("RGBA")
    found = image.getpixel((image.width // 6, image.height // 2))
    assert isinstance(found, tuple)
    return found


def test_linux_has_its_theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = build_for("linux", tmp_path, {"assets/icon.png": red()}, bundle_id="com.acme.shop")
    job = drawn(build)
    sizes = (16, 24, 32, 48, 64, 128, 256, 512)
    assert names(build) == {"page.png"} | {
        f"hicolor/{size}x{size}/apps/com.acme.shop.png" for size in sizes
    }
    assert app_icon.for_program(build) is None
    icon = app_icon.hicolor(build) / "256x256" / "apps" / "com.acme.shop.png"
    assert colour_of(icon) == (255, 0, 0, 255)
    assert job.said == []


def test_windows_has_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("windows", monkeypatch)
    build = build_for("windows", tmp_path, {"assets/icon.png": red()})
    drawn(build)
    assert names(build) == {"page.png", "app.ico"}
    icon = app_icon.for_program(build)
    assert icon is not None
    with Image.open(icon) as opened:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= set(opened.info["sizes"])


def test_macos_has_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("macos", monkeypatch)
    build = build_for("macos", tmp_path, {"assets/icon.png": red()})
    drawn(build)
    assert names(build) == {"page.png", "app.icns"}
    icon = app_icon.for_program(build)
    assert icon is not None
    data = icon.read_bytes()
    assert struct.unpack_from(">4sI", data) == (b"icns", len(data))


@pytest.mark.parametrize("system", SYSTEMS)
def test_without_a_picture_the_app_gets_its_letter(
    system: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(system, monkeypatch)
    build = build_for(system, tmp_path, product="Shop")
    job = drawn(build)
    assert job.said == ["The app has no icon yet, so it gets its letter: S"]
    assert len(names(build)) == {"linux": 9}.get(system, 2)
    with Image.open(build.work / app_icon.ICON / app_icon.PAGE) as opened:
        assert opened.size == (128, 128)
    white = (255, 255, 255, 255)
    assert colour_of(build.work / app_icon.ICON / app_icon.PAGE) not in (white, (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("product", "letter"), [("été", "É"), ("2048", "2"), ("!!!", "A"), ("\U000f0000 app", "A")]
)
def test_any_name_has_a_letter(
    product: str, letter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = build_for("linux", tmp_path, product=product)
    assert drawn(build).said[0].endswith(f": {letter}")


def test_a_writing_that_no_font_has_falls_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    monkeypatch.setattr(app_icon.letter, "OTHER_FONTS", ())
    app_icon.letter._font_file.cache_clear()
    build = build_for("linux", tmp_path, product="日本", project="nihon")
    assert drawn(build).said[0].endswith(": N")
    app_icon.letter._font_file.cache_clear()


def test_what_it_reads_changes_with_the_picture_and_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = build_for("linux", tmp_path, product="Shop")
    drawn(build)
    before = app_icon.reads(build)
    assert app_icon.reads(build) == before
    (tmp_path / "project" / "assets").mkdir()
    (tmp_path / "project" / "assets" / "icon.png").write_bytes(red())
    drawn(build)
    assert app_icon.reads(build)["the drawn pictures"] != before["the drawn pictures"]
    renamed = replace(build, settings=replace(build.settings, product="Mall"))
    assert app_icon.reads(renamed)["the app's name"] == "Mall"


def test_the_picture_of_a_page_is_a_png(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("windows", monkeypatch)
    build = build_for("windows", tmp_path, {"assets/icon.png": red()})
    drawn(build)
    data = (build.work / app_icon.ICON / app_icon.PAGE).read_bytes()
    with Image.open(io.BytesIO(data)) as opened:
        assert (opened.format, opened.size) == ("PNG", (128, 128))


FLASK = """
from flask import Flask
app = Flask(__name__)
"""


def picture(side: int, colour: str) -> bytes:
    return png.encode(Image.new("RGBA", (side, side), colour))


def site(folder: Path, **static: bytes) -> Build:
    files = {f"static/{name.replace('_', '.')}": content for name, content in static.items()}
    return build_for("linux", folder, {"main.py": FLASK, "requirements.txt": "flask", **files})


def test_a_flask_app_gets_the_icon_of_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = site(tmp_path, favicon_ico=picture(16, "blue"), favicon_png=picture(192, "lime"))
    job = drawn(build)
    assert colour_of(build.work / app_icon.ICON / "page.png")[:3] == (0, 255, 0)
    assert any("static/favicon.png" in line for line in job.said)
    assert "static/favicon.png" in app_icon.without_picture(build)


def test_a_picture_of_its_own_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    files = {
        "main.py": FLASK,
        "requirements.txt": "flask",
        "static/favicon.png": picture(192, "lime"),
        "assets/icon.png": red(),
    }
    build = build_for("linux", tmp_path, files)
    drawn(build)
    assert colour_of(build.work / app_icon.ICON / "page.png")[:3] == (255, 0, 0)


@pytest.mark.parametrize("content", [picture(32, "lime"), b"no picture", b""])
def test_one_that_is_too_small_or_broken_is_not_taken(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    job = drawn(site(tmp_path, favicon_png=content))
    assert any("letter" in line for line in job.said)


def test_another_icon_of_the_pages_is_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    before = app_icon.reads(site(tmp_path, favicon_png=picture(192, "lime")))
    after = app_icon.reads(site(tmp_path, favicon_png=picture(192, "red")))
    assert before["the pages' own icon"] != after["the pages' own icon"] != ""
