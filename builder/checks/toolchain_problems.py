"""What is told when a tool that Flutter builds need is missing, of another version or broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builder.flutter.kit import FlutterRelease
from builder.problems import Fix, Problem
from builder.toolchains import asking, flutter, java

FLUTTER_TAKES = "about 3 GB on the disk and, with a usual connection, 10 to 30 minutes"
JAVA_TAKES = "about 300 MB on the disk and a few minutes"
ANDROID_TAKES = "about 1 GB on the disk and a few minutes; the first build fetches 2 GB more"


def no_flutter(target: str, release: FlutterRelease, elsewhere: Path | None) -> Problem:
    """There is none at all, or none where one looks."""
    found = ""
    if elsewhere:
        found = f" There is one in {elsewhere}, but its folder bin is not on the PATH."
    return Problem(
        "flutter-missing",
        f"Flutter {release.flutter} is not on this computer",
        f"Flet {release.flet} makes its apps with it. It takes {FLUTTER_TAKES}. Looked for in "
        f"{flutter.own_folder(release.flutter)} and where programs are (PATH).{found}",
        _how_to_get(target, release.flutter),
        fixes=_fixes(target),
    )


def half_installed(found: flutter.Found, trouble: str, target: str, wanted: str) -> Problem:
    """Its files are there, but not all of them, or not as programs."""
    return Problem(
        "flutter-incomplete",
        f"The Flutter in {_root(found)} is not whole",
        f"{found.flutter} {trouble}. Unpacking or downloading it was probably interrupted.",
        f"Delete {_root(found)} and install Flutter {wanted} again. {_how_to_get(target, wanted)}",
        where=str(found.flutter),
        fixes=_fixes(target),
    )


def other_flutter(program: Path, version: str, target: str, wanted: str) -> Problem:
    """It works, and is another one than the project's Flet needs."""
    minor = ".".join(wanted.split(".")[:2])
    return Problem(
        "flutter-other-version",
        f"Flutter {version} is here, but {minor} is needed",
        f"It was found at {program}. The project's version of Flet is made for Flutter {wanted}; "
        f"any {minor}.x will do, another one builds apps that do not start.",
        f"Both can be there side by side. {_how_to_get(target, wanted)}",
        where=str(program),
        fixes=_fixes(target),
    )


def flutter_for_arm(program: Path, wanted: str) -> Problem:
    """On Windows on ARM: the native one builds apps for which there is no Python."""
    own = flutter.own_folder(wanted)
    is_own = program.is_relative_to(own)
    return Problem(
        "flutter-for-arm",
        "This Flutter builds apps for ARM, and Flet's Python for Windows is there for x64 only",
        f"It was found at {program}. An app for x64 runs on Windows on ARM as well.",
        f"Delete {own} and install the Flutter for x64 in its place."
        if is_own
        else f"Install the Flutter for x64 into {own}; the other one may stay.",
        where=str(program),
    )


def no_version(found: flutter.Found, answer: asking.Answer, target: str, wanted: str) -> Problem:
    """It does not say what it is: it hangs, asks, prints rubbish, dies."""
    code, title, why = _of_answer("Flutter", answer)
    if code == "flutter-failed" and not flutter.is_started(found):
        why += " Its folder bin/cache is not there: the first start has to download Dart."
    return Problem(
        code,
        title,
        f"{why} It was asked for its version: {' '.join(answer.argv)}",
        f"Start `flutter --version` in a terminal and look what it says. If it does not work "
        f"there either, delete {_root(found)} and install Flutter again. "
        f"{_how_to_get(target, wanted)}",
        where=str(found.flutter),
        evidence=answer.said,
        fixes=_fixes(target),
    )


def no_java(target: str, seen: Sequence[tuple[java.Found, str]]) -> Problem:
    """There is no JDK, or only others."""
    others = [_java_in_words(found, version) for found, version in seen]
    has = f" Found, but of no use: {'; '.join(others)}." if others else ""
    return Problem(
        "java-missing",
        f"Java {java.MAJOR} (a JDK) is not on this computer",
        f"Android apps are built with it, and with no other version. It takes {JAVA_TAKES}.{has}",
        f"Install a JDK {java.MAJOR}, for example Eclipse Temurin from adoptium.net, and set "
        f"JAVA_HOME to its folder. {_how_to_get(target, '')}",
        fixes=_fixes(target),
    )


def not_configured(jdk: Path, answer: asking.Answer) -> Problem:
    """Flutter would not take the JDK."""
    _, title, why = _of_answer("Flutter", answer)
    return Problem(
        "flutter-config-failed",
        "Flutter could not be told which Java to take",
        f"{title}. {why}",
        f"Start `flutter config --jdk-dir={jdk}` in a terminal and look what it says.",
        evidence=answer.said,
    )


