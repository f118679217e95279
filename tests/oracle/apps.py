"""Small projects that together use every group of options of `flet build` 1.0.5.

`python -m tests.oracle.apps FOLDER` writes them all, to be looked at or built by hand.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

MAIN = """import flet as ft


def main(page: ft.Page):
    page.add(ft.Text("here"))


ft.run(main)
"""


@dataclass(frozen=True)
class App:
    """A project: its files, the options it is built with, what its packages bring for Flutter.

    `{app}` in an option stands for the folder of the project.
    """

    name: str  # of its folder, which is the project's name where nothing else says one
    targets: Sequence[str]
    files: Mapping[str, str | bytes]
    options: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)

    def write(self, parent: Path) -> Path:
        """Write the project below a folder; gives its own."""
        for name, content in {"main.py": MAIN, **self.files}.items():
            path = parent / self.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return parent / self.name


def picture(colour: str, ground: str | None = None, size: int = 1024, form: str = "PNG") -> bytes:
    """A disc with a corner, on a ground or on nothing."""
    image = Image.new("RGBA", (size, size), ground or (0, 0, 0, 0))
    drawing = ImageDraw.Draw(image)
    drawing.ellipse((size // 6, size // 6, size - size // 6, size - size // 6), fill=colour)
    drawing.rectangle((size // 2, size // 2, size * 3 // 4, size * 3 // 4), fill="#123456")
    written = io.BytesIO()
    (image.convert("RGB") if form == "JPEG" else image).save(written, form)
    return written.getvalue()


ALL = ("apk", "aab", "ipa", "ios-simulator", "macos", "linux", "windows", "web")
ANDROID = ("apk", "aab")
IOS = ("ipa", "ios-simulator")

BARE = App("just-a-file", ALL, {})

IDENTITY = App(
    "identity",
    ALL,
    {
        "pyproject.toml": """
[project]
name = "tide-table"
version = "1.2.3"
description = "It's \\"high\\" at <noon> & 5 % later; ümläut \\\\ too"
requires-python = ">=3.13"
dependencies = ["flet==1.0.5", "tabulate >=0.9,<1", "rich; sys_platform=='linux'"]

[tool.flet]
org = "com.example"
product = "Tide Table"
company = "Tides & Sons"
copyright = "© 2026 Tides & Sons"
bundle_id = "com.example.tide"
build_number = 7
artifact = "tides"

[tool.flet.linux]
artifact = 'tide "table" $5 100%'
categories = ["Science", "Education; more"]

[tool.flet.macos]
bundle_id = "com.example.tide.mac"

[tool.flet.android]
bundle_id = "com.example.tide_droid"

[tool.flet.web]
org = "com.example.web"
"""
    },
)

ON_THE_COMMAND_LINE = App(
    "On The-Command Line",
    ALL,
    {
        "start.py": MAIN,
        "pyproject.toml": """
[project]
name = "unheard"
version = "9.9.9"
dependencies = ["flet"]

[tool.flet]
product = "Unheard"
bundle_id = "com.unheard.unheard"
build_number = 1
""",
    },
    (
        "--project", "My-App", "--artifact", "my app", "--product", "My App!",
        "--description", "From the 'command' line", "--org", "org.example",
        "--bundle-id", "org.example.my-app", "--company", "Me", "--copyright", "Mine",
        "--build-number", "12", "--build-version", "2.0.1", "--module-name", "start",
        "--python-version", "3.12", "--permissions", "camera", "location",
        "--exclude", "unused", "--splash-color", "#102030", "--splash-dark-color", "#304050",
        "--compile-app", "--no-compile-packages", "--cleanup-app",
        "--cleanup-app-files", "*.md", "docs/**", "--source-packages", "numpy",
    ),
)  # fmt: skip

ANDROID_ALL = App(
    "android-all",
    ANDROID,
    {
        "upload.jks": b"not a real key store",
        "pyproject.toml": """
[project]
name = "droid"
version = "3.0.0"
dependencies = ["flet", "certifi"]

[tool.flet]
org = "com.example"
bundle_id = "com.example.droid"
permissions = ["camera", "microphone", "location", "photo_library", "biometric"]
build_number = 42

