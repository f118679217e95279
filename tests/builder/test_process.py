"""Tools are run with their lines streamed, in a clean environment, and killed to the last one."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest

from builder import process
from builder.problems import Cancelled, ComputerError
from builder.process import LineSplitter, Tools

ENOUGH = 15.0  # seconds; a busy computer is no failure


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()
    tools.close()


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


class TestLines:
    def test_lines_come_whole_across_chunks(self) -> None:
        splitter = LineSplitter()
        assert splitter.feed(b"a\nb") == ["a"]
        assert splitter.feed(b"c\r\n\n") == ["bc", ""]
        assert splitter.close() == []

    def test_a_character_cut_in_two_is_whole_again(self) -> None:
        splitter = LineSplitter()
        first, second = "日".encode()[:1], "日".encode()[1:]
        assert splitter.feed(first) + splitter.feed(second + b"\n") == ["日"]

    def test_the_rest_without_a_line_end_is_a_line(self) -> None:
        splitter = LineSplitter()
        splitter.feed(b"x")
        assert splitter.close() == ["x"]

    def test_of_a_progress_bar_the_last_state_counts(self) -> None:
        assert LineSplitter().feed(b" 1%\r50%\r100%\r\n") == ["100%"]

    def test_binary_survives(self) -> None:
        assert LineSplitter().feed(bytes(range(128, 132)) + b"\x00\n") == ["����\x00"]

    def test_colours_are_taken_out(self) -> None:
        assert LineSplitter().feed(b"\x1b[1;31merror\x1b[0m\x1b]0;title\x07!\n") == ["error!"]

    def test_an_endless_line_is_cut_and_the_next_one_whole(self) -> None:
        splitter = LineSplitter(limit=10)
        for _ in range(5):
            assert splitter.feed(b"x" * 8) == []
        assert splitter.feed(b"\nshort\n") == ["xxxxxxxxxx … (cut)", "short"]

    def test_the_open_line_is_the_last_state_and_short(self) -> None:
        splitter = LineSplitter(limit=1000)
        assert splitter.open_line() == ""
        splitter.feed(b"one\n10%\r20%\r")
        assert splitter.open_line() == "20%"
        splitter.feed(b"x" * 5000)
        assert splitter.open_line() == "x" * process.OPEN_BYTES

    def test_an_endless_progress_bar_does_not_grow(self) -> None:
        splitter = LineSplitter(limit=10)
        for number in range(100):
            splitter.feed(b"%d%%\r" % number)
        assert splitter.feed(b"done\n") == ["done"]


class TestRun:
    def test_status_and_both_streams_come_back(self, tools: Tools) -> None:
        code = "import sys; print('ü'); print('e', file=sys.stderr); sys.exit(3)"
        finished = tools.run(python(code))
        assert (finished.status, finished.out, finished.err) == (3, ("ü",), ("e",))

    def test_lines_are_handed_on_while_it_runs(self, tools: Tools) -> None:
        seen: list[tuple[str, str]] = []
        finished = tools.run(
            python("for n in range(3): print(n, flush=True)"),
            on_lines=lambda stream, lines: seen.extend((stream, line) for line in lines),
        )
        assert seen == [("out", "0"), ("out", "1"), ("out", "2")]
        assert finished.out == ("0", "1", "2")

    def test_a_line_without_an_end_is_shown_while_the_tool_waits(self, tools: Tools) -> None:
        code = "import sys, time; sys.stdout.write('Go on? '); sys.stdout.flush(); time.sleep(60)"
        seen: list[str] = []

        def stop_at_the_question(line: str) -> None:
            seen.append(line)
            tools.stopped.set()
            threading.Thread(target=tools.stop).start()

        with pytest.raises(Cancelled):
            tools.run(python(code), on_open_line=stop_at_the_question)
        assert seen == ["Go on? "]

    def test_a_hundred_thousand_lines(self, tools: Tools) -> None:
        finished = tools.run(python("print('\\n'.join(map(str, range(100_000))))"))
        assert len(finished.out) == 100_000
        assert finished.out[-1] == "99999"

    def test_a_signal_is_a_negative_status(self, tools: Tools) -> None:
        assert tools.run(python("import os; os.kill(os.getpid(), 9)")).status == -9

    def test_stdin_is_empty(self, tools: Tools) -> None:
        assert tools.run(python("import sys; print(repr(sys.stdin.read()))")).out == ("''",)

    def test_it_runs_where_it_should(self, tools: Tools, tmp_path: Path) -> None:
        finished = tools.run(python("import os; print(os.getcwd())"), cwd=tmp_path)
        assert finished.out == (str(tmp_path),)

    def test_a_tool_that_is_not_there_is_a_problem(self, tools: Tools) -> None:
        with pytest.raises(ComputerError) as caught:
            tools.run(["no-such-tool-anywhere"])
        assert caught.value.problem.code == "tool-not-started"
        assert "no-such-tool-anywhere" in caught.value.problem.title

    def test_a_folder_that_is_not_there_is_named(self, tools: Tools, tmp_path: Path) -> None:
        with pytest.raises(ComputerError) as caught:
            tools.run(python(""), cwd=tmp_path / "gone")
        assert str(tmp_path / "gone") in caught.value.problem.why

    def test_a_detached_child_that_holds_the_pipe_does_not_hold_us(self, tools: Tools) -> None:
        code = (
            "import subprocess, sys; print('done');"
            "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
        )
        began = time.monotonic()
        assert tools.run(python(code)).out == ("done",)
        assert time.monotonic() - began < ENOUGH

    def test_a_listener_that_fails_is_not_lost(self, tools: Tools) -> None:
        def fail(stream: str, lines: object) -> None:
            raise RuntimeError("listener")

        with pytest.raises(RuntimeError, match="listener"):
            tools.run(python("print(1)"), on_lines=fail)


class TestEnvironment:
    BASE: ClassVar = {
        "PATH": os.pathsep.join(["/venv/bin", "/usr/bin", "/venv/bin/", "/bin"]),
        "VIRTUAL_ENV": "/venv",
        "PYTHONPATH": "/ours",
        "PYTHONHOME": "/ours",
        "PYTHONSAFEPATH": "1",
        "PYTHONWARNINGS": "error",
        "__PYVENV_LAUNCHER__": "x",
        "PYTHON_KEYRING_BACKEND": "theirs",
        "HOME": "/home/me",
        "PIP_INDEX_URL": "https://index",
    }

    def test_nothing_of_our_python_is_left(self) -> None:
        env = process.clean_environment(self.BASE)
        assert env["PATH"].split(os.pathsep) == ["/usr/bin", "/bin"]
        assert not {"PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV"} & set(env)
        assert not {"PYTHONWARNINGS", "__PYVENV_LAUNCHER__"} & set(env)

    def test_the_users_own_stays(self) -> None:
        env = process.clean_environment(self.BASE)
        for name in ("HOME", "PIP_INDEX_URL", "PYTHON_KEYRING_BACKEND"):
            assert env[name] == self.BASE[name]

    def test_a_tool_gets_it_with_what_is_added(
        self, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHONPATH", "/ours")
        code = "import os; print(os.environ.get('PYTHONPATH'), os.environ['MORE'])"
        assert tools.run(python(code), env={"MORE": "yes"}).out == ("None yes",)


STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
child_session = subprocess.Popen([sys.executable, "-c", child], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:  # a daemon: its parents are gone, its session is another
        open(sys.argv[1] + "/daemon", "w").write(str(os.getpid()))
        time.sleep(300)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1] + "/daemon") or not os.path.getsize(sys.argv[1] + "/daemon"):
    time.sleep(0.01)
open(sys.argv[1] + "/tree", "w").write(f"{os.getpid()} {child_session.pid}")
print("ready", flush=True)
time.sleep(300)
"""


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def pids(folder: Path) -> list[int]:
    return [int(n) for name in ("tree", "daemon") for n in (folder / name).read_text().split()]


