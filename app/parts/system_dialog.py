"""The system's own dialog for a file or a folder; a browser's tab has none, only we look there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Coroutine
from pathlib import Path
from typing import Any

import flet as ft

_log = logging.getLogger(__name__)


class NoDialog(Exception):
    """There is none here; our own shows folders as well."""


async def folder(words: str, start: Path | None = None) -> Path | None:
    """The folder that was chosen, None for none. Raises NoDialog."""
    where = str(start) if start else None
    picked = await _asked(
        lambda: ft.FilePicker().get_directory_path(dialog_title=words, initial_directory=where)
    )
    return Path(picked) if picked else None


async def file(words: str, suffixes: Collection[str]) -> Path | None:
    """The file with one of the endings (".png") that was chosen, None for none. Raises NoDialog."""
    endings = sorted(one.removeprefix(".") for one in suffixes)
    picked = await _asked(
        lambda: ft.FilePicker().pick_files(
            dialog_title=words,
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=endings,
        )
    )
    return Path(picked[0].path) if picked and picked[0].path else None


async def _asked(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    if ft.context.page.web:
        raise NoDialog
    try:
        return await ask()
    except Exception as error:
        _log.warning("the system's dialog did not open: %s", error)
        raise NoDialog from error
