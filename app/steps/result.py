"""The Result page: what was made, how big, where it is, and what one can do with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import icon_button, plain_button, text_button
from app.parts.card import card, label
from app.parts.component import component
from app.parts.page import Layout, page_body
from app.parts.problems import problem_cards
from app.state import Run
from app.texts import duration, size, t
from app.wizard import Wizard
from builder.events import Artifact

_OPENED = (".app", ".xcarchive")  # folders that a Mac opens instead of showing what is in them
_KINDS = ("aab", "archive", "bundle", "ipa")
_ABIS = ("arm64-v8a", "armeabi-v7a", "x86_64", "x86")  # the longer name of two before the shorter

_LEADS = {
    "web": "site",
    "apk": "phone",
    "aab": "store",
    "ipa": "store",
    "linux": "app",
    "windows": "app",
    "macos": "app",
}
_HINTS: dict[str, tuple[tuple[str, Any], ...]] = {
    "site": (
        ("host", ft.Icons.CLOUD_UPLOAD_OUTLINED),
        ("install", ft.Icons.INSTALL_DESKTOP),
        ("offline", ft.Icons.WIFI_OFF),
    ),
    "apk": (
        ("send", ft.Icons.SEND_TO_MOBILE),
        ("update", ft.Icons.UPDATE),
        ("store", ft.Icons.STOREFRONT_OUTLINED),
    ),
    "aab": (
        ("upload", ft.Icons.CLOUD_UPLOAD_OUTLINED),
        ("number", ft.Icons.TAG),
        ("try", ft.Icons.PHONE_ANDROID),
    ),
    "packed": (
        ("start", ft.Icons.ROCKET_LAUNCH_OUTLINED),
        ("data", ft.Icons.HOME_OUTLINED),
        ("where", ft.Icons.COMPUTER),
    ),
    "linux": (("whole", ft.Icons.FOLDER_ZIP_OUTLINED), ("where", ft.Icons.COMPUTER)),
    "windows": (("whole", ft.Icons.FOLDER_ZIP_OUTLINED), ("warning", ft.Icons.SHIELD_OUTLINED)),
    "macos": (("move", ft.Icons.DRIVE_FILE_MOVE_OUTLINED), ("warning", ft.Icons.SHIELD_OUTLINED)),
    "ipa": (
        ("upload", ft.Icons.CLOUD_UPLOAD_OUTLINED),
        ("number", ft.Icons.TAG),
        ("device", ft.Icons.PHONE_IPHONE),
    ),
    "xcarchive": (("open", ft.Icons.OPEN_IN_NEW), ("signed", ft.Icons.VERIFIED_OUTLINED)),
    "ios-simulator": (("drag", ft.Icons.DEVELOPER_MODE), ("only", ft.Icons.INFO_OUTLINE)),
}


@component
def result_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """The finished thing."""
    run = wizard.state.run_of_this()
    if run is None or not wizard.state.finished():
        return page_body(t("result.none.title"), t("result.none.lead"), [], layout)
    thing = t(f"target.what.{run.target}")
    parts: list[ft.Control] = [_made(wizard, run, thing)]
    if archive := _to_send(run):
        parts.append(_send(wizard, run, archive))
    if is_one_of_several(run.artifacts):
        parts.append(_several(wizard, run.artifacts))
    else:
        parts += [card(_file(wizard, one), padding=16) for one in _others(run)]
    parts += problem_cards(wizard, run.problems)
    if hints := _HINTS.get(_next_kind(run), ()):
        parts.append(_next_steps(_next_kind(run), hints))
    lead = t(f"result.lead.{_LEADS.get(run.target, 'other')}", time=duration(run.seconds))
    return page_body(t("result.title", what=thing), lead, parts, layout)


def is_one_of_several(artifacts: Sequence[Artifact]) -> bool:
    """Whether there is one app for each kind of phone."""
    return sum(one.artifact == "apk" for one in artifacts) > 1


def abi_of(name: str) -> str:
    """The kind of processor that an app for Android is for, by its name; "" for all of them."""
    return next((abi for abi in _ABIS if f"-{abi}" in name), "")


def _to_send(run: Run) -> Artifact | None:
    """The archive that an app for a computer is sent in, where there is one."""
    first, *others = run.artifacts
    if first.artifact not in ("executable", "bundle"):
        return None
    return next((one for one in others if one.artifact == "archive"), None)


def _next_kind(run: Run) -> str:
    """What decides what one can do next: the artifact for phones and the web, else the system."""
    first = run.artifacts[0]
    if _to_send(run):
        return "packed"
    if first.path.endswith(".xcarchive"):
        return "xcarchive"
    return first.artifact if first.artifact in ("site", "apk", "aab", "ipa") else run.target


def _others(run: Run) -> list[Artifact]:
    """What was made beside the first and is told nowhere else."""
    told = ("bundle", "archive", "guide") if _to_send(run) else ("bundle",)
    return [one for one in run.artifacts[1:] if one.artifact not in told]


def _bytes(run: Run) -> int:
    """How big it is: of a program, with all that it needs."""
    return next((o.bytes for o in run.artifacts if o.artifact == "bundle"), run.artifacts[0].bytes)


def _made(wizard: Wizard, run: Run, thing: str) -> ft.Control:
    artifact = run.artifacts[0]
    path = Path(artifact.path)
    is_one = is_one_of_several(run.artifacts)
    name = wizard.state.value("product") or path.name
    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    ft.Icon(ft.Icons.CHECK_ROUNDED, color=theme.ON_GOOD_GROUND, size=30),
                    width=56,
                    height=56,
                    border_radius=16,
                    bgcolor=theme.GOOD_GROUND,
                    alignment=ft.Alignment.CENTER,
                ),
                ft.Column(
                    [
                        text.bold(name, size=20),
                        text.grey(t("result.what", what=thing, size=size(_bytes(run)))),
                    ],
                    spacing=2,
                    expand=True,
                ),
            ],
            spacing=16,
        ),
        _facts(path, "" if is_one or _to_send(run) else artifact.sha256),
        ft.Row(_buttons(wizard, artifact), spacing=10, run_spacing=10, wrap=True),
    ]
    if wizard.state.in_menu:
        rows.append(text.small(t("result.menu.there")))
    if wizard.state.address:
        rows.append(_address(wizard, wizard.state.address))
    return text.ident("made", card(ft.Column(rows, spacing=18)))


def _buttons(wizard: Wizard, artifact: Artifact) -> list[ft.Control]:
    return [
        plain_button(
            t("result.folder"),
            lambda: wizard.show_folder(_folder_of(artifact)),
            icon=ft.Icons.FOLDER_OPEN_OUTLINED,
            low=True,
        ),
        *_menu_button(wizard),
        plain_button(t("result.again"), wizard.build, icon=ft.Icons.REPLAY, low=True),
    ]


def _menu_button(wizard: Wizard) -> list[ft.Control]:
    """Into the menu of a Linux desktop, and out of it again."""
    is_there = wizard.state.in_menu
    if is_there is None:
        return []
    words = t(f"result.menu.{'remove' if is_there else 'add'}")
    icon = ft.Icons.PLAYLIST_REMOVE if is_there else ft.Icons.PLAYLIST_ADD
    return [plain_button(words, lambda: wizard.put_into_menu(not is_there), icon=icon, low=True)]


def _send(wizard: Wizard, run: Run, archive: Artifact) -> ft.Control:
    """The archive and the page that goes with it; what those see who get it."""
    rows: list[ft.Control] = [
        ft.Column(
            [text.heading(t("result.send.title")), text.grey(t("result.send.lead"))], spacing=4
        ),
        _file(wizard, archive, ft.Icons.FOLDER_ZIP_OUTLINED),
    ]
    guide = next((one for one in run.artifacts if one.artifact == "guide"), None)
    if guide is not None:
        rows.append(_guide(wizard, Path(guide.path)))
    rows.append(
        ft.Row(
            [
                ft.Icon(ft.Icons.SHIELD_OUTLINED, color=theme.MAIN),
                text.body(t(f"result.send.warning.{run.target}"), expand=True),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )
    return text.ident("send", card(ft.Column(rows, spacing=18)))


def _guide(wizard: Wizard, file: Path) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(ft.Icons.MENU_BOOK_OUTLINED, color=theme.MAIN),
            ft.Column(
                [
                    text.body(t("result.send.guide")),
                    ft.SelectionArea(text.mono(file.name, color=theme.GREY)),
                ],
                spacing=2,
                expand=True,
            ),
            plain_button(
                t("result.send.look"),
                lambda: wizard.open_page(file),
                icon=ft.Icons.OPEN_IN_NEW,
                low=True,
            ),
        ],
        spacing=14,
    )


def _folder_of(artifact: Artifact) -> Path:
    """What a file manager is to show; a file, or a Mac's app, it would open instead."""
    path = Path(artifact.path)
    is_folder = artifact.artifact in ("site", "bundle") and path.suffix not in _OPENED
    return path if is_folder else path.parent


