"""Which versions of Flet a project accepts."""

from __future__ import annotations

import pytest

from builder import flet_version
from builder.project import Requirement


def accepted(*texts: str, holds: bool = True) -> flet_version.Accepted:
    asked = [Requirement(text, f"line {number}") for number, text in enumerate(texts, 1)]
    return flet_version.accepted(asked, lambda text: holds)


def test_every_requirement_of_flet_counts() -> None:
    found = accepted("flet>=1.0.2", "httpx<1", "Flet < 2")
    assert sorted(map(str, found.specifier)) == ["<2", ">=1.0", ">=1.0.2"]


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("flet==1.0.5", "1.0.5"),
        ("flet===1.0.5", "1.0.5"),
        ("flet==1.*", ""),
        ("flet>=1", ""),
        ("flet", ""),
    ],
)
def test_what_is_pinned(text: str, pinned: str) -> None:
    assert accepted(text).pinned == pinned


def test_what_is_too_old_and_what_comes_from_elsewhere_is_told_apart() -> None:
    found = accepted("flet<1", "flet @ git+https://host/flet", "flet>=1")
    assert found.too_old is not None
    assert found.elsewhere is not None
    assert (found.too_old.where, found.elsewhere.where) == ("line 1", "line 2")
    assert str(flet_version.specifier_of(found.too_old)) == "<1"


def test_what_is_asked_for_elsewhere_only_does_not_count() -> None:
    assert accepted("flet==0.28", holds=False) == accepted()


def test_text_that_is_no_version() -> None:
    assert flet_version.version("1.0.5 copy") is None
    assert str(flet_version.version("1.0.5")) == "1.0.5"
