"""Options and keys that Flet had until 2025 and renamed or dropped, each told in a sentence.

On the command line a former name is taken where there is a new one. In `pyproject.toml` it is taken
only where `flet build` 1.0.5 takes it, so that both make the same app; a click renames the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder import pyproject
from builder.options import PLATFORMS
from builder.problems import Fix, Problem, Severity


@dataclass(frozen=True)
class FormerFlag:
    """`now` is the name of the setting that the option is today, "" where there is none."""

    flag: str
    takes: Literal["nothing", "one", "many"]
    now: str
    why: str
    do: str


FLAGS: Sequence[FormerFlag] = (
    FormerFlag(
        "--team", "one", "ios_team_id",
        "It is called --ios-team-id since Flet 0.27.",
        "It was taken all the same; write --ios-team-id next time.",
    ),
    FormerFlag(
        "--ios-team", "one", "ios_team_id",
        "It is called --ios-team-id.",
        "It was taken all the same; write --ios-team-id next time.",
    ),
    FormerFlag(
        "--cleanup-on-compile", "nothing", "cleanup_app",
        "There are two options instead since Flet 0.27: --cleanup-app, and --cleanup-packages, "
        "which is on unless it is switched off.",
        "It was taken as --cleanup-app; write that next time.",
    ),
    FormerFlag(
        "--include-packages", "many", "",
        "Since Flet 0.27 the Flutter side of a package comes with its Python side.",
        "List the Python package, such as flet-video, in project.dependencies, and leave the "
        "option out.",
    ),
    FormerFlag(
        "--use-color-emoji", "nothing", "",
        "Emoji are in colour by themselves now; a site loads their font when it needs it.",
        "Leave it out. For a site that shall work without other servers, give "
        "--web-fonts emoji.",
    ),
    FormerFlag(
        "--clear-cache", "nothing", "",
        "A build sees by itself what has changed, and does that again.",
        "Leave it out. To begin from nothing, give another --work-dir.",
    ),
)  # fmt: skip

FORMER_RENDERER = "html"
"""What `web_renderer` could be until Flutter 3.29."""


def flag_problems(used: Sequence[str]) -> Iterator[Problem]:
    """What to say about the former options of a command line."""
    for former in FLAGS:
        if former.flag in used:
            yield Problem(
                "option-former",
                f"The option {former.flag} is from an older Flet",
                former.why,
                former.do,
                "hint" if former.now else "warn",
                where=former.flag,
            )


def renderer_problem(where: str) -> Problem:
    """Of the renderer that Flutter no longer has."""
    return Problem(
        "renderer-former",
        "Flutter no longer draws with HTML; canvaskit is taken",
        "The renderer “html” was dropped with Flutter 3.29.",
        "Write canvaskit, or leave it out.",
        "warn",
        where=where,
        fixes=(Fix("take-renderer", "Change to “canvaskit”", "set", _CANVASKIT),)
        if where.startswith(pyproject.NAME)
        else (),
    )


_CANVASKIT = {"tool.flet.web.renderer": "canvaskit"}


@dataclass(frozen=True)
class FormerKey:
    """A key without `tool.flet.` before it; `now` is the same for the new one, "" for none.

    `per_platform`: below `[tool.flet.<platform>]` too. `is_read`: today's Flet takes it as well.
    `changes` gives what to write instead where that is more than a new name.
    """

    key: str
    now: str
    why: str
    do: str = ""
    per_platform: bool = False
    is_read: bool = False
    changes: Callable[[Any], Mapping[str, Any]] | None = None


def _screen(message_key: str) -> Callable[[Any], Mapping[str, Any]]:
    """What a screen of the old kind is as Flet's own boot screen."""

    def changes(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping) or value.get("show") is not True:
            return {}
        message = value.get("message")
        said = {f"boot_screen.flet.{message_key}": message} if isinstance(message, str) else {}
        return {"boot_screen.flet.spinner_size": 30, **said}

    return changes


