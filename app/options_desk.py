"""What one can do on the Options page: the verbs over `OptionEdits`, without flet.

A switch or a choice is saved at once, a text when the typing pauses. What is not right is kept as
it was typed and saved once it is. Every option is written by itself, so that one that the file has
no room for holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from app import options
from app.options import Draft, OptionEdits, OptionView, Typed
from app.state import WizardState
from builder import settings
from builder.options import BY_NAME, Option
from builder.problems import SlipwayError

SAVE_SECONDS = 0.7  # after the last key, so that no half word is written
# Removing a line takes its comment along, and an empty field is mostly about to be filled again.
REMOVE_SECONDS = 15.0

_log = logging.getLogger(__name__)

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
Write = Callable[[Mapping[str, Any]], Coroutine[Any, Any, None]]


class OptionsDesk:
    """The Options page of the wizard's project.

    `read` reads the project again; `write` saves settings and reads it, too.
    """

    def __init__(
        self,
        state: WizardState,
        spawn: Spawn,
        read: Callable[[], Coroutine[Any, Any, None]],
        write: Write,
    ) -> None:
        self._state = state
        self._spawn = spawn
        self._read = read
        self._write = write
        self._save_again = False
        self._save_soon: asyncio.TimerHandle | None = None
        self.saver: asyncio.Task[None] | None = None

    @property
    def edits(self) -> OptionEdits:
        """What the page remembers."""
        return self._state.option_edits

    @property
    def view(self) -> OptionView:
        """The table as it is now."""
        return self._state.option_view()

    # --- The values ---

    def type(self, option: Option, typed: Typed) -> None:
        """An editor was typed into."""
        self._draft(option, typed)
        is_emptied = options.parse(option, typed) == (None, "")
        self._save_later(REMOVE_SECONDS if is_emptied else SAVE_SECONDS)
        self._state.notify()

    def set(self, option: Option, typed: Typed) -> None:
        """Something was chosen that is whole as it is."""
        self._draft(option, typed)
        self.save_now()
        self._state.notify()

    def switch(self, option: Option, on: bool) -> None:
        """A switch was turned."""
        self.set(option, "true" if on else "false")

    def include(self, option: Option, item: str, on: bool) -> None:
        """An item of a list was switched; the others stay, those that nobody knows as well."""
        items = self.view.items(option)
        left = [one for one in items if one != item]
        self.set(option, "\n".join([*items, *([] if item in items else [item])] if on else left))

    def reset(self, option: Option) -> None:
        """Back to the default: the key leaves the file."""
        self.set(option, options.nothing(option))

    def repair(self, option: Option, at: int) -> None:
        """A value of the wrong kind becomes what it was probably meant to be, the `at`-th guess."""
        value = options.repairs(option, self.view.stored(option))[at]
        self._spawn_saving(self._write({self.view.key(option): value}))

    def remove(self, option: Option) -> None:
        """A value of the wrong kind leaves the file."""
        self._spawn_saving(self._write({self.view.key(option): None}))

    def keep_mine(self, option: Option) -> None:
        """What was typed wins over what the file says now."""
        draft = self.edits.drafts[option.name]
        self.edits.drafts[option.name] = Draft(draft.typed, self.view.stored(option), draft.trouble)
        self.save_now()
        self._state.notify()

    def take_theirs(self, option: Option) -> None:
        """What the file says now wins over what was typed."""
        self.edits.drafts.pop(option.name, None)
        self._state.notify()

    def _draft(self, option: Option, typed: Typed) -> None:
        view, before = self.view, self.edits.drafts.get(option.name)
        base = view.stored(option) if before is None else before.base
        self.edits.drafts[option.name] = Draft(typed, base)
        self._judge()
        self.edits.saving = "waiting"
        self._state.save_problem = None

    def _judge(self) -> None:
        """What the rules say about all that is typed; one may be right only with another."""
        if self._state.folder is not None:
            options.judge_all(self.edits, self.view, self._state.folder)

    # --- Where the site lies ---

    def lie_in_folder(self, in_folder: bool) -> None:
        """Whether the site lies below a path; the path that was typed last is remembered."""
        option, edits = BY_NAME["base_url"], self.edits
        now = self.view.typed(option)
        if isinstance(now, str) and now.strip("/ "):
            edits.last_folder = now
        edits.in_folder = in_folder
        self.set(option, edits.last_folder if in_folder else "")

    # --- Looking for a setting ---

    def show_all(self, shown: bool) -> None:
        """Unfold all settings, or fold them."""
        self.edits.is_open = shown
        self._state.notify()

    def search(self, query: str) -> None:
        """Look for a setting."""
        self.edits.query, self.edits.picked = query, ()
        self.edits.shows_all_found = False
        self._state.notify()

    def only_changed(self, only: bool) -> None:
        """Show only what is set."""
        self.edits.only_changed, self.edits.picked = only, ()
        self._state.notify()

    def show_wrong(self) -> None:
        """Show what is not right. It stays in sight while one puts it right."""
        edits = self.edits
        edits.is_open, edits.query, edits.only_changed = True, "", False
        edits.picked = tuple(one.name for one in self.view.hidden_trouble())
        self._state.notify()

    def unfold(self, group: str) -> None:
        """Unfold a group, or fold it."""
        self.edits.groups ^= {group}
        self._state.notify()

    def show_others(self, shown: bool) -> None:
        """Show what only other targets use."""
        self.edits.shows_others = shown
        self._state.notify()

    def show_all_found(self) -> None:
        """Show what was found to the end."""
        self.edits.shows_all_found = True
        self._state.notify()

    # --- Saving ---

    def save_now(self) -> None:
        """Write what may be written."""
        self.close()
        if not self.edits.drafts:
            return
        self._save_again = True
        if self.saver is None or self.saver.done():
            self.saver = self._spawn(self._save_until_quiet())

    def leave(self) -> None:
        """Nobody types any more: what waits is written, what says nothing new is let go."""
        self.save_now()
        if self._state.project is not None:
            options.tidy(self.edits, self.view)

    def part(self) -> None:
        """Another project is opened: what waits is still written into this one."""
        self.close()
        changes = self.view.to_save()
        if self._state.folder is not None and changes:
            self._spawn_saving(self._write_last(self._state.folder, changes))

    async def _write_last(self, folder: Path, changes: Mapping[str, Any]) -> None:
        try:
            await asyncio.to_thread(settings.save, folder, changes)
        except SlipwayError as error:  # nobody looks at that project any more
            _log.warning("what was typed last in %s is not saved: %s", folder, error.problem.title)

    def close(self) -> None:
        """No timer goes off any more."""
        if self._save_soon is not None:
            self._save_soon.cancel()
            self._save_soon = None

    def _save_later(self, seconds: float) -> None:
        self.close()
        loop = asyncio.get_running_loop()
        self._save_soon = loop.call_later(seconds, self.save_now)

    def _spawn_saving(self, work: Coroutine[Any, Any, None]) -> None:
        self.saver = self._spawn(work)

    async def _save_until_quiet(self) -> None:
        while self._save_again:
            self._save_again = False
            await self._save_once()

    async def _save_once(self) -> None:
        """Write each option after another look at what the file says by now."""
        state, folder, edits = self._state, self._state.folder, self.edits
        edits.saving = "saving"
        await self._read()
        self._judge()
        problem = None
        for key, value in self.view.to_save().items():
            if folder != state.folder:
                return
            await self._write({key: value})
            problem = problem or state.save_problem
        state.save_problem = problem or state.save_problem
        edits.saving = "waiting" if self.view.to_save() or self.view.wrong() else "saved"
        state.notify()
