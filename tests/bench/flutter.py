"""What Slipway adds to the time of Flutter's tools, beside `flet build` 1.0.5.

`python -m tests.bench.flutter [--runs N] [--targets linux web apk macos] [--template FOLDER]`

Both build the same app with the same stub of Flutter (`tests/flutter_stub`) and the same template,
in turn: our own of two dozen files, or `--template`, such as Flet's of 150, whose rendering is most
of the time of a first build. That goes into an empty folder; the next one finds the app unchanged.
What counts is the time in which no tool is at work, as the clock on the wall has it; the median of
the runs. What the stub, a Python, needs to begin and to end is measured first, and counts as the
tool's. The goals are half of the time of `flet build` on a first build, and a third on an
unchanged one.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.flutter_stub import Stub
from tests.oracle import apps, pair
from tests.oracle.apps import App
from tests.oracle.pair import Engine, Runner, Seen

TARGETS = ("linux", "web", "apk", "macos")
APPS = {"code": apps.CAPITALS, "pictures": apps.ICON_ALONE}
ENGINES: Sequence[Engine] = ("flet", "ours")
GOALS = {"first": 0.5, "unchanged": 1 / 3}

Times = dict[Engine, dict[str, list[float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--template", type=Path, help="another than our own")
    parser.add_argument("--targets", nargs="+", choices=apps.ALL, default=TARGETS)
    args = parser.parse_args()
    print("| seconds outside the tools, median | `flet build` 1.0.5 | Slipway | ratio | goal |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        template = args.template or pair.make_template(Path(folder) / "template")
        around = measure_stub(Path(folder) / "stub")
        for title, app in APPS.items():
            for target in args.targets:
                place = Path(folder) / f"{app.name}-{target}"
                times = measure(app, target, place, template, args.runs, around)
                print_rows(f"{target}, {title}", times)


def measure_stub(folder: Path) -> tuple[float, float]:
    """Seconds from the start of a tool until it notes that, and from its other note to its end."""
    stub = Stub(folder).install()
    before, after = [], []
    for _ in range(20):
        started = time.time()
        subprocess.run([stub.flutter / "bin" / "flutter", "--version"], capture_output=True)
        began, ended = stub.times()[-1]
        before.append(began - started)
        after.append(time.time() - ended)
    return statistics.median(before), statistics.median(after)


def outside(seen: Seen, around: tuple[float, float]) -> float:
    """The seconds of a build in which no tool was at work; two side by side count once."""
    seconds, until = seen.seconds, 0.0
    for begin, end in sorted(seen.spans):
        begin, end = max(begin - around[0], until), end + around[1]
        seconds -= max(end - begin, 0.0)
        until = max(end, until)
    return seconds


def measure(
    app: App, target: str, folder: Path, template: Path, runs: int, around: tuple[float, float]
) -> Times:
    """Each engine's times: a first build and an unchanged one, as often as wanted."""
    times: Times = {engine: {name: [] for name in GOALS} for engine in ENGINES}
    for number in range(runs):
        for engine in ENGINES:
            runner = Runner(engine, app, target, folder / str(number) / engine, template)
            for name in GOALS:
                seen = runner.run()
                if seen.exit:
                    raise SystemExit(f"{engine} failed: {seen.console}")
                times[engine][name].append(outside(seen, around))
    return times


def print_rows(title: str, times: Times) -> None:
    """Two rows of the table."""
    for name, goal in GOALS.items():
        theirs, own = (statistics.median(times[engine][name]) for engine in ENGINES)
        ratio = f"{own / theirs:.2f}"
        print(f"| {title}: {name} | {theirs:.2f} | {own:.2f} | {ratio} | {goal:.2f} |", flush=True)


if __name__ == "__main__":
    main()
