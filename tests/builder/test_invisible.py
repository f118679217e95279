"""A null byte, and what else no tool takes, is told by the key that has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from builder import invisible
from builder.settings import resolve


def keys(toml: str) -> list[str]:
    found = invisible.problems(tomllib.loads(toml), toml, ())
    return [problem.title.partition(" ")[0] for problem in found]


@pytest.mark.parametrize("character", ["\\u0000", "\\u001f", "\\u007f", "\\u000b"])
def test_wherever_it_stands(character: str) -> None:
    text = f'"a{character}b"'
    assert keys(f"tool.flet.artifact = {text}") == ["tool.flet.artifact"]
    assert keys(f"tool.flet.app.exclude = ['a', {text}, {text}]") == ["tool.flet.app.exclude"]
    assert keys(f"tool.flet.android.provider.x.meta_data.y = {text}") == [
        "tool.flet.android.provider.x.meta_data.y"
    ]
    assert keys(f"tool.flet.ios.info.{text} = 1") == ["tool.flet.ios.info"]
    assert keys(f"tool.other.x = {text}") == []


def test_what_people_write_is_fine() -> None:
    assert keys('project.description = "a\\tb\\r\\nc é 日本 \\u202e"\ntool.flet.x = [1, 2.5]') == []


def test_the_settings_tell_it_once_with_its_line(tmp_path: Path) -> None:
    toml = '[tool.flet]\ncompany = "a\\u0000"\nproduct = "b\\u0000"\n'
    (tmp_path / "pyproject.toml").write_text(toml)
    _, problems = resolve(tomllib.loads(toml), tmp_path, target="linux")
    assert [(p.code, p.where[-6:]) for p in problems] == [
        ("product-not-valid", "line 3"),
        ("setting-invisible", "line 2"),
    ]