def _facts(path: Path, sha256: str) -> ft.Control:
    """Where it is, and the sum by which someone else can tell that it arrived whole."""
    rows = [_copied(text.mono(str(path)), t("result.copy_path"), str(path))]
    if sha256:
        words = f"{t('result.sum')}  {sha256}"
        rows.append(_copied(text.mono(words, color=theme.GREY), t("result.copy_sum"), sha256))
    return ft.Container(
        ft.Column(rows, spacing=0),
        padding=ft.Padding.only(left=14, right=6, top=4, bottom=4),
        border_radius=12,
        bgcolor=theme.SUNKEN,
        border=ft.Border.all(1, theme.HAIRLINE),
    )


def _copied(words: ft.Control, name: str, what: str) -> ft.Control:
    async def copy() -> None:
        await ft.Clipboard().set(what)

    return ft.Row(
        [
            ft.Container(ft.SelectionArea(words), expand=True),
            icon_button(ft.Icons.CONTENT_COPY, name, copy),
        ],
        spacing=8,
    )


def _address(wizard: Wizard, address: str) -> ft.Control:
    """Where it can be looked at, for how long, and the button that ends it."""
    kind = "site" if wizard.state.target == "web" else "app"
    line: list[ft.Control] = [
        label(t(f"result.served.{kind}"), "good", ft.Icons.WIFI_TETHERING),
        text_button(address, lambda: None, url=address, icon=ft.Icons.OPEN_IN_NEW),
    ]
    words = t("result.served.elsewhere")
    if wizard.state.can_stop:
        words = t(f"result.served.{kind}_until")
        stop = plain_button(
            t("result.stop"), wizard.stop_result, icon=ft.Icons.STOP_CIRCLE_OUTLINED, low=True
        )
        line.append(stop)
    return text.ident(
        "address",
        ft.Column(
            [
                ft.Row(line, spacing=8, run_spacing=6, wrap=True),
                text.small(f"{words} {t('result.only_here')}"),
            ],
            spacing=6,
        ),
        live_region=True,
    )


