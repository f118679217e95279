"""Slipway's icons and splash screens beside those of flet-platform-assets 1.0.5 and others.

`python -m tests.bench.images [--runs N] [--peers]`

Both draw the same 84 files from the same pictures: the icons of six platforms, and the splash
screens of three with another dark picture and a background for Android 12. Each run is a process
of its own, start-up and writing included, in turn with the other's; what counts is CPU time, user
and system, the median of the runs. `--peers` adds `tauri icon` and `@capacitor/assets`, which npm
fetches into a temporary folder; their sets are others, so only their files' quality compares.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from builder.images.easel import LINEAR
from tests.builder.images import reference

ROOT = Path(__file__).parent.parent.parent
FPA = "1.0.5"
SOURCES: Mapping[str, Callable[[], Image.Image]] = {
    "logo1024": lambda: reference.logo(1024),
    "opaque2048": lambda: reference.opaque(2048),
    "photo1024": lambda: reference.photo(1024),
}
GOALS = {"logo1024": 0.27, "opaque2048": 0.20, "photo1024": 0.25}
SIZES = (16, 32, 48)
APP = "com.example.app"

# As `flet build` drives it, platform by platform.
PEER = """
import sys
from flet_platform_assets import (
    IconOptions, SplashOptions, linux_targets, load_source, render_icons, render_splash, write
)
light, dark, out = sys.argv[1:4]
for platform in ("android", "ios", "macos", "windows", "web", "linux"):
    source, finished = load_source(light)
    spec = linux_targets("com.example.app") if platform == "linux" else None
    drawn = render_icons(
        source, IconOptions(), spec, platform=platform, pre_rendered=finished, derived=True
    )
    write(drawn, out, declared_only=False)
options = SplashOptions(icon_background="#204060", icon_dark_background="#102030")
for platform in ("android", "ios", "web"):
    day, night = load_source(light)[0], load_source(dark)[0]
    write(render_splash(day, night, options, platform=platform), out, declared_only=False)
"""

OURS = """
import json, sys
from pathlib import Path
from builder.images import icons, picture, rendered, splash
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS, Style
light, dark, out, wanted, way = sys.argv[1:6]
wanted = frozenset(json.loads(wanted)) or None
style = Style(
    splash_icon_background=(32, 64, 96), splash_icon_dark_background=(16, 32, 48),
    flet_way=way == "flet",
)
day, night = picture.read(Path(light)), picture.read(Path(dark))
sets = [icons.render(day, platform, style, is_own=False, wanted=wanted) for platform in PLATFORMS]
sets += [
    splash.render(day, night, platform, style, is_icon=False, wanted=wanted)
    for platform in SPLASH_PLATFORMS
]
all = rendered.Rendered([file for files in sets for file in files.files])
for path, data in rendered.encode(all).items():
    (Path(out) / path).parent.mkdir(parents=True, exist_ok=True)
    (Path(out) / path).write_bytes(data)
"""

PREVIEWS = """
import sys, time
from pathlib import Path
from builder.images import picture, previews
from builder.images.finish import Finish, as_picture, finish
from builder.images.scaling import Art
from builder.images.style import PLATFORMS, Style

def show(image, style, quick):
    # The page of icons, and further sizes until there are forty, none above 256 pixels.
    choices = dict.fromkeys(PLATFORMS, previews.Choice(image, False))
    scenes = previews.icon_scenes(choices, dict.fromkeys(PLATFORMS, style), quick=quick)
    images = [item.image for scene in scenes for item in scene.items]
    art = Art(image.image, quick=quick)
    sizes = range(48, 48 + 8 * (40 - len(images)), 8)
    images += [art.draw(size, background=style.background) for size in sizes]
    return len([previews.encode(image) for image in images])

def timed(work):
    began = time.process_time()
    done = work()
    return done, time.process_time() - began

source, quick, side = Path(sys.argv[1]), sys.argv[2] == "quick", int(sys.argv[3])
show(picture.read(source), Style(), quick)  # imports and masks, once in a session
image, read = timed(lambda: picture.read(source))
count, first = timed(lambda: show(image, Style(), quick))
_, colour = timed(lambda: show(image, Style(background=(200, 30, 60)), quick))
how = Finish(padding=0.1)
padded = lambda: as_picture(finish(image, how, size=side, quick=quick), image)
_, padding = timed(lambda: show(padded(), Style(), quick))
print(count, read + first, colour, padding)
"""


@dataclass
class Run:
    """What one process took and made."""

    seconds: float
    files: int
    bytes: int


def main() -> None:
    """Make the sources, run both in turn, print tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="with those that npm has")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        here = Path(folder)
        pictures = {name: make(here, name) for name in SOURCES}
        print_costs(
            {name: compare(here, name, *pictures[name], arguments.runs) for name in SOURCES}
        )
        tools = peers(here) if arguments.peers else {}
        print_quality(here, pictures, tools)
        print_geometry(here, pictures)
        print_previews(pictures, arguments.runs)


