"""The guarded loopback server of browser mode.

Slipway starts builds, so no other page or program on this computer may talk to it. Flet itself
checks neither Host nor Origin and answers every websocket; everything therefore passes `Guard`
first: the exact Host and Origin, where the browser says the request comes from, and a cookie that
only the browser has that was given a one-time address.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import os
import re
import secrets
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import flet_web.fastapi as flet_fastapi  # type: ignore[import-untyped]
import uvicorn
from fastapi.responses import FileResponse, HTMLResponse, Response
from flet_web import get_package_web_dir

from app import gallery
from app.texts import t

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]

CONTROL_PATH = "/.slipway/address"  # where a second `main.py` asks for a fresh address
ENDED_PATH = "/.slipway/ended"  # where the tabs go when Slipway ends
LEAVE_SECONDS = 2.0  # for the tabs to get their last page
LONGEST_REQUEST = 1 << 16  # bytes in the body of such a question
OPEN_INVITATIONS = 20  # addresses that were printed and not used; older ones no longer count

_REFUSAL = (
    b"This is Slipway. It talks only to the browser window that it opened itself.\n\n"
    b"To use it here: go to the terminal in which Slipway runs, press Enter, and paste the new\n"
    b"address into the address bar. Starting `python main.py` a second time gives one as well.\n"
    b"Each address works once.\n"
)


@dataclass
class Keys:
    """Who is let in: one-time tokens, the cookie that they are swapped for, and the secret.

    The secret stands in a file that only the user can read; it is what a second `main.py` shows.
    """

    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _tokens: deque[str] = field(default_factory=lambda: deque(maxlen=OPEN_INVITATIONS))

    def fresh_token(self) -> str:
        """A token that opens the door once."""
        token = secrets.token_urlsafe(32)
        self._tokens.append(token)
        return token

    def redeem(self, token: str) -> bool:
        """Whether the token opens the door; it does not do so again."""
        # All are compared, so that the time taken says nothing about how close a guess was.
        matches = [known for known in self._tokens if _same(known, token)]
        for known in matches:
            self._tokens.remove(known)
        return bool(matches)


def _same(a: str, b: str) -> bool:
    return secrets.compare_digest(a.encode("utf-8", "replace"), b.encode("utf-8", "replace"))


class Guard:
    """Lets in only the browser that came with a token. Covers HTTP and websockets alike.

    `on_open` is told the project that a second `main.py` was asked to open.
    """

    def __init__(
        self,
        inner: AsgiApp,
        port: int,
        keys: Keys,
        on_open: Callable[[str], None] = lambda project: None,
    ) -> None:
        self._inner = inner
        self._keys = keys
        self._on_open = on_open
        self._cookie_name = f"slipway_{port}"  # cookies do not tell ports apart, names do
        self._home = f"http://127.0.0.1:{port}"
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}
        sockets = " ".join(f"ws://{host}" for host in sorted(self._hosts))
        self._headers = [(k, v.replace("{sockets}", sockets).encode()) for k, v in _HEADERS]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        asked = _Asked(scope)
        if not self._is_from_here(asked):
            await _refuse(scope, receive, send)
        elif asked.path == CONTROL_PATH:
            await self._control(asked, scope, receive, send)
        elif token := self._token_of(asked):
            await self._swap(token, asked, scope, receive, send)
        elif self._has_cookie(asked):
            await self._inner(scope, receive, self._with_headers(send))
        else:
            await _refuse(scope, receive, send)

    def _is_from_here(self, asked: _Asked) -> bool:
        """Whether Host, Origin and Sec-Fetch-Site all say that this is our own page."""
        if asked.repeats or asked.headers.get("host") not in self._hosts:
            return False
        origin = asked.headers.get("origin")
        if origin is None and asked.kind == "websocket":
            return False
        if origin is not None and origin not in self._origins:
            return False
        return asked.headers.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _token_of(self, asked: _Asked) -> str:
        if asked.kind != "http" or asked.method != "GET":
            return ""
        return parse_qs(asked.query).get("token", [""])[0]

    def _has_cookie(self, asked: _Asked) -> bool:
        try:
            cookie = SimpleCookie(asked.headers.get("cookie", "")).get(self._cookie_name)
        except CookieError:
            return False
        return cookie is not None and _same(cookie.value, self._keys.cookie)

    async def _swap(
        self, token: str, asked: _Asked, scope: Message, receive: Receive, send: Send
    ) -> None:
        """Token against cookie, by a redirect, so that no token stays in the address bar."""
        redeemed = self._keys.redeem(token)
        if not redeemed and not self._has_cookie(asked):
            await _refuse(scope, receive, send)
            return
        cookie = f"{self._cookie_name}={self._keys.cookie}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode())]
        await _answer(send, 303, b"", headers)

    async def _control(self, asked: _Asked, scope: Message, receive: Receive, send: Send) -> None:
        """A fresh address for whoever knows the secret; never for a web page."""
        shown = asked.headers.get("authorization", "").removeprefix("Bearer ")
        allowed = asked.method == "POST" and "origin" not in asked.headers
        if not allowed or not _same(shown, self._keys.secret):
            await _refuse(scope, receive, send)
            return
        project = _project_in(await _body(receive))
        if project:
            self._on_open(project)
        address = f"{self._home}/?token={self._keys.fresh_token()}"
        await _answer(send, 200, address.encode())

    def _with_headers(self, send: Send) -> Send:
        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0].lower() not in _OVERRULED]
                message = {**message, "headers": [*kept, *self._headers]}
            await send(message)

        return wrapped


_HEADERS = (
    (
        b"content-security-policy",
        # Inline scripts are the client's own index.html. Nothing leaves this computer: the stock
        # client asks a CDN for one script at start, and does well without it.
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self' data:; "
        "connect-src 'self' {sockets} blob: data:; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-frame-options", "DENY"),
    (b"x-content-type-options", "nosniff"),
    (b"referrer-policy", "no-referrer"),
    (b"cross-origin-resource-policy", "same-origin"),
)
_OVERRULED = {b"access-control-allow-origin", *(name for name, _ in _HEADERS)}


class _Asked:
    """What the guard looks at in a request."""

    def __init__(self, scope: Message) -> None:
        self.kind: str = scope["type"]
        self.method: str = scope.get("method", "")
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        pairs = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope["headers"]]
        self.headers = dict(pairs)
        # Two Hosts or Origins: somebody hopes that we look at the one and the next at the other.
        names = [name for name, _ in pairs if name in ("host", "origin", "sec-fetch-site")]
        self.repeats = len(names) != len(set(names))


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403})  # before accepting: HTTP 403
    else:
        await _answer(send, 403, _REFUSAL)


async def _answer(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    common = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]
    await send(
        {"type": "http.response.start", "status": status, "headers": [*common, *(headers or [])]}
    )
    await send({"type": "http.response.body", "body": body})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more and len(body) <= LONGEST_REQUEST:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _project_in(body: bytes) -> str:
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return ""
    project = data.get("project", "") if isinstance(data, dict) else ""
    return project if isinstance(project, str) else ""


# --- The server ----------------------------------------------------------------------------------


class _Uvicorn(uvicorn.Server):
    """Leaves signals alone: `start.py` listens to them, and builds end before the server does."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """Browser mode: binds at once, serves with `run`, prints nothing by itself."""

    def __init__(
        self,
        main: Callable[..., Any],
        assets: Path,
        port: int = 0,
        on_open: Callable[[str], None] = lambda project: None,
    ) -> None:
        """Bind to 127.0.0.1; `port` 0 takes a free one. Raises OSError when the port is taken."""
        self._socket = _bind(port)
        self.port: int = self._socket.getsockname()[1]
        self.keys = Keys()
        guard = Guard(flet_app(main, assets), self.port, self.keys, on_open)
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                guard,
                log_level="critical",
                access_log=False,
                server_header=False,
                ws="websockets-sansio",
                timeout_graceful_shutdown=1,
            )
        )

    def fresh_address(self) -> str:
        """An address that opens the wizard in one browser, once."""
        return f"http://127.0.0.1:{self.port}/?token={self.keys.fresh_token()}"

    async def run(self) -> None:
        """Serve until `stop`."""
        await self._uvicorn.serve(sockets=[self._socket])

    async def let_go(self, tabs: int) -> None:
        """Until so many tabs have got the last page, or a moment has passed."""
        deadline = time.monotonic() + LEAVE_SECONDS
        while len(_left) < tabs and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    def stop(self) -> None:
        """End `run` within about a second."""
        self._uvicorn.should_exit = True

    def close(self) -> None:
        """Give the port back when `run` was never called."""
        self._socket.close()


def _bind(port: int) -> socket.socket:
    """Bound here, not in uvicorn, so that the port in the address is the one that is served."""
    sock = socket.socket()
    try:
        if os.name == "posix":  # on Windows it would let others take the port as well
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen()  # who is quicker than uvicorn waits in the queue
    except OSError:
        sock.close()
        raise
    return sock


async def _preview(name: str) -> Response:
    """A picture of the gallery; its name changes with what is in it, so it may be kept."""
    path = gallery.find(name)
    if path is None:
        return Response(status_code=404)
    kept = {"cache-control": "private, max-age=86400, immutable"}
    return FileResponse(path, media_type="image/png", headers=kept)


_ENDED = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark }}
  body {{ margin: 0; min-height: 100vh; display: grid; place-items: center;
         background: light-dark(#f6f7f9, #0f141a); color: light-dark(#14181d, #e8edf2);
         font: 16px/1.5 system-ui, sans-serif }}
  main {{ max-width: 30em; margin: 24px; padding: 36px; border-radius: 16px;
         background: light-dark(#fff, #171e26); border: 1px solid light-dark(#e1e5ea, #2a333d) }}
  h1 {{ margin: 0 0 12px; font-size: 26px; line-height: 1.25 }}
  p {{ margin: 8px 0 0 }}
  code {{ font-family: ui-monospace, monospace; font-size: 15px }}
</style>
<main><h1>{title}</h1><p>{lead}</p><p>{again}</p></main>
</html>
"""


