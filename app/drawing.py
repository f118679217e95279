"""Draws what the Icons and Splash pages show: the one door from the face to `builder.images`.

All of it takes time and runs in a thread, one call at a time. What was read or drawn once is kept,
so that only what changed is drawn anew.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image

from app.folders import PICTURE_SUFFIXES
from app.gallery import Gallery
from app.pictures import (
    COMMON,
    DARK,
    ICON_SLOTS,
    NOTHING_TRIED,
    SPLASH,
    SPLASH_SLOTS,
    Kept,
    Letter,
    Page,
    Preview,
    Serving,
    Shown,
    Slot,
    Try,
    platform_of,
)
from app.texts import t
from builder import settings
from builder.colours import is_colour, rgb
from builder.images import (
    advice,
    assets,
    finish,
    framing,
    from_settings,
    letter,
    picture,
    png,
    previews,
    sources,
)
from builder.images.advice import Advice, Remedy
from builder.images.finish import Finish
from builder.images.picture import LARGEST, Picture
from builder.images.style import PLATFORMS, RGB, SPLASH_PLATFORMS, WHITE, Platform, Style
from builder.problems import Problem, ProjectError
from builder.targets import TARGET_OF

THUMB = 248  # pixels of the picture in its slot: two for each on which it is shown
SMALL_THUMB = 72
DENSITY = 2  # what has more pixels for each that is shown gets ragged edges in a browser
QUICK_SIZE = 384  # pixels of a finished picture that stands in for a moment
MOST_KEPT = 400  # scenes
MOST_PIXELS = 17_000_000  # of pictures that were read, and of finished ones: four of the largest
MOST_LETTERS = 8

# Where art that was made for no platform is drawn smaller.
_FRAMES: Mapping[Platform, framing.Frame] = {
    "android": framing.ANDROID,
    "ios": framing.IOS,
    "macos": framing.MACOS,
}


@dataclass(frozen=True)
class Wish:
    """What is to be drawn: a project as it would be with what is tried and typed."""

    folder: Path
    assets: Path
    pyproject: Mapping[str, Any]
    tries: Mapping[str, Try]
    page: Page | None = None
    safe_zone: bool = False
    is_offer: bool = False  # the common icon is only an example of what could be


@dataclass(frozen=True)
class Looked:
    """Which pictures there are, and whom they serve."""

    slots: Mapping[str, Slot]
    icons: Mapping[Platform, Serving]
    splashes: Mapping[Platform, Serving]


@dataclass(frozen=True)
class _Chosen:
    """The picture of a platform: `None` with a problem when it cannot be read, or without any."""

    slot: str = ""
    picture: Picture | None = None
    is_own: bool = False
    problem: Problem | None = None


class Drawing:
    """Reads, draws and remembers. Only one thread at a time may use it."""

    def __init__(self) -> None:
        self.gallery = Gallery()
        self._read: dict[Path, tuple[tuple[int, int], Picture | Problem]] = {}
        self._made: dict[tuple[str, Finish, bool], Picture] = {}
        self._letters: dict[tuple[Letter, int], Picture | Problem] = {}
        self._thumbs: dict[tuple[str, int], Shown] = {}
        self._scenes: dict[tuple[Any, ...], Sequence[Preview]] = {}
        self._advice: dict[tuple[Any, ...], Sequence[Advice]] = {}

    # --- What there is ---

    def look(self, wish: Wish, *, quick: bool = False) -> Looked:
        """Which pictures there are, each read, with a small one of it to show."""
        self._forget_some()
        if (problem := _closed(wish.assets)) is not None:
            none = Serving(problem=problem)
            return Looked({}, dict.fromkeys(PLATFORMS, none), dict.fromkeys(SPLASH_PLATFORMS, none))
        return Looked(
            {name: self._slot(wish, name, quick) for name in (*ICON_SLOTS, *SPLASH_SLOTS)},
            {one: _serving(self._icon(wish, one, quick)) for one in PLATFORMS},
            {one: self._splash_serving(wish, one, quick) for one in SPLASH_PLATFORMS},
        )

    def _slot(self, wish: Wish, name: str, quick: bool) -> Slot:
        attempt = _tried(wish, name)
        path = _own_file(wish.assets, name)
        if path is None and not attempt.makes_a_picture:
            return Slot(name)
        shown = self._effective(wish, name, quick)
        of = attempt.picture or (None if attempt.letter else path)
        if shown.picture is None:
            return Slot(name, path, of, problem=shown.problem)
        base = self._base(wish, name, quick).picture or shown.picture
        thumb = self._thumb(shown.picture, QUICK_SIZE if quick else THUMB)
        return Slot(name, path, of, base.width, base.height, thumb)

    def _splash_serving(self, wish: Wish, platform: Platform, quick: bool) -> Serving:
        light = self._splash(wish, platform, quick)
        dark = self._dark(wish, platform, quick)
        # What is wrong with an icon is told where icons are.
        problem = (light.problem if light.slot not in ICON_SLOTS else None) or dark.problem
        return Serving(light.slot, dark.slot, problem)

    # --- Which picture a platform gets, with what is tried ---

    def _icon(self, wish: Wish, platform: Platform, quick: bool) -> _Chosen:
        own = f"icon_{platform}"
        source = sources.icon(wish.assets, platform)
        if _tried(wish, own).makes_a_picture or (source is not None and source.name == own):
            return replace(self._effective(wish, own, quick), is_own=True)
        if _tried(wish, COMMON).makes_a_picture:
            return self._effective(wish, COMMON, quick)
        return _Chosen() if source is None else self._open(source.path, source.name)

    def _splash(self, wish: Wish, platform: Platform, quick: bool) -> _Chosen:
        """The light splash picture; `is_own` is false where it is the icon."""
        source = sources.splash(wish.assets, platform, dark=False)
        found = source.name if source is not None else ""
        for name in (f"{SPLASH}_{platform}", SPLASH):
            if _tried(wish, name).makes_a_picture or found == name:
                return replace(self._effective(wish, name, quick), is_own=True)
        if source is None or source.name in ICON_SLOTS:
            return self._icon_for_splash(wish, platform, quick, found)
        return replace(self._open(source.path, found), is_own=source.is_own)

    def _icon_for_splash(self, wish: Wish, platform: Platform, quick: bool, found: str) -> _Chosen:
        """The icon that stands in: the one on disk, or what is tried in its place."""
        name = found or COMMON
        if found or _tried(wish, name).makes_a_picture:
            return replace(self._effective(wish, name, quick), is_own=False)
        return _Chosen()

    def _dark(self, wish: Wish, platform: Platform, quick: bool) -> _Chosen:
        source = sources.splash(wish.assets, platform, dark=True)
        found = source.name if source is not None else ""
        for name in (f"{DARK}_{platform}", DARK):
            if _tried(wish, name).makes_a_picture or found == name:
                return replace(self._effective(wish, name, quick), is_own=True)
        return _Chosen()

    def _effective(self, wish: Wish, name: str, quick: bool) -> _Chosen:
        """The picture of a slot as it would be saved."""
        base, attempt = self._base(wish, name, quick), _tried(wish, name)
        if base.picture is None:
            return base
        how = _finish_of(wish, name, attempt)
        if how == Finish():
            return base
        if self._begins_with_common(wish, name):
            how = _with_room(base.picture, how, platform_of(name))
        return replace(base, picture=self._finished(base.picture, how, quick))

    def _begins_with_common(self, wish: Wish, name: str) -> bool:
        attempt = _tried(wish, name)
        is_other = name in ICON_SLOTS and name != COMMON and _own_file(wish.assets, name) is None
        return is_other and attempt.picture is None and attempt.letter is None

    def _base(self, wish: Wish, name: str, quick: bool) -> _Chosen:
        """The picture that a slot begins with: drawn, picked, its own, or the common one."""
        attempt = _tried(wish, name)
        if attempt.letter is not None:
            return self._drawn(attempt.letter, name, QUICK_SIZE if quick else finish.SIZE)
        if attempt.picture is not None:
            return self._open(attempt.picture, name)
        if (path := _own_file(wish.assets, name)) is not None:
            return self._open(path, name)
        if self._begins_with_common(wish, name):
            return replace(self._effective(wish, COMMON, quick), slot=name)
        return _Chosen(name)

    # --- Reading and finishing, each once ---

    def _open(self, path: Path, name: str) -> _Chosen:
        found = self._read_once(path)
        if isinstance(found, Problem):
            return _Chosen(name, problem=found)
        return _Chosen(name, found)

    def _read_once(self, path: Path) -> Picture | Problem:
        stamp = _stamp(path)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            try:
                known = (stamp, picture.read(path))
            except ProjectError as error:
                known = (stamp, error.problem)
        self._read.pop(path, None)
        self._read[path] = known  # the last one: it was wanted last
        return known[1]

    def _finished(self, of: Picture, how: Finish, quick: bool) -> Picture:
        key = (of.digest, how, quick)
        if key not in self._made:
            size = QUICK_SIZE if quick else full_size(of, how)
            made = finish.as_picture(finish.finish(of, how, size=size, quick=quick), of)
        else:
            made = self._made.pop(key)
        self._made[key] = made  # the last one: it was wanted last
        return made

    def _drawn(self, wanted: Letter, name: str, size: int) -> _Chosen:
        key = (wanted, size)
        if key not in self._letters:
            self._letters[key] = _draw_letter(wanted, size)
        made = self._letters[key]
        if isinstance(made, Problem):
            return _Chosen(name, problem=made)
        return _Chosen(name, made)

    def _thumb(self, of: Picture, side: int) -> Shown:
        key = (of.digest, side)
        if key not in self._thumbs or not self.gallery.has(self._thumbs[key].name):
            image = of.image.copy()
            image.thumbnail((side, side))
            shown = self.gallery.hang(previews.encode(image))
            self._thumbs[key] = Shown(shown, image.width, image.height)
        return self._thumbs[key]

    def _forget_some(self) -> None:
        """What is kept stays small: pictures are large, and hundreds pass while a slider moves."""
        _cut_to_pixels(self._made, _pixels)
        _cut_to_pixels(self._read, lambda known: _pixels(known[1]))
        _cut(self._made, MOST_KEPT)
        _cut(self._read, MOST_KEPT)
        _cut(self._letters, MOST_LETTERS)
        _cut(self._thumbs, MOST_KEPT)
        _cut(self._scenes, MOST_KEPT)
        _cut(self._advice, MOST_KEPT)

    # --- The previews ---

    def draw(
        self,
        wish: Wish,
        order: Sequence[Platform],
        *,
        quick: bool,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> list[Preview] | None:
        """The previews of the page that is wished for; None when nobody wants them any more."""
        found: list[Preview] = []
        if _closed(wish.assets) is not None:
            return found
        for platform in order:
            if not is_wanted():
                return None
            if wish.page == "icons":
                found += self._icon_previews(wish, platform, quick)
            elif platform in SPLASH_PLATFORMS:
                found += self._splash_previews(wish, platform, quick)
        return found

    def _icon_previews(self, wish: Wish, platform: Platform, quick: bool) -> Sequence[Preview]:
        chosen = self._icon(wish, platform, quick)
        if chosen.picture is None:
            return ()
        style = _style(wish, platform)
        choice = previews.Choice(chosen.picture, chosen.is_own)
        key = ("icon", platform, chosen.picture.digest, chosen.is_own, style, wish.safe_zone, quick)
        if not self._hangs(key):
            self._scenes[key] = self._hang(
                previews.icon_scenes(
                    {platform: choice}, {platform: style}, safe_zone=wish.safe_zone, quick=quick
                ),
                quick,
            )
        return self._scenes[key]

    def _splash_previews(self, wish: Wish, platform: Platform, quick: bool) -> Sequence[Preview]:
        light, dark = self._splash(wish, platform, quick), self._dark(wish, platform, quick)
        if light.picture is None or not _values(wish, platform)[1][platform]:
            return ()
        style = _style(wish, platform)
        dark_digest = dark.picture.digest if dark.picture else ""
        key = ("splash", platform, light.picture.digest, dark_digest, light.is_own, style, quick)
        if not self._hangs(key):
            by_night = previews.Choice(dark.picture, True) if dark.picture else None
            self._scenes[key] = self._hang(
                previews.splash_scenes(
                    {platform: previews.Choice(light.picture, light.is_own)},
                    {platform: by_night},
                    {platform: style},
                    quick=quick,
                ),
                quick,
            )
        return self._scenes[key]

    def _hangs(self, key: tuple[Any, ...]) -> bool:
        """Whether scenes were drawn before, and all their pictures are there still."""
        known = self._scenes.get(key)
        if known is None:
            return False
        return all(self.gallery.has(one.name) for scene in known for one in scene.pictures)

    def _hang(self, scenes: Iterable[previews.Scene], quick: bool) -> Sequence[Preview]:
        return tuple(
            Preview(
                scene.id,
                scene.platform,
                scene.ground,
                tuple(self._shown(one, quick) for one in scene.items),
            )
            for scene in scenes
        )

    def _shown(self, one: previews.Item, quick: bool) -> Shown:
        image, most = one.image, (one.width * DENSITY, one.height * DENSITY)
        if image.width > most[0] and not quick:
            image = image.resize(most, Image.Resampling.LANCZOS, reducing_gap=2)
        return Shown(self.gallery.hang(previews.encode(image)), one.width, one.height)

    # --- What to know ---

    def advise(self, wish: Wish) -> Mapping[Platform, Sequence[Advice]]:
        """What to know about the pictures of a page, by platform."""
        if wish.is_offer or _closed(wish.assets) is not None:
            return {}
        of = self._icon_advice if wish.page == "icons" else self._splash_advice
        platforms = PLATFORMS if wish.page == "icons" else SPLASH_PLATFORMS
        return {one: found for one in platforms if (found := of(wish, one))}

    def _icon_advice(self, wish: Wish, platform: Platform) -> Sequence[Advice]:
        chosen = self._icon(wish, platform, False)
        if chosen.picture is None:
            return ()
        style = _style(wish, platform)
        key = ("icon", platform, chosen.picture.digest, chosen.is_own, style)
        if key not in self._advice:
            self._advice[key] = advice.of_icon(
                chosen.picture, platform, style, is_own=chosen.is_own
            )
        return self._advice[key]

    def _splash_advice(self, wish: Wish, platform: Platform) -> Sequence[Advice]:
        light, dark = self._splash(wish, platform, False), self._dark(wish, platform, False)
        if light.picture is None or not _values(wish, platform)[1][platform]:
            return ()
        style = _style(wish, platform)
        dark_digest = dark.picture.digest if dark.picture else ""
        key = ("splash", platform, light.picture.digest, dark_digest, light.is_own, style)
        if key not in self._advice:
            self._advice[key] = advice.of_splash(
                light.picture, dark.picture, platform, style, is_icon=not light.is_own
            )
        return self._advice[key]

    # --- Small pictures of files ---

    def thumb(self, path: Path) -> Shown | None:
        """A small picture of a file; None where it cannot be read.

        What was read for it is not kept: a folder may hold hundreds of photos.
        """
        try:
            return self._thumb(picture.read(path), SMALL_THUMB)
        except ProjectError:
            return None

    # --- Saving ---

    def save(self, wish: Wish, name: str) -> Kept:
        """Write what is tried on a slot. Raises ProjectError, and leaves all as it was."""
        attempt = _tried(wish, name)
        kept = assets.kept_folder(wish.folder)
        if attempt.is_plain and attempt.picture is not None:
            return Kept(name, (assets.copy_in(wish.assets, name, attempt.picture, kept),))
        made = self._effective(wish, name, False)
        if made.picture is None:
            raise ProjectError(made.problem or _nothing_to_save(name))
        data = png.encode(made.picture.image)
        return Kept(name, (assets.put(wish.assets, name, data, ".png", kept),))

    def remedy(
        self, wish: Wish, names: Sequence[str], remedy: Remedy, platform: Platform, colour: str
    ) -> Kept:
        """Write the pictures that a remedy makes: all, or none and ProjectError is raised.

        `platform` is the one for which a slot that serves several is made.
        """
        made = [
            (name, self._remedied(wish, name, remedy, platform_of(name) or platform, colour))
            for name in names
        ]
        kept = assets.kept_folder(wish.folder)
        puts: list[assets.Put] = []
        try:
            for name, data in made:
                puts.append(assets.put(wish.assets, name, data, ".png", kept))
        except ProjectError:
            _take_back(puts)
            raise
        return Kept(names[0], tuple(puts))

    def _remedied(
        self, wish: Wish, name: str, remedy: Remedy, platform: Platform, colour: str
    ) -> bytes:
        """The file that a remedy makes of a slot's picture. Raises ProjectError."""
        base = self._effective(wish, name, False)
        if base.picture is None and name not in ICON_SLOTS:
            dark = name.startswith(DARK)
            base = (self._dark if dark else self._splash)(wish, platform, False)
        if base.picture is None:
            raise ProjectError(base.problem or _nothing_to_save(name))
        how = Finish(fit="crop") if remedy == "crop" else Finish()
        if remedy == "shrink":
            how = finish.shrunk_to_safe_zone(base.picture, platform)
        if remedy == "background":
            how = Finish(background=rgb(colour))
        return png.encode(finish.finish(base.picture, how, size=full_size(base.picture, how)))


