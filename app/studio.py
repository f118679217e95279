"""What one can do with the pictures of a project: the verbs over `Pictures`, without flet.

Looking and drawing happen in a thread, one at a time. A wish that comes while another is drawn
ends that one at its next platform: only the newest is ever shown. A quick pass comes first, and
the pixels that ship take its place.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app import drawing
from app.chooser import Chooser
from app.drawing import Drawing, Looked, Wish, with_settings
from app.pictures import (
    COMMON,
    DARK,
    ICON_SLOTS,
    NOTHING_TRIED,
    SPLASH,
    Kept,
    Letter,
    Page,
    Pictures,
    Serving,
    Shown,
    clamp_padding,
    platform_of,
    stands_bare,
)
from app.saver import Saver, Spawn
from app.state import WizardState
from app.texts import t
from builder import settings
from builder.colours import is_colour
from builder.images import letter
from builder.images.advice import Advice, Remedy
from builder.images.finish import Fit
from builder.images.shapes import Shape
from builder.images.style import PLATFORMS, Platform
from builder.problems import Problem, SlipwayError

ASSETS = "assets"
SAVE_SECONDS = 0.7  # after the last key of a colour

_log = logging.getLogger(__name__)

Write = Callable[[Mapping[str, Any]], Coroutine[Any, Any, Problem | None]]


class Studio:
    """The Icons and the Splash page of the wizard's project.

    `write` saves settings and reads the project again; it gives the problem, if there is one.
    """

    def __init__(self, state: WizardState, spawn: Spawn, write: Write) -> None:
        self._state = state
        self._spawn = spawn
        self._write = write
        self._drawing = Drawing()
        self._one_at_a_time = asyncio.Lock()
        self.chooser = Chooser(state, spawn, self._thumb, self.try_picture)
        self._has_news = False
        self._drawer: asyncio.Task[None] | None = None
        self._saver = Saver(spawn, self._save_typed)
        self._saving: list[asyncio.Task[None]] = []
        self._left: dict[Path, Pictures] = {}
        self._overlay: tuple[Any, Mapping[str, Any], Mapping[str, Any]] = (None, {}, {})

    @property
    def pictures(self) -> Pictures:
        """What is known about the pictures of the project."""
        return self._state.pictures

    async def _thumb(self, path: Path) -> Shown | None:
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._drawing.thumb, path)

    # --- The project ---

    def change_project(self, before: Path | None, now: Path) -> None:
        """Another project: what was tried on the last one waits until that is opened again."""
        if before is not None:
            self._left[before] = self.pictures
        self._state.pictures = self._left.pop(now, Pictures())

    def look(self) -> None:
        """Something may have changed: on disk, in the settings, or what is tried."""
        self._has_news = True
        if not self._is_drawing():
            self._drawer = self._spawn(self._draw_until_quiet())

    def glance(self) -> None:
        """Something changes on disk: a picture that is whole already is shown at once."""
        if self._state.step in ("icons", "splash") and not self._is_drawing():
            self._drawer = self._spawn(self._glance())

    async def _glance(self) -> None:
        wish, known = self._wish(), self.pictures.slots
        if wish is not None:
            async with self._one_at_a_time:
                found = (await asyncio.to_thread(self._drawing.look, wish)).slots
            is_half = any(
                slot.problem and not known.get(name, slot).problem for name, slot in found.items()
            )
            self._has_news = self._has_news or (found != known and not is_half)
        await self._draw_until_quiet()

    def _is_drawing(self) -> bool:
        return self._drawer is not None and not self._drawer.done()

    async def _draw_until_quiet(self) -> None:
        while self._has_news:
            self._has_news = False
            if (wish := self._wish()) is None:
                return
            await self._draw(wish, quick=True)
            if not self._has_news:
                await self._draw(wish, quick=False)

    async def _draw(self, wish: Wish, *, quick: bool) -> None:
        pictures, folder = self.pictures, self._state.folder
        try:
            async with self._one_at_a_time:
                looked = await asyncio.to_thread(self._drawing.look, wish, quick=quick)
                drawn = None
                if wish.page is not None and not self._has_news:
                    drawn = await asyncio.to_thread(
                        self._drawing.draw,
                        wish,
                        self._order(),
                        quick=quick,
                        is_wanted=lambda: not self._has_news,
                    )
                told = None
                if wish.page is not None and not quick and not self._has_news:
                    told = await asyncio.to_thread(self._drawing.advise, wish)
        except OSError as error:
            _log.warning("the previews could not be kept: %s", error)
            pictures.problem = _unwritable(error)
            self._state.notify()
            return
        if folder != self._state.folder or pictures is not self.pictures:
            return
        self._show(looked)
        if wish.page is not None and drawn is not None:
            pictures.previews[wish.page] = drawn
            await self._sweep()  # also while a slider moves and moves: each step leaves pictures
        if wish.page is not None and told is not None:
            pictures.advice[wish.page] = told
        self._state.notify()

    def _show(self, looked: Looked) -> None:
        pictures = self.pictures
        pictures.slots, pictures.icons = looked.slots, looked.icons
        pictures.splashes = looked.splashes
        self._offer_a_letter()

    async def _sweep(self) -> None:
        pictures = self.pictures
        shown = {
            one.name
            for previews in pictures.previews.values()
            for preview in previews
            for one in preview.pictures
        }
        shown |= {slot.thumb.name for slot in pictures.slots.values() if slot.thumb}
        shown |= {one.name for one in pictures.thumbs.values()}
        async with self._one_at_a_time:
            await asyncio.to_thread(self._drawing.gallery.sweep, shown)

    def _wish(self) -> Wish | None:
        state, pictures = self._state, self.pictures
        if state.project is None or state.folder is None:
            return None
        page: Page | None = None
        if state.step == "icons":
            page = "icons"
        elif state.step == "splash":
            page = "splash"
        tries = dict(pictures.tries)
        # Only there it is said to be an offer; anywhere else it would look like what ships.
        is_offer = page == "icons" and pictures.offer is not None and COMMON not in tries
        if is_offer:
            tries[COMMON] = replace(NOTHING_TRIED, letter=pictures.offer)
        return Wish(
            state.folder,
            state.project.app_folder / ASSETS,
            self._as_tried(state.project.pyproject),
            tries,
            page,
            pictures.shows_safe_zone,
            is_offer,
        )

    def _as_tried(self, pyproject: Mapping[str, Any]) -> Mapping[str, Any]:
        """The settings as they would be; the same object as long as nothing changes."""
        changes = {**self.colours_to_save(), **self._typed_to_save()}
        if self._overlay[0] is not pyproject or self._overlay[1] != changes:
            self._overlay = (pyproject, changes, with_settings(pyproject, changes))
        return self._overlay[2]

    def _order(self) -> list[Platform]:
        chosen = platform_of(self.pictures.chosen["icons"])
        wanted = [one for one in (chosen, self._state.platform) if one]
        return list(dict.fromkeys([*wanted, *PLATFORMS]))

    def _changed(self) -> None:
        self.look()
        self._state.notify()

    # --- What is tried ---

    def choose_slot(self, page: Page, slot: str) -> None:
        """Look at another slot of a page."""
        self.pictures.chosen[page] = slot
        self._changed()

    def pad(self, slot: str, share: float) -> None:
        """Try a padding; what is drawn brings the news, so that the slider is not held up."""
        self.pictures.change(slot, padding=clamp_padding(share))
        self.look()

    def fit(self, slot: str, fit: Fit) -> None:
        """Try to pad or to crop a picture that is not square."""
        self.pictures.change(slot, fit=fit)
        self._changed()

    def colour(self, slot: str, text: str | None) -> None:
        """Try a background; None goes back to what the settings say."""
        self.pictures.change(slot, colour=text)
        self._changed()

    def paint(self, slot: str, painted: bool) -> None:
        """Try the background as a part of the picture."""
        self.pictures.change(slot, painted=painted)
        self._changed()

    def show_safe_zone(self, shown: bool) -> None:
        """Show or hide what every launcher lets be seen."""
        self.pictures.shows_safe_zone = shown
        self._changed()

    def swap_grounds(self, swapped: bool) -> None:
        """Show the icons on the other ground: nothing is drawn anew for that."""
        self.pictures.swaps_grounds = swapped
        self._state.notify()

    def discard(self, slot: str) -> None:
        """What was tried on a slot is forgotten."""
        self.pictures.tries.pop(slot, None)
        if self.pictures.drawing == slot:
            self.pictures.drawing = ""
        self._changed()

    def try_picture(self, slot: str, path: Path) -> None:
        """Show a picture in a slot; it is copied only on `save`."""
        pictures = self.pictures
        pictures.change(slot, picture=path, letter=None, padding=0.0, fit="pad", painted=False)
        pictures.drawing = ""
        self.chooser.close()
        self._changed()

    # --- A letter ---

    def draw_letter(self, slot: str) -> None:
        """Draw a picture for a slot from a letter; it begins with the project's own."""
        pictures = self.pictures
        pictures.drawing = slot
        self.chooser.close()
        if pictures.attempt(slot).letter is None:
            pictures.change(slot, letter=self._letter(), picture=None, padding=0.0, fit="pad")
        self._changed()

    def letter(
        self,
        slot: str,
        *,
        letters: str | None = None,
        colour: str | None = None,
        shape: Shape | None = None,
    ) -> None:
        """Change what is drawn."""
        pictures = self.pictures
        now = pictures.attempt(slot).letter or pictures.offer or self._letter()
        pictures.drawing = slot
        pictures.change(
            slot,
            letter=Letter(
                now.letters if letters is None else letters,
                now.colour if colour is None else colour,
                now.shape if shape is None else shape,
            ),
            picture=None,
        )
        self._changed()

    def _letter(self) -> Letter:
        return Letter(letter.suggested(self._state.value("product")))

    def _offer_a_letter(self) -> None:
        """A project without any picture is shown what it could have; nothing is tried by that."""
        pictures = self.pictures
        none = not any(pictures.has_own(slot) for slot in ICON_SLOTS)
        offer = self._letter() if none and not pictures.unsaved("icons") else None
        if offer != pictures.offer:
            pictures.offer = offer
            self._has_news = True

    # --- Saving ---

    def save(self, slot: str) -> None:
        """Write what is tried on a slot: the picture into `assets/`, the colour as a setting."""
        attempt = self.pictures.attempt(slot)
        if attempt == NOTHING_TRIED and self.pictures.offer is not None and slot == COMMON:
            self.pictures.change(COMMON, letter=self.pictures.offer)
        self._start(self._save(slot))

    async def _save(self, slot: str) -> None:
        pictures, wish = self.pictures, self._wish()
        attempt = pictures.attempt(slot)
        if wish is None or attempt == NOTHING_TRIED or attempt.is_wrong:
            return
        if attempt.makes_a_picture:
            await self._keep(self._drawing.save, wish, slot)
        changes = self.colour_keys(slot, attempt.colour) if attempt.colour else {}
        if changes and not await self._saves(changes):
            pictures.change(slot, **_blank(colour=attempt.colour))
            return
        if attempt == pictures.attempt(slot):
            pictures.tries.pop(slot, None)
        pictures.drawing = ""

    async def _saves(self, changes: Mapping[str, Any]) -> bool:
        """Write settings; whether it worked. What went wrong is shown where one is looking."""
        pictures = self.pictures
        pictures.problem = await self._write(changes)
        return pictures.problem is None

    def remedy(self, advice: Advice, remedy: Remedy, page: Page, colour: str = "") -> None:
        """Carry out what helps against an advice; `colour` is the one for a background.

        `bigger` is the page's part: only it has the system's dialog.
        """
        slots = self.slots_of(advice, remedy, page)
        if self.is_setting(advice, remedy):
            self._start(self._save_background(slots[0], colour))
        else:
            self._start(self._save_remedy(slots, remedy, advice.platforms, colour))

    def is_setting(self, advice: Advice, remedy: Remedy) -> bool:
        """Whether a remedy is a setting, and not a picture that is written."""
        return remedy == "background" and not stands_bare(advice)

    def slots_of(self, advice: Advice, remedy: Remedy, page: Page) -> list[str]:
        """The slots to which a remedy writes: the picture's own, or those of the platforms where
        it is good only for them.
        """
        for_some = remedy == "shrink" or (remedy == "background" and stands_bare(advice))
        dark = advice.problem.code.startswith("splash-dark")
        start = "icon" if page == "icons" else DARK if dark else SPLASH
        if for_some:
            return [f"{start}_{platform}" for platform in advice.platforms]
        of = self.pictures.icons if page == "icons" else self.pictures.splashes
        serving = [of.get(platform, Serving()) for platform in advice.platforms]
        return list(dict.fromkeys((one.dark if dark else one.slot) or COMMON for one in serving))

    async def _save_background(self, slot: str, colour: str) -> None:
        if await self._saves(self.colour_keys(slot, colour)):
            self.pictures.change(slot, colour=None)

    async def _save_remedy(
        self, slots: Sequence[str], remedy: Remedy, platforms: Sequence[Platform], colour: str
    ) -> None:
        wish = self._wish()
        if wish is None:
            return
        await self._keep(self._drawing.remedy, wish, slots, remedy, platforms[0], colour)
        for slot in slots:
            self.pictures.tries.pop(slot, None)

    def use_common(self, slot: str) -> None:
        """A platform gets the common icon again; its own picture is kept elsewhere."""
        self._start(self._use_common(slot))

    async def _use_common(self, slot: str) -> None:
        wish = self._wish()
        self.pictures.tries.pop(slot, None)
        if wish is not None:
            await self._keep(drawing.put_away, wish, slot)

    def put_back(self) -> None:
        """What was replaced last comes back."""
        self._start(self._put_back())

    async def _put_back(self) -> None:
        kept = self.pictures.kept
        if kept is not None:
            async with self._one_at_a_time:
                left, problem = await asyncio.to_thread(drawing.put_back, kept)
            self.pictures.kept, self.pictures.problem = left, problem

    def forget_kept(self) -> None:
        """The word about the old picture was read."""
        self.pictures.kept = None
        self._state.notify()

    async def _keep(self, work: Callable[..., Kept], *arguments: Any) -> None:
        async with self._one_at_a_time:
            self.pictures.kept = await asyncio.to_thread(work, *arguments)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """One change of the disk at a time; what fails is told, and all is as it was."""
        if self.pictures.saving:
            work.close()
            return
        self.pictures.saving, self.pictures.problem = True, None
        self._spawn_saving(self._finish(work))
        self._state.notify()

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        pictures = self.pictures
        try:
            await work
        except SlipwayError as error:
            pictures.problem = error.problem
        except OSError as error:
            pictures.problem = _unwritable(error)
        finally:
            pictures.saving = False
            self._changed()

    # --- Colours ---

    def background(self, slot: str) -> str:
        """The background of a slot as the settings say it; white where they say nothing."""
        pyproject = self._state.project.pyproject if self._state.project else {}
        for key in reversed(_background_keys(slot, pyproject)):
            value = settings.stored(pyproject, key)
            if isinstance(value, str) and is_colour(value):
                return value
        common = settings.stored(pyproject, "tool.flet.icon_background")
        return common if isinstance(common, str) and is_colour(common) else "#FFFFFF"

    def colour_keys(self, slot: str, colour: str) -> dict[str, Any]:
        """The settings that give a slot a background."""
        pyproject = self._state.project.pyproject if self._state.project else {}
        return dict.fromkeys(_background_keys(slot, pyproject), colour)

    def colours_to_save(self) -> dict[str, Any]:
        """The settings that all tried backgrounds would write."""
        found: dict[str, Any] = {}
        for slot, attempt in self.pictures.tries.items():
            if attempt.colour and not attempt.is_wrong:
                found |= self.colour_keys(slot, attempt.colour)
        return found

    # --- The splash screen's settings ---

    def setting(self, key: str) -> Any:
        """What the file says, or what was typed over it."""
        if key in self.pictures.typed:
            return self.pictures.typed[key]
        pyproject = self._state.project.pyproject if self._state.project else {}
        return settings.stored(pyproject, key)

    def type_colour(self, key: str, text: str) -> None:
        """A colour of the splash screen was typed; it is saved when the typing pauses."""
        self.pictures.typed[key] = text
        self._saver.later(SAVE_SECONDS)
        self._changed()

    def set_splash(self, platform: Platform, shown: bool) -> None:
        """Whether a platform shows a splash screen; the default leaves no line behind."""
        key = f"tool.flet.splash.{platform}"
        self._spawn_saving(self._write_settings({key: None if shown else False}))

    def save_now(self) -> None:
        """Write the colours that were typed and are colours."""
        if self._typed_to_save():
            self._saver.now()

    def saving(self) -> list[asyncio.Task[None]]:
        """What is being written just now."""
        return [*self._saving, *([self._saver.task] if self._saver.task else [])]

    def part(self) -> dict[str, Any]:
        """Another project is opened: what is still to be written into this one."""
        self._saver.close()
        return self._typed_to_save()

    def close(self) -> None:
        """No timer goes off any more."""
        self._saver.close()

    def _spawn_saving(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._spawn(work)
        self._saving = [*(one for one in self._saving if not one.done()), task]

    async def _save_typed(self) -> None:
        if changes := self._typed_to_save():
            await self._write_settings(changes)

    def _typed_to_save(self) -> dict[str, Any]:
        return {
            key: text.strip() or None
            for key, text in self.pictures.typed.items()
            if not text.strip() or is_colour(text.strip())
        }

    async def _write_settings(self, changes: Mapping[str, Any]) -> None:
        pictures = self.pictures
        if await self._saves(changes):
            for key, value in changes.items():
                if (pictures.typed.get(key, "").strip() or None) == value:
                    pictures.typed.pop(key, None)
        self._changed()


def _background_keys(slot: str, pyproject: Mapping[str, Any]) -> list[str]:
    """The keys that decide over the background of a slot.

    Android's adaptive icon has one of its own; where a project uses it, it goes before the others.
    """
    platform = platform_of(slot)
    if platform is None:
        return ["tool.flet.icon_background"]
    keys = [f"tool.flet.{platform}.icon_background"]
    adaptive = "tool.flet.android.adaptive_icon_background"
    if platform == "android" and settings.stored(pyproject, adaptive) is not None:
        keys.append(adaptive)
    return keys


def _blank(colour: str | None) -> dict[str, Any]:
    """What is left of a try when its picture was written and its colour could not be."""
    return {
        "picture": None,
        "letter": None,
        "padding": 0.0,
        "fit": "pad",
        "painted": False,
        "colour": colour,
    }


def _unwritable(error: OSError) -> Problem:
    return Problem(
        "picture-unwritable",
        t("pictures.unwritable.title"),
        why=t("pictures.unwritable.why", reason=error.strerror or str(error)),
        do=t("pictures.unwritable.do"),
        where=str(error.filename or ""),
    )