def _several(wizard: Wizard, artifacts: Sequence[Artifact]) -> ft.Control:
    """One app for each kind of phone, the usual one first."""
    return text.ident(
        "files",
        card(
            ft.Column(
                [
                    ft.Column(
                        [
                            text.heading(t("result.several.title")),
                            text.small(t("result.several.lead")),
                        ],
                        spacing=3,
                    ),
                    *(_file(wizard, one) for one in artifacts),
                ],
                spacing=16,
            )
        ),
    )


def _file(
    wizard: Wizard, artifact: Artifact, icon: Any = ft.Icons.INSERT_DRIVE_FILE_OUTLINED
) -> ft.Control:
    """One of the files, in a row: what it is for, how big, its sum, and the way to it."""
    path = Path(artifact.path)

    async def copy() -> None:
        await ft.Clipboard().set(artifact.sha256)

    lines: list[ft.Control] = [
        text.body(_what_for(artifact)),
        ft.SelectionArea(text.mono(f"{path.name} · {size(artifact.bytes)}", color=theme.GREY)),
    ]
    buttons: list[ft.Control] = []
    if artifact.sha256:
        lines.append(
            ft.SelectionArea(
                text.mono(f"{t('result.sum')} {artifact.sha256}", color=theme.GREY, size=11.5)
            )
        )
        buttons.append(icon_button(ft.Icons.CONTENT_COPY, t("result.copy_sum"), copy))
    buttons.append(
        icon_button(
            ft.Icons.FOLDER_OPEN_OUTLINED,
            t("result.folder"),
            lambda: wizard.show_folder(_folder_of(artifact)),
        )
    )
    return ft.Row(
        [
            ft.Icon(icon, color=theme.MAIN),
            ft.Column(lines, spacing=2, expand=True),
            *buttons,
        ],
        spacing=14,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _what_for(artifact: Artifact) -> str:
    name = Path(artifact.path).name
    if artifact.artifact == "apk":
        return t(f"result.abi.{abi_of(name) or 'all'}")
    kind = artifact.artifact if artifact.artifact in _KINDS else "other"
    return t(f"result.kind.{kind}", name=name)


def _next_steps(kind: str, hints: Sequence[tuple[str, Any]]) -> ft.Control:
    return text.ident(
        "next",
        card(
            ft.Column(
                [
                    text.heading(t("result.next.title")),
                    *(
                        ft.Row(
                            [
                                ft.Icon(icon, size=20, color=theme.MAIN),
                                text.body(t(f"result.next.{kind}.{hint}"), expand=True),
                            ],
                            spacing=14,
                            vertical_alignment=ft.CrossAxisAlignment.START,
                        )
                        for hint, icon in hints
                    ),
                ],
                spacing=14,
            )
        ),
    )
