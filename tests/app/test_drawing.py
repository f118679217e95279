"""What the pages show is drawn from the files, the settings and what is tried."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app import drawing, gallery
from app.drawing import Drawing, Wish
from app.pictures import Letter, Preview, Try
from builder import settings
from builder.images import assets, previews
from builder.images.finish import Finish
from builder.images.picture import Picture
from builder.images.style import PLATFORMS
from builder.problems import Problem, ProjectError
from tests.app import art


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / ".cache"))


@pytest.fixture
def wish(tmp_path: Path) -> Wish:
    art.logo(tmp_path / "assets" / "icon.png", 256)
    return Wish(tmp_path, tmp_path / "assets", {"project": {"name": "x"}}, {}, "icons")


def tried(wish: Wish, slot: str = "icon", **changes: Any) -> Wish:
    return replace(wish, tries={slot: Try(**changes)})


def of(drawn: list[Preview] | None, start: str) -> list[Preview]:
    assert drawn is not None
    return [one for one in drawn if one.id.startswith(start)]


def test_a_folder_that_may_not_be_looked_into(wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    one = Drawing()
    looked = one.look(wish)
    assert looked.slots == {}
    assert all(serving.problem for serving in looked.icons.values())
    assert one.draw(wish, PLATFORMS, quick=True) == []
    assert one.advise(wish) == {}


def test_nothing_is_wrong_with_what_is_only_offered(wish: Wish) -> None:
    letter = tried(wish, letter=Letter("T"))
    assert Drawing().advise(letter)
    assert Drawing().advise(replace(letter, is_offer=True)) == {}


def test_looks_at_every_slot(wish: Wish) -> None:
    art.plain(wish.assets / "icon_ios.jpg", (300, 200))
    looked = Drawing().look(wish)
    assert looked.slots["icon"].path == wish.assets / "icon.png"
    assert (looked.slots["icon_ios"].width, looked.slots["icon_ios"].height) == (300, 200)
    assert looked.slots["icon_android"].path is None
    assert looked.icons["ios"].slot == "icon_ios"
    assert looked.icons["web"].slot == "icon"
    assert looked.splashes["web"].slot == "icon"
    thumb = looked.slots["icon"].thumb
    assert thumb is not None
    assert gallery.find(thumb.name)


def test_no_picture_is_no_trouble(wish: Wish) -> None:
    (wish.assets / "icon.png").unlink()
    looked = Drawing().look(wish)
    assert not any(one.problem or one.slot for one in looked.icons.values())
    assert Drawing().draw(wish, PLATFORMS, quick=True) == []
    assert Drawing().advise(wish) == {}


def test_a_picture_that_cannot_be_read_is_told_where_it_serves(wish: Wish) -> None:
    (wish.assets / "icon.png").write_bytes(b"no picture")
    art.plain(wish.assets / "icon_web.png")
    looked = Drawing().look(wish)
    assert looked.slots["icon"].problem
    assert looked.icons["android"].problem
    assert looked.icons["web"].problem is None
    assert looked.splashes["web"].problem is None, "that of an icon is told where icons are"


def test_a_splash_picture_that_cannot_be_read(wish: Wish) -> None:
    (wish.assets / "splash_dark.png").write_bytes(b"no picture")
    assert Drawing().look(wish).splashes["web"].problem


def test_a_file_that_changed_is_read_again(wish: Wish) -> None:
    one = Drawing()
    before = one.look(wish).slots["icon"].thumb
    art.plain(wish.assets / "icon.png")
    assert one.look(wish).slots["icon"].thumb != before


def test_all_platforms_are_drawn_in_the_order_asked_for(wish: Wish) -> None:
    order = ["web", *(one for one in PLATFORMS if one != "web")]
    drawn = Drawing().draw(wish, order, quick=True)  # type: ignore[arg-type]
    assert drawn is not None
    assert list(dict.fromkeys(one.platform for one in drawn)) == order
    assert all(gallery.find(shown.name) for one in drawn for shown in one.pictures)


def test_only_what_changed_is_drawn_anew(wish: Wish, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = previews.icon_scenes

    def counted(choices: Any, styles: Any, **options: Any) -> Any:
        asked.extend(choices)
        return real(choices, styles, **options)

    monkeypatch.setattr(previews, "icon_scenes", counted)
    one = Drawing()
    first = one.draw(wish, PLATFORMS, quick=True)
    assert asked == list(PLATFORMS)
    second = one.draw(tried(wish, "icon_android", padding=0.2), PLATFORMS, quick=True)
    assert asked == [*PLATFORMS, "android"]
    assert of(first, "ios") == of(second, "ios")
    assert of(first, "android") != of(second, "android")


def test_a_newer_wish_ends_an_older_one(wish: Wish) -> None:
    answers = iter([True, True, False])
    assert Drawing().draw(wish, PLATFORMS, quick=True, is_wanted=lambda: next(answers)) is None


def test_a_background_is_seen_as_if_it_were_set(wish: Wish) -> None:
    changes = {"tool.flet.icon_background": "#ff0000"}
    red = replace(wish, pyproject=drawing.with_settings(wish.pyproject, changes))
    one = Drawing()
    white, colour = (one.draw(w, ["ios"], quick=False) for w in (wish, red))
    assert of(white, "ios-light") != of(colour, "ios-light")


def test_settings_are_laid_over_without_touching_the_file() -> None:
    before = {"tool": {"flet": {"org": "x"}}}
    after = drawing.with_settings(before, {"tool.flet.splash.color": "red", "tool.flet.org": None})
    assert after == {"tool": {"flet": {"splash": {"color": "red"}}}}
    assert before == {"tool": {"flet": {"org": "x"}}}
    odd = drawing.with_settings({"tool": "text"}, {"tool.flet.org": "y"})
    assert settings.stored(odd, "tool.flet.org") == "y"
    assert settings.stored({"tool": "text"}, "tool.flet.org") is None


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({"padding": 0.2}, 500),
        ({"fit": "crop"}, 200),
        ({"painted": True}, 300),
        ({"letter": Letter("T")}, 1024),
    ],
)
def test_what_is_tried_is_what_is_saved(wish: Wish, changes: dict[str, Any], side: int) -> None:
    art.plain(wish.assets / "icon.png", (300, 200))
    wanted, one = tried(wish, **changes), Drawing()
    promised = one.look(wanted).slots["icon"].thumb
    kept = one.save(wanted, "icon")
    assert [one.exists() for one in kept.paths] == [True]
    with Image.open(wish.assets / "icon.png") as saved:
        assert saved.size == (side, side)
    now = one.look(replace(wanted, tries={})).slots["icon"].thumb
    assert now == promised
    drawing.put_back(kept)
    with Image.open(wish.assets / "icon.png") as back:
        assert back.size == (300, 200)


def test_a_platform_begins_with_the_common_picture(wish: Wish) -> None:
    one = Drawing()
    kept = one.save(tried(wish, "icon_web", padding=0.1), "icon_web")
    assert kept.paths == []
    assert (wish.assets / "icon_web.png").is_file()
    assert one.look(wish).icons["web"].slot == "icon_web"
    drawing.put_back(kept)
    assert not (wish.assets / "icon_web.png").exists()


def test_the_common_picture_does_not_jump_when_a_platform_makes_it_its_own(wish: Wish) -> None:
    one = Drawing()
    one.save(tried(wish, "icon_android", padding=0.01), "icon_android")
    with Image.open(wish.assets / "icon_android.png") as saved:
        box, side = saved.getbbox(), saved.width
    assert box is not None
    assert 0.5 < (box[2] - box[0]) / side < 0.57, "the 56.7 % that it had, and a little less"


def test_a_picked_picture_is_copied_as_it_is(wish: Wish, tmp_path: Path) -> None:
    photo = art.plain(tmp_path / "photo.jpg", (640, 640))
    kept = Drawing().save(tried(wish, picture=photo), "icon")
    assert (wish.assets / "icon.jpg").read_bytes() == photo.read_bytes()
    assert not (wish.assets / "icon.png").exists()
    assert len(kept.paths) == 1


def test_what_cannot_be_read_is_not_saved(wish: Wish, tmp_path: Path) -> None:
    odd = tmp_path / "odd.png"
    odd.write_bytes(b"no picture")
    before = (wish.assets / "icon.png").read_bytes()
    for changes in ({"picture": odd}, {"picture": odd, "padding": 0.1}):
        with pytest.raises(ProjectError):
            Drawing().save(tried(wish, **changes), "icon")
    assert (wish.assets / "icon.png").read_bytes() == before


def test_a_colour_that_is_half_typed_changes_nothing(wish: Wish) -> None:
    one = Drawing()
    assert one.look(tried(wish, padding=0.2, colour="#12")).slots == one.look(wish).slots


def test_putting_away_and_back(wish: Wish) -> None:
    art.plain(wish.assets / "icon_ios.png")
    kept = drawing.put_away(wish, "icon_ios")
    assert not (wish.assets / "icon_ios.png").exists()
    assert [one.exists() for one in kept.paths] == [True]
    drawing.put_back(kept)
    assert (wish.assets / "icon_ios.png").exists()


@pytest.mark.parametrize("remedy", ["pad", "crop", "shrink", "as-png", "background"])
def test_remedies_write_a_finished_picture(wish: Wish, remedy: Any) -> None:
    art.plain(wish.assets / "icon_android.webp", (300, 200))
    Drawing().remedy(wish, ["icon_android"], remedy, "android", "#ff0000")
    with Image.open(wish.assets / "icon_android.png") as saved:
        assert saved.width == saved.height
    assert not (wish.assets / "icon_android.webp").exists()


def files(wish: Wish) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in wish.assets.iterdir()}


def test_what_was_written_for_several_platforms_is_put_back_as_a_whole(wish: Wish) -> None:
    art.plain(wish.assets / "icon_web.webp")
    before, slots = files(wish), ["icon_android", "icon_web"]
    kept = Drawing().remedy(wish, slots, "shrink", "android", "")
    assert set(files(wish)) == {"icon.png", "icon_android.png", "icon_web.png"}
    assert [one.suffix for one in kept.paths] == [".webp"]
    assert drawing.put_back(kept) == (None, None)
    assert files(wish) == before


def test_a_remedy_for_several_platforms_is_all_or_nothing(
    wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = files(wish), assets.put

    def put(folder: Path, name: str, *rest: Any) -> assets.Put:
        if name == "icon_web":
            raise ProjectError(Problem("full", "The disk is full"))
        return real(folder, name, *rest)

    monkeypatch.setattr(assets, "put", put)
    with pytest.raises(ProjectError):
        Drawing().remedy(wish, ["icon_android", "icon_web"], "shrink", "android", "")
    assert files(wish) == before


def test_what_changed_meanwhile_does_not_keep_the_others_from_being_put_back(wish: Wish) -> None:
    kept = Drawing().remedy(wish, ["icon_android", "icon_web"], "shrink", "android", "")
    mine = art.plain(wish.assets / "icon_web.png").read_bytes()
    left, problem = drawing.put_back(kept)
    assert left is not None
    assert problem is not None
    assert [put.path.name for put in left.undo] == ["icon_web.png"]
    assert files(wish).keys() == {"icon.png", "icon_web.png"}
    assert (wish.assets / "icon_web.png").read_bytes() == mine


def test_no_picture_has_more_than_two_pixels_for_one_that_is_shown(wish: Wish) -> None:
    for page in ("icons", "splash"):
        drawn = Drawing().draw(replace(wish, page=page), PLATFORMS, quick=False)
        assert drawn
        for scene in drawn:
            for shown in scene.pictures:
                path = gallery.find(shown.name)
                assert path is not None
                with Image.open(path) as image:
                    assert image.width <= 2 * shown.width, scene.id
                    assert image.height <= 2 * shown.height, scene.id


def test_the_smallest_pictures_are_shown_pixel_by_pixel(wish: Wish) -> None:
    drawn = Drawing().draw(wish, ["windows"], quick=False)
    [taskbar] = of(drawn, "windows-taskbar")
    for shown in taskbar.pictures:
        path = gallery.find(shown.name)
        assert path is not None
        with Image.open(path) as image:
            assert image.size == (shown.width, shown.height)


def test_a_quick_picture_is_small(wish: Wish) -> None:
    one, wanted = Drawing(), tried(wish, padding=0.1)
    one.look(wanted, quick=True)
    assert [made.image.width for made in one._made.values()] == [drawing.QUICK_SIZE]


def test_splash_screens_follow_the_icon_that_is_tried(wish: Wish) -> None:
    splash, one = replace(wish, page="splash"), Drawing()
    first = one.draw(splash, PLATFORMS, quick=True)
    second = one.draw(tried(splash, letter=Letter("T")), PLATFORMS, quick=True)
    assert first is not None
    assert second is not None
    assert [s.id for s in first] == [s.id for s in second]
    assert first != second


def test_a_platform_without_splash_screen_has_no_preview(wish: Wish) -> None:
    changes = {"tool.flet.splash.android": False}
    splash = replace(wish, page="splash", pyproject=drawing.with_settings(wish.pyproject, changes))
    drawn = Drawing().draw(splash, PLATFORMS, quick=True)
    assert not of(drawn, "splash-android")
    assert of(drawn, "splash-web")


def test_what_passes_while_a_slider_moves_is_forgotten(
    wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST_PIXELS", 4 * drawing.QUICK_SIZE**2)
    one = Drawing()
    for step in range(20):
        one.look(tried(wish, padding=step / 100), quick=True)
    assert len(one._made) <= 5


def test_large_pictures_that_are_not_wanted_any_more_are_forgotten(
    wish: Wish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST_PIXELS", 3 * 256**2)
    one = Drawing()
    for number in range(8):
        photo = art.plain(wish.folder / f"{number}.png", (256, 256))
        one.look(tried(wish, "icon_web", picture=photo))
    assert len(one._read) <= 4
    assert wish.assets / "icon.png" in one._read, "what is wanted each time stays"


def test_what_was_swept_away_is_drawn_again(wish: Wish) -> None:
    one = Drawing()
    first = one.draw(wish, PLATFORMS, quick=True)
    for path in gallery.folder().iterdir():
        path.unlink()
    assert one.draw(wish, PLATFORMS, quick=True) == first
    assert first is not None
    assert all(gallery.find(shown.name) for scene in first for shown in scene.pictures)


def test_a_small_picture_of_a_file(wish: Wish, tmp_path: Path) -> None:
    (tmp_path / "odd.png").write_bytes(b"")
    assert Drawing().thumb(tmp_path / "odd.png") is None
    thumb = Drawing().thumb(wish.assets / "icon.png")
    assert thumb is not None
    assert thumb.width == drawing.SMALL_THUMB


@pytest.mark.parametrize(
    ("size", "how", "side"),
    [
        ((1024, 1024), Finish(), 1024),
        ((64, 64), Finish(), 64),
        ((64, 64), Finish(padding=0.25), 128),
        ((300, 100), Finish(), 300),
        ((300, 100), Finish(fit="crop"), 100),
        ((2048, 2048), Finish(padding=0.2), 2048),
        ((1, 1), Finish(padding=0.45), 11),
    ],
)
def test_a_finished_picture_has_no_pixels_that_are_made_up(
    size: tuple[int, int], how: Finish, side: int
) -> None:
    image = Image.new("RGBA", size)
    picture = Picture(image, *size, "png", False, "", Path("icon.png"))
    assert drawing.full_size(picture, how) == side