[tool.flet.android]
split_per_abi = true
target_arch = ["arm64-v8a", "x86_64"]
legacy_packaging = true
extract_packages = ["certifi", "tzdata"]
adaptive_icon_background = "#334455"
proguard_rules = ["-keep class com.example.** { *; }"]
dependencies = ["pyjnius >=1.6"]
source_packages = ["pyjnius"]

[tool.flet.android.permission]
"android.permission.CAMERA" = false
"android.permission.BLUETOOTH" = { maxSdkVersion = 30 }
"android.permission.VIBRATE" = true

[tool.flet.android.feature]
"android.hardware.camera" = true
"android.hardware.nfc" = false

[tool.flet.android.meta_data]
"com.google.android.gms.ads.APPLICATION_ID" = "ca-app-pub-1~2"
"a.truth" = true
"a.number" = 5

[tool.flet.android.gradle_properties]
"org.gradle.jvmargs" = "-Xmx4G"
"org.gradle.parallel" = true

[tool.flet.android.provider]
"com.example.Unwanted" = false
"com.example.Files" = { authorities = "com.example.files", exported = false }

[tool.flet.android.provider."com.example.More"]
authorities = "more"
meta_data = { "a.path" = { resource = "@xml/paths" }, "b" = true }

[tool.flet.android.signing]
key_store = "upload.jks"
key_alias = "mine"

[tool.flet.android.deep_linking]
scheme = "https"
host = "droid.example.com"

[tool.flet.android.splash]
color = "#abcdef"
""",
    },
    env={
        "FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD": "hunter2-store",
        "FLET_ANDROID_SIGNING_KEY_PASSWORD": "hunter2-key",
    },
)

ANDROID_OPTIONS = App(
    "android-options",
    ANDROID,
    {
        "other.jks": b"not a real key store either",
        "pyproject.toml": '[project]\nname = "droid"\ndependencies = ["flet"]\n',
    },
    (
        "--arch", "armeabi-v7a", "--split-per-abi",
        "--android-permissions", "android.permission.CAMERA=True", "a.b=false",
        "--android-features", "android.hardware.nfc=False",
        "--android-meta-data", "one=1=2", "--android-adaptive-icon-background", "#001122",
        "--android-signing-key-store", "{app}/other.jks", "--android-extract-packages", "certifi",
        "--deep-linking-scheme", "tides", "--deep-linking-host", "host.example",
        "--no-android-splash", "--bundle-id", "com.example.droid",
    ),
    env={"FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD": "hunter2-store"},
)  # fmt: skip

APPLE_ALL = App(
    "apple-all",
    (*IOS, "macos"),
    {
        "pyproject.toml": """
[project]
name = "apple"
version = "1.0.0"
dependencies = ["flet"]

[tool.flet]
bundle_id = "com.example.apple"
permissions = ["camera", "microphone", "location", "photo_library", "biometric"]
icon_background = "#202020"

[tool.flet.ios]
team_id = "ABCDE12345"
signing_certificate = "Apple Distribution"
export_method = "release-testing"
export_options = { uploadSymbols = false }
target_arch = ["arm64"]

[tool.flet.ios.export_methods.release-testing]
team_id = "FGHIJ67890"
export_options = { uploadSymbols = true, manageAppVersionAndBuildNumber = false }

[tool.flet.ios.info]
NSCameraUsageDescription = "To see."
UIBackgroundModes = ["audio", "fetch"]
Nested = { one = 1, half = 0.5, yes = true }

[tool.flet.ios.deep_linking]
scheme = "tides"
host = "example.com"

[tool.flet.ios.splash]
color = "#112233"

[tool.flet.macos]
target_arch = ["arm64", "x86_64"]
icon_style = "raw"

[tool.flet.macos.info]
LSApplicationCategoryType = "public.app-category.utilities"

