"""Drives the wizard in a real Flet session without any client.

The connection is a fake that packs each message as the real ones do; session, page, diffs and event
dispatch are Flet's own. That finds wiring, wrong properties and handlers that raise; how it looks
is for a browser. Flet's private names are used here and nowhere else in the tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app import shell
from app.wizard import Wizard
from tests.app.fakes import FakeEngine, FakeShowing

C = TypeVar("C", bound=BaseControl)


class FakeConnection(Connection):
    """Packs what it is sent and answers what the client would be asked, from `answers`."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(1)
        self.page_url = "http://test/"
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.session: Session | None = None
        self.crash = ""
        self.sent = 0
        self.calls: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {}

    def send_message(self, message: Any) -> None:
        packed([message.action, message.body])
        self.sent += 1
        if message.action == MessageAction.SESSION_CRASHED:
            self.crash = message.body.message
        if message.action == MessageAction.INVOKE_METHOD and self.session is not None:
            body = message.body
            self.calls.append((body.name, body.args))
            answer = self.answers.get(body.name)
            self.loop.call_soon(
                self.session.handle_invoke_method_results,
                body.control_id,
                body.call_id,
                answer,
                None,
            )

    def dispose(self) -> None:
        """Nothing to close."""


def packed(value: Any) -> bytes:
    """As it goes over the wire; this is also what makes Flet remember the lists it has sent."""
    data: bytes = msgpack.packb(value, default=configure_encode_object_for_msgpack(BaseControl))
    return data


class Tab:
    """One tab with the wizard in it; use it with `async with`."""

    def __init__(self, one: Wizard | None = None, **page: Any) -> None:
        self.engine = FakeEngine()
        self.showing = FakeShowing()
        self.wizard = one or Wizard(self.engine, self.showing)
        self._is_own = one is None
        self._page = {
            "route": "/",
            "width": 1280,
            "height": 860,
            "web": True,
            "platform": "linux",
            **page,
        }

    async def __aenter__(self) -> Tab:
        self.connection = FakeConnection()
        self.session = self.connection.session = Session(self.connection)
        self.page = self.session.page
        _context_page.set(self.page)
        self.session.apply_page_patch(self._page)
        packed(self.session.get_page_patch())  # the answer to a client that registers
        context.reset_auto_update()
        shell.show(self.page, self.wizard)
        await self.session.after_event(self.page)
        await self.settle()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_own:
            self.wizard.close()
        self.session.close()
        await self._turns(5)
        self.connection.executor.shutdown(wait=False)

    async def settle(self) -> None:
        """Until nothing is under way any more; what crashed, or was shown as a crash, fails."""
        await self._turns(15)
        await self.wizard.settle()
        await self._turns(15)
        assert not self.connection.crash, self.connection.crash

    async def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.01)
        await self._turns(15)

    async def reload(self) -> None:
        """The tab goes away and comes back, as when one reloads it."""
        await self.lose()
        await self._turns(5)
        await self.come_back()

    async def lose(self) -> None:
        """The tab goes away."""
        await self.session.disconnect(3600)

    async def come_back(self) -> None:
        """It is there again."""
        packed(self.page)  # the answer to a client that registers again
        await self.session.connect(self.connection)
        await self._turns(15)

    @staticmethod
    async def _turns(count: int) -> None:
        for _ in range(count):
            await asyncio.sleep(0)

    # --- What is there ---

    def walk(self) -> Iterator[BaseControl]:
        """Every control, in order."""
        yield from _walk([self.page.views, self.page._dialogs], set())

    def all(self, cls: type[C], **properties: Any) -> list[C]:
        """All controls of a class with these properties."""
        return [
            control
            for control in self.walk()
            if isinstance(control, cls)
            and all(getattr(control, name, None) == value for name, value in properties.items())
        ]

    def one(self, cls: type[C], **properties: Any) -> C:
        """The only such control."""
        found = self.all(cls, **properties)
        assert len(found) == 1, f"{len(found)} × {cls.__name__} {properties} in {self.texts()}"
        return found[0]

    def texts(self) -> list[str]:
        """What can be read."""
        return [words for control in self.all(ft.Text) if (words := _words(control))]

    def reads(self, words: str) -> bool:
        """Whether these words can be read somewhere."""
        return any(words in text for text in self.texts())

    def place(self, identifier: str) -> str:
        """What can be read in the place with this identifier."""
        place = self.one(ft.Semantics, identifier=identifier)
        return " ".join(_words(c) for c in _walk([place], set()) if isinstance(c, ft.Text)).strip()

    def has(self, identifier: str) -> bool:
        """Whether there is a place with this identifier."""
        return bool(self.all(ft.Semantics, identifier=identifier))

    def title(self) -> str:
        """The title of the page."""
        return self.place("title")

    def buttons(self) -> list[str]:
        """What the buttons with words say."""
        return [str(button.content) for button in self._buttons()]

    def button(self, words: str) -> Any:
        """The only button that says this."""
        found = [one for one in self._buttons() if one.content == words]
        assert len(found) == 1, f"{len(found)} buttons say {words!r}: {self.buttons()}"
        return found[0]

    def field(self, label: str) -> ft.TextField:
        """The text field with this label."""
        return self.one(ft.TextField, label=label)

    def _buttons(self) -> list[Any]:
        kinds = (ft.FilledButton, ft.OutlinedButton, ft.TextButton, ft.FilledTonalButton)
        return [control for control in self.walk() if type(control) in kinds]

    # --- What one does ---

    async def event(self, control: BaseControl, name: str, data: Any = None, **patch: Any) -> None:
        """An event as the client sends it, after the properties that it changed."""
        if patch:
            self.session.apply_patch(control._i, patch)
        await self.session.dispatch_event(control._i, name, data)
        await self._turns(15)
        assert not self.connection.crash, self.connection.crash

    async def click(self, words: str) -> None:
        """Click a button by its words."""
        button = self.button(words)
        assert not button.disabled, f"{words!r} is disabled"
        await self.event(button, "click")

    async def click_icon(self, name: str) -> None:
        """Click a button that has only a sign, by its name."""
        button = self.one(ft.IconButton, tooltip=name)
        assert not button.disabled, f"{name!r} is disabled"
        await self.event(button, "click")

    async def type(self, label: str, words: str) -> None:
        """Type into a field."""
        await self.event(self.field(label), "change", words, value=words)

    async def press(self, key: str, **modifiers: bool) -> None:
        """Press a key of the frame."""
        keys = {"key": key, "ctrl": False, "alt": False, "shift": False, "meta": False}
        await self.event(self.page, "keyboard_event", {**keys, **modifiers})


def _words(control: ft.Text) -> str:
    if control.spans:
        return "".join(span.text or "" for span in control.spans)
    return control.value or ""


def _walk(value: Any, seen: set[int]) -> Iterator[BaseControl]:
    if isinstance(value, BaseControl):
        if id(value) in seen or not getattr(value, "visible", True):
            return
        seen.add(id(value))
        yield value
        inner = {n: v for n, v in vars(value).items() if n in ("_values", "_b", "controls")}
        for name, one in vars(value).items():
            if not name.startswith("_") and isinstance(one, (BaseControl, list)):
                inner[name] = one
        yield from _walk(inner, seen)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _walk(one, seen)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _walk(one, seen)


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run an asynchronous test on an event loop of its own."""

    async def all_of_it() -> None:
        async with asyncio.timeout(30):
            await test()

    asyncio.run(all_of_it())
