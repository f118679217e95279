"""Changes on disk are noticed, soon and only where they matter."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app import watch
from app.watch import Watch, is_excluded
from tests.app.headless import run


class Heard:
    """Counts what a watch says."""

    def __init__(self) -> None:
        self.changed = 0
        self.gone = 0
        self.watch = Watch(self._change, self._go)

    def _change(self) -> None:
        self.changed += 1

    def _go(self) -> None:
        self.gone += 1

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(watch, "QUIET_SECONDS", 0.1)


def watching(folder: Path, test: Callable[[Heard], object]) -> None:
    async def all_of_it() -> None:
        heard = Heard()
        heard.watch.start(folder)
        await asyncio.sleep(0.3)
        try:
            await test(heard)  # type: ignore[misc]
        finally:
            heard.watch.stop()

    run(all_of_it)


@pytest.mark.parametrize(
    ("path", "excluded"),
    [
        ("src/main.py", False),
        ("pyproject.toml", False),
        (".venv/lib/x.py", True),
        ("a/node_modules/b.js", True),
        (".git/index", True),
        ("dist/web/index.html", True),
        ("src/__pycache__/main.pyc", True),
        ("../elsewhere", True),
    ],
)
def test_what_matters(path: str, excluded: bool) -> None:
    root = Path("/p/app")
    assert (
        is_excluded((root / path) if ".." not in path else Path("/p/elsewhere"), root) is excluded
    )


def test_a_burst_is_one_change(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()

    async def test(heard: Heard) -> None:
        for number in range(20):
            (tmp_path / "src" / "main.py").write_text(str(number))
            await asyncio.sleep(0.005)
        await heard.until(lambda: heard.changed > 0)
        await asyncio.sleep(0.3)
        assert heard.changed == 1

    watching(tmp_path, test)


def test_excluded_folders_are_silent(tmp_path: Path) -> None:
    for name in (".venv", "node_modules", ".git", "src"):
        (tmp_path / name).mkdir()

    async def test(heard: Heard) -> None:
        for name in (".venv", "node_modules", ".git", "dist"):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "file").write_text("x")
        await asyncio.sleep(0.4)
        assert heard.changed == 0

    watching(tmp_path, test)


def test_a_new_folder_is_watched_too(tmp_path: Path) -> None:
    async def test(heard: Heard) -> None:
        (tmp_path / "src").mkdir()
        await heard.until(lambda: heard.changed == 1)
        (tmp_path / "src" / "main.py").write_text("x")
        await heard.until(lambda: heard.changed == 2)

    watching(tmp_path, test)


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()

    async def test(heard: Heard) -> None:
        shutil.rmtree(folder)
        await heard.until(lambda: heard.gone == 1)
        before = heard.changed
        folder.mkdir()
        await heard.until(lambda: heard.changed > before)
        before = heard.changed
        (folder / "main.py").write_text("x")
        await heard.until(lambda: heard.changed > before)

    watching(folder, test)


def test_a_folder_that_never_was(tmp_path: Path) -> None:
    async def test(heard: Heard) -> None:
        await heard.until(lambda: heard.gone == 1)

    watching(tmp_path / "none", test)


def test_only_the_last_folder_is_watched(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()

    async def test(heard: Heard) -> None:
        heard.watch.start(tmp_path / "b")
        await asyncio.sleep(0.3)
        (tmp_path / "a" / "x").write_text("x")
        await asyncio.sleep(0.3)
        assert heard.changed == 0
        (tmp_path / "b" / "x").write_text("x")
        await heard.until(lambda: heard.changed == 1)

    watching(tmp_path / "a", test)


def test_of_a_whole_disk_only_the_top_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photos").mkdir()
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    async def test(heard: Heard) -> None:
        (tmp_path / "photos" / "one.py").write_text("")
        await asyncio.sleep(0.4)
        assert heard.changed == 0
        (tmp_path / "main.py").write_text("")
        await heard.until(lambda: heard.changed > 0)

    watching(tmp_path, test)
