"""The command that puts an app into the menu of this desktop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.problems import EXIT_COMPUTER, EXIT_DONE, EXIT_USER
from builder.run import main

ENTRY = '[Desktop Entry]\nType=Application\nName=Shop\nExec="shop"\nIcon=org.example.shop\n'


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program as it is delivered, with its entry and an icon beside it."""
    folder = tmp_path / "dist of mine" / "shop"
    for name, content in {
        "share/applications/org.example.shop.desktop": ENTRY,
        "share/icons/hicolor/48x48/apps/org.example.shop.png": "x",
        "shop": "#!/bin/sh\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder / "shop"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("builder.host.current", lambda: "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def files(data: Path) -> list[str]:
    return sorted(path.name for path in data.rglob("*") if path.is_file())


def test_there_and_away_again(
    program: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option, words in (
        ("", "shop is not in your menu."),
        ("--add", "shop is in your menu."),
        ("", "shop is in your menu."),
        ("--remove", "shop is not in your menu."),
    ):
        assert main(["menu", str(program), *([option] if option else [])]) == EXIT_DONE
        assert capsys.readouterr().out.strip() == words
    assert files(data) == []


def test_what_is_put_there_starts_the_program_where_it_lies(program: Path, data: Path) -> None:
    main(["menu", str(program), "--add"])
    assert files(data) == ["org.example.shop.desktop", "org.example.shop.png"]
    assert str(program) in (data / "applications" / "org.example.shop.desktop").read_text()


def test_for_programs_it_speaks_json(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["menu", str(program), "--add", "--json"]) == EXIT_DONE
    assert json.loads(capsys.readouterr().out) == {"in_menu": True, "problems": []}
    assert main(["menu", str(program.parent), "--json"]) == EXIT_USER
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert problem["code"] == "no-menu-entry"


def test_a_menu_that_cannot_be_written(
    program: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text("in the way")
    assert main(["menu", str(program), "--add"]) == EXIT_COMPUTER
    assert "menu could not be changed" in capsys.readouterr().err


def test_other_systems_have_none(
    program: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builder.host.current", lambda: "windows")
    assert main(["menu", str(program), "--add"]) == EXIT_USER
    assert "Only Linux desktops" in capsys.readouterr().err
