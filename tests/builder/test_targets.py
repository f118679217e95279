"""The matrix has an answer for every target on every host, with a way out where it says no."""

from __future__ import annotations

import pytest

from builder import targets
from builder.host import Host
from builder.toolchains.inventory import Has

HOSTS: tuple[Host, ...] = ("linux", "macos", "windows")


@pytest.mark.parametrize("host", HOSTS)
def test_every_target_has_a_cell(host: Host) -> None:
    special = {"ios-simulator"} if host != "macos" else set()
    assert [cell.target for cell in targets.matrix(host)] == [
        target for target in targets.TARGETS if target not in special
    ]


@pytest.mark.parametrize("host", HOSTS)
def test_the_web_works_everywhere_now(host: Host) -> None:
    cell = targets.cell("web", host)
    assert (cell.state, cell.backend) == ("ready", "prebuilt")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("target", targets.TARGETS)
def test_a_no_comes_with_a_reason_and_another_way(target: str, host: Host) -> None:
    cell = targets.cell(target, host)
    assert cell.label
    assert cell.reason
    assert (cell.backend is not None) == (cell.state == "ready")
    assert cell.instead or cell.state == "ready"


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("ipa", "linux"),
        ("ipa", "windows"),
        ("macos", "linux"),
        ("windows", "macos"),
        ("linux", "windows"),
    ],
)
def test_some_things_are_made_only_elsewhere(target: str, host: Host) -> None:
    assert targets.cell(target, host).state == "never"


ALL = Has(flutter=True, jdk=True, android=True, xcode=True)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("target", targets.TARGETS)
def test_with_all_tools_everything_works_where_it_can(target: str, host: Host) -> None:
    cell = targets.cell(target, host, ALL)
    can = host in targets.TARGETS[target].hosts
    assert cell.state == ("ready" if can else "never")
    if can:
        assert cell.backend == ("prebuilt" if target == "web" else "flutter")
        assert cell.reason.endswith(".")


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("target", targets.TARGETS)
def test_without_tools_it_is_said_what_they_take(target: str, host: Host) -> None:
    cell = targets.cell(target, host)
    if cell.state == "needs":
        assert "Flutter" in cell.label
        assert "GB" in cell.label
        assert "GB" in cell.reason
        assert "minutes" in cell.reason
        assert f"flet build {target}" in cell.instead


@pytest.mark.parametrize(
    ("target", "host", "has", "needs"),
    [
        ("apk", "linux", Has(flutter=True, jdk=True), "Needs the Android tools · about 3 GB"),
        ("apk", "windows", Has(flutter=True, android=True), "Needs Java 17 · about 1 GB"),
        ("aab", "macos", Has(jdk=True, android=True), "Needs Flutter · about 3 GB"),
        ("aab", "linux", Has(), "Needs Flutter, Java 17 and the Android tools · about 6 GB"),
        ("ipa", "macos", Has(flutter=True), "Needs Xcode · about 15 GB"),
        ("ios-simulator", "macos", Has(), "Needs Flutter and Xcode · about 18 GB"),
    ],
)
def test_only_what_is_missing_is_named(target: str, host: Host, has: Has, needs: str) -> None:
    assert targets.cell(target, host, has).label == needs


@pytest.mark.parametrize(("target", "host"), [("linux",) * 2, ("macos",) * 2, ("windows",) * 2])
def test_an_app_for_this_computer_needs_nothing_first(target: str, host: Host) -> None:
    cell = targets.cell(target, host)
    assert (cell.label, cell.ways) == ("Ready now", ("pyinstaller",))
    assert targets.cell(target, host, ALL).ways == ("flutter", "pyinstaller")


def test_a_flask_app_becomes_an_app_for_a_computer_and_nothing_else() -> None:
    for has in (Has(), ALL):
        cells = {cell.target: cell for cell in targets.matrix("macos", has, "flask")}
        assert cells.pop("macos").ways == ("pyinstaller",)
        assert {cell.state for cell in cells.values()} == {"never"}
        assert "server" in cells["web"].reason
        assert cells["windows"].label == "Only on a Windows computer"
        assert "web site" not in cells["windows"].instead


def test_the_web_can_go_two_ways_with_flutter() -> None:
    assert targets.cell("web", "linux", Has(flutter=True)).ways == ("prebuilt", "flutter")


def test_tools_of_others_do_not_matter() -> None:
    assert targets.cell("linux", "linux", Has(flutter=True)).state == "ready"


def test_the_simulator_is_shown_on_a_mac_only() -> None:
    assert [cell.target for cell in targets.matrix("macos")][-1] == "ios-simulator"
    assert "ios-simulator" not in [cell.target for cell in targets.matrix("linux", ALL)]
    assert targets.cell("ios-simulator", "linux").state == "never"


def test_a_target_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        targets.cell("amiga", "linux")


def test_every_platform_has_a_target_that_stands_for_it() -> None:
    assert targets.TARGET_OF == {
        "android": "apk",
        "ios": "ipa",
        "macos": "macos",
        "windows": "windows",
        "linux": "linux",
        "web": "web",
    }


def test_what_is_ready_names_its_tools() -> None:
    there = Has(flutter=True, jdk=True, android=True, flutter_version="3.44.9")
    cell = targets.cell("apk", "linux", there)
    assert cell.label == "Ready now: Flutter 3.44.9"
    assert cell.reason == "Flutter, Java 17 and the Android tools are on this computer."
    assert targets.cell("linux", "linux", there).reason == "Flutter is on this computer."


def test_what_is_missing_is_one_or_many() -> None:
    one = targets.cell("apk", "linux", Has(jdk=True, android=True)).reason
    assert one.startswith("Flutter is not on this computer. To get it takes about 3 GB and 15 min")
    many = targets.cell("apk", "linux", Has(flutter=True, jdk=True)).reason
    assert many.startswith("The Android tools are not on this computer. To get it takes")
