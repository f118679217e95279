"""What rendering makes: files by path, as pictures or text, and as the bytes that ship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image

from builder.images import ico, png


@dataclass(frozen=True)
class RenderedFile:
    """One file, `path` relative to the Flutter project with `/`.

    A picture, the pictures of an `.ico` by their size in pixels, or text. Equal pictures of one
    set are one object, so that each is encoded once.
    """

    path: str
    content: Image.Image | Mapping[int, Image.Image] | str | bytes


@dataclass(frozen=True)
class Rendered:
    """A set of files, and `stale`: those that an earlier set may have left and that must go."""

    files: Sequence[RenderedFile] = ()
    stale: Sequence[str] = ()

    def __getitem__(self, path: str) -> RenderedFile:
        return next(file for file in self.files if file.path == path)


def encode(rendered: Rendered) -> dict[str, bytes]:
    """Every file as the bytes that ship."""
    done: dict[int, bytes] = {}
    return {file.path: _encode(file, done) for file in rendered.files}


def _encode(file: RenderedFile, done: dict[int, bytes]) -> bytes:
    content = file.content
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    if id(content) not in done:
        if isinstance(content, Image.Image):
            done[id(content)] = png.encode(content)
        else:
            done[id(content)] = ico.encode(content)
    return done[id(content)]
