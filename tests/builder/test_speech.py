"""Events leave in order, redacted, slowed down, and `done` is the last of them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest

from builder import events, speech
from builder.redaction import Redactor
from builder.speech import JsonLines, Speech

DONE = events.Done("ok", 0, 1.0)


@pytest.fixture
def heard() -> list[events.Event]:
    return []


def lines_of(heard: list[events.Event]) -> list[str]:
    return [line for e in heard if isinstance(e, events.Log) for line in e.lines]


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_lines_leave_before_what_comes_after_them(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    for number in range(5):
        speak.say(events.Log("s", "out", (str(number),)))
    speak.say(events.Stage("s", "done", 1.0))
    speak.finish(DONE)
    assert lines_of(heard) == list("01234")
    assert [type(e) for e in heard[-2:]] == [events.Stage, events.Done]


def test_the_last_line_leaves_by_itself(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    for number in range(5):
        speak.say(events.Log("s", "out", (str(number),)))
    until(lambda: lines_of(heard) == list("01234"))
    speak.finish(DONE)


def test_lines_are_gathered(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    began = time.monotonic()
    for number in range(2_000):
        speak.say(events.Log("s", "out" if number % 2 else "err", (str(number),)))
    speak.finish(DONE)
    most = 2 + 2 * (time.monotonic() - began) / speech.LOG_SECONDS
    assert len(lines_of(heard)) == 2_000
    assert len(heard) <= most + 2


def test_progress_is_slow_and_per_stage(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    began = time.monotonic()
    while time.monotonic() - began < 0.5:
        for stage in ("a", "b"):
            speak.say(events.Progress(stage, 1, 2, "files"))
    speak.finish(DONE)
    for stage in ("a", "b"):
        said = [e for e in heard if isinstance(e, events.Progress) and e.stage == stage]
        assert 1 <= len(said) <= 1 + (time.monotonic() - began) / speech.PROGRESS_SECONDS


def test_the_last_progress_comes_late_but_comes(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    for number in range(3):
        speak.say(events.Progress("a", number, 3, "files"))
    until(lambda: events.Progress("a", 2, 3, "files") in heard)
    speak.finish(DONE)


def test_a_stage_that_ended_has_no_progress_any_more(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    speak.say(events.Progress("a", 1, 3, "files"))
    speak.say(events.Progress("a", 2, 3, "files"))
    speak.say(events.Stage("a", "done"))
    time.sleep(speech.PROGRESS_SECONDS + 0.1)
    speak.finish(DONE)
    assert [type(e) for e in heard] == [events.Progress, events.Stage, events.Done]


def test_nothing_comes_after_the_last_word_and_it_is_said_once(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    assert speak.finish(DONE)
    assert not speak.finish(events.Done("cancelled", 50, 1.0))
    speak.say(events.Stage("a", "done"))
    speak.say(events.Log("a", "out", ("late",)))
    assert heard == [DONE]


def test_a_reader_that_hangs_does_not_hold_the_last_word_for_ever() -> None:
    free = threading.Event()
    speak = Speech([lambda event: free.wait()])
    thread = threading.Thread(target=lambda: speak.say(events.Stage("a", "done")), daemon=True)
    thread.start()
    assert not speak.finish(DONE, timeout=0.05)
    free.set()
    thread.join()


def test_everything_is_redacted(heard: list[events.Event]) -> None:
    speak = Speech([heard.append], Redactor(["hunter22"]))
    speak.say(events.Log("s", "out", ("x hunter22",)))
    speak.finish(DONE)
    assert "hunter22" not in str(heard)


def test_a_long_line_is_cut(heard: list[events.Event]) -> None:
    speak = Speech([heard.append])
    speak.say(events.Log("s", "out", ("x" * 50_000,)))
    speak.finish(DONE)
    assert lines_of(heard)[0].endswith("… (40,000 more characters)")


def test_numbers_have_no_holes_whoever_speaks() -> None:
    written: list[bytes] = []
    speak = Speech([JsonLines(written.append, lambda: None)])

    def talk(name: str) -> None:
        for number in range(300):
            speak.say(events.Log(name, "out", (str(number),)))
            speak.say(events.Progress(name, number, None, "x"))
            speak.say(events.Stage(name, "done"))

    threads = [threading.Thread(target=talk, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    speak.finish(DONE)
    found = [json.loads(line) for line in written]
    assert [event["seq"] for event in found] == list(range(len(found)))
    assert found[-1]["type"] == "done"
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in written)


def test_a_reader_that_is_gone_stops_the_build_once() -> None:
    stopped: list[bool] = []

    def write(line: bytes) -> None:
        raise BrokenPipeError

    listener = JsonLines(write, lambda: stopped.append(True))
    listener(DONE)
    listener(DONE)
    assert stopped == [True]
