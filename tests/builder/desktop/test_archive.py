"""Archives to send: what is in them, rights and links kept, and always the same bytes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop import archive
from builder.problems import Cancelled

ENDINGS = (".tar.gz", ".zip")
on_posix = pytest.mark.skipif(os.name == "nt", reason="rights and links of POSIX")


def quiet(done: int, total: int) -> None:
    assert 0 <= done < total


def app(folder: Path) -> Path:
    """A program, a part of it, a link, an empty folder."""
    (folder / "_internal" / "empty").mkdir(parents=True)
    (folder / "shop").write_bytes(b"program" * 1000)
    (folder / "shop").chmod(0o700)
    (folder / "_internal" / "part").write_bytes(b"part")
    (folder / "_internal" / "part").chmod(0o600)
    if os.name != "nt":
        (folder / "_internal" / "link").symlink_to("part")
    return folder


def packed(
    folder: Path,
    target: Path,
    more: Mapping[str, Path] | None = None,
    tick: archive.Tick = quiet,
    like: Path | None = None,
) -> Path:
    kept = archive.Kept(target.with_name(f"{target.name}.kept"), like or folder / "_internal")
    archive.pack(folder, "The Shop", target, more or {}, kept, tick)
    return target


def in_tar(path: Path) -> dict[str, tuple[int, str]]:
    with tarfile.open(path) as opened:
        return {m.name: (m.mode, m.linkname) for m in opened.getmembers()}


def in_zip(path: Path) -> dict[str, tuple[int, str]]:
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        modes = {i.filename.rstrip("/"): i.external_attr >> 16 for i in opened.infolist()}
        return {
            name: (stat.S_IMODE(mode), opened.read(name).decode() if stat.S_ISLNK(mode) else "")
            for name, mode in modes.items()
        }


@on_posix
@pytest.mark.parametrize("ending", ENDINGS)
def test_rights_links_and_empty_folders_are_kept(ending: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("page", "utf-8")
    made = packed(app(tmp_path / "app"), tmp_path / f"a{ending}", {"How to.html": page})
    found = in_zip(made) if ending == ".zip" else in_tar(made)
    assert found == {
        "The Shop": (0o755, ""),
        "The Shop/How to.html": (0o644, ""),
        "The Shop/_internal": (0o755, ""),
        "The Shop/_internal/empty": (0o755, ""),
        "The Shop/_internal/link": (0o777, "part"),
        "The Shop/_internal/part": (0o644, ""),
        "The Shop/shop": (0o755, ""),
    }


@on_posix
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_app_gives_the_same_bytes(ending: str, tmp_path: Path) -> None:
    first = packed(app(tmp_path / "app"), tmp_path / f"first{ending}")
    other = tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "app", other, symlinks=True)
    for path in other.rglob("*"):
        os.utime(path, (1, 1), follow_symlinks=False)
    (other / "shop").chmod(0o755)
    os.link(other / "shop", tmp_path / "a second name")
    assert packed(other, tmp_path / f"second{ending}").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobodys_name_and_no_day_is_in_it(ending: str, tmp_path: Path) -> None:
    made = packed(app(tmp_path / "app"), tmp_path / f"a{ending}")
    if ending == ".zip":
        with zipfile.ZipFile(made) as opened:
            assert {info.date_time for info in opened.infolist()} == {archive.TIME}
    else:
        with tarfile.open(made) as tar:
            told = {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in tar.getmembers()}
        assert told == {(0, 0, "", "", 946_684_800)}


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_stops_it_is_heard(ending: str, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        packed(app(tmp_path / "app"), tmp_path / f"a{ending}", tick=stop)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_larger_than_a_block_comes_back_whole(ending: str, tmp_path: Path) -> None:
    content = os.urandom(3_000_001)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "large").write_bytes(content)
    made = packed(tmp_path / "app", tmp_path / f"a{ending}")
    shutil.unpack_archive(made, tmp_path / "out")
    assert (tmp_path / "out" / "The Shop" / "large").read_bytes() == content


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_compressed_already_is_stored(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels: list[int] = []
    turn = archive._Gzip.turn
    monkeypatch.setattr(
        archive._Gzip, "turn", lambda to, level: (levels.append(level), turn(to, level))
    )
    noise = os.urandom(2_000_000)
    contents = {
        "a text": b"text" * 500_000,
        "b compressed": noise,
        "c empty in the middle": noise[:100_000] + bytes(1_800_000) + noise[:100_000],
        "d small": noise[:1000],
    }
    (tmp_path / "app").mkdir()
    for name, content in contents.items():
        (tmp_path / "app" / name).write_bytes(content)
    made = packed(tmp_path / "app", tmp_path / f"a{ending}")
    shutil.unpack_archive(made, tmp_path / "out")
    came = {path.name: path.read_bytes() for path in (tmp_path / "out" / "The Shop").iterdir()}
    assert came == contents
    if ending == ".zip":
        with zipfile.ZipFile(made) as opened:
            levels = [info.compress_type for info in opened.infolist()]
        assert levels == [0, 8, 0, 8, 8]  # the folder first
    else:
        assert levels == [6, 6, 0, 6, 6]


def contents(made: Path) -> dict[str, bytes]:
    """What all files of an archive hold."""
    if made.suffix == ".zip":
        with zipfile.ZipFile(made) as opened:
            assert opened.testzip() is None
            return {i.filename: opened.read(i) for i in opened.infolist() if not i.is_dir()}
    found = {}
    with tarfile.open(made) as tar:
        for member in tar:
            if (content := tar.extractfile(member)) is not None:
                found[member.name] = content.read()
    return found


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """What PyInstaller made: two files."""
    folder = tmp_path / "frozen"
    folder.mkdir()
    (folder / "python").write_bytes(b"python" * 1000)
    (folder / "lib").write_bytes(b"lib")
    return folder


@pytest.fixture
def whole(tmp_path: Path, frozen: Path) -> Path:
    """The same with the app's code."""
    whole = tmp_path / "app"
    shutil.copytree(frozen, whole)
    (whole / "code").mkdir()
    (whole / "code" / "main.py").write_bytes(b"first")
    return whole


