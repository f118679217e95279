"""Starting processes that nothing shadows, hearing them, and ending them with all they started."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from app import processes
from tests.app.scripted import Fake, alive, run


def test_the_project_and_the_current_folder_cannot_shadow_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("builder", "json", "asyncio"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(
        processes,
        "ENGINE",
        (sys.executable, "-P", "-c", "import builder, json; print(json.dumps([builder.__file__]))"),
    )

    async def work() -> None:
        process = await processes.spawn_engine([])
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        assert str(processes.ROOT) in out.decode()

    run(work)


def test_lines_are_heard_however_long_and_however_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LONGEST_LINE", 100)

    async def work() -> None:
        heard: list[bytes] = []
        stream = asyncio.StreamReader()
        hearing = processes.background(processes.pump(stream, heard.append))
        for chunk in (b"one\ntw", b"o\n\n", b"x" * 101, b"y\nno end"):
            stream.feed_data(chunk)
            await asyncio.sleep(0.01)
        stream.feed_eof()
        await hearing
        assert heard == [b"one", b"two", b"", b"x" * 101, b"y", b"no end"]

    run(work)


@pytest.mark.skipif(sys.platform == "win32", reason="sessions")
def test_what_has_left_its_parent_is_killed_by_its_mark(fake: Fake) -> None:
    fake("""
        tool = [sys.executable, "-c", "import time; time.sleep(60)"]
        print(subprocess.Popen(tool, start_new_session=True).pid, flush=True)
    """)

    async def work() -> None:
        process = await processes.spawn_engine([], mark="this one")
        assert process.stdout is not None
        left = int(await process.stdout.readline())
        await processes.gone(process, 60)
        await processes.kill_and_wait(process, "another")
        assert alive(left)
        await processes.kill_and_wait(process, "this one")
        assert not alive(left)

    run(work)
