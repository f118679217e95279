"""How Slipway starts: window or browser, a second start, signals, and what it leaves behind."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import flet as ft
import psutil
import pytest

from app import processes, start
from builder.lock import Lock

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No display, no client, and the user's folders in a temporary place."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "FLET_VIEW_PATH", "FLET_DESKTOP_FLAVOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()


class Slipway:
    """A `main.py` in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(processes.ROOT / "main.py"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    def address(self) -> str:
        """The next address that it prints."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if found := ADDRESS.search(line):
                return found.group()
        raise AssertionError("".join(self.said))

    def press_enter(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self, how: int = signal.SIGINT) -> str:
        """Stop it; returns what it still said."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=60)
        return "".join(self.said) + rest


@contextmanager
def slipway(*arguments: str) -> Iterator[Slipway]:
    one = Slipway(*arguments)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def get(address: str, cookie: str = "") -> tuple[int, str]:
    """Status and cookie of one request."""
    found = ADDRESS.search(address)
    assert found is not None
    connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=5)
    try:
        connection.request("GET", f"/?token={found[2]}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        return answer.status, (answer.getheader("set-cookie") or "").split(";")[0]
    finally:
        connection.close()


# --- Window or browser ---------------------------------------------------------------------------


def test_asked_for_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(start, "client_is_here", lambda: True)
    assert start.decide(wants_browser=True)[0] == "browser"


def test_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.host.current", lambda: "linux")
    monkeypatch.setattr(start, "client_is_here", lambda: True)
    assert start.decide(wants_browser=False) == ("browser", "no display")


def test_a_display_and_the_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("builder.host.current", lambda: "linux")
    monkeypatch.setattr(start, "can_fetch_client", lambda: False)
    assert start.decide(wants_browser=False)[0] == "browser"
    (tmp_path / "home/.flet/client" / f"flet-desktop-light-{ft.__version__}").mkdir(parents=True)
    assert start.decide(wants_browser=False)[0] == "native"
    monkeypatch.setenv("FLET_DESKTOP_FLAVOR", "full")
    assert start.decide(wants_browser=False)[0] == "browser"
    (tmp_path / "view").mkdir()
    (tmp_path / "view" / "flet").touch()
    monkeypatch.setenv("FLET_VIEW_PATH", str(tmp_path / "view"))
    assert start.decide(wants_browser=False)[0] == "native"


@contextmanager
def answering(seconds: float, status: int) -> Iterator[str]:
    """A place to fetch the client from that takes its time."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            with suppress(OSError):  # who asked may be gone
                time.sleep(seconds)
                self.send_response(status)
                self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{served.server_address[1]}/client"
        finally:
            served.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("seconds", "status", "can"), [(0, 200, True), (0, 404, False), (4, 200, False)]
)
def test_fetching_the_client(
    seconds: float, status: int, can: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(seconds, status) as url:
        monkeypatch.setenv("FLET_CLIENT_URL", url)
        assert start.can_fetch_client() is can  # an answer after 4 seconds would say yes


def test_a_name_server_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answered = threading.Event(), threading.Event()

    def hangs(*arguments: Any, **more: Any) -> Any:
        asked.wait(120)
        answered.set()
        raise OSError("no name server")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    monkeypatch.setenv("FLET_CLIENT_URL", "https://somewhere.example/client")
    assert not start.can_fetch_client()
    assert not answered.is_set()
    asked.set()


def test_a_download_that_fails_leads_to_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    import flet_desktop  # type: ignore[import-untyped]

    def fails() -> None:
        raise TimeoutError("stalled")

    monkeypatch.setattr(flet_desktop, "ensure_client_cached", fails)
    assert not start._fetch_client()


@pytest.mark.parametrize("comes_up", [True, False])
def test_the_native_window(comes_up: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []

    async def run_async(main: Any, **more: Any) -> None:
        assert Path(more["assets_dir"]).is_absolute()
        if comes_up:
            await main("a page")
        else:
            raise FileNotFoundError("no client")

    monkeypatch.setattr(ft, "run_async", run_async)
    monkeypatch.setattr("app.shell.wizard", drawn.append)
    assert asyncio.run(start._in_a_window(None)) is comes_up
    assert drawn == (["a page"] if comes_up else [])


def test_a_window_that_never_shows_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    clients: list[asyncio.subprocess.Process] = []

    async def run_async(main: Any, **more: Any) -> None:
        clients.append(await asyncio.create_subprocess_exec("sleep", "60"))
        await clients[0].wait()

    monkeypatch.setattr(ft, "run_async", run_async)
    monkeypatch.setattr(start, "WINDOW_SECONDS", 0.3)

    async def whole() -> None:
        assert not await start._in_a_window(None)
        assert await asyncio.wait_for(clients[0].wait(), 5) != 0

    asyncio.run(whole())


@pytest.mark.skipif(sys.platform != "linux", reason="a fake client for Linux")
@pytest.mark.parametrize("client", ["exit 1", "echo no GTK >&2; exit 127"])
def test_a_client_that_does_not_start(
    client: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = tmp_path / "view" / "flet"
    view.parent.mkdir()
    view.write_text(f"#!/bin/sh\n{client}\n")
    view.chmod(0o755)
    monkeypatch.setenv("FLET_VIEW_PATH", str(view.parent))
    monkeypatch.setenv("DISPLAY", ":97")
    with slipway("--no-open") as one:
        assert get(one.address())[0] == 303
        said = one.end()
    assert "The window did not come up" in said
    assert "Traceback" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="a fake client for Linux")
def test_a_polite_kill_closes_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flet itself leaves the window open when its Python side is told to end."""
    monkeypatch.setattr("app.shell.wizard", lambda page: None)
    clients: list[asyncio.subprocess.Process] = []

    async def run_async(main: Any, **more: Any) -> None:
        clients.append(await asyncio.create_subprocess_exec("sleep", "60"))
        await main("a page")
        await clients[0].wait()

    monkeypatch.setattr(ft, "run_async", run_async)

    async def whole() -> None:
        asyncio.get_running_loop().call_later(0.5, signal.raise_signal, signal.SIGTERM)
        assert await start._in_a_window(None)
        assert await asyncio.wait_for(clients[0].wait(), 5) != 0

    asyncio.run(whole())


def test_settings_of_flet_cannot_open_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLET_FORCE_WEB_SERVER", "true")
    monkeypatch.setenv("FLET_SERVER_IP", "0.0.0.0")
    with slipway("--no-open") as one:
        assert one.address().startswith("http://127.0.0.1:")
        listening = psutil.Process(one.process.pid).net_connections("inet")
        assert {c.laddr.ip for c in listening if c.status == "LISTEN"} == {"127.0.0.1"}


# --- In the browser ------------------------------------------------------------------------------


def test_each_address_works_once_and_enter_gives_another(tmp_path: Path) -> None:
    with slipway("--no-open") as one:
        first = one.address()
        state = tmp_path / "data" / "running.json"
        assert stat.S_IMODE(state.stat().st_mode) == 0o600
        assert get(first)[0] == 303
        assert get(first)[0] == 403
        one.press_enter()
        second = one.address()
        assert second != first
        status, cookie = get(second)
        assert status == 303
        assert get(first, cookie)[0] == 303
        said = one.end()
        assert "Slipway has ended" in said
        assert "Traceback" not in said
        assert one.process.returncode == 0
        assert not state.exists()


def test_a_closed_input_does_not_end_it() -> None:
    with slipway("--no-open") as one:
        address = one.address()
        assert one.process.stdin is not None
        one.process.stdin.close()
        time.sleep(0.3)
        assert get(address)[0] == 303
        one.process.stdin = None
        assert "has ended" in one.end(signal.SIGTERM)


def test_a_second_start_leads_to_the_first(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    with slipway("--no-open") as one:
        one.address()
        with slipway("--no-open", str(tmp_path / "project")) as two:
            address = two.address()
            two.process.wait(10)
            assert two.process.returncode == 0
        assert "runs already" in "".join(two.said)
        assert get(address)[0] == 303
        one.end()


def test_one_that_was_killed_is_survived(tmp_path: Path) -> None:
    with slipway("--no-open") as one:
        one.address()
        one.process.kill()
        one.process.wait()
    assert (tmp_path / "data" / "running.json").exists()
    with slipway("--no-open") as two:
        assert get(two.address())[0] == 303
        assert "runs already" not in "".join(two.said)
        two.end()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": "x"}', '{"port": 1}'])
def test_a_broken_state_file(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "RUNNING_SECONDS", 0.1)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "running.json").write_text(text)
    assert start.ask_the_running_one(None) == ""


def test_one_that_runs_but_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "RUNNING_SECONDS", 0.3)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        (tmp_path / "data").mkdir()
        text = json.dumps({"port": deaf.getsockname()[1], "secret": "s"})
        (tmp_path / "data" / "running.json").write_text(text)
        assert start.ask_the_running_one(None) == ""


