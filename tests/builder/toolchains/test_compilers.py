"""What Flutter compiles with is found, or its package is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.toolchains import compilers
from tests.builder.toolchains import sdk


def test_on_linux(tmp_path: Path) -> None:
    assert compilers.missing_on_linux() == ["clang", "cmake", "ninja-build", "pkg-config"]
    for name in ("clang++", "ninja"):
        sdk.program(tmp_path / "bin" / name)
    assert compilers.missing_on_linux() == ["cmake", "pkg-config"]


def test_visual_studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path))
    assert not compilers.has_visual_studio()
    sdk.program(tmp_path / "Microsoft Visual Studio/Installer/vswhere.exe")
    assert compilers.has_visual_studio()
