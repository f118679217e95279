"""The settings of desktop apps made without Flutter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop.settings import DesktopSettings
from builder.settings import resolve


def settled(table: dict[str, Any], **options: Any) -> tuple[DesktopSettings, list[str]]:
    toml = {"tool": {"slipway": {"desktop": table}}}
    found, problems = resolve(toml, Path("shop"), target="linux", options=options)
    return found.desktop, [one.code for one in problems]


def test_defaults() -> None:
    assert settled({}) == (DesktopSettings(), [])


def test_what_is_said_counts_and_an_option_goes_before_the_file() -> None:
    table = {"one_file": True, "port": 5000, "hidden_imports": ["a.b"], "width": 640}
    found, wrong = settled(table, port=6000, console=True)
    assert wrong == []
    assert found == DesktopSettings(
        one_file=True, console=True, port=6000, hidden_imports=("a.b",), window_width=640
    )


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"port": 70_000}, "setting-out-of-range"),
        ({"port": -1}, "setting-out-of-range"),
        ({"threads": "many"}, "setting-wrong-type"),
        ({"threads": True}, "setting-out-of-range"),
        ({"hidden_imports": ["a b"]}, "setting-not-a-module"),
        ({"hidden_imports": "a"}, "setting-wrong-type"),
        ({"one_file": "yes"}, "setting-wrong-type"),
    ],
)
def test_what_is_not_valid_is_told_and_its_default_stands_in(
    table: dict[str, Any], code: str
) -> None:
    found, wrong = settled(table)
    assert wrong == [code]
    assert found == DesktopSettings()


@given(
    st.dictionaries(
        st.sampled_from(["one_file", "port", "threads", "host", "hidden_imports", "width"]),
        st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text()), st.floats()),
    )
)
def test_wild_values_never_raise(table: dict[str, Any]) -> None:
    found, _ = settled(table)
    assert 0 <= found.port < 65_536
    assert found.threads > 0


def test_what_shows_the_app_is_one_of_three() -> None:
    assert settled({"client": "native"})[0].client == "native"
    assert settled({"client": "native"}, client="browser")[0].client == "browser"
    assert settled({"client": "firefox"}) == (DesktopSettings(), ["setting-not-a-choice"])
