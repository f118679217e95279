"""What is handed over: the app, its archive, a checksum that is right, a page."""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder import host
from builder.backends import pyinstaller
from builder.host import Host
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError
from builder.stages import assemble, ready_to_send
from tests.builder.fake_build import FakeJob
from tests.builder.stages.frozen_app import frozen_app


@pytest.fixture(autouse=True)
def computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


def on(system: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "current", lambda: system)


def assembled(folder: Path, **options: Any) -> Build:
    build = frozen_app(folder, **options)
    assemble.run(FakeJob(build))
    return build


def run(build: Build) -> set[str]:
    """The names at the top of what is handed over."""
    ready_to_send.run(FakeJob(build))
    return {path.name for path in (build.work / ready_to_send.READY).iterdir()}


def test_a_folder_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path, product="The Shop")
    packed = "project-1.0.0-linux-x64.tar.gz"
    assert run(build) == {"project", packed, f"{packed}.sha256", "How to open The Shop.html"}
    with tarfile.open(build.work / "ready" / packed) as archive:
        found = {member.name: member for member in archive.getmembers()}
    assert "project/How to open The Shop.html" in found
    assert "project/_internal/app/main.py" in found
    if os.name != "nt":
        assert found["project/project"].mode == found["project/install.sh"].mode == 0o755
        assert found["project/_internal/lib.so.1"].linkname == "lib.so"


def test_one_file_is_sent_in_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path, one_file=True)
    assert {"project", "install.sh", "share"} <= run(build)
    with tarfile.open(build.work / "ready" / ready_to_send.archive_name(build)) as archive:
        names = archive.getnames()
    assert "project/project" in names
    assert not [name for name in names if name.partition("/")[0] != "project"]
    assert not [name for name in names if ".tar.gz" in name]


@pytest.mark.parametrize(
    ("system", "started"),
    [("windows", "project/project.exe"), ("macos", "project/project.app/Contents/MacOS/project")],
)
def test_a_zip_for_the_others(
    system: Host, started: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(system, monkeypatch)
    build = assembled(tmp_path)
    assert f"project-1.0.0-{system}-x64.zip" in run(build)
    with zipfile.ZipFile(build.work / "ready" / ready_to_send.archive_name(build)) as archive:
        assert {started, "project/How to open project.html"} <= set(archive.namelist())


def test_the_checksum_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path)
    run(build)
    packed = build.work / "ready" / ready_to_send.archive_name(build)
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    beside = packed.with_name(f"{packed.name}.sha256")
    assert beside.read_bytes() == f"{digest}  {packed.name}\n".encode()


def test_the_same_app_gives_the_same_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path)
    run(build)
    packed = build.work / "ready" / ready_to_send.archive_name(build)
    before = packed.read_bytes()
    assemble.run(FakeJob(build))
    run(build)
    assert packed.read_bytes() == before


def test_another_version_leaves_no_old_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path)
    before = ready_to_send.reads(build)
    run(build)
    newer = replace(build, settings=replace(build.settings, build_version="2.0.0"))
    assert ready_to_send.reads(newer) != before
    archives = {name for name in run(newer) if name.endswith(".tar.gz")}
    assert archives == {"project-2.0.0-linux-x64.tar.gz"}


@pytest.mark.parametrize(
    ("machine", "called"),
    [("AMD64", "x64"), ("aarch64", "arm64"), ("arm64", "arm64"), ("riscv64", "riscv64")],
)
def test_processors_by_their_usual_names(
    machine: str, called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert ready_to_send.archive_name(frozen_app(tmp_path)).endswith(f"-linux-{called}.tar.gz")


def test_a_cancel_leaves_the_last_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path)
    before = run(build)
    job = FakeJob(build)
    job.is_cancelled = True
    with pytest.raises(Cancelled):
        ready_to_send.run(job)
    assert {path.name for path in (build.work / "ready").iterdir()} == before


def test_what_the_system_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path)
    before = run(build)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "shop")

    monkeypatch.setattr(ready_to_send.archive, "pack", refuse)
    with pytest.raises(ComputerError) as raised:
        ready_to_send.run(FakeJob(build))
    assert raised.value.problem.code == "not-made-ready"
    assert {path.name for path in (build.work / "ready").iterdir()} == before


def test_a_full_disk_is_left_to_who_tells_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path)

    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ready_to_send.archive, "pack", fill)
    with pytest.raises(OSError, match="No space left"):
        ready_to_send.run(FakeJob(build))


@pytest.mark.parametrize(
    ("system", "one_file", "first", "kinds"),
    [
        ("linux", False, "project/project", ["executable", "bundle", "archive"]),
        ("linux", True, "project", ["executable", "archive"]),
        ("windows", False, "project/project.exe", ["executable", "bundle", "archive"]),
        ("windows", True, "project.exe", ["executable", "archive"]),
        ("macos", False, "project.app", ["bundle", "archive"]),
    ],
)
def test_what_is_started_is_the_first_artifact(
    system: Host,
    one_file: bool,
    first: str,
    kinds: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on(system, monkeypatch)
    build = assembled(tmp_path, one_file=one_file)
    run(build)
    made = build.work / pyinstaller.MADE
    artifacts = pyinstaller.artifacts(build, made)
    assert [one.artifact for one in artifacts][: len(kinds)] == kinds
    assert Path(artifacts[0].path) == made / first
    archive = artifacts[len(kinds) - 1]
    assert archive.sha256 == hashlib.sha256(Path(archive.path).read_bytes()).hexdigest()
    if len(kinds) == 3:
        assert Path(artifacts[1].path) == made / "project"


def test_wild_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("linux", monkeypatch)
    build = assembled(tmp_path, artifact="It's “the” shop & co", product='A "b" <c> $d')
    names = run(build)
    assert names == {
        "It's “the” shop & co",
        "It's “the” shop & co-1.0.0-linux-x64.tar.gz",
        "It's “the” shop & co-1.0.0-linux-x64.tar.gz.sha256",
        "How to open A _b_ _c_ $d.html",
    }
