"""The system's own dialog where there is one; our own takes over everywhere else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest

from app.parts import system_dialog


class _Picker:
    """A dialog whose user chose this; with an error the system has none."""

    answer: Any = None
    asked: dict[str, Any]

    async def get_directory_path(self, **asked: Any) -> Any:
        return self._answer(asked)

    async def pick_files(self, **asked: Any) -> Any:
        return self._answer(asked)

    def _answer(self, asked: dict[str, Any]) -> Any:
        _Picker.asked = asked
        if isinstance(_Picker.answer, Exception):
            raise _Picker.answer
        return _Picker.answer


@pytest.fixture(autouse=True)
def window(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    page = SimpleNamespace(web=False)
    monkeypatch.setattr(ft, "context", SimpleNamespace(page=page))
    monkeypatch.setattr(ft, "FilePicker", _Picker)
    return page


@pytest.mark.parametrize(("answer", "picked"), [("/a/b", Path("/a/b")), (None, None), ("", None)])
def test_a_folder(answer: str | None, picked: Path | None) -> None:
    _Picker.answer = answer
    assert asyncio.run(system_dialog.folder("Choose", Path("/a"))) == picked
    assert _Picker.asked == {"dialog_title": "Choose", "initial_directory": str(Path("/a"))}


@pytest.mark.parametrize(
    ("answer", "picked"),
    [([SimpleNamespace(path="/a/b.png")], Path("/a/b.png")), ([SimpleNamespace(path=None)], None),
     ([], None), (None, None)],
)  # fmt: skip
def test_a_file(answer: object, picked: Path | None) -> None:
    _Picker.answer = answer
    assert asyncio.run(system_dialog.file("Choose", {".png", ".ico"})) == picked
    assert _Picker.asked["allowed_extensions"] == ["ico", "png"]


def test_a_system_without_one_is_told_apart_from_nothing_chosen() -> None:
    _Picker.answer = RuntimeError("zenity is missing")
    with pytest.raises(system_dialog.NoDialog):
        asyncio.run(system_dialog.folder("Choose"))


def test_a_tab_has_none(window: SimpleNamespace) -> None:
    window.web, _Picker.answer = True, "/a/b"
    with pytest.raises(system_dialog.NoDialog):
        asyncio.run(system_dialog.folder("Choose"))
