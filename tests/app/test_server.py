"""The guard of browser mode, asked with raw requests, and once with Flet behind it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import flet as ft
import pytest
from playwright.sync_api import expect

from app import gallery, server
from tests.browser import FletPage, browser

WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
}


@dataclass
class Answer:
    """Status, headers by lower-case name, and the body as text."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Client:
    """Asks one server, with right headers unless a test gives others (None leaves one out)."""

    port: int
    opened: list[str]
    server: server.Server
    cookie: str = ""

    async def ask(
        self, path: str = "/", method: str = "GET", body: str = "", **headers: str | None
    ) -> Answer:
        given: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if self.cookie:
            given["Cookie"] = self.cookie
        if body:
            given["Content-Length"] = str(len(body))
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
        return await self.raw(f"{method} {path} HTTP/1.1", lines, body)

    async def raw(self, first: str, lines: list[str], body: str = "") -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write("\r\n".join([first, *lines, "", body]).encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            status = int(head[0].split()[1])
            headers = {
                name.lower(): value
                for name, value in (line.split(": ", 1) for line in head[1:] if line)
            }
            data = b"" if status == 101 else await reader.read()
            return Answer(status, headers, data.decode("utf-8", "replace"))
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def websocket(self, **headers: str | None) -> Answer:
        own: dict[str, str | None] = {"Origin": f"http://127.0.0.1:{self.port}"}
        given: dict[str, str | None] = {**WEBSOCKET, **own, **headers}
        return await self.ask("/ws", "GET", "", **given)

    async def enter(self) -> None:
        """Swap a token for the cookie."""
        answer = await self.ask(path_of(self.server.fresh_address()))
        assert answer.status == 303
        self.cookie = answer.headers["set-cookie"].split(";")[0]


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def page(page: ft.Page) -> None:
    page.add(ft.Text("hello"))


@contextlib.asynccontextmanager
async def serving(tmp_path: Path) -> AsyncIterator[Client]:
    opened: list[str] = []
    served = server.Server(page, tmp_path, on_open=opened.append)
    task = asyncio.create_task(served.run())
    try:
        yield Client(served.port, opened, served)
    finally:
        served.stop()
        await asyncio.wait_for(task, 10)


def run(tmp_path: Path, work: Callable[[Client], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(30), serving(tmp_path) as client:
            await work(client)

    asyncio.run(whole())


def test_an_address_works_once_and_leaves_no_token(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        address = client.server.fresh_address()
        assert address.startswith(f"http://127.0.0.1:{client.port}/?token=")
        first = await client.ask(path_of(address))
        assert first.status == 303
        assert first.headers["location"] == "/"
        cookie = first.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert address.split("=")[1] not in cookie
        again = await client.ask(path_of(address))
        assert again.status == 403
        assert "press Enter" in again.text
        other = await client.ask(path_of(client.server.fresh_address()))
        assert other.status == 303
        client.cookie = cookie.split(";")[0]
        home = await client.ask("/")
        assert home.status == 200
        assert "flutter_bootstrap.js" in home.text
        with_old_token = await client.ask(path_of(address))
        assert with_old_token.status == 303, "whoever is in already is led to the clean address"

    run(tmp_path, work)


def test_headers_of_what_is_served(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        await client.enter()
        for path in ("/", "/main.dart.wasm", "/some/page"):
            answer = await client.ask(path)
            assert answer.status == 200
            assert "access-control-allow-origin" not in answer.headers
            policy = answer.headers["content-security-policy"]
            assert f"ws://127.0.0.1:{client.port}" in policy
            assert "https:" not in policy
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["referrer-policy"] == "no-referrer"

    run(tmp_path, work)


def test_without_the_cookie_nothing_is_served(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        name = f"slipway_{client.port}"
        for cookie in (None, "", f"{name}=wrong", f"{name}=é", f"{name}=", "=;;;", "other=1"):
            answer = await client.ask("/", Cookie=cookie)
            assert answer.status == 403
            assert "set-cookie" not in answer.headers
        for path in ("/?token=", "/?token=wrong", "/?token=%C3%A9", "/main.dart.js", "/ws"):
            assert (await client.ask(path)).status == 403
        token = path_of(client.server.fresh_address())
        assert (await client.ask(token, method="HEAD")).status == 403
        assert (await client.ask(token, method="POST")).status == 403
        assert (await client.ask(token)).status == 303, "only a GET uses a token up"

    run(tmp_path, work)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Host": "[::1]:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_strangers_are_refused_even_with_the_cookie(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async def work(client: Client) -> None:
        await client.enter()
        assert (await client.ask("/", **headers)).status == 403
        token = path_of(client.server.fresh_address())
        assert (await client.ask(token, **headers)).status == 403
        assert (await client.ask(token)).status == 303, "a stranger does not use the token up"
        origin = headers.get("Origin", f"http://127.0.0.1:{client.port}")
        assert (await client.websocket(**{**headers, "Origin": origin})).status == 403

    run(tmp_path, work)


def test_two_hosts_are_refused(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        await client.enter()
        host = f"Host: 127.0.0.1:{client.port}"
        origin = f"Origin: http://127.0.0.1:{client.port}"
        cookie = f"Cookie: {client.cookie}"
        for lines in ([host, "Host: evil.example"], [host, origin, "Origin: http://evil.example"]):
            answer = await client.raw("GET / HTTP/1.1", [*lines, cookie, "Connection: close"])
            assert answer.status in (400, 403)

    run(tmp_path, work)


def test_the_websocket(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        assert (await client.websocket()).status == 403, "no cookie"
        await client.enter()
        assert (await client.websocket()).status == 101
        assert (await client.websocket(Origin=None)).status == 403
        assert (await client.websocket(Origin="http://evil.example")).status == 403
        assert (await client.websocket(Cookie=None)).status == 403
        assert (await client.websocket(**{"Sec-Fetch-Site": "cross-site"})).status == 403
        token = path_of(client.server.fresh_address())[1:]
        refused = await client.ask(
            "/ws" + token, **WEBSOCKET, Cookie=None, Origin=f"http://127.0.0.1:{client.port}"
        )
        assert refused.status == 403, "a token does not open a websocket"

    run(tmp_path, work)


def test_a_second_start_gets_an_address_with_the_secret(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        secret = {"Authorization": f"Bearer {client.server.keys.secret}"}
        body = json.dumps({"project": "/tmp/my project"})
        answer = await client.ask(server.CONTROL_PATH, "POST", body, **secret)
        assert answer.status == 200
        assert client.opened == ["/tmp/my project"]
        assert (await client.ask(path_of(answer.text))).status == 303
        for bad in ("", "no json", "[]", '{"project": 5}'):
            assert (await client.ask(server.CONTROL_PATH, "POST", bad, **secret)).status == 200
        assert client.opened == ["/tmp/my project"]

        refused = [
            await client.ask(server.CONTROL_PATH, "GET", **secret),
            await client.ask(server.CONTROL_PATH, "POST"),
            await client.ask(server.CONTROL_PATH, "POST", Authorization="Bearer wrong"),
            await client.ask(
                server.CONTROL_PATH, "POST", Origin=f"http://127.0.0.1:{client.port}", **secret
            ),
        ]
        assert [answer.status for answer in refused] == [403] * 4
        await client.enter()
        assert (await client.ask(server.CONTROL_PATH, "POST")).status == 403, "not by the cookie"

    run(tmp_path, work)


def test_a_font_that_is_not_there_is_answered(tmp_path: Path) -> None:
    async def work(client: Client) -> None:
        await client.enter()
        answer = await client.ask("/assets/fonts/notosansjp/v53/abc.1.woff2")
        assert answer.status == 200
        assert answer.headers["content-type"] == "font/woff2"
        assert (await client.ask("/assets/fonts/none.ttf")).status == 404

    run(tmp_path, work)


def test_pictures_of_the_gallery_are_for_those_who_were_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path))
    name = gallery.Gallery().hang(b"picture")

    async def work(client: Client) -> None:
        assert (await client.ask(f"{gallery.ROUTE}{name}")).status == 403
        await client.enter()
        answer = await client.ask(f"{gallery.ROUTE}{name}")
        assert (answer.status, answer.text) == (200, "picture")
        assert answer.headers["content-type"] == "image/png"
        assert "immutable" in answer.headers["cache-control"]
        for other in ("0" * 32 + ".png", "..%2f..%2fsecret.png", "%00.png"):
            assert (await client.ask(f"{gallery.ROUTE}{other}")).status == 404
        stranger = await client.ask(f"{gallery.ROUTE}{name}", Sec_Fetch_Site="cross-site")
        assert stranger.status == 403

    run(tmp_path, work)


def test_only_the_newest_invitations_count() -> None:
    keys = server.Keys()
    tokens = [keys.fresh_token() for _ in range(server.OPEN_INVITATIONS + 1)]
    assert not keys.redeem(tokens[0])
    assert keys.redeem(tokens[1])
    assert not keys.redeem(tokens[1])
    assert not keys.redeem("")


def test_only_this_computer_is_served(tmp_path: Path) -> None:
    served = server.Server(page, tmp_path)
    try:
        assert served._socket.getsockname()[0] == "127.0.0.1"
    finally:
        served.close()


def test_a_taken_port_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            server.Server(page, tmp_path, port=taken.getsockname()[1])


def many_scripts(page: ft.Page) -> None:
    text = ft.Text("")

    async def write() -> None:
        for count in range(40):
            text.value = f"日本 العربية 🙂 {count}"
            text.update()
            await asyncio.sleep(0.05)

    page.add(text, ft.FilledButton("Write", on_click=write))


@pytest.mark.slow
def test_in_a_real_browser(tmp_path: Path) -> None:
    """The browser that was let in works, also after a reload; another one does not get in."""
    served = server.Server(many_scripts, tmp_path)
    thread = threading.Thread(target=lambda: asyncio.run(served.run()))
    thread.start()
    try:
        with browser() as chromium:
            asked: list[str] = []
            blocked: list[str] = []
            tab = chromium.new_context().new_page()
            tab.on("request", lambda request: asked.append(request.url))
            tab.on("requestfailed", lambda request: blocked.append(request.url))
            address = served.fresh_address()
            tab.goto(address)
            assert "token" not in tab.url
            page = FletPage(tab).wake()
            page.click("Write")
            expect(tab.get_by_text("39")).to_be_attached()
            tab.reload()
            page.wake()
            expect(page.button("Write")).to_be_visible()
            away = [url for url in asked if f"127.0.0.1:{served.port}" not in url]
            assert set(away) <= set(blocked), "nothing leaves this computer"
            assert sum("noto" in url for url in asked) < 20, "a glyph is not asked for for ever"

            stranger = chromium.new_context().new_page()
            answer = stranger.goto(address)
            assert answer is not None
            assert answer.status == 403
            evil = chromium.new_context().new_page()
            evil.goto("about:blank")
            refused = evil.evaluate(
                "url => new Promise(r => { const s = new WebSocket(url);"
                " s.onopen = () => r(false); s.onerror = () => r(true) })",
                f"ws://127.0.0.1:{served.port}/ws",
            )
            assert refused
    finally:
        served.stop()
        thread.join(20)


def test_the_last_page_needs_nothing_else_and_is_only_for_who_was_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_left", [])

    async def work(client: Client) -> None:
        assert (await client.ask(server.ENDED_PATH)).status == 403
        await client.enter()
        waits = asyncio.create_task(client.server.let_go(1))
        await asyncio.sleep(0.05)
        assert not waits.done()
        answer = await client.ask(server.ENDED_PATH)
        assert answer.status == 200
        assert "Slipway has ended" in answer.text
        assert "<code>python3 main.py</code>" in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "src=" not in answer.text
        assert "href=" not in answer.text
        await waits

    run(tmp_path, work)


def test_nobody_waits_for_tabs_that_do_not_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_left", [])
    monkeypatch.setattr(server, "LEAVE_SECONDS", 0.1)

    async def work(client: Client) -> None:
        await client.server.let_go(0)
        await client.server.let_go(2)

    run(tmp_path, work)
