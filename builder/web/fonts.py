"""Fonts of a site: the one that the client brings, and those that are packed for chosen scripts.

The client has Latin, Greek and Cyrillic, and asks Google's font host for the rest. With
`[tool.slipway.web] fonts = ["japanese"]` a site brings what it needs and works without a network.
The packed fonts are the same Noto fonts, from Fontsource's packages on the npm registry.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import kept, places
from builder.pipeline import Job
from builder.problems import ComputerError, Problem, ProjectError

_REGISTRY = "https://registry.npmjs.org/@fontsource/"
_FOLDER = "assets/fonts/packed"
_FILE = "font.woff2"
_SECONDS = 60
_MANIFEST = "assets/FontManifest.json"
_WORTH_PACKING = 100_000  # bytes

# The client takes the characters that these share from any of the four; so does a packed one.
_HAN = ("notosansjp", "notosanssc", "notosanstc", "notosanshk")


@dataclass(frozen=True)
class Script:
    """A writing system: the npm package of its font, the subset, and what the client calls it."""

    package: str
    subset: str
    families: Sequence[str]


def _sans(name: str) -> Script:
    return Script(f"noto-sans-{name}", name, (f"notosans{name}",))


SCRIPTS: dict[str, Script] = {
    "emoji": Script("noto-color-emoji", "emoji", ("notocoloremoji",)),
    "japanese": Script("noto-sans-jp", "japanese", _HAN),
    "chinese-simplified": Script("noto-sans-sc", "chinese-simplified", _HAN),
    "chinese-traditional": Script("noto-sans-tc", "chinese-traditional", _HAN),
    "korean": Script("noto-sans-kr", "korean", ("notosanskr",)),
    **{
        name: _sans(name)
        for name in (
            *("arabic", "armenian", "bengali", "devanagari", "ethiopic", "georgian", "gujarati"),
            *("gurmukhi", "hebrew", "kannada", "khmer", "lao", "malayalam", "myanmar", "oriya"),
            *("sinhala", "tamil", "telugu", "thaana", "thai"),
        )
    },
}


def tidy(site: Path) -> None:
    """Make the client's list of fonts name those that are there: Roboto too, which lies beside it.

    It would be fetched from afar otherwise, and those that were left out asked for in vain.
    """
    manifest = site / _MANIFEST
    listed = [f for f in json.loads(manifest.read_text("utf-8")) if f["family"] != "Roboto"]
    listed.append({"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]})
    for family in listed:
        family["fonts"] = [f for f in family["fonts"] if (site / "assets" / f["asset"]).is_file()]
    there = json.dumps([family for family in listed if family["fonts"]])
    manifest.write_text(there, encoding="utf-8")


def pack(site: Path) -> list[str]:
    """Pack the client's large fonts with gzip; gives their unpacked paths in the site.

    Few hosts do that for fonts as they do it for scripts, and nobody sees the app before they come.
    """
    manifest = json.loads((site / _MANIFEST).read_text("utf-8"))
    paths = [f"assets/{font['asset']}" for family in manifest for font in family["fonts"]]
    packed = [path for path in paths if not path.endswith((".woff", ".woff2"))]
    packed = [path for path in packed if (site / path).stat().st_size > _WORTH_PACKING]
    for path in packed:
        font = site / path
        font.with_name(font.name + ".gz").write_bytes(gzip.compress(font.read_bytes(), mtime=0))
        font.unlink()
    return packed


def put(job: Job, scripts: Sequence[str], site: Path) -> dict[str, str]:
    """Put the fonts of `scripts` into the site.

    Returns what the client calls a font -> its path in the site. Raises ProjectError for a script
    that is not known, ComputerError when its font is not here and cannot be fetched.
    """
    packed: dict[str, str] = {}
    for name in scripts:
        script = SCRIPTS.get(name)
        if script is None:
            raise ProjectError(_unknown(name))
        path = f"{_FOLDER}/{name}.woff2"
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_cached(job, name, script), site / path)
        for family in script.families:
            packed.setdefault(family, path)
    return packed


def are_cached(scripts: Sequence[str]) -> bool:
    """Whether packing these needs no network."""
    return all(kept.is_whole(_folder(name)) for name in scripts if name in SCRIPTS)


def _folder(name: str) -> Path:
    return places.cache() / "fonts" / name


def _cached(job: Job, name: str, script: Script) -> Path:
    import httpx  # here, because it takes longer to import than a build takes that needs it not

    folder = _folder(name)
    if not kept.is_whole(folder):
        job.log(f"Fetching the font for {name}. This happens once.")
        try:
            font = _fetch(job, script)
        except (
            httpx.HTTPError,
            OSError,
            LookupError,
            TypeError,
            ValueError,
            tarfile.TarError,
        ) as error:
            raise ComputerError(_not_fetched(name, str(error))) from error
        with kept.making(folder) as fresh:
            (fresh / _FILE).write_bytes(font)
    return folder / _FILE


def _fetch(job: Job, script: Script) -> bytes:
    """One font file out of its package, whose checksum is compared first."""
    import httpx  # here, as above

    with httpx.Client(timeout=_SECONDS, follow_redirects=True) as web:
        about = web.get(f"{_REGISTRY}{script.package}/latest").raise_for_status().json()["dist"]
        content = io.BytesIO()
        with web.stream("GET", about["tarball"]) as response:
            total = int(response.raise_for_status().headers.get("content-length", 0))
            for chunk in response.iter_bytes():
                job.check_cancelled()
                content.write(chunk)
                job.progress(content.tell() / 1e6, total / 1e6 or None, "MB")
    digest = base64.b64encode(hashlib.sha512(content.getvalue()).digest()).decode()
    if f"sha512-{digest}" not in about["integrity"].split():
        raise ValueError("its checksum is not the one that the registry names")
    content.seek(0)
    with tarfile.open(fileobj=content) as package:
        member = f"package/files/{script.package}-{script.subset}-400-normal.woff2"
        file = package.extractfile(member)
        if file is None:
            raise ValueError(f"{member} is not a file")
        return file.read()


def _unknown(name: str) -> Problem:
    return Problem(
        "unknown-font-script",
        f"There is no font for “{name}”",
        "[tool.slipway.web] fonts takes the names of writing systems.",
        "Use some of: " + ", ".join(sorted(SCRIPTS)) + ".",
        where="pyproject.toml, tool.slipway.web.fonts",
    )


def _not_fetched(name: str, reason: str) -> Problem:
    return Problem(
        "font-not-fetched",
        f"The font for {name} could not be fetched",
        f"It comes from the npm registry. {reason}",
        "Check the network, or take the script out of [tool.slipway.web] fonts: "
        "visitors with a network then get the font from Google's font host.",
    )