@pytest.mark.parametrize("ending", ENDINGS)
class TestWhatSeldomChanges:
    def test_is_packed_once(self, ending: str, tmp_path: Path, frozen: Path, whole: Path) -> None:
        made = tmp_path / f"a{ending}"
        before = contents(packed(whole, made, like=frozen))
        time = (whole / "python").stat().st_mtime_ns
        (whole / "python").write_bytes(b"PYTHON" * 1000)
        os.utime(whole / "python", ns=(time, time))  # it is not looked into
        (whole / "code" / "main.py").write_bytes(b"second")
        (whole / "code" / "more.py").touch()
        assert contents(packed(whole, made, like=frozen)) == {
            **before,
            "The Shop/code/main.py": b"second",
            "The Shop/code/more.py": b"",
        }

    def test_is_packed_again_when_it_does(
        self, ending: str, tmp_path: Path, frozen: Path, whole: Path
    ) -> None:
        made = tmp_path / f"a{ending}"
        packed(whole, made, like=frozen)
        (whole / "python").write_bytes(b"PYTHON" * 1000)
        os.utime(whole / "python", ns=(1, 1))
        (whole / "lib").unlink()
        assert contents(packed(whole, made, like=frozen)) == {
            "The Shop/code/main.py": b"first",
            "The Shop/python": b"PYTHON" * 1000,
        }

    def test_that_was_stopped_half_way_is_done_again(
        self, ending: str, tmp_path: Path, frozen: Path, whole: Path
    ) -> None:
        def stop(done: int, total: int) -> None:
            if done == 2:
                raise Cancelled

        made = tmp_path / f"a{ending}"
        with pytest.raises(Cancelled):
            packed(whole, made, like=frozen, tick=stop)
        assert contents(packed(whole, made, like=frozen)) == {
            "The Shop/code/main.py": b"first",
            "The Shop/lib": b"lib",
            "The Shop/python": b"python" * 1000,
        }

    def test_leaves_no_trace_in_the_bytes(
        self, ending: str, tmp_path: Path, frozen: Path, whole: Path
    ) -> None:
        made, other = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
        packed(whole, made, like=frozen)
        (whole / "code" / "main.py").write_bytes(b"second")
        packed(whole, made, like=frozen)
        assert packed(whole, other, like=frozen).read_bytes() == made.read_bytes()


def test_each_system_opens_its_own() -> None:
    assert archive.ending("linux") == ".tar.gz"
    assert {archive.ending("macos"), archive.ending("windows")} == {".zip"}


PART = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"),
    min_size=1,
    max_size=60,
).filter(lambda part: part not in (".", "..") and len(part.encode()) < 200)
PATHS = st.lists(st.lists(PART, min_size=1, max_size=4), min_size=1, max_size=6)


@on_posix
@given(PATHS)
def test_any_path_comes_back(paths: list[list[str]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "app"
        folder.mkdir()
        for number, parts in enumerate(paths):
            path = folder.joinpath(*parts)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(str(number), "utf-8")
            except (FileExistsError, NotADirectoryError, IsADirectoryError):
                continue  # one path goes through another
        wanted = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for ending in ENDINGS:
            out = Path(place) / f"out{ending}"
            made = packed(folder, Path(place) / f"a{ending}")
            if ending == ".zip":
                with zipfile.ZipFile(made) as opened:
                    opened.extractall(out)
            else:
                with tarfile.open(made) as tar:
                    tar.extractall(out, filter="data")
            top = out / "The Shop"
            assert {p.relative_to(top): p.read_bytes() for p in top.rglob("*") if p.is_file()} == (
                wanted
            )


@on_posix
@pytest.mark.skipif(not shutil.which("tar"), reason="tar is not there")
def test_the_systems_own_tar_reads_it(tmp_path: Path) -> None:
    (app(tmp_path / "app") / "compressed").write_bytes(os.urandom(2_000_000))
    (tmp_path / "frozen").mkdir()
    (tmp_path / "frozen" / "shop").touch()
    made = packed(tmp_path / "app", tmp_path / "a.tar.gz", like=tmp_path / "frozen")
    (tmp_path / "out").mkdir()
    done = subprocess.run(["tar", "xzf", str(made)], cwd=tmp_path / "out", capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert os.access(tmp_path / "out" / "The Shop" / "shop", os.X_OK)
