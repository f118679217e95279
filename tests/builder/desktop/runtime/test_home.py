"""What a packed app keeps, and what an update brings."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop.runtime import home
from builder.desktop.runtime.about import About

ABOUT = About("flask", "com.acme.shop", "Shop", "1.0", "one", "shop", "app")
TWO = replace(ABOUT, digest="two")


def ship(folder: Path, files: dict[str, str]) -> Path:
    """What a bundle holds."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folder.mkdir(exist_ok=True)
    return folder


def held(code: Path) -> dict[str, str]:
    return {
        p.relative_to(code).as_posix(): p.read_text("utf-8") for p in code.rglob("*") if p.is_file()
    }


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_the_first_start_brings_all(tmp_path: Path, place: Path) -> None:
    files = {"shop/__init__.py": "x", "shop/static/a.css": "y"}
    code = home.bring_code(ABOUT, ship(tmp_path / "bundle", files), place)
    assert held(code) == files


def test_folders_that_hold_nothing_are_there(tmp_path: Path, place: Path) -> None:
    about = replace(ABOUT, folders=["shop/uploads"])
    code = home.bring_code(about, ship(tmp_path / "bundle", {"a.py": ""}), place)
    assert (code / "shop" / "uploads").is_dir()


def test_an_update_keeps_what_the_app_wrote_and_brings_the_rest(
    tmp_path: Path, place: Path
) -> None:
    bundle = tmp_path / "bundle"
    code = home.bring_code(ABOUT, ship(bundle, {"a.py": "1", "notes.db": "", "old.py": "o"}), place)
    (code / "notes.db").write_text("a person's notes")
    (code / "upload.png").write_text("a picture")
    home.bring_code(TWO, ship(bundle, {"a.py": "2", "notes.db": "", "new.py": "n"}), place)
    assert held(code) == {
        "a.py": "2", "notes.db": "a person's notes", "new.py": "n", "upload.png": "a picture",
    }  # fmt: skip


def test_a_file_that_goes_and_was_written_to_stays(tmp_path: Path, place: Path) -> None:
    bundle = tmp_path / "bundle"
    code = home.bring_code(ABOUT, ship(bundle, {"settings.json": "{}"}), place)
    (code / "settings.json").write_text('{"size": 3}')
    home.bring_code(TWO, ship(bundle, {"a.py": ""}), place)
    assert held(code) == {"settings.json": '{"size": 3}', "a.py": ""}


@pytest.mark.parametrize(
    ("first", "written", "then"),
    [
        ({}, "data/by the app", {"data": "now a file", "a.py": "2"}),
        ({"data": "a file"}, "data", {"data/now": "in a folder", "a.py": "2"}),
        ({}, "uploads", {"a.py": "2"}),
    ],
)
def test_an_app_starts_also_where_a_file_and_a_folder_have_one_name(
    tmp_path: Path, place: Path, first: dict[str, str], written: str, then: dict[str, str]
) -> None:
    bundle = tmp_path / "bundle"
    code = home.bring_code(ABOUT, ship(bundle, {"a.py": "1", **first}), place)
    (code / written).parent.mkdir(exist_ok=True)
    (code / written).write_text("by the app")
    about = replace(TWO, folders=["uploads"])
    assert home.bring_code(about, ship(bundle, then), place) == code
    assert held(code) == {"a.py": "2", written: "by the app"}


def test_the_same_version_looks_at_no_file(tmp_path: Path, place: Path) -> None:
    code = home.bring_code(ABOUT, ship(tmp_path / "bundle", {"a.py": "1"}), place)
    assert home.bring_code(ABOUT, tmp_path / "not there", place) == code