def _pixels(of: Picture | Problem) -> int:
    return of.image.width * of.image.height if isinstance(of, Picture) else 0


def _cut_to_pixels(table: dict[Any, Any], pixels: Callable[[Any], int]) -> None:
    """Forget the oldest until the others have no more than `MOST_PIXELS`; the newest stays."""
    total = sum(map(pixels, table.values()))
    while total > MOST_PIXELS and len(table) > 1:
        total -= pixels(table.pop(next(iter(table))))


def _cut(table: dict[Any, Any], most: int) -> None:
    """Forget the oldest until no more than `most` are left."""
    while len(table) > most:
        table.pop(next(iter(table)))


def put_back(kept: Kept) -> tuple[Kept | None, Problem | None]:
    """Undo what was saved. What changed meanwhile stays: what is left to undo, and why."""
    left, problem = _take_back(kept.undo)
    return (replace(kept, undo=left) if left else None), problem


def _take_back(puts: Sequence[assets.Put]) -> tuple[Sequence[assets.Put], Problem | None]:
    """Undo all that can be undone, the last first; what is left, and why."""
    left: list[assets.Put] = []
    problem: Problem | None = None
    for put in reversed(puts):
        try:
            assets.take_back(put)
        except ProjectError as error:
            left, problem = [put, *left], error.problem
    return tuple(left), problem


