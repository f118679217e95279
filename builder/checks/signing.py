"""The check of signing: whether what it needs is there, and what Slipway leaves to others."""

from __future__ import annotations

from builder.checks.finding import Finding, fail, ok, warn
from builder.flutter import signing
from builder.lookup import Lookup
from builder.pipeline import Build
from builder.problems import Problem, ProjectError
from builder.targets import TARGETS

ID = "signing"
TITLE = "Signing"


def checks(build: Build) -> list[Finding]:
    """What becomes of the app's signature; nothing for other systems."""
    if TARGETS[build.target].platform == "android":
        return [_android(build)]
    if build.target not in ("macos", "ipa"):
        return []
    problem = _macos(build) if build.target == "macos" else _ios(build)
    return [warn(ID, TITLE, [problem]) if problem else ok(ID, TITLE)]


def _android(build: Build) -> Finding:
    """Gradle would look for the key at the end of a long build."""
    wrong = signing.problems(build)
    if wrong:
        return fail(ID, TITLE, ProjectError(wrong[0]))
    store = build.settings.flutter.android_key_store
    return ok(ID, TITLE, f"With the key store {store}" if store else "With a key for trying it out")


def _macos(build: Build) -> Problem | None:
    """Slipway does not sign, notarise or pack for the App Store yet."""
    settings = build.settings.flutter
    lane = settings.macos_distribution
    if lane in ("", "none") and not settings.macos_signing_identity:
        return None
    lookup = Lookup(build.project.pyproject, build.options, "macos", build.project.folder)
    asked = f"for “{lane}”" if lane not in ("", "none") else "with your identity"
    more = {"developer-id": " and notarises", "app-store": " and packs a .pkg"}.get(lane, "")
    return Problem(
        "macos-not-signed",
        f"The app will not be signed {asked}: Slipway cannot do that yet",
        "It is handed over as Xcode signed it, which is enough for this Mac. Others are warned "
        "when they open it, and the App Store does not take it.",
        f"Sign it afterwards with codesign, or build with `flet build macos`, which signs{more} "
        "with the same settings.",
        severity="warn",
        where=lookup.whence(
            "macos_signing_identity" if lane in ("", "none") else "macos_distribution"
        ),
    )


def _ios(build: Build) -> Problem | None:
    """Without a profile there is nothing that a phone would install."""
    if build.settings.flutter.ios_provisioning_profile:
        return None
    return Problem(
        "ios-not-signed",
        "Without a provisioning profile the result is an archive (.xcarchive), not an .ipa",
        "Apple's phones take only signed apps. Xcode can sign the archive later.",
        "To get an .ipa, give the name of a provisioning profile (--ios-provisioning-profile, or "
        "tool.flet.ios.provisioning_profile) and the signing certificate. "
        "To go on with the archive, open it in Xcode and choose Distribute App.",
        severity="warn",
    )
