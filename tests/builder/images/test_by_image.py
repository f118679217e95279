"""What is kept of an image: one thing, for that image alone, and no longer than it lives."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from PIL import Image

from builder.images.by_image import ByImage


def test_the_same_image_gets_the_same_thing() -> None:
    kept = ByImage(lambda image: [image.size])
    image = Image.new("L", (2, 3))
    assert kept.of(image) is kept.of(image)
    assert kept.of(image) == [(2, 3)]


def test_an_equal_image_gets_its_own() -> None:
    kept = ByImage(lambda image: [image.size])
    one, other = Image.new("L", (1, 1)), Image.new("L", (1, 1))
    assert one == other
    assert kept.of(one) is not kept.of(other)


def test_what_is_kept_goes_with_the_image() -> None:
    kept = ByImage(lambda image: [image.size])
    image = Image.new("L", (1, 1))
    kept.of(image)
    assert len(kept) == 1
    del image
    gc.collect()
    assert len(kept) == 0


def test_an_image_in_the_place_of_one_that_went_gets_nothing_of_it() -> None:
    kept = ByImage(lambda image: image.getpixel((0, 0)))
    places = set[int]()
    for value in range(50):
        image = Image.new("L", (1, 1), value)
        places.add(id(image))
        assert kept.of(image) == value
        del image
    assert len(places) < 50  # else nothing was tried


def test_threads_that_come_at_once_get_one_thing() -> None:
    made: Iterator[int] = iter(range(1000))
    start = Barrier(4)
    kept = ByImage(lambda _: next(made))

    def ask(image: Image.Image) -> int:
        start.wait()
        return kept.of(image)

    with ThreadPoolExecutor(4) as pool:
        for number in range(50):
            image = Image.new("L", (1, 1))
            assert set(pool.map(ask, [image] * 4)) == {number}
