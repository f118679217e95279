"""The command `preview`: a real project to one sheet, or one clear problem and nothing written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from builder import arguments, preview
from builder.images import sheet
from builder.problems import Cancelled, ComputerError, ProjectError
from tests.builder.images import make

REPOSITORY = Path(__file__).parents[2]
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64">
<circle cx="32" cy="32" r="30" fill="#0b6e99"/></svg>"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my project ü"
    (folder / "assets").mkdir(parents=True)
    (folder / "main.py").write_text("import flet as ft\n", "utf-8")
    return folder


def put(project: Path, name: str, data: bytes = b"") -> Path:
    path = project / "assets" / name
    path.write_bytes(data or make.saved(make.logo(256), "PNG"))
    return path


def settings(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(f'[project]\nname = "tides"\n{text}', "utf-8")


def drawn(project: Path, *options: str, **more: Callable[[], None]) -> preview.Preview:
    return preview.make(arguments.parse(["preview", str(project), *options]), **more)


def refused(project: Path, *options: str) -> str:
    """The code of the problem; the project is as it was."""
    before = sorted(project.rglob("*")) if project.is_dir() else []
    with pytest.raises(ProjectError) as caught:
        drawn(project, *options)
    assert before == (sorted(project.rglob("*")) if project.is_dir() else [])
    problem = caught.value.problem
    assert problem.title
    assert problem.do
    return problem.code


def served(made: preview.Preview) -> dict[str, str]:
    """The file of the icon by platform."""
    return {one.platform: one.icon.path.name for one in made.chosen if one.icon}


class TestSheet:
    def test_it_lies_where_nothing_is_packed(self, project: Path) -> None:
        put(project, "icon.png")
        made = drawn(project, "--platform", "linux")
        assert made.output == project / "dist" / "preview.png"
        assert made.output.stat().st_size == made.bytes
        assert [path.name for path in made.output.parent.iterdir()] == ["preview.png"]
        with Image.open(made.output) as image:
            assert image.width > 1200

    def test_every_platform_has_its_own_picture(self, project: Path) -> None:
        put(project, "icon.png")
        put(project, "icon_ios.png")
        put(project, "icon_web.svg", SVG)
        found = served(drawn(project))
        assert found == {
            "android": "icon.png", "ios": "icon_ios.png", "macos": "icon.png",
            "windows": "icon.png", "linux": "icon.png", "web": "icon_web.svg",
        }  # fmt: skip

    @pytest.mark.parametrize("platform", ["android", "ios", "macos", "windows", "linux", "web"])
    def test_one_platform_alone(self, project: Path, platform: str) -> None:
        put(project, f"icon_{platform}.png")
        made = drawn(project, "--platform", platform)
        assert list(served(made)) == [platform]

    def test_a_platform_without_a_picture_gets_flets(self, project: Path) -> None:
        put(project, "icon_web.png")
        made = drawn(project)
        assert served(made) == {"web": "icon_web.png"}
        assert any("Flet" in line and "Windows" in line for line in made.lines())

    def test_splash_pictures_alone_are_shown(self, project: Path) -> None:
        put(project, "splash.png")
        assert served(drawn(project)) == {}

    def test_an_own_windows_icon(self, project: Path) -> None:
        put(project, "icon.png")
        put(
            project,
            "icon_windows.ico",
            make.saved(make.logo(48), "ICO", sizes=[(16, 16), (48, 48)]),
        )
        assert served(drawn(project, "--platform", "windows")) == {"windows": "icon_windows.ico"}

    def test_the_pictures_lie_in_the_folder_of_the_app(self, project: Path) -> None:
        settings(project, '[tool.flet.app]\npath = "src"\n')
        (project / "src" / "assets").mkdir(parents=True)
        (project / "src" / "assets" / "icon.svg").write_bytes(SVG)
        made = drawn(project, "--platform", "linux")
        assert served(made) == {"linux": "icon.svg"}
        assert made.lines() == ["src/assets/icon.svg is the icon: Linux"]

    def test_a_colour_changes_it(self, project: Path) -> None:
        put(project, "icon.png")
        before = drawn(project, "--platform", "ios").sha256
        assert drawn(project, "--platform", "ios").sha256 == before
        settings(project, '[tool.flet]\nproduct = "my project ü"\nicon_background = "#00ff00"\n')
        assert drawn(project, "--platform", "ios").sha256 != before

    def test_a_splash_screen_that_is_not_wanted_is_not_shown(self, project: Path) -> None:
        put(project, "icon.png")
        settings(project, "[tool.flet.splash]\nweb = false\nios = false\n")
        shown = {one.platform for one in drawn(project).chosen if one.splash}
        assert shown == {"android"}

    def test_a_project_that_cannot_start_is_drawn_all_the_same(self, project: Path) -> None:
        (project / "main.py").unlink()
        put(project, "icon.png")
        assert drawn(project, "--platform", "linux").output.is_file()

    def test_a_name_that_the_fonts_lack(self, project: Path) -> None:
        put(project, "icon.png")
        settings(project, '[tool.flet]\nproduct = "海の天気"\n')
        assert drawn(project, "--platform", "macos").output.is_file()

    def test_advice_comes_along_once(self, project: Path) -> None:
        put(project, "icon.png", make.saved(make.logo(64), "PNG"))
        codes = [problem.code for problem in drawn(project, "--platform", "ios").problems]
        assert codes
        assert len(set(codes)) == len(codes)


class TestOutput:
    def test_another_place(self, project: Path, tmp_path: Path) -> None:
        put(project, "icon.png")
        output = tmp_path / "new folder" / "Preview.PNG"
        assert drawn(project, "--platform", "linux", "-o", str(output)).output == output
        assert sheet.is_ours(output)
        assert not (project / "dist").exists()

    def test_ours_is_replaced(self, project: Path) -> None:
        put(project, "icon.png")
        first = drawn(project, "--platform", "linux")
        second = drawn(project, "--platform", "macos")
        assert first.output == second.output
        assert first.output.stat().st_size == second.bytes != first.bytes

    def test_what_is_not_ours_stays(self, project: Path) -> None:
        icon = put(project, "icon.png")
        before = icon.read_bytes()
        assert refused(project, "--output", str(icon)) == "preview-not-ours"
        assert icon.read_bytes() == before

    def test_a_link_into_nothing_stays(self, project: Path, tmp_path: Path) -> None:
        put(project, "icon.png")
        link = tmp_path / "link.png"
        link.symlink_to(tmp_path / "nowhere.png")
        assert refused(project, "--output", str(link)) == "preview-not-ours"

    def test_a_folder(self, project: Path, tmp_path: Path) -> None:
        put(project, "icon.png")
        (tmp_path / "a.png").mkdir()
        for folder in (tmp_path, tmp_path / "a.png"):
            assert refused(project, "--output", str(folder)) == "preview-is-a-folder"

    @pytest.mark.parametrize("name", ["preview.jpg", "preview", "preview.png.txt", ".png"])
    def test_another_suffix(self, project: Path, tmp_path: Path, name: str) -> None:
        put(project, "icon.png")
        assert refused(project, "--output", str(tmp_path / name)) == "preview-not-a-png"

    def test_below_a_file(self, project: Path) -> None:
        put(project, "icon.png")
        with pytest.raises(ComputerError) as caught:
            drawn(project, "--platform", "linux", "-o", str(project / "main.py" / "a.png"))
        assert caught.value.problem.code == "preview-not-writable"

    def test_a_failure_leaves_the_old_one_whole(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(project, "icon.png")
        made = drawn(project, "--platform", "linux")
        before = made.output.read_bytes()

        def refuse(self: Path, target: Path) -> None:
            raise PermissionError(13, "Permission denied", str(target))

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(ComputerError):
            drawn(project, "--platform", "macos")
        assert made.output.read_bytes() == before
        assert [path.name for path in made.output.parent.iterdir()] == ["preview.png"]

    def test_stopping_leaves_nothing(self, project: Path) -> None:
        put(project, "icon.png")
        asked = 0

        def stop() -> None:
            nonlocal asked
            asked += 1
            if asked == 9:
                raise Cancelled

        with pytest.raises(Cancelled):
            drawn(project, go_on=stop)
        assert not (project / "dist").exists()


class TestTrouble:
    def test_no_picture(self, project: Path) -> None:
        assert refused(project) == "no-picture"
        put(project, "icon_web.png")
        assert refused(project, "--platform", "ios") == "no-picture"

    def test_no_project(self, project: Path, tmp_path: Path) -> None:
        assert refused(tmp_path / "none") == "no-such-folder"
        assert refused(project / "main.py") == "not-a-folder"

    def test_settings_that_cannot_be_read(self, project: Path) -> None:
        put(project, "icon.png")
        (project / "pyproject.toml").write_text("[project\n", "utf-8")
        assert refused(project) == "pyproject-not-toml"

    def test_a_colour_that_is_none(self, project: Path) -> None:
        put(project, "icon.png")
        settings(project, '[tool.flet.splash]\ncolor = "reddish"\n')
        assert refused(project) == "setting-not-a-colour"
        assert drawn(project, "--platform", "windows").output.is_file()

    def test_a_colour_that_lets_light_through_is_told(self, project: Path) -> None:
        put(project, "icon.png")
        settings(project, '[tool.flet]\nicon_background = "#11223380"\n')
        codes = [problem.code for problem in drawn(project, "--platform", "ios").problems]
        assert codes.count("colour-not-opaque") == 1

    @pytest.mark.parametrize(
        "text",
        [
            '[tool.flet.web]\nbase_url = "a b"\nrenderer = "html"\npwa_theme_color = "reddish"\n',
            '[tool.flet]\nbuild_number = "x"\nbundle_id = "1"\n',
        ],
    )
    def test_other_settings_do_not_matter(self, project: Path, text: str) -> None:
        put(project, "icon.png")
        settings(project, text)
        codes = {problem.code for problem in drawn(project, "--platform", "web").problems}
        assert not {code for code in codes if code.startswith(("setting", "colour", "b"))}

    @pytest.mark.parametrize(
        "data", [b"", b"not a picture", make.saved(make.logo(64), "PNG")[:200], b"<svg"]
    )
    def test_a_broken_picture(self, project: Path, data: bytes) -> None:
        (project / "assets" / "icon.png").write_bytes(data)
        refused(project)

    def test_a_picture_that_is_a_folder(self, project: Path) -> None:
        (project / "assets" / "icon.png").mkdir()
        refused(project)


def command(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "builder", "preview", *argv],
        cwd=REPOSITORY,
        env={**os.environ, "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


class TestCommand:
    def test_for_people(self, project: Path) -> None:
        put(project, "icon.png")
        done = command(str(project))
        assert done.returncode == 0, done.stdout
        assert "assets/icon.png is the icon: Android" in done.stdout
        assert str(project / "dist" / "preview.png") in done.stdout

    def test_as_events(self, project: Path) -> None:
        put(project, "icon.png")
        done = command(str(project), "--platform", "web", "--events")
        found: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
        assert (found[0]["type"], found[-1]["type"]) == ("hello", "done")
        assert found[-1]["exit"] == done.returncode == 0
        [artifact] = [event for event in found if event["type"] == "artifact"]
        assert artifact["path"] == str(project / "dist" / "preview.png")
        assert artifact["artifact"] == "preview"
        assert len(artifact["sha256"]) == 64

    def test_as_one_document(self, project: Path) -> None:
        icon = put(project, "icon.png")
        done = command(str(project), "--platform", "web", "--json")
        document = json.loads(done.stdout)
        assert done.returncode == document["exit"] == 0
        [web] = document["platforms"]
        assert web == {
            "platform": "web", "icon": str(icon), "splash": str(icon), "splash_dark": None
        }  # fmt: skip

    def test_trouble_in_every_voice(self, project: Path) -> None:
        for voice in ("", "--json"):
            done = command(str(project), *filter(None, [voice]))
            assert done.returncode == 10
            assert "no-picture" in done.stdout or "has no icon" in done.stdout
            assert "Traceback" not in done.stdout + done.stderr
