"""A tool is asked for its version and does what it likes: nobody waits for ever, nothing stays."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.problems import Cancelled, ComputerError
from builder.process import Tools
from builder.toolchains import asking
from builder.toolchains.asking import Answer


def ask(code: str, tools: Tools | None = None) -> Answer:
    heard: list[str] = []

    def listen(stream: str, lines: Sequence[str]) -> None:
        heard.extend(lines)

    argv = [sys.executable, "-c", code]
    answer = asking.ask(tools or Tools(), argv, None, listen)
    assert answer.ended == "flood" or len(heard) >= len(answer.said)
    return answer


def test_an_answer() -> None:
    answer = ask("import sys; print('Flutter 3.44.8'); print('warning', file=sys.stderr)")
    assert (answer.status, answer.ended, answer.signal, answer.asked) == (0, "", "", False)
    assert answer.out == "Flutter 3.44.8"
    assert set(answer.said) == {"Flutter 3.44.8", "warning"}


def test_one_that_hangs_is_ended_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LIMIT", 1.5)
    answer = ask(
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'],"
        " start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(300)"
    )
    assert answer.ended == "limit"
    [pid] = answer.said
    assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == "zombie"


def test_one_that_talks_without_end_is_ended() -> None:
    answer = ask("while True: print('and so on')")
    assert answer.ended == "flood"
    assert len(answer.said) <= asking.KEPT_LINES


def test_one_that_asks() -> None:
    answer = ask("input('Shall I send everything I know? [y/n] ')")
    assert answer.asked
    assert answer.status != 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_one_that_dies() -> None:
    answer = ask("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert answer.signal == "SIGSEGV"


def test_binary_lines_are_made_readable() -> None:
    answer = ask("import sys; sys.stdout.buffer.write(bytes(range(256)) * 20 + b'\\n')")
    assert answer.said
    assert all(line.isprintable() and len(line) <= asking.LINE_LENGTH for line in answer.said)


def test_one_that_is_not_there() -> None:
    with pytest.raises(ComputerError):
        asking.ask(Tools(), ["/no/such/program"], None, lambda stream, lines: None)


def test_a_cancel_leaves_nothing() -> None:
    tools = Tools()
    threading.Timer(0.5, tools.stop).start()
    with pytest.raises(Cancelled):
        ask("import time; print('here', flush=True); time.sleep(300)", tools)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (["Send reports? "], True),
        (["Go on [Y/n]: "], True),
        (["Go on? [y/n] ", "No answer."], True),
        (["What's new?", "a", "b", "c"], False),
        ([], False),
    ],
)
def test_a_question(said: list[str], asked: bool) -> None:
    assert Answer((), 1, "", [line.strip() for line in said]).asked == asked


def test_a_signal_that_we_do_not_know() -> None:
    assert Answer((), -250, "", ()).signal == "signal 250"


@given(st.lists(st.text()))
def test_whatever_was_said(lines: list[str]) -> None:
    heard = asking._Heard(lambda stream, lines: None)
    heard("err", lines)
    assert heard.out == []
    assert all(line.isprintable() for line in heard.said)
