"""The checks of the Flutter SDK and what it builds with: there, of the right version, working.

Found as `flet build` finds them and asked in the same order. Without `tools` nothing is started:
then only what their files tell is known.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import events, host
from builder.checks import toolchain_problems as told
from builder.checks.finding import Finding, fail, ok, warn
from builder.flutter.kit import FlutterRelease, Toolchain
from builder.pipeline import Say
from builder.problems import ComputerError, Problem, SlipwayError, ToolError
from builder.process import Stream, Tools
from builder.targets import TARGETS
from builder.toolchains import android, asking, compilers, environment, flutter, java, xcode

QUIET = ("--no-version-check", "--suppress-analytics")
"""Flutter neither looks for a newer one nor tells Google what is built."""


@dataclass(frozen=True)
class Asker:
    """Asks tools what they are, while their lines go to the log; without `tools` it asks none."""

    tools: Tools | None
    say: Say

    def ask(self, *argv: str | Path, env: Mapping[str, str] | None = None) -> asking.Answer:
        """Run a tool that has little to say."""
        assert self.tools is not None

        def tell(stream: Stream, lines: Sequence[str]) -> None:
            self.say(events.Log("", stream, lines))

        return asking.ask(self.tools, [str(word) for word in argv], env=env, listen=tell)

    def begin(self, check_id: str, title: str) -> None:
        """A check is shown while it lasts."""
        if self.tools is not None:
            self.say(events.Check(check_id, title, "pending"))


def look(
    target: str, release: FlutterRelease, tools: Tools | None, say: Say
) -> tuple[Toolchain | None, list[Finding]]:
    """The tools for a target and what was found out; no tools where one that is needed is missing.

    Flutter is told which JDK to take. Raises Cancelled.
    """
    asker = Asker(tools, say)
    used, first = _flutter(target, release, asker)
    findings = [first]
    env: dict[str, str] = _path_of(used.flutter) if used else {}
    if TARGETS[target].platform == "android":
        env |= _android(target, asker, used, findings)
    findings += _of_the_platform(target)
    if used is None or any(finding.exit for finding in findings):
        return None, findings
    return Toolchain(used.flutter, used.dart, used.version, env), findings


# ---- Flutter ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Used:
    """The Flutter that is used."""

    flutter: Path
    dart: Path
    version: str


def _flutter(target: str, release: FlutterRelease, asker: Asker) -> tuple[_Used | None, Finding]:
    """The first Flutter that will do; else why the first that is there will not."""
    wanted = release.flutter
    title = f"Flutter {'.'.join(wanted.split('.')[:2])}"
    asker.begin("flutter", title)
    troubles: list[SlipwayError] = []
    for found in flutter.find(wanted):
        try:
            used = _try(found, target, wanted, asker)
        except (ComputerError, ToolError) as trouble:
            troubles.append(trouble)
        else:
            return used, ok("flutter", title, _at(used.version, used.flutter))
    missing = ComputerError(told.no_flutter(target, release, flutter.elsewhere()))
    return None, fail("flutter", title, troubles[0] if troubles else missing)


def _at(version: str, place: Path) -> str:
    """What was found where; a look at files does not always tell the version."""
    return f"{version} at {place}" if version else f"At {place}"


def _try(found: flutter.Found, target: str, wanted: str, asker: Asker) -> _Used:
    """A Flutter as it is used. Raises what is wrong with it."""
    if found.trouble or found.dart is None:
        raise ComputerError(told.half_installed(found, found.trouble, target, wanted))
    version = _version_of(found, target, wanted, asker)
    if version and not flutter.fits(version, wanted):
        raise ComputerError(told.other_flutter(found.flutter, version, target, wanted))
    if target == "windows" and asker.tools and host.current() == "windows":
        _refuse_arm(found.flutter, found.dart, wanted, asker)
    return _Used(found.flutter, found.dart, version)


def _version_of(found: flutter.Found, target: str, wanted: str, asker: Asker) -> str:
    if asker.tools is None:
        return found.version
    try:
        answer = asker.ask(found.flutter, "--version", *QUIET)
    except ComputerError as error:
        why = f"could not be started. {error.problem.why}".removesuffix(".")
        raise ComputerError(told.half_installed(found, why, target, wanted)) from error
    version = flutter.read_version(answer.out)
    if answer.ended or answer.status or not version:
        raise ToolError(told.no_version(found, answer, target, wanted))
    return version


def _refuse_arm(program: Path, dart: Path, wanted: str, asker: Asker) -> None:
    """Flet's Python for Windows is there for x64 only; Windows on ARM runs that, too."""
    answer = asker.ask(dart, "--version")
    if flutter.read_arch("\n".join(answer.said)) == "arm64":
        raise ComputerError(told.flutter_for_arm(program, wanted))


