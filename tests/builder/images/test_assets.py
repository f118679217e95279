"""Pictures that are put into a project, those that they replace, and the way back."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from builder import packing
from builder.images import assets, picture
from builder.problems import ProjectError

Tree = dict[str, bytes | str]


def tree(folder: Path) -> Tree:
    """Every file below by its path, and every link with what it says."""
    return {
        str(path.relative_to(folder)): f"-> {path.readlink()}"
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty assets folder in a project."""
    made = tmp_path / "project" / "assets"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def kept(folder: Path) -> Path:
    """Where its old pictures go."""
    return assets.kept_folder(folder.parent)


def code(error: pytest.ExceptionInfo[ProjectError]) -> str:
    """What kind of problem it was; each says what and what to do."""
    problem = error.value.problem
    assert problem.title
    assert problem.why
    assert problem.do
    return problem.code


def test_a_picture_is_written(folder: Path, kept: Path) -> None:
    put = assets.put(folder, "icon", b"new", ".png", kept)
    assert put.path == folder / "icon.png"
    assert put.replaced == ()
    assert tree(folder) == {"icon.png": b"new"}
    assert not kept.exists()


def test_the_folder_is_made_but_not_the_project(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    put = assets.put(tmp_path / "assets", "splash_dark_web", b"new", ".webp", kept)
    assert tree(tmp_path) == {"assets/splash_dark_web.webp": b"new"}
    assets.take_back(put)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProjectError) as error:
        assets.put(tmp_path / "gone" / "assets", "icon", b"new", ".png", kept)
    assert code(error) == "picture-no-folder"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_made_stays_when_something_else_lies_in_it(tmp_path: Path) -> None:
    put = assets.put(tmp_path / "assets", "icon", b"new", ".png", tmp_path / "kept")
    (tmp_path / "assets" / "mine.txt").write_bytes(b"mine")
    assets.take_back(put)
    assert tree(tmp_path) == {"assets/mine.txt": b"mine"}


