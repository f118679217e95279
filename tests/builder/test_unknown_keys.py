"""A key that nobody reads is told, with the one that was probably meant."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import unknown_keys
from builder.options import OPTIONS, PLATFORMS, keys_of
from builder.problems import Problem


def told(toml: str, platform: str = "android") -> list[Problem]:
    return list(unknown_keys.problems(tomllib.loads(toml), toml, platform))


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_every_setting_is_known(platform: str) -> None:
    for option in OPTIONS:
        if option.platforms and platform not in option.platforms:
            continue
        for key in keys_of(option, platform):
            value = "{ x = 1 }" if option.kind in ("pairs", "table") else "1"
            assert not told(f"{key} = {value}", platform), key


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("tool.flet.bundle-id", "tool.flet.bundle_id"),
        ("tool.flet.bundleid", "tool.flet.bundle_id"),
        ("tool.flet.Product", "tool.flet.product"),
        ("tool.flet.split_per_abi", "tool.flet.android.split_per_abi"),
        ("tool.flet.android.permissions", "tool.flet.permissions"),
        ("tool.flet.splash.colour", "tool.flet.splash.color"),
        ("tool.flet.dependencies", "tool.flet.android.dependencies"),
        ("tool.flet.android.splash.collor", "tool.flet.android.splash.color"),
        ("tool.slipway.shrink_image", "tool.slipway.shrink_images"),
    ],
)
def test_the_key_that_was_meant(key: str, meant: str) -> None:
    (problem,) = told(f"\n{key} = 1\n")
    assert (problem.code, problem.severity) == ("setting-not-known", "warn")
    assert problem.do == f"Did you mean {meant}?"
    assert problem.where == "pyproject.toml, line 2"
    assert problem.fixes[0].data == {key: None, meant: 1}


def test_a_table_is_not_moved_by_a_click() -> None:
    (problem,) = told("[tool.flet.spalsh]\ncolor = 'red'\n")
    assert problem.do == "Did you mean tool.flet.splash?"
    assert problem.fixes == ()


def test_a_name_unlike_all_others() -> None:
    (problem,) = told("tool.flet.xyzzy = 1")
    assert "SETTINGS.md" in problem.do


@pytest.mark.parametrize(
    "toml",
    [
        "tool.flet.ios.nothing = 1",  # another platform's
        "tool.flet.metadata.title = 'x'",
        "tool.flet.boot_screen.mine.colour = 'red'",
        "tool.flet.android.permission.'a.b' = true",
        "tool.flet.deep_linking.scheme = 'x'",
        "tool.flet.splash.icon_bgcolor = 'red'",  # told as a former one
        "tool.poetry.nothing = 1",
        "tool = 3",
    ],
)
def test_what_is_nobodys_mistake(toml: str) -> None:
    assert told(toml) == []


def test_something_else_than_a_table() -> None:
    (problem,) = told("tool.flet.cleanup = true")
    assert problem.code == "setting-wrong-type"
    assert "[tool.flet.cleanup]" in problem.title


def test_a_file_of_another_kind_is_not_listed_whole() -> None:
    toml = "[tool.flet]\n" + "\n".join(f"strange{n} = {n}" for n in range(99))
    assert len(told(toml)) == unknown_keys.MOST


@given(
    st.recursive(
        st.integers() | st.text(),
        lambda inner: st.dictionaries(
            st.text() | st.sampled_from(["app", "web", "android", "splash", "org.x", "org"]), inner
        ),
    ),
    st.sampled_from(sorted(PLATFORMS)),
)
def test_whatever_stands_there(flet: Any, platform: str) -> None:
    for problem in unknown_keys.problems({"tool": {"flet": flet}}, "", platform):
        assert problem.title
        assert problem.do
