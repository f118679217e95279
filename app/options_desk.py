"""What one can do on the Options page: the verbs over `OptionEdits`, without flet.

A switch or a choice is saved at once, a text when the typing pauses. What is not right is kept as
it was typed and saved once it is. Every option is written by itself, so that one that the file has
no room for holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from app import options
from app.chooser import PathChooser
from app.options import Draft, OptionEdits, OptionView, Typed
from app.saver import Saver, Spawn
from app.state import WizardState
from builder.options import BY_NAME, Option
from builder.problems import Problem

SAVE_SECONDS = 0.7  # after the last key, so that no half word is written
# Removing a line takes its comment along, and an empty field is mostly about to be filled again.
REMOVE_SECONDS = 15.0

Write = Callable[[Mapping[str, Any]], Coroutine[Any, Any, Problem | None]]


class OptionsDesk:
    """The Options page of the wizard's project.

    `read` reads the project again; `write` saves settings, each by itself, and reads it, too. It
    gives the first problem.
    """

    def __init__(
        self,
        state: WizardState,
        spawn: Spawn,
        read: Callable[[], Coroutine[Any, Any, None]],
        write: Write,
    ) -> None:
        self._state = state
        self._read = read
        self._write = write
        self._repairs: dict[str, Any] = {}  # by key: what is written whatever stands there now
        self.saver = Saver(spawn, self._save)
        self.chooser = PathChooser(state, spawn, self.take_path)

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
        self.saver.later(REMOVE_SECONDS if is_emptied else SAVE_SECONDS)
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

    def take_path(self, option: Option, path: Path) -> None:
        """A file or folder was chosen for an option."""
        self.set(option, options.as_setting(path, self._state.folder or path))

    def reset(self, option: Option) -> None:
        """Back to the default: the key leaves the file."""
        self.set(option, options.nothing(option))

    def repair(self, option: Option, at: int) -> None:
        """A value of the wrong kind becomes what it was probably meant to be, the `at`-th guess."""
        self._replace(option, options.repairs(option, self.view.stored(option))[at])

    def remove(self, option: Option) -> None:
        """A value of the wrong kind leaves the file."""
        self._replace(option, None)

    def _replace(self, option: Option, value: Any) -> None:
        self._repairs[self.view.key(option)] = value
        self.saver.now()

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
        if self.edits.drafts:
            self.saver.now()

    def leave(self) -> None:
        """Nobody types any more: what waits is written, what says nothing new is let go."""
        self.save_now()
        if self._state.project is not None:
            options.tidy(self.edits, self.view)

    def part(self) -> dict[str, Any]:
        """Another project is opened: what is still to be written into this one."""
        self.saver.close()
        changes = {**self.view.to_save(), **self._repairs}
        self._repairs = {}
        return changes

    async def _save(self) -> None:
        """Write each option after another look at what the file says by now."""
        state, folder, edits = self._state, self._state.folder, self.edits
        edits.saving = "saving"
        await self._read()
        if folder != state.folder:
            return
        self._judge()
        repairs, self._repairs = self._repairs, {}
        await self._write({**repairs, **self.view.to_save()})
        if folder != state.folder:
            return
        edits.saving = "waiting" if self.view.to_save() or self.view.wrong() else "saved"
        state.notify()
