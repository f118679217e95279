"""Keeps what the pages show as files, each named by what is in it.

A picture inside a page's own messages freezes the window while it is unpacked. A file is fetched
beside them; one that stays the same keeps its name, and so is not even fetched again.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from collections.abc import Collection
from pathlib import Path

from builder import places

ROUTE = "/.slipway/previews/"  # where a page in a browser finds them
LEFT_OVER_SECONDS = 24 * 3600  # what another Slipway may still show is younger
SPARED_SECONDS = 10.0  # a tab that is drawn a little later still finds its pictures

_NAME = re.compile(r"[0-9a-f]{32}\.png")
_log = logging.getLogger(__name__)


def folder() -> Path:
    """Where the pictures lie."""
    return places.cache() / "previews"


def find(name: str) -> Path | None:
    """The file of a picture by its name; None for what is none, or is gone."""
    path = folder() / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


class Gallery:
    """The pictures of this process. Only one thread at a time may use it."""

    def __init__(self) -> None:
        self._hanging: dict[str, float] = {}  # when each was last wanted
        self._is_new = True
        self._place = folder()
        self._half = self._place / f"{secrets.token_hex(8)}.part"  # another process has its own

    def hang(self, png: bytes) -> str:
        """Keep a picture and give its name. Raises OSError where it cannot be written."""
        name = f"{hashlib.sha256(png).hexdigest()[:32]}.png"
        if not self.has(name):
            self._write(name, png)
        self._hanging[name] = time.monotonic()
        return name

    def has(self, name: str) -> bool:
        """Whether a picture hangs there still; whoever asks wants it."""
        there = name in self._hanging and (self._place / name).exists()
        if there:
            self._hanging[name] = time.monotonic()
        return there

    def sweep(self, shown: Collection[str]) -> None:
        """Remove what is not shown, and has not been wanted for a while."""
        if self._is_new:
            self._is_new = False
            _remove_left_over()
        now = time.monotonic()
        for name, wanted in tuple(self._hanging.items()):
            if name in shown:
                self._hanging[name] = now
            elif now - wanted > SPARED_SECONDS:
                del self._hanging[name]
                _remove(self._place / name)

    def _write(self, name: str, png: bytes) -> None:
        try:
            self._half.write_bytes(png)
        except FileNotFoundError:  # the first one, or somebody cleared the cache
            self._place.mkdir(parents=True, exist_ok=True)
            self._half.write_bytes(png)
        self._half.replace(self._place / name)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:  # somebody has it open, on Windows; it goes as a left over one
        _log.info("an old preview stays: %s", error)


def _remove_left_over() -> None:
    """What a Slipway that ended did not remove."""
    try:
        for path in folder().iterdir():
            if time.time() - path.stat().st_mtime > LEFT_OVER_SECONDS:
                _remove(path)
    except OSError as error:
        _log.info("old previews stay: %s", error)