def make(here: Path, name: str) -> tuple[Path, Path]:
    """A source and its dark twin: the same with its colours changed places."""
    image = SOURCES[name]()
    red, green, blue, *alpha = image.split()
    light, dark = here / f"{name}.png", here / f"{name}-dark.png"
    image.save(light)
    Image.merge(image.mode, [blue, red, green, *alpha]).save(dark)
    return light, dark


# ---- Running -----------------------------------------------------------------------------------


def run(script: str, *arguments: str | Path) -> float:
    """CPU seconds of a script's process and all that it started; its failure is ours."""
    return timed([sys.executable, "-c", script, *map(str, arguments)], ROOT)


def timed(argv: Sequence[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output(argv, folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def output(argv: Sequence[str], folder: Path) -> str:
    """What a command printed."""
    finished = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{argv[:3]}\n{finished.stdout}\n{finished.stderr}")
    return finished.stdout


def compare(here: Path, name: str, light: Path, dark: Path, runs: int) -> dict[str, list[Run]]:
    """The peer, ours for the same files, these drawn its way, and all of ours, in turn."""
    folders = {what: here / f"{name}-{what}" for what in ("peer", "ours", "flet", "more")}
    run(PEER, light, dark, folders["peer"])  # warms the file cache, tells which files there are
    same = json.dumps(sorted(paths(folders["peer"])))
    scripts = {"peer": (PEER, ()), "ours": (OURS, (same, "")), "flet": (OURS, (same, "flet"))}
    scripts["more"] = (OURS, ("[]", ""))
    results: dict[str, list[Run]] = {what: [] for what in folders}
    for _ in range(runs):
        for what, (script, arguments) in scripts.items():
            folder = folders[what]
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            seconds = run(script, light, dark, folder, *arguments)
            files = paths(folder)
            results[what].append(Run(seconds, len(files), sum(map(size, files.values()))))
    return results


def paths(folder: Path) -> dict[str, Path]:
    """Every file of a folder by its path in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in files}


def size(path: Path) -> int:
    return path.stat().st_size


# ---- Costs -------------------------------------------------------------------------------------


def print_costs(results: Mapping[str, Mapping[str, list[Run]]]) -> None:
    """CPU and bytes, as ratios of the peer's."""
    runs = len(next(iter(results.values()))["peer"])
    print(f"\n| {runs} runs, median | files | CPU | of FPA's | goal | KiB | of FPA's |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, ways in results.items():
        peer = cpu(ways["peer"])
        for what, label in WAYS.items():
            of = ways[what]
            goal = GOALS[name] if what == "ours" else ""
            print(
                f"| {name}, {label} | {of[0].files} | {cpu(of):.2f} s | {cpu(of) / peer:.3f} "
                f"| {goal} | {of[0].bytes / 1024:.0f} | {of[0].bytes / ways['peer'][0].bytes:.3f} |"
            )


WAYS = {
    "peer": f"FPA {FPA}",
    "ours": "Slipway, the same files",
    "flet": "Slipway, drawn FPA's way",
    "more": "Slipway, all its files",
}


def cpu(runs: Sequence[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


# ---- Quality -----------------------------------------------------------------------------------


def print_quality(
    here: Path, pictures: Mapping[str, tuple[Path, Path]], tools: Mapping[str, Peer]
) -> None:
    """How near the small icons are to an exact drawing in light, in dB."""
    print("\n| dB from exact, 16 / 32 / 48 px | " + " | ".join(pictures) + " |")
    print("| --- |" + " --- |" * len(pictures))
    makers: dict[str, Callable[[str], Mapping[int, Image.Image]]] = {
        f"FPA {FPA}": lambda name: linux(here / f"{name}-peer"),
        "Slipway": lambda name: linux(here / f"{name}-ours"),
    }
    for tool, peer in tools.items():
        makers[tool] = lambda name, peer=peer: peer(pictures[name][0])  # type: ignore[misc]
    for maker, images in makers.items():
        cells = []
        for name, (light, _) in pictures.items():
            drawn = images(name)
            with Image.open(light) as source:
                exact = {side: reference.in_light(source, side) for side in SIZES}
            cells.append(
                " / ".join(
                    f"{reference.decibels(drawn[side], exact[side]):.1f}" if side in drawn else "-"
                    for side in SIZES
                )
            )
        print(f"| {maker} | " + " | ".join(cells) + " |")


def linux(folder: Path) -> dict[int, Image.Image]:
    """The icons of a Linux desktop: drawn to their edges, in all sizes."""
    icons = folder / "linux" / "icons" / "hicolor"
    return {side: opened(icons / f"{side}x{side}" / "apps" / f"{APP}.png") for side in SIZES}


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGBA")


# ---- Geometry ----------------------------------------------------------------------------------


def print_geometry(here: Path, pictures: Iterable[str]) -> None:
    """How near every file is to the peer's, drawn its way and ours, and why some are far."""
    print("\n| dB from FPA's files | median | least | far from it |")
    print("| --- | --- | --- | --- |")
    for name in pictures:
        theirs = paths(here / f"{name}-peer")
        for what, least in (("flet", 40), ("ours", 28)):
            near: list[float] = []
            far: list[str] = []
            for path, file in theirs.items():
                for one, other in frames(file, here / f"{name}-{what}" / path):
                    if one.size != other.size:
                        far.append("another size")
                        continue
                    near.append(min(99.0, reference.decibels(one, other)))
                    if near[-1] < least:
                        far.append(reason(path, one.width) if what == "ours" else f"below {least}")
            reasons = ", ".join(f"{count} {why}" for why, count in Counter(far).items())
            print(
                f"| {name}, {WAYS[what]} | {statistics.median(near):.1f} | {min(near):.1f} "
                f"| {reasons} |"
            )


def reason(path: str, side: int) -> str:
    """Why a file of ours is not its peer's: what `icons` and `splash` tell of, or a fault."""
    if path.startswith("macos/") and side > LINEAR:
        return "another tile"
    return "small, in light" if side <= LINEAR else f"for no reason: {path}"


def frames(one: Path, other: Path) -> Iterator[tuple[Image.Image, Image.Image]]:
    """A file of both, or every size of an `.ico`."""
    if one.suffix != ".ico":
        yield opened(one), opened(other)
        return
    with Image.open(one) as theirs, Image.open(other) as ours:
        for side in sorted(theirs.info["sizes"]):
            theirs.size = ours.size = side  # type: ignore[misc]
            yield theirs.convert("RGBA"), ours.convert("RGBA")


# ---- Previews ----------------------------------------------------------------------------------


def print_previews(pictures: Mapping[str, tuple[Path, Path]], runs: int) -> None:
    """CPU of forty previews as bytes: of a file of 1024 pixels, and after a change of settings."""
    print("\n| previews, CPU | of a file | another colour | another padding |")
    print("| --- | --- | --- | --- |")
    for name in ("logo1024", "photo1024"):
        for way, side in (("quick", 384), ("as they ship", 1024)):
            argv = [sys.executable, "-c", PREVIEWS, str(pictures[name][0]), way, str(side)]
            lines = [[float(word) for word in output(argv, ROOT).split()] for _ in range(runs)]
            count, *seconds = (statistics.median(column) for column in zip(*lines, strict=True))
            cells = " | ".join(f"{one * 1000:.0f} ms" for one in seconds)
            print(f"| {name}, {count:.0f}, {way} | {cells} |")


# ---- Peers from npm ----------------------------------------------------------------------------

Peer = Callable[[Path], Mapping[int, Image.Image]]


def peers(here: Path) -> dict[str, Peer]:
    """Those that npm can fetch: what each makes of a source."""
    if not shutil.which("npm"):
        print("There is no npm here, so its tools are left out.")
        return {}
    folder = here / "npm"
    folder.mkdir()
    (folder / "package.json").write_text(
        json.dumps(
            {
                "private": True,
                "dependencies": {"@tauri-apps/cli": "2.12.5", "@capacitor/assets": "3.0.5"},
                "overrides": {"sharp": "0.33.5"},
            }
        )
    )
    try:
        timed(["npm", "install", "--silent", "--no-audit", "--no-fund"], folder)
    except SystemExit as error:
        print(f"npm could not install its tools, so they are left out: {error}"[:400])
        return {}
    return {
        "tauri icon 2.12.5": lambda source: tauri(folder, source),
        "@capacitor/assets 3.0.5": lambda source: capacitor(folder, source),
    }


def tauri(folder: Path, source: Path) -> Mapping[int, Image.Image]:
    out = folder / f"tauri-{source.stem}"
    seconds = timed([tool(folder, "tauri"), "icon", str(source), "--output", str(out)], folder)
    files = paths(out)
    print(f"tauri icon, {source.stem}: {seconds:.2f} s of CPU for {len(files)} files")
    with Image.open(out / "icon.ico") as icon:
        images = {}
        for side in SIZES:
            icon.size = (side, side)  # type: ignore[misc]
            images[side] = icon.convert("RGBA")
    return images


def capacitor(folder: Path, source: Path) -> Mapping[int, Image.Image]:
    """Its smallest icon is that of an installed web app, of 48 pixels."""
    place = folder / f"capacitor-{source.stem}"
    (place / "assets").mkdir(parents=True)
    shutil.copy(source, place / "assets" / "logo.png")
    seconds = timed([tool(folder, "capacitor-assets"), "generate", "--pwa"], place)
    files = paths(place)
    print(f"@capacitor/assets, {source.stem}: {seconds:.2f} s of CPU for {len(files)} files")
    found = [path for name, path in files.items() if name.endswith("icon-48.webp")]
    return {48: opened(found[0])} if found else {}


def tool(folder: Path, name: str) -> str:
    return str(folder / "node_modules" / ".bin" / (f"{name}.cmd" if os.name == "nt" else name))


if __name__ == "__main__":
    main()