def _path_of(program: Path) -> dict[str, str]:
    """What the tools need so that they find the same Flutter as we did."""
    if environment.find("flutter") == program:
        return {}
    path = [program.parent, *environment.folders()]
    return {"PATH": os.pathsep.join(map(str, path))}


# ---- Android ---------------------------------------------------------------------------------


def _android(
    target: str, asker: Asker, used: _Used | None, findings: list[Finding]
) -> dict[str, str]:
    """The environment for Android builds; adds what was found out to `findings`."""
    jdk, finding = _java(target, asker)
    if jdk and used and asker.tools:
        try:
            _configure(used.flutter, jdk, asker)
        except ToolError as trouble:
            finding = fail(finding.check.id, finding.check.title, trouble)
    sdk = android.home()
    missing = android.missing(sdk)
    title = "Android tools"
    if missing:
        lacking = ComputerError(told.no_android(target, sdk, missing))
        findings += [finding, fail("android", title, lacking)]
        return {}
    findings += [finding, ok("android", title, str(sdk))]
    return {"JAVA_HOME": str(jdk), "ANDROID_HOME": str(sdk)}


def _java(target: str, asker: Asker) -> tuple[Path | None, Finding]:
    title = f"Java {java.MAJOR}"
    asker.begin("java", title)
    seen: list[tuple[java.Found, str]] = []
    for found in java.find():
        version = _version_of_java(found, asker)
        if found.javac and (java.fits(version) or (asker.tools is None and not version)):
            return found.home, ok("java", title, _at(version, found.home))
        seen.append((found, version))
    return None, fail("java", title, ComputerError(told.no_java(target, seen)))


def _version_of_java(found: java.Found, asker: Asker) -> str:
    """Its version, "" where it is none or does not say."""
    if found.javac is None or environment.why_not_run(found.javac):
        return ""
    if asker.tools is None:
        return found.version
    try:
        answer = asker.ask(found.javac, "-version")
    except ComputerError:  # it cannot even be started, so it says nothing
        return ""
    return "" if answer.ended else java.read_version("\n".join(answer.said))


def _configure(program: Path, jdk: Path, asker: Asker) -> None:
    """Tell Flutter which Java to take: it prefers that of Android Studio."""
    answer = asker.ask(program, "config", *QUIET, f"--jdk-dir={jdk}", env={"JAVA_HOME": str(jdk)})
    if answer.ended or answer.status:
        raise ToolError(told.not_configured(jdk, answer))


# ---- What each system builds with --------------------------------------------------------------


def _of_the_platform(target: str) -> list[Finding]:
    """What Flutter itself needs besides; only warned of, because Flutter knows better."""
    here = host.current()
    if here == "macos" and TARGETS[target].platform in ("macos", "ios"):
        return [_warn("xcode", "Xcode", None if xcode.is_there() else told.no_xcode())]
    if here == target == "linux":
        missing = compilers.missing_on_linux()
        return [_warn("compiler", "Compiler", told.no_linux_tools(missing) if missing else None)]
    if here == target == "windows":
        is_there = compilers.has_visual_studio()
        return [_warn("compiler", "Compiler", None if is_there else told.no_visual_studio())]
    return []


def _warn(check_id: str, title: str, problem: Problem | None) -> Finding:
    if problem is None:
        return ok(check_id, title)
    return warn(check_id, title, [problem])