KEYS: Sequence[FormerKey] = (
    FormerKey(
        "splash.icon_bgcolor", "splash.icon_background", "It was renamed with Flet 1.0.",
        per_platform=True, is_read=True,
    ),
    FormerKey(
        "splash.icon_dark_bgcolor", "splash.icon_dark_background",
        "It was renamed with Flet 1.0.", per_platform=True, is_read=True,
    ),
    FormerKey(
        "splash.android_12_fit", "splash.icon_fit", "It was renamed with Flet 1.0.",
        per_platform=True, is_read=True,
    ),
    FormerKey("build_arch", "target_arch", "It was renamed with Flet 0.27.", per_platform=True),
    FormerKey("ios.team", "ios.team_id", "It was renamed with Flet 0.27."),
    FormerKey("template.path", "template.url", "It was renamed."),
    FormerKey(
        "compile.cleanup", "cleanup.app",
        "Since Flet 0.27 there are cleanup.app and cleanup.packages instead, and the second is "
        "on by itself.",
        per_platform=True,
    ),
    FormerKey(
        "app.boot_screen", "", "Since Flet 1.0 the screen of the start stands in "
        "[tool.flet.boot_screen].",
        "Describe it in [tool.flet.boot_screen.flet].", per_platform=True,
        changes=_screen("prepare_message"),
    ),
    FormerKey(
        "app.startup_screen", "", "Since Flet 1.0 the screen of the start stands in "
        "[tool.flet.boot_screen].",
        "Describe it in [tool.flet.boot_screen.flet].", per_platform=True,
        changes=_screen("startup_message"),
    ),
    FormerKey(
        "web.use_color_emoji", "", "Emoji are in colour by themselves now.",
        "Remove it. For a site that shall work without other servers, write "
        'fonts = ["emoji"] under [tool.slipway.web].',
    ),
    FormerKey(
        "flutter.dependencies", "",
        "Since Flet 0.27 the Flutter side of a package comes with its Python side.",
        "List the Python package, such as flet-video, in project.dependencies. Other Dart "
        "packages go to [tool.flet.flutter.pubspec.dependencies].",
    ),
    FormerKey(
        "android.signing.key_store_password", "",
        "A password in this file is seen by everyone who sees the project.",
        "Remove it, and set FLET_ANDROID_SIGNING_KEY_STORE_PASSWORD in the environment.",
    ),
    FormerKey(
        "android.signing.key_password", "",
        "A password in this file is seen by everyone who sees the project.",
        "Remove it, and set FLET_ANDROID_SIGNING_KEY_PASSWORD in the environment.",
    ),
)  # fmt: skip


def keys_of(platform: str) -> Iterator[tuple[str, FormerKey]]:
    """Every former key that matters for a platform, in full, and what it was."""
    others = {other for other in PLATFORMS if other != platform}
    for former in KEYS:
        if former.key.partition(".")[0] in others:
            continue
        yield f"tool.flet.{former.key}", former
        if former.per_platform:
            yield f"tool.flet.{platform}.{former.key}", former


def key_problems(data: Mapping[str, Any], text: str, platform: str) -> Iterator[Problem]:
    """What to say about the former keys that `pyproject.toml` has for a platform.

    A table that is empty says nothing: it is what is left of one that was moved.
    """
    for key, former in keys_of(platform):
        value = pyproject.get(data, key)
        if value is not None and value != {}:
            yield _problem(data, key, former, value, pyproject.place(text, key))


def _problem(
    data: Mapping[str, Any], key: str, former: FormerKey, value: Any, where: str
) -> Problem:
    now = key.removesuffix(former.key) + former.now if former.now else ""
    severity: Severity = "hint" if former.is_read else "warn"
    read = "It is still read." if former.is_read else "It is not read any more."
    return Problem(
        "setting-former",
        f"{key} is called {now} now" if now else f"{key} is from an older Flet",
        f"{former.why} {read}",
        f"Rename it to {now}." if now else former.do,
        severity,
        where=where,
        fixes=tuple(_fixes(data, key, former, value, now)),
    )


def _fixes(
    data: Mapping[str, Any], key: str, former: FormerKey, value: Any, now: str
) -> Iterator[Fix]:
    """One click for what is only another name or place; nothing that is there is written over."""
    if now and pyproject.get(data, now) is None:
        yield Fix("rename-key", f"Rename it to {now}", "set", {key: None, now: value})
    elif former.changes:
        above = key.removesuffix(former.key)
        changes = {above + name: changed for name, changed in former.changes(value).items()}
        if all(pyproject.get(data, name) is None for name in changes):
            yield Fix("move-key", "Write it in the new way", "set", {key: None, **changes})