[tool.flet.macos.entitlement]
"com.apple.security.app-sandbox" = true
"com.apple.security.application-groups" = ["group.example"]
"""
    },
    (
        "--info-plist", "ITSAppUsesNonExemptEncryption=False", "MyList=[1, 2]",
        "--macos-entitlements", "com.apple.security.device.usb=True",
    ),
)  # fmt: skip

APPLE_PODS = App(
    "apple-pods",
    (*IOS, "macos"),
    {
        "pyproject.toml": """
[project]
name = "pods"
dependencies = ["flet"]

[tool.flet]
org = "com.example"
bundle_id = "com.example.pods"
swift_package_manager = false
"""
    },
)

WEB_ALL = App(
    "web-all",
    ("web",),
    {
        "assets/robots.txt": "User-agent: *\n",
        "assets/.well-known/assetlinks.json": "[]",
        "assets/sub/data.bin": bytes(range(256)),
        "pyproject.toml": """
[project]
name = "site"
version = "1.0.0"
dependencies = ["flet"]

[tool.flet]
bundle_id = "com.example.site"

[tool.flet.web]
base_url = "tides/today"
renderer = "SKWASM"
route_url_strategy = "hash"
pwa_background_color = "#101010"
pwa_theme_color = "#202020"
pwa_short_name = "Tides"

[tool.flet.splash]
color = "#303030"
dark_color = "#404040"
web = false
""",
    },
)

WEB_OFFLINE = App(
    "web-offline",
    ("web",),
    {
        "pyproject.toml": """
[project]
name = "site"
dependencies = ["flet"]

[tool.flet]
bundle_id = "com.example.offline"

[tool.flet.web]
cdn = false
wasm = false
renderer = "auto"
base_url = "/deep/"
"""
    },
)

WEB_OPTIONS = App(
    "web-options",
    ("web",),
    {"pyproject.toml": '[project]\nname = "site"\ndependencies = ["flet"]\n'},
    (
        "--base-url", "/x/y/", "--web-renderer", "auto", "--route-url-strategy", "hash",
        "--pwa-background-color", "#010203", "--pwa-theme-color", "#040506",
        "--pwa-short-name", "Short", "--no-wasm", "--bundle-id", "com.example.site",
        "--splash-color", "#070809", "--splash-dark-color", "#0a0b0c",
    ),
)  # fmt: skip

COLOURED_SITE = App(
    "coloured-site",
    ("web",),
    {"pyproject.toml": '[project]\nname = "site"\ndependencies = ["flet"]\n'},
    ("--pwa-background-color", "#010203", "--bundle-id", "com.example.site", "--no-web-splash"),
)

PACKAGING = App(
    "packaging",
    ALL,
    {
        "src/app/entry.py": MAIN,
        "src/app/.env": "SECRET=1\n",
        "src/app/.hidden/x.txt": "x",
        "src/app/venv/pyvenv.cfg": "home = /usr\n",
        "src/app/docs/a,b.md": "docs",
        "src/app/tests/test_x.py": "def test(): ...\n",
        "src/app/__pycache__/x.pyc": b"x",
        "wheels/local/pyproject.toml": '[project]\nname = "local"\nversion = "1"\n',
        "pyproject.toml": """
[project]
name = "packed"
version = "1.0"
dependencies = ["local", "Flet ==1.0.5", "httpx[http2]>=0.27", "numpy"]

[tool.flet]
bundle_id = "com.example.packed"
source_packages = ["numpy", "cffi"]
compile.app = false
compile.packages = false
cleanup.app = true
cleanup.packages = false
cleanup.app_files = ["**/*.md", " docs "]
cleanup.package_files = "**/*.h,**/tests/**"

[tool.flet.app]
path = "src/app"
module = "entry.py"
exclude = ["docs/a,b.md", "tests"]
include = [".env"]

[tool.flet.dev_packages]
local = "wheels/local"
numpy = "https://example.com/numpy.whl"

[tool.flet.linux]
dependencies = ["pygobject"]
source_packages = []

[tool.flet.web]
dependencies = ["pyodide-http"]

[tool.flet.web.app]
exclude = ["nothing"]
""",
    },
)

EXTENSIONS = App(
    "extensions",
    ALL,
    {
        "pyproject.toml": """
