"""The server of a built site, asked as a browser asks, and as others should not."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from builder.web import serve as module
from tests.builder.fake_build import write

Start = Callable[..., "Served"]

SITE = {
    "index.html": "the page",
    "app.zip.gz": "packed",
    "slipway/boot.js": "js",
    "pyodide/pyodide.mjs": "mjs",
    "pyodide/pyodide.asm.wasm": "wasm",
    "manifest.json": "{}",
    "fonts/x.WOFF2": "font",
    "a%20b.txt": "with a per cent sign",
    "100% ü #?.txt": "odd",
    "v1.0/readme.txt": "x",
    "unknown.qqq": "x",
    "docs/index.html": "the guide",
}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class Served:
    """A running server of a folder."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.port = int(address.split(":")[2].split("/")[0])

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=given)
        response = connection.getresponse()
        body = response.read().decode("utf-8", "replace")
        connection.close()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, body)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts servers, and stops them at the end."""
    running: list[module._Server] = []
    threads: list[threading.Thread] = []

    class Kept(module._Server):
        def serve_forever(self, poll_interval: float = 0.5) -> None:
            running.append(self)
            super().serve_forever(0.01)

    monkeypatch.setattr(module, "_Server", Kept)

    def run(folder: Path, **options: str) -> Served:
        ready, addresses = threading.Event(), list[str]()

        def tell(address: str) -> None:
            addresses.append(address)
            ready.set()

        thread = threading.Thread(
            target=module.serve, args=(folder,), kwargs={**options, "ready": tell}
        )
        thread.start()
        threads.append(thread)
        assert ready.wait(10)
        return Served(addresses[0])

    yield run
    for server in running:
        server.shutdown()
    for thread in threads:
        thread.join(10)


@pytest.fixture
def site(tmp_path: Path, start: Start) -> Served:
    write(tmp_path / "site.v1", SITE)
    write(tmp_path, {"secret.txt": "not yours"})
    return start(tmp_path / "site.v1")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/slipway/boot.js", "text/javascript"),
        ("/pyodide/pyodide.mjs", "text/javascript"),
        ("/pyodide/pyodide.asm.wasm", "application/wasm"),
        ("/manifest.json", "application/json"),
        ("/fonts/x.WOFF2", "font/woff2"),
        ("/unknown.qqq", "application/octet-stream"),
    ],
)
def test_types(path: str, kind: str, site: Served) -> None:
    answer = site.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "no-cache"
    assert site.get(path, method="HEAD").body == ""


def test_packed_files_are_not_unpacked_on_the_way(site: Served) -> None:
    assert "content-encoding" not in site.get("/app.zip.gz?v=1").headers


@pytest.mark.parametrize(
    "path", ["/second", "/deep/link?x=1", "/v1.0", "/v1.0/", "/fonts", "/fonts/", "/%00x"]
)
def test_a_route_of_the_app_gets_the_page(path: str, site: Served) -> None:
    answer = site.get(path)
    assert (answer.status, answer.body) == (200, "the page")


def test_a_folder_with_a_page_of_its_own_shows_it(site: Served) -> None:
    assert site.get("/docs/").body == "the guide"
    assert site.get("/docs").headers["location"] == "/docs/"


@pytest.mark.parametrize("path", ["/missing.js", "/deep/missing.png?x", "/a%00.png"])
def test_a_missing_file_is_missing(path: str, site: Served) -> None:
    assert site.get(path).status == 404


@pytest.mark.parametrize("name", ["a%20b.txt", "100% ü #?.txt"])
def test_odd_names(name: str, site: Served) -> None:
    assert site.get("/" + quote(name)).body == SITE[name]


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/..%5csecret.txt",
     "/x/..%2f..%2f..%2fsecret.txt", "//../secret.txt", "/%252e%252e/secret.txt"],
)  # fmt: skip
def test_nothing_beyond_the_folder_is_given(path: str, site: Served) -> None:
    assert "not yours" not in site.get(path).body


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:1234", 200),
        ("LocalHost", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example:80", 403),
        ("localhost@evil.example", 403),
        ("[::1", 403),
        ("", 403),
    ],
)
def test_only_our_own_names(host: str, status: int, site: Served) -> None:
    assert site.get("/", Host=host).status == status


def test_nothing_but_reading(site: Served) -> None:
    assert site.get("/", method="POST").status == 501


def test_a_base_url(tmp_path: Path, start: Start) -> None:
    write(tmp_path, SITE)
    served = start(tmp_path, base_url="my app/x%20y".replace(" ", "-"))
    base = "/my-app/x%20y/"
    assert served.address.endswith(base)
    assert served.get(base).body == "the page"
    assert served.get(base + "slipway/boot.js").body == "js"
    assert served.get(base + "deep/link").body == "the page"
    assert served.get("/elsewhere").status == 404
    for path in ("/", base[:-1]):
        answer = served.get(path)
        assert (answer.status, answer.headers["location"]) == (302, base)


def test_what_did_not_change_is_not_sent_again(site: Served) -> None:
    # The browser may know a newer file from another site that was served here.
    later = "Fri, 01 Jan 2100 00:00:00 GMT"
    for path in ("/", "/slipway/boot.js", "/a/route"):
        seen = site.get(path).headers["last-modified"]
        assert site.get(path, If_Modified_Since=seen).status == 304
        assert site.get(path, If_Modified_Since=later).status == 200


def test_a_browser_that_goes_away_is_no_error(
    site: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as connection:
        connection.sendall(b"GET /app.zip.gz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert site.get("/").status == 200
    assert capsys.readouterr().err == ""


def test_a_taken_port_is_an_error(site: Served, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r".+"):
        module.serve(tmp_path, port=site.port)
