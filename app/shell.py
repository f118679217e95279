"""The window: theme, frame and pages, and the one place that shows a crash.

`wizard(page)` draws one tab or window; the server and the native window both call it. What they
draw is one `Wizard` for the whole process, so that a second tab shows the same and a reloaded one
finds everything again.

Three faults of Flet 1.0.5 are made harmless here. Updates that fall due while a tab is away are
dropped, and the client of a tab that comes back would compare what it has with the same once more,
for minutes, because each level of the tree is compared twice: so a tab that is away is emptied, and
drawn anew when it is back. An answer of a control that has gone meanwhile would end the connection,
so nobody hears it. And what changes the state in one tab must not draw another tab in the first
one's name, so each tab is drawn in a context of its own.
"""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import flet as ft

from app import theme
from app.parts.bottom_bar import MainAction, bottom_bar
from app.parts.component import component
from app.parts.page import Layout
from app.parts.problem_card import problem_card
from app.parts.rail import FOLDED_WIDTH, WIDTH, Mark, RailStep, rail
from app.state import SHOWN, WizardState, next_step
from app.steps.build import build_page
from app.steps.icons import icons_page
from app.steps.identity import identity_page
from app.steps.options import options_page
from app.steps.project import entry_file, project_page
from app.steps.result import result_page
from app.steps.splash import splash_page
from app.steps.target import target_page
from app.texts import counted, t
from app.wizard import Wizard

FOLD_BELOW = 900  # pixels of the window's width
SMALLEST = (640, 480)
BAR_HEIGHT = 76

PAGES: Mapping[str, Callable[[Wizard, Layout], ft.Control]] = {
    "project": project_page,
    "target": target_page,
    "identity": identity_page,
    "icons": icons_page,
    "splash": splash_page,
    "options": options_page,
    "build": build_page,
    "result": result_page,
}

_log = logging.getLogger(__name__)
_the_wizard: Wizard | None = None
_tabs: list[ft.Page] = []  # all that are open


def the_wizard() -> Wizard:
    """The wizard of this process, made when first asked for, on the event loop."""
    global _the_wizard
    if _the_wizard is None:
        from app import engine, showing

        _the_wizard = Wizard(engine, showing)
    return _the_wizard


async def save_all() -> None:
    """Save what was typed last, when Slipway ends; nothing where no page was ever shown."""
    if _the_wizard is not None:
        await _the_wizard.save_all()


def send_away(address: str) -> int:
    """Send every tab to another address, as nothing will answer here any more; how many there are.

    Nobody can wait for them: a tab that has left gives no answer.
    """
    there = [page for page in _tabs if page.session.connection is not None]
    for page in there:
        contextvars.copy_context().run(page.run_task, _leave, address)
    return len(there)


async def _leave(address: str) -> None:
    await ft.UrlLauncher().launch_url(address, web_only_window_name="_self")


def open_project(folder: Path) -> None:
    """Take a folder as the project, as if it had been picked; on the event loop."""
    one = the_wizard()
    one.open(folder)
    one.go(SHOWN[0])


def wizard(page: ft.Page) -> None:
    """Draw the wizard of this process in a tab or window."""
    show(page, the_wizard())


def show(page: ft.Page, one: Wizard) -> None:
    """Draw `one` on `page`, and draw it again whenever it or the page changes."""
    _dress(page)
    _catch_crashes(page, one)
    _heed_only_who_is_there(page)
    tab = _Tab(page, one)
    tab.draw()
    unsubscribe = one.state.subscribe(tab.draw_soon)
    page.on_disconnect = lambda _event: tab.went_away()
    page.on_connect = lambda _event: tab.came_back()
    page.on_resize = lambda _event: tab.draw_soon()

    def closed(_event: object) -> None:
        unsubscribe()
        _tabs[:] = [one for one in _tabs if one is not page]

    page.on_close = closed
    _tabs.append(page)
    page.on_keyboard_event = lambda event: press(one, event)
    page.on_app_lifecycle_state_change = lambda event: _came_to_front(one, event)


class _Tab:
    """Draws one tab, at most once for all changes of one moment."""

    def __init__(self, page: ft.Page, one: Wizard) -> None:
        self._page = page
        self._wizard = one
        self._redraw: list[Callable[[], None]] = []
        self._is_due = False

    def draw(self) -> None:
        """Draw it where nothing is yet."""
        self._page.render(frame, self._wizard, self._redraw)

    def draw_soon(self) -> None:
        if self._is_due or self._page.session.connection is None:
            return
        self._is_due = True
        # A copy: run_task makes its page the current one, and that must not reach the caller,
        # who may be the handler of another tab.
        contextvars.copy_context().run(self._page.run_task, self._draw_again)

    def went_away(self) -> None:
        self._page.views[0].controls = []
        self._page.update()

    def came_back(self) -> None:
        self._is_due = False
        self.draw()

    async def _draw_again(self) -> None:
        self._is_due = False
        self._page.session.start_updates_scheduler()  # type: ignore[no-untyped-call] # does nothing while it runs
        for redraw in self._redraw[-1:]:
            redraw()


def _dress(page: ft.Page) -> None:
    page.title = t("app.name")
    page.padding = 0
    page.spacing = 0
    page.fonts = theme.FONTS
    page.theme = theme.light()
    page.dark_theme = theme.dark()
    page.theme_mode = ft.ThemeMode.SYSTEM
    page.bgcolor = theme.GROUND
    if not page.web:
        page.window.min_width, page.window.min_height = SMALLEST
        page.window.width, page.window.height = 1280, 860


def _catch_crashes(page: ft.Page, one: Wizard) -> None:
    """Flet shows a traceback for what a handler raises; here it goes to the log."""

    def crashed(message: str) -> None:
        _log.error("something in a page failed:\n%s", message)
        one.report_crash()

    page.session.error = crashed  # type: ignore[method-assign]