@pytest.mark.parametrize(
    "damaged",
    ["{ not JSON", "[]", '{"files": 3}', '{"files": {"a.py": 1}}', '{"whole": 1, "files": null}'],
)
def test_a_damaged_list_loses_nothing(damaged: str, tmp_path: Path, place: Path) -> None:
    bundle = ship(tmp_path / "bundle", {"a.py": "1", "notes.db": ""})
    code = home.bring_code(ABOUT, bundle, place)
    (code / "notes.db").write_text("notes")
    (place / home.MANIFEST).write_text(damaged)
    home.bring_code(TWO, bundle, place)
    assert held(code) == {"a.py": "1", "notes.db": "notes"}


def test_who_takes_the_code_away_gets_it_again(tmp_path: Path, place: Path) -> None:
    bundle = ship(tmp_path / "bundle", {"a.py": "1"})
    shutil.rmtree(home.bring_code(ABOUT, bundle, place))
    assert held(home.bring_code(ABOUT, bundle, place)) == {"a.py": "1"}


def test_a_shipped_file_that_cannot_be_written_to_can_be_at_home(
    tmp_path: Path, place: Path
) -> None:
    bundle = ship(tmp_path / "bundle", {"notes.db": "x"})
    (bundle / "notes.db").chmod(0o444)
    code = home.bring_code(ABOUT, bundle, place)
    assert (code / "notes.db").stat().st_mode & 0o200


def test_nothing_is_written_to_the_bundle(tmp_path: Path, place: Path) -> None:
    bundle = ship(tmp_path / "bundle", {"a/b.py": "1"})
    before = {p: p.stat().st_mtime_ns for p in bundle.rglob("*")}
    home.bring_code(ABOUT, bundle, place)
    assert {p: p.stat().st_mtime_ns for p in bundle.rglob("*")} == before


NAMES = st.sampled_from(["a.py", "b/c.py", "notes.db", "b/d.txt"])
VERSION = st.dictionaries(NAMES, st.sampled_from(["1", "2", "3"]), max_size=4)


@given(versions=st.lists(VERSION, min_size=2, max_size=4), written=NAMES, stop_at=st.integers(0, 3))
def test_whatever_was_written_survives_and_the_rest_is_the_last_version(
    versions: list[dict[str, str]], written: str, stop_at: int
) -> None:
    """Also when one of the updates was stopped before it had written that it is whole."""
    with TemporaryDirectory() as folder:
        place, bundle = Path(folder) / "home", Path(folder) / "bundle"
        place.mkdir()
        for at, files in enumerate(versions):
            about = replace(ABOUT, digest=str(at))
            code = home.bring_code(about, ship(bundle, files), place)
            if at == stop_at:
                known = json.loads((place / home.MANIFEST).read_text("utf-8"))
                before = versions[at - 1] if at else {}
                both = {name: list(digests) for name, digests in known["files"].items()}
                for name in before:
                    both.setdefault(name, [])
                (place / home.MANIFEST).write_text(json.dumps({"whole": "", "files": both}))
            if at == 0:
                (code / written).parent.mkdir(parents=True, exist_ok=True)
                (code / written).write_text("by the app")
        expected = {**versions[-1], written: "by the app"}
        assert held(code) == expected


def test_a_copy_that_was_cut_short_is_done_again(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = ship(tmp_path / "bundle", {"a.py": "1", "b.py": "1"})
    code = home.bring_code(ABOUT, bundle, place)
    ship(bundle, {"a.py": "2", "b.py": "2"})
    copies: list[Path] = []
    copy = shutil.copyfile

    def copyfile(source: Path, target: Path) -> None:
        if copies:
            raise OSError("no space")
        copies.append(target)
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    with pytest.raises(OSError, match="no space"):
        home.bring_code(TWO, bundle, place)
    monkeypatch.undo()
    three = replace(ABOUT, digest="three")
    home.bring_code(three, ship(bundle, {"a.py": "3", "b.py": "3"}), place)
    assert held(code) == {"a.py": "3", "b.py": "3"}


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(home.MOVED, str(tmp_path / "here"))
    assert home.folder(ABOUT) == tmp_path / "here"
    monkeypatch.delenv(home.MOVED)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home.folder(ABOUT).name == "com.acme.shop"
