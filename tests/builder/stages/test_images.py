"""Icons and splash screen: drawn from the project's pictures, anew when one of them changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image

from builder.images import advice, picture, svg
from builder.images.advice import Advice
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError, Problem, ProjectError
from builder.process import Finished
from builder.stages import images
from tests.builder.fake_build import FakeJob, fake_build, write
from tests.builder.images import make as make_source
from tests.builder.pictures import BLUE, RED, png

ICONS = {
    "web/favicon.png",
    *(f"web/icons/Icon-{kind}{size}.png" for kind in ("", "maskable-") for size in (192, 512)),
    "web/icons/apple-touch-icon-192.png",
}
SPLASH = {f"web/splash/img/{mode}-{n}x.png" for mode in ("light", "dark") for n in range(1, 5)}


def make(build: Build) -> tuple[set[str], FakeJob]:
    job = FakeJob(build)
    images.run(job)
    folder = build.work / images.IMAGES
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*.png")}, job


def opened(build: Build, name: str) -> Image.Image:
    return Image.open(build.work / images.IMAGES / name).convert("RGBA")


def size(build: Build, name: str) -> int:
    return (build.work / images.IMAGES / name).stat().st_size


def test_every_file_of_the_web(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(512)})
    names, _ = make(build)
    assert names == ICONS | SPLASH
    assert opened(build, "web/favicon.png").size == (32, 32)
    assert opened(build, "web/favicon.png").getpixel((16, 16)) == (*RED, 255)


def test_for_a_release_the_same_pixels_take_fewer_bytes(tmp_path: Path) -> None:
    icon = make_source.saved(make_source.logo(256), "PNG")
    build = fake_build(tmp_path, {"assets/icon.png": icon})
    names, _ = make(build)
    usual = {name: (opened(build, name), size(build, name)) for name in names}
    release = dataclasses.replace(
        build, settings=dataclasses.replace(build.settings, shrink_images=True)
    )
    smaller, job = make(release)
    assert smaller == names
    for name, (image, usual_size) in usual.items():
        assert opened(release, name).tobytes() == image.tobytes()
        assert size(release, name) <= usual_size
    assert sum(size(release, name) for name in names) < sum(of for _, of in usual.values())
    assert any("% less than before" in line for line in job.said)
    assert images.reads(build) != images.reads(release)


def test_light_and_dark(tmp_path: Path) -> None:
    files = {"assets/icon.png": png(512), "assets/splash_dark.png": png(512, BLUE)}
    build = fake_build(tmp_path, files)
    make(build)
    for mode, colour in (("light", RED), ("dark", BLUE)):
        for factor in (1, 4):  # the page shows them in 256 pixels
            art = opened(build, f"web/splash/img/{mode}-{factor}x.png")
            assert art.size == (256 * factor, 256 * factor)
            assert art.getpixel((art.width // 2, art.height // 2)) == (*colour, 255)


def test_without_pictures_nothing_is_drawn(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {})
    assert make(build)[0] == set()
    assert (build.work / images.IMAGES).is_dir()


def test_without_a_splash_only_icons(tmp_path: Path) -> None:
    names, _ = make(fake_build(tmp_path, {"assets/icon.png": png(64)}, splash_web=False))
    assert names == ICONS


def test_without_an_icon_only_the_splash(tmp_path: Path) -> None:
    assert make(fake_build(tmp_path, {"assets/splash.png": png(64)}))[0] == SPLASH


def test_a_picture_for_two_things_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = picture.read

    def count(path: Path, run: svg.Run | None = None) -> picture.Picture:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(picture, "read", count)
    files = {"assets/icon.png": png(64), "assets/splash_dark.png": png(64)}
    make(fake_build(tmp_path, files))
    assert read == ["icon.png", "splash_dark.png"]


def test_a_drawing_is_drawn_by_a_tool_of_the_build_so_that_a_cancel_ends_it(tmp_path: Path) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    build = fake_build(tmp_path, {"assets/icon.svg": drawing})

    def cancelled(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        raise Cancelled

    with pytest.raises(Cancelled):
        images.run(FakeJob(build, cancelled))


def test_the_colour_behind_the_icon(tmp_path: Path) -> None:
    settings = '[tool.flet]\nicon_background = "#102030"\n'
    build = fake_build(tmp_path, {"assets/icon.png": png(512), "pyproject.toml": settings})
    make(build)
    corner = opened(build, "web/icons/Icon-maskable-192.png").getpixel((0, 0))
    assert corner == (16, 32, 48, 255)


def test_what_makes_them_anew(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(64), "assets/other.png": b"1"})
    before = images.reads(build)

    def changed(other: Build = build) -> set[str]:
        after = images.reads(other)
        return {name for name in {*before, *after} if before.get(name) != after.get(name)}

    def but(**settings: object) -> Build:
        changed = dataclasses.replace(build.settings, **settings)  # type: ignore[arg-type]
        return dataclasses.replace(build, settings=changed)

    assert changed() == set()
    assert changed(but(icon_background="#123456")) == {"icon background"}
    assert changed(but(splash_color="#123456")) == {"splash color"}
    assert changed(but(bundle_id="a.b", product="x")) == set()
    assert changed(but(splash_web=False)) == {"the splash picture"}
    assets = build.project.app_folder / "assets"
    write(assets, {"other.png": "2", "icon.png": png(65)})
    assert changed() == {"assets/icon.png"}
    write(assets, {"splash_dark.png": png(64)})
    assert changed() == {"assets/icon.png", "assets/splash_dark.png", "the dark splash picture"}


def test_it_waits_for_no_other_stage() -> None:
    assert images.stage().after == ()


def test_a_picture_that_cannot_be_read_stops_the_build_and_leaves_the_last(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(64)})
    names, _ = make(build)
    write(build.project.folder, {"assets/icon.png": png(64)[:100]})
    with pytest.raises(ProjectError):
        images.run(FakeJob(build))
    assert (build.work / images.IMAGES / "web" / "favicon.png").is_file()
    write(build.project.folder, {"assets/icon.png": png(64)})
    assert make(build)[0] == names


def test_a_cancel_leaves_the_last(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(64)})
    _, job = make(build)
    job.is_cancelled = True
    with pytest.raises(Cancelled):
        images.run(job)
    assert (build.work / images.IMAGES / "web" / "favicon.png").is_file()


def test_a_work_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(64)})
    (build.work / images.IMAGES).write_text("a file in the way")
    with pytest.raises(ComputerError) as raised:
        images.run(FakeJob(build))
    assert raised.value.problem.code == "pictures-not-written"


def test_advice_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = fake_build(tmp_path, {"assets/icon.png": png(512)})
    hint = Problem("icon-odd", "It is odd", severity="hint")
    monkeypatch.setattr(advice, "of_icon", lambda *_, **__: [Advice(hint)])
    same = dataclasses.replace(hint, code="splash-odd", title="The splash is odd")
    other = dataclasses.replace(same, why="In another way.")
    monkeypatch.setattr(advice, "of_splash", lambda *_, **__: [Advice(same), Advice(other)])
    assert make(build)[1].problems == [hint, other]
    wrong = dataclasses.replace(hint, severity="error")
    monkeypatch.setattr(advice, "of_icon", lambda *_, **__: [Advice(wrong)])
    with pytest.raises(ProjectError):
        images.run(FakeJob(build))
