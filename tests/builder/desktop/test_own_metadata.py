"""What an installed package would tell of the app."""

from __future__ import annotations

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from builder import pyproject
from builder.desktop import own_metadata
from tests.builder.fake_build import write

WHOLE = """
[project]
name = "My-Shop"
version = "2.1"
description = "Sells\\nthings"
[project.scripts]
shop = "shop.cli:main"
[project.entry-points."shop.plugins"]
till = "shop.till:Till"
"""


def of(text: str) -> dict[str, str]:
    parsed = pyproject.parse(text.encode(), Path("pyproject.toml"))
    return own_metadata.files(parsed.data, "9")


def test_python_understands_it(tmp_path: Path) -> None:
    write(tmp_path, of(WHOLE))
    found = PathDistribution(tmp_path / "my_shop-2.1.dist-info")
    assert (found.metadata["Name"], found.version) == ("My-Shop", "2.1")
    assert found.metadata["Summary"] == "Sells things"
    entries = {(one.group, one.name, one.value) for one in found.entry_points}
    assert entries == {
        ("console_scripts", "shop", "shop.cli:main"),
        ("shop.plugins", "till", "shop.till:Till"),
    }


def test_a_version_that_only_its_build_knows_is_that_of_the_app() -> None:
    (path,) = of('[project]\nname = "a"\ndynamic = ["version"]')
    assert path == "a-9.dist-info/METADATA"


@pytest.mark.parametrize(
    "text", ["", "[project]", '[project]\nname = "../a"', "[project]\nname = 3"]
)
def test_what_is_no_package_has_none(text: str) -> None:
    assert of(text) == {}