def until(condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + ENOUGH
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
class TestLeavesNothing:
    """What a tool has left running is gone before its streams are waited for: it holds them."""

    LEAVES = STUBBORN.replace('print("ready", flush=True)\ntime.sleep(300)', 'print("done")')

    @pytest.fixture
    def held(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
        held: list[bool] = []
        finish = process._Reader.finish

        def finished(reader: process._Reader) -> None:
            held.append(any(map(alive, pids(tmp_path))))
            finish(reader)

        monkeypatch.setattr(process._Reader, "finish", finished)
        return held

    def test_when_asked(self, tools: Tools, tmp_path: Path, held: list[bool]) -> None:
        argv = [sys.executable, "-c", self.LEAVES, str(tmp_path)]
        assert tools.run(argv, leaves_nothing=True).out == ("done",)
        assert held == [False, False]

    def test_not_otherwise(self, tools: Tools, tmp_path: Path, held: list[bool]) -> None:
        tools.run([sys.executable, "-c", self.LEAVES, str(tmp_path)])
        assert held == [True, True]


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
class TestStop:
    def test_the_whole_tree_is_gone_whatever_it_does(self, tools: Tools, tmp_path: Path) -> None:
        threading.Timer(0, lambda: self._stop_when_ready(tools, tmp_path)).start()
        with pytest.raises(Cancelled):
            tools.run([sys.executable, "-c", STUBBORN, str(tmp_path)])
        until(lambda: not any(map(alive, pids(tmp_path))))

    def _stop_when_ready(self, tools: Tools, folder: Path) -> None:
        until(lambda: (folder / "tree").exists() and (folder / "daemon").exists())
        until(lambda: len(pids(folder)) == 3)
        tools.stop()

    def test_nothing_starts_afterwards(self, tools: Tools) -> None:
        tools.stop()
        with pytest.raises(Cancelled):
            tools.run(python("print(1)"))

    def test_a_tool_may_clean_up(self, tools: Tools, tmp_path: Path) -> None:
        code = (
            "import signal, sys, time; p = sys.argv[1]\n"
            "def end(*_): open(p + '/cleaned', 'w').close(); sys.exit()\n"
            "signal.signal(signal.SIGTERM, end)\n"
            "open(p + '/ready', 'w').close(); time.sleep(300)"
        )

        def stop() -> None:
            until((tmp_path / "ready").exists)
            tools.stop()

        threading.Timer(0, stop).start()
        with pytest.raises(Cancelled):
            tools.run([sys.executable, "-c", code, str(tmp_path)])
        assert (tmp_path / "cleaned").exists()

    def test_a_stopped_process_is_killed_too(self, tools: Tools, tmp_path: Path) -> None:
        code = (
            "import os, signal, sys; open(sys.argv[1] + '/ready', 'w').close();"
            "os.kill(os.getpid(), signal.SIGSTOP)"
        )

        def stop() -> None:
            until((tmp_path / "ready").exists)
            tools.stop()

        threading.Timer(0, stop).start()
        with pytest.raises(Cancelled):
            tools.run([sys.executable, "-c", code, str(tmp_path)])

    def test_the_tools_of_somebody_else_live_on(self, tmp_path: Path) -> None:
        ours, theirs = Tools(), Tools()
        done: list[object] = []
        code = "import time, sys; open(sys.argv[1], 'w').close(); time.sleep(1)"
        argv = [sys.executable, "-c", code, str(tmp_path / "ready")]
        thread = threading.Thread(target=lambda: done.append(theirs.run(argv).status))
        thread.start()
        until((tmp_path / "ready").exists)
        ours.stop()
        thread.join(ENOUGH)
        assert done == [0]

    def test_the_guard_kills_what_a_killed_engine_leaves(self, tmp_path: Path) -> None:
        code = (
            "import sys; from builder.process import Tools;"
            f"Tools(guarded=True).run([sys.executable, '-c', {STUBBORN!r}, sys.argv[1]])"
        )
        engine = psutil.Popen([sys.executable, "-c", code, str(tmp_path)])
        until(lambda: (tmp_path / "tree").exists() and (tmp_path / "daemon").exists())
        until(lambda: len(pids(tmp_path)) == 3)
        engine.kill()
        engine.wait()
        until(lambda: not any(map(alive, pids(tmp_path))))

    def test_there_is_no_guard_before_there_is_a_tool(self) -> None:
        tools = Tools(guarded=True)
        assert tools._guard is None
        tools.close()

    def test_the_guard_goes_when_it_is_let_go(self) -> None:
        tools = Tools(guarded=True)
        tools.run(python("pass"))
        guard = tools._guard
        tools.close()
        assert guard is not None
        assert guard.returncode == 0


ECHO = "import os, sys; print(os.getpid(), sys.stdin.buffer.readline(), sys.stdin.buffer.read())"


class TestLine:
    def test_a_tool_reads_a_line_and_nothing_more(self, tools: Tools) -> None:
        (said,) = tools.run(python(ECHO), line="/päth").out
        assert said.endswith(f" {'/päth'.encode() + bytes([10])!r} b''")

    def test_one_that_reads_nothing_ends_as_ever(self, tools: Tools) -> None:
        assert tools.run(python("raise SystemExit(3)"), line="x" * 100_000).status == 3

    def test_one_that_was_started_ahead_is_taken_over_once(self, tools: Tools) -> None:
        tools.start_ahead(python(ECHO))
        (ahead,) = tools._ahead.values()
        pids = [tools.run(python(ECHO), line="x").out[0].split()[0] for _ in range(2)]
        assert pids[0] == str(ahead.process.pid)
        assert pids[1] != pids[0]

    def test_a_limit_holds_for_it_too(self, tools: Tools) -> None:
        argv = python("import time; time.sleep(300)")
        tools.start_ahead(argv)
        with pytest.raises(TimeoutError):
            tools.run(argv, line="x", limit=0.3)

    @pytest.mark.parametrize("how", ["close", "stop"])
    def test_none_is_left_that_was_started_in_vain(self, tools: Tools, how: str) -> None:
        tools.start_ahead(python("import time; time.sleep(300)"))
        (ahead,) = tools._ahead.values()
        getattr(tools, how)()
        until(lambda: not alive(ahead.process.pid))
        tools.close()
        assert ahead.process.returncode is not None

    def test_it_is_stopped_in_the_moment_in_which_it_has_no_mark(
        self, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tools.start_ahead(python("import time; time.sleep(300)"))
        (ahead,) = tools._ahead.values()
        monkeypatch.setattr(psutil.Process, "environ", lambda _process: {})
        tools.stop()
        until(lambda: not alive(ahead.process.pid))
        tools.close()

    def test_one_that_starts_while_all_are_stopped_is_stopped(
        self, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started: list[int] = []
        start = Tools._start

        def stopped_meanwhile(*args: Any, **more: Any) -> Any:
            one = start(*args, **more)
            started.append(one.process.pid)
            tools.stop()
            return one

        monkeypatch.setattr(Tools, "_start", stopped_meanwhile)
        monkeypatch.setattr(psutil.Process, "environ", lambda _process: {})
        with pytest.raises(Cancelled):
            tools.start_ahead(python("import time; time.sleep(300)"))
        until(lambda: not any(map(alive, started)))
        tools.close()

    def test_after_a_stop_none_starts(self, tools: Tools) -> None:
        tools.stop()
        with pytest.raises(Cancelled):
            tools.start_ahead(python(ECHO))


class TestLimit:
    def test_a_tool_that_ends_in_time_is_as_without_a_limit(self, tools: Tools) -> None:
        assert tools.run(python("print(1)"), limit=60).out == ("1",)

    def test_one_that_takes_too_long_is_killed_and_others_may_run(self, tools: Tools) -> None:
        with pytest.raises(TimeoutError, match=r"longer than 0\.5 seconds"):
            tools.run(python("import time; time.sleep(300)"), limit=0.5)
        assert tools.run(python("print('next')")).out == ("next",)

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="fork")
    def test_nothing_that_it_started_is_left(self, tools: Tools, tmp_path: Path) -> None:
        with pytest.raises(TimeoutError):
            tools.run([sys.executable, "-c", STUBBORN, str(tmp_path)], limit=6)
        until(lambda: not any(alive(pid) for pid in pids(tmp_path)))

    def test_another_tool_goes_on(self, tools: Tools) -> None:
        other: list[object] = []
        ready = threading.Event()
        code = "import sys, time; print('ready', flush=True); time.sleep(4); sys.exit(7)"
        thread = threading.Thread(
            target=lambda: other.append(
                tools.run(python(code), on_lines=lambda *_: ready.set()).status
            )
        )
        thread.start()
        assert ready.wait(ENOUGH)
        with pytest.raises(TimeoutError):
            tools.run(python("import time; time.sleep(300)"), limit=0.2)
        thread.join(ENOUGH)
        assert other == [7]
