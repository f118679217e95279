"""What an app tells the systems that it runs on: permissions, Info.plist, Android's manifest.

Names, defaults, precedence and what a value may be are those of `flet build` 1.0.5.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder import options, pyproject
from builder.lookup import Lookup
from builder.problems import Fix, Problem

Table = dict[str, Any]


@dataclass(frozen=True)
class Permission:
    """One thing that an app wants to use, as each system wants to be told.

    For Apple the sentences that people read when they are asked.
    """

    ios_info: Mapping[str, str]
    macos_info: Mapping[str, str]
    entitlements: Sequence[str] = ()
    android: Sequence[str] = ()
    android_features: Sequence[str] = field(default=())  # parts of a phone that it can do without


_CAMERA = {
    "NSCameraUsageDescription": "This app uses the camera to capture photos and videos.",
}
_MICROPHONE = {
    "NSMicrophoneUsageDescription": "This app uses microphone to record sounds.",
}
_PHOTOS = {
    "NSPhotoLibraryUsageDescription": "This app saves photos and videos to the photo library.",
}
_FACE = {"NSFaceIDUsageDescription": "This app uses biometrics to authenticate you."}

PERMISSIONS: dict[str, Permission] = {
    "location": Permission(
        {
            "NSLocationWhenInUseUsageDescription": "This app uses location service when in use.",
            "NSLocationAlwaysAndWhenInUseUsageDescription": "This app uses location service.",
        },
        {"NSLocationUsageDescription": "This app needs access to your location."},
        ("com.apple.security.personal-information.location",),
        (
            "android.permission.ACCESS_FINE_LOCATION",
            "android.permission.ACCESS_COARSE_LOCATION",
            "android.permission.ACCESS_BACKGROUND_LOCATION",
        ),
        ("android.hardware.location.network", "android.hardware.location.gps"),
    ),
    "camera": Permission(
        _CAMERA,
        _CAMERA,
        ("com.apple.security.device.camera",),
        ("android.permission.CAMERA",),
        (
            "android.hardware.camera",
            "android.hardware.camera.any",
            "android.hardware.camera.front",
            "android.hardware.camera.external",
            "android.hardware.camera.autofocus",
        ),
    ),
    "microphone": Permission(
        _MICROPHONE,
        _MICROPHONE,
        ("com.apple.security.device.audio-input",),
        ("android.permission.RECORD_AUDIO",),
    ),
    "photo_library": Permission(
        _PHOTOS,
        _PHOTOS,
        ("com.apple.security.personal-information.photos-library",),
        ("android.permission.READ_MEDIA_VISUAL_USER_SELECTED",),
    ),
    "biometric": Permission(_FACE, _FACE),
}

ENTITLEMENTS: Mapping[str, bool] = {
    "com.apple.security.app-sandbox": False,
    "com.apple.security.cs.allow-jit": True,
    "com.apple.security.cs.allow-unsigned-executable-memory": True,
    "com.apple.security.network.client": True,
    "com.apple.security.network.server": True,
    "com.apple.security.files.user-selected.read-write": True,
}
"""What macOS lets every app do that is made with Flet."""

ANDROID_PERMISSIONS: Mapping[str, bool] = {"android.permission.INTERNET": True}

ANDROID_FEATURES: Mapping[str, bool] = {
    "android.software.leanback": False,
    "android.hardware.touchscreen": False,
}

GRADLE_PROPERTIES: Mapping[str, str] = {
    "org.gradle.jvmargs": "-Xmx8G -XX:MaxMetaspaceSize=4G "
    "-XX:ReservedCodeCacheSize=512m -XX:+HeapDumpOnOutOfMemoryError",
    "android.useAndroidX": "true",
}

PROGUARD_RULES = (
    "-keep class com.flet.serious_python_android.** { *; }",
    "-keepnames class * { *; }",
)
"""They keep the names by which Python finds Java's classes."""


def resolve(lookup: Lookup) -> dict[str, Any]:
    """The fields of `FlutterSettings` that say what a system is told."""
    android = lookup.of("android")
    chosen = _permissions(lookup)
    return {
        "permissions": chosen,
        "info_plist": _info_plist(lookup, chosen),
        "macos_entitlements": _entitlements(lookup.of("macos"), chosen),
        "android_permissions": _android_permissions(android, chosen),
        "android_features": _android_features(android, chosen),
        "android_meta_data": _android_meta_data(android),
        "android_gradle_properties": _scalars_over(
            android, GRADLE_PROPERTIES, "tool.flet.android.gradle_properties"
        ),
        "android_manifest_application": _scalars_over(
            android, {}, "tool.flet.android.manifest_application"
        ),
        "android_providers": _providers(android),
        **_proguard(android),
    }


# ---- Permissions by their plain names ---------------------------------------------------------


def _permissions(lookup: Lookup) -> list[str]:
    """Those that are known, in the order in which they were asked for."""
    heard = lookup if lookup.platform in ("android", "ios", "macos") else lookup.unheard()
    key = "tool.flet.permissions"
    asked = heard.texts("permissions", key)
    for name in asked:
        if name not in PERMISSIONS:
            heard.problems.append(_no_such_permission(heard, name, key))
    return [name for name in asked if name in PERMISSIONS]


