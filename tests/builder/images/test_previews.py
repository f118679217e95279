"""The previews: every place there is, made of nothing but the pictures that ship."""

from __future__ import annotations

import gc
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from builder.images import icons, previews, screens, shapes, slots
from builder.images.picture import Picture, read
from builder.images.previews import Choice, Scene
from builder.images.style import PLATFORMS, RGB, Platform, Style
from tests.builder.images import make

GROUND: RGB = (11, 110, 153)
STYLE = Style(background=GROUND)


def picture(image: Image.Image) -> Picture:
    return Picture(image, *image.size, "png", False, "", Path("icon.png"))


LOGO = picture(make.logo(512))
RED_INK = (255, 0, 0, 255)
RED = picture(Image.new("RGB", (512, 512), (255, 0, 0)))


def scenes(
    of: Picture = LOGO,
    *platforms: Platform,
    style: Style = STYLE,
    is_own: bool = False,
    safe_zone: bool = False,
    quick: bool = False,
) -> dict[str, Scene]:
    chosen = {platform: Choice(of, is_own) for platform in platforms or PLATFORMS}
    styles = dict.fromkeys(PLATFORMS, style)
    made = previews.icon_scenes(chosen, styles, safe_zone=safe_zone, quick=quick)
    return {scene.id: scene for scene in made}


def splashes(
    light: Picture = LOGO,
    dark: Picture | None = None,
    *,
    style: Style = STYLE,
    is_own: bool = True,
    safe_zone: bool = False,
    quick: bool = False,
) -> dict[str, Image.Image]:
    platforms: list[Platform] = ["android", "ios", "web"]
    made = previews.splash_scenes(
        {platform: Choice(light, is_own) for platform in platforms},
        {platform: Choice(dark, True) if dark else None for platform in platforms},
        dict.fromkeys(PLATFORMS, style),
        safe_zone=safe_zone,
        quick=quick,
    )
    return {scene.id: scene.items[0].image for scene in made}


def shipped(of: Picture, platform: Platform, path: str, *, is_own: bool = False) -> object:
    return icons.render(of, platform, STYLE, is_own=is_own, wanted={path})[path].content


class TestScenes:
    @pytest.mark.parametrize("quick", [False, True])
    def test_every_place_is_shown(self, quick: bool) -> None:
        found = {**scenes(safe_zone=True, quick=quick), **dict.fromkeys(splashes(quick=quick))}
        assert set(found) == set(previews.TITLES)

    def test_the_safe_zones_only_when_wanted(self) -> None:
        more = set(scenes(safe_zone=True)) - set(scenes())
        assert more == {"android-safe-zone", "web-safe-zone"}

    @pytest.mark.parametrize("platform", PLATFORMS)
    def test_a_platform_alone(self, platform: Platform) -> None:
        found = scenes(LOGO, platform)
        assert found
        assert {scene.platform for scene in found.values()} == {platform}

    def test_every_item_has_the_pixels_that_it_needs(self) -> None:
        for scene in scenes(safe_zone=True).values():
            for item in scene.items:
                across, down = item.image.width / item.width, item.image.height / item.height
                assert across == down >= 1
                assert item.is_true_size == (across == 1)

    def test_where_there_is_no_picture_there_is_nothing(self) -> None:
        assert previews.icon_scenes({}, {}) == []
        assert previews.splash_scenes({}, {}, {}) == []


