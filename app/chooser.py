"""Choosing a file or folder where the system's own dialog cannot be shown: verbs, without flet."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from app import folders
from app.options import PATHS, Browsing
from app.pictures import COMMON, Pictures, Shown
from app.saver import Spawn
from app.state import WizardState, path_from
from app.texts import t
from builder.options import BY_NAME, Option

MOST_THUMBS = 60


class PathChooser:
    """Walks through folders to what an option's path may lead to.

    `take` is told the option and the file or folder that was chosen for it.
    """

    def __init__(
        self, state: WizardState, spawn: Spawn, take: Callable[[Option, Path], None]
    ) -> None:
        self._state = state
        self._spawn = spawn
        self._take = take

    def open(self, option: Option) -> None:
        """Show where the path leads to now, or the project's folder."""
        self._spawn(self._open(option))

    async def _open(self, option: Option) -> None:
        now = path_from(str(self._state.option_view().typed(option)))
        project = self._state.folder or Path.home()
        there = [project / now, (project / now).parent] if now else []
        for folder in there:
            if await asyncio.to_thread(folder.is_dir):
                self._look(option.name, folder)
                return
        self._look(option.name, project)

    def browse(self, folder: Path) -> None:
        """Show what is in a folder."""
        if self._now is not None:
            self._look(self._now.name, folder)

    def pick(self, path: Path) -> None:
        """Take a file or a folder."""
        if self._now is not None:
            option = BY_NAME[self._now.name]
            self.close()
            self._take(option, path)

    def close(self) -> None:
        """Put the folders away."""
        self._state.option_edits.browsing = None
        self._state.notify()

    @property
    def _now(self) -> Browsing | None:
        return self._state.option_edits.browsing

    def _look(self, name: str, folder: Path) -> None:
        self._state.option_edits.browsing = Browsing(name, folder)
        self._spawn(self._list(Browsing(name, folder)))
        self._state.notify()

    async def _list(self, asked: Browsing) -> None:
        suffixes = PATHS[asked.name].suffixes
        seen = await asyncio.to_thread(folders.listing, asked.folder, suffixes=suffixes)
        if self._now == asked:
            self._state.option_edits.browsing = replace(asked, listing=seen)
            self._state.notify()


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
        listing = await asyncio.to_thread(
            folders.listing, folder, suffixes=folders.PICTURE_SUFFIXES
        )
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
