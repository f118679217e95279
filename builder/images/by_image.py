"""Keeps what is known of an image beside it, for as long as the image lives.

Pillow compares images by their pixels, so that they have no hash and cannot be keys themselves.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

from PIL import Image

T = TypeVar("T")


class ByImage(Generic[T]):
    """One thing for each image, made by `make` when it is first asked for, also by many threads.

    What is kept must not hold the image itself: neither would ever go.
    """

    def __init__(self, make: Callable[[Image.Image], T]) -> None:
        self._make = make
        self._kept: dict[int, T] = {}
        self._lock = threading.Lock()

    def of(self, image: Image.Image) -> T:
        """What is kept of this very image; an equal one has its own."""
        with self._lock:
            if id(image) not in self._kept:
                self._kept[id(image)] = self._make(image)
                weakref.finalize(image, self._kept.pop, id(image), None).atexit = False
            return self._kept[id(image)]

    def __len__(self) -> int:
        """Of how many images something is kept."""
        return len(self._kept)
