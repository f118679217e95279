"""Files that are put into the Flutter project, and taken away when they are not meant any more."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.flutter import placing
from builder.history import read_json
from tests.builder.fake_build import write


def contents(folder: Path) -> dict[str, bytes]:
    return {name: Path(path).read_bytes() for name, path in placing.files_of(folder).items()}


def bring(tmp_path: Path, files: Mapping[str, Path | bytes]) -> tuple[int, int]:
    return placing.bring(tmp_path / "flutter", files, tmp_path / "record.json")


def test_what_is_not_meant_any_more_goes_with_its_empty_folders(tmp_path: Path) -> None:
    assert bring(tmp_path, {"a/b/c.kt": b"1", "a/d.kt": b"2", "e": b"3"}) == (3, 0)
    assert bring(tmp_path, {"a/d.kt": b"2", "x/y.kt": b"1"}) == (1, 2)
    assert contents(tmp_path / "flutter") == {"a/d.kt": b"2", "x/y.kt": b"1"}
    assert not (tmp_path / "flutter/a/b").exists()


def test_what_flutter_made_stays(tmp_path: Path) -> None:
    bring(tmp_path, {"kotlin/old/Main.kt": b"1"})
    write(tmp_path / "flutter", {"pubspec.lock": "lock", "kotlin/old/Made.kt": "2"})
    bring(tmp_path, {"kotlin/new/Main.kt": b"1"})
    assert set(contents(tmp_path / "flutter")) == {
        "pubspec.lock",
        "kotlin/old/Made.kt",
        "kotlin/new/Main.kt",
    }


def test_a_file_that_flutter_changed_stays_until_we_want_another_one(tmp_path: Path) -> None:
    bring(tmp_path, {"project.pbxproj": b"ours"})
    write(tmp_path / "flutter", {"project.pbxproj": "moved on by Flutter"})
    assert bring(tmp_path, {"project.pbxproj": b"ours", "more": b""}) == (1, 0)
    assert contents(tmp_path / "flutter")["project.pbxproj"] == b"moved on by Flutter"
    bring(tmp_path, {"project.pbxproj": b"ours, new"})
    assert contents(tmp_path / "flutter")["project.pbxproj"] == b"ours, new"


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    bring(tmp_path, {"a": b"1"})
    before = (tmp_path / "flutter/a").stat().st_mtime_ns, (tmp_path / "record.json").stat()
    assert bring(tmp_path, {"a": b"1"}) == (0, 0)
    assert (
        (tmp_path / "flutter/a").stat().st_mtime_ns,
        (tmp_path / "record.json").stat(),
    ) == before


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    project, record = tmp_path / "project", tmp_path / "record.json"
    assert placing.lost(project, record) == ""
    placing.bring(project, {"a.txt": b"a", "b/c.txt": b"c"}, record)
    assert placing.lost(project, record) == ""
    (project / "b" / "c.txt").unlink()
    assert placing.lost(project, record) == "b/c.txt"


def test_a_deleted_file_is_put_back(tmp_path: Path) -> None:
    bring(tmp_path, {"a": b"1"})
    (tmp_path / "flutter/a").unlink()
    assert bring(tmp_path, {"a": b"1"}) == (1, 0)


def test_after_a_kill_in_the_middle_nothing_is_forgotten(tmp_path: Path) -> None:
    bring(tmp_path, {"old": b"1", "same": b"2"})
    (tmp_path / "flutter/blocks").mkdir()  # a folder where a file should go ends the work

    try:
        bring(tmp_path, {"same": b"2", "a": b"3", "blocks": b"4"})
    except OSError:
        recorded = read_json(tmp_path / "record.json")["files"]
    assert set(recorded) == {"old", "same", "a", "blocks"}
    (tmp_path / "flutter/blocks").rmdir()
    bring(tmp_path, {"same": b"2"})
    assert contents(tmp_path / "flutter") == {"same": b"2"}


def test_a_script_can_still_be_run(tmp_path: Path) -> None:
    write(tmp_path / "rendered", {"gradlew": "#!/bin/sh\n"})
    script = tmp_path / "rendered/gradlew"
    bring(tmp_path, {"gradlew": script})
    script.chmod(0o755)
    assert bring(tmp_path, {"gradlew": script}) == (1, 0)
    if os.name == "posix":
        assert (tmp_path / "flutter/gradlew").stat().st_mode & 0o100


def test_a_link_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere": "theirs", "flutter/keep": ""})
    (tmp_path / "flutter/a").symlink_to(tmp_path / "elsewhere")
    bring(tmp_path, {"a": b"ours"})
    assert (tmp_path / "elsewhere").read_text() == "theirs"
    assert (tmp_path / "flutter/a").read_bytes() == b"ours"


def test_names_that_differ_in_capitals_only(tmp_path: Path) -> None:
    bring(tmp_path, {"com/Acme/Main.kt": b"1"})
    write(tmp_path / "flutter", {"com/Acme/Made.kt": "by Flutter"})
    (tmp_path / "flutter/com/acme").symlink_to("Acme")  # as a system has it that ignores capitals
    bring(tmp_path, {"com/acme/Main.kt": b"1"})
    assert (tmp_path / "flutter/com/acme/Main.kt").read_bytes() == b"1"


_names = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/x".join)
_sets = st.dictionaries(_names.map(lambda name: f"{name}/file"), st.binary(max_size=2))


@given(before=_sets, after=_sets)
def test_what_is_there_is_what_was_asked_for(
    tmp_path_factory: object, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("place")  # type: ignore[attr-defined]
    for files in (before, after):
        bring(folder, files)
        assert contents(folder / "flutter") == files
