"""A computer without any tools, whatever this one has."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.toolchains import flutter, java


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of somebody who has installed nothing."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    for name in ("JAVA_HOME", "ANDROID_HOME", "ANDROID_SDK_ROOT", "FLUTTER_ROOT", "FLUTTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(java, "SHARED", dict.fromkeys(java.SHARED, ()))
    monkeypatch.setattr(flutter, "USUAL_OF_ALL", ())
    return folder
