"""Which packages Pyodide's own collection offers, and the links that pip is given."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builder.web import client, pyodide_packages
from builder.web.client import Client
from tests.builder.fake_build import LOCK, keep_client

TAG = "cp314-cp314-pyemscripten_2026_0_wasm32.whl"


def entry(name: str, *depends: str, kind: str = "package", file: str = "") -> dict[str, Any]:
    return {
        "package_type": kind,
        "depends": list(depends),
        "file_name": file or f"{name}-1.0+x-{TAG}",
        "sha256": f"digest-{name}",
    }


@pytest.fixture
def chosen(cache: Path) -> Client:
    packages = {
        "numpy": entry("numpy"),
        "Sci_Py": entry("scipy", "numpy", "libblas"),
        "libblas": entry("libblas", kind="shared_library", file="libblas.zip"),
        "learn": entry("learn", "sci-py"),
        "frames": entry("frames", "numpy", "pytz"),
        "pytz": entry("pytz", file="pytz-1-py3-none-any.whl"),
        "odd": entry("odd", "nowhere"),
        "circle": entry("circle", "circle"),
    }
    return client.read("1.0.5", keep_client("1.0.5", {**LOCK, "packages": packages}))


@pytest.mark.parametrize(
    ("name", "is_offered"),
    [
        ("numpy", True),
        ("frames", True),
        ("circle", True),
        ("sci-py", False),  # needs a shared library beside it
        ("learn", False),  # needs one that does
        ("libblas", False),
        ("odd", False),
        ("unknown", False),
    ],
)
def test_what_works_by_itself_is_offered(name: str, is_offered: bool, chosen: Client) -> None:
    assert pyodide_packages.offered(chosen, [name]) == ([name] if is_offered else [])


class Links(HTMLParser):
    """The addresses on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href"]


def test_links_go_to_compiled_wheels_with_their_digests(chosen: Client) -> None:
    links = Links()
    links.feed(pyodide_packages.links(chosen, ["frames"]))
    host = f"https://{pyodide_packages.HOST}/pyodide/v314.0.7/full/"
    assert links.found == [
        f"{host}frames-1.0+x-{TAG}#sha256=digest-frames",
        f"{host}numpy-1.0+x-{TAG}#sha256=digest-numpy",
    ]
