"""What Flutter and its tools say moves the bar forwards only, and its steps are told in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.flutter import progress
from builder.flutter.progress import Progress

LOGS = Path(__file__).parent / "logs"
ALL_LINES = [line for log in sorted(LOGS.glob("*.txt")) for line in log.read_text().splitlines()]


def of(name: str) -> Progress:
    return progress.for_package(3) if name.startswith("package") else progress.for_flutter()


def follow(name: str, found: Progress | None = None) -> tuple[list[float], list[str]]:
    """The fractions and the steps of a whole log, each as it changes."""
    found = found or of(name)
    fractions: list[float] = []
    steps: list[str] = []
    for line in (LOGS / f"{name}.txt").read_text().splitlines():
        if found.feed([line]):
            fractions.append(found.fraction or 0.0)
            if not steps or steps[-1] != found.step:
                steps.append(found.step)
    return fractions, steps


@pytest.mark.parametrize("name", [log.stem for log in sorted(LOGS.glob("*.txt"))])
class TestLogs:
    def test_the_bar_goes_from_the_beginning_to_nearly_the_end(self, name: str) -> None:
        fractions, _ = follow(name)
        assert fractions == sorted(fractions)
        assert fractions[0] < 0.1
        assert 0.95 <= fractions[-1] < 1

    def test_it_stops_at_several_places_on_the_way(self, name: str) -> None:
        fractions, _ = follow(name)
        assert len({f for f in fractions if 0.06 <= f < 0.95}) >= 2

    def test_every_step_is_short_and_said(self, name: str) -> None:
        _, steps = follow(name)
        assert all(step and len(step) <= progress.STEP_LENGTH for step in steps)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apk", ["Looking up the Dart packages", "Building the Android app", "Flutter is done"]),
        ("apk_first", ["Downloading Gradle 8.14", "Downloading Gradle: 100 %", "Starting Gradle",
                       "Downloading NDK (Side by side) 28.2.13676358", "Unpacking CMake 3.22.1",
                       "Packing fonts and assets"]),
        ("apk_verbose", ["Gradle: preparing app", "Gradle: compile flutter build release (app)",
                         "Compiling Dart to machine code",
                         "Gradle: compile release kotlin (url_launcher_android)",
                         "Gradle: minify release with r8 (app)"]),
        ("ipa", ["Building the archive of com.example.notes", "Xcode builds the app",
                 "Xcode: compiling, linking, signing", "Xcode is done",
                 "Checking the app's settings", "Making the .ipa", "Flutter is done"]),
        ("macos_verbose", ["Building the macOS app", "Fetching Apple packages (CocoaPods)",
                           "Fetching url_launcher_macos (CocoaPods)", "Fetching Swift packages",
                           "Xcode: Run Script", "Xcode: compiling", "Xcode: signing"]),
        ("linux_verbose", ["Building the Linux app", "CMake looks at the compiler",
                           "Compiling: 14 of 28", "Putting the app's files together"]),
        ("windows_verbose", ["Building the Windows app", "Compiled flutter_assemble",
                             "Putting the app's files together"]),
        ("web", ["Compiling for the web", "Compiled for the web", "Packing fonts and assets"]),
        ("web_verbose", ["Compiling Dart to JavaScript", "Compiled Dart to WebAssembly",
                         "Putting the site together"]),
        ("package_android", ["Copying the app", "Packages for arm64-v8a", "Looking up flet",
                             "Taking numpy from the cache", "Building msgpack",
                             "Packages for armeabi-v7a", "Handing the app to Flutter"]),
    ],
)  # fmt: skip
def test_the_steps_come_in_their_order(name: str, expected: list[str]) -> None:
    _, steps = follow(name)
    places = [steps.index(step) for step in expected]
    assert places == sorted(places)


def test_nothing_is_known_at_first_and_of_other_lines() -> None:
    found = progress.for_flutter()
    assert not found.feed(["warning: something", "", "   ", "[   +3 ms] executing: git"])
    assert (found.fraction, found.step) == (None, "")


def test_a_line_without_an_end_is_a_step_already() -> None:
    found = progress.for_flutter()
    assert found.feed(["Running Gradle task 'assembleRelease'...        "])
    assert found.step == "Building the Android app"
    assert not found.feed(["Running Gradle task 'assembleRelease'...   214.3s"])


def test_the_count_of_the_last_time_is_the_measure_of_this_one() -> None:
    first = progress.for_flutter()
    follow("apk_verbose", first)
    assert first.counts["gradle"] > 80
    halfway = [f"> Task :m:t{n}" for n in range(first.counts["gradle"] // 2)]
    known, unknown = progress.for_flutter(first.counts), progress.for_flutter()
    known.feed(halfway)
    unknown.feed(halfway)
    assert known.fraction == pytest.approx(0.52, abs=0.02)
    assert (unknown.fraction or 0) < known.fraction


def test_a_task_that_is_told_twice_counts_once() -> None:
    found = progress.for_flutter()
    found.feed(["> Task :app:x", "> Task :app:x"])
    assert found.counts == {"gradle": 1}


@pytest.mark.parametrize("count", [0, -3])
def test_a_damaged_count_harms_nothing(count: int) -> None:
    found = progress.for_flutter({"gradle": count})
    found.feed(["> Task :app:x", "> Task :app:y"])
    assert found.fraction is not None
    assert found.fraction < 1


def test_packages_for_three_kinds_of_processor_take_three_parts() -> None:
    found = progress.for_package(3)
    places = []
    for arch in ("arm64-v8a", "x86_64", "armeabi-v7a"):
        found.feed([f"Configured Android/{arch} platform with sitecustomize.py"])
        places.append(found.fraction)
    assert places == pytest.approx([0.15, 0.15 + 0.7 / 3, 0.15 + 1.4 / 3])


MANGLED = st.sampled_from(ALL_LINES).flatmap(
    lambda line: st.tuples(st.just(line), st.integers(0, 40), st.text(max_size=8)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :]
    )
)
NUMBERS = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(
    lambda n: f"[{n[0]}/{n[1]}] x"
)


@given(st.lists(st.one_of(st.text(), MANGLED, st.sampled_from(ALL_LINES), NUMBERS), max_size=60))
def test_whatever_is_said_the_bar_only_grows_and_never_ends(lines: list[str]) -> None:
    for found in (progress.for_flutter(), progress.for_package(2)):
        before = 0.0
        for line in lines:
            found.feed([line])
            assert before <= (found.fraction or 0.0) < 1
            assert found.step.isprintable()
            assert len(found.step) <= progress.STEP_LENGTH
            before = found.fraction or 0.0


@pytest.mark.parametrize("start", ["> Task :", "[", ".", "Collecting ", "Installing ", "\x00", "é"])
def test_an_endless_line_takes_no_time(start: str) -> None:
    found = progress.for_flutter()
    found.feed([start * 1_000_000, start + "a:" * 1_000_000, start + "1%" * 1_000_000])
    assert len(found.step) <= progress.STEP_LENGTH


def test_what_is_shown_has_no_end_until_something_tells() -> None:
    going = progress.for_package()
    assert going.shown == (0.0, None, "", "")
    going.feed(["Copying Python app from /x to a temp directory"])
    assert going.shown == (0.08, 1, "", "Copying the app")
