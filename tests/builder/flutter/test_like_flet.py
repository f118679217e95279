"""The settings are those that the official tool makes of the same project and options."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from builder import arguments
from builder.settings import Settings, resolve

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("flet_cli"), reason="flet_cli is missing"),
]

ALL = ("linux", "web", "apk", "aab", "ipa", "ios-simulator", "macos", "windows")

PROJECTS = {
    "empty": "",
    "everything": """
        [project]
        name = "Tide Table"
        version = "1.2.3"
        description = "it's 100% \\"new\\""
        [tool.flet]
        org = "org.tide"
        product = "Tide"
        company = "Tide Ltd"
        copyright = "(c)"
        artifact = "tide for all"
        build_number = 7
        permissions = ["camera", "nothing", "biometric", "location", "photo_library"]
        target_arch = ["arm64-v8a"]
        icon_background = "#123456"
        swift_package_manager = false
        [tool.flet.macos]
        target_arch = "arm64"
        bundle_id = "org.tide.mac"
        artifact = "tide for mac"
        info = { LSApplicationCategoryType = "public.app-category.weather", n = [1, 2.5, true] }
        entitlement."com.apple.security.app-sandbox" = true
        [tool.flet.macos.signing]
        distribution = "app-store"
        [tool.flet.macos.signing.app-store]
        identity = "Apple Distribution"
        [tool.flet.ios]
        export_method = "app-store-connect"
        team_id = "T1"
        provisioning_profile = "general"
        export_options = { uploadSymbols = false }
        [tool.flet.ios.export_methods.app-store-connect]
        provisioning_profile = "for the store"
        export_options = { x = { y = "z" } }
        [tool.flet.ios.info]
        NSCameraUsageDescription = "Reads codes"
        deep = { a = { b = 1 }, c = [ { d = "e" } ] }
        [tool.flet.ios.deep_linking]
        scheme = "https"
        host = "tide.org"
        [tool.flet.android]
        split_per_abi = true
        legacy_packaging = true
        adaptive_icon_background = "#abcdef"
        proguard_rules = ["-keep class org.tide.** { *; }"]
        [tool.flet.android.permission]
        "android.permission.INTERNET" = false
        "android.permission.X" = { maxSdkVersion = 28 }
        [tool.flet.android.feature]
        "android.hardware.camera" = true
        [tool.flet.android.meta_data]
        "com.x.KEY" = "value"
        "com.x.NUMBER" = 3
        [tool.flet.android.gradle_properties]
        "org.gradle.jvmargs" = "-Xmx4G"
        "org.gradle.daemon" = false
        [tool.flet.android.provider]
        "a.Off" = false
        "a.Empty" = {}
        "a.On" = { authorities = "x", exported = false, meta_data = { m = true, n = { r = "@x" } } }
        [tool.flet.android.signing]
        key_store = "upload.jks"
        [tool.flet.linux]
        categories = "Education"
        org = "org.tide.linux"
        [tool.flet.deep_linking]
        scheme = "myapp"
        host = "open"
        [tool.flet.boot_screen]
        name = "wave"
        wave = { colour = "blue", size = 3 }
        [tool.flet.android.boot_screen.wave]
        size = 4
        [tool.flet.splash]
        color = "#0b6e99"
        web = false
        [tool.flet.ios.splash]
        dark_color = "#000001"
        [tool.flet.web]
        base_url = "/tide/"
        renderer = "auto"
        route_url_strategy = "hash"
        cdn = false
        wasm = false
        pwa_theme_color = "#010203"
        pwa_short_name = "T"
    """,
    "cleared": """
        [project]
        name = "cleared"
        [tool.flet]
        target_arch = ["arm64-v8a"]
        boot_screen = { name = "flet", flet = { spinner_size = 3 } }
        [tool.flet.android]
        target_arch = []
        proguard_default_rules = false
        [tool.flet.macos]
        target_arch = []
        [tool.flet.linux]
        categories = ["", "Game", "Video;Audio"]
    """,
}

OPTIONS: dict[str, list[str]] = {
    "none": [],
    "many": [
        "--project", "other name", "--org", "com.other", "--artifact", "An App",
        "--arch", "x86_64", "--permissions", "Microphone", "location",
        "--info-plist", 'A={ b = [1, "c"] }', "NSCameraUsageDescription=no TOML, at all", "T=true",
        "--info-plist", "Empty=", "D=2020-01-01", "Equal=a=b",
        "--macos-entitlements", "com.apple.security.network.server=False", "x=3",
        "--android-permissions", "android.permission.CAMERA=FALSE", "a.b= true ",
        "--android-features", "android.hardware.camera=true",
        "--android-meta-data", "com.x.KEY=other=thing",
        "--deep-linking-scheme", "a", "--deep-linking-host", "b",
        "--linux-categories", "Game", "--ios-export-method", "other", "--ios-team-id", "T2",
        "--splash-color", "#fff", "--no-android-splash", "--no-cdn", "--no-wasm",
        "--web-renderer", "SKWASM", "--pwa-background-color", "#111111",
    ],
    "half": ["--deep-linking-scheme", "a", "--no-android-legacy-packaging", "--bundle-id", "a.b.c"],
}  # fmt: skip


def cases(tmp_path: Path) -> list[dict[str, Any]]:
    found = []
    for name, toml in PROJECTS.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pyproject.toml").write_text(toml)
        for argv in OPTIONS.values():
            for target in ALL:
                found.append({"folder": str(folder), "target": target, "argv": argv})
    return found


def ours(case: dict[str, Any]) -> Settings:
    folder = Path(case["folder"])
    argv = ["build", case["target"], case["folder"], *case["argv"]]
    options = arguments.settings_of(arguments.parse(argv))
    data = tomllib.loads((folder / "pyproject.toml").read_text())
    return resolve(data, folder, target=case["target"], options=options)[0]


def as_flet_says(settings: Settings, target: str) -> dict[str, Any]:
    """Our settings under the official names, as far as the tool resolves them at this place."""
    s = settings.flutter
    return {
        "artifact_name": s.artifact,
        "product_name": settings.product,
        "project_description": settings.description,
        "org_name": settings.org,
        "bundle_id": settings.bundle_id,
        "company_name": settings.company or None,
        "copyright": settings.copyright or None,
        "split_per_abi": s.split_per_abi,
        "no_cdn": s.no_cdn,
        "no_wasm": s.no_wasm,
        "base_url": settings.base_url or "/",
        "web_renderer": settings.web_renderer,
        "route_url_strategy": settings.route_url_strategy,
        "pwa_background_color": settings.pwa_background_color,
        "pwa_theme_color": settings.pwa_theme_color or None,
        "pwa_short_name": settings.pwa_short_name,
        "ios_export_method": s.ios_export_method,
        "ios_provisioning_profile": s.ios_provisioning_profile or None,
        "ios_signing_certificate": s.ios_signing_certificate or None,
        "ios_export_options": s.ios_export_options,
        "ios_team_id": s.ios_team_id or None,
        "macos_distribution": s.macos_distribution if target == "macos" else "none",
        "info_plist": s.info_plist,
        "macos_entitlements": s.macos_entitlements,
        "android_permissions": s.android_permissions,
        "android_features": s.android_features,
        "android_meta_data": s.android_meta_data,
        "android_gradle_properties": s.android_gradle_properties,
        "android_proguard_rules": s.android_proguard_rules,
        "android_providers": s.android_providers,
        "android_signing": bool(s.android_key_store),
        "android_legacy_packaging": s.android_legacy_packaging,
        "deep_linking": {
            "scheme": s.deep_linking_scheme or None,
            "host": s.deep_linking_host or None,
        },
        "boot_screen": [s.boot_screen, s.boot_screen_options],
        "splash": {
            "android": settings.splash_android,
            "ios": settings.splash_ios,
            "web": settings.splash_web,
            "color": settings.splash_color,
            "dark_color": settings.splash_dark_color,
        },
        "target_arch": s.target_arch or _all_architectures(target),
    }


def _all_architectures(target: str) -> list[str]:
    return ["arm64-v8a", "x86_64", "armeabi-v7a"] if target in ("apk", "aab") else []


def as_told(told: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The same of what the official tool says.

    It leaves it to the template to name an app that has no organisation or no bundle ID.
    """
    flat = {**told, **told["options"]}
    flat["org_name"] = flat["org_name"] or "com.flet"
    flat["bundle_id"] = flat["bundle_id"] or f"{flat['org_name']}.{flat['project_name_slug']}"
    screen = flat["boot_screen"]
    looks = json.loads(base64.b64decode(screen["options_b64"]))
    flat["boot_screen"] = [screen["name"], looks]
    return flat


def test_the_settings_are_those_of_flet_build(tmp_path: Path) -> None:
    asked = cases(tmp_path)
    said = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "ask_flet.py")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("FLET_")},
    ).stdout
    ended = 0
    for case, told in zip(asked, json.loads(said), strict=True):
        settings = ours(case)
        if "ended" in told:  # an architecture that the platform does not have: told by us, too
            ended += 1
            continue
        mine, theirs = as_flet_says(settings, case["target"]), as_told(told, settings)
        different = {
            name: (value, theirs[name])
            for name, value in json.loads(json.dumps(mine)).items()
            if value != theirs[name]
        }
        assert not different, (case["target"], case["argv"], case["folder"])
    assert ended < len(asked) / 4
