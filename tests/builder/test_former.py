"""What an older Flet called otherwise is explained, and one click brings it up to date."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import former
from builder.options import BY_NAME, OPTIONS, RUN, keys_of
from builder.problems import Problem
from builder.settings import resolve, save


def told(toml: str, target: str = "apk") -> list[Problem]:
    found = resolve(tomllib.loads(toml), Path("/projects/p"), target=target)[1]
    return [problem for problem in found if problem.code == "setting-former"]


def test_the_new_names_are_there() -> None:
    known = {key for o in OPTIONS for p in ("android", "ios", "web") for key in keys_of(o, p)}
    assert all(f.now in BY_NAME for f in former.FLAGS if f.now)
    assert all(f"tool.flet.{f.now}" in known for f in former.KEYS if f.now)


def test_the_former_names_are_no_names_of_today() -> None:
    flags = {flag for o in (*OPTIONS, *RUN) for flag in (o.flag, o.off_flag)}
    keys = {key for o in OPTIONS for p in ("android", "ios", "web") for key in keys_of(o, p)}
    assert not flags & {f.flag for f in former.FLAGS}
    assert not keys & {f"tool.flet.{f.key}" for f in former.KEYS}


@pytest.mark.parametrize(
    ("toml", "target", "data"),
    [
        ('ios.team = "T"', "ipa", {"tool.flet.ios.team": None, "tool.flet.ios.team_id": "T"}),
        (
            'android.build_arch = "x86_64"', "apk",
            {
                "tool.flet.android.build_arch": None,
                "tool.flet.android.target_arch": "x86_64",
            },
        ),
        (
            'template.path = "gh:a/b"', "web",
            {"tool.flet.template.path": None, "tool.flet.template.url": "gh:a/b"},
        ),
    ],
)  # fmt: skip
def test_a_renamed_key_is_renamed(toml: str, target: str, data: dict[str, Any]) -> None:
    (problem,) = told(f"[tool.flet]\n{toml}", target)
    assert problem.severity == "warn"
    assert problem.fixes[0].data == data


def test_a_key_that_is_still_read_is_only_a_hint() -> None:
    (problem,) = told('tool.flet.splash.icon_bgcolor = "red"')
    assert problem.severity == "hint"
    assert "still read" in problem.why


def test_a_key_of_another_platform_is_let_be() -> None:
    assert told('tool.flet.ios.team = "T"', "apk") == []


def test_nothing_is_written_over() -> None:
    (problem,) = told('tool.flet.ios = { team = "old", team_id = "new" }', "ipa")
    assert problem.fixes == ()


def test_an_old_screen_becomes_one_of_today(tmp_path: Path) -> None:
    toml = """
        [tool.flet.app.boot_screen]
        show = true
        message = "Wait"
        """
    (problem,) = told(toml)
    (tmp_path / "pyproject.toml").write_text(toml)
    save(tmp_path, problem.fixes[0].data)
    data = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    settings, found = resolve(data, tmp_path, target="linux")
    assert not found
    assert settings.flutter.boot_screen_options == {"prepare_message": "Wait", "spinner_size": 30}


@pytest.mark.parametrize("screen", ["3", "{ show = false, message = 'x' }"])
def test_an_old_screen_that_showed_nothing_is_only_removed(screen: str) -> None:
    (problem,) = told(f"tool.flet.app.startup_screen = {screen}")
    assert problem.fixes[0].data == {"tool.flet.app.startup_screen": None}


@pytest.mark.parametrize(
    "toml",
    ["web.use_color_emoji = true", 'flutter.dependencies = ["flet_video"]'],
)
def test_what_is_gone_is_explained(toml: str) -> None:
    (problem,) = told(f"[tool.flet]\n{toml}", "web")
    assert problem.severity == "warn"
    assert problem.why
    assert problem.do


def test_a_password_in_the_file_is_warned_of_and_not_repeated() -> None:
    (problem,) = told('tool.flet.android.signing.key_password = "hunter22"')
    assert "everyone" in problem.why
    assert "hunter22" not in str(problem)


def test_the_renderer_in_the_file_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.flet.web]\nrenderer = "html"\n')
    data = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    settings, (problem,) = resolve(data, tmp_path, target="web")
    assert settings.web_renderer == "canvaskit"
    assert problem.where == "pyproject.toml, line 2"
    assert problem.fixes[0].data == {"tool.flet.web.renderer": "canvaskit"}
    assert not resolve(data, tmp_path, target="linux")[1]


@given(
    st.sampled_from([f.key for f in former.KEYS]),
    st.recursive(
        st.integers() | st.text() | st.booleans(),
        lambda inner: st.dictionaries(st.sampled_from(["show", "message"]), inner),
    ),
)
def test_no_value_of_a_former_key_raises(key: str, value: object) -> None:
    data: Any = value
    for part in reversed(f"tool.flet.{key}".split(".")):
        data = {part: data}
    platform = key.partition(".")[0] if key.startswith(("ios.", "web.")) else "android"
    found = list(former.key_problems(data, "", platform))
    assert [problem.code for problem in found] == ["setting-former"] * (value != {})
