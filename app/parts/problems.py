"""Problems as cards with the wizard behind their buttons."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from app.parts.problem_card import problem_card
from app.texts import t
from app.wizard import Wizard
from builder.problems import Fix, Problem


def problem_cards(wizard: Wizard, problems: Sequence[Problem]) -> list[ft.Control]:
    """One card each, in the order given."""

    async def fix(one: Fix) -> None:
        if one.kind == "copy":
            await ft.Clipboard().set(str(one.data.get("text", "")))
        else:
            wizard.fix(one)

    def title(one: Fix) -> str:
        return t("build.fix", fix=one.title) if wizard.is_for_build(one) else one.title

    return [
        problem_card(one, on_fix=fix, can_fix=wizard.can_fix, title_of=title) for one in problems
    ]
