"""What the wizard knows about the pictures of a project, and what follows: plain data, no flet.

A *slot* is a name in `assets/` that may hold a picture: `icon`, `icon_android`, `splash_dark`, …
A *try* is what somebody does to a slot and has not saved: everything shows it, nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from app.folders import Listing
from app.texts import t
from builder.colours import is_colour, rgb
from builder.images.advice import Advice
from builder.images.assets import Put
from builder.images.finish import MOST_PADDING, Fit
from builder.images.shapes import Shape
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS, Platform
from builder.problems import Problem

Page = Literal["icons", "splash"]

COMMON = "icon"
SPLASH, DARK = "splash", "splash_dark"
ICON_SLOTS: tuple[str, ...] = (COMMON, *(f"icon_{one}" for one in PLATFORMS))
SPLASH_SLOTS: tuple[str, ...] = (
    SPLASH,
    DARK,
    *(f"splash_{one}" for one in SPLASH_PLATFORMS),
    *(f"splash_dark_{one}" for one in SPLASH_PLATFORMS),
)
SLOTS: tuple[str, ...] = (*ICON_SLOTS, *SPLASH_SLOTS)
SWATCHES = ("#0B6E99", "#FFFFFF", "#FFB547", "#14181D")


@dataclass(frozen=True)
class Letter:
    """A picture that is drawn: one letter or two, the colour as a text, and the shape."""

    letters: str
    colour: str = SWATCHES[0]
    shape: Shape = "squircle"


@dataclass(frozen=True)
class Try:
    """What was tried on one slot; `colour` None: the background stays what the settings say.

    `painted`: the background becomes part of the picture, also where alpha could stay.
    """

    picture: Path | None = None
    letter: Letter | None = None
    padding: float = 0.0
    fit: Fit = "pad"
    colour: str | None = None
    painted: bool = False

    @property
    def makes_a_picture(self) -> bool:
        """Whether saving it writes a picture, and not only a setting."""
        return (
            self.picture is not None
            or self.letter is not None
            or self.padding > 0
            or self.fit == "crop"
            or self.painted
        )

    @property
    def is_plain(self) -> bool:
        """Whether the picture that was picked is to be taken as it is."""
        return (
            self.picture is not None
            and self.padding == 0
            and self.fit == "pad"
            and not self.painted
        )

    @property
    def is_wrong(self) -> bool:
        """Whether something typed cannot be used as it is."""
        colours = [self.colour, self.letter.colour if self.letter else None]
        if any(one is not None and not is_colour(one) for one in colours):
            return True
        return self.letter is not None and not 1 <= len(self.letter.letters.strip()) <= 2


_SEVERITIES = ("error", "warn", "hint")
NOTHING_TRIED = Try()


@dataclass(frozen=True)
class Shown:
    """A picture on the screen: its file in the gallery, at so many pixels of the page."""

    name: str
    width: float
    height: float


@dataclass(frozen=True)
class Preview:
    """One scene of the previews, with the pictures side by side on its ground."""

    id: str
    platform: Platform
    ground: str
    pictures: Sequence[Shown] = ()


@dataclass(frozen=True)
class Slot:
    """What a slot holds: its own file if there is one, and the picture that it shows.

    `width` and `height` are the pixels of the file that is shown, own or tried. `problem` says why
    it cannot be shown.
    """

    name: str
    path: Path | None = None
    shown: Path | None = None
    width: int = 0
    height: int = 0
    thumb: Shown | None = None
    problem: Problem | None = None

    @property
    def is_square(self) -> bool:
        """Whether there is nothing to pad or crop."""
        return self.width == self.height


@dataclass(frozen=True)
class Serving:
    """Which slot serves a platform, and the problem when that picture cannot be read.

    An empty `slot`: there is no picture at all. `dark` is the slot of the dark splash picture.
    """

    slot: str = ""
    dark: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class Kept:
    """What was written last, into one slot or several, and what puts it all back."""

    slot: str
    undo: Sequence[Put]

    @property
    def paths(self) -> list[Path]:
        """Where the old pictures are kept; none where there were none."""
        return [kept for put in self.undo for _, kept in put.replaced]


@dataclass
class Pictures:
    """Everything about the pictures of one project; see the module."""

    slots: Mapping[str, Slot] = field(default_factory=dict)
    icons: Mapping[Platform, Serving] = field(default_factory=dict)
    splashes: Mapping[Platform, Serving] = field(default_factory=dict)
    previews: dict[Page, Sequence[Preview]] = field(default_factory=dict)
    advice: dict[Page, Mapping[Platform, Sequence[Advice]]] = field(default_factory=dict)
    tries: dict[str, Try] = field(default_factory=dict)
    chosen: dict[Page, str] = field(default_factory=lambda: {"icons": COMMON, "splash": SPLASH})
    offer: Letter | None = None  # what a project without any picture could have
    drawing: str = ""  # the slot for which a letter is being drawn
    shows_safe_zone: bool = False
    swaps_grounds: bool = (
        False  # icons are seen on dark where it was light, and the other way round
    )
    kept: Kept | None = None
    problem: Problem | None = None  # why the last thing could not be done
    saving: bool = False
    typed: dict[str, str] = field(default_factory=dict)  # settings that are not saved yet, by key
    # Choosing a picture
    choosing: str = ""  # the slot for which a picture is being chosen
    folder: Path | None = None
    listing: Listing | None = None
    thumbs: dict[Path, Shown] = field(default_factory=dict)
    typed_path: str = ""
    path_note: str = ""

    # --- What is tried ---

    def attempt(self, slot: str) -> Try:
        """What is tried on a slot; an empty one where nothing is."""
        return self.tries.get(slot, NOTHING_TRIED)

    def change(self, slot: str, **changes: Any) -> None:
        """Change what is tried on a slot; what comes back to nothing is nothing any more."""
        changed = replace(self.attempt(slot), **changes)
        if changed == NOTHING_TRIED:
            self.tries.pop(slot, None)
        else:
            self.tries[slot] = changed
        self.problem = None

    def unsaved(self, page: Page | None = None) -> list[str]:
        """The slots on which something is tried, in their order."""
        slots = {"icons": ICON_SLOTS, "splash": SPLASH_SLOTS, None: SLOTS}[page]
        return [slot for slot in slots if slot in self.tries]

    # --- What there is ---

    def slot(self, name: str) -> Slot:
        """What a slot holds."""
        return self.slots.get(name) or Slot(name)

    def has_own(self, name: str) -> bool:
        """Whether a slot has a file of its own."""
        return self.slot(name).path is not None

    @property
    def has_none(self) -> bool:
        """Whether the project has no icon at all, and none is being tried."""
        return not any(self.has_own(s) or self.attempt(s).makes_a_picture for s in ICON_SLOTS)

    def suffix(self, slot: str) -> str:
        """The suffix with which a slot would be saved."""
        attempt = self.attempt(slot)
        if attempt.is_plain and attempt.picture is not None:
            return attempt.picture.suffix.lower() or ".png"
        return ".png"

    def trouble(self, page: Page, platform: Platform) -> Problem | None:
        """Why the picture that a platform would get cannot be used."""
        serving = (self.icons if page == "icons" else self.splashes).get(platform)
        return serving.problem if serving else None

    def advice_for(self, page: Page, platform: Platform) -> Sequence[Advice]:
        """What to know about the picture that a platform gets."""
        return self.advice.get(page, {}).get(platform, ())


def platform_of(slot: str) -> Platform | None:
    """The platform of a slot of its own; None for the common ones."""
    return next((one for one in PLATFORMS if slot.endswith(f"_{one}")), None)


def is_dark(slot: str) -> bool:
    """Whether a slot is for the dark splash screen."""
    return slot.startswith(DARK)


def first(platform: Platform | None, among: Sequence[Platform] = PLATFORMS) -> list[Platform]:
    """The platforms with one of them first."""
    return sorted(among, key=lambda one: one != platform)


def together(advices: Iterable[Advice]) -> list[Advice]:
    """What is the same of one picture on several platforms, once, and what each of them says."""
    found: dict[tuple[str, str], Advice] = {}
    for one in advices:
        key = (one.problem.code, one.problem.where)
        known = found.get(key)
        found[key] = one if known is None else _both(known, one)
    return list(found.values())


def _both(one: Advice, other: Advice) -> Advice:
    reasons = tuple(dict.fromkeys([*one.reasons, *other.reasons]))
    worse = min(one.problem, other.problem, key=lambda p: _SEVERITIES.index(p.severity))
    return Advice(
        replace(worse, why=" ".join(reasons)),
        tuple(dict.fromkeys([*one.remedies, *other.remedies])),
        tuple(dict.fromkeys([*one.platforms, *other.platforms])),
        reasons,
    )


def stands_bare(advice: Advice) -> bool:
    """Whether it is about icons that no background of the settings stands behind."""
    return advice.problem.code in ("icon-lost-on-light", "icon-lost-on-dark")


def in_order(previews: Iterable[Preview], *platforms: Platform | None) -> list[Preview]:
    """The previews with those of some platforms first, each platform's together."""
    wanted = [one for one in platforms if one]
    order = [*wanted, *(one for one in PLATFORMS if one not in wanted)]
    return sorted(previews, key=lambda preview: order.index(preview.platform))


def colour_of(text: str) -> str:
    """A colour as `#rrggbb`, whatever way it was written; "" for what is none."""
    text = text.strip()
    if not is_colour(text):
        return ""
    return "#{:02x}{:02x}{:02x}".format(*rgb(text))


def told_colour(text: str) -> str:
    """What is wrong with a colour, as a sentence; empty when nothing is."""
    return "" if not text.strip() or is_colour(text.strip()) else t("pictures.colour.wrong")


def as_typed(text: str) -> str:
    """What people type for a colour, as one: a hash before bare digits, no spaces around."""
    text = text.strip()
    return f"#{text}" if re.fullmatch(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}", text) else text


def clamp_padding(share: float) -> float:
    """A padding that can be drawn, in steps of one per cent of the canvas."""
    return round(min(MOST_PADDING, max(0.0, share)), 2)


def dimensions(slot: Slot) -> str:
    """The size of a picture in words; empty where nobody knows it."""
    if not slot.width:
        return ""
    if slot.shown is not None and slot.shown.suffix.lower() in (".svg", ".svgz"):
        return t("pictures.any_size")
    return t("pictures.size", width=slot.width, height=slot.height)
