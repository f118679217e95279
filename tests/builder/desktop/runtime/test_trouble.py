"""The page that says that an app could not start: any browser gets it, whatever stands on it."""

from __future__ import annotations

import errno
import html
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from builder.desktop.runtime import trouble
from tests.builder.desktop.runtime.packed import ABOUT

LOG = Path("/home/<someone>/app.log")


def seen(error: Exception, name: str = "Shop") -> str:
    """What a browser gets, that has another connection open on which it says nothing."""
    with trouble.page(replace(ABOUT, name=name, port=81), error, LOG) as address:
        port = int(address.rstrip("/").rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port)),
            urllib.request.urlopen(address, timeout=60) as page,
        ):
            assert page.headers.get_content_type() == "text/html"
            return str(page.read().decode())


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.EADDRINUSE, "in use"), "uses its port 81"),
        (OSError(errno.ENOSPC, "full"), "no room left"),
        (KeyError("x"), "a mistake in the app"),
    ],
)
def test_it_says_why(error: Exception, why: str) -> None:
    assert why in seen(error)


def test_what_stands_on_it_is_text() -> None:
    name = "<b>Käse & Co \ud800"
    shown = seen(ValueError(), name)
    assert "<b>" not in shown
    assert "<b>Käse & Co ? could not start" in html.unescape(shown)
    assert str(LOG) in html.unescape(shown)


def test_it_is_gone_afterwards() -> None:
    with trouble.page(ABOUT, ValueError(), LOG) as address:
        pass
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=60)


def test_no_start_loads_a_web_server() -> None:
    code = "import sys, builder.desktop.runtime.start; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"email", "html", "http.client", "http.server", "urllib.request"}
    assert not slow & set(done.stdout.split())
