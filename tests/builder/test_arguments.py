"""The options mean what they mean to `flet build`, and mistakes are problems."""

from __future__ import annotations

import pytest

from builder import arguments
from builder.problems import ProjectError


def settings(*argv: str) -> dict[str, object]:
    return arguments.settings_of(arguments.parse(["build", "web", "p", *argv]))


def test_nothing_given_is_nothing_set() -> None:
    assert settings() == {}


def test_every_setting_has_an_option() -> None:
    given = settings(
        "--product=P", "--project=p", "--description=d", "--org=o", "--bundle-id=b", "--company=c",
        "--copyright=r", "--build-number=3", "--build-version=1.2", "--python-version=3.14",
        "--base-url=/x/", "--route-url-strategy=HASH", "--web-renderer=Auto",
        "--pwa-short-name=s", "--pwa-theme-color=#fff", "--pwa-background-color=#000",
        "--exclude=a", "--include=b", "--no-default-excludes", "--module-name=app",
        "--android-adaptive-icon-background=red", "--splash-color=#111",
        "--splash-dark-color=#222", "--no-web-splash", "--no-ios-splash", "--no-android-splash",
        "--shrink-images",
    )  # fmt: skip
    assert set(given) == {*arguments.SETTINGS, "module"}
    assert given["route_url_strategy"] == "hash"
    assert given["web_renderer"] == "auto"
    assert given["default_excludes"] is False
    assert given["adaptive_icon_background"] == "red"
    assert given["splash_web"] is given["splash_ios"] is given["splash_android"] is False


def test_lists_take_several_and_again() -> None:
    assert settings("--exclude", "a", "b", "--exclude=c")["exclude"] == ["a", "b", "c"]


def test_a_value_may_begin_with_a_dash() -> None:
    assert settings("--description=-x")["description"] == "-x"


@pytest.mark.parametrize("option", ["--web-renderer=html", "--prod=x", "--unknown"])
def test_mistakes_are_problems(option: str) -> None:
    with pytest.raises(ProjectError) as caught:
        settings(option)
    assert caught.value.problem.code == "bad-arguments"
