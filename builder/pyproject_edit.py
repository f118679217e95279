"""Writes single keys of `pyproject.toml` and leaves every other byte as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def save(folder: Path, changes: Mapping[str, Any]) -> None:
    """See `settings.save`."""
    raise NotImplementedError
