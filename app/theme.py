"""How the wizard looks: its colours by role, its type sizes, its font for code.

Roles map onto Material's colour scheme, one scheme for light and one for dark, so that the client
changes between them by itself when the system does. Material's second and third accent are never
used as accents here; they carry amber (needs a look) and green (ready).
"""

from __future__ import annotations

from typing import Any

import flet as ft

SEED = "#0B6E99"
ACCENT = "#FFB547"

GROUND = ft.Colors.SURFACE
CARD = ft.Colors.SURFACE_CONTAINER_LOWEST
SUNKEN = ft.Colors.SURFACE_DIM
HAIRLINE = ft.Colors.OUTLINE_VARIANT
EDGE = ft.Colors.OUTLINE
INK = ft.Colors.ON_SURFACE
GREY = ft.Colors.ON_SURFACE_VARIANT
MAIN = ft.Colors.PRIMARY
ON_MAIN = ft.Colors.ON_PRIMARY
CHOSEN = ft.Colors.PRIMARY_CONTAINER
ON_CHOSEN = ft.Colors.ON_PRIMARY_CONTAINER
GOOD = ft.Colors.TERTIARY
ON_GOOD = ft.Colors.ON_TERTIARY
GOOD_GROUND = ft.Colors.TERTIARY_CONTAINER
ON_GOOD_GROUND = ft.Colors.ON_TERTIARY_CONTAINER
LOOK = ft.Colors.SECONDARY
ON_LOOK = ft.Colors.ON_SECONDARY
LOOK_GROUND = ft.Colors.SECONDARY_CONTAINER
ON_LOOK_GROUND = ft.Colors.ON_SECONDARY_CONTAINER
BAD = ft.Colors.ERROR
ON_BAD = ft.Colors.ON_ERROR
BAD_GROUND = ft.Colors.ERROR_CONTAINER
ON_BAD_GROUND = ft.Colors.ON_ERROR_CONTAINER
QUIET_GROUND = ft.Colors.SURFACE_CONTAINER_HIGH

TITLE = 26
HEADING = 17
TEXT = 15
SMALL = 13

CORNER = 16
GAP = 16
PAGE_PADDING = 40

MONO = "JetBrains Mono"
BOLD = "Roboto Bold"  # the client brings only the regular one and would smear it
FONTS = {MONO: "fonts/JetBrainsMonoNL-Regular.ttf", BOLD: "fonts/Roboto-Bold.ttf"}
LOG_SIZE = 12.5

FADE_MS = 120  # the client itself shortens it where the system asks for less movement

_EVEN = ft.TextStyle(letter_spacing=0.05)  # Material sets its small text wide

_LIGHT = ft.ColorScheme(
    primary=SEED,
    on_primary="#FFFFFF",
    primary_container="#DCEEF6",
    on_primary_container="#0B1A22",
    secondary="#8A5A00",
    on_secondary="#FFFFFF",
    secondary_container="#FFEFD0",
    on_secondary_container="#6F4700",
    tertiary="#1B7A4B",
    on_tertiary="#FFFFFF",
    tertiary_container="#DDF3E6",
    on_tertiary_container="#10623A",
    error="#B3261E",
    on_error="#FFFFFF",
    error_container="#FCE4E1",
    on_error_container="#8C1D18",
    surface="#F6F7F9",
    on_surface="#14181D",
    on_surface_variant="#56606B",
    surface_container_lowest="#FFFFFF",
    surface_container_low="#FFFFFF",
    surface_container="#FFFFFF",
    surface_container_high="#EEF0F4",
    surface_container_highest="#E6E9EE",
    surface_dim="#FAFBFC",
    surface_bright="#FFFFFF",
    surface_tint="#FFFFFF",
    outline="#8A939D",
    outline_variant="#DFE3E8",
    inverse_surface="#232B33",
    on_inverse_surface="#F2F4F6",
    inverse_primary="#6BC5EA",
)

_DARK = ft.ColorScheme(
    primary="#6BC5EA",
    on_primary="#06202C",
    primary_container="#143447",
    on_primary_container="#E6F4FB",
    secondary="#FFB547",
    on_secondary="#2A1C00",
    secondary_container="#3A2B10",
    on_secondary_container="#FFCF86",
    tertiary="#6FD8A0",
    on_tertiary="#06281A",
    tertiary_container="#14382A",
    on_tertiary_container="#8FE5B7",
    error="#FF9A90",
    on_error="#3A0906",
    error_container="#451A18",
    on_error_container="#FFB4AB",
    surface="#0F141A",
    on_surface="#EEF1F4",
    on_surface_variant="#A3ADB8",
    surface_container_lowest="#171E26",
    surface_container_low="#171E26",
    surface_container="#1B232C",
    surface_container_high="#222B35",
    surface_container_highest="#2A343F",
    surface_dim="#0A0E13",
    surface_bright="#222B35",
    surface_tint="#171E26",
    outline="#6E7A87",
    outline_variant="#29323C",
    inverse_surface="#E4E8EC",
    on_inverse_surface="#171E26",
    inverse_primary=SEED,
)


def field_border(edge: ft.Colors = EDGE, corner: float = 12) -> dict[ft.ControlState, Any]:
    """The frame of a text field or a choice: a hairline, and the main colour when it has focus."""

    def line(width: float, color: ft.Colors) -> ft.OutlineInputBorder:
        return ft.OutlineInputBorder(side=ft.BorderSide(width, color), border_radius=corner)

    return {ft.ControlState.DEFAULT: line(1, edge), ft.ControlState.FOCUSED: line(2, MAIN)}


def light() -> ft.Theme:
    """The theme for a light system."""
    return _theme(_LIGHT)


def dark() -> ft.Theme:
    """The theme for a dark system."""
    return _theme(_DARK)


def _theme(scheme: ft.ColorScheme) -> ft.Theme:
    return ft.Theme(
        color_scheme=scheme,
        scaffold_bgcolor=scheme.surface,
        text_theme=ft.TextTheme(
            body_large=_EVEN, body_medium=_EVEN, body_small=_EVEN, label_large=_EVEN
        ),
        visual_density=ft.VisualDensity.STANDARD,
        switch_theme=ft.SwitchTheme(padding=ft.Padding.only(right=8)),
        tooltip_theme=ft.TooltipTheme(wait_duration=500),
    )
