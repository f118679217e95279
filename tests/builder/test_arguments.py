"""The options mean what they mean to `flet build`, and mistakes are problems."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import arguments
from builder.options import BY_NAME, OPTIONS, Option
from builder.problems import Fix, Problem, ProjectError
from builder.settings import resolve

WITH_OPTION = [option for option in OPTIONS if option.flag or option.off_flag]


def settings(*argv: str) -> dict[str, object]:
    return arguments.settings_of(arguments.parse(["build", "web", "p", *argv]))


def given_as(option: Option) -> list[str]:
    """An option with a value that is right for it."""
    if option.kind == "flag":
        return [option.flag or option.off_flag]
    value = option.choices[0] if option.choices else option.example or "value"
    return [f"{option.flag}={value}"]


def test_nothing_given_is_nothing_set() -> None:
    assert settings() == {}


@pytest.mark.parametrize("option", WITH_OPTION, ids=lambda option: option.name)
def test_every_setting_has_its_option(option: Option) -> None:
    ((name, value),) = settings(*given_as(option)).items()
    assert name == option.name
    assert value is bool(option.flag) if option.kind == "flag" else value


def test_all_settings_at_once_are_themselves_no_mistake() -> None:
    said = [word for option in WITH_OPTION for word in given_as(option)]
    assert set(settings(*said)) == {option.name for option in WITH_OPTION}


def test_some_choices_may_be_written_in_capitals() -> None:
    assert settings("--route-url-strategy=HASH") == {"route_url_strategy": "hash"}
    assert settings("--permissions", "Camera") == {"permissions": ["camera"]}
    assert settings("--macos-distribution=App-Store") == {"macos_distribution": "app-store"}


@pytest.mark.parametrize("flag", [o.flag for o in OPTIONS if o.flag and o.off_flag])
def test_what_can_be_switched_both_ways(flag: str) -> None:
    ((name, value),) = settings("--no-" + flag.removeprefix("--")).items()
    assert value is False
    assert BY_NAME[name].off_flag == "--no-" + flag.removeprefix("--")


def test_lists_take_several_and_again() -> None:
    assert settings("--exclude", "a", "b", "--exclude=c")["exclude"] == ["a", "b", "c"]
    assert settings("--info-plist", "a=1", "b=2")["info_plist"] == ["a=1", "b=2"]


def test_a_value_may_begin_with_a_dash() -> None:
    assert settings("--description=-x")["description"] == "-x"


def test_more_and_more_can_be_shown() -> None:
    assert "verbose" not in settings()
    assert settings("-v")["verbose"] == 1
    assert settings("-vv")["verbose"] == 2


# ---- Arguments for flutter build --------------------------------------------------------------


def test_arguments_for_flutter_come_many_times_and_after_two_dashes() -> None:
    said = settings(
        "--flutter-build-args=--obfuscate", "--flutter-build-args", "a", "b", "--", "--x", "--"
    )
    assert said == {"build_args": ["--obfuscate", "a", "b", "--x", "--"]}


def test_arguments_for_flutter_that_are_forgotten() -> None:
    with pytest.raises(ProjectError) as caught:
        settings("--flutter-build-args", "--obfuscate")
    assert "--flutter-build-args=--obfuscate" in caught.value.problem.title


def test_only_a_build_hands_something_on() -> None:
    with pytest.raises(ProjectError):
        arguments.parse(["matrix", "--", "x"])
    assert arguments.parse(["matrix", "--"]).command == "matrix"


# ---- Passwords --------------------------------------------------------------------------------

PASSWORD = "--android-signing-key-password"


@pytest.mark.parametrize("said", [[f"{PASSWORD}=hunter22"], [PASSWORD, "hunter22"]])
def test_a_password_is_known_as_one_and_comes_into_no_repetition(said: list[str]) -> None:
    argv = ["build", "apk", "p", *said, "--org", "a.b", "--", "-x"]
    args = arguments.parse(argv)
    assert arguments.secrets_of(args) == ["hunter22"]
    assert arguments.settings_of(args)["android_key_password"] == "hunter22"
    assert arguments.repeatable(argv) == [
        "build", "apk", "p", "--org", "a.b", "--flutter-build-args=-x",
    ]  # fmt: skip


@pytest.mark.parametrize("said", ["--android-key-pasword=hunter22", "--pw hunter22"])
def test_a_mistake_does_not_tell_the_password(said: str) -> None:
    with pytest.raises(ProjectError) as caught:
        settings(*said.split())
    assert "hunter22" not in str(caught.value.problem)


def test_a_password_in_the_open_is_told_once(tmp_path: Path) -> None:
    options = settings(f"{PASSWORD}=hunter22", "--android-signing-key-store-password=hunter33")
    _, (problem,) = resolve({}, tmp_path, target="apk", options=options)
    assert (problem.code, problem.severity) == ("password-on-command-line", "warn")
    assert "FLET_ANDROID_SIGNING_KEY_PASSWORD" in problem.do
    assert "hunter" not in str(problem)


@pytest.mark.slow
def test_a_password_is_struck_out_wherever_it_stands(tmp_path: Path) -> None:
    project = tmp_path / "hunter2222"
    project.mkdir()
    (project / "main.py").write_text("import flet\n")
    (project / "pyproject.toml").write_text('[tool.flet]\nproduct = "a/hunter3333"\n')
    said = ("--android-signing-key-store-password=hunter2222", PASSWORD, "hunter3333")
    told = subprocess.run(
        [sys.executable, "-m", "builder", "build", "apk", str(project), "--events", *said],
        capture_output=True,
        env={**os.environ, "SLIPWAY_DATA_DIR": str(tmp_path / "d")},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    logs = [path.read_bytes() for path in (tmp_path / "d").rglob("*") if path.is_file()]
    assert b"password-on-command-line" in told.stdout
    assert logs
    for text in (told.stdout, told.stderr, *logs):
        assert b"hunter" not in text


@given(
    st.lists(
        st.sampled_from(
            ["a", "--", "-v", PASSWORD, f"{PASSWORD}=s3cret", "s3cret", "--x", "--exclude=b"]
        )
    )
)
def test_a_repeatable_line_never_holds_what_stands_behind_a_password_option(
    words: list[str],
) -> None:
    again = arguments.repeatable(["build", *words])
    before = words[: words.index("--")] if "--" in words else words
    assert not any(word.startswith(PASSWORD) for word in again if word in before)
    assert "--" not in again


# ---- Options of an older Flet -----------------------------------------------------------------


@pytest.mark.parametrize("flag", ["--team", "--ios-team"])
def test_the_team_under_its_former_names(flag: str, tmp_path: Path) -> None:
    options = settings(flag, "A1B2C3D4E5")
    assert options == {"ios_team_id": "A1B2C3D4E5", "former": [flag]}
    resolved, (problem,) = resolve({}, tmp_path, target="ios-simulator", options=options)
    assert resolved.flutter.ios_team_id == "A1B2C3D4E5"
    assert (problem.code, problem.severity) == ("option-former", "hint")
    assert "--ios-team-id" in problem.why


@pytest.mark.parametrize(
    "said", ["--use-color-emoji", "--include-packages flet_video flet_audio", "--clear-cache"]
)
def test_former_options_of_no_effect_are_explained(said: str, tmp_path: Path) -> None:
    options = settings(*said.split())
    assert options == {"former": [said.split()[0]]}
    _, (problem,) = resolve({}, tmp_path, options=options)
    assert (problem.code, problem.severity) == ("option-former", "warn")
    assert problem.why
    assert problem.do


def test_cleaning_up_under_its_former_name() -> None:
    assert settings("--cleanup-on-compile")["cleanup_app"] is True


def test_drawing_with_html_is_explained(tmp_path: Path) -> None:
    resolved, (problem,) = resolve({}, tmp_path, options=settings("--web-renderer", "HTML"))
    assert resolved.web_renderer == "canvaskit"
    assert (problem.code, problem.severity) == ("renderer-former", "warn")
    assert problem.where == "--web-renderer"


# ---- Fixes that say “the same, but…” -----------------------------------------------------------


def test_only_fixes_that_add_an_option_are_made_whole() -> None:
    whole = Fix("a", "A", "run", {"argv": ["serve", "x"]})
    more = Fix("b", "B", "run", {"argv": ["--output", "y"]})
    problem = arguments.with_command(
        Problem("c", "C", fixes=(whole, more)), ["plan", "web", "p", "--json"]
    )
    assert [f.data["argv"] for f in problem.fixes] == [
        ["serve", "x"],
        ["build", "web", "p", "--output", "y"],
    ]


def test_a_fix_that_builds_another_way_is_no_rehearsal() -> None:
    argv = ["build", "linux", "p", "--rehearse", "--product", "P"]
    fixes = (
        Fix("without", "B", "run", {"argv": ["--backend", "pyinstaller"]}),
        Fix("allow", "A", "run", {"argv": ["--yes"]}),
    )
    without, allow = arguments.with_command(Problem("c", "C", fixes=fixes), argv).fixes
    assert without.data["argv"] == [
        "build", "linux", "p", "--product", "P", "--backend", "pyinstaller",
    ]  # fmt: skip
    assert allow.data["argv"] == [*argv, "--yes"]


def test_a_fix_repeats_the_line_without_passwords_and_with_what_is_for_flutter() -> None:
    problem = Problem("c", "C", fixes=(Fix("b", "B", "run", {"argv": ["--output", "y"]}),))
    password = "--android-signing-key-password"
    argv = ["plan", "apk", "p", "--json", password, "hunter22", f"{password}=h", "--", "--no-pub"]
    [fix] = arguments.with_command(problem, arguments.repeatable(argv)).fixes
    assert fix.data["argv"] == [
        "build", "apk", "p", "--flutter-build-args=--no-pub", "--output", "y",
    ]  # fmt: skip
