"""The settings that only desktop apps made without Flutter have, below `[tool.slipway.desktop]`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class DesktopSettings:
    """`host`, `port` (0: a free one), `threads` are Waitress's; `width` and `height` in pixels."""

    one_file: bool = False  # --onefile: one executable, which unpacks itself at each start
    console: bool = False  # on Windows and macOS: a terminal beside the window
    hidden_imports: Sequence[str] = ()  # modules that no import in the code names
    host: str = "127.0.0.1"
    port: int = 0
    threads: int = 4
    width: int = 1100
    height: int = 800
