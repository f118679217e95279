"""The matrix has an answer for every target on every host, with a way out where it says no."""

from __future__ import annotations

import pytest

from builder import targets
from builder.host import Host

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
