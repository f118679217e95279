"""What a person reads in a terminal."""

from __future__ import annotations

import io
import os
import shlex
import sys

import pytest

from builder import events, terminal
from builder.problems import Problem
from builder.terminal import Face
from builder.terminal_screen import ColourScreen

PLAN = events.Plan("web", "prebuilt", [events.PlannedStage("site", "Put the site together", 12.0)])


def shown(*said: events.Event, verbose: bool = False) -> str:
    file = io.StringIO()
    face = Face(verbose=verbose, file=file)
    face.tell_log("/data/logs/x.log")
    for event in said:
        face(event)
    return file.getvalue()


def test_a_stage_is_a_line_with_its_time() -> None:
    text = shown(PLAN, events.Stage("site", "started"), events.Stage("site", "done", 3.21))
    assert text == "✓ Put the site together  3.2 s\n"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def in_terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    return _Terminal()


def test_the_step_stands_beside_the_bar_with_the_usual_time(in_terminal: _Terminal) -> None:
    face = Face(file=in_terminal)
    for event in (
        PLAN,
        events.Stage("site", "started"),
        events.Progress("site", 0.45, 1, "", "Gradle: [app]"),
    ):
        face(event)
    assert isinstance(face._screen, ColourScreen)
    (task,) = face._screen._bars.tasks
    assert (task.description, task.fields["said"]) == (
        "Put the site together",
        "45 %  Gradle: [app]  usually 12 s",
    )
    face(events.Done("ok", 0, 1.0))


def test_a_terminal_gets_colours_and_the_same_words(in_terminal: _Terminal) -> None:
    face = Face(file=in_terminal)
    face(events.Stage("[red]", "done", 1.0))
    face(events.Log("", "own", ("a very long line " * 30,)))
    first, second, _ = in_terminal.getvalue().split("\n")
    assert first.startswith("\x1b[32m✓\x1b[0m [red]")
    assert second.count("a very long line") == 30


@pytest.mark.parametrize("name", ["dumb", "unknown"])
def test_a_plain_terminal_gets_plain_lines(
    in_terminal: _Terminal, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TERM", name)
    Face(file=in_terminal)(events.Stage("site", "done", 1.0))
    assert in_terminal.getvalue() == "✓ site  1.0 s\n"


def test_a_skipped_stage_says_why() -> None:
    text = shown(PLAN, events.Stage("site", "skipped", 0, "nothing changed"))
    assert text == "– Put the site together  nothing changed\n"


def test_the_end_says_what_where_how_big_and_how_to_try_it() -> None:
    text = shown(events.Artifact("/my site", "site", 41_300_000), events.Done("ok", 0, 75.4))
    assert "Done in 75 s." in text
    assert "Web site: /my site (41.3 MB)" in text
    assert text.rstrip().endswith(
        '-m builder serve "/my site"' if os.name == "nt" else "-m builder serve '/my site'"
    )


def test_other_results_have_names_that_people_know() -> None:
    text = shown(
        events.Artifact("/out/my app", "executable", 1_000_000),
        events.Artifact("/out/app-x86_64.apk", "apk", 2_000_000),
        events.Artifact("/out/new", "gadget", 2_000_000),
        events.Done("ok", 0, 75.4),
    )
    assert "Program: /out/my app (1.0 MB)" in text
    assert "Try it:   " + ('"/out/my app"' if os.name == "nt" else "'/out/my app'") in text
    assert "Android app: /out/app-x86_64.apk (2.0 MB)" in text
    assert "Gadget: /out/new" in text


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no quotes in names")
def test_the_way_to_try_it_is_a_command_that_a_shell_understands() -> None:
    path = '/it\'s "so" $HOME'
    text = shown(events.Artifact(path, "site", 1), events.Done("ok", 0, 1.0))
    [line] = [line for line in text.splitlines() if line.startswith("Try it:")]
    assert shlex.split(line.partition(":")[2]) == [sys.executable, "-m", "builder", "serve", path]


def test_a_problem_can_be_read_on_its_own() -> None:
    problem = Problem("c", "Title [x]", "Why it is.", "Do this.", where="a.toml, line 4")
    text = shown(events.ProblemFound(problem))
    for part in ("Problem: Title [x]", "In a.toml, line 4.", "Why it is.", "Do this."):
        assert part in text


def test_a_failure_names_the_log() -> None:
    assert "/data/logs/x.log" in shown(events.Done("failed", 30, 1.0))


def test_a_stop_says_that_nothing_is_lost() -> None:
    assert "previous result" in shown(events.Done("cancelled", 50, 1.0))


def test_what_tools_say_is_shown_when_asked_for() -> None:
    log = events.Log("site", "out", ["[bold]as it is[/]"])
    assert shown(log) == ""
    assert "[bold]as it is[/]" in shown(log, verbose=True)


def test_checks_are_shown_when_they_fail() -> None:
    assert shown(events.Check("a", "Fine", "ok")) == ""
    assert "✗ Not fine" in shown(events.Check("a", "Not fine", "fail"))


def test_a_terminal_that_lacks_a_character_still_works() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    Face(file=file)(events.Stage("日本", "done", 1.0))
    file.flush()
    assert b"1.0 s" in raw.getvalue()
    file.close()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (events.Progress("s", 3, 10, "files"), "3 of 10 files"),
        (events.Progress("s", 3, None, "files"), "3 files"),
        (events.Progress("s", 1_500_000, 3_000_000, "bytes"), "1.5 MB of 3.0 MB"),
        (events.Progress("s", 1_500_000, None, "bytes"), "1.5 MB"),
        (events.Progress("s", 0.453, 1, "", "Compiling"), "45 %  Compiling"),
        (events.Progress("s", 0, None, "", "Looking up flet"), "Looking up flet"),
        (events.Progress("s", 3, 10, "files", "main.py"), "3 of 10 files  main.py"),
        (events.Progress("s", 0, None, ""), ""),
        (events.Progress("s", 0, None, "", "x" * 200), "x" * terminal.STEP_LENGTH),
    ],
)
def test_how_far(progress: events.Progress, words: str) -> None:
    assert terminal.how_far(progress) == words


def test_what_concerns_the_whole_build_is_always_shown() -> None:
    file = io.StringIO()
    face = Face(file=file)
    face(events.Log("", "own", ("Building with Flutter 3.44.8",)))
    face(events.Log("template", "own", ("a detail",)))
    face(events.Log("", "out", ("what a tool said",)))
    assert file.getvalue().split("\n") == ["  Building with Flutter 3.44.8", ""]
