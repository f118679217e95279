"""The check of signing: whether what it needs is there, and what Slipway leaves to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from builder.checks.finding import Finding, fail, ok, warn
from builder.flutter import apple_profiles, signing
from builder.flutter.apple_profiles import Profile
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
    return [_macos(build) if build.target == "macos" else _ios(build)]


def _android(build: Build) -> Finding:
    """Gradle would look for the key at the end of a long build."""
    wrong = signing.problems(build)
    if wrong:
        return fail(ID, TITLE, ProjectError(wrong[0]))
    store = build.settings.flutter.android_key_store
    return ok(ID, TITLE, f"With the key store {store}" if store else "With a key for trying it out")


def _macos(build: Build) -> Finding:
    """Slipway does not sign, notarise or pack for the App Store yet."""
    settings = build.settings.flutter
    lane = settings.macos_distribution
    if lane in ("", "none") and not settings.macos_signing_identity:
        return ok(ID, TITLE)
    return warn(ID, TITLE, [_not_signed(build, lane)])


def _not_signed(build: Build, lane: str) -> Problem:
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
        where=_lookup(build, "macos").whence(
            "macos_signing_identity" if lane in ("", "none") else "macos_distribution"
        ),
    )


def _ios(build: Build) -> Finding:
    """Without a profile there is nothing that a phone would install; a wrong one ends a build."""
    wanted = build.settings.flutter.ios_provisioning_profile
    if not wanted:
        return warn(ID, TITLE, [_no_profile_given()])
    profiles = apple_profiles.installed()
    profile = apple_profiles.named(wanted, profiles)
    where = _lookup(build, "ios").whence("ios_provisioning_profile")
    if profile is None:
        return fail(ID, TITLE, ProjectError(_no_such_profile(wanted, profiles, where)))
    why = _why_not(build, profile)
    if why:
        return fail(ID, TITLE, ProjectError(_wrong_profile(profile, why, where)))
    return ok(ID, TITLE, f"With the profile {profile.name}")


def _no_profile_given() -> Problem:
    return Problem(
        "ios-not-signed",
        "Without a provisioning profile the result is an archive (.xcarchive), not an .ipa",
        "Apple's phones take only signed apps. Xcode can sign the archive later.",
        "To get an .ipa, give the name of a provisioning profile (--ios-provisioning-profile, or "
        "tool.flet.ios.provisioning_profile) and the signing certificate. "
        "To go on with the archive, open it in Xcode and choose Distribute App.",
        severity="warn",
    )


def _why_not(build: Build, profile: Profile) -> str:
    """Why this profile cannot sign the app, as a sentence; "" when it can."""
    settings = build.settings
    team = settings.flutter.ios_team_id
    if profile.expires and profile.is_over(datetime.now(UTC)):
        return f"It was good until {profile.expires:%Y-%m-%d}."
    if team and profile.teams and team != profile.teams[0]:
        return f"It is of the team {profile.teams[0]}, and the app is to be signed by {team}."
    if not profile.covers(settings.bundle_id):
        return f"It is for {profile.app}, and the app's bundle ID is {settings.bundle_id}."
    return ""


def _wrong_profile(profile: Profile, why: str, where: str) -> Problem:
    return Problem(
        "ios-profile-not-usable",
        f"The provisioning profile “{profile.name}” cannot sign this app",
        f"{why} Xcode would find that out at the end of a long build.",
        "Make one that fits at developer.apple.com under Profiles, download it and open it with a "
        "double click; or correct the settings.",
        where=where,
    )


def _no_such_profile(wanted: str, profiles: Sequence[Profile], where: str) -> Problem:
    usable = [one.name for one in profiles if not one.is_over(datetime.now(UTC))]
    there_are = f"There are: {', '.join(usable)}." if usable else "There is none that is good."
    return Problem(
        "ios-profile-missing",
        f"The provisioning profile “{wanted}” is not on this Mac",
        f"Xcode signs the app with it, and knows only profiles that were opened here. {there_are}",
        "Write its name exactly as it stands at developer.apple.com under Profiles. If it was not "
        "opened on this Mac yet, download it there and open it with a double click.",
        where=where,
    )


def _lookup(build: Build, platform: str) -> Lookup:
    return Lookup(build.project.pyproject, build.options, platform, build.project.folder)
