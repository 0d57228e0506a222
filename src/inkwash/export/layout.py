"""Where pictures go on a sheet, and small copies of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

from inkwash.geometry import Size
from inkwash.layers import Pixels

LONGEST_SIDE = 3000  # of a sheet, in pixels
_LARGEST_FONT, _SMALLEST_FONT = 26, 12
_SMALLEST_CELL = 120  # room for a caption under the smallest picture


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Cells in rows, a caption under each, a gap around them; lengths in pixels."""

    columns: int
    rows: int
    cell: Size
    font: int

    @property
    def gap(self) -> int:
        return self.font

    @property
    def caption(self) -> int:
        return 2 * self.font

    @property
    def size(self) -> Size:
        return Size(
            self.columns * (self.cell.width + self.gap) + self.gap,
            self.rows * (self.cell.height + self.caption + self.gap) + self.gap,
        )

    def corner(self, index: int) -> tuple[int, int]:
        """Left and top of a cell, counted from 0 in reading order."""
        row, column = divmod(index, self.columns)
        return (
            self.gap + column * (self.cell.width + self.gap),
            self.gap + row * (self.cell.height + self.caption + self.gap),
        )


def fit_grid(picture: Size, count: int) -> Grid:
    """Two rows or two columns for `count` pictures, whichever is nearer to a square; else rows."""
    half = math.ceil(count / 2)
    shapes = [(half, min(2, count)), (min(2, count), half)]
    columns, rows = min(shapes, key=lambda shape: _stretch(picture, *shape))
    widest = (LONGEST_SIDE - _LARGEST_FONT) // columns - _LARGEST_FONT
    tallest = (LONGEST_SIDE - _LARGEST_FONT) // rows - 3 * _LARGEST_FONT
    small = scaled_into(picture, Size(widest, tallest))
    cell = Size(max(small.width, _SMALLEST_CELL), max(small.height, _SMALLEST_CELL))
    font = min(_LARGEST_FONT, max(_SMALLEST_FONT, cell.width // 14))
    return Grid(columns=columns, rows=rows, cell=cell, font=font)


def scaled_into(picture: Size, room: Size) -> Size:
    """The picture's size made smaller until it fits, its aspect kept; never larger."""
    scale = min(1.0, room.width / picture.width, room.height / picture.height)
    return Size(max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))


def shrink(pixels: Pixels, room: Size) -> Image.Image:
    """A copy of (H, W), (H, W, 3) or (H, W, 4) that fits into `room`."""
    size = scaled_into(Size(pixels.shape[1], pixels.shape[0]), room)
    image = Image.fromarray(pixels)
    return image.resize((size.width, size.height), Image.Resampling.LANCZOS, reducing_gap=2)


def _stretch(picture: Size, columns: int, rows: int) -> float:
    return round(abs(math.log(picture.width * columns / (picture.height * rows))), 6)
