"""The table of settings is whole, consistent, and what the documentation shows."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from builder import run as engine
from builder import settings_table
from builder.desktop.settings import DesktopSettings
from builder.flutter.settings import FlutterSettings
from builder.options import BY_NAME, GROUPS, OPTIONS, RUN, WEB_FONTS, Option, keys_of
from builder.settings import Settings
from builder.targets import TARGET_OF
from builder.web import fonts

ROOT = Path(__file__).resolve().parent.parent.parent
EVERY = (*OPTIONS, *RUN)

_ALL = (Settings, FlutterSettings, DesktopSettings)

# What is read elsewhere: where the app lies, and secrets, which are no settings.
NO_ATTRIBUTE = {"app_path", "flask_app", "android_key_store_password", "android_key_password"}


def test_each_option_is_a_setting_and_each_setting_an_option() -> None:
    attributes = {f.name for of in _ALL for f in fields(of)}
    names = {option.name for option in OPTIONS}
    assert names - NO_ATTRIBUTE <= attributes
    assert attributes - names <= {"flutter", "desktop", "verbose"}


@pytest.mark.parametrize("option", EVERY, ids=lambda option: option.name)
def test_an_option_says_all_that_is_needed(option: Option) -> None:
    assert option.group in GROUPS
    assert option.meaning[0].isupper()
    assert option.meaning.endswith(".")
    assert option.key or option.flag or option.off_flag
    assert set(option.platforms) <= set(TARGET_OF)
    if option.kind == "flag":
        assert option.default in ("on", "off")
    if option.kind == "choice":
        assert option.choices
    if option.kind in ("text", "number", "texts", "pairs", "table", "colour") and option.key:
        assert option.example or option.choices
    if option.kind == "secret":
        assert option.env
        assert not option.key


def test_names_and_keys_are_there_once() -> None:
    assert len(BY_NAME) == len(OPTIONS)
    assert len({option.name for option in EVERY}) == len(EVERY)
    keys = [option.key for option in OPTIONS if option.key]
    assert len(keys) == len(set(keys))


def test_only_settings_of_an_app_stand_in_the_file() -> None:
    assert not any(option.key for option in RUN)
    assert all(option.group == "run" for option in RUN)


def test_the_keys_for_a_platform() -> None:
    assert keys_of(BY_NAME["org"], "ios") == ("tool.flet.ios.org", "tool.flet.org")
    assert keys_of(BY_NAME["info_plist"], "macos") == ("tool.flet.macos.info",)
    assert keys_of(BY_NAME["build_version"], "web") == ("project.version",)
    assert keys_of(BY_NAME["python_version"], "web") == ()


def test_the_scripts_are_those_that_there_are_fonts_for() -> None:
    assert sorted(fonts.SCRIPTS) == list(WEB_FONTS)


def test_the_documentation_is_as_the_table() -> None:
    written = (ROOT / "builder" / "SETTINGS.md").read_text("utf-8")
    assert written == settings_table.markdown(), (
        "run: python -m builder settings --markdown > builder/SETTINGS.md"
    )


def test_the_documentation_names_each_setting() -> None:
    page = settings_table.markdown()
    for option in EVERY:
        assert f"`{option.key or option.flag or option.off_flag}`" in page


def test_the_table_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert engine.main(["settings", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["settings"]
    assert [row["name"] for row in rows] == [option.name for option in EVERY]
    assert engine.main(["settings", "--markdown"]) == 0
    assert capsys.readouterr().out == settings_table.markdown()
    assert engine.main(["settings"]) == 0
    text = capsys.readouterr().out
    assert "  tool.flet.org  --org\n" in text
    assert max(map(len, text.splitlines())) <= 100
