"""The menu of a Linux desktop: the entry by its specification, and the scripts by a real shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop import linux_entry, program_name
from builder.desktop.linux_entry import Entry
from builder.problems import ProjectError

SHOP = Entry("com.example.shop", "The Shop", "Sells things", "shop", ("Office", "Finance"))
on_linux = pytest.mark.skipif(os.name == "nt", reason="a shell of Linux")


# ---- As the specification reads an entry ------------------------------------------------------


def read(text: str) -> dict[str, str]:
    """Keys and raw values; raises where a line is none."""
    first, *lines = text.removesuffix("\n").split("\n")
    assert first == "[Desktop Entry]"
    found: dict[str, str] = {}
    for line in lines:
        key, equals, value = line.partition("=")
        assert equals
        assert re.fullmatch("[A-Za-z0-9-]+", key)
        assert key not in found
        found[key] = value
    return found


def string(value: str) -> str:
    """A raw value as the text that it stands for."""
    known = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: known[found[1]], value)


def command(value: str) -> str:
    """The only word of an `Exec` line, as it is started: first a string, then a quoted word."""
    quoted = re.fullmatch(r'"((?:[^"`$\\]|\\["`$\\])*)"', string(value))
    assert quoted, value
    assert not re.search("%(?!%)", quoted[1].replace("%%", ""))
    return re.sub(r"\\(.)", r"\1", quoted[1]).replace("%%", "%")


NAMES = st.text(max_size=60) | st.text("\\;=[]#%\"'$`\n\r\t\0 é日\u2028\ud800", max_size=30)


class TestText:
    def test_all_of_it(self) -> None:
        assert read(linux_entry.text(SHOP, "/opt/my apps/shop")) == {
            "Type": "Application",
            "Version": "1.0",
            "Name": "The Shop",
            "Comment": "Sells things",
            "Exec": '"/opt/my apps/shop"',
            "Icon": "com.example.shop",
            "Terminal": "false",
            "Categories": "Office;Finance;",
            "StartupNotify": "true",
            "StartupWMClass": "com.example.shop",
        }

    def test_without_a_description_there_is_no_comment(self) -> None:
        assert "Comment" not in read(linux_entry.text(Entry("a.b", "B", "", "b"), "b"))

    def test_one_with_a_console_gets_a_terminal(self) -> None:
        entry = Entry("a.b", "B", "", "b", terminal=True)
        assert read(linux_entry.text(entry, "b"))["Terminal"] == "true"

    @given(NAMES, NAMES, st.lists(NAMES, max_size=3))
    def test_wild_names_stay_values(
        self, name: str, comment: str, categories: Sequence[str]
    ) -> None:
        entry = Entry("a.b", name, comment, "b", categories)
        text = linux_entry.text(entry, "b")
        text.encode("utf-8")
        found = read(text)
        assert found["StartupWMClass"] == "a.b"
        assert string(found.get("Name", "")).split() == seen(name).split()
        assert string(found.get("Comment", "")).split() == seen(comment).split()
        assert re.fullmatch(r"((\\.|[^;\\])+;)+", found["Categories"])

    @given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1))
    def test_any_path_is_started_as_it_is(self, path: str) -> None:
        assert command(read(linux_entry.text(SHOP, path))["Exec"]) == path


def seen(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)


# ---- In folders -------------------------------------------------------------------------------


def app(folder: Path, entry: Entry = SHOP) -> Path:
    """A made app in a folder; its program."""
    icons = folder.parent / "icon" / "hicolor"
    for size in ("16x16", "256x256"):
        (icons / size / "apps").mkdir(parents=True)
        (icons / size / "apps" / f"{entry.id}.png").write_bytes(size.encode())
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "part").write_text("part", "utf-8")
    program = folder / entry.program
    program.write_text('#!/bin/sh\necho started "$0"\n', "utf-8")
    program.chmod(0o755)
    linux_entry.write(entry, icons, folder)
    return program


class TestInstall:
    def test_it_writes_the_entry_and_the_icons_and_takes_them_away(self, tmp_path: Path) -> None:
        program, data = app(tmp_path / "dist" / "shop"), tmp_path / "data"
        assert not linux_entry.is_installed(program, data)
        written = linux_entry.install(program, data)
        assert {path.relative_to(data).as_posix() for path in written} == {
            "applications/com.example.shop.desktop",
            "icons/hicolor/16x16/apps/com.example.shop.png",
            "icons/hicolor/256x256/apps/com.example.shop.png",
        }
        assert command(read(written[0].read_text("utf-8"))["Exec"]) == str(program)
        assert linux_entry.is_installed(program, data)
        assert sorted(linux_entry.remove(program, data)) == sorted(written)
        assert not [path for path in data.rglob("*") if path.is_file()]
        assert linux_entry.remove(program, data) == []

    def test_again_is_the_same(self, tmp_path: Path) -> None:
        program, data = app(tmp_path / "dist" / "shop"), tmp_path / "data"
        linux_entry.install(program, data)
        before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
        linux_entry.install(program, data)
        after = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
        assert after == before

    def test_another_place_of_the_app_is_not_the_one_in_the_menu(self, tmp_path: Path) -> None:
        program, data = app(tmp_path / "dist" / "shop"), tmp_path / "data"
        linux_entry.install(program, data)
        shutil.move(program.parent, tmp_path / "moved")
        assert not linux_entry.is_installed(tmp_path / "moved" / "shop", data)

    def test_what_is_no_app_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "shop").write_text("", "utf-8")
        with pytest.raises(ProjectError) as raised:
            linux_entry.install(tmp_path / "shop", tmp_path / "data")
        assert raised.value.problem.code == "no-menu-entry"
        assert not (tmp_path / "data").exists()

    @pytest.mark.parametrize("folder", ["100%", "a=b", "a\nb"])
    def test_a_path_that_a_menu_cannot_start_is_refused(self, folder: str, tmp_path: Path) -> None:
        program = app(tmp_path / folder)
        with pytest.raises(ProjectError) as raised:
            linux_entry.install(program, tmp_path / "data")
        assert raised.value.problem.code == "path-not-for-menu"
        assert not (tmp_path / "data").exists()

    def test_where_the_desktop_looks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        assert linux_entry.data_home() == tmp_path
        monkeypatch.setenv("XDG_DATA_HOME", "relative")  # the specification says to ignore it
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        assert linux_entry.data_home() == tmp_path / "home" / ".local" / "share"


# ---- The scripts, in a shell ------------------------------------------------------------------


def run(script: Path, home: Path, cwd: Path) -> str:
    env = {"HOME": str(home), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["/bin/sh", str(script)], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@on_linux
class TestScripts:
    def test_from_any_folder_to_any_home(self, tmp_path: Path) -> None:
        program = app(tmp_path / 'it\'s "my" $HOME `x` \\ folder' / "shop")
        home = tmp_path / "a h\"o'm$e `y` \\"
        home.mkdir()
        said = run(program.parent / "install.sh", home, Path("/"))
        assert "The Shop is in your menu now" in said
        place = home / ".local" / "lib" / "com.example.shop"
        entry = home / ".local/share/applications/com.example.shop.desktop"
        assert command(read(entry.read_text("utf-8"))["Exec"]) == str(place / "shop")
        assert os.access(place / "shop", os.X_OK)
        assert (place / "_internal" / "part").read_text("utf-8") == "part"
        icon = home / ".local/share/icons/hicolor/256x256/apps/com.example.shop.png"
        assert icon.read_bytes() == b"256x256"

    def test_an_update_takes_the_place_of_the_old_one(self, tmp_path: Path) -> None:
        program = app(tmp_path / "shop")
        run(program.parent / "install.sh", tmp_path, tmp_path)
        place = tmp_path / ".local" / "lib" / "com.example.shop"
        (place / "_internal" / "of the old one").write_text("", "utf-8")
        run(program.parent / "install.sh", tmp_path, tmp_path)
        assert not (place / "_internal" / "of the old one").exists()

    def test_it_may_be_run_again_from_where_it_was_put(self, tmp_path: Path) -> None:
        program = app(tmp_path / "shop")
        run(program.parent / "install.sh", tmp_path, tmp_path)
        shutil.rmtree(program.parent)
        place = tmp_path / ".local" / "lib" / "com.example.shop"
        run(place / "install.sh", tmp_path, tmp_path)
        assert (place / "shop").is_file()

    def test_uninstalled_only_the_users_own_things_are_left(self, tmp_path: Path) -> None:
        program = app(tmp_path / "shop")
        run(program.parent / "install.sh", tmp_path, tmp_path)
        data = tmp_path / ".local" / "share"
        (data / "com.example.shop").mkdir()
        (data / "com.example.shop" / "shop.db").write_text("mine", "utf-8")
        other = data / "icons/hicolor/256x256/apps/org.other.png"
        other.write_text("", "utf-8")
        place = tmp_path / ".local" / "lib" / "com.example.shop"
        said = run(place / "uninstall.sh", tmp_path, tmp_path)
        assert str(data / "com.example.shop") in said
        files = {path for path in (tmp_path / ".local").rglob("*") if path.is_file()}
        files = {path for path in files if path.name != "mimeinfo.cache"}  # of the desktop's tool
        assert files == {data / "com.example.shop" / "shop.db", other}

    def test_from_a_disk_that_cannot_be_written(self, tmp_path: Path) -> None:
        program = app(tmp_path / "shop")
        for path in (program.parent / "_internal", program.parent):
            path.chmod(0o555)
        home = tmp_path / "home"
        home.mkdir()
        run(program.parent / "install.sh", home, tmp_path)
        run(program.parent / "install.sh", home, tmp_path)
        for path in (program.parent / "_internal", program.parent):
            path.chmod(0o755)

    @pytest.mark.parametrize(
        "name",
        ["$(touch bad)", "'; touch bad; '", "@PROGRAM@ @ID@", "`touch bad`", "\\n %s %d", "-n x"],
    )
    def test_a_name_is_never_a_command(self, name: str, tmp_path: Path) -> None:
        entry = Entry("com.example.shop", name, "", program_name.of(name))
        program = app(tmp_path / "shop", entry)
        said = run(program.parent / "install.sh", tmp_path, tmp_path)
        assert said.startswith(f"{name} is in your menu now.")
        assert not list(tmp_path.rglob("bad"))


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="the tool is not there")
def test_the_desktops_own_tool_finds_nothing_wrong(tmp_path: Path) -> None:
    file = tmp_path / "com.example.shop.desktop"
    file.write_text(linux_entry.text(SHOP, '/opt/a "b" $c/shop'), "utf-8")
    done = subprocess.run(["desktop-file-validate", str(file)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
