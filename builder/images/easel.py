"""One picture while a set is drawn from it: how large it stands in each frame, and its drawings."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image

from builder.images import figure, framing, measure
from builder.images.by_image import ByImage
from builder.images.figure import Look
from builder.images.framing import Frame, Reach
from builder.images.picture import Picture
from builder.images.scaling import Art
from builder.images.style import RGB

QUICK = 256  # pixels: a quick drawing stands in for a moment, and need not be larger
LINEAR = 64  # pixels: up to here it is seen how light is averaged


class Easel:
    """Draws a picture for one set, on whole pixels where flet-platform-assets does.

    `is_own`: made for this platform, so it is never framed. `quick`: as `scaling.Art`, and nothing
    is drawn larger than `QUICK`. Every drawing may be shared: to be read, never changed.
    """

    def __init__(
        self, picture: Picture, *, is_own: bool, quick: bool = False, flet_way: bool = False
    ) -> None:
        self.picture = picture
        self.is_own = is_own
        self.quick = quick
        self.linear = 0 if flet_way else LINEAR
        self._art = Art(picture.image, quick=quick, linear=self.linear)
        self._found = _found.of(picture.image)

    @property
    def is_opaque(self) -> bool:
        """Whether no pixel of the picture lets anything through."""
        return self._art.is_opaque

    @property
    def look(self) -> Look:
        """What is to be seen on the picture."""
        if self._found.look is None:
            reach = self.reach(measure.axis_extent) or 1.0
            side = round(figure.SIDE / max(reach, figure.SIDE / QUICK))
            # Quickly, however the set is drawn: what is seen first serves all sets of the image.
            art = Art(self.picture.image, quick=True).draw(side, grid=side)
            self._found.look = figure.look(art)
        return self._found.look

    def pixels(self, size: int) -> int:
        """How large a picture of `size` pixels is drawn: smaller than it ships when quick."""
        return min(size, QUICK) if self.quick else size

    def extent(self, frame: Frame | None) -> float:
        """How large the art stands within a frame: 1.0 where it needs none."""
        if frame is None or self.is_own:
            return 1.0
        return framing.extent_of(self.reach(frame.reach), frame)

    def reach(self, measured: Reach) -> float | None:
        """How far the picture reaches, as a function of `measure` finds."""
        if measured not in self._found.reaches:
            self._found.reaches[measured] = measured(self.picture.image)
        return self._found.reaches[measured]

    def draw(
        self, size: int, *, frame: Frame | None = None, background: RGB | None = None
    ) -> Image.Image:
        """The art within its frame on a square: RGB with a background, else RGBA."""
        extent = self.extent(frame)
        if extent == 1:
            return self.place(size, extent, background)
        # As if a copy as large as the source had been framed on whole pixels first.
        grid = max(self.picture.image.size)
        size = self.pixels(size)
        return self._art.draw(size, extent=extent, background=background, grid=grid)

    def framed(self, frame: Frame) -> Image.Image:
        """The picture itself, or as large a one on which it is framed, soft edges and all."""
        image, extent = self.picture.image, self.extent(frame)
        if extent == 1:
            return image
        side = max(image.size)
        part = max(1, round(side * extent)) / side
        art = image.resize(
            (max(1, round(image.width * part)), max(1, round(image.height * part))),
            Image.Resampling.LANCZOS,
        )
        square = Image.new("RGBA", (side, side))
        square.paste(art, ((side - art.width) // 2, (side - art.height) // 2))
        return square

    def place(self, size: int, extent: float, background: RGB | None = None) -> Image.Image:
        """The art at an extent of a square, on whole pixels of it."""
        size = self.pixels(size)
        return self._art.draw(size, extent=extent, background=background, grid=size)


@dataclass
class _Found:
    """What was found out about an image: it serves all platforms."""

    look: Look | None = None
    reaches: dict[Reach, float | None] = field(default_factory=dict)


_found = ByImage(lambda _: _Found())
