"""The site: which files are in it, whose they are, and what makes it anew."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from builder.history import write_json
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError, ProjectError
from builder.stages import archive, images, packages, site, site_assets
from tests.builder.fake_build import FakeJob, FakePip, fake_build, keep_client, write
from tests.builder.pictures import BLUE, png

PYPROJECT = '[project]\nname = "my-app"\nversion = "1.2.3"\ndependencies = ["flet"]\n'


def ready(tmp_path: Path, files: dict[str, str | bytes], **options: object) -> Build:
    """A build whose stages before the site are done."""
    keep_client()
    build = fake_build(tmp_path, {"pyproject.toml": PYPROJECT, **files}, **options)
    write_json(build.work / "client.json", {"flet": "1.0.5"})
    packages.run(FakeJob(build, FakePip()))
    write_json(build.work / "bytecode.json", {"compiled": False})
    archive.run(FakeJob(build))
    images.run(FakeJob(build))
    return build


def make(build: Build) -> tuple[set[str], FakeJob]:
    job = FakeJob(build)
    site.run(job)
    folder = build.work / site.SITE
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}, job


def config_of(build: Build) -> dict[str, Any]:
    text = (build.work / site.SITE / "index.html").read_text("utf-8")
    config: dict[str, Any] = json.loads(text.split('type="application/json">')[1].split("<")[0])
    return config


def test_the_site_is_whole(cache: Path, tmp_path: Path) -> None:
    names, job = make(ready(tmp_path, {"assets/icon.png": png(64), "assets/deep/x.txt": "x"}))
    assert names >= {
        *("index.html", "404.html", "version.json", "manifest.json", "favicon.png", "icon.png"),
        *("slipway/boot.js", "slipway/worker.js", "app.zip.gz", "deep/x.txt", "main.dart.js"),
        *("pyodide/python_stdlib.zip.gz", "pyodide/pyodide.asm.wasm", "assets/NOTICES.gz"),
    }
    assert not names & {"pyodide/python_stdlib.zip", "assets/NOTICES", "main.dart.wasm"}
    assert job.problems == []
    assert config_of(job.build)["module"] == "main"
    assert config_of(job.build)["networkFonts"] is True


def test_the_projects_pictures_take_the_place_of_the_clients(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"assets/icon.png": png(64)})
    names, _ = make(build)
    folder = build.work / site.SITE
    drawn = build.work / images.IMAGES / "web"
    assert (folder / "favicon.png").read_bytes() == (drawn / "favicon.png").read_bytes()
    assert {name for name in names if name.startswith("icons/")} == {
        "icons/icon-192.png", "icons/icon-512.png", "icons/icon-maskable-192.png",
        "icons/icon-maskable-512.png", "icons/apple-touch-icon-192.png",
    }  # fmt: skip
    assert {name for name in names if name.startswith("splash/")} == {
        f"splash/img/light-{factor}x.png" for factor in range(1, 5)
    }
    page = (folder / "index.html").read_text("utf-8")
    assert "splash/img/light-1x.png" in page
    assert "splash/img/dark-1x.png" not in page


def test_a_dark_splash_picture(cache: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "assets/icon.png": png(64),
        "assets/splash_dark.png": png(64, BLUE),
    }
    build = ready(tmp_path, files)
    names, _ = make(build)
    assert {f"splash/img/dark-{factor}x.png" for factor in range(1, 5)} < names
    assert "splash/img/dark-1x.png" in (build.work / site.SITE / "index.html").read_text("utf-8")


def test_no_splash(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"assets/icon.png": png(64)}, splash_web=False)
    names, _ = make(build)
    assert not [name for name in names if name.startswith("splash/")]
    assert "<img" not in (build.work / site.SITE / "index.html").read_text("utf-8")


def test_without_pictures_the_clients_icon_is_shown(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {})
    names, _ = make(build)
    assert not [name for name in names if name.startswith("splash/")]
    assert (build.work / site.SITE / "favicon.png").read_text() == "flet's"
    page = (build.work / site.SITE / "index.html").read_text("utf-8")
    assert '<img src="icons/icon-192.png"' in page


def test_assets_go_before_the_clients_files_but_not_before_ours(
    cache: Path, tmp_path: Path
) -> None:
    build = ready(
        tmp_path,
        {
            "assets/icon.png": png(64),
            "assets/favicon.png": "mine",
            "assets/manifest.json": '{"mine": 1}',
            "assets/index.html": "mine",
            "assets/slipway/boot.js": "mine",
        },
    )
    _, job = make(build)
    folder = build.work / site.SITE
    assert (folder / "favicon.png").read_text() == "mine"
    assert (folder / "manifest.json").read_text() == '{"mine": 1}'
    assert "mine" not in (folder / "index.html").read_text("utf-8")
    assert "Taken from your assets as they are, not drawn: favicon.png" in job.said
    assert job.codes == ["asset-replaced"]
    assert "index.html, slipway/boot.js" in job.problems[0].title


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_in_assets(cache: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"far.txt": "far"})
    assets = tmp_path / "project" / "assets"
    write(assets, {"x.txt": "x", "deep/y.txt": "y"})
    (assets / "circle").symlink_to(assets)
    (assets / "self").symlink_to("self")
    (assets / "broken").symlink_to("nowhere")
    (assets / "linked").symlink_to(tmp_path / "elsewhere")
    names, _ = make(ready(tmp_path, {}))
    assert {"x.txt", "deep/y.txt", "linked/far.txt"} < names
    assert not {n for n in names if n.startswith(("circle", "self", "broken"))}


def test_hidden_assets_stay_out_and_can_be_asked_for(cache: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "assets/.notes/x.json": "[]",
        "assets/.well-known/assetlinks.json": "[]",
        "assets/.DS_Store": "",
    }
    well_known = ".well-known/assetlinks.json"
    names, job = make(ready(tmp_path / "a", files))
    assert {name for name in names if name.startswith(".")} == {well_known}
    assert "--include assets/.notes" in job.problems[0].do
    names, job = make(ready(tmp_path / "b", files, include=["assets/.notes"]))
    assert {name for name in names if name.startswith(".")} == {well_known, ".notes/x.json"}
    assert job.problems == []


def test_excluded_assets_stay_out(cache: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"assets/big/x.psd": "", "assets/y.txt": ""}
    names, _ = make(ready(tmp_path, files, exclude=["assets/big"]))
    assert "y.txt" in names
    assert "big/x.psd" not in names


def test_a_file_called_assets_is_none(cache: Path, tmp_path: Path) -> None:
    names, _ = make(ready(tmp_path, {"assets": "a file"}))
    assert "index.html" in names


def test_an_asset_in_the_way_of_a_folder_is_told(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"assets/pyodide": "a file where the client has a folder"})
    with pytest.raises(ComputerError) as raised:
        site.run(FakeJob(build))
    assert raised.value.problem.code == "site-not-written"


def test_assets_that_cannot_be_read_stop_the_build(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ready(tmp_path, {"assets/x.txt": ""})
    monkeypatch.setattr(site_assets.packing.os, "access", lambda path, mode: False)
    with pytest.raises(ProjectError) as raised:
        site.run(FakeJob(build))
    assert raised.value.problem.code == "file-not-readable"


@pytest.mark.parametrize(
    ("toml", "allowed"),
    [
        ("", True),
        ("[tool.flet.web]\ncdn = false\n", False),
        ("[tool.flet.web]\ncdn = true\n", True),
        ('[tool.flet]\nweb = "odd"\n', True),
    ],
)
def test_fonts_from_the_network(toml: str, allowed: bool, cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"pyproject.toml": PYPROJECT + toml})
    make(build)
    assert config_of(build)["networkFonts"] is allowed


def test_what_makes_the_site_anew(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {"assets/x.txt": "x", "other.py": "import flet\n"})
    before = site.reads(build)

    def changed(other: Build) -> set[str]:
        after = site.reads(other)
        return {name for name in {*before, *after} if before.get(name) != after.get(name)}

    def but(settings: dict[str, object] | None = None, **project: object) -> Build:
        return dataclasses.replace(
            build,
            settings=dataclasses.replace(build.settings, **(settings or {})),  # type: ignore[arg-type]
            project=dataclasses.replace(build.project, **project),  # type: ignore[arg-type]
        )

    assert changed(but()) == set()
    assert changed(but(module="other")) == {"the entry point"}
    assert changed(but({"project": "other"})) == {"the project's name"}
    assert changed(but({"splash_web": False})) == {"a splash screen"}
    write(build.work / images.IMAGES, {"web/favicon.png": "new"})
    assert changed(build) == {"the icons and the splash screen"}
    (build.work / images.IMAGES / "web" / "favicon.png").unlink()
    cdn = {"tool": {"flet": {"web": {"cdn": False}}}}
    assert changed(but(pyproject=cdn)) == {"fonts from the network"}
    write(build.project.folder, {"assets/x.txt": "y", "assets/z.txt": "z"})
    assert changed(build) == {"assets/x.txt", "assets/z.txt"}


def test_the_library_and_large_fonts_are_packed(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {})
    names, _ = make(build)
    font = "assets/fonts/MaterialIcons-Regular.otf"
    assert font + ".gz" in names
    assert font not in names
    assert config_of(build)["packedFonts"] == [font]
    packed = gzip.decompress((build.work / site.SITE / f"{font}.gz").read_bytes())
    assert packed == b"f" * 100_001


def test_fonts_for_formulas_come_with_markdown(cache: Path, tmp_path: Path) -> None:
    katex = "assets/packages/flutter_math_fork/lib/katex.ttf"
    assert katex not in make(ready(tmp_path / "a", {}))[0]
    assert katex in make(ready(tmp_path / "b", {"sub/view.py": "ft.Markdown('$x$')"}))[0]


def test_a_cancel_leaves_the_last_site(cache: Path, tmp_path: Path) -> None:
    build = ready(tmp_path, {})
    names, job = make(build)
    job.is_cancelled = True
    with pytest.raises(Cancelled):
        site.run(job)
    assert (build.work / site.SITE / "index.html").is_file()
    assert make(build)[0] == names