[project]
name = "extended"
version = "1.0.0"
dependencies = ["flet", "flet-video"]

[tool.flet]
bundle_id = "com.example.extended"

[tool.flet.flutter]
build_args = ["--dart-define=TWICE=1"]

[tool.flet.flutter.pubspec]
version = "3.2.1+7"

[tool.flet.flutter.pubspec.dependencies]
flet = { git = { url = "https://example.com/flet.git", ref = "main" } }
go_router = "^14.0.0"

[tool.flet.flutter.pubspec.dependency_overrides]
path = "1.9.1"

[tool.flet.flutter.pubspec.flutter]
fonts = [{ family = "Mine", fonts = [{ asset = "fonts/mine.ttf" }] }]

[tool.flet.boot_screen]
name = "spinner"
spinner = { color = "#ff0000", text = "a moment…" }

[tool.flet.android.boot_screen.spinner]
text = "on a phone"
"""
    },
    # One: of several, `flet build` takes the order in which the file system has them.
    extensions={"flet_video": "name: flet_video\nversion: 0.1.0\n"},
)

PICTURES = App(
    "pictures",
    ALL,
    {
        "assets/icon.png": picture("#d03030"),
        "assets/icon_android.png": picture("#30d030", "#ffffff"),
        "assets/icon_macos.jpg": picture("#3030d0", "#eeeeee", form="JPEG"),
        "assets/splash.png": picture("#d0d030"),
        "assets/splash_dark.png": picture("#30d0d0"),
        "assets/splash_ios.webp": picture("#d030d0", form="WEBP"),
        "pyproject.toml": """
[project]
name = "gallery"
dependencies = ["flet"]

[tool.flet]
bundle_id = "com.example.gallery"
icon_background = "#224466"

[tool.flet.android.splash]
icon_background = "#446688"
icon_fit = "none"
""",
    },
)

ICON_ALONE = App(
    "icon-alone",
    ALL,
    {
        "assets/icon.png": picture("#d03030", "#f0f0f0"),
        "pyproject.toml": """
[project]
name = "icon"
dependencies = ["flet"]

[tool.flet]
bundle_id = "com.example.icon"
splash.ios = false
""",
    },
)

POETRY = App(
    "poetry",
    ("linux",),
    {
        "pyproject.toml": """
[tool.poetry]
name = "by-poetry"
version = "0.4.0"
description = "By Poetry"

[tool.poetry.dependencies]
python = "^3.11"
flet = "^1.0.5"
rich = "~13.7"
attrs = "*"
httpx = { version = ">=0.27,<1", extras = ["http2"], markers = "sys_platform == 'linux'" }
local = { git = "https://example.com/local.git", branch = "main" }

[tool.flet]
org = "com.example"
bundle_id = "com.example.poetry"
"""
    },
)

REQUIREMENTS = App(
    "requirements",
    ("linux", "web", "apk"),
    {
        "requirements.txt": "flet==1.0.5\n# a comment\ntabulate\n-r more.txt\n./libs/mine\n",
        "more.txt": "--extra-index-url https://example.com/simple\nrich\n",
        "libs/mine/setup.py": "from setuptools import setup\nsetup(name='mine')\n",
    },
    ("--bundle-id", "com.example.requirements"),
)

ORG_ALONE = App(
    "org-alone",
    ("linux", "apk", "ipa"),
    {
        "assets/icon.png": picture("#d03030"),
        "pyproject.toml": """
[project]
name = "alone"
dependencies = ["flet"]

[tool.flet]
org = "com.example"
""",
    },
)

_FOR_ONE = """
[tool.flet.PLATFORM]
org = "org.PLATFORM"
bundle_id = "org.PLATFORM.own-app"
artifact = "art PLATFORM"
dependencies = ["only-PLATFORM>=1", "a-PLATFORM<2"]
source_packages = ["src-PLATFORM", "b"]
target_arch = []
app.exclude = ["data/keep.txt", "x,PLATFORM"]
app.include = [".well"]
app.default_excludes = false
compile.app = false
cleanup.app = true
cleanup.packages = false
cleanup.app_files = "*.PLATFORM, **/*.x , "
cleanup.package_files = []
dev_packages.two = "./libs/two"
splash.color = "#333333"
splash.dark_color = "#444444"
flutter.build_args = []

