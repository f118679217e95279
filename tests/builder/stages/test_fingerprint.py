"""Fingerprints change with names and content, and never raise for what is not there."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from builder.stages import fingerprint
from tests.builder.fake_build import write


def test_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert fingerprint.of_file(tmp_path / "a") == hashlib.sha256(b"x").hexdigest()
    assert fingerprint.of_file(tmp_path / "gone") == "no such file"
    assert fingerprint.of_file(tmp_path) == "no such file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "icon.png")
    assert fingerprint.of_file(tmp_path / "icon.png") == "no such file"


def test_a_file_that_is_called_like_something_of_ours_counts_as_well(tmp_path: Path) -> None:
    write(tmp_path, {"Python": "mine", "main.py": "x"})
    files = {name: tmp_path / name for name in ("Python", "main.py")}
    found = fingerprint.beside({"Python": "3.14"}, files)
    assert found["Python"] == "3.14"
    assert found["./Python"] == fingerprint.of_file(files["Python"])
    assert found["main.py"] == fingerprint.of_file(files["main.py"])


def test_requirements_can_be_read_but_no_address() -> None:
    assert fingerprint.of_requirements(["flet==1.0.5", "six"]) == "flet==1.0.5\nsix"
    seen = {
        fingerprint.of_requirements(["six", f"foo @ git+https://me:{word}@host.example/foo"])
        for word in ("secret-word", "other-word")
    }
    assert len(seen) == 2
    assert not any("word" in text for text in seen)


def test_of_a_folder(tmp_path: Path) -> None:
    empty = fingerprint.of_folder(tmp_path / "gone")
    assert empty == fingerprint.of_folder(tmp_path)
    write(tmp_path, {"a/b": "x"})
    one = fingerprint.of_folder(tmp_path)
    write(tmp_path, {"a/c": "x"})
    assert fingerprint.of_folder(tmp_path, "b*") == one
    two = fingerprint.of_folder(tmp_path)
    (tmp_path / "a" / "c").unlink()
    assert fingerprint.of_folder(tmp_path) == one
    (tmp_path / "a" / "b").rename(tmp_path / "a" / "c")
    assert len({empty, one, two, fingerprint.of_folder(tmp_path)}) == 4