_left: list[float] = []  # when a tab has got its last page


async def _ended() -> Response:
    """The last page of a tab: the client would say for ever that it is working."""
    _left.append(time.monotonic())
    words = {name: html.escape(t(f"ended.{name}")) for name in ("title", "lead", "again")}
    words["again"] = re.sub(r"`([^`]+)`", r"<code>\1</code>", words["again"])
    return HTMLResponse(_ENDED.format(**words), headers={"cache-control": "no-store"})


def flet_app(main: Callable[..., Any], assets: Path) -> AsgiApp:
    """What the guard guards: Flet's own app, and what Slipway serves beside it."""
    os.environ["FLET_WEB_NO_CDN"] = "true"  # a setting of the user's must not bring the CDN back
    outer = flet_fastapi.FastAPI(openapi_url=None)  # its lifespan runs Flet's app manager
    inner = flet_fastapi.app(
        main,
        assets_dir=str(assets),
        app_name="Slipway",
        app_short_name="Slipway",
        app_description="Turns a Python project into an app.",
        no_cdn=True,
    )

    # For a glyph that Roboto lacks (a folder called 日本, an emoji in a log) the client wants a
    # Noto font, and asks for it again at every frame until it gets one. So it gets one: Roboto
    # once more, which draws a box.
    box = Path(get_package_web_dir()) / "assets" / "fonts" / "roboto.woff2"

    async def instead_of_noto() -> FileResponse:
        return FileResponse(box)

    outer.add_api_route("/assets/fonts/{family}/v{version}/{name}.woff2", instead_of_noto)
    outer.add_api_route(f"{gallery.ROUTE}{{name}}", _preview, response_model=None)
    outer.add_api_route(ENDED_PATH, _ended, response_model=None)
    outer.mount("/", inner)
    served: AsgiApp = outer
    return served
