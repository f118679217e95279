"""What one can do in the wizard: the verbs over `WizardState`, without flet.

Pages call these methods and draw the state; they hold no logic of their own. Each method runs on
the event loop and returns at once; what takes time goes to a thread or the engine's process, and
`state.notify` follows when it is done.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from app import app_files, folders, recents, sample
from app.app_files import AppFile
from app.options_desk import OptionsDesk
from app.saver import Saver
from app.state import (
    SHOWN,
    Forecast,
    Run,
    WizardState,
    backend_key,
    entry_changes,
    forecast,
    next_step,
    options_of,
    path_from,
    previous_step,
)
from app.studio import Studio
from app.texts import t
from app.watch import Watch
from builder import host, places, project, settings
from builder.history import LastBuild
from builder.problems import Fix, Problem, SlipwayError
from builder.toolchains.inventory import Has

SAVE_SECONDS = 0.7  # after the last key, so that no half word is written
# Removing a line takes its comment along, and an empty field is mostly about to be filled again.
REMOVE_SECONDS = 15.0
LAST_SECONDS = 3.0  # for saving at the end; a dead disk must not keep Slipway from ending
TICK_SECONDS = 0.5
TOOLS_SECONDS = 4.0  # between two looks at which tools are there; a few files each
TYPE_SECONDS = 0.4  # after the last key of a path

_log = logging.getLogger(__name__)


class Engine(Protocol):
    """What the wizard asks of `app.engine`."""

    def start_build(self, target: str, project: Path, options: Mapping[str, Any]) -> Any: ...
    def current(self) -> Any: ...
    async def plan(
        self, target: str, project: Path, options: Mapping[str, Any]
    ) -> dict[str, Any]: ...
    async def tools(self) -> Has: ...
    async def last_build(self, project: Path, target: str) -> LastBuild | None: ...
    async def in_menu(self, program: Path, wish: Literal["", "add", "remove"] = "") -> bool: ...


class Showing(Protocol):
    """What the wizard asks of `app.showing`."""

    async def serve(self, folder: Path, base_url: str = "") -> str: ...
    async def stop_serving(self) -> None: ...
    def served(self) -> str: ...
    def watch_served(self, changed: Callable[[], None]) -> Callable[[], None]: ...
    async def start_program(self, path: Path) -> str: ...
    def open_folder(self, path: Path) -> Any: ...
    def open_url(self, url: str) -> Any: ...


class Wizard:
    """The wizard of this process; every tab shows the same one."""

    def __init__(self, engine: Engine, showing: Showing, state: WizardState | None = None) -> None:
        self.engine = engine
        self.showing = showing
        self.state = state or WizardState(host=host.current())
        self.state.recents = recents.load()
        self._tasks: set[asyncio.Task[None]] = set()
        self.studio = Studio(self.state, self._spawn, self._write)
        self.desk = OptionsDesk(self.state, self._spawn, self._read_now, self._write_each)
        self._saver = Saver(self._spawn, self._save)
        # What is read while it is written is neither the old nor the new, and two that write at
        # once would each write what they had read before.
        self._at_the_disk = asyncio.Lock()
        self._one_tick = asyncio.Lock()
        self._watch = Watch(self._disk_changed, self._folder_gone, self.studio.glance)
        self._read_again = False
        self._reader: asyncio.Task[None] | None = None
        self._type_soon: asyncio.TimerHandle | None = None
        self._parting: set[asyncio.Task[None]] = set()
        self._builder: asyncio.Task[None] | None = None
        self._unfollow: Callable[[], None] | None = None
        self._clock: asyncio.Task[None] | None = None
        self._tools: asyncio.Task[None] | None = None
        self._lookout: asyncio.Task[None] | None = None
        # A site or an app can be looked at now, or no longer: it may have ended by itself.
        self._unwatch_served = showing.watch_served(lambda: self._told_where(""))
        self._follow(engine.current())

    # --- Where one is ---

    def go(self, step: str) -> None:
        """Go to a page, if it can be reached; going back always can."""
        if step not in SHOWN or (self._is_ahead(step) and self.state.blocked(step)):
            return
        self._leave()
        self.state.step = step
        self._arrive(step)
        self.state.notify()

    def next(self) -> None:
        """What the one filled button does: on, or build."""
        if self.state.step == "build":
            self.build_or_go_on()
        elif self.state.step != SHOWN[-1]:
            self.go(next_step(self.state.step))

    def back(self) -> None:
        """To the page before. Never loses anything, and a running build goes on."""
        self.go(previous_step(self.state.step))

    def _is_ahead(self, step: str) -> bool:
        return SHOWN.index(step) > SHOWN.index(self.state.step)

    def _leave(self) -> None:
        if self.state.edits:
            self._saver.now()
        self.studio.save_now()
        self.desk.leave()

    def _arrive(self, step: str) -> None:
        if step in ("icons", "splash"):
            self.studio.look()
        if step in ("target", "build"):
            self.look_at_tools()
        if step == "target" and (self._lookout is None or self._lookout.done()):
            self._lookout = self._spawn(self._keep_looking())
        if step == "build" and not self.state.building():
            self._spawn(self._look_ahead())
        if step == "result":
            self.state.in_menu = None
            if program := self.state.for_menu():
                self._spawn(self._menu(program, ""))

    # --- The project ---

    def type_path(self, text: str) -> None:
        """A path was typed or pasted: open it as soon as it is one."""
        self.state.typed_path = text
        if self._type_soon is not None:
            self._type_soon.cancel()
        loop = asyncio.get_running_loop()
        self._type_soon = loop.call_later(TYPE_SECONDS, self._try_path, False)

    def enter_path(self) -> None:
        """Enter was pressed in the path field: open it, or say what is wrong with it."""
        self._try_path(True)

    def _try_path(self, is_sure: bool) -> None:
        if self._type_soon is not None:
            self._type_soon.cancel()
            self._type_soon = None
        path = path_from(self.state.typed_path)
        if path is None:
            self.state.path_note, self.state.path_offer = "", None
            self.state.notify()
        else:
            self._spawn(self._open_typed(path, is_sure))

    async def _open_typed(self, path: Path, is_sure: bool) -> None:
        text = self.state.typed_path
        note, offer = await asyncio.to_thread(_what_is_there, path)
        if text != self.state.typed_path:
            return  # typed on meanwhile
        if not note and not is_sure and path != self.state.folder and folders.is_wide(path):
            note = t("project.path.wide")  # whoever types a longer path comes by here
        self.state.path_note, self.state.path_offer = note, offer
        if not note and (path != self.state.folder or is_sure):
            self.open(path, keep_text=True)
        self.state.notify()

    def open(self, folder: Path, *, keep_text: bool = False) -> None:
        """Take a folder as the project."""
        folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
        state = self.state
        if folder != state.folder:
            self._part()
            self.studio.change_project(state.folder, folder)
            state.change_project(folder)
        state.browsing, state.listing = None, None
        state.path_note, state.path_offer = "", None
        if not keep_text:
            state.typed_path = str(folder)
        self._watch.start(folder)
        self._read()
        self._leave()  # what could not be saved when this project was left
        state.notify()

    def _part(self) -> None:
        """Another project is opened: what waits is still written into this one."""
        state = self.state
        self._saver.close()
        changes = {**state.to_save(), **self.desk.part(), **self.studio.part()}
        if state.folder is not None and state.project is not None and changes:
            task = self._spawn(self._write_each(changes, state.folder))
            self._parting.add(task)
            task.add_done_callback(self._parting.discard)

    def open_sample(self) -> None:
        """Take the user's copy of the sample that comes with Slipway."""
        self._spawn(self._open_sample())

    async def _open_sample(self) -> None:
        try:
            self.open(await asyncio.to_thread(sample.folder))
        except OSError as error:
            _log.warning("the sample could not be copied: %s", error)
            why = t("project.sample.why", reason=error.strerror or str(error))
            self.state.notice = Problem("no-sample", t("project.sample.failed"), why=why)
            self.state.notify()

    def forget_recent(self, folder: Path) -> None:
        """Take a project off the list of recent ones."""
        self.state.recents = recents.forget(folder, self.state.recents)
        self.state.notify()

    def read_again(self) -> None:
        """Read the project anew, because someone asked for it."""
        self._read()
        self.state.notify()

    def choose_entry(self, candidate: str) -> None:
        """Another file is where the app starts; this is saved with the project."""
        if self.state.project is not None:
            self._spawn(self._write(entry_changes(self.state.project, candidate)))

    def pack(self, file: AppFile, is_packed: bool) -> None:
        """What the app reads or writes is packed along, or left out; saved with the project."""
        self._spawn(self._pack([file.path, *file.beside], is_packed))

    async def _pack(self, paths: list[str], is_packed: bool) -> None:
        async with self._one_tick:  # the next tick has to see what this one has written
            if self.state.project is not None:
                found, target = self.state.project, self.state.target
                await self._write(app_files.changes(found, target, paths, is_packed))

    def _read(self) -> None:
        """Read the project in a thread; a wish that comes meanwhile leads to one more reading."""
        self._read_again = True
        if self._reader is None or self._reader.done():
            self._reader = self._spawn(self._read_until_quiet())

    async def _read_until_quiet(self) -> None:
        self.state.reading = True
        try:
            while self._read_again and self.state.folder is not None:
                self._read_again = False
                await self._read_once(self.state.folder, self.state.target)
        finally:
            self.state.reading = False
            self.state.notify()
        if self.state.step == "build" and self.state.run_of_this() is None:
            self._spawn(self._look_ahead())

    async def _read_now(self) -> None:
        if self.state.folder is not None:
            await self._read_once(self.state.folder, self.state.target)

    async def _read_once(self, folder: Path, target: str) -> None:
        async with self._at_the_disk:
            is_taken = await self._take(folder, target)
        if is_taken:
            await self._was_read(folder, target)

    async def _take(self, folder: Path, target: str) -> bool:
        """Read the project; whether it could be, and is still the one that is open."""
        try:
            looked = await asyncio.to_thread(_look_at, folder, target)
        except SlipwayError as error:
            self._read_failed(folder, error.problem)
            return False
        except Exception:  # noqa: BLE001 - any file may be in there; the user sees a sentence
            _log.exception("the project in %s could not be read", folder)
            self._read_failed(folder, _unreadable())
            return False
        if folder != self.state.folder:
            return False
        self.state.took(*looked)
        self._read_again |= self.state.target != target
        return True

    async def _was_read(self, folder: Path, target: str) -> None:
        found, known = self.state.project, self.state.recents
        await self._look_back(folder, target)
        self.studio.look()
        is_one = found is not None and (found.module or found.candidates or found.pyproject)
        if is_one and (not known or known[0] != folder):
            self.state.recents = recents.remember(folder, known)

    async def _look_back(self, folder: Path, target: str) -> None:
        """What was built last: the next build number follows from it."""
        last = await self.engine.last_build(folder, target)
        if (folder, target) == (self.state.folder, self.state.target):
            self.state.last_build = last
            self.state.notify()

    def _read_failed(self, folder: Path, problem: Problem) -> None:
        if folder == self.state.folder:
            self.state.read_problem = problem

    def _disk_changed(self) -> None:
        self.state.gone = False
        self._read()
        self.studio.look()
        self.state.notify()

    def _folder_gone(self) -> None:
        self.state.gone = True
        self.state.notify()

    # --- The folder browser ---

    def browse(self, folder: Path | None = None) -> None:
        """Show the folders in `folder`, or where one is likely to look first."""
        start = folder or (self.state.folder.parent if self.state.folder else Path.home())
        self.state.browsing = start
        self._spawn(self._list(start))
        self.state.notify()

    def close_browser(self) -> None:
        """Put the folder browser away."""
        self.state.browsing = self.state.listing = None
        self.state.notify()

    async def _list(self, folder: Path) -> None:
        listing = await asyncio.to_thread(folders.listing, folder)
        if self.state.browsing == folder:
            self.state.listing = listing
            self.state.notify()

    # --- The target and the identity ---

    def choose_target(self, target: str) -> None:
        """Choose what to build, or to rehearse where tools are missing."""
        if self.state.cell(target).state == "never":
            return
        self.state.target = target
        self.state.forecast = None
        if self.state.folder is not None:
            self._read()
        self.state.notify()

    def choose_backend(self, target: str, backend: str) -> None:
        """Choose the way that a target is built; this is saved with the project."""
        best = self.state.cell(target).backend
        if backend != self.state.backend(target):
            value = None if backend == best else backend
            self._spawn(self._write({backend_key(target): value}))

    def look_at_tools(self) -> None:
        """Look which tools are on this computer: someone may have installed one meanwhile."""
        if self._tools is None or self._tools.done():
            self._tools = self._spawn(self._look_at_tools())

    async def _look_at_tools(self) -> None:
        try:
            has = await self.engine.tools()
        except OSError as error:
            _log.warning("the tools of this computer could not be looked at: %s", error)
            return
        if has != self.state.has:
            self.state.has, self.state.forecast = has, None
            if self.state.step == "build" and not self.state.building():
                self._spawn(self._look_ahead())
            self.state.notify()

    async def _keep_looking(self) -> None:
        """While the targets are on show, what they need may arrive at any moment."""
        while self.state.step == "target":
            await asyncio.sleep(TOOLS_SECONDS)
            self.look_at_tools()

    def type_field(self, name: str, value: str) -> None:
        """A field of the identity was typed into; it is saved when the typing pauses."""
        self.state.type(name, value)
        is_emptied = None in self.state.to_save().values()
        self._saver.later(REMOVE_SECONDS if is_emptied else SAVE_SECONDS)
        self.state.notify()

    def keep_mine(self, name: str) -> None:
        """In a clash with the file, keep what was typed."""
        self.state.keep_mine(name)
        self._saver.now()
        self.state.notify()

    def take_theirs(self, name: str) -> None:
        """In a clash with the file, take what the file says."""
        self.state.take_theirs(name)
        self.state.notify()

    async def _save(self) -> None:
        """Write each field that may be, after another look at what the file says by now."""
        state, folder = self.state, self.state.folder
        if folder is None or not state.edits:
            return
        state.saving = "saving"
        await self._read_once(folder, state.target)
        if folder == state.folder:
            await self._write_each(state.to_save())
        if folder == state.folder:
            state.saving = "waiting" if state.edits else "saved"
            state.notify()

    async def _write(self, changes: Mapping[str, Any]) -> Problem | None:
        """Write settings, all or none, and read the project again; gives the problem."""
        return await self._write_all(self.state.folder, [changes] if changes else [])

    async def _write_each(
        self, changes: Mapping[str, Any], folder: Path | None = None
    ) -> Problem | None:
        """Write settings each by itself, so that one that cannot be holds up no other.

        `folder` is the project where it is not the one that is open.
        """
        each = [{key: value} for key, value in changes.items()]
        return await self._write_all(folder or self.state.folder, each)

    async def _write_all(
        self, folder: Path | None, groups: Sequence[Mapping[str, Any]]
    ) -> Problem | None:
        """Write groups of settings and read the project again; gives the first problem.

        It is told where one is: on the page, or wherever, when another project is open by now.
        """
        state, problem, is_taken = self.state, None, False
        if folder is None or not groups:
            return None
        async with self._at_the_disk:
            keys: set[str] = set()
            for changes in groups:
                refused = await asyncio.to_thread(_refusal, folder, changes)
                problem = problem or refused
                keys |= set() if refused else changes.keys()
            if folder == state.folder:
                state.save_problem = problem
                names = state.named(keys)
                is_taken = bool(keys) and await self._take(folder, state.target)
            if is_taken:  # at once: until then what we have written would look like a clash
                state.wrote(names)
        if is_taken:
            await self._was_read(folder, state.target)
        elif problem is not None and folder != state.folder:
            state.notice = problem
        state.notify()
        return problem

    # --- The build ---

    def build_or_go_on(self) -> None:
        """On the Build page: build, or go on to the result that is there."""
        if self.state.building():
            return
        if self.state.finished():
            self.go("result")
        else:
            self.build()

    def build(self, options: Mapping[str, Any] | None = None) -> None:
        """Start the build, or the rehearsal where only that is possible, and show it.

        What was typed is saved first.
        """
        is_starting = self._builder is not None and not self._builder.done()
        if is_starting or self.state.building() or self.state.blocked("build"):
            return
        self._builder = self._spawn(self._build(options or {}))

    async def _build(self, options: Mapping[str, Any]) -> None:
        state = self.state
        self._leave()
        if waiting := self._saving():
            await asyncio.wait(waiting)
        if state.folder is None or state.blocked("build"):
            state.notify()
            return
        await self.showing.stop_serving()
        self._told_where("")
        state.step, state.notice = "build", None
        whole = {**state.options(), **options}
        self._follow(self.engine.start_build(state.target, state.folder, whole))
        state.notify()

    def cancel(self) -> None:
        """Stop the build that runs."""
        if self.state.run is not None:
            self.state.run.cancel()
            self.state.notify()

    def _follow(self, run: Run | None) -> None:
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None
        self.state.run = run
        if run is not None:
            self._unfollow = run.subscribe(self._run_changed)
            if run.state == "running":
                self._clock = self._spawn(self._tick(run))

    async def _tick(self, run: Run) -> None:
        """A clock that stands still looks broken, also while a tool has nothing to say."""
        while run is self.state.run and run.state == "running":
            await asyncio.sleep(TICK_SECONDS)
            self.state.notify()

    def _run_changed(self) -> None:
        """The build said something. The page stays: whoever reads the log is not torn away."""
        if not self.state.building() and self._unfollow is not None:
            self._unfollow()
            self._unfollow = None
            if self.state.folder is not None:
                self._spawn(self._look_back(self.state.folder, self.state.target))
        self.state.notify()

    async def _look_ahead(self) -> None:
        """Ask the engine what a build would do, for the page before it."""
        state = self.state
        folder, target = state.folder, state.target
        if folder is None:
            return
        state.forecast = None
        try:
            seen = forecast(await self.engine.plan(target, folder, state.options()))
        except SlipwayError as error:
            _log.warning("nobody knows what a build would do: %s", error)
            seen = Forecast(network=t("build.before.network_unknown"))
        if (folder, target) == (state.folder, state.target):
            state.forecast = seen
            state.notify()

    # --- The result ---

    def open_result(self) -> None:
        """Serve the finished site and open it in the browser."""
        run = self.state.run_of_this()
        if run is not None and run.artifacts:
            self._spawn(self._open_result(Path(run.artifacts[0].path)))

    async def _open_result(self, path: Path) -> None:
        base_url = self.state.settings.base_url if self.state.settings else ""
        try:
            self._told_where(await self.showing.serve(path, base_url))
            self.showing.open_url(self.state.address)
        except SlipwayError as error:
            self.state.notice = error.problem
        self.state.notify()

    def start_result(self) -> None:
        """Start the app that was built, on this computer."""
        run = self.state.run_of_this()
        if run is not None and run.artifacts:
            self._spawn(self._start_result(Path(run.artifacts[0].path)))

    async def _start_result(self, path: Path) -> None:
        try:
            self._told_where(await self.showing.start_program(path))
            self.state.notice = None
        except SlipwayError as error:
            self.state.notice = error.problem
        self.state.notify()

    def stop_result(self) -> None:
        """End the app or the site that is shown."""
        self._spawn(self.showing.stop_serving())

    def _told_where(self, address: str) -> None:
        """Where the site or app is, at `address` if that is known; else what we show ourselves."""
        ours = self.showing.served()
        self.state.address = address or ours
        self.state.can_stop = bool(ours) and self.state.address == ours
        self.state.notify()

    def put_into_menu(self, is_wanted: bool) -> None:
        """Put the app that was built into the menu of this desktop, or take it out again."""
        if program := self.state.for_menu():
            self._spawn(self._menu(program, "add" if is_wanted else "remove"))

    async def _menu(self, program: Path, wish: Literal["", "add", "remove"]) -> None:
        try:
            there = await self.engine.in_menu(program, wish)
        except SlipwayError as error:
            if wish:  # nobody asked for a mere look
                self.state.notice = error.problem
            there = None
        if program == self.state.for_menu() and (there is not None or not wish):
            self.state.in_menu = there
        self.state.notify()

    def open_page(self, file: Path) -> None:
        """Show a page that lies on this computer in the browser."""
        if self.showing.open_url(file.as_uri()) is False:
            self.state.notice = Problem(
                "no-browser",
                t("notice.no_browser"),
                why=t("notice.its_at", path=file),
                severity="hint",
            )
            self.state.notify()

    def show_folder(self, path: Path) -> None:
        """Show a folder, or the folder of a file, in the system's file manager."""
        if self.showing.open_folder(path) is False:
            self.state.notice = Problem(
                "no-file-manager",
                t("notice.no_file_manager"),
                why=t("notice.its_at", path=path),
                severity="hint",
            )
            self.state.notify()

    def dismiss_notice(self) -> None:
        """The notice was read."""
        self.state.notice = None
        self.state.notify()

    # --- Fixes ---

    def can_fix(self, fix: Fix) -> bool:
        """Whether one click can do this here; a button for anything else would be a lie."""
        argv = fix.data.get("argv", ())
        return fix.kind != "run" or (bool(argv) and argv[0] == "build")

    def fix(self, fix: Fix) -> None:
        """Carry out a remedy; `copy` is the page's part, because only it has the clipboard."""
        match fix.kind:
            case "set":
                self._spawn(self._set(fix))
            case "open" if "url" in fix.data:
                self.showing.open_url(str(fix.data["url"]))
            case "open":
                self.show_folder(Path(str(fix.data["path"])))
            case "run" if self.can_fix(fix):
                self.build(options_of(fix.data["argv"]))

    def is_for_build(self, fix: Fix) -> bool:
        """Whether it mends what has just ended a build: then one click builds again, too."""
        run = self.state.run_of_this()
        if fix.kind != "set" or run is None or run.state != "failed" or self.state.step != "build":
            return False
        return any(fix in one.fixes for one in run.problems if one.severity == "error")

    async def _set(self, fix: Fix) -> None:
        builds = self.is_for_build(fix)
        problem = await self._write(fix.data)
        if builds and problem is None:
            self.build()

    # --- Tasks ---

    async def save_all(self) -> None:
        """Save what was typed just now, for an end that comes before the typing pauses."""
        self._leave()
        if waiting := self._saving():
            await asyncio.wait(waiting, timeout=LAST_SECONDS)

    def _saving(self) -> list[asyncio.Task[None]]:
        """What is being saved just now."""
        savers = [one.task for one in (self._saver, self.desk.saver) if one.task is not None]
        tasks = [*self.studio.saving(), *savers, *self._parting]
        return [task for task in tasks if not task.done()]

    async def settle(self) -> None:
        """Until nothing is under way any more; for tests, and for leaving in good order."""
        self._leave()
        while running := [task for task in self._tasks if self._will_end(task)]:
            await asyncio.wait(running)

    def _will_end(self, task: asyncio.Task[None]) -> bool:
        return not task.done() and task not in (self._clock, self._lookout)

    def close(self) -> None:
        """Stop watching and following; a running build is not touched."""
        self._watch.stop()
        self._unwatch_served()
        if self._unfollow is not None:
            self._unfollow()
        for task in (self._clock, self._lookout):
            if task is not None:
                task.cancel()
        if self._type_soon is not None:
            self._type_soon.cancel()
        self._saver.close()
        self.studio.close()
        self.desk.saver.close()

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A task that failed says so calmly; its traceback goes to the log."""
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        _log.error("a task of the wizard failed", exc_info=error)
        self.report_crash()

    def report_crash(self) -> None:
        """Something of ours failed and is in the log: say so calmly."""
        self.state.notice = Problem("ours", t("crash.title"), why=t("crash.why"), do=t("crash.do"))
        self.state.notify()


def is_sample(folder: Path | None) -> bool:
    """Whether a folder is the user's copy of the sample."""
    return folder in (Path.home() / sample.NAME, places.data() / "sample")