def _no_such_permission(lookup: Lookup, name: str, key: str) -> Problem:
    near = difflib.get_close_matches(name.lower(), PERMISSIONS, 1, 0.5)
    return Problem(
        "permission-not-known",
        f"“{name}” is not a permission that is known for all systems",
        f"There are: {', '.join(PERMISSIONS)}. It is passed over.",
        f"Write “{near[0]}”."
        if near
        else "Write one of them, or name it in [tool.flet.android.permission], "
        "[tool.flet.ios.info] or [tool.flet.macos.entitlement].",
        "warn",
        where=lookup.where("permissions", key),
    )


# ---- Apple ------------------------------------------------------------------------------------


def _info_plist(lookup: Lookup, chosen: Sequence[str]) -> Table:
    is_apple = lookup.platform in ("ios", "macos")
    heard = lookup if is_apple else lookup.unheard()
    of_macos = lookup.platform == "macos"
    key = "tool.flet.macos.info" if of_macos else "tool.flet.ios.info"
    entries: Table = {}
    if is_apple:
        for name in chosen:
            permission = PERMISSIONS[name]
            entries |= permission.macos_info if of_macos else permission.ios_info
    return _plist_over(heard, entries, key, "info_plist")


def _entitlements(lookup: Lookup, chosen: Sequence[str]) -> Table:
    entries: Table = dict(ENTITLEMENTS)
    for name in chosen:
        entries |= dict.fromkeys(PERMISSIONS[name].entitlements, True)
    return _plist_over(lookup, entries, "tool.flet.macos.entitlement", "macos_entitlements")


def _plist_over(lookup: Lookup, entries: Table, key: str, name: str) -> Table:
    """`entries` with those of the file and of the command line over them."""
    wanted = "a text, a number, true, false, or a list or table of those"
    of_file = _checked(lookup, lookup.table(key), key, is_plist_value, wanted)
    given = {k: plist_value(v) for k, v in _pairs(lookup, name)}
    return {**merged(entries, of_file), **given}


def is_plist_value(value: object) -> bool:
    """Whether Apple's property lists can hold it, and the template write it."""
    if isinstance(value, list):
        return all(map(is_plist_value, value))
    if isinstance(value, Mapping):
        return all(map(is_plist_value, value.values()))
    return isinstance(value, (str, bool, int, float))


def plist_value(text: str) -> Any:
    """A value of the command line: true or false, what TOML takes it for, else the text itself."""
    text = text.strip()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        # Not TOML, or a number of thousands of digits: most texts are given without quotes.
        return text
    return value if is_plist_value(value) else text


# ---- Android ----------------------------------------------------------------------------------


def _android_permissions(lookup: Lookup, chosen: Sequence[str]) -> Table:
    key = "tool.flet.android.permission"
    entries: Table = dict(ANDROID_PERMISSIONS)
    for name in chosen:
        entries |= dict.fromkeys(PERMISSIONS[name].android, True)
    wanted = "true, false, or a table of attributes that are texts, numbers, true or false"
    of_file = _checked(lookup, lookup.table(key), key, _is_permission, wanted)
    return {**merged(entries, of_file), **_switches(lookup, "android_permissions")}


def _android_features(lookup: Lookup, chosen: Sequence[str]) -> Table:
    key = "tool.flet.android.feature"
    entries: Table = dict(ANDROID_FEATURES)
    for name in chosen:
        entries |= dict.fromkeys(PERMISSIONS[name].android_features, False)
    of_file = _checked(
        lookup, lookup.table(key), key, lambda value: isinstance(value, bool), "true or false"
    )
    return {**entries, **of_file, **_switches(lookup, "android_features")}


def _android_meta_data(lookup: Lookup) -> Table:
    of_file = _scalars_over(lookup, {}, "tool.flet.android.meta_data")
    return {**of_file, **dict(_pairs(lookup, "android_meta_data"))}


def _proguard(lookup: Lookup) -> dict[str, Any]:
    key = "tool.flet.android.proguard"
    keeps = lookup.flag("android_proguard_default_rules", True, f"{key}_default_rules")
    more = lookup.texts("android_proguard_rules", f"{key}_rules")
    return {
        "android_proguard_rules": [*(PROGUARD_RULES if keeps else ()), *more],
        "android_proguard_default_rules": keeps,
    }


def _providers(lookup: Lookup) -> dict[str, Table]:
    """Each with its attributes, truth written as XML has it; none that is switched off."""
    key = "tool.flet.android.provider"
    found = {}
    for name, value in lookup.table(key).items():
        if value is False or value == {}:
            continue
        wanted = "a table of attributes, or false to leave it out"
        if not isinstance(value, Mapping):
            lookup.problems.append(_wrong(lookup, key, (name,), value, wanted))
            continue
        found[name] = dict(_provider_attributes(lookup, key, name, value))
    return found


