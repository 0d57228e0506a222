"""Coverage as runs along rows: flat colours cost by their outline, not by their area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.geometry import Box, Size

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Spans:
    """Runs of covered pixels in reading order: rows, lefts (included), rights (not), each (N,)."""

    rows: Ints
    lefts: Ints
    rights: Ints

    @property
    def area(self) -> int:
        return int((self.rights - self.lefts).sum())

    @property
    def box(self) -> Box:
        """The smallest box around them; there must be a run."""
        left, right = int(self.lefts.min()), int(self.rights.max())
        return Box(left, int(self.rows[0]), right, int(self.rows[-1]) + 1)

    def moved(self, right: int, down: int) -> Spans:
        return Spans(rows=self.rows + down, lefts=self.lefts + right, rights=self.rights + right)

    def places(self, width: int) -> Ints:
        """The number of every covered pixel, counted row by row in a picture `width` wide."""
        lengths = self.rights - self.lefts
        before = np.cumsum(lengths) - lengths
        return np.arange(lengths.sum()) + np.repeat(
            self.rows * width + self.lefts - before, lengths
        )

    def coverage(self, size: Size) -> NDArray[np.uint8]:
        """(h, w): 255 where covered, else 0."""
        pixels = np.zeros((size.height, size.width), np.uint8)
        pixels.reshape(-1)[self.places(size.width)] = 255
        return pixels


def spans_by_value(plane: NDArray[np.unsignedinteger], count: int) -> list[Spans]:
    """Where each of the values 0…count-1 lies in `plane` (H, W)."""
    height, width = plane.shape
    begins = np.ones(plane.shape, np.bool_)
    np.not_equal(plane[:, 1:], plane[:, :-1], out=begins[:, 1:])
    starts = np.flatnonzero(begins)
    values = plane.reshape(-1)[starts]
    lengths = np.diff(starts, append=height * width)
    order = np.argsort(values, kind="stable")
    rows, lefts = np.divmod(starts[order], width)
    rights = lefts + lengths[order]
    ends = np.cumsum(np.bincount(values, minlength=count))
    return [
        Spans(rows=rows[start:end], lefts=lefts[start:end], rights=rights[start:end])
        for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True)
    ]