def _what_is_there(path: Path) -> tuple[str, Path | None]:
    """Why a path is no project folder, as a sentence, and the folder that was probably meant."""
    try:
        if path.is_dir():
            return "", None
        if path.exists():
            return t("project.path.file"), path.parent
        above = next((one for one in path.parents if one.is_dir()), None)
    except OSError as error:
        return t("project.path.unreadable", reason=error.strerror or str(error)), None
    if not path.is_absolute():
        return t("project.path.relative"), None
    return t("project.path.missing"), above if above and above != above.parent else None


def _look_at(
    folder: Path, target: str
) -> tuple[project.Project, settings.Settings, tuple[Problem, ...], list[AppFile]]:
    found = project.read(folder, target=target)
    values, problems = settings.resolve(found.pyproject, folder, target=target)
    return found, values, tuple(problems), app_files.look(found, target)


def _refusal(folder: Path, changes: Mapping[str, Any]) -> Problem | None:
    """Save settings; what is in the way when they could not be."""
    try:
        settings.save(folder, changes)
    except SlipwayError as error:
        return error.problem
    except OSError as error:
        _log.warning("the settings in %s could not be saved: %s", folder, error)
        return _unwritable(error)
    return None


def _unreadable() -> Problem:
    return Problem(
        "project-unreadable",
        t("project.unreadable.title"),
        why=t("project.unreadable.why"),
        do=t("project.unreadable.do"),
    )


def _unwritable(error: OSError) -> Problem:
    return Problem(
        "settings-unwritable",
        t("identity.unwritable.title"),
        why=t("identity.unwritable.why", reason=error.strerror or str(error)),
        do=t("identity.unwritable.do"),
        where=str(error.filename or ""),
    )
