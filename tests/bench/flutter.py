"""What Slipway adds to the time of Flutter's tools, beside `flet build` 1.0.5.

`python -m tests.bench.flutter [--runs N] [--targets linux web apk macos]`

Both build the same app with the same stub of Flutter (`tests/flutter_stub`) and our own template,
in turn: a first build into an empty folder, then one of the unchanged app. What counts is the time
in which no tool is at work, as the clock on the wall has it; the median of the runs. The goals
are half of the time of `flet build` on a first build, and a third on an unchanged one.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.oracle import apps, pair
from tests.oracle.apps import App
from tests.oracle.pair import Engine, Runner

TARGETS = ("linux", "web", "apk", "macos")
APPS = {"code": apps.IDENTITY, "pictures": apps.ICON_ALONE}
ENGINES: Sequence[Engine] = ("flet", "ours")
GOALS = {"first": 0.5, "unchanged": 1 / 3}

Times = dict[Engine, dict[str, list[float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--targets", nargs="+", choices=apps.ALL, default=TARGETS)
    args = parser.parse_args()
    print("| seconds outside the tools, median | `flet build` 1.0.5 | Slipway | ratio | goal |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        template = pair.make_template(Path(folder) / "template")
        for title, app in APPS.items():
            for target in args.targets:
                place = Path(folder) / f"{app.name}-{target}"
                print_rows(f"{target}, {title}", measure(app, target, place, template, args.runs))


def measure(app: App, target: str, folder: Path, template: Path, runs: int) -> Times:
    """Each engine's times: a first build and an unchanged one, as often as wanted."""
    times: Times = {engine: {name: [] for name in GOALS} for engine in ENGINES}
    for number in range(runs):
        for engine in ENGINES:
            runner = Runner(engine, app, target, folder / str(number) / engine, template)
            for name in GOALS:
                seen = runner.run()
                if seen.exit:
                    raise SystemExit(f"{engine} failed: {seen.console}")
                times[engine][name].append(seen.outside)
    return times


def print_rows(title: str, times: Times) -> None:
    """Two rows of the table."""
    for name, goal in GOALS.items():
        theirs, own = (statistics.median(times[engine][name]) for engine in ENGINES)
        ratio = f"{own / theirs:.2f}"
        print(f"| {title}: {name} | {theirs:.2f} | {own:.2f} | {ratio} | {goal:.2f} |", flush=True)


if __name__ == "__main__":
    main()
