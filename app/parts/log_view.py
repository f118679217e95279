"""The log of a build, live: keeps up with ten thousand lines a second without losing a click.

It is imperative where the rest of the wizard is declarative, because drawing a list anew costs
time for every line in it. Lines go into blocks of a hundred, one text control each; fifty blocks
stay; at most twelve paints a second, each of the view alone. Whoever scrolls up reads in peace:
from then on nothing in the view moves until following is switched on again.

Flet marks what a component draws as frozen, and a frozen control cannot be changed. So the view
mounts empty, takes the mark off itself, and only then puts in its content.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import icon_button, text_button
from app.state import Line, Log
from app.texts import counted, t

BLOCK_LINES = 100
MOST_BLOCKS = 50
MOST_CHARACTERS = 500  # of a line; a longer one is whole in the file
PERIOD = 1 / 12
AWAY = 1.0  # seconds until a tab that did not answer is tried again
QUIET = (0.01, 0.4, 1.5)  # seconds after which the end is sought once more
COPIED_LINES = 20_000
BEFORE_FOUND = 3  # lines above what was found, so that it is not read without its context
NEAR_END = 24.0  # pixels

_log = logging.getLogger(__name__)


class LogView(ft.Column):
    """The bar (search, first error, copy, follow) and the lines below it.

    `watch` calls back when lines came; `on_file` shows the log file. The view belongs to one tab.
    """

    def __init__(
        self,
        log: Log,
        watch: Callable[[Callable[[], None]], Callable[[], None]],
        on_file: Callable[[], Any],
        height: float,
    ) -> None:
        super().__init__(spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        self._lines = log
        self._watch = watch
        self._on_file = on_file
        self._unwatch: Callable[[], None] | None = None
        self._job: Any = None
        self._news: asyncio.Event | None = None
        self._first = 0  # the line at the top of the view
        self._next = 0  # the line after the last one in the view
        self._found = -1
        self._marked = -1
        self.follows = True
        self._height = height
        self._build_controls()

    def _build_controls(self) -> None:
        self._count = text.small(self._count_words())
        self._note = text.small("", color=theme.LOOK)
        self._search = ft.TextField(
            hint_text=t("log.search"),
            label=t("log.search"),
            dense=True,
            width=190,
            text_size=theme.SMALL + 1,
            color=theme.INK,
            border=theme.field_border(theme.HAIRLINE, 10),
            label_style=ft.TextStyle(size=theme.SMALL, color=theme.GREY),
            prefix_icon=ft.Icon(ft.Icons.SEARCH, size=18, color=theme.GREY),
            content_padding=ft.Padding.symmetric(horizontal=12, vertical=8),
            on_change=self._search_typed,
            on_submit=self._search_next,
        )
        self._follow_button = text_button("", self._toggle_follow)
        self._list = ft.ListView(
            expand=True,
            padding=ft.Padding.symmetric(horizontal=20, vertical=14),
            on_scroll=self._scrolled,
            scroll_interval=80,
            build_controls_on_demand=True,
        )
        self._box = ft.Container(
            ft.SelectionArea(self._list),
            height=self._height,
            bgcolor=theme.SUNKEN,
            border_radius=ft.BorderRadius.only(
                bottom_left=theme.CORNER - 1, bottom_right=theme.CORNER - 1
            ),
        )
        self._content: list[ft.Control] = [
            ft.Container(
                ft.Row(
                    [
                        ft.Row([text.heading(t("log.title")), self._count, self._note], spacing=12),
                        ft.Row(
                            [
                                self._search,
                                icon_button(
                                    ft.Icons.KEYBOARD_ARROW_DOWN, t("log.next"), self._find_next
                                ),
                                text_button(t("log.first_error"), self._first_error),
                                icon_button(ft.Icons.CONTENT_COPY, t("log.copy"), self._copy),
                                icon_button(
                                    ft.Icons.FILE_OPEN_OUTLINED, t("log.file"), self._on_file
                                ),
                                self._follow_button,
                            ],
                            spacing=0,
                            wrap=True,
                            vertical_alignment=ft.CrossAxisAlignment.CENTER,
                        ),
                    ],
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                    wrap=True,
                    run_spacing=6,
                ),
                padding=ft.Padding.only(left=20, right=10, top=10, bottom=10),
                border=ft.Border.only(bottom=ft.BorderSide(1, theme.HAIRLINE)),
            ),
            text.ident("log", self._box, label=t("log.name")),
        ]
        self._show_follow()

    # --- Life ---

    def did_mount(self) -> None:
        """Thaw, fill and paint; called again when a reloaded tab finds its page."""
        if hasattr(self, "_frozen"):
            del self._frozen
            # An empty record of what the client has, as Flet keeps it for a control that changes.
            object.__setattr__(self, "__prev_lists", {"controls": []})
            self.controls = self._content
            self.update()
        self._stop()
        self._news = asyncio.Event()
        self._news.set()
        self._unwatch = self._watch(self._news.set)
        self._job = self.page.run_task(self._paint_for_ever)

    def will_unmount(self) -> None:
        """Nobody looks any more."""
        self._stop()

    def _stop(self) -> None:
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    async def _paint_for_ever(self) -> None:
        assert self._news is not None
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self.paint()
            except Exception:  # noqa: BLE001 - a tab that is away must not end in a traceback
                # It is closed, or being reloaded: then it comes back, and wants what it missed.
                _log.debug("a log view could not be painted", exc_info=True)
                self._news.set()
                await asyncio.sleep(AWAY)
                continue
            await asyncio.sleep(PERIOD)
            await self._stay_at_end()

    async def _stay_at_end(self) -> None:
        """When it is quiet, go to the end again.

        Only a frame later the client knows how high a new block is, and in a tab that has just
        been opened only when its fonts are there.
        """
        assert self._news is not None
        for pause in QUIET:
            # Not asyncio.wait_for, here and below: before Python 3.12 it may swallow that its task
            # was cancelled, and this one would go on without a view.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._news.wait()
                return
            if not self.follows:
                return
            with contextlib.suppress(TimeoutError):
                await self._go_to_end()

    async def paint(self) -> None:
        """Bring the view up to date: the newest lines when it follows, else only the count."""
        self._count.value = self._count_words()
        if not self.follows:
            self._show_follow()
            self._push(self._count, self._follow_button)
            return
        if self._lines.count == self._next:
            self._push(self._count)
            return
        if self._lines.count - self._next > BLOCK_LINES * MOST_BLOCKS:
            self._clear(self._lines.count - BLOCK_LINES * MOST_BLOCKS)
        self._append(self._lines.lines(self._next, self._lines.count))
        self._trim()
        self._push(self._count, self._list)
        await self._go_to_end()

    async def _go_to_end(self) -> None:
        async with asyncio.timeout(AWAY):  # a tab that is being reloaded never answers
            await self._list.scroll_to(offset=-1, duration=0)

    def _push(self, *controls: ft.Control) -> None:
        for control in controls:
            control.update()

    def set_height(self, height: float) -> None:
        """As high as the window has room for."""
        self._box.height = height
        if self._job is not None:
            self._push(self._box)

    # --- Blocks ---

    def _clear(self, first: int) -> None:
        self._list.controls = []
        self._first = self._next = max(0, first)

    def _append(self, lines: Sequence[Line]) -> None:
        for line in lines:
            words, tone = shown(line), self._tone(self._next)
            last = self._list.controls[-1] if self._list.controls else None
            if not isinstance(last, ft.Text) or last.data[0] != tone or last.data[1] >= BLOCK_LINES:
                self._list.controls.append(_block(words, tone))
            else:
                last.value += "\n" + words
                last.data = (tone, last.data[1] + 1)
            self._next += 1

    def _tone(self, number: int) -> str:
        if number == self._marked:
            return "found"
        return "error" if number == self._lines.first_error() else ""

    def _trim(self) -> None:
        for gone in self._list.controls[:-MOST_BLOCKS]:
            self._first += gone.data[1]
        del self._list.controls[:-MOST_BLOCKS]

    async def show_line(self, number: int) -> None:
        """Stop following and show one line near the top, marked."""
        self.follows, self._marked = False, number
        self._clear(number - BEFORE_FOUND)
        self._append(self._lines.lines(self._first, self._first + BLOCK_LINES * MOST_BLOCKS // 5))
        self._show_follow()
        self._push(self._list, self._follow_button)
        await self._list.scroll_to(offset=0, duration=0)

    # --- What one can do ---

    async def _scrolled(self, event: ft.OnScrollEvent) -> None:
        if event.event_type is not ft.ScrollType.USER:
            return
        if self.follows and event.direction is ft.ScrollDirection.FORWARD:
            self.follows = False
            self._show_follow()
            self._push(self._follow_button)

    async def _toggle_follow(self) -> None:
        self.follows = not self.follows
        if self.follows:
            self._marked = -1
            self._clear(self._lines.count - BLOCK_LINES * MOST_BLOCKS)
        self._show_follow()
        self._push(self._follow_button)
        await self.paint()

    def _show_follow(self) -> None:
        behind = self._lines.count - self._next
        if self.follows:
            words, icon = t("log.following"), ft.Icons.RADIO_BUTTON_CHECKED
        elif behind > 0:
            words, icon = counted("log.behind", behind), ft.Icons.ARROW_DOWNWARD
        else:
            words, icon = t("log.follow"), ft.Icons.ARROW_DOWNWARD
        self._follow_button.content = words
        self._follow_button.icon = icon

    def _search_typed(self, event: Any) -> None:
        self._search.value = event.control.value
        self._found = -1

    async def _search_next(self, _event: Any) -> None:
        await self._find_next()
        await self._search.focus()  # type: ignore[no-untyped-call]

    async def _find_next(self) -> None:
        wanted = self._search.value or ""
        found = self._lines.find(wanted, self._found + 1)
        if found < 0 and self._found >= 0:
            found = self._lines.find(wanted, 0)  # round to the top
        self._found = found
        self._say(t("log.not_found") if wanted and found < 0 else "")
        if found >= 0:
            await self.show_line(found)

    async def _first_error(self) -> None:
        number = self._lines.first_error()
        self._say(t("log.no_error") if number < 0 else "")
        if number >= 0:
            await self.show_line(number)

    async def _copy(self) -> None:
        count = self._lines.count
        lines = self._lines.lines(max(0, count - COPIED_LINES), count)
        await ft.Clipboard().set("\n".join(line.text for line in lines))
        self._say(counted("log.copied", len(lines)))

    def _say(self, words: str) -> None:
        self._note.value = words
        self._push(self._note)

    def _count_words(self) -> str:
        return counted("log.lines", self._lines.count)


def shown(line: Line) -> str:
    """A line as the view shows it: with its stage before it, and cut when it is very long."""
    words = line.text
    if len(words) > MOST_CHARACTERS:
        words = words[:MOST_CHARACTERS] + " …"
    return f"[{line.stage}] {words}" if line.stage else words


def _block(words: str, tone: str) -> ft.Text:
    ink = {"error": theme.BAD, "found": theme.ON_LOOK_GROUND}.get(tone, theme.INK)
    return ft.Text(
        words,
        data=(tone, 1),
        size=theme.LOG_SIZE,
        font_family=theme.MONO,
        color=ink,
        bgcolor=theme.LOOK_GROUND if tone == "found" else None,
        style=ft.TextStyle(height=1.5),
    )
