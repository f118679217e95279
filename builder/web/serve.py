"""Serves a built site on this computer: right types, deep links, nobody else's eyes."""

from __future__ import annotations

import functools
import mimetypes
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Not left to the system's table: on some Windows computers it says that scripts are plain text.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}


def serve(
    folder: Path,
    *,
    port: int = 0,
    base_url: str = "",
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve `folder` on the loopback address until interrupted.

    `port` 0 takes a free one; `base_url` is the path that the site was built for. `ready` gets the
    address once connections are taken. Raises OSError when the port is taken.
    """
    base = "/" + base_url.strip("/") + "/" if base_url.strip("/") else "/"
    handler = functools.partial(_Handler, directory=str(folder), base=base)
    with _Server(("127.0.0.1", port), handler) as server:
        if ready:
            ready(f"http://127.0.0.1:{server.server_port}{base}")
        server.serve_forever(poll_interval=0.2)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # On Windows "reuse" would let two servers share a port.
    allow_reuse_address = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of a file is no error; all else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


class _Handler(SimpleHTTPRequestHandler):
    """Files as they are; a path that is no file is a route of the app and gets the page."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, base: str, **kwargs: Any) -> None:
        self._base = base
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self._is_ours():
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._is_ours():
            super().do_HEAD()

    def _is_ours(self) -> bool:
        """Refuse other paths, and other host names: a page elsewhere may point its own here."""
        if _host_name(self.headers.get("Host", "")) not in ("127.0.0.1", "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)
            return False
        path = urlsplit(self.path).path
        if path.startswith(self._base):
            return True
        if path + "/" == self._base or path == "/":
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self._base)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False
        self.send_error(HTTPStatus.NOT_FOUND)
        return False

    def translate_path(self, path: str) -> str:
        """The file for a path: below the base, and the page where there is none.

        A folder with a page of its own is left to the base class, which finds that.
        """
        inside = urlsplit(path).path[len(self._base) :].replace("%00", "")
        file = Path(super().translate_path("/" + inside))
        if file.is_dir():
            is_route = not (file / "index.html").is_file()
        else:
            is_route = not file.is_file() and "." not in file.name
        return str(Path(self.directory) / "index.html" if is_route else file)

    def send_head(self) -> Any:
        """Answer "not modified" only for the very file that the browser has.

        By the times alone the older of two sites that were served here would seem unchanged.
        """
        had = self.headers.get("If-Modified-Since")
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if had and file.is_file() and had != self.date_time_string(int(file.stat().st_mtime)):
            del self.headers["If-Modified-Since"]
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        """Never: a folder of the site is no page of it."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def guess_type(self, path: Any) -> str:
        suffix = Path(str(path)).suffix.lower()
        return (
            _TYPES.get(suffix) or mimetypes.guess_type(str(path))[0] or "application/octet-stream"
        )

    def end_headers(self) -> None:
        # A new build must show at once; unchanged files are answered with "not modified".
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: whoever waits for the address reads this output."""
