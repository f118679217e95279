"""Fonts of a site: the list that the client reads, and those that are packed along."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from builder.problems import ComputerError, ProjectError
from builder.web import fonts
from tests.builder.fake_build import FakeJob, client_files, fake_build, write

Answer = Callable[[httpx.Request], httpx.Response]
MEMBER = "package/files/noto-sans-arabic-arabic-400-normal.woff2"


def package(member: str = MEMBER) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = 4
        archive.addfile(info, io.BytesIO(b"font"))
    return content.getvalue()


def registry(content: bytes, *, integrity: str = "") -> Answer:
    """Plays the npm registry with one package."""
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    about = {"tarball": "https://npm/x.tgz", "integrity": integrity or f"sha512-{digest}"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(".tgz"):
            return httpx.Response(200, content=content)
        return httpx.Response(200, json={"dist": about})

    return answer


@pytest.fixture
def job(cache: Path, tmp_path: Path) -> FakeJob:
    return FakeJob(fake_build(tmp_path, {}))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Has the registry answer in a way of the test's."""
    real = httpx.Client

    def use(answer: Answer) -> None:
        transport = httpx.MockTransport(answer)
        monkeypatch.setattr(httpx, "Client", lambda **options: real(transport=transport))

    return use


def test_the_list_names_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, client_files())
    fonts.tidy(tmp_path)
    listed = json.loads((tmp_path / "assets/FontManifest.json").read_text())
    assert [(f["family"], [x["asset"] for x in f["fonts"]]) for f in listed] == [
        ("MaterialIcons", ["fonts/MaterialIcons-Regular.otf"]),
        ("Roboto", ["fonts/roboto.woff2"]),
    ]


def test_large_fonts_are_packed(tmp_path: Path) -> None:
    write(tmp_path, client_files())
    fonts.tidy(tmp_path)
    name = "assets/fonts/MaterialIcons-Regular.otf"
    assert fonts.pack(tmp_path) == [name]
    assert not (tmp_path / name).exists()
    assert len(gzip.decompress((tmp_path / f"{name}.gz").read_bytes())) == 100_001


def test_a_script_is_fetched_once(
    job: FakeJob, tmp_path: Path, answers: Callable[[Answer], None]
) -> None:
    answers(registry(package()))
    assert not fonts.are_cached(["arabic"])
    packed = fonts.put(job, ["arabic"], tmp_path / "site")
    assert packed == {"notosansarabic": "assets/fonts/packed/arabic.woff2"}
    assert (tmp_path / "site" / packed["notosansarabic"]).read_bytes() == b"font"
    assert fonts.are_cached(["arabic"])
    answers(lambda request: httpx.Response(500))
    assert fonts.put(job, ["arabic"], tmp_path / "again") == packed


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: httpx.Response(404),
        lambda request: httpx.Response(200, text="<html>a portal of a hotel"),
        lambda request: httpx.Response(200, json=[]),
        lambda request: httpx.Response(200, json={"dist": {}}),
        registry(package(), integrity="sha512-other"),
        registry(package("package/readme")),
        registry(b"no package"),
    ],
)
def test_a_font_that_cannot_be_fetched_is_told(
    answer: Answer, job: FakeJob, tmp_path: Path, answers: Callable[[Answer], None]
) -> None:
    answers(answer)
    with pytest.raises(ComputerError) as raised:
        fonts.put(job, ["arabic"], tmp_path / "site")
    assert raised.value.problem.code == "font-not-fetched"
    assert not fonts.are_cached(["arabic"])


def test_no_network_is_told(
    job: FakeJob, tmp_path: Path, answers: Callable[[Answer], None]
) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Name or service not known")

    answers(refuse)
    with pytest.raises(ComputerError, match="could not be fetched"):
        fonts.put(job, ["arabic"], tmp_path / "site")


@pytest.mark.parametrize("name", ["klingon", "../../x", "", "a\0b"])
def test_a_script_that_nobody_knows(name: str, job: FakeJob, tmp_path: Path) -> None:
    assert fonts.are_cached([name])  # nothing to fetch: the build says that it is not known
    with pytest.raises(ProjectError) as raised:
        fonts.put(job, [name], tmp_path / "site")
    assert raised.value.problem.code == "unknown-font-script"
    assert "japanese" in raised.value.problem.do


def test_the_first_of_two_chinese_characters_sets_wins(
    job: FakeJob, tmp_path: Path, cache: Path
) -> None:
    from builder import kept

    for name in ("japanese", "korean"):
        with kept.making(cache / "fonts" / name) as fresh:
            (fresh / "font.woff2").write_bytes(b"font")
    packed = fonts.put(job, ["japanese", "korean"], tmp_path / "site")
    assert set(packed) == {"notosansjp", "notosanssc", "notosanstc", "notosanshk", "notosanskr"}
