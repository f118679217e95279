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
        content=bold(words, size=theme.TITLE),
    )


def lead(words: str) -> ft.Control:
    """The one grey line under the title."""
    return ft.Text(words, size=theme.TEXT + 1, color=theme.GREY)


def heading(words: str, **more: Any) -> ft.Text:
    """The title of a card."""
    return bold(words, size=theme.HEADING, **more)


def bold(words: str, **more: Any) -> ft.Text:
    """Words that stand out."""
    more.setdefault("color", theme.INK)
    return ft.Text(words, font_family=theme.BOLD, **more)


def body(words: str, **more: Any) -> ft.Text:
    """Running text; what stands in `backticks` is set as code."""
    more.setdefault("color", theme.INK)
    more.setdefault("size", theme.TEXT)
    return _running(words, **more)


def grey(words: str, **more: Any) -> ft.Text:
    """Running text of second rank."""
    return _running(words, size=theme.TEXT, color=theme.GREY, **more)


def small(words: str, **more: Any) -> ft.Text:
    """What stands beside things."""
    more.setdefault("color", theme.GREY)
    return _running(words, size=theme.SMALL, **more)


def _running(words: str, **more: Any) -> ft.Text:
    pieces = words.split("`")
    if len(pieces) < 3:
        return ft.Text(words, **more)
    code = ft.TextStyle(font_family=theme.MONO, size=more["size"] - 0.5)
    spans = [
        ft.TextSpan(piece, style=code if number % 2 else None)
        for number, piece in enumerate(pieces)
        if piece
    ]
    return ft.Text(spans=spans, **more)


def mono(words: str, **more: Any) -> ft.Text:
    """Code, paths and what tools said."""
    more.setdefault("color", theme.INK)
    more.setdefault("size", theme.SMALL)
    return ft.Text(words, font_family=theme.MONO, **more)


def ident(identifier: str, content: ft.Control, **more: Any) -> ft.Control:
    """A place that a test can find again; `more` are names for screen readers."""
    return ft.Semantics(identifier=identifier, container=True, content=content, **more)
