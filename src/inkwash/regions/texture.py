"""Hatching and crumbs: many narrow cells side by side are one region, not hundreds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkwash.regions.basins import largest_by_key
from inkwash.regions.merge import components
from inkwash.regions.table import find_borders

NARROW = 1.2  # line widths: the radius of the largest ball in a cell of hatching
NARROW_INSIDE = 2.2  # the same for a cell that lies inside hatching
NARROW_IN_CROWD = 4.0  # the same on a page of more than CROWD regions, which nobody colours singly
CROWD = 4000
FEWEST_CELLS = 8
SMALLEST_TEXTURE = (
    8  # line widths, as the side of a square: less paper is a doubled line, not a texture
)
MOST = 0.5  # of a border: so much of it on one other region makes a cell part of that
ROUNDS = 4

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The paper of regions 0…n-1: its `area` (n,) in pixels, `radius` (n,) of its largest ball."""

    area: Ints
    radius: NDArray[np.float32]


def join_cells(
    labels: NDArray[np.int32], cells: Cells, line_width: float, smallest_area: float
) -> tuple[NDArray[np.int32], int]:
    """Join texture, and closed crumbs under `smallest_area` pixels to the region around them.

    `labels` (H, W): 0…n-1 for every pixel. Gives the new labels and how many cells of texture were
    joined.
    """
    crumb = cells.area < smallest_area
    widest = NARROW if np.count_nonzero(~crumb) <= CROWD else NARROW_IN_CROWD
    narrow = cells.radius <= widest * line_width
    if not (narrow | crumb).any():
        return labels, 0
    pairs, border, _ = find_borders(labels, np.zeros(labels.shape, np.bool_), len(narrow))
    least = (SMALLEST_TEXTURE * line_width) ** 2
    group = group_cells(narrow, cells.area, pairs.astype(np.int64), least)
    group = join_inside(group, pairs, border, cells.radius <= NARROW_INSIDE * line_width)
    joined = int(np.count_nonzero(group >= len(narrow)))
    group = join_surrounded(group, pairs, border)
    group = join_crumbs(group, pairs, border, crumb)
    return np.unique(group, return_inverse=True)[1].astype(np.int32)[labels], joined


def group_cells(narrow: NDArray[np.bool_], area: Ints, pairs: Ints, least_area: float) -> Ints:
    """The group (n,) of each region: its own number, or one from n up for a texture's cells."""
    group = components(len(narrow), pairs[narrow[pairs].all(axis=1)])
    texture = narrow & (np.bincount(group)[group] >= FEWEST_CELLS)
    texture &= np.bincount(group, weights=area)[group] >= least_area
    return np.where(texture, len(narrow) + group, np.arange(len(narrow)))


def join_inside(
    group: Ints, pairs: NDArray[np.int32], border: Ints, inside: NDArray[np.bool_]
) -> Ints:
    """Take in the wider cells, where `inside` (n,), whose border lies mostly on one texture."""
    count = len(group)
    for _ in range(ROUNDS):
        near, share = main_neighbour(group, pairs, border)
        joins = inside & (group < count) & (share[group] > MOST) & (near[group] >= count)
        if not joins.any():
            break
        group = np.where(joins, near[group], group)
    return group


def join_surrounded(group: Ints, pairs: NDArray[np.int32], border: Ints) -> Ints:
    """Make a texture part of the region that most of its border lies on."""
    count = len(group)
    near, share = main_neighbour(group, pairs, border)
    joins = (group >= count) & (share[group] > MOST) & (near[group] < count)
    return np.where(joins, near[group], group)


def join_crumbs(
    group: Ints, pairs: NDArray[np.int32], border: Ints, crumb: NDArray[np.bool_]
) -> Ints:
    """Join each crumb to its main neighbour among what is no crumb, from the outside in."""
    crumb = crumb & (group < len(group))
    while crumb.any():
        useful = ~crumb[pairs].all(axis=1)
        near, share = main_neighbour(group, pairs[useful], border[useful])
        joins = crumb & (share[group] > 0)
        if not joins.any():
            break
        group = np.where(joins, near[group], group)
        crumb = crumb & ~joins
    return group


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