def _provider_attributes(
    lookup: Lookup, key: str, provider: str, attributes: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    for name, value in attributes.items():
        if name == "name":
            lookup.problems.append(_provider_is_named(lookup, key, provider))
        elif name == "meta_data":
            yield name, _provider_meta_data(lookup, key, provider, value)
        elif _is_scalar(value):
            yield name, _xml(value)
        else:
            lookup.problems.append(_wrong(lookup, key, (provider, name), value, _SCALAR))


def _provider_meta_data(lookup: Lookup, key: str, provider: str, value: object) -> Table:
    at = (provider, "meta_data")
    if not isinstance(value, Mapping):
        lookup.problems.append(_wrong(lookup, key, at, value, "a table of values"))
        return {}
    found: Table = {}
    for name, entry in value.items():
        if _is_scalar(entry):
            found[name] = _xml(entry)
        elif isinstance(entry, Mapping) and all(map(_is_scalar, entry.values())):
            found[name] = {attribute: _xml(said) for attribute, said in entry.items()}
        else:
            wanted = f"{_SCALAR}, or a table of attributes"
            lookup.problems.append(_wrong(lookup, key, (*at, name), entry, wanted))
    return found


def _provider_is_named(lookup: Lookup, key: str, provider: str) -> Problem:
    return Problem(
        "provider-named-twice",
        f"The provider {provider} has an attribute “name”",
        "Its name is already what stands before its attributes.",
        "Take “name” out of the attributes.",
        where=lookup.place(*key.split("."), provider, "name"),
    )


def _xml(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


# ---- What tables and pairs have in common -----------------------------------------------------

_SCALAR = "a text, a number, true or false"


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Table:
    """Both together: `above` wins, and tables in both are merged in turn."""
    together = dict(below)
    for name, value in above.items():
        old = together.get(name)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        together[name] = merged(old, value) if both else value  # type: ignore[arg-type]
    return together


def is_json_value(value: object) -> bool:
    """Whether JSON can say it."""
    if isinstance(value, list):
        return all(map(is_json_value, value))
    if isinstance(value, Mapping):
        return all(map(is_json_value, value.values()))
    return isinstance(value, (str, bool, int)) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _is_scalar(value: object) -> bool:
    return isinstance(value, (str, bool, int, float))


def _is_permission(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_scalar, value.values()))
    return isinstance(value, bool)


def _scalars_over(lookup: Lookup, entries: Mapping[str, Any], key: str) -> Table:
    return {**entries, **_checked(lookup, lookup.table(key), key, _is_scalar, _SCALAR)}


def _checked(
    lookup: Lookup,
    values: Mapping[str, Any],
    key: str,
    is_right: Callable[[Any], bool],
    wanted: str,
) -> Table:
    """The entries of a table that are right; the others are problems."""
    for name, value in values.items():
        if not is_right(value):
            lookup.problems.append(_wrong(lookup, key, (name,), value, wanted))
    return {name: value for name, value in values.items() if is_right(value)}


def _wrong(lookup: Lookup, key: str, parts: Sequence[str], value: object, wanted: str) -> Problem:
    return Problem(
        "setting-wrong-type",
        f"{' / '.join(parts)} in [{key}] should be {wanted}",
        f"In pyproject.toml it is {pyproject.kind_of(value)}.",
        f"Write {value.lower()} behind it, without quotes."
        if isinstance(value, str) and value.lower() in ("true", "false")
        else f"Write {wanted} behind it.",
        where=lookup.place(*key.split("."), *parts),
    )


def _pairs(lookup: Lookup, name: str) -> Iterator[tuple[str, str]]:
    """What the command line gives as `name=value`."""
    for item in lookup.options.get(name) or ():
        before, equals, after = str(item).partition("=")
        if equals and before:
            yield before, after
        else:
            lookup.problems.append(_not_a_pair(lookup, name, str(item)))


def _switches(lookup: Lookup, name: str) -> dict[str, bool]:
    """The same where the value is true or false."""
    found = {}
    for before, after in _pairs(lookup, name):
        if after.strip().lower() in ("true", "false"):
            found[before] = after.strip().lower() == "true"
        else:
            lookup.problems.append(_not_a_switch(lookup, name, before, after))
    return found


def _not_a_pair(lookup: Lookup, name: str, item: str) -> Problem:
    flag = lookup.given_as(name)
    return Problem(
        "option-not-a-pair",
        f"“{item}” is not a name and a value",
        "Between the two stands an equals sign.",
        f"Write it as `{flag} {options.BY_NAME[name].example}`, for example.",
        where=flag,
    )


def _not_a_switch(lookup: Lookup, name: str, before: str, after: str) -> Problem:
    return Problem(
        "option-not-true-or-false",
        f"“{after}” is neither true nor false",
        f"{before} can only be on or off.",
        f"Write {before}=true or {before}=false.",
        where=lookup.given_as(name),
        fixes=(Fix("copy-true", "Copy it with true", "copy", {"text": f"{before}=true"}),),
    )
