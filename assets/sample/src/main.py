"""Tide Table: when is the next high or low water?"""

from __future__ import annotations

from datetime import datetime

import flet as ft
import humanize
from tides import HARBOURS, Harbour, Tide, curve, next_tides

HOURS = 24
BARS = 72
TIDES_SHOWN = 8
CHART_HEIGHT = 120
WIDTH = 620


def main(page: ft.Page) -> None:
    page.title = "Tide Table"
    page.theme = ft.Theme(color_scheme_seed="#2E6BA8")
    page.dark_theme = ft.Theme(color_scheme_seed="#2E6BA8")
    page.scroll = ft.ScrollMode.AUTO
    page.padding = 20
    page.horizontal_alignment = ft.CrossAxisAlignment.CENTER

    answer = ft.Text("When is the next tide?", size=24, weight=ft.FontWeight.W_600)
    detail = ft.Text("Choose a harbour and press the button.", size=15)
    chart = ft.Row(spacing=2, height=CHART_HEIGHT, vertical_alignment=ft.CrossAxisAlignment.END)
    harbours = ft.Row(wrap=True, spacing=10)
    button = ft.FilledButton("Next tide", icon=ft.Icons.WAVES)

    harbour = HARBOURS[0]
    tides: list[Tide] = []

    def choose(chosen: Harbour) -> None:
        nonlocal harbour
        harbour = chosen
        tides.clear()
        answer.value = "When is the next tide?"
        detail.value = f"{harbour.name} has {harbour.height(datetime.now()):.1f} m of water now."
        harbours.controls = [harbour_button(one) for one in HARBOURS]
        chart.controls = bars(harbour)

    def harbour_button(one: Harbour) -> ft.Control:
        kind = ft.FilledTonalButton if one is harbour else ft.OutlinedButton
        return kind(one.name, on_click=lambda _: choose(one))

    def show_next(_: ft.ControlEvent) -> None:
        now = datetime.now()
        if not tides:
            tides.extend(next_tides(harbour, now, TIDES_SHOWN))
        tide = tides.pop(0)
        name = "High" if tide.is_high else "Low"
        answer.value = f"{name} water at {tide.when:%H:%M}, {tide.metres:.1f} m"
        detail.value = f"{harbour.name}, in {humanize.naturaldelta(tide.when - now)}"

    button.on_click = show_next
    choose(harbour)
    page.add(
        ft.Column(
            [
                ft.Image("harbour.png", border_radius=20, semantics_label="A harbour at night"),
                ft.Text("Tide Table", size=32, weight=ft.FontWeight.W_700),
                harbours,
                ft.Container(
                    ft.Column([answer, detail, button], spacing=10),
                    padding=20,
                    border_radius=20,
                    bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
                ),
                ft.Text(f"The next {HOURS} hours", size=15, weight=ft.FontWeight.W_600),
                chart,
                ft.Row(
                    [
                        ft.Text(label, size=12)
                        for label in ("now", "+6 h", "+12 h", "+18 h", "+24 h")
                    ],
                    alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                ),
                ft.Text("Invented harbours. For pleasure, not for navigation.", size=12),
            ],
            width=WIDTH,
            spacing=16,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


def bars(harbour: Harbour) -> list[ft.Control]:
    """The water as a row of bars, the deeper the darker."""
    heights = curve(harbour, datetime.now(), HOURS, BARS)
    low, high = min(heights), max(heights)
    return [
        ft.Container(
            expand=True,
            height=12 + (CHART_HEIGHT - 12) * (metres - low) / (high - low),
            border_radius=3,
            bgcolor=ft.Colors.with_opacity(0.35 + 0.65 * (metres - low) / (high - low), "#2E8BC0"),
        )
        for metres in heights
    ]


if __name__ == "__main__":
    ft.run(main)
