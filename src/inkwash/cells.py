"""How regions lie on the grid of a proposal: which cells each region covers, and how much.

A proposal is small and a page is large; every region, however thin, gets its share of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.regions import Regions

SAMPLES = 1_500_000  # pixels looked at; more says nothing new about a grid of some 30 000 cells
INK_WEIGHT = 1e-3  # ink counts only where a region is all ink

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A sparse table (E entries): region `region[e]` covers cell `cell[e]` by `weight[e]`.

    Entries are sorted by region. `shape` is (h, w) of the grid; every region has an entry. `paper`
    (h, w): the share of each cell without ink, 0…1.
    """

    region: NDArray[np.int64]
    cell: NDArray[np.int64]
    weight: NDArray[np.float64]
    paper: Floats
    shape: tuple[int, int]
    count: int

    def mean(self, values: Floats) -> Floats:
        """Mean over each region of values (…, h, w) → (…, R)."""
        flat = values.reshape(-1, values.shape[-2] * values.shape[-1])
        sums = np.stack([self._sum(row[self.cell] * self.weight) for row in flat])
        return (sums / self.total).reshape(*values.shape[:-2], self.count).astype(np.float32)

    def median(self, values: Pixels) -> Pixels:
        """Weighted median over each region of values 0…255 (…, h, w) → (…, R)."""
        flat = values.reshape(-1, values.shape[-2] * values.shape[-1])
        rows = [self._median(row[self.cell]) for row in flat]
        return np.stack(rows).reshape(*values.shape[:-2], self.count)

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """Weight of each region, (R,)."""
        return self._sum(self.weight)

    @cached_property
    def owner(self) -> NDArray[np.int64]:
        """The region that covers most of each cell, (h, w)."""
        owner = np.zeros(self.shape[0] * self.shape[1], np.int64)
        order = np.argsort(self.weight, kind="stable")  # the heaviest is written last
        owner[self.cell[order]] = self.region[order]
        return owner.reshape(self.shape)

    def _sum(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.bincount(self.region, values, minlength=self.count).astype(np.float64)

    def _median(self, levels: Pixels) -> Pixels:
        """From each region's histogram: far quicker than sorting its values."""
        places = self.region * 256 + levels
        table = np.bincount(places, self.weight, minlength=256 * self.count)
        running = table.reshape(self.count, 256).cumsum(axis=1)
        return (running < self.total[:, None] / 2).sum(axis=1).astype(np.uint8)


def find_cells(regions: Regions, shape: tuple[int, int]) -> Cells:
    """Lay the regions of a sketch on a grid of shape (h, w)."""
    height, width = regions.labels.shape
    step = max(1, int(np.sqrt(height * width / SAMPLES)))
    y, x = np.arange(step // 2, height, step), np.arange(step // 2, width, step)
    labels = regions.labels[np.ix_(y, x)].astype(np.int64)
    weight = np.where(regions.ink[np.ix_(y, x)], INK_WEIGHT, 1.0)
    cell = (y * shape[0] // height)[:, None] * shape[1] + (x * shape[1] // width)
    region, place, summed = _sum_pairs(labels.ravel(), cell.ravel(), weight.ravel(), shape)
    lost = np.setdiff1d(np.arange(regions.count), region)
    if len(lost):
        at = np.array([_cell_of(regions, int(label), shape) for label in lost])
        region, place = np.concatenate([region, lost]), np.concatenate([place, at])
        summed = np.concatenate([summed, np.full(len(lost), INK_WEIGHT)])
        order = np.argsort(region, kind="stable")
        region, place, summed = region[order], place[order], summed[order]
    ink = cv2.resize(regions.ink.view(np.uint8) * 255, shape[::-1], interpolation=cv2.INTER_AREA)
    return Cells(
        region=region,
        cell=place,
        weight=summed,
        paper=1 - ink.astype(np.float32) / np.float32(255),
        shape=shape,
        count=regions.count,
    )


def _sum_pairs(labels, cells, weight, shape):
    """Entries of one region and cell joined, their weights added."""
    area = shape[0] * shape[1]
    keys = labels * area + cells
    starts = np.flatnonzero(np.diff(keys, prepend=-1))  # runs first: sorting is what takes time
    keys, inverse = np.unique(keys[starts], return_inverse=True)
    summed = np.bincount(inverse, np.add.reduceat(weight, starts))
    return keys // area, keys % area, summed.astype(np.float64)


def _cell_of(regions: Regions, label: int, shape: tuple[int, int]) -> int:
    """The cell under a region that was too small to be sampled."""
    height, width = regions.labels.shape
    box = regions.box(label)
    y, x = np.argwhere(regions.mask(label))[0]
    return (box.top + y) * shape[0] // height * shape[1] + (box.left + x) * shape[1] // width
