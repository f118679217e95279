"""What fills Flet's build template: every name that `flet build` 1.0.5 hands to cookiecutter.

Different on purpose: the bundle ID is always handed over, worked out as in `settings.py`. There,
an organisation alone leaves it to the template, and icons are named after `None`. And a colour
that the template writes into resources is always in hex: Android knows no names.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder import identity
from builder.colours import is_colour, rgb
from builder.flutter import package_arguments, target_python
from builder.flutter.kit import PythonRelease
from builder.flutter.layout import FLUTTER
from builder.flutter.settings import FlutterSettings
from builder.pipeline import Build
from builder.settings import Settings, platform_of

ANDROID_ABIS = ("armeabi-v7a", "arm64-v8a", "x86_64")  # that Flutter builds for, in its order

_PYODIDE = "https://cdn.jsdelivr.net/pyodide/v{version}/full/pyodide.mjs"
_WHITE = "#ffffff"


def of(build: Build, extensions: Mapping[str, Path]) -> dict[str, Any]:
    """The context for a build; `extensions` are those of the app, by their Dart packages' names.

    Needs the kit. Plain JSON types, and dates where `pyproject.toml` holds some; what has no value
    is left out, so that the template's own default holds.
    """
    if build.kit is None:
        raise ValueError("a build with Flutter has a kit")
    settings, python = build.settings, build.kit.python
    values = {
        "out_dir": FLUTTER,
        "sep": os.sep,
        "python_module_name": settings.module,
        **_web(settings, python),
        "split_per_abi": settings.flutter.split_per_abi,
        "test_mode": False,
        **_names(settings),
        **_desktop_entry(settings, build.target),
        **_apple(settings.flutter),
        "options": _options(build, python),
        "flutter": {"dependencies": sorted(extensions)},
        "boot_screen": _boot_screen(settings.flutter),
        "splash": _splash(settings),
        "adaptive_icon_background": _hex(settings.adaptive_icon_background or _WHITE),
        "pyproject": dict(build.project.pyproject),
    }
    return {name: value for name, value in values.items() if value is not None}


def project_name(settings: Settings) -> str:
    """The name of the Dart package."""
    return identity.slug(settings.project).replace("-", "_")


def _names(settings: Settings) -> dict[str, Any]:
    return {
        "project_name": project_name(settings),
        "project_name_slug": identity.slug(settings.project),
        "artifact_name": settings.flutter.artifact or settings.project,
        "product_name": settings.product,
        "project_description": settings.description,
        "pubspec_description": _one_line(settings.description).replace("'", "''"),
        "org_name": settings.org,
        "bundle_id": settings.bundle_id,
        "company_name": settings.company or None,
        "copyright": settings.copyright or None,
    }


def _web(settings: Settings, python: PythonRelease) -> dict[str, Any]:
    flutter, base_url = settings.flutter, settings.base_url or "/"
    is_own = flutter.no_cdn
    pyodide = (
        f"{base_url}pyodide/pyodide.mjs" if is_own else _PYODIDE.format(version=python.pyodide)
    )
    return {
        "route_url_strategy": settings.route_url_strategy,
        "web_renderer": settings.web_renderer,
        "pwa_background_color": settings.pwa_background_color or settings.splash_color,
        "pwa_theme_color": settings.pwa_theme_color or None,
        "pwa_short_name": settings.pwa_short_name,
        "no_wasm": flutter.no_wasm,
        "no_cdn": is_own,
        "pyodide_version": python.pyodide,
        "base_url": base_url,
        # As the page's script writes them down.
        "no_cdn_js": json.dumps(is_own),
        "canvas_kit_base_url_js": json.dumps(f"{base_url}canvaskit/" if is_own else None),
        "pyodide_url_js": json.dumps(pyodide),
        "font_fallback_base_url_js": json.dumps("assets/fonts/" if is_own else None),
    }


def _desktop_entry(settings: Settings, target: str) -> dict[str, str]:
    artifact = settings.flutter.artifact or settings.project
    categories = settings.flutter.linux_categories if target == "linux" else ()
    return {
        "linux_desktop_exec": desktop_exec(artifact),
        "linux_categories": desktop_list(categories or ("Utility",)),
    }


def desktop_exec(program: str) -> str:
    """A program's name for between the double quotes of `Exec` in a desktop entry.

    Quoted twice, as the specification of desktop entries asks: for the command line, then for the
    file; `%` begins a code of its own.
    """
    for_command_line = re.sub(r'(["`$\\])', r"\\\1", _one_line(program))
    return for_command_line.replace("\\", "\\\\").replace("%", "%%")


def desktop_list(items: Iterable[str]) -> str:
    """Texts as a list in a desktop entry, each ended by a semicolon; never an empty one."""
    visible = [_one_line(item).strip() for item in items if item.strip()]
    quoted = [item.replace("\\", "\\\\").replace(";", "\\;") for item in visible]
    return "".join(f"{item};" for item in quoted or ["Utility"])


def _apple(flutter: FlutterSettings) -> dict[str, Any]:
    return {
        "ios_export_method": flutter.ios_export_method,
        "ios_provisioning_profile": flutter.ios_provisioning_profile or None,
        "ios_signing_certificate": flutter.ios_signing_certificate or None,
        "ios_export_options": dict(flutter.ios_export_options),
        "ios_team_id": flutter.ios_team_id or None,
    }


def _options(build: Build, python: PythonRelease) -> dict[str, Any]:
    flutter, platform = build.settings.flutter, platform_of(build.target)
    abis = package_arguments.architectures(build)
    return {
        "package_platform": target_python.system_of(build.target),
        "config_platform": platform,
        "python_version": python.short,
        "target_arch": abis,
        "android_excluded_abis": _left_out(abis) if platform == "android" else [],
        "info_plist": dict(flutter.info_plist),
        "macos_entitlements": dict(flutter.macos_entitlements),
        "android_permissions": dict(flutter.android_permissions),
        "android_features": dict(flutter.android_features),
        "android_meta_data": dict(flutter.android_meta_data),
        "android_gradle_properties": dict(flutter.android_gradle_properties),
        "android_proguard_rules": list(flutter.android_proguard_rules),
        "android_providers": _providers(flutter.android_providers),
        "deep_linking": {
            "scheme": flutter.deep_linking_scheme or None,
            "host": flutter.deep_linking_host or None,
        },
        "android_signing": bool(flutter.android_key_store),
        "android_legacy_packaging": flutter.android_legacy_packaging,
    }


def _left_out(abis: Sequence[str]) -> list[str]:
    return [abi for abi in ANDROID_ABIS if abi not in abis] if abis else []


def _providers(providers: Mapping[str, Any]) -> dict[str, Any]:
    """Android's content providers with their attributes as they stand in XML; without those off."""
    return {name: _as_xml(value) for name, value in providers.items() if value}


def _as_xml(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _as_xml(inner) for name, inner in value.items()}
    return str(value).lower() if isinstance(value, bool) else value


def _boot_screen(flutter: FlutterSettings) -> dict[str, str]:
    options = json.dumps(dict(flutter.boot_screen_options)).encode()
    return {"name": flutter.boot_screen, "options_b64": base64.b64encode(options).decode("ascii")}


def _splash(settings: Settings) -> dict[str, Any]:
    return {
        "android": settings.splash_android,
        "ios": settings.splash_ios,
        "web": settings.splash_web,
        "color": _hex(settings.splash_color),
        "dark_color": _hex(settings.splash_dark_color),
    }


def _hex(colour: str) -> str:
    """A colour as it was written, or in hex where that is another form."""
    if re.fullmatch("#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", colour) or not is_colour(colour):
        return colour
    return "#{:02x}{:02x}{:02x}".format(*rgb(colour))


def _one_line(text: str) -> str:
    """The text without line ends and other characters that one cannot see."""
    return re.sub(r"[\x00-\x1f]", " ", text)
