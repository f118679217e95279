"""The icon that a Flask app's pages have."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.flask import favicon
from builder.flask.parts import FlaskApp, Folder
from tests.builder.fake_build import write

SHOP = FlaskApp(
    folders=[Folder("templates", "shop/templates", 1), Folder("static", "shop/static", 2)]
)


def found(folder: Path, page: str, *pictures: str) -> list[str]:
    files = {"shop/templates/base.html": page} | dict.fromkeys(pictures, "")
    write(folder, files)
    return favicon.find(folder, sorted(files), SHOP)


@pytest.mark.parametrize(
    "link",
    [
        "<link rel=\"icon\" href=\"{{ url_for('static', filename='img/bee.png') }}\">",
        '<LINK REL="shortcut icon" HREF="{{ url_for(".static",filename = "img/bee.png") }}">',
        "<link href=/static/img/bee.png rel=icon>",
        "<link\n  rel='apple-touch-icon'\n  href='/img/bee.png?v=2'>",
    ],
)
def test_the_one_that_is_linked_to(link: str, tmp_path: Path) -> None:
    pictures = ("shop/static/img/bee.png", "shop/static/bee.png", "shop/static/logo.png")
    assert found(tmp_path, link, *pictures) == ["shop/static/img/bee.png"]


def test_by_its_name_without_a_link(tmp_path: Path) -> None:
    pictures = ["shop/static/favicon-32x32.png", "shop/static/favicon.ico"]
    assert found(tmp_path, "<link rel=stylesheet href=/a.css>", *pictures) == pictures


def test_one_that_is_not_served_is_none(tmp_path: Path) -> None:
    page = "<link rel=icon href=/favicon.png><link rel=icon href=https://a.example/favicon.svg>"
    assert found(tmp_path, page, "docs/favicon.png", "shop/static/favicon.txt") == []


def test_what_cannot_be_read_links_to_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"shop/static/favicon.png": ""})
    files = ["shop/static/favicon.png", "shop/templates/gone.html"]
    assert favicon.find(tmp_path, files, SHOP) == ["shop/static/favicon.png"]
