"""Flet's own client is fetched once, checked, and kept as a packed app needs it."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder import kept
from builder.desktop import flet_client
from builder.pipeline import Build, forecast
from builder.problems import ComputerError
from builder.stages import desktop_client, environment
from tests.builder.fake_build import FakeJob, fake_build

NAME = "flet-linux-debian12-light-amd64.tar.gz"


@pytest.fixture(autouse=True)
def here(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without the client."""
    monkeypatch.delenv(flet_client.ADDRESS, raising=False)
    monkeypatch.setattr(flet_client, "_answers", {})
    monkeypatch.setattr(flet_client, "artifact", lambda build: NAME)
    monkeypatch.setattr(flet_client, "program", lambda: "flet/flet")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that stands for GitHub: files of releases, and what its API says of them."""
    folder = tmp_path / "site"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(flet_client, "_RELEASES", root + "/v{}/{}")
    monkeypatch.setattr(desktop_client, "_SUMS", root + "/about-{}.json")
    yield folder
    server.shutdown()
    server.server_close()


def archive(names: Mapping[str, str] | None = None) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as packed:
        for name, text in (names or {"flet/flet": "#!/bin/sh", "flet/data/x": "x"}).items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            packed.addfile(info, io.BytesIO(text.encode()))
    return content.getvalue()


def publish(site: Path, content: bytes, digest: str | None = "", version: str = "1.0.5") -> None:
    """Put a client there; `digest` is what the API says, by itself the right one."""
    (site / f"v{version}").mkdir()
    (site / f"v{version}" / NAME).write_bytes(content)
    if digest is not None:
        said = digest or f"sha256:{hashlib.sha256(content).hexdigest()}"
        release = {"assets": [{"name": "other"}, {"name": NAME, "digest": said}]}
        (site / f"about-{version}.json").write_text(json.dumps(release))


def of(folder: Path, need: str = "flet==1.0.5", **options: Any) -> Build:
    toml = f"[project]\nname = 'a'\ndependencies = ['{need}']\n"
    return replace(fake_build(folder, {"pyproject.toml": toml}, **options), target="linux")


def run(build: Build) -> FakeJob:
    job = FakeJob(build)
    desktop_client.run(job)
    return job


@pytest.mark.parametrize("digest", ["", None])
def test_it_is_fetched_checked_and_kept(digest: str | None, site: Path, tmp_path: Path) -> None:
    content = archive()
    publish(site, content, digest)
    build = of(tmp_path)
    job = run(build)
    assert job.codes == []
    assert desktop_client.of(build).kind == "native"
    packed, sidecar = desktop_client.files(build)
    assert (packed.name, sidecar.name) == (NAME, f"{NAME}.sha256")
    assert packed.read_bytes() == content
    # As Flet reads it: the checksum and the size.
    assert sidecar.read_text() == f"{hashlib.sha256(content).hexdigest()} {len(content)}"
    assert desktop_client.checksum(build) == sidecar.read_text()
    (site / "v1.0.5" / NAME).unlink()
    assert not any("Getting" in line for line in run(build).said)


@pytest.mark.parametrize(
    ("content", "digest", "why"),
    [
        (archive(), "sha256:other", "its checksum is not the one that was published"),
        (archive({"flet/readme": "x"}), "", "the archive holds no client of Flet"),
        (b"<html>please log in", None, "Not a gzip"),
        (archive()[:-20], None, ""),
    ],
)
def test_what_comes_broken_is_not_kept(
    content: bytes, digest: str | None, why: str, site: Path, tmp_path: Path
) -> None:
    publish(site, content, digest)
    build = of(tmp_path)
    job = run(build)
    assert job.codes == ["client-not-fetched"]
    assert why in job.problems[0].why
    assert desktop_client.of(build).kind == "browser"
    assert desktop_client.files(build) == []
    assert desktop_client.checksum(build) == ""
    assert not flet_client.folder(build, "1.0.5").exists()


def test_who_wants_it_at_all_costs_is_told_that_it_is_not_there(site: Path, tmp_path: Path) -> None:
    build = of(tmp_path, client="native")
    with pytest.raises(ComputerError) as wrong:
        desktop_client.run(FakeJob(build))
    assert wrong.value.problem.code == "client-not-there"
    assert "127.0.0.1 has none for this computer" in wrong.value.problem.why
    assert not (build.work / "window.json").exists()


def test_the_users_own_comes_first(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, archive())
    mine = tmp_path / "mine.tar.gz"
    mine.write_bytes(archive({"flet/flet": "mine"}))
    monkeypatch.setenv(flet_client.ADDRESS, mine.as_uri())
    build = of(tmp_path)
    run(build)
    assert desktop_client.files(build)[0].read_bytes() == mine.read_bytes()


def test_an_address_of_the_users_own_is_not_asked_for_a_checksum(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, archive(), "sha256:of another one")
    monkeypatch.setenv(flet_client.ADDRESS, flet_client.address(of(tmp_path), "1.0.5"))
    assert run(of(tmp_path)).codes == []


def test_the_one_that_flet_unpacked_is_packed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flet_client, "_flavor", lambda build: "light")
    place = Path.home() / ".flet" / "client" / "flet-desktop-light-1.0.5"
    (place / "flet").mkdir(parents=True)
    (place / "flet" / "flet").write_text("program")
    (place / "flet" / "flet").chmod(0o755)
    (place / ".last-used").write_text("")
    build = of(tmp_path)
    assert run(build).codes == []
    packed = desktop_client.files(build)[0]
    with tarfile.open(packed) as opened:
        assert [(m.name, m.mode & 0o111) for m in opened if m.isfile()] == [("flet/flet", 0o111)]
    before = packed.read_bytes()
    packed.unlink()
    assert desktop_client.stage().missing
    (place / "flet" / "flet").touch()
    run(build)
    assert packed.read_bytes() == before


def test_a_zip_is_packed_and_checked_too(tmp_path: Path) -> None:
    folder, packed = tmp_path / "client", tmp_path / "flet-windows.zip"
    (folder / "flet").mkdir(parents=True)
    (folder / "flet" / "flet").write_text("program")
    desktop_client._pack(FakeJob(of(tmp_path)), folder, packed)
    desktop_client._check(packed)
    with zipfile.ZipFile(packed) as opened:
        assert "flet/flet" in opened.namelist()


def test_before_1_0_it_is_in_a_wheel(tmp_path: Path) -> None:
    build = of(tmp_path, "flet==0.82.2")
    run(build)
    assert desktop_client.of(build) == flet_client.Window("native")
    assert desktop_client.files(build) == []
    assert "flet-desktop" in " ".join(environment.reads(build)["the requirements"].split())


def test_what_is_installed_follows_the_window(site: Path, tmp_path: Path) -> None:
    browser = of(tmp_path / "a", "flet>=1")
    run(browser)
    wanted = environment.reads(browser)["the requirements"].splitlines()
    assert "flet-web" in wanted
    assert not any(one.startswith("flet-desktop") for one in wanted)
    publish(site, archive())
    flet_client._answers.clear()
    native = of(tmp_path / "b", "flet>=1")
    run(native)
    wanted = environment.reads(native)["the requirements"].splitlines()
    assert {"flet>=1", "flet==1.0.5", "flet-desktop==1.0.5"} <= set(wanted)
    assert "flet-web" not in wanted


def test_an_old_flet_in_a_browser_gets_the_server_that_it_knows(tmp_path: Path) -> None:
    build = of(tmp_path, "flet==0.82.2", client="browser")
    run(build)
    wanted = environment.reads(build)["the requirements"].splitlines()
    assert {"flet-web", "fastapi<0.141"} <= set(wanted)


def test_a_client_that_can_be_had_now_is_fetched_by_the_next_build(
    site: Path, tmp_path: Path
) -> None:
    build, stage = of(tmp_path), desktop_client.stage()
    assert stage.missing
    run(build)
    assert desktop_client.of(build).kind == "browser"
    assert stage.missing(build) == ""
    flet_client._answers.clear()
    assert stage.missing(build) == ""  # nobody was asked
    publish(site, archive())
    flet_client.window(build, may_ask=True)
    assert stage.missing(build) == "Flet's own client"
    run(build)
    assert stage.missing(build) == ""
    desktop_client.files(build)[0].unlink()
    assert stage.missing(build) == "Flet's own client"


def test_a_plan_asks_nobody(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flet_client, "_ask", lambda url: pytest.fail("somebody was asked"))
    seen = forecast([desktop_client.stage(), environment.stage()], of(tmp_path))
    assert [one.state for one in seen] == ["run", "later"]


def test_a_stopped_download_leaves_nothing(site: Path, tmp_path: Path) -> None:
    publish(site, archive())
    build = of(tmp_path)
    job = FakeJob(build)
    job.is_cancelled = True
    with pytest.raises(Exception, match="Stopped"):
        desktop_client.run(job)
    assert not kept.is_whole(flet_client.folder(build, "1.0.5"))
    assert not (build.work / "window.json").exists()