@pytest.mark.parametrize("name", ["", "Icon", "icon_beos", "splash_linux", "../icon", "icon.old"])
def test_only_known_names(folder: Path, kept: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a picture"):
        assets.put(folder, name, b"", ".png", kept)


@pytest.mark.parametrize("suffix", ["", "png", ".txt", ".png/../x", "..png"])
def test_only_known_suffixes(folder: Path, kept: Path, suffix: str) -> None:
    with pytest.raises(ValueError, match="not the name of a picture"):
        assets.put(folder, "icon", b"", suffix, kept)


def test_every_other_picture_of_the_name_is_kept(folder: Path, kept: Path) -> None:
    others: Tree = {
        "icon.png": b"1",
        "icon.SVG": b"2",
        "icon.old.gif": b"5",
        "Icon.Jpeg": b"3",
        "icon.ico": b"4",
    }
    strangers: Tree = {"icon_web.png": b"a", "icon.txt": b"b", "icon2.png": b"c", "icon": b"d"}
    for name, data in {**others, **strangers}.items():
        (folder / name).write_bytes(bytes(data))  # type: ignore[arg-type]
    before = tree(folder)
    put = assets.put(folder, "icon", b"new", ".PNG", kept)
    assert tree(folder) == {**strangers, "icon.png": b"new"}
    assert {old.name: copy.read_bytes() for old, copy in put.replaced} == others
    for old, copy in put.replaced:
        assert copy.parent == kept
        assert copy.name.startswith(f"{old.stem} 20")
        assert copy.suffix == old.suffix
    assets.take_back(put)
    assert tree(folder) == before
    assert tree(kept) == {".gitignore": b"*\n"}


def test_a_picture_is_put_away_and_comes_back(folder: Path, kept: Path) -> None:
    for name in ("icon_web.png", "icon_web.svg", "icon.png"):
        (folder / name).write_bytes(name.encode())
    before = tree(folder)
    put = assets.put_away(folder, "icon_web", kept)
    assert tree(folder) == {"icon.png": b"icon.png"}
    assert {copy.read_bytes() for _, copy in put.replaced} == {b"icon_web.png", b"icon_web.svg"}
    assets.take_back(put)
    assert tree(folder) == before


def test_nothing_to_put_away(folder: Path, kept: Path) -> None:
    assert assets.put_away(folder, "icon_web", kept).replaced == ()
    assert assets.put_away(folder / "none", "icon_web", kept).replaced == ()
    assert not kept.exists()
    with pytest.raises(ValueError, match="not the name of a picture"):
        assets.put_away(folder, "icon_", kept)


def test_what_is_kept_is_never_overwritten(folder: Path, kept: Path) -> None:
    copies: set[Path] = set()
    for number in range(5):  # within a second: the time is no name of its own
        put = assets.put(folder, "icon", str(number).encode(), ".png", kept)
        copies.update(copy for _, copy in put.replaced)
    assert sorted(copy.read_bytes() for copy in copies) == [b"0", b"1", b"2", b"3"]


def test_times_and_rights_of_an_old_picture_come_back(folder: Path, kept: Path) -> None:
    old = folder / "icon.png"
    old.write_bytes(b"old")
    old.chmod(0o640)
    os.utime(old, (1_000_000_000, 1_000_000_000))
    assets.take_back(assets.put(folder, "icon", b"new", ".png", kept))
    assert old.stat().st_mtime == 1_000_000_000
    assert old.stat().st_mode & 0o777 == 0o640


def test_the_same_picture_again_changes_nothing(folder: Path, kept: Path) -> None:
    (folder / "icon.png").write_bytes(b"same")
    os.utime(folder / "icon.png", (1_000_000_000, 1_000_000_000))
    put = assets.put(folder, "icon", b"same", ".png", kept)
    assert put.replaced == ()
    assets.take_back(put)
    assert tree(folder) == {"icon.png": b"same"}
    assert (folder / "icon.png").stat().st_mtime == 1_000_000_000
    assert not kept.exists()


def test_the_same_picture_beside_others_stays_and_they_go(folder: Path, kept: Path) -> None:
    (folder / "icon.png").write_bytes(b"same")
    (folder / "icon.gif").write_bytes(b"other")
    put = assets.put(folder, "icon", b"same", ".png", kept)
    assert tree(folder) == {"icon.png": b"same"}
    assets.take_back(put)
    assert tree(folder) == {"icon.gif": b"other", "icon.png": b"same"}


def test_a_folder_in_the_way_is_left_alone(folder: Path, kept: Path) -> None:
    (folder / "icon.png").mkdir()
    (folder / "icon.png" / "inside").write_bytes(b"dear")
    (folder / "icon.gif").write_bytes(b"old")
    before = tree(folder)
    with pytest.raises(ProjectError) as error:
        assets.put(folder, "icon", b"new", ".webp", kept)
    assert code(error) == "picture-in-the-way"
    assert tree(folder) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_way_does_not_hang(folder: Path, kept: Path) -> None:
    os.mkfifo(folder / "icon.png")
    with pytest.raises(ProjectError) as error:
        assets.put(folder, "icon", b"new", ".png", kept)
    assert code(error) == "picture-in-the-way"


@pytest.mark.parametrize("what", ["file", "link"])
def test_assets_that_are_no_folder(tmp_path: Path, what: str) -> None:
    place = tmp_path / "assets"
    if what == "file":
        place.write_bytes(b"dear")
    else:
        place.symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    with pytest.raises(ProjectError) as error:
        assets.put(place, "icon", b"new", ".png", tmp_path / "kept")
    assert code(error) == "picture-no-folder"
    assert str(place) in error.value.problem.where
    assert tree(tmp_path) == before


def test_a_file_where_old_pictures_should_go(folder: Path, tmp_path: Path) -> None:
    (folder / "icon.png").write_bytes(b"old")
    (tmp_path / "kept").write_bytes(b"dear")
    before = tree(tmp_path)
    with pytest.raises(ProjectError) as error:
        assets.put(folder, "icon", b"new", ".png", tmp_path / "kept")
    assert code(error) == "picture-no-folder"
    assert "kept" in error.value.problem.title
    assert tree(tmp_path) == before


def test_linked_assets_are_followed(tmp_path: Path, folder: Path, kept: Path) -> None:
    (tmp_path / "linked").symlink_to(folder)
    (folder / "icon.gif").write_bytes(b"old")
    put = assets.put(tmp_path / "linked", "icon", b"new", ".png", kept)
    assert tree(folder) == {"icon.png": b"new"}
    assets.take_back(put)
    assert tree(folder) == {"icon.gif": b"old"}


def test_a_linked_picture_gives_way_and_what_it_leads_to_does_not(folder: Path, kept: Path) -> None:
    drawing = folder.parent / "drawing.png"
    drawing.write_bytes(b"drawing")
    (folder / "icon.png").symlink_to(Path("..") / "drawing.png")
    before = tree(folder)
    put = assets.put(folder, "icon", b"new", ".png", kept)
    assert tree(folder) == {"icon.png": b"new"}
    assert drawing.read_bytes() == b"drawing"
    assert [copy.read_bytes() for _, copy in put.replaced] == [b"drawing"]
    assets.take_back(put)
    assert tree(folder) == before


def test_a_link_to_nothing_gives_way_and_comes_back(folder: Path, kept: Path) -> None:
    (folder / "icon.png").symlink_to("nothing.png")
    put = assets.put(folder, "icon", b"new", ".png", kept)
    assert tree(folder) == {"icon.png": b"new"}
    assets.take_back(put)
    assert tree(folder) == {"icon.png": "-> nothing.png"}


STEPS = ["mkdir", "open", "touch", "fsync", "rename", "replace", "copystat", "copyfileobj"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", range(4))
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EACCES])
def test_whatever_fails_nothing_is_lost(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: int, reason: int
) -> None:
    for name in ("icon.png", "icon.gif", "icon.jpg"):
        (folder / name).write_bytes(name.encode())
    before = tree(folder)
    with monkeypatch.context() as patch:
        fail(patch, step, when, reason)
        with suppress(ProjectError):
            assets.take_back(assets.put(folder, "icon", b"new", ".png", kept))
    assert tree(folder) in (before, {"icon.png": b"new"})
    if tree(folder) == before:
        assert not [path for path in kept.glob("*") if path.name != ".gitignore"]
    else:  # it could not be taken back: then all is still where it was kept
        rest = {path.read_bytes() for path in kept.glob("icon*")}
        assert rest == {b"icon.png", b"icon.gif", b"icon.jpg"}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (errno.ENOSPC, "picture-no-room"),
        (errno.EDQUOT, "picture-no-room"),
        (errno.EROFS, "picture-not-writable"),
        (errno.EACCES, "picture-not-writable"),
        (errno.ENOENT, "picture-no-folder"),
    ],
)
def test_each_reason_has_its_words(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, reason: int, expected: str
) -> None:
    fail(monkeypatch, "fsync", 0, reason)
    with pytest.raises(ProjectError) as error:
        assets.put(folder, "icon", b"new", ".png", kept)
    assert code(error) == expected
    assert "Nothing was changed" in error.value.problem.why


