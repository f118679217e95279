"""A screen that nobody sees, for programs with windows: Xvfb, its windows, and a picture of it."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

SIZE = (1280, 900)


def missing() -> str:
    """What is not there for it; "" when all is."""
    if not shutil.which("Xvfb"):
        return "Xvfb is not installed (Debian: apt install xvfb)"
    return "" if ctypes.util.find_library("X11") else "libX11 is not installed"


class Screen:
    """A running Xvfb. `display` is its name for `DISPLAY`."""

    def __init__(self, display: str, folder: Path) -> None:
        self.display = display
        self._memory = folder / "Xvfb_screen0"

    def titles(self) -> list[str]:
        """The titles of all windows."""
        x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        display = ctypes.c_void_p(x11.XOpenDisplay(self.display.encode()))
        assert display.value, f"no screen {self.display}"
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        try:
            return [t for t in _titles(x11, display, x11.XDefaultRootWindow(display)) if t]
        finally:
            x11.XCloseDisplay(display)

    def picture(self) -> Image.Image:
        """What is to be seen now."""
        data = self._memory.read_bytes()
        # The head of a picture in the format of xwd: its own length, and where the pixels begin.
        words = struct.unpack(">25I", data[:100])
        head, width, height, line, colours = words[0], words[4], words[5], words[12], words[19]
        pixels = data[head + 12 * colours :]
        return Image.frombuffer("RGB", (width, height), pixels, "raw", "BGRX", line, 1)


@contextmanager
def screen() -> Iterator[Screen]:
    """Start one under a free number."""
    reading, writing = os.pipe()
    with TemporaryDirectory(prefix="screen-") as folder:
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        argv = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-fbdir", folder]
        process = subprocess.Popen(
            [*argv, "-nolisten", "tcp"],
            pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        try:
            with os.fdopen(reading) as said:
                number = said.readline().strip()
            assert number, "Xvfb did not start"
            yield Screen(f":{number}", Path(folder))
        finally:
            process.terminate()
            process.wait()


class _Text(ctypes.Structure):
    """A text as X keeps it beside a window."""

    _fields_ = (
        ("value", ctypes.c_char_p),
        ("encoding", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("nitems", ctypes.c_ulong),
    )


def _titles(x11: ctypes.CDLL, display: ctypes.c_void_p, window: int) -> Iterator[str]:
    for name in (b"_NET_WM_NAME", b"WM_NAME"):
        text, atom = _Text(), x11.XInternAtom(display, name, False)
        found = x11.XGetTextProperty(
            display, ctypes.c_ulong(window), ctypes.byref(text), ctypes.c_ulong(atom)
        )
        if found and text.value:
            yield text.value.decode("utf-8", "replace")
    root, parent = ctypes.c_ulong(), ctypes.c_ulong()
    children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
    found = x11.XQueryTree(
        display, ctypes.c_ulong(window), ctypes.byref(root), ctypes.byref(parent),
        ctypes.byref(children), ctypes.byref(count),
    )  # fmt: skip
    if found and count.value:
        for child in children[: count.value]:
            yield from _titles(x11, display, child)
        x11.XFree(children)
