"""The Result page: what was made, how big, where it is, and how to look at it."""

from __future__ import annotations

from pathlib import Path

import flet as ft

from app import theme
from app.parts import text
from app.parts.button import icon_button, plain_button, text_button
from app.parts.card import card, label
from app.parts.component import component
from app.parts.page import Layout, page_body
from app.parts.problems import problem_cards
from app.texts import duration, size, t
from app.wizard import Wizard
from builder.events import Artifact


@component
def result_page(wizard: Wizard, layout: Layout) -> ft.Control:
    """The finished thing."""
    run = wizard.state.run_of_this()
    if run is None or not run.artifacts:
        return page_body(t("result.none.title"), t("result.none.lead"), [], layout)
    thing = t(f"target.what.{run.target}")
    parts: list[ft.Control] = [_made(wizard, run.artifacts[0], thing)]
    parts += [_also(wizard, one) for one in run.artifacts[1:]]
    parts += problem_cards(wizard, run.problems)
    if run.target == "web":
        parts.append(_next_steps())
    lead = t("result.lead", time=duration(run.seconds), what=thing)
    return page_body(t("result.title", what=thing), lead, parts, layout)


def _made(wizard: Wizard, artifact: Artifact, thing: str) -> ft.Control:
    path = Path(artifact.path)
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
                        text.grey(t("result.what", what=thing, size=size(artifact.bytes))),
                    ],
                    spacing=2,
                    expand=True,
                ),
            ],
            spacing=16,
        ),
        _where(path),
        ft.Row(_buttons(wizard, path), spacing=10, run_spacing=10, wrap=True),
    ]
    if wizard.state.address:
        rows.append(_address(wizard.state.address))
    return text.ident("made", card(ft.Column(rows, spacing=18)))


def _buttons(wizard: Wizard, path: Path) -> list[ft.Control]:
    return [
        plain_button(
            t("result.folder"),
            lambda: wizard.show_folder(path),
            icon=ft.Icons.FOLDER_OPEN_OUTLINED,
            low=True,
        ),
        plain_button(t("result.again"), wizard.build, icon=ft.Icons.REPLAY, low=True),
    ]


def _where(path: Path) -> ft.Control:
    async def copy() -> None:
        await ft.Clipboard().set(str(path))

    return ft.Container(
        ft.Row(
            [
                ft.Container(ft.SelectionArea(text.mono(str(path))), expand=True),
                icon_button(ft.Icons.CONTENT_COPY, t("result.copy_path"), copy),
            ],
            spacing=8,
        ),
        padding=ft.Padding.only(left=14, right=6, top=4, bottom=4),
        border_radius=12,
        bgcolor=theme.SUNKEN,
        border=ft.Border.all(1, theme.HAIRLINE),
    )


def _address(address: str) -> ft.Control:
    return text.ident(
        "address",
        ft.Row(
            [
                label(t("result.serving"), "good", ft.Icons.WIFI_TETHERING),
                text_button(address, lambda: None, url=address, icon=ft.Icons.OPEN_IN_NEW),
                text.small(t("result.only_here")),
            ],
            spacing=8,
            run_spacing=6,
            wrap=True,
        ),
        live_region=True,
    )


def _also(wizard: Wizard, artifact: Artifact) -> ft.Control:
    path = Path(artifact.path)
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.INSERT_DRIVE_FILE_OUTLINED, color=theme.MAIN),
                ft.Column([text.body(path.name), text.small(size(artifact.bytes))], expand=True),
                icon_button(
                    ft.Icons.FOLDER_OPEN_OUTLINED,
                    t("result.folder"),
                    lambda: wizard.show_folder(path.parent),
                ),
            ],
            spacing=14,
        ),
        padding=16,
    )


def _next_steps() -> ft.Control:
    hints = [
        (ft.Icons.CLOUD_UPLOAD_OUTLINED, t("result.next.host")),
        (ft.Icons.INSTALL_DESKTOP, t("result.next.install")),
        (ft.Icons.WIFI_OFF, t("result.next.offline")),
    ]
    return card(
        ft.Column(
            [
                text.heading(t("result.next.title")),
                *(
                    ft.Row(
                        [ft.Icon(icon, size=20, color=theme.MAIN), text.body(words, expand=True)],
                        spacing=14,
                        vertical_alignment=ft.CrossAxisAlignment.START,
                    )
                    for icon, words in hints
                ),
            ],
            spacing=14,
        )
    )