def _heed_only_who_is_there(page: ft.Page) -> None:
    """Drop what a control answers that was asked, for example to scroll, just before it went."""
    session = page.session
    answered = session.handle_invoke_method_results

    def heed(control_id: int, call_id: str, result: Any, error: str | None) -> None:
        if control_id in session.index:
            answered(control_id, call_id, result, error)

    session.handle_invoke_method_results = heed  # type: ignore[method-assign]


def _came_to_front(one: Wizard, event: ft.AppLifecycleStateChangeEvent) -> None:
    """Whoever comes back may have installed a tool meanwhile."""
    if event.state == ft.AppLifecycleState.RESUME:
        one.look_at_tools()


def press(one: Wizard, event: ft.KeyboardEvent) -> None:
    """The keys of the frame: Alt+Left goes back, Ctrl+Enter does what the filled button does.

    Escape puts away what one chooses from.
    """
    if event.key == "Escape":
        _put_away(one)
    elif event.alt and event.key == "Arrow Left":
        one.back()
    elif (event.ctrl or event.meta) and event.key in ("Enter", "Numpad Enter"):
        action = main_action(one)
        if action is not None and not action.closed:
            action.act()


def _put_away(one: Wizard) -> None:
    if one.state.browsing is not None:
        one.close_browser()
    if one.state.pictures.choosing:
        one.studio.chooser.close()
    if one.state.option_edits.browsing is not None:
        one.desk.chooser.close()


@component
def frame(one: Wizard, redraw: list[Callable[[], None]]) -> ft.Control:
    """The rail, the page and the bar."""
    _count, set_count = ft.use_state(0)
    redraw[:] = [lambda: set_count(lambda count: count + 1)]
    page = ft.context.page
    width, height = page.width or 1280, page.height or 860
    is_folded = width < FOLD_BELOW
    layout = Layout(width - (FOLDED_WIDTH if is_folded else WIDTH), height - BAR_HEIGHT)
    state = one.state
    light = state.readiness()
    on_back = one.back if state.step != SHOWN[0] else None
    return ft.Row(
        [
            rail(rail_steps(state), packing(state), one.go, folded=is_folded),
            ft.Column(
                [
                    _notice(one),
                    ft.AnimatedSwitcher(
                        ft.Container(PAGES[state.step](one, layout), key=state.step, expand=True),
                        duration=theme.FADE_MS,
                        reverse_duration=0,
                        expand=True,
                    ),
                    bottom_bar(light.level, light.words, on_back, main_action(one)),
                ],
                spacing=0,
                expand=True,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ],
        spacing=0,
        expand=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def rail_steps(state: WizardState) -> list[RailStep]:
    """The steps as the rail shows them."""

    def mark(step: str) -> Mark:
        if state.needs_attention(step):
            return "attention"
        return "done" if state.done(step) else "open"

    here = SHOWN.index(state.step)
    return [
        RailStep(
            step,
            number,
            mark(step),
            step == state.step,
            state.blocked(step) if number - 1 > here else "",
        )
        for number, step in enumerate(SHOWN, 1)
    ]


def packing(state: WizardState) -> tuple[str, str] | None:
    """What is being packaged: its name, and in a few words what it is."""
    found = state.project
    if found is None or state.folder is None:
        return None
    words = [
        t(f"rail.kind.{found.kind}"),
        entry_file(found) if found.module else "",
        counted("project.packages", len(found.requirements)),
    ]
    return state.value("product") or state.folder.name, " · ".join(w for w in words if w)


def main_action(one: Wizard) -> MainAction | None:
    """The one filled button: it names where it leads."""
    state = one.state
    if state.step == "build":
        return _build_action(one)
    if state.step == "result":
        return _result_action(one)
    to = next_step(state.step)
    return MainAction(t("bar.next", step=t(f"step.{to}")), one.next, state.blocked(to))


def _build_action(one: Wizard) -> MainAction:
    state = one.state
    what = t(f"target.what.{state.target}")
    if state.building():
        is_rehearsal = state.run is not None and state.run.is_rehearsal
        words = t("bar.rehearsing" if is_rehearsal else "bar.building")
        return MainAction(words, one.next, t("ready.building"))
    if state.finished():
        return MainAction(t("bar.next", step=t("step.result")), one.next)
    if state.is_rehearsal():
        words = t("bar.rehearse_again") if state.rehearsed() else t("bar.rehearse", what=what)
        return MainAction(words, one.next, state.blocked("build"), ft.Icons.FACT_CHECK_OUTLINED)
    is_again = state.run_of_this() and not state.rehearsed()
    words = t("bar.build_again") if is_again else t("bar.build", what=what)
    return MainAction(words, one.next, state.blocked("build"), ft.Icons.PLAY_ARROW)


def _result_action(one: Wizard) -> MainAction | None:
    """What one does first with what was made here."""
    state, closed = one.state, one.state.blocked("result")
    if state.target == "web":
        return MainAction(t("result.open"), one.open_result, closed, ft.Icons.OPEN_IN_BROWSER)
    if state.can_start():
        return MainAction(t("result.start"), one.start_result, closed, ft.Icons.PLAY_ARROW)
    return None


def _notice(one: Wizard) -> ft.Control:
    """What went wrong outside of any page.

    Its place is always there: what comes up beside the page would tear the focus from its fields.
    """
    notice = one.state.notice
    if notice is None:
        return ft.Column([])
    edge = ft.Padding.only(left=theme.PAGE_PADDING, right=theme.PAGE_PADDING, top=20)
    told = problem_card(notice, on_fix=one.fix, on_dismiss=one.dismiss_notice)
    return ft.Column(
        [ft.Container(told, padding=edge)], horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
