"""The Icons page: slots, tries, saving and putting back, advice, and what stops a build."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import flet as ft
import pytest
from PIL import Image

from app import gallery
from app.drawing import Drawing
from app.pictures import Letter
from tests.app import art
from tests.app.fakes import PYPROJECT, make_project
from tests.app.headless import Tab, run


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / ".cache"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = make_project(tmp_path / "tides")
    art.logo(folder / "src" / "assets" / "icon.png", 640)
    return folder


@pytest.fixture(autouse=True)
def quick_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """How well it is drawn is for other tests."""
    real = Drawing.draw

    def draw(self: Drawing, wish: Any, order: Any, *, quick: bool, **more: Any) -> Any:
        return real(self, wish, order, quick=True, **more)

    monkeypatch.setattr(Drawing, "draw", draw)


def assets(project: Path) -> Path:
    return project / "src" / "assets"


async def on_page(tab: Tab, folder: Path, step: str = "icons") -> None:
    tab.wizard.open(folder)
    await tab.settle()
    tab.wizard.go(step)
    await tab.settle()


def previews(tab: Tab) -> list[str]:
    """The addresses of all pictures on the page."""
    return [str(one.src) for one in tab.all(ft.Image) if gallery.ROUTE in str(one.src)]


async def press(tab: Tab, label: str) -> None:
    """Press what is a button by its name only for who listens."""
    found = [one for one in tab.all(ft.Semantics) if one.label == label]
    assert len(found) == 1, [one.label for one in tab.all(ft.Semantics) if one.label]
    content = found[0].content
    assert isinstance(content, ft.Container)
    await tab.event(content, "click")
    await tab.settle()


async def slide(tab: Tab, share: float) -> None:
    await tab.event(tab.one(ft.CupertinoSlider), "change", value=share)
    await tab.settle()


def test_one_comes_here_from_identity_and_goes_on_to_splash(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project, "identity")
            await tab.click("Next: Icons")
            await tab.settle()
            assert tab.title() == "Your icon, everywhere"
            assert "assets/icon.png 640 × 640" in tab.place("file-icon")
            assert tab.reads("Android, circle")
            await tab.click("Next: Splash")
            await tab.settle()
            assert tab.title() == "While your app starts"

    run(test)


def test_pictures_are_shown_by_address_and_have_names(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            shown = [one for one in tab.all(ft.Image) if gallery.ROUTE in str(one.src)]
            assert len(shown) >= 15
            for one in shown:
                assert gallery.find(str(one.src).removeprefix(gallery.ROUTE)), one.src
                assert one.gapless_playback
            names = [one.semantics_label for one in shown]
            assert "Android, circle" in names
            assert "Windows taskbar, 16 to 48, 16 pixels" in names

    run(test)


def test_in_a_window_pictures_are_shown_by_their_paths(project: Path) -> None:
    async def test() -> None:
        async with Tab(web=False) as tab:
            await on_page(tab, project)
            paths = [str(one.src) for one in tab.all(ft.Image) if "previews" in str(one.src)]
            assert paths
            assert all(Path(one).is_file() for one in paths)

    run(test)


def test_the_previews_of_the_target_come_first(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            words = tab.place("previews")
            assert words.index("Browser tab") < words.index("Android, circle")
            await press(tab, "Android")
            words = tab.place("previews")
            assert words.index("Android, circle") < words.index("Browser tab")

    run(test)


def test_nothing_is_written_until_one_saves_and_all_can_be_put_back(project: Path) -> None:
    icon = assets(project) / "icon.png"
    before = icon.read_bytes()

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            first = previews(tab)
            await slide(tab, 0.2)
            assert previews(tab) != first
            assert tab.reads("20 %")
            assert "Not saved yet" in tab.place("file-icon")
            assert tab.place("readiness") == "1 picture or colour is not saved yet"
            assert icon.read_bytes() == before
            assert "Writes assets/icon.png." in tab.place("save")
            await tab.click("Save as icon.png")
            await tab.settle()
            assert icon.read_bytes() != before
            kept = list((project / ".slipway" / "pictures").glob("*.png"))
            assert [one.read_bytes() for one in kept] == [before]
            assert kept[0].name in tab.place("kept")
            assert tab.one(ft.CupertinoSlider).value == 0
            await tab.click("Put it back")
            await tab.settle()
            assert icon.read_bytes() == before
            assert not tab.has("kept")

    run(test)


def test_what_is_tried_stays_when_one_goes_back_or_looks_at_another_project(
    project: Path, tmp_path: Path
) -> None:
    other = make_project(tmp_path / "moon")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await slide(tab, 0.2)
            await tab.click("Back")
            await tab.settle()
            assert tab.place("readiness") == "1 picture or colour is not saved yet"
            tab.wizard.open(other)
            await tab.settle()
            assert not tab.wizard.state.pictures.unsaved()
            await on_page(tab, project)
            assert tab.one(ft.CupertinoSlider).value == 0.2
            await tab.click("Discard")
            await tab.settle()
            assert tab.one(ft.CupertinoSlider).value == 0
            assert tab.place("readiness") == "Ready to build"

    run(test)


def test_a_colour_is_a_setting(project: Path) -> None:
    before = (assets(project) / "icon.png").read_bytes()

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            first = previews(tab)
            await tab.type("Background", "0b6e9")
            await tab.settle()
            assert tab.reads("Write a colour as #0B6E99, or with its name.")
            assert tab.button("Save the colour").disabled
            await tab.type("Background", "0b6e99")
            await tab.settle()
            assert previews(tab) != first
            assert "tool.flet.icon_background in pyproject.toml" in tab.place("save")
            assert "icon_background" not in (project / "pyproject.toml").read_text()
            await tab.click("Save the colour")
            await tab.settle()
            assert 'icon_background = "#0b6e99"' in (project / "pyproject.toml").read_text()
            assert not tab.wizard.state.pictures.unsaved()
            assert tab.field("Background").value == "0b6e99"  # as it was typed

    run(test)
    assert (assets(project) / "icon.png").read_bytes() == before


def test_a_platform_gets_a_picture_and_a_colour_of_its_own(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await press(tab, "iPhone")
            assert tab.place("file-icon_ios") == "Uses the picture of “All”"
            await slide(tab, 0.1)
            await press(tab, "Background, #ffb547")
            assert "tool.flet.ios.icon_background" in tab.place("save")
            await tab.click("Save as icon_ios.png")
            await tab.settle()
            assert (assets(project) / "icon_ios.png").is_file()
            assert 'icon_background = "#ffb547"' in (project / "pyproject.toml").read_text()
            slot = tab.one(ft.Semantics, identifier="slot-icon_ios")
            assert slot.label == "iPhone, has a picture of its own"
            await tab.click("Use the common icon again")
            await tab.settle()
            assert not (assets(project) / "icon_ios.png").exists()
            assert "Kept the old picture" in tab.place("kept")
            await tab.click("Put it back")
            await tab.settle()
            assert (assets(project) / "icon_ios.png").is_file()

    run(test)


def test_androids_own_key_goes_before_the_others(tmp_path: Path) -> None:
    own = '\n[tool.flet.android]\nadaptive_icon_background = "#ffffff"\n'
    project = make_project(tmp_path / "p", PYPROJECT + own)
    art.logo(assets(project) / "icon.png", 640)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await press(tab, "Android")
            await press(tab, "Background, #0b6e99")
            await tab.click("Save the colour")
            await tab.settle()
            text = (project / "pyproject.toml").read_text()
            assert 'adaptive_icon_background = "#0b6e99"' in text

    run(test)


def test_no_picture_yet(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            assert "No picture yet: make one from a letter" in tab.place("offer")
            assert tab.field("Letter").value == "T"
            assert previews(tab), "what it would look like"
            assert not tab.has("advice-icon-see-through"), "nothing is wrong with an example"
            assert tab.place("readiness") == "Ready to build", "an offer is nothing unsaved"
            await tab.type("Letter", "Tt")
            await tab.settle()
            assert "not saved yet" in tab.place("readiness")
            await press(tab, "Circle")
            await tab.click("Use this")
            await tab.settle()
            with Image.open(assets(project) / "icon.png") as saved:
                assert saved.size == (1024, 1024)
            assert not tab.has("offer")
            assert tab.place("kept").endswith(
                "There was no picture before. Put it back All right"
            ) or ("There was no picture before." in tab.place("kept"))

    run(test)


def test_the_offer_is_taken_as_it_is(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await tab.click("Use this")
            await tab.settle()
            assert (assets(project) / "icon.png").is_file()
            assert not tab.wizard.state.pictures.unsaved()

    run(test)


def test_drawing_one_instead_of_a_picture_that_is_there(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await tab.click("Draw one")
            await tab.settle()
            attempt = tab.wizard.state.pictures.attempt("icon")
            assert attempt.letter == Letter("T")
            await tab.type("Letter", "")
            await tab.settle()
            assert tab.button("Use this").disabled
            await tab.click("Discard")
            await tab.settle()
            assert tab.place("file-icon").startswith("assets/icon.png")

    run(test)


def test_choosing_a_picture_in_a_browser(project: Path, tmp_path: Path) -> None:
    photo = art.plain(tmp_path / "photos" / "red.jpg", (300, 300))
    (tmp_path / "photos" / "notes.txt").write_text("no picture")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await tab.click("Change…")
            await tab.settle()
            assert "icon.png" in tab.place("picture-browser")
            await tab.type("Or paste its path", str(tmp_path / "nowhere.png"))
            await tab.event(tab.field("Or paste its path"), "submit")
            await tab.settle()
            assert tab.reads("There is no picture with this name.")
            await tab.type("Or paste its path", str(photo.parent))
            await tab.event(tab.field("Or paste its path"), "submit")
            await tab.settle()
            assert "notes.txt" not in tab.place("picture-browser")
            tile = tab.one(ft.ListTile, key="red.jpg")
            await tab.event(tile, "click")
            await tab.settle()
            assert tab.place("file-icon") == "red.jpg 300 × 300 Not saved yet"
            assert not (assets(project) / "icon.jpg").exists()
            await tab.click("Use this picture")
            await tab.settle()
            assert (assets(project) / "icon.jpg").read_bytes() == photo.read_bytes()
            assert tab.place("file-icon") == "assets/icon.jpg 300 × 300"

    run(test)


def test_a_window_has_the_dialog_of_the_system(project: Path, tmp_path: Path) -> None:
    photo = art.plain(tmp_path / "red.png")
    files = [{"name": "red.png", "path": str(photo), "size": 1, "id": 1}]

    async def test() -> None:
        async with Tab(web=False) as tab:
            await on_page(tab, project)
            tab.connection.answers["pick_files"] = files
            await tab.click("Change…")
            await tab.settle()
            assert "red.png" in tab.place("file-icon")

    run(test)


def test_a_picture_that_cannot_be_read_stops_the_build(project: Path) -> None:
    (assets(project) / "icon.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            state = tab.wizard.state
            assert state.needs_attention("icons")
            assert not state.needs_attention("splash")
            assert not state.blocked("splash")
            assert state.blocked("build").startswith("The icon cannot be used")
            assert tab.place("readiness").startswith("1 thing to fix")
            art.logo(assets(project) / "icon.png", 640)
            await tab.until(lambda: not state.blocked("build"))

    run(test)


def test_a_picked_picture_that_cannot_be_read_says_so_and_cannot_be_saved(
    project: Path, tmp_path: Path
) -> None:
    odd = tmp_path / "odd.png"
    odd.write_bytes(b"no picture")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            tab.wizard.studio.try_picture("icon", odd)
            await tab.settle()
            assert tab.wizard.state.pictures.slot("icon").problem
            assert tab.button("Use this picture").disabled

    run(test)


def test_what_changes_on_disk_is_seen_soon(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await asyncio.sleep(0.3)  # the watch begins in a thread
            first = previews(tab)
            art.plain(assets(project) / "icon.png")
            began = time.monotonic()
            await tab.until(lambda: previews(tab) != first)
            print(f"seen after {time.monotonic() - began:.2f} s")

    run(test)


def test_advice_stands_by_the_picture_with_its_remedy(project: Path) -> None:
    art.plain(assets(project) / "icon.png", (1024, 500))

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            assert "The icon is not square" in tab.place("advice-icon-not-square")
            assert "Writes assets/icon.png" in tab.place("advice-icon-not-square")
            assert tab.place("readiness") == "1 thing to look at: The icon is not square"
            assert not tab.wizard.state.blocked("build")
            await tab.click("Crop it to a square")
            await tab.settle()
            with Image.open(assets(project) / "icon.png") as saved:
                assert saved.width == saved.height
            assert not tab.has("advice-icon-not-square")
            assert "Kept the old picture" in tab.place("kept")

    run(test)


def test_the_background_that_apple_needs_is_a_click(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            assert tab.has("advice-icon-see-through")
            await tab.click("Use #0B6E99")
            await tab.settle()
            assert 'icon_background = "#0b6e99"' in (project / "pyproject.toml").read_text()
            assert not tab.has("advice-icon-see-through")

    run(test)


def test_an_icon_that_is_lost_where_it_stands_bare_gets_its_own_pictures(project: Path) -> None:
    Image.new("RGBA", (1024, 1024)).save(assets(project) / "icon.png")
    white = Image.new("RGBA", (1024, 1024))
    white.paste("#FFFFFF", (300, 300, 700, 700))
    white.save(assets(project) / "icon.png")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            pictures = tab.wizard.state.pictures
            [one] = [a for a in pictures.advice_for("icons", "windows") if a.remedies]
            tab.wizard.studio.remedy(one, "background", "icons", "#0b6e99")
            await tab.settle()
            with Image.open(assets(project) / "icon_windows.png") as saved:
                assert saved.mode == "RGB"
            assert not pictures.advice_for("icons", "windows")

    run(test)


def test_icons_are_seen_on_light_and_on_dark(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)

            def grounds() -> list[str]:
                walls = [one.gradient for one in tab.all(ft.Container) if one.gradient]
                return ["".join(str(colour) for colour in wall.colors) for wall in walls]

            before = grounds()
            switch = tab.one(ft.Switch, label="Swap light and dark")
            await tab.event(switch, "change", value=True)
            await tab.settle()
            after = grounds()
            assert len(before) == len(after) > 5
            assert all(one != other for one, other in zip(before, after, strict=True))

    run(test)


def test_the_safe_zone_is_shown_on_demand(project: Path) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            assert not tab.reads("Android, safe zone")
            switch = tab.one(ft.Switch, label="Show the safe zone")
            await tab.event(switch, "change", value=True)
            await tab.settle()
            assert tab.reads("Android, safe zone")

    run(test)


def test_a_folder_that_may_not_be_written_loses_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            await slide(tab, 0.2)
            monkeypatch.setattr(tab.wizard.studio._drawing, "save", full)
            await tab.click("Save as icon.png")
            await tab.settle()
            assert tab.reads("The picture could not be saved")
            assert tab.wizard.state.pictures.attempt("icon").padding == 0.2

    run(test)


def test_a_slider_is_not_held_up_by_what_it_asks_for(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            drawn: list[Any] = []
            real = tab.wizard.studio._drawing.look

            def look(wish: Any, **options: Any) -> Any:
                drawn.append(wish.tries)
                return real(wish, **options)

            monkeypatch.setattr(tab.wizard.studio._drawing, "look", look)
            slider = tab.one(ft.CupertinoSlider)
            for step in range(1, 31):
                await tab.event(slider, "change", value=step / 100)
            await tab.settle()
            assert tab.one(ft.CupertinoSlider) is slider, "it is never drawn anew under the hand"
            assert len(drawn) < 30, "what is overtaken is not drawn"
            assert drawn[-1]["icon"].padding == 0.3

    run(test)


def test_a_slider_that_never_rests_does_not_fill_the_gallery(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            swept: list[Any] = []
            monkeypatch.setattr(tab.wizard.studio._drawing.gallery, "sweep", swept.append)
            await slide(tab, 0.1)
            assert len(swept) == 2, "after the quick pass too"

    run(test)


def test_the_first_pass_is_quick_and_the_pixels_that_ship_follow(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[bool] = []
    real = Drawing.draw

    def draw(self: Any, wish: Any, order: Any, *, quick: bool, **more: Any) -> Any:
        passes.append(quick)
        return real(self, wish, order, quick=quick, **more)

    monkeypatch.setattr(Drawing, "draw", draw)

    async def test() -> None:
        async with Tab() as tab:
            await on_page(tab, project)
            assert passes == [True, False]

    run(test)
