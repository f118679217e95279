"""The gallery: pictures as files, named by what is in them, removed when nobody shows them."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from app import gallery
from app.gallery import Gallery


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path))


def test_the_same_picture_has_the_same_name() -> None:
    one = Gallery()
    name = one.hang(b"a")
    assert one.hang(b"a") == name != one.hang(b"b")
    path = gallery.find(name)
    assert path is not None
    assert path.read_bytes() == b"a"


def test_what_somebody_removed_is_hung_again() -> None:
    one = Gallery()
    name = one.hang(b"a")
    (gallery.folder() / name).unlink()
    assert one.hang(b"a") == name
    assert gallery.find(name)


def test_a_cache_that_somebody_cleared_is_filled_again() -> None:
    one = Gallery()
    one.hang(b"a")
    shutil.rmtree(gallery.folder())
    name = one.hang(b"b")
    assert [path.name for path in gallery.folder().iterdir()] == [name]


def test_what_is_not_shown_any_more_goes_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(gallery.time, "monotonic", lambda: clock[0])  # type: ignore[attr-defined]
    one = Gallery()
    shown, past = one.hang(b"shown"), one.hang(b"past")
    clock[0] += gallery.SPARED_SECONDS - 1
    one.sweep([shown])
    assert gallery.find(past), "a tab that is drawn a little later still finds it"
    clock[0] += 2
    one.sweep([shown])
    assert not one.has(past)
    assert not gallery.find(past)
    assert gallery.find(shown)
    assert one.hang(b"past") == past
    assert gallery.find(past)


def test_what_an_ended_slipway_left_goes_at_the_first_sweep() -> None:
    gallery.folder().mkdir(parents=True)
    old, young = gallery.folder() / "old.png", gallery.folder() / "young.png"
    for path in (old, young):
        path.write_bytes(b"x")
    before = time.time() - gallery.LEFT_OVER_SECONDS - 60
    os.utime(old, (before, before))
    Gallery().sweep([])
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize(
    "name", ["../secret.png", "..%2fsecret.png", "", "a.png", "x" * 32 + ".png", "0" * 32 + ".png"]
)
def test_only_pictures_of_the_gallery_are_found(name: str) -> None:
    (gallery.folder().parent / "secret.png").write_bytes(b"x")
    assert gallery.find(name) is None
