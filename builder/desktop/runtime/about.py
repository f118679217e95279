"""What a packed app knows of itself: the file `slipway.json` beside its code."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FILE = "slipway.json"
CODE = "app"
"""The folder of the user's code in the bundle."""


@dataclass(frozen=True)
class About:
    """`module` and `call` say where the app begins: `shop` and `create_app()`, or `main` and "".

    `root` is the folder below the code that goes on the import path, `start` the one that the app
    runs in, `folders` are those below the code that hold nothing. `digest` differs for every build
    whose code differs. `host`, `port` (0: a free one) and `threads` are for Waitress, `variables`
    for Flet's own client, or what a Flask project says in `.flaskenv` and `.env`.
    """

    kind: str  # flask or flet
    id: str
    name: str
    version: str
    digest: str
    module: str
    call: str
    root: str = ""
    start: str = ""
    folders: Sequence[str] = ()
    host: str = "127.0.0.1"
    port: int = 0
    threads: int = 4
    width: int = 1100
    height: int = 800
    native: bool = False  # Flet's own client is in the bundle, and opens the window itself
    variables: Mapping[str, str] = field(default_factory=dict)


def bundle() -> Path:
    """The folder of the unpacked bundle; nothing is ever written there."""
    return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent))


def read(folder: Path) -> About:
    """What the bundle says of the app."""
    return About(**json.loads((folder / FILE).read_text("utf-8")))