def put_away(wish: Wish, name: str) -> Kept:
    """Move the pictures of a slot to where old ones are kept. Raises ProjectError."""
    put = assets.put_away(wish.assets, name, assets.kept_folder(wish.folder))
    return Kept(name, (put,))


def with_settings(pyproject: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """A `pyproject.toml` as it would be with some settings; None takes one out."""
    out: dict[str, Any] = dict(pyproject)
    for key, value in changes.items():
        table, *inner = out, *key.split(".")
        for part in inner[:-1]:
            below = table.get(part)
            table[part] = dict(below) if isinstance(below, Mapping) else {}
            table = table[part]
        if value is None:
            table.pop(inner[-1], None)
        else:
            table[inner[-1]] = value
    return out


def full_size(of: Picture, how: Finish) -> int:
    """How many pixels a finished picture gets: no detail is lost, and none is made up.

    Enlarged it would look no better, and nothing could tell any more that it is too small.
    """
    side = min(of.image.size) if how.fit == "crop" else max(of.image.size)
    return max(1, min(LARGEST, math.ceil(side / (1 - 2 * how.padding))))


def common_file(folder: Path) -> Path | None:
    """The common icon of an `assets/`, if there is one."""
    return _own_file(folder, COMMON)


def _closed(folder: Path) -> Problem | None:
    """Why nobody can look into an `assets/`."""
    try:
        sources.icon(folder, "web")
    except ProjectError as error:
        return error.problem
    return None


def _tried(wish: Wish, name: str) -> Try:
    attempt = wish.tries.get(name, NOTHING_TRIED)
    return NOTHING_TRIED if attempt.is_wrong else attempt


def _own_file(folder: Path, name: str) -> Path | None:
    """The file of a slot: the one that a platform takes, else any picture of that name."""
    for source in _sources(folder, name):
        if source is not None and source.name == name:
            return source.path
    found = sorted(p for p in folder.glob(f"{name}.*") if p.suffix.lower() in PICTURE_SUFFIXES)
    return found[0] if found else None


def _sources(folder: Path, name: str) -> Iterator[sources.Source | None]:
    own = platform_of(name)
    if name in ICON_SLOTS:
        yield from (sources.icon(folder, one) for one in ([own] if own else PLATFORMS[::-1]))
    else:
        dark = name.startswith(DARK)
        for one in [own] if own else SPLASH_PLATFORMS[::-1]:
            yield sources.splash(folder, one, dark=dark)


def _finish_of(wish: Wish, name: str, attempt: Try) -> Finish:
    background = _background(wish, name) if attempt.painted else None
    return Finish(attempt.padding, background, attempt.fit)


def _with_room(of: Picture, how: Finish, platform: Platform | None) -> Finish:
    """With the room that the common picture gets on a platform, and its own would not: so that it
    does not jump when it becomes one.
    """
    frame = _FRAMES.get(platform) if platform else None
    extent = framing.extent(of.image, frame) if frame else 1.0
    padding = (1 - extent * (1 - 2 * how.padding)) / 2
    return replace(how, padding=min(finish.MOST_PADDING, padding))


def _background(wish: Wish, name: str) -> RGB:
    """The colour behind a slot, as the settings say it with what is tried."""
    platform = platform_of(name)
    if platform is not None:
        style = _style(wish, platform)
        return style.background
    text = settings.stored(wish.pyproject, "tool.flet.icon_background")
    return rgb(text) if isinstance(text, str) and is_colour(text) else WHITE


def _style(wish: Wish, platform: Platform) -> Style:
    return _values(wish, platform)[0]


_resolved: dict[tuple[int, Platform], tuple[Mapping[str, Any], Style, Mapping[str, bool]]] = {}


def _values(wish: Wish, platform: Platform) -> tuple[Style, Mapping[str, bool]]:
    """The style of a platform, and which platforms show a splash screen at all."""
    key = (id(wish.pyproject), platform)
    known = _resolved.get(key)
    if known is None or known[0] is not wish.pyproject:
        values, _ = settings.resolve(wish.pyproject, wish.folder, target=TARGET_OF[platform])
        shows = {
            "android": values.splash_android,
            "ios": values.splash_ios,
            "web": values.splash_web,
        }
        known = (wish.pyproject, from_settings.style(values), shows)
        _resolved[key] = known
        while len(_resolved) > 24:
            _resolved.pop(next(iter(_resolved)))
    return known[1], known[2]


def _serving(chosen: _Chosen) -> Serving:
    return Serving(chosen.slot, problem=chosen.problem)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _draw_letter(wanted: Letter, size: int) -> Picture | Problem:
    try:
        image: Image.Image = letter.draw(
            wanted.letters.strip(), rgb(wanted.colour), wanted.shape, size=size
        )
    except ProjectError as error:
        return error.problem
    digest = hashlib.sha256(f"{wanted}{size}".encode()).hexdigest()
    return Picture(image, size, size, "png", False, digest, Path(f"{wanted.letters}.png"))


def _nothing_to_save(name: str) -> Problem:
    return Problem("no-picture", t("pictures.nothing_to_save", slot=name))
