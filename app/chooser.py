"""Choosing a picture where the system's own dialog cannot be shown: the verbs, without flet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from app import folders
from app.pictures import COMMON, Pictures, Shown
from app.saver import Spawn
from app.state import WizardState, path_from
from app.texts import t

MOST_THUMBS = 60


class Chooser:
    """Walks through folders and shows small pictures of what is in them.

    `thumb` makes one of a file; `take` is told the slot and the picture that was chosen for it.
    """

    def __init__(
        self,
        state: WizardState,
        spawn: Spawn,
        thumb: Callable[[Path], Awaitable[Shown | None]],
        take: Callable[[str, Path], None],
    ) -> None:
        self._state = state
        self._spawn = spawn
        self._thumb = thumb
        self._take = take

    @property
    def _pictures(self) -> Pictures:
        return self._state.pictures

    def open(self, slot: str) -> None:
        """Show the pictures on this computer, beginning with those of the project."""
        pictures = self._pictures
        pictures.choosing, pictures.drawing = slot, ""
        pictures.typed_path, pictures.path_note = "", ""
        own = pictures.slot(slot).path or pictures.slot(COMMON).path
        self.browse(own.parent if own else self._state.folder or Path.home())

    def browse(self, folder: Path) -> None:
        """Show what is in a folder."""
        self._pictures.folder = folder
        self._spawn(self._list(folder))
        self._state.notify()

    def pick(self, path: Path) -> None:
        """Take a picture."""
        self._take(self._pictures.choosing, path)

    def close(self) -> None:
        """Put the pictures away."""
        pictures = self._pictures
        pictures.choosing, pictures.folder, pictures.listing = "", None, None
        pictures.thumbs = {}
        self._state.notify()

    def type_path(self, text: str) -> None:
        """The path of a picture is being typed or pasted."""
        self._pictures.typed_path, self._pictures.path_note = text, ""

    def enter_path(self) -> None:
        """Take the picture at the path that was typed, or show the folder that it is."""
        path = path_from(self._pictures.typed_path)
        if path is not None:
            self._spawn(self._take_typed(path))

    async def _take_typed(self, path: Path) -> None:
        if await asyncio.to_thread(path.is_dir):
            self.browse(path)
        elif await asyncio.to_thread(path.is_file):
            self.pick(path.absolute())
        else:
            self._pictures.path_note = t("pictures.choose.missing")
            self._state.notify()

    async def _list(self, folder: Path) -> None:
        listing = await asyncio.to_thread(folders.listing, folder, pictures=True)
        if self._pictures.folder != folder:
            return
        self._pictures.listing = listing
        self._state.notify()
        for number, path in enumerate(listing.files[:MOST_THUMBS], 1):
            thumb = await self._thumb(path)
            if self._pictures.folder != folder:
                return
            if thumb is not None:
                self._pictures.thumbs[path] = thumb
            if number % 8 == 0 or number == len(listing.files):
                self._state.notify()
