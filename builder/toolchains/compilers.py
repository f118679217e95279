"""Finds what Flutter compiles desktop apps with, besides itself and Xcode."""

from __future__ import annotations

from pathlib import Path

from builder.toolchains import environment

# Program -> the package that brings it on Debian and its like.
_LINUX = {"clang++": "clang", "cmake": "cmake", "ninja": "ninja-build", "pkg-config": "pkg-config"}


def missing_on_linux() -> list[str]:
    """The packages that are missing, by the programs that they bring."""
    return [package for program, package in _LINUX.items() if environment.find(program) is None]


def has_visual_studio() -> bool:
    """Whether any Visual Studio was installed, or its build tools: all have this program."""
    root = environment.variable("ProgramFiles(x86)") or "C:/Program Files (x86)"
    return (Path(root) / "Microsoft Visual Studio/Installer/vswhere.exe").is_file()
