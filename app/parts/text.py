"""Text in the wizard's few sizes, and names for what has none of its own."""

from __future__ import annotations

from typing import Any

import flet as ft

from app import theme


def title(words: str) -> ft.Control:
    """The sentence at the head of a page; screen readers know it as its heading."""
    return ft.Semantics(
        identifier="title",
        header=True,
        heading_level=1,
        container=True,
        content=ft.Text(words, size=theme.TITLE, weight=ft.FontWeight.W_700, color=theme.INK),
    )


def lead(words: str) -> ft.Control:
    """The one grey line under the title."""
    return ft.Text(words, size=theme.TEXT + 1, color=theme.GREY)


def heading(words: str, **more: Any) -> ft.Text:
    """The title of a card."""
    more.setdefault("color", theme.INK)
    return ft.Text(words, size=theme.HEADING, weight=ft.FontWeight.W_600, **more)


def body(words: str, **more: Any) -> ft.Text:
    """Running text."""
    more.setdefault("color", theme.INK)
    return ft.Text(words, size=theme.TEXT, **more)


def grey(words: str, **more: Any) -> ft.Text:
    """Running text of second rank."""
    return ft.Text(words, size=theme.TEXT, color=theme.GREY, **more)


def small(words: str, **more: Any) -> ft.Text:
    """What stands beside things."""
    more.setdefault("color", theme.GREY)
    return ft.Text(words, size=theme.SMALL, **more)


def mono(words: str, **more: Any) -> ft.Text:
    """Code, paths and what tools said."""
    more.setdefault("color", theme.INK)
    more.setdefault("size", theme.SMALL)
    return ft.Text(words, font_family=theme.MONO, **more)


def ident(identifier: str, content: ft.Control, **more: Any) -> ft.Control:
    """A place that a test can find again; `more` are names for screen readers."""
    return ft.Semantics(identifier=identifier, container=True, content=content, **more)
