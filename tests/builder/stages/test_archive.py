"""What is in the archive, and that it does not depend on anything but its content."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from builder.history import write_json
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError, ProjectError
from builder.stages import archive, packages
from tests.builder.fake_build import FakeJob, FakePip, fake_build, keep_client, write

PACKAGES = {"flet/__init__.py": "x = 1\n", "flet/icons.json": "{}", "flet/broken.py": "x = = 1\n"}


def ready(
    tmp_path: Path, files: dict[str, str | bytes], *, compiled: bool = False, **options: object
) -> Build:
    """A build whose stages before the archive are done."""
    keep_client()
    build = fake_build(tmp_path, files, **options)
    write_json(build.work / "client.json", {"flet": "1.0.5"})
    packages.run(FakeJob(build, FakePip(files=PACKAGES)))
    write_json(build.work / "bytecode.json", {"compiled": compiled})
    return build


def pack(build: Build) -> dict[str, bytes]:
    archive.run(FakeJob(build))
    with gzip.open(build.work / archive.ARCHIVE) as unpacked:
        packed = zipfile.ZipFile(io.BytesIO(unpacked.read()))
    names = packed.namelist()
    assert len(set(names)) == len(names)
    return {name: packed.read(name) for name in names}


def of_app(build: Build) -> set[str]:
    return {name for name in pack(build) if not name.startswith("__pypackages__/")}


def test_the_app_and_its_packages_are_in_it(cache: Path, tmp_path: Path) -> None:
    packed = pack(ready(tmp_path, {"sub/data.bin": b"\0\1", "sub/leer.txt": ""}))
    assert packed["sub/data.bin"] == b"\0\1"
    assert set(packed) == {
        *("main.py", "sub/data.bin", "sub/leer.txt"),
        *("__pypackages__/flet/__init__.py", "__pypackages__/flet/icons.json"),
        "__pypackages__/flet/broken.py",
    }


def test_names_of_all_kinds(cache: Path, tmp_path: Path) -> None:
    names = {"a..b.txt", "日本 ü.txt", "100% #?.txt", "quote'\".txt", "emoji 🙂/x.txt"}
    assert names < of_app(ready(tmp_path, dict.fromkeys(names, "x")))


def test_what_is_not_shipped(cache: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "requirements.txt": "flet\n",
        "uv.lock": "",
        "sub/requirements.txt": "kept: not the project's",
        "__pypackages__/3.11/lib/host.py": "of PDM, for this computer",
        "assets/icon.png": "beside, not inside",
        ".env": "SECRET=1",
        "__pycache__/main.cpython-311.pyc": "",
    }
    assert of_app(ready(tmp_path, files)) == {"main.py", "sub/requirements.txt"}


def test_what_is_asked_for_is_shipped_all_the_same(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"requirements.txt": "flet\n"}, include=["./requirements.txt"])
    assert of_app(build) == {"main.py", "requirements.txt"}


def test_neither_output_nor_work_folder_is_packed(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {})
    folder = build.project.folder
    inside = Build(build.project, build.settings, "web", folder / "w", folder / "o", {})
    build.work.rename(inside.work)
    write(inside.output, {"index.html": "x"})
    assert of_app(inside) == {"main.py"}
    assert of_app(inside) == {"main.py"}


def test_bytecode_stands_in_for_sources_that_compile(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ready(tmp_path, {})
    write(tmp_path / "compiled", {"flet/__init__.pyc": "code"})
    monkeypatch.setattr(archive.bytecode, "of", lambda build: (tmp_path / "compiled", None))
    packed = pack(build)
    assert packed["__pypackages__/flet/__init__.pyc"] == b"code"
    assert "__pypackages__/flet/__init__.py" not in packed
    assert "__pypackages__/flet/broken.py" in packed
    assert "main.py" in packed


def test_the_same_content_gives_the_same_bytes(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"a.txt": "x"})
    pack(build)
    first = (build.work / archive.ARCHIVE).read_bytes()
    (build.project.folder / "a.txt").unlink()
    write(build.project.folder, {"a.txt": "x"})
    pack(build)
    assert (build.work / archive.ARCHIVE).read_bytes() == first


def test_a_change_of_content_is_noticed_and_named(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"flet": "a file called as a package is"})
    before = archive.reads(build)
    write(build.project.folder, {"main.py": "import flet\n"})
    after = archive.reads(build)
    assert {name for name in after if before.get(name) != after[name]} == {"main.py"}
    assert {"flet", "the package flet", "the package msgpack"} < set(after)


def test_a_file_that_vanishes_while_it_is_looked_at(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ready(tmp_path, {"gone.txt": "x"})
    selection = archive._select(build)
    (build.project.folder / "gone.txt").unlink()
    monkeypatch.setattr(archive, "_select", lambda build: selection)
    assert "gone.txt" in archive.reads(build)
    with pytest.raises(ComputerError) as raised:
        archive.run(FakeJob(build))
    assert raised.value.problem.code == "not-packed"
    assert "gone.txt" in raised.value.problem.title


def test_a_full_disk_is_not_a_file_that_cannot_be_read(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ready(tmp_path, {})

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.stored, "writing", full)
    with pytest.raises(OSError, match="No space"):
        archive.run(FakeJob(build))


def test_hints_of_what_stays_out_are_told(cache: Path, tmp_path: Path) -> None:
    job = FakeJob(ready(tmp_path, {"sub/.hidden": "x"}))
    archive.run(job)
    assert job.codes == ["hidden-file-left-out"]


def test_what_cannot_be_packed_stops_the_build(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ready(tmp_path, {})
    monkeypatch.setattr(archive.packing, "MOST_ENTRIES", 0)
    with pytest.raises(ProjectError) as raised:
        archive.run(FakeJob(build))
    assert raised.value.problem.code == "too-many-files"


def test_a_cancel_leaves_the_last_archive(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {})
    pack(build)
    before = (build.work / archive.ARCHIVE).read_bytes()
    job = FakeJob(build)
    job.is_cancelled = True
    with pytest.raises(Cancelled):
        archive.run(job)
    assert (build.work / archive.ARCHIVE).read_bytes() == before