[tool.flet.PLATFORM.boot_screen]
name = "own"
own = { a = [1, 2.5, true, { b = "ü" }] }
flet.message = "over"
"""

EACH_ITS_OWN = App(
    "each.its_Own",
    ALL,
    {
        "src/app/go.py": MAIN,
        "src/app/data/keep.txt": "keep",
        "src/app/data/drop.txt": "drop",
        "src/app/.well/known.txt": "well",
        "src/app/.envrc": "x",
        "libs/one/setup.py": "",
        "libs/two/setup.py": "",
        "pyproject.toml": """
[project]
name = "each.its_Own"
version = "1.2.3"
requires-python = ">=3.12,<3.14"
dependencies = ["flet>=1.0,<2", "one", "two==2; python_version<'4'"]

[tool.flet]
org = "org.all"
bundle_id = "org.all.app"
artifact = "for all"
permissions = ["microphone"]
target_arch = "arm64"
source_packages = ["one"]
app.path = "src/app"
app.module = "./go.py"
app.exclude = ["data/drop.txt"]
app.include = [".envrc"]
compile.packages = false
cleanup.app_files = ["*.a"]
cleanup.package_files = ["*.b"]
dev_packages.one = "libs/one"
splash.color = "#111111"
flutter.build_args = ["--no-tree-shake-icons"]

[tool.flet.boot_screen]
name = "flet"
flet = { show = true, message = "wait" }
"""
        + "".join(
            _FOR_ONE.replace("PLATFORM", platform)
            for platform in ("android", "ios", "macos", "linux", "windows", "web")
        ),
    },
)

ODD_VALUES = App(
    "odd-values",
    (*IOS, "macos"),
    {
        "pyproject.toml": """
[project]
name = "odd"
dependencies = ["flet"]

[tool.flet]
bundle_id = "com.example.odd"
permissions = ["location", "biometric"]

[tool.flet.ios]
export_method = "app-store-connect"
provisioning_profile = ""
export_options = { a = 1, nested = { "com.example" = "P" } }
export_methods.app-store-connect = { signing_certificate = "Apple Dist" }

[tool.flet.ios.info]
CFBundleURLTypes = [{ CFBundleURLSchemes = ["a", "b"], CFBundleTypeRole = "Editor" }]
Deep = { a = { b = { c = [true, 1, 1.5, "<&>"] } } }

[tool.flet.macos.info]
NSFaceIDUsageDescription = "mine & <yours>"
Deep = { a = [{ b = false }] }

[tool.flet.macos.entitlement]
"com.apple.security.cs.allow-jit" = false
"dict" = { x = 1, y = ["z"] }
"""
    },
    (
        "--info-plist", "A=[{b=1}]", 'C="quoted = yes"', "D= spaced ", "F=TRUE", "G=2020-01-01",
        "H=", "I=a=b=c", "J='x'",
        "--macos-entitlements", "com.apple.security.app-sandbox=true", 'k=["x","y"]',
    ),
)  # fmt: skip

CAPITALS = App(
    "Capitals",
    ("linux", "web", "apk"),
    {
        "pyproject.toml": """
[project]
name = "My-Fine.App_2"
dependencies = ["flet"]

[tool.flet]
org = "com.ExampleCorp"
bundle_id = "com.ExampleCorp.My-App"
"""
    },
)

APPS = (
    BARE, IDENTITY, ON_THE_COMMAND_LINE, ANDROID_ALL, ANDROID_OPTIONS, APPLE_ALL, APPLE_PODS,
    WEB_ALL, WEB_OFFLINE, WEB_OPTIONS, PACKAGING, EXTENSIONS, PICTURES, ICON_ALONE, POETRY,
    REQUIREMENTS, ORG_ALONE, EACH_ITS_OWN, ODD_VALUES, CAPITALS,
)  # fmt: skip

if __name__ == "__main__":
    for app in APPS:
        print(app.write(Path(sys.argv[1])), *app.targets)
