"""The rules about slots and tries: what is saved, what is unsaved, what is said once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import pictures as rules
from app.pictures import Letter, Pictures, Preview, Slot, Try
from builder.images.advice import Advice
from builder.images.finish import MOST_PADDING
from builder.images.style import PLATFORMS, Platform
from builder.problems import Problem


def test_a_try_knows_what_saving_it_would_do() -> None:
    assert not Try(colour="#fff").makes_a_picture
    for attempt in (Try(padding=0.1), Try(fit="crop"), Try(painted=True), Try(letter=Letter("T"))):
        assert attempt.makes_a_picture
        assert not attempt.is_plain
    assert Try(picture=Path("a.png")).is_plain
    assert not Try(picture=Path("a.png"), padding=0.1).is_plain


@pytest.mark.parametrize(
    "attempt",
    [
        Try(colour="bleu"),
        Try(letter=Letter("")),
        Try(letter=Letter("abc")),
        Try(letter=Letter("T", "#12")),
    ],
)
def test_what_is_half_typed_is_not_used(attempt: Try) -> None:
    assert attempt.is_wrong


def test_what_comes_back_to_nothing_is_saved() -> None:
    pictures = Pictures()
    pictures.change("icon", padding=0.2)
    pictures.change("splash", padding=0.1)
    assert pictures.unsaved() == ["icon", "splash"]
    assert pictures.unsaved("icons") == ["icon"]
    pictures.change("icon", padding=0.0)
    assert pictures.unsaved("icons") == []


def test_a_picture_that_is_taken_as_it_is_keeps_its_suffix() -> None:
    pictures = Pictures()
    pictures.change("icon", picture=Path("photo.JPG"))
    assert pictures.suffix("icon") == ".jpg"
    pictures.change("icon", padding=0.1)
    assert pictures.suffix("icon") == ".png"


@pytest.mark.parametrize(
    ("slot", "platform"),
    [
        ("icon", None),
        ("icon_android", "android"),
        ("splash", None),
        ("splash_dark", None),
        ("splash_dark_web", "web"),
    ],
)
def test_the_platform_of_a_slot(slot: str, platform: str | None) -> None:
    assert rules.platform_of(slot) == platform
    assert slot in rules.SLOTS


def test_the_previews_of_what_is_built_come_first() -> None:
    found = [Preview(f"{p}-x", p, "light") for p in PLATFORMS]
    order = [one.platform for one in rules.in_order(found, "web", None)]
    assert order == ["web", "android", "ios", "macos", "windows", "linux"]
    order = [one.platform for one in rules.in_order(found, "linux", "web")]
    assert order[:3] == ["linux", "web", "android"]


def test_the_same_advice_is_given_once() -> None:
    def advice(platform: Platform, severity: str, where: str = "icon.png") -> Advice:
        problem = Problem("icon-x", "X", why=platform, severity=severity, where=where)  # type: ignore[arg-type]
        return Advice(problem, ("bigger",), (platform,), ("Both.", platform))

    found = rules.together(
        [advice("web", "hint"), advice("ios", "warn"), advice("android", "warn", "other.png")]
    )
    assert [one.platforms for one in found] == [("web", "ios"), ("android",)]
    assert found[0].problem.severity == "warn"
    assert found[0].problem.why == "Both. web ios"
    assert found[0].remedies == ("bigger",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("0b6e99", "#0b6e99"), (" #FFF ", "#FFF"), ("abc", "#abc"), ("red", "red"), ("", "")],
)
def test_what_people_type_for_a_colour(typed: str, meant: str) -> None:
    assert rules.as_typed(typed) == meant


def test_colours_are_compared_however_they_are_written() -> None:
    assert rules.colour_of("WHITE") == rules.colour_of("#fff") == "#ffffff"
    assert rules.colour_of("bleu") == ""
    assert rules.told_colour("bleu")
    assert not rules.told_colour("")


@pytest.mark.parametrize(("share", "kept"), [(-1, 0), (0.123, 0.12), (3, MOST_PADDING)])
def test_a_padding_can_always_be_drawn(share: float, kept: float) -> None:
    assert rules.clamp_padding(share) == kept


def test_a_slot_says_how_large_its_picture_is() -> None:
    assert rules.dimensions(Slot("icon", width=1024, height=512)) == "1024 × 512"
    assert rules.dimensions(Slot("icon")) == ""
    drawn = Slot("icon", shown=Path("icon.svg"), width=1152, height=1152)
    assert rules.dimensions(drawn) == "sharp at any size"
    assert not Slot("icon", width=2, height=1).is_square
