"""The help can be read, a line that is wrong is told in words, and no option of Flet is missing."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Sequence

import pytest

from builder import command_line
from builder.options import GROUPS, OPTIONS, RUN, Option
from builder.problems import Problem, ProjectError

ON_THE_LINE = [option for option in (*RUN, *OPTIONS) if option.flag or option.off_flag]


def told(*words: str) -> Problem:
    """What is said about a line that is wrong."""
    with pytest.raises(ProjectError) as caught:
        command_line.parse(words)
    assert caught.value.problem.code == "bad-arguments"
    return caught.value.problem


# ---- Mistakes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--web-renderer=svg", "--prod=x", "--unknown", "--org"])
def test_mistakes_are_problems(option: str) -> None:
    assert "`python -m builder build --help`" in told("build", "web", "p", option).do


def test_a_misspelt_option_is_led_to_the_right_one() -> None:
    problem = told("build", "web", "p", "--splash-colour=red")
    assert "did you mean --splash-color?" in problem.title


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        (["build"], "what to build and where the project is"),
        (["build", "apk"], "where the project is"),
        (["plan", "apk", "--exclude", "notes", "my-app"], "where the project is"),
        (["preview"], "where the project is"),
        (["serve"], "where the site is"),
    ],
)
def test_what_is_missing_is_said_with_an_example(words: Sequence[str], lacks: str) -> None:
    problem = told(*words)
    assert problem.title.endswith(f"it does not say {lacks}")
    assert f"`python -m builder {words[0]}" in problem.do
    assert "my-app`" in problem.do


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("android", "apk"), ("iOS", "ipa"), ("windws", "windows"), ("mac", "macos")],
)
def test_another_name_for_a_target_is_led_to_it(typed: str, meant: str) -> None:
    title = told("build", typed, "p").title
    assert f"there is no “{typed}”. Did you mean {meant}?" in title
    assert "ios-simulator" in title


def test_a_choice_that_there_is_not_is_told_with_those_that_there_are() -> None:
    title = told("build", "web", "p", "--web-renderer", "svg").title
    assert title.endswith("--web-renderer: there is no “svg”. There are: auto, canvaskit, skwasm")


def test_a_command_that_there_is_not() -> None:
    assert "did you mean build?" in told("biuld", "web").title
    assert "preview" in told("xyz").title
    assert "begins with no command; there are build" in told("--events").title


@pytest.mark.parametrize("words", [["build", "web"], ["plan", "web"], ["serve"], ["preview"]])
def test_an_empty_name_is_not_the_folder_that_one_is_in(words: Sequence[str]) -> None:
    assert "the name of the folder is empty" in told(*words, "").title


# ---- Help --------------------------------------------------------------------------------------


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        command_line.parse(words)
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_no_words_at_all_ask_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    help_ = helped(capsys)
    assert help_ == helped(capsys, "--help")
    assert "python -m builder build web my-app" in help_


def test_the_options_of_a_build_stand_in_groups(capsys: pytest.CaptureFixture[str]) -> None:
    help_ = helped(capsys, "build", "--help")
    assert help_.startswith("usage: python -m builder build TARGET PROJECT [options]")
    titles = [title for title in GROUPS.values() if f"\n{title}:\n" in help_]
    assert titles == list(GROUPS.values())
    assert help_.index(GROUPS["run"]) < help_.index(GROUPS["identity"])


@pytest.mark.parametrize("option", ON_THE_LINE, ids=lambda option: option.name)
def test_every_option_is_in_the_help(option: Option) -> None:
    action = build_options()[option.flag or option.off_flag]
    assert action.help is not None
    assert option.meaning[1:20].replace("%", "%%") in action.help
    assert all(choice in action.help for choice in option.choices)
    assert option.env in action.help


def test_an_option_that_switches_off_says_so() -> None:
    assert build_options()["--no-web-splash"].help == (
        "Switches this off: show a splash screen on a web site [Web]"
    )


# ---- The real thing ----------------------------------------------------------------------------


def build_options() -> dict[str, argparse.Action]:
    (commands,) = (a for a in command_line.parser()._actions if a.dest == "command")
    actions = commands.choices["build"]._actions  # type: ignore[index,union-attr,call-overload]
    return {flag: action for action in actions for flag in action.option_strings}


_ASK_FLET = """
import argparse, json
from flet_cli.commands.build import Command
parser = argparse.ArgumentParser()
Command(parser)
print(json.dumps([
    [flag, type(action).__name__, action.nargs, sorted(action.choices or [])]
    for action in parser._actions for flag in action.option_strings
]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("flet_cli"), reason="flet_cli is not installed")
def test_every_option_of_flet_build_is_known() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _ASK_FLET], capture_output=True, text=True, check=True
    ).stdout
    rows = json.loads(said)
    ours = build_options()
    assert len(rows) > 80
    for flag, kind, nargs, choices in rows:
        assert flag in ours, f"flet build has {flag}"
        assert (ours[flag].nargs == 0) is (nargs == 0), flag
        assert (kind == "_ExtendAction") is (type(ours[flag]).__name__ == "_ExtendAction"), flag
        for choice in choices:
            command_line.parse(["build", "web", "p", f"{flag}={choice}"])


def test_every_option_has_one_meaning() -> None:
    flags = [flag for o in ON_THE_LINE for flag in (o.flag, o.off_flag) if flag]
    assert len(flags) == len(set(flags))
    assert all(re.fullmatch(r"--[a-z0-9-]+", flag) for flag in flags)
