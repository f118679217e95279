"""Which files are packed: the rules of flet build, and those of our own."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import packing
from builder.packing import Selection, select

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


def tree(root: Path, *files: str) -> Path:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("12345")
    return root


def packed(selection: Selection) -> list[str]:
    return [file.path for file in selection.files]


def left_out(selection: Selection) -> dict[str, str]:
    return {left.path: left.reason for left in selection.left_out}


def test_files_are_sorted_and_have_their_sizes(tmp_path: Path) -> None:
    selection = select(tree(tmp_path, "main.py", "b/z.txt", "b/a.txt", "Ärger 日本.txt"))
    assert packed(selection) == ["b/a.txt", "b/z.txt", "main.py", "Ärger 日本.txt"]
    assert selection.bytes == 20
    assert not selection.left_out


def test_what_stays_out_by_default(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "main.py",
        ".git/config",
        ".env",
        "__pycache__/main.pyc",
        "sub/__pycache__/x.pyc",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "sub/deep/venv/pyvenv.cfg",
        "sub/.secret",
        "sub/.cache/x",
    )
    selection = select(tmp_path)
    assert packed(selection) == ["main.py"]
    assert left_out(selection) == {
        ".git": "hidden",
        ".env": "hidden",
        "__pycache__": "pycache",
        "sub/__pycache__": "pycache",
        "env": "venv",
        "sub/deep/venv": "venv",
        "sub/.secret": "nested-hidden",
        "sub/.cache": "nested-hidden",
    }


def test_every_reason_has_words() -> None:
    assert set(packing.REASONS) == set(packing.Reason.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "written", ["sub/.secret", "sub\\.secret", "./sub/.secret", "sub//.secret/"]
)
def test_include_brings_back(tmp_path: Path, written: str) -> None:
    tree(tmp_path, "sub/.secret", "sub/.other")
    assert packed(select(tmp_path, include=[written])) == ["sub/.secret"]


def test_an_included_folder_comes_whole(tmp_path: Path) -> None:
    tree(tmp_path, ".config/.a", ".config/b/.c", ".config/__pycache__/x.pyc", "v/pyvenv.cfg")
    selection = select(tmp_path, include=[".config", "v"])
    assert packed(selection) == [".config/.a", ".config/b/.c", "v/pyvenv.cfg"]


@pytest.mark.parametrize("written", ["a/b.txt", "a\\b.txt", "./a/b.txt"])
def test_exclude_leaves_out_and_goes_before_include(tmp_path: Path, written: str) -> None:
    tree(tmp_path, "a/b.txt", "a/c.txt")
    selection = select(tmp_path, exclude=[written], include=["a/b.txt"])
    assert packed(selection) == ["a/c.txt"]
    assert left_out(selection) == {"a/b.txt": "excluded"}


def test_exclude_means_this_path_and_not_the_same_name_elsewhere(tmp_path: Path) -> None:
    tree(tmp_path, "build/x", "sub/build/x", "assets/x")
    exclude = packing.always_excluded("web", app_is_project=True)
    assert packed(select(tmp_path, exclude=exclude)) == ["sub/build/x"]


def test_without_the_default_rules_everything_comes(tmp_path: Path) -> None:
    tree(tmp_path, ".env", "sub/.x", "__pycache__/a.pyc", "v/pyvenv.cfg")
    assert len(packed(select(tmp_path, default_excludes=False))) == 4


def test_what_a_build_delivers_is_never_packed(tmp_path: Path) -> None:
    tree(tmp_path, "main.py", "out/web/index.html", "out/other.txt", "one.apk")
    selection = select(tmp_path, keep_out=[tmp_path / "out" / "web", tmp_path / "one.apk"])
    assert packed(selection) == ["main.py", "out/other.txt"]
    assert left_out(selection) == {"out/web": "output", "one.apk": "output"}


def test_an_output_folder_around_the_app_changes_nothing(tmp_path: Path) -> None:
    tree(tmp_path, "main.py")
    assert packed(select(tmp_path, keep_out=[tmp_path, tmp_path.parent])) == ["main.py"]


def test_hidden_env_files_are_told_with_the_way_to_include_them(tmp_path: Path) -> None:
    (problem,) = select(tree(tmp_path, "main.py", ".env", ".env.local")).problems
    assert problem.code == "env-file-left-out"
    assert problem.severity == "warn"
    assert "--include .env .env.local" in problem.do


def test_what_the_web_looks_for_by_a_fixed_name_is_packed(tmp_path: Path) -> None:
    """RFC 8615: without it no link opens the app, for example."""
    tree(tmp_path, ".well-known/x", "assets/.well-known/assetlinks.json", "assets/.other/x")
    found = select(tmp_path)
    assert packed(found) == ["assets/.well-known/assetlinks.json"]
    assert {left.path: left.reason for left in found.left_out} == {
        ".well-known": "hidden",  # as flet build has it
        "assets/.other": "nested-hidden",
    }


def test_nested_hidden_files_are_told(tmp_path: Path) -> None:
    (problem,) = select(tree(tmp_path, "a/.token", "a/.gitkeep", ".git/x")).problems
    assert problem.code == "hidden-file-left-out"
    assert "a/.token" in problem.title
    assert ".gitkeep" not in problem.title


@needs_links
def test_links_in_circles_end(tmp_path: Path) -> None:
    tree(tmp_path, "main.py", "a/x.py", "b/y.py")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "a" / "root").symlink_to(tmp_path)
    (tmp_path / "a" / "b").symlink_to("../b")
    (tmp_path / "b" / "a").symlink_to("../a")
    selection = select(tmp_path, include=["a/root"], default_excludes=False)
    assert left_out(selection)["self"] == "circle"
    assert left_out(selection)["a/root"] == "circle"
    assert left_out(selection)["a/b/a"] == "circle"
    assert "b/a/x.py" in packed(selection)


@needs_links
def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    app = tree(tmp_path / "app", "main.py")
    tree(tmp_path / "other", "data.txt")
    (app / "shared").symlink_to("../other")
    (app / "one.txt").symlink_to("../other/data.txt")
    (app / "gone").symlink_to("nowhere")
    selection = select(app)
    assert packed(selection) == ["main.py", "one.txt", "shared/data.txt"]
    assert left_out(selection) == {"gone": "broken-link"}
    assert selection.bytes == 15


@needs_links
def test_links_that_multiply_end_with_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_ENTRIES", 500)
    for level in range(20):
        folder = tmp_path / str(level)
        folder.mkdir()
        for name in "ab":
            (folder / name).symlink_to(f"../{level + 1}")
    assert "too-many-files" in [problem.code for problem in select(tmp_path / "0").problems]


@needs_posix
def test_what_is_no_file_stays_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("door")
        os.mkfifo(tmp_path / "pipe")
        assert left_out(select(tmp_path)) == {"door": "special", "pipe": "special"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_text("")
    selection = select(tmp_path)
    assert selection.left_out[0].reason == "bad-name"
    assert "caf\ufffd.py" in selection.problems[0].title


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "main.py", "data/locked.db")
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("locked.db"))
    selection = select(tmp_path)
    (problem,) = selection.problems
    assert problem.code == "file-not-readable"
    assert problem.severity == "error"
    assert "data/locked.db" in problem.title
    assert packed(selection) == ["main.py"]


def test_an_unreadable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "main.py", "locked/x")
    real, real_stat = os.scandir, os.stat

    def scandir(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(path)

    def status(path: Path, **more: bool) -> os.stat_result:
        if Path(path).parent.name == "locked":  # nor can anybody ask what is in it
            raise PermissionError(13, "Permission denied")
        return real_stat(path, **more)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "stat", status)
    selection = select(tmp_path)
    assert [problem.code for problem in selection.problems] == ["file-not-readable"]
    assert "Permission denied" in selection.problems[0].why
    assert left_out(selection) == {"locked": "unreadable"}


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (problem,) = select(tmp_path / "gone").problems
    assert problem.code == "file-not-readable"
    assert "moved or deleted" in problem.why
    assert "right" not in problem.why + problem.do


def test_twenty_thousand_files(tmp_path: Path) -> None:
    for folder in range(200):
        (tmp_path / str(folder)).mkdir()
        for file in range(100):
            (tmp_path / str(folder) / f"{file}.py").touch()
    began = time.perf_counter()
    assert len(select(tmp_path).files) == 20_000
    assert time.perf_counter() - began < 30  # about 0.2 s; only a change of order is a failure


def test_what_is_always_excluded() -> None:
    assert packing.always_excluded("web", app_is_project=True) == ["build", "dist", "assets"]
    assert packing.always_excluded("apk", app_is_project=False) == ["build"]


@given(st.text())
def test_normalizing_twice_is_normalizing_once(path: str) -> None:
    once = packing.normalize(path)
    assert packing.normalize(once) == once


names = st.sampled_from(["a", "b", ".h", "__pycache__", "pyvenv.cfg", "build", "x.py"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)


@given(st.lists(paths, max_size=12), st.lists(paths, max_size=3), st.lists(paths, max_size=3))
def test_the_rules_are_those_of_flet_build(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[str],
    include: list[str],
    exclude: list[str],
) -> None:
    oracle = pytest.importorskip("flet_cli.utils.app_excludes")
    root = tmp_path_factory.mktemp("app")
    for file in files:
        if not any(part.is_file() for part in (root / file).parents) and not (root / file).exists():
            tree(root, file)
    theirs = set(oracle.find_default_excludes(root, include, exclude))
    ours = select(root, include=include, exclude=exclude)
    mine = {left.path for left in ours.left_out if left.reason != "excluded"}
    hidden = {left.path for left in ours.left_out if left.reason == "nested-hidden"}
    # Ours leave out more hidden files; what lies in those is not looked at.
    assert mine - hidden == {
        path for path in theirs if not any(path.startswith(f"{h}/") or path == h for h in hidden)
    }


def test_a_link_out_of_the_project_is_told(tmp_path: Path) -> None:
    app, elsewhere = tmp_path / "app", tmp_path / "elsewhere"
    app.mkdir()
    elsewhere.mkdir()
    (elsewhere / "private.txt").write_text("mine")
    (app / "main.py").write_text("")
    (app / "inside").symlink_to(app / "main.py")
    (app / "out").symlink_to(elsewhere, target_is_directory=True)
    chosen = packing.select(app)
    assert "out/private.txt" in [file.path for file in chosen.files]
    told = [problem for problem in chosen.problems if problem.code == "link-leads-out"]
    assert [problem.where for problem in told] == ["out"]
    assert str(elsewhere.resolve()) in told[0].why
