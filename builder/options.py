"""The table of all settings of a build: what each is for, where it is written, who uses it.

The command line, the Options page and the table in the documentation are made from it. Names,
keys and defaults are those of `flet build` 1.0.5, besides what only Slipway knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from builder.images.style import IconFit, MacosStyle

Kind = Literal[
    "text", "number", "flag", "choice", "texts", "pairs", "table", "colour", "path", "secret"
]
"""`pairs` are `name=value` on the command line and a table in the file; `secret` is never saved."""

Group = Literal[
    "identity", "app", "packages", "web", "android", "apple", "ios", "macos", "linux",
    "desktop", "pictures", "permissions", "links", "signing", "flutter", "template", "run",
]  # fmt: skip

GROUPS: dict[Group, str] = {
    "identity": "Name and version",
    "app": "The app's files and its start",
    "permissions": "What the app may do",
    "links": "Links that open the app",
    "pictures": "Icons and splash screens",
    "packages": "Python and packages",
    "web": "Web site",
    "android": "Android",
    "apple": "Apple",
    "ios": "iPhone and iPad",
    "macos": "macOS",
    "linux": "Linux",
    "desktop": "App for this computer",
    "signing": "Signing for Android",
    "flutter": "Flutter",
    "template": "The app's frame",
    "run": "How a build runs",
}
"""The groups in the order in which they are shown, each with its title."""


@dataclass(frozen=True)
class Option:
    """One setting.

    `name` is its name in the options of `settings.resolve` and as attribute of `Settings` or
    `FlutterSettings`. `flag` is the option on the command line, "" where there is none; a `flag`
    kind may have an `off_flag` instead or besides. `key` is the key in `pyproject.toml`, below
    `[tool.flet.<platform>]` as well when `per_platform`; one that has `<platform>` in it stands
    only there. `is_inverted`: the key is true where the setting is off. `platforms` are those that
    use it, empty for all. `default` is shown to people. `choices` of a `texts` kind may be taken
    together. `is_simple` ones come first on the Options page. `example` is a value as one types it.
    """

    name: str
    kind: Kind
    group: Group
    meaning: str
    flag: str = ""
    off_flag: str = ""
    key: str = ""
    platforms: Sequence[str] = ()
    per_platform: bool = False
    choices: Sequence[str] = ()
    default: str = ""
    env: str = ""
    is_simple: bool = False
    is_inverted: bool = False
    example: str = ""


_ANDROID = ("android",)
_IOS = ("ios",)
_MACOS = ("macos",)
_APPLE = ("ios", "macos")
_PHONES = ("android", "ios")
_DESKTOP = ("linux", "macos", "windows")
_WITH_ID = ("android", "ios", "linux", "macos")
_WITH_SPLASH = ("android", "ios", "web")
_WEB = ("web",)
_LINUX = ("linux",)

PLATFORMS = {
    "android": "Android",
    "ios": "iOS",
    "linux": "Linux",
    "macos": "macOS",
    "web": "Web",
    "windows": "Windows",
}
"""What a platform is called to people, by its name in `[tool.flet.<platform>]`."""

ROUTE_URL_STRATEGIES = ("path", "hash")
WEB_RENDERERS = ("auto", "canvaskit", "skwasm")
WEB_FONTS = (
    "arabic", "armenian", "bengali", "chinese-simplified", "chinese-traditional", "devanagari",
    "emoji", "ethiopic", "georgian", "gujarati", "gurmukhi", "hebrew", "japanese", "kannada",
    "khmer", "korean", "lao", "malayalam", "myanmar", "oriya", "sinhala", "tamil", "telugu",
    "thaana", "thai",
)  # fmt: skip
PERMISSIONS = ("location", "camera", "microphone", "photo_library", "biometric")
CLIENTS = ("auto", "native", "browser")
MACOS_DISTRIBUTIONS = ("none", "developer-id", "app-store")
ARCHITECTURES = {
    "android": ("arm64-v8a", "armeabi-v7a", "x86_64"),
    "macos": ("arm64", "x86_64"),
}
"""The kinds of processor that an app can be made for, by platform."""

_IDENTITY = (
    Option(
        "product", "text", "identity",
        "The app's name for people: below its icon, in window titles, in the stores.",
        "--product", key="tool.flet.product", default="the project's name", example="My App",
    ),
    Option(
        "project", "text", "identity",
        "The project's name for machines. Files and the bundle ID are named after it.",
        "--project", key="project.name", default="the folder's name", example="my-app",
    ),
    Option(
        "artifact", "text", "identity",
        "The name of the finished program or file on the disk.",
        "--artifact", key="tool.flet.artifact", per_platform=True, default="the project's name",
        example="my-app",
    ),
    Option(
        "description", "text", "identity",
        "What the app is, in one sentence.",
        "--description", key="project.description", example="Counts what you like",
    ),
    Option(
        "org", "text", "identity",
        "Who makes the app, as an internet domain with its end first; the bundle ID begins so.",
        "--org", key="tool.flet.org", per_platform=True, default="com.flet",
        example="com.mycompany",
    ),
    Option(
        "bundle_id", "text", "identity",
        "The app's identity in systems and stores. Once an app is published it can never change.",
        "--bundle-id", key="tool.flet.bundle_id", platforms=_WITH_ID, per_platform=True,
        default="the organisation and the project's name", example="com.mycompany.my-app",
    ),
    Option(
        "company", "text", "identity",
        "Who makes the app, for people: in the file's details and the About window.",
        "--company", key="tool.flet.company", example="My Company",
    ),
    Option(
        "copyright", "text", "identity",
        "The copyright line in the file's details and the About window.",
        "--copyright", key="tool.flet.copyright", example="© 2026 My Company",
    ),
    Option(
        "build_number", "number", "identity",
        "A whole number that must grow with each release; the stores tell releases apart by it.",
        "--build-number", key="tool.flet.build_number", default="1", example="7",
    ),
    Option(
        "build_version", "text", "identity",
        "The version that people see.",
        "--build-version", key="project.version", default="1.0.0", example="1.2.3",
    ),
)  # fmt: skip

_APP = (
    Option(
        "module", "text", "app",
        "The Python file that starts the app, without its ending.",
        "--module-name", key="tool.flet.app.module", default="main", example="main",
    ),
    Option(
        "app_path", "path", "app",
        "The folder of the app's files, when they do not lie in the project's folder itself.",
        key="tool.flet.app.path", default="the project's folder", example="src",
    ),
    Option(
        "exclude", "texts", "app",
        "Files and folders that stay out of the app, as paths below the app's folder.",
        "--exclude", key="tool.flet.app.exclude", per_platform=True, example="notes.txt",
    ),
    Option(
        "include", "texts", "app",
        "Files and folders that are packed although they would stay out by themselves, "
        "such as hidden ones.",
        "--include", key="tool.flet.app.include", per_platform=True, example=".env",
    ),
    Option(
        "default_excludes", "flag", "app",
        "Leave out what an app rarely needs: hidden files, virtual environments, caches.",
        off_flag="--no-default-excludes", key="tool.flet.app.default_excludes",
        per_platform=True, default="on",
    ),
    Option(
        "flask_app", "text", "app",
        "Where the app of a Flask project is: the module and the name in it.",
        key="tool.slipway.flask.app", default="found in the code", example="shop:create_app()",
    ),
    Option(
        "hide_window_on_start", "flag", "app",
        "Start with the window hidden, so that the app can place and fill it before it is seen.",
        key="tool.flet.app.hide_window_on_start", platforms=_DESKTOP, per_platform=True,
        default="off", is_simple=True,
    ),
    Option(
        "boot_screen", "text", "app",
        "Which screen is shown while Python starts: Flet's own, or one that a package brings.",
        key="tool.flet.boot_screen.name", per_platform=True, default="flet", example="flet",
    ),
    Option(
        "boot_screen_options", "table", "app",
        "How that screen looks: colours, the size of its spinner, the text below it. The key ends "
        "with the name of the screen.",
        key="tool.flet.boot_screen.flet", per_platform=True,
        example='startup_message = "Starting up…"',
    ),
)  # fmt: skip

_PACKAGES = (
    Option(
        "python_version", "text", "packages",
        "The Python that is packed into the app.",
        "--python-version", default="the newest that fits requires-python", example="3.14",
    ),
    Option(
        "requires_python", "text", "packages",
        "The Python versions that the project works with.",
        key="project.requires-python", example=">=3.12",
    ),
    Option(
        "dependencies", "texts", "packages",
        "Packages that the app needs on this platform only, besides the project's own.",
        key="tool.flet.<platform>.dependencies", example="plyer>=2.1",
    ),
    Option(
        "dev_packages", "table", "packages",
        "Packages to take from a folder or an address instead of the package index, while you work "
        "on them.",
        key="tool.flet.dev_packages", per_platform=True, example='my-package = "../my-package"',
    ),
    Option(
        "source_packages", "texts", "packages",
        "Packages that may be built from their sources where there is no ready-made file. Phones "
        "and the web take only ready-made files otherwise.",
        "--source-packages", key="tool.flet.source_packages", per_platform=True,
        example="kivy-garden",
    ),
    Option(
        "target_arch", "texts", "packages",
        "The kinds of processor that the app is made for. Fewer make it smaller.",
        "--arch", key="tool.flet.target_arch", platforms=("android", "macos"), per_platform=True,
        choices=("arm64-v8a", "armeabi-v7a", "x86_64", "arm64"), default="all that there are",
        example="arm64-v8a",
    ),
    Option(
        "compile_app", "flag", "packages",
        "Pack the app's Python files compiled: it starts faster and shows less of its source.",
        "--compile-app", "--no-compile-app", "tool.flet.compile.app", per_platform=True,
        default="on",
    ),
    Option(
        "compile_packages", "flag", "packages",
        "Pack the Python files of the packages compiled: the app starts faster.",
        "--compile-packages", "--no-compile-packages", "tool.flet.compile.packages",
        per_platform=True, default="on",
    ),
    Option(
        "cleanup_app", "flag", "packages",
        "Leave out files of the app that only development needs, such as C sources.",
        "--cleanup-app", key="tool.flet.cleanup.app", per_platform=True, default="off",
    ),
    Option(
        "cleanup_app_files", "texts", "packages",
        "More files of the app to leave out, as patterns. Turns the clean-up of the app on.",
        "--cleanup-app-files", key="tool.flet.cleanup.app_files", per_platform=True,
        example="**/*.psd",
    ),
    Option(
        "cleanup_packages", "flag", "packages",
        "Leave out files of the packages that only development needs, such as C headers.",
        "--cleanup-packages", key="tool.flet.cleanup.packages", per_platform=True, default="on",
    ),
    Option(
        "cleanup_package_files", "texts", "packages",
        "More files of the packages to leave out, as patterns. Turns the clean-up of packages on.",
        "--cleanup-package-files", key="tool.flet.cleanup.package_files", per_platform=True,
        example="**/tests",
    ),
)  # fmt: skip

_WEB_SITE = (
    Option(
        "base_url", "text", "web",
        "The path on the server at which the site will lie.",
        "--base-url", key="tool.flet.web.base_url", platforms=_WEB, default="/",
        is_simple=True, example="/my-app/",
    ),
    Option(
        "route_url_strategy", "choice", "web",
        "How the pages of the app are written in the address: /store needs a server that answers "
        "every address with the app, /#/store works on any.",
        "--route-url-strategy", key="tool.flet.web.route_url_strategy", platforms=_WEB,
        choices=ROUTE_URL_STRATEGIES, default="path", env="FLET_WEB_ROUTE_URL_STRATEGY",
        is_simple=True,
    ),
    Option(
        "web_renderer", "choice", "web",
        "How the browser draws the app. canvaskit is fastest for apps in Python.",
        "--web-renderer", key="tool.flet.web.renderer", platforms=_WEB, choices=WEB_RENDERERS,
        default="canvaskit", env="FLET_WEB_RENDERER",
    ),
    Option(
        "no_cdn", "flag", "web",
        "Pack all that the browser loads into the site, instead of loading Python, fonts and the "
        "drawing engine from servers of others.",
        "--no-cdn", key="tool.flet.web.cdn", platforms=_WEB, default="off", is_simple=True,
        is_inverted=True,
    ),
    Option(
        "no_wasm", "flag", "web",
        "Do not make the WebAssembly form of the app's frame, which only some renderers use.",
        "--no-wasm", key="tool.flet.web.wasm", platforms=_WEB, default="off", is_inverted=True,
    ),
    Option(
        "pwa_short_name", "text", "web",
        "The name below the icon when people install the site as an app.",
        "--pwa-short-name", key="tool.flet.web.pwa_short_name", platforms=_WEB,
        default="the product name", example="My App",
    ),
    Option(
        "pwa_theme_color", "colour", "web",
        "The colour of the window's frame when people install the site as an app.",
        "--pwa-theme-color", key="tool.flet.web.pwa_theme_color", platforms=_WEB,
        example="#0b6e99",
    ),
    Option(
        "pwa_background_color", "colour", "web",
        "The colour that an installed site shows while it loads.",
        "--pwa-background-color", key="tool.flet.web.pwa_background_color", platforms=_WEB,
        default="the splash colour", example="#ffffff",
    ),
    Option(
        "web_fonts", "texts", "web",
        "Scripts whose fonts are packed along, so that the site needs no other server for them.",
        "--web-fonts", key="tool.slipway.web.fonts", platforms=_WEB, choices=WEB_FONTS,
        example="japanese",
    ),
)  # fmt: skip

_ON_ANDROID = (
    Option(
        "split_per_abi", "flag", "android",
        "One file per phone type, each smaller, instead of one that fits all.",
        "--split-per-abi", key="tool.flet.android.split_per_abi", platforms=_ANDROID,
        default="off", is_simple=True,
    ),
    Option(
        "android_legacy_packaging", "flag", "android",
        "A smaller file to send, for more room on the phone and a slower start: its libraries are "
        "packed, and unpacked when it is installed.",
        "--android-legacy-packaging", "--no-android-legacy-packaging",
        "tool.flet.android.legacy_packaging", platforms=_ANDROID, default="off",
    ),
    Option(
        "android_extract_packages", "texts", "android",
        "Packages that must lie as files on the phone, because they read data beside their code.",
        "--android-extract-packages", key="tool.flet.android.extract_packages",
        platforms=_ANDROID, example="matplotlib",
    ),
    Option(
        "android_min_sdk_version", "number", "android",
        "The oldest Android that can install the app, as its API level.",
        key="tool.flet.android.min_sdk_version", platforms=_ANDROID,
        default="what Flutter asks for", example="24",
    ),
    Option(
        "android_target_sdk_version", "number", "android",
        "The Android that the app was made for, as its API level. Google Play asks for a new one "
        "every year.",
        key="tool.flet.android.target_sdk_version", platforms=_ANDROID,
        default="what Flutter asks for", example="36",
    ),
    Option(
        "android_meta_data", "pairs", "android",
        "Values that packages look up in the app's manifest, such as the ID for advertisements.",
        "--android-meta-data", key="tool.flet.android.meta_data", platforms=_ANDROID,
        example="com.google.android.gms.ads.APPLICATION_ID=ca-app-pub-1",
    ),
    Option(
        "android_manifest_application", "table", "android",
        "More attributes of the application in the manifest, for those who know Android.",
        key="tool.flet.android.manifest_application", platforms=_ANDROID,
        example='usesCleartextTraffic = "true"',
    ),
    Option(
        "android_providers", "table", "android",
        "Content providers that a package needs in the manifest, each a table of attributes.",
        key="tool.flet.android.provider", platforms=_ANDROID,
        example='"com.example.Provider" = { authorities = "com.example", exported = false }',
    ),
    Option(
        "android_gradle_properties", "table", "android",
        "Settings of Gradle, the tool that puts Android apps together: less memory, for example.",
        key="tool.flet.android.gradle_properties", platforms=_ANDROID,
        example='"org.gradle.jvmargs" = "-Xmx4G"',
    ),
    Option(
        "android_proguard_rules", "texts", "android",
        "Rules for what Android's shrinker must keep, when an app misses Java classes.",
        key="tool.flet.android.proguard_rules", platforms=_ANDROID,
        example="-keep class com.example.** { *; }",
    ),
    Option(
        "android_proguard_default_rules", "flag", "android",
        "Keep Flet's own rules for the shrinker as well.",
        key="tool.flet.android.proguard_default_rules", platforms=_ANDROID, default="on",
    ),
)  # fmt: skip

_SIGNING = (
    Option(
        "android_key_store", "path", "signing",
        "The file with the key that signs the app. Without one the app is signed for tests only, "
        "and Google Play refuses it.",
        "--android-signing-key-store", key="tool.flet.android.signing.key_store",
        platforms=_ANDROID, env="FLET_ANDROID_SIGNING_KEY_STORE", example="upload.jks",
    ),
    Option(
        "android_key_alias", "text", "signing",
        "The name of the key in that file.",
        "--android-signing-key-alias", key="tool.flet.android.signing.key_alias",
        platforms=_ANDROID, default="upload", env="FLET_ANDROID_SIGNING_KEY_ALIAS",
        example="upload",
    ),
    Option(
        "android_key_store_password", "secret", "signing",
        "The password of that file; that of the key where none is given.",
        "--android-signing-key-store-password", platforms=_ANDROID,
        env="FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD",
    ),
    Option(
        "android_key_password", "secret", "signing",
        "The password of the key; that of the file where none is given.",
        "--android-signing-key-password", platforms=_ANDROID,
        env="FLET_ANDROID_SIGNING_KEY_PASSWORD",
    ),
)  # fmt: skip

_ON_APPLE = (
    Option(
        "info_plist", "pairs", "apple",
        "Entries of Info.plist, the file in which an Apple app tells about itself: why it wants to "
        "use the camera, for example.",
        "--info-plist", key="tool.flet.<platform>.info", platforms=_APPLE,
        example="NSCameraUsageDescription=Scans receipts",
    ),
    Option(
        "swift_package_manager", "flag", "apple",
        "Bring Python in with Apple's package manager. Off only where it is off in Flutter, too.",
        "--swift-package-manager", "--no-swift-package-manager",
        "tool.flet.swift_package_manager", platforms=_APPLE, per_platform=True, default="on",
    ),
    Option(
        "ios_team_id", "text", "ios",
        "Your team's ID at Apple, ten letters and digits.",
        "--ios-team-id", key="tool.flet.ios.team_id", platforms=_IOS, example="A1B2C3D4E5",
    ),
    Option(
        "ios_export_method", "text", "ios",
        "What the file is for: debugging, release-testing, app-store-connect or enterprise.",
        "--ios-export-method", key="tool.flet.ios.export_method", platforms=_IOS,
        default="debugging", example="app-store-connect",
    ),
    Option(
        "ios_provisioning_profile", "text", "ios",
        "The name or UUID of Apple's permit for the app. Without it there is no .ipa file, only an "
        "archive for Xcode.",
        "--ios-provisioning-profile", key="tool.flet.ios.provisioning_profile", platforms=_IOS,
        example="My App Store profile",
    ),
    Option(
        "ios_signing_certificate", "text", "ios",
        "The certificate that signs the app: its name, or its fingerprint.",
        "--ios-signing-certificate", key="tool.flet.ios.signing_certificate", platforms=_IOS,
        example="Apple Distribution",
    ),
    Option(
        "ios_export_methods", "table", "ios",
        "Other values of profile, certificate, team and export options for each export method.",
        key="tool.flet.ios.export_methods", platforms=_IOS,
        example='app-store-connect = { provisioning_profile = "My App Store profile" }',
    ),
    Option(
        "ios_export_options", "table", "ios",
        "More entries for Xcode's list of export options.",
        key="tool.flet.ios.export_options", platforms=_IOS, example="uploadSymbols = false",
    ),
    Option(
        "macos_entitlements", "pairs", "macos",
        "What macOS lets the app do, such as using the microphone.",
        "--macos-entitlements", key="tool.flet.macos.entitlement", platforms=_MACOS,
        example="com.apple.security.device.camera=true",
    ),
    Option(
        "macos_distribution", "choice", "macos",
        "How the app will reach people: none for yourself, developer-id from your web site, "
        "app-store through Apple's store.",
        "--macos-distribution", key="tool.flet.macos.signing.distribution", platforms=_MACOS,
        choices=MACOS_DISTRIBUTIONS, default="none", is_simple=True,
    ),
    Option(
        "macos_signing_identity", "text", "macos",
        "The certificate that signs the app: its name, its fingerprint, or - for none.",
        "--macos-signing-identity", key="tool.flet.macos.signing.identity", platforms=_MACOS,
        env="FLET_MACOS_SIGNING_IDENTITY", example="Developer ID Application: My Company",
    ),
    Option(
        "macos_installer_identity", "text", "macos",
        "The certificate that signs the installer for the App Store.",
        "--macos-installer-identity", key="tool.flet.macos.signing.installer_identity",
        platforms=_MACOS, env="FLET_MACOS_INSTALLER_IDENTITY",
        example="3rd Party Mac Developer Installer: My Company",
    ),
    Option(
        "macos_notary_profile", "text", "macos",
        "The name under which the keychain knows your account at Apple's notary service.",
        "--macos-notary-profile", key="tool.flet.macos.signing.notary_profile", platforms=_MACOS,
        env="FLET_MACOS_NOTARY_PROFILE", example="my-notary-profile",
    ),
    Option(
        "macos_provisioning_profile", "path", "macos",
        "The file of Apple's permit for the app, for the App Store.",
        "--macos-provisioning-profile", key="tool.flet.macos.signing.provisioning_profile",
        platforms=_MACOS, env="FLET_MACOS_PROVISIONING_PROFILE",
        example="my-app.provisionprofile",
    ),
)  # fmt: skip

_ON_LINUX = (
    Option(
        "linux_categories", "texts", "linux",
        "Where the app stands in the menu of the desktop.",
        "--linux-categories", key="tool.flet.linux.categories", platforms=_LINUX,
        default="Utility", is_simple=True, example="Education",
    ),
)  # fmt: skip

_ON_DESKTOP = (
    Option(
        "one_file", "flag", "desktop",
        "One single file instead of a folder. It unpacks itself at each start, so it starts "
        "slower. Only without Flutter.",
        "--onefile", key="tool.slipway.desktop.one_file", platforms=_DESKTOP, default="off",
        is_simple=True,
    ),
    Option(
        "console", "flag", "desktop",
        "Show a terminal beside the window, with what the app prints. Only without Flutter.",
        "--console", key="tool.slipway.desktop.console", platforms=_DESKTOP, default="off",
    ),
    Option(
        "hidden_imports", "texts", "desktop",
        "Modules that the app imports by a name that it puts together while it runs. Only without "
        "Flutter.",
        "--hidden-import", key="tool.slipway.desktop.hidden_imports", platforms=_DESKTOP,
        example="sqlalchemy.dialects.postgresql",
    ),
    Option(
        "client", "choice", "desktop",
        "What shows a Flet app: Flet's own window (native), or a window of the browser that people "
        "have (browser). By itself it is Flet's own where that can be had. Only without Flutter.",
        "--client", key="tool.slipway.desktop.client", platforms=_DESKTOP, default="auto",
        choices=CLIENTS,
    ),
    Option(
        "window_width", "number", "desktop",
        "How wide the app's window is at first, in pixels. Only for a window of the browser.",
        key="tool.slipway.desktop.width", platforms=_DESKTOP, default="1100", example="1100",
    ),
    Option(
        "window_height", "number", "desktop", "How high it is.",
        key="tool.slipway.desktop.height", platforms=_DESKTOP, default="800", example="800",
    ),
    Option(
        "host", "text", "desktop",
        "Who may reach a Flask app: 127.0.0.1 is this computer alone, 0.0.0.0 the whole network, "
        "::1 this computer by IPv6.",
        "--host", key="tool.slipway.desktop.host", platforms=_DESKTOP, default="127.0.0.1",
        example="127.0.0.1",
    ),
    Option(
        "port", "number", "desktop",
        "The port of a Flask app. Another program may have taken it, so a free one is better.",
        "--port", key="tool.slipway.desktop.port", platforms=_DESKTOP, default="a free one",
        example="5000",
    ),
    Option(
        "threads", "number", "desktop", "How many requests a Flask app answers at once.",
        "--threads", key="tool.slipway.desktop.threads", platforms=_DESKTOP, default="4",
        example="8",
    ),
)  # fmt: skip

_PICTURES = (
    Option(
        "icon_background", "colour", "pictures",
        "The colour behind an icon that has see-through parts.",
        key="tool.flet.icon_background", per_platform=True, default="#ffffff", example="#0b6e99",
    ),
    Option(
        "adaptive_icon_background", "colour", "pictures",
        "The colour behind the icon on Android.",
        "--android-adaptive-icon-background", key="tool.flet.android.adaptive_icon_background",
        platforms=_ANDROID, default="the icon's background", example="#0b6e99",
    ),
    Option(
        "macos_icon_style", "choice", "pictures",
        "Whether the icon is put on the tile that apps have on macOS.",
        key="tool.flet.macos.icon_style", platforms=_MACOS, choices=get_args(MacosStyle),
        default="auto",
    ),
    Option(
        "splash_color", "colour", "pictures",
        "The colour of the screen that is shown while the app starts.",
        "--splash-color", key="tool.flet.splash.color", platforms=_WITH_SPLASH,
        per_platform=True, default="#ffffff", example="#0b6e99",
    ),
    Option(
        "splash_dark_color", "colour", "pictures",
        "The same for people who use dark mode. Before Flet 1.0 it was #333333 by itself.",
        "--splash-dark-color", key="tool.flet.splash.dark_color", platforms=_WITH_SPLASH,
        per_platform=True, default="#222222", example="#06303f",
    ),
    Option(
        "splash_icon_background", "colour", "pictures",
        "The colour of the circle in which Android shows the picture while the app starts.",
        key="tool.flet.splash.icon_background", platforms=_ANDROID, per_platform=True,
        example="#0b6e99",
    ),
    Option(
        "splash_icon_dark_background", "colour", "pictures",
        "The same for people who use dark mode.",
        key="tool.flet.splash.icon_dark_background", platforms=_ANDROID, per_platform=True,
        example="#06303f",
    ),
    Option(
        "splash_icon_fit", "choice", "pictures",
        "How the picture is fitted into that circle.",
        key="tool.flet.splash.icon_fit", platforms=_ANDROID, per_platform=True,
        choices=get_args(IconFit), default="contain",
    ),
    Option(
        "splash_web", "flag", "pictures", "Show a splash screen on a web site.",
        off_flag="--no-web-splash", key="tool.flet.splash.web", platforms=_WEB, default="on",
    ),
    Option(
        "splash_ios", "flag", "pictures", "Show a splash screen on iPhone and iPad.",
        off_flag="--no-ios-splash", key="tool.flet.splash.ios", platforms=_IOS, default="on",
    ),
    Option(
        "splash_android", "flag", "pictures", "Show a splash screen on Android.",
        off_flag="--no-android-splash", key="tool.flet.splash.android", platforms=_ANDROID,
        default="on",
    ),
    Option(
        "shrink_images", "flag", "pictures",
        "Make the icon files smaller, for a release. Takes some seconds.",
        "--shrink-images", key="tool.slipway.shrink_images", default="off",
    ),
)  # fmt: skip

_PERMISSIONS = (
    Option(
        "permissions", "texts", "permissions",
        "What the app wants to use. Each system is told in the way that it asks for.",
        "--permissions", key="tool.flet.permissions", platforms=("android", "ios", "macos"),
        choices=PERMISSIONS, is_simple=True, example="camera",
    ),
    Option(
        "android_permissions", "pairs", "permissions",
        "Single permissions of Android by their full names; false takes one away that a package "
        "brings along.",
        "--android-permissions", key="tool.flet.android.permission", platforms=_ANDROID,
        default="android.permission.INTERNET=true", example="android.permission.NFC=true",
    ),
    Option(
        "android_features", "pairs", "permissions",
        "Parts of a phone that the app uses: true for those without which it is of no use, so that "
        "the store does not offer it to phones that lack them.",
        "--android-features", key="tool.flet.android.feature", platforms=_ANDROID,
        default="works without a touch screen and on television",
        example="android.hardware.camera=false",
    ),
)  # fmt: skip

_LINKS = (
    Option(
        "deep_linking_scheme", "text", "links",
        "How a link begins that opens the app. It counts only together with the host.",
        "--deep-linking-scheme", key="tool.flet.<platform>.deep_linking.scheme",
        platforms=_PHONES, is_simple=True, example="https",
    ),
    Option(
        "deep_linking_host", "text", "links",
        "The domain in a link that opens the app.",
        "--deep-linking-host", key="tool.flet.<platform>.deep_linking.host", platforms=_PHONES,
        is_simple=True, example="mydomain.com",
    ),
)  # fmt: skip

_FLUTTER = (
    Option(
        "build_args", "texts", "flutter",
        "More arguments for `flutter build`. On the command line also all that stands after `--`.",
        "--flutter-build-args", key="tool.flet.flutter.build_args", per_platform=True,
        example="--obfuscate",
    ),
    Option(
        "pubspec", "table", "flutter",
        "More content for pubspec.yaml, the list of what the app's frame is made of.",
        key="tool.flet.flutter.pubspec", example='dependency_overrides = { web = "1.0.0" }',
    ),
    Option(
        "template", "text", "template",
        "A frame of your own instead of Flet's: a folder, a zip, or the address of a repository.",
        "--template", key="tool.flet.template.url", default="Flet's", example="gh:me/my-template",
    ),
    Option(
        "template_ref", "text", "template",
        "The branch, tag or commit of that repository.",
        "--template-ref", key="tool.flet.template.ref", default="the project's Flet version",
        example="main",
    ),
    Option(
        "template_dir", "text", "template",
        "The folder in that repository in which the frame lies.",
        "--template-dir", key="tool.flet.template.dir", example="templates/app",
    ),
)  # fmt: skip

OPTIONS: Sequence[Option] = (
    *_IDENTITY, *_APP, *_PERMISSIONS, *_LINKS, *_PICTURES, *_PACKAGES, *_WEB_SITE, *_ON_ANDROID,
    *_ON_APPLE, *_ON_LINUX, *_ON_DESKTOP, *_SIGNING, *_FLUTTER,
)  # fmt: skip
"""The settings of an app, in the order of the groups."""

RUN: Sequence[Option] = (
    Option(
        "output", "path", "run", "Where the result goes.",
        "--output", default="dist/<target> in the project", example="~/Desktop/my-app",
    ),
    Option(
        "work_dir", "path", "run", "Where the work is done, and kept for the next build.",
        "--work-dir", default="in your cache",
    ),
    Option(
        "backend", "choice", "run", "The way to build it.",
        "--backend", choices=("flutter", "prebuilt", "pyinstaller"),
        default="`tool.slipway.<platform>.backend`, else the best that works now",
    ),
    Option(
        "rehearse", "flag", "run",
        "Do all but what needs Flutter, and say what would go wrong.",
        "--rehearse", default="off",
    ),
    Option(
        "assume_yes", "flag", "run",
        "Answer yes to all questions: to run the hooks of a template that is not Flet's, for "
        "example.",
        "--yes", default="off",
    ),
    Option(
        "no_rich_output", "flag", "run", "Plain lines without colours and without a moving bar.",
        "--no-rich-output", default="off", env="FLET_CLI_NO_RICH_OUTPUT",
    ),
    Option(
        "skip_flutter_doctor", "flag", "run",
        "Taken for those who know it: no build of Slipway asks Flutter's doctor.",
        "--skip-flutter-doctor", default="off", env="FLET_CLI_SKIP_FLUTTER_DOCTOR",
    ),
    Option(
        "show_platform_matrix", "flag", "run",
        "Say which targets this computer can build, and do nothing.",
        "--show-platform-matrix", default="off",
    ),
)  # fmt: skip
"""How a build runs: options of the command line that are no settings of an app."""

BY_NAME: dict[str, Option] = {option.name: option for option in OPTIONS}


def keys_of(option: Option, platform: str) -> Sequence[str]:
    """The keys at which a setting stands for one platform, the one that wins first."""
    if "<platform>" in option.key:
        return (option.key.replace("<platform>", platform),)
    if not option.per_platform:
        return (option.key,) if option.key else ()
    return option.key.replace("tool.flet.", f"tool.flet.{platform}."), option.key
