"""What pip says while another program runs it and keeps it to itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from builder.problems import Cancelled
from builder.process import Tools
from builder.stages import pip_log

LINES = """2026-11-21T14:35:49,324 Using pip 26.3 from /x (python 3.11)
2026-11-21T14:35:49,562 WARNING: Location 'file:///x/' is ignored
2026-11-21T14:35:49,931 Collecting flet==1.0.5
2026-11-21T14:35:50,027   Downloading flet-1.0.5-py3-none-any.whl (635 kB)
2026-11-21T14:35:50,027   Found link https://x/flet-0.1.0.tar.gz
2026-11-21T14:35:50,030 WARNING: Retrying (Retry(total=4)) after connection broken
2026-11-21T14:35:50,099 Installing collected packages: flet
2026-11-21T14:35:50,553 Successfully installed flet-1.0.5
"""
TOLD = [
    "Collecting flet==1.0.5",
    "  Downloading flet-1.0.5-py3-none-any.whl (635 kB)",
    "WARNING: Retrying (Retry(total=4)) after connection broken",
    "Installing collected packages: flet",
    "Successfully installed flet-1.0.5",
]


def until(holds: Callable[[], bool]) -> None:
    """Wait as long as a busy computer needs."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_says_how_far_it_is_is_heard_as_it_comes(tmp_path: Path) -> None:
    heard: list[str] = []
    log = tmp_path / "pip.log"
    log.write_text("what an earlier call left: Collecting nothing\n", "utf-8")
    with pip_log.following(log, heard.extend):
        log.write_text(LINES[: LINES.index("Installing")], "utf-8")
        until(lambda: len(heard) == 3)
        with log.open("a", encoding="utf-8") as file:
            file.write(LINES[LINES.index("Installing") :])
    assert heard == TOLD
    assert not log.exists()


def test_a_log_that_nobody_writes(tmp_path: Path) -> None:
    heard: list[str] = []
    with pip_log.following(tmp_path / "pip.log", heard.extend):
        pass
    assert heard == []


def test_a_cancel_ends_the_listening(tmp_path: Path) -> None:
    calls: list[Sequence[str]] = []

    def hear(lines: Sequence[str]) -> None:
        calls.append(lines)
        raise Cancelled

    log = tmp_path / "pip.log"
    with pip_log.following(log, hear):
        log.write_text(LINES, "utf-8")
        until(lambda: len(calls) == 1)
    assert len(calls) == 1


def test_the_user_s_own_log_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(pip_log.VARIABLE, raising=False)
    assert pip_log.environment(tmp_path) == {"PIP_LOG": str(tmp_path)}
    monkeypatch.setenv(pip_log.VARIABLE, "/mine")
    assert pip_log.environment(tmp_path) == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [("Collecting flet==1.0.5", "flet"), ("Collecting a.b-c", "a.b-c"), ("Using cached x", "")],
)
def test_which_package_is_looked_for(line: str, name: str) -> None:
    assert pip_log.collected(line) == name


def test_the_real_pip_writes_it(tmp_path: Path) -> None:
    heard: list[str] = []
    log = tmp_path / "a folder" / "pip.log"
    log.parent.mkdir()
    wheel = tmp_path / "there-1-py3-none-any.whl"
    wheel.write_bytes(b"")
    with pip_log.following(log, heard.extend):
        Tools().run(
            [sys.executable, "-m", "pip", "install", "--no-index", "--dry-run", str(wheel)],
            env=pip_log.environment(log),
        )
    assert any(line.startswith("Processing ") for line in heard)
    assert any(line.startswith("ERROR: ") for line in heard)