def fail(patch: pytest.MonkeyPatch, step: str, when: int, reason: int) -> None:
    """Let the n-th call of a function fail as the system would; those that undo it work again."""
    owner: Any = {"fsync": os, "copystat": shutil, "copyfileobj": shutil}.get(step, Path)
    real = getattr(owner, step)
    calls = iter(range(1000))

    def stub(*arguments: Any, **options: Any) -> Any:
        if next(calls) == when:
            raise OSError(reason, os.strerror(reason), str(arguments[0]))
        return real(*arguments, **options)

    patch.setattr(owner, step, stub)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_folder_that_may_not_be_written_to(folder: Path, kept: Path) -> None:
    (folder / "icon.gif").write_bytes(b"old")
    folder.chmod(0o500)
    try:
        with pytest.raises(ProjectError) as error:
            assets.put(folder, "icon", b"new", ".png", kept)
    finally:
        folder.chmod(0o700)
    assert code(error) == "picture-not-writable"
    assert tree(folder) == {"icon.gif": b"old"}


def test_an_old_picture_that_cannot_be_kept_is_named(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "icon.gif").write_bytes(b"old")
    fail(monkeypatch, "open", 2, errno.EACCES)
    with pytest.raises(ProjectError) as error:
        assets.put(folder, "icon", b"new", ".png", kept)
    assert code(error) == "picture-not-writable"
    assert "icon.gif" in error.value.problem.where
    assert tree(folder) == {"icon.gif": b"old"}


