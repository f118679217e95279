"""The sample project, as a copy of the user's own: the one that came with Slipway stays whole."""

from __future__ import annotations

import logging
import shutil
import tempfile
from pathlib import Path

from builder import places

SOURCE = Path(__file__).resolve().parent.parent / "assets" / "sample"
NAME = "Slipway sample"

_log = logging.getLogger(__name__)


def folder() -> Path:
    """The user's own copy, made where there is none; what was changed in it stays.

    Raises OSError when it can be written nowhere.
    """
    in_home, in_data = Path.home() / NAME, places.data() / "sample"
    try:
        return _copied_to(in_home)
    except OSError as error:
        _log.warning("no sample in %s: %s", in_home, error)
        return _copied_to(in_data)


def _copied_to(target: Path) -> Path:
    if (target / "pyproject.toml").is_file():
        return target
    if target.exists() and any(target.iterdir()):
        raise FileExistsError(f"{target} holds something else")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside it and then renamed, so that nobody ever finds half a sample.
    with tempfile.TemporaryDirectory(prefix=".slipway-", dir=target.parent) as beside:
        copy = Path(beside) / "sample"
        left_out = shutil.ignore_patterns("__pycache__", "dist", "build")
        shutil.copytree(SOURCE, copy, ignore=left_out)
        if target.is_dir():
            target.rmdir()  # an empty one, which Windows does not replace
        copy.rename(target)
    return target
