"""Real builds and a real browser for the journeys."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import browser

ROOT = Path(__file__).parent.parent.parent

COUNTER = """
import flet as ft

def main(page: ft.Page):
    count = ft.Text("none yet", size=40)
    def add(e):
        count.value = "one" if count.value == "none yet" else count.value + " more"
        page.update()
    def go(e):
        page.run_task(page.push_route, "/second")
    route = ft.Text(f"route {page.route}")
    def changed(e):
        route.value = f"route {page.route}"
        page.update()
    page.on_route_change = changed
    page.add(count, ft.FilledButton("Add one", on_click=add), route, ft.Text(TEXT))

ft.run(main)
"""


@dataclass
class Built:
    """A build that ended: its exit status, its events, and the folder that it made."""

    status: int
    events: list[dict[str, Any]]
    folder: Path

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == kind]

    @property
    def problems(self) -> dict[str, dict[str, Any]]:
        """The problems by their codes."""
        return {event["code"]: event for event in self.of("problem")}

    @property
    def stages(self) -> dict[str, str]:
        """Stage -> how it ended."""
        return {e["id"]: e["state"] for e in self.of("stage") if e["state"] != "started"}


def build(project: Path, *options: str, output: Path | None = None) -> Built:
    """Run the engine as the wizard does."""
    folder = output or project / "dist" / "web"
    extra = ["--output", str(output)] if output else []
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "builder",
            "build",
            "web",
            str(project),
            "--events",
            *extra,
            *options,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    events = [json.loads(line) for line in finished.stdout.splitlines()]
    return Built(finished.returncode, events, folder)


def counter(folder: Path, *, text: str = "", settings: str = "", needs: str = "flet") -> Path:
    """A small project whose button changes a text."""
    folder.mkdir(parents=True)
    (folder / "main.py").write_text(COUNTER.replace("TEXT", repr(text)), encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "counter"\nversion = "1.0.0"\ndependencies = ["{needs}"]\n{settings}',
        encoding="utf-8",
    )
    return folder


# Not for the session: while Playwright is there, no other test of the process may run a loop.
@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One Chromium for the journeys of a file."""
    with browser() as launched:
        yield launched


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Serve folders as the wizard's result page does; gives the address."""
    running: list[subprocess.Popen[str]] = []

    def start(folder: Path, base_url: str = "") -> str:
        argv = [sys.executable, "-u", "-m", "builder", "serve", str(folder)]
        process = subprocess.Popen(
            [*argv, *(["--base-url", base_url] if base_url else [])],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if "http://" in line:
                return "http://" + line.split("http://")[1].split()[0]
        raise AssertionError("the server said no address")

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=60)