def test_no_name_of_our_own_is_told(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(monkeypatch, "replace", 0, errno.EACCES)
    with pytest.raises(ProjectError) as error:
        assets.put(folder, "icon", b"new", ".png", kept)
    assert error.value.problem.where == str(folder / "icon.png")
    assert "/.icon" not in error.value.problem.why


@pytest.mark.parametrize("change", ["edited", "removed", "kept removed", "again", "folder"])
def test_what_changed_meanwhile_is_not_taken_back(folder: Path, kept: Path, change: str) -> None:
    (folder / "icon.gif").write_bytes(b"old")
    put = assets.put(folder, "icon", b"new", ".png", kept)
    match change:
        case "edited":
            put.path.write_bytes(b"edited")
        case "removed":
            put.path.unlink()
        case "kept removed":
            put.replaced[0][1].unlink()
        case "again":
            (folder / "icon.gif").write_bytes(b"another")
        case "folder":
            folder.rename(folder.with_name("moved"))
    before = tree(folder.parent)
    with pytest.raises(ProjectError) as error:
        assets.take_back(put)
    assert code(error) == "picture-changed-meanwhile"
    assert tree(folder.parent) == before


def save(path: Path, fmt: str = "PNG", colour: str = "red") -> bytes:
    """A small picture on the disk, and its bytes."""
    Image.new("RGB", (8, 8), colour).save(path, fmt)
    return path.read_bytes()


def test_a_copy_has_the_bytes_of_its_source(tmp_path: Path, folder: Path, kept: Path) -> None:
    data = save(tmp_path / "logo.png")
    put = assets.copy_in(folder, "icon_web", tmp_path / "logo.png", kept)
    assert tree(folder) == {"icon_web.png": data}
    assert (tmp_path / "logo.png").read_bytes() == data
    assert put.path == folder / "icon_web.png"


@pytest.mark.parametrize(
    ("source", "fmt", "written"),
    [
        ("a.png", "JPEG", "icon.jpg"),
        ("a.jpeg", "JPEG", "icon.jpeg"),
        ("a.JPG", "JPEG", "icon.jpg"),
        ("a", "WEBP", "icon.webp"),
        ("a.tiff", "TIFF", "icon.tiff"),
        ("a.bmp", "GIF", "icon.gif"),
    ],
)
def test_the_suffix_is_that_of_the_content(
    tmp_path: Path, folder: Path, kept: Path, source: str, fmt: str, written: str
) -> None:
    save(tmp_path / source, fmt)
    assert assets.copy_in(folder, "icon", tmp_path / source, kept).path == folder / written


def test_a_broken_picture_moves_nothing(tmp_path: Path, folder: Path, kept: Path) -> None:
    (folder / "icon.gif").write_bytes(b"old")
    (tmp_path / "broken.png").write_bytes(save(tmp_path / "whole.png")[:40])
    for source in ("broken.png", "missing.png", "project"):
        with pytest.raises(ProjectError):
            assets.copy_in(folder, "icon", tmp_path / source, kept)
    assert tree(folder) == {"icon.gif": b"old"}
    assert not kept.exists()


def test_a_picture_copied_onto_itself_stays(folder: Path, kept: Path) -> None:
    data = save(folder / "icon.png")
    assert assets.copy_in(folder, "icon", folder / "icon.png", kept).replaced == ()
    assert tree(folder) == {"icon.png": data}


def test_a_misnamed_picture_copied_onto_itself_gets_its_name(folder: Path, kept: Path) -> None:
    data = save(folder / "icon.png", "JPEG")
    put = assets.copy_in(folder, "icon", folder / "icon.png", kept)
    assert tree(folder) == {"icon.jpg": data}
    assets.take_back(put)
    assert tree(folder) == {"icon.png": data}


def test_a_format_that_no_tool_reads(
    tmp_path: Path, folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "a.png")
    read = picture.Picture(Image.new("RGB", (1, 1)), 1, 1, "pcx", False, "", tmp_path / "a.png")
    monkeypatch.setattr(picture, "read", lambda _path: read)
    with pytest.raises(ProjectError) as error:
        assets.copy_in(folder, "icon", tmp_path / "a.png", kept)
    assert code(error) == "picture-format-unknown"


def test_a_source_that_changed_while_it_was_looked_at(
    tmp_path: Path, folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path / "a.png")
    read = picture.read(tmp_path / "a.png")
    monkeypatch.setattr(picture, "read", lambda _path: read)
    (tmp_path / "a.png").write_bytes(b"half")
    with pytest.raises(ProjectError) as error:
        assets.copy_in(folder, "icon", tmp_path / "a.png", kept)
    assert code(error) == "picture-still-changing"
    assert tree(folder) == {}


def test_kept_pictures_are_never_packed_and_no_repository_sees_them(folder: Path) -> None:
    project = folder.parent
    (project / "main.py").write_text("")
    for data in (b"old", b"new"):
        assets.put(folder, "icon", data, ".png", assets.kept_folder(project))
    assert len(list(assets.kept_folder(project).iterdir())) == 2
    packed = [file.path for file in packing.select(project).files]
    assert packed == ["assets/icon.png", "main.py"]
    assert (assets.kept_folder(project) / ".gitignore").read_text() == "*\n"


def test_a_folder_that_holds_other_things_stays_seen_by_repositories(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_bytes(b"")
    (folder / "icon.png").write_bytes(b"old")
    assets.put(folder, "icon", b"new", ".png", tmp_path / "mine")
    assert not (tmp_path / "mine" / ".gitignore").exists()


NAMES = st.sampled_from(sorted(assets.NAMES)[:4])
SUFFIX = st.sampled_from([".png", ".PNG", ".svg", ".jpeg", ".ico"])


@settings(max_examples=40, deadline=None)
@given(
    there=st.dictionaries(st.tuples(NAMES, SUFFIX), st.binary(max_size=2), max_size=6),
    steps=st.lists(st.tuples(NAMES, SUFFIX, st.binary(max_size=2)), max_size=6),
)
def test_all_that_was_done_can_be_taken_back_in_turn(
    tmp_path_factory: pytest.TempPathFactory,
    there: dict[tuple[str, str], bytes],
    steps: list[tuple[str, str, bytes]],
) -> None:
    root = tmp_path_factory.mktemp("random")
    folder, kept = root / "assets", root / "kept"
    folder.mkdir()
    for (name, suffix), data in there.items():
        (folder / f"{name}{suffix}").write_bytes(data)
    states, puts = [tree(folder)], []
    for name, suffix, data in steps:
        puts.append(assets.put(folder, name, data, suffix, kept))
        states.append(tree(folder))
        assert (folder / f"{name}{suffix.lower()}").read_bytes() == data
    for put in reversed(puts):
        assert tree(folder) == states.pop()
        assets.take_back(put)
    assert tree(folder) == states.pop()
    assert [path.name for path in kept.glob("*") if path.name != ".gitignore"] == []
