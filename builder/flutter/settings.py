"""The settings that only Flutter's way needs, with the keys and defaults of `flet build` 1.0.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FlutterSettings:
    """Everything resolved for the platform of one target; empty where nothing was asked for."""

    artifact: str = ""  # name of the executable or bundle on disk; as given, may hold spaces
    template: str = ""  # folder, zip, git address or gh:owner/name; "" for the official one
    template_ref: str = ""
    template_dir: str = ""

    target_arch: Sequence[str] = ()  # "" of all that the Python of the release has
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

    build_args: Sequence[str] = ()  # for `flutter build`, from the file or the command line
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
    android_proguard_rules: Sequence[str] = ()
    android_providers: Mapping[str, Any] = field(default_factory=dict)
    android_key_store: str = ""  # path as given; passwords never come here
    android_key_alias: str = ""

    info_plist: Mapping[str, Any] = field(default_factory=dict)
    macos_entitlements: Mapping[str, Any] = field(default_factory=dict)
    macos_distribution: str = "none"
    macos_signing_identity: str = ""
    macos_installer_identity: str = ""
    macos_notary_profile: str = ""
    macos_provisioning_profile: str = ""
    ios_export_method: str = "debugging"
    ios_export_options: Mapping[str, Any] = field(default_factory=dict)
    ios_provisioning_profile: str = ""
    ios_signing_certificate: str = ""
    ios_team_id: str = ""

    deep_linking_scheme: str = ""
    deep_linking_host: str = ""
    linux_categories: Sequence[str] = ("Utility",)
    boot_screen: str = "flet"
    boot_screen_options: Mapping[str, Any] = field(default_factory=dict)
