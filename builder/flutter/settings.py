"""The settings that only Flutter's way needs, with the keys and defaults of `flet build` 1.0.5."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder import options as table
from builder import pyproject
from builder.flutter import native
from builder.lookup import Lookup
from builder.options import ARCHITECTURES, MACOS_DISTRIBUTIONS, PLATFORMS
from builder.problems import Fix, Problem


@dataclass(frozen=True)
class FlutterSettings:
    """Everything resolved for the platform of one target; empty where nothing was asked for."""

    artifact: str = ""  # name of the executable or bundle on disk; as given, may hold spaces
    template: str = ""  # folder, zip, git address or gh:owner/name; "" for the official one
    template_ref: str = ""
    template_dir: str = ""

    target_arch: Sequence[str] = ()  # empty for all that the Python of the release has
    dependencies: Sequence[str] = ()  # [tool.flet.<platform>] dependencies, besides the project's
    dev_packages: Mapping[str, str] = field(default_factory=dict)  # package -> folder or address
    source_packages: Sequence[str] = ()
    compile_app: bool = True
    compile_packages: bool = True
    cleanup_app: bool = False  # true as well where files to clean up are named
    cleanup_packages: bool = True
    cleanup_app_files: Sequence[str] = ()
    cleanup_package_files: Sequence[str] = ()
    swift_package_manager: bool = True

    build_args: Sequence[str] = ()  # for `flutter build`: those of the file, then the given ones
    pubspec: Mapping[str, Any] = field(default_factory=dict)  # [tool.flet.flutter.pubspec]
    verbose: int = 0

    no_cdn: bool = False
    no_wasm: bool = False

    split_per_abi: bool = False
    android_legacy_packaging: bool = False
    android_extract_packages: Sequence[str] = ()
    android_permissions: Mapping[str, Any] = field(default_factory=dict)
    android_features: Mapping[str, bool] = field(default_factory=dict)
    android_meta_data: Mapping[str, Any] = field(default_factory=dict)
    android_gradle_properties: Mapping[str, Any] = field(default_factory=dict)
    android_manifest_application: Mapping[str, Any] = field(default_factory=dict)
    android_proguard_rules: Sequence[str] = ()  # with Flet's own, unless they are switched off
    android_proguard_default_rules: bool = True
    android_providers: Mapping[str, Any] = field(default_factory=dict)
    android_min_sdk_version: int | None = None  # this and the next: the template asks the file
    android_target_sdk_version: int | None = None
    android_key_store: str = ""  # path as given; passwords never come here
    android_key_alias: str = ""  # empty where there is no key store

    permissions: Sequence[str] = ()  # by their plain names; they are in the tables already
    info_plist: Mapping[str, Any] = field(default_factory=dict)
    macos_entitlements: Mapping[str, Any] = field(default_factory=dict)
    macos_distribution: str = "none"
    macos_signing_identity: str = ""
    macos_installer_identity: str = ""
    macos_notary_profile: str = ""
    macos_provisioning_profile: str = ""
    ios_export_method: str = "debugging"
    ios_export_methods: Mapping[str, Any] = field(default_factory=dict)
    ios_export_options: Mapping[str, Any] = field(default_factory=dict)
    ios_provisioning_profile: str = ""
    ios_signing_certificate: str = ""
    ios_team_id: str = ""

    deep_linking_scheme: str = ""
    deep_linking_host: str = ""
    linux_categories: Sequence[str] = ("Utility",)
    hide_window_on_start: bool = False  # the template asks the file
    boot_screen: str = "flet"
    boot_screen_options: Mapping[str, Any] = field(default_factory=dict)


def resolve(lookup: Lookup, default_artifact: str) -> FlutterSettings:
    """The settings of a build for the platform of `lookup`, which notes what is wrong with them.

    Keys of other platforms are read, for the template is given them all, but stop no build.
    """
    return FlutterSettings(
        artifact=lookup.text("artifact", *lookup.keys("artifact")) or default_artifact,
        **_template(lookup),
        **_packages(lookup),
        **_clean_up(lookup),
        **_flutter(lookup),
        **_web(lookup.of("web")),
        **_android(lookup.of("android")),
        **native.resolve(lookup),
        **_macos(lookup.of("macos")),
        **_ios(lookup.of("ios")),
        **_links(lookup),
        linux_categories=_linux_categories(lookup.of("linux")),
        **_start(lookup),
    )


_STORE_PASSWORD = table.BY_NAME["android_key_store_password"]
_KEY_PASSWORD = table.BY_NAME["android_key_password"]


def signing_secrets(options: Mapping[str, Any]) -> dict[str, str]:
    """The passwords for signing an Android app, as variables for Flutter's environment.

    From the options of a build, else from our own environment; either stands in for the other.
    Empty where there are none. Not a part of the settings, so that they come into no stamp.
    """
    store = _secret(options, _STORE_PASSWORD)
    key = _secret(options, _KEY_PASSWORD)
    if not store and not key:
        return {}
    return {_STORE_PASSWORD.env: store or key, _KEY_PASSWORD.env: key or store}


def _secret(options: Mapping[str, Any], option: table.Option) -> str:
    return str(options.get(option.name) or "") or os.environ.get(option.env, "")


# ---- The template, packages, Flutter ----------------------------------------------------------


def _template(lookup: Lookup) -> dict[str, Any]:
    names = ("template", "template_ref", "template_dir")
    return {name: lookup.text(name, *lookup.keys(name)) for name in names}


def _packages(lookup: Lookup) -> dict[str, Any]:
    return {
        "target_arch": _target_arch(lookup),
        "dependencies": lookup.texts("dependencies", *lookup.keys("dependencies")),
        "dev_packages": _dev_packages(lookup),
        "source_packages": lookup.texts("source_packages", *lookup.keys("source_packages")),
        **{name: _flag(lookup, name, True) for name in ("compile_app", "compile_packages")},
        "swift_package_manager": _flag(
            lookup if lookup.platform in ("ios", "macos") else lookup.unheard(),
            "swift_package_manager",
            True,
        ),
    }


def _flag(lookup: Lookup, name: str, default: bool) -> bool:
    return lookup.flag(name, default, *lookup.keys(name))


def _target_arch(lookup: Lookup) -> list[str]:
    keys = lookup.keys("target_arch")
    asked = lookup.text_or_texts("target_arch", *keys)
    there_are = ARCHITECTURES.get(lookup.platform)
    if there_are is None:
        return asked  # handed on as it is: the packager knows
    for wrong in [one for one in asked if one not in there_are]:
        lookup.problems.append(_no_such_arch(lookup, wrong, there_are, keys))
    return [one for one in asked if one in there_are]


_ARCH_MEANT = {
    "arm64": "arm64-v8a", "aarch64": "arm64-v8a", "arm64_v8a": "arm64-v8a", "arm": "armeabi-v7a",
    "armv7": "armeabi-v7a", "x64": "x86_64", "amd64": "x86_64", "arm64-v8a": "arm64",
}  # fmt: skip


def _no_such_arch(
    lookup: Lookup, wrong: str, there_are: Sequence[str], keys: Sequence[str]
) -> Problem:
    meant = _ARCH_MEANT.get(wrong.lower(), "")
    key = next((k for k in keys if pyproject.get(lookup.pyproject, k) is not None), keys[0])
    gone = "No app for it can be made any more. " if wrong == "x86" else ""
    return Problem(
        "arch-not-known",
        f"“{wrong}” is not a kind of processor that {PLATFORMS[lookup.platform]} apps have",
        f"{gone}There are: {', '.join(there_are)}.",
        f"Write “{meant}”." if meant in there_are else "Write one of them, or leave it out.",
        where=lookup.where("target_arch", key),
    )


def _dev_packages(lookup: Lookup) -> dict[str, str]:
    found = {}
    for key in lookup.keys("dev_packages"):
        if pyproject.get(lookup.pyproject, key) is None:
            continue
        for name, place in lookup.table(key).items():
            if isinstance(place, str):
                found[name] = place
            else:
                lookup.wrong_type(f"{key}.{name}", place, "a folder or an address, in quotes")
        break  # a platform's table stands in for the one for all, even when it is empty
    return found


def _clean_up(lookup: Lookup) -> dict[str, Any]:
    """Naming files to clean up switches the clean-up on."""
    found: dict[str, Any] = {}
    for what, files_of, default in (
        ("cleanup_app", "cleanup_app_files", False),
        ("cleanup_packages", "cleanup_package_files", True),
    ):
        named = lookup.text_or_texts(files_of, *lookup.keys(files_of), separator=",")
        found[what] = _flag(lookup, what, default) or bool(named)
        found[files_of] = [pattern.strip() for pattern in named if pattern.strip()]
    return found


def _flutter(lookup: Lookup) -> dict[str, Any]:
    of_file = lookup.unasked().texts("build_args", *lookup.keys("build_args"))
    given = [str(word) for word in lookup.options.get("build_args") or ()]
    pubspec = lookup.table("tool.flet.flutter.pubspec")
    for name in ("dependencies", "dependency_overrides", "dev_dependencies"):
        lookup.table(f"tool.flet.flutter.pubspec.{name}")
    is_known = native.is_json_value(pubspec)
    if not is_known:
        lookup.problems.append(_no_date(lookup, "tool.flet.flutter.pubspec"))
    return {
        "build_args": [*of_file, *given],
        "pubspec": pubspec if is_known else {},
        "verbose": int(lookup.options.get("verbose") or 0),
    }


def _no_date(lookup: Lookup, key: str) -> Problem:
    return Problem(
        "setting-wrong-type",
        f"[{key}] holds a date, a time or a number without end",
        "Only texts, numbers, true, false, lists and tables can be handed on.",
        "Write it in quotes, as a text.",
        where=lookup.place(*key.split(".")),
    )


def _web(lookup: Lookup) -> dict[str, Any]:
    """The file says what is used, the options what is not."""
    return {
        "no_cdn": bool(lookup.options.get("no_cdn"))
        or not lookup.unasked().flag("no_cdn", True, "tool.flet.web.cdn"),
        "no_wasm": bool(lookup.options.get("no_wasm"))
        or not lookup.unasked().flag("no_wasm", True, "tool.flet.web.wasm"),
    }


# ---- The systems ------------------------------------------------------------------------------


def _android(lookup: Lookup) -> dict[str, Any]:
    key = "tool.flet.android"
    store, alias = _text(lookup, "android_key_store"), _text(lookup, "android_key_alias")
    return {
        **{
            name: _flag(lookup, name, False)
            for name in ("split_per_abi", "android_legacy_packaging")
        },
        "android_extract_packages": lookup.texts(
            "android_extract_packages", *lookup.per_platform("extract_packages")
        ),
        "android_min_sdk_version": lookup.number(f"{key}.min_sdk_version"),
        "android_target_sdk_version": lookup.number(f"{key}.target_sdk_version"),
        "android_key_store": store,
        "android_key_alias": (alias or "upload") if store else "",
    }


def _text(lookup: Lookup, name: str) -> str:
    return lookup.text(name, *lookup.keys(name), env=table.BY_NAME[name].env)


def _ios(lookup: Lookup) -> dict[str, Any]:
    """What stands under the chosen export method goes before what stands for all of them."""
    method = lookup.text("ios_export_method", "tool.flet.ios.export_method") or "debugging"
    methods = lookup.table("tool.flet.ios.export_methods")
    of_method = _of_method(lookup, methods, method)
    found: dict[str, Any] = {"ios_export_method": method, "ios_export_methods": methods}
    for name in ("provisioning_profile", "signing_certificate", "team_id"):
        option = f"ios_{name}"
        given = lookup.options.get(option)
        found[option] = str(
            given or _own_text(lookup, of_method, method, name)
        ) or lookup.unasked().text(option, f"tool.flet.ios.{name}")
    found["ios_export_options"] = _export_options(lookup, of_method, method)
    return found


def _of_method(lookup: Lookup, methods: Mapping[str, Any], method: str) -> Mapping[str, Any]:
    own = methods.get(method)
    if own is None or isinstance(own, Mapping):
        return own or {}
    lookup.wrong_type(f"tool.flet.ios.export_methods.{method}", own, "a table of settings")
    return {}


def _own_text(lookup: Lookup, of_method: Mapping[str, Any], method: str, name: str) -> str:
    value = of_method.get(name)
    if value is None or isinstance(value, str):
        return value or ""
    lookup.wrong_type(f"tool.flet.ios.export_methods.{method}.{name}", value, "a text in quotes")
    return ""


def _export_options(lookup: Lookup, of_method: Mapping[str, Any], method: str) -> Mapping[str, Any]:
    own = of_method.get("export_options")
    key = "tool.flet.ios.export_options"
    if own:
        key = f"tool.flet.ios.export_methods.{method}.export_options"
    found = lookup.table(key)
    if native.is_plist_value(found):
        return found
    lookup.problems.append(_no_date(lookup, key))
    return {}


_SIGNING = "tool.flet.macos.signing"


def _macos(lookup: Lookup) -> dict[str, Any]:
    lookup.table(_SIGNING)
    lane = lookup.choice(
        "macos_distribution", [f"{_SIGNING}.distribution"], MACOS_DISTRIBUTIONS, "none"
    )
    _check_lanes(lookup)
    # A notary is asked on one lane only, and a store needs the other two.
    lanes = {
        "identity": lane,
        "installer_identity": "app-store",
        "notary_profile": "developer-id",
        "provisioning_profile": "app-store",
    }
    found = {"macos_distribution": lane}
    for name, of_lane in lanes.items():
        option = "macos_signing_identity" if name == "identity" else f"macos_{name}"
        keys = [f"{_SIGNING}.{name}"]
        if of_lane != "none":
            keys.insert(0, f"{_SIGNING}.{of_lane}.{name}")
        found[option] = lookup.text(option, *keys, env=table.BY_NAME[option].env)
    return found


def _check_lanes(lookup: Lookup) -> None:
    """A table of a lane that does not exist would be passed over without a word."""
    signing = pyproject.get(lookup.pyproject, _SIGNING)
    if not isinstance(signing, Mapping):
        return
    lanes = MACOS_DISTRIBUTIONS[1:]
    for name, value in signing.items():
        if isinstance(value, Mapping) and name not in lanes:
            near = difflib.get_close_matches(name.replace("_", "-"), lanes, 1)
            lookup.problems.append(
                Problem(
                    "macos-lane-not-known",
                    f"[{_SIGNING}.{name}] is for a way of distribution that there is not",
                    f"There are: {', '.join(lanes)}. What is for all stands in [{_SIGNING}].",
                    f"Call it [{_SIGNING}.{near[0]}]." if near else "Move or remove it.",
                    where=lookup.place(*_SIGNING.split("."), name),
                )
            )


def _linux_categories(lookup: Lookup) -> list[str]:
    asked = lookup.text_or_texts("linux_categories", "tool.flet.linux.categories")
    return [category for category in asked if category.strip()] or ["Utility"]


# ---- Links and the start ----------------------------------------------------------------------


def _links(lookup: Lookup) -> dict[str, Any]:
    """A scheme and a host, which count only together."""
    is_phone = lookup.platform in ("android", "ios")
    heard = lookup if is_phone else lookup.unheard()
    own = f"tool.flet.{lookup.platform}.deep_linking" if is_phone else "tool.flet.deep_linking"
    options = [str(lookup.options.get(f"deep_linking_{name}") or "") for name in _LINK]
    of_file = [heard.unasked().text(f"deep_linking_{name}", f"{own}.{name}") for name in _LINK]
    scheme, host = options if all(options) else of_file
    if any(options) != all(options):
        heard.problems.append(_half_a_link("the options", "--deep-linking-scheme"))
    elif bool(scheme) != bool(host):
        heard.problems.append(_half_a_link(f"[{own}]", heard.place(*own.split("."))))
    if is_phone and not scheme and not host:
        _check_link_for_all(heard, own)
    return {"deep_linking_scheme": scheme, "deep_linking_host": host}


_LINK = ("scheme", "host")


def _half_a_link(place: str, where: str) -> Problem:
    return Problem(
        "link-half-given",
        f"Of the links that open the app, {place} give only one half",
        "A scheme and a host count only together, so no link will open the app.",
        "Give both: the scheme, such as https, and the host, such as mydomain.com.",
        "warn",
        where=where,
    )


def _check_link_for_all(lookup: Lookup, own: str) -> None:
    key = "tool.flet.deep_linking"
    given = {name: pyproject.get(lookup.pyproject, f"{key}.{name}") for name in _LINK}
    if not all(isinstance(value, str) and value for value in given.values()):
        return
    lookup.problems.append(
        Problem(
            "link-not-read",
            f"[{key}] is not read for {PLATFORMS[lookup.platform]}",
            "flet build 1.0.5 takes the links of a phone only from the table of its platform.",
            f"Write the same into [{own}].",
            "warn",
            where=lookup.place(*key.split(".")),
            fixes=(
                Fix(
                    "copy-links",
                    f"Write it into [{own}]",
                    "set",
                    {f"{own}.{name}": value for name, value in given.items()},
                ),
            ),
        )
    )


def _start(lookup: Lookup) -> dict[str, Any]:
    of_desktop = lookup if lookup.platform in ("linux", "macos", "windows") else lookup.unheard()
    return {
        "hide_window_on_start": _flag(of_desktop, "hide_window_on_start", False),
        **_boot_screen(lookup),
    }


def _boot_screen(lookup: Lookup) -> dict[str, Any]:
    """Its name and the table of that name; the platform's entries lie over those for all."""
    own, general = lookup.per_platform("boot_screen")
    screen = native.merged(lookup.table(general), lookup.table(own))
    name = screen.get("name", "flet")
    if not isinstance(name, str) or not name:
        lookup.wrong_type(_key_of(lookup, own, general, "name"), name, "the name of a screen")
        name = "flet"
    looks = screen.get(name) or {}
    key = _key_of(lookup, own, general, name)
    if not isinstance(looks, Mapping):
        lookup.wrong_type(key, looks, f"a table, as under [{key}]")
        looks = {}
    if not native.is_json_value(looks):
        lookup.problems.append(_no_date(lookup, key))
        looks = {}
    return {"boot_screen": name, "boot_screen_options": looks}


def _key_of(lookup: Lookup, own: str, general: str, name: str) -> str:
    is_own = pyproject.get(lookup.pyproject, f"{own}.{name}") is not None
    return f"{own if is_own else general}.{name}"
