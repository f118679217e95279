"""The program, the code and what Linux wants beside them become one folder."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from builder import host
from builder.history import write_json
from builder.host import Host
from builder.pipeline import Build
from builder.stages import assemble
from tests.builder.fake_build import FakeJob, write
from tests.builder.stages.frozen_app import frozen_app

ID = "com.flet.project"


def on(system: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: system)


def run(build: Build) -> set[str]:
    assemble.run(FakeJob(build))
    made = build.work / assemble.ASSEMBLED
    return {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}


FOR_MENU = {
    "install.sh",
    "uninstall.sh",
    f"share/applications/{ID}.desktop",
    f"share/icons/hicolor/48x48/apps/{ID}.png",
}
INNER = {"_internal/lib.so", "_internal/app/main.py", "_internal/slipway.json"}
LINK = {"_internal/lib.so.1"} if os.name != "nt" else set()


def test_a_folder_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path)
    wanted = {f"project/{name}" for name in (*FOR_MENU, *INNER, *LINK, "project")}
    assert run(build) == wanted
    assert assemble.program(build).read_text("utf-8") == "program"
    assert assemble.top(build) == build.work / "assembled" / "project"


def test_one_file_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path, one_file=True)
    assert run(build) == {*FOR_MENU, "project"}
    assert assemble.top(build) == build.work / "assembled"


def test_a_folder_on_windows_has_nothing_of_linux(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("windows", monkeypatch)
    build = frozen_app(tmp_path)
    assert run(build) == {f"project/{name}" for name in (*INNER, *LINK, "project.exe")}


def test_a_bundle_on_macos_is_as_it_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("macos", monkeypatch)
    build = frozen_app(tmp_path)
    files = run(build)
    assert "project.app/Contents/MacOS/project" in files
    assert all(name.startswith("project.app/") for name in files)
    assert assemble.top(build) == build.work / "assembled"


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_links_stay_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path)
    run(build)
    link = assemble.top(build) / "_internal" / "lib.so.1"
    assert link.is_symlink()
    assert str(link.readlink()) == "lib.so"


def test_what_the_menu_shows_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path)
    before = assemble.reads(build)
    assert assemble.reads(build) == before
    changed = replace(build, settings=replace(build.settings, description="Sells things"))
    assert assemble.reads(changed) != before
    (build.work / f"icon/hicolor/48x48/apps/{ID}.png").write_text("other", "utf-8")
    assert assemble.reads(build) != before


def test_what_code_looks_for_at_the_top_of_the_bundle_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path)
    write(tmp_path / "project", {"main.py": "import sys\nopen(sys._MEIPASS + '/a.txt')\n"})
    write(build.work, {"code/app/a.txt": "", "code/app/shop/b.txt": "", "code/app/shop/c.py": "",
                       "code/app/lib.so": "mine"})  # fmt: skip
    made = run(build)
    assert {"project/_internal/a.txt", "project/_internal/shop/b.txt"} <= made
    assert "project/_internal/shop/c.py" not in made
    inner = build.work / "assembled/project/_internal"
    assert (inner / "lib.so").read_text("utf-8") == "library"


@pytest.mark.parametrize(
    ("window", "name"),
    [
        ({"kind": "native", "flet": ""}, "Flet"),
        ({"kind": "native", "flet": "1.0.5"}, ID),
        ({"kind": "browser", "flet": ""}, ID),
    ],
)
def test_docks_know_the_window(
    window: dict[str, str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path)
    write_json(build.work / "window.json", window)
    run(build)
    entry = build.work / "assembled/project" / f"share/applications/{ID}.desktop"
    assert f"StartupWMClass={name}\n" in entry.read_text("utf-8")


def test_again_nothing_of_the_old_one_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = frozen_app(tmp_path)
    before = run(build)
    (assemble.top(build) / "of the old one").write_text("", "utf-8")
    assert run(build) == before
