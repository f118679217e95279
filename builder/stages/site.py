"""Stage: the site, put together: the client, our page, the project's assets and the archive."""

from __future__ import annotations

import errno
import gzip
import shutil
from pathlib import Path

from builder import pyproject as pyproject_file
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError
from builder.stages import (
    archive,
    bytecode,
    client,
    file_problem,
    fingerprint,
    images,
    packages,
    site_assets,
)
from builder.web import client as web_client
from builder.web import fonts, page, stored

SITE = "site"
_LEVEL = 9
# What is written over the project's assets.
_OURS = frozenset({*page.FILES, archive.ARCHIVE, "pyodide/python_stdlib.zip.gz"})


def stage() -> Stage:
    """The stage for the pipeline."""
    after = ("archive", "images")
    return Stage("site", "Put the site together", run, reads, writes=(SITE,), after=after)


def reads(build: Build) -> dict[str, str]:
    """The archive, the assets, the pictures, the client, and all settings that the page shows."""
    settings = build.settings
    shown = page.settings_shown(settings)
    folder = build.project.app_folder
    assets = {file.path: folder / file.path for file in site_assets.of(build).files}
    own = {
        "the app": fingerprint.of_file(build.work / archive.ARCHIVE),
        "the icons and the splash screen": fingerprint.of_folder(
            build.work / images.IMAGES / "web"
        ),
        "a dark splash picture": "yes" if images.of(build).splash_dark else "no",
        "Flet": client.of(build).flet,
        "bytecode": "yes" if bytecode.of(build)[1] else "no",
        "the page": page.fingerprint(),
        "the entry point": build.project.module,
        "fonts from the network": "yes" if _network_fonts(build) else "no",
        **shown,
    }
    return fingerprint.beside(own, assets)


def run(job: Job) -> None:
    """Make the site anew beside the old one, then take its place."""
    build = job.build
    fresh, final = build.work / (SITE + ".new"), build.work / SITE
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _put_client(job, fresh)
        drawn = _put_pictures(job, fresh)
        _put_assets(job, fresh, drawn)
        shutil.copyfile(build.work / archive.ARCHIVE, fresh / archive.ARCHIVE)
        packed = fonts.put(job, build.settings.web_fonts, fresh)
        _put_page(build, fresh, packed)
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "site-not-written", "The site")) from error
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


def _put_pictures(job: Job, site: Path) -> set[str]:
    """What was drawn, in the places where the client and the page look for it; their names."""
    names = set()
    drawn = job.build.work / images.IMAGES / "web"
    has_dark = images.of(job.build).splash_dark is not None
    for path in sorted(drawn.rglob("*.png")):
        job.check_cancelled()
        # In small letters, as the client has them: else both would be there.
        name = path.relative_to(drawn).as_posix().lower()
        if has_dark or not name.startswith(page.DARK_SPLASH):
            _copy(path, site / name)
            names.add(name)
    return names


def _shows_formulas(build: Build) -> bool:
    """Whether the app may show formulas, which only the Markdown control does."""
    sources = [file.path for file in build.project.selection.files if file.path.endswith(".py")]
    return any(b"Markdown" in (build.project.app_folder / p).read_bytes() for p in sources)


def _put_assets(job: Job, site: Path, drawn: set[str]) -> None:
    """The project's assets at the site's root: they may take the place of the client's files.

    `drawn` are the names of the pictures that are there already; they give way, too.
    """
    selection = site_assets.of(job.build)
    for problem in selection.problems:
        if problem.severity == "error":
            raise ProjectError(problem)
        job.problem(problem)
    for file in selection.files:
        job.check_cancelled()
        _copy(job.build.project.app_folder / file.path, site / site_assets.name_in_site(file.path))
    names = {site_assets.name_in_site(file.path) for file in selection.files}
    if kept := sorted(drawn & names):
        job.log(f"Taken from your assets as they are, not drawn: {', '.join(kept)}")
    if lost := sorted(_OURS & names):
        job.problem(_replaced(lost))


def _put_page(build: Build, site: Path, packed_fonts: dict[str, str]) -> None:
    chosen = client.of(build)
    pictures = images.of(build)
    own_manifest = any(
        file.path == f"{site_assets.FOLDER}/manifest.json" for file in site_assets.of(build).files
    )
    page.write(
        site,
        build.settings,
        page.Facts(
            module=build.project.module,
            archive=f"{archive.ARCHIVE}?v={fingerprint.of_file(site / archive.ARCHIVE)[:12]}",
            builds=web_client.builds(chosen, build.settings.web_renderer),
            has_splash=pictures.splash is not None,
            has_dark_splash=pictures.splash_dark is not None,
            fonts=packed_fonts,
            packed_fonts=fonts.pack(site),
            network_fonts=_network_fonts(build),
        ),
        own_manifest=own_manifest,
    )


def _network_fonts(build: Build) -> bool:
    """Whether the page may ask Google's font host for scripts that it does not bring."""
    return pyproject_file.get(build.project.pyproject, "tool.flet.web.cdn") is not False


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _replaced(names: list[str]) -> Problem:
    return Problem(
        "asset-replaced",
        f"Not taken from your assets: {', '.join(names)}",
        "A site that Slipway makes has a file of this name of its own, without which the app "
        "would not start.",
        "Rename the file if the app needs it.",
        "warn",
        where=", ".join(f"{site_assets.FOLDER}/{name}" for name in names),
    )
