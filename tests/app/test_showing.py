"""A finished result that is looked at: a site that is served, an app that is started."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest

from app import engine, showing
from builder.problems import SlipwayError
from tests.app.scripted import Fake, alive, run, until


def test_serving_a_site(tmp_path: Path, fake: Fake) -> None:
    fake("""
        print("Serving")
        print(f"at http://127.0.0.1:{os.getpid()}/ until Ctrl+C", flush=True)
        time.sleep(60)
    """)

    async def work() -> None:
        address = await showing.serve(tmp_path)
        pid = int(address.split(":")[2].strip("/"))
        assert alive(pid)
        assert await showing.serve(tmp_path) == address
        other = await showing.serve(tmp_path / "other")
        assert other != address
        assert not alive(pid)
        await engine.shutdown()
        assert not alive(int(other.split(":")[2].strip("/")))
        fake("sys.exit(10)")
        with pytest.raises(SlipwayError):
            await showing.serve(tmp_path)

    run(work)


def test_nothing_to_open_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not showing.open_folder(tmp_path)
    assert not showing.open_url("http://127.0.0.1/")


@pytest.mark.skipif(sys.platform != "linux", reason="a fake xdg-open")
def test_opening(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/opened"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    async def work() -> None:
        assert showing.open_url("http://127.0.0.1:5/")
        await until(lambda: (tmp_path / "opened").exists())

    run(work)


@pytest.mark.skipif(sys.platform == "win32", reason="scripts as programs")
@pytest.mark.parametrize(("status", "is_started"), [(0, True), (3, False)])
def test_starting_an_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: int, is_started: bool
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("PYTHONPATH", "/ours")
    app = tmp_path / "tide table"
    app.write_text(f'#!/bin/sh\necho "$PWD/$PYTHONPATH" > said\nexit {status}\n')
    app.chmod(0o755)

    async def work() -> None:
        if is_started:
            await showing.start_program(app)
            assert (tmp_path / "said").read_text().strip() == f"{tmp_path}/"
        else:
            with pytest.raises(SlipwayError) as caught:
                await showing.start_program(app)
            assert "status 3" in caught.value.problem.why

    run(work)


@pytest.mark.skipif(sys.platform == "win32", reason="scripts as programs")
def test_an_app_that_goes_on_has_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(showing, "START_SECONDS", 0.3)
    app = tmp_path / "app"
    app.write_text("#!/bin/sh\ntouch here\nsleep 3\nexit 1\n")
    app.chmod(0o755)

    async def work() -> None:
        await showing.start_program(app)
        await until((tmp_path / "here").exists)

    run(work)


@pytest.mark.skipif(sys.platform == "win32", reason="scripts as programs")
def test_an_app_without_a_window_is_found_out_and_asked_to_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A screen is there, and no browser that could give the app a window of its own."""
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(showing, "START_SECONDS", 0.3)
    app = program(
        tmp_path,
        "trap 'touch saved; exit' TERM",
        "echo $$ > started",
        "sleep 0.6",
        "echo 'The app is at http://127.0.0.1:4321/'",
        "while true; do sleep 0.1; done",
    )

    async def work() -> None:
        told: list[str] = []
        leave = showing.watch_served(lambda: told.append(showing.served()))
        assert await showing.start_program(app) == ""
        await until(lambda: showing.served() == "http://127.0.0.1:4321/")
        await showing.stop_serving()
        leave()
        assert showing.served() == ""
        assert told == ["http://127.0.0.1:4321/", ""]
        assert (tmp_path / "saved").exists()
        assert not psutil.pid_exists(int((tmp_path / "started").read_text()))

    run(work)


@pytest.mark.skipif(sys.platform == "win32", reason="scripts as programs")
def test_an_app_with_a_window_outlives_slipway_and_may_go_on_talking(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(showing, "START_SECONDS", 0.3)
    monkeypatch.setattr(showing, "SERVE_SECONDS", 0.3)
    app = program(
        tmp_path,
        "echo $$ > started",
        "sleep 1",
        "echo words",
        "echo words && touch here",
        "exec sleep 60",
    )

    async def work() -> None:
        await showing.start_program(app)
        await engine.shutdown()

    run(work)
    still = psutil.Process(int((tmp_path / "started").read_text()))
    try:
        asyncio.run(until((tmp_path / "here").exists))
    finally:
        still.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="others always have a screen")
def test_an_app_that_ends_by_itself_or_was_started_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    (tmp_path / "first").mkdir()
    first = program(tmp_path / "first", "echo 'The app is at http://127.0.0.1:1/'", "sleep 0.5")
    second = program(tmp_path, "echo $$ > pid", "echo 'Shop runs already: http://127.0.0.1:2/'")

    async def work() -> None:
        assert await showing.start_program(first) == "http://127.0.0.1:1/"
        assert showing.served() == "http://127.0.0.1:1/"
        await until(lambda: showing.served() == "")
        assert await showing.start_program(second) == "http://127.0.0.1:2/"
        assert showing.served() == ""
        # Nobody waits for the second one; a loop that ends before would never hear of its end.
        await until(lambda: not psutil.pid_exists(int((tmp_path / "pid").read_text())))
        await asyncio.sleep(0.05)

    run(work)


def test_an_app_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def work() -> None:
        monkeypatch.setenv("DISPLAY", ":9")
        with pytest.raises(SlipwayError) as caught:
            await showing.start_program(tmp_path / "nowhere")
        assert "The system says" in caught.value.problem.why
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        with pytest.raises(SlipwayError) as caught:
            await showing.start_program(tmp_path / "nowhere")
        assert "The system says" in caught.value.problem.why

    run(work)


def program(folder: Path, *lines: str) -> Path:
    file = folder / "app"
    file.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
    file.chmod(0o755)
    return file


@pytest.mark.skipif(sys.platform != "linux", reason="others always have a screen")
def test_without_a_screen_an_app_for_browsers_gives_its_address_and_ends_with_slipway(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    app = program(
        tmp_path,
        "echo $$ >> started",
        "echo 'see http://example.com/ for more'",
        "echo 'The app is at http://127.0.0.1:4321/'",
        "exec sleep 60",
    )

    async def work() -> None:
        assert await showing.start_program(app) == "http://127.0.0.1:4321/"
        assert await showing.start_program(app) == "http://127.0.0.1:4321/"
        [pid] = (tmp_path / "started").read_text().split()
        assert psutil.pid_exists(int(pid))
        await engine.shutdown()
        assert not psutil.pid_exists(int(pid))

    run(work)


@pytest.mark.skipif(sys.platform != "linux", reason="others always have a screen")
def test_without_a_screen_an_app_with_a_window_does_not_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    async def work() -> None:
        with pytest.raises(SlipwayError) as caught:
            await showing.start_program(program(tmp_path, "exit 1"))
        assert "no screen" in caught.value.problem.why

    run(work)
