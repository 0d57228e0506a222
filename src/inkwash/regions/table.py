"""The regions of a sketch and the table about them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inkwash.geometry import Box


@dataclass(frozen=True, kw_only=True)
class Regions:
    """The regions of a sketch at its full resolution.

    `labels` (H, W): 0…count-1 for every pixel, also under the lines; 0 is the largest region.
    `ink` (H, W): where the line is. `areas` (N,): pixels. `boxes` (N, 4): left, top, right, bottom
    in pixels, right and bottom not included. `neighbours` (E, 2): pairs of regions that touch, the
    lower label first; `border` (E,): how long each such border is, in pixel sides; `open_border`
    (E,): how much of it has no ink on it. `line_width`, `gap`: pixels, as measured and used.
    `notes`: sentences for the user about what was found. `under`: which region lies under a mark of
    the artist, kept because every change asks for all of them again.
    """

    labels: NDArray[np.int32]
    ink: NDArray[np.bool_]
    areas: NDArray[np.int64]
    boxes: NDArray[np.int32]
    neighbours: NDArray[np.int32]
    border: NDArray[np.int64]
    open_border: NDArray[np.int64]
    line_width: float
    gap: float
    notes: tuple[str, ...]
    under: dict[Hashable, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many regions there are."""
        return len(self.areas)

    def box(self, label: int) -> Box:
        """The bounding box of one region."""
        left, top, right, bottom = self.boxes[label].tolist()
        return Box(left, top, right, bottom)

    def mask(self, label: int) -> NDArray[np.bool_]:
        """Where the region is inside its own box."""
        return self.labels[self.box(label).slices] == label


def describe(
    labels: NDArray[np.int32],
    ink: NDArray[np.bool_],
    *,
    line_width: float,
    gap: float,
    notes: tuple[str, ...],
) -> Regions:
    """Number the regions by falling area and measure them."""
    labels = largest_first(labels)
    areas, boxes = measure(labels)
    neighbours, border, open_border = find_borders(labels, ink, len(areas))
    return Regions(
        labels=labels,
        ink=ink,
        areas=areas,
        boxes=boxes,
        neighbours=neighbours,
        border=border,
        open_border=open_border,
        line_width=line_width,
        gap=gap,
        notes=notes,
    )


def largest_first(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Renumber to 0…count-1 by falling area; equal areas keep their order."""
    area = np.bincount(labels.ravel())
    order = np.argsort(-area, kind="stable")
    number = np.empty(len(area), np.int32)
    number[order] = np.arange(len(area))
    return number[labels]


def measure(labels: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Areas (N,) and boxes (N, 4), from runs of equal labels along the rows."""
    height, width = labels.shape
    first = np.ones(labels.shape, np.bool_)
    np.not_equal(labels[:, 1:], labels[:, :-1], out=first[:, 1:])
    start = np.flatnonzero(first)
    length = np.diff(start, append=height * width)
    label = labels.ravel()[start]
    row, left = np.divmod(start, width)
    order = np.argsort(label, kind="stable")
    begin = np.flatnonzero(np.diff(label[order], prepend=-1))
    row, left, length = row[order], left[order], length[order]
    boxes = [
        np.minimum.reduceat(left, begin),
        np.minimum.reduceat(row, begin),
        np.maximum.reduceat(left + length, begin),
        np.maximum.reduceat(row, begin) + 1,
    ]
    return np.add.reduceat(length, begin), np.stack(boxes, axis=1).astype(np.int32)


def find_borders(
    labels: NDArray[np.int32], ink: NDArray[np.bool_], count: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Touching pairs (E, 2), the pixel sides they share (E,), and those without ink (E,)."""
    keys, opens = [], []
    for here, there, here_ink, there_ink in (
        (labels[:, 1:], labels[:, :-1], ink[:, 1:], ink[:, :-1]),
        (labels[1:], labels[:-1], ink[1:], ink[:-1]),
    ):
        at = np.nonzero(here != there)
        a, b = here[at].astype(np.int64), there[at]
        keys.append(np.minimum(a, b) * count + np.maximum(a, b))
        opens.append(~(here_ink[at] | there_ink[at]))
    key, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    border = np.bincount(inverse, minlength=len(key))
    open_border = np.bincount(inverse, weights=np.concatenate(opens), minlength=len(key))
    pairs = np.stack(np.divmod(key, count), axis=1).astype(np.int32)
    return pairs, border, open_border.astype(np.int64)
