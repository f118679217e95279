"""A lock is held by one, says by whom, and is free when its holder is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builder.lock import Held, Lock


def test_a_second_one_is_told_who_holds_it(tmp_path: Path) -> None:
    with Lock(tmp_path / "deep" / "lock"), pytest.raises(Held) as caught:
        Lock(tmp_path / "deep" / "lock").__enter__()
    assert caught.value.pid == os.getpid()


def test_it_is_free_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with Lock(tmp_path / "lock"):
            pass


def test_it_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from builder.lock import Lock\n"
        "with Lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(300)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "lock")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline()
        with pytest.raises(Held) as caught:
            Lock(tmp_path / "lock").__enter__()
        assert caught.value.pid == holder.pid
        holder.kill()
    with Lock(tmp_path / "lock"):
        pass
