"""Tides by formula: a sum of waves, each drawn by the moon or the sun."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Hours that each wave takes: M2 and N2 are the moon's, S2 the sun's, K1 and O1 come once a day.
PERIODS = {"M2": 12.4206, "S2": 12.0, "N2": 12.6583, "K1": 23.9345, "O1": 25.8193}
BEGIN = datetime(2026, 1, 1)
STEP = timedelta(minutes=6)


@dataclass(frozen=True)
class Harbour:
    """Its mean level in metres, and of each wave how high (metres) and how late (hours) it is."""

    name: str
    level: float
    waves: dict[str, tuple[float, float]]

    def height(self, when: datetime) -> float:
        """Metres of water at a moment."""
        hours = (when - BEGIN).total_seconds() / 3600
        return self.level + sum(
            high * math.cos(2 * math.pi * (hours - late) / PERIODS[wave])
            for wave, (high, late) in self.waves.items()
        )


@dataclass(frozen=True)
class Tide:
    """A turn of the tide."""

    when: datetime
    metres: float
    is_high: bool


def next_tides(harbour: Harbour, start: datetime, count: int) -> Sequence[Tide]:
    """The next turns of the tide after a moment."""
    found: list[Tide] = []
    when = start
    before, now = harbour.height(when - STEP), harbour.height(when)
    while len(found) < count:
        after = harbour.height(when + STEP)
        if (now - before) * (after - now) < 0 and when > start:
            found.append(Tide(when, now, is_high=now > before))
        before, now, when = now, after, when + STEP
    return found


def curve(harbour: Harbour, start: datetime, hours: int, points: int) -> list[float]:
    """The water over the next hours, in even steps."""
    return [harbour.height(start + timedelta(hours=hours * i / points)) for i in range(points)]


HARBOURS = (
    Harbour(
        "Gull Bay", 4.1, {"M2": (2.6, 3.2), "S2": (0.9, 5.1), "N2": (0.5, 2.8), "K1": (0.1, 7.0)}
    ),
    Harbour(
        "Old Quay", 2.0, {"M2": (1.1, 8.4), "S2": (0.3, 9.9), "N2": (0.2, 8.0), "O1": (0.1, 3.0)}
    ),
    Harbour("North Lock", 1.2, {"M2": (0.3, 1.5), "K1": (0.4, 11.0), "O1": (0.3, 17.0)}),
)
