"""Drives a Flet web app in a real Chromium, the way a person with a screen reader finds things.

Flutter draws on a canvas; what can be found and clicked is its semantics tree, which exists once
its placeholder was clicked. The Chromium that is there is used: `SLIPWAY_CHROMIUM`, else one on
the search path, else Playwright's own.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Long, because a busy computer is no failure; what comes at once is seen at once all the same.
expect.set_options(timeout=30_000)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium() -> str | None:
    """The Chromium to use; None for Playwright's own."""
    named = os.environ.get("SLIPWAY_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser(**options: Any) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=list(FLAGS), **options
        )
        try:
            yield launched
        finally:
            launched.close()


class FletPage:
    """One tab with a Flet app in it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, url: str) -> FletPage:
        """Go to `url` and make the semantics tree appear; nothing else is ever asked for."""
        origin = "/".join(url.split("/")[:3])
        self.page.route(
            lambda asked: not asked.startswith((origin, "blob:", "data:")),
            lambda route: route.abort(),
        )
        self.page.goto(url)
        return self.wake()

    def wake(self) -> FletPage:
        """Make the semantics tree appear, also after a reload."""
        self.page.bring_to_front()
        self.page.wait_for_selector("flt-semantics-placeholder", state="attached")
        self.page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
        self.page.wait_for_selector("flt-semantics-host flt-semantics [role], flt-semantics span")
        return self

    def id(self, identifier: str) -> Locator:
        """A place with an identifier of its own (`ft.Semantics(identifier=…)`)."""
        return self.page.locator(f"[flt-semantics-identifier='{identifier}']")

    def button(self, name: str | re.Pattern[str], exact: bool = True) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=exact)

    def field(self, label: str) -> Locator:
        """A text field by its label."""
        return self.page.get_by_role("textbox", name=label, exact=True)

    def click(self, name: str) -> None:
        """Click a button by its name."""
        self.button(name).click()

    def fill(self, label: str, text: str, tries: int = 3) -> None:
        """Type into a field. Flutter attaches its text connection a frame after the focus."""
        field = self.field(label)
        for _ in range(tries):
            field.click()
            field.evaluate(
                "async e => { for (let i = 0; i < 40 && document.activeElement !== e; i++)"
                " await new Promise(r => setTimeout(r, 25)) }"
            )
            self.page.wait_for_timeout(60)
            field.fill(text)
            self.page.wait_for_timeout(60)
            if field.input_value() == text:
                return
        raise AssertionError(f"{label}: {field.input_value()!r} is not {text!r}")

    def says(self, words: str) -> Locator:
        """What has these words in it: as text, or as the name of a group that a reader hears.

        A live region shows them as text only for the moment of the announcement.
        """
        pattern = re.compile(re.escape(words))
        return self.page.get_by_label(pattern).or_(self.page.get_by_text(pattern)).first

    def expect_value(self, label: str, text: str) -> None:
        """Wait until a field holds `text`; Flutter tells it only of the field that has focus."""
        field = self.field(label)
        field.click()
        expect(field).to_have_value(text)

    def expect_title(self, words: str) -> None:
        """Wait until the page has this title."""
        expect(self.id("title")).to_have_text(words)

    def texts(self) -> str:
        """What a screen reader finds, as an outline."""
        return self.page.locator("flt-semantics-host").aria_snapshot()
