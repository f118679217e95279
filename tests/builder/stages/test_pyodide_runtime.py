"""Where the Pyodide of a web app comes from that loads nothing from afar."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from builder.flutter.kit import PythonRelease
from builder.pipeline import Build
from builder.problems import ComputerError
from builder.stages import pyodide_runtime
from tests.builder.fake_build import FakeJob
from tests.builder.flutter.making import make_build

WHEEL = b"wheel"
LOCK = {
    "packages": {
        name: {"file_name": f"{name}-1.whl", "sha256": hashlib.sha256(WHEEL).hexdigest()}
        for name in ("micropip", "packaging")
    }
}
OLDER = PythonRelease("3.13", "3.13.14", "0.29.4", ())


def package(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


class Web:
    """Plays the npm registry and Pyodide's own host."""

    def __init__(self) -> None:
        self.package = package(
            {
                "package/pyodide.mjs": "js",
                "package/pyodide-lock.json": json.dumps(LOCK),
                "package/pyodide.mjs.map": "map",
                "package/deep/x": "not ours",
                "../outside": "not ours",
            }
        )
        self.wheel = WHEEL
        self.digest = base64.b64encode(hashlib.sha512(self.package).digest()).decode()
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if request.url.host == "cdn.jsdelivr.net":
            return httpx.Response(200, content=self.wheel)
        if request.url.path.endswith(".tgz"):
            return httpx.Response(200, content=self.package)
        dist = {"tarball": "https://host/x.tgz", "integrity": f"sha512-{self.digest}"}
        return httpx.Response(200, json={"dist": dist})


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Web:
    web, real = Web(), httpx.Client
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(
        httpx, "Client", lambda **_: real(transport=httpx.MockTransport(lambda r: web(r)))
    )
    return web


def a_build(folder: Path, *, no_cdn: bool = True, target: str = "web") -> Build:
    toml = "[tool.flet.web]\ncdn = false\n" if no_cdn else ""
    build = make_build(folder, target, toml)
    assert build.kit is not None
    return replace(build, kit=replace(build.kit, python=OLDER))


def names(build: Build) -> list[str]:
    place = build.work / "flutter" / "web" / "pyodide"
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def test_the_pyodide_of_an_older_python_is_fetched_once(web: Web, tmp_path: Path) -> None:
    build = a_build(tmp_path)
    assert pyodide_runtime.wanted(build) == "0.29.4"
    pyodide_runtime.put(FakeJob(build))
    expected = ["micropip-1.whl", "packaging-1.whl", "pyodide-lock.json", "pyodide.mjs"]
    assert names(build) == expected
    assert pyodide_runtime.missing(build) == ""
    assert web.asked[0] == "https://registry.npmjs.org/pyodide/0.29.4"
    asked = len(web.asked)
    pyodide_runtime.put(FakeJob(build))
    assert (names(build), len(web.asked)) == (expected, asked)


@pytest.mark.parametrize("wrong", ["digest", "wheel", "package"])
def test_what_is_not_what_it_should_be_is_not_taken(wrong: str, web: Web, tmp_path: Path) -> None:
    if wrong == "package":
        web.package = package({"package/pyodide.mjs": "js"})
        web.digest = base64.b64encode(hashlib.sha512(web.package).digest()).decode()
    else:
        setattr(web, wrong, b"other" if wrong == "wheel" else "other")
    with pytest.raises(ComputerError) as raised:
        pyodide_runtime.put(FakeJob(a_build(tmp_path)))
    assert raised.value.problem.code == "pyodide-not-fetched"


def test_where_it_is_loaded_from_afar_an_old_copy_goes(web: Web, tmp_path: Path) -> None:
    pyodide_runtime.put(FakeJob(a_build(tmp_path)))
    build = a_build(tmp_path, no_cdn=False)
    pyodide_runtime.put(FakeJob(build))
    assert names(build) == []
    assert (pyodide_runtime.wanted(build), pyodide_runtime.missing(build)) == ("", "")


def test_other_targets_have_no_pyodide(web: Web, tmp_path: Path) -> None:
    build = a_build(tmp_path, target="linux")
    pyodide_runtime.put(FakeJob(build))
    assert (names(build), web.asked) == ([], [])
    assert pyodide_runtime.wanted(build) == ""
