"""The checks of a project, from what was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import project, settings
from builder.checks.project import checks, secret_looking
from builder.events import Check

FLET = "import flet as ft\nft.run(lambda page: None)\n"


def states(folder: Path, **files: str) -> dict[str, Check]:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    found = project.read(folder)
    wanted, problems = settings.resolve(found.pyproject, folder)
    return {check.id: check for check in checks(found, wanted, problems)}


def test_all_is_well(tmp_path: Path) -> None:
    found = states(tmp_path, main__py=FLET)
    assert {check.state for check in found.values()} == {"ok"}
    assert list(found) == ["project", "entry-point", "requirements", "settings", "secrets"]
    assert found["project"].detail == f"1 file, {len(FLET)} bytes"
    assert found["entry-point"].detail == "Starts in main.py"


def test_a_folder_that_is_none_skips_the_rest(tmp_path: Path) -> None:
    found = states(tmp_path)
    assert [check.state for check in found.values()] == ["fail"] + ["skip"] * 4


def test_each_problem_fails_its_own_check(tmp_path: Path) -> None:
    found = states(
        tmp_path,
        app__py=FLET,
        requirements__txt="flet\n!!\n",
        pyproject__toml="[tool.flet]\nproduct = 3\norg = 4\n",
    )
    assert found["project"].state == "ok"
    assert found["entry-point"].state == "fail"
    assert found["entry-point"].fixes[0].data == {"tool.flet.app.module": "app"}
    assert found["requirements"].state == "fail"
    assert found["settings"].state == "fail"
    assert found["settings"].detail.endswith("(and 1 more)")


def test_a_warning_warns(tmp_path: Path) -> None:
    assert states(tmp_path, main__py="x = 1\n")["entry-point"].state == "warn"


def test_secrets_that_are_packed(tmp_path: Path) -> None:
    check = states(tmp_path, main__py=FLET, id_rsa="", upload__keystore="")["secrets"]
    assert check.state == "warn"
    assert "id_rsa, upload.keystore" in check.detail


@pytest.mark.parametrize(
    "path",
    [".env", "sub/.env.local", "key.pem", "a/ID_RSA", "x.keystore", "x.jks", "credentials.json",
     "client_secret_1.json", ".netrc"],
)  # fmt: skip
def test_names_that_keys_have(path: str) -> None:
    assert secret_looking([path]) == [path]


@pytest.mark.parametrize("path", ["main.py", ".env.example", "keys.py", "cacert.pem", "id_rsa.md"])
def test_names_that_they_have_not(path: str) -> None:
    assert secret_looking([path]) == []


def test_a_flask_app_starts_where_a_server_finds_it(tmp_path: Path) -> None:
    text = "from flask import Flask\ndef create_app():\n    return Flask(__name__)\n"
    found = states(tmp_path, shop__py=text)
    assert found["entry-point"].detail == "create_app() in shop.py"
    wanted, _ = settings.resolve({}, tmp_path)
    linux = project.read(tmp_path, target="linux")
    by_id = {check.id: check for check in checks(linux, wanted, [])}
    assert by_id["entry-point"].detail == "create_app() in shop.py"
    assert by_id["requirements"].detail == "None named: the app gets Flask"


def test_two_flask_apps_fail_the_entry_point(tmp_path: Path) -> None:
    text = "from flask import Flask\napp = Flask(__name__)\n"
    found = states(tmp_path, one__py=text, two__py=text)
    assert found["entry-point"].state == "fail"
    assert found["settings"].state == "ok"