class TestSmallIcons:
    """The pixels of small icons are those of the files, to the last."""

    def test_windows(self) -> None:
        entries = shipped(LOGO, "windows", slots.WINDOWS_ICON)
        assert isinstance(entries, Mapping)
        items = scenes()["windows-taskbar"].items
        assert [item.image.size for item in items] == [(n, n) for n in (16, 24, 32, 48)]
        for item in items:
            if item.width in entries:
                assert item.image.tobytes() == entries[item.width].tobytes()

    def test_windows_with_an_icon_of_its_own(self, tmp_path: Path) -> None:
        path = tmp_path / "icon_windows.ico"
        own = {16: "red", 24: "lime", 48: "blue"}
        images = [Image.new("RGBA", (side, side), colour) for side, colour in own.items()]
        sizes = [(side, side) for side in own]
        path.write_bytes(make.saved(images[-1], "ICO", sizes=sizes, append_images=images[:-1]))
        of = replace(picture(images[-1]), path=path, format="ico", is_finished=True)
        found = scenes(of, "windows", is_own=True)
        seen = [
            item.image.convert("RGB").getpixel((8, 8)) for item in found["windows-taskbar"].items
        ]
        # There is no entry of 32 pixels, so Windows takes the next larger one.
        assert seen == [(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 255)]
        assert found["windows-start"].items[0].image.size == (48, 48)

    def test_windows_with_an_icon_of_no_size_that_it_shows(self, tmp_path: Path) -> None:
        path = tmp_path / "icon_windows.ico"
        huge = Image.new("RGBA", (2048, 1024), (255, 0, 0))
        path.write_bytes(make.ico([(0, 0, make.saved(huge, "PNG"))]))
        of = read(path)
        for item in scenes(of, "windows", is_own=True)["windows-taskbar"].items:
            assert item.image.getpixel((item.width // 2, item.height // 2))[:3] == (255, 0, 0)

    def test_windows_with_an_icon_that_broke_meanwhile(self, tmp_path: Path) -> None:
        path = tmp_path / "icon_windows.ico"
        path.write_bytes(make.saved(RED.image, "ICO"))
        of = read(path)
        path.write_bytes(b"\0\0\1")
        assert scenes(of, "windows", is_own=True)["windows-start"].items

    def test_a_browsers_tab(self) -> None:
        icon = shipped(LOGO, "web", "web/favicon.png")
        assert isinstance(icon, Image.Image)
        [item] = scenes()["web-tab"].items
        assert item.image.tobytes() == screens.tabs(icon).tobytes()

    def test_a_linux_launcher(self) -> None:
        path = f"linux/icons/hicolor/48x48/apps/{STYLE.application_id}.png"
        icon = shipped(LOGO, "linux", path)
        assert isinstance(icon, Image.Image)
        small = scenes()["linux-launcher"].items[0]
        assert small.is_true_size
        assert small.image.tobytes() == icon.tobytes()


class TestShapes:
    @pytest.mark.parametrize("shape", ["circle", "squircle", "rounded"])
    def test_android_shows_the_middle_of_both_layers_in_each_shape(
        self, shape: shapes.Shape
    ) -> None:
        [item] = scenes()[f"android-{shape}"].items
        assert (item.width, item.height) == (72, 72)
        side = item.image.width
        assert item.image.getchannel("A").tobytes() == shapes.mask(shape, side).tobytes()
        layer = shipped(LOGO, "android", previews.ANDROID_ART)
        assert isinstance(layer, Image.Image)
        left = (layer.width - side) // 2
        whole = Image.new("RGB", layer.size, GROUND)
        whole.paste(layer, (0, 0), layer)
        expected = whole.crop((left, left, left + side, left + side))
        assert item.image.convert("RGB").tobytes() == expected.tobytes()

    def test_android_has_a_background_of_its_own(self) -> None:
        style = replace(STYLE, adaptive_background=(1, 2, 3))
        assert scenes(style=style)["android-squircle"].items[0].image.getpixel((72, 5))[:3] == (
            1,
            2,
            3,
        )

    def test_ios_has_its_corners(self) -> None:
        for mode in ("light", "dark", "tinted"):
            [item] = scenes()[f"ios-{mode}"].items
            assert (item.width, item.height) == (60, 60)
            mask = shapes.mask("rounded", item.image.width)
            assert item.image.getchannel("A").tobytes() == mask.tobytes()

    def test_an_installed_web_app_may_be_cut_to_a_circle(self) -> None:
        plain, cut = scenes(RED)["web-app"].items
        assert plain.image.getpixel((0, 0)) == (255, 0, 0, 255)
        assert cut.image.getpixel((0, 0))[3] == 0


class TestColours:
    def test_a_themed_icon_has_two_colours_only(self) -> None:
        for item, (art, ground) in zip(
            scenes()["android-themed"].items, previews.THEMES, strict=True
        ):
            seen = item.image.convert("RGB")
            assert seen.getpixel((seen.width // 2, 4)) == ground
            counts = dict((colour, n) for n, colour in seen.getcolors(1 << 16) or [])
            assert counts[art] > 100
            assert counts[ground] > 1000

    def test_a_dark_icon_lies_on_a_dark_ground(self) -> None:
        [item] = scenes()["ios-dark"].items
        top, foot = (item.image.getpixel((60, y)) for y in (2, 117))
        assert max(top[:3]) < 60
        assert max(foot[:3]) < max(top[:3])

    def test_a_tinted_icon_is_of_one_hue(self) -> None:
        image = scenes()["ios-tinted"].items[0].image.convert("RGB")
        red, green, blue = image.split()
        assert ImageChops.subtract(red, green).getextrema()[1] <= 1
        assert ImageChops.subtract(green, blue).getextrema()[1] <= 1
        assert blue.getextrema()[1] > 200

    def test_another_colour_shows_at_once(self) -> None:
        for colour in ((200, 10, 10), (10, 200, 10)):
            found = scenes(style=Style(background=colour))
            for name in ("android-squircle", "ios-light"):
                image = found[name].items[0].image
                assert image.getpixel((image.width // 2, 3))[:3] == colour

    def test_a_quick_preview_is_much_like_the_exact_one(self) -> None:
        exact, quick = scenes(), scenes(quick=True)
        for name, scene in exact.items():
            for one, other in zip(scene.items, quick[name].items, strict=True):
                assert (one.width, one.height) == (other.width, other.height)
                size = (one.width, one.height)
                seen = [item.image.convert("RGBA").resize(size) for item in (one, other)]
                difference = ImageChops.difference(*(image.convert("RGB") for image in seen))
                # In the exact one light is averaged as light where icons are small.
                share = 0.15 if one.is_true_size else 0.03
                assert sum(difference.convert("L").histogram()[64:]) < share * size[0] * size[1]


class TestSafeZone:
    def test_the_whole_layer_with_a_circle(self) -> None:
        for name, platform in (("android-safe-zone", "android"), ("web-safe-zone", "web")):
            [item] = scenes(safe_zone=True)[name].items
            assert item.image.getchannel("A").getextrema() == (255, 255)
            assert item.width == {"android": 108, "web": 96}[platform]

    def test_the_circle_is_seen_on_white_and_on_black(self) -> None:
        for colour in ((255, 255, 255), (0, 0, 0)):
            of = picture(Image.new("RGB", (256, 256), colour))
            image = scenes(of, "web", safe_zone=True)["web-safe-zone"].items[0].image
            low, high = image.convert("L").getextrema()
            assert high - low > 200


class TestKept:
    def test_what_no_colour_changes_is_the_same_object(self) -> None:
        one = scenes(style=Style(background=(1, 1, 1)))
        other = scenes(style=Style(background=(9, 9, 9)))
        for name in ("windows-start", "linux-launcher"):
            for before, after in zip(one[name].items, other[name].items, strict=True):
                assert before.image is after.image

    def test_a_picture_that_goes_takes_all_along(self) -> None:
        before = len(previews._of_images)
        of = picture(make.logo(64))
        scenes(of)
        splashes(of, of)
        assert len(previews._of_images) == before + 1
        del of
        gc.collect()
        assert len(previews._of_images) == before

    def test_another_dark_picture_is_seen_at_once(self) -> None:
        for _ in range(3):
            for colour in ((0, 0, 255), (0, 255, 0)):
                dark = picture(Image.new("RGB", (64, 64), colour))
                seen = splashes(RED, dark, quick=True)["splash-ios-dark"]
                assert seen.getpixel((seen.width // 2, seen.height // 2))[:3] == colour
        seen = splashes(RED, quick=True)["splash-ios-dark"]
        assert seen.getpixel((seen.width // 2, seen.height // 2))[:3] == (255, 0, 0)

    def test_nothing_is_drawn_on_a_kept_picture(self) -> None:
        first = {name: [i.image.tobytes() for i in s.items] for name, s in scenes().items()}
        scenes(safe_zone=True, style=Style(background=(200, 0, 0)))
        again = {name: [i.image.tobytes() for i in s.items] for name, s in scenes().items()}
        assert first == again


class TestSplash:
    @pytest.mark.parametrize("quick", [False, True])
    def test_the_size_on_the_screen_is_the_logical_one(self, quick: bool) -> None:
        found = splashes(RED, quick=quick)
        widths = {name: red_box(image) for name, image in found.items()}
        on_ios = round(256 * 280 / 393)
        assert widths["splash-ios-light"] == widths["splash-ios-dark"] == on_ios
        assert widths["splash-web-light"] == widths["splash-web-dark"] == 128

    @pytest.mark.parametrize("side", [256, 2048])
    def test_flets_way_follows_the_source(self, side: int) -> None:
        of = picture(Image.new("RGB", (side, side), (255, 0, 0)))
        found = splashes(of, style=replace(STYLE, flet_way=True), quick=True)
        assert red_box(found["splash-web-light"]) == side // 8

    def test_android_cuts_it_to_a_circle(self) -> None:
        style = replace(STYLE, splash_icon_fit="none")
        seen = splashes(RED, style=style)["splash-android-light"]
        assert red_box(seen) == pytest.approx(192 * 280 / 360, abs=2)
        marked = splashes(RED, style=style, safe_zone=True)["splash-android-light"]
        assert red_box(marked) > red_box(seen)

    def test_androids_circle_may_have_a_colour(self) -> None:
        style = replace(
            STYLE, splash_icon_background=(0, 200, 0), splash_icon_dark_background=(0, 0, 200)
        )
        small = Image.new("RGBA", (256, 256))
        small.paste(RED_INK, (100, 100, 156, 156))
        found = splashes(picture(small), style=style)
        for mode, colour in (("light", (0, 200, 0)), ("dark", (0, 0, 200))):
            seen = found[f"splash-android-{mode}"].convert("RGB")
            x, y = seen.width // 2, seen.height // 2
            radius = 160 / 2 * 280 / 360
            assert seen.getpixel((x + int(radius * 0.96), y)) == colour
            assert seen.getpixel((x + int(radius * 1.05), y)) != colour

    def test_each_mode_has_its_picture_and_its_colour(self) -> None:
        style = replace(STYLE, splash_color=(250, 240, 230), splash_dark_color=(10, 20, 30))
        blue = picture(Image.new("RGB", (256, 256), (0, 0, 255)))
        for name, image in splashes(RED, blue, style=style).items():
            middle = (image.width // 2, image.height // 2 + (20 if "web" in name else 0))
            dark = name.endswith("dark")
            assert image.getpixel(middle)[:3] == ((0, 0, 255) if dark else (255, 0, 0))
            low = (image.width // 2, image.height - 40)
            assert image.getpixel(low)[:3] == (
                style.splash_dark_color if dark else style.splash_color
            )

    def test_without_a_dark_picture_dark_shows_the_light_one(self) -> None:
        for name, image in splashes(RED).items():
            middle = (image.width // 2, image.height // 2 + (20 if "web" in name else 0))
            assert image.getpixel(middle)[:3] == (255, 0, 0), name


def red_box(image: Image.Image) -> int:
    """How wide the red in a picture is, pixels of its soft edge aside."""
    red, green, blue, alpha = image.split()
    others = ImageChops.lighter(green, blue).point(lambda value: 255 * (value < 100))
    seen = ImageChops.darker(red.point(lambda value: 255 * (value > 240)), others)
    seen = ImageChops.darker(seen, alpha)
    # Not the signs of a browser's bar.
    box = seen.crop((0, 80, *image.size)).getbbox()
    assert box
    return box[2] - box[0]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
@pytest.mark.parametrize("noise", [0, 1, 90])
def test_the_bytes_for_the_screen_are_the_picture(mode: str, noise: int) -> None:
    image = Image.effect_noise((37, 23), noise).convert(mode)
    if mode.endswith("A"):
        image.putalpha(Image.effect_noise((37, 23), 60))
    with Image.open(io.BytesIO(previews.encode(image))) as read:
        assert read.convert(mode).tobytes() == image.tobytes()


def test_noise_is_sent_as_it_is_and_all_else_is_compressed() -> None:
    noise, flat = Image.effect_noise((64, 64), 90).convert("RGB"), make.logo(64)
    assert 3 * 64 * 64 < len(previews.encode(noise)) < 3.2 * 64 * 64
    assert len(previews.encode(flat)) < 0.3 * 4 * 64 * 64
