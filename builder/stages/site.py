"""Stage: the site, put together: the client, our page, the project's assets and the archive."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem
from builder.stages import archive, bytecode, client, packages
from builder.web import client as web_client
from builder.web import fonts, page, stored

SITE = "site"
_LEVEL = 9
_ICONS = ("icon.png", "icon.svg", "icon.webp", "icon.jpg", "icon.jpeg", "icon.gif")


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("site", "Put the site together", run, reads, writes=(SITE,), after=("archive",))


def reads(build: Build) -> dict[str, str]:
    """The archive, the assets, the client, and all settings that the page shows."""
    settings = build.settings
    shown = page.settings_shown(settings)
    assets = {f"assets/{name}": _digest(path) for name, path in _assets(build)}
    return {
        "the app": _digest(build.work / archive.ARCHIVE),
        "Flet": client.of(build).flet,
        "bytecode": "yes" if bytecode.of(build)[1] else "no",
        "the page": page.fingerprint(),
        **shown,
        **assets,
    }


def run(job: Job) -> None:
    """Make the site anew beside the old one, then take its place."""
    build = job.build
    fresh, final = build.work / (SITE + ".new"), build.work / SITE
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _put_client(job, fresh)
        _put_assets(build, fresh)
        shutil.copyfile(build.work / archive.ARCHIVE, fresh / archive.ARCHIVE)
        packed = fonts.put(job, build.settings.web_fonts, fresh)
        _put_page(build, fresh, packed)
    except OSError as error:
        raise ComputerError(_not_written(error)) from error
    shutil.rmtree(final, ignore_errors=True)
    fresh.rename(final)
    size = sum(path.stat().st_size for path in final.rglob("*") if path.is_file())
    job.log(f"The site has {size / 1e6:.1f} MB.")


def _put_client(job: Job, site: Path) -> None:
    build = job.build
    chosen = client.of(build)
    listed = packages.names(packages.of(build)[1])
    renderer = build.settings.web_renderer
    names = list(web_client.files(chosen, renderer, list(listed), formulas=_shows_formulas(build)))
    for done, name in enumerate(names):
        job.check_cancelled()
        job.progress(done, len(names), "files")
        _copy(chosen.folder / name, site / name)
    _, stdlib = bytecode.of(build)
    library = site / "pyodide" / "python_stdlib.zip"
    if stdlib:
        _copy(stdlib, library.with_name("python_stdlib.zip.gz"))
    else:
        stored.repack(library, library.with_name("python_stdlib.zip.gz"), _LEVEL)
    library.unlink()
    notices = web_client.notices(chosen)
    if notices.is_file():  # the licences ask that their text goes along; nobody waits for it
        (site / "assets" / "NOTICES.gz").write_bytes(gzip.compress(notices.read_bytes(), mtime=0))
    fonts.tidy(site)


def _shows_formulas(build: Build) -> bool:
    """Whether the app may show formulas, which only the Markdown control does."""
    sources = [file.path for file in build.project.selection.files if file.path.endswith(".py")]
    return any(b"Markdown" in (build.project.app_folder / p).read_bytes() for p in sources)


def _put_assets(build: Build, site: Path) -> None:
    """The project's assets at the site's root: they may take the place of the client's files."""
    for name, path in _assets(build):
        _copy(path, site / name)


def _put_page(build: Build, site: Path, packed_fonts: dict[str, str]) -> None:
    chosen = client.of(build)
    icon = next((name for name in _ICONS if (site / name).is_file()), "icons/icon-192.png")
    own_manifest = any(name == "manifest.json" for name, _ in _assets(build))
    page.write(
        site,
        build.settings,
        page.Facts(
            module=build.project.module,
            archive=f"{archive.ARCHIVE}?v={_digest(site / archive.ARCHIVE)[:12]}",
            builds=web_client.builds(chosen, build.settings.web_renderer),
            icon=icon,
            fonts=packed_fonts,
            packed_fonts=fonts.pack(site),
            network_fonts=_network_fonts(build),
        ),
        own_manifest=own_manifest,
    )


def _network_fonts(build: Build) -> bool:
    """Whether the page may ask Google's font host for scripts that it does not bring."""
    web = build.project.pyproject.get("tool", {}).get("flet", {}).get("web", {})
    return web.get("cdn") is not False


def _assets(build: Build) -> Iterator[tuple[str, Path]]:
    """The project's assets: name in the site, file on disk; hidden files stay out."""
    root = build.project.app_folder / "assets"
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                path = Path(folder) / name
                yield path.relative_to(root).as_posix(), path


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _not_written(error: OSError) -> Problem:
    return Problem(
        "site-not-written",
        f"“{error.filename or 'The site'}” could not be read or written.",
        f"The system says: {error.strerror}.",
        "Check that the file is there and that there is space on the disk, then build again. "
        "Your last result is as it was.",
    )
