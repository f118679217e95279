"""Our page around the client: `index.html`, its scripts, the manifest, the project's name in it."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.colours import rgb
from builder.images import contrast
from builder.images.settings import DEFAULT_SPLASH, DEFAULT_SPLASH_DARK
from builder.images.style import RGB
from builder.settings import Settings

_PAGE = Path(__file__).parent / "page"
_SCRIPTS = ("boot.js", "worker.js")
FILES = ("index.html", "404.html", "version.json", *(f"slipway/{name}" for name in _SCRIPTS))
"""The files that are always ours."""
LIGHT_SPLASH, DARK_SPLASH = "splash/img/light-", "splash/img/dark-"
"""What the names of the splash pictures begin with; `1x.png` to `4x.png` follow."""
_CLIENT_ICON = "icons/icon-192.png"
_LOADING = "Loading…"
_FAILED = "The app could not be loaded. Please load the page again."
_NO_SCRIPT = "This app needs JavaScript. Please switch it on in your browser."
_THEME = "#0b6e99"
_INKS: tuple[RGB, RGB] = ((0, 0, 0), (255, 255, 255))
_SEEN = 3  # the contrast that WCAG 2.2 asks of what is no text (1.4.11)

# What the page waits for, shown by the bar as it arrives; one browser takes one of the two.
_AWAITED = (
    "main.dart.js", "main.dart.wasm", "pyodide/pyodide.asm.wasm", "pyodide/pyodide.asm.mjs",
    "pyodide/python_stdlib.zip.gz", "app.zip.gz", "assets/fonts/MaterialIcons-Regular.otf.gz",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the page needs to know beside the settings; paths are relative to the site."""

    module: str
    archive: str
    builds: Mapping[str, Any]
    has_splash: bool
    has_dark_splash: bool
    fonts: Mapping[str, str]
    packed_fonts: Sequence[str]
    network_fonts: bool


def settings_shown(settings: Settings) -> dict[str, str]:
    """The settings that the page depends on, in words -> their values."""
    return {
        "the product name": settings.product,
        "the project's name": settings.project,
        "the description": settings.description,
        "the version": f"{settings.build_version}+{settings.build_number}",
        "the base URL": settings.base_url,
        "the route strategy": settings.route_url_strategy,
        "the renderer": settings.web_renderer,
        "the short name": settings.pwa_short_name,
        "the theme colour": settings.pwa_theme_color,
        "the background colour": settings.pwa_background_color,
        "the splash colour": settings.splash_color,
        "the dark splash colour": settings.splash_dark_color,
        "a splash screen": "yes" if settings.splash_web else "no",
        "the packed fonts": ", ".join(settings.web_fonts),
    }


def fingerprint() -> str:
    """Changes when our page or its scripts do."""
    digest = hashlib.sha256()
    for path in sorted(_PAGE.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write(site: Path, settings: Settings, facts: Facts, *, own_manifest: bool) -> None:
    """Write the page into `site`, whose other files are there; the project's manifest stays."""
    scripts = site / "slipway"
    scripts.mkdir(parents=True, exist_ok=True)
    for name in _SCRIPTS:
        shutil.copyfile(_PAGE / name, scripts / name)
    text = _fill((_PAGE / "index.html").read_text("utf-8"), _values(site, settings, facts))
    _write_text(site / "index.html", text)
    # Static hosts show it for a path that is not a file, which is what a deep link is.
    _write_text(site / "404.html", text)
    _write_text(site / "version.json", json.dumps(_version(settings)))
    if not own_manifest:
        manifest = json.dumps(_manifest(settings), indent=2, ensure_ascii=False)
        _write_text(site / "manifest.json", manifest)


def _write_text(path: Path, text: str) -> None:
    # Replaced: half characters, which come from a command line in another encoding.
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _fill(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], template)


def _values(site: Path, settings: Settings, facts: Facts) -> dict[str, str]:
    theme = settings.pwa_theme_color or _THEME
    light, dark = _grounds(settings)
    shown = {
        "base": _base(settings),
        "title": settings.product,
        "description": settings.description or settings.product,
        "short_name": settings.pwa_short_name,
        "theme_color": theme,
        "loading": _LOADING,
        "noscript": _NO_SCRIPT,
        **_loading_colours(light, theme),
        **{f"dark_{k}": v for k, v in _loading_colours(dark, theme).items()},
    }
    escaped = {name: html.escape(value) for name, value in shown.items()}
    config = json.dumps(_config(site, settings, facts), ensure_ascii=False)
    return {
        **escaped,
        "picture": _picture(settings, facts),
        "config": config.replace("<", "\\u003c"),
    }


