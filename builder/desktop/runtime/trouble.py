"""The page that says that the app could not start, and why.

Served with sockets alone: a web server of the library takes longer to load than all else that a
start needs, for a page that hardly anybody sees.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from .about import About

_HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
_REQUEST_BYTES = 1 << 16


@contextlib.contextmanager
def page(about: About, error: Exception, log: Path) -> Iterator[str]:
    """Serve it meanwhile; yields its address."""
    name, why, where = map(_escaped, (about.name, reason(about, error), str(log)))
    content = (
        f"<!doctype html><meta charset=utf-8><title>{name}</title>"
        "<body style='font:16px system-ui;margin:48px;max-width:40em'>"
        f"<h1>{name} could not start</h1><p>{why}<p><code>{where}</code>"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = _HEAD + content.encode("utf-8", "replace")
        threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            with contextlib.suppress(OSError):  # not every system knows this of what only listens
                server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, answer: bytes) -> None:
    with contextlib.suppress(OSError):  # it was closed
        while True:
            # Browsers connect ahead, and ask later or never.
            threading.Thread(target=_tell, args=(server.accept()[0], answer), daemon=True).start()


def _tell(browser: socket.socket, answer: bytes) -> None:
    with browser, contextlib.suppress(OSError):  # it went away
        if browser.recv(_REQUEST_BYTES):
            browser.sendall(answer)
            browser.shutdown(socket.SHUT_WR)
            while browser.recv(_REQUEST_BYTES):  # closed with something unread, all would be lost
                pass


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def reason(about: About, error: Exception) -> str:
    """Why the app could not start, for whoever wanted to use it."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"Another program uses its port {about.port}. End that program, and try again."
    if number in (errno.ENOSPC, errno.EDQUOT):
        return "There is no room left on the disk. Free some space, and try again."
    return "This is a mistake in the app. Whoever made it can find out more from its log."