def test_the_secret_is_not_told_when_nobody_holds_the_lock(tmp_path: Path) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        stranger.settimeout(0.2)
        (tmp_path / "data").mkdir()
        text = json.dumps({"port": stranger.getsockname()[1], "secret": "s"})
        (tmp_path / "data" / "running.json").write_text(text)
        with slipway("--no-open") as one:
            one.address()
            one.end()
        with pytest.raises(TimeoutError):
            stranger.accept()


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with slipway("--no-open") as one:
        assert get(one.address())[0] == 303
        assert "Traceback" not in one.end()


def test_a_taken_port() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with slipway("--no-open", "--port", str(port)) as one:
            said, _ = one.process.communicate(timeout=60)
        assert one.process.returncode == 10
        assert f"Port {port} cannot be used" in said
        assert "Traceback" not in said


def test_a_chosen_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with slipway("--no-open", "--port", str(port)) as one:
        assert f":{port}/" in one.address()


@pytest.mark.parametrize("port", ["0", "99999", "many"])
def test_no_such_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        start.main(["--port", port])
    assert "is not a port" in capsys.readouterr().err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        start.main(["--help"])
    assert left.value.code == 0
    assert "--sample" in capsys.readouterr().out


# --- The sample ----------------------------------------------------------------------------------


def test_the_sample_is_a_copy_that_keeps_what_was_changed(tmp_path: Path) -> None:
    from app import sample

    copy = sample.folder()
    assert copy == tmp_path / "home" / "Slipway sample"
    main = copy / "src" / "main.py"
    assert main.is_file()
    main.write_text("mine")
    assert sample.folder() == copy
    assert main.read_text() == "mine"
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["Slipway sample"]


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    from app import sample

    mine = tmp_path / "home" / "Slipway sample" / "letter.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    assert sample.folder() == tmp_path / "data" / "sample"
    assert mine.read_text() == "mine"


def test_a_project_is_taken_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = start._parser().parse_args(["my app"])
    assert start._project(options) == tmp_path / "my app"


def test_the_lock_is_let_go_of(tmp_path: Path) -> None:
    with slipway("--no-open") as one:
        one.address()
        one.end()
    with Lock(start._lock_file()):
        pass
    logs = tmp_path / "data" / "logs"
    assert [file.name for file in logs.iterdir()] == ["slipway.log"]
