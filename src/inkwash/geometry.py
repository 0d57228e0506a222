"""Sizes, boxes and paddings, in pixels; x grows to the right, y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Width and height of a picture."""

    width: int
    height: int

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)

    def scaled_to_short_side(self, side: int) -> Size:
        """The same aspect with the short side `side`; no side falls under 1 pixel."""
        scale = side / self.short_side
        return Size(max(1, round(self.width * scale)), max(1, round(self.height * scale)))

    def padding_to_multiple(self, multiple: int) -> Padding:
        """What is missing on the right and at the bottom to multiples of `multiple`."""
        return Padding(right=-self.width % multiple, bottom=-self.height % multiple)

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


@dataclass(frozen=True)
class Padding:
    """Pixels added on the right and at the bottom."""

    right: int
    bottom: int


@dataclass(frozen=True)
class Box:
    """A rectangle: left and top included, right and bottom not."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> Size:
        return Size(self.right - self.left, self.bottom - self.top)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array of shape (H, W, …)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def grown(self, margin: int, within: Size) -> Box:
        """The box with `margin` pixels more on every side, cut at `within`."""
        return Box(
            max(0, self.left - margin),
            max(0, self.top - margin),
            min(within.width, self.right + margin),
            min(within.height, self.bottom + margin),
        )


@dataclass(frozen=True)
class Window:
    """A box of a page, of which every `step`-th pixel across and down is looked at."""

    box: Box
    step: int = 1

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array of shape (H, W, …): of each step the middle."""
        rows, columns = self.box.slices
        return self._thinned(rows), self._thinned(columns)

    def _thinned(self, part: slice) -> slice:
        middle = min(self.step // 2, part.stop - part.start - 1)
        return slice(part.start + middle, part.stop, self.step)