def no_android(target: str, sdk: Path | None, missing: Sequence[str]) -> Problem:
    """The Android SDK is not there, or lacks parts."""
    parts = ", ".join(missing)
    return Problem(
        "android-missing",
        f"The Android tools in {sdk} are not complete: {parts}"
        if sdk
        else "The Android tools are not on this computer",
        f"Android apps are built with them. They take {ANDROID_TAKES}."
        + ("" if sdk else " Looked for in ANDROID_HOME and where Android Studio puts them."),
        f"With Android Studio: open its SDK Manager and install {parts}. {_how_to_get(target, '')}",
        where=str(sdk or ""),
        fixes=_fixes(target),
    )


def no_xcode() -> Problem:
    """Nothing for Apple's systems can be built without it."""
    return Problem(
        "xcode-missing",
        "Xcode was not found",
        "Apps for macOS and iOS are built with it; its command-line tools alone are not enough. "
        "It takes about 15 GB on the disk and an hour.",
        "Install Xcode from the App Store, start it once, and build again.",
        severity="warn",
    )


def no_visual_studio() -> Problem:
    """Windows apps are compiled with Microsoft's compiler."""
    return Problem(
        "visual-studio-missing",
        "Visual Studio was not found",
        "Flutter compiles Windows apps with it. It takes about 8 GB on the disk and half an hour.",
        "Install Visual Studio 2022 or its Build Tools, with “Desktop development with C++”.",
        severity="warn",
    )


def no_linux_tools(packages: Sequence[str]) -> Problem:
    """A compiler and its like, which come with every Linux but are not always installed."""
    command = f"sudo apt install {' '.join(packages)} libgtk-3-dev"
    return Problem(
        "compiler-missing",
        f"Flutter compiles Linux apps with programs that were not found: {', '.join(packages)}",
        "They come with the system's own packages and take about 1 GB.",
        f"On Debian and Ubuntu: `{command}`. Other systems have packages of similar names.",
        severity="warn",
        fixes=(Fix("copy-linux-tools", "Copy the command", "copy", {"text": command}),),
    )


def _of_answer(name: str, answer: asking.Answer) -> tuple[str, str, str]:
    """Code, title and why of a tool that did not answer."""
    if answer.asked:
        title, why = f"{name} asked a question", "Slipway starts it where nobody can answer."
        return "flutter-asks", title, why
    if answer.ended == "limit":
        title = f"{name} did not answer within {asking.LIMIT:.0f} seconds and was stopped"
        return "flutter-hangs", title, _why_it_hangs(answer)
    if answer.ended == "flood":
        title = f"{name} talks without end and was stopped"
        return "flutter-floods", title, "It says more than its version, which is all it was asked."
    if answer.signal:
        title = f"{name} was ended by the system ({answer.signal})"
        return "flutter-killed", title, "Usually that is too little memory, or a damaged file."
    if answer.status:
        title = f"{name} does not work: it ended with an error"
        return "flutter-failed", title, f"Its exit status was {answer.status}."
    title = f"{name} did not say which version it is"
    return "flutter-unreadable", title, "What it said is not what a Flutter says."


def _why_it_hangs(answer: asking.Answer) -> str:
    said = " ".join(answer.said).lower()
    if "startup lock" in said:
        return "Another program is using the same Flutter: an editor, a terminal or another build."
    if "download" in said:
        return "It was still downloading: the first start fetches Dart, and that takes a while."
    return "Another program may be using the same Flutter, or it waits for the network."


def _java_in_words(found: java.Found, version: str) -> str:
    place = f"{found.given_by}={found.home}" if found.given_by else str(found.home)
    if version:
        return f"{place} is Java {version}"
    return f"{place} does not say its version" if found.javac else f"{place} has no javac"


def _root(found: flutter.Found) -> Path:
    return found.flutter.parent.parent


def _how_to_get(target: str, version: str) -> str:
    """Slipway cannot install it yet; Flet's own tool can, and both look in the same places."""
    place = f" puts it into {flutter.own_folder(version)}" if version else " installs it, too"
    return (
        f"Flet's own tool (`pip install flet-cli`, then `flet build {target}`){place}, where "
        f"Slipway finds it. {instead_of_flutter(target)}"
    )


_WITHOUT = {
    "web": "prebuilt",
    "linux": "pyinstaller",
    "macos": "pyinstaller",
    "windows": "pyinstaller",
}
"""Target -> the way to build it without Flutter."""


def instead_of_flutter(target: str) -> str:
    """What can be had at once, as a sentence."""
    if target == "web":
        return "Without Flutter the site can be built now, with Flet's ready-made client."
    if target in _WITHOUT:
        return "Without Flutter the app can be built now, with PyInstaller."
    return "A web site of this app can be built now and needs nothing of it."


def without_flutter(target: str) -> tuple[Fix, ...]:
    """The fix that builds it now, none where there is no way without Flutter."""
    way = _WITHOUT.get(target)
    if way is None:
        return ()
    return (Fix("without-flutter", "Build without Flutter", "run", {"argv": ["--backend", way]}),)


def _fixes(target: str) -> tuple[Fix, ...]:
    copy = Fix("copy-flet-build", "Copy the command", "copy", {"text": f"flet build {target}"})
    return (*without_flutter(target), copy)
