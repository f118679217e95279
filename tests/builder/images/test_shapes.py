"""The masks: where they touch, how round they are, that an edge is soft on the right spot."""

from __future__ import annotations

import numpy as np
import pytest

from builder.images import shapes
from builder.images.shapes import Shape

SHAPES: list[Shape] = ["circle", "squircle", "rounded", "square"]


def pixels(shape: Shape, size: int) -> np.ndarray:
    return np.asarray(shapes.mask(shape, size)).astype(float) / 255


def exact(size: int, power: float, fine: int = 16) -> np.ndarray:
    """A superellipse, each pixel tried in `fine` x `fine` places."""
    axis = np.abs((np.arange(size * fine) + 0.5) / (size * fine) * 2 - 1) ** power
    inside = (axis[:, None] + axis[None, :]) <= 1
    return inside.reshape(size, fine, size, fine).mean((1, 3))


@pytest.mark.parametrize("size", [16, 33, 100])
@pytest.mark.parametrize(("shape", "power"), [("circle", 2.0), ("squircle", 5.0)])
def test_a_superellipse_is_exact_to_a_few_levels(shape: Shape, power: float, size: int) -> None:
    error = np.abs(pixels(shape, size) - exact(size, power))
    assert error.mean() < 0.004
    assert error.max() < 0.15


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 101])
def test_the_same_from_all_sides(shape: Shape, size: int) -> None:
    mask = pixels(shape, size)
    assert mask.shape == (size, size)
    assert (mask == mask[::-1]).all()
    assert (mask == mask[:, ::-1]).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_it_touches_the_middle_of_every_side(shape: Shape) -> None:
    assert pixels(shape, 64)[0, 32] > 0.9


def test_how_much_of_the_square_each_takes() -> None:
    areas = {shape: pixels(shape, 128).mean() for shape in SHAPES}
    assert areas["circle"] == pytest.approx(np.pi / 4, abs=0.002)
    assert areas["square"] == 1
    assert areas["circle"] < areas["squircle"] < areas["rounded"] < 1


def test_a_rounded_square_has_the_radius_of_ios() -> None:
    mask = pixels("rounded", 1000)
    along_the_diagonal = np.argmax(np.diagonal(mask) > 0.5) / 1000
    assert along_the_diagonal == pytest.approx(0.2237 * (1 - 0.5**0.5), abs=0.006)
    assert mask[0, 400] == 1


def test_a_mask_is_made_once() -> None:
    assert shapes.mask("squircle", 77) is shapes.mask("squircle", 77)
