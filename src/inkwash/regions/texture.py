"""Hatching and other texture: many narrow cells side by side are one region, not hundreds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.regions.basins import largest_by_key
from inkwash.regions.merge import components
from inkwash.regions.table import find_borders

NARROW = 1.2  # line widths: the radius of the largest ball in a cell of hatching
NARROW_INSIDE = 2.2  # the same for a cell that lies inside hatching
FEWEST_CELLS = 8
MOST = 0.5  # of a border: so much of it on one other region makes a cell part of that
ROUNDS = 4

TEXTURE_NOTE = "{count} cells of hatching or texture were joined to the regions they belong to"

Ints = NDArray[np.int64]


def join_texture(
    labels: NDArray[np.int32], radius: NDArray[np.float32], line_width: float
) -> tuple[NDArray[np.int32], int]:
    """Join groups of narrow cells; give the new labels (H, W) and how many cells were joined.

    `labels` (H, W): 0…n-1 for every pixel, `radius` (n,): the largest ball that fits in each.
    """
    count = len(radius)
    narrow = radius <= NARROW * line_width
    if np.count_nonzero(narrow) < FEWEST_CELLS:
        return labels, 0
    pairs, border, _ = find_borders(labels, np.zeros(labels.shape, np.bool_), count)
    group = group_cells(narrow, pairs.astype(np.int64))
    if group.max() < count:
        return labels, 0
    inside = radius <= NARROW_INSIDE * line_width
    for _ in range(ROUNDS):
        near, share = main_neighbour(group, pairs, border)
        joins = inside & (group < count) & (share[group] > MOST) & (near[group] >= count)
        group = np.where(joins, near[group], group)
    joined = int(np.count_nonzero(group >= count))
    near, share = main_neighbour(group, pairs, border)
    joins = (group >= count) & (share[group] > MOST) & (near[group] < count)
    group = np.where(joins, near[group], group)
    return np.unique(group, return_inverse=True)[1].astype(np.int32)[labels], joined


def group_cells(narrow: NDArray[np.bool_], pairs: Ints) -> Ints:
    """The group (n,) of each region: its own number, or one from n up for a texture's cells."""
    group = components(len(narrow), pairs[narrow[pairs].all(axis=1)])
    texture = narrow & (np.bincount(group)[group] >= FEWEST_CELLS)
    return np.where(texture, len(narrow) + group, np.arange(len(narrow)))


def main_neighbour(
    group: Ints, pairs: NDArray[np.int32], border: Ints
) -> tuple[Ints, NDArray[np.float64]]:
    """For each group (2 n,): the one it shares most of its border with, and that share, 0 to 1."""
    size = 2 * len(group)
    both = np.concatenate([group[pairs], group[pairs[:, ::-1]]])
    length, outer = np.concatenate([border, border]), both[:, 0] != both[:, 1]
    key, inverse = np.unique(both[outer] @ np.array([size, 1]), return_inverse=True)
    shared = np.bincount(inverse, weights=length[outer], minlength=len(key))
    own, other = np.divmod(key, size)
    main = largest_by_key(own, shared)
    near, share = np.zeros(size, np.int64), np.zeros(size)
    near[own[main]] = other[main]
    share[own[main]] = shared[main] / np.bincount(own, weights=shared)[own[main]]
    return near, share
