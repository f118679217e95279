"""What signs an Android app: the key store by its path, the passwords by environment only."""

from __future__ import annotations

from pathlib import Path

from builder import settings as build_settings
from builder.flutter import settings as flutter_settings
from builder.lookup import Lookup
from builder.pipeline import Build
from builder.problems import Problem

_STORE = "FLET_ANDROID_SIGNING_KEY_STORE"
_ALIAS = "FLET_ANDROID_SIGNING_KEY_ALIAS"
_STORE_PASSWORD = "FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD"


def environment(build: Build) -> dict[str, str]:
    """The variables for Gradle, empty for any other platform: others need not know the passwords.

    They never become arguments, stamps or lines of a log.
    """
    if not _is_android(build):
        return {}
    settings = build.settings.flutter
    env = flutter_settings.signing_secrets(build.options)
    if settings.android_key_store:
        env[_STORE] = str(key_store(build))
        env[_ALIAS] = settings.android_key_alias
    return env


def key_store(build: Build) -> Path:
    """The key store: beside the project where a relative path leads there, else as given.

    Gradle would look for a relative path below our work folder, where nobody's keys are.
    """
    given = Path(build.settings.flutter.android_key_store).expanduser()
    below = build.project.folder / given
    return below if below.is_file() else given


def problems(build: Build) -> list[Problem]:
    """What would stop Gradle at the end of a long build, known before it."""
    if not _is_android(build) or not build.settings.flutter.android_key_store:
        return []
    store, where = key_store(build), _whence(build)
    if not store.is_file():
        return [_no_key_store(store, where)]
    if not flutter_settings.signing_secrets(build.options).get(_STORE_PASSWORD):
        return [_no_password(store, where)]
    return []


def _is_android(build: Build) -> bool:
    return build_settings.platform_of(build.target) == "android"


def _whence(build: Build) -> str:
    found = build.project
    options = build.options
    return Lookup(found.pyproject, options, "android", found.folder).whence("android_key_store")


def _no_key_store(store: Path, where: str) -> Problem:
    return Problem(
        "key-store-missing",
        f"The key store is not there: {store}",
        "The app is signed with a key from it, and Android installs and updates no other app.",
        "Give the path of your key store, or take the setting out: then the app is signed with a "
        "key for trying it out.",
        where=where,
    )


def _no_password(store: Path, where: str) -> Problem:
    return Problem(
        "key-store-locked",
        f"There is no password for the key store {store.name}",
        "The key that signs the app is locked with a password. It is never kept in the project.",
        f"Set it as the environment variable {_STORE_PASSWORD}, or take the key store out of the "
        "settings.",
        where=where,
    )
