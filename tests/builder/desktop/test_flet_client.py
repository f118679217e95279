"""Which window an app gets, and where Flet's own client for it can be had."""

from __future__ import annotations

import platform
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from builder import kept
from builder.desktop import flet_client
from builder.pipeline import Build
from tests.builder.fake_build import fake_build

FLASK = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.fixture(autouse=True)
def here(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user of Debian 12 who never ran a Flet app; no answer is known yet."""
    for name in (flet_client.ADDRESS, "FLET_DESKTOP_FLAVOR", "FLET_LINUX_DISTRO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(flet_client, "_answers", {})
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))


def of(folder: Path, *needs: str, toml: str = "", main: str = "", **options: Any) -> Build:
    files = {"pyproject.toml": f"[project]\nname = 'a'\ndependencies = {list(needs)}\n{toml}"}
    if main:
        files["main.py"] = main
    return replace(fake_build(folder, files, **options), target="linux")


def answering(monkeypatch: pytest.MonkeyPatch, answer: int | Exception) -> list[str]:
    """The host of the releases answers with a status, or not at all; whom it was asked for."""
    asked: list[str] = []

    def head(url: str, **_: Any) -> httpx.Response:
        asked.append(url)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)

    monkeypatch.setattr(httpx, "head", head)
    return asked


@pytest.mark.parametrize(
    ("needs", "kind", "flet"),
    [
        (["flet==0.82.2"], "native", ""),
        (["flet<1"], "native", ""),
        ([], "open", "1.0.5"),
        (["flet"], "open", "1.0.5"),
        (["flet>=0.80"], "open", "1.0.5"),
        (["flet[all]==1.0.3"], "open", "1.0.3"),
        (["flet>=1.2"], "browser", ""),
        (["flet @ git+https://github.com/flet-dev/flet"], "browser", ""),
    ],
)
def test_the_version_decides_and_nobody_is_asked(
    needs: list[str], kind: str, flet: str, tmp_path: Path
) -> None:
    found = flet_client.window(of(tmp_path, *needs), may_ask=False)
    assert (found.kind, found.flet) == (kind, flet)
    assert bool(found.why) == (kind == "browser")


def test_a_flask_app_and_a_wish_are_shown_by_the_browser(tmp_path: Path) -> None:
    flask = of(tmp_path / "a", "flask", main=FLASK)
    assert flask.project.kind == "flask"
    assert flet_client.window(flask, may_ask=True).kind == "browser"
    wish = of(tmp_path / "b", "flet==0.82.2", client="browser")
    assert flet_client.window(wish, may_ask=True).kind == "browser"


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("ft.run(main, view=ft.AppView.WEB_BROWSER)", "browser"),
        ("ft.run(main, view='web_browser')", "browser"),
        ("ft.run(main, view=ft.AppView.FLET_APP)", "native"),
        ("ft.run(main)  # not view=ft.AppView.WEB_BROWSER", "native"),
    ],
)
def test_an_app_that_asks_for_a_browser_gets_one(call: str, kind: str, tmp_path: Path) -> None:
    code = f"import flet as ft\ndef main(page): ...\n{call}\n"
    found = flet_client.window(of(tmp_path, "flet==0.82.2", main=code), may_ask=False)
    assert (found.kind, found.is_chosen) == (kind, kind == "browser")
    wish = of(tmp_path, "flet==0.82.2", main=code, client="native")
    assert flet_client.window(wish, may_ask=False).kind == "native"


def test_the_host_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, 302)
    build = of(tmp_path, "flet==1.0.5")
    expected = flet_client.Window("native", "1.0.5", fetches=True)
    assert [flet_client.window(build, may_ask=True) for _ in range(3)] == [expected] * 3
    assert flet_client.window(build, may_ask=False) == expected
    name = "flet-linux-debian12-light-amd64.tar.gz"
    assert asked == [f"https://github.com/flet-dev/flet/releases/download/v1.0.5/{name}"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.ConnectError("no"), "github.com cannot be reached"),
        (404, "github.com has none for this computer"),
        (503, "github.com answers with an error (503)"),
    ],
)
def test_without_the_client_it_is_the_browser(
    answer: int | Exception, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, answer)
    found = flet_client.window(of(tmp_path, "flet==1.0.5"), may_ask=True)
    assert found == flet_client.Window("browser", why=why)


def test_a_host_that_says_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()
    monkeypatch.setattr(flet_client, "ASK_SECONDS", 0.1)

    def head(*_: Any, **__: Any) -> httpx.Response:
        ended.wait(60)
        return httpx.Response(200)

    monkeypatch.setattr(httpx, "head", head)
    found = flet_client.window(of(tmp_path, "flet==1.0.5"), may_ask=True)
    assert not ended.is_set()
    ended.set()
    assert found.why == "github.com does not answer"


def test_what_is_kept_or_named_or_flets_own_needs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, 200)
    build = of(tmp_path, "flet==1.0.5")
    assert not flet_client.is_here(build, "1.0.5")
    program = Path.home() / ".flet/client/flet-desktop-light-1.0.5/flet/flet"
    program.parent.mkdir(parents=True)
    assert not flet_client.is_here(build, "1.0.5")
    program.write_text("")
    assert flet_client.is_here(build, "1.0.5")
    assert not flet_client.is_here(build, "1.0.4")
    with kept.making(flet_client.folder(build, "1.0.4")) as fresh:
        (fresh / "archive").write_text("")
    assert flet_client.is_here(build, "1.0.4")
    file = tmp_path / "my client.tar.gz"
    monkeypatch.setenv(flet_client.ADDRESS, file.as_uri())
    assert not flet_client.is_here(build, "1.0.5")
    assert str(file) in flet_client.window(build, may_ask=True).why
    file.write_text("")
    assert flet_client.window(build, may_ask=True) == flet_client.Window("native", "1.0.5")
    assert asked == []


def test_another_file_of_that_name_is_another_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "client.tar.gz"
    file.write_text("one")
    monkeypatch.setenv(flet_client.ADDRESS, file.as_uri())
    build = of(tmp_path)
    before, said = flet_client.folder(build, "1.0.5"), flet_client.describe(build)
    file.write_text("another")
    assert flet_client.folder(build, "1.0.5") != before
    assert flet_client.describe(build) != said


@pytest.mark.parametrize(
    ("glibc", "name"),
    [
        ("2.17", "debian10"),
        ("2.31", "ubuntu20.04"),
        ("2.35", "ubuntu22.04"),
        ("2.36", "debian12"),
        ("2.38.9000", "debian12"),
        ("2.41", "ubuntu24.04"),
        ("", "debian10"),
    ],
)
def test_the_client_fits_the_age_of_the_system(
    glibc: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", glibc))
    assert flet_client.artifact(of(tmp_path)) == f"flet-linux-{name}-light-amd64.tar.gz"


@pytest.mark.parametrize(
    ("system", "name"), [("Windows", "flet-windows.zip"), ("Darwin", "flet-macos.tar.gz")]
)
def test_other_systems_have_one_client(
    system: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = of(tmp_path, toml="[tool.flet]\norg = 'com.acme'\n")
    monkeypatch.setattr(platform, "system", lambda: system)
    assert flet_client.artifact(build) == name
    assert flet_client.variables(build) == {"FLET_DESKTOP_FLAVOR": "full"}
    assert flet_client.wheel(build) == "flet-desktop"


def test_the_project_and_the_environment_choose_players(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = of(tmp_path, toml="[tool.flet]\ndesktop_flavor = 'Full'\nbundle_id = 'com.acme.a'\n")
    assert flet_client.artifact(build) == "flet-linux-debian12-amd64.tar.gz"
    assert flet_client.variables(build) == {
        "FLET_DESKTOP_FLAVOR": "full",
        "FLET_LINUX_DISTRO": "debian12",
        "FLET_APP_ID": "com.acme.a",
    }
    monkeypatch.setenv("FLET_DESKTOP_FLAVOR", "light")
    monkeypatch.setenv("FLET_LINUX_DISTRO", "arch")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert flet_client.artifact(build) == "flet-linux-arch-light-arm64.tar.gz"


def test_a_password_in_the_address_is_never_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(flet_client.ADDRESS, "https://me:hush@files.example/client.tar.gz")
    answering(monkeypatch, 500)
    build = of(tmp_path)
    said = repr((flet_client.window(build, may_ask=True), flet_client.describe(build)))
    assert "files.example" in said
    assert "hush" not in said
