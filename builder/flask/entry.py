"""Where a Flask project starts and what belongs to it: its settings and its code, read as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import pyproject
from builder.flask import SETTING, parts
from builder.flask import app as flask_app
from builder.flask.parts import FlaskApp
from builder.flask.problems import Choice
from builder.problems import Problem
from builder.pyproject import Pyproject


@dataclass(frozen=True)
class FlaskEntry:
    """The file that makes the app, without `.py`, "" for none; and what else was found.

    `wrong_setting` is what the setting of the app holds and must not.
    """

    module: str
    app: FlaskApp
    wrong_setting: Sequence[Problem]
    problems: Sequence[Problem]


def read(
    folder: Path, app_folder: Path, files: Sequence[str], toml: Pyproject, named: str, asked: str
) -> FlaskEntry:
    """Read the `files` of an app folder; `named` is the one that `asked` wants, "" for none."""
    choices, wrong = _chosen(toml)
    if named:
        choices.append(Choice(named, asked, asked))
    codebase = parts.read_code(app_folder, files)
    found = flask_app.find(app_folder, files, choices, folder=folder, codebase=codebase)
    app = parts.read(app_folder, files, found, codebase=codebase)
    module = found.chosen.file.removesuffix(".py") if found.chosen is not None else ""
    return FlaskEntry(module, app, wrong, found.problems)


def _chosen(toml: Pyproject) -> tuple[list[Choice], list[Problem]]:
    """The app that the user chose in `[tool.slipway.flask]`, and what is wrong with the setting."""
    value = pyproject.get(toml.data, SETTING)
    if value is not None and not isinstance(value, str):
        return [], [pyproject.wrong_type(toml.text, SETTING, value, "a text in quotes")]
    if not value or not value.strip():
        return [], []
    return [Choice(value, SETTING, pyproject.place(toml.text, SETTING))], []