def _grounds(settings: Settings) -> tuple[str, str]:
    """The colours of the loading screen, in the light and in the dark."""
    if not settings.splash_web:
        return DEFAULT_SPLASH, DEFAULT_SPLASH_DARK
    # Without alpha: nothing shines through a splash screen.
    return _hex(rgb(settings.splash_color)), _hex(rgb(settings.splash_dark_color))


def _picture(settings: Settings, facts: Facts) -> str:
    """What stands on the loading screen: the splash picture, the client's icon, or nothing."""
    if not settings.splash_web:
        return ""
    if not facts.has_splash:
        return f'<img src="{_CLIENT_ICON}" width="96" height="96" alt="">'
    dark = (
        f'<source media="(prefers-color-scheme: dark)" srcset="{_srcset(DARK_SPLASH)}">'
        if facts.has_dark_splash
        else ""
    )
    return (
        f'<picture>{dark}<img class="splash" src="{LIGHT_SPLASH}1x.png" '
        f'srcset="{_srcset(LIGHT_SPLASH)}" width="256" height="256" alt="" fetchpriority="high">'
        "</picture>"
    )


def _srcset(splash: str) -> str:
    """Of the four sizes the browser fetches the one for its screen."""
    return ", ".join(f"{splash}{factor}x.png {factor}x" for factor in range(1, 5))


def _base(settings: Settings) -> str:
    """Where the site's files are. With routes after `#` any folder will do."""
    if settings.base_url:
        return settings.base_url
    return "./" if settings.route_url_strategy == "hash" else "/"


def _config(site: Path, settings: Settings, facts: Facts) -> dict[str, Any]:
    present = [name for name in _AWAITED if (site / name).is_file()]
    return {
        "routeUrlStrategy": settings.route_url_strategy,
        "renderer": settings.web_renderer,
        "archive": facts.archive,
        "module": facts.module,
        "buildConfig": facts.builds,
        "sizes": {name: (site / name).stat().st_size for name in present},
        "preload": ["main.dart.js"] if settings.web_renderer == "canvaskit" else [],
        "fonts": facts.fonts,
        "packedFonts": facts.packed_fonts,
        "networkFonts": facts.network_fonts,
        "failed": _FAILED,
    }


def _version(settings: Settings) -> dict[str, str]:
    return {
        "app_name": settings.product,
        "package_name": settings.project,
        "version": settings.build_version,
        "build_number": str(settings.build_number),
    }


def _manifest(settings: Settings) -> dict[str, Any]:
    icons = [
        {
            "src": f"icons/icon-{kind}{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for kind, purpose in (("", "any"), ("maskable-", "maskable"))
        for size in (192, 512)
    ]
    return {
        "name": settings.product,
        "short_name": settings.pwa_short_name,
        "description": settings.description,
        "start_url": ".",
        "display": "standalone",
        "orientation": "natural",
        "background_color": settings.pwa_background_color,
        "theme_color": settings.pwa_theme_color or _THEME,
        "prefer_related_applications": False,
        "icons": icons,
    }


def _loading_colours(background: str, theme: str) -> dict[str, str]:
    """The colours of the loading screen: text and bar that can be seen on the background."""
    ground = rgb(background)
    ink = max(_INKS, key=lambda colour: contrast.ratio(colour, ground))
    bar = _seen_on(ground, rgb(theme), ink)
    return {
        "background": background,
        "foreground": _hex(ink),
        "track": _hex(_mixed(ground, bar, 0.25)),
        "bar": _hex(bar),
    }


def _seen_on(ground: RGB, colour: RGB, ink: RGB) -> RGB:
    """The colour, with as much ink in it as it needs to be seen."""
    mixed = (_mixed(colour, ink, step / 5) for step in range(5))
    return next((each for each in mixed if contrast.ratio(each, ground) >= _SEEN), ink)


def _mixed(first: RGB, second: RGB, share: float) -> RGB:
    """Two colours in one, `share` of it from the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _hex(colour: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
