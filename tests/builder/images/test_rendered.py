"""Sets of files: their bytes, and that equal pictures are encoded once."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from builder.images import png, rendered
from builder.images.rendered import Rendered, RenderedFile


def test_pictures_icons_and_text_become_bytes() -> None:
    picture = Image.new("RGBA", (5, 5), (1, 2, 3, 4))
    files = rendered.encode(
        Rendered(
            [
                RenderedFile("a.png", picture),
                RenderedFile("b.ico", {5: picture}),
                RenderedFile("c.xml", "<é/>"),
                RenderedFile("d.bin", b"\0\1"),
            ]
        )
    )
    assert list(files) == ["a.png", "b.ico", "c.xml", "d.bin"]
    for name in ("a.png", "b.ico"):
        with Image.open(io.BytesIO(files[name])) as image:
            assert image.convert("RGBA").tobytes() == picture.tobytes()
    assert files["c.xml"].decode() == "<é/>"
    assert files["d.bin"] == b"\0\1"


def test_one_picture_in_many_places_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[Image.Image] = []

    def count(image: Image.Image) -> bytes:
        encoded.append(image)
        return b""

    monkeypatch.setattr(png, "encode", count)
    one, other = Image.new("RGB", (4, 4)), Image.new("RGB", (4, 4))
    places = [RenderedFile(f"{name}.png", one) for name in "abc"]
    rendered.encode(Rendered([*places, RenderedFile("d.png", other)]))
    assert len(encoded) == 2


def test_a_file_is_found_by_its_path() -> None:
    file = RenderedFile("a/b.txt", "x")
    assert Rendered([RenderedFile("c", ""), file])["a/b.txt"] is file
