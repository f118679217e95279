"""What Slipway hands to Flutter is what `flet build` 1.0.5 hands to it, and so is the result.

Each difference is either a fault of ours or stands in `allow.txt` with its reason.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.oracle import apps, pair
from tests.oracle.apps import App
from tests.oracle.pair import Engine, Runner, Seen

OFFLINE = pytest.param(apps.WEB_OFFLINE, "web", marks=pytest.mark.network)  # fetches Pyodide once

CASES: Sequence[tuple[App, str]] = (
    (apps.BARE, "linux"),
    (apps.IDENTITY, "windows"),
    (apps.IDENTITY, "linux"),
    (apps.ON_THE_COMMAND_LINE, "macos"),
    (apps.ANDROID_ALL, "apk"),
    (apps.ANDROID_OPTIONS, "aab"),
    (apps.APPLE_ALL, "ipa"),
    (apps.APPLE_ALL, "macos"),
    (apps.APPLE_PODS, "ios-simulator"),
    (apps.WEB_ALL, "web"),
    (apps.WEB_OPTIONS, "web"),
    (apps.PACKAGING, "linux"),
    (apps.PACKAGING, "web"),
    (apps.EXTENSIONS, "apk"),
    (apps.PICTURES, "apk"),
    (apps.PICTURES, "ipa"),
    (apps.ICON_ALONE, "web"),
    (apps.POETRY, "linux"),
    (apps.REQUIREMENTS, "web"),
    (apps.ORG_ALONE, "linux"),
    (apps.ORG_ALONE, "ipa"),
    (apps.EACH_ITS_OWN, "apk"),
    (apps.EACH_ITS_OWN, "windows"),
    (apps.ODD_VALUES, "ipa"),
    (apps.ODD_VALUES, "macos"),
    (apps.CAPITALS, "apk"),
)

# Not for Windows: there the stub is made of batch files, which `flet build` does not look for.
slow = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="flet finds no stub of Flutter"),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pair.make_template(tmp_path_factory.mktemp("parity") / "template")


def both(app: App, target: str, folder: Path, template: Path) -> tuple[Runner, Runner]:
    engines: tuple[Engine, Engine] = ("flet", "ours")
    flet, ours = (
        Runner(name, app, target, folder / name, template, in_another_shell=True)
        for name in engines
    )
    return flet, ours


def check(flet: Seen, ours: Seen) -> None:
    for seen in (flet, ours):
        assert seen.exit == 0, seen.console
        assert seen.project is not None
    assert pair.unexplained(pair.differences(flet, ours)) == []


@pytest.mark.parametrize(
    ("app", "target"), [*CASES, OFFLINE], ids=lambda value: getattr(value, "name", value)
)
class TestParity:
    pytestmark = slow

    def test_first_build_and_another(
        self, app: App, target: str, tmp_path: Path, template: Path
    ) -> None:
        flet, ours = both(app, target, tmp_path, template)
        check(flet.run(), ours.run())
        check(flet.run(), ours.run())


@pytest.mark.parametrize("target", ["linux", "web"])
class TestChangedApp:
    pytestmark = slow

    def test_code_is_packed_anew_without_its_packages(
        self, target: str, tmp_path: Path, template: Path
    ) -> None:
        flet, ours = both(apps.IDENTITY, target, tmp_path, template)
        check(flet.run(), ours.run())
        for runner in (flet, ours):
            (runner.app / "main.py").write_text("print('changed')\n")
        again = ours.run()
        check(flet.run(), again)
        assert [c.args[-1] for c in again.calls if c.step == "dart run"] == ["--skip-site-packages"]


class TestColourOfSite:
    pytestmark = slow

    def test_a_splash_screen_without_colour_goes_on_with_that_of_the_window(
        self, tmp_path: Path, template: Path
    ) -> None:
        """There it stays white, and flashes; this stands not in `allow.txt`, for it is one app."""
        flet, ours = both(apps.COLOURED_SITE, "web", tmp_path, template)
        theirs, own = flet.run(), ours.run()
        assert pair.unexplained(pair.differences(theirs, own)) == [
            "differs in project: android/app/src/main/res/values/colors.xml",
            "differs in project: context.json",
            "differs in project: web/index.html",
            "differs in result: index.html",
        ]
        assert "background: #ffffff" in (theirs.result / "index.html").read_text("utf-8")
        assert "background: #010203" in (own.result / "index.html").read_text("utf-8")


# ---- The comparison itself ---------------------------------------------------------------------


def test_every_target_and_every_app_is_compared() -> None:
    assert {target for _, target in CASES} == set(apps.ALL)
    compared = {app.name for app, _ in CASES} | {apps.WEB_OFFLINE.name}
    assert compared == {app.name for app in apps.APPS}


def test_every_allowed_difference_has_its_reason() -> None:
    assert all(reason for reason in pair.allowed().values())
    assert "*" not in pair.allowed()


def write(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_a_path_of_the_run_is_no_difference(tmp_path: Path) -> None:
    one = write(tmp_path / "a", pubspec=f"path: {tmp_path}/a/x")
    two = write(tmp_path / "b", pubspec=f"path: {tmp_path}/b/x")
    a, b = (one, [(one, "BUILD")]), (two, [(two, "BUILD")])
    assert pair.compare_folders("project", a, b) == []
    assert pair.compare_folders("project", (one, ()), b) == ["differs in project: pubspec"]


def test_differing_and_missing_files_are_found(tmp_path: Path) -> None:
    one = write(tmp_path / "a", same="1", other="1", gone="1")
    two = write(tmp_path / "b", same="1", other="2", new="1")
    assert pair.compare_folders("project", (one, ()), (two, ())) == [
        "only in flet's project: gone",
        "only in our project: new",
        "differs in project: other",
    ]


@pytest.mark.parametrize(
    ("size", "colour", "is_same"),
    [(64, "#808080", True), (64, "#868686", True), (64, "#ff0000", False), (65, "#808080", False)],
)
def test_pictures_are_compared_by_what_they_show(
    tmp_path: Path, size: int, colour: str, is_same: bool
) -> None:
    (tmp_path / "a.png").write_bytes(apps.picture("#808080", "#808080", 64))
    (tmp_path / "b.png").write_bytes(apps.picture(colour, "#808080", size))
    assert pair.is_same((tmp_path / "a.png", ()), (tmp_path / "b.png", ())) is is_same


def seen(folder: Path, *told: str) -> Seen:
    return Seen(0, "", 0.0, [], [], told, folder, folder, ())


def test_calls_are_compared_with_their_order(tmp_path: Path) -> None:
    assert pair.differences(seen(tmp_path, "a", "b"), seen(tmp_path, "a", "b")) == []
    assert pair.differences(seen(tmp_path, "a", "b"), seen(tmp_path, "b", "a"))
    assert pair.differences(seen(tmp_path, "a"), seen(tmp_path, "b")) == [
        "tool call only by flet: a",
        "tool call only by ours: b",
    ]


def test_only_what_is_allowed_is_let_through() -> None:
    skipped = 'tool call only by flet: ["dart", ["run", "x", "--skip-site-packages"], "", {}]'
    assert pair.unexplained([skipped, "differs in project: pubspec.yaml"]) == [
        "differs in project: pubspec.yaml"
    ]
