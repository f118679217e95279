"""Makes a picture of every page in every situation, for people to look at.

Light and dark, wide and as narrow as the wizard promises, into `tests/screenshots/`. Beside that it
asserts what a machine can see: the page came up, and it has a title.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser import FletPage

HERE = Path(__file__).resolve().parent
PICTURES = HERE.parent / "screenshots"
SIZES = {"wide": (1280, 860), "narrow": (900, 640)}
GROUNDS = {"light": (0xF6, 0xF7, 0xF9), "dark": (0x0F, 0x14, 0x1A)}
SITUATIONS = {
    "project-nothing": "Which project do you want to package?",
    "project-no-such-folder": "Which project do you want to package?",
    "project-folders": "Which project do you want to package?",
    "project-found": "Which project do you want to package?",
    "project-two-starts": "Which project do you want to package?",
    "target": "What should your app become?",
    "target-tools": "What should your app become?",
    "target-rehearsal": "What should your app become?",
    "target-flask": "What should your app become?",
    "target-ways": "What should your app become?",
    "shop-project": "Which project do you want to package?",
    "shop-target": "What should your app become?",
    "shop-before": "Ready to build the Linux app",
    "shop-running": "Building the Linux app",
    "shop-failed": "The Linux app could not be built yet",
    "shop-result": "Your Linux app is ready",
    "shop-started": "Your Linux app is ready",
    "identity-number": "What is your app called?",
    "identity": "What is your app called?",
    "identity-wrong": "What is your app called?",
    "identity-clash": "What is your app called?",
    "icons": "Your icon, everywhere",
    "icons-tried": "Your icon, everywhere",
    "icons-own": "Your icon, everywhere",
    "icons-advice": "Your icon, everywhere",
    "icons-none": "Your icon, everywhere",
    "icons-letter": "Your icon, everywhere",
    "icons-chooser": "Your icon, everywhere",
    "icons-broken": "Your icon, everywhere",
    "icons-saved": "Your icon, everywhere",
    "splash": "While your app starts",
    "splash-own": "While your app starts",
    "splash-none": "While your app starts",
    "options": "How should it behave?",
    "options-android": "How should it behave?",
    "options-linux": "How should it behave?",
    "options-all": "How should it behave?",
    "options-found": "How should it behave?",
    "options-wrong": "How should it behave?",
    "options-browsing": "How should it behave?",
    "build-before": "Ready to build the web site",
    "build-running": "Building the web site",
    "build-failed": "The web site could not be built yet",
    "build-ok": "Your web site is built",
    "build-flutter": "Building the Android app",
    "build-before-rehearsal": "Ready to rehearse the Android app",
    "build-rehearsed": "The rehearsal went well",
    "result-apks": "Your Android app is ready",
    "result-linux": "Your Linux app is ready",
    "result": "Your web site is ready",
    "crashed": "",
}

pytestmark = pytest.mark.slow


# One page of each kind is looked at in all four ways, the others light and wide, dark and narrow:
# each picture takes seconds.
IN_FULL = ("project-found", "target", "identity", "icons", "options", "build-running", "result")

LOOKS = [
    (situation, scheme, size)
    for situation in SITUATIONS
    for scheme in GROUNDS
    for size in SIZES
    if situation in IN_FULL or (scheme == "light") == (size == "wide")
]


@pytest.mark.parametrize(("situation", "scheme", "size"), LOOKS)
def test_picture(address: str, chromium: Browser, situation: str, scheme: str, size: str) -> None:
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    try:
        tab = FletPage(context.new_page()).open(f"{address}{situation}")
        if words := SITUATIONS[situation]:
            tab.expect_title(words)
        else:
            expect(tab.id("readiness")).to_be_visible()
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{situation}-{scheme}-{size}.png").write_bytes(_painted(tab, scheme))
    finally:
        context.close()


def _painted(tab: FletPage, scheme: str) -> bytes:
    """A picture of the page once it is painted: the canvas comes after what screen readers see."""
    last = b""
    for _ in range(60):
        tab.page.wait_for_timeout(250)
        picture = tab.page.screenshot()
        pixel = Image.open(io.BytesIO(picture)).convert("RGB").getpixel((320, 3))
        if pixel == GROUNDS[scheme] and picture == last:
            break
        last = picture
    return picture
